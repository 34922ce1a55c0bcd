"""Dates as date -d and touch -d read them, and strptime(3) as far as date -D needs it."""

import re
from dataclasses import dataclass, replace
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.programs.applet import Die
from podlab.mock.programs.dates import MONTHS, WEEKDAYS, local_time, unix_time
from podlab.mock.programs.timezones import UTC, Zone

FORMATS: Final = (
    "%R",
    "%T",
    "%m.%d-%R",
    "%m.%d-%T",
    "%Y.%m.%d-%R",
    "%Y.%m.%d-%T",
    "%b %d %T %Y",
    "%Y-%m-%d %R",
    "%Y-%m-%d %T",
    "%Y-%m-%d %R %z",
    "%Y-%m-%d %T %z",
    "%Y-%m-%d %H",
    "%Y-%m-%d %H %z",
    "%Y-%m-%d",
)
_DIGITS: Final = re.compile(r"((?:\d\d){1,5}|\d{12})(?:\.(\d\d))?")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a date that was read; `offset` (seconds east of UTC) when it named one."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    offset: int | None = None
    moment: int | None = None


def this_moment(now_ns: int, zone: Zone) -> Parts:
    """Now."""
    now = local_time(now_ns // SECOND, zone)
    return Parts(now.year, now.month, now.day, now.hour, now.minute, now.second)


def midnight(now_ns: int, zone: Zone) -> Parts:
    """Today, at its beginning."""
    return replace(this_moment(now_ns, zone), hour=0, minute=0, second=0)


def parse_date(text: str, start: Parts, zone: Zone) -> int:
    """The moment (Unix seconds) that `date -d TEXT` means; parts that it does not name are those of `start`.

    Raises:
        Die: `invalid date '...'`.
    """
    if text.startswith("@"):
        if not re.fullmatch(r"\d+", text[1:]):
            raise Die(f"invalid date '{text}'")
        return int(text[1:])
    for form in FORMATS:
        found = strptime(text, form, start)
        if found is not None and found[1] == len(text):
            return moment_of(found[0], text, zone)
    return moment_of(_parse_digits(text, start), text, zone)


def _parse_digits(text: str, start: Parts) -> Parts:
    """`[[[[[YY]YY]MM]DD]hh]mm[.ss]`."""
    match = _DIGITS.fullmatch(text)
    if match is None:
        raise Die(f"invalid date '{text}'")
    digits = match[1]
    pairs = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    found = replace(start, minute=pairs[-1], second=int(match[2] or 0))
    if len(pairs) > 1:
        found = replace(found, hour=pairs[-2])
    if len(pairs) > 2:
        found = replace(found, day=pairs[-3])
    if len(pairs) > 3:
        found = replace(found, month=pairs[-4])
    if len(pairs) == 5:
        century = start.year // 100 * 100
        year = century + pairs[0]
        if year - start.year > 50:
            year -= 100
        elif start.year - year > 50:
            year += 100
        found = replace(found, year=year)
    if len(pairs) == 6:
        found = replace(found, year=pairs[0] * 100 + pairs[1])
    return found


def moment_of(parts: Parts, text: str, zone: Zone) -> int:
    """Unix seconds. Raises Die for a date that does not exist."""
    if parts.moment is not None:
        return parts.moment
    exists = 1 <= parts.month <= 12 and 1 <= parts.day <= 31 and parts.hour < 24 and parts.minute < 60 and parts.second < 61
    if not exists:
        raise Die(f"invalid date '{text}'")
    used = UTC if parts.offset is not None else zone
    seconds = unix_time(parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second, used)
    return seconds - (parts.offset or 0)


_FIELDS: Final = {
    "d": ("day", 2, 1, 31),
    "e": ("day", 2, 1, 31),
    "H": ("hour", 2, 0, 23),
    "k": ("hour", 2, 0, 23),
    "I": ("hour", 2, 1, 12),
    "l": ("hour", 2, 1, 12),
    "m": ("month", 2, 1, 12),
    "M": ("minute", 2, 0, 59),
    "S": ("second", 2, 0, 61),
    "Y": ("year", 4, 0, 9999),
}
_COMPOUND: Final = {
    "R": "%H:%M",
    "T": "%H:%M:%S",
    "F": "%Y-%m-%d",
    "D": "%m/%d/%y",
    "c": "%a %b %e %H:%M:%S %Y",
    "x": "%m/%d/%y",
    "X": "%H:%M:%S",
    "r": "%I:%M:%S %p",
}


def strptime(text: str, form: str, start: Parts) -> tuple[Parts, int] | None:
    """Reads a date by a format. Returns the parts (others as in `start`) and where it ends, or None when it does not fit."""
    for letter, expansion in _COMPOUND.items():
        form = form.replace("%" + letter, expansion)
    parts = start
    at = index = 0
    while index < len(form):
        char = form[index]
        index += 1
        if char.isspace():
            while at < len(text) and text[at].isspace():
                at += 1
            continue
        if char != "%" or index == len(form):
            if text[at : at + 1] != char:
                return None
            at += 1
            continue
        letter = form[index]
        index += 1
        found = _field(text, at, letter, parts)
        if found is None:
            return None
        parts, at = found
    return parts, at


def _field(text: str, at: int, letter: str, parts: Parts) -> tuple[Parts, int] | None:
    if letter in _FIELDS:
        name, digits, low, high = _FIELDS[letter]
        match = re.compile(rf" *(\d{{1,{digits}}})").match(text, at)
        if match is None or not low <= int(match[1]) <= high:
            return None
        return replace(parts, **{name: int(match[1])}), match.end()
    special = {
        "b": _month,
        "B": _month,
        "h": _month,
        "a": _weekday,
        "A": _weekday,
        "p": _half,
        "z": _offset,
        "s": _seconds,
        "y": _year,
    }
    if letter in special:
        return special[letter](text, at, parts)
    if letter == "j":
        match = re.compile(r" *(\d{1,3})").match(text, at)
        return (replace(parts, month=1, day=int(match[1])), match.end()) if match else None
    if letter in "nt":
        match = re.compile(r"\s*").match(text, at)
        return parts, match.end() if match else at
    return (parts, at + 1) if letter == "%" and text[at : at + 1] == "%" else None


def _named(text: str, at: int, names: tuple[str, ...]) -> tuple[int, int] | None:
    lower = text[at:].lower()
    for number, name in enumerate(names):
        for form in (name.lower(), name[:3].lower()):
            if lower.startswith(form):
                return number, at + len(form)
    return None


def _month(text: str, at: int, parts: Parts) -> tuple[Parts, int] | None:
    found = _named(text, at, MONTHS)
    return (replace(parts, month=found[0] + 1), found[1]) if found else None


def _weekday(text: str, at: int, parts: Parts) -> tuple[Parts, int] | None:
    found = _named(text, at, WEEKDAYS)
    return (parts, found[1]) if found else None


def _half(text: str, at: int, parts: Parts) -> tuple[Parts, int] | None:
    half = text[at : at + 2].upper()
    if half not in ("AM", "PM"):
        return None
    return replace(parts, hour=parts.hour % 12 + 12 * (half == "PM")), at + 2


def _offset(text: str, at: int, parts: Parts) -> tuple[Parts, int] | None:
    match = re.compile(r"\s*(?:([+-])(\d\d):?(\d\d)?|Z)").match(text, at)
    if match is None:
        return None
    seconds = (int(match[2] or 0) * 60 + int(match[3] or 0)) * 60
    return replace(parts, offset=-seconds if match[1] == "-" else seconds), match.end()


def _seconds(text: str, at: int, parts: Parts) -> tuple[Parts, int] | None:
    match = re.compile(r"\d+").match(text, at)
    return (replace(parts, moment=int(match[0])), match.end()) if match else None


def _year(text: str, at: int, parts: Parts) -> tuple[Parts, int] | None:
    match = re.compile(r" *(\d{1,2})").match(text, at)
    if match is None:
        return None
    year = int(match[1])
    return replace(parts, year=year + (1900 if year >= 69 else 2000)), match.end()
