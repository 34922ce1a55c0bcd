"""The tree of a regular expression. A set of bytes is an integer with a bit for each byte value."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

ALL_BYTES: Final = (1 << 256) - 1


def byte_set(data: bytes) -> int:
    """The set of the bytes in `data`."""
    mask = 0
    for byte in data:
        mask |= 1 << byte
    return mask


def byte_range(low: int, high: int) -> int:
    """The set of bytes from `low` to `high`."""
    return (1 << (high + 1)) - (1 << low)


DIGITS: Final = byte_range(48, 57)
UPPER: Final = byte_range(65, 90)
LOWER: Final = byte_range(97, 122)
ALPHA: Final = UPPER | LOWER
WORD: Final = ALPHA | DIGITS | 1 << 95
SPACE: Final = byte_set(b" \t\n\v\f\r")

CLASSES: Final = {
    b"alnum": ALPHA | DIGITS,
    b"alpha": ALPHA,
    b"blank": byte_set(b" \t"),
    b"cntrl": byte_range(0, 31) | 1 << 127,
    b"digit": DIGITS,
    b"graph": byte_range(33, 126),
    b"lower": LOWER,
    b"print": byte_range(32, 126),
    b"punct": byte_range(33, 126) & ~(ALPHA | DIGITS),
    b"space": SPACE,
    b"upper": UPPER,
    b"xdigit": DIGITS | byte_range(65, 70) | byte_range(97, 102),
}


def without_case(mask: int) -> int:
    """The set with both cases of each letter in it."""
    return mask | (mask & UPPER) << 32 | (mask & LOWER) >> 32


class At(Enum):
    """Conditions on a place, which match no character."""

    BEGIN = "begin"
    END = "end"
    WORD_BEGIN = "word begin"
    WORD_END = "word end"
    WORD_EDGE = "word edge"
    NOT_WORD_EDGE = "not a word edge"


@dataclass(frozen=True, slots=True)
class Bytes:
    """One byte of a set."""

    mask: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; empty matches the empty string."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of these."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Group:
    """A subexpression; `number` counts from 1."""

    number: int
    item: "Node"


@dataclass(frozen=True, slots=True)
class Repeat:
    """At least `least` and at most `most` times (None: without end)."""

    item: "Node"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Backreference:
    """What a group matched, again."""

    number: int


Node = Bytes | At | Sequence | Choice | Group | Repeat | Backreference
