"""Lengths of time in arguments: `sleep 1.5m`, `timeout 10`, `top -d 0.5`."""

import re
from typing import Final

from podlab.mock.programs.applet import Die, ShowUsage
from podlab.mock.programs.numbers import unsigned

SUFFIXES: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DIGITS: Final = re.compile(r"[0-9.]*")
_FRACTION: Final = re.compile(r"\d+(\.\d*)?|\.\d+")


def parse_duration(text: str) -> float:
    """Seconds. A number with a point may have a fraction; s, m, h or d may follow.

    Raises:
        Die: It is no such number (in the message, busybox puts a 1 for the digits that it has read).
        ShowUsage: Its digits and points are no number.
    """
    if "." not in text:
        return float(unsigned(text, suffixes=SUFFIXES))
    digits = _DIGITS.match(text)
    number = digits[0] if digits else ""
    suffix = text[len(number) :]
    if number and not _FRACTION.fullmatch(number):
        raise ShowUsage
    if not number or (suffix and suffix not in SUFFIXES):
        raise Die(f"invalid number '{'1' * bool(number)}{suffix}'")
    return float(number) * SUFFIXES.get(suffix, 1)
