"""How subresources reach containers: what the API asks of a node, and what it hands to whoever owns the client's socket.

The kubelet implements `NodeAgent`. The API server checks a request (the pod is there, the container is named and has started)
and answers with a `NodeStream`; the HTTP server joins the client's socket to it. Nothing has happened on the node until the
HTTP server calls `open`, so a handshake that fails runs nothing. Everything is a callback on the kernel's thread; a callback
that is registered late is given at once what came before it.

A node refuses by raising `APIError`: in `NodeAgent.exec` and its like, or later through `on_exit` and `on_close`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

from podlab.mock.kernel import Time

Obj = dict[str, Any]

STDOUT = 1
STDERR = 2


@dataclass(frozen=True, slots=True)
class LogOptions:
    """``PodLogOptions``, checked: which lines of a container's log are wanted.

    Attributes:
        container: a container of the pod (regular, init or ephemeral).
        since_time: only lines written at this moment or later (``sinceSeconds`` is turned into this).
        tail_lines: only that many last lines; None for all.
        limit_bytes: stop after that many bytes; None for no limit.
        stream: ``All``, ``Stdout`` or ``Stderr``.
    """

    container: str
    follow: bool = False
    previous: bool = False
    timestamps: bool = False
    since_time: Time | None = None
    tail_lines: int | None = None
    limit_bytes: int | None = None
    stream: Literal["All", "Stdout", "Stderr"] = "All"


class LogStream(Protocol):
    """A container's log, pulled by the reader. Without ``follow``, `ended` is true once the last byte has been read."""

    on_data: Callable[[], None] | None
    """Called when there is more to read, and when the stream has ended."""

    @property
    def ended(self) -> bool:
        """Nothing is left to read, and nothing will come."""

    def read_available(self) -> bytes:
        """Takes what is there now (``b""`` when nothing is)."""

    def close(self) -> None:
        """The reader has gone."""


class ExecSession(Protocol):
    """A process that was started in a container (exec), or the container's first one (attach)."""

    def stdin_write(self, data: bytes) -> None:
        """Sends bytes to the process; dropped when it has no stdin."""

    def stdin_close(self) -> None:
        """Ends the process's standard input."""

    @property
    def stdin_waiting(self) -> int:
        """Bytes of input that the process has not read yet: a client is not to send without end."""

    def on_stdin_read(self, callback: Callable[[], object]) -> None:
        """Registers ``callback()``, called when the process has read some."""

    def resize(self, width: int, height: int) -> None:
        """Tells a terminal its size in characters."""

    def on_output(self, callback: Callable[[int, bytes], None]) -> None:
        """Registers ``callback(channel, data)``; channel is `STDOUT` or `STDERR`."""

    def on_exit(self, callback: Callable[[int | None, str], None]) -> None:
        """Registers ``callback(exit_code, message)``, called once, last; without a code, the message says what failed."""

    def pause_output(self, paused: bool) -> None:
        """Stops and resumes delivery to ``on_output``, so that a slow client holds the process up and fills no memory."""

    def close(self) -> None:
        """The client has gone."""


class Connection(Protocol):
    """A TCP connection into the simulated network (port-forward and proxy)."""

    def write(self, data: bytes) -> None:
        """Sends bytes to the pod."""

    def write_eof(self) -> None:
        """The client sends no more."""

    @property
    def write_waiting(self) -> int:
        """Bytes that the pod has not taken yet: a client is not to send without end."""

    def on_written(self, callback: Callable[[], object]) -> None:
        """Registers ``callback()``, called when the pod has taken some."""

    def on_data(self, callback: Callable[[bytes], None]) -> None:
        """Registers ``callback(data)`` for bytes from the pod."""

    def on_close(self, callback: Callable[[str], None]) -> None:
        """Registers ``callback(error)``, called once; ``""`` for an orderly end, else such as ``connect: connection refused``."""

    def pause_output(self, paused: bool) -> None:
        """Stops and resumes delivery to ``on_data``."""

    def close(self) -> None:
        """Gives the connection up."""


class NodeAgent(Protocol):
    """The kubelet's own API, as the API server uses it. Pods are whole objects from the store, never to be changed."""

    def logs(self, pod: Obj, options: LogOptions) -> LogStream:
        """Opens a container's log. Raises `APIError` (``BadRequest``) when the container has no such log."""

    def exec(
        self,
        pod: Obj,
        container: str,
        command: list[str],
        stdin: bool,
        stdout: bool,
        stderr: bool,
        tty: bool,
        witness: bool = False,
    ) -> ExecSession:
        """Starts a command in a running container; that of a witness is the image's. Raises `APIError` when it cannot be."""

    def attach(self, pod: Obj, container: str, stdin: bool, stdout: bool, stderr: bool, tty: bool) -> ExecSession:
        """Joins the streams of a container's first process. Raises `APIError` when it is not running."""

    def port_forward(self, pod: Obj, port: int) -> Connection:
        """Connects to a port on the loopback address of the pod."""

    def dial(self, address: str, port: int) -> Connection:
        """Connects from the node to an address of the cluster's network (the API's proxy to pods and services)."""


@dataclass(frozen=True, slots=True)
class LogAnswer:
    """A log to stream as ``text/plain``; already open."""

    kind: ClassVar[Literal["log"]] = "log"
    stream: LogStream
    content_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class ExecAnswer:
    """An exec or attach to join to a WebSocket (or to refuse when the client did not ask to upgrade).

    Attributes:
        open: starts it. What it raises (`APIError`) is what the kubelet refuses.
    """

    kind: Literal["exec", "attach"]
    open: Callable[[], ExecSession]
    stdin: bool
    stdout: bool
    stderr: bool
    tty: bool


@dataclass(frozen=True, slots=True)
class PortForwardAnswer:
    """A port-forward to join to a WebSocket.

    Attributes:
        ports: what the query asked for (``ports=8080``); clients that tunnel SPDY name ports in their streams instead.
        open: connects to one port of the pod.
    """

    kind: ClassVar[Literal["portforward"]] = "portforward"
    ports: tuple[int, ...]
    open: Callable[[int], Connection]


@dataclass(frozen=True, slots=True)
class ProxyAnswer:
    """A request to pass on to a pod or a service's endpoint.

    Attributes:
        open: connects.
        request: the bytes of the HTTP/1.1 request to send (with ``Connection: close``); what comes back is the answer.
        address: ``ip:port``, for the words of a failure: `proxy_failure`.
        location_prefix: what to put before the path of a redirect's ``Location`` header.
    """

    kind: ClassVar[Literal["proxy"]] = "proxy"
    open: Callable[[], Connection]
    request: bytes
    address: str
    location_prefix: str


NodeStream = LogAnswer | ExecAnswer | PortForwardAnswer | ProxyAnswer


def proxy_failure(address: str, error: str) -> Obj:
    """The ``Status`` (HTTP 503) for a proxied request whose connection failed with ``error`` (of `Connection.on_close`)."""
    reached = f"dial tcp {address}: {error}" if error else "EOF"
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": f"error trying to reach service: {reached}",
        "reason": "ServiceUnavailable",
        "code": 503,
    }
