"""cal: calendars, Gregorian since September 1752 as in England."""

from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import local_time
from podlab.mock.programs.numbers import unsigned
from podlab.mock.programs.timezones import parse_zone

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS: Final = ("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa")
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CUT: Final = (1752, 9)
"""The month whose days 3 to 13 were left out."""
_BLANK_LINE: Final = 79
_FIRST_DAY: Final = 6
"""The first of January 1 was a Saturday."""


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year <= _CUT[0] or year % 100 != 0 or year % 400 == 0)


def _days_of(year: int, month: int) -> list[int]:
    """The days of a month, by their numbers."""
    if (year, month) == _CUT:
        return [1, 2, *range(14, 31)]
    return list(range(1, _LENGTHS[month - 1] + (month == 2 and _is_leap(year)) + 1))


def _days_before(year: int, month: int) -> int:
    """How many days there were from the first of January 1 to the first of a month."""
    leaps = sum(map(_is_leap, range(1, year)))
    left_out = 11 if year > _CUT[0] else 0
    return (year - 1) * 365 + leaps - left_out + sum(len(_days_of(year, each)) for each in range(1, month))


class Calendar:
    """How a calendar is to look."""

    def __init__(self, julian: bool, monday: bool) -> None:
        self.julian = julian
        self.monday = monday
        self.day_width = 4 if julian else 3
        self.width = self.day_width * 7 - 1

    @property
    def heading(self) -> str:
        """The names of the days."""
        names = (*_DAYS[1:], _DAYS[0]) if self.monday else _DAYS
        return " ".join(name.rjust(self.day_width - 1) for name in names)

    def weeks(self, year: int, month: int) -> list[str]:
        """Six lines, without blanks at their ends."""
        days = _days_of(year, month)
        first = (_days_before(year, month) + _FIRST_DAY - self.monday) % 7
        passed = sum(len(_days_of(year, each)) for each in range(1, month)) if self.julian else 0
        numbers = [passed + index + 1 for index in range(len(days))] if self.julian else days
        cells = [""] * first + [str(number) for number in numbers]
        cells += [""] * (42 - len(cells))
        lines = [" ".join(cell.rjust(self.day_width - 1) for cell in cells[at : at + 7]) for at in range(0, 42, 7)]
        return [line.rstrip() for line in lines]


@applet("cal", "jmy", operands=(0, 2))
async def cal(call: Call) -> int:
    """Prints a month or a year."""
    now = local_time(call.proc.kernel.wall_ns // SECOND, parse_zone(call.proc.env.get("TZ")))
    month, year = now.month, now.year
    whole_year = "y" in call.options
    if call.operands:
        year = unsigned(call.operands[-1], 1, 9999)
        if len(call.operands) == 2:
            month = unsigned(call.operands[0], 1, 12)
        else:
            whole_year = True
    calendar = Calendar("j" in call.options, "m" in call.options)
    if whole_year:
        await _print_year(call, calendar, year)
        return 0
    title = f"{_MONTHS[month - 1]} {year}"
    await call.out.write_text(f"{title.rjust((calendar.width + len(title)) // 2)}\n{calendar.heading}\n")
    for line in calendar.weeks(year, month):
        await call.out.write_text((line or " " * (calendar.width + 1)) + "\n")
    return 0


async def _print_year(call: Call, calendar: Calendar, year: int) -> None:
    columns, gap = (2, "  ") if calendar.julian else (3, "  ")
    total = columns * calendar.width + (columns - 1) * len(gap)
    await call.out.write_text(_centred(str(year), total) + "\n\n")
    for first in range(1, 13, columns):
        months = range(first, first + columns)
        titles = gap.join(_centred(_MONTHS[month - 1], calendar.width) for month in months)
        await call.out.write_text(titles + "\n" + gap.join([calendar.heading] * columns) + "\n")
        for parts in zip(*(calendar.weeks(year, month) for month in months), strict=True):
            line = gap.join(part.ljust(calendar.width) for part in parts).rstrip()
            await call.out.write_text((line or " " * _BLANK_LINE) + "\n")


def _centred(text: str, width: int) -> str:
    return (" " * ((width - len(text)) // 2) + text).ljust(width)
