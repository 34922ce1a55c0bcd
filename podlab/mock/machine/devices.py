"""/dev: the devices that containers have."""

import errno
import heapq
import stat as st
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.descriptors import OpenFile
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory, FileSystem, Inode, Symlink

if TYPE_CHECKING:
    from podlab.mock.machine.core import ProcessCore

BYTE_COST_NS: Final = 1
"""ProcessCoreor time for each byte that a device makes or takes (about 1 GB a second)."""
CHUNK: Final = 65_536
MOST_TERMINALS: Final = 4096


class Device(Inode):
    """A character device: its numbers, and what opening it gives."""

    __slots__ = ("_numbers", "_open")
    kind = st.S_IFCHR

    def __init__(
        self, fs: FileSystem, numbers: tuple[int, int], opener: "Callable[[ProcessCore, int, Device], OpenFile]"
    ) -> None:
        super().__init__(fs, 0o666)
        self._numbers = numbers
        self._open = opener

    @property
    def rdev(self) -> tuple[int, int]:
        return self._numbers

    def open(self, proc: "ProcessCore", flags: int) -> OpenFile:
        return self._open(proc, flags, self)


class TerminalDirectory(Directory):
    """/dev/pts: gives each terminal the lowest number that is free."""

    __slots__ = ("_free", "_next")

    def __init__(self, fs: FileSystem) -> None:
        super().__init__(fs, 0o755)
        self._free: list[int] = []
        self._next = 0

    def take_number(self) -> int:
        """A number for a terminal. Raises OSError ENOSPC when there are too many."""
        if self._free:
            return heapq.heappop(self._free)
        if self._next >= MOST_TERMINALS:
            raise unix_error(errno.ENOSPC)
        self._next += 1
        return self._next - 1

    def give_back(self, number: int) -> None:
        """The terminal of that number has gone."""
        self.unlink(str(number))
        heapq.heappush(self._free, number)


class NullFile(OpenFile):
    """/dev/null: nothing comes out, everything goes in."""

    __slots__ = ()

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        return b""

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        await proc.cpu(len(data) * BYTE_COST_NS)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def reopen(self, flags: int) -> OpenFile:
        """The same device again."""
        return type(self)(flags, self.inode, self.path)


class ZeroFile(NullFile):
    """/dev/zero: endless NULs."""

    __slots__ = ()

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        count = min(count, CHUNK)
        await proc.cpu(count * BYTE_COST_NS)
        return bytes(count)


class FullFile(ZeroFile):
    """/dev/full: writing finds no space."""

    __slots__ = ()

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        raise unix_error(errno.ENOSPC)


class RandomFile(NullFile):
    """/dev/random and /dev/urandom: bytes from the kernel's seeded stream."""

    __slots__ = ()

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        count = min(count, CHUNK)
        await proc.cpu(count * BYTE_COST_NS)
        return proc.kernel.random("urandom").randbytes(count)


def null_device(proc: "ProcessCore", flags: int) -> OpenFile:
    """An open /dev/null."""
    return NullFile(flags, None, "/dev/null")


def _plain(kind: type[OpenFile], path: str) -> "Callable[[ProcessCore, int, Device], OpenFile]":
    return lambda proc, flags, inode: kind(flags, inode, path)


def _open_tty(proc: "ProcessCore", flags: int, inode: Device) -> OpenFile:
    if proc.tty is None:
        raise unix_error(errno.ENXIO, "/dev/tty")
    return proc.tty.open(flags)


DEVICES: Final = {
    "null": ((1, 3), NullFile),
    "zero": ((1, 5), ZeroFile),
    "full": ((1, 7), FullFile),
    "random": ((1, 8), RandomFile),
    "urandom": ((1, 9), RandomFile),
}
LINKS: Final = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
    "core": "/proc/kcore",
}


def device_directory(fs: FileSystem) -> Directory:
    """A fresh /dev, as containerd makes it."""
    dev = Directory(fs)
    for name, (numbers, kind) in DEVICES.items():
        dev.link(name, Device(fs, numbers, _plain(kind, f"/dev/{name}")))
    dev.link("tty", Device(fs, (5, 0), _open_tty))
    for name, target in LINKS.items():
        dev.link(name, Symlink(fs, target))
    dev.link("pts", TerminalDirectory(fs))
    for name in ("shm", "mqueue"):
        dev.link(name, Directory(fs, 0o1777))
    return dev
