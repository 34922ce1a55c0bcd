"""Moments and spans of time."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from podlab.mock.api.cel.library import function
from podlab.mock.api.cel.problems import CelError, no_overload
from podlab.mock.api.cel.values import INT_LIMIT, SECOND, Duration, Timestamp, Value, ranged


def moment(ns: int) -> Timestamp:
    """A moment between the years 1 and 9999."""
    if not -62135596800 * SECOND <= ns < 253402300800 * SECOND:
        raise CelError("timestamp overflow")
    return Timestamp(ns)


_RFC3339: Final = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[-+]\d\d:\d\d)")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@function("timestamp", "(string)timestamp", "(timestamp)timestamp", "(int)timestamp")
def to_timestamp(value: Value) -> Timestamp:
    """A moment, from RFC 3339 or seconds since 1970."""
    if isinstance(value, Timestamp):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return moment(value * SECOND)
    match = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise CelError(f'parsing time "{value}": invalid timestamp') if isinstance(value, str) else no_overload()
    zone = "+00:00" if match[4] in "Zz" else match[4]
    try:
        when = datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
    except ValueError:
        raise CelError(f'parsing time "{value}": out of range') from None
    past = when - _EPOCH
    return moment((past.days * 86400 + past.seconds) * SECOND + int((match[3] or "").ljust(9, "0")))


def show_timestamp(value: Timestamp) -> str:
    """RFC 3339, in UTC."""
    seconds, rest = divmod(value.ns, SECOND)
    text = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    return text + (f".{rest:09}".rstrip("0") if rest else "") + "Z"


_UNITS: Final = {"ns": 1, "us": 1000, "µs": 1000, "ms": 1000_000, "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND}
_SPAN: Final = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h)")


@function("duration", "(string)duration", "(duration)duration")
def to_duration(value: Value) -> Duration:
    """A span of time, such as ``1h30m``."""
    if isinstance(value, Duration):
        return value
    if not isinstance(value, str):
        raise no_overload()
    sign, text = (-1, value[1:]) if value.startswith("-") else (1, value.removeprefix("+"))
    parts = _SPAN.findall(text)
    if text != "0" and (not parts or "".join(number + unit for number, unit in parts) != text):
        raise CelError(f'time: invalid duration "{value}"')
    whole = 0
    for number, unit in parts:
        before, _, after = number.partition(".")
        whole += int(before or 0) * _UNITS[unit] + (int(after) * _UNITS[unit] // 10 ** len(after) if after else 0)
    return Duration(ranged(sign * whole, False))


def _local(value: Timestamp, zone: str) -> datetime:
    when = _EPOCH + timedelta(microseconds=value.ns // 1000)
    offset = re.fullmatch(r"([-+]?)(\d\d):(\d\d)", zone)
    try:
        if offset:
            shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            return when.astimezone(timezone(-shift if offset[1] == "-" else shift))
        return when.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        raise CelError(f"unknown time zone {zone}") from None


_PARTS: Final[dict[str, Callable[[datetime], int]]] = {
    "getFullYear": lambda when: when.year,
    "getMonth": lambda when: when.month - 1,
    "getDayOfYear": lambda when: when.timetuple().tm_yday - 1,
    "getDayOfMonth": lambda when: when.day - 1,
    "getDate": lambda when: when.day,
    "getDayOfWeek": lambda when: (when.weekday() + 1) % 7,
    "getHours": lambda when: when.hour,
    "getMinutes": lambda when: when.minute,
    "getSeconds": lambda when: when.second,
    "getMilliseconds": lambda when: when.microsecond // 1000,
}
_SPANS: Final = {"getHours": 3600 * SECOND, "getMinutes": 60 * SECOND, "getSeconds": SECOND, "getMilliseconds": 1000_000}


def _part(name: str, value: Value, zone: str = "UTC") -> int:
    if isinstance(value, Timestamp):
        return _PARTS[name](_local(value, zone))
    if isinstance(value, Duration) and name in _SPANS:
        whole = abs(value.ns) // _SPANS[name]
        return (whole if value.ns >= 0 else -whole) % (1000 if name == "getMilliseconds" else INT_LIMIT)
    raise no_overload()


for _name in _PARTS:
    _of_spans = ("duration.()int",) if _name in _SPANS else ()
    function(_name, "timestamp.()int", "timestamp.(string)int", *_of_spans)(
        lambda value, zone="UTC", name=_name: _part(name, value, zone)
    )


def show_duration(value: Duration) -> str:
    """Seconds, such as ``90s`` or ``1.5s``."""
    whole, rest = divmod(abs(value.ns), SECOND)
    return f"{'-' if value.ns < 0 else ''}{whole}{f'.{rest:09}'.rstrip('0') if rest else ''}s"
