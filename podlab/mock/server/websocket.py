"""A WebSocket's frames around a conversation's messages (wsproto does the frames). No I/O: bytes in, bytes out."""

import logging
from collections.abc import Callable
from typing import Final

from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage

from podlab.mock.server.answers import Conversation

MAX_MESSAGE_BYTES: Final = 32 * 1024 * 1024

Write = Callable[[bytes], None]
Hold = Callable[[bool], None]
Finish = Callable[[bool], None]

log = logging.getLogger("podlab.mock.server")


class WebSocket:
    """The server's end, once the handshake is done. A `Socket` to its conversation.

    Args:
        conversation: whose messages these are.
        write: sends bytes.
        hold: stops and resumes reading from the client.
        finish: ends the connection after what was sent; ``finish(True)`` when the client expects no more either.
    """

    def __init__(self, conversation: Conversation, write: Write, hold: Hold, finish: Finish) -> None:
        self._conversation = conversation
        self._write = write
        self.hold = hold
        self._finish = finish
        self._frames = Connection(ConnectionType.SERVER)
        self._parts: list[bytes] = []
        self._texts: list[str] = []
        self._length = 0

    def send(self, message: bytes | str) -> None:
        """Sends a message; dropped once the connection is closing."""
        if self._frames.state is ConnectionState.OPEN:
            event = TextMessage(data=message) if isinstance(message, str) else BytesMessage(data=message)
            self._write(self._frames.send(event))

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Ends the connection after what was sent."""
        if self._frames.state is ConnectionState.OPEN:
            self._write(self._frames.send(CloseConnection(code=code, reason=reason[:120])))
        self._finish(False)

    def receive(self, data: bytes) -> None:
        """Takes what the client sent; ends the connection when it makes no sense."""
        if self._frames.state is ConnectionState.CLOSED:
            return
        self._frames.receive_data(data)
        for event in self._frames.events():
            match event:
                case BytesMessage() | TextMessage():
                    self._take(event)
                case Ping():
                    self._write(self._frames.send(event.response()))
                case CloseConnection():
                    self._end(event)

    def _end(self, event: CloseConnection) -> None:
        """The client closes, or (while the connection is still open) wsproto cannot read its frames."""
        if self._frames.state is ConnectionState.OPEN:
            log.warning("a client's WebSocket frames make no sense: %s", event.reason)
            self.close(event.code, event.reason or "")
            return
        if self._frames.state is ConnectionState.REMOTE_CLOSING:
            self._write(self._frames.send(event.response()))
        self._finish(True)

    def _take(self, event: BytesMessage | TextMessage) -> None:
        """Collects the pieces of a message; what comes after the server's close is dropped."""
        if self._frames.state is ConnectionState.LOCAL_CLOSING:
            return
        self._length += len(event.data)
        if self._length > MAX_MESSAGE_BYTES:
            log.warning("a client's WebSocket message is larger than %d bytes", MAX_MESSAGE_BYTES)
            self.close(1009, f"messages are limited to {MAX_MESSAGE_BYTES} bytes")
            return
        if isinstance(event, TextMessage):
            self._texts.append(event.data)
        else:
            self._parts.append(bytes(event.data))
        if event.message_finished:
            message = "".join(self._texts) if self._texts else b"".join(self._parts)
            self._texts, self._parts, self._length = [], [], 0
            self._conversation.receive(message)


class Bare:
    """A conversation without frames: what a connection is after an upgrade to SPDY."""

    def __init__(self, conversation: Conversation, write: Write, hold: Hold, finish: Finish) -> None:
        self._conversation = conversation
        self._write = write
        self.hold = hold
        self._finish = finish
        self._closed = False

    def send(self, message: bytes | str) -> None:
        """Sends bytes."""
        self._write(message.encode() if isinstance(message, str) else message)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Ends the connection after what was sent."""
        if code != 1000:
            log.warning("a client's SPDY makes no sense: %s", reason)
        self._closed = True
        self._finish(False)

    def receive(self, data: bytes) -> None:
        """Takes what the client sent."""
        if not self._closed:
            self._conversation.receive(data)
