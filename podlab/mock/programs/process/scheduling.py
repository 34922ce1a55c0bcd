"""renice, ionice, chrt, taskset: what processes may have of the processors and disks."""

import re
from collections.abc import Callable
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.machine.scheduling import (
    IO_IDLE,
    IO_LEVELS,
    POLICY_NAMES,
    REALTIME,
    SCHED_BATCH,
    SCHED_FIFO,
    SCHED_IDLE,
    SCHED_OTHER,
    SCHED_RR,
    allowed_processors,
    processor_list,
    set_affinity,
    set_io_priority,
    set_nice,
    set_policy,
)
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, INT_MIN, signed, unsigned
from podlab.mock.programs.process.running import execute
from podlab.mock.programs.process.table import processes
from podlab.mock.programs.users import read_accounts


def _process(call: Call, pid: int, failed: str) -> Process:
    """A process by its number, 0 being this one; dies of none, with `failed` before the reason."""
    if pid == 0:
        return call.proc
    found = call.proc.pid_namespace.processes.get(pid)
    if found is None:
        call.die(f"{failed}: No such process")
    return found


@applet("renice", None)
async def renice(call: Call) -> int:
    """Changes how nice processes are: by so much with -n, or to a value."""
    words = list(call.operands)
    relative = words[:1] and words[0].startswith("-n")
    if relative:
        words[:1] = [words[0][2:]] if words[0] != "-n" else []
    if not words:
        call.usage()
    value = signed(words.pop(0), INT_MIN // 2, INT_MAX // 2)
    accounts = await read_accounts(call.proc)
    code, kind = 0, "p"
    for word in words:
        if re.match("-[pgu]", word):
            kind, word = word[1], word[2:]
            if not word:
                continue
        user = accounts.user(word) if kind == "u" else None
        number = user.uid if user is not None else int(word) if word.isdigit() else None
        if number is None:
            await call.warn(f"unknown user {word}" if kind == "u" else f"invalid number '{word}'")
            code = 1
            continue
        code |= await _renice(call, [each for each in processes(call.proc) if _KEYS[kind](each) == number], value, bool(relative))
    return code


async def _renice(call: Call, chosen: list[Process], value: int, relative: bool) -> int:
    """Changes the priority of processes that were named together: relative to that of the most important one."""
    if not chosen:
        await call.warn(f"{'getpriority' if relative else 'setpriority'}: No such process")
        return 1
    if relative:
        value += min(process.scheduling.nice for process in chosen)
    failure: OSError | None = None
    for process in chosen:
        try:
            set_nice(call.proc, process, value)
        except OSError as error:
            failure = error
    if failure is not None:
        await call.warn_of("setpriority", failure)
    return int(failure is not None)


_KEYS: Final[dict[str, Callable[[Process], int]]] = {
    "p": lambda process: process.pid,
    "g": lambda process: process.pgid,
    "u": lambda process: process.uid,
}


_SHOWN: Final = 255
_IO_CLASSES: Final = ("none", "realtime", "best-effort", "idle")


@applet("ionice", "+n:c:p:t")
async def ionice(call: Call) -> int:
    """Shows how important a process' reading and writing is, or changes that, of a process or a program that it runs."""
    options = call.options
    level = unsigned(options.get("n", "0"), 0, INT_MAX)
    kind = unsigned(options.get("c", "0"), 0, INT_MAX)
    if kind >= len(_IO_CLASSES):
        call.die(f"bad class {kind}")
    pid = unsigned(options.get("p", "0"), 0, INT_MAX)
    if not options.any("nc"):
        if call.operands and "p" not in options:
            pid = unsigned(call.operands[0], 0, INT_MAX)
        shown = _process(call, pid, "ioprio_get").scheduling
        prio = "" if shown.io_class == IO_IDLE else f": prio {shown.io_level & _SHOWN}"
        await call.out.write_text(f"{_IO_CLASSES[shown.io_class]}{prio}\n")
        return 0
    try:
        set_io_priority(call.proc, _process(call, pid, "ioprio_set"), kind, IO_LEVELS - 1 if kind == IO_IDLE else level)
    except OSError as error:
        if "t" not in options:
            call.die_of("ioprio_set", error)
    if "p" in options:
        return 0
    return await execute(call, call.operands) if call.operands else 0


_POLICIES: Final = {"r": SCHED_RR, "f": SCHED_FIFO, "o": SCHED_OTHER, "b": SCHED_BATCH, "i": SCHED_IDLE}
_LEAST_REALTIME, _MOST_REALTIME = 1, 99


def _range(policy: int) -> tuple[int, int]:
    """The priorities of a policy."""
    return (_LEAST_REALTIME, _MOST_REALTIME) if policy in REALTIME else (0, 0)


@applet("chrt", "+mprfobi", operands=(0, None))
async def chrt(call: Call) -> int:
    """Shows the policy by which a process is scheduled, or changes it, of a process or a program that it runs."""
    if "m" in call.options:
        for policy, name in POLICY_NAMES.items():
            least, most = _range(policy)
            await call.out.write_text(f"{name} min/max priority\t: {least}/{most}\n")
        return 0
    words = list(call.operands)
    letters = {letter for letter, _ in call.options.given if letter in _POLICIES}
    if not words or len(letters) > 1:
        call.usage()
    policy = _POLICIES[letters.pop()] if letters else SCHED_RR
    if "p" not in call.options:
        if len(words) < 2:
            call.usage()
        unsigned(words[0], *_range(policy), base=0)
        _set_policy(call, call.proc, 0, policy)
        return await execute(call, words[1:])
    priority = words.pop(0) if len(words) > 1 else None
    pid = unsigned(words[0], 1, INT_MAX)
    target = _process(call, pid, f"can't get pid {pid}'s policy")
    await _show_policy(call, target, "current")
    if priority is not None:
        unsigned(priority, *_range(policy), base=0)
        _set_policy(call, target, pid, policy)
        await _show_policy(call, target, "new")
    return 0


async def _show_policy(call: Call, process: Process, which: str) -> None:
    name = POLICY_NAMES[process.scheduling.policy]
    await call.out.write_text(f"pid {process.pid}'s {which} scheduling policy: {name}\n")
    await call.out.write_text(f"pid {process.pid}'s {which} scheduling priority: 0\n")


def _set_policy(call: Call, target: Process, pid: int, policy: int) -> None:
    try:
        set_policy(call.proc, target, policy)
    except OSError as error:
        call.die_of(f"can't set pid {pid}'s policy", error)


@applet("taskset", "+apc", operands=(1, None))
async def taskset(call: Call) -> int:
    """Shows the processors that a process may use, or changes them, of a process or a program that it runs."""
    words = list(call.operands)
    if "p" not in call.options:
        if len(words) < 2:
            call.usage()
        _set_affinity(call, call.proc, 0, words[0])
        return await execute(call, words[1:])
    wanted = words.pop(0) if len(words) > 1 else None
    pid = unsigned(words[0], 1, INT_MAX)
    target = _process(call, pid, f"can't get pid {pid}'s affinity")
    await _show_affinity(call, target, pid, "current")
    if wanted is not None:
        _set_affinity(call, target, pid, wanted)
        await _show_affinity(call, target, pid, "new")
    return 0


async def _show_affinity(call: Call, process: Process, pid: int, which: str) -> None:
    mask = allowed_processors(process)
    shown = f"list: {processor_list(mask)}" if "c" in call.options else f"mask: {mask:x}"
    await call.out.write_text(f"pid {pid}'s {which} affinity {shown}\n")


def _set_affinity(call: Call, target: Process, pid: int, text: str) -> None:
    if "c" not in call.options:
        text = text[2:] if text[:2] in ("0x", "0X") else text
    mask = _listed(text) if "c" in call.options else _hexadecimal(text)
    if mask is None:
        call.die(f"bad affinity '{text}'")
    try:
        set_affinity(call.proc, target, mask)
    except OSError as error:
        call.die_of(f"can't set pid {pid}'s affinity", error)


def _hexadecimal(text: str) -> int | None:
    return int(text or "0", 16) if re.fullmatch("[0-9a-fA-F]*", text) else None


_RANGE: Final = re.compile("([0-9]{1,6})(?:-([0-9]{1,6})(?::([0-9]{1,6}))?)?")
_MOST_PROCESSORS: Final = 1 << 13


def _listed(text: str) -> int | None:
    """The mask that a list such as `0,2-7:2` means; None for none."""
    mask = 0
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            return None
        first, last, step = int(match[1]), int(match[2] or match[1]), int(match[3] or 1)
        if last < first or not step:
            return None
        for number in range(first, min(last + 1, _MOST_PROCESSORS), step):
            mask |= 1 << number
    return mask
