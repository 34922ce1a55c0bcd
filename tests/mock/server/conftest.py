"""A cluster that is not one: an API whose paths do what the edge has to cope with, on a real kernel."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from podlab.mock.api.errors import NotFound
from podlab.mock.api.node import STDERR, STDOUT, ExecAnswer, LogAnswer, PortForwardAnswer, ProxyAnswer
from podlab.mock.api.request import Request, Response, UserInfo, WatchStream
from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.server.server import Server
from podlab.mock.server.waits import Pace
from tests.waiting import PATIENCE_SECONDS

TOKEN = "right"


class FakeSession:
    """``echo WORDS``, ``cat``, ``sleep SECONDS``, ``exit CODE``, ``yes``, ``slow``, ``size`` (of the terminal), ``broken``."""

    def __init__(self, kernel: Kernel, command: list[str]) -> None:
        self.kernel = kernel
        self.command = command
        self.closed = False
        self.paused = False
        self.written = 0
        self.stdin_waiting = self.most_waiting = self.taken = 0
        self.ended: tuple[int | None, str] | None = None
        self.output: Callable[[int, bytes], None] = lambda channel, data: None
        self.exit: Callable[[int | None, str], None] = lambda code, message: None
        kernel.call_soon(self.run)

    def run(self) -> None:
        match self.command:
            case ["echo", *words]:
                self.output(STDOUT, " ".join(words).encode() + b"\n")
                self.end(0)
            case ["warn", *words]:
                self.output(STDERR, " ".join(words).encode() + b"\n")
                self.end(3)
            case ["sleep", seconds]:
                self.kernel.call_after(int(float(seconds) * SECOND), self.end, 0)
            case ["exit", code]:
                self.end(int(code))
            case ["broken"]:
                self.end(None, "cannot start it")
            case ["yes"]:
                self.flood()

    def flood(self) -> None:
        if not self.paused and not self.closed:
            self.written += 65536
            self.output(STDOUT, b"y\n" * 32768)
            self.kernel.call_after(SECOND // 1000, self.flood)

    def end(self, code: int | None, message: str = "") -> None:
        if not self.closed:
            self.exit(code, message)

    def on_output(self, callback: Callable[[int, bytes], None]) -> None:
        self.output = callback

    def on_exit(self, callback: Callable[[int | None, str], None]) -> None:
        self.exit = callback

    def stdin_write(self, data: bytes) -> None:
        if self.command == ["cat"]:
            self.kernel.call_soon(self.output, STDOUT, data)
        if self.command == ["slow"]:
            self.stdin_waiting += len(data)
            self.kernel.call_after(SECOND, self.take)

    def take(self) -> None:
        self.most_waiting = max(self.most_waiting, self.stdin_waiting)
        self.taken += self.stdin_waiting
        self.stdin_waiting = 0
        self.read()

    def on_stdin_read(self, callback: Callable[[], object]) -> None:
        self.read = callback

    def stdin_close(self) -> None:
        if self.command == ["cat"]:
            self.kernel.call_soon(self.end, 0)
        if self.command == ["slow"]:
            self.kernel.call_after(2 * SECOND, self.end, 0)

    def resize(self, width: int, height: int) -> None:
        if self.command == ["size"]:
            self.kernel.call_soon(self.output, STDOUT, f"{width}x{height}\n".encode())

    def pause_output(self, paused: bool) -> None:
        self.paused = paused
        if not paused and self.command == ["yes"]:
            self.flood()

    def close(self) -> None:
        self.closed = True


class FakeConnection:
    """A connection into a pod. Port 7 echoes and ends when its client does; port 80 answers HTTP; nobody listens at any other."""

    def __init__(self, kernel: Kernel, port: int, reply: bytes = b"") -> None:
        self.kernel = kernel
        self.port = port
        self.reply = reply
        self.closed = False
        self.paused = False
        self.got = b""
        self.data: Callable[[bytes], None] = lambda data: None
        self.end: Callable[[str], None] = lambda error: None
        if port not in (7, 80):
            kernel.call_after(SECOND // 10, lambda: self.end("connect: connection refused"))

    def write(self, data: bytes) -> None:
        self.got += data
        if self.port == 7:
            self.kernel.call_soon(lambda: self.data(data))
        elif self.port == 80 and b"\r\n\r\n" in self.got:
            self.kernel.call_after(2 * SECOND, self.answer)

    def answer(self) -> None:
        if not self.closed:
            self.data(self.reply)
            self.end("")

    write_waiting = 0

    def on_written(self, callback: Callable[[], object]) -> None:
        self.written = callback

    def write_eof(self) -> None:
        if self.port == 7:
            self.kernel.call_soon(lambda: self.end(""))

    def on_data(self, callback: Callable[[bytes], None]) -> None:
        self.data = callback

    def on_close(self, callback: Callable[[str], None]) -> None:
        self.end = callback

    def pause_output(self, paused: bool) -> None:
        self.paused = paused

    def close(self) -> None:
        self.closed = True


class FakeLog:
    """A log of a line a second; ``lines`` of them when it is followed, two otherwise."""

    def __init__(self, kernel: Kernel, follow: bool, lines: int) -> None:
        self.kernel = kernel
        self.on_data: Callable[[], None] | None = None
        self.there = b"line 0\nline 1\n"
        self.left = lines if follow else 0
        self.number = 2
        self.closed = False
        if self.left:
            kernel.call_after(SECOND, self.more)

    def more(self) -> None:
        if self.closed:
            return
        self.there += f"line {self.number}\n".encode()
        self.number += 1
        self.left -= 1
        if self.left:
            self.kernel.call_after(SECOND, self.more)
        if self.on_data is not None:
            self.on_data()

    @property
    def ended(self) -> bool:
        return not self.there and not self.left

    def read_available(self) -> bytes:
        data, self.there = self.there, b""
        return data

    def close(self) -> None:
        self.closed = True


class FakeAPI:
    """Paths: ``/echo`` ``/big`` ``/boom`` ``/watch`` ``/log`` ``/exec`` ``/forward`` ``/proxy/PORT``."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.on_fault: Callable[[Request, str], None] = lambda request, trace: None
        self.sessions: list[FakeSession] = []
        self.connections: list[FakeConnection] = []
        self.watches: list[WatchStream] = []
        self.logs: list[FakeLog] = []
        self.reply = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"

    def authenticate(self, token: str) -> UserInfo | None:
        return UserInfo("system:serviceaccount:default:default") if token == "account" else None

    def handle(self, request: Request) -> Any:
        head, _, rest = request.path.strip("/").partition("/")
        try:
            return getattr(self, f"on_{head}")(request, rest)
        except AttributeError:
            error = NotFound("things", head)
            return Response(404, {"content-type": "application/json"}, json.dumps(error.status).encode())

    def on_echo(self, request: Request, rest: str) -> Response:
        seen = {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "headers": dict(request.headers),
            "body": request.body.decode("latin-1")[:1000],
            "length": len(request.body),
            "user": asdict(request.user),
        }
        return Response(
            200, {"content-type": "application/json", "cache-control": "no-cache, private"}, json.dumps(seen).encode()
        )

    def on_big(self, request: Request, rest: str) -> Response:
        return Response(200, {"content-type": "application/json"}, b'"' + b"x" * 300_000 + b'"')

    def on_boom(self, request: Request, rest: str) -> Response:
        raise ZeroDivisionError("boom")

    def on_watch(self, request: Request, rest: str) -> WatchStream:
        stream = WatchStream({"content-type": "application/json"})
        every, count, size = float(request.param("every", "1")), int(request.param("count", "0")), int(request.param("size", "1"))
        self.watches.append(stream)

        def event(number: int) -> None:
            if not stream.ended:
                stream.send(
                    json.dumps(
                        {"type": "ADDED", "object": {"n": number, "at": self.kernel.now_ns / 1e9, "x": "x" * size}}
                    ).encode()
                    + b"\n"
                )
                if number + 1 != count:
                    self.kernel.call_after(int(every * SECOND), event, number + 1)

        self.kernel.call_after(int(every * SECOND), event, 0)
        if request.param("timeoutSeconds"):
            self.kernel.call_after(int(request.param("timeoutSeconds")) * SECOND, stream.close)
        return stream

    def on_log(self, request: Request, rest: str) -> LogAnswer:
        self.logs.append(FakeLog(self.kernel, request.param("follow") == "true", int(request.param("lines", "3"))))
        return LogAnswer(self.logs[-1])

    def on_exec(self, request: Request, rest: str) -> ExecAnswer:
        stdin, stdout, stderr, tty = (request.param(name) == "true" for name in ("stdin", "stdout", "stderr", "tty"))

        def start() -> FakeSession:
            if request.query["command"] == ["missing"]:
                raise NotFound("containers", "missing")
            self.sessions.append(FakeSession(self.kernel, request.query["command"]))
            return self.sessions[-1]

        return ExecAnswer("exec", start, stdin, stdout, stderr, tty)

    def on_forward(self, request: Request, rest: str) -> PortForwardAnswer:
        ports = tuple(int(port) for text in request.query.get("ports", ()) for port in text.split(","))
        return PortForwardAnswer(ports, self.connect)

    def on_proxy(self, request: Request, rest: str) -> ProxyAnswer:
        port = int(rest.partition("/")[0])
        head = f"{request.method} / HTTP/1.1\r\nHost: pod\r\n\r\n".encode()
        return ProxyAnswer(lambda: self.connect(port), head, f"10.0.0.9:{port}", f"/proxy/{port}")

    def connect(self, port: int) -> FakeConnection:
        self.connections.append(FakeConnection(self.kernel, port, self.reply))
        return self.connections[-1]


