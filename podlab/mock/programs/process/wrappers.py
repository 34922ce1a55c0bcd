"""Programs that run another one: timeout, nohup, setsid, nice, time, chroot and the like."""

import errno
import stat as st
from typing import Final

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from podlab.mock.machine.process import Process
from podlab.mock.machine.scheduling import set_nice
from podlab.mock.machine.signals import SIGHUP, SIGKILL, SIGTERM, Disposition
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.durations import parse_duration
from podlab.mock.programs.numbers import INT_MAX, INT_MIN, signed
from podlab.mock.programs.process.running import execute, spawn
from podlab.mock.programs.process.signals import signal_number

DEFAULT_NICENESS: Final = 10


@applet("timeout", "+s:k:", operands=(2, None))
async def timeout(call: Call) -> int:
    """Becomes a program that is signalled when it takes too long: by a process that no longer is its child."""
    options = call.options
    number = SIGTERM
    if (name := options.get("s")) is not None:
        found = signal_number(name)
        if found is None:
            call.die(f"unknown signal '{name}'")
        number = found
    limit = parse_duration(call.operands[0])
    grace = parse_duration(options.get("k", "0"))
    target = call.proc.pid

    async def watch(watcher: Process) -> int:
        await _detach(watcher)
        if await _outlives(watcher, target, limit):
            watcher.kill(target, number)
            if grace and await _outlives(watcher, target, grace):
                watcher.kill(target, SIGKILL)
        return 0

    async def start(child: Process) -> int:
        child.fork(watch)
        return 0

    await call.proc.waitpid(call.proc.fork(start).pid)
    return await execute(call, call.operands[1:])


async def _detach(proc: Process) -> None:
    """Leaves session and streams, as a daemon does."""
    proc.setsid()
    fd = await proc.open("/dev/null", O_RDWR)
    for stream in (0, 1, 2):
        proc.dup2(fd, stream)
    proc.close(fd)


async def _outlives(proc: Process, pid: int, seconds: float) -> bool:
    """Waits so long, looking each second: whether the process is still there then."""
    while True:
        await proc.sleep(min(seconds, 1) or 1)  # a limit of 0 is looked at after a second, too
        seconds -= 1
        try:
            proc.kill(pid, 0)
        except OSError:
            return False
        if seconds <= 0:
            return True


@applet("nohup", None, operands=(1, None), error_code=127)
async def nohup(call: Call) -> int:
    """Runs a program that hang-ups do not end."""
    proc = call.proc
    if proc.isatty(0):
        fd = await proc.open("/dev/null", O_RDONLY)
        proc.dup2(fd, 0)
        proc.close(fd)
    if proc.isatty(1):
        flags = O_CREAT | O_WRONLY | O_APPEND
        name = "nohup.out"
        try:
            fd = await proc.open(name, flags, 0o600)
        except OSError:
            name = f"{proc.env.get('HOME', '')}/nohup.out"
            fd = await proc.open(name, flags, 0o600)
        proc.dup2(fd, 1)
        proc.close(fd)
        await call.warn(f"appending output to {name}")
    if proc.isatty(2):
        proc.dup2(1, 2)
    proc.signal(SIGHUP, Disposition.IGNORE)
    return await execute(call, call.operands)


@applet("setsid", "+c", operands=(1, None))
async def setsid(call: Call) -> int:
    """Runs a program in a session of its own."""
    proc = call.proc
    if proc.pgid != proc.pid:
        proc.setsid()
        return await execute(call, call.operands)
    spawn(call, call.operands, lambda child: child.setsid())
    return 0


@applet("nice", None)
async def nice(call: Call) -> int:
    """Runs a program with another priority."""
    words = call.operands
    if not words:
        await call.out.write(b"%d\n" % call.proc.scheduling.nice)
        return 0
    change = DEFAULT_NICENESS
    if words[0].startswith("-"):
        text, *words = [words[0][1:].removeprefix("n"), *words[1:]] if words[0] != "-n" else words[1:] or [""]
        if not words:
            call.usage()
        change = signed(text, INT_MIN // 2, INT_MAX // 2)
    make_nicer(call, change)
    return await execute(call, words)


def make_nicer(call: Call, change: int, proc: Process | None = None) -> None:
    """Changes the priority of a process, its own by default, by so much, or dies."""
    proc = proc or call.proc
    value = proc.scheduling.nice + change
    try:
        set_nice(proc, proc, value)
    except OSError as error:
        call.die_of(f"setpriority({value})", error)


@applet("chroot", None, operands=(1, None))
async def chroot(call: Call) -> int:
    """Runs a program below another root directory."""
    path, *words = call.operands
    enter_root(call, path)
    return await execute(call, words or [call.proc.env.get("SHELL") or "/bin/sh", "-i"])


def enter_root(call: Call, path: str) -> None:
    """Makes a directory the root of the process, or dies."""
    proc = call.proc
    try:
        place = proc.realpath(path)
        if not st.S_ISDIR(proc.stat(path).mode):
            raise NotADirectoryError(errno.ENOTDIR, "Not a directory")
    except OSError as error:
        call.die_of(f"can't change root directory to '{path}'", error)
    proc.root = place
    proc.cwd, proc.removed = place, None
