"""One client's connection: HTTP/1.1 (h11 reads and writes it) until an upgrade, on a transport of asyncio.

Requests that a client sends without waiting for answers are answered in order. An answer is pulled as fast as the client takes
it; a client that goes away in the middle has its watch, exec or log ended at once.
"""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Protocol

import h11

from podlab.mock.api.request import UserInfo
from podlab.mock.server.answers import Answer, Head, Upgrade
from podlab.mock.server.authentication import certificate_user
from podlab.mock.server.edge import MAX_BODY_BYTES
from podlab.mock.server.websocket import Bare, WebSocket

MAX_HEAD_BYTES: Final = 1 << 20
MAX_PROXIED_BYTES: Final = 64 * 1024 * 1024
"""Longest body that is passed on to a pod; the real server has no limit there."""
BUFFERED_BYTES: Final = 64 * 1024
LINGER_SECONDS: Final = 2.0
"""How long a client may take to close a connection that has ended."""

_REASONS: Final = {status.value: status.phrase for status in HTTPStatus}

log = logging.getLogger("podlab.mock.server")


class Host(Protocol):
    """The server that a connection belongs to."""

    def answer(self, head: Head, body: bytes | None) -> Answer | Upgrade:
        """Answers a request."""

    def stirred(self) -> None:
        """A client did something: the kernel may have something to do."""

    def joined(self, connection: "HTTPConnection") -> None:
        """A connection was made."""

    def left(self, connection: "HTTPConnection") -> None:
        """A connection is gone."""


class Loop(Protocol):
    """What runs later: asyncio's loop, or in simulated time `transport.KernelLoop`."""

    def call_soon(self, callback: Callable[..., object], *args: object) -> object:
        """Calls a function when what happens now is over."""

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> object:
        """Calls a function in so many seconds."""


