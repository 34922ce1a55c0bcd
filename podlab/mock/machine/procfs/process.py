"""/proc/PID: what processes tell of each other."""

import errno
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, cast

from podlab.mock.machine.capabilities import BOUNDING, ambient, permitted
from podlab.mock.machine.core import RLIM_INFINITY, ProcessCore
from podlab.mock.machine.descriptors import O_ACCMODE, O_RDONLY, O_WRONLY, OpenFile
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import FileSystem, Inode
from podlab.mock.machine.procfs import net
from podlab.mock.machine.procfs.mounts import mountinfo, mounts
from podlab.mock.machine.procfs.nodes import Folder, MagicLink, Node, TextFile
from podlab.mock.machine.scheduling import allowed_processors, processor_list
from podlab.mock.machine.signals import Disposition

if TYPE_CHECKING:
    from podlab.mock.machine.node import Numbered
    from podlab.mock.machine.process import Process

TICK_NS: Final = 10_000_000
PAGE: Final = 4096
IMAGE_BYTES: Final = 4_505_600
"""The address space of a busybox process that holds nothing."""
SHARED_BYTES: Final = 1_048_576
LAST_SIGNAL: Final = 64
STACK_TOP: Final = 0x7FFE_4000_0000
STACK_BYTES: Final = 0x21000
MMAP_TOP: Final = 0x7F00_0000_0000
TEXT_BYTES: Final = 0xF8000 + 0x3000
TOUCHED_KIB: Final = 8
"""How much of its stack, its variables and what it allocates a small program touches: the rest of SHARED_BYTES."""
SHARERS: Final = 4
"""Among how many processes the program's pages count as shared."""

LIMITS: Final = (
    ("Max cpu time", "cpu", "seconds"),
    ("Max file size", "fsize", "bytes"),
    ("Max data size", "data", "bytes"),
    ("Max stack size", "stack", "bytes"),
    ("Max core file size", "core", "bytes"),
    ("Max resident set", "rss", "bytes"),
    ("Max processes", "nproc", "processes"),
    ("Max open files", "nofile", "files"),
    ("Max locked memory", "memlock", "bytes"),
    ("Max address space", "as", "bytes"),
    ("Max file locks", "locks", "locks"),
    ("Max pending signals", "sigpending", "signals"),
    ("Max msgqueue size", "msgqueue", "bytes"),
    ("Max nice priority", "nice", ""),
    ("Max realtime priority", "rtprio", ""),
    ("Max realtime timeout", "rttime", "us"),
)
DEFAULT_LIMITS: Final = {"sigpending": 63_702, "msgqueue": 819_200, "nice": 0, "rtprio": 0}
STATES: Final = {"R": "running", "S": "sleeping", "T": "stopped", "Z": "zombie"}
NAMESPACES: Final = {"cgroup": 1, "ipc": 2, "mnt": 3, "net": 4, "pid": 5, "pid_for_children": 5, "user": 0, "uts": 6}


def state_of(process: "Process") -> str:
    """R, S, T or Z, as ps shows it."""
    if process.ended:
        return "Z"
    if process.stopped:
        return "T"
    return "R" if process.kernel.current is process.task else "S"


def resident_bytes(process: "Process") -> int:
    """What a process has in memory."""
    return 0 if process.ended else process.memory_bytes + SHARED_BYTES


def virtual_bytes(process: "Process") -> int:
    """How large its address space is."""
    return 0 if process.ended else IMAGE_BYTES + process.memory_bytes


class _Entries(Mapping[str, Node]):
    """What stands in a process' directory; each node is thought of when somebody looks for it, as `ls` does for every process."""

    __slots__ = ("_path", "_process", "_task")

    def __init__(self, process: "Process", path: str, task: bool) -> None:
        self._process, self._path, self._task = process, path, task

    def __getitem__(self, name: str) -> Node:
        process, path = self._process, self._path
        if name in TEXTS:
            return lambda fs: TextFile(fs, lambda proc: TEXTS[name](process), 0o444, process.uid)
        if name in LINKS:
            return _link(process, LINKS[name])
        if name == "task" and self._task:
            return lambda fs: _threads(fs, process)
        make = _OTHERS[name]
        return lambda fs: make(fs, process, path)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted([*TEXTS, *LINKS, *_OTHERS, *(["task"] if self._task else [])]))

    def __len__(self) -> int:
        return len(TEXTS) + len(LINKS) + len(_OTHERS) + self._task


