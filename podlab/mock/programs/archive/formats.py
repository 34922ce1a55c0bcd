"""The compressed formats: gzip, bzip2, xz and lzma, by Python's own libraries, with busybox's words for what is damaged.

Packing and unpacking go piece by piece, so that no more is held than the real programs hold, and others run meanwhile. What a
damaged file gives before it is found damaged comes out in whole windows, as busybox writes them.
"""

import bz2
import lzma
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from podlab.mock.machine.process import Process
from podlab.mock.programs.archive.source import Source

COST_NS: Final = 30
"""Processor time for each byte that is taken or made."""
_SORT_NS: Final = 120
"""What each byte costs that bzip2 sorts."""
_LARGEST_LEVEL: Final = 2
_GZIP_WINDOW: Final = 32 << 10
_BZIP2_WINDOW: Final = 4 << 10
_BZIP2_BLOCK: Final = 100_000
_ROOM: Final = 32 << 10
_MOST_MEMORY: Final = 65 << 20
_LZMA_HEADER: Final = 13
_LZMA_MODES: Final = 9 * 5 * 5
_XZ_HEADER: Final = 12
_LZMA2: Final = 0x21
_MAGIC_XZ: Final = b"\xfd7zXZ\0"


class Damaged(Exception):
    """Ends unpacking, with busybox's words."""


class Packer(Protocol):
    """Takes content, and gives it compressed."""

    def compress(self, data: bytes, /) -> bytes:
        """What comes out for a piece of it."""

    def flush(self) -> bytes:
        """What is left."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A compressed format.

    Attributes:
        suffix: Of its files' names.
        magic: How its files begin.
        tar_suffix: Of the names of archives in it, in place of `.tar` and the suffix; empty for none.
        pack: By a level, what compresses; None where busybox has only the other way.
        held: What packing at a level holds for each byte taken, and for how many of them at most.
        pack_ns: Processor time for each byte that is packed.
        unpack: Back, piece by piece. Raises `Damaged`.
        demands_magic: Whether a file that begins otherwise is refused before it is looked into.
    """

    suffix: str
    magic: bytes
    tar_suffix: str
    unpack: Callable[[Source], AsyncIterator[bytes]]
    pack: Callable[[int], Packer] | None = None
    held: Callable[[int], tuple[int, int]] = lambda _: (0, 0)
    pack_ns: int = COST_NS
    demands_magic: bool = True


def _gzip(_level: int) -> Packer:
    """As the image's gzip, which is built without levels."""
    return zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, 31)


class _Bzip2:
    """Compresses in blocks of 200 kB at most: sorting a larger one at once would keep all others waiting."""

    def __init__(self, level: int) -> None:
        self._packer = bz2.BZ2Compressor(min(level, _LARGEST_LEVEL))
        self._head = b"BZh%d" % level

    def compress(self, data: bytes, /) -> bytes:
        return self._named(self._packer.compress(data))

    def flush(self) -> bytes:
        return self._named(self._packer.flush())

    def _named(self, made: bytes) -> bytes:
        """The beginning tells of the level that was asked for."""
        if not made or not self._head:
            return made
        head, self._head = self._head, b""
        return head + made[len(head) :]


async def _gzip_member(source: Source) -> bool:
    """Takes the header of a member. False when there is none."""
    head = await source.begin(10)
    if not head.startswith(b"\x1f\x8b"):
        return False
    if len(head) < 10 or head[2] != zlib.DEFLATED:
        raise Damaged("corrupted data")
    await source.exactly(10)
    flags = head[3]
    if flags & 4:
        await source.skip(int.from_bytes(await source.exactly(2), "little"))
    for flag in (8, 16):
        if flags & flag:
            await source.skip_past(b"\0")
    if flags & 2:
        await source.exactly(2)
    return True


async def _gunzip(source: Source) -> AsyncIterator[bytes]:
    while await _gzip_member(source):
        member = zlib.decompressobj(-zlib.MAX_WBITS)
        checksum = length = 0
        window, given = bytearray(), b""
        while not member.eof:
            room = _GZIP_WINDOW - len(window)
            try:
                part = member.decompress(given, room)
            except zlib.error:
                raise Damaged("corrupted data") from None
            given = member.unconsumed_tail
            window += part
            length += len(part)
            checksum = zlib.crc32(part, checksum)
            await source.proc.cpu(len(part) * COST_NS)
            if len(window) == _GZIP_WINDOW:
                yield bytes(window)
                window.clear()
            elif not given and not member.eof:
                given = await source.some()
                await source.proc.cpu(len(given) * COST_NS)
                if not given:
                    raise Damaged("unexpected end of file")
        if window:
            yield bytes(window)
        source.put_back(member.unused_data)
        _check_trailer(await source.exactly(8), checksum, length)


def _check_trailer(trailer: bytes, checksum: int, length: int) -> None:
    if len(trailer) < 8:
        raise Damaged("short read")
    wanted, wanted_length = struct.unpack("<II", trailer)
    if wanted != checksum:
        raise Damaged("crc error")
    if wanted_length != length & 0xFFFFFFFF:
        raise Damaged("incorrect length")


