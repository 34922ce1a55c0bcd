"""A terminal's line discipline: what keys do, what is shown, and what a program reads. The rules are those of Linux' n_tty."""

from collections import deque
from collections.abc import Callable
from typing import Final

from podlab.mock.kernel import Kernel, WaitQueue
from podlab.mock.machine.signals import SIGINT, SIGQUIT, SIGTSTP
from podlab.mock.machine.termios import (
    ECHO,
    ECHOCTL,
    ECHOE,
    ECHOK,
    ECHOKE,
    ECHONL,
    ICANON,
    ICRNL,
    IEXTEN,
    IGNCR,
    INLCR,
    ISIG,
    IUTF8,
    IXANY,
    IXON,
    NOFLSH,
    OCRNL,
    ONLCR,
    OPOST,
    VEOF,
    VEOL,
    VERASE,
    VINTR,
    VKILL,
    VLNEXT,
    VMIN,
    VQUIT,
    VREPRINT,
    VSTART,
    VSTOP,
    VSUSP,
    VWERASE,
    XTABS,
    Termios,
)

TAB: Final = 8
LINE_MAX: Final = 4095
HELD_OUTPUT: Final = 65_536
"""How much output waits for a client that is not there yet (or has typed ^S) before the writer blocks."""

SIGNAL_KEYS: Final = {VINTR: SIGINT, VQUIT: SIGQUIT, VSUSP: SIGTSTP}


