"""Time zones as the variable TZ gives them (`KST-9`, `EST5EDT,M3.2.0,M11.1.0`); the image has no zone files: names mean UTC."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

DAY: Final = 86_400

_NAME: Final = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)"
_OFFSET: Final = r"[+-]?\d{1,2}(?::\d{2}(?::\d{2})?)?"
_ZONE: Final = re.compile(rf"({_NAME})({_OFFSET})(?:({_NAME})({_OFFSET})?(?:,([^,]+),([^,]+))?)?")
_RULE: Final = re.compile(r"(?:M(\d{1,2})\.(\d)\.(\d)|(J?)(\d{1,3}))(?:/(.+))?")
DEFAULT_RULES: Final = ("M3.2.0", "M11.1.0")


@dataclass(frozen=True, slots=True)
class Rule:
    """When summer time begins or ends.

    A day of the year (`month` 0), or a weekday of a week of a month, at `seconds` of local time.
    """

    month: int
    week: int
    day: int
    leap_counts: bool
    seconds: int

    def moment(self, year: int) -> int:
        """Seconds of local time since 1970."""
        if not self.month:
            days = days_from_civil(year, 1, 1) + self.day
            if not self.leap_counts and self.day >= 59 and is_leap(year):
                days += 1
            return days * DAY + self.seconds
        first = days_from_civil(year, self.month, 1)
        day = first + (self.day - (first + 4)) % 7 + 7 * (self.week - 1)
        while day >= first + days_in_month(year, self.month):
            day -= 7
        return day * DAY + self.seconds


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone: names and offsets (seconds east of UTC), and when summer time is."""

    name: str
    offset: int
    summer_name: str = ""
    summer_offset: int = 0
    begin: Rule | None = None
    end: Rule | None = None

    def at(self, seconds: int) -> tuple[int, str, bool]:
        """Offset, name and whether it is summer time at a moment (Unix seconds)."""
        if self.begin is None or self.end is None:
            return self.offset, self.name, False
        year = civil_from_days((seconds + self.offset) // DAY)[0]
        begin = self.begin.moment(year) - self.offset
        end = self.end.moment(year) - self.summer_offset
        summer = begin <= seconds < end if begin < end else not end <= seconds < begin
        return (self.summer_offset, self.summer_name, True) if summer else (self.offset, self.name, False)


UTC: Final = Zone("UTC", 0)


@lru_cache(maxsize=64)
def parse_zone(text: str | None) -> Zone:
    """The zone that a value of TZ (None: unset) means."""
    text = (text or "").removeprefix(":")
    if not text:
        return UTC
    match = _ZONE.fullmatch(text)
    if match is None:
        letters = re.match(r"[A-Za-z]{3,}", text)
        return Zone(letters[0], 0) if letters else UTC
    name, offset, summer, summer_offset, begin, end = match.groups()
    base = -_seconds(offset)
    if summer is None:
        return Zone(name.strip("<>"), base)
    late = -_seconds(summer_offset) if summer_offset else base + 3600
    rules = [_parse_rule(rule) for rule in ((begin, end) if begin else DEFAULT_RULES)]
    return Zone(name.strip("<>"), base, summer.strip("<>"), late, rules[0], rules[1])


def _seconds(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    parts = [int(part) for part in text.lstrip("+-").split(":")] + [0, 0]
    return sign * (parts[0] * 3600 + parts[1] * 60 + parts[2])


def _parse_rule(text: str) -> Rule | None:
    match = _RULE.fullmatch(text)
    if match is None:
        return None
    month, week, weekday, julian, day, time = match.groups()
    seconds = _seconds(time) if time else 7200
    if month:
        return Rule(int(month), int(week), int(weekday), False, seconds)
    return Rule(0, 0, int(day) - 1 if julian else int(day), not julian, seconds)


def is_leap(year: int) -> bool:
    """Whether the year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """How many days a month has."""
    return 29 if month == 2 and is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar, for any year."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a number of days since 1970-01-01."""
    days += 719_468
    era = days // 146_097
    of_era = days - era * 146_097
    year_of_era = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day