def process_directory(fs: FileSystem, process: "Process") -> Folder:
    """The directory /proc/PID."""
    return thread_directory(fs, process, process.pid)


class _Thread:
    """A thread beside the first, seen as a process: its number and name are its own, the rest is its process'."""

    def __init__(self, process: "Process", number: int) -> None:
        self._process = process
        self.pid, self.tgid = number, process.pid
        self.comm = process.thread_names[number]
        self.cpu_ns = self.children_cpu_ns = 0
        self.task = object()

    def __getattr__(self, name: str) -> object:
        return getattr(self._process, name)


def threads_of(process: "Process") -> "list[Process]":
    """The process itself, and its other threads, as if they were processes."""
    return [process, *(cast("Process", _Thread(process, number)) for number in sorted(process.thread_names))]


def thread_directory(fs: FileSystem, process: "Process", number: int, task: bool = True) -> Folder:
    """The directory of a thread: /proc/TID, which no listing shows, or (without `task`) /proc/PID/task/TID."""
    seen = process if number == process.pid else cast("Process", _Thread(process, number))
    path = f"{number}" if task else f"{process.pid}/task/{number}"
    folder = Folder(fs, path, _Entries(seen, path, task))
    folder.uid, folder.gid = process.uid, process.gid
    return folder


def _threads(fs: FileSystem, process: "Process") -> Folder:
    numbers = sorted([process.tgid, *process.thread_names])

    def maker(number: int) -> Node:
        return lambda fs: thread_directory(fs, process, number, task=False)

    return Folder(fs, f"{process.tgid}/task", {str(number): maker(number) for number in numbers})


# --- links ---


def _owned(process: "Process", proc: ProcessCore) -> None:
    if proc.uid not in (0, process.uid):
        raise unix_error(errno.EACCES)
    if process.ended:
        raise unix_error(errno.ENOENT)


def _elsewhere(process: "Process", proc: ProcessCore, path: str) -> str:
    """A directory of a process, as a canonical path for another: behind /proc/PID/root when its mounts are others."""
    return path if process.mounts is proc.mounts else f"/proc/{process.pid}/root{path.rstrip('/')}"


LINKS: "Final[dict[str, Callable[[Process], str]]]" = {
    "cwd": lambda process: process.cwd if process.removed is None else f"{process.cwd} (deleted)",
    "exe": lambda process: process.exe,
    "root": lambda process: process.root,
}


def _link(process: "Process", make: "Callable[[Process], str]") -> Node:
    def text(proc: ProcessCore) -> str:
        _owned(process, proc)
        return make(process)

    def leads(proc: ProcessCore) -> str:
        return _elsewhere(process, proc, text(proc))

    return lambda fs: MagicLink(fs, text, leads)


def _namespace_link(process: "Process", name: str) -> Node:
    kind = "pid" if name == "pid_for_children" else name
    known: dict[str, Numbered] = {
        "net": process.net,
        "pid": process.pid_namespace,
        "uts": process.uts,
        "ipc": process.container.ipc,
        "mnt": process.mounts,
    }
    what = known.get(kind)
    number = 4_026_531_840 + (process.machine.number_of(what) * 8 + NAMESPACES[name] if what is not None else NAMESPACES[name])

    def text(proc: ProcessCore) -> str:
        _owned(process, proc)
        return f"{kind}:[{number}]"

    return lambda fs: MagicLink(fs, text, lambda proc: TextFile(fs, lambda _: ""))


