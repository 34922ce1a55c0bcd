"""Numbers, strings and bytes as they stand in the text of an expression."""

import re
from typing import Final

from podlab.mock.api.cel.problems import CompileError
from podlab.mock.api.cel.values import INT_LIMIT, UINT_LIMIT, UInt

_ESCAPE: Final = re.compile(r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL)
_PLAIN: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_QUOTES: Final = "\\?\"'`"


def read_number(source: str, place: int, text: str) -> int | float | UInt:
    """``12``, ``0x1f``, ``5u``, ``1.5e3``."""
    digits = text.lower()
    if "x" not in digits and any(letter in digits for letter in ".e"):
        if digits.endswith("u"):
            raise CompileError(source, [(place, "invalid double literal")])
        return float(text)
    unsigned = digits.endswith("u")
    value = int(digits.removesuffix("u"), 16 if "x" in digits else 10)
    if unsigned:
        if not 0 <= value < UINT_LIMIT:
            raise CompileError(source, [(place, "invalid uint literal")])
        return UInt(value)
    if not -INT_LIMIT <= value < INT_LIMIT:
        raise CompileError(source, [(place, "invalid int literal")])
    return value


def read_string(source: str, place: int, text: str, raw: bool) -> str:
    """A quoted string, with its escapes read (unless it is ``raw``)."""
    inner = _inner(text)
    return inner if raw else _ESCAPE.sub(lambda match: _character(source, place, match), inner)


def read_bytes(source: str, place: int, text: str, raw: bool) -> bytes:
    """Quoted bytes: of an escape by number, the byte; of a letter, its UTF-8."""
    inner = _inner(text)
    if raw:
        return inner.encode()
    found, at = bytearray(), 0
    for match in _ESCAPE.finditer(inner):
        found += inner[at : match.start()].encode()
        letter = _character(source, place, match)
        found += bytes([ord(letter)]) if match[1] or match[4] else letter.encode()
        at = match.end()
    return bytes(found + inner[at:].encode())


def _inner(text: str) -> str:
    quoted = text.lstrip("rRbB")
    width = 3 if quoted[:3] in ('"""', "'''") else 1
    return quoted[width:-width]


def _character(source: str, place: int, match: re.Match[str]) -> str:
    number = match[1] or match[2] or match[3]
    if number:
        return chr(int(number, 16))
    if match[4]:
        return chr(int(match[4], 8))
    letter: str = match[5]
    if letter in _PLAIN:
        return _PLAIN[letter]
    if letter in _QUOTES:
        return letter
    raise CompileError(source, [(place, f"invalid escape sequence: \\{letter}")])
