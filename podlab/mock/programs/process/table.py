"""What ps, top, pgrep and their kin see of processes."""

from podlab.mock.kernel import SECOND
from podlab.mock.machine.process import Process
from podlab.mock.machine.procfs.process import state_of, threads_of


def processes(proc: Process) -> list[Process]:
    """All processes that `proc` can see, in the order of their numbers."""
    table = proc.pid_namespace.processes
    return [table[pid] for pid in sorted(table)]


def threads(proc: Process) -> list[Process]:
    """All threads that `proc` can see, each process' own in the order of their numbers."""
    return [thread for process in processes(proc) for thread in threads_of(process)]


def state_column(process: Process) -> str:
    """STAT, as ps and top show it: with N after the state of a process that is less important than others."""
    nice = process.scheduling.nice
    return f"{state_of(process)}{'N' if nice > 0 else '<' if nice else ''}".ljust(3)


def command_line(process: Process) -> str:
    """The arguments, as ps shows them: after `{name}` when that is another, or the name in brackets when there are none."""
    words = [] if process.ended else process.argv
    if not words:
        return f"[{process.comm}]"
    text = "".join(" " if char < " " else char for char in " ".join(words))
    base = words[0].rpartition("/")[2].removeprefix("-")
    return text if base.startswith(process.comm) else f"{{{process.comm}}} {text}"


def scaled(value: int, width: int, units: str = " mgtpezy") -> str:
    """A number in `width` (4 or 5) columns, scaled by 1024 when it is too long: `9999`, `9.8m`, ` 12m`."""
    if value < 10**width:
        return f"{value:{width}d}"
    tenths = value * 10
    unit = 0
    while tenths >= 10**width:
        tenths //= 1024
        unit += 1
    suffix = units[unit]
    whole, tenth = divmod(tenths, 10)
    if len(str(whole)) + 3 <= width:
        return f"{whole}.{tenth}{suffix}".rjust(width)
    return f"{whole}{suffix}".rjust(width)


def clock(seconds: int) -> str:
    """Processor or elapsed time in five columns: ` 0:07`, `12:34`, `5h06`, `2d03`."""
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes:2d}:{rest:02d}"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours:2d}h{minutes:02d}"
    days, hours = divmod(hours, 24)
    return f"{days:2d}d{hours:02d}" if days < 1000 else f"{days:4d}d"


def cpu_seconds(process: Process) -> int:
    """Processor time used, in whole seconds."""
    return process.cpu_ns // SECOND


def elapsed_seconds(process: Process) -> int:
    """How long ago it was started, in whole seconds."""
    return (process.kernel.now_ns - process.start_ns) // SECOND
