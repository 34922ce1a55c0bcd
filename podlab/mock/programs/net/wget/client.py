"""wget: fetches files over HTTP."""

import errno
import re
from contextlib import suppress
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_EXCL, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import bare, family_of, port_number, resolve
from podlab.mock.programs.net.wget.progress import Progress
from podlab.mock.programs.net.wget.transfer import Head, Stream, Transfer
from podlab.mock.programs.net.wget.urls import PORTS, Url, parse_url
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.options import Options
from podlab.mock.programs.streams import to_bytes

TIMEOUT_SECONDS: Final = 900
REDIRECTIONS: Final = 5
GOOD: Final = (200, 201, 202, 203, 204, 206, 300, 301, 302, 303, 307, 308)
HEADER_NAME: Final = re.compile(r"[-_.A-Za-z0-9]*")
FORM: Final = "application/x-www-form-urlencoded"
LONG_OPTIONS: Final = {
    "continue": "c",
    "quiet": "q",
    "server-response": "S",
    "output-document": "O",
    "output-file": "o",
    "directory-prefix": "P",
    "proxy": "Y",
    "user-agent": "U",
    "timeout": "T",
    "tries": "t",
    "header": "\1",
    "post-data": "\2",
    "post-file": "\3",
    "spider": "\4",
    "no-check-certificate": "\5",
    "passive-ftp": "\5",
    "no-verbose": "\5",
    "no-clobber": "\5",
    "no-host-directories": "\5",
    "no-parent": "\5",
}
OPTIONS: Final = "cqSO:o:P:Y:U:T:t:n::\1:\2:\3:\4\5"


