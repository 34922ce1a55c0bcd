"""less: a text on the whole screen, by keys."""

from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGWINCH, Disposition
from podlab.mock.machine.termios import ECHO, ECHONL, ICANON, ICRNL, IXON
from podlab.mock.programs import terminal
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.keyboard import CURSOR_POSITION, Hangup, Keyboard
from podlab.mock.programs.pagers import plain
from podlab.mock.programs.pagers.lesskeys import Keys
from podlab.mock.programs.pagers.lessscreen import Screen
from podlab.mock.programs.pagers.lesstext import COUNT_FILE, COUNT_INPUT, Text

NARROWEST: Final = 20
LOWEST: Final = 3
RESIZED: Final = "\\"
"""A key that means nothing: what is read when the window has changed."""
_ENVIRONMENT: Final = "FMRS"


class Quit(Exception):
    """The user leaves."""


@applet("less", "EMmN~IFSRsX", write_error="write error")
async def less(call: Call) -> int:
    """Shows files on the screen; where the output is no terminal, copies them."""
    proc = call.proc
    if not proc.isatty(1):
        return await plain.copy(call)
    if not call.operands and proc.isatty(0):
        call.usage()
    columns, rows = terminal.size(proc, 1)
    if columns < NARROWEST or rows < LOWEST:
        return await plain.copy(call)
    pager = Less(call, await _keyboard(proc))
    for number in terminal.FATAL_SIGNALS:
        proc.signal(number, pager.on_signal)
    proc.signal(SIGWINCH, pager.on_resize)
    try:
        await pager.run()
    except (Quit, Hangup):
        await pager.leave()
    except InterruptedError:
        await pager.cook()
        proc.signal(pager.signalled, Disposition.DEFAULT)
        proc.kill(proc.pid, pager.signalled)
    return 0


async def _keyboard(proc: Process) -> Keyboard:
    """The terminal itself, apart from standard output."""
    for path in (proc.ttyname(1), "/dev/tty"):
        try:
            return Keyboard(proc, await proc.open(path))
        except OSError:
            continue
    return Keyboard(proc, 1)


