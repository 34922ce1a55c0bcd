"""The language of ed: addresses of lines, and the operands of s."""

from typing import Final

from podlab.mock.programs.editors.edlines import Lines, Trouble

SPACES: Final = b" \t\n\v\f\r"
LETTERS: Final = b"abcdefghijklmnopqrstuvwxyz"
_DIGITS: Final = b"0123456789"


async def read_address(lines: Lines, text: bytes, at: int) -> tuple[int | None, int]:
    """Reads a line's number, which is a sum of numbers, marks and searches.

    Returns:
        The number, None when there is none, and where what follows begins. Raises Trouble.
    """
    total: int | None = None
    sign = 1
    while True:
        number, at = await _term(lines, text, _skip(text, at))
        if number is None:
            return total, at
        total = _int(_int(total or 0) + sign * number)
        at = _skip(text, at)
        mark = text[at : at + 1]
        if mark not in (b"+", b"-"):
            return total, at
        sign = 1 if mark == b"+" else -1
        at += 1


async def _term(lines: Lines, text: bytes, at: int) -> tuple[int | None, int]:
    char = text[at : at + 1]
    if char == b".":
        return lines.current, at + 1
    if char == b"$":
        return lines.last, at + 1
    if char == b"'":
        name = text[at + 1 : at + 2]
        if not name or name not in LETTERS:
            raise Trouble("bad mark name")
        return lines.marks.get(name.decode(), 0), at + 2
    if char == b"/":
        wanted, slash, _ = text[at + 1 :].partition(b"/")
        return await lines.search(wanted, lines.current, lines.last), at + 1 + len(wanted) + len(slash)
    if not char or char not in _DIGITS:
        return None, at
    number = 0
    while (char := text[at : at + 1]) and char in _DIGITS:
        number = _int(number * 10 + int(char))
        at += 1
    return number, at


def parse_substitution(rest: bytes) -> tuple[bytes, bytes, bool, bool]:
    """What stands behind s: the old text, the new one, and whether g and p are given. Raises Trouble."""
    mark = rest[:1]
    if mark in (b"", b" ", b"\t"):
        raise Trouble("bad delimiter for substitute")
    old, found, rest = rest[1:].partition(mark)
    if not found:
        raise Trouble("missing 2nd delimiter for substitute")
    new, _, flags = rest.partition(mark)
    if flags.strip(b"gp"):
        raise Trouble("unknown option for substitute")
    return old, new, b"g" in flags, b"p" in flags


def _skip(text: bytes, at: int) -> int:
    while (char := text[at : at + 1]) and char in SPACES:
        at += 1
    return at


def _int(number: int) -> int:
    """A number as C's int has it."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)
