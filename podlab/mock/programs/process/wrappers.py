"""Programs that run another one: timeout, nohup, setsid, nice, time, chroot and the like."""

import errno
import stat as st
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY
from podlab.mock.machine.process import Process, WaitResult
from podlab.mock.machine.scheduling import set_nice
from podlab.mock.machine.signals import SIGHUP, SIGKILL, SIGTERM, Disposition
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.durations import parse_duration
from podlab.mock.programs.numbers import INT_MAX, INT_MIN, signed
from podlab.mock.programs.process.running import execute, run, spawn
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


_TIME_FORMAT: Final = "real\t%E\nuser\t%u\nsys\t%T"
_POSIX_FORMAT: Final = "real %e\nuser %U\nsys %S"


@applet("time", "+vpao:f:", operands=(1, None), refused="v")
async def time(call: Call) -> int:
    """Runs a program and prints how long it took."""
    proc = call.proc
    started = proc.kernel.now_ns
    used = proc.children_cpu_ns
    result = await run(call, call.operands)
    elapsed = proc.kernel.now_ns - started
    used = proc.children_cpu_ns - used
    template = call.options.get("f") or (_POSIX_FORMAT if "p" in call.options else _TIME_FORMAT)
    fd = 2
    if (path := call.options.get("o")) is not None:
        fd = await proc.open(path, O_WRONLY | O_CREAT | (O_APPEND if "a" in call.options else O_TRUNC))
    signalled = f"Command terminated by signal {result.signal}\n" if result.signal else ""
    failed = f"Command exited with non-zero status {result.code}\n" if result.code and not result.signal else ""
    text = signalled or failed
    text += _format_times(template, elapsed, used, result, " ".join(call.operands)) + "\n"
    await proc.write(fd, text.encode("utf-8", "surrogateescape"))
    return (result.signal and 128 + result.signal) or result.code


def _format_times(template: str, elapsed_ns: int, used_ns: int, result: WaitResult, command: str) -> str:
    seconds, hundredths = elapsed_ns // SECOND, elapsed_ns % SECOND // 10_000_000
    clock = f"{seconds // 60}m {seconds % 60}.{hundredths:02d}s"
    if seconds >= 3600:
        clock = f"{seconds // 3600}h {seconds // 60 % 60}m {seconds % 60:02d}s"
    used_seconds, used_hundredths = used_ns // SECOND, used_ns % SECOND // 10_000_000
    values = {
        "E": clock,
        "e": f"{seconds}.{hundredths:02d}",
        "u": f"{used_seconds // 60}m {used_seconds % 60}.{used_hundredths:02d}s",
        "U": f"{used_seconds}.{used_hundredths:02d}",
        "T": "0m 0.00s",
        "S": "0.00",
        "C": command,
        "x": str(result.code),
        "P": f"{used_ns * 100 // elapsed_ns}%" if elapsed_ns else "?%",
    }
    out = []
    at = 0
    while at < len(template):
        char = template[at]
        following = template[at + 1 : at + 2]
        if char == "%" and following in values and following:
            out.append(values[following])
            at += 1
        elif char == "%" and following == "%":
            out.append("%")
            at += 1
        elif char == "\\" and following in ("n", "t", "\\") and following:
            out.append({"n": "\n", "t": "\t", "\\": "\\"}[following])
            at += 1
        else:
            out.append(char)
        at += 1
    return "".join(out)


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
