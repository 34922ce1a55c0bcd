"""renice, ionice, chrt, taskset: priorities are noted, but all processes are treated alike."""

import re
from collections.abc import Callable
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, INT_MIN, signed, unsigned
from podlab.mock.programs.process.running import execute
from podlab.mock.programs.process.table import processes
from podlab.mock.programs.process.wrappers import set_niceness
from podlab.mock.programs.users import read_accounts

_IO_CLASSES: Final = ("none", "realtime", "best-effort", "idle")


def _exists(call: Call, pid: int) -> bool:
    return pid == 0 or any(process.pid == pid for process in processes(call.proc))


@applet("renice", None)
async def renice(call: Call) -> int:
    """Changes priorities, which are shown but have no effect."""
    words = list(call.operands)
    relative = words[:1] and words[0].startswith("-n")
    if relative:
        words[:1] = [words[0][2:]] if words[0] != "-n" else []
    if len(words) < 2:
        call.usage()
    value = signed(words.pop(0), INT_MIN, INT_MAX)
    accounts = await read_accounts(call.proc)
    code, kind = 0, "p"
    for word in words:
        if re.fullmatch("-[pgu]", word):
            kind = word[1]
            continue
        user = accounts.user(word) if kind == "u" else None
        number = user.uid if user is not None else int(word) if word.isdigit() else None
        if number is None:
            await call.warn(f"unknown user {word}" if kind == "u" else f"invalid number '{word}'")
            code = 1
            continue
        chosen = [process for process in processes(call.proc) if _KEYS[kind](process) == number]
        for process in chosen:
            set_niceness(process, process.nice + value if relative else value)
        if not chosen:
            await call.warn(f"{'getpriority' if relative else 'setpriority'}: No such process")
            code = 1
    return code


_KEYS: Final[dict[str, Callable[[Process], int]]] = {
    "p": lambda process: process.pid,
    "g": lambda process: process.pgid,
    "u": lambda process: process.uid,
}


@applet("ionice", "+n:c:p:t")
async def ionice(call: Call) -> int:
    """Shows the class of a process, or runs a program; classes are not modelled."""
    level = unsigned(call.options.get("n") or "0", 0, INT_MAX)
    kind = unsigned(call.options.get("c") or "0", 0, INT_MAX)
    if kind >= len(_IO_CLASSES):
        call.die(f"bad class {kind}")
    if level > 7 and "t" not in call.options:
        call.die("ioprio_set: Invalid argument")
    pid = unsigned(call.options.get("p") or "0", 0, INT_MAX)
    if not call.options.any("nc"):
        if call.operands and "p" not in call.options:
            pid = unsigned(call.operands[0], 0, INT_MAX)
        if not _exists(call, pid):
            call.die("ioprio_get: No such process")
        await call.out.write_text(f"{_IO_CLASSES[0]}: prio 0\n")
        return 0
    if "p" in call.options:
        return 0
    if not call.operands:
        call.usage()
    return await execute(call, call.operands)


@applet("chrt", "+mprfobi", operands=(0, None))
async def chrt(call: Call) -> int:
    """Shows the one policy that there is; another cannot be set in a container."""
    if "m" in call.options:
        for name, least, most in (("OTHER", 0, 0), ("FIFO", 1, 99), ("RR", 1, 99), ("BATCH", 0, 0), ("IDLE", 0, 0)):
            await call.out.write_text(f"SCHED_{name} min/max priority\t: {least}/{most}\n")
        return 0
    if not call.operands:
        call.usage()
    if "p" in call.options and len(call.operands) == 1:
        pid = unsigned(call.operands[0], 0, INT_MAX)
        if not _exists(call, pid):
            call.die(f"can't get pid {pid}'s policy: No such process")
        await call.out.write_text(f"pid {pid}'s current scheduling policy: SCHED_OTHER\n")
        await call.out.write_text(f"pid {pid}'s current scheduling priority: 0\n")
        return 0
    if not call.options.any("obi"):
        call.die("sched_setscheduler: Operation not permitted")
    words = call.operands if "p" in call.options else call.operands[1:]
    return await execute(call, words) if words and "p" not in call.options else 0


@applet("taskset", "+apc", operands=(1, None))
async def taskset(call: Call) -> int:
    """Shows the processors that a process may use, all of them; or runs a program on any."""
    count = call.proc.machine.processors
    shown = f"0-{count - 1}" if count > 1 else "0"
    text = shown if "c" in call.options else f"{(1 << count) - 1:x}"
    kind = "list" if "c" in call.options else "mask"
    if "p" in call.options:
        pid = unsigned(call.operands[-1], 0, INT_MAX)
        if not _exists(call, pid):
            call.die(f"can't {'set' if len(call.operands) > 1 else 'get'} pid {pid}'s affinity: No such process")
        await call.out.write_text(f"pid {pid}'s current affinity {kind}: {text}\n")
        if len(call.operands) > 1:
            await call.out.write_text(f"pid {pid}'s new affinity {kind}: {text}\n")
        return 0
    if len(call.operands) < 2:
        call.usage()
    if not re.fullmatch("[0-9]+([-,][0-9]+)*" if "c" in call.options else "(0x)?[0-9a-fA-F]+", call.operands[0]):
        call.die(f"bad affinity '{call.operands[0]}'")
    return await execute(call, call.operands[1:])
