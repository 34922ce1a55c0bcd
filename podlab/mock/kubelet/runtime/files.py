"""Descriptors between a container and the node: where its output goes, and where its input comes from."""

from collections.abc import Callable
from typing import Final

from podlab.mock.kernel import WaitQueue
from podlab.mock.machine.core import ProcessCore
from podlab.mock.machine.descriptors import O_WRONLY, OpenFile

OUTLET_BUFFER: Final = 65_536


class Outlet(OpenFile):
    """A descriptor whose writes go to a function, and which blocks the writer while it is paused and its buffer full."""

    __slots__ = ("_buffer", "_function", "_paused", "_queue")

    def __init__(self, queue: WaitQueue, function: Callable[[bytes], object]) -> None:
        super().__init__(O_WRONLY, None, "pipe:[1]")
        self._function = function
        self._queue = queue
        self._buffer = bytearray()
        self._paused = False

    def pause(self, paused: bool) -> None:
        """Holds output back, or lets it go on."""
        self._paused = paused
        if not paused:
            self.flush()
            self._queue.wake_all()

    def flush(self) -> None:
        """Gives what was held back to the function."""
        if self._buffer:
            data, self._buffer = bytes(self._buffer), bytearray()
            self._function(data)

    async def write(self, proc: ProcessCore, data: bytes) -> int:
        """Writes all of it."""
        while self._paused and len(self._buffer) >= OUTLET_BUFFER:
            await proc.block(self._queue)
        if self._paused:
            self._buffer += data
        else:
            self._function(data)
        return len(data)

    def writable(self) -> bool:
        """Is there room?"""
        return not self._paused or len(self._buffer) < OUTLET_BUFFER

    def queues(self) -> tuple[WaitQueue, ...]:
        """What is woken when there is room again."""
        return (self._queue,)
