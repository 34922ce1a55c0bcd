"""SPDY/3.1 as Kubernetes speaks it: streams over one connection of bytes, for exec, attach and port-forward.

Go clients before kubectl 1.30 upgrade to it, and every kubectl tunnels it through a WebSocket for port-forward. What Kubernetes
uses of it is little (no flow control, no server push, settings ignored), and that is what is here: the frames, with their
compressed headers, and no I/O. Layouts and numbers are those of the SPDY protocol's draft 3.1, which also gives the dictionary.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

SYN_STREAM, SYN_REPLY, RST_STREAM, SETTINGS, PING, GOAWAY, HEADERS, WINDOW_UPDATE = 1, 2, 3, 4, 6, 7, 8, 9
VERSION: Final = 3
FIN: Final = 0x01
PROTOCOL_ERROR, INVALID_STREAM = 1, 2

MAX_FRAME_BYTES: Final = 1 << 20
"""Longest frame that is taken from a client; its own limit would be 16 MiB."""
MAX_HEADER_BYTES: Final = 1 << 16
PIECE_BYTES: Final = 32 * 1024

_WORDS: Final = (
    "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow aut"
    "horization cache-control connection content-base content-encoding content-language content-length content-location c"
    "ontent-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if"
    "-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range r"
    "eferer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method g"
    "et status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin"
)
_TAIL: Final = (
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Info"
    "rmation204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Serv"
    "er Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue"
    ", Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,"
    "text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)
DICTIONARY: Final = (
    b"".join(len(word).to_bytes(4) + word.replace("_", " ").encode() for word in _WORDS.split()) + _TAIL.encode()
)  # fmt: skip


class ProtocolError(Exception):
    """The client's bytes are not SPDY/3.1."""


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """The client opened a stream. Header names are in lower case; ``fin``: it will send nothing on it."""

    stream: int
    headers: Mapping[str, str]
    fin: bool


@dataclass(frozen=True, slots=True)
class Data:
    """Bytes on a stream; ``fin``: the last ones."""

    stream: int
    data: bytes
    fin: bool


@dataclass(frozen=True, slots=True)
class StreamReset:
    """The client gave a stream up."""

    stream: int


@dataclass(frozen=True, slots=True)
class Pinged:
    """The client wants ``answer`` (bytes) back."""

    answer: bytes


@dataclass(frozen=True, slots=True)
class GoneAway:
    """The client opens no more streams, and is about to close."""


Event = StreamOpened | Data | StreamReset | Pinged | GoneAway


class Session:
    """The server's end of a connection: bytes in, events out; and the other way round, bytes to send.

    Raises:
        ProtocolError: From `receive`, once and for all.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._inflate = zlib.decompressobj(zdict=DICTIONARY)
        self._deflate = zlib.compressobj(level=9, zdict=DICTIONARY)

    def receive(self, data: bytes) -> Iterator[Event]:
        """Takes what came, and yields what it means."""
        self._buffer += data
        while len(self._buffer) >= 8:
            first, second = struct.unpack_from(">II", self._buffer)
            flags, length = second >> 24, second & 0xFFFFFF
            if length > MAX_FRAME_BYTES:
                raise ProtocolError(f"a frame of {length} bytes is too large")
            if len(self._buffer) < 8 + length:
                return
            payload = bytes(self._buffer[8 : 8 + length])
            del self._buffer[: 8 + length]
            if first >> 31:
                yield from self._control(first, flags, payload)
            else:
                yield Data(first, payload, bool(flags & FIN))

    def _control(self, first: int, flags: int, payload: bytes) -> Iterator[Event]:
        version, kind = first >> 16 & 0x7FFF, first & 0xFFFF
        if version != VERSION:
            raise ProtocolError(f"version {version} is not spoken here")
        if kind in _SHORTEST and len(payload) < _SHORTEST[kind]:
            raise ProtocolError(f"a control frame of type {kind} with {len(payload)} bytes is too short")
        if kind == SYN_STREAM:
            yield StreamOpened(_stream_id(payload), self._read_headers(payload[10:]), bool(flags & FIN))
        elif kind in (SYN_REPLY, HEADERS):
            self._read_headers(payload[4:])  # keeps the decompressor in step
        elif kind == RST_STREAM:
            yield StreamReset(_stream_id(payload))
        elif kind == PING:
            yield Pinged(_frame(PING, 0, payload[:4]))
        elif kind == GOAWAY:
            yield GoneAway()
        elif kind not in (SETTINGS, WINDOW_UPDATE):
            raise ProtocolError(f"control frames of type {kind} are unknown")

    def _read_headers(self, block: bytes) -> dict[str, str]:
        try:
            plain = self._inflate.decompress(block, MAX_HEADER_BYTES)
            if self._inflate.unconsumed_tail:
                raise ProtocolError(f"a header block of more than {MAX_HEADER_BYTES} bytes is too large")
            (count,) = struct.unpack_from(">I", plain)
            strings, at = [], 4
            for _ in range(2 * count):
                (length,) = struct.unpack_from(">I", plain, at)
                strings.append(plain[at + 4 : at + 4 + length].decode("latin-1"))
                at += 4 + length
        except (zlib.error, struct.error) as error:
            raise ProtocolError(f"cannot read a header block: {error}") from None
        return {name.lower(): value for name, value in zip(strings[::2], strings[1::2], strict=True)}

    def reply(self, stream: int) -> bytes:
        """Accepts a stream."""
        block = self._deflate.compress(struct.pack(">I", 0)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        return _frame(SYN_REPLY, 0, struct.pack(">I", stream) + block)

    def data(self, stream: int, data: bytes, fin: bool = False) -> bytes:
        """Sends bytes on a stream; ``fin``: the last ones."""
        pieces = [data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES)] or [b""]
        last = len(pieces) - 1
        return b"".join(
            struct.pack(">II", stream, (FIN if fin and at == last else 0) << 24 | len(piece)) + piece
            for at, piece in enumerate(pieces)
        )  # fmt: skip

    def reset(self, stream: int, status: int = INVALID_STREAM) -> bytes:
        """Refuses a stream, or gives it up."""
        return _frame(RST_STREAM, 0, struct.pack(">II", stream, status))

    def go_away(self) -> bytes:
        """Says that the connection is about to end."""
        return _frame(GOAWAY, 0, struct.pack(">II", 0, 0))


_SHORTEST: Final = {SYN_STREAM: 10, SYN_REPLY: 4, RST_STREAM: 8, PING: 4, GOAWAY: 8, HEADERS: 4}


def _stream_id(payload: bytes) -> int:
    stream = int.from_bytes(payload[:4]) & 0x7FFFFFFF
    if not stream:
        raise ProtocolError("a stream must not be numbered 0")
    return stream


def _frame(kind: int, flags: int, payload: bytes) -> bytes:
    return struct.pack(">HHI", 0x8000 | VERSION, kind, flags << 24 | len(payload)) + payload
