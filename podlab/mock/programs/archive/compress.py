"""gzip, bzip2, xz and their kin: files compressed and made whole again."""

import errno
from collections.abc import AsyncIterator
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_EXCL, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.archive.formats import KINDS, LONGEST_MAGIC, Damaged, Kind, Packing, kind_of
from podlab.mock.programs.archive.source import Source
from podlab.mock.programs.streams import Reader, Writer

PACK: Final = "cfkdtqv123456789"
UNPACK: Final = "cfkdtqv"
_PERCENT: Final = 100
_WRAP: Final = 1 << 32


_UNPACK_LONG: Final = {"stdout": "c", "to-stdout": "c", "force": "f", "test": "t", "no-name": "n"}
_PACK_LONG: Final = {
    "stdout": "c",
    "to-stdout": "c",
    "force": "f",
    "verbose": "v",
    "test": "t",
    "quiet": "q",
    "fast": "1",
    "best": "9",
    "no-name": "n",
}


@applet("gzip", PACK + "n", long_options=_PACK_LONG)
async def gzip(call: Call) -> int:
    """Compresses, or with -d makes whole again."""
    return await _all(call, KINDS["gzip"], call.options.any("dt"))


@applet("gunzip zcat", UNPACK + "n", long_options=_UNPACK_LONG)
async def gunzip(call: Call) -> int:
    """Makes whole again; zcat takes any format that it knows, by how the file begins."""
    return await _all(call, KINDS["gzip"], unpack=True)


@applet("bzip2", PACK + "zs")
async def bzip2(call: Call) -> int:
    """Compresses, or with -d makes whole again."""
    return await _all(call, KINDS["bzip2"], call.options.any("dt"))


@applet("bunzip2 bzcat", UNPACK)
async def bunzip2(call: Call) -> int:
    """Makes whole again."""
    return await _all(call, KINDS["bzip2"], unpack=True)


@applet("xz lzma unxz unlzma xzcat lzcat", UNPACK)
async def xz(call: Call) -> int:
    """Makes whole again; busybox does not compress in these formats."""
    if call.name in ("xz", "lzma") and not call.options.any("dt"):
        call.usage()
    return await _all(call, KINDS["lzma" if "lz" in call.name else "xz"], unpack=True)


async def _all(call: Call, kind: Kind, unpack: bool) -> int:
    code = 0
    for name in call.operands or ["-"]:
        code |= await _one(call, kind, name, unpack)
    return code


async def _one(call: Call, kind: Kind, name: str, unpack: bool) -> int:
    to_stdout = name == "-" or call.options.any("ct") or call.name.endswith("cat")
    if name != "-" and not await _exists(call, name):
        return 1
    reader = await (call.fopen_or_warn if call.name == "zcat" else call.open_or_warn)(name)
    if reader is None:
        return 1
    target = "" if to_stdout else _target(kind, name, unpack)
    if not to_stdout and not target:
        reader.close()
        await call.warn(f"{name}: unknown suffix - ignored")
        return 1
    out = call.out
    if not to_stdout:
        try:
            flags = O_WRONLY | O_CREAT | (O_TRUNC if "f" in call.options else O_EXCL)
            out = Writer(call.proc, await call.proc.open(target, flags, 0o666))
        except OSError as error:
            reader.close()
            await call.warn(f"can't open '{target}': {strerror(error.errno or 0)}")
            return 1
    source = Source(call.proc, reader.read)
    made, failure = await _pour(call, (_unpacked if unpack else _packed)(call, kind, source, reader), out)
    reader.close()
    if failure:
        await call.warn(failure)
    if to_stdout:
        return int(bool(failure))
    call.proc.close(out.fd)
    if failure:  # of a wrong one nothing stays
        call.proc.unlink(target)
        return 1
    return await _finish(call, name, target, source.fetched, made, unpack)


async def _exists(call: Call, name: str) -> bool:
    """Whether there is such a file; says why when there is none."""
    try:
        call.proc.stat(name)
    except OSError as error:
        await call.warn_of(name, error)
        return False
    return True


async def _pour(call: Call, parts: AsyncIterator[bytes], out: Writer) -> tuple[int, str]:
    """Writes what comes, as it comes, but nothing with -t. Returns how many bytes there were, and what was wrong."""
    made = 0
    try:
        async for part in parts:
            made += len(part)
            if "t" not in call.options:
                await out.write(part)
                await out.flush()
    except Damaged as damaged:
        return made, str(damaged)
    return made, ""


async def _packed(call: Call, kind: Kind, source: Source, reader: Reader) -> AsyncIterator[bytes]:
    levels = [2 if letter == "s" else int(letter) for letter, _ in call.options.given if letter.isdigit() or letter == "s"]
    packing = Packing(call.proc, kind, min(levels, default=9))
    while data := await source.some():
        if part := await packing.take(data):
            yield part
    if reader.error is not None and kind.suffix != ".gz":  # gzip takes what cannot be read for empty
        raise Damaged(f"read error: {strerror(reader.error.errno or 0)}")
    yield await packing.end()


async def _unpacked(call: Call, kind: Kind, source: Source, reader: Reader) -> AsyncIterator[bytes]:
    head = await source.begin(LONGEST_MAGIC)
    if call.name == "zcat":
        if len(head) <= 1:
            raise Damaged("short read")
        found = kind_of(head)
        if found is None:
            raise Damaged("no gzip/bzip2/xz magic")
        kind = found
    elif kind is KINDS["xz"] and not head and reader.error is not None:
        raise Damaged("read error")
    elif kind.demands_magic and not head.startswith(kind.magic):
        raise Damaged("invalid magic")
    async for part in kind.unpack(source):
        yield part


async def _finish(call: Call, name: str, target: str, taken: int, made: int, unpack: bool) -> int:
    """The new file is right: tells of it, and the old one goes."""
    if "v" in call.options:
        percent = _PERCENT if not unpack and target.endswith(".gz") else (_PERCENT - taken * _PERCENT // (made or 1)) % _WRAP
        await call.error(f"{name}: {percent}% - replaced with {target}\n")
    if "k" not in call.options:
        try:
            call.proc.unlink(name)
        except OSError as error:
            await call.warn(f"can't remove file '{name}': {strerror(error.errno or errno.EISDIR)}")
            return 1
    return 0


def _target(kind: Kind, name: str, unpack: bool) -> str:
    """What the other file is called; empty when the name does not end as it must."""
    if not unpack:
        return name + kind.suffix
    for suffix, instead in ((kind.suffix, ""), (kind.tar_suffix, ".tar")):
        if suffix and name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix) + instead
    return ""
