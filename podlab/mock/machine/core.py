"""What a process is, below its system calls: identity, the passing of time, memory, and signals.

`files.FileCalls` and `sockets.SocketCalls` build on it, and `process.Process` is the whole; programs and shells use that.
"""

import errno
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NoReturn

from podlab.mock.kernel import MILLISECOND, SECOND, Cancelled, Kernel, Task, WaitQueue, park
from podlab.mock.machine.capabilities import Privileges
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory, Inode
from podlab.mock.machine.scheduling import Scheduling
from podlab.mock.machine.signals import SIGCONT, SIGKILL, SIGPIPE, SIGSTOP, SIGXFSZ, Action, Disposition, default_action

if TYPE_CHECKING:
    from podlab.mock.machine.container import Container
    from podlab.mock.machine.descriptors import OpenFile
    from podlab.mock.machine.mounts import MountTable
    from podlab.mock.machine.namespaces import Cgroup, NetworkNamespace, PidNamespace, UtsNamespace
    from podlab.mock.machine.node import Machine
    from podlab.mock.machine.process import Process
    from podlab.mock.machine.tty import Terminal

Handler = Callable[[int], object]

PER_LINUX: Final = 0
PER_LINUX32: Final = 8

R_OK: Final = 4
W_OK: Final = 2
X_OK: Final = 1
F_OK: Final = 0

QUANTUM_NS: Final = MILLISECOND
SYSCALL_NS: Final = 1500
"""What a call that moves data costs, however little it moves."""
SWITCH_NS: Final = 3000
"""What it costs to wait and be woken: two processes that toss a byte to each other take time, too."""
BURN_NS: Final = SECOND
"""A process that computes for so much longer than it waits is slowed down by THROTTLE."""
THROTTLE: Final = 10
RLIM_INFINITY: Final = (1 << 63) - 1

DEFAULT_RLIMITS: Final = {
    "nofile": (1_048_576, 1_048_576),
    "fsize": (RLIM_INFINITY, RLIM_INFINITY),
    "nproc": (RLIM_INFINITY, RLIM_INFINITY),
    "core": (RLIM_INFINITY, RLIM_INFINITY),
    "stack": (8_388_608, RLIM_INFINITY),
    "memlock": (8_388_608, 8_388_608),
}


