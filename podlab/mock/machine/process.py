"""Processes: what a program in the simulated Linux is, and what it may do.

A program is `async def main(proc: Process) -> int`, its exit code. Everything it does it does through `proc`: files and
descriptors (`files.FileCalls`), sockets (`sockets.SocketCalls`), terminals (`terminals.TerminalCalls`), other processes, signals,
time. A call that blocks is awaited; it can end in `InterruptedError` when a signal that the process handles arrives, and the
process can be killed in it. All else is immediate.

Computing costs simulated time: `await proc.cpu(ns)` is called for each command, loop turn, or batch of bytes. It lets others run,
and makes an endless loop take time instead of hanging the mock. A process that burns without ever blocking is slowed down
(`THROTTLE`).
"""

import errno
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from podlab.mock.kernel import Cancelled, Task, WaitQueue
from podlab.mock.machine.core import DEFAULT_RLIMITS, RLIM_INFINITY, X_OK, Exit, Handler, Killed
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory, File
from podlab.mock.machine.signals import SIGCHLD, SIGKILL, SIGSEGV, Disposition
from podlab.mock.machine.sockets import SocketCalls
from podlab.mock.machine.terminals import TerminalCalls

if TYPE_CHECKING:
    from podlab.mock.machine.container import Container
    from podlab.mock.machine.namespaces import PidNamespace

__all__ = ["DEFAULT_RLIMITS", "Exit", "Handler", "Killed", "Process", "Program", "WaitResult"]

Program = Callable[["Process"], Awaitable[int]]

FORK_COST_NS: Final = 300_000
EXEC_COST_NS: Final = 700_000
DEATH_NS: Final = 100_000
"""How long it takes until the parent can notice that a signal has ended a child: who sent the signal has mostly ended before."""
MAX_INTERPRETERS: Final = 4


