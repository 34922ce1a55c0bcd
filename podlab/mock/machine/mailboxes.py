"""Unix datagram sockets: a mailbox that others send to, by its path."""

import errno
from collections import deque
from typing import Final

from podlab.mock.kernel import Kernel, WaitQueue
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.network.tcp import PRESSURE, Pressure

BUFFER: Final = 212_992
OVERHEAD: Final = 512
MOST: Final = 512
"""So many datagrams wait at most (net.unix.max_dgram_qlen, as distributions set it)."""


class Mailbox:
    """What was sent to a socket, and not read yet.

    Attributes:
        readers, writers: Woken when something came, and when there is room.
        closed: Whether nobody will read any more.
    """

    __slots__ = ("_held", "_pressure", "_queue", "closed", "readers", "writers")

    def __init__(self, kernel: Kernel, pressure: Pressure) -> None:
        self.readers = WaitQueue(kernel)
        self.writers = WaitQueue(kernel)
        self.closed = False
        self._queue: deque[bytes] = deque()
        self._held = 0
        self._pressure = pressure

    @property
    def waiting(self) -> int:
        """How many datagrams wait."""
        return len(self._queue)

    def try_send(self, data: bytes) -> bool:
        """Puts a datagram in; False when there is no room now. Raises ECONNREFUSED, EMSGSIZE."""
        if self.closed:
            raise unix_error(errno.ECONNREFUSED)
        size = len(data) + OVERHEAD
        if size > BUFFER:
            raise unix_error(errno.EMSGSIZE)
        if len(self._queue) >= MOST or self._held + size > BUFFER or self._pressure.held >= PRESSURE:
            return False
        self._queue.append(data)
        self._hold(size)
        self.readers.wake_all()
        return True

    def try_receive(self) -> bytes | None:
        """The next datagram, None when there is none."""
        if not self._queue:
            return None
        data = self._queue.popleft()
        self._hold(-len(data) - OVERHEAD)
        self.writers.wake_all()
        return data

    def close(self) -> None:
        """Nobody reads any more."""
        self.closed = True
        self._queue.clear()
        self._hold(-self._held)
        self.writers.wake_all()

    def _hold(self, size: int) -> None:
        self._held += size
        self._pressure.held += size
