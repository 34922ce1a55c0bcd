"""A conversation in SPDY: over a bare connection that was upgraded to it, or tunnelled through the messages of a WebSocket."""

from podlab.mock.server.answers import Socket
from podlab.mock.server.spdy import Data, GoneAway, Pinged, ProtocolError, Session, StreamOpened, StreamReset


class SpdyConversation:
    """Takes bytes apart into streams. Who inherits overrides `opened`, `data`, `was_reset`."""

    def __init__(self) -> None:
        self._spdy = Session()
        self._socket: Socket | None = None

    def start(self, socket: Socket) -> None:
        """The connection is there; the client speaks first."""
        self._socket = socket

    def receive(self, message: bytes | str) -> None:
        """Takes bytes; ends the connection when they are not SPDY."""
        try:
            for event in self._spdy.receive(message.encode() if isinstance(message, str) else message):
                match event:
                    case StreamOpened():
                        self.opened(event)
                    case Data():
                        self.data(event.stream, event.data, event.fin)
                    case StreamReset():
                        self.was_reset(event.stream)
                    case Pinged():
                        self._send(event.answer)
                    case GoneAway():
                        pass
        except ProtocolError as error:
            if self._socket is not None:
                self._socket.close(1002, str(error))

    def opened(self, event: StreamOpened) -> None:
        """The client opened a stream."""
        raise NotImplementedError

    def data(self, stream: int, data: bytes, fin: bool) -> None:
        """The client sent something on a stream."""
        raise NotImplementedError

    def was_reset(self, stream: int) -> None:
        """The client gave a stream up."""

    def reply(self, stream: int) -> None:
        """Accepts a stream."""
        self._send(self._spdy.reply(stream))

    def reset(self, stream: int) -> None:
        """Refuses a stream, or gives it up."""
        self._send(self._spdy.reset(stream))

    def write(self, stream: int, data: bytes, *, fin: bool = False) -> None:
        """Sends bytes on a stream; ``fin``: the last ones."""
        self._send(self._spdy.data(stream, data, fin))

    def end(self) -> None:
        """Ends the connection after what was sent."""
        if self._socket is not None:
            self._send(self._spdy.go_away())
            self._socket.close()

    def _send(self, data: bytes) -> None:
        if self._socket is not None:
            self._socket.send(data)
