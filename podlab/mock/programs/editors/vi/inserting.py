"""What a key that is typed in insert mode does to the text."""

from podlab.mock.programs.editors.vi.brackets import find_pair
from podlab.mock.programs.editors.vi.editor import COMMAND, REPLACE, Editor
from podlab.mock.programs.editors.vi.text import NEWLINE
from podlab.mock.programs.editors.vi.undo import Way
from podlab.mock.programs.keyboard import ESCAPE

LITERAL = "\x16"
LESS_INDENT = "\x04"
MATCH_SECONDS = 0.4


async def insert_key(ed: Editor, place: int, key: str, way: Way) -> int:
    """Types a key at a place. Returns the place behind it."""
    if key == "\n" or key == "\r":
        return await _newline(ed, place, way)
    if key == LITERAL:
        place = await _literal(ed, place, way)
    elif key == ESCAPE:
        place = _escape(ed, place, way)
    elif key == LESS_INDENT:
        place, done = _less_indent(ed, place)
        if done:
            return place
    elif key == "\t" and "expandtab" in ed.options:
        for _ in range(ed.text.tabstop - ed.text.column(place) % ed.text.tabstop):
            ed.insert(place, b" ", way)
            place += 1
    elif ed.is_backspace(key):
        place = _backspace(ed, place)
    else:
        ed.insert(place, key.encode("latin-1"), way)
        place += 1
        if "showmatch" in ed.options and key in ")]}":
            await _show_match(ed, place - 1)
    ed.indent_column = 0
    return place


async def _literal(ed: Editor, place: int, way: Way) -> int:
    ed.text.data[place:place] = b"^"
    ed.screen.refresh()
    key = await ed.key()
    ed.text.data[place : place + 1] = key.encode("latin-1") if len(key) == 1 else b"\xff"
    ed.undo.inserted(place, 1, way)
    return place + 1


def _escape(ed: Editor, place: int, way: Way) -> int:
    ed.mode = COMMAND
    ed.undo.commit()
    ed.count = 0
    ed.stop_recording()
    ed.screen.force_status()
    start = ed.text.begin_line(place)
    if ed.dot > 0 and ed.text.at(place - 1) != NEWLINE:
        place -= 1
    if "autoindent" in ed.options:
        length = ed.text.indent_length(start)
        column = ed.text.column(start + length)
        if length and column == ed.indent_column and ed.text.at(start + length) == NEWLINE:
            ed.delete_hole(start, start + length - 1, way)
            place = start
    return place


def _less_indent(ed: Editor, place: int) -> tuple[int, bool]:
    text = ed.text
    start = text.begin_line(place)
    last = start + text.indent_length(start)
    column = text.column(last)
    wanted = column - (column % text.tabstop or text.tabstop)
    while last > start and text.column(last) > wanted:
        if place > start:
            place -= 1
        last = ed.delete_hole(last - 1, last - 1, Way.QUEUED)
    if "autoindent" in ed.options and ed.indent_column and last == text.end_line(place):
        ed.indent_column = text.column(place)
        return place, True
    return place, False


def _backspace(ed: Editor, place: int) -> int:
    if ed.mode == REPLACE:
        if place > ed.replace_start:
            place -= 1
            ed.undo.pop()
    elif place > 0:
        place = ed.delete_hole(place - 1, place - 1, Way.QUEUED)
    return place


async def _newline(ed: Editor, place: int, way: Way) -> int:
    ed.undo.commit()
    ed.insert(place, b"\n", way)
    place += 1
    if "autoindent" not in ed.options:
        ed.indent_column = 0
        return place
    text = ed.text
    if ed.new_indent < 0:
        start = text.prev_line(place)
        length = text.indent_length(start)
        column = text.column(start + length)
        if length and column == ed.indent_column:
            text.data[start : start + length + 1] = b"\n" + text.data[start : start + length]
            return place
    else:
        if place != text.end - 1:
            place -= 1
        column = ed.new_indent
    if column:
        ed.indent_column = column if ed.mode != COMMAND else 0
        tabs, blanks = (0, column) if "expandtab" in ed.options else divmod(column, text.tabstop)
        ed.insert(place, b"\t" * tabs + b" " * blanks, way)
        return place + tabs + blanks
    ed.indent_column = 0
    return place


async def _show_match(ed: Editor, place: int) -> None:
    pair = await find_pair(ed, place)
    if pair is None:
        await ed.beep()
        return
    dot, ed.dot = ed.dot, pair
    ed.screen.refresh()
    await ed.sleep(MATCH_SECONDS)
    ed.dot = dot
    ed.screen.refresh()
