"""Inodes: what a file system is made of, and the file systems that hold them.

Times are kept as nanoseconds since the mock's boot, as everything else is; `Process.stat` turns them into Unix time. A file's
bytes stand in blocks, so that a file with holes costs what was written; each file system bounds its blocks and inodes (`ENOSPC`),
and a memory-backed one charges them to a cgroup.
"""

import errno
import stat as st
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

from podlab.mock.machine.errors import unix_error

if TYPE_CHECKING:
    from podlab.mock.kernel import Kernel
    from podlab.mock.machine.core import ProcessCore
    from podlab.mock.machine.descriptors import OpenFile
    from podlab.mock.machine.locks import FileLock

BLOCK: Final = 65_536
NAME_MAX: Final = 255
MAX_FILE_SIZE: Final = 1 << 43
ENTRY_BYTES: Final = 1024
"""What a name in a directory, and the inode behind it, take of the file system's space."""
RELATIME_NS: Final = 86_400 * 1_000_000_000


class MemoryAccount(Protocol):
    """Who pays for memory: a cgroup. `charge` raises OSError ENOMEM, or kills, when the limit is passed."""

    def charge(self, delta_bytes: int) -> None: ...


class FileSystem:
    """A superblock: identity, limits, and what is used of them.

    Args:
        kernel: For times.
        kind: What `mount` prints as its type: overlay, tmpfs, ext4, proc, ...
        size_bytes: Bound of all data, or None for what the parent allows.
        parent: A file system whose space this one shares (a volume on the node's disk).
        memory: The cgroup that pays for the data (tmpfs, emptyDir of medium Memory).
    """

    def __init__(
        self,
        kernel: "Kernel",
        kind: str,
        size_bytes: int | None = None,
        parent: "FileSystem | None" = None,
        memory: MemoryAccount | None = None,
    ) -> None:
        self.kernel = kernel
        self.kind = kind
        self.size_bytes = size_bytes
        self.parent = parent
        self.memory = memory
        self.used_bytes = 0
        self.writes = self.written_bytes = 0
        self.locks: dict[Inode, FileLock] = {}
        self.device = kernel.count("device")
        self._next_inode = 1

    def count_write(self, size: int) -> None:
        """Notes that so many bytes were written, for the disk's statistics."""
        self.writes += 1
        self.written_bytes += size
        if self.parent is not None:
            self.parent.count_write(size)

    def new_number(self) -> int:
        """The next inode number."""
        self._next_inode += 1
        return self._next_inode

    def reserve(self, delta_bytes: int) -> None:
        """Takes (or, negative, gives back) space. Raises OSError ENOSPC when there is too little."""
        if delta_bytes > 0 and self.size_bytes is not None and self.used_bytes + delta_bytes > self.size_bytes:
            raise unix_error(errno.ENOSPC)
        if self.parent is not None:
            self.parent.reserve(delta_bytes)
        if self.memory is not None:
            self.memory.charge(delta_bytes)
        self.used_bytes += delta_bytes

    @property
    def free_bytes(self) -> int | None:
        """What is left of the tightest limit, or None when there is none."""
        free = [] if self.size_bytes is None else [self.size_bytes - self.used_bytes]
        if self.parent is not None and (above := self.parent.free_bytes) is not None:
            free.append(above)
        return min(free) if free else None


class Inode:
    """What a directory entry names. `mode` holds the type bits too, as in stat(2); `extra` what few have (`attributes.Extra`)."""

    __slots__ = ("atime_ns", "ctime_ns", "extra", "fs", "gid", "mode", "mtime_ns", "nlink", "number", "uid")
    kind: int = 0

    def __init__(self, fs: FileSystem, permissions: int, uid: int = 0, gid: int = 0) -> None:
        self.fs = fs
        self.number = fs.new_number()
        self.mode = self.kind | permissions
        self.uid = uid
        self.gid = gid
        self.nlink = 1
        self.extra: object = None
        self.atime_ns = self.mtime_ns = self.ctime_ns = fs.kernel.now_ns

    @property
    def size(self) -> int:
        """Bytes, as stat says."""
        return 0

    @property
    def rdev(self) -> tuple[int, int]:
        """Major and minor number of a device."""
        return (0, 0)

    def touch(self) -> None:
        """The content changed now."""
        self.mtime_ns = self.ctime_ns = self.fs.kernel.now_ns

    def accessed(self) -> None:
        """The content was read: noted as `relatime` does, when it changed since, or once a day."""
        now = self.fs.kernel.now_ns
        if self.atime_ns <= self.mtime_ns or self.atime_ns <= self.ctime_ns or now - self.atime_ns >= RELATIME_NS:
            self.atime_ns = now

    def forget(self) -> None:
        """The last name and the last descriptor are gone: gives the space back."""

    def open(self, proc: "ProcessCore", flags: int) -> "OpenFile | None":
        """A description of its own kind (devices, FIFOs), or None for the common one of files and directories."""
        return None


