"""wget: fetches files over HTTP and FTP, both under TLS too."""

import errno
from typing import Final

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_EXCL, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import Address
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import bare, port_number, resolve
from podlab.mock.programs.net.wget.connecting import Connector
from podlab.mock.programs.net.wget.ftp import Ftp
from podlab.mock.programs.net.wget.http import Http
from podlab.mock.programs.net.wget.progress import Progress
from podlab.mock.programs.net.wget.transfer import Head, Stream, Transfer
from podlab.mock.programs.net.wget.urls import PORTS, Url, parse_url
from podlab.mock.programs.streams import to_bytes

REDIRECTIONS: Final = 15
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
    "no-check-certificate": "\6",
    "passive-ftp": "\5",
    "no-cache": "\5",
    "no-verbose": "\5",
    "no-clobber": "\5",
    "no-host-directories": "\5",
    "no-parent": "\5",
}
OPTIONS: Final = "cqSO:o:P:Y:U:T:t:n::\1:\2:\3:\4\5\6"


class Wget:
    """One run of wget.

    Attributes:
        output: Descriptor of what is saved; -1 until it is known.
        begin: How much of the file was there before (`-c`).
    """

    def __init__(self, call: Call, log: int) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.options = call.options
        self.log = log
        self.quiet = "q" in call.options
        self.spider = "\4" in call.options
        self.connector = Connector(call)
        self.http = Http(call)
        self.output = -1
        self.begin = 0

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
        proxy = self._proxy(target)
        name = self._file_name(target)
        self.begin = self._present(name)
        server = proxy or target
        address = await self._resolve(server)
        for _ in range(REDIRECTIONS + 1):
            if target.scheme.startswith("f") and proxy is None:
                await self._fetch_by_ftp(address, target, name)
                return
            stream, head = await self._ask(address, server, target, proxy is not None)
            if head.location is None:
                break
            self.proc.close(stream.fd)
            if head.location.startswith("/"):
                target = target.moved(head.location[1:])
            else:
                target = parse_url(head.location)
                if proxy is None:
                    server = target
                    address = await self._resolve(server)
        if head.location is not None:
            self.call.die("too many redirections")
        await self._finish(stream, head, name)
        self.proc.close(stream.fd)

    async def _fetch_by_ftp(self, address: Address, target: Url, name: str) -> None:
        session = Ftp(self.call, self.connector, address)
        stream, head, self.begin = await session.open(target, self.begin)
        await self._finish(stream, head, name)
        self.proc.close(stream.fd)
        await session.finish()

    async def _finish(self, stream: Stream, head: Head, name: str) -> None:
        if self.spider:
            await self.say("remote file exists")
        else:
            await self._save(stream, head, name)

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

    def _proxy(self, target: Url) -> Url | None:
        """The proxy that the environment names: the one for HTTP serves HTTPS too, which it is asked for in plain text."""
        proxy = self.proc.env.get("ftp_proxy" if target.scheme.startswith("f") else "http_proxy")
        return parse_url(proxy) if proxy and self.options.get("Y") != "off" else None

    # --- the conversation ---

    async def _resolve(self, server: Url) -> Address:
        port = await port_number(self.call, server.port) if server.port else PORTS[server.scheme]
        if port is None:
            self.call.die(f"bad port '{server.port}'")
        ip = await resolve(self.call, server.name)
        await self.say(f"Connecting to {server.host} ({bare(ip)}:{port})")
        return ip, port

    async def _ask(self, address: Address, server: Url, target: Url, proxied: bool) -> tuple[Stream, Head]:
        """Sends the request, and reads the head of the answer."""
        fd = await self.connector.open(address)
        if server.scheme == "https":
            await self.connector.secure(fd, server.host)
        await self.http.send(fd, target, server, proxied, self.begin)
        earlier = errno.ENOENT if server.scheme == "https" else 0  # busybox has looked for an `openssl` first
        stream = Stream(self.call, fd, self.connector.timeout_ns, earlier)
        head = await self.http.read_head(stream, self.begin > 0)
        if self.begin and head.status != 206 and head.location is None:
            self.begin = 0
        return stream, head

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
    run = Wget(call, log)
    for url in call.operands:
        await run.fetch(url)
    return 0
