"""flock: runs a program while it holds a file's lock, or locks a descriptor of the shell."""

import errno
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_NOCTTY, O_RDONLY, O_RDWR
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.locks import flock as lock
from podlab.mock.machine.locks import unlock
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.running import execvp, wait_for

_NOT_RUN: Final = 255


@applet("flock", "+sxnu", long_options={"shared": "s", "exclusive": "x", "unlock": "u", "nonblock": "n"}, operands=(1, None))
async def flock(call: Call) -> int:
    """Locks FILE and runs a program, or locks or unlocks a descriptor."""
    options, proc, (target, *words) = call.options, call.proc, call.operands
    if words:
        if words[0] == "-c":
            words.pop(0)
            if len(words) != 1:
                call.die("-c takes only one argument")
            words = ["/bin/sh", "-c", words[0]]
        fd = await _open(call, target)
    else:
        fd = unsigned(target, 0, INT_MAX)
    if fd not in proc.fds:
        call.die(f": {strerror(errno.EBADF)}")
    if "u" in options:
        unlock(proc.file(fd))
    else:
        try:
            await lock(proc, proc.file(fd), shared=options.last_of("sx") == "s", wait="n" not in options)
        except OSError as error:
            if error.errno == errno.EWOULDBLOCK:
                return 1
            call.die(f": {strerror(error.errno or 0)}")
    return await _run(call, words) if words else 0


async def _open(call: Call, path: str) -> int:
    for flags in (O_RDONLY | O_NOCTTY | O_CREAT, O_RDWR, O_RDONLY):
        try:
            return await call.proc.open(path, flags, 0o666)
        except IsADirectoryError:
            continue
        except OSError as error:
            call.die(f"can't open '{path}': {strerror(error.errno or 0)}")
    raise AssertionError("a directory opens for reading")


async def _run(call: Call, words: list[str]) -> int:
    """Runs a program, waits, and returns its exit code."""

    async def body(child: Process) -> int:
        try:
            await execvp(child, words)
        except OSError as error:
            await Call(call.applet, child).warn_of(words[0], error)
        return _NOT_RUN

    result = await wait_for(call.proc, call.proc.fork(body))
    return result.status
