"""What a pager does where its output is no terminal: it copies, as cat does."""

from podlab.mock.programs.applet import Call


async def copy(call: Call) -> int:
    """Copies the operands, or standard input, to standard output."""
    code = 0
    for name in call.operands or ["-"]:
        code |= await _copy_file(call, name)
    return code


async def _copy_file(call: Call, name: str) -> int:
    reader = await call.open_or_warn(name)
    if reader is None:
        return 1
    while data := await reader.read():
        await call.out.write(data)
    return await call.close(reader, "read error")
