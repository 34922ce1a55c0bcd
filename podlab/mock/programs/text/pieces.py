"""strings, split, shuf, factor: pieces of files and numbers."""

import re
from collections.abc import AsyncIterator
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.numbers import INT_MAX, LLONG_MAX, UINT_MAX, unsigned
from podlab.mock.programs.streams import LONG, Reader, Writer, to_bytes

POINTER_BYTES: Final = 64
"""What a number to be shuffled takes in memory."""
STRIDE: Final = 1024
NUMBER_COST_NS: Final = 300
STRING_COST_NS: Final = 100
_NAME_MAX: Final = 255
_SIZES: Final = {"b": 512, "k": 1024, "m": 1 << 20, "g": 1 << 30}
_PRINTABLE: Final = frozenset((9, *range(32, 127)))


@applet("strings", "faon:t:")
async def strings(call: Call) -> int:
    """Runs of printable characters."""
    least = unsigned(call.options.get("n", "4"), 1, INT_MAX)
    if (call.options.get("t") or "o") not in ("o", "d", "x"):
        call.usage()
    radix = "o" if "o" in call.options else {"o": "o", "d": "d", "x": "x"}.get((call.options.get("t") or " ")[0])
    code = 0
    for name in call.operands or ["-"]:
        reader = await call.fopen_or_warn(name)
        if reader is None:
            code = 1
            continue
        await _strings(call, reader, least, f"{name}: " if "f" in call.options else "", radix)
        reader.close()
    return code


async def _strings(call: Call, reader: Reader, least: int, head: str, radix: str | None) -> None:
    """Prints the runs of one file, as they come."""
    printable = re.compile(rb"[\t\x20-\x7e]+")
    run, start, offset = bytearray(), 0, 0
    while True:
        data = await reader.read()
        await call.proc.cpu(len(data) * STRING_COST_NS)
        for match in printable.finditer(data):
            if match.start() > 0 or not run:
                await _string(call, run, least, head, start, radix)
                run, start = bytearray(), offset + match.start()
            run += match[0]
        if len(run) > LONG:
            call.proc.charge_memory(len(run))  # an endless one is not held for nothing
        if not data or data[-1] not in _PRINTABLE:
            await _string(call, run, least, head, start, radix)
            run = bytearray()
        if not data:
            return
        offset += len(data)


async def _string(call: Call, run: bytearray, least: int, head: str, start: int, radix: str | None) -> None:
    if len(run) >= least:
        await call.out.write_text(head + (format(start, f"7{radix}") + " " if radix else ""))
        await call.out.write(bytes(run) + b"\n")


@applet("split", "l:b:a:", operands=(0, 2))
async def split(call: Call) -> int:
    """A file in pieces."""
    get = call.options.get
    letters = unsigned(get("a", "2"), 0, INT_MAX)
    prefix = call.operands[1] if len(call.operands) > 1 else "x"
    reader = await call.open_or_die(call.operands[0] if call.operands else "-")
    by_bytes = "b" in call.options
    count = unsigned(get("b", "1"), suffixes=_SIZES) if by_bytes else unsigned(get("l", "1000"), 0, LLONG_MAX)
    if len(to_bytes(prefix)) + letters > _NAME_MAX:
        call.die("suffix too long")
    number, left, fd = 0, 0, -1
    while data := await reader.read_exactly(min(left or count or LONG, LONG)) if by_bytes else await reader.line():
        while not left:
            if fd >= 0:
                call.proc.close(fd)
            if number >= 26**letters:
                call.die("suffixes exhausted")
            suffix = "".join(chr(97 + number // 26**place % 26) for place in reversed(range(letters)))
            fd = await call.proc.open(prefix + suffix, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
            number, left = number + 1, count
            if not by_bytes:
                break
        await call.proc.write(fd, data)
        left -= len(data) if by_bytes else 1
    return 0


@applet("shuf", "ei:n:o:z")
async def shuf(call: Call) -> int:
    """Lines in an order of chance, from the kernel's seeded stream."""
    if (len(call.operands) > 1 and "e" not in call.options) or ("i" in call.options and ("e" in call.options or call.operands)):
        call.usage()
    most = unsigned(call.options.get("n", str(UINT_MAX)), 0, UINT_MAX)
    end = b"\0" if "z" in call.options else b"\n"
    if "i" in call.options:
        low, dash, high = (text := call.options.get("i") or "").partition("-")
        if not dash or unsigned(low) > unsigned(high):
            call.die(f"bad range '{text}'")
        numbers = range(unsigned(low), unsigned(high) + 1)
        call.proc.charge_memory((numbers.stop - numbers.start) * POINTER_BYTES)
        items = [b"%d" % number async for number in unhurried(call, numbers)]
    elif "e" in call.options:
        items = [word.encode("utf-8", "surrogateescape") for word in call.operands]
    else:
        name = call.operands[0] if call.operands else "-"
        try:
            reader = await call.open(name)
        except OSError as error:
            call.die_of(name, error)
        data = await reader.read_all()
        items = data.removesuffix(end).split(end) if data else []
    out = call.out
    if (path := call.options.get("o")) is not None:
        out = Writer(call.proc, await call.proc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666))
    chance = call.proc.kernel.random("shuf")
    async for place in unhurried(call, range(min(most, len(items)))):
        other = chance.randrange(place, len(items))
        items[place], items[other] = items[other], items[place]
        await out.write(items[place] + end)
    await out.flush()
    return 0


async def unhurried(call: Call, numbers: range) -> AsyncIterator[int]:
    """The numbers; others run after so many of them."""
    for number in numbers:
        if number % STRIDE == 0:
            await call.proc.cpu(STRIDE * NUMBER_COST_NS)
        yield number


@applet("factor", None)
async def factor(call: Call) -> int:
    """Prime factors."""
    words = call.operands
    if not words:
        words = (await call.stdin.read_all()).decode("latin-1").split()
    for word in words:
        try:
            number = unsigned(word.lstrip().removeprefix("+"))
        except Die:
            call.usage()
        rest, divisor, found = number, 2, []
        while divisor * divisor <= rest and divisor < 2_000_000:
            while rest % divisor == 0:
                found.append(divisor)
                rest //= divisor
            divisor += 1 if divisor == 2 else 2
            if divisor % 1001 == 0:
                await call.proc.cpu(5000)
        if rest > 1:
            found.append(rest)
        await call.out.write_text(f"{number}:" + "".join(f" {f}" for f in found) + "\n")
    return 0