class Killed(Cancelled):
    """Ends a process from within its own code. Nothing but the process' own runner catches it."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


class Exit(Cancelled):
    """Raised by `proc.exit(code)`: ends the process from any depth."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ProcessCore:
    """The state of a process, and the calls that all others need.

    Attributes:
        pid, ppid: Numbers in its pid namespace; ppid 0 for one that was started from outside.
        argv: Arguments; argv[0] is the name it was called by.
        env: Its environment (own copy).
        cwd: Canonical path of its working directory; the one that it last had, once that was removed.
        removed: Its working directory, when that was removed: empty for ever.
        uid, gid, groups: Who it is.
        cpu_ns: Processor time that it used.
        memory_peak: The most that it was charged for, in bytes.
        switches: How often it waited, and so left its processor to others.
        children_cpu_ns, children_peak, children_switches: The same of the children that it waited for, and of theirs: a sum, the
            largest, a sum.
        exit_code, term_signal: How it ended, once `ended`.
        thread_names: The threads that /proc shows beside the first, by number.
    """

    __slots__ = (
        "_blocking",
        "_burn_ns",
        "_children_queue",
        "_continue_queue",
        "_debt_ns",
        "_free_from",
        "_held_signals",
        "_kill_signal",
        "_memory",
        "argv",
        "cgroup",
        "children",
        "children_cpu_ns",
        "children_peak",
        "children_switches",
        "cloexec",
        "comm",
        "container",
        "cpu_ns",
        "cwd",
        "dispositions",
        "ended",
        "env",
        "exe",
        "exit_code",
        "fds",
        "gid",
        "groups",
        "kernel",
        "machine",
        "memory_peak",
        "mounts",
        "net",
        "on_end",
        "oom_score_adj",
        "parent",
        "personality",
        "pgid",
        "pid",
        "pid_namespace",
        "privileges",
        "removed",
        "rlimits",
        "root",
        "scheduling",
        "sid",
        "start_ns",
        "stopped",
        "stopped_by",
        "switches",
        "task",
        "term_signal",
        "thread_names",
        "threads",
        "tty",
        "uid",
        "umask",
        "uts",
        "zombie",
    )

    def __init__(self, container: "Container", pid_namespace: "PidNamespace", parent: "Process | None") -> None:
        self.container = container
        self.machine: Machine = container.machine
        self.kernel: Kernel = container.machine.kernel
        self.mounts: MountTable = container.mounts
        self.net: NetworkNamespace = container.net
        self.uts: UtsNamespace = container.uts
        self.cgroup: Cgroup = container.cgroup
        self.pid_namespace = pid_namespace
        self.parent = parent
        self.children: dict[int, Process] = {}
        self.fds: dict[int, OpenFile] = {}
        self.cloexec: set[int] = set()
        self.rlimits = dict(DEFAULT_RLIMITS)
        self.argv: list[str] = []
        self.env: dict[str, str] = {}
        self.comm: str = ""
        self.exe: str = ""
        self.cwd: str = "/"
        self.removed: Directory | None = None
        self.root: str = "/"
        self.umask = 0o022
        self.personality = PER_LINUX
        self.scheduling = Scheduling()
        self.privileges = Privileges()
        self.uid = self.gid = 0
        self.groups: tuple[int, ...] = ()
        self.dispositions: dict[int, Disposition | Handler] = {}
        self.tty: Terminal | None = None
        self.start_ns = self.kernel.now_ns
        self.cpu_ns = 0
        self.children_cpu_ns = 0
        self.children_peak = 0
        self.children_switches = 0
        self.ended = False
        self.zombie = False
        self.exit_code = 0
        self.term_signal = 0
        self.stopped = False
        self.stopped_by = 0
        self.oom_score_adj: int = container.config.oom_score_adj if parent is None else parent.oom_score_adj
        self.on_end: Callable[[Process], object] | None = None
        self.task: Task | None = None
        self.threads: list[Task] = []
        self.thread_names: dict[int, str] = {}
        self._blocking = False
        self._kill_signal = 0
        self._memory = 0
        self.memory_peak = 0
        self.switches = 0
        self._debt_ns = 0
        self._held_signals: list[int] = []
        self._free_from: dict[int, int] = {}
        self._burn_ns = 0
        self._children_queue: WaitQueue | None = None
        self._continue_queue: WaitQueue | None = None
        self.pid = self.pgid = self.sid = 0

    @property
    def ppid(self) -> int:
        """The parent's number, 0 when it was started from outside the namespace."""
        return self.parent.pid if self.parent else 0

    @property
    def tgid(self) -> int:
        """Its number, also where it is looked at as one of its threads."""
        return self.pid

    # --- time ---

    async def block(self, queue: WaitQueue, timeout_ns: int | None = None) -> bool:
        """Waits on a queue, as every blocking call does. Returns False when the time is up.

        Raises:
            InterruptedError: A signal with a handler arrived.
            Killed: The process is to end.
        """
        since = self._enter_block()
        try:
            woken = await queue.wait(timeout_ns)
        finally:
            self._leave_block(since)
        if self.stopped:
            await self.while_stopped()
        return woken

    async def sleep(self, seconds: float) -> None:
        """Sleeps; raises InterruptedError when a handled signal arrives."""
        since = self._enter_block()
        try:
            await self.kernel.sleep(int(seconds * SECOND))
        finally:
            self._leave_block(since)
        if self.stopped:
            await self.while_stopped()

    async def pause(self) -> NoReturn:
        """Sleeps until a signal; it always ends in an exception."""
        while True:
            await self.block(WaitQueue(self.kernel))

    def _enter_block(self) -> int:
        """Begins to wait. Returns when."""
        if self._kill_signal:
            raise Killed(self._kill_signal)
        self._blocking = self.kernel.current is self.task
        return self.kernel.now_ns

    def _leave_block(self, since_ns: int) -> None:
        """Has waited: what it has burnt counts for less by the time that passed."""
        self._blocking = False
        self.switches += 1
        self._debt_ns += SWITCH_NS
        if self._burn_ns:
            self._burn_ns = max(0, self._burn_ns - (self.kernel.now_ns - since_ns))

    async def while_stopped(self) -> None:
        """Waits while the process is stopped."""
        while self.stopped:
            if self._continue_queue is None:
                self._continue_queue = WaitQueue(self.kernel)
            await self._continue_queue.wait()

    async def _await_any(self, queues: tuple[WaitQueue, ...], deadline_ns: int | None) -> None:
        since = self._enter_block()
        task = self.kernel.current_task()
        for queue in queues:
            queue.enter(task)
        timer = None if deadline_ns is None else self.kernel.call_at(deadline_ns, task.resume)
        try:
            await park()
        finally:
            self._leave_block(since)
            if timer is not None:
                timer.cancel()
            for queue in queues:
                queue.leave(task)
        if self.stopped:
            await self.while_stopped()

    async def give_way(self) -> None:
        """Lets others run at this instant. Unlike other calls it works in a process that is to end, too."""
        await self.kernel.sleep(0)

    async def cpu(self, cost_ns: int) -> None:
        """Uses the processor for `cost_ns`.

        Accounts it, and every so often really lets that time pass (more of it in a container whose share is small, or that burns
        without pause).
        """
        self._debt_ns += cost_ns
        if self._debt_ns >= QUANTUM_NS:
            await self.settle()

    def owe(self, cost_ns: int) -> None:
        """Uses the processor, too, but does not let the time pass yet: the next `cpu` or call that moves data does."""
        self._debt_ns += cost_ns

    async def settle(self) -> None:
        """Lets the processor time that was used so far pass."""
        debt, self._debt_ns = self._debt_ns, 0
        self.cpu_ns += debt
        self._burn_ns += debt
        if self._kill_signal:
            raise Killed(self._kill_signal)
        time_ns = self.cgroup.processor_time(debt, self.kernel.now_ns)
        if self._burn_ns > BURN_NS:
            time_ns *= THROTTLE
            self.cpu_ns += debt * (THROTTLE - 1)  # slow as it is, it keeps a processor busy
            self.cgroup.count_time(debt * (THROTTLE - 1))
        await self.kernel.sleep(time_ns)
        if self.stopped:
            await self.while_stopped()

    # --- rights, memory and limits ---

    def check_access(self, inode: Inode, want: int, path: str | None = None) -> None:
        """Raises EACCES unless the process may do `want` (R_OK, W_OK, X_OK together) with the inode.

        Root may, but for running what nobody may.
        """
        mode = inode.mode
        if self.uid == 0:
            if not want & X_OK or isinstance(inode, Directory) or mode & 0o111:
                return
        else:
            shift = 6 if inode.uid == self.uid else 3 if inode.gid == self.gid or inode.gid in self.groups else 0
            if want & ~(mode >> shift) & 7 == 0:
                return
        raise unix_error(errno.EACCES, path)

    def charge_memory(self, delta_bytes: int) -> None:
        """Accounts memory that the program holds (large strings, buffers).

        Beyond the container's limit the process is killed, as by the kernel's out-of-memory killer. Give back with a negative
        number; the end of the process gives back all.
        """
        self._memory += delta_bytes
        if self._memory > self.memory_peak:
            self.memory_peak = self._memory
        self.cgroup.charge(delta_bytes)
        if self._kill_signal and self.kernel.current is self.task:
            raise Killed(self._kill_signal)

    @property
    def memory_bytes(self) -> int:
        """What the process has been charged for."""
        return self._memory

    def check_file_size(self, size: int) -> None:
        """Sends SIGXFSZ and raises EFBIG for a write past `ulimit -f`."""
        if size > self.rlimits["fsize"][0]:
            self.deliver(SIGXFSZ)
            raise unix_error(errno.EFBIG)

    # --- signals ---

    def signal(self, number: int, action: "Disposition | Handler") -> "Disposition | Handler":
        """Sets what a signal does.

        `Disposition.DEFAULT`, `Disposition.IGNORE`, or a function (called with the number, at once when the signal arrives; a
        blocking call then ends in InterruptedError). Returns what it was.
        """
        before = self.dispositions.get(number, Disposition.DEFAULT)
        if action is Disposition.DEFAULT:
            self.dispositions.pop(number, None)
        else:
            self.dispositions[number] = action
        return before

    def raise_sigpipe(self) -> None:
        """Sends SIGPIPE to itself, as a write to a pipe without readers does."""
        self.deliver(SIGPIPE)

    def deliver(self, number: int, outside: bool = False) -> None:
        """A signal arrives.

        The first process of a namespace ignores what it has no handler for; from outside (the runtime) SIGKILL works on it.
        """
        if self.ended or self._kill_signal:
            return
        unkillable = self.pid_namespace.init is self
        if number == SIGKILL:
            if not unkillable or outside:
                self._die(number)
            return
        if number == SIGCONT:
            self._continue()
        action = Disposition.DEFAULT if number == SIGSTOP else self.dispositions.get(number, Disposition.DEFAULT)
        if self.stopped and action is not Disposition.IGNORE:
            self._hold(number)
        elif not isinstance(action, Disposition):
            action(number)
            if self._blocking and self.task is not None and not self._kill_signal:
                self.task.throw(unix_error(errno.EINTR))
        elif action is Disposition.DEFAULT and not unkillable:
            self._default(number)

    def _default(self, number: int) -> None:
        """Does what a signal does to those that have no handler for it."""
        action = default_action(number)
        if action is Action.TERMINATE:
            self._die(number)
        elif action is Action.STOP:
            self.stopped, self.stopped_by = True, number
            self._tell_parent()

    def _hold(self, number: int) -> None:
        """Keeps a signal until the process goes on: one that is stopped acts on none but SIGKILL and SIGCONT."""
        if number not in self._held_signals:
            self._held_signals.append(number)

    def _continue(self) -> None:
        if not self.stopped:
            return
        self.stopped, self.stopped_by = False, 0
        if self._continue_queue is not None:
            self._continue_queue.wake_all()
        held, self._held_signals = sorted(self._held_signals), []
        for number in held:
            if default_action(number) is not Action.STOP:
                self.deliver(number)

    def _die(self, number: int) -> None:
        self._kill_signal = number
        if self.kernel.current is self.task:
            raise Killed(number)
        if self.task is not None:
            self.task.throw(Killed(number))

    def _tell_parent(self) -> None:
        """The process ended or stopped: its parent is told."""
        raise NotImplementedError
