"""Keys as a full-screen program reads them from a terminal: characters, and the sequences that cursor keys send.

A sequence comes as a unit: what does not follow an escape within a moment is a key of its own.
"""

import re
from typing import Final

from podlab.mock.kernel import MILLISECOND
from podlab.mock.machine.process import Process

SEQUENCE_NS: Final = 50 * MILLISECOND
LONGEST: Final = 15
ESCAPE: Final = "\x1b"
CURSOR_POSITION: Final = "cursor position"

SEQUENCES: Final = {
    "\x7f": "alt backspace",
    "\b": "alt backspace",
    "d": "alt d",
    "f": "alt right",
    "b": "alt left",
    "OA": "up",
    "OB": "down",
    "OC": "right",
    "OD": "left",
    "OH": "home",
    "OF": "end",
    "[A": "up",
    "[B": "down",
    "[C": "right",
    "[D": "left",
    "[H": "home",
    "[F": "end",
    "[1~": "home",
    "[2~": "insert",
    "[3~": "delete",
    "[4~": "end",
    "[5~": "page up",
    "[6~": "page down",
    "[7~": "home",
    "[8~": "end",
    "[1;5C": "ctrl right",
    "[1;5D": "ctrl left",
    "[1;3C": "alt right",
    "[1;3D": "alt left",
}
"""What follows an escape, and the key that it is."""
_BEGINNINGS: Final = frozenset(sequence[:length] for sequence in SEQUENCES for length in range(1, len(sequence)))
_POSITION: Final = re.compile(r"\[([0-9]+);([0-9]+)R")


class Hangup(Exception):
    """The terminal has gone."""


class Keyboard:
    """Reads keys from a terminal.

    Attributes:
        fd: The terminal's descriptor.
        position: (row, column) of the cursor, when the terminal has told (CURSOR_POSITION).
    """

    def __init__(self, proc: Process, fd: int) -> None:
        self.proc = proc
        self.fd = fd
        self.position = (0, 0)
        self._pending = ""

    @property
    def waiting(self) -> bool:
        """Whether something was read ahead."""
        return bool(self._pending)

    async def key(self) -> str:
        """The next key: a character (Latin-1), or a name of several letters.

        Raises:
            Hangup: There are no more.
            InterruptedError: A signal came first.
        """
        while True:
            char, self._pending = (self._pending[0], self._pending[1:]) if self._pending else (await self._read(), "")
            if char != ESCAPE:
                return char
            key = await self._sequence()
            if key is not None:
                return key

    async def key_within(self, timeout_ns: int) -> str | None:
        """The next key, or None when none comes in time. Raises Hangup."""
        while await self.ready(timeout_ns):
            char, self._pending = (self._pending[0], self._pending[1:]) if self._pending else (await self._read(), "")
            key = char if char != ESCAPE else await self._sequence()
            if key is not None:
                return key
        return None

    async def ready(self, timeout_ns: int) -> bool:
        """Whether a key comes in time."""
        return self.waiting or await self._more(timeout_ns)

    async def _sequence(self) -> str | None:
        """The key that begins with an escape; None for an unknown one, which is none."""
        text = self._pending
        self._pending = ""
        while not text or text in _BEGINNINGS:
            if not await self._more(SEQUENCE_NS):
                return self._unknown(text)
            text += await self._read()
            if (name := SEQUENCES.get(text)) is not None:
                return name
        while len(text) < LONGEST and await self._more(SEQUENCE_NS):
            text += await self._read()
            if position := _POSITION.fullmatch(text):
                self.position = int(position[1]), int(position[2])
                return CURSOR_POSITION
        return self._unknown(text)

    def _unknown(self, text: str) -> str | None:
        if len(text) > 1:
            return None
        self._pending = text
        return ESCAPE

    async def _more(self, timeout_ns: int) -> bool:
        while True:
            try:
                return bool((await self.proc.poll((self.fd,), timeout_ns=timeout_ns))[0])
            except InterruptedError:
                continue

    async def _read(self) -> str:
        try:
            data = await self.proc.read(self.fd, 1)
        except InterruptedError:
            raise
        except OSError:
            raise Hangup from None
        if not data:
            raise Hangup
        return data.decode("latin-1")
