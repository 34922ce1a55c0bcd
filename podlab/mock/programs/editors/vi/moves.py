"""The commands that go about in the text."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from podlab.mock.programs.editors.vi import words
from podlab.mock.programs.editors.vi.brackets import BRACKETS, find_pair
from podlab.mock.programs.editors.vi.editor import Editor
from podlab.mock.programs.editors.vi.searches import find_char, find_char_again, mark, search, search_again, to_mark
from podlab.mock.programs.editors.vi.text import BLOCK, NEWLINE

Command = Callable[[Editor, str], Awaitable[None]]

_BRACKET: Final = re.compile(b"[" + re.escape(BRACKETS) + b"]")
LINE_COST_NS: Final = 1_000
CHAR_COST_NS: Final = 100
LINE_END: Final = -1
"""The column of the ends of lines, which $ makes moves up and down keep to."""


async def _repeated(ed: Editor, step: Callable[[], None]) -> None:
    """Does a step as often as the count says, or until it leads nowhere."""
    while True:
        before = ed.dot
        step()
        ed.count -= 1
        if ed.count <= 0 or ed.dot == before:
            return
        await ed.spend()


async def left(ed: Editor, _key: str) -> None:
    """h."""
    await _repeated(ed, ed.left)


async def right(ed: Editor, _key: str) -> None:
    """l."""
    await _repeated(ed, ed.right)


def _to_column(ed: Editor) -> None:
    index = ed.screen.index
    ed.dot = ed.text.end_line(ed.dot) if index == LINE_END else ed.text.move_to_column(ed.dot, index)
    ed.screen.keep_index = True


async def down(ed: Editor, key: str) -> None:
    """j, Return and +."""
    text, place = ed.text, ed.dot
    while True:
        following = text.next_line(place)
        if following == text.end_line(place):
            await ed.beep()
            return
        place = following
        ed.count -= 1
        if ed.count <= 0:
            break
        await ed.proc.cpu(LINE_COST_NS)
    ed.dot = place
    if key in ("\r", "+"):
        ed.skip_blanks()
    else:
        _to_column(ed)


async def up(ed: Editor, key: str) -> None:
    """k and -."""
    text, place = ed.text, ed.dot
    while True:
        previous = text.prev_line(place)
        if previous == text.begin_line(place):
            await ed.beep()
            return
        place = previous
        ed.count -= 1
        if ed.count <= 0:
            break
        await ed.proc.cpu(LINE_COST_NS)
    ed.dot = place
    if key == "-":
        ed.skip_blanks()
    else:
        _to_column(ed)


async def line_end(ed: Editor, _key: str) -> None:
    """$."""
    while True:
        before = ed.dot
        ed.dot = ed.text.end_line(ed.dot)
        ed.count -= 1
        if ed.count <= 0:
            break
        ed.to_next()
        if ed.dot == before:
            break
    ed.screen.index = LINE_END
    ed.screen.keep_index = True


async def line_begin(ed: Editor, _key: str) -> None:
    """Home."""
    ed.to_begin()


async def first_letter(ed: Editor, _key: str) -> None:
    """^."""
    ed.to_begin()
    ed.skip_blanks()


async def digit(ed: Editor, key: str) -> None:
    """A count; 0 alone goes to the begin of the line."""
    if key == "0" and ed.count < 1:
        ed.to_begin()
    else:
        ed.count = min(ed.count * 10 + int(key), (1 << 31) - 1)


async def column(ed: Editor, _key: str) -> None:
    """|."""
    ed.dot = ed.text.move_to_column(ed.dot, ed.count - 1)


async def page(ed: Editor, key: str) -> None:
    """^B, ^F, ^U, ^D, ^Y and ^E."""
    rows = ed.screen.rows - 2
    lines = {"\x02": rows, "page up": rows, "\x06": rows, "page down": rows, "\x15": rows // 2, "\x04": rows // 2}.get(key, 1)
    ed.scroll(lines, key in ("\x06", "page down", "\x04", "\x05"))


async def place_line(ed: Editor, _key: str) -> None:
    """z: scrolls so that the line stands at the top, at the bottom (-) or in the middle (.)."""
    where = await ed.key()
    rows = ed.screen.rows - 2
    ed.screen.begin = ed.text.begin_line(ed.dot)
    ed.scroll({".": rows // 2, "-": rows}.get(where, 0), forward=False)


async def screen_top(ed: Editor, _key: str) -> None:
    """H."""
    ed.dot = ed.screen.begin
    for _ in range(1, min(ed.count, ed.screen.rows - 1)):
        ed.to_next()
    ed.to_begin()
    ed.skip_blanks()


async def screen_bottom(ed: Editor, _key: str) -> None:
    """L."""
    ed.dot = ed.screen.last_place()
    for _ in range(1, min(ed.count, ed.screen.rows - 1)):
        ed.to_previous()
    ed.to_begin()
    ed.skip_blanks()


async def screen_middle(ed: Editor, _key: str) -> None:
    """M."""
    ed.dot = ed.screen.begin
    for _ in range((ed.screen.rows - 1) // 2):
        ed.dot = ed.text.next_line(ed.dot)
    ed.skip_blanks()


async def to_line(ed: Editor, _key: str) -> None:
    """G."""
    ed.dot = ed.text.find_line(ed.count) if ed.count > 0 else ed.text.end - 1
    ed.to_begin()
    ed.skip_blanks()


async def to_first_line(ed: Editor, key: str) -> None:
    """gg."""
    second = await ed.key()
    if second != "g":
        ed.screen.complain(f"'g{second if len(second) == 1 else '*'}' is not implemented")
        ed.error = True
        return
    ed.count = ed.count or 1
    await to_line(ed, key)


# --- words, paragraphs, brackets ---


async def word(ed: Editor, key: str) -> None:
    """w, e, b, W, E and B."""
    while True:
        before = ed.dot
        if key == "w":
            ed.dot = await words.next_word(ed, ed.dot)
        elif key in "eb":
            ed.dot = await words.word_edge(ed, ed.dot, 1 if key == "e" else -1)
        else:
            ed.dot = await words.big_word(ed, ed.dot, key)
        ed.count -= 1
        if ed.count <= 0 or ed.dot == before:
            return
        await ed.spend()


async def paragraph(ed: Editor, key: str) -> None:
    """{ and }."""
    text, step = ed.text, 1 if key == "}" else -1
    while True:
        skipping = True
        while ed.dot < text.end - 1 if step > 0 else ed.dot > 0:
            if text.at(ed.dot) == NEWLINE and text.at(ed.dot + step) == NEWLINE:
                if not skipping:
                    if step > 0:
                        ed.dot += 1
                    break
            else:
                skipping = False
            ed.dot += step
            if ed.dot % BLOCK == 0:
                await ed.proc.cpu(BLOCK * CHAR_COST_NS)
        else:
            ed.stop_recording()
            return
        ed.count -= 1
        if ed.count <= 0:
            return
        await ed.spend()


async def bracket(ed: Editor, _key: str) -> None:
    """%."""
    text = ed.text
    stop = text.data.find(b"\n", ed.dot)
    found = _BRACKET.search(text.data, ed.dot, stop if stop >= 0 else text.end)
    pair = await find_pair(ed, found.start()) if found else None
    if pair is not None:
        ed.dot = pair
    elif found or stop >= 0:
        await ed.beep()


_TABLE: Final[dict[Command, tuple[str, ...]]] = {
    left: ("h", "left", "\b", "\x7f"),
    right: ("l", "right", " "),
    down: ("j", "\n", "down", "\r", "+"),
    up: ("k", "up", "-"),
    line_end: ("$", "end"),
    line_begin: ("home",),
    first_letter: ("^",),
    digit: tuple("0123456789"),
    column: ("|",),
    page: ("\x02", "\x04", "\x05", "\x06", "\x15", "\x19", "page up", "page down"),
    place_line: ("z",),
    screen_top: ("H",),
    screen_bottom: ("L",),
    screen_middle: ("M",),
    to_line: ("G",),
    to_first_line: ("g",),
    word: tuple("webWEB"),
    paragraph: ("{", "}"),
    bracket: ("%",),
    find_char: tuple("fFtT"),
    find_char_again: (";", ","),
    search: ("/", "?"),
    search_again: ("n", "N"),
    mark: ("m",),
    to_mark: ("'",),
}
MOVES: Final[dict[str, Command]] = {key: command for command, keys in _TABLE.items() for key in keys}
