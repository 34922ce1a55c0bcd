"""The text that vi edits, and how places in it are found: all are offsets, from 0 to the text's length."""

import re
from typing import Final

NEWLINE: Final = 10
TAB: Final = 9
_CONTROLS: Final = tuple(bytes((byte,)) for byte in (*range(9), *range(10, 32), 127))
_UNUSUAL: Final = re.compile(rb"[\x00-\x1f\x7f-\xff]")
_DOTS: Final = bytes(byte if byte < 128 else 46 for byte in range(256))
_NO_BLANK: Final = re.compile(rb"[^ \t]")
BLOCK: Final = 4096


def expanded(line: bytes | bytearray, tabstop: int) -> bytes:
    """A line as it is drawn: tabs as spaces, controls as ^X, and dots for what is not ASCII."""
    if _UNUSUAL.search(line) is None:
        return bytes(line)
    shown = line.translate(_DOTS)
    for control in _CONTROLS:
        if control in shown:
            shown = shown.replace(control, b"^" + bytes((control[0] ^ 64,)))
    return bytes(shown.expandtabs(tabstop))


def next_column(byte: int, column: int, tabstop: int) -> int:
    """The column behind a character that begins at `column`."""
    if byte == TAB:
        return column + tabstop - column % tabstop
    return column + (2 if byte < 32 or byte == 127 else 1)


def literal(data: bytes) -> bytes:
    """Bytes for a message, their controls made visible."""
    shown = bytearray()
    for byte in data:
        if byte >= 128:
            byte = 63
        if byte < 32 or byte == 127:
            shown += b"^"
            byte = 63 if byte == 127 else byte | 64
        shown.append(byte)
    return bytes(shown)


class Text:
    """The buffer.

    Attributes:
        data: What is in it.
        tabstop: How far tabs go.
        ignore_case: Whether searches take capitals for small letters.
    """

    def __init__(self) -> None:
        self.data = bytearray()
        self.tabstop = 8
        self.ignore_case = False

    @property
    def end(self) -> int:
        """Behind the last character."""
        return len(self.data)

    def at(self, place: int) -> int:
        """The character at a place, 0 outside of the text."""
        return self.data[place] if 0 <= place < len(self.data) else 0

    # --- lines ---

    def begin_line(self, place: int) -> int:
        """Where the line begins."""
        return self.data.rfind(b"\n", 0, place) + 1 if place > 0 else place

    def end_line(self, place: int) -> int:
        """Its newline, or the last character of the text."""
        last = self.end - 1
        if place < last:
            found = self.data.find(b"\n", place, last)
            return found if found >= 0 else last
        return place

    def dollar_line(self, place: int) -> int:
        """Its last character before the newline."""
        place = self.end_line(place)
        if self.at(place) == NEWLINE and place > self.begin_line(place):
            place -= 1
        return place

    def prev_line(self, place: int) -> int:
        """Where the line before begins."""
        place = self.begin_line(place)
        if place > 0 and self.at(place - 1) == NEWLINE:
            place -= 1
        return self.begin_line(place)

    def next_line(self, place: int) -> int:
        """Where the next line begins."""
        place = self.end_line(place)
        if place < self.end - 1 and self.at(place) == NEWLINE:
            place += 1
        return place

    def count_lines(self, start: int, stop: int) -> int:
        """How many lines end between the places, with the line of the later one."""
        if stop < start:
            start, stop = stop, start
        stop = self.end_line(stop)
        return self.data.count(b"\n", start, min(stop, self.end - 1) + 1) if start <= stop else 0

    def find_line(self, number: int) -> int:
        """Where a line begins, counted from 1; the last when there are not so many."""
        left = number - 1
        place = 0
        while left > 0 and place < self.end:
            count = self.data.count(b"\n", place, place + BLOCK)
            if count >= left:
                break
            left -= count
            place += BLOCK
        for _ in range(left):
            found = self.data.find(b"\n", place, self.end - 1)
            if found < 0:
                return max(self.end - 1, 0)
            place = found + 1
        return place if number > 1 else 0

    # --- columns ---

    def column(self, place: int) -> int:
        """In which column a character begins."""
        return len(expanded(self.data[self.begin_line(place) : place], self.tabstop))

    def move_to_column(self, place: int, column: int) -> int:
        """The character of the line that stands in a column, or the line's end."""
        place = self.begin_line(place)
        stop = self.end_line(place)
        near = self.data[place : min(stop, place + max(column, 0) + 1)]
        if _UNUSUAL.search(near) is None:
            return min(place + max(column, 0), stop if self.at(stop) == NEWLINE else self.end)
        reached = 0
        while place + BLOCK < stop:
            phase = reached % self.tabstop
            after = reached - phase + len(expanded(b" " * phase + self.data[place : place + BLOCK], self.tabstop))
            if after > column:
                break
            reached = after
            place += BLOCK
        while self.at(place) != NEWLINE:
            reached = next_column(self.at(place), reached, self.tabstop)
            if reached > column or place >= self.end:
                break
            place += 1
        return place

    def indent_length(self, place: int) -> int:
        """How many blanks a line begins with."""
        found = _NO_BLANK.search(self.data, place)
        return min(found.start() if found else self.end, max(self.end - 1, place)) - place

    # --- searching ---

    def search(self, place: int, wanted: bytes, forward: bool, in_line: bool = False) -> int | None:
        """Where a text stands: the next one that begins at `place` or behind it, or the last that ends there."""
        data = self.data
        if self.ignore_case:
            data, wanted = data.lower(), wanted.lower()
        if forward:
            stop = self.next_line(place) if in_line else self.end - 1
            found = data.find(wanted, place, max(stop - 1 + len(wanted), 0)) if place < stop else -1
        else:
            found = data.rfind(wanted, 0, place) if place > 0 else -1
        return found if found >= 0 else None

    def at_end_of_file(self, place: int) -> bool:
        """Whether a place is the last character but for a newline."""
        return (place == self.end - 2 and self.at(place + 1) == NEWLINE) or place == self.end - 1