def _fd_directory(fs: FileSystem, process: "Process", path: str) -> Folder:
    def make(name: str, proc: ProcessCore | None) -> Inode | None:
        file = process.fds.get(int(name)) if name.isdecimal() else None
        if file is None or process.ended:
            return None
        access = file.flags & O_ACCMODE
        mode = (0 if access == O_WRONLY else 0o500) | (0 if access == O_RDONLY else 0o300)
        return MagicLink(fs, lambda _: shown_path(file), lambda _: file.inode or DescriptorInode(fs, file), mode)

    folder = Folder(
        fs, f"{path}/fd", {}, 0o500, (lambda _: [] if process.ended else [str(fd) for fd in sorted(process.fds)], make)
    )
    folder.uid = process.uid
    return folder


def shown_path(file: OpenFile) -> str:
    """What /proc/PID/fd/N says of a description."""
    gone = file.inode is not None and file.inode.nlink == 0
    return f"{file.path} (deleted)" if gone else file.path


class DescriptorInode(Inode):
    """What /proc/PID/fd/N leads to when no file system has it: opening it opens the pipe or stream once more."""

    __slots__ = ("_file",)

    def __init__(self, fs: FileSystem, file: OpenFile) -> None:
        super().__init__(fs, 0)
        self.mode = file.mode
        self.number = file.number
        self._file = file

    def open(self, proc: ProcessCore, flags: int) -> OpenFile:
        """Another description of the same. Raises ENXIO for a socket."""
        return self._file.reopen(flags)


def _fdinfo_directory(fs: FileSystem, process: "Process", path: str) -> Folder:
    def make(name: str, proc: ProcessCore | None) -> Inode | None:
        file = process.fds.get(int(name)) if name.isdecimal() else None
        if file is None:
            return None
        number = file.inode.number if file.inode is not None else file.number
        return TextFile(
            fs, lambda _: f"pos:\t{file.offset}\nflags:\t0{file.flags | 0o100000:o}\nmnt_id:\t15\nino:\t{number}\n", 0o400
        )

    return Folder(fs, f"{path}/fdinfo", {}, 0o555, (lambda _: [str(fd) for fd in sorted(process.fds)], make))


# --- texts ---


def _environ(process: "Process") -> str:
    return "" if process.ended else "".join(f"{name}={value}\0" for name, value in process.env.items())


def _cmdline(process: "Process") -> str:
    return "" if process.ended else "".join(f"{word}\0" for word in process.argv)


def _set_oom(process: "Process") -> Callable[[ProcessCore, str], None]:
    def store(proc: ProcessCore, text: str) -> None:
        try:
            value = int(text)
        except ValueError:
            raise unix_error(errno.EINVAL) from None
        if not -1000 <= value <= 1000:
            raise unix_error(errno.EINVAL)
        if value < process.oom_score_adj and proc.uid != 0:
            raise unix_error(errno.EACCES)
        process.oom_score_adj = value

    return store


def _terminal_number(process: "Process") -> int:
    name = process.tty.name if process.tty is not None else ""
    return 136 << 8 | int(name.rpartition("/")[2]) if name else 0


