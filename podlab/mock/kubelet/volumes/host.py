"""The node's own files, as hostPath volumes and provisioned volumes see them: a small tree that lives as long as the mock."""

from typing import Final

from podlab.mock.kubelet.volumes.payload import VolumeError
from podlab.mock.machine.inodes import Directory, File, FileSystem, Inode

FOLDERS: Final = {"/etc": 0o755, "/opt": 0o755, "/tmp": 0o1777, "/var/lib": 0o755, "/var/log/pods": 0o755, "/mnt": 0o755}
TYPES: Final = {
    "": "anything",
    "Directory": "is not a directory",
    "DirectoryOrCreate": "is not a directory",
    "File": "is not a file",
    "FileOrCreate": "is not a file",
    "Socket": "is not a socket file",
    "CharDevice": "is not a character device",
    "BlockDevice": "is not a block device",
}


class HostFiles:
    """The tree.

    Args:
        fs: The file system that it takes its space from.
        node_name: For ``/etc/hostname``.
    """

    def __init__(self, fs: FileSystem, node_name: str) -> None:
        self._fs = fs
        self.root = Directory(fs)
        for path, mode in FOLDERS.items():
            self.make_directory(path).mode |= mode
        etc = self.make_directory("/etc")
        etc.link("hostname", File(fs, 0o644, content=f"{node_name}\n".encode()))

    def make_directory(self, path: str) -> Directory:
        """The directory at a path, made where it is missing. Raises VolumeError when a file is in the way."""
        here = self.root
        for name in (part for part in path.split("/") if part):
            child = here.lookup(name)
            if child is None:
                child = Directory(self._fs)
                here.link(name, child)
            if not isinstance(child, Directory):
                raise VolumeError(f"hostPath type check failed: {path} is not a directory")
            here = child
        return here

    def open(self, path: str, kind: str) -> Inode:
        """What a hostPath volume of a type mounts. Raises VolumeError."""
        found = self._find(path)
        if kind == "DirectoryOrCreate" or (kind == "" and found is None):
            return self.make_directory(path)
        if kind == "FileOrCreate" and found is None:
            folder, _, name = path.rstrip("/").rpartition("/")
            found = File(self._fs, 0o644)
            self.make_directory(folder).link(name, found)
        wanted = Directory if kind.startswith("Directory") else File if kind.startswith("File") else None
        if kind and (found is None or wanted is None or not isinstance(found, wanted)):
            raise VolumeError(f"hostPath type check failed: {path} {TYPES.get(kind, 'is of an unknown type')}")
        assert found is not None
        return found

    def _find(self, path: str) -> Inode | None:
        here: Inode | None = self.root
        for name in (part for part in path.split("/") if part):
            here = here.lookup(name) if isinstance(here, Directory) else None
        return here
