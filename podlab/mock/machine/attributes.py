"""Attributes of files beyond rights and times: the kernel's flags (chattr), and extended ones (xattr(7)). A part of `Process`.

A container lacks CAP_LINUX_IMMUTABLE, CAP_SYS_ADMIN and CAP_SYS_RESOURCE: what needs these is refused as the kernel refuses it.
"""

import errno
from dataclasses import dataclass, field
from typing import Final

from podlab.mock.machine.core import R_OK, W_OK
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory, File, Inode
from podlab.mock.machine.naming import NameCalls

SYNC_DIRECTORIES, APPEND, IMMUTABLE, NO_DUMP, NO_ATIME = 0x10000, 0x20, 0x10, 0x40, 0x80
JOURNAL, TOP, EXTENTS = 0x4000, 0x20000, 0x80000
ON_DISK: Final = frozenset({"ext4", "overlay"})
KINDS: Final = frozenset({*ON_DISK, "tmpfs"})
"""The file systems that keep such attributes."""
VISIBLE: Final = 0x305BDFFF
"""What one may ask ext4 for; of directories alone OF_DIRECTORIES."""
CHANGEABLE: Final = 0x204BC0FF
OF_DIRECTORIES: Final = 0x20000000 | SYNC_DIRECTORIES | TOP
IN_MEMORY: Final = APPEND | IMMUTABLE | NO_DUMP | NO_ATIME
MOST_NAME: Final = 255
MOST_VALUE: Final = 65_536
ROOM: Final = 4096 - 32
"""How much the attributes of a file may take: a block."""
ENTRY_BYTES: Final = 16
NAMESPACES: Final = ("user.", "trusted.", "security.", "system.")
CAPABILITY: Final = "security.capability"
CAPABILITY_SIZES: Final = (20, 24)


@dataclass(slots=True)
class Extra:
    """What few files have."""

    flags: int = 0
    project: int = 0
    attributes: dict[str, bytes] = field(default_factory=dict)