class HTTPConnection(asyncio.Protocol):
    """The protocol that asyncio drives.

    Args:
        host: who answers.
        loop: the loop.
        quiet: what clients do wrong is not logged.
    """

    def __init__(self, host: Host, loop: Loop, quiet: bool = False) -> None:
        self._host = host
        self._loop = loop
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._transport: asyncio.Transport | None = None
        self._peer: UserInfo | None = None
        self._request: h11.Request | None = None
        self._body = bytearray()
        self._too_large = False
        self._answer: Answer | None = None
        self._upgrade: Upgrade | None = None
        self._socket: WebSocket | Bare | None = None
        self._head_sent = self._paused = self._pump_due = self._finishing = False
        self._level = logging.DEBUG if quiet else logging.WARNING
        self.exchanges = 0

    @property
    def is_idle(self) -> bool:
        """Whether a request, or the rest of its head, is waited for."""
        return self._request is None and self._answer is None and self._upgrade is None

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=BUFFERED_BYTES * 4, low=BUFFERED_BYTES)
        self._peer = certificate_user(transport.get_extra_info("peercert"))
        self._host.joined(self)

    def data_received(self, data: bytes) -> None:
        """The client sent something."""
        try:
            if self._socket is not None:
                self._socket.receive(data)
            elif not self._finishing:
                self._http.receive_data(data)
                self._read()
        except Exception:
            log.exception("a connection failed, and is ended")
            self.abort()
        self._host.stirred()

    def eof_received(self) -> bool:
        """The client has gone, or sends no more: as for Go's server, that ends what is going on."""
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is gone."""
        self._transport = None
        answer, self._answer = self._answer, None
        upgrade, self._upgrade = self._upgrade, None
        if (answer is not None or upgrade is not None) and not self._finishing:
            log.log(min(self._level, logging.INFO), "the client of %s went away%s", self._named(), f": {error}" if error else "")
        try:
            if answer is not None:
                answer.close()
            if upgrade is not None:
                upgrade.conversation.lost()
        except Exception:
            log.exception("ending a connection failed")
        self._host.left(self)
        self._host.stirred()

    def pause_writing(self) -> None:
        """The client does not take what is sent."""
        self._paused = True
        if self._upgrade is not None:
            self._upgrade.conversation.pause(True)

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._paused = False
        if self._upgrade is not None:
            self._upgrade.conversation.pause(False)
        self._pump()
        self._host.stirred()

    def end(self) -> None:
        """The server stops: ends the connection in good order, after what was sent."""
        if self._socket is not None:
            self._socket.close(1001, "the server stops")
        elif self._answer is not None:
            self._answer.close()
            self._pump()
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Breaks the connection off."""
        if self._transport is not None:
            self._transport.abort()

    # Requests

    def _read(self) -> None:
        """Takes requests out of what was received, and has them answered one after the other."""
        while self._answer is None and self._upgrade is None and self._transport is not None:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                self._refuse(error)
                return
            if isinstance(event, h11.Request):
                if not event.http_version.startswith(b"1."):
                    self._say(505, "unsupported protocol version")
                    return
                self._request = event
                self._continue()
            elif isinstance(event, h11.Data):
                self._take(event.data)
            elif isinstance(event, h11.EndOfMessage):
                self._respond()
                break
            elif isinstance(event, h11.ConnectionClosed):
                self._transport.close()
                return
            else:
                break
        self._throttle()

    def _throttle(self) -> None:
        """Stops reading while requests pile up behind one that is being answered."""
        if self._transport is not None:
            waiting = len(self._http.trailing_data[0])
            if waiting > BUFFERED_BYTES and self._answer is not None:
                self._transport.pause_reading()
            elif not self._transport.is_reading():
                self._transport.resume_reading()

    def _continue(self) -> None:
        if self._http.they_are_waiting_for_100_continue:
            self._write(self._http.send(h11.InformationalResponse(status_code=100, headers=[])))

    def _take(self, data: bytes) -> None:
        """Collects a body; one that is too large is read to its end, and forgotten, so that the client gets to hear of it."""
        self._body += data
        assert self._request is not None
        limit = MAX_PROXIED_BYTES if b"/proxy" in self._request.target else MAX_BODY_BYTES
        if len(self._body) > limit:
            self._too_large = True
            self._body.clear()

    def _respond(self) -> None:
        request = self._request
        assert request is not None
        headers = tuple((name.decode(), value.decode("latin-1")) for name, value in request.headers)
        head = Head(request.method.decode(), request.target.decode("latin-1"), headers, self._peer)
        body, self._body = None if self._too_large else bytes(self._body), bytearray()
        self._too_large = False
        outcome = self._host.answer(head, body)
        if isinstance(outcome, Upgrade):
            self._switch(outcome)
            return
        self._answer = outcome
        self._head_sent = False
        outcome.notify = self._pump_soon
        self._pump()

    def _refuse(self, error: h11.RemoteProtocolError) -> None:
        """Answers what is not HTTP, and ends the connection."""
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._say(error.error_status_hint, str(error))
        else:
            self._finish()

    def _say(self, status: int, why: str) -> None:
        """Answers a request that cannot be read as Go's server does, and ends the connection."""
        log.log(self._level, "a client sent what is not HTTP: %s", why)
        head = f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
        self._write(f"{head}{status} {_REASONS[status]}: {why}".encode())
        self._finish()

    # Answers

    def _pump_soon(self) -> None:
        """There is more to send: sent when the kernel's slice is over, not in the middle of an event."""
        if not self._pump_due:
            self._pump_due = True
            self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        """Sends what the answer has and the client takes."""
        self._pump_due = False
        answer = self._answer
        if answer is None or self._transport is None or not (self._head_sent or answer.status):
            return
        try:
            pieces = [] if self._head_sent else [self._head(answer)]
            self._head_sent = True
            has_body = self._request is None or self._request.method != b"HEAD"
            while not self._paused and (data := answer.read()):
                if has_body:
                    pieces.append(self._http.send(h11.Data(data=data)) or b"")
                if len(pieces) > 32:
                    self._write(b"".join(pieces))
                    pieces.clear()
            if answer.ended:
                self._answer = None
                answer.close()
                pieces.append(self._http.send(h11.EndOfMessage()) or b"")
            self._write(b"".join(pieces))
        except (ConnectionAbortedError, h11.LocalProtocolError) as error:
            log.log(self._level, "the answer to %s is broken off: %s", self._named(), error)
            self.abort()
        except Exception:
            log.exception("the answer to %s failed", self._named())
            self.abort()
        else:
            if self._answer is None:
                self._next()

    def _head(self, answer: Answer) -> bytes:
        headers = [(name.title().encode(), value.encode("latin-1", "replace")) for name, value in answer.headers.items()]
        reason = _REASONS.get(answer.status, "").encode()
        return self._http.send(h11.Response(status_code=answer.status, headers=headers, reason=reason)) or b""

    def _next(self) -> None:
        """An exchange is complete: on to the next, or to the end."""
        self._request = None
        self.exchanges += 1
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            self._loop.call_soon(self._read_on)
        else:
            self._finish()

    def _read_on(self) -> None:
        if self._transport is not None and not self._finishing:
            self._read()

    # After HTTP

    def _switch(self, upgrade: Upgrade) -> None:
        """Leaves HTTP."""
        rest, _ = self._http.trailing_data
        headers = [(name.title().encode(), value.encode()) for name, value in upgrade.headers.items()]
        self._write(self._http.send(h11.InformationalResponse(status_code=101, headers=headers)))
        self._upgrade = upgrade
        kind = WebSocket if upgrade.websocket else Bare
        self._socket = kind(upgrade.conversation, self._write, self._hold, self._finish)
        upgrade.conversation.start(self._socket)
        if rest and not self._finishing:
            self._socket.receive(rest)

    def _write(self, data: bytes | None) -> None:
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _hold(self, held: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if held:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _finish(self, at_once: bool = False) -> None:
        """Ends the connection so that the client gets what was sent, even if it is still sending itself (unless ``at_once``)."""
        if self._transport is None or (self._finishing and not at_once):
            return
        self._finishing = True
        if self._transport.can_write_eof() and not at_once:
            self._transport.write_eof()
            self._loop.call_later(LINGER_SECONDS, self._linger, self._transport.get_write_buffer_size())
        else:
            self._transport.close()

    def _linger(self, waiting: int) -> None:
        """Gives up on a client that neither reads what is left for it nor closes."""
        if self._transport is None:
            return
        left = self._transport.get_write_buffer_size()
        if 0 < left < waiting:
            self._loop.call_later(LINGER_SECONDS, self._linger, left)
        else:
            self.abort()

    def _named(self) -> str:
        request = self._request
        if request is None:
            return "an idle connection"
        return f"{request.method.decode()} {request.target.partition(b'?')[0].decode('latin-1')}"
