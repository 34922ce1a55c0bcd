"""date."""

from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import LocalTime, local_time, strftime, utc_offset
from podlab.mock.programs.system.datewords import midnight, moment_of, parse_date, strptime
from podlab.mock.programs.timezones import UTC, Zone, parse_zone

LONG_OPTIONS: Final = {"rfc-822": "R", "rfc-2822": "R", "set": "s", "utc": "u", "date": "d", "reference": "r"}
ISO_SPECS: Final = ("date", "hours", "minutes", "seconds", "ns")


@applet("date", "Rs:ud:r:I::D:", long_options=LONG_OPTIONS, ignores_output_errors=True)
async def date(call: Call) -> int:
    """Prints the time."""
    options = call.options
    zone = UTC if "u" in options else parse_zone(call.proc.env.get("TZ"))
    template = None
    operands = call.operands
    if operands and operands[0].startswith("+"):
        template, operands = operands[0][1:], operands[1:]
    if len(operands) > 1 or (operands and "d" in options):
        call.usage()
    seconds, nanoseconds = _moment(call, zone)
    if operands or "s" in options:
        if "s" not in options:
            parse_date(operands[0], midnight(call.proc.kernel.wall_ns, zone), zone)
        else:
            seconds, nanoseconds = _read(call, options.get("s") or "", zone), 0
        await call.warn("can't set date: Operation not permitted")
        return 1
    time = local_time(seconds, zone, nanoseconds)
    if template is None:
        template = _template(call, time)
    if template == "":
        await call.out.write(b"\n")
        return 0
    await call.out.write_text(strftime(template, time) + "\n")
    return 0


def _moment(call: Call, zone: Zone) -> tuple[int, int]:
    """The time to print: Unix seconds and nanoseconds."""
    options = call.options
    if (path := options.get("r")) is not None:
        try:
            stamp = call.proc.stat(path).mtime_ns
        except OSError as error:
            call.die_of(f"can't stat '{path}'", error)
        return divmod(stamp, SECOND)
    if (text := options.get("d")) is not None:
        return _read(call, text, zone), 0
    return divmod(call.proc.kernel.wall_ns, SECOND)


def _read(call: Call, text: str, zone: Zone) -> int:
    form = call.options.get("D")
    now = call.proc.kernel.wall_ns
    if form is None:
        return parse_date(text, midnight(now, zone), zone)
    found = strptime(text, form, midnight(now, zone))
    if found is None:
        call.die(f"invalid date '{text}'")
    return moment_of(found[0], text, zone)


def _template(call: Call, time: LocalTime) -> str:
    """The format of -I, -R, or the usual one."""
    options = call.options
    if "R" in options:
        return "%a, %d %b %Y %H:%M:%S %z"
    if "I" in options:
        spec = options.get("I") or "date"
        matches = [number for number, name in enumerate(ISO_SPECS) if name.startswith(spec)]
        if not matches:
            call.usage()
        forms = ("", "T%H", "T%H:%M", "T%H:%M:%S", f"T%H:%M:%S,{time.nanosecond:09d}")
        return "%Y-%m-%d" + forms[matches[0]] + (utc_offset(time, ":") if matches[0] else "")
    return "%a %b %e %H:%M:%S %Z %Y"