class File(Inode):
    """A regular file. Bytes stand in blocks of `BLOCK`; a missing block is a hole."""

    __slots__ = ("_blocks", "_size", "open_count")
    kind = st.S_IFREG

    def __init__(self, fs: FileSystem, permissions: int = 0o644, uid: int = 0, gid: int = 0, content: bytes = b"") -> None:
        super().__init__(fs, permissions, uid, gid)
        self._blocks: dict[int, bytearray] = {}
        self._size = 0
        self.open_count = 0
        if content:
            self.write(0, content)

    @property
    def size(self) -> int:
        return self._size

    def read(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes from `offset`; empty at the end."""
        count = min(count, self._size - offset)
        if count <= 0:
            return b""
        parts = []
        while count > 0:
            index, start = divmod(offset, BLOCK)
            length = min(count, BLOCK - start)
            piece = bytes(self._blocks.get(index, b"")[start : start + length])
            parts.append(piece + bytes(length - len(piece)) if len(piece) < length else piece)
            offset += length
            count -= length
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def write(self, offset: int, data: bytes) -> int:
        """Writes at `offset`, as much as the file system has room for; returns how much.

        Raises:
            OSError: ENOSPC when there is room for nothing, EFBIG past the largest size.
        """
        if offset + len(data) > MAX_FILE_SIZE:
            raise unix_error(errno.EFBIG)
        done = 0
        while done < len(data):
            index, start = divmod(offset + done, BLOCK)
            length = min(len(data) - done, BLOCK - start)
            block = self._blocks.get(index)
            grow = start + length - (len(block) if block else 0)
            if grow > 0:
                try:
                    self.fs.reserve(grow)
                except OSError:
                    if done == 0:
                        raise
                    break
                if block is None:
                    block = self._blocks[index] = bytearray()
                block.extend(bytes(grow))
            assert block is not None
            block[start : start + length] = data[done : done + length]
            done += length
        self._size = max(self._size, offset + done)
        self.touch()
        self.fs.count_write(done)
        return done

    def truncate(self, size: int) -> None:
        """Cuts the file, or lengthens it by a hole."""
        if size > MAX_FILE_SIZE:
            raise unix_error(errno.EFBIG)
        if size < self._size:
            last, rest = divmod(size, BLOCK)
            for index in [index for index in self._blocks if index >= last]:
                block = self._blocks[index]
                keep = rest if index == last else 0
                if len(block) > keep:
                    self.fs.reserve(keep - len(block))
                    del block[keep:]
                if not block:
                    del self._blocks[index]
        self._size = size
        self.touch()

    @property
    def allocated_bytes(self) -> int:
        """What the file really takes (du)."""
        return sum(map(len, self._blocks.values()))

    def forget(self) -> None:
        if self.nlink == 0 and self.open_count == 0:
            self.fs.reserve(-self.allocated_bytes)
            self._blocks.clear()
            self._size = 0


class Symlink(Inode):
    """A symbolic link."""

    __slots__ = ("target",)
    kind = st.S_IFLNK

    def __init__(self, fs: FileSystem, target: str, uid: int = 0, gid: int = 0) -> None:
        super().__init__(fs, 0o777, uid, gid)
        self.target = target

    @property
    def size(self) -> int:
        return len(self.target.encode(errors="surrogateescape"))

    def read_target(self, proc: "ProcessCore | None") -> str:
        """Where the link leads (a link of /proc depends on who asks)."""
        return self.target

    def follow(self, proc: "ProcessCore") -> Inode | str | None:
        """For a magic link of /proc, whose text is no path: the inode itself, or the canonical path of a directory.

        None for others.
        """
        return None


class Directory(Inode):
    """A directory: names and inodes, without `.` and `..` (paths are resolved from their names)."""

    __slots__ = ("_entries",)
    kind = st.S_IFDIR

    def __init__(self, fs: FileSystem, permissions: int = 0o755, uid: int = 0, gid: int = 0) -> None:
        super().__init__(fs, permissions, uid, gid)
        self.nlink = 2
        self._entries: dict[str, Inode] = {}

    @property
    def size(self) -> int:
        return 4096 if self.fs.kind != "tmpfs" else 40 + 20 * len(self._entries)

    def lookup(self, name: str, proc: "ProcessCore | None" = None) -> Inode | None:
        """The inode of that name, or None. `proc` is who asks (for /proc)."""
        return self._entries.get(name)

    def names(self, proc: "ProcessCore | None" = None) -> list[str]:
        """The names, in the order in which they were made."""
        return list(self._entries)

    def items(self) -> Iterator[tuple[str, Inode]]:
        """Names and inodes."""
        for name in self.names():
            inode = self.lookup(name)
            if inode is not None:
                yield name, inode

    def link(self, name: str, inode: Inode) -> None:
        """Enters `inode` as `name` (its link count is the caller's business)."""
        if len(name.encode(errors="surrogateescape")) > NAME_MAX:
            raise unix_error(errno.ENAMETOOLONG)
        self._charge(name)
        self._entries[name] = inode
        if isinstance(inode, Directory):
            self.nlink += 1
        self.touch()

    def _charge(self, name: str) -> None:
        """Takes the space of an entry. Raises OSError ENOSPC."""
        self.fs.reserve(ENTRY_BYTES)

    def _discharge(self, name: str) -> None:
        """Gives the space of an entry back."""
        self.fs.reserve(-ENTRY_BYTES)

    def unlink(self, name: str) -> None:
        """Takes the name out."""
        inode = self.lookup(name)
        if inode is not None:
            self._discharge(name)
        self._entries.pop(name, None)
        if isinstance(inode, Directory):
            self.nlink -= 1
        self.touch()


_NOTHING: Final[frozenset[str]] = frozenset()


class OverlayDirectory(Directory):
    """A directory of a container's root: its own entries over those of the image, which many containers share.

    An entry of the image is copied up when it is first looked up (directories as overlays of their own, files with their bytes),
    so that nothing a container does reaches the image, and a thousand containers of one image cost little.
    """

    __slots__ = ("_gone", "_lower")

    def __init__(self, fs: FileSystem, lower: Directory) -> None:
        super().__init__(fs, lower.mode & 0o7777, lower.uid, lower.gid)
        self._lower = lower
        self._gone = _NOTHING
        self.mtime_ns = self.ctime_ns = self.atime_ns = lower.mtime_ns
        self.nlink = lower.nlink

    def lookup(self, name: str, proc: "ProcessCore | None" = None) -> Inode | None:
        found = self._entries.get(name)
        if found is None and name not in self._gone:
            below = self._lower.lookup(name)
            if below is not None:
                found = self._entries[name] = _copy_up(self.fs, below)
        return found

    def names(self, proc: "ProcessCore | None" = None) -> list[str]:
        lower = [name for name in self._lower.names() if name not in self._gone]
        shown = set(lower)
        return lower + [name for name in self._entries if name not in shown]

    def _charge(self, name: str) -> None:
        """A name that took an image's place has paid already, as the whiteout that it replaces."""
        if name not in self._gone:
            super()._charge(name)

    def _discharge(self, name: str) -> None:
        if self._lower.lookup(name) is None:
            super()._discharge(name)
        elif name not in self._gone:
            super()._charge(name)

    def link(self, name: str, inode: Inode) -> None:
        super().link(name, inode)
        if name in self._gone:
            self._gone -= {name}

    def unlink(self, name: str) -> None:
        super().unlink(name)
        if self._lower.lookup(name) is not None:
            self._gone |= {name}


def _copy_up(fs: FileSystem, below: Inode) -> Inode:
    above: Inode
    if isinstance(below, Directory):
        return OverlayDirectory(fs, below)
    if isinstance(below, File):
        above = _ImageFile(fs, below)
    elif isinstance(below, Symlink):
        above = Symlink(fs, below.target, below.uid, below.gid)
    else:
        return below
    above.mtime_ns = above.ctime_ns = above.atime_ns = below.mtime_ns
    above.nlink = below.nlink
    return above


class _ImageFile(File):
    """A file of the image seen by one container: reads go to the image until it is first changed."""

    __slots__ = ("_below",)

    def __init__(self, fs: FileSystem, below: File) -> None:
        super().__init__(fs, below.mode & 0o7777, below.uid, below.gid)
        self._below: File | None = below

    @property
    def size(self) -> int:
        return self._size if self._below is None else self._below.size

    def read(self, offset: int, count: int) -> bytes:
        return super().read(offset, count) if self._below is None else self._below.read(offset, count)

    def _own(self) -> None:
        below, self._below = self._below, None
        if below is not None and below.size:
            super().write(0, below.read(0, below.size))

    def write(self, offset: int, data: bytes) -> int:
        self._own()
        return super().write(offset, data)

    def truncate(self, size: int) -> None:
        if size == 0:
            self._below = None
        self._own()
        super().truncate(size)
