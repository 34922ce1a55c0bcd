"""Answers: what goes back to a client, without a word about sockets.

An answer is *pulled*: whoever owns the socket reads it as fast as the client takes it, and is told by `notify` when there is
more. So a slow client holds its answer up, and the in-process transport reads the very same objects.

An `Upgrade` is the other thing that a request may get: the connection leaves HTTP, and a `Conversation` has it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from podlab.mock.api.node import LogStream
from podlab.mock.api.request import UserInfo, WatchStream
from podlab.mock.server.waits import Wait

Headers = Mapping[str, str]
Notify = Callable[[], None]

TOO_SLOW_BYTES: Final = 16 * 1024 * 1024
"""How much a watch may have waiting for its client before it is ended, as the real server ends it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a request, as it came.

    Attributes:
        target: path and query, percent-encoded.
        headers: names in lower case, in order, repeated ones repeated.
        peer: whom the client's certificate names.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    peer: UserInfo | None = None


class Answer(Protocol):
    """An HTTP response that is pulled.

    Attributes:
        status: the status code; 0 until it is known.
        headers: with ``content-length`` where the length is known; else the body is sent in chunks.
        ended: nothing is left to read, and nothing will come.
        notify: is called when there is more to read, the head is known, or it has ended.
    """

    status: int
    headers: Headers
    notify: Notify

    @property
    def ended(self) -> bool:
        """Nothing is left to read, and nothing will come."""

    def read(self) -> bytes:
        """Takes a piece of the body; ``b""`` when there is none now."""

    def close(self) -> None:
        """The client has gone, or has all."""


class Socket(Protocol):
    """What a conversation sees of its client."""

    def send(self, message: bytes | str) -> None:
        """Sends a message (or, without messages, bytes)."""

    def hold(self, held: bool) -> None:
        """Takes no more from the client for a while, or takes more again."""

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Ends the connection after what was sent."""


class Conversation(Protocol):
    """What a connection does once it has left HTTP."""

    def start(self, socket: Socket) -> None:
        """The connection is there."""

    def receive(self, message: bytes | str) -> None:
        """The client sent a message (or, without messages, bytes)."""

    def pause(self, paused: bool) -> None:
        """The client reads too slowly, or reads again."""

    def lost(self) -> None:
        """The connection is gone, whoever ended it. Called once, last."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A request's connection becomes a `Conversation`.

    Attributes:
        headers: of the ``101 Switching Protocols``, beside those that every upgrade has.
        websocket: frames carry messages; without it, the conversation has the bare bytes.
    """

    conversation: Conversation
    headers: Headers
    websocket: bool = True


def _nothing() -> None:
    """What `notify` is until somebody listens."""


class Whole:
    """A response that is there in full."""

    def __init__(self, status: int, headers: Headers, body: bytes) -> None:
        self.status = status
        self.headers: Headers = {**headers, "content-length": str(len(body))}
        self.notify: Notify = _nothing
        self._body = body

    @property
    def ended(self) -> bool:
        """Has it been read?"""
        return not self._body

    def read(self) -> bytes:
        """All of it."""
        body, self._body = self._body, b""
        return body

    def close(self) -> None:
        """Forgets it."""
        self._body = b""


class WatchAnswer:
    """A watch: one read gives one frame.

    Args:
        wait: what it lets time do, if anything.
        too_slow: is called when the client has not kept up and the watch was ended for it.
    """

    status = 200

    def __init__(self, stream: WatchStream, headers: Headers, wait: Wait | None, too_slow: Notify = _nothing) -> None:
        self.headers = headers
        self.notify: Notify = _nothing
        self._stream = stream
        self._wait = wait
        self._too_slow = too_slow
        self._waiting_bytes = sum(map(len, stream.pending))
        self._seen = len(stream.pending)
        stream.on_frame = self._more
        if stream.pending:
            self._given(any(map(_is_event, stream.pending)))

    @property
    def ended(self) -> bool:
        """Is there nothing left?"""
        return self._stream.ended and not self._stream.pending

    def read(self) -> bytes:
        """The next frame."""
        if not self._stream.pending:
            return b""
        frame = self._stream.pending.popleft()
        self._waiting_bytes -= len(frame)
        self._seen -= 1
        return frame

    def close(self) -> None:
        """Ends the watch."""
        self._stream.close()
        self._stream.pending.clear()
        if self._wait is not None:
            self._wait.close()

    def _more(self) -> None:
        pending = self._stream.pending
        if len(pending) > self._seen:
            self._seen += 1
            self._waiting_bytes += len(pending[-1])
            self._given(_is_event(pending[-1]))
        if self._waiting_bytes > TOO_SLOW_BYTES and not self._stream.ended:
            self._too_slow()
            self.close()
        elif self._stream.ended and self._wait is not None:
            self._wait.close()
        self.notify()

    def _given(self, an_event: bool) -> None:
        if self._wait is not None and an_event:
            self._wait.output()
            if self._wait.over:
                self._stream.close()


def _is_event(frame: bytes) -> bool:
    return not frame.startswith(b'{"type":"BOOKMARK"') or b'"k8s.io/initial-events-end"' in frame


class LogAnswer:
    """A container's log."""

    status = 200

    def __init__(self, stream: LogStream, headers: Headers, wait: Wait | None) -> None:
        self.headers = headers
        self.notify: Notify = _nothing
        self._stream = stream
        self._wait = wait
        stream.on_data = self._more

    @property
    def ended(self) -> bool:
        """Is there nothing left?"""
        return self._stream.ended

    def read(self) -> bytes:
        """What there is."""
        data = self._stream.read_available()
        if self._wait is not None and self._stream.ended:
            self._wait.close()
        return data

    def close(self) -> None:
        """Stops following."""
        self._stream.close()
        if self._wait is not None:
            self._wait.close()

    def _more(self) -> None:
        if self._wait is not None:
            self._wait.output()
        self.notify()
