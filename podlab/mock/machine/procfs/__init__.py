"""/proc and /sys, as far as scripts read them: made while somebody looks, true for whoever looks, and free while nobody does."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.core import ProcessCore
from podlab.mock.machine.inodes import Directory, FileSystem, Inode
from podlab.mock.machine.procfs.nodes import Folder, MagicLink, Node, text_node
from podlab.mock.machine.procfs.process import process_directory, thread_directory
from podlab.mock.machine.procfs.system import TEXTS, cgroup_directory, constant, sys_directory, sysctl_directory

if TYPE_CHECKING:
    from podlab.mock.machine.container import Container

__all__ = ["cgroup_directory", "proc_directory", "sys_directory", "sysctl_directory"]


def proc_directory(fs: FileSystem, container: "Container") -> Directory:
    """The root of /proc for the processes of a container's pid namespace."""
    processes, threads = container.pid_namespace.processes, container.pid_namespace.threads

    def names(proc: ProcessCore | None) -> list[str]:
        return [str(pid) for pid in sorted(processes)]

    def find(name: str, proc: ProcessCore | None) -> Inode | None:
        number = int(name) if name.isdecimal() and name.isascii() and not name.startswith("0") else 0
        if number in threads:
            return thread_directory(fs, threads[number], number)
        return process_directory(fs, processes[number]) if number in processes else None

    return Folder(fs, "/proc", _ENTRIES, 0o555, (names, find))


def _link(text: str) -> Node:
    return lambda fs: MagicLink(fs, lambda proc: text.format(proc=proc))


_ENTRIES: Final[Mapping[str, Node]] = dict(
    sorted(
        {
            **{name: text_node(text) for name, text in TEXTS.items()},
            "kcore": text_node(constant(""), 0o400),
            "mounts": _link("self/mounts"),
            "net": _link("self/net"),
            "self": _link("{proc.pid}"),
            "sys": sysctl_directory,
            "thread-self": _link("{proc.pid}/task/{proc.pid}"),
        }.items()
    )
)