class Wget:
    """One run of wget.

    Attributes:
        output: Descriptor of what is saved; -1 until it is known.
    """

    def __init__(self, call: Call, options: Options, log: int) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.options = options
        self.log = log
        self.quiet = "q" in options
        self.spider = "\4" in options
        self.timeout_ns = (unsigned(options.get("T") or str(TIMEOUT_SECONDS), 0, INT_MAX) * SECOND) or None
        self.output = -1
        self.begin = 0
        self.body = b""

    async def say(self, text: str) -> None:
        """A message that `-q` suppresses and `-o` diverts."""
        if not self.quiet:
            if self.log >= 0:
                await self.proc.write(self.log, to_bytes(text + "\n"))
            else:
                await self.call.error(text + "\n")

    # --- one file ---

    async def fetch(self, text: str) -> None:
        """Fetches one address. Dies when it cannot."""
        target = parse_url(text)
        name = self._file_name(target)
        self.begin = self._present(name)
        server, proxied = self._through(target)
        stream, head = await self._ask(server, target, proxied)
        for _ in range(REDIRECTIONS):
            if head.location is None:
                break
            self.proc.close(stream.fd)
            same = head.location.startswith("/")
            server, target, proxied = self._redirected(head.location, target, server, proxied)
            stream, head = await self._ask(server, target, proxied, again=same)
        if head.location is not None:
            self.call.die("too many redirections")
        if self.spider:
            await self.say("remote file exists")
        else:
            await self._save(stream, head, name)
        self.proc.close(stream.fd)

    def _file_name(self, target: Url) -> str:
        name = self.options.get("O")
        if name is None:
            name = target.path.rstrip("/").rpartition("/")[2] or "index.html"
            folder = self.options.get("P")
            if folder is not None:
                name = f"{folder.rstrip('/') or '/'}/{name}"
        return name

    def _present(self, name: str) -> int:
        """How much of the file is there, with `-c`."""
        if "c" not in self.options or name == "-":
            return 0
        try:
            return self.proc.stat(name).size
        except OSError:
            return 0

    def _through(self, target: Url) -> tuple[Url, bool]:
        """Whom to connect to: the server itself, or the proxy that the environment names."""
        proxy = self.proc.env.get(f"{target.scheme}_proxy") if target.scheme != "https" else None
        if not proxy or (self.options.get("Y") or "on") in ("off", "0"):
            return target, False
        return parse_url(proxy), True

    def _redirected(self, location: str, target: Url, server: Url, proxied: bool) -> tuple[Url, Url, bool]:
        if location.startswith("/"):
            moved = Url(target.scheme, target.host, target.name, target.port, location[1:], target.user)
            return (moved if not proxied else server), moved, proxied
        moved = parse_url(location)
        return (moved if not proxied else server), moved, proxied

    # --- the conversation ---

    async def _connect(self, server: Url, again: bool) -> int:
        port = await port_number(self.call, server.port) if server.port else PORTS[server.scheme]
        if port is None:
            self.call.die(f"bad port '{server.port}'")
        ip = await resolve(self.call, server.name)
        if not again:
            await self.say(f"Connecting to {server.host} ({bare(ip)}:{port})")
        proc = self.proc
        fd = proc.socket(family_of(ip))
        proc.setsockopt(fd, send_timeout_ns=self.timeout_ns or 0)
        try:
            await proc.connect(fd, (ip, port))
        except OSError as error:
            if error.errno == errno.EINPROGRESS:
                self.call.die("download timed out")
            self.call.die(f"can't connect to remote host ({ip}): {strerror(error.errno or 0)}")
        return fd

    async def _ask(self, server: Url, target: Url, proxied: bool, again: bool = False) -> tuple[Stream, Head]:
        """Sends the request; `again` to the server that was asked before."""
        fd = await self._connect(server, again)
        if server.scheme == "https":
            await self.call.warn("note: TLS certificate validation not implemented")
            self.call.die("TLS is not modelled by podlab")
        if server.scheme == "ftp":
            self.call.die("FTP is not modelled by podlab")
        file = self.options.get("\3")
        if file is not None:
            self.body = await _read_file(self.call, file)
        with suppress(OSError):  # the answer will tell
            await self.proc.write(fd, to_bytes(self._request(target, server, proxied)) + self.body)
        stream = Stream(self.call, fd, self.timeout_ns)
        return stream, await self._read_head(stream)

    def _request(self, target: Url, server: Url, proxied: bool) -> str:
        own = self.options.all("\1")
        given = {line.partition(":")[0].lower() for line in own}
        post = self._posts()
        where = f"{target.scheme}://{target.host}/{target.path}" if proxied else f"/{target.path}"
        lines = [f"{'POST' if post else 'GET'} {where} HTTP/1.1"]
        if "host" not in given:
            lines.append(f"Host: {target.host}")
        if "user-agent" not in given:
            lines.append(f"User-Agent: {self.options.get('U') or 'Wget'}")
        lines.append("Connection: close")
        if target.authorization is not None and "authorization" not in given:
            lines.append(f"Authorization: Basic {target.authorization}")
        if proxied and server.authorization is not None and "proxy-authorization" not in given:
            lines.append(f"Proxy-Authorization: Basic {server.authorization}")
        if self.begin:
            lines.append(f"Range: bytes={self.begin}-")
        lines += own
        if post:
            if "content-type" not in given:
                lines.append(f"Content-Type: {FORM}")
            lines.append(f"Content-Length: {len(self.body)}")
        return "".join(f"{line}\r\n" for line in [*lines, ""])

    def _posts(self) -> bool:
        return "\2" in self.options or "\3" in self.options

    async def _read_head(self, stream: Stream) -> Head:
        """Reads status and headers; dies of an answer that is no success and no redirection."""
        head = await self._status(stream)
        if head.status == 0 or head.status == 100:
            while await stream.line():
                pass
            head = await self._status(stream)
        if head.status not in GOOD:
            self.call.die(f"server returned error: {head.line}")
        while line := await stream.line():
            await self._show(line)
            self._header(head, line)
        await self._show("")
        if self.begin and head.status != 206 and head.location is None:
            await self.call.warn("restart failed")
            self.begin = 0
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

    # --- the file ---

    async def _open(self, name: str) -> None:
        if self.output >= 0:
            return
        if name == "-":
            self.output = 1
            return
        if "O" in self.options:
            flags = O_WRONLY | O_CREAT | (O_APPEND if self.begin else O_TRUNC)
        else:
            flags = O_WRONLY | O_CREAT | (O_APPEND if self.begin else O_EXCL)
        if "c" in self.options and not self.begin:
            flags = flags & ~O_EXCL | O_TRUNC
        try:
            self.output = await self.proc.open(name, flags)
        except OSError as error:
            self.call.die(f"can't open '{name}': {strerror(error.errno or 0)}")

    async def _save(self, stream: Stream, head: Head, name: str) -> None:
        await self._open(name)
        await self.say("writing to stdout" if self.output == 1 else f"saving to '{name}'")
        shown = name.rpartition("/")[2] if name != "-" else "-"
        bar = None if self.quiet or self.log >= 0 else Progress(self.call, shown, self.begin)
        await Transfer(self, stream, head, bar).run()
        if self.output != 1 and "O" not in self.options:
            self.proc.close(self.output)
            self.output = -1
        await self.say("written to stdout" if name == "-" else f"'{name}' saved")


@applet("wget", OPTIONS, long_options=LONG_OPTIONS, operands=(1, None))
async def wget(call: Call) -> int:
    """Fetches each address in turn."""
    log = -1
    path = call.options.get("o")
    if path == "-":
        call.proc.dup2(1, 2)
    elif path is not None:
        try:
            log = await call.proc.open(path, O_WRONLY | O_CREAT | O_TRUNC)
        except OSError as error:
            call.die(f"can't open '{path}': {strerror(error.errno or 0)}")
        call.proc.dup2(log, 2)
    run = Wget(call, call.options, log)
    data = call.options.get("\2")
    if data is not None:
        run.body = to_bytes(data)
    for url in call.operands:
        await run.fetch(url)
    return 0


async def _read_file(call: Call, path: str) -> bytes:
    reader = await call.open_or_die(path)
    data = await reader.read_all()
    reader.close()
    return data
