"""The tree that a process sees: a root directory with mounts in it, and the resolution of paths in it (path_resolution(7)).

Places are canonical absolute paths: without symbolic links, `.`, `..` or doubled slashes. A mount table maps such a path to what
is mounted there. A rename of a directory does not follow the processes whose working directory it was; nothing else tells the
difference.
"""

import errno
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import NAME_MAX, Directory, FileSystem, Inode, Symlink

if TYPE_CHECKING:
    from podlab.mock.machine.core import ProcessCore

MAX_LINKS: Final = 40
PATH_MAX: Final = 4096
SHALLOW: Final = 16
LONG: Final = 200
"""From how many letters on it is quicker to look for a path's mount among the mounts than among its folders."""
NAME_COST_NS: Final = 1000
"""What each name of a long path costs to find; that of a short one is counted with the call."""


@dataclass(frozen=True, slots=True)
class Mount:
    """What is mounted at a path: the root of a file system, a directory of one, or a single file.

    `source` and `options` are what /proc/mounts prints.
    """

    path: str
    root: Inode
    read_only: bool = False
    source: str = "none"
    options: str = ""

    @property
    def fs(self) -> FileSystem:
        """The file system that is seen here."""
        return self.root.fs


@dataclass(slots=True)
class Place:
    """Where a path leads.

    Attributes:
        path: Canonical, for whoever asked.
        inode: None when the last name does not exist (its directory does).
        table: The mounts among which it was found: another container's behind /proc/PID/root.
        slash: Whether the path said that it is a directory.
        dots: `.`, `..` or `/` when the path ends so instead of in a name.
    """

    path: str
    mount: Mount
    parent: Directory
    name: str
    inode: Inode | None
    table: "MountTable"
    slash: bool = False
    dots: str = ""

    @property
    def is_mount(self) -> bool:
        """Whether something is mounted right here."""
        return self.inode is self.mount.root

    @property
    def parent_mount(self) -> Mount:
        """The mount that the directory of this place is in."""
        if not self.is_mount or self.mount.path == "/":
            return self.mount
        return self.table.mount_of(self.mount.path.rpartition("/")[0] or "/")


class MountTable:
    """The mounts of a container, the root among them."""

    __slots__ = ("mounts", "number")

    def __init__(self, root: Directory, read_only: bool = False) -> None:
        self.number = 0
        self.mounts: dict[str, Mount] = {"/": Mount("/", root, read_only, "overlay")}

    def add(self, mount: Mount) -> None:
        """Mounts over whatever was at that path."""
        self.mounts[mount.path] = mount

    @property
    def root(self) -> Mount:
        """What is mounted at /."""
        return self.mounts["/"]

    def mount_of(self, path: str) -> Mount:
        """The mount that a canonical path lies in."""
        if len(path) > LONG:
            here = [mount for mount in self.mounts if path.startswith(mount + "/")]
            return self.mounts[path if path in self.mounts else max(here, key=len, default="/")]
        while path not in self.mounts:
            path = path.rpartition("/")[0] or "/"
        return self.mounts[path]

    def below(self, path: str) -> list[str]:
        """The names of mounts that stand right in a directory, by its canonical path here."""
        prefix = path.rstrip("/") + "/"
        names = [mount[len(prefix) :] for mount in self.mounts if mount.startswith(prefix)]
        return [name for name in names if name and "/" not in name]

    def resolve(self, proc: "ProcessCore", path: str, follow: bool = True, entry: bool = False) -> Place:
        """Finds where `path` leads for `proc` (its working directory, its root, its rights).

        Args:
            proc: Who asks.
            path: Absolute or relative.
            follow: Whether a symbolic link as the last component is followed.
            entry: Whether the name itself is meant, even when a slash follows it; what it names may then be no directory.

        Raises:
            OSError: ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG, with the path as it was given.
        """
        if not path:
            raise unix_error(errno.ENOENT, path)
        if len(path) >= PATH_MAX:
            raise unix_error(errno.ENAMETOOLONG, path)
        try:
            return self._straight(proc, path, follow) or _Walk(self, proc, path).run(follow, entry)
        except OSError as error:
            error.filename = path
            raise

    def _straight(self, proc: "ProcessCore", path: str, follow: bool) -> Place | None:
        """Where a short absolute path leads that goes from name to name, as nearly all do; None for others: those are walked."""
        if path[0] != "/" or path[-1] == "/" or "/." in path or "//" in path or proc.root != "/":
            return None
        names = path.split("/")
        last = len(names) - 1
        mount = self.mounts["/"]
        here, at = mount.root, ""
        for index in range(1, last + 1 if last <= SHALLOW else 0):
            if not isinstance(here, Directory):
                raise unix_error(errno.ENOTDIR)
            proc.check_access(here, 1)
            name = names[index]
            at = f"{at}/{name}"
            mounted = self.mounts.get(at)
            mount = mounted or mount
            child = mounted.root if mounted is not None else here.lookup(name, proc)
            if isinstance(child, Symlink) and (follow or index < last):
                return None
            if child is None:
                _check_length(name)
            if index == last:
                return Place(at, mount, here, name, child, self)
            if child is None:
                raise unix_error(errno.ENOENT)
            here = child
        return None

    def view(self, proc: "ProcessCore", path: str) -> "tuple[MountTable, str]":
        """Whose mounts a canonical path of `proc` is about, and how much of it leads there.

        A path behind /proc/PID/root of another container (that shares its process numbers) is about that container's.
        """
        found = _FOREIGN.match(path) if "/root" in path else None
        if found is not None:
            other = proc.pid_namespace.processes.get(int(found[2]))
            if other is not None and other.mounts is not self:
                return other.mounts, found[1]
        return self, ""


