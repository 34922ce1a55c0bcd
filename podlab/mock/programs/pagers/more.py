"""more: a text by screens."""

from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.machine.termios import ECHO, ECHONL, ICANON, Termios
from podlab.mock.programs import terminal
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.pagers import plain
from podlab.mock.programs.streams import Reader

TAB: Final = 8
HELP: Final = b"(Enter:next line Space:next page Q:quit R:show the rest)"
CHAR_COST_NS: Final = 200
KEYS: Final = (b" ", b"\n", b"r", b"q")


class Quit(Exception):
    """The user has seen enough."""


@applet("more", "deflsu", write_error="write error")
async def more(call: Call) -> int:
    """Shows files screen by screen; where the output is no terminal, copies them."""
    proc = call.proc
    if not proc.isatty(1):
        return await plain.copy(call)
    try:
        tty = await proc.open("/dev/tty")
    except OSError:
        return await plain.copy(call)
    modes = proc.tcgetattr(tty)
    raw = modes.copy()
    raw.lflag &= ~(ICANON | ECHO | ECHONL)
    await proc.tcsetattr(tty, raw)
    pager = More(call, tty, modes)
    for number in terminal.FATAL_SIGNALS:
        proc.signal(number, pager.on_signal)
    try:
        for name in call.operands or ["-"]:
            reader = await call.fopen_or_warn(name)
            if reader is not None:
                await pager.show(reader)
    except Quit:
        pass
    except InterruptedError:
        return await pager.interrupted()
    await call.out.flush()
    await proc.tcsetattr(tty, modes)
    return 0


class More:
    """Shows text, and asks where the screen is full.

    Args:
        tty: The terminal whose keys count.
        modes: Its modes, which the end brings back.
    """

    def __init__(self, call: Call, tty: int, modes: Termios) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.tty = tty
        self.modes = modes
        self.key = b""
        self.width = self.height = 0
        self.column = self.row = 0
        self.full = False

    def on_signal(self, number: int) -> None:
        """What is awaited ends in InterruptedError."""

    async def interrupted(self) -> int:
        """A signal ends it."""
        await self.call.error("\n")
        await self.proc.tcsetattr(self.tty, self.modes)
        return 1

    def _measure(self) -> None:
        self.width, self.height = terminal.size(self.proc, self.tty)
        self.height -= 1

    async def show(self, reader: Reader) -> None:
        """Shows a file."""
        size = self.proc.fstat(reader.fd).size
        self._measure()
        self.full = False
        self.column = self.row = 0
        shown = 0
        while data := await reader.read():
            await self.proc.cpu(len(data) * CHAR_COST_NS)
            for byte in data:
                shown += 1
                await self._put_all(byte, shown, size)
        reader.close()
        await self.call.out.flush()

    async def _put_all(self, byte: int, shown: int, size: int) -> None:
        """A byte of the file; a tab is as many spaces as lead to the next stop."""
        if byte != 9:
            await self._put(byte, shown, size)
            return
        if self.full and self.key != b"r":
            await self._ask(shown, size)
        for _ in range(1 + ~self.column % TAB):
            await self._put(32, shown, size)

    async def _put(self, byte: int, shown: int, size: int) -> None:
        while True:
            if self.full and self.key != b"r":
                await self._ask(shown, size)
            self.column += 1
            wraps = self.column > self.width
            if byte == 10 or wraps:
                self.row += 1
                if self.row >= self.height or self.key == b"\n":
                    self.full = True
                self.column = 0
            if byte == 10 or not wraps:
                break
        await self.call.out.write(bytes((byte,)))

    async def _ask(self, shown: int, size: int) -> None:
        """Shows how far it is, and waits for a key that means something."""
        prompt = b"--More-- "
        if size:
            prompt += b"(%d%% of %d bytes)" % (shown // max(size // 100, 1), size)
        out = self.call.out
        while True:
            await out.write(prompt)
            await out.flush()
            self.key = (await self.proc.read(self.tty, 1)).lower()
            await out.write(b"\r" + b" " * len(prompt) + b"\r")
            if self.key in (b"q", b""):
                raise Quit
            if self.key in KEYS:
                break
            prompt = HELP
        self.column = self.row = 0
        self.full = False
        self._measure()
