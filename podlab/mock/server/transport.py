"""A transport, as asyncio's protocols know them, over a simulated connection under TLS, and a loop in simulated time.

By these `connection.HTTPConnection`, which serves sockets of the host, serves the pods' too.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from OpenSSL import SSL

from podlab.mock.kernel import SECOND, Kernel, WaitQueue, park
from podlab.mock.machine.network import Endpoint
from podlab.mock.programs.tls import TlsSide
from podlab.mock.server.connection import HTTPConnection

CHUNK: Final = 16_384
HEAD_NS: Final = 32 * SECOND
"""How long a client may take for its handshake, and then for the head of its first request."""
IDLE_NS: Final = 90 * SECOND
"""How long it may be silent between requests."""
HIGH_BYTES: Final = 256 * 1024
RECORD: Final = 5
HANDSHAKE: Final = 0x16
LIKE_HTTP: Final = (b"GET /", b"HEAD ", b"POST ", b"PUT /", b"OPTIO")
PLAIN: Final = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
"""What Go's server says to whoever begins like that."""


class Lane:
    """The server's time for one client: its work is done one piece after the other."""

    __slots__ = ("_free_ns", "_kernel", "connections")

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._free_ns = 0
        self.connections = 0

    def take(self, cost_ns: int) -> int:
        """Puts a piece of work to the others. Returns in how many nanoseconds it will be done."""
        self._free_ns = max(self._free_ns, self._kernel.now_ns) + cost_ns
        return self._free_ns - self._kernel.now_ns


