"""The commands that delete, yank and put."""

from podlab.mock.programs.editors.vi.editor import INSERT, PARTIAL, WHOLE, Editor
from podlab.mock.programs.editors.vi.inserting import insert_key
from podlab.mock.programs.editors.vi.modes import insert_mode
from podlab.mock.programs.editors.vi.ranges import find_range
from podlab.mock.programs.editors.vi.text import NEWLINE
from podlab.mock.programs.editors.vi.undo import Way


async def delete_char(ed: Editor, key: str) -> None:
    """x, X and s."""
    way = Way.ALONE
    while True:
        if ed.text.at(ed.dot - (key == "X")) == NEWLINE or not ed.text.end:
            break
        if key == "X":
            ed.dot -= 1
        ed.dot = ed.yank_delete(ed.dot, ed.dot, PARTIAL, way)
        way = Way.CHAINED
        ed.count -= 1
        if ed.count <= 0:
            break
        await ed.spend()
    ed.stop_recording()
    if key == "s":
        insert_mode(ed)


async def delete_key(ed: Editor, _key: str) -> None:
    """Delete."""
    if ed.dot < ed.text.end - 1:
        ed.dot = ed.yank_delete(ed.dot, ed.dot, PARTIAL, Way.ALONE)


async def to_line_end(ed: Editor, key: str) -> None:
    """C and D."""
    start = ed.dot
    ed.dot = ed.yank_delete(start, ed.text.dollar_line(start), PARTIAL, Way.ALONE)
    if key == "C":
        insert_mode(ed)
    else:
        ed.stop_recording()


async def change(ed: Editor, key: str) -> None:
    """c, d, y and Y: what a motion goes over."""
    register = ed.register
    before = ed.registers.get(register)
    found = await find_range(ed, key)
    if found is None:
        ed.stop_recording()
        return
    start, stop, kind = found
    come_from = start
    if kind == WHOLE:
        start = ed.text.begin_line(start)
        if key == "c":
            ed.new_indent = ed.text.column(start + ed.text.indent_length(start))
        stop = ed.text.end_line(stop)
    ed.dot = ed.yank_delete(start, stop, kind, None if key in "yY" else Way.ALONE)
    if kind == WHOLE:
        if key == "c":
            ed.mode = INSERT
            ed.dot = await insert_key(ed, ed.dot, "\n", Way.CHAINED)
            if ed.dot != ed.text.end - 1 and "autoindent" not in ed.options:
                ed.to_previous()
        elif key == "d":
            ed.to_begin()
            ed.skip_blanks()
        else:
            ed.dot = come_from
    if key == "c":
        insert_mode(ed)
        return
    after = ed.registers.get(ed.register)
    if after is not None and after is not before:
        ed.tell_yank("Delete" if key == "d" else "Yank", after[0], 1)
    ed.stop_recording()


async def name_register(ed: Editor, _key: str) -> None:
    """A quotation mark, and the letter of a register."""
    letter = (await ed.key()).lower()
    if len(letter) == 1 and "a" <= letter <= "z":
        ed.register = letter
    else:
        await ed.beep()


async def put(ed: Editor, key: str) -> None:
    """p and P."""
    held = ed.registers.get(ed.register)
    if held is None:
        ed.screen.complain(f"Nothing in register {ed.register}")
        return
    data, kind = held
    text = ed.text
    times = ed.count or 1
    further = 0
    if kind == WHOLE:
        if key == "P":
            ed.to_begin()
        elif text.end_line(ed.dot) == text.end - 1:
            ed.dot = text.end
        else:
            ed.to_next()
    else:
        if key == "p":
            ed.right()
        if b"\n" not in data:
            further = times * len(data) - 1
    way = Way.ALONE
    for _ in range(times):
        ed.insert(ed.dot, data, way)
        way = Way.CHAINED
        await ed.spend(len(data))
    ed.dot += further
    ed.skip_blanks()
    ed.tell_yank("Put", data, times)
    ed.stop_recording()
