"""echo and printf: the shell's own built-ins as programs."""

from podlab.mock.programs.applet import Call, applet
from podlab.mock.shell.builtins.printing import TURN_COST_NS, Formatter, echo_text
from podlab.mock.shell.encoding import from_machine, to_bytes, to_machine


@applet("echo", None, write_error="write error")
async def echo(call: Call) -> int:
    """Prints its operands."""
    await call.out.write(to_bytes(echo_text([from_machine(word) for word in call.operands])))
    return 0


@applet("printf", None, ignores_output_errors=True)
async def printf(call: Call) -> int:
    """Prints its operands as a format says."""
    words = [from_machine(word) for word in call.operands]
    if words[:1] == ["--"]:
        words = words[1:]
    if not words:
        call.usage()
    formatter = Formatter(words[1:], call.proc.charge_memory)
    for _ in formatter.turns(words[0]):
        await call.proc.cpu(TURN_COST_NS)
    for printed, complaint in formatter.said:
        await call.out.write(to_bytes(printed))
        await call.warn(to_machine(complaint))
    await call.out.write(to_bytes("".join(formatter.out)))
    return int(formatter.failed)
