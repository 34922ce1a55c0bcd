"""dd: copies in blocks."""

from dataclasses import dataclass, field

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import LLONG_MAX, human_readable, unsigned

SUFFIXES = {
    "c": 1, "w": 2, "b": 512, "kB": 1000, "kD": 1000, "k": 1 << 10, "KB": 1000, "KD": 1000, "K": 1 << 10,
    "MB": 10**6, "MD": 10**6, "M": 1 << 20, "GB": 10**9, "GD": 10**9, "G": 1 << 30,
}  # fmt: skip
FLAGS = {
    "conv": ("notrunc", "sync", "noerror", "fsync", "swab"),
    "iflag": ("skip_bytes", "count_bytes", "fullblock", "direct"),
    "oflag": ("seek_bytes", "append", "direct"),
    "status": ("noxfer", "none"),
}
BUFFERED = 1 << 32


@dataclass(slots=True)
class Wish:
    """What was asked for: sizes in bytes, counts in blocks (or bytes, where a flag says so)."""

    source: str | None = None
    target: str | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)

    @property
    def into(self) -> int:
        """Bytes of an input block."""
        return self.sizes.get("bs", self.sizes.get("ibs", 512))

    @property
    def out(self) -> int:
        """Bytes of an output block."""
        return self.sizes.get("bs", self.sizes.get("obs", 512))

    def place(self, name: str, block: int) -> int:
        """`skip`, `seek` or `count` in bytes."""
        return self.sizes.get(name, 0) * (1 if f"{name}_bytes" in self.flags else block)


@dataclass(slots=True)
class Counts:
    """Blocks, whole and in part, read and written; and bytes written."""

    read: list[int] = field(default_factory=lambda: [0, 0])
    written: list[int] = field(default_factory=lambda: [0, 0])
    total: int = 0


@applet("dd", None)
async def dd(call: Call) -> int:
    """Copies `count` blocks from `if` to `of`."""
    wish = _wish(call)
    proc = call.proc
    source = 0 if wish.source is None else (await call.open_or_die(wish.source)).fd
    target = await _target(call, wish)
    await _skip(call, source, wish)
    room = wish.into + (wish.out if wish.out != wish.into else 0)
    if room > BUFFERED:
        call.die("out of memory")
    proc.charge_memory(room)
    begun = proc.kernel.now_ns
    counts = Counts()
    code = await _copy(call, wish, source, target, counts)
    proc.charge_memory(-room)
    if "none" not in wish.flags:
        lines = "".join(
            f"{whole}+{part} records {way}\n" for (whole, part), way in ((counts.read, "in"), (counts.written, "out"))
        )
        seconds = (proc.kernel.now_ns - begun) / 1e9
        await call.error(lines + ("" if "noxfer" in wish.flags else _summary(counts.total, seconds)))
    return code


def _wish(call: Call) -> Wish:
    wish = Wish()
    for word in call.operands:
        name, equals, value = word.partition("=")
        if name in FLAGS and equals:
            for flag in value.split(","):
                if flag not in FLAGS[name]:
                    call.die(f"invalid argument '{flag}' to '{name}'")
                wish.flags.add(flag)
        elif name in ("bs", "ibs", "obs") and equals:
            wish.sizes[name] = unsigned(value, 1, LLONG_MAX, SUFFIXES)
        elif name in ("count", "seek", "skip") and equals:
            wish.sizes[name] = unsigned(value, 0, LLONG_MAX, SUFFIXES)
        elif name == "if" and equals:
            wish.source = value
        elif name == "of" and equals:
            wish.target = value
        else:
            call.usage()
    return wish


async def _target(call: Call, wish: Wish) -> int:
    if wish.target is None:
        return 1
    seek, keep = wish.place("seek", wish.out), "notrunc" in wish.flags
    flags = O_WRONLY | O_CREAT | (O_APPEND if "append" in wish.flags else 0) | (0 if keep or seek else O_TRUNC)
    try:
        fd = await call.proc.open(wish.target, flags, 0o666)
        if seek:
            if not keep:
                call.proc.ftruncate(fd, seek)
            call.proc.lseek(fd, seek)
    except OSError as error:
        call.die(f"can't open '{wish.target}': {strerror(error.errno or 0)}")
    return fd


async def _skip(call: Call, source: int, wish: Wish) -> None:
    rest = wish.place("skip", wish.into)
    while rest > 0 and (data := await call.proc.read(source, min(rest, 65_536))):
        rest -= len(data)


async def _copy(call: Call, wish: Wish, source: int, target: int, counts: Counts) -> int:
    most = wish.sizes.get("count")
    left = most if most is not None and "count_bytes" in wish.flags else None
    waiting = bytearray()
    while most is None or left is not None or sum(counts.read) < most:
        size = wish.into if left is None else min(wish.into, left)
        try:
            data = await _block(call, source, size, "fullblock" in wish.flags) if size else b""
        except OSError as error:
            call.die_of(wish.source or "standard input", error)
        if not data:
            break
        if left is not None:
            left -= len(data)
        counts.read[len(data) < wish.into] += 1
        data = _converted(call, wish, data)
        if wish.into == wish.out:
            if not await _write(call, wish, target, data, counts):
                return 1
            continue
        waiting += data
        while len(waiting) >= wish.out:
            if not await _write(call, wish, target, bytes(waiting[: wish.out]), counts):
                return 1
            del waiting[: wish.out]
    return 0 if not waiting or await _write(call, wish, target, bytes(waiting), counts) else 1


def _converted(call: Call, wish: Wish, data: bytes) -> bytes:
    if "swab" in wish.flags:
        if len(data) % 2:
            call.die(f"can't swab {len(data)} byte buffer")
        data = b"".join(data[i : i + 2][::-1] for i in range(0, len(data), 2))
    return data.ljust(wish.into, b"\0") if "sync" in wish.flags else data


async def _write(call: Call, wish: Wish, target: int, data: bytes, counts: Counts) -> bool:
    try:
        await call.proc.write(target, data)
    except OSError as error:
        await call.warn_of("error writing " + f"'{wish.target}'" if wish.target is not None else "error writing", error)
        return False
    counts.total += len(data)
    counts.written[len(data) < wish.out] += 1
    return True


def _summary(total: int, seconds: float) -> str:
    rate = human_readable(int(total / seconds)) if seconds else "0"
    return f"{total} bytes ({human_readable(total)}B) copied, {seconds:.6f} seconds, {rate}B/s\n"


async def _block(call: Call, fd: int, size: int, exact: bool) -> bytes:
    """A block: what one read gives, of a file or device the whole block."""
    data = await call.proc.read(fd, size)
    file = call.proc.file(fd)
    while data and len(data) < size and (exact or (file.inode is not None and file.mode & 0o170000 in (0o100000, 0o020000))):
        more = await call.proc.read(fd, size - len(data))
        if not more:
            break
        data += more
    return data
