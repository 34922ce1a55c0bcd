"""more and less: where their output is no terminal they are cat. On a terminal they are not modelled."""

from podlab.mock.programs.applet import Call, applet


@applet("more", "")
async def more(call: Call) -> int:
    """Copies files to standard output."""
    _refuse_terminal(call)
    code = 0
    for name in call.operands or ["-"]:
        code |= await _copy(call, name)
    return code


@applet("less", "EFIMmNSRh~")
async def less(call: Call) -> int:
    """Copies files to standard output."""
    _refuse_terminal(call)
    for name in call.operands or ["-"]:
        if await _copy(call, name):
            return 1
    return 0


def _refuse_terminal(call: Call) -> None:
    if call.proc.isatty(1):
        call.die("not modelled by podlab on a terminal: pipe through cat")


async def _copy(call: Call, name: str) -> int:
    reader = await call.open_or_warn(name)
    if reader is None:
        return 1
    while data := await reader.read():
        await call.out.write(data)
    return await call.close(reader, name)
