"""What awk's values are: numbers, strings, and strings of the input that may be either.

A number is a `float`, a string a `str`; `InputText` is a string from outside (a field, a line of getline, -v), which counts as a
number when it looks like one; `UNSET` is the value of a variable that never had one, both 0 and the empty string.
"""

import math
import re
from typing import Final

Value = float | str


class InputText(str):
    """A string of the input."""

    __slots__ = ()


class _Unset(InputText):
    """A value of nothing."""

    __slots__ = ()


UNSET: Final = _Unset("")

_PREFIX: Final = re.compile(
    r"[ \t\n\v\f\r]*([-+]?)(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)", re.IGNORECASE | re.ASCII
)
_NUMERIC: Final = re.compile(
    r"[ \t\n\v\f\r]*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)[ \t\n\v\f\r]*",
    re.IGNORECASE | re.ASCII,
)
MAX_INTEGER: Final = 2.0**63


def number(value: Value) -> float:
    """A value as a number: what a string begins with."""
    if isinstance(value, float):
        return value
    try:
        return float(value) if "_" not in value else _prefix_number(value)
    except ValueError:
        return _prefix_number(value)


def _prefix_number(text: str) -> float:
    match = _PREFIX.match(text)
    if match is None:
        return 0.0
    sign, digits = match.groups()
    magnitude = float(int(digits, 16)) if digits[:2] in ("0x", "0X") else float(digits)
    return -magnitude if sign == "-" else magnitude


def is_numeric(text: str) -> bool:
    """Whether a string of the input looks like a number."""
    return _NUMERIC.fullmatch(text) is not None


def truth(value: Value) -> bool:
    """Whether a value counts as true."""
    if isinstance(value, float):
        return value != 0.0
    if type(value) is str:
        return value != ""
    return number(value) != 0.0 if is_numeric(value) else value != ""


def integer(value: float) -> int:
    """A C `int`: what does not fit is the smallest."""
    return int(value) if -2147483649.0 < value < 2147483648.0 else -2147483648


def long_integer(value: float) -> int:
    """A C `long long`: what does not fit, or is no number, is the smallest."""
    return int(value) if -MAX_INTEGER <= value < MAX_INTEGER else -(1 << 63)


def truncated(value: float) -> float:
    """What the function int makes of a number."""
    return float(long_integer(value))


def is_integral(value: float) -> bool:
    """Whether a number is printed as an integer."""
    return value.is_integer() and -MAX_INTEGER <= value < MAX_INTEGER


NAN: Final = -math.nan
"""What arithmetic without a result gives on Linux: it prints as -nan."""


def divide(left: float, right: float) -> float:
    """Division, when `right` is not 0."""
    try:
        return left / right
    except OverflowError:
        return math.inf


def modulo(left: float, right: float) -> float:
    """The remainder as busybox reckons it."""
    return left - long_integer(divide(left, right)) * right


def power(left: float, right: float) -> float:
    """left ^ right."""
    try:
        result = left**right
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.inf
    return NAN if isinstance(result, complex) else result
