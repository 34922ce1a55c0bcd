"""UDP: sockets that send and get datagrams. Like `tcp`, for tasks of the kernel and (through `sockets.Socket`) for processes."""

import errno
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from podlab.mock.kernel import WaitQueue
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.network.addresses import Address, is_wildcard
from podlab.mock.machine.network.ports import Binding
from podlab.mock.machine.network.tcp import PRESSURE

if TYPE_CHECKING:
    from podlab.mock.machine.network.fabric import Route
    from podlab.mock.machine.network.namespace import NetworkNamespace

BUFFER: Final = 212_992
MAX_DATAGRAM: Final = 65_507
MAX_HEARD: Final = 1024
OVERHEAD: Final = 512
"""What a waiting datagram costs the buffer beside its bytes."""


class UdpSocket:
    """A bound socket.

    Attributes:
        peer: With `connect`, where to; others' datagrams are then not let in.
        readers: Woken when a datagram (or an error) arrived.
        on_datagram: When set, gets each datagram as `(data, source)` at once, and none is queued.
    """

    __slots__ = (
        "_error",
        "_flows",
        "_heard",
        "_held",
        "_queue",
        "binding",
        "closed",
        "namespace",
        "on_datagram",
        "peer",
        "readers",
    )

    def __init__(self, namespace: "NetworkNamespace", binding: Binding) -> None:
        self.namespace = namespace
        self.binding = binding
        self.peer: Address | None = None
        self.readers = WaitQueue(namespace.network.kernel)
        self.on_datagram: Callable[[bytes, Address], object] | None = None
        self.closed = False
        self._queue: deque[tuple[bytes, Address]] = deque()
        self._held = 0
        self._error = 0
        self._flows: dict[Address, Address] = {}
        self._heard: dict[Address, None] = {}

    @property
    def local(self) -> Address:
        """Where it is bound."""
        return self.binding.ip, self.binding.port

    @property
    def unread_bytes(self) -> int:
        """How much waits to be received."""
        return self._held

    def send_to(self, data: bytes, destination: Address | None = None) -> int:
        """Sends a datagram (to the peer without a destination). Nobody tells when it is lost.

        Raises:
            OSError: EDESTADDRREQ, EMSGSIZE, ENETUNREACH; ECONNREFUSED once, when an earlier one found nobody (connected sockets).
        """
        self.raise_error()
        target = destination or self.peer
        if target is None:
            raise unix_error(errno.EDESTADDRREQ)
        if len(data) > MAX_DATAGRAM:
            raise unix_error(errno.EMSGSIZE)
        network = self.namespace.network
        route = network.route(self.namespace, self._flows.get(target, target), "udp", reply=target in self._heard)
        if route.error == errno.ENETUNREACH:
            raise unix_error(errno.ENETUNREACH)
        if route.address != target:
            self._flows[target] = route.address
        source_ip = route.source if is_wildcard(self.binding.ip) else self.binding.ip
        if route.error != errno.ETIMEDOUT:
            network.kernel.call_after(route.delay_ns, self._arrive, route, data, (source_ip, self.binding.port))
        return len(data)

    def _arrive(self, route: "Route", data: bytes, source: Address) -> None:
        namespace = route.namespace
        for binding in namespace.udp.find(*route.address) if namespace is not None else ():
            receiver = binding.owner
            if namespace is not None and isinstance(receiver, UdpSocket) and receiver.deliver(data, source):
                if namespace is not self.namespace:
                    self.namespace.eth0.count_sent(len(data))
                    namespace.eth0.count_received(len(data))
                return
        if self.peer is not None and not self.closed:
            self._error = route.error or errno.ECONNREFUSED
            self.readers.wake_all()

    def deliver(self, data: bytes, source: Address) -> bool:
        """A datagram arrives. Returns whether this socket is meant."""
        shown = next((service for service, backend in self._flows.items() if backend == source), source)
        if self.peer is not None and shown != self.peer:
            return False
        self._hear(shown)
        if self.on_datagram is not None:
            self.on_datagram(data, shown)
        elif self._held + len(data) + OVERHEAD <= BUFFER and self.namespace.network.pressure.held < PRESSURE:
            self._queue.append((data, shown))
            self._held += len(data) + OVERHEAD
            self.namespace.network.pressure.held += len(data) + OVERHEAD
            self.readers.wake_all()
        return True

    def _hear(self, source: Address) -> None:
        """Who has sent something may be answered, whatever the policies say (connection tracking)."""
        if source not in self._heard:
            if len(self._heard) >= MAX_HEARD:
                del self._heard[next(iter(self._heard))]
            self._heard[source] = None

    def readable(self) -> bool:
        """Whether `try_receive` would give an answer."""
        return bool(self._queue) or self._error != 0 or self.closed

    def try_receive(self) -> tuple[bytes, Address] | None:
        """A datagram and whence it came, or None. Raises OSError ECONNREFUSED as `send_to`."""
        if self._queue:
            data, source = self._queue.popleft()
            self._held -= len(data) + OVERHEAD
            self.namespace.network.pressure.held -= len(data) + OVERHEAD
            return data, source
        self.raise_error()
        return None

    def peek_source(self) -> Address | None:
        """Whence the next datagram comes, or None. Raises as `try_receive`."""
        if self._queue:
            return self._queue[0][1]
        self.raise_error()
        return None

    async def receive(self, timeout_ns: int | None = None) -> tuple[bytes, Address]:
        """The next datagram; for tasks of the kernel. Raises OSError ETIMEDOUT when none came within `timeout_ns`."""
        while (found := self.try_receive()) is None:
            if not await self.readers.wait(timeout_ns):
                raise unix_error(errno.ETIMEDOUT)
        return found

    def raise_error(self) -> None:
        """Raises what went wrong since the last call."""
        if self._error:
            number, self._error = self._error, 0
            raise unix_error(number)

    def close(self) -> None:
        """Gives the port back."""
        if not self.closed:
            self.closed = True
            self.namespace.udp.release(self.binding)
            self.namespace.network.pressure.held -= self._held
            self._held = 0
            self._queue.clear()
            self.readers.wake_all()
