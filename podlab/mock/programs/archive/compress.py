"""gzip, bzip2, xz and their kin: files compressed and made whole again."""

import errno
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_EXCL, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.archive.formats import COST_NS, KINDS, Kind, Unpacked, drive, kind_of
from podlab.mock.programs.streams import BLOCK, Writer

PACK: Final = "cfkdtqv123456789"
UNPACK: Final = "cfkdtqv"
_PERCENT: Final = 100
_WRAP: Final = 1 << 32


@applet("gzip", PACK + "n")
async def gzip(call: Call) -> int:
    """Compresses, or with -d makes whole again."""
    return await _all(call, KINDS["gzip"], call.options.any("dt"))


@applet("gunzip zcat", UNPACK + "n")
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
    try:
        reader = await call.open(name)
    except OSError as error:
        await call.warn_of(name, error)
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
    data = await reader.read_all()
    failure = reader.error
    reader.close()
    await call.proc.cpu(len(data) * COST_NS)
    result = await _result(call, kind, data, failure, unpack)
    if "t" not in call.options:
        for part in result.parts:
            for start in range(0, len(part), BLOCK * 16):
                await out.write(part[start : start + BLOCK * 16])
        await out.flush()
    if result.error:
        await call.warn(result.error)
    return int(bool(result.error)) if to_stdout else await _finish(call, name, target, out, data, result, unpack)


async def _result(call: Call, kind: Kind, data: bytes, failure: OSError | None, unpack: bool) -> Unpacked:
    if unpack:
        return await _unpacked(call, kind, data)
    if failure is not None and kind.suffix != ".gz":  # gzip takes what cannot be read for empty
        return Unpacked([], f"read error: {strerror(failure.errno or 0)}")
    assert kind.pack is not None
    levels = [2 if letter == "s" else int(letter) for letter, _ in call.options.given if letter.isdigit() or letter == "s"]
    return await drive(call.proc, kind.pack(data, min(levels, default=9)))


async def _unpacked(call: Call, kind: Kind, data: bytes) -> Unpacked:
    if call.name == "zcat":
        if len(data) <= 1:
            return Unpacked([], "short read")
        found = kind_of(data)
        return await drive(call.proc, found.unpack(data)) if found is not None else Unpacked([], "no gzip/bzip2/xz magic")
    if kind.demands_magic and not data.startswith(kind.magic):
        return Unpacked([], "invalid magic")
    return await drive(call.proc, kind.unpack(data))


async def _finish(call: Call, name: str, target: str, out: Writer, data: bytes, result: Unpacked, unpack: bool) -> int:
    """Ends the new file: of a wrong one nothing stays, of a right one the old file goes."""
    call.proc.close(out.fd)
    if result.error:
        call.proc.unlink(target)
        return 1
    if "v" in call.options:
        made = result.size or 1
        percent = _PERCENT if not unpack and target.endswith(".gz") else (_PERCENT - len(data) * _PERCENT // made) % _WRAP
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
