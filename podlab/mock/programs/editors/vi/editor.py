"""The editor: its state, what reads keys, and the primitives that change the text."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from podlab.mock.machine.signals import SIGINT, SIGSTOP, SIGTSTP, SIGTTOU, SIGWINCH, Disposition
from podlab.mock.machine.termios import ECHO, ECHONL, ICANON, ICRNL, IXON, ONLCR, VERASE, Termios
from podlab.mock.programs.applet import Call
from podlab.mock.programs.editors.vi.dot import Dot
from podlab.mock.programs.editors.vi.screen import BOLD, NORMAL, Screen
from podlab.mock.programs.editors.vi.text import NEWLINE, Text
from podlab.mock.programs.editors.vi.undo import Undo, Way
from podlab.mock.programs.keyboard import ESCAPE, Hangup, Keyboard

COMMAND, INSERT, REPLACE = range(3)  # modes
PARTIAL, WHOLE, MULTI = range(3)  # what a register holds
DEFAULT_REGISTER: Final = "D"
LINE_REGISTER: Final = "U"
MAX_INPUT: Final = 128
COST_PER_BYTE: Final = 8  # so many bytes of the text are gone over in a nanosecond


class Interrupted(Exception):
    """^C: back to the start of the text."""


class Editor(Dot):
    """One session.

    Attributes:
        mode: COMMAND, INSERT or REPLACE.
        count: The number before a command, 0 for none.
        modified: Whether the text has changed: how often.
        registers: By letter, what was yanked and how (PARTIAL, WHOLE, MULTI).
        register: The letter that the next command takes.
        marks: Places by letter; `context` are the current one and the one before.
        error: Whether the last command failed.
        options: Names of those that are on.
        do: Does what a key says.
        editing: Whether the file is still to be edited.
        files, place: What is on the command line, and which of them is edited.
    """

    def __init__(self, call: Call) -> None:
        self.call, self.proc = call, call.proc
        super().__init__(Text(), Undo(self), Screen(self))
        self.do: Callable[[str], Awaitable[None]]
        self.keyboard = Keyboard(call.proc, 0)
        self.mode = COMMAND
        self.count = 0
        self.modified = 0
        self.registers: dict[str, tuple[bytes, int]] = {}
        self.register = DEFAULT_REGISTER
        self.marks: dict[str, int] = {}
        self.context: list[int | None] = [None, None]
        self.context_kept = False
        self.error = False
        self.options: set[str] = set()
        self.editing = True
        self.files = list(call.operands)
        self.place = 0
        self.name: str | None = None
        self.other_name: str | None = None
        self.readonly = False
        self.replace_start = 0
        self.indent_column = 0
        self.new_indent = -1
        self.last_search = b""
        self.last_char: tuple[str, int] = ("", 0)
        self.last_command, self.last_count = "", 0
        self.recording = False
        self._replay = ""
        self._line_start: int | None = None
        self._modes: Termios | None = None
        self._signals: list[int] = []
        self._charged = 0

    # --- the terminal ---

    async def raw(self) -> None:
        """Gives the terminal the modes that keys need."""
        with suppress(OSError):
            self._modes = self.proc.tcgetattr(0)
            modes = self._modes.copy()
            modes.lflag &= ~(ICANON | ECHO | ECHONL)
            modes.iflag &= ~(IXON | ICRNL)
            modes.oflag &= ~ONLCR
            await self.proc.tcsetattr(0, modes)

    async def cooked(self) -> None:
        """Gives it back its own."""
        await self.screen.flush()
        if self._modes is not None:
            with suppress(OSError):
                await self.proc.tcsetattr(0, self._modes)

    def catch_signals(self) -> None:
        """From now on signals are kept until keys are read."""
        for number in (SIGWINCH, SIGTSTP, SIGINT):
            self.proc.signal(number, self._signals.append)

    async def _heed_signals(self) -> None:
        while self._signals:
            number = self._signals.pop(0)
            if number == SIGINT:
                raise Interrupted
            if number == SIGWINCH:
                self.screen.measure()
                self.screen.renew()
                await self.screen.redraw(everything=True)
            else:
                await self._stop()

    async def _stop(self) -> None:
        self.proc.signal(SIGTTOU, Disposition.IGNORE)
        self.screen.clear_bottom()
        await self.cooked()
        self.proc.kill(self.proc.pid, SIGSTOP)
        await self.proc.while_stopped()
        await self.raw()
        await self.screen.redraw(everything=True)

    async def sleep(self, seconds: float) -> None:
        """Gives the user time to see something, but not when keys wait."""
        await self.screen.flush()
        await self.keyboard.ready(int(seconds * 1e9))

    async def spend(self, work: int = 0) -> None:
        """Pays for going over the text, and for the memory that is held."""
        held = self.text.end + self.undo.size + sum(len(data) for data, _ in self.registers.values())
        self.proc.charge_memory(held - self._charged)
        self._charged = held
        await self.proc.cpu(2_000 + work + self.text.end // COST_PER_BYTE)

    # --- keys ---

    async def key(self) -> str:
        """The next key: of a command that is repeated, or from the user."""
        if not self.recording:
            if self._replay:
                char, self._replay = self._replay[0], self._replay[1:]
                return char
            return await self._read()
        key = await self._read()
        if len(self.last_command) >= MAX_INPUT - 2:
            self.recording = False
            self.last_command = ""
        else:
            self.last_command += key if len(key) == 1 else "\xff"
        return key

    @property
    def replaying(self) -> bool:
        """Whether a command is being repeated."""
        return bool(self._replay)

    async def _read(self) -> str:
        await self.screen.flush()
        while True:
            await self._heed_signals()
            try:
                return await self.keyboard.key()
            except InterruptedError:
                continue
            except Hangup:
                self.screen.clear_bottom()
                await self.cooked()
                self.call.die("can't read user input")

    async def caught_up(self) -> bool:
        """Whether no key waits, so that there is time to draw."""
        return not await self.keyboard.ready(0)

    def forget_keys(self) -> None:
        """Neither repeats a command nor remembers one."""
        self._replay = ""
        self.recording = False

    def record(self, key: str) -> None:
        """Begins to remember a command that changes the text."""
        self.last_count = self.count or 1
        self.last_command = key
        self.recording = True

    def stop_recording(self) -> None:
        """The command is complete."""
        self.register = DEFAULT_REGISTER
        self.recording = False

    def repeat(self) -> None:
        """Lets the last command that changed the text be read again."""
        if self.last_command:
            if self.count:
                self.last_count = self.count
            self._replay = f"{self.last_count}{self.last_command}".partition("\0")[0]

    def is_backspace(self, key: str) -> bool:
        """Whether a key erases."""
        erase = chr(self._modes.cc[VERASE]) if self._modes is not None else "\x7f"
        return key in (erase, "\b", "\x7f")

    async def input_line(self, prompt: bytes) -> bytes:
        """Reads a line in the place of the status; empty when its prompt was erased."""
        screen = self.screen
        screen.force_status()
        screen.clear_bottom()
        screen.put(prompt)
        typed = prompt
        while len(typed) < MAX_INPUT - 1:
            key = await self.key()
            if key in ("\n", "\r", ESCAPE):
                break
            if self.is_backspace(key):
                typed = typed[:-1]
                screen.clear_bottom()
                if not typed:
                    break
                screen.put(typed)
            elif len(key) == 1 and key != "\0":
                typed += key.encode("latin-1")
                screen.put(key.encode("latin-1"))
        screen.refresh()
        return typed

    async def hit_return(self) -> None:
        """Waits until the user has read what is shown."""
        self.screen.put(BOLD + b"[Hit return to continue]" + NORMAL)
        while await self.key() not in ("\n", "\r"):
            pass
        await self.screen.redraw(everything=True)

    async def beep(self) -> None:
        """Something cannot be done."""
        self.error = True
        if "flash" not in self.options:
            self.screen.put(b"\a")
            return
        self.screen.put(BOLD)
        await self.screen.redraw(everything=True)
        await self.sleep(0.1)
        self.screen.put(NORMAL)
        await self.screen.redraw(everything=True)

    async def bound(self, place: int) -> int:
        """A place within the text; one that is not makes a beep."""
        if place >= self.text.end > 0:
            place = self.text.end - 1
            await self.beep()
        if place < 0:
            place = 0
            await self.beep()
        return place

    # --- changing the text ---

    def yank(self, start: int, stop: int, register: str, kind: int) -> None:
        """Copies what is between two places, the later one's character too, into a register."""
        if stop < start:
            start, stop = stop, start
        nul = self.text.data.find(b"\0", start, stop + 1)
        self.registers[register] = bytes(self.text.data[max(start, 0) : nul if nul >= 0 else stop + 1]), kind

    def delete_hole(self, start: int, stop: int, way: Way) -> int:
        """Deletes from `start` to `stop`, inclusive. Returns the place that is nearest."""
        text = self.text
        self.undo.deleted(start, stop - start + 1, way)
        self.modified -= 1
        if stop + 1 > text.end or start >= text.end or start < 0:
            return start
        self.modified += 1
        del text.data[start : stop + 1]
        return max(min(start, text.end - 1), 0)

    def yank_delete(self, start: int, stop: int, kind: int, way: Way | None) -> int:
        """Copies into the chosen register, and deletes unless `way` is None."""
        if start > stop:
            start, stop = stop, start
        if kind == PARTIAL and self.text.at(start) == NEWLINE:
            return start
        self.yank(start, stop, self.register, kind)
        return start if way is None else self.delete_hole(start, stop, way)

    def insert(self, place: int, data: bytes, way: Way) -> None:
        """Inserts bytes."""
        self.undo.inserted(place, len(data), way)
        self.text.data[place:place] = data

    def tell_yank(self, what: str, data: bytes, count: int) -> None:
        """Says how much was moved."""
        lines, chars = data.count(b"\n") * count, len(data) * count
        self.screen.say(f"{what} {lines} lines ({chars} chars) from [{self.register}]")

    def remember_line(self) -> None:
        """Keeps the line as it is, for U, when it is another than before."""
        start = self.text.begin_line(self.dot)
        if start != self._line_start:
            self._line_start = start
            self.yank(start, self.text.end_line(self.dot), LINE_REGISTER, PARTIAL)
