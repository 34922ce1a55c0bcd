"""An answer as it comes in: its head line by line, and its body on the way into a file."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from podlab.mock.kernel import SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call
from podlab.mock.programs.net.wget.progress import Progress
from podlab.mock.programs.streams import to_text

if TYPE_CHECKING:
    from podlab.mock.programs.net.wget.client import Wget

CHUNK: Final = 65_536
LINE_MAX: Final = 16_384


class Stream:
    """The answer, as it comes in.

    Args:
        call: For messages.
        fd: The socket.
        timeout_ns: How long to wait for anything.
        earlier: The errno that something before has left behind, and that is told of an early end.
    """

    def __init__(self, call: Call, fd: int, timeout_ns: int | None, earlier: int = 0) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.fd = fd
        self.timeout_ns = timeout_ns
        self._buffer = b""
        self._errno = earlier

    async def _fill(self) -> bool:
        if not (await self.proc.poll((self.fd,), (), self.timeout_ns))[0]:
            self.call.die("download timed out")
        try:
            data = await self.proc.read(self.fd, CHUNK)
        except OSError as error:
            self._errno = error.errno or 0
            data = b""
        self._buffer += data
        return bool(data)

    def broken(self) -> NoReturn:
        """There is no more, but there should be."""
        self.call.die("error getting response" + (f": {strerror(self._errno)}" if self._errno else ""))

    async def line(self) -> str:
        """The next line of the head, without its end. Dies when there is none."""
        while b"\n" not in self._buffer and len(self._buffer) < LINE_MAX:
            if not await self._fill():
                self.broken()
        line, _, self._buffer = self._buffer.partition(b"\n")
        return to_text(line.removesuffix(b"\r"))

    def buffered(self) -> bool:
        """Whether something is there without waiting."""
        return bool(self._buffer)

    async def ready(self, timeout_ns: int) -> bool:
        """Waits for data, or the end, so long."""
        return bool(self._buffer) or bool((await self.proc.poll((self.fd,), (), timeout_ns))[0])

    async def read(self, count: int) -> bytes:
        """Up to `count` bytes of the body, empty at the end. Raises OSError."""
        if not self._buffer:
            return await self.proc.read(self.fd, min(count, CHUNK))
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data


@dataclass(slots=True)
class Head:
    """What the headers of an answer say.

    Attributes:
        length: Of the body, or None.
        location: Where else to look.
    """

    status: int
    line: str
    length: int | None = None
    chunked: bool = False
    location: str | None = None


class Transfer:
    """The body on its way into the file."""

    def __init__(self, wget: "Wget", stream: Stream, head: Head, bar: Progress | None) -> None:
        self.wget = wget
        self.stream = stream
        self.head = head
        self.bar = bar
        self.done = 0

    async def run(self) -> None:
        """Takes all of it. Dies when it ends too early, or stalls."""
        if self.head.chunked:
            while (size := await self._chunk_size()) > 0:
                await self._take(size, 0)
                await self.stream.line()
        else:
            left = await self._take(self.head.length, (self.head.length or 0) + self.wget.begin)
            if left:
                self.wget.call.die("connection closed prematurely")
        if self.bar is not None:
            await self.bar.finish(self.done)

    async def _chunk_size(self) -> int:
        line = await self.stream.line()
        try:
            return int(line.partition(";")[0].strip(), 16)
        except ValueError:
            return 0

    async def _take(self, left: int | None, total: int) -> int | None:
        """Takes `left` bytes, or all there are. Returns how many are missing."""
        proc = self.wget.proc
        ticks = ticks_left = (self.wget.connector.timeout_ns or 0) // SECOND
        while left is None or left > 0:
            if not await self.stream.ready(SECOND):
                ticks_left -= 1
                if self.bar is not None:
                    await self.bar.update(self.done, total)
                if ticks and ticks_left == 0:
                    self.wget.call.die("download timed out")
                continue
            try:
                data = await self.stream.read(CHUNK if left is None else left)
            except OSError as error:
                self.wget.call.die(f"read error: {strerror(error.errno or 0)}")
            if not data:
                break
            ticks_left = ticks
            try:
                await proc.write(self.wget.output, data)
            except OSError as error:
                self.wget.call.die(f"write error: {strerror(error.errno or 0)}")
            self.done += len(data)
            left = None if left is None else left - len(data)
            if self.bar is not None and left != 0:
                await self.bar.update(self.done, total)
        return left
