"""md5sum and its kin, cksum, sum: checksums of files, printed or checked."""

import hashlib
import zlib
from typing import Any

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.streams import Reader, to_text

ALGORITHMS = {"md5sum": "md5", "sha1sum": "sha1", "sha256sum": "sha256", "sha512sum": "sha512"}
SHA3 = {224: "sha3_224", 256: "sha3_256", 384: "sha3_384", 512: "sha3_512"}
COST_NS = 4


async def _digest(call: Call, reader: Reader, algorithm: Any) -> str:
    while data := await reader.read():
        await call.proc.cpu(len(data) * COST_NS)
        algorithm.update(data)
    return str(algorithm.hexdigest())


def _new(call: Call) -> Any:
    if call.name == "sha3sum":
        width = unsigned(call.options.get("a", "224"), 0, INT_MAX)
        if width not in SHA3:
            call.die(f"bad -a{width}")
        return hashlib.new(SHA3[width])
    return hashlib.new(ALGORITHMS[call.name])


@applet("md5sum sha1sum sha256sum sha512sum", "scwb", ignores_output_errors=True)
async def md5sum(call: Call) -> int:
    """Prints or checks digests."""
    return await _sums(call)


@applet("sha3sum", "scwba:", ignores_output_errors=True)
async def sha3sum(call: Call) -> int:
    """Prints or checks SHA-3 digests."""
    return await _sums(call)


async def _sums(call: Call) -> int:
    if call.options.any("sw") and "c" not in call.options:
        call.usage()
    code = 0
    checks = "c" in call.options
    for name in call.operands or ["-"]:
        reader = await (call.fopen_or_warn if checks else call.open_or_warn)(name)
        if reader is None:
            code = 1
        elif checks:
            code |= await _check(call, reader, name)
        else:
            digest = await _digest(call, reader, _new(call))
            reader.close()
            if reader.error is None:
                await call.out.write_text(f"{digest}  {name}\n")
            else:
                await call.warn_of(f"can't read '{name}'", reader.error)
                code = 1
    return code


async def _check(call: Call, reader: Reader, listed: str) -> int:
    """Checks the files of a list. Returns 1 when one has changed, or when nothing is listed."""
    quiet, seen, failed = "s" in call.options, 0, 0
    while line := await reader.line():
        digest, gap, rest = to_text(line).rstrip("\n").partition(" ")
        seen += 1
        if not gap or not rest:
            failed += 1
            if "w" in call.options:
                await call.warn("invalid format")
            continue
        name = rest[1:] if rest[0] in " *" else rest
        target = await call.open_or_warn(name)
        found = None if target is None else await _digest(call, target, _new(call))
        if target is not None:
            target.close()
        good = found is not None and found == digest.lower()
        failed += not good
        if not quiet:
            await call.out.write_text(f"{name}: {'OK' if good else 'FAILED'}\n")
    reader.close()
    if failed and not quiet:
        await call.warn(f"WARNING: {failed} of {seen} computed checksums did NOT match")
    if not seen:
        await call.warn(f"{listed}: no checksum lines found")
    return int(failed > 0 or not seen)


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        table.append(value)
    return table


@applet("cksum", "")
async def cksum(call: Call) -> int:
    """POSIX's CRC and the size."""
    code, table = 0, _crc_table()
    for name in call.operands or ["-"]:
        reader = await call.open_or_warn(name)
        if reader is None:
            code = 1
            continue
        crc = size = 0
        while data := await reader.read():
            await call.proc.cpu(len(data) * 100)
            size += len(data)
            for byte in data:
                crc = crc << 8 & 0xFFFFFFFF ^ table[crc >> 24 ^ byte]
        if await call.close(reader, name):
            code = 1
            continue
        rest = size
        while rest:
            crc = crc << 8 & 0xFFFFFFFF ^ table[crc >> 24 ^ rest & 255]
            rest >>= 8
        await call.out.write_text(f"{crc ^ 0xFFFFFFFF} {size}{' ' + name if call.operands else ''}\n")
    return code


@applet("crc32", "")
async def crc32(call: Call) -> int:
    """CRC-32 as zip has it."""
    code = 0
    for name in call.operands or ["-"]:
        reader = await call.open_or_warn(name)
        if reader is None:
            code = 1
            continue
        crc = 0
        while data := await reader.read():
            crc = zlib.crc32(data, crc)
        if await call.close(reader, name):
            code = 1
            continue
        await call.out.write_text(f"{crc:08x}{' ' + name if call.operands else ''}\n")
    return code


@applet("sum", "rs", ignores_output_errors=True)
async def sum_(call: Call) -> int:
    """The checksums of BSD (by default) and System V."""
    code, system_v = 0, call.options.last_of("rs") == "s"
    for name in call.operands or ["-"]:
        reader = await call.open_or_warn(name)
        if reader is None:
            code = 1
            continue
        total = size = 0
        while data := await reader.read():
            await call.proc.cpu(len(data) * 50)
            size += len(data)
            if system_v:
                total += sum(data)
            else:
                for byte in data:
                    total = ((total >> 1) + ((total & 1) << 15) + byte) & 0xFFFF
        if await call.close(reader, name):
            code = 1
            continue
        if system_v:
            folded = (total & 0xFFFF) + (total >> 16 & 0xFFFF)
            text = f"{(folded & 0xFFFF) + (folded >> 16)} {-(-size // 512)} {name}"
        else:
            text = f"{total:05d} {-(-size // 1024):5d} {name if len(call.operands) > 1 else ''}"
        await call.out.write_text(text + "\n")
    return code
