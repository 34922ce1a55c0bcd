"""Numbers in arguments, read as busybox's xatou family reads them, with its complaints."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from podlab.mock.programs.applet import Die

UINT_MAX: Final = (1 << 32) - 1
INT_MAX: Final = (1 << 31) - 1
INT_MIN: Final = -(1 << 31)
ULLONG_MAX: Final = (1 << 64) - 1
LLONG_MAX: Final = (1 << 63) - 1
LLONG_MIN: Final = -(1 << 63)

NO_SUFFIXES: Final[Mapping[str, int]] = MappingProxyType({})
BKM: Final[Mapping[str, int]] = MappingProxyType({"b": 512, "k": 1 << 10, "m": 1 << 20})
KMG: Final[Mapping[str, int]] = MappingProxyType(
    {"K": 1 << 10, "k": 1 << 10, "M": 1 << 20, "m": 1 << 20, "G": 1 << 30, "g": 1 << 30}
)
CWBKMG: Final[Mapping[str, int]] = MappingProxyType(
    {
        "c": 1,
        "w": 2,
        "b": 512,
        "kB": 1000,
        "kD": 1000,
        "k": 1 << 10,
        "KB": 1000,
        "KD": 1000,
        "K": 1 << 10,
        "MB": 10**6,
        "MD": 10**6,
        "M": 1 << 20,
        "m": 1 << 20,
        "GB": 10**9,
        "GD": 10**9,
        "G": 1 << 30,
    }
)

_DIGITS: Final = {
    10: re.compile(r"[0-9]+"),
    8: re.compile(r"[0-7]+"),
    0: re.compile(r"0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*"),
}


def unsigned(
    text: str, low: int = 0, high: int = ULLONG_MAX, suffixes: Mapping[str, int] = NO_SUFFIXES, base: int = 10, wide: bool = False
) -> int:
    """A number that is not negative.

    Args:
        text: Digits.
        low: The least that is taken.
        high: The most that is taken. Digits are read in 32 bits when it has no more, as xatou_range does.
        suffixes: By what a suffix multiplies.
        base: 10, 8, or 0: as C writes numbers.
        wide: Whether digits are read in 64 bits whatever `high` is, as xatoul_range and xatoull_range do.

    Raises:
        Die: `invalid number '...'`, or not between `low` and `high`.
    """
    most = ULLONG_MAX if wide or high > UINT_MAX else UINT_MAX
    return _within(text, _magnitude(text, most, suffixes, base), low, high)


def signed(text: str, low: int = LLONG_MIN, high: int = LLONG_MAX, suffixes: Mapping[str, int] = NO_SUFFIXES) -> int:
    """A number with an optional sign, which a message about wrong digits leaves out. Raises as `unsigned`."""
    sign, digits = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
    most = INT_MAX if low >= INT_MIN and high <= INT_MAX else LLONG_MAX
    number = _magnitude(digits, most + (sign == "-"), suffixes, 10)
    return _within(text, -number if sign == "-" else number, low, high)


def _magnitude(digits: str, most: int, suffixes: Mapping[str, int], base: int) -> int:
    """The number that digits and perhaps a suffix make, at most `most`. Raises Die."""
    match = _DIGITS[base].match(digits)
    if match is not None:
        number = int(match[0], base) if base else c_integer(match[0])
        rest = digits[match.end() :]
        if (not rest or rest in suffixes) and number * suffixes.get(rest, 1) <= most:
            return number * suffixes.get(rest, 1)
    raise Die(f"invalid number '{digits}'")


def _within(text: str, number: int, low: int, high: int) -> int:
    if not low <= number <= high:
        raise Die(f"number {text} is not in {low}..{high} range")
    return number


def c_integer(text: str) -> int:
    """A number as C writes it: decimal, octal with a leading 0, or hexadecimal with 0x."""
    if text[:2] in ("0x", "0X"):
        return int(text, 16)
    return int(re.match(r"[0-7]*", text)[0] or "0", 8) if text.startswith("0") else int(text)  # type: ignore[index]


_FLOAT: Final = re.compile(
    r"[ \t\n\v\f\r]*([+-]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|nan))", re.IGNORECASE
)


def leading_float(text: str) -> tuple[float, int]:
    """strtod(3): the number that `text` begins with, and how many characters it takes (0 when there is none)."""
    match = _FLOAT.match(text)
    if match is None:
        return 0.0, 0
    digits = match[1]
    if "x" in digits or "X" in digits:
        return float(int(digits, 16)), match.end()
    return float(digits), match.end()


def human_readable(value: int, block_size: int = 1, display_unit: int = 0) -> str:
    """A size as busybox' `-h` options print it.

    Args:
        value: How many blocks.
        block_size: Bytes of a block; 0 leaves out the decimal.
        display_unit: Counts in this unit instead of choosing one.
    """
    if value == 0:
        return "0"
    value *= max(block_size, 1)
    if display_unit:
        return str((value + display_unit // 2) // display_unit)
    fraction = 0
    unit = 0
    while value >= 1024:
        unit += 1
        fraction = (value % 1024 * 10 + 512) // 1024
        value //= 1024
    if fraction >= 10:
        value, fraction = value + 1, 0
    if block_size == 0:
        return f"{value + (fraction >= 5)}{'KMGTPEZY'[unit - 1] if unit else ' '}"
    return f"{value}.{fraction}{'KMGTPEZY'[unit - 1]}" if unit else str(value)
