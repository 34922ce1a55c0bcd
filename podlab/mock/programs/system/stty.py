"""stty: shows and sets the modes of a terminal."""

import errno
from typing import Final

from podlab.mock.machine.descriptors import O_NONBLOCK
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.termios import ICANON, ISIG, OPOST, VMIN, VTIME, Termios
from podlab.mock.programs import terminal
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.system.sttymodes import (
    BY_NAME,
    CHARACTERS,
    COMBINATIONS,
    FIELDS,
    MODES,
    NUMBERS,
    SPEED_MASK,
    SPEEDS,
    Mode,
)

CHARACTERS_SAVED: Final = 32
UNDEFINED: Final = ("undef", "^-")
XCASE: Final = 0o4
FIXED: Final = ("cs5", "cs6", "cs7", "parenb", "-cread", "evenp", "parity", "oddp")
"""What a pseudo-terminal does not do."""


class Display:
    """Words in lines that fit the terminal."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.text = ""
        self._column = 0

    def word(self, word: str) -> None:
        """Adds a word, on a new line if there is no room."""
        if self._column:
            self._column += 1
            if self._column + len(word) >= self.width:
                self.end()
            else:
                self.text += " "
        self.text += word
        self._column += len(word)

    def end(self) -> None:
        """Ends the line, if anything stands in it."""
        if self._column:
            self.text += "\n"
        self._column = 0


def _field(termios: Termios, mode: Mode) -> int:
    value: int = getattr(termios, FIELDS[mode.group])
    return value


def _is_on(termios: Termios, mode: Mode) -> bool:
    return _field(termios, mode) & mode.mask == mode.bits


def _set(termios: Termios, mode: Mode, on: bool) -> None:
    value = _field(termios, mode) & ~mode.mask | (mode.bits if on else 0)
    setattr(termios, FIELDS[mode.group], value)


def _character(value: int) -> str:
    if value == 0:
        return "<undef>"
    prefix, value = ("M-", value - 128) if value >= 128 else ("", value)
    return prefix + ("^?" if value == 127 else f"^{chr(value ^ 64)}" if value < 32 else chr(value))


def _speed(termios: Termios) -> int:
    return next((speed for speed, code in SPEEDS.items() if code == termios.cflag & SPEED_MASK), 0)


class Stty:
    """One run on one terminal."""

    def __init__(self, call: Call, fd: int, device: str) -> None:
        self.call = call
        self.fd = fd
        self.device = device
        self.termios = call.proc.tcgetattr(fd)

    # --- showing ---

    async def show(self, everything: bool) -> str:
        """What `stty` and `stty -a` print."""
        columns, rows = terminal.size(self.call.proc, self.fd)
        display = Display(columns)
        display.word(f"speed {_speed(self.termios)} baud;")
        if everything and terminal.is_measured(self.call.proc, self.fd):
            display.word(f"rows {rows}; columns {columns};")
        elif everything:
            await self.call.out.write_text(display.text)
            display.text = ""
            await self._complain_of_size()
        display.word("line = 0;")
        display.end()
        for name, index in CHARACTERS.items():
            display.word(f"{name} = {_character(self.termios.cc[index])};")
        display.word(f"min = {self.termios.cc[VMIN]}; time = {self.termios.cc[VTIME]};")
        display.end()
        for group in FIELDS:
            for mode in MODES:
                if mode.group == group and not mode.hidden:
                    self._show_mode(display, mode, everything)
            display.end()
        return display.text

    async def _complain_of_size(self) -> None:
        """The terminal does not know its size; the reason is that of the last call that failed, if one did."""
        why = "" if self.call.proc.isatty(1) else f": {strerror(errno.ENOTTY)}"
        await self.call.warn(f"{self.device}{why}")

    def _show_mode(self, display: Display, mode: Mode, everything: bool) -> None:
        on = _is_on(self.termios, mode)
        if not mode.is_flag:
            if on and (everything or (mode.group == "output" and mode.sane is not True)):
                display.word(mode.name)
        elif everything or (mode.sane is not None and on is not mode.sane):
            display.word(mode.name if on else f"-{mode.name}")

    def saved(self) -> str:
        """What `stty -g` prints."""
        modes = self.termios
        characters = [*modes.cc, *[0] * CHARACTERS_SAVED][:CHARACTERS_SAVED]
        return ":".join(f"{value:x}" for value in (modes.iflag, modes.oflag, modes.cflag, modes.lflag, *characters))

    # --- setting ---

    async def apply(self, words: list[str]) -> None:
        """Sets what the words say, in order. Dies of one that means nothing."""
        words = list(words)
        while words:
            word = words.pop(0)
            if word in FIXED:
                self.call.die("standard input: Invalid argument")
            if word in CHARACTERS or word in NUMBERS or word in ("rows", "cols", "columns", "line", "ispeed", "ospeed"):
                if not words:
                    self.call.die(f"missing argument to '{word}'")
                self._set_value(word, words.pop(0))
            elif word == "size":
                if not terminal.is_measured(self.call.proc, self.fd):
                    await self._complain_of_size()
                    continue
                columns, rows = terminal.size(self.call.proc, self.fd)
                await self.call.out.write_text(f"{rows} {columns}\n")
            elif word == "speed":
                await self.call.out.write_text(f"{_speed(self.termios)}\n")
            else:
                await self._set_mode(word)

    def _set_value(self, word: str, value: str) -> None:
        proc = self.call.proc
        if word in NUMBERS:
            self.termios.cc[NUMBERS[word]] = unsigned(value, 0, 255)
        elif word in CHARACTERS:
            self.termios.cc[CHARACTERS[word]] = self._key(value)
        elif word == "line":
            unsigned(value, 1, INT_MAX)
        elif word in ("ispeed", "ospeed"):
            self._set_speed(value)
        else:
            rows, columns = proc.tcgetwinsize(self.fd)
            number = unsigned(value, 1, INT_MAX)
            proc.tcsetwinsize(self.fd, number if word == "rows" else rows, columns if word == "rows" else number)

    def _key(self, text: str) -> int:
        if text in UNDEFINED:
            return 0
        if text == "^?":
            return 127
        if len(text) == 1:
            return ord(text) & 255
        if text.startswith("^") and len(text) > 1:
            return ord(text[1]) & 0x1F
        return unsigned(text, 0, 255)

    def _set_speed(self, text: str) -> None:
        code = SPEEDS.get(unsigned(text))
        if code is None:
            self.call.die(f"invalid argument '{text}'")
        self.termios.cflag = self.termios.cflag & ~SPEED_MASK | code

    async def _set_mode(self, word: str) -> None:
        name = word.removeprefix("-")
        minus = word.startswith("-")
        mode = BY_NAME.get(name)
        if mode is not None and (mode.is_flag or not minus):
            _set(self.termios, mode, not minus)
        elif word == "sane":
            self._make_sane()
        elif word in ("raw", "-cooked"):
            self._make_raw()
        elif word == "-raw":
            await self.apply(COMBINATIONS["cooked"][0].split())
        elif name in COMBINATIONS and COMBINATIONS[name][minus]:
            await self.apply(COMBINATIONS[name][minus].split())
        elif ":" in word:
            self._restore(word)
        elif minus:
            self.call.die(f"invalid argument '{word}'")
        else:
            self._set_speed(word)

    def _make_sane(self) -> None:
        fresh = Termios()
        for mode in MODES:
            if mode.sane is not None and not mode.hidden:
                _set(self.termios, mode, mode.sane)
        self.termios.cc = list(fresh.cc)

    def _make_raw(self) -> None:
        modes = self.termios
        modes.iflag = 0
        modes.oflag &= ~OPOST
        modes.lflag &= ~(ISIG | ICANON | XCASE)
        modes.cc[VMIN], modes.cc[VTIME] = 1, 0

    def _restore(self, text: str) -> None:
        """What `stty -g` printed is set again."""
        try:
            values = [int(word, 16) for word in text.split(":")]
        except ValueError:
            values = []
        if len(values) != 4 + CHARACTERS_SAVED:
            self.call.die(f"invalid argument '{text}'")
        modes = self.termios
        modes.iflag, modes.oflag, modes.cflag, modes.lflag = values[:4]
        modes.cc = values[4 : 4 + len(modes.cc)]


async def _open(call: Call, words: list[str]) -> tuple[int, str, str]:
    """Takes the options off the words. Returns the descriptor, its name in messages, and `a`, `g` or nothing."""
    fd, device, shown = 0, "standard input", ""
    while words and words[0] in ("-a", "-g", "-F"):
        word = words.pop(0)
        if word == "-F":
            if not words:
                call.usage()
            device = words.pop(0)
            try:
                fd = await call.proc.open(device, O_NONBLOCK)
            except OSError as error:
                call.die(f"can't open '{device}': {strerror(error.errno or 0)}")
        elif shown not in ("", word[1]):
            call.die("-a and -g are mutually exclusive")
        else:
            shown = word[1]
    if shown and words:
        call.die("modes may not be set when -a or -g is used")
    return fd, device, shown


@applet("stty", None)
async def stty(call: Call) -> int:
    """Shows or sets modes."""
    words = list(call.operands)
    fd, device, shown = await _open(call, words)
    try:
        run = Stty(call, fd, device)
    except OSError as error:
        call.die(f"{device}: {strerror(error.errno or 0)}")
    if shown == "g":
        await call.out.write_text(run.saved() + "\n")
    elif not words:
        await call.out.write_text(await run.show(everything=shown == "a"))
    else:
        before = call.proc.tcgetattr(fd)
        await run.apply(words)
        if run.termios != before:
            await call.proc.tcsetattr(fd, run.termios)
    return 0
