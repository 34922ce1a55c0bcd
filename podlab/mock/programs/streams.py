"""Buffered byte streams over descriptors, with the habits of C's stdio that scripts can notice.

Output to a terminal goes out at each newline, all other output in blocks of `BLOCK` bytes and at the end, so that a pipe's reader
sees a line when it would see it in a real container. Input is taken in blocks too: what a program read and did not use is lost to
the next reader of a pipe, but given back to one of a file.
"""

import errno
import os

from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.process import Process

BLOCK = 4096
LONG = 65_536
"""A line that grows beyond this is read in larger pieces, and its memory is charged."""
BYTE_COST_NS = 2
"""Processor time for each byte read or written: what a simple filter needs."""


def to_bytes(text: str) -> bytes:
    """The bytes that a path, argument or variable of the machine stands for."""
    return text.encode("utf-8", "surrogateescape")


def to_text(data: bytes) -> str:
    """Bytes as the machine's text: paths, arguments, messages."""
    return data.decode("utf-8", "surrogateescape")


class Reader:
    """Reads a descriptor by blocks, lines or batches of lines.

    A read that fails ends the input, as it does in stdio; `error` then says why.

    Attributes:
        unterminated: Whether the last line that was returned ended with the file instead of a newline.
        error: Why reading failed, or None.
    """

    __slots__ = ("_charged", "_data", "_ended", "_position", "_size", "error", "fd", "proc", "unterminated")

    def __init__(self, proc: Process, fd: int, size: int = BLOCK) -> None:
        self.proc = proc
        self.fd = fd
        self.unterminated = False
        self.error: OSError | None = None
        self._size = size
        self._data = b""
        self._position = 0
        self._ended = False
        self._charged = 0

    async def _fill(self) -> bool:
        """Reads the next block in place of what is used up. False at the end."""
        if self._ended:
            return False
        try:
            data = await self.proc.read(self.fd, self._size)
        except InterruptedError:
            raise
        except OSError as error:
            self.error = error
            data = b""
        self._data, self._position = data, 0
        if not data:
            self._ended = True
            return False
        await self.proc.cpu(len(data) * BYTE_COST_NS)
        return True

    async def read(self) -> bytes:
        """What is buffered, or else the next block; empty at the end."""
        if self._position >= len(self._data) and not await self._fill():
            return b""
        data = self._data[self._position :] if self._position else self._data
        self._position = len(self._data)
        return data

    async def read_exactly(self, count: int) -> bytes:
        """`count` bytes, fewer only at the end."""
        parts, size = [], 0
        while count > 0:
            if self._position >= len(self._data) and not await self._fill():
                break
            part = self._data[self._position : self._position + count]
            self._position += len(part)
            count -= len(part)
            size += len(part)
            parts.append(part)
            if size > LONG:
                self._charge(size)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def line(self, end: bytes = b"\n") -> bytes:
        """The next line with its newline; the last may lack it; empty at the end of the file."""
        start = self._position
        found = self._data.find(end, start)
        if found < 0:
            return await self._long_line(end)
        self._position = found + 1
        self.unterminated = False
        return self._data[start : self._position]

    async def lines(self, end: bytes = b"\n") -> list[bytes]:
        """All lines at hand, at least one, without their newlines; none at the end of the file. Blocks only for the first."""
        last = self._data.rfind(end, self._position)
        if last < 0:
            line = await self._long_line(end)
            if not line:
                return []
            return [line if self.unterminated else line[:-1]]
        batch = self._data[self._position : last].split(end)
        self._position = last + 1
        self.unterminated = False
        return batch

    async def _long_line(self, end: bytes) -> bytes:
        """A line that is not wholly in the buffer."""
        line = bytearray(self._data[self._position :])
        self._data, self._position = b"", 0
        while await self._fill():
            found = self._data.find(end)
            if found >= 0:
                self._position = found + 1
                self.unterminated = False
                return bytes(line) + self._data[: found + 1]
            line += self._data
            self._data = b""
            if len(line) > LONG:
                self._size = LONG
                self._charge(2 * len(line))
        self.unterminated = bool(line)
        return bytes(line)

    def _charge(self, size: int) -> None:
        """Accounts the buffer's size, in steps; it never shrinks, as a C program's would not."""
        if size > self._charged:
            self.proc.charge_memory(size + LONG - self._charged)
            self._charged = size + LONG

    async def read_all(self) -> bytes:
        """All that is left. The memory stays charged: the caller holds it."""
        parts = [self._data[self._position :]]
        self._position = len(self._data)
        self._size = LONG
        while data := await self.read():
            self.proc.charge_memory(len(data))
            parts.append(data)
        return b"".join(parts)

    def give_back(self) -> None:
        """Puts the offset of a file back to what was really used, as stdio does at exit."""
        unused = len(self._data) - self._position
        if unused:
            self._data, self._position = b"", 0
            try:
                self.proc.lseek(self.fd, -unused, os.SEEK_CUR)
            except OSError as error:
                if error.errno not in (errno.ESPIPE, errno.EBADF, errno.EINVAL):
                    raise

    def close(self) -> None:
        """Closes the descriptor, unless it is standard input."""
        self.give_back()
        if self.fd != 0:
            self.proc.close(self.fd)


class Writer:
    """Writes to a descriptor through a buffer, as stdio does."""

    __slots__ = ("_buffer", "_by_line", "failed", "fd", "proc")

    def __init__(self, proc: Process, fd: int = 1) -> None:
        self.proc = proc
        self.fd = fd
        self.failed: OSError | None = None
        self._buffer = bytearray()
        self._by_line = proc.isatty(fd)

    async def write(self, data: bytes) -> None:
        """Buffers `data`, and sends what is due. Raises OSError."""
        self._buffer += data
        if self._by_line or len(self._buffer) > BLOCK:
            await self.relieve()

    def put(self, data: bytes) -> None:
        """Buffers `data` alone: `relieve` must be awaited before long."""
        self._buffer += data

    async def relieve(self) -> None:
        """Sends what is due: whole blocks, or on a terminal whole lines. Raises OSError."""
        buffer = self._buffer
        if len(buffer) > BLOCK:
            await self._send(len(buffer) - len(buffer) % BLOCK)
        if self._by_line:
            await self._send(buffer.rfind(b"\n") + 1)

    async def write_text(self, text: str) -> None:
        """Writes text of the machine (a path, a message)."""
        await self.write(text.encode("utf-8", "surrogateescape"))

    async def _send(self, count: int) -> None:
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        if data:
            await self.proc.cpu(len(data) * BYTE_COST_NS)
            try:
                await self.proc.write(self.fd, data)
            except OSError as error:
                self.failed = error
                raise

    async def flush(self) -> None:
        """Sends all that is buffered. Raises OSError."""
        if self._buffer:
            await self._send(len(self._buffer))

    def check(self) -> None:
        """Raises EBADF at once when the descriptor is not open for writing."""
        if self.fd not in self.proc.fds:
            raise unix_error(errno.EBADF)
