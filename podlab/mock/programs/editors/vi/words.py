"""Words: how w, b, e and their kin get over them."""

from collections.abc import Callable
from typing import Final

from podlab.mock.programs.editors.vi.editor import Editor
from podlab.mock.programs.editors.vi.text import BLOCK, NEWLINE

_SPACE: Final = frozenset(b" \t\n\v\f\r")
_LETTER: Final = frozenset(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_MARK: Final = frozenset(byte for byte in range(33, 127) if not chr(byte).isalnum())

CHAR_COST_NS: Final = 200

Test = Callable[[int, int], tuple[bool, int]]


def is_space(byte: int) -> bool:
    """White space, newlines too."""
    return byte in _SPACE


def is_letter(byte: int) -> bool:
    """What words are made of."""
    return byte in _LETTER


def is_mark(byte: int) -> bool:
    """Punctuation."""
    return byte in _MARK


def before_space(here: int, there: int) -> tuple[bool, int]:
    """Goes on while no white space follows."""
    return there not in _SPACE or there == NEWLINE, there


def to_space(here: int, there: int) -> tuple[bool, int]:
    """Goes on to white space."""
    return here not in _SPACE or here == NEWLINE, here


def over_space(here: int, there: int) -> tuple[bool, int]:
    """Goes over white space."""
    return here in _SPACE, here


def over_marks(here: int, there: int) -> tuple[bool, int]:
    """Goes on while punctuation follows."""
    return there in _MARK, there


def over_letters(here: int, there: int) -> tuple[bool, int]:
    """Goes on while a letter follows."""
    return there in _LETTER, there


async def skip(ed: Editor, place: int, lines: int, step: int, test: Test) -> int:
    """Goes on as long as a test says so, past so many newlines less one, and to the text's edges."""
    text = ed.text
    while True:
        goes_on, byte = test(text.at(place), text.at(place + step))
        if not goes_on:
            return place
        if byte == NEWLINE:
            lines -= 1
            if lines < 1:
                return place
        if (step > 0 and place >= text.end - 1) or (step < 0 and place <= 0):
            return place
        place += step
        if place % BLOCK == 0:
            await ed.proc.cpu(BLOCK * CHAR_COST_NS)


async def next_word(ed: Editor, place: int) -> int:
    """w."""
    text = ed.text
    byte = text.at(place)
    if is_letter(byte):
        place = await skip(ed, place, 1, 1, over_letters)
    elif is_mark(byte):
        place = await skip(ed, place, 1, 1, over_marks)
    if place < text.end - 1:
        place += 1
    if is_space(text.at(place)):
        place = await skip(ed, place, 2, 1, over_space)
    return place


async def word_edge(ed: Editor, place: int, step: int) -> int:
    """e, and backwards b."""
    text = ed.text
    if place + step < 0 or place + step > text.end - 1:
        return place
    place += step
    if is_space(text.at(place)):
        place = await skip(ed, place, 2 if step > 0 else 1, step, over_space)
    byte = text.at(place)
    if is_letter(byte):
        place = await skip(ed, place, 1, step, over_letters)
    elif is_mark(byte):
        place = await skip(ed, place, 1, step, over_marks)
    return place


async def big_word(ed: Editor, place: int, key: str) -> int:
    """W, E and B."""
    text = ed.text
    step = -1 if key == "B" else 1
    if key == "W" or is_space(text.at(place + step)):
        place = await skip(ed, place, 1, step, to_space)
        place = await skip(ed, place, 2, step, over_space)
    if key != "W":
        place = await skip(ed, place, 1, step, before_space)
    return place