def _stat(process: "Process") -> str:
    ticks = [time // TICK_NS for time in (process.cpu_ns, 0, process.children_cpu_ns, 0)]
    foreground = process.tty.foreground if process.tty is not None else -1
    head = [process.pid, f"({process.comm})", state_of(process), process.ppid, process.pgid, process.sid]
    size = [virtual_bytes(process), resident_bytes(process) // PAGE, RLIM_INFINITY * 2 + 1]
    code = [0x400000, 0x4F8000, STACK_TOP, 0, 0] if not process.ended else [0] * 5
    fields = [
        *head,
        _terminal_number(process),
        foreground,
        0x400000,
        *(320, 0, 0, 0),
        *ticks,
        *(20 + process.scheduling.nice, process.scheduling.nice, 1 + len(process.thread_names), 0),
        process.start_ns // TICK_NS,
        *size,
        *code,
        0,
        0,
        *_masks(process)[:2],
        *(1, 0, 0, 17, _processor(process), 0, process.scheduling.policy, 0, 0, 0),
        *(
            [0x6F8DB0, 0x6FB0A0, 0x1B34000, STACK_TOP - 400, STACK_TOP - 380, STACK_TOP - 380, STACK_TOP - 20]
            if code[0]
            else [0] * 7
        ),
        process.exit_code << 8 | process.term_signal if process.ended else 0,
    ]
    return " ".join(map(str, fields)) + "\n"


def _processor(process: "Process") -> int:
    """The processor that it ran on last: one of those that it may run on."""
    mask = allowed_processors(process)
    allowed = [number for number in range(mask.bit_length()) if mask >> number & 1]
    return allowed[process.pid % len(allowed)]


def _masks(process: "Process") -> tuple[int, int]:
    ignored = caught = 0
    for number, what in process.dispositions.items():
        if what is Disposition.IGNORE:
            ignored |= 1 << (number - 1)
        elif what is not Disposition.DEFAULT:
            caught |= 1 << (number - 1)
    return ignored, caught


def _status(process: "Process") -> str:
    ignored, caught = _masks(process)
    state = state_of(process)
    caps, privileges = permitted(process), process.privileges
    lines = [
        ("Name", process.comm),
        ("Umask", f"{process.umask:04o}"),
        ("State", f"{state} ({STATES[state]})"),
        ("Tgid", process.tgid),
        ("Ngid", 0),
        ("Pid", process.pid),
        ("PPid", process.ppid),
        ("TracerPid", 0),
        ("Uid", "\t".join([str(process.uid)] * 4)),
        ("Gid", "\t".join([str(process.gid)] * 4)),
        ("FDSize", max(64, 1 << (max(process.fds, default=0)).bit_length())),
        ("Groups", " ".join(map(str, process.groups)) + " "),
        ("NStgid", process.tgid),
        ("NSpid", process.pid),
        ("NSpgid", process.pgid),
        ("NSsid", process.sid),
    ]
    if not process.ended:
        for name, size in (("VmPeak", virtual_bytes(process)), ("VmSize", virtual_bytes(process)), ("VmLck", 0), ("VmPin", 0)):
            lines.append((name, f"{size // 1024:8} kB"))
        for name, size in (
            ("VmHWM", 0 if process.ended else process.memory_peak + SHARED_BYTES),
            ("VmRSS", resident_bytes(process)),
            ("VmData", process.memory_bytes),
        ):
            lines.append((name, f"{size // 1024:8} kB"))
    lines += [
        ("Threads", 1 + len(process.thread_names)),
        ("SigQ", f"0/{DEFAULT_LIMITS['sigpending']}"),
        ("SigPnd", f"{0:016x}"),
        ("ShdPnd", f"{0:016x}"),
        ("SigBlk", f"{0:016x}"),
        ("SigIgn", f"{ignored:016x}"),
        ("SigCgt", f"{caught:016x}"),
        ("CapInh", f"{privileges.inheritable:016x}"),
        ("CapPrm", f"{caps:016x}"),
        ("CapEff", f"{caps:016x}"),
        ("CapBnd", f"{BOUNDING:016x}"),
        ("CapAmb", f"{ambient(process):016x}"),
        ("NoNewPrivs", int(privileges.no_new)),
        ("Seccomp", 0),
        ("Cpus_allowed", f"{allowed_processors(process):x}"),
        ("Cpus_allowed_list", processor_list(allowed_processors(process))),
        ("voluntary_ctxt_switches", process.switches),
        ("nonvoluntary_ctxt_switches", 0),
    ]
    return "".join(f"{name}:\t{value}\n" for name, value in lines)


def _limits(process: "Process") -> str:
    lines = [f"{'Limit':<26}{'Soft Limit':<21}{'Hard Limit':<21}{'Units':<10}\n"]
    for words, key, unit in LIMITS:
        default = DEFAULT_LIMITS.get(key, RLIM_INFINITY)
        soft, hard = process.rlimits.get(key, (default, default))
        lines.append(f"{words:<26}{_limit(soft):<21}{_limit(hard):<21}{unit:<10}\n")
    return "".join(lines)


def _limit(value: int) -> str:
    return "unlimited" if value >= RLIM_INFINITY else str(value)


def _regions(process: "Process") -> list[tuple[int, int, str, str]]:
    """What a process has mapped: begin, end, mode and name."""
    if process.ended:
        return []
    heap, anonymous = 0x1B34000, IMAGE_BYTES - TEXT_BYTES - STACK_BYTES
    return [
        (0x400000, 0x401000, "r--p", process.exe),
        (0x401000, 0x4F8000, "r-xp", process.exe),
        (0x6F8000, 0x6FB000, "rw-p", process.exe),
        (heap, heap + process.memory_bytes // PAGE * PAGE, "rw-p", "[heap]"),
        (MMAP_TOP - anonymous, MMAP_TOP, "rw-p", ""),
        (STACK_TOP - STACK_BYTES, STACK_TOP, "rw-p", "[stack]"),
    ]


def _region(low: int, high: int, mode: str, name: str) -> str:
    line = f"{low:08x}-{high:08x} {mode} 00000000 00:00 0 "
    return (line.ljust(73) + name if name else line) + "\n"


def _maps(process: "Process") -> str:
    return "".join(_region(*region) for region in _regions(process))


def _smaps(process: "Process") -> str:
    """Each mapping with its sizes: the program's own pages are shared by all that run it, the heap is the process' alone."""
    text = []
    for low, high, mode, name in _regions(process):
        size = (high - low) // 1024
        heap, shared = name == "[heap]", mode[1] != "w"
        resident = size if heap or shared else TOUCHED_KIB if name else 2 * TOUCHED_KIB
        sizes = {
            "Size": size,
            "KernelPageSize": 4,
            "MMUPageSize": 4,
            "Rss": resident,
            "Pss": resident // SHARERS if shared else resident,
            "Shared_Clean": resident if shared else 0,
            "Shared_Dirty": 0,
            "Private_Clean": 0,
            "Private_Dirty": 0 if shared else resident,
            "Referenced": resident,
            "Anonymous": 0 if shared else resident,
            "AnonHugePages": 0,
            "Swap": 0,
            "Locked": 0,
        }
        text.append(_region(low, high, mode, name))
        text += [f"{f'{what}:':<16}{kib:8d} kB\n" for what, kib in sizes.items()]
        text.append("THPeligible:    0\n")
    return "".join(text)


def _statm(process: "Process") -> str:
    pages = [size // PAGE for size in (virtual_bytes(process), resident_bytes(process), SHARED_BYTES, 0xF7000)]
    return " ".join(map(str, [*pages, 0, process.memory_bytes // PAGE, 0])) + "\n"


def _oom_score(process: "Process") -> str:
    return f"{max(0, 666 + process.oom_score_adj * 2 // 3)}\n"


TEXTS: "Final[dict[str, Callable[[Process], str]]]" = {
    "cgroup": lambda process: "0::/\n",
    "cmdline": _cmdline,
    "comm": lambda process: f"{process.comm}\n",
    "cpuset": lambda process: "/\n",
    "limits": _limits,
    "loginuid": lambda process: "4294967295",
    "maps": _maps,
    "mountinfo": mountinfo,
    "mounts": mounts,
    "oom_adj": lambda process: f"{process.oom_score_adj * 17 // 1000}\n",
    "oom_score": _oom_score,
    "sessionid": lambda process: "4294967295",
    "smaps": _smaps,
    "stat": _stat,
    "statm": _statm,
    "status": _status,
    "uid_map": lambda process: "         0          0 4294967295\n",
    "gid_map": lambda process: "         0          0 4294967295\n",
    "wchan": lambda process: "0",
}


def _environ_file(fs: FileSystem, process: "Process", path: str) -> Inode:
    return TextFile(fs, lambda proc: _environ(process), 0o400, process.uid)


def _oom_file(fs: FileSystem, process: "Process", path: str) -> Inode:
    return TextFile(fs, lambda proc: f"{process.oom_score_adj}\n", 0o644, process.uid, _set_oom(process))


_OTHERS: "Final[dict[str, Callable[[FileSystem, Process, str], Inode]]]" = {
    "environ": _environ_file,
    "fd": _fd_directory,
    "fdinfo": _fdinfo_directory,
    "net": lambda fs, process, path: net.directory(fs, f"{path}/net", lambda proc: process),
    "ns": lambda fs, process, path: Folder(
        fs, f"{path}/ns", {name: _namespace_link(process, name) for name in NAMESPACES}, 0o511
    ),
    "oom_score_adj": _oom_file,
}
