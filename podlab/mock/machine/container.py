"""Containers: a root file system with mounts, namespaces, a cgroup, and a first process.

The machine knows nothing of pods: what its containers share is what their makers give them to share.
"""

import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from podlab.mock.kernel import WaitQueue
from podlab.mock.machine.core import ProcessCore
from podlab.mock.machine.descriptors import O_RDONLY, O_WRONLY, OpenFile
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory, OverlayDirectory
from podlab.mock.machine.ipc import IpcNamespace
from podlab.mock.machine.mounts import Mount, MountTable
from podlab.mock.machine.namespaces import Cgroup, NetworkNamespace, PidNamespace, UtsNamespace
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGKILL

if TYPE_CHECKING:
    from podlab.mock.machine.node import Machine
    from podlab.mock.machine.tty import Terminal


@dataclass(slots=True)
class ContainerConfig:
    """What a container is made of.

    Attributes:
        name: For the trace.
        image_root: The image's root directory; the container sees an overlay of its own.
        argv: Command and arguments, the first looked up in the PATH of `env`.
        env: The environment, whole.
        cwd: Working directory, made if it is missing.
        mounts: In any order; mount points are made where they are missing.
        net, pid_namespace, uts, ipc: Shared with other containers when given, else its own.
        memory_bytes, cpu_millicores, pids, disk_bytes: Limits; None is the node's.
        tty: Whether stdin, stdout and stderr are a terminal.
        oom_score_adj: What its processes begin with.
    """

    name: str
    image_root: Directory
    argv: list[str]
    env: dict[str, str] = field(default_factory=dict)
    cwd: str = "/"
    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    mounts: list[Mount] = field(default_factory=list)
    net: NetworkNamespace | None = None
    pid_namespace: PidNamespace | None = None
    uts: UtsNamespace | None = None
    ipc: IpcNamespace | None = None
    hostname: str = ""
    read_only_root: bool = False
    memory_bytes: int | None = None
    cpu_millicores: int | None = None
    pids: int | None = None
    disk_bytes: int | None = None
    tty: bool = False
    oom_score_adj: int = 0


SYSTEM: Final = ("/proc", "/sys")
"""What only the kernel says there, nobody else may say to a witness."""
PROGRAM_FOLDERS: Final = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
UNTRUSTED: Final = frozenset({"PATH", "ENV", "IFS"})
"""Variables by which a container could choose what a witness runs."""
PRINT_COST_NS: Final = 5_000
"""What a printed line costs: its way through the runtime into the log, which holds up who prints more."""


class Sink(OpenFile):
    """A descriptor whose writes go to a function: what a container prints."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[[bytes], object], path: str = "pipe:[1]") -> None:
        super().__init__(O_WRONLY, None, path)
        self.function = function

    def reopen(self, flags: int) -> OpenFile:
        """The same again (/dev/stdout)."""
        return Sink(self.function, self.path)

    async def write(self, proc: ProcessCore, data: bytes) -> int:
        await proc.cpu(data.count(b"\n") * PRINT_COST_NS)
        self.function(data)
        return len(data)


class Feed(OpenFile):
    """A descriptor that reads what somebody outside feeds in: a container's standard input."""

    __slots__ = ("_buffer", "_closed", "_queue", "on_read")

    def __init__(self, machine: "Machine") -> None:
        super().__init__(O_RDONLY, None, "pipe:[0]")
        self.on_read: Callable[[], object] = bool
        self._buffer = bytearray()
        self._closed = False
        self._queue = WaitQueue(machine.kernel)

    @property
    def waiting(self) -> int:
        """Bytes that nobody has read yet; `on_read` is called when there are fewer."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Gives data to whoever reads."""
        self._buffer += data
        self._queue.wake_all()

    def end(self) -> None:
        """No more will come."""
        self._closed = True
        self._queue.wake_all()

    def reopen(self, flags: int) -> OpenFile:
        """The same again (/dev/stdin)."""
        return self

    async def read(self, proc: ProcessCore, count: int) -> bytes:
        while not self._buffer and not self._closed:
            await proc.block(self._queue)
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        self.on_read()
        return data

    def readable(self) -> bool:
        return bool(self._buffer) or self._closed

    def queues(self) -> tuple[WaitQueue, ...]:
        return (self._queue,)


