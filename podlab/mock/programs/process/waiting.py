"""sleep and usleep."""

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.durations import parse_duration
from podlab.mock.programs.numbers import UINT_MAX, unsigned


@applet("sleep", None)
async def sleep(call: Call) -> int:
    """Waits for the sum of its operands."""
    if not call.operands:
        call.usage()
    await call.proc.sleep(sum(parse_duration(word) for word in call.operands))
    return 0


@applet("usleep", None, operands=(1, None))
async def usleep(call: Call) -> int:
    """Waits for microseconds."""
    await call.proc.sleep(unsigned(call.operands[0], 0, UINT_MAX) / 1_000_000)
    return 0
