"""Broken-down time: what localtime(3), mktime(3) and strftime(3) do in the C locale."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from podlab.mock.programs.timezones import DAY, Zone, civil_from_days, days_from_civil

WEEKDAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A moment in a zone. `weekday` counts from Sunday, `yearday` from 0; `nanosecond` is of the second."""

    seconds: int
    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    weekday: int
    yearday: int
    offset: int
    zone: str
    nanosecond: int = 0


def local_time(seconds: int, zone: Zone, nanosecond: int = 0) -> LocalTime:
    """What clocks and calendars of `zone` show at a moment (Unix seconds)."""
    offset, name, _ = zone.at(seconds)
    days, rest = divmod(seconds + offset, DAY)
    year, month, day = civil_from_days(days)
    yearday = days - days_from_civil(year, 1, 1)
    return LocalTime(
        seconds, year, month, day, rest // 3600, rest // 60 % 60, rest % 60, (days + 4) % 7, yearday, offset, name, nanosecond
    )


def unix_time(year: int, month: int, day: int, hour: int, minute: int, second: int, zone: Zone) -> int:
    """The moment at which clocks of `zone` show that; parts out of their ranges are carried over, as by mktime(3)."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    local = days_from_civil(year, month, 1) * DAY + (day - 1) * DAY + hour * 3600 + minute * 60 + second
    guess = local - zone.offset
    offset = zone.at(guess)[0]
    if offset != zone.offset and zone.at(local - offset)[0] == offset:
        guess = local - offset
    return guess


def iso_week(time: LocalTime) -> tuple[int, int]:
    """Year and week of ISO 8601."""
    thursday = time.yearday - (time.weekday + 6) % 7 + 3
    start = days_from_civil(time.year, 1, 1)
    year = civil_from_days(start + thursday)[0]
    return year, (start + thursday - days_from_civil(year, 1, 1)) // 7 + 1


def utc_offset(time: LocalTime, separator: str = "") -> str:
    """`+0900`."""
    sign = "-" if time.offset < 0 else "+"
    minutes = abs(time.offset) // 60
    return f"{sign}{minutes // 60:02d}{separator}{minutes % 60:02d}"


_FORMATS: Final[dict[str, Callable[[LocalTime], str]]] = {
    "a": lambda t: WEEKDAYS[t.weekday][:3],
    "A": lambda t: WEEKDAYS[t.weekday],
    "b": lambda t: MONTHS[t.month - 1][:3],
    "B": lambda t: MONTHS[t.month - 1],
    "c": lambda t: strftime("%a %b %e %H:%M:%S %Y", t),
    "C": lambda t: f"{t.year // 100:02d}",
    "d": lambda t: f"{t.day:02d}",
    "D": lambda t: strftime("%m/%d/%y", t),
    "e": lambda t: f"{t.day:2d}",
    "F": lambda t: strftime("%Y-%m-%d", t),
    "g": lambda t: f"{iso_week(t)[0] % 100:02d}",
    "G": lambda t: f"{iso_week(t)[0]}",
    "h": lambda t: MONTHS[t.month - 1][:3],
    "H": lambda t: f"{t.hour:02d}",
    "I": lambda t: f"{(t.hour + 11) % 12 + 1:02d}",
    "j": lambda t: f"{t.yearday + 1:03d}",
    "k": lambda t: f"{t.hour:2d}",
    "l": lambda t: f"{(t.hour + 11) % 12 + 1:2d}",
    "m": lambda t: f"{t.month:02d}",
    "M": lambda t: f"{t.minute:02d}",
    "n": lambda t: "\n",
    "p": lambda t: "PM" if t.hour >= 12 else "AM",
    "P": lambda t: "pm" if t.hour >= 12 else "am",
    "r": lambda t: strftime("%I:%M:%S %p", t),
    "R": lambda t: strftime("%H:%M", t),
    "s": lambda t: str(t.seconds),
    "S": lambda t: f"{t.second:02d}",
    "t": lambda t: "\t",
    "T": lambda t: strftime("%H:%M:%S", t),
    "u": lambda t: str((t.weekday + 6) % 7 + 1),
    "U": lambda t: f"{(t.yearday + 7 - t.weekday) // 7:02d}",
    "V": lambda t: f"{iso_week(t)[1]:02d}",
    "w": lambda t: str(t.weekday),
    "W": lambda t: f"{(t.yearday + 7 - (t.weekday + 6) % 7) // 7:02d}",
    "x": lambda t: strftime("%m/%d/%y", t),
    "X": lambda t: strftime("%H:%M:%S", t),
    "y": lambda t: f"{t.year % 100:02d}",
    "Y": lambda t: str(t.year),
    "z": utc_offset,
    "Z": lambda t: t.zone,
    "%": lambda t: "%",
}
_FLAGS: Final = "_-0^#+"
_BLANK_PADDED: Final = "ekl"
_NUMERIC: Final = frozenset("CdegGHIjklmMSUVWyYuws")


def strftime(template: str, time: LocalTime) -> str:
    """Formats a time as glibc does, with its flags (`%-d`, `%_H`, `%^a`) and widths."""
    out = []
    at = 0
    while at < len(template):
        char = template[at]
        at += 1
        if char != "%" or at >= len(template):
            out.append(char)
            continue
        start = at - 1
        while at < len(template) and template[at] in _FLAGS:
            at += 1
        flags = template[start + 1 : at]
        digits = at
        while at < len(template) and template[at].isdigit():
            at += 1
        width = template[digits:at]
        if template[at : at + 1] in ("E", "O"):
            at += 1
        letter = template[at : at + 1]
        at += 1
        formatter = _FORMATS.get(letter)
        out.append(template[start:at] if formatter is None else _pad(formatter(time), letter, flags, width))
    return "".join(out)


def _pad(text: str, letter: str, flags: str, width: str) -> str:
    if not flags and not width:
        return text
    if "^" in flags:
        text = text.upper()
    if "#" in flags:
        text = text.lower() if letter in "pZ" else text.upper()
    numeric = letter in _NUMERIC
    natural = len(text) if numeric else 0
    if "-" in flags and numeric:
        return text.lstrip(" 0") or "0"
    if "_" in flags and numeric:
        text = text.lstrip("0 ") or "0"
        return text.rjust(int(width) if width else natural)
    if "0" in flags and numeric:
        text = text.lstrip(" ")
        return text.rjust(int(width) if width else natural, "0")
    if not width:
        return text
    return text.rjust(int(width), "0" if numeric and letter not in _BLANK_PADDED else " ")
