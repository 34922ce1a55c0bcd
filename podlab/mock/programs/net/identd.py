"""fakeidentd: tells whoever asks that a connection is somebody's, always the same."""

import errno
import re
from contextlib import suppress
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import ANY6
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGALRM, SIGPIPE, Disposition
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.net.hosts import family_of, is_literal
from podlab.mock.programs.process.running import daemonize
from podlab.mock.programs.streams import to_bytes

PORT: Final = 113
BACKLOG: Final = 5
PATIENCE: Final = 20
"""Seconds that a peer may take, and that a server for inetd waits for the next."""
LONGEST: Final = 59
MOST_PEERS: Final = 1023
_END: Final = re.compile(rb"[\r\n]")


class Question:
    """What one peer has sent so far.

    Attributes:
        heard: When it last sent something, in whole seconds.
    """

    def __init__(self, proc: Process, who: bytes) -> None:
        self.heard = 0
        self._proc = proc
        self._who = who
        self._text = b""

    async def read(self, fd: int, answer_fd: int) -> bool:
        """Reads on, and answers once there is a line, or no more. Returns whether the peer is done with."""
        try:
            data = await self._proc.read(fd, LONGEST - len(self._text)) if len(self._text) < LONGEST else b""
        except OSError as error:
            return error.errno != errno.EAGAIN
        found = _END.search(data)
        self._text += data[: found.start()] if found else data
        if found is None and data:
            return False
        with suppress(OSError):
            await self._proc.write(answer_fd, self._text.partition(b"\0")[0] + b" : USERID : UNIX : " + self._who + b"\r\n")
        return True


@applet("fakeidentd", "fiwb:")
async def fakeidentd(call: Call) -> int:
    """Answers one question (-i), or as many as come."""
    options, proc = call.options, call.proc
    who = to_bytes(call.operands[0] if call.operands else "nobody")
    if "i" in options:
        timer = proc.kernel.call_at(proc.kernel.now_ns + PATIENCE * SECOND, proc.deliver, SIGALRM)
        question = Question(proc, who)
        while not await question.read(0, 1):
            timer.cancel()
            timer = proc.kernel.call_at(proc.kernel.now_ns + PATIENCE * SECOND, proc.deliver, SIGALRM)
        timer.cancel()
        return 0

    async def body(child: Process) -> int:
        inner = Call(call.applet, child)
        inner.options = options
        return await _serve(inner, who)

    if not options.any("fw"):
        daemonize(proc, body)
        return 0
    return await body(proc)


async def _serve(call: Call, who: bytes) -> int:
    proc = call.proc
    proc.signal(SIGPIPE, Disposition.IGNORE)
    waiting = "w" in call.options
    listener = 0 if waiting else _listen(call, call.options.get("b"))
    peers: dict[int, Question] = {}
    while True:
        patience = PATIENCE * SECOND if peers or waiting else None
        ready, _ = await proc.poll((listener, *peers), (), patience)
        if not ready and waiting and not peers:
            return 0
        now = proc.kernel.now_ns // SECOND
        for fd in [fd for fd, peer in peers.items() if now - peer.heard >= PATIENCE]:
            _drop(proc, peers, fd)
        for fd in ready:
            if fd == listener:
                await _accept(call, fd, peers, who)
            elif fd in peers:
                peers[fd].heard = now
                if await peers[fd].read(fd, fd):
                    _drop(proc, peers, fd)


def _listen(call: Call, host: str | None) -> int:
    proc = call.proc
    if host is not None and not is_literal(host):
        call.die(f"bad address '{host}'")
    ip = host or ANY6
    fd = proc.socket(family_of(ip))
    proc.setsockopt(fd, reuse=True)
    try:
        proc.bind(fd, (ip, PORT))
    except OSError as error:
        call.die(f"bind: {strerror(error.errno or 0)}")
    proc.listen(fd, BACKLOG)
    return fd


async def _accept(call: Call, listener: int, peers: dict[int, Question], who: bytes) -> None:
    proc = call.proc
    try:
        fd, _ = await proc.accept(listener)
    except OSError as error:
        call.die(f"accept: {strerror(error.errno or 0)}")
    if len(peers) >= MOST_PEERS:
        proc.close(fd)
        return
    proc.set_nonblocking(fd)
    peers[fd] = Question(proc, who)
    peers[fd].heard = proc.kernel.now_ns // SECOND


def _drop(proc: Process, peers: dict[int, Question], fd: int) -> None:
    del peers[fd]
    proc.close(fd)
