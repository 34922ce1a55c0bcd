"""How a process is to be scheduled: what it asked of the processors and disks, with the kernel's rules for asking.

Containers hold no CAP_SYS_NICE, not even root's: one may become less important, never more. The values are kept and shown;
all processes compute alike.
"""

import errno
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.errors import unix_error

if TYPE_CHECKING:
    from podlab.mock.machine.process import Process

SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE = 0, 1, 2, 3, 5
POLICY_NAMES: Final = {
    SCHED_OTHER: "SCHED_OTHER",
    SCHED_FIFO: "SCHED_FIFO",
    SCHED_RR: "SCHED_RR",
    SCHED_BATCH: "SCHED_BATCH",
    SCHED_IDLE: "SCHED_IDLE",
}
REALTIME: Final = (SCHED_FIFO, SCHED_RR)
IO_NONE, IO_REALTIME, IO_BEST_EFFORT, IO_IDLE = range(4)
IO_LEVELS: Final = 8
LEAST_NICENESS, MOST_NICENESS = -20, 19


@dataclass(frozen=True, slots=True)
class Scheduling:
    """What children inherit.

    Attributes:
        nice: From -20 to 19.
        policy: A SCHED_ number.
        affinity: One bit a processor that it may run on; None for all.
        io_class, io_level: What ionice shows.
    """

    nice: int = 0
    policy: int = SCHED_OTHER
    affinity: int | None = None
    io_class: int = IO_NONE
    io_level: int = 0


def set_nice(proc: "Process", target: "Process", value: int) -> None:
    """As setpriority(2). Raises OSError: EACCES for more than there is, EPERM for another user's process."""
    _check_owner(proc, target)
    value = max(LEAST_NICENESS, min(value, MOST_NICENESS))
    if value < target.scheduling.nice:
        raise unix_error(errno.EACCES)
    target.scheduling = replace(target.scheduling, nice=value)


def set_policy(proc: "Process", target: "Process", policy: int) -> None:
    """As sched_setscheduler(2). Raises OSError EPERM for real time, and for leaving SCHED_IDLE."""
    if policy in REALTIME or (target.scheduling.policy == SCHED_IDLE != policy):
        raise unix_error(errno.EPERM)
    _check_owner(proc, target)
    target.scheduling = replace(target.scheduling, policy=policy)


def allowed_processors(target: "Process") -> int:
    """One bit a processor."""
    every = (1 << target.machine.processors) - 1
    mask = target.scheduling.affinity
    return every if mask is None else mask & every


def set_affinity(proc: "Process", target: "Process", mask: int) -> None:
    """As sched_setaffinity(2). Raises OSError EINVAL when none of the processors is there."""
    _check_owner(proc, target)
    mask &= (1 << target.machine.processors) - 1
    if not mask:
        raise unix_error(errno.EINVAL)
    target.scheduling = replace(target.scheduling, affinity=mask)


def set_io_priority(proc: "Process", target: "Process", io_class: int, level: int) -> None:
    """As ioprio_set(2). Raises OSError."""
    if io_class == IO_NONE and level % IO_LEVELS:  # what is above the level is a hint for the disk
        raise unix_error(errno.EINVAL)
    if io_class == IO_REALTIME:
        raise unix_error(errno.EPERM)
    _check_owner(proc, target)
    target.scheduling = replace(target.scheduling, io_class=io_class, io_level=level)


def processor_list(mask: int) -> str:
    """A mask as ranges: `0-2,5`."""
    numbers = [number for number in range(mask.bit_length()) if mask >> number & 1]
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][-1] == number - 1:
            ranges[-1].append(number)
        else:
            ranges.append([number])
    return ",".join(str(each[0]) if len(each) == 1 else f"{each[0]}-{each[-1]}" for each in ranges)


def _check_owner(proc: "Process", target: "Process") -> None:
    if proc.uid != target.uid:
        raise unix_error(errno.EPERM)
