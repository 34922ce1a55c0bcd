"""The machine: one simulated node, with a network, a disk, memory, and the containers that run on it."""

import errno
from collections.abc import Mapping
from typing import Final, Protocol

from podlab.mock.kernel import Kernel
from podlab.mock.machine.container import Container, ContainerConfig
from podlab.mock.machine.descriptors import O_RDWR, OpenFile
from podlab.mock.machine.devices import device_directory, null_device
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory, File, FileSystem, Inode
from podlab.mock.machine.mounts import Mount
from podlab.mock.machine.namespaces import Cgroup
from podlab.mock.machine.network import Network
from podlab.mock.machine.process import Process, Program
from podlab.mock.machine.procfs import cgroup_directory, proc_directory, sys_directory, sysctl_directory
from podlab.mock.machine.ptys import add_multiplexer
from podlab.mock.machine.sharedmemory import SharedMemory

PROGRAM_MAGIC: Final = b"\x7fELF\x02\x01\x01\x00podlab program: "
"""How a file that is a program begins; its name follows, to the end of the line. A copy of the file is the program too."""

MEMORY_BYTES: Final = 512 << 20
"""What all containers together may hold in memory before the kernel's killer comes, whatever they declare."""
DISK_BYTES: Final = 256 << 20
"""What all files of all containers and volumes together may take."""
PIDS: Final = 32_768
CPU_MILLICORES: Final = 4000
"""What all processes together may compute with."""
PROCESSORS: Final = 4
RAM_BYTES: Final = 16 << 30


class Numbered(Protocol):
    """A namespace, which /proc/PID/ns shows by its number (0: none yet)."""

    number: int


def program_file(fs: FileSystem, name: str) -> File:
    """An executable file that is the program `name` of the machine's table."""
    return File(fs, 0o755, content=PROGRAM_MAGIC + name.encode() + b"\n")


def _entry(directory: Directory, name: str) -> Inode:
    found = directory.lookup(name)
    assert found is not None
    return found


class Machine:
    """One node.

    Args:
        kernel: The clock.
        programs: What a program file's name stands for.
        network: Shared with other nodes, if there are any.
        memory_bytes, disk_bytes: What the simulation may really hold; see the constants.

    Attributes:
        processors, ram_bytes: What /proc tells of the node's size.
    """

    def __init__(
        self,
        kernel: Kernel,
        programs: Mapping[str, Program],
        network: Network | None = None,
        memory_bytes: int = MEMORY_BYTES,
        disk_bytes: int = DISK_BYTES,
    ) -> None:
        self.kernel = kernel
        self.programs = programs
        self.network = network or Network(kernel)
        self.processors = PROCESSORS
        self.ram_bytes = RAM_BYTES
        self.cgroup = Cgroup(memory_bytes, CPU_MILLICORES, PIDS)
        self.disk = FileSystem(kernel, "ext4", disk_bytes)
        self.crashes: list[tuple[Process, Exception]] = []
        self._namespaces = 0

    def create(self, config: ContainerConfig) -> Container:
        """Makes a container; `Container.start` starts it."""
        return Container(self, config)

    def container_fs(self, size_bytes: int | None) -> FileSystem:
        """A file system for a container's own layer, on the node's disk."""
        return FileSystem(self.kernel, "overlay", size_bytes, parent=self.disk)

    def volume_fs(self, size_bytes: int | None = None, memory: Cgroup | SharedMemory | None = None) -> FileSystem:
        """A file system for a volume: on the node's disk, or in memory that `memory` pays for."""
        return FileSystem(
            self.kernel, "tmpfs" if memory else "ext4", size_bytes, parent=None if memory else self.disk, memory=memory
        )

    def system_mounts(self, container: Container) -> list[Mount]:
        """/proc, /sys and /dev of a container."""
        proc = proc_directory(FileSystem(self.kernel, "proc"), container)
        sys = sys_directory(FileSystem(self.kernel, "sysfs"))
        cgroup = cgroup_directory(FileSystem(self.kernel, "cgroup2"), container.cgroup)
        dev = device_directory(FileSystem(self.kernel, "tmpfs", 64 << 20))
        add_multiplexer(dev)
        shm = Directory(FileSystem(self.kernel, "tmpfs", 64 << 20, memory=container.cgroup), 0o1777)
        return [
            Mount("/proc", proc, source="proc", options="nosuid,nodev,noexec,relatime"),
            Mount("/dev", dev, source="tmpfs", options="nosuid,size=65536k,mode=755"),
            Mount("/dev/pts", _entry(dev, "pts"), source="devpts", options="nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666"),
            Mount("/dev/mqueue", _entry(dev, "mqueue"), source="mqueue", options="nosuid,nodev,noexec,relatime"),
            Mount("/sys", sys, True, source="sysfs", options="nosuid,nodev,noexec,relatime"),
            Mount("/sys/fs/cgroup", cgroup, True, source="cgroup", options="nosuid,nodev,noexec,relatime"),
            Mount("/dev/shm", shm, source="shm", options="nosuid,nodev,noexec,relatime,size=65536k"),
            Mount("/proc/sys", sysctl_directory(proc.fs), True, source="proc", options="nosuid,nodev,noexec,relatime"),
        ]

    def number_of(self, namespace: Numbered) -> int:
        """A small number for a namespace, given when it is first asked for."""
        if not namespace.number:
            self._namespaces += 1
            namespace.number = self._namespaces
        return namespace.number

    def null(self, process: Process) -> OpenFile:
        """An open /dev/null."""
        return null_device(process, O_RDWR)

    def program(self, head: bytes, path: str) -> Program:
        """The program that a file beginning with `head` is. Raises ENOEXEC when it is none."""
        if head.startswith(PROGRAM_MAGIC):
            name = head[len(PROGRAM_MAGIC) :].split(b"\n", 1)[0].decode()
            if name in self.programs:
                return self.programs[name]
        raise unix_error(errno.ENOEXEC, path)

    def trace(self, event: str, process: Process, **fields: object) -> None:
        """A line in the kernel's trace about a process."""
        if self.kernel.trace.enabled:
            self.kernel.trace.record(f"{process.container.name}/{process.pid}", event, **fields)

    def report_crash(self, process: Process, error: Exception) -> None:
        """A program's own code failed: a fault of the mock. Kept for the server's log and for tests."""
        self.crashes.append((process, error))
        self.trace("crash", process, error=repr(error))
