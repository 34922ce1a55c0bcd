"""The orders that sort knows: what each makes of a key, for Python to compare."""

import re
from collections.abc import Callable
from typing import Any, Final

from podlab.mock.programs.numbers import leading_float

_DIGITS: Final = re.compile(rb"([0-9]+)")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SCALES: Final = "KMGTPEZY"


def _number(key: bytes) -> float:
    """-n: what atof makes of it."""
    return leading_float(key.decode("latin-1"))[0]


def _general(key: bytes) -> tuple[int, float]:
    """-g: what is no number first, then NaN, then numbers."""
    number, length = leading_float(key.decode("latin-1"))
    if not length:
        return (0, 0.0)
    return (1, 0.0) if number != number else (2, number)


def _human(key: bytes) -> tuple[int, int, float]:
    """-h: as -g, but by the suffix of scale before the number, so that -1M comes after 2K."""
    text = key.decode("latin-1")
    number, length = leading_float(text)
    if not length or number != number:
        return (int(length > 0), 0, 0.0)
    suffix = text[length : length + 1].replace("k", "K")
    return (2, _SCALES.find(suffix) + 1 if suffix else 0, number)


def _month(key: bytes) -> int:
    """-M: months in their order, after all that is none."""
    text = key.decode("latin-1").lstrip(" \t\n\v\f\r").lower()
    return next((number for number, name in enumerate(_MONTHS, 1) if text.startswith(name)), 0)


class Version:
    """-V: digits as numbers, the rest as text (strverscmp)."""

    __slots__ = ("_text",)

    def __init__(self, text: bytes) -> None:
        self._text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._text == other._text

    def __lt__(self, other: "Version") -> bool:
        return compare_versions(self._text, other._text) < 0

    def __hash__(self) -> int:
        return hash(self._text)


def compare_versions(left: bytes, right: bytes) -> int:
    """strverscmp(3): negative, 0 or positive."""
    at = 0
    while at < len(left) and at < len(right) and left[at] == right[at]:
        at += 1
    if at == len(left) == len(right):
        return 0
    start = at
    while start > 0 and left[start - 1 : start].isdigit():
        start -= 1
    a = _leading_digits(left, start)
    b = _leading_digits(right, start)
    plain = left[at : at + 1] + b"\0" < right[at : at + 1] + b"\0"
    if a == b"" or b == b"" or (len(a) <= at - start and len(b) <= at - start):
        return -1 if plain else 1
    if a.startswith(b"0") or b.startswith(b"0"):
        return _compare_fractions(a, b, at - start)
    if len(a) != len(b):
        return -1 if len(a) < len(b) else 1
    return -1 if a < b else 1


def _leading_digits(text: bytes, start: int) -> bytes:
    match = _DIGITS.match(text, start)
    return match[0] if match else b""


def _compare_fractions(a: bytes, b: bytes, common: int) -> int:
    """Digits of which one begins with zeros count as what follows a decimal point: more zeros come first."""
    zeros_a, zeros_b = len(a) - len(a.lstrip(b"0")), len(b) - len(b.lstrip(b"0"))
    if zeros_a != zeros_b:
        only_zeros_a, only_zeros_b = zeros_a == len(a), zeros_b == len(b)
        if common == 0 or not (only_zeros_a or only_zeros_b):
            return -1 if zeros_a > zeros_b else 1
    return -1 if a < b else 1


ORDERS: Final[dict[str, Callable[[bytes], Any]]] = {"n": _number, "g": _general, "h": _human, "M": _month, "V": Version}
