"""Running other programs: finding them in PATH, becoming them, waiting for them."""

import errno
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_RDWR
from podlab.mock.machine.errors import strerror, unix_error
from podlab.mock.machine.process import Process, Program, WaitResult
from podlab.mock.programs.applet import Call, Die

DEFAULT_PATH: Final = "/sbin:/usr/sbin:/bin:/usr/bin"
SHELL: Final = "/bin/sh"


async def execvp(proc: Process, words: list[str], name: str | None = None) -> None:
    """Becomes the program that `name`, or else the first word, names, looked up in PATH. Returns only by raising OSError."""
    name = words[0] if name is None else name
    if not name:
        raise unix_error(errno.ENOENT, name)
    if "/" in name:
        await _exec(proc, name, words)
    denied = False
    for folder in (proc.env.get("PATH") or DEFAULT_PATH).split(":"):
        try:
            await _exec(proc, f"{folder}/{name}" if folder else name, words)
        except OSError as error:
            if error.errno == errno.EACCES:
                denied = True
            elif error.errno not in (errno.ENOENT, errno.ENOTDIR):
                raise
    raise unix_error(errno.EACCES if denied else errno.ENOENT, name)


async def exec_shell(proc: Process, command: str) -> None:
    """Becomes a shell that runs a command, as system(3) and popen(3) start one."""
    await proc.exec(SHELL, ["sh", "-c", command])


async def _exec(proc: Process, path: str, words: list[str]) -> None:
    """As execve, and for a text without `#!` the shell, as the C library does."""
    try:
        await proc.exec(path, words)
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
    await proc.exec(SHELL, [SHELL, path, *words[1:]])


async def execute(call: Call, words: list[str]) -> int:
    """Becomes a program; when that fails, says why. Returns the exit code for that: 127 when there is none, else 126."""
    await call.finish()
    try:
        await execvp(call.proc, words)
    except OSError as error:
        await call.warn(f"can't execute '{words[0]}': {strerror(error.errno or 0)}")
        return 127 if error.errno == errno.ENOENT else 126
    raise AssertionError("exec returned")


def spawn(call: Call, words: list[str], prepare: Callable[[Process], None] | None = None) -> Process:
    """Starts a program in a child, in which `prepare` is called first; one that cannot be run ends it with 127 or 126.

    Raises:
        OSError: EAGAIN when there may be no more processes.
    """

    async def body(child: Process) -> int:
        if prepare is not None:
            prepare(child)
        inner = Call(call.applet, child)
        return await execute(inner, words)

    return call.proc.fork(body)


async def run(call: Call, words: list[str], prepare: Callable[[Process], None] | None = None) -> WaitResult:
    """Runs a program in a child and waits for it."""
    await call.finish()
    return await wait_for(call.proc, spawn(call, words, prepare))


async def wait_for(proc: Process, child: Process) -> WaitResult:
    """Waits for a child to end, whatever signals come meanwhile."""
    while True:
        try:
            result = await proc.waitpid(child.pid)
        except InterruptedError:
            continue
        assert result is not None
        return result


async def vfork(proc: Process, body: Program) -> Process:
    """Starts a child, and waits until it has become another program or has ended, as vfork(2) does.

    Raises:
        OSError: EAGAIN when there may be no more processes.
    """
    reader, writer = proc.pipe()

    async def begin(child: Process) -> int:
        child.close(reader)
        child.set_cloexec(writer)
        return await body(child)

    child = proc.fork(begin)
    proc.close(writer)
    while True:
        try:
            await proc.read(reader, 1)
        except InterruptedError:
            continue
        proc.close(reader)
        return child


async def reaped(proc: Process) -> AsyncIterator[WaitResult]:
    """Takes in the children that have ended, one after the other; waits for none."""
    while True:
        try:
            ended = await proc.waitpid(nohang=True)
        except OSError:  # ECHILD: none is left
            return
        if ended is None:
            return
        yield ended


async def rest(proc: Process, seconds: float) -> None:
    """Sleeps to the end, whatever signals come meanwhile."""
    until_ns = proc.kernel.now_ns + int(seconds * SECOND)
    while (left_ns := until_ns - proc.kernel.now_ns) > 0:
        with suppress(InterruptedError):
            await proc.sleep(left_ns / SECOND)


def daemonize(proc: Process, body: Program, folder: str | None = None) -> None:
    """Starts a child in a session of its own, with nothing to read and nowhere to write to.

    Args:
        proc: Who starts it.
        body: What the child does.
        folder: Its working directory, unless it is to stay where it is.

    What it dies of ends the child alone, without a word.
    """

    async def begin(child: Process) -> int:
        child.setsid()
        if folder is not None:
            child.chdir(folder)
        fd = await child.open("/dev/null", O_RDWR)
        for stream in (0, 1, 2):
            child.dup2(fd, stream)
        if fd > 2:
            child.close(fd)
        try:
            return await body(child)
        except Die as death:  # nobody is left to be told
            return 1 if death.code is None else death.code

    proc.fork(begin)
