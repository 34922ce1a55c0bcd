"""Byte streams over connections, in plain text or (`tls.TlsStream`) encrypted, with deadlines in simulated time."""

from collections.abc import Callable
from typing import Final, Protocol

from podlab.mock.kernel import Kernel, WaitQueue, park
from podlab.mock.machine.network import Endpoint

CHUNK: Final = 16_384


Deadline = int | Callable[[], int | None] | None
"""When to give up (ns): fixed, or asked for again whenever something happens."""


class Late(Exception):
    """A deadline has passed."""


class Abandoned(Exception):
    """Whoever asked has gone meanwhile."""


class Watched(Protocol):
    """Whoever asked."""

    @property
    def endpoint(self) -> Endpoint:
        """The connection to it."""

    @property
    def gone(self) -> bool:
        """Whether it has gone."""


async def wait(kernel: Kernel, queue: WaitQueue, deadline_ns: Deadline, watched: Watched | None = None) -> None:
    """Waits until `queue` is woken.

    Args:
        kernel: The clock.
        queue: What is waited for.
        deadline_ns: When to give up.
        watched: A stream whose end ends the waiting too.

    Raises:
        Late: The deadline passed.
        Abandoned: The watched stream's other side has left.
    """
    limit = deadline_ns() if callable(deadline_ns) else deadline_ns
    if limit is not None and kernel.now_ns >= limit:
        raise Late
    if watched is not None and watched.gone:
        raise Abandoned
    task = kernel.current_task()
    queues = (queue,) if watched is None else (queue, watched.endpoint.readers)
    for one in queues:
        one.enter(task)
    timer = None if limit is None else kernel.call_at(limit, task.resume)
    try:
        await park()
    finally:
        if timer is not None:
            timer.cancel()
        for one in queues:
            one.leave(task)


class Stream:
    """A connection in plain text.

    Attributes:
        endpoint: The connection.
        received, sent: Bytes so far, as they went over the wire.
        listener, chain: The names of the listener and of the filter chain that serve it.
    """

    encrypted = False

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.kernel = endpoint.kernel
        self.received = 0
        self.sent = 0
        self.listener = self.chain = ""
        self._told = 0, 0

    def news(self) -> tuple[int, int]:
        """Bytes received and sent since it was last asked for."""
        before, self._told = self._told, (self.received, self.sent)
        return self.received - before[0], self.sent - before[1]

    @property
    def gone(self) -> bool:
        """Whether the other side has closed, and nothing of it waits to be read."""
        return self.endpoint.closed or (self.endpoint.readable() and not self.endpoint.unread_bytes)

    async def recv(self, deadline_ns: Deadline = None, watched: Watched | None = None) -> bytes:
        """Some bytes, empty at the end. Raises OSError, and as `wait`."""
        while (data := self.endpoint.try_recv(CHUNK)) is None:
            await wait(self.kernel, self.endpoint.readers, deadline_ns, watched)
        self.received += len(data)
        return data

    async def send(self, data: bytes, deadline_ns: Deadline = None) -> None:
        """Sends all. Raises OSError, Late."""
        while data:
            sent = self.endpoint.try_send(data)
            self.sent += sent
            data = data[sent:]
            if data:
                await wait(self.kernel, self.endpoint.writers, deadline_ns)

    async def shutdown_write(self) -> None:
        """Says that no more will be sent."""
        self.endpoint.shutdown_write()

    def close(self) -> None:
        """Closes it."""
        self.endpoint.close()

    def abort(self) -> None:
        """Resets it."""
        self.endpoint.abort()
