"""uniq."""

import re
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.streams import Reader, Writer

_FIELD: Final = re.compile(rb"[ \t\n\v\f\r]*[^ \t\n\v\f\r]*")


@applet("uniq", "cdf:s:uw:iz")
async def uniq(call: Call) -> int:
    """Drops lines that are like the one before."""
    options = call.options
    fields = unsigned(options.get("f", "0"), 0, INT_MAX)
    chars = unsigned(options.get("s", "0"), 0, INT_MAX)
    width = unsigned(options.get("w", str(INT_MAX)), 0, INT_MAX)
    end = b"\0" if "z" in options else b"\n"
    source = call.operands[0] if call.operands else "-"
    reader = call.stdin if source == "-" else Reader(call.proc, await _open(call, source, 0))
    if len(call.operands) > 2:
        call.usage()
    out = call.out
    if len(call.operands) > 1 and call.operands[1] != "-":
        out = Writer(call.proc, await _open(call, call.operands[1], O_WRONLY | O_CREAT | O_TRUNC))
    count = 0
    kept, kept_key = b"", b""
    while lines := await reader.lines(end):
        await call.proc.cpu(300 * len(lines))
        for line in lines:
            key = line
            for _ in range(fields):
                match = _FIELD.match(key)
                key = key[match.end() :] if match else key
            key = key[chars : chars + width]
            if "i" in options:
                key = key.lower()
            if count and key == kept_key:
                count += 1
                continue
            await _emit(call, out, kept, count, end)
            kept, kept_key, count = line, key, 1
    await _emit(call, out, kept, count, end)
    if reader.error is not None:
        call.die(f"{call.operands[0] if call.operands else '(null)'}: I/O error")
    await out.flush()
    return 0


async def _emit(call: Call, out: Writer, line: bytes, count: int, end: bytes) -> None:
    """Prints what a run of equal lines gives."""
    if not count or ("d" in call.options and count == 1) or ("u" in call.options and count > 1):
        return
    prefix = b"%7d " % count if "c" in call.options else b""
    await out.write(prefix + line + end)


async def _open(call: Call, path: str, flags: int) -> int:
    """Opens a file, or dies."""
    try:
        return await call.proc.open(path, flags)
    except OSError as error:
        call.die_of(f"can't open '{path}'", error)
