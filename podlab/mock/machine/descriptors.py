"""Open file descriptions: what a descriptor refers to.

Descriptors that were duplicated or inherited share one (its offset, its flags).

A kind of file is a subclass of `OpenFile`. Reading and writing may block, in `proc.block(queue)`, so that signals interrupt them.
The queues `changed` are what `Process.poll` waits on.
"""

import errno
import os
import stat as st
from typing import TYPE_CHECKING, Final

from podlab.mock.kernel import WaitQueue
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import File, Inode, MemoryAccount
from podlab.mock.machine.sharedmemory import SharedMemory

if TYPE_CHECKING:
    from podlab.mock.kernel import Kernel
    from podlab.mock.machine.core import ProcessCore
    from podlab.mock.machine.locks import FileLock

O_RDONLY: Final = 0
O_WRONLY: Final = 1
O_RDWR: Final = 2
O_ACCMODE: Final = 3
O_CREAT: Final = 0o100
O_EXCL: Final = 0o200
O_NOCTTY: Final = 0o400
O_TRUNC: Final = 0o1000
O_APPEND: Final = 0o2000
O_NONBLOCK: Final = 0o4000
O_DIRECTORY: Final = 0o200000
O_NOFOLLOW: Final = 0o400000
O_CLOEXEC: Final = 0o2000000

PIPE_CAPACITY: Final = 65_536
PIPE_BUF: Final = 4096


class OpenFile:
    """An open file description.

    Args:
        flags: The `O_` flags it was opened with.
        inode: What fstat describes, if it stands in a file system.
        path: How it was found, for /proc/PID/fd.

    Attributes:
        references: How many descriptors refer to it.
        payer: Whose memory it takes.
        lock: The advisory lock that it holds (`locks.flock`), or None.
    """

    __slots__ = ("flags", "inode", "lock", "offset", "path", "payer", "references")

    def __init__(self, flags: int = O_RDWR, inode: Inode | None = None, path: str = "") -> None:
        self.flags = flags
        self.inode = inode
        self.path = path
        self.offset = 0
        self.references = 0
        self.payer: MemoryAccount | None = None
        self.lock: FileLock | None = None

    @property
    def mode(self) -> int:
        """Type and permissions, as fstat's st_mode."""
        return self.inode.mode if self.inode is not None else st.S_IFIFO | 0o600

    def check_readable(self) -> None:
        """Raises EBADF when it was not opened for reading."""
        if self.flags & O_ACCMODE == O_WRONLY:
            raise unix_error(errno.EBADF)

    def check_writable(self) -> None:
        """Raises EBADF when it was not opened for writing."""
        if self.flags & O_ACCMODE == O_RDONLY:
            raise unix_error(errno.EBADF)

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        """Up to `count` bytes; empty at the end. Blocks while there are none yet."""
        raise unix_error(errno.EINVAL)

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        """Writes some or all of `data`; returns how much. Blocks while there is no room."""
        raise unix_error(errno.EINVAL)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves the offset; raises ESPIPE where there is none."""
        raise unix_error(errno.ESPIPE)

    def readable(self) -> bool:
        """Whether a read would not block."""
        return True

    def writable(self) -> bool:
        """Whether a write would not block."""
        return True

    def queues(self) -> tuple[WaitQueue, ...]:
        """What is woken when `readable` or `writable` may have changed."""
        return ()

    def is_tty(self) -> bool:
        """Whether it is a terminal."""
        return False

    @property
    def number(self) -> int:
        """The inode number that fstat tells."""
        return self.inode.number if self.inode is not None else 1

    def reopen(self, flags: int) -> "OpenFile":
        """Another description of the same thing, as opening /proc/self/fd/N gives. Raises ENXIO where there is none."""
        raise unix_error(errno.ENXIO)

    def close(self) -> None:
        """The last descriptor is gone."""


class RegularFile(OpenFile):
    """An open regular file."""

    __slots__ = ()
    inode: File

    def __init__(self, flags: int, inode: File, path: str) -> None:
        super().__init__(flags, inode, path)
        inode.open_count += 1

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        self.check_readable()
        data = self.inode.read(self.offset, count)
        self.offset += len(data)
        self.inode.accessed()
        return data

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        self.check_writable()
        if self.flags & O_APPEND:
            self.offset = self.inode.size
        proc.check_file_size(self.offset + len(data))
        memory = self.inode.fs.memory
        if isinstance(memory, SharedMemory):
            memory.writer = proc.cgroup
        try:
            done = self.inode.write(self.offset, data)
        finally:
            if isinstance(memory, SharedMemory):
                memory.writer = None
        self.offset += done
        return done

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = (0, self.offset, self.inode.size)[whence]
        if base + offset < 0:
            raise unix_error(errno.EINVAL)
        self.offset = base + offset
        return self.offset

    def close(self) -> None:
        self.inode.open_count -= 1
        self.inode.forget()


class OpenDirectory(OpenFile):
    """An open directory: good for fstat and fchdir alone."""

    __slots__ = ()

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        raise unix_error(errno.EISDIR)

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        raise unix_error(errno.EBADF)


class Pipe:
    """The buffer between pipe ends.

    Writers block when it is full, readers when it is empty; each end knows when the other has gone.
    """

    __slots__ = (
        "buffer", "capacity", "charged", "inode", "number", "payer", "readers", "readers_queue", "writers", "writers_queue",
    )  # fmt: skip

    def __init__(self, kernel: "Kernel", capacity: int = PIPE_CAPACITY, inode: Inode | None = None, number: int = 0) -> None:
        self.number = number
        self.payer: MemoryAccount | None = None
        self.charged = 0
        self.buffer = bytearray()
        self.capacity = capacity
        self.inode = inode
        self.readers = 0
        self.writers = 0
        self.readers_queue = WaitQueue(kernel)
        self.writers_queue = WaitQueue(kernel)

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        """Takes up to `count` bytes; empty when all writers have gone."""
        buffer = self.buffer
        while not buffer:
            if self.writers == 0:
                return b""
            await proc.block(self.readers_queue)
        data = bytes(buffer[:count])
        del buffer[:count]
        self.writers_queue.wake_all()
        return data

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        """Puts all of `data` in, a part at a time (a piece of at most PIPE_BUF is never split).

        SIGPIPE and EPIPE without readers.
        """
        done = 0
        while True:
            if self.readers == 0:
                proc.raise_sigpipe()
                raise unix_error(errno.EPIPE)
            room = self.capacity - len(self.buffer)
            if room > 0 and (len(data) > PIPE_BUF or room >= len(data)):
                piece = data[done : done + room] if done or room < len(data) else data
                self.buffer += piece
                done += len(piece)
                if len(self.buffer) > self.charged:
                    self._charge()
                self.readers_queue.wake_all()
                if done == len(data):
                    return done
            try:
                await proc.block(self.writers_queue)
            except InterruptedError:
                if done:
                    return done
                raise

    def _charge(self) -> None:
        """Accounts the buffer at its largest, in pages."""
        before, self.charged = self.charged, -(-len(self.buffer) // PIPE_BUF) * PIPE_BUF
        if self.payer is not None:
            self.payer.charge(self.charged - before)

    def end_closed(self) -> None:
        """An end was closed; the last gives the buffer's memory back."""
        if self.readers == 0 and self.writers == 0 and self.charged:
            if self.payer is not None:
                self.payer.charge(-self.charged)
            self.charged = 0


