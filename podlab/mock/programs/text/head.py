"""head."""

import re

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import BKM, unsigned
from podlab.mock.programs.options import parse
from podlab.mock.programs.streams import Reader, to_bytes

OPTIONS = "n:c:qv"


@applet("head", None)
async def head(call: Call) -> int:
    """Prints the beginning of files."""
    words = call.operands
    if words and re.match(r"-\d", words[0]):
        words = ["-n", words[0][1:], *words[1:]]
    call.options, files = parse(OPTIONS, None, words)
    unit = "c" if "c" in call.options else "n"
    text = call.options.get(call.options.last_of("nc"), "10")
    all_but_last = any(given.startswith("-") for letter, given in call.options.given if letter in "nc")
    count = unsigned(text.removeprefix("-"), suffixes=BKM)
    last = call.options.last_of("qv")
    headers = last == "v" or (len(files) > 1 and not last)
    code = 0
    for index, name in enumerate(files or ["-"]):
        reader = await call.fopen_or_warn(name)
        if reader is None:
            code = 1
            continue
        if headers:
            shown = "standard input" if name == "-" else name
            await call.out.write(to_bytes(f"{chr(10) if index else ''}==> {shown} <==\n"))
        await _print(call, reader, unit, count, all_but_last)
        reader.close()
        if reader.error is not None:
            await call.warn(f"{'standard input' if name == '-' else name}: Input/output error")
            code = 1
    return code


async def _print(call: Call, reader: Reader, unit: str, count: int, all_but_last: bool) -> None:
    if all_but_last:
        await (_all_but_lines if unit == "n" else _all_but_bytes)(call, reader, count)
    elif unit == "c":
        while count > 0 and (data := await reader.read_exactly(min(count, 4096))):
            count -= len(data)
            await call.out.write(data)
    else:
        while count > 0 and (line := await reader.line()):
            count -= 1
            await call.out.write(line)


async def _all_but_lines(call: Call, reader: Reader, count: int) -> None:
    held: list[bytes] = []
    while line := await reader.line():
        held.append(line)
        if len(held) >= 2 * count + 1000:
            await call.out.write(b"".join(held[:-count] if count else held))
            del held[: len(held) - count]
    await call.out.write(b"".join(held[: max(len(held) - count, 0)]))


async def _all_but_bytes(call: Call, reader: Reader, count: int) -> None:
    held = b""
    while data := await reader.read():
        held += data
        if len(held) > count:
            await call.out.write(held[: len(held) - count])
            held = held[len(held) - count :]
