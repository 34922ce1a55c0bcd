"""true, false, test and `[`."""

from podlab.mock.programs.applet import Call, applet
from podlab.mock.shell.builtins.testing import run_test
from podlab.mock.shell.encoding import from_machine, to_machine


@applet("true", None)
async def true(call: Call) -> int:
    """Succeeds."""
    return 0


@applet("false", None)
async def false(call: Call) -> int:
    """Fails."""
    return 1


@applet("test [ [[", None)
async def test(call: Call) -> int:
    """Evaluates a condition."""
    status, message = run_test(call.proc, [call.name, *map(from_machine, call.operands)])
    if message:
        await call.warn(to_machine(message))
    return status
