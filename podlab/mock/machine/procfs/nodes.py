"""What /proc and /sys are made of.

Files whose text is made when they are opened, and directories whose names depend on who looks.

Nodes are made when they are looked up and then forgotten, so that a container's /proc costs nothing. Their numbers come from
their paths, so that the same file has the same number each time.
"""

import errno
import stat as st
import zlib
from collections.abc import Callable, Mapping

from podlab.mock.machine.core import ProcessCore
from podlab.mock.machine.descriptors import O_ACCMODE, O_RDONLY, OpenFile
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory, File, FileSystem, Inode, Symlink

Text = Callable[[ProcessCore], str]
"""Makes a file's text for whoever opens it."""
Store = Callable[[ProcessCore, str], None]
"""Takes what is written to a file."""
Node = Callable[[FileSystem], Inode]
"""Makes the node of a name, in the file system where it was looked up."""


def number_of(path: str) -> int:
    """The inode number of a path in /proc."""
    return 0xF000_0000 + zlib.crc32(path.encode()) % 0x0FFF_0000


class TextFile(File):
    """A file whose text is made anew at each opening."""

    __slots__ = ("_store", "_text")

    def __init__(self, fs: FileSystem, text: Text, permissions: int = 0o444, uid: int = 0, store: Store | None = None) -> None:
        super().__init__(fs, permissions, uid, uid)
        self._text = text
        self._store = store

    @property
    def size(self) -> int:
        """As for all files of /proc: none is known before it is read."""
        return 0

    def read(self, offset: int, count: int) -> bytes:
        """Nothing: a file of /proc is no program."""
        return b""

    def write(self, offset: int, data: bytes) -> int:
        """Cannot be written but through a descriptor."""
        raise unix_error(errno.EACCES)

    def truncate(self, size: int) -> None:
        """Does nothing, as for all files of /proc."""

    def open(self, proc: ProcessCore, flags: int) -> OpenFile:
        """Makes the text."""
        content = self._text(proc).encode(errors="surrogateescape") if flags & O_ACCMODE in (O_RDONLY, 2) else b""
        return OpenText(flags, self, content, self._store)


class OpenText(OpenFile):
    """An open file of /proc: the text as it was at the opening."""

    __slots__ = ("_content", "_store")

    def __init__(self, flags: int, inode: Inode, content: bytes, store: Store | None) -> None:
        super().__init__(flags, inode)
        self._content = content
        self._store = store

    async def read(self, proc: ProcessCore, count: int) -> bytes:
        """The next part of the text."""
        self.check_readable()
        data = self._content[self.offset : self.offset + count]
        self.offset += len(data)
        return data

    async def write(self, proc: ProcessCore, data: bytes) -> int:
        """Gives what is written to the file's store. Raises EACCES when it has none, EINVAL when it does not like it."""
        self.check_writable()
        if self._store is None:
            raise unix_error(errno.EACCES)
        self._store(proc, data.decode(errors="surrogateescape"))
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Moves the offset."""
        self.offset = max((0, self.offset, len(self._content))[whence] + offset, 0)
        return self.offset


class MagicLink(Symlink):
    """A link whose text and target depend on the moment.

    Args:
        text: Makes what readlink says; raises OSError EACCES for those who may not know.
        leads: Makes where it leads, as `Symlink.follow`; None for a link that is followed by its text.
    """

    __slots__ = ("_leads", "_make")

    def __init__(
        self,
        fs: FileSystem,
        text: Text,
        leads: Callable[[ProcessCore], Inode | str | None] | None = None,
        permissions: int = 0o777,
    ) -> None:
        super().__init__(fs, "")
        self.mode = st.S_IFLNK | permissions
        self._make = text
        self._leads = leads

    @property
    def size(self) -> int:
        """As Linux has it."""
        return 0 if self._leads is None else 64

    def read_target(self, proc: ProcessCore | None) -> str:
        """The text, for whoever asks."""
        if proc is None:
            raise unix_error(errno.EACCES)
        return self._make(proc)

    def follow(self, proc: ProcessCore) -> Inode | str | None:
        """Where it leads."""
        return self._leads(proc) if self._leads is not None else None


class Folder(Directory):
    """A directory that cannot be changed, with entries that are made when they are looked up.

    Args:
        path: Its path in /proc, for the numbers of what is in it.
        entries: Makers of what is in it, by name; or what gives them each time when somebody looks, so that they take no memory.
        more: Further names that depend on who looks, and how to make what they name (None: there is none of that name).
    """

    __slots__ = ("_given", "_more", "_path")

    def __init__(
        self,
        fs: FileSystem,
        path: str,
        entries: Mapping[str, Node] | Callable[[], Mapping[str, Node]],
        permissions: int = 0o555,
        more: tuple[Callable[[ProcessCore | None], list[str]], Callable[[str, ProcessCore | None], Inode | None]] | None = None,
    ) -> None:
        super().__init__(fs, permissions)
        self._path = path
        self._given = entries
        self._more = more

    @property
    def _makers(self) -> Mapping[str, Node]:
        return self._given if isinstance(self._given, Mapping) else self._given()

    @property
    def size(self) -> int:
        """As Linux has it."""
        return 0

    def lookup(self, name: str, proc: ProcessCore | None = None) -> Inode | None:
        """Makes the node of that name."""
        maker = self._makers.get(name)
        node = maker(self.fs) if maker is not None else self._more[1](name, proc) if self._more is not None else None
        if node is not None:
            node.number = number_of(f"{self._path}/{name}")
        return node

    def names(self, proc: ProcessCore | None = None) -> list[str]:
        """All names, those that depend on who looks first."""
        return (self._more[0](proc) if self._more is not None else []) + list(self._makers)

    def link(self, name: str, inode: Inode) -> None:
        """Refuses, as Linux does, in words that puzzle everybody."""
        raise unix_error(errno.ENOENT)

    def unlink(self, name: str) -> None:
        """Refuses."""
        raise unix_error(errno.EPERM)


def tree(fs: FileSystem, path: str, entries: Callable[[], Mapping[str, object]]) -> Folder:
    """A directory of text files and directories, from nested mappings of names to texts, made when somebody looks."""
    return Folder(fs, path, lambda: {name: _maker(f"{path}/{name}", what) for name, what in entries().items()})


def _maker(path: str, what: object) -> Node:
    if isinstance(what, Mapping):
        return lambda fs: tree(fs, path, lambda: what)
    assert callable(what)
    return text_node(what)


def text_node(text: Text, permissions: int = 0o444) -> Node:
    """A file of that text."""
    return lambda fs: TextFile(fs, text, permissions)
