"""A command line behind a colon, and what many commands do with it."""

from dataclasses import dataclass
from typing import NoReturn

from podlab.mock.programs.editors.vi.editor import Editor
from podlab.mock.programs.streams import to_text


class Stop(Exception):
    """The command cannot go on; why was said."""


@dataclass(slots=True)
class Line:
    """A command line.

    Attributes:
        name: The command's, as far as it is written.
        force: Whether a ! follows it.
        rest: The command with all that follows.
        operand: What stands behind it.
        start, stop: The text that it is for: all of it when there is no address.
        first, last: The numbers of these lines, `last` -1 for none.
        given: How many addresses there are.
        lines: How many lines it is for.
    """

    name: bytes
    force: bool
    rest: bytes
    operand: bytes
    start: int
    stop: int
    first: int
    last: int
    given: int

    def here(self, ed: Editor) -> None:
        """Without an address it is for the line one is at."""
        if not self.given:
            self.start = ed.text.begin_line(ed.dot)
            self.stop = ed.text.end_line(ed.dot)


def refuse(ed: Editor, message: str | bytes) -> NoReturn:
    """Says why not, and stops."""
    ed.screen.complain(message)
    raise Stop


def expand(ed: Editor, operand: bytes) -> str:
    """An operand with % and # for the file's name and the other one's. Raises Stop."""
    words = ""
    at = 0
    text = to_text(operand)
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            at += 1
            char = text[at]
        elif char in "%#":
            name = ed.name if char == "%" else ed.other_name
            if name is None:
                refuse(ed, "No previous filename")
            char = name
        words += char
        at += 1
    return words


def check_saved(ed: Editor, line: Line) -> None:
    """Stops when something would be lost, and nobody said to go on nevertheless."""
    if ed.modified and not line.force:
        refuse(ed, f"No write since last change (:{to_text(line.name)}! overrides)")
