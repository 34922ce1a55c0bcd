"""Files of a volume that change all at once, as the kubelet's atomic writer lays them out.

The files stand in a directory named by the time; ``..data`` is a symbolic link to it, and each name that users see is a link
into ``..data``. An update makes a new directory and turns the one link.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.kubelet.volumes.payload import FileContent, Payload, Token
from podlab.mock.machine.inodes import Directory, File, FileSystem, Inode, Symlink

DATA: Final = "..data"
SETGID: Final = 0o2000


class _LateFile(File):
    """A file whose content is made when it is first looked at."""

    __slots__ = ("_make",)

    def __init__(self, fs: FileSystem, mode: int, gid: int, make: Callable[[], bytes]) -> None:
        super().__init__(fs, mode, 0, gid)
        self._make: Callable[[], bytes] | None = make

    def _fill(self) -> None:
        make, self._make = self._make, None
        if make is not None:
            super().write(0, make())

    @property
    def size(self) -> int:
        """Bytes, once made."""
        self._fill()
        return self._size

    def read(self, offset: int, count: int) -> bytes:
        """The content."""
        self._fill()
        return super().read(offset, count)


class AtomicVolume:
    """The root of such a volume.

    Args:
        fs_group: The group that the files belong to, when the pod has one.
        token: Gives the text of a token.
    """

    def __init__(self, kernel: Kernel, fs: FileSystem, fs_group: int | None, token: Callable[[Token], bytes]) -> None:
        self._kernel = kernel
        self._fs = fs
        self._group = fs_group
        self._token = token
        self._payload: Payload | None = None
        self._current = ""
        self.root = Directory(fs, 0o777 | (SETGID if fs_group is not None else 0), 0, fs_group or 0)

    def write(self, payload: Payload) -> bool:
        """Makes the volume hold ``payload``; says whether that changed anything."""
        if payload == self._payload:
            return False
        old, self._current = self._current, self._new_name()
        folder = self._directory()
        for path, content in payload.items():
            self._put(folder, path, content)
        self.root.link(self._current, folder)
        if old:
            self.root.unlink(DATA)
        self.root.link(DATA, Symlink(self._fs, self._current))
        self._show(payload)
        if old:
            _discard(self.root.lookup(old))
            self.root.unlink(old)
        self._payload = payload
        return True

    def _show(self, payload: Payload) -> None:
        """The links that users see: made for new names, taken away for old ones."""
        wanted = {path.split("/", 1)[0]: None for path in payload}
        for name in self.root.names():
            if not name.startswith("..") and name not in wanted:
                self.root.unlink(name)
        for name in wanted:
            if self.root.lookup(name) is None:
                self.root.link(name, Symlink(self._fs, f"{DATA}/{name}"))

    def _put(self, folder: Directory, path: str, content: FileContent) -> None:
        *parents, name = path.split("/")
        for parent in parents:
            inner = folder.lookup(parent)
            if not isinstance(inner, Directory):
                inner = self._directory()
                folder.link(parent, inner)
            folder = inner
        mode = content.mode if self._group is None else content.mode | 0o440
        if isinstance(content.data, bytes):
            folder.link(name, File(self._fs, mode, 0, self._group or 0, content.data))
        else:
            folder.link(name, _LateFile(self._fs, mode, self._group or 0, partial(self._token, content.data)))

    def _directory(self) -> Directory:
        return Directory(self._fs, 0o755 | (SETGID if self._group is not None else 0), 0, self._group or 0)

    def _new_name(self) -> str:
        moment = datetime.fromtimestamp(self._kernel.wall_ns // SECOND, UTC).strftime("%Y_%m_%d_%H_%M_%S")
        return f"..{moment}.{self._kernel.random('volumes').randrange(1, 1 << 32)}"


def _discard(inode: Inode | None) -> None:
    """Gives back what an old directory held; files that are open keep their bytes until they are closed."""
    if isinstance(inode, Directory):
        for _, child in inode.items():
            _discard(child)
    elif isinstance(inode, File):
        inode.nlink -= 1
        inode.forget()
