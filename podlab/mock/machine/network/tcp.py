"""TCP: connections as pairs of endpoints, and listeners with their queues.

Nothing here needs a process: the `try_` calls never block, the queues `readers` and `writers` are woken when they may succeed,
and the coroutines beside them are for tasks of the kernel (probes, port-forward, the API's proxy). Processes use them through
`sockets.Socket`.

What is sent stands in the receiver's buffer at once; only connecting takes time. Errors are Linux': data that waited unread when
the other side closed, or that reaches a socket which is closed, resets the connection.
"""

import errno
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from podlab.mock.kernel import Kernel, WaitQueue
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.network.addresses import Address
from podlab.mock.machine.network.ports import Binding

if TYPE_CHECKING:
    from podlab.mock.machine.network.namespace import NetworkNamespace

BUFFER: Final = 262_144
"""How much may wait unread in one direction (the sender's and the receiver's buffers together)."""
PRESSED_BUFFER: Final = 4096
"""The same when all connections together hold more than PRESSURE (tcp_mem)."""
PRESSURE: Final = 64 << 20
TIME_WAIT_NS: Final = 60 * 1_000_000_000


class Pressure:
    """How much all connections of a network hold unread."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held = 0


class Endpoint:
    """One side of a connection.

    Attributes:
        local, peer: Addresses as this side sees them (the peer of a connection through a service is the service).
        readers, writers: Woken when receiving or sending may go on.
        closed: Whether this side has let go of it.
    """

    __slots__ = (
        "_buffer", "_end", "_error", "_other", "_pressure", "_read_shut", "_write_shut",
        "closed", "kernel", "local", "namespace", "peer", "readers", "writers",
    )  # fmt: skip

    def __init__(
        self, kernel: Kernel, local: Address, peer: Address, pressure: Pressure, namespace: "NetworkNamespace | None" = None
    ) -> None:
        self.kernel = kernel
        self.local = local
        self.peer = peer
        self.namespace = namespace
        self.readers = WaitQueue(kernel)
        self.writers = WaitQueue(kernel)
        self.closed = False
        self._pressure = pressure
        self._buffer = bytearray()
        self._other: Endpoint | None = None
        self._end = False
        self._error = 0
        self._read_shut = False
        self._write_shut = False
        if namespace is not None:
            namespace.connections[local, peer] = self

    @property
    def state(self) -> str:
        """The state of the connection in netstat's word."""
        if self.closed:
            return "CLOSE"
        if self._write_shut:
            return "LAST_ACK" if self._end else "FIN_WAIT2"
        return "CLOSE_WAIT" if self._end else "ESTABLISHED"

    @property
    def unread_bytes(self) -> int:
        """How much waits to be received."""
        return len(self._buffer)

    @property
    def unsent_bytes(self) -> int:
        """How much of what was sent waits at the other side."""
        return len(self._other._buffer) if self._other is not None else 0

    # --- receiving ---

    def readable(self) -> bool:
        """Whether `try_recv` would give an answer (data, the end, or an error)."""
        return bool(self._buffer) or self._end or self._read_shut or self._error != 0

    def try_recv(self, count: int) -> bytes | None:
        """Up to `count` bytes, empty at the end of the stream, None when there is nothing yet.

        Raises:
            OSError: ECONNRESET, once, after what had arrived before.
        """
        buffer = self._buffer
        if buffer:
            data = bytes(buffer[:count])
            del buffer[:count]
            self._pressure.held -= len(data)
            if self._other is not None:
                self._other.writers.wake_all()
            return data
        if self._end:
            return b""
        self._raise_error()
        return b"" if self._read_shut else None

    def peek(self) -> bytes:
        """What waits, without taking it."""
        return bytes(self._buffer)

    async def recv(self, count: int = 65_536, timeout_ns: int | None = None) -> bytes:
        """Up to `count` bytes, empty at the end of the stream; for tasks of the kernel.

        Raises:
            OSError: ECONNRESET; ETIMEDOUT when nothing came within `timeout_ns`.
        """
        while (data := self.try_recv(count)) is None:
            if not await self.readers.wait(timeout_ns):
                raise unix_error(errno.ETIMEDOUT)
        return data

    # --- sending ---

    def _room(self) -> int:
        limit = BUFFER if self._pressure.held < PRESSURE else PRESSED_BUFFER
        return limit - len(self._buffer)

    def writable(self) -> bool:
        """Whether `try_send` would take something or raise."""
        other = self._other
        return other is None or self._error != 0 or self._write_shut or other.closed or other._room() > 0

    def try_send(self, data: bytes) -> int:
        """Sends as much as there is room for; returns how much, 0 when it would block.

        Raises:
            OSError: ECONNRESET once after a reset, then EPIPE; EPIPE after `shutdown_write`.
        """
        self._raise_error()
        other = self._other
        if self._write_shut or other is None:
            raise unix_error(errno.EPIPE)
        if other.closed or (other._read_shut and other._write_shut):
            if not other.closed:
                other._fail(errno.ECONNRESET)
            self._fail(errno.EPIPE if self._end else errno.ECONNRESET)
            return len(data)
        taken = min(len(data), other._room())
        if taken <= 0:
            return 0
        other._buffer += data if taken == len(data) else data[:taken]
        self._pressure.held += taken
        other.readers.wake_all()
        if self.namespace is not other.namespace:
            if self.namespace is not None:
                self.namespace.eth0.count_sent(taken)
            if other.namespace is not None:
                other.namespace.eth0.count_received(taken)
        return taken

    async def send(self, data: bytes, timeout_ns: int | None = None) -> None:
        """Sends all of `data`, waiting while the other side does not read; for tasks of the kernel.

        Raises:
            OSError: EPIPE, ECONNRESET; ETIMEDOUT when there was no room within `timeout_ns`.
        """
        done = 0
        while done < len(data):
            sent = self.try_send(data[done:] if done else data)
            done += sent
            if not sent and not await self.writers.wait(timeout_ns):
                raise unix_error(errno.ETIMEDOUT)

    # --- ending ---

    def shutdown_write(self) -> None:
        """Says that no more will be sent; the other side reads an end (half-close)."""
        if not self._write_shut:
            self._write_shut = True
            other = self._other
            if other is not None and not other.closed:
                other._end = True
                other.readers.wake_all()
            self.writers.wake_all()

    def shutdown_read(self) -> None:
        """Receives no more."""
        self._read_shut = True
        self.readers.wake_all()

    def close(self) -> None:
        """Lets go of it: an end for the other side, or a reset when something was left unread."""
        if self.closed:
            return
        if self._buffer:
            self.abort()
            return
        first = not self._end
        self.shutdown_write()
        self._forget(time_wait=first and self._error == 0)

    def abort(self) -> None:
        """Resets the connection."""
        if self.closed:
            return
        other = self._other
        self._forget(time_wait=False)
        if other is not None and not other.closed:
            other._fail(errno.EPIPE if other._end else errno.ECONNRESET)

    def _forget(self, time_wait: bool) -> None:
        self.closed = True
        self._pressure.held -= len(self._buffer)
        self._buffer.clear()
        if self.namespace is not None:
            self.namespace.forget_connection(self, TIME_WAIT_NS if time_wait else 0)
        self.readers.wake_all()
        self.writers.wake_all()
        if self._other is not None:
            self._other.writers.wake_all()

    def _fail(self, number: int) -> None:
        """A reset arrived."""
        self._error = number
        self._write_shut = True
        self._other = None
        if self.namespace is not None:
            self.namespace.forget_connection(self, 0)
        self.readers.wake_all()
        self.writers.wake_all()

    def _raise_error(self) -> None:
        if self._error:
            number, self._error = self._error, 0
            self._end = self._read_shut = True
            raise unix_error(number)


