"""HTTP/1.1 on a stream: heads, and bodies of each framing."""

import re
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Final

from podlab.mock.programs.envoy.http_messages import REASONS, Head, Headers
from podlab.mock.programs.envoy.streams import Deadline, Stream, Watched

MAX_HEAD_BYTES: Final = 60 * 1024
MAX_HEADERS: Final = 100
_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_REQUEST_LINE: Final = re.compile(rb"([A-Z]+) (\S+)(?: HTTP/(\d\.\d))?")
_STATUS_LINE: Final = re.compile(rb"HTTP/(1\.[01]) (\d{3})(?: .*)?")
_BEGINNING: Final = re.compile(rb"HTTP/[^\r]*\r?|[A-Z]*(?: \S*(?: [HTP/0-9.]*\r?)?)?")
_TARGET: Final = re.compile(rb"/.*|\*|[A-Za-z][A-Za-z0-9+.\-]*://.+")
METHODS: Final = frozenset([b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH"])
_AUTHORITY: Final = re.compile(r"[A-Za-z0-9!$%&'()*+,\-.:;=@\[\]_~]*")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


class ProtocolError(Exception):
    """What came is not HTTP. `status` is what it is answered with; `details` is Envoy's name for it."""

    def __init__(self, status: int, details: str) -> None:
        super().__init__(details)
        self.status = status
        self.details = details


class Ended(Exception):
    """The connection ended before a message was whole. `clean`: before it had begun."""

    def __init__(self, clean: bool) -> None:
        super().__init__()
        self.clean = clean


class Codec:
    """Reads messages from a stream, and writes them to it."""

    def __init__(self, stream: Stream, max_head_bytes: int = MAX_HEAD_BYTES, max_headers: int = MAX_HEADERS) -> None:
        self.stream = stream
        self._buffer = bytearray()
        self._max_bytes = max_head_bytes
        self._max_headers = max_headers

    @property
    def waiting(self) -> bool:
        """Whether bytes were received that belong to no message yet."""
        return bool(self._buffer)

    async def _fill(self, deadline_ns: Deadline, watched: Watched | None) -> bool:
        data = await self.stream.recv(deadline_ns, watched)
        self._buffer += data
        return bool(data)

    async def begin(self, deadline_ns: Deadline) -> None:
        """Waits for the first byte of a request, empty lines left out. Raises Ended, OSError, Late."""
        while True:
            while self._buffer and self._buffer[0] in b"\r\n":
                del self._buffer[:1]
            if self._buffer:
                return
            if not await self._fill(deadline_ns, None):
                raise Ended(clean=True)

    async def _head(self, deadline_ns: Deadline, watched: Watched | None) -> list[bytes]:
        """The lines of a head, without the empty one at its end."""
        start = 0
        while (end := _end_of_head(self._buffer, start)) is None:
            start = max(len(self._buffer) - 3, 0)
            if start > self._max_bytes:
                raise ProtocolError(431, "http1.headers_too_large")
            if self._buffer and not self._plausible():  # what cannot become a first line is refused at once
                raise ProtocolError(400, "http1.codec_error")
            if not await self._fill(deadline_ns, watched):
                raise Ended(clean=not self._buffer)
        raw = bytes(self._buffer[: end[0]])
        del self._buffer[: end[1]]
        if len(raw) > self._max_bytes:
            raise ProtocolError(431, "http1.headers_too_large")
        return [line.removesuffix(b"\r") for line in raw.split(b"\n")]

    def _plausible(self) -> bool:
        line, end, _ = bytes(self._buffer[: self._max_bytes]).partition(b"\n")
        if not end:
            return bool(_BEGINNING.fullmatch(line))
        line = line.removesuffix(b"\r")
        return bool(_REQUEST_LINE.fullmatch(line) or _STATUS_LINE.fullmatch(line))

    async def request_head(self, deadline_ns: Deadline = None) -> Head:
        """The next request's head. Raises Ended, ProtocolError, OSError, Late."""
        lines = await self._head(deadline_ns, None)
        found = _REQUEST_LINE.fullmatch(lines[0])
        if found is None or found[1] not in METHODS or not (_TARGET.fullmatch(found[2]) or found[1] == b"CONNECT"):
            raise ProtocolError(400, "http1.codec_error")
        headers = self._headers(lines[1:])
        head = Head((found[3] or b"0.9").decode(), headers, found[1].decode(), found[2].decode("latin-1"))
        if head.version in ("1.0", "1.1"):
            _check_framing(headers)
        return head

    async def response_head(self, deadline_ns: Deadline, watched: Watched | None) -> Head:
        """The next response's head, informational ones left out. Raises as `request_head`, and Abandoned."""
        while True:
            lines = await self._head(deadline_ns, watched)
            found = _STATUS_LINE.fullmatch(lines[0])
            if found is None:
                raise ProtocolError(502, "http1.codec_error")
            head = Head(found[1].decode(), self._headers(lines[1:]), status=int(found[2]))
            if head.status == 204 and head.headers.get("content-length") not in (None, "0"):
                raise ProtocolError(502, "http1.content_length_not_allowed")
            if head.status == 101:  # nobody asked for another protocol
                raise ProtocolError(502, "http1.codec_error")
            if head.status >= 200:
                return head

    def _headers(self, lines: list[bytes]) -> Headers:
        items: list[tuple[str, str]] = []
        for line in lines:
            if line[:1] in (b" ", b"\t") and items:  # a folded line goes on where the one before ended
                items[-1] = items[-1][0], f"{items[-1][1]} {line.strip().decode('latin-1')}"
                continue
            items.append(_parse_line(line))
        if len(items) > self._max_headers:
            raise ProtocolError(431, "http1.too_many_headers")
        headers = Headers(items)
        if headers.count("host") > 1:
            headers.set("host", headers.get("host") or "")
        if not _is_authority(headers.get("host") or ""):
            raise ProtocolError(400, "http.invalid_authority")
        return headers

    async def body(
        self, head: Head, request_method: str = "", deadline_ns: Deadline = None, watched: Watched | None = None
    ) -> AsyncIterator[bytes]:
        """The body after a head, piece by piece. Raises as `request_head`."""
        response = head.status > 0
        if response and (request_method == "HEAD" or head.status in (204, 304)):
            return
        coding, length = head.headers.get("transfer-encoding"), head.headers.get("content-length")
        if coding is not None:
            async for piece in self._chunks(deadline_ns, watched):
                yield piece
        elif length is not None:
            if not length.isdecimal():
                raise ProtocolError(502, "http1.codec_error")
            async for piece in self._counted(int(length), deadline_ns, watched):
                yield piece
        elif response:
            async for piece in self._rest(deadline_ns, watched):
                yield piece

    async def _counted(self, left: int, deadline_ns: Deadline, watched: Watched | None) -> AsyncIterator[bytes]:
        while left:
            if not self._buffer and not await self._fill(deadline_ns, watched):
                raise Ended(clean=False)
            piece = bytes(self._buffer[:left])
            del self._buffer[: len(piece)]
            left -= len(piece)
            yield piece

    async def _line(self, deadline_ns: Deadline, watched: Watched | None) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > self._max_bytes:
                raise ProtocolError(400, "http1.codec_error")
            if not await self._fill(deadline_ns, watched):
                raise Ended(clean=False)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    async def _chunks(self, deadline_ns: Deadline, watched: Watched | None) -> AsyncIterator[bytes]:
        while True:
            word = (await self._line(deadline_ns, watched)).partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", word):
                raise ProtocolError(400, "http1.codec_error")
            if not int(word, 16):
                while await self._line(deadline_ns, watched):
                    pass
                return
            async for piece in self._counted(int(word, 16), deadline_ns, watched):
                yield piece
            if await self._line(deadline_ns, watched):
                raise ProtocolError(400, "http1.codec_error")

    async def _rest(self, deadline_ns: Deadline, watched: Watched | None) -> AsyncIterator[bytes]:
        while self._buffer or await self._fill(deadline_ns, watched):
            piece = bytes(self._buffer)
            self._buffer.clear()
            yield piece


@lru_cache(4096)
def _parse_line(line: bytes) -> tuple[str, str]:
    """A header's name and value; most lines come again and again."""
    name, colon, value = line.partition(b":")
    if not colon or not _TOKEN.fullmatch(name):
        raise ProtocolError(400, "http1.codec_error")
    if _CONTROLS.search(value):
        raise ProtocolError(400, "http1.invalid_characters")
    return name.decode().lower(), value.strip(b" \t").decode("latin-1")


@lru_cache(1024)
def _is_authority(text: str) -> bool:
    return _AUTHORITY.fullmatch(text) is not None


def _end_of_head(data: bytearray, start: int) -> tuple[int, int] | None:
    """Where a head ends and where what follows begins; lines may end without a carriage return."""
    found = [(at, at + len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark, start)) >= 0]
    return min(found, default=None)


def _check_framing(headers: Headers) -> None:
    coding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if coding is not None and coding.lower() != "chunked":
        raise ProtocolError(501, "http1.invalid_transfer_encoding")
    if coding is not None and length is not None:
        raise ProtocolError(400, "http1.content_length_and_chunked_not_allowed")
    if length is not None and not length.isdecimal():
        raise ProtocolError(400, "http1.codec_error")


def encode(first: str, headers: Headers) -> bytes:
    """A head as it stands on the wire."""
    lines = [first, *(f"{name}: {value}" for name, value in headers.items), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def status_line(status: int, version: str = "1.1") -> str:
    """The first line of a response; Envoy names what it knows."""
    return f"HTTP/{version} {status} {REASONS.get(status, 'Unknown')}"


def chunk(data: bytes) -> bytes:
    """A piece of a chunked body; empty ends it."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"
