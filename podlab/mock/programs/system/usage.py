"""du, df, free, uptime, sync, clear, mountpoint: what is used, and what is there."""

import errno
import stat as st
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.numbers import INT_MAX, KMG, human_readable, unsigned
from podlab.mock.programs.process.scan import read_table
from podlab.mock.shell.trampoline import Call as Deep


@applet("du", "aHLkshmlbcxd:", long_options={"summarize": "s"})
async def du(call: Call) -> int:
    """What files take."""
    depth = unsigned(call.options.get("d", str(INT_MAX)), 0, INT_MAX)
    deepest = 0 if "s" in call.options else depth
    total = code = 0
    seen: set[int] = set()
    for name in call.operands or ["."]:
        try:
            total += await _sum(call, name, 0, deepest, seen)
        except OSError as error:
            await call.warn_of(name, error)
            code = 1
    if "c" in call.options:
        await call.out.write_text(f"{_shown(call, total)}\ttotal\n")
    return code


def _shown(call: Call, amount: int) -> str:
    unit = 1 if "b" in call.options else 512
    letter = call.options.last_of("hmk")
    if letter == "h":
        return human_readable(amount, unit)
    if unit == 1 and letter != "m" and letter != "k":
        return str(amount)
    size = 1 << 20 if letter == "m" else 1 << 10
    return str(-(-amount * unit // size))


async def _sum(call: Call, path: str, depth: int, deepest: int, seen: set[int]) -> int:
    await call.proc.cpu(2000)
    found = call.proc.stat(path) if "L" in call.options or (depth == 0 and "H" in call.options) else call.proc.lstat(path)
    if found.nlink > 1 and "l" not in call.options:
        if found.ino in seen:
            return 0
        seen.add(found.ino)
    amount = found.size if "b" in call.options else found.blocks
    if st.S_ISDIR(found.mode):
        for name in call.proc.listdir(path):
            amount += await Deep(_sum(call, join(path, name), depth + 1, deepest, seen))
    if depth <= deepest and (depth == 0 or st.S_ISDIR(found.mode) or "a" in call.options):
        await call.out.write_text(f"{_shown(call, amount)}\t{path}\n")
    return amount


@applet("df", "PkTmhait:B:", refused="i")
async def df(call: Call) -> int:
    """The file systems."""
    options = call.options
    unit, human = _unit(call)
    head = "     Size" if human else {1 << 20: "1M-blocks", 1 << 10: "1K-blocks"}.get(unit, f"{unit}-blocks")
    if "P" in options and head == "1K-blocks":
        head = "1024-blocks"
    kind = "Type       " if "T" in options else ""
    share = "Capacity" if "P" in options else "Use%"
    await call.out.write_text(f"Filesystem           {kind}{head:<15}Used Available {share} Mounted on\n")
    code = 0
    for path in call.operands or sorted(call.proc.mounts.mounts):
        try:
            source, fs_kind, size, used = call.proc.statvfs(path)
        except OSError:
            await call.warn(f"{path}: can't find mount point")
            code = 1
            continue
        if (size is None and not (call.operands or "a" in options)) or options.get("t") not in (None, fs_kind):
            continue
        extra = f"{fs_kind:<10} " if "T" in options else ""
        shown = call.proc.mounts.mount_of(call.proc.realpath(path)).path
        await call.out.write_text(f"{source:<20} {extra}{_amounts(size or 0, used if size else 0, unit, human)} {shown}\n")
    return code


def _unit(call: Call) -> tuple[int, bool]:
    """The size of df's blocks, and whether sizes are shown for humans instead."""
    if (text := call.options.get("B")) is not None:
        return unsigned(text, 1, INT_MAX, KMG), False
    letter = call.options.last_of("mkh")
    return 1 << 20 if letter == "m" else 1 << 10, letter == "h"


def _amounts(size: int, used: int, unit: int, human: bool) -> str:
    """df's columns of size, used, available and share."""
    amounts = (size, used, max(size - used, 0))
    shown = [human_readable(amount) if human else str((amount + unit // 2) // unit) for amount in amounts]
    return " ".join(f"{text:>9}" for text in shown) + f" {-(-used * 100 // size) if size else 0:>3}%"


_UNITS: Final = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "h": 0}
"""The units of `free`, in bytes; 0: whichever fits."""


@applet("free", None)
async def free(call: Call) -> int:
    """The memory of the node, as /proc/meminfo has it, in a unit that the first letter of the first argument names."""
    words = call.operands
    unit = _UNITS.get(words[0][1:2] if words and words[0].startswith("-") else "k")
    if unit is None:
        call.usage()
    try:
        table = await read_table(call.proc, "/proc/meminfo")
    except OSError as error:
        call.die_of("can't open '/proc/meminfo'", error)
    names = ("MemTotal", "MemFree", "Shmem", "Buffers", "Cached", "SReclaimable", "MemAvailable", "SwapTotal", "SwapFree")
    total, free_, shared, buffers, cached, reclaimable, available, swap, free_swap = (table.get(name, 0) << 10 for name in names)
    cache = buffers + cached + reclaimable
    cells = [human_readable(size, 1, unit) for size in (total, total - cache - free_, free_, shared, cache, available)]
    swaps = [human_readable(size, 1, unit) for size in (swap, swap - free_swap, free_swap)]
    heads = ("total", "used", "free", "shared", "buff/cache", "available")
    await call.out.write_text("       " + "".join(f"{name:>12}" for name in heads) + "\n")
    await call.out.write_text("Mem:   " + "".join(f"{cell:>12}" for cell in cells) + "\n")
    await call.out.write_text("Swap:  " + "".join(f"{cell:>12}" for cell in swaps) + "\n")
    return 0


@applet("uptime", "")
async def uptime(call: Call) -> int:
    """How long the node has been up."""
    kernel = call.proc.kernel
    seconds = kernel.now_ns // 10**9
    clock = kernel.wall_ns // 10**9 % 86_400
    days, minutes = seconds // 86_400, seconds // 60 % 60
    hours = seconds // 3600 % 24
    up = f"{days} day{'s' if days != 1 else ''}, " if days else ""
    up += f"{hours:2d}:{minutes:02d}" if hours else f"{minutes} min"
    text = f" {clock // 3600:02d}:{clock // 60 % 60:02d}:{clock % 60:02d} up {up},  0 users,  load average: 0.00, 0.00, 0.00\n"
    await call.out.write_text(text)
    return 0


@applet("sync", None)
async def sync(call: Call) -> int:
    """Everything is on the disk already; the image's busybox is built without files to sync."""
    if call.operands:
        await call.warn("ignoring all arguments")
    return 0


@applet("clear reset", None)
async def clear(call: Call) -> int:
    """Clears a terminal, or sets it back to what it was at first, which only terminals can be."""
    if call.name == "clear":
        await call.out.write(b"\x1b[H\x1b[J")
    elif call.proc.isatty(1):
        await call.out.write(b"\x1bc\x1b(B\x1b[m\x1b[J\x1b[?25h")
    return 0


@applet("mountpoint", "qdnx", operands=(1, 1))
async def mountpoint(call: Call) -> int:
    """Whether a directory is a mount; with -n of what, with -d and -x the numbers of a device."""
    path, options, proc = call.operands[0], call.options, call.proc
    try:
        found = proc.lstat(path)
        if "x" not in options and not st.S_ISDIR(found.mode):
            raise NotADirectoryError(errno.ENOTDIR, path)
        place = proc.realpath(path)
    except OSError as error:
        if "q" not in options:
            await call.warn_of(path, error)
        return 1
    if "x" in options:
        call.die("" if "q" in options else f"{path}: not a block device")
    is_mount = place in proc.mounts.mounts
    if "d" in options:
        await call.out.write_text(f"{found.dev >> 8}:{found.dev & 255}\n")
    if "n" in options:
        await call.out.write_text(f"{proc.statvfs(path)[0]} {path}\n")
    if not options.any("qdn"):
        await call.out.write_text(f"{path} is {'' if is_mount else 'not '}a mountpoint\n")
    return int(not is_mount)
