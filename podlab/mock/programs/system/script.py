"""script: what somebody does at a terminal, written down as it happens."""

from contextlib import suppress

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_NONBLOCK, O_RDWR, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGCHLD
from podlab.mock.machine.termios import Termios
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.process.running import vfork
from podlab.mock.programs.ptys import open_pty, raw_modes, shell_name
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.users import read_accounts

BUFFER = 1024
LAST_READS = 998
TYPESCRIPT = "typescript"
LONG_OPTIONS = {"append": "a", "command": "c", "flush": "f", "quiet": "q", "timing": "t"}


@applet("script", "ac:fqt::", long_options=LONG_OPTIONS, operands=(0, 1))
async def script(call: Call) -> int:
    """Runs a shell, or a program, on a terminal of its own, and keeps what is shown."""
    name = call.operands[0] if call.operands else TYPESCRIPT
    quiet = "q" in call.options
    if not quiet:
        await call.out.write_text(f"Script started, file is {name}\n")
    timing = call.options.get("t")
    times = await _create(call, timing, O_CREAT | O_TRUNC | O_WRONLY) if timing else 2
    command = call.options.get("c")
    shell = shell_name(call.proc, await read_accounts(call.proc))
    words = [shell, "-i"] if command is None else [shell, "-c", command]
    recorder = Recorder(call, times if "t" in call.options else None)
    await recorder.run(words, name, O_CREAT | O_WRONLY | (O_APPEND if "a" in call.options else O_TRUNC))
    if not quiet:
        await call.out.write_text(f"Script done, file is {name}\n")
    return 0


async def _create(call: Call, path: str, flags: int) -> int:
    try:
        return await call.proc.open(path, flags)
    except OSError as error:
        call.die(f"can't open '{path}': {strerror(error.errno or 0)}")


class Recorder:
    """Copies between two terminals, and into a file.

    Args:
        times: Where to write how long each piece took; None for nowhere.
    """

    def __init__(self, call: Call, times: int | None) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.times = times
        self.master = self.file = -1
        self._ended = False
        self._before = 0.0

    async def run(self, words: list[str], name: str, flags: int) -> None:
        """Runs a program and records it, until it has ended."""
        proc = self.proc
        self.master, slave = await open_pty(self.call, proc)
        modes = proc.tcgetattr(0) if proc.isatty(0) else None
        size = proc.tcgetwinsize(0) if proc.isatty(0) else None
        if modes is not None:
            await proc.tcsetattr(0, raw_modes(modes), flush=True)
        proc.signal(SIGCHLD, self._on_child)
        self._before = float(proc.kernel.wall_ns // SECOND)
        await self._start(words, slave, modes, size)
        self.file = await _create(self.call, name, flags)
        proc.file(self.master).flags |= O_NONBLOCK
        if await self._copy():
            await self._rest()
        if modes is not None:
            await proc.tcsetattr(0, modes, flush=True)

    def _on_child(self, number: int) -> None:
        self._ended = True

    async def _start(self, words: list[str], slave: str, modes: Termios | None, size: tuple[int, int] | None) -> None:
        """Starts the program with the slave as its controlling terminal, set as ours was."""
        master = self.master

        async def body(child: Process) -> int:
            child.close(master)
            with suppress(OSError):  # it was closed, or the master took its place
                child.close(0)
            await child.open(slave, O_RDWR)
            child.dup2(0, 1)
            child.dup2(0, 2)
            if modes is not None:
                await child.tcsetattr(0, modes, flush=True)
            if size is not None:
                child.tcsetwinsize(0, *size)
            child.setsid()
            child.set_controlling_terminal(0)
            try:
                await child.exec(words[0], words)
            except OSError as error:
                await Call(self.call.applet, child).warn_of(words[0], error)
            return 1

        await vfork(self.proc, body)

    async def _copy(self) -> bool:
        """Copies until the program ends, or its terminal is gone. Returns whether there may be more to read."""
        proc = self.proc
        watched: tuple[int, ...] = (self.master, 0)
        while not self._ended:
            try:
                ready, _ = await proc.poll(watched)
            except InterruptedError:
                continue
            if self.master in ready:
                data = await self._read()
                if not data:
                    return False
                await self._note(len(data))
                await self._keep(data)
            if 0 in ready:
                try:
                    data = await proc.read(0, BUFFER)
                except OSError:
                    data = b""
                if data:
                    await self._type(data)
                else:
                    watched = (self.master,)
        return True

    async def _type(self, data: bytes) -> None:
        """Passes keys on; those for which there is no room are lost."""
        try:
            await self.proc.write(self.master, data)
        except OSError:
            return

    async def _read(self) -> bytes:
        try:
            return await self.proc.read(self.master, BUFFER)
        except OSError:
            return b""

    async def _rest(self) -> None:
        """What was shown and not read yet: the first of it before the program ended."""
        for number in range(LAST_READS):
            data = await self._read()
            if not data:
                return
            if number == 0:
                await self._note(len(data))
            await self._keep(data)

    async def _keep(self, data: bytes) -> None:
        """Shows and writes down; what cannot be shown or written is lost."""
        for fd in (1, self.file):
            with suppress(OSError):
                await self.proc.write(fd, data)

    async def _note(self, count: int) -> None:
        """Writes how long ago the last piece came, and how long this one is."""
        if self.times is None:
            return
        now = self.proc.kernel.wall_ns / SECOND
        await self.proc.write(self.times, to_bytes(f"{now - self._before:.6f} {count}\n"))
        self._before = now
