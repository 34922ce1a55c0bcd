"""What sendmail and popmaildir have in common: commands and answers on standard streams, a helper that makes them, patience."""

from contextlib import suppress
from typing import NoReturn

from podlab.mock.kernel import SECOND, Timer
from podlab.mock.machine.process import Exit, Process
from podlab.mock.machine.signals import SIGALRM, SIGCHLD, SIGTERM, Disposition
from podlab.mock.programs.applet import Call
from podlab.mock.programs.process.running import execute
from podlab.mock.programs.streams import Reader, to_bytes, to_text


class Conversation:
    """Talks to a server: reads standard input, writes to standard output.

    Args:
        call: The run.
        patience: Seconds to wait for an answer; 0 for no bound.
        verbose: Whether all that is said is shown.
    """

    def __init__(self, call: Call, patience: int, verbose: bool) -> None:
        self.call = call
        self.proc = call.proc
        self.patience = patience
        self.verbose = verbose
        self.reader = Reader(call.proc, 0)
        self._helper = 0
        self._child_changed = self._late = False
        self._alarm: Timer | None = None

    # --- the helper ---

    async def launch(self, words: list[str]) -> None:
        """Starts a program in the server's place: it gets what is sent, and its output is what is received."""
        proc = self.proc
        ours = proc.pipe()
        theirs = proc.pipe()
        proc.signal(SIGCHLD, self._on_signal)
        proc.signal(SIGALRM, self._on_signal)

        async def body(child: Process) -> int:
            for fd in (ours[0], theirs[1]):
                child.close(fd)
            child.dup2(theirs[0], 0)
            child.dup2(ours[1], 1)
            for fd in (theirs[0], ours[1]):
                child.close(fd)
            return await execute(Call(self.call.applet, child), words)

        await self.call.out.flush()
        self._helper = proc.fork(body).pid
        for fd in (ours[1], theirs[0]):
            proc.close(fd)
        proc.dup2(ours[0], 0)
        proc.dup2(theirs[1], 1)
        for fd in (ours[0], theirs[1]):
            proc.close(fd)

    def close(self) -> None:
        """Ends the helper, as the end of its parent does in the real program."""
        if self._helper:
            with suppress(OSError):
                self.proc.kill(self._helper, SIGTERM)

    def _on_signal(self, number: int) -> None:
        if number == SIGALRM:
            self._late = True
        else:
            self._child_changed = True

    async def check(self) -> None:
        """Deals with the signals that came. Dies when the time is up, or the helper failed."""
        if self._late:
            self.call.die("timed out")
        if self._child_changed and self._helper:
            self._child_changed = False
            with suppress(OSError):
                ended = await self.proc.waitpid(self._helper, nohang=True)
                if ended is not None:
                    self._helper = 0
                    if ended.signal:
                        self.call.die(f"helper killed by signal {ended.signal}")
                    if ended.code:
                        self.call.die(f"helper exited ({ended.code})")

    def set_alarm(self) -> None:
        """Gives the server its time."""
        if self.patience:
            self.stop_alarm()
            kernel = self.proc.kernel
            self._alarm = kernel.call_at(kernel.now_ns + self.patience * SECOND, self.proc.deliver, SIGALRM)

    def stop_alarm(self) -> None:
        """The server has answered."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    # --- talking ---

    async def send(self, text: str) -> None:
        """Sends a line."""
        if self.verbose:
            await self.call.error(f"{self.call.name}: send:'{text}'\n")
        await self.call.out.write(to_bytes(text) + b"\r\n")

    async def command(self, text: str | None) -> None:
        """Sends a line, unless there is none, and all that is yet unsent; the server's time begins."""
        self.set_alarm()
        if text is not None:
            await self.send(text)
        while True:
            await self.check()
            try:
                await self.call.out.flush()
            except InterruptedError:
                continue
            return

    async def line(self, end: bytes = b"\n") -> bytes:
        """The next line with its end; empty when there is none."""
        while True:
            await self.check()
            try:
                return await self.reader.line(end)
            except InterruptedError:
                continue


async def credentials(call: Call, fd: int) -> tuple[str, str]:
    """A name and a password: the next two lines of a descriptor. Dies without a name."""
    user, password = await _line(call.proc, fd), await _line(call.proc, fd)
    if not user or password is None:
        call.die("no username or password")
    return user, password


async def _line(proc: Process, fd: int) -> str | None:
    """A line without its end, read a byte at a time: what follows is somebody else's. None when there is none."""
    line = b""
    with suppress(OSError):
        while byte := await proc.read(fd, 1):
            if byte == b"\n":
                return to_text(line)
            line += byte
    return to_text(line) if line else None


def crash(call: Call, number: int) -> NoReturn:
    """Ends by a signal, where the real program crashes."""
    call.proc.signal(number, Disposition.DEFAULT)
    call.proc.kill(call.proc.pid, number)
    raise Exit(128 + number)