def connect_pair(left: Endpoint, right: Endpoint) -> None:
    """Makes two endpoints the two sides of one connection."""
    left._other, right._other = right, left


class Listener:
    """A listening socket: connections that are complete wait in `pending` to be accepted.

    Args:
        binding: The port it has, None for a Unix socket.
        backlog: How many may wait; one more is let in, as Linux does, and further ones are not answered.

    Attributes:
        on_connection: Takes each connection at once, so that no task has to wait for them.
    """

    __slots__ = ("address", "backlog", "binding", "closed", "kernel", "namespace", "on_connection", "pending", "queue")

    def __init__(
        self,
        kernel: Kernel,
        address: Address,
        backlog: int,
        namespace: "NetworkNamespace | None" = None,
        binding: Binding | None = None,
    ) -> None:
        self.kernel = kernel
        self.address = address
        self.backlog = max(backlog, 0)
        self.namespace = namespace
        self.binding = binding
        self.pending: deque[Endpoint] = deque()
        self.on_connection: Callable[[Endpoint], object] | None = None
        self.queue = WaitQueue(kernel)
        self.closed = False

    @property
    def full(self) -> bool:
        """Whether a further connection would find no place."""
        return len(self.pending) > self.backlog

    def enqueue(self, endpoint: Endpoint) -> None:
        """A connection is complete."""
        if self.on_connection is not None:
            self.on_connection(endpoint)
            return
        self.pending.append(endpoint)
        self.queue.wake_one()

    def try_accept(self) -> Endpoint | None:
        """The connection that has waited longest, or None."""
        return self.pending.popleft() if self.pending else None

    async def accept(self) -> Endpoint:
        """The next connection; for tasks of the kernel. Raises OSError EINVAL when the listener is closed."""
        while (endpoint := self.try_accept()) is None:
            if self.closed:
                raise unix_error(errno.EINVAL)
            await self.queue.wait()
        return endpoint

    def close(self) -> None:
        """Stops listening; connections that nobody accepted are reset."""
        if self.closed:
            return
        self.closed = True
        if self.namespace is not None and self.binding is not None:
            self.namespace.tcp.release(self.binding)
        while self.pending:
            self.pending.popleft().abort()
        self.queue.wake_all()
