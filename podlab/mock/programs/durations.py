"""Lengths of time in arguments: `sleep 1.5m`, `timeout 10`, `top -d 0.5`."""

import re
from typing import Final

from podlab.mock.programs.applet import Die
from podlab.mock.programs.numbers import UINT_MAX, unsigned

SUFFIXES: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_FRACTION: Final = re.compile(r"\d*\.\d*(?:[eE][-+]?\d+)?")


def parse_duration(text: str) -> float:
    """Seconds. A number with a point may have a fraction; s, m, h or d may follow.

    Raises:
        Die: It is no such number.
    """
    if "." not in text:
        return float(unsigned(text, 0, UINT_MAX, SUFFIXES))
    match = _FRACTION.match(text)
    suffix = text[match.end() :] if match else ""
    if match is None or match[0] == "." or (suffix and suffix not in SUFFIXES):
        raise Die(f"invalid number '{text}'")
    return float(match[0]) * SUFFIXES.get(suffix, 1)
