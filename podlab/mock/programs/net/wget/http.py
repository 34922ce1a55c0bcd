"""HTTP as wget speaks it: the request, and the head of the answer."""

import re
from contextlib import suppress
from typing import Final

from podlab.mock.programs.applet import Call
from podlab.mock.programs.net.wget.transfer import Head, Stream
from podlab.mock.programs.net.wget.urls import Url
from podlab.mock.programs.streams import to_bytes

GOOD: Final = (200, 201, 202, 203, 204, 206, 300, 301, 302, 303, 307, 308)
HEADER_NAME: Final = re.compile(r"[-_.A-Za-z0-9]*")
FORM: Final = "application/x-www-form-urlencoded"


class Http:
    """What one run of wget says and hears."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.options = call.options
        data = call.options.get("\2")
        self._posts = data is not None or "\3" in call.options
        self._body = b"" if data is None else to_bytes(data)

    async def send(self, fd: int, target: Url, server: Url, proxied: bool, begin: int) -> None:
        """Sends a request.

        Args:
            fd: The connection to `server`.
            target: What is wanted.
            server: Who is asked.
            proxied: Whether that is a proxy.
            begin: From where on it is wanted.
        """
        proc, file = self.call.proc, self.options.get("\3")
        if file is not None:
            reader = await self.call.open_or_die(file)
            self._body = await reader.read_all()
            reader.close()
        with suppress(OSError):  # the answer will tell
            await proc.write(fd, to_bytes(self._request(target, server, proxied, begin)) + self._body)
            if target.scheme == "https":
                proc.shutdown(fd)

    def _request(self, target: Url, server: Url, proxied: bool, begin: int) -> str:
        own = self.options.all("\1")
        given = {line.partition(":")[0].lower() for line in own}
        post = self._posts
        where = f"{target.scheme}://{target.host}/{target.path}" if proxied else f"/{target.path}"
        lines = [f"{'POST' if post and not proxied else 'GET'} {where} HTTP/1.1"]
        if "host" not in given:
            lines.append(f"Host: {target.host}")
        if "user-agent" not in given:
            lines.append(f"User-Agent: {self.options.get('U') or 'Wget'}")
        lines.append("Connection: close")
        if target.authorization is not None and "authorization" not in given:
            lines.append(f"Authorization: Basic {target.authorization}")
        if proxied and server.authorization is not None and "proxy-authorization" not in given:
            lines.append(f"Proxy-Authorization: Basic {server.authorization}")
        if begin and "range" not in given:
            lines.append(f"Range: bytes={begin}-")
        lines += own
        if post:
            if "content-type" not in given:
                lines.append(f"Content-Type: {FORM}")
            lines.append(f"Content-Length: {len(self._body)}")
        return "".join(f"{line}\r\n" for line in [*lines, ""])

    async def read_head(self, stream: Stream, partly: bool) -> Head:
        """Reads status and headers; dies of an answer that is no success and no redirection."""
        head = await self._status(stream)
        if head.status == 0 or head.status == 100:
            while await stream.line():
                pass
            head = await self._status(stream)
        if head.status not in GOOD:
            self.call.die(f"server returned error: {head.line}")
        if partly and head.status < 206:
            await self.call.warn("restart failed")
        while line := await stream.line():
            await self._show(line)
            self._header(head, line)
            if head.location is not None:
                return head
        await self._show("")
        return head

    async def _status(self, stream: Stream) -> Head:
        line = await stream.line()
        words = line.split()
        if not line.startswith(("HTTP/", "ICY")) and not (words and words[0].startswith("HTTP")):
            stream.broken()
        await self._show(line)
        digits = words[1] if len(words) > 1 else ""
        if not digits.isdigit():
            stream.broken()
        return Head(int(digits), line)

    async def _show(self, line: str) -> None:
        if "S" in self.options:
            await self.call.error(f"  {line}\n")

    def _header(self, head: Head, line: str) -> None:
        key = HEADER_NAME.match(line)[0].lower()  # type: ignore[index]
        rest = line[len(key) :]
        if not rest.startswith(":"):
            self.call.die(f"bad header line: {key}{rest}")
        value = rest[1:].strip()
        if key == "content-length":
            if not value.isdigit():
                self.call.die(f"content-length {value} is garbage")
            head.length = int(value)
        elif key == "transfer-encoding":
            if value.lower() != "chunked":
                self.call.die(f"transfer encoding '{value}' is not supported")
            head.chunked = True
        elif key == "location" and head.status >= 300:
            head.location = value
