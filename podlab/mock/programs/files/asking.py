"""Questions before something is overwritten or removed."""

from podlab.mock.programs.applet import Call


async def confirmed(call: Call, question: str) -> bool:
    """Asks on standard error, and reads a line of standard input: whether it begins with y."""
    await call.out.flush()
    await call.error(f"{call.name}: {question}? ")
    return (await call.stdin.line()).lstrip(b" \t")[:1] in (b"y", b"Y")