class LineDiscipline:
    """Between keys and a program.

    Attributes:
        termios: The modes.
        changed: Woken when more can be read or written.
        hung_up: Whether one side has gone for good.
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.termios = Termios()
        self.changed = WaitQueue(kernel)
        self.hung_up = False
        self._line = bytearray()
        self._ready: deque[bytes] = deque()
        self._ready_bytes = 0
        self._literal = False
        self._held = bytearray()
        self._paused = False
        self._tail = b""
        self._start_column = 0
        self._output: Callable[[bytes], object] | None = None

    def signal(self, number: int) -> None:
        """Sends a signal to the foreground group."""
        raise NotImplementedError

    def on_output(self, function: Callable[[bytes], object] | None) -> None:
        """Sends what the terminal shows to a function, from now on; what waited goes there at once."""
        self._output = function
        self._flush()

    def type(self, data: bytes) -> None:
        """Keys are pressed."""
        for byte in data:
            self._key(byte)
        if not self.termios.lflag & ICANON and self._line:
            self.changed.wake_all()

    # --- what is shown ---

    def show(self, data: bytes) -> None:
        """Output to the client, after OPOST."""
        oflag = self.termios.oflag
        if oflag & OPOST:
            if oflag & OCRNL:
                data = data.replace(b"\r", b"\n")
            if oflag & XTABS == XTABS and b"\t" in data:
                data = self._expand(data)
            if oflag & ONLCR:
                data = data.replace(b"\n", b"\r\n")
        if b"\n" in data:
            self._tail, self._start_column = data[data.rfind(b"\n") + 1 :], 0
        else:
            self._tail = self._tail[-256:] + data
        self._held += data
        self._flush()

    def _expand(self, data: bytes) -> bytes:
        """Makes spaces of tabs."""
        parts = data.split(b"\t")
        before = self._tail
        for number, part in enumerate(parts[:-1]):
            end = part.rfind(b"\n")
            before = before + part if end < 0 else part[end + 1 :]
            blanks = b" " * (TAB - _column(before) % TAB)
            parts[number] = part + blanks
            before = before[-256:] + blanks
        return b"".join(parts)

    def _flush(self) -> None:
        if self._output is not None and not self._paused and self._held:
            data = bytes(self._held)
            self._held.clear()
            self._output(data)
            self.changed.wake_all()

    @property
    def output_waiting(self) -> int:
        """How much was shown that nobody has taken yet."""
        return len(self._held)

    @property
    def can_take(self) -> bool:
        """Whether `take_output` gives something."""
        return bool(self._held) and not self._paused

    def take_output(self, count: int) -> bytes:
        """What was shown, for a client that reads it; nothing while the output is stopped."""
        data = b"" if self._paused else bytes(self._held[:count])
        del self._held[: len(data)]
        return data

    def drop_output(self, most: int) -> None:
        """Loses what was shown beyond so many bytes."""
        del self._held[most:]

    @property
    def blocked(self) -> bool:
        """Whether a writer must wait."""
        return len(self._held) >= HELD_OUTPUT or (self._paused and bool(self._held))

    # --- what is typed ---

    def _key(self, byte: int) -> None:
        modes = self.termios
        iflag, lflag, cc = modes.iflag, modes.lflag, modes.cc
        if self._literal:
            self._literal = False
            self._put(byte)
            return
        if iflag & IXON and self._flow_key(byte, cc):
            return
        if lflag & ISIG and byte:
            for key, number in SIGNAL_KEYS.items():
                if byte == cc[key]:
                    self._signal_key(byte, number)
                    return
        if byte == 13:
            if iflag & IGNCR:
                return
            byte = 10 if iflag & ICRNL else 13
        elif byte == 10 and iflag & INLCR:
            byte = 13
        if not lflag & ICANON or not self._edit_key(byte, lflag, cc):
            self._put(byte)

    def _flow_key(self, byte: int, cc: list[int]) -> bool:
        if byte == cc[VSTOP] and byte:
            self._paused = True
            return True
        if byte == cc[VSTART] and byte:
            self._paused = False
            self._flush()
            return True
        if self._paused and self.termios.iflag & IXANY:
            self._paused = False
            self._flush()
        return False

    def _signal_key(self, byte: int, number: int) -> None:
        if not self.termios.lflag & NOFLSH:
            self._line.clear()
            self._ready.clear()
            self._ready_bytes = 0
            self._held.clear()
        self._paused = False
        if self.termios.lflag & ECHO:
            self.show(_visible(byte, self.termios.lflag))
        self.signal(number)

    def _edit_key(self, byte: int, lflag: int, cc: list[int]) -> bool:
        """A key that means something in canonical mode. Returns whether it did."""
        extended = lflag & IEXTEN
        if byte == 0:  # _POSIX_VDISABLE: no key
            return False
        if byte == cc[VERASE]:
            self._erase(1)
        elif byte == cc[VKILL]:
            self._kill_line()
        elif byte == cc[VWERASE] and extended:
            self._erase(_word_length(self._line))
        elif byte == cc[VLNEXT] and extended:
            self._literal = True
            if lflag & ECHO and lflag & ECHOCTL:
                self.show(b"^\b")
        elif byte == cc[VREPRINT] and extended and lflag & ECHO:
            self.show(_visible(byte, lflag) + b"\n" + b"".join(_visible(each, lflag) for each in self._line))
        else:
            return self._end_key(byte, lflag, cc)
        return True

    def _end_key(self, byte: int, lflag: int, cc: list[int]) -> bool:
        if byte in (10, cc[VEOL]):
            if lflag & ECHO or (lflag & ECHONL and byte == 10):
                self.show(bytes((byte,)))
            self._line.append(byte)
        elif byte != cc[VEOF]:
            return False
        self._end_line()
        return True

    def _end_line(self) -> None:
        self._ready.append(bytes(self._line))
        self._ready_bytes += len(self._line) + 1
        self._line.clear()
        self.changed.wake_all()

    def _put(self, byte: int) -> None:
        lflag = self.termios.lflag
        if len(self._line) >= LINE_MAX:
            if lflag & ICANON:
                self.show(b"\a")
            return
        if not self._line:
            self._start_column = _column(self._tail)
        self._line.append(byte)
        if lflag & ECHO:
            self.show(_visible(byte, lflag) if byte != 10 or lflag & ICANON else b"\n")

    def _erase(self, count: int) -> None:
        lflag = self.termios.lflag
        for _ in range(count):
            if not self._line:
                return
            byte = self._line.pop()
            while self.termios.iflag & IUTF8 and byte & 0xC0 == 0x80 and self._line:
                byte = self._line.pop()
            if lflag & ECHO:
                if not lflag & ECHOE:
                    self.show(_visible(self.termios.cc[VERASE], lflag))
                elif byte == 9:
                    self.show(b"\b" * (8 - self._width_before() % 8))
                else:
                    self.show(b"\b \b" * len(_visible(byte, lflag)))

    def _width_before(self) -> int:
        """Where the cursor would be without the tab that is erased: what stands before it, back to another tab."""
        before = self._line[self._line.rfind(b"\t") + 1 :]
        start = self._start_column if len(before) == len(self._line) else 0
        return start + sum(2 if byte < 32 or byte == 127 else 1 for byte in before)

    def _kill_line(self) -> None:
        lflag = self.termios.lflag
        if lflag & ECHO and lflag & ECHOK and not (lflag & ECHOKE and lflag & ECHOE):
            self.show(_visible(self.termios.cc[VKILL], lflag) + b"\n")
            self._line.clear()
        else:
            self._erase(len(self._line))

    # --- what is read ---

    def set_modes(self, termios: Termios, flush: bool = False) -> None:
        """Sets the modes; with `flush`, what was typed and not read is lost (TCSAFLUSH)."""
        was_canonical = self.termios.lflag & ICANON
        self.termios = termios.copy()
        if flush:
            self._line.clear()
            self._ready.clear()
            self._ready_bytes = 0
        elif was_canonical and not termios.lflag & ICANON:
            self._line[:0] = b"".join(self._ready)
            self._ready.clear()
            self._ready_bytes = 0
        elif not was_canonical and termios.lflag & ICANON and self._line:
            self._end_line()
        if not termios.iflag & IXON:
            self._paused = False
            self._flush()
        self.changed.wake_all()

    @property
    def input_waiting(self) -> int:
        """How much was typed that nobody has read yet."""
        return self._ready_bytes + len(self._line)

    @property
    def readable(self) -> bool:
        """Whether a read would not block."""
        return self.hung_up or bool(self._ready) or (not self.termios.lflag & ICANON and self._enough())

    def _enough(self) -> bool:
        return len(self._line) >= max(self.termios.cc[VMIN], 1)

    def take(self, count: int) -> bytes:
        """What a read gets, once something is `readable`: a line at most in canonical mode."""
        if self._ready:
            line = self._ready.popleft()
            self._ready_bytes -= len(line[:count])
            if len(line) > count:
                self._ready.appendleft(line[count:])
            else:
                self._ready_bytes -= 1
            return line[:count]
        data = b"" if self.termios.lflag & ICANON else bytes(self._line[:count])
        del self._line[: len(data)]
        return data


def _visible(byte: int, lflag: int) -> bytes:
    """How a typed byte is echoed."""
    if lflag & ECHOCTL and (byte < 32 or byte == 127) and byte != 9:
        return b"^" + bytes((byte ^ 0x40,))
    return bytes((byte,))


def _in_word(byte: int) -> bool:
    """Whether ^W takes it for a letter: as Latin-1 has them, and the underscore."""
    return bytes((byte,)).isalnum() or byte == 95 or (byte >= 0xC0 and byte not in (0xD7, 0xF7))


def _word_length(line: bytearray) -> int:
    """How many characters of the line ^W takes away: a word, and what is no word after it."""
    at = len(line)
    while at and not _in_word(line[at - 1]):
        at -= 1
    while at and _in_word(line[at - 1]):
        at -= 1
    return len(line) - at


def _column(shown: bytes) -> int:
    """Where the cursor is after what was shown since the last newline."""
    column = 0
    for byte in shown:
        if byte == 9:
            column = column // 8 * 8 + 8
        elif byte == 8:
            column = max(column - 1, 0)
        elif byte == 13:
            column = 0
        elif byte >= 32 and byte != 127:
            column += 1
    return column