class Container:
    """A container, from its making to its end. Made by `Machine.create`.

    Attributes:
        init: Its first process, once started.
        exit_code: 128 + signal when a signal ended it; None while it runs.
        oom_killed: Whether it was killed for want of memory.
        started_ns, finished_ns: When.
        terminal: Its terminal, when it has one.
    """

    def __init__(self, machine: "Machine", config: ContainerConfig) -> None:
        self.machine = machine
        self.config = config
        self.name = config.name
        self.fs = machine.container_fs(config.disk_bytes)
        root = OverlayDirectory(self.fs, config.image_root)
        self.mounts = MountTable(root, config.read_only_root)
        self.net = config.net or machine.network.namespace()
        self.uts = config.uts or UtsNamespace(config.hostname)
        self.ipc = config.ipc or IpcNamespace()
        self.pid_namespace = config.pid_namespace or PidNamespace()
        self.cgroup = Cgroup(config.memory_bytes, config.cpu_millicores, config.pids or 4096, machine.cgroup)
        self.init: Process | None = None
        self.terminal: Terminal | None = None
        self.exit_code: int | None = None
        self.signal = 0
        self.oom_killed = False
        self.started_ns = 0
        self.finished_ns = 0
        self.on_end: Callable[[Container], object] | None = None
        self._system = machine.system_mounts(self)
        for mount in [*self._system, *sorted(config.mounts, key=lambda m: m.path.count("/"))]:
            self._mount(root, mount)

    def _mount(self, root: Directory, mount: Mount) -> None:
        """Makes the mount point, in the file system below it, and mounts."""
        here: Directory = root
        path = ""
        names = [name for name in mount.path.split("/") if name]
        for name in names:
            path += "/" + name
            below = self.mounts.mounts.get(path)
            child = below.root if below else here.lookup(name)
            if child is None:
                last = path == mount.path
                child = mount.root if last and not isinstance(mount.root, Directory) else Directory(here.fs)
                here.link(name, child)
            if isinstance(child, Directory):
                here = child
            elif path != mount.path:
                raise unix_error(errno.ENOTDIR, mount.path)
        self.mounts.add(mount)

    def start(self, stdin: OpenFile | None, stdout: OpenFile, stderr: OpenFile) -> None:
        """Starts the first process. With `config.tty` the caller gives the terminal's slave as all three.

        Raises:
            OSError: ENOENT, EACCES, ENOEXEC ... when the command cannot be run; then the container never started.
        """
        self.init = self._spawn(self.config.argv, stdin, stdout, stderr, self.config.env, None)
        self.started_ns = self.machine.kernel.now_ns
        self.init.on_end = self._ended
        self.machine.trace("start", self.init, argv=self.config.argv)

    def exec(
        self,
        argv: list[str],
        stdin: OpenFile | None,
        stdout: OpenFile,
        stderr: OpenFile,
        on_end: Callable[[Process], object],
        tty: "Terminal | None" = None,
        witness: bool = False,
    ) -> Process:
        """Runs a command in the running container (kubectl exec, exec probes, hooks).

        A witness sees the container's files, but brings the image's programs along (first and only in its PATH), and looks at
        /proc and /sys as the kernel made them: what the container has put there cannot deceive it.

        Raises OSError as `start`, ESRCH when it does not run.
        """
        if self.init is None or self.init.ended:
            raise unix_error(errno.ESRCH)
        env = self.config.env if tty is None else {**self.config.env, "TERM": self.config.env.get("TERM", "xterm")}
        table = None
        if witness:
            table, path = self._as_a_witness()
            env = {**{name: value for name, value in env.items() if name not in UNTRUSTED}, "PATH": path}
        process = self._spawn(argv, stdin, stdout, stderr, env, tty, table)
        process.on_end = on_end
        return process

    def _as_a_witness(self) -> tuple[MountTable, str]:
        """The mounts that a witness sees, and its PATH."""
        table = MountTable(self.config.image_root)
        inside = tuple(f"{folder}/" for folder in SYSTEM)
        table.mounts = {path: mount for path, mount in self.mounts.mounts.items() if not f"{path}/".startswith(inside)}
        table.mounts |= {mount.path: mount for mount in self._system if f"{mount.path}/".startswith(inside)}
        number = 0
        while any(f"{path}/".startswith(f"/.image{number}/") for path in table.mounts):
            number += 1
        table.add(Mount(f"/.image{number}", self.config.image_root, read_only=True, source="image"))
        return table, ":".join(f"/.image{number}{folder}" for folder in PROGRAM_FOLDERS)

    def _spawn(
        self,
        argv: list[str],
        stdin: OpenFile | None,
        stdout: OpenFile,
        stderr: OpenFile,
        env: dict[str, str],
        tty: "Terminal | None",
        table: MountTable | None = None,
    ) -> Process:
        process = Process(self, self.pid_namespace, None)
        try:
            process.mounts = table or self.mounts
            process.env = dict(env)
            config = self.config
            for fd, file in enumerate((stdin or self.machine.null(process), stdout, stderr)):
                process.fds[fd] = file
                file.references += 1
            self._enter_cwd(process)
            program = process.load(self.find(process, argv[0]), argv)
            process.uid, process.gid, process.groups = config.uid, config.gid, config.groups
            terminal = tty or self.terminal
            if terminal is not None:
                terminal.attach(process)
        except BaseException:
            self._discard(process)
            raise
        process.start(program)
        return process

    def _discard(self, process: Process) -> None:
        for fd in list(process.fds):
            process.close(fd)
        process.ended = True
        process.cgroup.remove_process(process, process._memory)
        self.pid_namespace.remove(process)
        if self.pid_namespace.init is process:
            self.pid_namespace.init = None

    def _enter_cwd(self, process: Process) -> None:
        path = "/"
        for name in [name for name in self.config.cwd.split("/") if name]:
            path = f"{path.rstrip('/')}/{name}"
            if not process.exists(path):
                process.mkdir(path, 0o755)
        process.chdir(self.config.cwd or "/")

    def find(self, process: Process, command: str) -> str:
        """Where a command is: itself when it has a slash, else by PATH.

        Raises OSError ENOENT (with no path) when PATH has none.
        """
        if "/" in command:
            return command
        for folder in process.env.get("PATH", "").split(":"):
            path = f"{folder or '.'}/{command}"
            try:
                process.access(path, 1)
            except OSError:
                continue
            return path
        raise unix_error(errno.ENOENT)

    def kill(self, signal: int) -> None:
        """Sends a signal to the first process, from outside."""
        if self.init is not None:
            self.init.deliver(signal, outside=True)

    def _ended(self, process: Process) -> None:
        self.signal = process.term_signal
        self.exit_code = 128 + process.term_signal if process.term_signal else process.exit_code
        self.oom_killed = self.cgroup.oom_killed and process.term_signal == SIGKILL
        self.finished_ns = self.machine.kernel.now_ns
        for other in list(self.cgroup.processes.values()):
            other.deliver(SIGKILL, outside=True)
        if self.on_end is not None:
            self.on_end(self)