class FakeCluster:
    """A kernel and its `FakeAPI`."""

    def __init__(self) -> None:
        self.kernel = Kernel()
        self.kernel.trace.enabled = True
        self.api = FakeAPI(self.kernel)
        self.network = None


class Serving:
    """A `Server` on a thread of its own, for clients that block."""

    def __init__(self, pace: Pace, cluster: Any = None, tls: Any = None) -> None:
        self.cluster = cluster or FakeCluster()
        self.token = TOKEN
        self._pace = pace
        self._tls = tls
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._ready.wait(PATIENCE_SECONDS)

    async def _serve(self) -> None:
        self._server = Server(self.cluster, self._pace, TOKEN, self._tls)
        self._loop = asyncio.get_running_loop()
        self.url = await self._server.start()
        self.port = int(self.url.rpartition(":")[2])
        self._ready.set()
        await self._server.stopping.wait()
        await self._server.stop()

    def call(self, function: Callable[[], Any]) -> Any:
        """Runs a function on the server's thread."""

        async def run() -> Any:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(PATIENCE_SECONDS)

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._server.stopping.set)
            self._thread.join(PATIENCE_SECONDS)

    @property
    def is_up(self) -> bool:
        return self._thread.is_alive()


@pytest.fixture
def fake() -> FakeCluster:
    return FakeCluster()


@pytest.fixture(params=list(Pace))
def pace(request: pytest.FixtureRequest) -> Pace:
    return request.param


@pytest.fixture
def serve() -> Iterator[Callable[..., Serving]]:
    """Starts servers; they stop with the test."""
    started: list[Serving] = []

    def start(pace: Pace = Pace.LIVE, **options: Any) -> Serving:
        started.append(Serving(pace, **options))
        return started[-1]

    yield start
    for serving in started:
        serving.stop()


@dataclass(frozen=True)
class Certificates:
    """PEM files: an authority, and what it signed (with their keys)."""

    authority: Path
    server: Path
    client: Path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A server for 127.0.0.1, and the user ``jane`` of the group ``developers``."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    files = Certificates(*(folder / name for name in ("authority.pem", "server.pem", "client.pem")))
    authority.cert_pem.write_to_path(files.authority)
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(files.server)
    client = authority.issue_cert(common_name="jane", organization_name="developers")
    client.private_key_and_cert_chain_pem.write_to_path(files.client)
    return files
