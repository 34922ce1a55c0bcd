"""stty: shows and sets the modes of a terminal."""

import errno
from dataclasses import dataclass
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
TAKING_A_VALUE: Final = (*CHARACTERS, *NUMBERS, "rows", "cols", "columns", "line", "ispeed", "ospeed")
"""Words that another one follows."""


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
    """One run on one terminal; on none, a trial: words are read, and what they set is forgotten."""

    def __init__(self, call: Call, fd: int | None = None, device: str = "") -> None:
        self.call = call
        self.fd = -1 if fd is None else fd
        self.device = device
        self.trial = fd is None
        self.termios = Termios() if fd is None else call.proc.tcgetattr(fd)

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
            if word in FIXED and not self.trial:
                self.call.die("standard input: Invalid argument")
            if word in TAKING_A_VALUE:
                if not words:
                    self.call.die(f"{word} requires an argument")
                self._set_value(word, words.pop(0))
            elif word in ("size", "speed") and self.trial:
                continue
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
            number = unsigned(value, 1, INT_MAX)
            if self.trial:
                return
            rows, columns = proc.tcgetwinsize(self.fd)
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


@dataclass(slots=True)
class _Wish:
    """What the words of a command ask for.

    Attributes:
        shown: `a`, `g` or nothing.
        device: The terminal, or None for standard input.
        modes: The words that set something.
    """

    shown: str
    device: str | None
    modes: list[str]


def _is_mode(name: str) -> bool:
    return name in BY_NAME or name in COMBINATIONS or name in ("raw", "cooked", "sane")


async def _read_words(call: Call) -> _Wish:
    """Reads all words, and dies of one that means nothing, before anything is done."""
    words, shown, device, modes = list(call.operands), "", None, list[str]()
    while words:
        word = words.pop(0)
        if not word.startswith("-") or _is_mode(word[1:]):
            takes = word in TAKING_A_VALUE
            modes += [word, *words[: int(takes)]]
            del words[: int(takes)]
            continue
        letters, is_device, path = word[1:].partition("F")
        if letters.strip("ag"):
            call.die(f"invalid argument '{word}'")
        shown += letters
        if is_device:
            if device is not None:
                call.die("only one device may be specified")
            if not path and not words:
                call.die("-F requires an argument")
            device = path or words.pop(0)
    await Stty(call).apply(modes)
    if len(set(shown)) > 1:
        call.die("-a and -g are mutually exclusive")
    if shown and modes:
        call.die("modes may not be set when -a or -g is used")
    return _Wish(shown[:1], device, modes)


@applet("stty", None)
async def stty(call: Call) -> int:
    """Shows or sets modes."""
    wish = await _read_words(call)
    fd, name = 0, wish.device or "standard input"
    if wish.device is not None:
        try:
            fd = await call.proc.open(wish.device, O_NONBLOCK)
        except OSError as error:
            call.die(f"can't open '{wish.device}': {strerror(error.errno or 0)}")
    try:
        run = Stty(call, fd, name)
    except OSError as error:
        call.die(f"{name}: {strerror(error.errno or 0)}")
    if wish.shown == "g":
        await call.out.write_text(run.saved() + "\n")
    elif not wish.modes:
        await call.out.write_text(await run.show(everything=wish.shown == "a"))
    else:
        before = call.proc.tcgetattr(fd)
        await run.apply(wish.modes)
        if run.termios != before:
            await call.proc.tcsetattr(fd, run.termios)
    return 0