class PipeEnd(OpenFile):
    """One end of a pipe or FIFO, as its access mode says (O_RDWR is both, as Linux has it for FIFOs)."""

    __slots__ = ("pipe",)

    def __init__(self, pipe: Pipe, flags: int, path: str = "") -> None:
        super().__init__(flags, pipe.inode, path or f"pipe:[{pipe.number}]")
        self.pipe = pipe
        if flags & O_ACCMODE != O_WRONLY:
            pipe.readers += 1
        if flags & O_ACCMODE != O_RDONLY:
            pipe.writers += 1
            pipe.readers_queue.wake_all()
        pipe.writers_queue.wake_all()

    @property
    def number(self) -> int:
        """Of the pipe."""
        return self.pipe.number if self.inode is None else self.inode.number

    def reopen(self, flags: int) -> OpenFile:
        """Another end of the same pipe."""
        return PipeEnd(self.pipe, flags, self.path)

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        self.check_readable()
        if self.flags & O_NONBLOCK and not self.readable():
            raise unix_error(errno.EAGAIN)
        return await self.pipe.read(proc, count)

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        self.check_writable()
        return await self.pipe.write(proc, data) if data else 0

    def readable(self) -> bool:
        return bool(self.pipe.buffer) or self.pipe.writers == 0

    def writable(self) -> bool:
        return len(self.pipe.buffer) < self.pipe.capacity or self.pipe.readers == 0

    def queues(self) -> tuple[WaitQueue, ...]:
        return (self.pipe.readers_queue, self.pipe.writers_queue)

    def close(self) -> None:
        if self.flags & O_ACCMODE != O_WRONLY:
            self.pipe.readers -= 1
        if self.flags & O_ACCMODE != O_RDONLY:
            self.pipe.writers -= 1
        self.pipe.end_closed()
        self.pipe.readers_queue.wake_all()
        self.pipe.writers_queue.wake_all()


class Fifo(Inode):
    """A named pipe. Opening one end blocks until the other is opened."""

    __slots__ = ("_opened", "_pipe")
    kind = st.S_IFIFO

    async def open_end(self, proc: "ProcessCore", flags: int, path: str) -> OpenFile:
        """Opens an end, waiting for the other (not with O_RDWR or O_NONBLOCK; ENXIO for a writer that will not wait)."""
        pipe: Pipe | None = getattr(self, "_pipe", None)
        if pipe is None:
            pipe = self._pipe = Pipe(proc.kernel, inode=self)
            pipe.payer = proc.cgroup
            self._opened = WaitQueue(proc.kernel)
        mode = flags & O_ACCMODE
        if mode == O_WRONLY and flags & O_NONBLOCK and pipe.readers == 0:
            raise unix_error(errno.ENXIO, path)
        end = PipeEnd(pipe, flags, path)
        self._opened.wake_all()
        try:
            while not flags & O_NONBLOCK and (
                (mode == O_RDONLY and pipe.writers == 0 and not pipe.buffer) or (mode == O_WRONLY and pipe.readers == 0)
            ):
                await proc.block(self._opened)
        except BaseException:
            end.close()
            raise
        return end
