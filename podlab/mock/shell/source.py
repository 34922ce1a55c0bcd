"""The characters that the parser reads: a text that may still grow, with aliases spliced into it.

A text that comes line by line (a script on standard input, a terminal) is parsed as far as it has come; when the parser runs
off the end of it, `Incomplete` is raised, the reader goes back to the start of the command, appends what came since, and parses
again.
"""

import re
from typing import Final

MAX_NESTING: Final = 1000
"""How deep commands, substitutions and quotes may nest before the parser gives up (as ash's stack would at some depth)."""

_COMMENT: Final = re.compile(r"[^\n]*")


class Incomplete(Exception):
    """The text ended where the command did not, and more of it may come."""


class Source:
    """A text, and how far it has been read.

    Attributes:
        text: What is there, aliases spliced in.
        pos: Index of the next character.
        line: Number of the line that `pos` is on.
        complete: No more text will come.
    """

    __slots__ = ("aliases_in_use", "complete", "ended_in_blank", "here_end", "in_here_pattern", "line", "nesting", "pos", "text")

    def __init__(self, text: str, line: int = 1, complete: bool = True) -> None:
        self.text = text.replace("\0", "") if "\0" in text else text
        self.pos = 0
        self.line = line
        self.complete = complete
        self.nesting = 0
        self.in_here_pattern = False
        self.here_end: tuple[str, bool] | None = None
        self.aliases_in_use: list[tuple[int, str]] = []
        self.ended_in_blank = False

    def peek(self) -> str:
        """The next character ("" at the end), after any backslash-newline."""
        text = self.text
        while True:
            if self.pos >= len(text):
                if not self.complete:
                    raise Incomplete
                return ""
            char = text[self.pos]
            if char != "\\":
                return char
            if self.peek_raw(1) != "\n":
                return char
            self.pos += 2
            self.line += 1

    def peek_raw(self, ahead: int = 0) -> str:
        """The character `ahead` of the next, just as it stands ("" past the end)."""
        index = self.pos + ahead
        if index >= len(self.text):
            if not self.complete:
                raise Incomplete
            return ""
        return self.text[index]

    def take(self, pattern: re.Pattern[str]) -> str:
        """Reads what `pattern` matches here (possibly nothing), counting lines."""
        match = pattern.match(self.text, self.pos)
        if match is None:
            return ""
        if match.end() == len(self.text) and not self.complete:
            raise Incomplete
        self.pos = match.end()
        found = match[0]
        if "\n" in found:
            self.line += found.count("\n")
        return found

    def skip_comment(self) -> None:
        """Goes to the end of the line."""
        self.take(_COMMENT)

    def splice(self, name: str, value: str) -> None:
        """Puts the value of alias `name` before what comes next."""
        end = self.pos + len(value)
        self.aliases_in_use = [(stop + len(value), other) for stop, other in self.aliases_in_use]
        self.aliases_in_use.append((end, name))
        self.text = self.text[: self.pos] + value + self.text[self.pos :]

    def leave_aliases(self) -> None:
        """Forgets the aliases whose text has been read; notes in `ended_in_blank` whether one ended in a blank."""
        self.ended_in_blank = False
        if not self.aliases_in_use:
            return
        kept = []
        for stop, name in self.aliases_in_use:
            if stop > self.pos:
                kept.append((stop, name))
            elif self.text[stop - 1 : stop] in (" ", "\t"):
                self.ended_in_blank = True
        self.aliases_in_use = kept
