"""One request to httpd: it is read, checked, and answered by a file, a script or another server, in busybox's order of things."""

import base64
import binascii
import errno
import stat as st
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_NONBLOCK
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.sockets import SHUT_WR
from podlab.mock.programs.net.hosts import plain
from podlab.mock.programs.net.httpd import answers, cgi
from podlab.mock.programs.net.httpd.config import FILE_NAME, Config
from podlab.mock.programs.net.httpd.request import (
    Answered,
    Request,
    can_execute,
    canonical,
    decode,
    is_directory,
    parse_range,
    suffix_of,
)
from podlab.mock.programs.streams import to_bytes, to_text

if TYPE_CHECKING:
    from podlab.mock.programs.net.httpd.server import Settings

LINE_MAX: Final = 8191
HEADERS_MAX: Final = 32 * 1024
HEADER_TIMEOUT_NS: Final = 60 * SECOND
CHUNK: Final = 65_536


class Connection:
    """A client, seen by the process that serves it; it reads from descriptor 0 and writes to 1."""

    def __init__(self, proc: Process, settings: "Settings", config: Config, peer: tuple[str, int] | None) -> None:
        self.proc = proc
        self.settings = settings
        self.config = config
        self.peer = peer
        self.buffer = b""
        self.responded = 0

    @property
    def remote(self) -> str:
        """The client's address as logs and REMOTE_ADDR have it."""
        if self.peer is None:
            return ""
        return f"[{self.peer[0]}]" if ":" in self.peer[0] else self.peer[0]

    @property
    def title(self) -> str:
        """What messages begin with."""
        return f"{self.remote}:{self.peer[1]}" if self.settings.verbose and self.peer else "httpd"

    async def log(self, message: str) -> None:
        """A line on standard error."""
        with suppress(OSError):
            await self.proc.write(2, to_bytes(f"{self.title}: {message}\n"))

    async def serve(self) -> int:
        """Answers one request. Returns the process' exit code."""
        with suppress(Answered):
            try:
                await self._serve()
            except OSError as error:
                if error.errno not in (errno.EPIPE, errno.ECONNRESET, errno.EINTR):
                    raise
        await self._finish()
        return 0

    async def _finish(self) -> None:
        """Ends the stream, and takes what else the client has sent, so that it is not reset before it has read the answer."""
        proc = self.proc
        with suppress(OSError):
            proc.shutdown(1, SHUT_WR)
        with suppress(OSError):
            proc.file(0).flags |= O_NONBLOCK
            while await proc.read(0, CHUNK):
                pass

    # --- sending ---

    async def send(self, data: bytes) -> None:
        """To the client."""
        await self.proc.write(1, data)

    async def answer(self, code: int, extra: tuple[str, ...] = ()) -> None:
        """Sends an answer that is not a file, and ends.

        Raises:
            Answered: Always.
        """
        self.responded = code
        lines = list(extra)
        if code == 401:
            lines.append(f'WWW-Authenticate: Basic realm="{self.settings.realm}"')
        body = answers.page(code)
        custom = self.config.errors.get(code)
        if custom is not None:
            with suppress(OSError):
                fd = await self.proc.open(custom)
                body = await self.proc.read_all(fd)
        if self.settings.verbose:
            await self.log(f"response:{code}")
        await self.send(answers.head(code, self.proc.kernel.wall_ns, answers.HTML, lines) + body)
        raise Answered

    # --- reading ---

    async def _line(self, deadline_ns: int) -> bytes | None:
        """The next line of the head, without its end; what is too long of it is lost. None at the end."""
        proc = self.proc
        line = b""
        while b"\n" not in self.buffer:
            line, self.buffer = (line + self.buffer)[:LINE_MAX], b""
            left = deadline_ns - proc.kernel.now_ns
            ready, _ = await proc.poll((0,), (), max(left, 0))
            if not ready:
                await self.answer(408)
            self.buffer = await proc.read(0, LINE_MAX + 1)
            if not self.buffer:
                return line.rstrip(b"\r") or None
        rest, _, self.buffer = self.buffer.partition(b"\n")
        return (line + rest)[:LINE_MAX].rstrip(b"\r")

    async def _serve(self) -> None:
        deadline = self.proc.kernel.now_ns + HEADER_TIMEOUT_NS
        first = await self._line(deadline)
        if not first:
            raise Answered
        request = await self._parse_line(to_text(first))
        proxy = self.config.proxy_for(request.url)
        if self.settings.verbose > 1:
            await self.log(f"{'proxy' if proxy else 'url'}:{request.url}")
        await self._read_local_configs(request.url)
        if self.peer is not None and not self.config.admits(plain(self.peer[0])):
            await self.answer(403)
        await self._read_headers(request, deadline)
        if proxy is not None:
            await cgi.forward(self, request, proxy)
        self._check_login(request)
        if not self.config.authorizes(request.url, request.credentials):
            await self.answer(401)
        await self._dispatch(request)

    async def _parse_line(self, line: str) -> Request:
        method, _, rest = line.partition(" ")
        target, _, protocol = rest.partition(" ")
        if not target.startswith("/") or not protocol.startswith("HTTP/"):
            await self.answer(400)
        path, mark, query = target.partition("?")
        decoded = decode(path)
        if decoded is None:
            await self.answer(400)
            raise Answered
        if decoded == "":
            await self.answer(404)
        url = canonical(decoded)
        if url is None:
            await self.answer(400)
            raise Answered
        return Request(method.upper(), url, query if mark else None, line)

    async def _read_local_configs(self, url: str) -> None:
        """The httpd.conf of each directory on the way."""
        parts = url.split("/")[1:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            text = await self.proc.read_text(f"{folder}/{FILE_NAME}")
            if text:
                self.config = self.config.copied()
                self.config.read(text, "/" + folder)

    async def _read_headers(self, request: Request, deadline_ns: int) -> None:
        total = 0
        while line := await self._line(deadline_ns):
            total += len(line) + 1
            if total > HEADERS_MAX:
                await self.answer(413)
            request.raw_headers.append(line)
            name, colon, value = to_text(line).partition(":")
            if colon:
                await self._header(request, name, value.lstrip(" \t"))

    async def _header(self, request: Request, name: str, value: str) -> None:
        key = name.lower()
        if key == "content-length" and request.method == "POST":
            if not value.isdigit() or int(value) > 0x7FFF_FFFF:
                await self.answer(400)
            request.content_length = int(value)
        elif key == "content-type":
            request.content_type = value
        elif key == "authorization":
            if value[:6].lower() == "basic ":
                with suppress(binascii.Error, ValueError):
                    request.credentials = to_text(base64.b64decode(value[6:].strip()))
        elif key == "range":
            request.range = parse_range(value)
        elif key == "if-none-match":
            request.etag = value
        elif key == "accept-encoding":
            request.gzip = "gzip" in value
        else:
            variable = "HTTP_" + "".join(c.upper() if c.isascii() and c.isalnum() else "_" for c in name)
            request.headers[variable] = value

    def _check_login(self, request: Request) -> None:
        if request.credentials and any(login.covers(request.url) for login in self.config.logins):
            request.user = request.credentials.partition(":")[0]

    # --- answering ---

    async def _dispatch(self, request: Request) -> None:
        url, proc = request.url, self.proc
        path = url[1:]
        if path.rpartition("/")[2] == FILE_NAME:
            await self.answer(403)
        if path.startswith("cgi-bin/"):
            if path == "cgi-bin/":
                await self.answer(403)
            await cgi.run(self, request, url)
        if not url.endswith("/") and is_directory(proc, path):
            query = "" if request.query is None else f"?{request.query}"
            await self.answer(302, (f"Location: {url}/{query}",))
        interpreter = self.config.interpreters.get(suffix_of(path))
        if interpreter is not None and proc.exists(path):
            await cgi.run(self, request, url, interpreter)
        if url.endswith("/"):
            path += self.config.index
            if not proc.exists(path) and can_execute(proc, "cgi-bin/index.cgi"):
                await cgi.run(self, request, "/cgi-bin/index.cgi", info=url)
        if request.method not in ("GET", "HEAD"):
            await self.answer(501)
        await self._send_file(request, path)

    async def _send_file(self, request: Request, path: str) -> None:
        proc = self.proc
        encoded = False
        fd = -1
        if request.gzip:
            with suppress(OSError):
                fd = await proc.open(f"{path}.gz")
                encoded = True
        if fd < 0:
            try:
                fd = await proc.open(path)
            except OSError:
                await self.answer(404)
        found = proc.fstat(fd)
        if st.S_ISDIR(found.mode):
            await self.answer(404)
        etag = f'"{found.mtime_ns // SECOND:x}-{found.size:x}"'
        if request.etag and request.etag == etag:
            await self.answer(304)
        await self._send_open(request, path, fd, found.size, etag, found.mtime_ns, encoded)

    async def _send_open(self, request: Request, path: str, fd: int, size: int, etag: str, mtime_ns: int, encoded: bool) -> None:
        proc = self.proc
        start, end = 0, size
        lines = []
        mime = self.config.mime.get(suffix_of(path), answers.TYPE_OF.get(suffix_of(path)))
        if request.range is not None and not encoded and request.range[0] < size:
            first, last = request.range
            start, end = first, min(size, size if last is None else last + 1)
            lines.append(f"Content-Range: bytes {start}-{end - 1}/{size}")
            mime = answers.HTML
        code = 206 if lines else 200
        lines += [
            "Accept-Ranges: bytes",
            f"Last-Modified: {answers.http_date(mtime_ns)}",
            f"ETag: {etag}",
            f"Content-Length: {end - start}",
        ]
        if encoded:
            lines.append("Content-Encoding: gzip")
        if self.settings.verbose:
            await self.log(f"response:{code}")
        await self.send(answers.head(code, proc.kernel.wall_ns, mime, lines))
        if start:
            proc.lseek(fd, start)
        while end > start and (data := await proc.read(fd, min(CHUNK, end - start))):
            start += len(data)
            await self.send(data)
        raise Answered

    async def failed_to_run(self, name: str, error: OSError) -> None:
        """A script cannot be executed: says so, and answers 404."""
        await self.log(f"can't execute '{name}': {strerror(error.errno or 0)}")
        await self.answer(404)
