"""RFC 3339 as Go's ``time.Parse`` reads it, and its words when it does not."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from podlab.mock.api.errors import quote

_LAYOUT: Final = "2006-01-02T15:04:05Z07:00"
_MICRO_LAYOUT: Final = "2006-01-02T15:04:05.000000Z07:00"
_PARTS: Final = (
    ("2006", r"\d{4}"),
    ("-", "-"),
    ("01", r"\d{2}"),
    ("-", "-"),
    ("02", r"\d{2}"),
    ("T", "T"),
    ("15", r"\d{2}"),
    (":", ":"),
    ("04", r"\d{2}"),
    (":", ":"),
    ("05", r"\d{2}(?:[.,]\d+)?"),
    ("Z07:00", r"Z|[+-]\d{2}:\d{2}"),
)
_WHOLE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:(Z)|([+-])(\d\d):(\d\d))", re.ASCII)
_RANGES: Final = (("month", 2, 1, 12), ("hour", 4, 0, 23), ("minute", 5, 0, 59), ("second", 6, 0, 59))


def parse_time(text: str, micro: bool = False) -> int:
    """The moment in nanoseconds since 1970.

    Args:
        text: such as ``2026-01-01T10:00:00Z`` or with ``+09:00``; fractions are taken.
        micro: only changes the layout that the error speaks of.

    Raises:
        ValueError: with Go's words.
    """
    layout = _MICRO_LAYOUT if micro else _LAYOUT
    match = _WHOLE.fullmatch(text)
    if not match:
        raise ValueError(_explain(text, layout))
    for name, group, low, high in _RANGES:
        if not low <= int(match[group]) <= high:
            raise ValueError(f"parsing time {quote(text)}: {name} out of range")
    try:
        moment = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(f"parsing time {quote(text)}: day out of range") from None
    nanoseconds = int((match[7] or "0")[:9].ljust(9, "0"))
    if not match[8]:
        shift = timedelta(hours=int(match[10]), minutes=int(match[11]))
        moment = moment - shift if match[9] == "+" else moment + shift
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86400 + since.seconds) * 10**9 + nanoseconds


def _explain(text: str, layout: str) -> str:
    place = 0
    for element, pattern in _PARTS:
        found = re.compile(pattern, re.ASCII).match(text, place)
        if not found:
            return f"parsing time {quote(text)} as {quote(layout)}: cannot parse {quote(text[place:])} as {quote(element)}"
        place = found.end()
    return f"parsing time {quote(text)}: extra text: {quote(text[place:])}"
