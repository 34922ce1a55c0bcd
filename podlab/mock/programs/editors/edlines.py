"""The lines that ed edits.

busybox keeps them in a ring and remembers the current line twice, by its number and by its place. A line that is inserted before
the current one moves the place and not the number, so that what follows lands a line too late. Scripts can see that: it is kept.
"""

from typing import Final

from podlab.mock.machine.process import Process

LINE_BYTES: Final = 64
"""What a line takes besides its text."""
LINE_COST_NS: Final = 200
MOVES_PER_NS: Final = 4
"""How many lines move up in a nanosecond where one is inserted or deleted."""


class Trouble(Exception):
    """A command cannot be done: what to say of it."""


class Lines:
    """The buffer.

    Attributes:
        ring: The lines, each with its newline, and at the end an empty one that closes the ring.
        current: The number of the current line, 0 for none.
        marks: Letter to line number.
        dirty: Whether something changed.
    """

    def __init__(self, proc: Process) -> None:
        self._proc = proc
        self.ring: list[bytes] = [b""]
        self.current = 0
        self._place = 0
        self.marks: dict[str, int] = {}
        self.dirty = False
        self.searched = b""

    @property
    def last(self) -> int:
        """The number of the last line."""
        return len(self.ring) - 1

    def check(self, first: int, last: int, what: str) -> None:
        """Raises Trouble unless there are the lines from `first` to `last`."""
        if first < 1 or last > self.last or first > last:
            raise Trouble(f"bad line range for {what}")

    def begin(self) -> None:
        """Before a command: there is a current line when there are lines."""
        if self.current == 0 and self.last:
            self.current, self._place = 1, 0

    def find(self, number: int) -> int:
        """Where a line stands in the ring: counted from the nearest of the first, the current and the last."""
        if number < 1 or number > self.last:
            raise Trouble(f"line number {number} does not exist")
        if self.current <= 0:
            self.current, self._place = 1, 0
        place, counted = self._place, self.current
        if number != self.current:
            if number < self.current // 2:
                place, counted = 0, 1
            elif number > (self.current + self.last) // 2:
                place, counted = self.last - 1, self.last
        return (place + number - counted) % len(self.ring)

    def go(self, number: int) -> None:
        """Makes a line the current one."""
        place = self.find(number)
        self.current, self._place = number, place

    async def insert(self, number: int, line: bytes) -> None:
        """Inserts a line before line `number`, and makes it the current one."""
        if number < 1 or number > self.last + 1:
            raise Trouble("inserting at bad line number")
        place = self.last if number > self.last else self.find(number)
        self._charge(len(line) + LINE_BYTES)
        if self._place >= place:
            self._place += 1
        await self._proc.cpu(LINE_COST_NS + (len(self.ring) - place) // MOVES_PER_NS)
        self.ring.insert(place, line)
        self.dirty = True
        self.go(number)

    async def delete(self, first: int, last: int) -> None:
        """Deletes lines."""
        self.check(first, last, "delete")
        place = self.find(first)
        if first <= self.current <= last:
            if last < self.last:
                self.go(last + 1)
            elif first > 1:
                self.go(first - 1)
            else:
                self.current = 0
        count = last - first + 1
        if self.current > last:
            self.current -= count
        end = min(place + count, len(self.ring) - 1)
        await self._proc.cpu(LINE_COST_NS + (len(self.ring) - place) // MOVES_PER_NS)
        self._charge(-sum(map(len, self.ring[place:end])) - LINE_BYTES * (end - place))
        del self.ring[place:end]
        if self._place >= end:
            self._place -= end - place
        self._place %= len(self.ring)
        self.dirty = True

    def replace(self, place: int, line: bytes) -> None:
        """Puts another line in the place of one."""
        self._charge(len(line) - len(self.ring[place]))
        self.ring[place] = line
        self.dirty = True

    async def search(self, wanted: bytes, first: int, last: int) -> int:
        """The number of the first line from `first` on with a text in it; an empty text is the one that was sought last."""
        self.check(first, last, "search")
        wanted = self.remember(wanted)
        place = self.find(first)
        for number in range(first, last + 1):
            line = self.ring[place]
            await self._proc.cpu(LINE_COST_NS + len(line))
            if wanted in line:
                return number
            place = (place + 1) % len(self.ring)
        raise Trouble(f'can\'t find string "{wanted.decode("utf-8", "surrogateescape")}"')

    def remember(self, wanted: bytes) -> bytes:
        """The text to look for, which is remembered."""
        if not wanted and not self.searched:
            raise Trouble("no previous search string")
        self.searched = wanted or self.searched
        return self.searched

    def _charge(self, size: int) -> None:
        self._proc.charge_memory(size)