class AttributeCalls(NameCalls):
    """Calls on attributes. All raise OSError with Linux' errno; none blocks."""

    __slots__ = ()

    def _extra(self, inode: Inode) -> Extra:
        extra = inode.extra
        if extra is None:
            extra = Extra(EXTENTS if inode.fs.kind in ON_DISK else 0)
        assert isinstance(extra, Extra)
        return extra

    def _flagged(self, path: str) -> Inode:
        """The file or directory at `path`, if its file system has flags. Raises ENOTTY."""
        inode = self._existing(path, follow=False).inode
        if not isinstance(inode, File | Directory) or inode.fs.kind not in KINDS:
            raise unix_error(errno.ENOTTY, path)
        return inode

    def get_flags(self, path: str) -> int:
        """FS_IOC_GETFLAGS."""
        return self._extra(self._flagged(path)).flags

    def set_flags(self, path: str, flags: int) -> None:
        """FS_IOC_SETFLAGS. Raises EPERM, EROFS, EOPNOTSUPP."""
        inode = self._flagged(path)
        old = self._extra(inode).flags
        on_disk = inode.fs.kind in ON_DISK
        if self.mounts.resolve(self, path).mount.read_only:
            raise unix_error(errno.EROFS, path)
        if self.uid not in (0, inode.uid) or (flags ^ old) & (APPEND | IMMUTABLE):
            raise unix_error(errno.EPERM, path)
        known = IN_MEMORY if not on_disk else VISIBLE if isinstance(inode, Directory) else VISIBLE & ~OF_DIRECTORIES
        if flags & ~known:
            raise unix_error(errno.EOPNOTSUPP, path)
        if on_disk:
            if (flags ^ old) & JOURNAL:
                raise unix_error(errno.EPERM, path)
            flags = flags & CHANGEABLE | old & ~CHANGEABLE
        self._keep(inode).flags = flags

    def get_project(self, path: str) -> int:
        """The project of FS_IOC_FSGETXATTR."""
        return self._extra(self._flagged(path)).project

    def set_project(self, path: str, project: int) -> None:
        """FS_IOC_FSSETXATTR: the disk was made without quotas of projects. Raises EOPNOTSUPP, EPERM."""
        inode = self._flagged(path)
        if self.uid not in (0, inode.uid):
            raise unix_error(errno.EPERM, path)
        if project:
            raise unix_error(errno.EOPNOTSUPP, path)

    def get_version(self, path: str) -> int:
        """FS_IOC_GETVERSION: of files on a disk itself. Raises ENOTTY elsewhere."""
        inode = self._flagged(path)
        if inode.fs.kind != "ext4":
            raise unix_error(errno.ENOTTY, path)
        return (inode.number * 2_654_435_761 + inode.fs.device) & 0xFFFF_FFFF

    def _keep(self, inode: Inode) -> Extra:
        if inode.extra is None:
            inode.extra = self._extra(inode)
        assert isinstance(inode.extra, Extra)
        return inode.extra

    # --- extended attributes ---

    def getxattr(self, path: str, name: str, follow: bool = True) -> bytes:
        """The value of an attribute. Raises ENODATA, EOPNOTSUPP, ERANGE, EACCES."""
        inode = self._named(path, name, follow)
        if name.startswith("trusted.") or (name.startswith("user.") and not isinstance(inode, File | Directory)):
            raise unix_error(errno.ENODATA, path)
        if name.startswith("user."):
            self.check_access(inode, R_OK, path)
        self._check_namespace(inode, name, path)
        value = self._extra(inode).attributes.get(name)
        if value is None:
            raise unix_error(errno.ENODATA, path)
        return value

    def listxattr(self, path: str, follow: bool = True) -> list[str]:
        """The names of all attributes."""
        inode = self._existing(path, follow).inode
        assert inode is not None
        if inode.fs.kind not in KINDS:
            return []
        return list(self._extra(inode).attributes)

    def setxattr(self, path: str, name: str, value: bytes, follow: bool = True) -> None:
        """Sets an attribute. Raises E2BIG, ENOSPC, EPERM, EOPNOTSUPP, ERANGE, EACCES, EROFS."""
        if len(value) > MOST_VALUE:
            raise unix_error(errno.E2BIG, path)
        inode = self._changed(path, name, follow)
        if name == CAPABILITY and len(value) not in CAPABILITY_SIZES:
            raise unix_error(errno.EINVAL, path)
        if name.startswith("system."):
            raise unix_error(errno.EINVAL, path)
        old = self._extra(inode).attributes
        others = sum(_room(key, content) for key, content in old.items() if key != name)
        before = _room(name, old[name]) if name in old else 0
        if others + _room(name, value) > ROOM:
            raise unix_error(errno.ENOSPC, path)
        inode.fs.reserve(_room(name, value) - before)
        self._keep(inode).attributes[name] = value

    def removexattr(self, path: str, name: str, follow: bool = True) -> None:
        """Removes an attribute. Raises as `setxattr`, and ENODATA."""
        inode = self._changed(path, name, follow)
        value = self._extra(inode).attributes.get(name)
        if value is None:
            raise unix_error(errno.ENODATA, path)
        inode.fs.reserve(-_room(name, value))
        del self._keep(inode).attributes[name]

    def _named(self, path: str, name: str, follow: bool) -> Inode:
        if not name or len(name.encode(errors="surrogateescape")) > MOST_NAME:
            raise unix_error(errno.ERANGE, path)
        inode = self._existing(path, follow).inode
        assert inode is not None
        return inode

    def _check_namespace(self, inode: Inode, name: str, path: str) -> None:
        """Raises EOPNOTSUPP for a name that no file system knows, EINVAL for the beginning of one alone."""
        if inode.fs.kind not in KINDS or not name.startswith(NAMESPACES):
            raise unix_error(errno.EOPNOTSUPP, path)
        if name.startswith("system.") and name not in ("system.posix_acl_access", "system.posix_acl_default"):
            raise unix_error(errno.EOPNOTSUPP, path)
        if name in NAMESPACES:
            raise unix_error(errno.EINVAL, path)

    def _changed(self, path: str, name: str, follow: bool) -> Inode:
        """The inode whose attribute may be changed."""
        inode = self._named(path, name, follow)
        if self.mounts.resolve(self, path, follow).mount.read_only:
            raise unix_error(errno.EROFS, path)
        if name.startswith("trusted.") or (name.startswith("user.") and not isinstance(inode, File | Directory)):
            raise unix_error(errno.EPERM, path)
        if name.startswith("user."):
            self.check_access(inode, W_OK, path)
        if name.startswith("security.") and (name != CAPABILITY or self.uid != 0):
            raise unix_error(errno.EPERM, path)
        self._check_namespace(inode, name, path)
        return inode


def _room(name: str, value: bytes) -> int:
    """What an attribute takes."""
    return ENTRY_BYTES + -(-len(name.partition(".")[2].encode(errors="surrogateescape")) // 4) * 4 + -(-len(value) // 4) * 4
