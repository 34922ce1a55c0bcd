"""Jobs: the children of a shell, grouped as they were started, and what is said of them."""

from dataclasses import dataclass, field
from typing import Final

from podlab.mock.machine.process import WaitResult
from podlab.mock.machine.signals import NUMBERS

_WORDS: Final = {
    "HUP": "Hangup",
    "INT": "Interrupt",
    "QUIT": "Quit",
    "ILL": "Illegal instruction",
    "TRAP": "Trace/breakpoint trap",
    "ABRT": "Aborted",
    "BUS": "Bus error",
    "FPE": "Floating point exception",
    "KILL": "Killed",
    "USR1": "User defined signal 1",
    "SEGV": "Segmentation fault",
    "USR2": "User defined signal 2",
    "PIPE": "Broken pipe",
    "ALRM": "Alarm clock",
    "TERM": "Terminated",
    "STKFLT": "Stack fault",
    "CHLD": "Child exited",
    "CONT": "Continued",
    "STOP": "Stopped (signal)",
    "TSTP": "Stopped",
    "TTIN": "Stopped (tty input)",
    "TTOU": "Stopped (tty output)",
    "URG": "Urgent I/O condition",
    "XCPU": "CPU time limit exceeded",
    "XFSZ": "File size limit exceeded",
    "VTALRM": "Virtual timer expired",
    "PROF": "Profiling timer expired",
    "WINCH": "Window changed",
    "IO": "I/O possible",
    "PWR": "Power failure",
    "SYS": "Bad system call",
}
SIGNAL_WORDS: Final = {NUMBERS[name]: words for name, words in _WORDS.items()}
_QUIET: Final = (NUMBERS["INT"], NUMBERS["PIPE"])


@dataclass(slots=True)
class Member:
    """A process of a job: its pid, the command as text, and how it ended or stopped (None while it runs)."""

    pid: int
    text: str
    result: WaitResult | None = None

    @property
    def running(self) -> bool:
        """Whether it neither ended nor stopped."""
        return self.result is None

    @property
    def stopped(self) -> bool:
        """Whether it is stopped."""
        return self.result is not None and self.result.stopped

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self.result is not None and not self.result.stopped


@dataclass(slots=True, eq=False)
class Job:
    """A pipeline or a command of its own process.

    Attributes:
        number: As in `%1`.
        own_group: It was started under job control, in a process group of its own.
        waited: `wait` has told its status.
        changed: Its state changed since it was last shown.
        remembered: `jobs` lists it (a command in the foreground is forgotten when it ends).
    """

    number: int
    own_group: bool
    members: list[Member] = field(default_factory=list)
    waited: bool = False
    changed: bool = False
    was: str = "running"

    @property
    def state(self) -> str:
        """`running`, `stopped` (none runs, some are stopped) or `done`."""
        stopped = False
        for member in self.members:
            if member.result is None:
                return "running"
            stopped = stopped or member.result.stopped
        return "stopped" if stopped else "done"

    def status(self, pipefail: bool) -> int:
        """The exit status of a job that does not run: the last member's, or with `pipefail` the last that is not 0."""
        for member in reversed(self.members):
            status = member.result.status if member.result is not None else 0
            if status or not pipefail:
                return status
        return 0

    def text(self) -> str:
        """The command."""
        return " | ".join(member.text for member in self.members)


class JobTable:
    """The jobs of a shell; the most recent first."""

    __slots__ = ("order",)

    def __init__(self) -> None:
        self.order: list[Job] = []

    def new(self, own_group: bool) -> Job:
        """Adds a job with the lowest free number; jobs that `wait` told of are forgotten first, unless under job control."""
        if not own_group and self.order:
            waited = next((job for job in sorted(self.order, key=lambda j: j.number) if job.waited and job.state == "done"), None)
            if waited is not None:
                self.order.remove(waited)
        used = {job.number for job in self.order}
        job = Job(next(number for number in range(1, len(used) + 2) if number not in used), own_group)
        self.order.insert(0, job)
        return job

    def forget(self, job: Job) -> None:
        """Removes a job."""
        if job in self.order:
            self.order.remove(job)

    def to_background(self, job: Job) -> None:
        """Puts a job behind those that are stopped: it is the current one only when none is."""
        self.order.remove(job)
        index = next((i for i, other in enumerate(self.order) if other.state != "stopped"), len(self.order))
        self.order.insert(index, job)

    def record(self, result: WaitResult) -> tuple[Job, Member] | None:
        """Notes how a child ended or stopped. Returns whose it was, None for a child that belongs to no job."""
        for job in self.order:
            if job.was == "done":
                continue
            for member in job.members:
                if member.pid == result.pid and not member.done:
                    member.result = result
                    self._update(job)
                    return job, member
        return None

    def _update(self, job: Job) -> None:
        state = job.state
        if state == "running":
            return
        job.changed = True
        if state != job.was:
            job.was = state
            if state == "stopped":
                self.order.remove(job)
                self.order.insert(0, job)

    def find(self, name: str | None) -> Job | str:
        """The job that `%name` means (None: the current one), or the error message."""
        if name in (None, "%", "%+", "%%"):
            return self.order[0] if self.order else "No current job"
        assert name is not None
        if not name.startswith("%"):
            return f"{name}: no such job"
        if name == "%-":
            return self.order[1] if len(self.order) > 1 else "No previous job"
        wanted = name[1:]
        if wanted.isdigit():
            return next((job for job in self.order if job.number == int(wanted)), f"{name}: no such job")
        if wanted.startswith("?"):
            found = [job for job in self.order if job.members and wanted[1:] in job.members[0].text]
        else:
            found = [job for job in self.order if job.members and job.members[0].text.startswith(wanted)]
        if len(found) == 1:
            return found[0]
        return f"{name}: ambiguous" if found else f"{name}: no such job"


def death_notice(result: WaitResult) -> str:
    """What the shell says when a child in the foreground dies of a signal; "" for an ordinary end."""
    if not result.signal or result.stopped or result.signal in _QUIET:
        return ""
    return describe(result)


def describe(result: WaitResult) -> str:
    """How a process ended or stopped, in words."""
    if result.signal:
        return SIGNAL_WORDS.get(result.signal, f"Unknown signal {result.signal}")
    return f"Done({result.code})" if result.code else "Done"


def job_line(job: Job, table: JobTable, with_pids: bool) -> str:
    """A job as `jobs` shows it."""
    order = table.order
    mark = "+" if order and job is order[0] else "-" if len(order) > 1 and job is order[1] else " "
    head = f"[{job.number}]{mark}  "
    indent = len(head)
    if with_pids:
        head += f"{job.members[0].pid} "
    if job.state == "running":
        head += "Running"
    else:
        results = [member.result for member in job.members if member.result is not None]
        stopped = [result for result in results if result.stopped]
        head += describe(stopped[-1] if stopped else results[-1])
    lines = f"{head}{' ' * max(33 - len(head), 1)}{job.members[0].text}"
    for member in job.members[1:]:
        if with_pids:
            pid = f"{' ' * indent}{member.pid} "
            lines += f"\n{pid}{' ' * max(33 - len(pid), 1)}| {member.text}"
        else:
            lines += f" | {member.text}"
    return lines + "\n"
