"""fallocate, shred, fsync, tree: room for files, and what is in them."""

import stat as st

from podlab.mock.machine.descriptors import O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.numbers import INT_MAX, KMG, LLONG_MAX, unsigned

CHUNK = 65_536


@applet("fallocate", "l:o:", operands=(1, 1))
async def fallocate(call: Call) -> int:
    """Makes a file as large as asked."""
    length = call.options.get("l")
    if length is None:
        call.usage()
    size = unsigned(length, 0, LLONG_MAX, KMG)
    offset = unsigned(call.options.get("o", "0"), 0, LLONG_MAX, KMG)
    name = call.operands[0]
    fd = await call.proc.open(name, O_RDWR | O_CREAT, 0o666)
    if size == 0:
        call.die(f"fallocate '{name}': Invalid argument")
    at = call.proc.lseek(fd, max(call.proc.fstat(fd).size, offset))
    while at < offset + size:  # written, not left as a hole: the room is taken
        count = min(offset + size - at, CHUNK)
        await call.proc.write(fd, bytes(count))
        at += count
    return 0


@applet("shred", "fuzn:vxs:", operands=(1, None))
async def shred(call: Call) -> int:
    """Overwrites files."""
    passes = unsigned(call.options.get("n", "3"), 0, INT_MAX)
    random = call.proc.kernel.random("shred")
    for name in call.operands:
        if "f" in call.options:
            call.proc.chmod(name, 0o666)
        try:
            fd = await call.proc.open(name, O_WRONLY)
        except OSError as error:
            call.die(f"can't open '{name}': {strerror(error.errno or 0)}")
        if (size := call.proc.fstat(fd).size) and (wanted := call.options.get("s")) is not None:
            try:
                size = unsigned(wanted, 0, LLONG_MAX, base=0)
            except Die:
                call.usage()
        for turn in range(passes + ("z" in call.options)):
            call.proc.lseek(fd, 0, 0)
            left = size
            while left > 0:
                count = min(left, CHUNK)
                await call.proc.write(fd, bytes(count) if turn == passes else random.randbytes(count))
                left -= count
        call.proc.close(fd)
        if "u" in call.options:
            call.proc.unlink(name)
    return 0


@applet("fsync", "d", operands=(1, None))
async def fsync(call: Call) -> int:
    """Everything is on the disk already."""
    code = 0
    for name in call.operands:
        try:
            call.proc.close(await call.proc.open(name, O_RDONLY))
        except OSError as error:
            await call.warn(f"can't open '{name}': {strerror(error.errno or 0)}")
            code = 1
    return code


@applet("readahead", None, operands=(1, None))
async def readahead(call: Call) -> int:
    """Everything is in memory already."""
    code = 0
    for name in call.operands:
        reader = await call.open_or_warn(name)
        if reader is None:
            code = 1
        else:
            reader.close()
    return code


@applet("tree", None, ignores_output_errors=True)
async def tree(call: Call) -> int:
    """Draws directories and what is in them."""
    counts = [0, 0]
    for name in call.operands or ["."]:
        try:
            call.proc.listdir(name)
        except OSError:
            await call.out.write_text(f"{name} [error opening dir]\n")
            continue
        await call.out.write_text(name + "\n")
        await _branches(call, name, "", counts)
    await call.out.write_text(f"\n{counts[0]} directories, {counts[1]} files\n")
    return 0


async def _branches(call: Call, path: str, indent: str, counts: list[int]) -> None:
    try:
        names = sorted(name for name in call.proc.listdir(path) if not name.startswith("."))
    except OSError:
        return
    for index, name in enumerate(names):
        last = index == len(names) - 1
        full = join(path, name)
        mode = call.proc.lstat(full).mode
        shown = f"{name} -> {call.proc.readlink(full)}" if st.S_ISLNK(mode) else name
        await call.proc.cpu(3_000)
        await call.out.write_text(f"{indent}{'└── ' if last else '├── '}{shown}\n")
        counts[0 if st.S_ISDIR(mode) else 1] += 1
        if st.S_ISDIR(mode):
            await _branches(call, full, indent + ("    " if last else "│   "), counts)
