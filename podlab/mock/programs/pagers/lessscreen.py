"""What less draws: rows of text with their controls made visible and matches highlighted, and the line below them."""

import re
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.pagers.lessrows import Row
from podlab.mock.programs.pagers.lesstext import Text
from podlab.mock.programs.streams import to_bytes

HIGHLIGHT: Final = b"\x1b[7m"
NORMAL: Final = b"\x1b[m"
CLEAR_LINE: Final = b"\x1b[K"
_CONTROLS: Final = re.compile(rb"[\x01-\x08\x0a-\x1f\x7f\x9b]+")
_NO_NUMBER: Final = b" " * 8


class Screen:
    """The screen.

    Attributes:
        keeps_status: Whether the line below is not to be touched, for somebody types in it.
        detailed: Whether that line tells numbers of lines.
        tildes: Whether rows behind the end are marked.
    """

    def __init__(self, proc: Process, text: Text) -> None:
        self.proc = proc
        self.text = text
        self.files: list[str] = []
        self.place = 1
        self.name = ""
        self.keeps_status = False
        self.detailed = False
        self.tildes = True
        self._out = bytearray()
        self._drawn: list[Row | None] = []

    @property
    def bottom(self) -> int:
        """The number of the line below the text."""
        return self.text.last_shown + 2

    def put(self, data: bytes) -> None:
        """Adds to what is to be shown."""
        self._out += data

    async def flush(self) -> None:
        """Shows it."""
        if self._out:
            data = bytes(self._out)
            self._out.clear()
            await self.proc.write(1, data)

    def clear_line(self) -> None:
        """Goes to the line below the text, and clears it."""
        self.put(b"\x1b[%d;0H" % self.bottom + CLEAR_LINE)

    def say(self, message: str | bytes) -> None:
        """Puts a message there."""
        data = to_bytes(message) if isinstance(message, str) else message
        self.clear_line()
        self.put(HIGHLIGHT + data[: self.text.width - 1] + NORMAL)

    # --- the text ---

    def choose(self) -> None:
        """Takes the rows that are to be shown from now on."""
        self._drawn = [*self.text.rows_on_screen()]
        self._drawn += [None] * (self.text.last_shown + 1 - len(self._drawn))

    async def draw(self) -> None:
        """Draws the rows."""
        self.put(b"\x1b[0;0H")
        for row in self._drawn:
            self.put(CLEAR_LINE)
            if self.text.numbers:
                self.put(_NO_NUMBER if row is None else b"%7d " % ((row.number + 1) % 10_000_000))
            line = row.text if row is not None else b"~" if self.tildes else b""
            self.put(await self._matched(line) if self.text.pattern is not None else _CONTROLS.sub(_visible, line))
            self.put(b"\n")
            await self.proc.cpu(2_000)

    async def _matched(self, line: bytes) -> bytes:
        """A row with all that matches highlighted, and dots for controls."""
        pattern = self.text.pattern
        assert pattern is not None
        shown = _CONTROLS.sub(lambda found: b"." * len(found[0]), line)
        parts = []
        at = 0
        while (spans := await pattern.search_slowly(line, at, self.proc.cpu)) is not None:
            begin, end = spans[0]
            if begin >= end:
                break
            parts.append(shown[at:begin] + HIGHLIGHT + shown[begin:end] + NORMAL)
            at = end
        return b"".join(parts) + shown[at:]

    # --- the line below ---

    async def status(self) -> None:
        """Shows where one is."""
        if self.keeps_status:
            return
        if self.detailed:
            await self.numbers()
            return
        self.clear_line()
        if self.text.top and not self.text.at_end:
            self.put(b":")
            return
        words = "(END)" if self.text.top else self.name
        if len(self.files) > 1:
            words += f" (file {self.place} of {len(self.files)})"
        self.put(HIGHLIGHT + to_bytes(words) + NORMAL)

    async def numbers(self) -> None:
        """Shows the numbers of the lines on the screen, and how far it is."""
        if self.keeps_status:
            return
        text = self.text
        words = self.name
        if len(self.files) > 1:
            words += f" (file {self.place} of {len(self.files)})"
        first = self._number(text.top)
        last = min(first + text.last_shown, text.lines) if text.truncates else self._number(text.top + text.last_shown)
        words += f" lines {first}-{last}"
        await text.count_lines(self.name)
        if text.count >= 0:
            words += f"/{text.count}"
        if text.at_end:
            words += " (END)"
            if len(self.files) > 1 and self.place != len(self.files):
                words += f" - next: {self.files[self.place]}"
        elif text.count > 0:
            words += f" {min((100 * last + text.count // 2) // text.count, 100)}%"
        self.clear_line()
        self.put(HIGHLIGHT + to_bytes(words) + NORMAL)

    def _number(self, index: int) -> int:
        index = min(index, self.text.last - 1)
        return self.text.rows[index].number + 1 if index >= 0 else 0


def _visible(found: re.Match[bytes]) -> bytes:
    letters = bytearray()
    for byte in found[0]:
        letters.append({0x7F: 63, 0x9B: 123, 10: 64}.get(byte, byte | 64))
    return HIGHLIGHT + bytes(letters) + NORMAL
