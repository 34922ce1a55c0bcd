"""The system calls on files: what a `Process` can do with paths and descriptors. A part of `Process`, kept apart for its size."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from podlab.mock.machine.attributes import AttributeCalls
from podlab.mock.machine.core import QUANTUM_NS, R_OK, SYSCALL_NS, W_OK
from podlab.mock.machine.descriptors import (
    O_ACCMODE,
    O_CLOEXEC,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_NOFOLLOW,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
    Fifo,
    OpenDirectory,
    OpenFile,
    Pipe,
    PipeEnd,
    RegularFile,
)
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory, File, Inode, Symlink
from podlab.mock.machine.mounts import Place

DESCRIPTION_BYTES: Final = 1024
"""What an open file takes of its container's memory."""


@dataclass(frozen=True, slots=True)
class Stat:
    """What stat(2) tells. Times are Unix nanoseconds; `blocks` counts 512 bytes each; `rdev` is (major, minor)."""

    mode: int
    ino: int
    dev: int
    nlink: int
    uid: int
    gid: int
    size: int
    blocks: int
    atime_ns: int
    mtime_ns: int
    ctime_ns: int
    rdev: tuple[int, int]


_REMEMBERED: Final = 4
"""How many starting points for the search of a free descriptor are remembered."""


class FileCalls(AttributeCalls):
    """Calls on files. All raise OSError with Linux' errno; none but `open`, `read`, `write` and `poll` can block."""

    __slots__ = ()

    # --- descriptors ---

    def install(self, file: OpenFile, lowest: int = 0, cloexec: bool = False) -> int:
        """Gives `file` the lowest free descriptor not below `lowest`. Raises EMFILE."""
        fd = self._free_from.get(lowest, lowest)
        while fd in self.fds:
            fd += 1
        self._remember_free(lowest, fd)
        if fd >= self.rlimits["nofile"][0]:
            if file.references == 0:
                file.close()
            raise unix_error(errno.EMFILE)
        if file.references == 0:
            file.payer = self.cgroup
            self.cgroup.charge(DESCRIPTION_BYTES)
        self.fds[fd] = file
        file.references += 1
        if cloexec:
            self.cloexec.add(fd)
        return fd

    def _remember_free(self, lowest: int, fd: int) -> None:
        """Notes that from `lowest` on nothing is free below `fd`, so that thousands of files open in no more than linear time."""
        if len(self._free_from) == _REMEMBERED and lowest not in self._free_from:
            self._free_from.clear()
        self._free_from[lowest] = fd

    def file(self, fd: int) -> OpenFile:
        """The description behind a descriptor. Raises EBADF."""
        try:
            return self.fds[fd]
        except KeyError:
            raise unix_error(errno.EBADF) from None

    def close(self, fd: int) -> None:
        """Closes a descriptor. Raises EBADF."""
        file = self.file(fd)
        del self.fds[fd]
        self.cloexec.discard(fd)
        for lowest, free in self._free_from.items():
            if lowest <= fd < free:
                self._free_from[lowest] = fd
        file.references -= 1
        if file.references == 0:
            if file.payer is not None:
                file.payer.charge(-DESCRIPTION_BYTES)
            if file.lock is not None:
                file.lock.release(file)
            file.close()

    def dup(self, fd: int, lowest: int = 0, cloexec: bool = False) -> int:
        """Another descriptor for the same description, not below `lowest` (F_DUPFD)."""
        return self.install(self.file(fd), lowest, cloexec)

    def dup2(self, fd: int, wanted: int) -> int:
        """Makes `wanted` refer to what `fd` refers to, closing what it was."""
        file = self.file(fd)
        if fd == wanted:
            return wanted
        if wanted < 0 or wanted >= self.rlimits["nofile"][0]:
            raise unix_error(errno.EBADF)
        if wanted in self.fds:
            self.close(wanted)
        self.fds[wanted] = file
        file.references += 1
        return wanted

    def set_cloexec(self, fd: int, on: bool = True) -> None:
        """Whether the descriptor is closed by exec."""
        self.file(fd)
        (self.cloexec.add if on else self.cloexec.discard)(fd)

    def pipe(self) -> tuple[int, int]:
        """A new pipe: (read end, write end)."""
        pipe = Pipe(self.kernel, number=self.machine.network.new_socket_number())
        pipe.payer = self.cgroup
        reader = self.install(PipeEnd(pipe, O_RDONLY))
        try:
            return reader, self.install(PipeEnd(pipe, O_WRONLY))
        except OSError:
            self.close(reader)
            raise

    async def read(self, fd: int, count: int = 65_536) -> bytes:
        """Up to `count` bytes, empty at the end of the file. Blocks until there are some."""
        data = await self.file(fd).read(self, count)
        self._debt_ns += SYSCALL_NS
        if self._debt_ns >= QUANTUM_NS:
            await self.settle()
        return data

    async def write(self, fd: int, data: bytes) -> int:
        """Writes all of `data`, blocking while there is no room. Raises EPIPE (after SIGPIPE), ENOSPC, EBADF ..."""
        file = self.file(fd)
        done = await file.write(self, data)
        while done < len(data):
            done += await file.write(self, data[done:])
        self._debt_ns += SYSCALL_NS
        if self._debt_ns >= QUANTUM_NS:
            await self.settle()
        return done

    async def poll(
        self, reading: tuple[int, ...] = (), writing: tuple[int, ...] = (), timeout_ns: int | None = None
    ) -> tuple[list[int], list[int]]:
        """Waits until a descriptor can be read or written without blocking.

        Returns those that can; both empty when the time is up.
        """
        deadline = None if timeout_ns is None else self.kernel.now_ns + timeout_ns
        while True:
            ready = ([fd for fd in reading if self.file(fd).readable()], [fd for fd in writing if self.file(fd).writable()])
            if ready[0] or ready[1] or (deadline is not None and self.kernel.now_ns >= deadline):
                return ready
            await self._await_any(tuple(q for fd in (*reading, *writing) for q in self.file(fd).queues()), deadline)

    async def read_all(self, fd: int, limit: int | None = None) -> bytes:
        """All that is left, to the end; charged to the memory of the container while it is gathered."""
        parts: list[bytes] = []
        size = 0
        while data := await self.read(fd, 65_536):
            parts.append(data)
            size += len(data)
            self.charge_memory(len(data))
            if limit is not None and size >= limit:
                break
        self.charge_memory(-size)
        return b"".join(parts)

    def lseek(self, fd: int, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves a descriptor's offset. Raises ESPIPE for pipes and the like."""
        return self.file(fd).seek(offset, whence)

    def isatty(self, fd: int) -> bool:
        """Whether a descriptor is a terminal (False also when it is not open)."""
        return fd in self.fds and self.fds[fd].is_tty()

    # --- opening ---

    async def open(self, path: str, flags: int = O_RDONLY, mode: int = 0o666, lowest: int = 0) -> int:
        """Opens (or with O_CREAT makes) a file. Blocks only for a FIFO's other end."""
        follow = not flags & O_NOFOLLOW and not (flags & O_CREAT and flags & O_EXCL)
        place = self.mounts.resolve(self, path, follow, entry=bool(flags & O_CREAT))
        writing = flags & O_ACCMODE != O_RDONLY or bool(flags & O_TRUNC)
        if flags & O_CREAT and (place.slash or place.dots):
            raise unix_error(errno.EEXIST if place.dots and flags & O_EXCL else errno.EISDIR, path)
        if place.inode is None:
            if not flags & O_CREAT:
                raise unix_error(errno.ENOENT, path)
            self._enter(place, lambda fs: File(fs, mode & ~self.umask & 0o7777, self.uid, self.gid), path)
        else:
            self._check_open(place, flags, writing, path)
        inode = place.inode
        assert inode is not None
        if isinstance(inode, Fifo):
            file: OpenFile | None = await inode.open_end(self, flags, place.path)
        else:
            file = inode.open(self, flags)
        if file is None:
            if isinstance(inode, File):
                if flags & O_TRUNC:
                    inode.truncate(0)
                file = RegularFile(flags, inode, place.path)
            else:
                file = OpenDirectory(flags, inode, place.path)
        return self.install(file, lowest, bool(flags & O_CLOEXEC))

    def _check_open(self, place: Place, flags: int, writing: bool, path: str) -> None:
        inode = place.inode
        assert inode is not None
        if flags & O_CREAT and flags & O_EXCL:
            raise unix_error(errno.EEXIST, path)
        if isinstance(inode, Symlink):
            raise unix_error(errno.ENOTDIR if flags & O_DIRECTORY else errno.ELOOP, path)
        if isinstance(inode, Directory):
            if writing or flags & O_CREAT:
                raise unix_error(errno.EISDIR, path)
        elif flags & O_DIRECTORY:
            raise unix_error(errno.ENOTDIR, path)
        if writing and place.mount.read_only and isinstance(inode, File):
            raise unix_error(errno.EROFS, path)
        want = (R_OK if flags & O_ACCMODE != O_WRONLY else 0) | (W_OK if writing else 0)
        self.check_access(inode, want, path)

    # --- looking ---

    def stat(self, path: str) -> Stat:
        """What is at `path`, behind symbolic links."""
        return self._stat(self._existing(path).inode)

    def lstat(self, path: str) -> Stat:
        """What is at `path`, without following a symbolic link at its end."""
        return self._stat(self._existing(path, follow=False).inode)

    def fstat(self, fd: int) -> Stat:
        """What a descriptor refers to."""
        file = self.file(fd)
        if file.inode is not None:
            return self._stat(file.inode)
        now = self.kernel.wall_ns
        return Stat(file.mode, file.number, 12, 1, self.uid, self.gid, 0, 0, now, now, now, (0, 0))

    def _stat(self, inode: Inode | None) -> Stat:
        assert inode is not None
        epoch = self.kernel.boot_epoch_ns
        blocks = (
            -(-(inode.allocated_bytes if isinstance(inode, File) else inode.size if isinstance(inode, Directory) else 0) // 4096)
            * 8
        )
        times = (epoch + inode.atime_ns, epoch + inode.mtime_ns, epoch + inode.ctime_ns)
        return Stat(
            inode.mode, inode.number, inode.fs.device, inode.nlink, inode.uid, inode.gid, inode.size, blocks, *times, inode.rdev
        )

    def exists(self, path: str) -> bool:
        """Whether stat finds something."""
        try:
            self.stat(path)
        except OSError:
            return False
        return True

    def access(self, path: str, want: int) -> None:
        """Raises EACCES, EROFS or what resolution raises, unless the process may do `want` with the file."""
        place = self._existing(path)
        assert place.inode is not None
        if want & W_OK and place.mount.read_only:
            raise unix_error(errno.EROFS, path)
        self.check_access(place.inode, want, path)

    @contextmanager
    def directory(self, path: str) -> Iterator[list[str]]:
        """The names in a directory, in its own order; it is open meanwhile. Raises ENOTDIR, EACCES, EMFILE."""
        place = self._existing(path)
        if not isinstance(place.inode, Directory):
            raise unix_error(errno.ENOTDIR, path)
        self.check_access(place.inode, R_OK, path)
        fd = self.install(OpenDirectory(O_RDONLY, place.inode, place.path), cloexec=True)
        try:
            names = place.inode.names(self)
            _, prefix = self.mounts.view(self, place.path)
            known = set(names)
            yield names + [name for name in place.table.below(place.path[len(prefix) :]) if name not in known]
        finally:
            if fd in self.fds:
                self.close(fd)

    def listdir(self, path: str) -> list[str]:
        """The names in a directory. Raises as `directory`."""
        with self.directory(path) as names:
            return names

    def readlink(self, path: str) -> str:
        """The target of a symbolic link. Raises EINVAL when it is none."""
        inode = self._existing(path, follow=False).inode
        if not isinstance(inode, Symlink):
            raise unix_error(errno.EINVAL, path)
        return inode.read_target(self)

    def realpath(self, path: str) -> str:
        """The canonical absolute path; the last component may be missing."""
        return self.mounts.resolve(self, path).path

    def statvfs(self, path: str) -> tuple[str, str, int | None, int]:
        """The file system at `path`: (source, kind, size or None, bytes used)."""
        place = self._existing(path)
        fs = place.mount.fs
        top = fs
        while top.size_bytes is None and top.parent is not None:
            top = top.parent
        return place.mount.source, fs.kind, top.size_bytes, top.used_bytes

    def ftruncate(self, fd: int, size: int) -> None:
        """Cuts or lengthens an open file. Raises EINVAL for what is not open for writing, or no file."""
        file = self.file(fd)
        if not isinstance(file.inode, File) or file.flags & O_ACCMODE == O_RDONLY:
            raise unix_error(errno.EINVAL)
        self.check_file_size(size)
        file.inode.truncate(size)