class _Replace(Cancelled):
    """Raised by exec: the runner goes on with another program."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program = program


class Usage(NamedTuple):
    """What a process and the children that it waited for used, as wait4(2) tells it.

    Attributes:
        cpu_ns: Processor time.
        peak_bytes: The most memory of its own that any one of them had.
        switches: How often they waited.
    """

    cpu_ns: int
    peak_bytes: int
    switches: int


NO_USAGE: Final = Usage(0, 0, 0)


class WaitResult:
    """What waitpid tells of a child: its pid, and how it ended or stopped.

    Attributes:
        pid: The child's.
        code: Exit code, 0 to 255; meaningless when `signal` is set.
        signal: The signal that killed (or, if `stopped`, stopped) it, else 0.
        stopped: Whether it is stopped, not ended.
        usage: What it used, once it has ended.
    """

    __slots__ = ("code", "pid", "signal", "stopped", "usage")

    def __init__(self, pid: int, code: int, signal: int = 0, stopped: bool = False, usage: Usage = NO_USAGE) -> None:
        self.pid = pid
        self.code = code
        self.signal = signal
        self.stopped = stopped
        self.usage = usage

    @property
    def status(self) -> int:
        """The status as shells count it: the exit code, or 128 + signal."""
        return 128 + self.signal if self.signal else self.code


class Process(SocketCalls, TerminalCalls):
    """One process: all that a program may do. Made by `Container` and `fork`; see the module's text for the rules."""

    __slots__ = ()

    def __init__(self, container: "Container", pid_namespace: "PidNamespace", parent: "Process | None") -> None:
        super().__init__(container, pid_namespace, parent)
        self.cgroup.add_process(self)
        self.pid = pid_namespace.add(self)
        self.pgid = parent.pgid if parent else self.pid
        self.sid = parent.sid if parent else self.pid
        if parent is not None:
            parent.children[self.pid] = self

    # --- other processes ---

    def fork(self, entry: Program, name: str = "") -> "Process":
        """Starts a child whose body is `entry(child)`.

        It has copies of the descriptors, environment, limits and dispositions (of handlers: the defaults; a shell sets its own
        again). Raises OSError EAGAIN when the container may have no more processes.
        """
        self.cgroup.check_fork()
        self._check_nproc()
        child = Process(self.container, self.pid_namespace, self)
        child.mounts, child.net, child.uts = self.mounts, self.net, self.uts
        child.fds = dict(self.fds)
        for file in child.fds.values():
            file.references += 1
        child.cloexec = set(self.cloexec)
        child.rlimits = dict(self.rlimits)
        child.argv, child.env, child.comm, child.exe = list(self.argv), dict(self.env), name or self.comm, self.exe
        child.cwd, child.removed, child.root = self.cwd, self.removed, self.root
        child.umask, child.scheduling, child.personality = self.umask, self.scheduling, self.personality
        child.privileges = self.privileges
        child.uid, child.gid, child.groups = self.uid, self.gid, self.groups
        child.tty = self.tty
        child.dispositions = {number: what for number, what in self.dispositions.items() if what is Disposition.IGNORE}
        child._debt_ns = FORK_COST_NS
        child.start(entry)
        return child

    def _check_nproc(self) -> None:
        """`ulimit -u` bounds the processes of a user, but not of root."""
        limit = self.rlimits["nproc"][0]
        if self.uid != 0 and limit < RLIM_INFINITY:
            mine = sum(1 for each in self.machine.cgroup.processes.values() if each.uid == self.uid)
            if mine >= limit:
                raise unix_error(errno.EAGAIN)

    def start(self, entry: Program) -> None:
        """Lets the process run, once it is set up."""
        self.task = self.kernel.spawn(self._run(entry), name=f"{self.container.name}/{self.pid}")
        self.task.add_done_callback(self._finish)

    async def exec(self, path: str, argv: list[str], env: dict[str, str] | None = None) -> NoReturn:
        """Becomes another program.

        Returns only by raising OSError: ENOENT, EACCES, ENOEXEC (a text without `#!`: a shell runs it itself).
        """
        program = self.load(path, argv)
        if env is not None:
            self.env = env
        for fd in sorted(self.cloexec):
            self.close(fd)
        self.dispositions = {number: what for number, what in self.dispositions.items() if what is Disposition.IGNORE}
        await self.cpu(EXEC_COST_NS)
        raise _Replace(program)

    def load(self, path: str, argv: list[str], depth: int = 0) -> Program:
        """Finds the program that a file is and makes it this process' own (`argv`, `comm`, `exe`). Raises as `exec`."""
        place = self.mounts.resolve(self, path)
        inode = place.inode
        if inode is None:
            raise unix_error(errno.ENOENT, path)
        if isinstance(inode, Directory) or not isinstance(inode, File):
            raise unix_error(errno.EACCES, path)
        self.check_access(inode, X_OK, path)
        head = inode.read(0, 256)
        if head.startswith(b"#!"):
            if depth == MAX_INTERPRETERS:
                raise unix_error(errno.ELOOP, path)
            line = head[2:].split(b"\n", 1)[0].decode(errors="surrogateescape").strip(" \t")
            if not line:
                raise unix_error(errno.ENOEXEC, path)
            interpreter, _, argument = line.partition(" ")
            words = [interpreter, argument.strip(" \t"), path] if argument.strip(" \t") else [interpreter, path]
            program = self.load(interpreter, words + argv[1:], depth + 1)
            self.comm = path.rpartition("/")[2][:15]
            return program
        program = self.machine.program(head, path)
        self.argv = list(argv)
        self.exe = place.path
        self.comm = path.rpartition("/")[2][:15]
        return program

    async def _run(self, entry: Program) -> int:
        await self.settle()  # being forked takes its time, so that even a fork bomb takes some
        while True:
            try:
                return await entry(self)
            except _Replace as replaced:
                entry = replaced.program
            except Exit as left:
                return left.code
            except RecursionError:
                self.term_signal = SIGSEGV
                return 0

    def exit(self, code: int) -> NoReturn:
        """Ends the process, from any depth of its code."""
        raise Exit(code & 255)

    def thread(self, coroutine: Any, name: str = "") -> Task:
        """Another thread of the process: it ends with the process. An OSError in it must be handled in it."""
        task = self.kernel.spawn(coroutine, name=f"{self.container.name}/{self.pid}/{name}")
        self.threads = [thread for thread in self.threads if not thread.done]
        self.threads.append(task)
        return task

    def name_threads(self, *names: str) -> None:
        """Shows threads in /proc, as the real program has them; what they do is done by its coroutines (`thread`)."""
        for name in names:
            self.thread_names[self.pid_namespace.add_thread(self)] = name[:15]

    def _finish(self, task: Task) -> None:
        try:
            self.exit_code = int(task.result() or 0) & 255
        except Killed as killed:
            self.term_signal = killed.signal
        except Cancelled:
            self.term_signal = SIGKILL
        except MemoryError:
            self.term_signal = SIGKILL
            self.cgroup.oom_killed = True
        except Exception as error:  # a fault of the program's code here is the process' crash, not the mock's
            self.term_signal = SIGSEGV
            self.machine.report_crash(self, error)
        for thread in self.threads:
            thread.cancel()
        self.pid_namespace.remove_threads(self.thread_names)
        self.thread_names = {}
        self.ended = True  # before its files are closed: no signal that this brings about reaches it
        for fd in list(self.fds):
            self.close(fd)
        self.cpu_ns += self._debt_ns
        self.cgroup.processor_time(self._debt_ns, self.kernel.now_ns)  # others wait for what it has not waited for itself
        self.cgroup.remove_process(self, self._memory)
        self.machine.trace("exit", self, code=self.exit_code, signal=self.term_signal)
        self._bequeath()
        if self.on_end is not None:
            self.on_end(self)
        if self.tty is not None and self.pid == self.sid:
            self.tty.hang_up(self)
        if self.pid_namespace.init is self:
            self.pid_namespace.end()
        self._become_zombie_after(DEATH_NS if self.term_signal else 0)

    def _become_zombie_after(self, delay_ns: int) -> None:
        if delay_ns:
            self.kernel.call_at(self.kernel.now_ns + delay_ns, self._become_zombie)
        else:
            self._become_zombie()

    def _become_zombie(self) -> None:
        """The parent may take it away from now on."""
        self.zombie = True
        self._tell_parent()

    def _bequeath(self) -> None:
        """Children go to the namespace's first process; those that are dead already are its to reap."""
        heir = self.pid_namespace.init
        for child in self.children.values():
            child.parent = heir if heir is not self else None
            if child.parent is None:
                if child.zombie:
                    child.pid_namespace.remove(child)
            else:
                child.parent.children[child.pid] = child
                if child.zombie:
                    child._tell_parent()
        self.children = {}

    def _tell_parent(self) -> None:
        parent = self.parent
        if parent is None or parent.ended:
            self.pid_namespace.remove(self)
            return
        if self.ended and parent.dispositions.get(SIGCHLD) is Disposition.IGNORE:
            self._reap(parent)
        if parent._children_queue is not None:
            parent._children_queue.wake_all()
        parent.deliver(SIGCHLD)

    def _reap(self, parent: "Process") -> None:
        parent.children.pop(self.pid, None)
        used = self._usage()
        parent.children_cpu_ns += used.cpu_ns
        parent.children_peak = max(parent.children_peak, used.peak_bytes)
        parent.children_switches += used.switches
        self.pid_namespace.remove(self)

    def _usage(self) -> Usage:
        peak = max(self.memory_peak, self.children_peak)
        return Usage(self.cpu_ns + self.children_cpu_ns, peak, self.switches + self.children_switches)

    async def waitpid(self, pid: int = -1, nohang: bool = False, untraced: bool = False) -> WaitResult | None:
        """Waits for a child (-1: any; below -1: of that process group) to end, or with `untraced` to stop; takes it away.

        Returns:
            How it ended, or None with `nohang` when none has yet. Raises OSError ECHILD when there is no such child.
        """
        if self._children_queue is None:
            self._children_queue = WaitQueue(self.kernel)
        while True:
            mine = [c for c in self.children.values() if pid in (-1, c.pid) or (pid < -1 and c.pgid == -pid)]
            if not mine:
                raise unix_error(errno.ECHILD)
            for child in mine:
                if child.zombie:
                    child._reap(self)
                    return WaitResult(child.pid, child.exit_code, child.term_signal, usage=child._usage())
                if untraced and child.stopped_by:
                    result = WaitResult(child.pid, 0, child.stopped_by, stopped=True)
                    child.stopped_by = 0
                    return result
            if nohang:
                return None
            await self.block(self._children_queue)

    # --- groups and signals ---

    def kill(self, pid: int, number: int) -> None:
        """Sends a signal: to a process, to a group (pid < -1), to one's own group (0), or to all but oneself and the first (-1).

        Number 0 only asks.

        Raises:
            OSError: ESRCH when there is none, EPERM when it may not.
        """
        targets = self.pid_namespace.select(self, pid)
        if not targets:
            raise unix_error(errno.ESRCH)
        allowed = [t for t in targets if self.uid in (0, t.uid)]
        if not allowed:
            raise unix_error(errno.EPERM)
        if number:
            for target in sorted(allowed, key=lambda t: t is self):
                target.deliver(number)

    def setpgid(self, pid: int, pgid: int) -> None:
        """Puts a process (0: itself) into a group (0: its own)."""
        target = self if pid in (0, self.pid) else self.children.get(pid)
        if target is None:
            raise unix_error(errno.ESRCH)
        target.pgid = pgid or target.pid

    def setsid(self) -> None:
        """Starts a session of its own, without a terminal. Raises EPERM for the leader of a group."""
        if self.pgid == self.pid:
            raise unix_error(errno.EPERM)
        self.sid = self.pgid = self.pid
        self.tty = None
