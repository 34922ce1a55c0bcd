"""The commands that change text in its place, and undo what was changed."""

from podlab.mock.programs.editors.vi.editor import LINE_REGISTER, Editor
from podlab.mock.programs.editors.vi.inserting import insert_key
from podlab.mock.programs.editors.vi.ranges import find_range
from podlab.mock.programs.editors.vi.text import TAB
from podlab.mock.programs.editors.vi.undo import Way
from podlab.mock.programs.keyboard import ESCAPE


async def shift(ed: Editor, key: str) -> None:
    """< and >."""
    text = ed.text
    number = text.count_lines(0, ed.dot)
    found = await find_range(ed, key)
    if found is None:
        ed.stop_recording()
        return
    start, stop, _ = found
    way = Way.ALONE
    lines = text.count_lines(start, stop)
    place = text.begin_line(start)
    for _ in range(lines):
        if key == "<":
            if text.at(place) == TAB:
                ed.delete_hole(place, place, way)
            for _ in range(text.tabstop if text.at(place) == 32 and text.at(place) != TAB else 0):
                if text.at(place) != 32:
                    break
                ed.delete_hole(place, place, way)
                way = Way.CHAINED
        elif place != text.end_line(place):
            await insert_key(ed, place, "\t", way)
        way = Way.CHAINED
        place = text.next_line(place)
        await ed.spend()
    ed.dot = text.find_line(number)
    ed.skip_blanks()
    ed.stop_recording()


async def join(ed: Editor, _key: str) -> None:
    """J."""
    text = ed.text
    while True:
        ed.to_end()
        if ed.dot >= text.end - 1:
            break
        ed.undo.deleted(ed.dot, 1, Way.ALONE)
        text.data[ed.dot] = 32
        ed.undo.inserted(ed.dot, 1, Way.CHAINED)
        ed.dot += 1
        while text.at(ed.dot) in (32, TAB):
            ed.delete_hole(ed.dot, ed.dot, Way.CHAINED)
            await ed.spend()
        ed.count -= 1
        if ed.count <= 0:
            break
        await ed.spend()
    ed.stop_recording()


async def replace_char(ed: Editor, _key: str) -> None:
    """r."""
    key = await ed.key()
    if key == ESCAPE or len(key) > 1:
        ed.stop_recording()
        return
    if ed.text.end_line(ed.dot) - ed.dot < (ed.count or 1):
        await ed.beep()
        ed.stop_recording()
        return
    way = Way.ALONE
    while True:
        ed.dot = ed.delete_hole(ed.dot, ed.dot, way)
        way = Way.CHAINED
        ed.dot = await insert_key(ed, ed.dot, key, way)
        ed.count -= 1
        if ed.count <= 0:
            break
        await ed.spend()
    ed.left()
    ed.stop_recording()


async def flip_case(ed: Editor, _key: str) -> None:
    """~."""
    text = ed.text
    way = Way.ALONE
    while True:
        before = ed.dot
        char = bytes(text.data[ed.dot : ed.dot + 1])
        if char.isalpha():
            ed.undo.deleted(ed.dot, 1, way)
            text.data[ed.dot : ed.dot + 1] = char.swapcase()
            ed.undo.inserted(ed.dot, 1, Way.CHAINED)
            way = Way.CHAINED
        ed.right()
        ed.count -= 1
        if ed.count <= 0 or (ed.dot == before and not char.isalpha()):
            break
        await ed.spend()
    ed.stop_recording()


async def undo(ed: Editor, _key: str) -> None:
    """u."""
    ed.undo.pop()


async def undo_line(ed: Editor, _key: str) -> None:
    """U: puts the line back as it was when one came to it."""
    held = ed.registers.get(LINE_REGISTER)
    if held is None:
        return
    start = ed.text.begin_line(ed.dot)
    start = ed.delete_hole(start, ed.text.end_line(start), Way.ALONE)
    ed.insert(start, held[0], Way.CHAINED)
    ed.dot = start
    ed.skip_blanks()
    ed.tell_yank("Undo", held[0], 1)


async def repeat(ed: Editor, _key: str) -> None:
    """A dot: the last change again."""
    ed.repeat()
