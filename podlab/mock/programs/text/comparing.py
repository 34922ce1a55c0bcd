"""cmp and comm: comparing files by bytes, and sorted files by lines."""

from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, LLONG_MAX, unsigned
from podlab.mock.programs.streams import BLOCK, Reader

BYTE_NS: Final = 2


@applet("cmp", "lsn:", operands=(1, 4))
async def cmp(call: Call) -> int:
    """Tells the first difference, or with -l all."""
    if "l" in call.options and "s" in call.options:
        call.usage()
    most = unsigned(call.options.get("n", "0"), 0, INT_MAX) if "n" in call.options else LLONG_MAX
    names = [*call.operands, "-"][:2] if len(call.operands) < 2 else call.operands[:2]
    skips = [unsigned(text, 0, LLONG_MAX) for text in call.operands[2:]]
    call.error_code = 2
    readers = [await _open(call, name) for name in names]
    if readers[0] is readers[1]:
        return 0
    for reader, skip in zip(readers, skips, strict=False):
        while skip > 0 and (data := await reader.read_exactly(min(skip, BLOCK))):
            skip -= len(data)
    return await _compare(call, names, readers, most)


async def _compare(call: Call, names: list[str], readers: list[Reader], most: int) -> int:
    code, line, place = 0, 1, 0
    while place < most:
        one, two = [await reader.read_exactly(min(BLOCK, most - place)) for reader in readers]
        await call.proc.cpu(len(one) * BYTE_NS)
        shared = min(len(one), len(two))
        if one[:shared] != two[:shared]:
            code = 1
            if not await _report(call, names, (one, two), place, line):
                return 1
        if len(one) != len(two):
            await _end(call, *((names[0], readers[0]) if len(one) < len(two) else (names[1], readers[1])))
            return 1
        if not one:
            break
        place += shared
        line += one.count(b"\n")
    return code


async def _report(call: Call, names: list[str], blocks: tuple[bytes, bytes], place: int, line: int) -> bool:
    """Tells the differences of two blocks. False when the first is enough."""
    if "s" in call.options:
        return False
    for index, (a, b) in enumerate(zip(*blocks, strict=False)):
        if a == b:
            continue
        if "l" not in call.options:
            here = line + blocks[0].count(b"\n", 0, index)
            await call.out.write_text(f"{names[0]} {names[1]} differ: char {place + index + 1}, line {here}\n")
            if "n" in call.options:  # with a limit busybox tells all up to there
                continue
            return False
        await call.out.write_text(f"{place + index + 1} {a:3o} {b:3o}\n")
    return True


async def _end(call: Call, name: str, reader: Reader) -> None:
    """Tells which file ended first; or dies of what ended it."""
    if reader.error is not None:
        call.die(f"{name}: I/O error")
    if "s" not in call.options:
        await call.out.flush()
        await call.error(f"cmp: EOF on {name}\n")


async def _open(call: Call, name: str) -> Reader:
    try:
        return await call.open(name)
    except OSError as error:
        call.die("" if call.name == "cmp" and "s" in call.options else f"{name}: {strerror(error.errno or 0)}")


@applet("comm", "123", operands=(2, 2))
async def comm(call: Call) -> int:
    """Lines only in one, only in the other, in both."""
    first, second = [await _open(call, name) for name in call.operands]
    shown = [str(column) not in call.options for column in (1, 2, 3)]
    indent = [b"", b"\t" * shown[0], b"\t" * (shown[0] + shown[1])]
    left, right = await first.line(), await second.line()
    while left or right:
        order = 1 if not left else -1 if not right else (left > right) - (left < right)
        column = (2, 1, 0)[order]
        if shown[column]:
            await call.out.write(indent[column] + (right if column == 1 else left))
        if order <= 0:
            left = await first.line()
        if order >= 0:
            right = await second.line()
    return 0
