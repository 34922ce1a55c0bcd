"""Port-forward: connections into a pod, over the channels of a WebSocket (two a port) or SPDY streams (two a connection)."""

from collections.abc import Callable

from podlab.mock.api.errors import APIError
from podlab.mock.api.node import Connection, PortForwardAnswer
from podlab.mock.server.answers import Socket
from podlab.mock.server.channels import ChannelProtocol
from podlab.mock.server.intake import Intake
from podlab.mock.server.spdy import StreamOpened
from podlab.mock.server.tunnel import SpdyConversation
from podlab.mock.server.waits import Wait


def forward_failure(port: int, error: str) -> str:
    """What the error stream of a forwarded port says (containerd's words, without the sandbox's id and namespace path).

    Args:
        port: the pod's port.
        error: of `Connection.on_close`, such as ``connect: connection refused``.
    """
    return (
        f"error forwarding port {port} to pod: failed to execute portforward in network namespace: failed to connect to "
        f"localhost:{port} inside namespace, IPv4: dial tcp4 127.0.0.1:{port}: {error}"
    )


class Forwarded:
    """One connection into the pod.

    Args:
        answer: what opens it.
        port: the pod's port.
        send: is given the pod's bytes.
        closed: is called once with what went wrong, or ``""``.
    """

    def __init__(
        self, answer: PortForwardAnswer, port: int, send: Callable[[bytes], None], closed: Callable[[str], None]
    ) -> None:
        self._port = port
        self._closed = closed
        self._connection: Connection | None = None
        try:
            connection = self._connection = answer.open(port)
        except APIError as error:
            closed(error.message)
            return
        connection.on_data(send)
        connection.on_close(self._on_close)

    def _on_close(self, error: str) -> None:
        self._connection = None
        self._closed(forward_failure(self._port, error) if error else "")

    def write(self, data: bytes) -> None:
        """Sends the client's bytes."""
        if self._connection is not None and data:
            self._connection.write(data)

    @property
    def waiting(self) -> int:
        """Bytes that the pod has not taken yet."""
        return self._connection.write_waiting if self._connection is not None else 0

    def on_written(self, callback: Callable[[], object]) -> None:
        """Registers who is told that it has taken some."""
        if self._connection is not None:
            self._connection.on_written(callback)

    def write_eof(self) -> None:
        """The client sends no more."""
        if self._connection is not None:
            self._connection.write_eof()

    def pause(self, paused: bool) -> None:
        """The client reads too slowly, or reads again."""
        if self._connection is not None:
            self._connection.pause_output(paused)

    def close(self) -> None:
        """The client has gone."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class ChannelForward:
    """Over channels: channel 2n carries the data of the n-th port, 2n+1 its errors; each begins with the port's number."""

    def __init__(self, answer: PortForwardAnswer, wait: Wait, protocol: ChannelProtocol) -> None:
        self._answer = answer
        self._wait = wait
        self._protocol = protocol
        self._ports: dict[int, Forwarded] = {}
        self._closed: set[int] = set()
        self._socket: Socket | None = None
        self._intake: Intake | None = None

    def start(self, socket: Socket) -> None:
        """Names the ports, and connects to them."""
        self._socket = socket
        self._intake = Intake(socket, lambda: sum(port.waiting for port in self._ports.values()))
        for index, port in enumerate(self._answer.ports):
            for channel in (2 * index, 2 * index + 1):
                socket.send(self._protocol.message(channel, port.to_bytes(2, "little")))
        for index, port in enumerate(self._answer.ports):
            self._connect(index, port)

    def _connect(self, index: int, port: int) -> None:
        def send(data: bytes) -> None:
            for message in self._protocol.messages(2 * index, data):
                self._send(message)

        def closed(error: str) -> None:
            if error:
                self._send(self._protocol.message(2 * index + 1, error.encode()))
            self._closed.add(index)
            if self._socket is not None and len(self._closed) == len(self._answer.ports):
                self._socket.close()

        self._ports[index] = Forwarded(self._answer, port, send, closed)
        if self._intake is not None:
            self._ports[index].on_written(self._intake.check)

    def _send(self, message: bytes | str) -> None:
        if self._socket is not None:
            self._socket.send(message)

    def receive(self, message: bytes | str) -> None:
        """Takes data for a port; what goes to other channels is ignored."""
        channel, data = self._protocol.parse(message) or (1, b"")
        port = self._ports.get(channel // 2)
        if port is not None and self._intake is not None and channel % 2 == 0:
            port.write(data)
            self._intake.check()

    def pause(self, paused: bool) -> None:
        """The client reads too slowly, or reads again."""
        for port in self._ports.values():
            port.pause(paused)

    def lost(self) -> None:
        """Closes what is open."""
        self._socket = None
        for port in self._ports.values():
            port.close()
        self._wait.close()


class _Pair:
    """The two streams of one connection, and the connection."""

    __slots__ = ("data", "error", "forwarded")

    def __init__(self) -> None:
        self.error: int | None = None
        self.data: int | None = None
        self.forwarded: Forwarded | None = None


class SpdyForward(SpdyConversation):
    """Over SPDY: a stream for errors and one for data make a connection; their ``requestid`` says that they belong together."""

    def __init__(self, answer: PortForwardAnswer, wait: Wait) -> None:
        super().__init__()
        self._answer = answer
        self._wait = wait
        self._pairs: dict[str, _Pair] = {}
        self._of_stream: dict[int, str] = {}
        self._intake: Intake | None = None
        self._paused = False

    def start(self, socket: Socket) -> None:
        """The connection is there; the client speaks first."""
        super().start(socket)
        self._intake = Intake(socket, self._waiting)

    def _waiting(self) -> int:
        return sum(pair.forwarded.waiting for pair in self._pairs.values() if pair.forwarded is not None)

    def opened(self, event: StreamOpened) -> None:
        """Takes a stream, and connects when its data stream is there."""
        kind, port = event.headers.get("streamtype", ""), event.headers.get("port", "")
        number = event.headers.get("requestid", "")
        if kind not in ("error", "data") or not port.isdecimal() or not 0 < int(port) < 1 << 16:
            self.reset(event.stream)
            return
        pair = self._pairs.setdefault(number, _Pair())
        self._of_stream[event.stream] = number
        self.reply(event.stream)
        if kind == "error":
            pair.error = event.stream
        elif pair.data is None:
            pair.data = event.stream
            self._connect(number, pair, int(port))

    def _connect(self, number: str, pair: _Pair, port: int) -> None:
        def send(data: bytes) -> None:
            if pair.data is not None:
                self.write(pair.data, data)

        def closed(error: str) -> None:
            if pair.error is not None:
                self.write(pair.error, error.encode(), fin=True)
            if pair.data is not None:
                self.write(pair.data, b"", fin=True)
            self._forget(number)

        pair.forwarded = Forwarded(self._answer, port, send, closed)
        if self._intake is not None:
            pair.forwarded.on_written(self._intake.check)
        if self._paused:
            pair.forwarded.pause(True)

    def data(self, stream: int, data: bytes, fin: bool) -> None:
        """Takes the client's bytes."""
        pair = self._pairs.get(self._of_stream.get(stream, ""))
        if pair is None or pair.data != stream or pair.forwarded is None:
            return
        pair.forwarded.write(data)
        if self._intake is not None:
            self._intake.check()
        if fin:
            pair.forwarded.write_eof()

    def was_reset(self, stream: int) -> None:
        """Closes the connection of a stream that the client gave up."""
        number = self._of_stream.get(stream)
        pair = self._pairs.get(number) if number is not None else None
        if number is None or pair is None or pair.data != stream:
            return
        if pair.forwarded is not None:
            pair.forwarded.close()
        if pair.error is not None:
            self.write(pair.error, b"", fin=True)
        self._forget(number)

    def _forget(self, number: str) -> None:
        pair = self._pairs.pop(number, None)
        if pair is not None:
            for stream in (pair.data, pair.error):
                self._of_stream.pop(stream or 0, None)

    def pause(self, paused: bool) -> None:
        """The client reads too slowly, or reads again."""
        self._paused = paused
        for pair in self._pairs.values():
            if pair.forwarded is not None:
                pair.forwarded.pause(paused)

    def lost(self) -> None:
        """Closes what is open."""
        self._socket = None
        for pair in self._pairs.values():
            if pair.forwarded is not None:
                pair.forwarded.close()
        self._pairs.clear()
        self._wait.close()
