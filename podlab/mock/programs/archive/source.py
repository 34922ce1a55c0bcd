"""The bytes of a file or a stream as they come: looked at before they are taken, and put back when they were too many."""

from collections.abc import Awaitable, Callable
from typing import Final

from podlab.mock.machine.process import Process

PIECE: Final = 64 << 10
"""No more than so many bytes are given at once: what is done with them takes no longer than others can wait."""


class Source:
    """What `fetch` gives, until it gives nothing.

    Attributes:
        proc: The process that reads.
        fetched: How many bytes have come so far.
    """

    __slots__ = ("_fetch", "_ready", "fetched", "proc")

    def __init__(self, proc: Process, fetch: Callable[[], Awaitable[bytes]]) -> None:
        self.proc = proc
        self.fetched = 0
        self._fetch = fetch
        self._ready = b""

    async def _more(self) -> bytes:
        data = await self._fetch()
        self.fetched += len(data)
        return data

    async def some(self) -> bytes:
        """What there is, at least a byte; empty at the end."""
        data = self._ready or await self._more()
        self._ready = data[PIECE:]
        return data[:PIECE]

    async def begin(self, count: int) -> bytes:
        """The next `count` bytes without taking them; fewer only at the end."""
        while len(self._ready) < count:
            data = await self._more()
            if not data:
                break
            self._ready += data
        return self._ready[:count]

    async def exactly(self, count: int) -> bytes:
        """Takes `count` bytes, which are not many; fewer only at the end."""
        data = await self.begin(count)
        self._ready = self._ready[count:]
        return data

    async def at_most(self, count: int) -> bytes:
        """Takes what there is, but no more than `count` bytes; empty at the end."""
        data = await self.some()
        if len(data) > count:
            self.put_back(data[count:])
        return data[:count]

    async def skip(self, count: int) -> bool:
        """Takes `count` bytes, be they many. False when there are fewer."""
        while count > 0:
            data = await self.at_most(count)
            if not data:
                return False
            count -= len(data)
        return True

    async def skip_past(self, end: bytes) -> bool:
        """Takes all up to a byte, and it. False when it does not come."""
        while data := await self.some():
            _, found, rest = data.partition(end)
            if found:
                self.put_back(rest)
                return True
        return False

    def put_back(self, data: bytes) -> None:
        """Gives bytes back that were taken too many."""
        self._ready = data + self._ready
