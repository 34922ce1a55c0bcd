"""The system calls that change names and attributes: a part of `Process`.

The order of checks is Linux', since it decides which error a script sees.
"""

import errno
import stat as st
from collections.abc import Callable

from podlab.mock.machine.core import W_OK, X_OK, ProcessCore
from podlab.mock.machine.descriptors import Fifo
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory, File, Inode, Symlink
from podlab.mock.machine.mounts import Place


class NameCalls(ProcessCore):
    """Calls on names and attributes. All raise OSError with Linux' errno; none blocks."""

    __slots__ = ()

    # --- finding ---

    def _existing(self, path: str, follow: bool = True) -> Place:
        place = self.mounts.resolve(self, path, follow)
        if place.inode is None:
            raise unix_error(errno.ENOENT, path)
        return place

    def _entry(self, path: str) -> Place:
        """The place of a directory entry itself: nothing is followed at its end."""
        return self.mounts.resolve(self, path, follow=False, entry=True)

    def _own(self, path: str, follow: bool = True) -> Inode:
        """The inode at `path`, if the process may change its attributes. Raises EROFS, EPERM."""
        place = self._existing(path, follow)
        if place.mount.read_only:
            raise unix_error(errno.EROFS, path)
        assert place.inode is not None
        if self.uid not in (0, place.inode.uid):
            raise unix_error(errno.EPERM, path)
        place.inode.ctime_ns = self.kernel.now_ns
        return place.inode

    # --- rights to change a directory ---

    def _check_change(self, place: Place, path: str) -> None:
        """May the directory of this place be changed?"""
        if place.parent_mount.read_only:
            raise unix_error(errno.EROFS, path)
        if place.parent.nlink == 0:
            raise unix_error(errno.ENOENT, path)
        self.check_access(place.parent, W_OK | X_OK, path)

    def _check_removal(self, place: Place, path: str, directory: bool) -> None:
        """May the entry be taken out, as a directory or as a file?"""
        inode = place.inode
        assert inode is not None
        self._check_change(place, path)
        if place.parent.mode & st.S_ISVTX and self.uid not in (0, inode.uid, place.parent.uid):
            raise unix_error(errno.EPERM, path)
        if directory and not isinstance(inode, Directory):
            raise unix_error(errno.ENOTDIR, path)
        if not directory and isinstance(inode, Directory):
            raise unix_error(errno.EISDIR, path)
        if place.is_mount:
            raise unix_error(errno.EBUSY, path)

    # --- making ---

    def _enter(self, place: Place, make: Callable[..., Inode], path: str, directory: bool = False) -> Inode:
        """Makes a new inode at a place that does not exist yet. A name that ends in a slash is for directories alone."""
        if place.inode is not None or place.dots:
            raise unix_error(errno.EEXIST, path)
        if place.slash and not directory:
            raise unix_error(errno.ENOENT, path)
        self._check_change(place, path)
        place.inode = inode = make(place.parent.fs)
        if place.parent.mode & st.S_ISGID and inode.nlink != 0:
            inode.gid = place.parent.gid
        self._link(place, inode, path)
        return inode

    def _link(self, place: Place, inode: Inode, path: str) -> None:
        try:
            place.parent.link(place.name, inode)
        except OSError as error:
            error.filename = path
            raise

    def _unlink(self, place: Place, path: str) -> None:
        try:
            place.parent.unlink(place.name)
        except OSError as error:
            error.filename = path
            raise

    def mkdir(self, path: str, mode: int = 0o777) -> None:
        """Makes a directory."""
        place = self._entry(path)
        inode = self._enter(
            place, lambda fs: Directory(fs, mode & ~self.umask & 0o1777, self.uid, self.gid), path, directory=True
        )
        if place.parent.mode & st.S_ISGID:
            inode.mode |= st.S_ISGID

    def symlink(self, target: str, path: str) -> None:
        """Makes a symbolic link at `path` that leads to `target`."""
        if not target:
            raise unix_error(errno.ENOENT, path)
        self._enter(self._entry(path), lambda fs: Symlink(fs, target, self.uid, self.gid), path)

    def mkfifo(self, path: str, mode: int = 0o666) -> None:
        """Makes a named pipe."""
        self._enter(self._entry(path), lambda fs: Fifo(fs, mode & ~self.umask & 0o7777, self.uid, self.gid), path)

    def link(self, old: str, new: str) -> None:
        """Makes another name for a file (not for a directory, not across file systems)."""
        source = self._existing(old, follow=False)
        inode = source.inode
        assert inode is not None
        place = self._entry(new)
        if place.inode is not None or place.dots:
            raise unix_error(errno.EEXIST, new)
        if place.slash:
            raise unix_error(errno.ENOENT, new)
        if place.mount is not source.mount:
            raise unix_error(errno.EXDEV, new)
        if self.uid not in (0, inode.uid) and not self._may_link(inode):
            raise unix_error(errno.EPERM, new)
        self._check_change(place, new)
        if isinstance(inode, Directory):
            raise unix_error(errno.EPERM, new)
        self._link(place, inode, new)
        inode.nlink += 1
        inode.ctime_ns = self.kernel.now_ns

    def _may_link(self, inode: Inode) -> bool:
        """Others' files can be linked only when they are plain, and could be read and written (protected_hardlinks)."""
        if not isinstance(inode, File) or inode.mode & (st.S_ISUID | st.S_ISGID):
            return False
        try:
            self.check_access(inode, 6)
        except OSError:
            return False
        return True

    # --- removing ---

    def unlink(self, path: str) -> None:
        """Removes a name; the file lives on while it is open or has others. Raises EISDIR for a directory, EBUSY for a mount."""
        place = self._entry(path)
        inode = place.inode
        if place.dots:
            raise unix_error(errno.EISDIR, path)
        if inode is None:
            raise unix_error(errno.ENOENT, path)
        if place.slash:
            raise unix_error(errno.EISDIR if isinstance(inode, Directory) else errno.ENOTDIR, path)
        self._check_removal(place, path, directory=False)
        self._unlink(place, path)
        self._forget(inode)

    def _forget(self, inode: Inode) -> None:
        """A name of a file is gone."""
        inode.nlink -= 1
        inode.ctime_ns = self.kernel.now_ns
        inode.forget()

    def rmdir(self, path: str) -> None:
        """Removes an empty directory."""
        place = self._entry(path)
        if place.dots:
            number = {".": errno.EINVAL, "..": errno.ENOTEMPTY}.get(place.dots, errno.EBUSY)
            raise unix_error(number, path)
        if place.inode is None:
            raise unix_error(errno.ENOENT, path)
        self._check_removal(place, path, directory=True)
        self._check_empty(place.inode, path)
        self._unlink(place, path)
        self._bury(place)

    def _bury(self, place: Place) -> None:
        """After a directory was removed: whoever works in it stays there, where nothing can be any more."""
        directory = place.inode
        assert isinstance(directory, Directory)
        directory.nlink = 0
        for process in self.pid_namespace.processes.values():
            if process.cwd == place.path and process.mounts is self.mounts and process.removed is None:
                process.removed = directory

    def _check_empty(self, inode: Inode, path: str) -> None:
        if isinstance(inode, Directory) and inode.names(self):
            raise unix_error(errno.ENOTEMPTY, path)

    def rename(self, old: str, new: str) -> None:
        """Renames, replacing what is there, in one step. Raises EXDEV across mounts."""
        source, target = self._entry(old), self._entry(new)
        inode, victim = source.inode, target.inode
        if source.parent_mount is not target.parent_mount:
            raise unix_error(errno.EXDEV, new)
        if source.dots or target.dots:
            raise unix_error(errno.EBUSY, new)
        if inode is None:
            raise unix_error(errno.ENOENT, old)
        directory = isinstance(inode, Directory)
        if not directory and (source.slash or target.slash):
            raise unix_error(errno.ENOTDIR, new)
        if target.path.startswith(f"{source.path}/"):
            raise unix_error(errno.EINVAL, new)
        if source.path.startswith(f"{target.path}/"):
            raise unix_error(errno.ENOTEMPTY, new)
        if victim is not inode:
            self._replace(source, target, old, new)

    def _replace(self, source: Place, target: Place, old: str, new: str) -> None:
        inode, victim = source.inode, target.inode
        assert inode is not None
        directory = isinstance(inode, Directory)
        self._check_removal(source, old, directory)
        if victim is None:
            self._check_change(target, new)
        else:
            self._check_removal(target, new, directory)
        if directory and source.parent is not target.parent:
            self.check_access(inode, W_OK, old)
        if victim is not None:
            self._check_empty(victim, new)
        self._move(source, target, inode, victim, new)

    def _move(self, source: Place, target: Place, inode: Inode, victim: Inode | None, path: str) -> None:
        if victim is not None:
            self._unlink(target, path)
            if isinstance(victim, Directory):
                self._bury(target)
            else:
                self._forget(victim)
        self._unlink(source, path)
        self._link(target, inode, path)
        inode.ctime_ns = self.kernel.now_ns
        if isinstance(inode, Directory):
            self._move_along(source.path, target.path)

    def _move_along(self, old: str, new: str) -> None:
        """After a directory was renamed: whoever works in it, or below, goes with it."""
        for process in self.pid_namespace.processes.values():
            if process.mounts is self.mounts and process.removed is None and f"{process.cwd}/".startswith(f"{old}/"):
                process.cwd = new + process.cwd[len(old) :]

    def getcwd(self) -> str:
        """The path of the working directory. Raises ENOENT when it was removed, or is not below the root directory."""
        root = self.root.rstrip("/")
        if self.removed is not None or not f"{self.cwd}/".startswith(f"{root}/"):
            raise unix_error(errno.ENOENT)
        return self.cwd[len(root) :] or "/"

    # --- attributes ---

    def chdir(self, path: str) -> None:
        """Changes the working directory."""
        place = self._existing(path)
        if not isinstance(place.inode, Directory):
            raise unix_error(errno.ENOTDIR, path)
        self.check_access(place.inode, X_OK, path)
        self.cwd = place.path
        self.removed = place.inode if place.inode.nlink == 0 else None

    def chmod(self, path: str, mode: int, follow: bool = True) -> None:
        """Sets the permission bits."""
        inode = self._own(path, follow)
        if self.uid != 0 and inode.gid != self.gid and inode.gid not in self.groups:
            mode &= ~st.S_ISGID
        inode.mode = st.S_IFMT(inode.mode) | mode & 0o7777

    def chown(self, path: str, uid: int, gid: int, follow: bool = True) -> None:
        """Sets owner and group; -1 leaves one as it is. Raises EPERM unless root (or a change of group to one of one's own)."""
        inode = self._own(path, follow)
        if self.uid != 0 and (uid not in (-1, inode.uid) or gid not in (-1, self.gid, *self.groups)):
            raise unix_error(errno.EPERM, path)
        inode.uid = inode.uid if uid == -1 else uid
        inode.gid = inode.gid if gid == -1 else gid
        if not isinstance(inode, Directory):
            inode.mode &= ~(st.S_ISUID | (st.S_ISGID if inode.mode & 0o010 else 0))

    def utime(self, path: str, atime_ns: int | None, mtime_ns: int | None, follow: bool = True) -> None:
        """Sets access and modification time (Unix nanoseconds; None leaves one as it is)."""
        inode = self._own(path, follow)
        if atime_ns is not None:
            inode.atime_ns = atime_ns - self.kernel.epoch_ns
        if mtime_ns is not None:
            inode.mtime_ns = mtime_ns - self.kernel.epoch_ns

    def utime_now(self, path: str, follow: bool = True) -> None:
        """Sets both times to this moment, as the owner may, and whoever may write. Raises EROFS, EACCES."""
        place = self._existing(path, follow)
        if place.mount.read_only:
            raise unix_error(errno.EROFS, path)
        assert place.inode is not None
        if self.uid not in (0, place.inode.uid):
            self.check_access(place.inode, W_OK, path)
        place.inode.atime_ns = place.inode.mtime_ns = place.inode.ctime_ns = self.kernel.now_ns

    def truncate(self, path: str, size: int) -> None:
        """Cuts or lengthens a file."""
        place = self._existing(path)
        if not isinstance(place.inode, File):
            raise unix_error(errno.EISDIR if isinstance(place.inode, Directory) else errno.EINVAL, path)
        if place.mount.read_only:
            raise unix_error(errno.EROFS, path)
        self.check_access(place.inode, W_OK, path)
        self.check_file_size(size)
        place.inode.truncate(size)
