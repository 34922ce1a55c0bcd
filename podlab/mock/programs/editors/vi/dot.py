"""The place in the text where all happens, and the small steps that it makes."""

import re
from typing import TYPE_CHECKING, Final

from podlab.mock.programs.editors.vi.text import NEWLINE, Text

if TYPE_CHECKING:
    from podlab.mock.programs.editors.vi.screen import Screen
    from podlab.mock.programs.editors.vi.undo import Undo


_NO_SPACE: Final = re.compile(rb"[^ \t\v\f\r]")


class Dot:
    """A place in a text that is on a screen.

    Attributes:
        dot: The place.
    """

    def __init__(self, text: Text, undo: "Undo", screen: "Screen") -> None:
        self.text = text
        self.undo = undo
        self.screen = screen
        self.dot = 0

    def left(self) -> None:
        """A character to the left, within the line."""
        self.undo.commit()
        if self.dot > 0 and self.text.at(self.dot - 1) != NEWLINE:
            self.dot -= 1

    def right(self) -> None:
        """A character to the right, to the newline at most."""
        self.undo.commit()
        if self.dot < self.text.end - 1 and self.text.at(self.dot) != NEWLINE:
            self.dot += 1

    def to_begin(self) -> None:
        """To the begin of the line."""
        self.undo.commit()
        self.dot = self.text.begin_line(self.dot)

    def to_end(self) -> None:
        """To its end."""
        self.undo.commit()
        self.dot = self.text.end_line(self.dot)

    def to_next(self) -> None:
        """To the next line."""
        self.undo.commit()
        self.dot = self.text.next_line(self.dot)

    def to_previous(self) -> None:
        """To the line before."""
        self.undo.commit()
        self.dot = self.text.prev_line(self.dot)

    def skip_blanks(self) -> None:
        """To the first character that is no white space, within the line."""
        last = self.text.end - 1
        if self.dot < last:
            found = _NO_SPACE.search(self.text.data, self.dot, last)
            self.dot = found.start() if found else last

    def scroll(self, lines: int, forward: bool) -> None:
        """Scrolls, and keeps the place on the screen."""
        self.undo.commit()
        step = self.text.next_line if forward else self.text.prev_line
        for _ in range(lines):
            self.screen.begin = step(self.screen.begin)
        self.dot = max(self.dot, self.screen.begin)
        last = self.screen.last_place()
        if self.dot > last:
            self.dot = self.text.begin_line(last)
        self.skip_blanks()
