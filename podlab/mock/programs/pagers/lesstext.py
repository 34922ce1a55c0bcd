"""The text that less shows: lines as they are read and wrapped, and those that match what is searched for."""

import stat
from typing import Final

from podlab.mock.kernel import MILLISECOND
from podlab.mock.machine.process import Process
from podlab.mock.programs.pagers.lessrows import Row, columns, wrapped
from podlab.mock.programs.regex import Regex

MAX_LINES: Final = 9_999_999
BEYOND: Final = 1  # so many lines behind the end are shown at most
BLOCK: Final = 1024
LINE_BYTES: Final = 120
CHAR_COST_NS: Final = 20
PATIENCE_NS: Final = (1_500 * MILLISECOND, 500 * MILLISECOND)
"""How long input that is slow is waited for before what there is is shown: at first, and after some has come."""

_NUMBER_ROOM: Final = 8

COUNT_FILE: Final = -1
COUNT_INPUT: Final = -2
NOT_A_FILE: Final = -3


class Text:
    """The rows that were read so far from standard input.

    Attributes:
        rows: They; a newline in one stands for a NUL.
        top: Which of them is the first on the screen.
        lines: How many lines have ended.
        status: What the last read gave: 0 at the end of the input, below for an error, above for data.
        matches: The rows that match `pattern`.
        wanted: The match that reading is to come to, -1 for none.
        count: How many lines the file has; COUNT_FILE, COUNT_INPUT before they are counted, NOT_A_FILE when they cannot be.
    """

    def __init__(self, proc: Process) -> None:
        self.proc = proc
        self.width = 80
        self.last_shown = 0
        self.numbers = False
        self.truncates = False
        self.drops_escapes = False
        self.pattern: Regex | None = None
        self.matches: list[int] = []
        self.wanted = -1
        self.count = NOT_A_FILE
        self.failed = False
        self._patience = PATIENCE_NS[0]
        self._charged = 0
        self.clear()

    def clear(self) -> None:
        """Forgets what was read."""
        self._charge(-self._charged)
        self.rows: list[Row] = []
        self.top = 0
        self.lines = 0
        self.status = 1
        self._data = b""
        self._column = 0
        self._ended_line = True
        self._in_escape = False

    @property
    def last(self) -> int:
        """The index of the last row, which may not be complete."""
        return len(self.rows) - 1

    @property
    def room(self) -> int:
        """How many columns a row of text has."""
        return self.width - (_NUMBER_ROOM if self.numbers else 0)

    @property
    def at_end(self) -> bool:
        """Whether the screen shows the last row that there is."""
        if self.truncates:
            return not (self.top <= self.last and self.lines > self.rows[self.top].number + self.last_shown)
        return not self.last > self.top + self.last_shown

    # --- reading ---

    async def read(self) -> None:
        """Reads what the screen has room for, or up to the match that is wanted."""
        if len(self.rows) > MAX_LINES:
            return
        known = self.last
        self._patience = PATIENCE_NS[0]
        text = bytearray()
        if not self._ended_line:
            text += self.rows.pop().text
        else:
            self._column = 0
        self.failed = False
        again = False
        more = True
        while more:
            again = not await self._read_row(text)
            self.rows.append(Row(bytes(text), self.lines))
            self._charge(len(text) + LINE_BYTES)
            self.lines += self._ended_line
            if self.last >= MAX_LINES:
                self.status = 0
                break
            if not self.at_end:
                if self.wanted >= len(self.matches):
                    await self.match(known)
                    known = self.last
                more = self.wanted >= len(self.matches)
            more = more and self.status > 0
            if more:
                text = bytearray()
                self._column = 0
        self._ended(again)
        await self.match(known)
        self.wanted = -1

    def _ended(self, again: bool) -> None:
        """Reading has come to where it was to, or to the end of what there is: of all, or (`again`) for now."""
        if again:
            self.status = 1
        elif self.status < 0:
            self.failed = True
        elif self.status == 0:
            self.count = self.lines

    async def _read_row(self, text: bytearray) -> bool:
        """Reads until a row is full, a line or the input ends. False when the input has nothing at the moment."""
        self._ended_line = False
        while True:
            if not self._data:
                ready = await self._fill()
                if self.status <= 0:
                    return ready
            used, full = self._take(text)
            self._data = self._data[used:]
            await self.proc.cpu(used * CHAR_COST_NS)
            if full:
                return True

    async def _fill(self) -> bool:
        """Reads the next block. False when none comes in time."""
        if not (await self.proc.poll((0,), timeout_ns=self._patience))[0]:
            self.status = -1
            return False
        try:
            self._data = await self.proc.read(0, BLOCK)
            self.status = len(self._data)
        except InterruptedError:
            raise
        except OSError:
            self.status = -1
        self._patience = PATIENCE_NS[1]
        return True

    def _take(self, text: bytearray) -> tuple[int, bool]:
        """Moves bytes into a row. Returns how many, and whether the row is done."""
        room, column = self.room, self._column
        for index, byte in enumerate(self._data):
            if byte == 8 and column and text[-1:] != b"\t":
                column -= 1
                del text[-1:]
                continue
            if self.drops_escapes and self._is_escape(byte):
                continue
            after = column + 1 if byte != 9 else (column + 1 + 7) & ~7
            if after > room:
                self._column = column
                return index, True
            column = after
            if byte == 10:
                self._ended_line = True
                self._column = 0
                return index + 1, True
            text.append(byte or 10)
        self._column = column
        return len(self._data), False

    def _is_escape(self, byte: int) -> bool:
        """Whether a byte belongs to a sequence that sets colours."""
        if byte == 27 or (self._in_escape and byte in b"0123456789[;m"):
            self._in_escape = byte != 109
            return True
        self._in_escape = False
        return False

    def _charge(self, size: int) -> None:
        self._charged += size
        self.proc.charge_memory(size)

    # --- going about ---

    async def go_to_line(self, number: int) -> None:
        """Makes the row where a line begins the first on the screen, or comes as near as it can."""
        rows = self.rows
        if number <= 0:
            self.top = 0
        elif number > rows[self.top].number:
            while True:
                while rows[self.top].number != number and self.top < self.last:
                    self.top += 1
                if rows[self.top].number == number or self.status <= 0:
                    break
                await self.read()
        else:
            while rows[self.top].number != number and self.top > 0:
                self.top -= 1

    async def keep_in_sight(self) -> None:
        """Goes back when the screen would show too little of the end."""
        if self.truncates:
            self.top = min(self.top, self.last)
            if self.rows[self.top].number + self.last_shown > self.lines + BEYOND:
                await self.go_to_line(self.lines - self.last_shown + BEYOND)
                await self.read()
            return
        if self.top + self.last_shown > self.last + BEYOND:
            self.top = self.last - self.last_shown + BEYOND
        self.top = max(self.top, 0)

    def rows_on_screen(self) -> list[Row]:
        """What is shown: fewer rows than there is room for at the end."""
        if not self.truncates:
            return self.rows[self.top : self.top + self.last_shown + 1]
        at = self.top
        while at and self.rows[at].number == self.rows[at - 1].number:
            at -= 1
        shown: list[Row] = []
        while len(shown) <= self.last_shown and at <= self.last:
            shown.append(self.rows[at])
            at += 1
            while at <= self.last and self.rows[at].number == shown[-1].number:
                at += 1
        return shown

    async def wrap_again(self) -> None:
        """Wraps what was read anew, for rows of another width."""
        rows: list[Row] = []
        top = 0
        room = self.room
        joined = bytearray()
        size = 0
        for index, row in enumerate(self.rows):
            joined += row.text
            if index == self.top:
                top = len(rows) + len(wrapped(bytes(joined), room)) - 1
            if index == self.last or self.rows[index + 1].number != row.number:
                pieces = wrapped(bytes(joined), room)
                rows += [Row(piece, row.number) for piece in pieces]
                size += sum(map(len, pieces)) + LINE_BYTES * len(pieces)
                await self.proc.cpu(CHAR_COST_NS * (len(joined) + 1))
                joined.clear()
        self._charge(size - self._charged)
        self.rows, self.top = rows, top
        self._column = columns(rows[-1].text)
        self.pattern = None

    # --- searching and counting ---

    async def match(self, start: int) -> None:
        """Looks for the pattern in the rows from `start` on."""
        if self.pattern is None or start < 0:
            return
        for index in range(start, len(self.rows)):
            row = self.rows[index]
            await self.proc.cpu(CHAR_COST_NS * (len(row.text) + 10))
            found = await self.pattern.search_slowly(row.text, 0, self.proc.cpu)
            if found is not None and not (self.matches and self.matches[-1] == index):
                self.matches.append(index)

    async def count_lines(self, name: str) -> None:
        """Counts the lines of the file, when it is one."""
        if self.count not in (COUNT_FILE, COUNT_INPUT):
            return
        try:
            fd = await self._reopen(name)
        except OSError:
            self.count = NOT_A_FILE
            return
        count = 0
        if stat.S_ISREG(self.proc.fstat(fd).mode):
            while count < MAX_LINES and (data := await self.proc.read(fd, 4096)):
                count += data.count(b"\n")
                await self.proc.cpu(len(data))
            self.count = min(count, MAX_LINES)
        else:
            self.count = NOT_A_FILE
        self.proc.close(fd)

    async def _reopen(self, name: str) -> int:
        try:
            return await self.proc.open("/proc/self/fd/0")
        except OSError:
            if self.count == COUNT_INPUT:
                raise
            return await self.proc.open(name)