async def _stream(
    source: Source, unpacker: _Unpacker, window: int, ended: str, wrong: str, dictionary: int = 0
) -> AsyncIterator[bytes]:
    """Unpacks to the end of a stream, in multiples of a window. The dictionary is charged for as it fills."""
    held = bytearray()
    made = 0
    while not unpacker.eof:
        given = b""
        if unpacker.needs_input:
            given = await source.some()
            if not given:
                raise Damaged(ended)
        try:
            part = unpacker.decompress(given, _ROOM)
        except (OSError, ValueError, lzma.LZMAError):
            raise Damaged(wrong) from None
        source.proc.charge_memory(max(0, min(dictionary, made + len(part)) - made))
        made += len(part)
        await source.proc.cpu((len(given) + len(part)) * COST_NS)
        held += part
        if whole := len(held) - len(held) % window:
            yield bytes(held[:whole])
            del held[:whole]
    source.put_back(unpacker.unused_data)
    source.proc.charge_memory(-min(dictionary, made))
    if held:
        yield bytes(held)


async def _bunzip2(source: Source) -> AsyncIterator[bytes]:
    while (head := await source.begin(4)).startswith(b"BZh"):
        table = 4 * _BZIP2_BLOCK * (head[3] - ord("0")) if head[3:].isdigit() else 0
        source.proc.charge_memory(table)
        async for part in _stream(source, bz2.BZ2Decompressor(), _BZIP2_WINDOW, "bunzip error -3", "bunzip error -5"):
            yield part
        source.proc.charge_memory(-table)


async def _unxz(source: Source) -> AsyncIterator[bytes]:
    while await source.begin(6) == _MAGIC_XZ:
        dictionary = _dictionary_of_xz(await source.begin(_XZ_HEADER + 1024))
        unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY)
        async for part in _stream(source, unpacker, 1, "corrupted data", "corrupted data", dictionary):
            yield part
        while await source.begin(1) == b"\0":
            await source.exactly(1)


def _dictionary_of_xz(head: bytes) -> int:
    """How large the dictionary of a stream's first block is: its last filter tells, before padding and checksum."""
    block = head[_XZ_HEADER : _XZ_HEADER + (head[_XZ_HEADER] + 1) * 4 - 4] if len(head) > _XZ_HEADER else b""
    at = block.rfind(bytes((_LZMA2, 1)), 2)
    if at < 0 or at + 2 >= len(block):
        return 0
    size = block[at + 2] & 63
    return min((2 | (size & 1)) << (size // 2 + 11), _MOST_MEMORY)


async def _unlzma(source: Source) -> AsyncIterator[bytes]:
    head = await source.begin(_LZMA_HEADER)
    if len(head) < _LZMA_HEADER or head[0] >= _LZMA_MODES:
        raise Damaged("bad lzma header")
    dictionary, size = int.from_bytes(head[1:5], "little"), int.from_bytes(head[5:], "little")
    window = min(dictionary, size)
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=4 * _MOST_MEMORY)
    async for part in _stream(source, unpacker, max(window, 1), "unexpected EOF", "corrupted data", window):
        yield part


KINDS: Final = {
    "gzip": Kind(".gz", b"\x1f\x8b", ".tgz", _gunzip, _gzip, lambda _: (8, 40_000)),
    "bzip2": Kind(".bz2", b"BZh", "", _bunzip2, _Bzip2, lambda level: (8, level * _BZIP2_BLOCK), _SORT_NS),
    "xz": Kind(".xz", _MAGIC_XZ, "", _unxz, demands_magic=False),
    "lzma": Kind(".lzma", b"]\0\0", "", _unlzma, demands_magic=False),
}
LONGEST_MAGIC: Final = max(len(kind.magic) for kind in KINDS.values())


def kind_of(data: bytes) -> Kind | None:
    """The format that a file's beginning tells of."""
    return next((kind for kind in KINDS.values() if data.startswith(kind.magic)), None)


class Packing:
    """Compresses what a process gives, at the process' cost of time and memory."""

    __slots__ = ("_cost_ns", "_each", "_most", "_packer", "_proc", "_taken")

    def __init__(self, proc: Process, kind: Kind, level: int) -> None:
        assert kind.pack is not None
        self._proc = proc
        self._packer = kind.pack(level)
        self._each, self._most = kind.held(level)
        self._cost_ns = kind.pack_ns
        self._taken = 0

    async def take(self, data: bytes) -> bytes:
        """Takes a piece, and gives what comes out."""
        before = min(self._taken, self._most)
        self._taken += len(data)
        self._proc.charge_memory((min(self._taken, self._most) - before) * self._each)
        await self._proc.cpu(len(data) * self._cost_ns)
        return self._packer.compress(data)

    async def end(self) -> bytes:
        """Gives what is left."""
        await self._proc.settle()  # the last block is sorted in an event of its own
        self._proc.charge_memory(-min(self._taken, self._most) * self._each)
        return self._packer.flush()
