"""awk's own functions, those that need nothing but their arguments."""

import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from podlab.mock.programs.awk.arrays import Array
from podlab.mock.programs.awk.memory import ELEMENT_BYTES, LIGHT, Memory
from podlab.mock.programs.awk.records import find_in
from podlab.mock.programs.awk.values import MAX_INTEGER, NAN, InputText, integer, long_integer
from podlab.mock.programs.regex import Regex

_UPPER: Final = {code: code - 32 for code in range(97, 123)}
_LOWER: Final = {code: code + 32 for code in range(65, 91)}
_UNSIGNED: Final = (1 << 64) - 1


def toupper(text: str) -> str:
    """ASCII letters in upper case."""
    return text.translate(_UPPER)


def tolower(text: str) -> str:
    """ASCII letters in lower case."""
    return text.translate(_LOWER)


def index(text: str, part: str) -> float:
    """Where a part begins, from 1; 0 when it is not there, or empty."""
    return float(text.find(part) + 1) if part else 0.0


def substr(text: str, start: float, length: float | None = None) -> str:
    """A part of a string, as busybox cuts it: a start before the beginning takes nothing from the length."""
    begin = max(0, min(integer(start - 1.0), len(text)))
    if length is None:
        return text[begin:]
    return text[begin : begin + max(0, integer(length))]


def _bits(value: float) -> int:
    """A number as the processor casts it to an unsigned integer: one below 0 is the negation of its size."""
    return -_unsigned(-value) & _UNSIGNED if value < 0.0 else _unsigned(value)


def _unsigned(value: float) -> int:
    if value < MAX_INTEGER:
        return int(value)
    return long_integer(value - MAX_INTEGER) & _UNSIGNED ^ 1 << 63


def bitwise(operation: Callable[[int, int], int]) -> Callable[[float, float], float]:
    """A function of two numbers as unsigned integers of 64 bits."""
    return lambda left, right: float(operation(_bits(left), _bits(right)) & _UNSIGNED)


def compl(value: float) -> float:
    """All bits turned over."""
    return float(~_bits(value) & _UNSIGNED)


def guarded(function: Callable[[float], float], at_zero: float = NAN) -> Callable[[float], float]:
    """A function of mathematics that gives NaN or infinity where Python raises."""

    def call(value: float) -> float:
        try:
            return function(value)
        except OverflowError:
            return math.inf
        except ValueError:
            return at_zero if value == 0.0 else NAN

    return call


log: Final = guarded(math.log, -math.inf)
sqrt: Final = guarded(math.sqrt)
exp: Final = guarded(math.exp)
sin: Final = guarded(math.sin)
cos: Final = guarded(math.cos)


def fill(array: Array, parts: list[str]) -> float:
    """What split does: the array holds the parts, from 1."""
    array.clear()
    for number, part in enumerate(parts, 1):
        array[str(number)] = InputText(part)
    return float(len(parts))


async def fill_slowly(memory: Memory, array: Array, parts: Iterable[str]) -> float:
    """The same for many parts: others run after so many of them, and they are paid for."""
    array.clear()
    size = 0
    for number, part in enumerate(parts, 1):
        array[str(number)] = InputText(part)
        size += len(part) + ELEMENT_BYTES
        if size > LIGHT:
            size = await memory.work(size)
    return float(len(array))


async def substitute(
    memory: Memory, regex: Regex, replacement: str, text: str, which: int, groups: bool = False
) -> tuple[str, int]:
    """What sub (`which` 1), gsub (0) and gensub do.

    Args:
        memory: Where the new text is accounted; others run after so many matches.
        regex: What is looked for.
        replacement: `&` stands for the match, with `groups` digits after a backslash for groups.
        text: Where.
        which: Which match is replaced, 0 for all.
        groups: Whether it is gensub.

    Returns:
        The new text, and how many matches there were up to there.
    """
    out: list[str] = []
    at = count = size = 0
    data = text.encode("latin-1", "replace")
    while (spans := find_in(regex, data, at)) is not None:
        begin, end = spans[0]
        count += 1
        out.append(text[at:begin])
        if which in (0, count):
            out.append(_expand(replacement, text, regex.with_groups(data, spans) if groups else spans, groups))
        else:
            out.append(text[begin:end])
        size += len(out[-1]) + ELEMENT_BYTES
        if size > LIGHT:
            size = await memory.work(size)
        at = end
        if count == which:
            break
        if begin == end:
            out.append(text[at : at + 1])
            at += 1
            if at > len(text):
                break
    out.append(text[at:])
    memory.make(sum(map(len, out)))
    return "".join(out), count


def _expand(replacement: str, text: str, spans: tuple[tuple[int, int], ...], groups: bool) -> str:
    pieces = parse_replacement(replacement, groups)
    return "".join([piece if isinstance(piece, str) else _group(text, spans, piece) for piece in pieces])


def _group(text: str, spans: tuple[tuple[int, int], ...], number: int) -> str:
    if number >= len(spans) or spans[number][0] < 0:
        return ""
    return text[spans[number][0] : spans[number][1]]


@lru_cache(maxsize=256)
def parse_replacement(text: str, groups: bool) -> tuple[str | int, ...]:
    """Cuts a replacement into text and the numbers of groups: of `&`, or with `groups` of a digit after a backslash."""
    pieces: list[str | int] = []
    literal: list[str] = []
    escaped = False
    for char in text:
        group = -1
        if not escaped:
            if char == "\\":
                escaped = True
                continue
            group = 0 if char == "&" else -1
        elif groups and char.isdigit():
            group = int(char)
        escaped = False
        if group < 0:
            literal.append(char)
            continue
        pieces += ["".join(literal), group]
        literal.clear()
    return (*pieces, "".join(literal) + ("\\" if escaped else ""))
