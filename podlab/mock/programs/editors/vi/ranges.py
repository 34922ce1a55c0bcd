"""What c, d, y, < and > work on: from here to where a motion leads."""

from typing import Final

from podlab.mock.programs.editors.vi.editor import MULTI, PARTIAL, WHOLE, Editor
from podlab.mock.programs.editors.vi.text import NEWLINE
from podlab.mock.programs.editors.vi.words import is_mark, is_space
from podlab.mock.programs.keyboard import ESCAPE

_KINDS: Final = {
    **dict.fromkeys("^%$0bBeEfFtTh|{}\b\x7f l", PARTIAL),
    **dict.fromkeys("nN/?wW", MULTI),
    **dict.fromkeys("GHL+-gjk'\r\n", WHOLE),
}
"""What each motion goes over."""
WITHOUT_LAST: Final = "^0bBFThnN/?|\b\x7f"


async def find_range(ed: Editor, command: str) -> tuple[int, int, int] | None:
    """Reads a motion and does it.

    Returns:
        The first character, the last one, and whether they are lines (PARTIAL, WHOLE, MULTI); None when there is none.
    """
    start = ed.dot
    motion = "y" if command == "Y" else await _motion(ed)
    if (command == "Y" or command == motion) and motion in "cdy><":
        kind = await _lines_here(ed)
    elif motion in _KINDS:
        kind = await _go(ed, command, motion, start)
    else:
        kind = None
    if kind is None:
        if motion != ESCAPE:
            await ed.beep()
        return None
    return _ordered(ed, start, motion, kind)


async def _lines_here(ed: Editor) -> int | None:
    """So many lines as the count says."""
    ed.count -= 1
    if ed.count > 0:
        await ed.do("j")
        if ed.error:
            return None
    return WHOLE


async def _go(ed: Editor, command: str, motion: str, start: int) -> int | None:
    """Does the motion."""
    kind = _KINDS[motion]
    count = ed.count or 1
    await ed.do(motion)
    if motion in ("w", "W"):
        _end_word(ed, command, motion, start)
    elif motion in (" ", "l"):
        if count == ed.dot - start:
            ed.dot -= 1
    elif ed.error if kind == WHOLE else ed.dot == start:
        return None
    return kind


async def _motion(ed: Editor) -> str:
    """The key of the motion; a count before it multiplies that of the command."""
    key = await ed.key()
    if key == "0":
        ed.count = 0
    elif len(key) == 1 and key in "123456789":
        count = 0
        while len(key) == 1 and key in "0123456789":
            count = min(count * 10 + int(key), (1 << 31) - 1)
            key = await ed.key()
        ed.count = min((ed.count or 1) * count, (1 << 31) - 1)
    return key


def _end_word(ed: Editor, command: str, motion: str, start: int) -> None:
    """The words end before the one that the motion came to, and mostly before the white space there."""
    text = ed.text
    if ed.dot > start and (not text.at_end_of_file(ed.dot) or (motion == "w" and is_mark(text.at(ed.dot)))):
        ed.dot -= 1
    end = ed.dot
    while ed.dot > start and is_space(text.at(ed.dot)):
        newline = text.at(ed.dot) == NEWLINE
        ed.dot -= 1
        if newline:
            end = ed.dot
    if command != "c" and ed.dot != end and text.at(ed.dot) != NEWLINE:
        ed.dot = end


def _ordered(ed: Editor, start: int, motion: str, kind: int) -> tuple[int, int, int]:
    text = ed.text
    first, last = min(start, ed.dot), max(start, ed.dot)
    if last > first:
        if motion in WITHOUT_LAST:
            last -= 1
        elif motion in "{}":
            whole = first == text.begin_line(first) and (text.at(last) == NEWLINE or text.at_end_of_file(last))
            kind = WHOLE if whole else MULTI
            if not text.at_end_of_file(last):
                last -= 1
                if last > first and first != text.begin_line(first):
                    last -= 1
    return first, last, kind
