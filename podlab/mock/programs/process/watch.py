"""watch: a program, over and over."""

from podlab.mock.kernel import SECOND
from podlab.mock.programs import terminal
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.durations import parse_duration
from podlab.mock.programs.process.running import run
from podlab.mock.programs.timezones import parse_zone

CLEAR = b"\x1b[H\x1b[J"


@applet("watch", "+dtn:", operands=(1, None))
async def watch(call: Call) -> int:
    """Clears the screen and runs a command, each so many seconds."""
    period = parse_duration(call.options.get("n", "2"))
    command = " ".join(call.operands)
    while True:
        await call.out.write(CLEAR)
        if "t" not in call.options:
            await call.out.write_text(_header(call, period, command))
        await run(call, ["sh", "-c", command])
        await call.proc.sleep(period)


def _header(call: Call, period: float, command: str) -> str:
    """What runs, and at its right the time."""
    now = strftime("%Y-%m-%d %H:%M:%S", local_time(call.proc.kernel.wall_ns // SECOND, parse_zone(call.proc.env.get("TZ"))))
    width = terminal.width(call.proc)
    head = f"Every {period:.1f}s: {command}"
    room = width - len(now) - 1
    return f"{head[:room]:<{max(room, 0)}} {now}\n\n" if room > 0 else f"{head[:width]}\n\n"