class Less:
    """The pager: what is shown, and how keys get to it.

    Attributes:
        flags: The options that hold, which keys may change.
    """

    def __init__(self, call: Call, keyboard: Keyboard) -> None:
        self.call = call
        self.proc = call.proc
        self.keyboard = keyboard
        self.flags = {letter for letter, _ in call.options.given}
        self.flags |= set(_ENVIRONMENT) & set(self.proc.env.get("LESS", ""))
        self.text = Text(self.proc)
        self.screen = Screen(self.proc, self.text)
        self.screen.files = list(call.operands)
        self.screen.tildes = "~" not in self.flags
        self.follow_flags()
        self.modes = self.proc.tcgetattr(keyboard.fd)
        self.raw = self.modes.copy()
        self.raw.lflag &= ~(ICANON | ECHO | ECHONL)
        self.raw.iflag &= ~(IXON | ICRNL)
        self.signalled = 0
        self._resized = 0
        self._measured = terminal.is_measured(self.proc, keyboard.fd)
        self._set_size(*terminal.size(self.proc, keyboard.fd))

    def follow_flags(self) -> None:
        """Lets the options have their effect."""
        self.text.numbers = "N" in self.flags
        self.text.truncates = "S" in self.flags
        self.text.drops_escapes = "R" in self.flags
        self.screen.detailed = bool({"M", "m"} & self.flags)

    def on_signal(self, number: int) -> None:
        """What is awaited ends in InterruptedError."""
        self.signalled = number

    def on_resize(self, number: int) -> None:
        """The window has another size."""
        self._resized += 1

    def _set_size(self, columns: int, rows: int) -> None:
        self.text.width = max(columns, NARROWEST)
        self.text.last_shown = max(rows, LOWEST) - 2

    async def run(self) -> None:
        """Shows the first file, and does what keys say. Raises Quit, Hangup, InterruptedError."""
        keys = Keys(self)
        await self.open(self.call.operands[0] if self.call.operands else None)
        while True:
            while self._resized:
                self._resized = 0
                self._set_size(*terminal.size(self.proc, self.keyboard.fd))
                await self.text.wrap_again()
                await self.show()
            key = await self.key()
            if key == CURSOR_POSITION:
                row, column = self.keyboard.position
                self._set_size(column, row)
                await self.text.wrap_again()
                await self.show()
            else:
                await keys.press(key)

    async def leave(self) -> None:
        """Puts the terminal back."""
        await self.cook()
        self.screen.clear_line()
        await self.screen.flush()

    async def cook(self) -> None:
        """Shows all, and gives the terminal its own modes again."""
        await self.screen.flush()
        await self.proc.tcsetattr(self.keyboard.fd, self.modes)

    # --- files ---

    async def open(self, name: str | None) -> None:
        """Shows another file; None is standard input. Dies when it cannot be opened."""
        proc, text = self.proc, self.text
        text.clear()
        if name is None:
            self.screen.name = "standard input"
            text.count = COUNT_INPUT
        else:
            self.screen.name = name
            try:
                fd = await proc.open(name)
            except OSError as error:
                await self.screen.flush()
                self.call.die(f"can't open '{name}': {strerror(error.errno or 0)}")
            proc.dup2(fd, 0)
            proc.close(fd)
            text.count = COUNT_FILE
        await self.read()
        if not self._measured:
            self.screen.put(b"\x1b[999;999H\x1b[6n")
        await self.show()

    async def read(self) -> None:
        """Reads what the screen has room for."""
        while True:
            try:
                await self.text.read()
                break
            except InterruptedError:
                if self.signalled:
                    raise
        if self.text.failed:
            self.screen.say("read error")

    async def show(self) -> None:
        """Draws the text where it stands now."""
        self.screen.choose()
        await self.draw()

    async def draw(self) -> None:
        """Draws again what was shown, and leaves when the options say so."""
        await self.screen.draw()
        if self.flags & {"E", "F"} and self.text.status <= 0:
            behind = 0 if "F" in self.flags else self.text.top
            if self.text.last - behind <= self.text.last_shown:
                raise Quit
        await self.screen.status()

    # --- keys ---

    async def key(self, column: int = -1) -> str:
        """The next key that is no control; `column` is where the cursor waits for it in the line below, if it does."""
        while True:
            self.screen.keeps_status = column >= 0
            key = await self._key(column)
            self.screen.keeps_status = False
            if len(key) > 1 or key >= " " or key in ("\r", "\b"):
                return key

    async def line(self, column: int) -> str:
        """A line that is typed in the line below, from `column` on."""
        typed = ""
        while True:
            self.screen.keeps_status = True
            key = await self._key(column + len(typed))
            if key == "\r":
                self.screen.keeps_status = False
                return typed.encode("latin-1").decode("utf-8", "surrogateescape")
            if key in ("\x7f", "\b"):
                if typed:
                    self.screen.put(b"\b \b")
                    typed = typed[:-1]
            elif len(key) == 1 and key >= " " and len(typed) < self.text.width - column - 1:
                self.screen.put(key.encode("latin-1"))
                typed += key

    async def _key(self, column: int) -> str:
        fd = self.keyboard.fd
        while True:
            await self.proc.tcsetattr(fd, self.raw)
            if column >= 0:
                self.screen.put(b"\x1b[%d;%dH" % (self.screen.bottom, column + 1))
            await self.screen.flush()
            more = self.text.at_end and self.text.status > 0
            try:
                if not self.keyboard.waiting and fd not in (await self.proc.poll((0, fd) if more else (fd,)))[0]:
                    await self.read()
                    await self.show()
                    continue
                key = await self.keyboard.key()
            except InterruptedError:
                if self.signalled:
                    raise
                key = RESIZED
            await self.cook()
            return key

    def quit(self) -> None:
        """Leaves."""
        raise Quit
