"""What vi draws: the lines of the text, of which only what has changed is sent, and the status line below them."""

from typing import TYPE_CHECKING, Final

from podlab.mock.programs import terminal
from podlab.mock.programs.editors.vi.text import NEWLINE, TAB, expanded, next_column
from podlab.mock.programs.streams import to_bytes

if TYPE_CHECKING:
    from podlab.mock.programs.editors.vi.editor import Editor

BOLD: Final = b"\x1b[7m"
NORMAL: Final = b"\x1b[m"
MOST: Final = 4096
STATUS: Final = 200
_MODES: Final = "-IR"


class Screen:
    """The terminal.

    Attributes:
        rows, columns: Its size.
        begin: Where the text on it begins.
        row, column: Where the cursor is.
        offset: How many columns are scrolled off to the left.
        keep_index, index: The column that moves up and down try to come back to, and whether they are on the way.
        known: Whether the terminal tells its size.
    """

    def __init__(self, editor: "Editor") -> None:
        self._editor = editor
        self.rows, self.columns = 24, 80
        self.begin = 0
        self.row = self.column = self.offset = 0
        self.keep_index = False
        self.index = 0
        self.known = False
        self._cells: list[bytes] = []
        self._old_offset = 0
        self._message: bytes | None = None
        self._plain_length = 0
        self._sum = 0
        self._total = 0
        self._counted = -1
        self._out = bytearray()

    # --- the terminal ---

    def put(self, data: bytes) -> None:
        """Adds to what is to be sent."""
        self._out += data

    async def flush(self) -> None:
        """Sends it."""
        if self._out:
            data = bytes(self._out)
            self._out.clear()
            await self._editor.proc.write(1, data)

    def place_cursor(self, row: int, column: int) -> None:
        """Moves the cursor."""
        self.put(b"\x1b[%d;%dH" % (max(min(row, self.rows - 1), 0) + 1, max(min(column, self.columns - 1), 0) + 1))

    def clear_bottom(self) -> None:
        """Goes to the status line and clears it."""
        self.place_cursor(self.rows - 1, 0)
        self.put(b"\x1b[K")

    def measure(self) -> None:
        """Asks for the window's size."""
        columns, rows = terminal.size(self._editor.proc, 0)
        self.known = terminal.is_measured(self._editor.proc, 0)
        self.rows, self.columns = min(rows, MOST), min(columns, MOST)

    def set_size(self, rows: int, columns: int) -> None:
        """The terminal has told its size."""
        self.rows, self.columns = min(rows, MOST), min(columns, MOST)

    def renew(self) -> None:
        """Forgets what is drawn, as for an empty file."""
        self._cells = [b"~".ljust(self.columns) if 0 < row < self.rows - 1 else b" " * self.columns for row in range(self.rows)]

    # --- the text ---

    def last_place(self) -> int:
        """The end of the last line on the screen."""
        text = self._editor.text
        place = self.begin
        for _ in range(self.rows - 2):
            place = text.next_line(place)
        return text.end_line(place)

    def _sync(self) -> None:
        """Scrolls so that the cursor's place is on the screen, and finds out where."""
        text, dot = self._editor.text, self._editor.dot
        line = text.begin_line(dot)
        far = (self.rows - 1) // 2
        if line < self.begin:
            self._jump(line, text.count_lines(line, self.begin))
        else:
            last = self.last_place()
            if line > last:
                count = text.count_lines(last, line)
                if count > far:
                    self._jump(line, count)
                else:
                    for _ in range(count - 1):
                        self.begin = text.next_line(self.begin)
        place = self.begin
        self.row = 0
        while self.row < self.rows - 1 and place != line:
            place = text.next_line(place)
            self.row += 1
        self._find_column(place, dot)

    def _jump(self, line: int, count: int) -> None:
        text = self._editor.text
        self.begin = line
        if count > (self.rows - 1) // 2:
            for _ in range((self.rows - 1) // 2):
                self.begin = text.prev_line(self.begin)

    def _find_column(self, line: int, dot: int) -> None:
        text = self._editor.text
        column = text.column(dot)
        byte = text.at(dot)
        before_tab = byte == TAB and self._editor.mode and dot > line
        if byte != NEWLINE and not before_tab:
            column = next_column(byte, column, text.tabstop) - 1
        self.offset = min(self.offset, column)
        if column >= self.columns + self.offset:
            self.offset = column - self.columns + 1
        if dot == line and byte == TAB:
            self.offset = 0
        self.column = column - self.offset

    def _format(self, place: int) -> bytes:
        """A line as it is to be drawn."""
        text = self._editor.text
        if place < text.end:
            room = self.offset + self.columns + text.tabstop
            stop = text.data.find(b"\n", place, place + room)
            shown = expanded(text.data[place : stop if stop >= 0 else min(place + room, text.end)], text.tabstop)
        else:
            shown = b"~"
        return shown[self.offset : self.offset + self.columns].ljust(self.columns)

    def refresh(self, everything: bool = False) -> None:
        """Draws what has changed, or everything, and puts the cursor in its place."""
        text = self._editor.text
        if self.known:
            size = self.rows, self.columns
            self.measure()
            everything |= size != (self.rows, self.columns)
        self._sync()
        place = self.begin
        for row in range(self.rows - 1):
            line = self._format(place)
            if place < text.end:
                found = text.data.find(b"\n", place)
                place = found + 1 if found >= 0 else text.end
            self._draw(row, line, everything)
        self.place_cursor(self.row, self.column)
        if not self.keep_index:
            self.index = self.column + self.offset
        self._old_offset = self.offset

    def _draw(self, row: int, line: bytes, everything: bool) -> None:
        old = self._cells[row] if row < len(self._cells) else b""
        first, last = 0, self.columns - 1
        if not everything and len(old) == self.columns:
            if line == old:
                if self.offset == self._old_offset:
                    return
            else:
                while line[first] == old[first]:
                    first += 1
                while line[last] == old[last]:
                    last -= 1
        if row < len(self._cells):
            self._cells[row] = line
        self.place_cursor(row, first)
        self.put(line[first : last + 1])

    async def redraw(self, everything: bool) -> None:
        """Clears the terminal and draws all."""
        self.put(b"\x1b[H\x1b[J")
        self._cells = [b" " * self.columns] * self.rows
        self.force_status()
        self.refresh(everything)
        await self.show_status()

    # --- the status line ---

    def force_status(self) -> None:
        """The status is drawn again, even when it is the same."""
        self._sum = 0

    def recount(self) -> None:
        """The lines are counted again."""
        self._counted = -1

    def say(self, message: str | bytes) -> None:
        """Shows a message in the place of the status."""
        data = (to_bytes(message) if isinstance(message, str) else message).partition(b"\0")[0]
        self._message = data[: STATUS - 1]
        self._plain_length = len(self._message)

    def complain(self, message: str | bytes) -> None:
        """Shows a message in inverse."""
        data = (to_bytes(message) if isinstance(message, str) else message).partition(b"\0")[0]
        data = data[: STATUS - len(BOLD) - 1 - len(NORMAL) - 1 - 1]
        self._message = BOLD + data + NORMAL
        self._plain_length = len(data)

    def _status(self) -> bytes:
        editor = self._editor
        text = editor.text
        current = text.count_lines(0, editor.dot)
        if editor.modified != self._counted:
            self._total = current + text.count_lines(editor.dot, text.end - 1) - 1
            self._counted = editor.modified
        percent = 100
        if self._total > 0:
            percent = 100 * current // self._total
        else:
            current = self._total = 0
        name = "No file" if editor.name is None else editor.name
        flags = (" [Readonly]" if editor.readonly else "") + (" [Modified]" if editor.modified else "")
        status = to_bytes(f"{_MODES[editor.mode]} {name}{flags} {current}/{self._total} {percent}%")
        return status[: min(self.columns, STATUS - 1)]

    async def show_status(self) -> None:
        """Shows the message that waits, or the status when it has changed."""
        message, self._message = self._message, None
        shown = self._status() if message is None else message
        total = sum(shown) if message is None else 0
        if message is not None or (shown and total != self._sum):
            self._sum = total
            self.clear_bottom()
            self.put(shown)
            if message is not None and self._plain_length > self.columns - 1:
                await self._editor.hit_return()
            self.place_cursor(self.row, self.column)
        await self.flush()
