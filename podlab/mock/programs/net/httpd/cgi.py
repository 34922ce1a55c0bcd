"""Scripts and other servers that answer for httpd.

A child, or a connection, gets the rest of the request; its output is the answer.
"""

from copy import copy
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.process import Process
from podlab.mock.machine.resolver import UnknownHost
from podlab.mock.machine.signals import SIGCHLD, SIGHUP, SIGPIPE, Disposition
from podlab.mock.programs.net.hosts import family_of, split_port
from podlab.mock.programs.net.httpd.config import Proxy
from podlab.mock.programs.net.httpd.request import Answered, Request, is_directory
from podlab.mock.programs.streams import to_bytes

if TYPE_CHECKING:
    from podlab.mock.programs.net.httpd.connection import Connection

CHUNK: Final = 65_536
PIECE: Final = 4096
SOFTWARE: Final = "busybox httpd/1.37.0"
OK: Final = b"HTTP/1.1 200 OK\r\n"


async def run(connection: "Connection", request: Request, url: str, interpreter: str = "", info: str = "") -> None:
    """Runs the script that a URL means.

    Args:
        connection: Who asked.
        request: What.
        url: Decoded path; what follows the script's name is PATH_INFO.
        interpreter: What runs the script, when not the script itself.
        info: PATH_INFO, when it is not to be found in the URL.

    Raises:
        Answered: Always.
    """
    script, path_info = _split(connection.proc, url) if not info else (url, info)
    proc = connection.proc
    request_end, answer_end = proc.pipe(), proc.pipe()

    async def body(child: Process) -> int:
        child.dup2(request_end[0], 0)
        child.dup2(answer_end[1], 1)
        for fd in (*request_end, *answer_end):
            child.close(fd)
        for signal in (SIGCHLD, SIGPIPE, SIGHUP):
            child.signal(signal, Disposition.DEFAULT)
        return await _execute(copy(connection), child, request, script, path_info, interpreter)

    proc.fork(body)
    proc.close(request_end[0])
    proc.close(answer_end[1])
    await relay(connection, request, request_end[1], answer_end[0])


def _split(proc: Process, url: str) -> tuple[str, str]:
    """Divides a URL's path into the script and what follows: the first part that is no directory is the script."""
    at = url.find("/", 1)
    while at >= 0:
        if not is_directory(proc, url[1:at]):
            return url[:at], url[at:]
        at = url.find("/", at + 1)
    return url, ""


async def _execute(
    connection: "Connection", child: Process, request: Request, script: str, path_info: str, interpreter: str
) -> int:
    child.env.update(_variables(connection, request, script, path_info))
    folder, _, name = script[1:].rpartition("/")
    connection.proc = child
    try:
        try:
            if folder:
                child.chdir(folder)
            await child.exec(interpreter or name, [interpreter, name] if interpreter else [name])
        except OSError as error:
            await connection.failed_to_run(name, error)
    except Answered:
        pass
    except OSError:
        return 1
    return 0


def _variables(connection: "Connection", request: Request, script: str, path_info: str) -> dict[str, str]:
    uri = f"{script}{path_info}" if not request.query else f"{script}{path_info}?{request.query}"
    found = {
        "PATH_INFO": path_info,
        "REQUEST_METHOD": request.method,
        "REQUEST_URI": uri,
        "SCRIPT_NAME": script,
        "QUERY_STRING": request.query or "",
        "SERVER_SOFTWARE": SOFTWARE,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "GATEWAY_INTERFACE": "CGI/1.1",
        "REMOTE_ADDR": connection.remote,
        "REMOTE_PORT": str(connection.peer[1]) if connection.peer else "",
        **request.headers,
    }
    home = connection.settings.home
    if home.startswith("/"):
        found["SCRIPT_FILENAME"] = home.rstrip("/") + script
    if request.content_length:
        found["CONTENT_LENGTH"] = str(request.content_length)
    if request.content_type:
        found["CONTENT_TYPE"] = request.content_type
    if request.user:
        found["REMOTE_USER"] = request.user
        found["AUTH_TYPE"] = "Basic"
    return found


async def forward(connection: "Connection", request: Request, proxy: Proxy) -> None:
    """Passes a request on to another server, and its answer back.

    Raises:
        Answered: Always.
    """
    proc = connection.proc
    host, port = split_port(proxy.host, 80)
    fd = -1
    try:
        ip = (await proc.resolve(host))[0]
        fd = proc.socket(family_of(ip))
        await proc.connect(fd, (ip, int(port or 80)))
    except (UnknownHost, OSError, ValueError):
        await connection.answer(500)
    path = proxy.path + request.url[len(proxy.prefix) :]
    query = f"?{request.query}" if request.query else ""
    protocol = request.line.rpartition(" ")[2]
    head = [to_bytes(f"{request.method} {path}{query} {protocol}"), *request.raw_headers, b"", b""]
    connection.buffer = b"\r\n".join(head) + connection.buffer
    await relay(connection, request, fd, proc.dup(fd))


async def relay(connection: "Connection", request: Request, to: int, source: int) -> None:
    """Passes the rest of the request on, and the answer back, until that ends. Completes the answer's head where it has none.

    Raises:
        Answered: Always.
    """
    upward = _Upward(connection.proc, to, connection.buffer, request.content_length - len(connection.buffer))
    proc, connection.buffer = connection.proc, b""
    begun: bytes | None = b""
    while True:
        reading, writing = upward.wanted()
        readable, writable = await proc.poll((source, *reading), writing)
        await upward.go_on(0 in readable, bool(writable))
        if source not in readable:
            continue
        data = await _read(proc, source)
        if begun is None:
            await connection.send(data)
        else:
            begun += data
            if data and _undecided(begun):
                continue
            if begun:
                await connection.send(_completed(begun))
            begun = None
        if not data:
            raise Answered


class _Upward:
    """What goes to the script: what was read with the head, and then the rest of the body, as far as its length was told."""

    def __init__(self, proc: Process, fd: int, held: bytes, left: int) -> None:
        self.proc = proc
        self.fd = fd
        self.held = held
        self.left = left

    def wanted(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Descriptors to wait for: to read from, to write to. Closes the script's input when there is no more."""
        if self.fd < 0:
            return (), ()
        if self.held:
            return (), (self.fd,)
        if self.left > 0:
            return (0,), ()
        self.proc.close(self.fd)
        self.fd = -1
        return (), ()

    async def go_on(self, readable: bool, writable: bool) -> None:
        """Moves a piece."""
        if writable:
            try:
                done = await self.proc.file(self.fd).write(self.proc, self.held[:PIECE])
                self.held = self.held[done:]
            except OSError:  # the script has closed its input: the rest is not for it
                self.held, self.left = b"", 0
        elif readable:
            self.held = await _read(self.proc, 0, min(self.left, CHUNK))
            self.left = self.left - len(self.held) if self.held else 0


async def _read(proc: Process, fd: int, count: int = CHUNK) -> bytes:
    try:
        return await proc.read(fd, count)
    except OSError:
        return b""


def _undecided(begun: bytes) -> bool:
    """Whether it cannot be told yet how an answer's head begins."""
    return len(begun) < 4 or b"Status: ".startswith(begun)


def _completed(begun: bytes) -> bytes:
    """The beginning of an answer, with a status line."""
    if begun.startswith(b"HTTP"):
        return begun
    if begun.startswith(b"Status: "):
        return b"HTTP/1.1 " + begun[8:]
    return OK + begun