class KernelLoop:
    """What `HTTPConnection` needs of a loop, in simulated time."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def call_soon(self, callback: Callable[..., object], *args: object) -> object:
        """Calls a function when what happens now is over."""
        return self._kernel.call_soon(callback, *args)

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> object:
        """Calls a function in so many seconds."""
        return self._kernel.call_after(int(delay * SECOND), callback, *args)


class TlsTransport(asyncio.Transport):
    """The transport; `run` is its task.

    Args:
        endpoint: The server's side of the connection.
        side: TLS' side of it.
        protocol: Who speaks.
        lane: The time that the client gets.
        piece_ns: What it takes of that to look at what a client has sent.
        byte_ns: What it takes for each byte that is sent.
    """

    def __init__(
        self, endpoint: Endpoint, side: TlsSide, protocol: HTTPConnection, lane: Lane, piece_ns: int, byte_ns: int
    ) -> None:
        super().__init__()
        self._kernel = endpoint.kernel
        self._endpoint = endpoint
        self._side = side
        self._protocol = protocol
        self._lane = lane
        self._piece_ns, self._byte_ns = piece_ns, byte_ns
        self._out = bytearray()
        self._changed = WaitQueue(endpoint.kernel)
        self._reading, self._closing, self._held = True, False, False
        self._heard_ns = self._kernel.now_ns

    # What the protocol calls

    def write(self, data: "bytes | bytearray | memoryview[Any]") -> None:
        """Sends, as fast as the client takes it."""
        if self._closing:
            return
        self._lane.take(len(data) * self._byte_ns)
        self._side.write(bytes(data))
        self._encrypted()
        if len(self._out) > HIGH_BYTES and not self._held:
            self._held = True
            self._protocol.pause_writing()
        self._changed.wake_all()

    def can_write_eof(self) -> bool:
        """TLS has no half of an end."""
        return False

    def close(self) -> None:
        """Ends the connection after what was sent."""
        if not self._closing:
            self._closing = True
            self._heard_ns = self._kernel.now_ns
            with suppress(SSL.Error):
                self._side.end()
            self._encrypted()
            self._changed.wake_all()

    def abort(self) -> None:
        """Breaks it off."""
        self._closing = True
        self._out.clear()
        self._endpoint.abort()
        self._changed.wake_all()

    def is_closing(self) -> bool:
        """Whether it ends."""
        return self._closing

    def is_reading(self) -> bool:
        """Whether anything is taken from the client."""
        return self._reading and not self._closing

    def pause_reading(self) -> None:
        """Takes nothing more for a while."""
        self._reading = False

    def resume_reading(self) -> None:
        """Takes more again."""
        self._reading = True
        self._changed.wake_all()

    def get_write_buffer_size(self) -> int:
        """How much waits for the client."""
        return len(self._out)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """They stay what they are."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Clients have no certificates here."""
        return default

    # The task

    async def run(self) -> None:
        """Shakes hands and lets the protocol speak, until one side ends. Never raises."""
        error: Exception | None = None
        try:
            if not await self._is_tls() or not await self._handshake():
                return
            self._protocol.connection_made(self)
            try:
                await self._serve()
            except (OSError, SSL.Error) as failure:
                error = failure
            finally:
                self._closing = True
                self._protocol.connection_lost(error)
        except (OSError, SSL.Error):
            self._endpoint.abort()
        finally:
            self._endpoint.close()

    async def _is_tls(self) -> bool:
        """Whether the client speaks TLS; one that speaks plain HTTP is told so."""
        first = b""
        while len(first) < RECORD and first[:1] != bytes([HANDSHAKE]):
            data = await self._receive()
            if not data:
                return False
            first += data
        if first[0] == HANDSHAKE:
            self._side.feed(first)
            return True
        if first.startswith(LIKE_HTTP):
            self._out += PLAIN
            self._flush()
        return False

    async def _handshake(self) -> bool:
        while True:
            try:
                done = self._side.handshake()
            finally:
                self._encrypted()
                self._flush()
            if done:
                return True
            data = await self._receive()
            if not data:
                return False
            self._side.feed(data)

    async def _receive(self) -> bytes:
        """What comes within the time for a head; empty at the end, or when nothing comes."""
        deadline = self._heard_ns + HEAD_NS
        while (data := self._endpoint.try_recv(CHUNK)) is None:
            if not await self._wait(deadline):
                return b""
        await self._kernel.sleep(self._lane.take(self._piece_ns))
        return data

    async def _serve(self) -> None:
        self._heard_ns = self._kernel.now_ns
        self._read()
        while True:
            self._flush()
            if self._closing and not self._out:
                return
            if self._endpoint.readable() and (self._reading or self._closing):
                if not await self._take():
                    return
            elif not await self._wait(self._deadline()):
                return

    async def _take(self) -> bool:
        """Gives the protocol what has come. False at the end."""
        data = self._endpoint.try_recv(CHUNK)
        if data == b"":
            self._protocol.eof_received()
            return False
        if data:
            await self._kernel.sleep(self._lane.take(self._piece_ns))
            if not self._closing:
                self._side.feed(data)
                return self._read()
        return True

    def _read(self) -> bool:
        """Decrypts for the protocol. False when the client has said that it ends."""
        while (data := self._side.read(CHUNK)) is not None:
            if not data:
                return False
            self._heard_ns = self._kernel.now_ns
            self._protocol.data_received(data)
        self._encrypted()
        return True

    def _deadline(self) -> int | None:
        if self._closing:
            return self._heard_ns + HEAD_NS
        if not self._protocol.is_idle:
            return None
        return self._heard_ns + (IDLE_NS if self._protocol.exchanges else HEAD_NS)

    def _encrypted(self) -> None:
        while data := self._side.output():
            self._out += data

    def _flush(self) -> None:
        """Sends what the client takes, and lets the protocol write more as long as there is room."""
        while self._out and (sent := self._endpoint.try_send(bytes(self._out[:HIGH_BYTES]))):
            del self._out[:sent]
            if self._held and not self._out:
                self._held = False
                self._protocol.resume_writing()

    async def _wait(self, deadline_ns: int | None) -> bool:
        """Waits until something has changed. False when the time is up."""
        if deadline_ns is not None and self._kernel.now_ns >= deadline_ns:
            return False
        task = self._kernel.current_task()
        queues = [self._changed, self._endpoint.readers] if self._reading or self._closing else [self._changed]
        if self._out:
            queues.append(self._endpoint.writers)
        for queue in queues:
            queue.enter(task)
        timer = None if deadline_ns is None else self._kernel.call_at(deadline_ns, task.resume)
        try:
            await park()
        finally:
            if timer is not None:
                timer.cancel()
            for queue in queues:
                queue.leave(task)
        return True
