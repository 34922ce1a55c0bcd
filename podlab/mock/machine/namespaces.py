"""What containers of a pod share or have apart: process numbers, host name, and the cgroup that bounds what they use."""

import errno
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.network import NetworkNamespace
from podlab.mock.machine.signals import SIGKILL

if TYPE_CHECKING:
    from podlab.mock.machine.process import Process

__all__ = ["Cgroup", "NetworkNamespace", "PidNamespace", "UtsNamespace"]

PID_MAX: Final = 4_194_304
PROCESS_BYTES: Final = 262_144
"""What a process costs its container's memory by being there."""
DEFAULT_PIDS: Final = 4096
"""How many processes a container may have; a kubelet's podPidsLimit."""


class UtsNamespace:
    """The host's name as a container sees it."""

    __slots__ = ("domain", "hostname", "number")

    def __init__(self, hostname: str, domain: str = "(none)") -> None:
        self.hostname = hostname
        self.domain = domain
        self.number = 0


class PidNamespace:
    """The numbers of processes, and of their threads beside the first (`threads`).

    Its first process is `init`: when that ends, all end; orphans become its children.
    """

    __slots__ = ("_last", "init", "number", "processes", "threads")

    def __init__(self) -> None:
        self.processes: dict[int, Process] = {}
        self.threads: dict[int, Process] = {}
        self.init: Process | None = None
        self._last = 0
        self.number = 0

    @property
    def last_pid(self) -> int:
        """The number that was given last."""
        return self._last

    def add(self, process: "Process") -> int:
        """Enters a process; the first becomes init. Returns its number."""
        number = self._next()
        self.processes[number] = process
        if self.init is None:
            self.init = process
        return number

    def add_thread(self, process: "Process") -> int:
        """A process has one thread more. Returns its number."""
        number = self._next()
        self.threads[number] = process
        return number

    def _next(self) -> int:
        self._last = self._last % PID_MAX + 1
        while self._last in self.processes or self._last in self.threads:
            self._last = self._last % PID_MAX + 1
        return self._last

    def remove_threads(self, numbers: "Iterable[int]") -> None:
        """The process of these threads has ended."""
        for number in numbers:
            self.threads.pop(number, None)

    def remove(self, process: "Process") -> None:
        """A process was reaped."""
        self.processes.pop(process.pid, None)

    def end(self) -> None:
        """Init has ended: the rest is killed."""
        for process in list(self.processes.values()):
            if not process.ended:
                process.deliver(SIGKILL, outside=True)

    def select(self, caller: "Process", pid: int) -> "list[Process]":
        """The processes that `kill(pid)` of `caller` is meant for."""
        if pid > 0:
            process = self.processes.get(pid)
            return [process] if process is not None else []
        living = [p for p in self.processes.values() if not p.ended]
        if pid == -1:
            return [p for p in living if p is not self.init and p is not caller]
        group = caller.pgid if pid == 0 else -pid
        return [p for p in living if p.pgid == group]


class Cgroup:
    """Bounds what a container uses, and counts it.

    Args:
        memory_bytes: Limit, or None.
        cpu_millicores: Share of the processor, or None for as much as it likes.
        pids: How many processes.
        parent: The node's, which bounds all together.
    """

    __slots__ = (
        "busy_until_ns", "cpu_millicores", "cpu_ns", "cpu_weight", "memory_bytes", "memory_peak", "memory_used", "oom_killed",
        "parent", "pids", "processes",
    )  # fmt: skip

    def __init__(
        self,
        memory_bytes: int | None = None,
        cpu_millicores: int | None = None,
        pids: int = DEFAULT_PIDS,
        parent: "Cgroup | None" = None,
    ) -> None:
        self.memory_bytes = memory_bytes
        self.cpu_millicores = cpu_millicores
        self.pids = pids
        self.parent = parent
        self.cpu_weight = 100
        self.memory_used = 0
        self.memory_peak = 0
        self.cpu_ns = 0
        self.busy_until_ns = 0
        self.oom_killed = False
        self.processes: dict[int, Process] = {}

    def check_fork(self) -> None:
        """Raises EAGAIN when there may be no more processes."""
        if len(self.processes) >= self.pids:
            raise unix_error(errno.EAGAIN)
        if self.parent is not None:
            self.parent.check_fork()

    def add_process(self, process: "Process") -> None:
        """A process begins."""
        group: Cgroup | None = self
        while group is not None:
            group.processes[id(process)] = process
            group = group.parent
        try:
            self.charge(PROCESS_BYTES)
        except BaseException:
            self.remove_process(process, PROCESS_BYTES)
            raise
        process._memory = process.memory_peak = PROCESS_BYTES

    def remove_process(self, process: "Process", memory: int) -> None:
        """A process has ended; its memory is free again."""
        group: Cgroup | None = self
        while group is not None:
            group.processes.pop(id(process), None)
            group = group.parent
        self.charge(-memory)

    def charge(self, delta_bytes: int) -> None:
        """Takes or gives back memory.

        Past the limit, the largest process is killed (and the first with it, by the kubelet's group kill).
        """
        group: Cgroup | None = self
        passed = False
        while group is not None:
            group.memory_used += delta_bytes
            if group.memory_used > group.memory_peak:
                group.memory_peak = group.memory_used
            if delta_bytes > 0 and group.memory_bytes is not None and group.memory_used > group.memory_bytes:
                passed = True
            group = group.parent
        if passed:  # only now, when all have counted it: the killer does not return to a process that kills itself
            self._out_of_memory(self)

    def _out_of_memory(self, charged: "Cgroup") -> None:
        """Kills every process of the container that asked for too much (memory.oom.group, which the kubelet sets)."""
        charged.oom_killed = True
        current = None
        for process in list(charged.processes.values()):
            if process.kernel.current is process.task:
                current = process
            else:
                process.deliver(SIGKILL, outside=True)
        if current is not None:
            current.deliver(SIGKILL, outside=True)

    def count_time(self, used_ns: int) -> None:
        """Counts time of a processor that nobody else has to wait for."""
        group: Cgroup | None = self
        while group is not None:
            group.cpu_ns += used_ns
            group = group.parent

    def processor_time(self, cost_ns: int, now_ns: int) -> int:
        """How long it takes from now to compute for `cost_ns`: longer when the share is small, or when others compute too."""
        self.cpu_ns += cost_ns
        time_ns = cost_ns
        if self.cpu_millicores is not None:
            self.busy_until_ns = max(self.busy_until_ns, now_ns) + cost_ns * 1000 // max(self.cpu_millicores, 1)
            time_ns = max(time_ns, self.busy_until_ns - now_ns)
        return time_ns if self.parent is None else max(time_ns, self.parent.processor_time(cost_ns, now_ns))
