"""The compressed formats: gzip, bzip2, xz and lzma, by Python's own libraries, with busybox's words for what is damaged.

Packing and unpacking go piece by piece: each `Work` yields how many bytes it made, or took, since it last did, so that whoever
drives it (`drive`) accounts them and lets others run.
"""

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final, Protocol

from podlab.mock.machine.process import Process

LIMIT: Final = 256 << 20
"""No more than so many bytes are made of one file."""
PIECE: Final = 256 << 10
SLICED_LEVEL: Final = 3
COST_NS: Final = 30
"""Processor time for each byte that is taken or made."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a file held, as far as it could be read, and what was wrong with it (empty for nothing)."""

    parts: list[bytes]
    error: str = ""

    @property
    def data(self) -> bytes:
        """All in one."""
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return sum(map(len, self.parts))


Work = Generator[int, None, Unpacked]


async def drive(proc: Process, work: Work) -> Unpacked:
    """Does the work in a process: what it makes is charged (and stays so: the caller holds it), and others run meanwhile."""
    while True:
        try:
            size = next(work)
        except StopIteration as stop:
            done: Unpacked = stop.value
            return done
        proc.charge_memory(size)
        await proc.cpu(size * COST_NS)


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def _pack(packer: _Packer, data: bytes, piece: int) -> Work:
    parts: list[bytes] = []
    for start in range(0, len(data), piece):
        parts.append(packer.compress(data[start : start + piece]))
        yield min(piece, len(data) - start)
    parts.append(packer.flush())
    return Unpacked(parts)


def _unpack_into(parts: list[bytes], unpacker: _Unpacker, data: bytes, room: int) -> Generator[int, None, None]:
    """Unpacks up to the end of a stream, of the data, or of the room. Raises what the library raises."""
    given = data
    while not unpacker.eof and room > 0:
        part = unpacker.decompress(given, min(PIECE, room))
        given = b""
        if not part and not unpacker.eof and unpacker.needs_input:
            return
        parts.append(part)
        room -= len(part)
        yield len(part)


@dataclass(frozen=True, slots=True)
class Kind:
    """A compressed format.

    Attributes:
        suffix: Of its files' names.
        magic: How its files begin.
        tar_suffix: Of the names of archives in it, in place of `.tar` and the suffix; empty for none.
        pack: Content and level to compressed content; None where busybox has only the other way.
        unpack: Back.
        demands_magic: Whether a file that begins otherwise is refused before it is looked into.
    """

    suffix: str
    magic: bytes
    tar_suffix: str
    pack: Callable[[bytes, int], Work] | None
    unpack: Callable[[bytes], Work]
    demands_magic: bool = True


def _gzip(data: bytes, _level: int) -> Work:
    """As the image's gzip, which is built without levels."""
    return _pack(zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, 31), data, PIECE)


def _bzip2(data: bytes, level: int) -> Work:
    """In blocks of 300 kB at most: sorting a larger one at once would keep all others waiting."""
    done = yield from _pack(bz2.BZ2Compressor(min(level, SLICED_LEVEL)), data, PIECE)
    head, *rest = [part for part in done.parts if part]
    return Unpacked([b"BZh%d" % level + head[4:], *rest], done.error)


def _gzip_header(data: bytes) -> int | None:
    """How long the header of a member is; None when there is none."""
    if len(data) < 10 or data[:3] != b"\x1f\x8b\x08":
        return None
    flags, at = data[3], 10
    if flags & 4:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    for flag in (8, 16):
        if flags & flag:
            end = data.find(b"\0", at)
            at = len(data) if end < 0 else end + 1
    return at + (2 if flags & 2 else 0)


def _gunzip(data: bytes) -> Work:
    parts: list[bytes] = []
    size = 0
    while (start := _gzip_header(data)) is not None:
        member = zlib.decompressobj(-15)
        made: list[bytes] = []
        checksum, length, given = 0, 0, data[start:]
        try:
            while not member.eof and size + length < LIMIT:
                part = member.decompress(given, min(PIECE, LIMIT - size - length))
                given = member.unconsumed_tail
                if not part and not member.eof and not given:
                    break
                made.append(part)
                length += len(part)
                checksum = zlib.crc32(part, checksum)
                yield len(part)
        except zlib.error:
            return Unpacked(parts, "crc error")
        if not member.eof:
            return Unpacked(parts, "unexpected end of file")
        parts += made
        size += length
        rest = member.unused_data
        if len(rest) < 8:
            return Unpacked(parts, "short read")
        wanted, wanted_length = struct.unpack("<II", rest[:8])
        if wanted != checksum:
            return Unpacked(parts, "crc error")
        if wanted_length != length & 0xFFFFFFFF:
            return Unpacked(parts, "incorrect length")
        data = rest[8:]
    return Unpacked(parts)


def _bunzip2(data: bytes) -> Work:
    parts: list[bytes] = []
    while data.startswith(b"BZh"):
        unpacker = bz2.BZ2Decompressor()
        made: list[bytes] = []
        try:
            yield from _unpack_into(made, unpacker, data, LIMIT)
        except (OSError, ValueError):
            return Unpacked(parts, "bunzip error -5")
        if not unpacker.eof:
            return Unpacked(parts, "bunzip error -3")
        parts += made
        data = unpacker.unused_data
    return Unpacked(parts)


def _unxz(data: bytes) -> Work:
    parts: list[bytes] = []
    while data.startswith(b"\xfd7zXZ\0"):
        unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ)
        made: list[bytes] = []
        try:
            yield from _unpack_into(made, unpacker, data, LIMIT)
        except lzma.LZMAError:
            return Unpacked(parts, "corrupted data")
        parts += made
        if not unpacker.eof:
            return Unpacked(parts, "corrupted data")
        data = unpacker.unused_data.lstrip(b"\0")
    return Unpacked(parts)


def _unlzma(data: bytes) -> Work:
    parts: list[bytes] = []
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_ALONE)
    try:
        yield from _unpack_into(parts, unpacker, data, LIMIT)
    except lzma.LZMAError:
        return Unpacked([], "unexpected EOF")
    return Unpacked(parts) if unpacker.eof else Unpacked([], "unexpected EOF")


KINDS: Final = {
    "gzip": Kind(".gz", b"\x1f\x8b", ".tgz", _gzip, _gunzip),
    "bzip2": Kind(".bz2", b"BZh", "", _bzip2, _bunzip2),
    "xz": Kind(".xz", b"\xfd7zXZ\0", "", None, _unxz, demands_magic=False),
    "lzma": Kind(".lzma", b"]\0\0", "", None, _unlzma, demands_magic=False),
}


def kind_of(data: bytes) -> Kind | None:
    """The format that a file's beginning tells of."""
    return next((kind for kind in KINDS.values() if data.startswith(kind.magic)), None)