_FOREIGN: Final = re.compile(r"(/proc/(\d+)/root)(?:/|$)")


def _check_length(name: str) -> None:
    """Raises ENAMETOOLONG for a name that no file can have."""
    if len(name) > NAME_MAX // 4 and len(name.encode(errors="surrogateescape")) > NAME_MAX:
        raise unix_error(errno.ENAMETOOLONG)


class _Walk:
    """The resolution of one path: where it stands, and what is left of the way."""

    __slots__ = ("at", "directory", "dots", "here", "home", "links", "mount", "prefix", "proc", "table", "todo", "trail")

    def __init__(self, home: MountTable, proc: "ProcessCore", path: str) -> None:
        self.home = home
        self.proc = proc
        self.links = 0
        last = path.rstrip("/").rpartition("/")[2]
        self.dots = last if last in (".", "..") else "" if last else "/"
        self.directory = path[-1] == "/" or last == "."
        self.todo = [name for name in path.split("/") if name and name != "."]
        self.todo.reverse()
        depth = len(self.todo) + (0 if path[0] == "/" else proc.cwd.count("/"))
        if depth > SHALLOW:
            proc.owe(depth * NAME_COST_NS)
        if path[0] == "/":
            self.stand(proc.root)
        elif proc.removed is None:
            self.stand(proc.cwd)
        else:
            self.turn(proc.cwd)
            self.here: Inode = proc.removed
            self.trail: Inode = proc.removed

    def turn(self, path: str) -> str:
        """Goes to the mount that a canonical path is on. Returns the path as its table has it."""
        self.at = path
        self.table, self.prefix = self.home.view(self.proc, path)
        inner = path[len(self.prefix) :] or "/"
        self.mount = self.table.mount_of(inner)
        return inner

    def stand(self, path: str) -> None:
        """Goes to a canonical path. Raises ENOENT when it is gone."""
        inner = self.turn(path)
        here: Inode = self.mount.root
        trail = here
        for name in inner[len(self.mount.path) :].strip("/").split("/"):
            if name:
                child = here.lookup(name, self.proc) if isinstance(here, Directory) else None
                if child is None:
                    raise unix_error(errno.ENOENT)
                trail, here = here, child
        self.here, self.trail = here, trail

    def run(self, follow: bool, entry: bool) -> Place:
        """Walks to the end."""
        todo = self.todo
        while todo:
            name = todo.pop()
            here = self.here
            if not isinstance(here, Directory):
                raise unix_error(errno.ENOTDIR)
            self.proc.check_access(here, 1)
            if name == "..":
                self._up()
                continue
            path = f"{self.at}/{name}" if self.at != "/" else "/" + name
            mounted = self.table.mounts.get(path[len(self.prefix) :] if self.prefix else path)
            mount, child = (mounted, mounted.root) if mounted is not None else (self.mount, here.lookup(name, self.proc))
            if isinstance(child, Symlink) and (todo or follow or (self.directory and not (entry and not self.dots))):
                self._follow(child, path)
                continue
            if child is None:
                _check_length(name)
                if todo or self.dots == ".":
                    raise unix_error(errno.ENOENT)
                return Place(path, mount, here, name, None, self.table, self.directory, self.dots)
            self.mount, self.trail, self.at, self.here = mount, here, path, child
        if self.directory and not (entry and not self.dots) and not isinstance(self.here, Directory):
            raise unix_error(errno.ENOTDIR)
        if self.dots == ".":
            self.proc.check_access(self.here, 1)
        parent = self.trail if isinstance(self.trail, Directory) else self.here
        assert isinstance(parent, Directory)
        return Place(self.at, self.mount, parent, self.at.rpartition("/")[2], self.here, self.table, self.directory, self.dots)

    def _up(self) -> None:
        if self.at not in (self.proc.root, self.prefix or "/"):
            self.stand(self.at.rpartition("/")[0] or "/")

    def _follow(self, link: Symlink, path: str) -> None:
        self.links += 1
        if self.links > MAX_LINKS:
            raise unix_error(errno.ELOOP)
        jump = link.follow(self.proc)
        if isinstance(jump, str):
            self.stand(jump)
            return
        if jump is not None:
            assert isinstance(self.here, Directory)
            self.trail, self.at, self.here = self.here, path, jump
            return
        target = link.read_target(self.proc)
        if not target:
            raise unix_error(errno.ENOENT)
        if not self.todo:
            self.directory |= target.endswith("/")
            last = target.rstrip("/").rpartition("/")[2]
            self.dots = self.dots or (last if last in (".", "..") else "" if last else "/")
        self.todo.extend(reversed([part for part in target.split("/") if part and part != "."]))
        if target[0] == "/":
            self.stand(self.proc.root)
