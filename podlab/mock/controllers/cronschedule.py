"""The language of schedules: five fields (minute, hour, day of month, month, day of week), lists, ranges, steps, names, and
macros.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

MACROS: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
MONTHS: Final = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
DAYS: Final = {name: n for n, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
FIELDS: Final[tuple[tuple[int, int, dict[str, int]], ...]] = (
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, MONTHS),
    (0, 7, DAYS),
)
HORIZON: Final = timedelta(days=366 * 5)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The times that a text means. A day fits when both its fields do; when neither is `*`, when one does."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool

    def next(self, after: datetime) -> datetime | None:
        """The first time later than `after`, or None when there is none within five years."""
        moment = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
        end = after + HORIZON
        while moment <= end:
            if moment.month not in self.months or not self._day(moment):
                moment = moment.replace(hour=0, minute=0) + timedelta(days=1)
            elif moment.hour not in self.hours:
                moment = moment.replace(minute=0) + timedelta(hours=1)
            elif moment.minute not in self.minutes:
                moment += timedelta(minutes=1)
            else:
                return moment
        return None

    def _day(self, moment: datetime) -> bool:
        by_date, by_weekday = moment.day in self.days, moment.isoweekday() % 7 in self.weekdays
        return by_date or by_weekday if self.either_day else by_date and by_weekday


@lru_cache(maxsize=256)
def parse(text: str) -> Schedule:
    """Reads a schedule. Raises ValueError."""
    words = MACROS.get(text.strip().lower(), text).split()
    if len(words) != len(FIELDS):
        raise ValueError(f"expected exactly 5 fields, found {len(words)}: {text}")
    minutes, hours, days, months, weekdays = (_field(word, *field) for word, field in zip(words, FIELDS, strict=True))
    open_days = words[2][0] in "*?" or words[4][0] in "*?"
    return Schedule(minutes, hours, days, months, frozenset(day % 7 for day in weekdays), not open_days)


def _field(text: str, low: int, high: int, names: dict[str, int]) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if first in ("*", "?") else _number(first, low, high, names)
        end = _number(last, low, high, names) if dash else high if first in ("*", "?") or step else begin
        if begin > end or (step and not step.isdigit()) or step == "0":
            raise ValueError(f"beginning of range ({begin}) beyond end of range ({end}): {text}")
        found.update(range(begin, end + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str, low: int, high: int, names: dict[str, int]) -> int:
    value = names.get(text.lower())
    if value is None:
        if not text.isdigit():
            raise ValueError(f"failed to parse int from {text}")
        value = int(text)
    if not low <= value <= high:
        raise ValueError(f"{text} is not between {low} and {high}")
    return value
