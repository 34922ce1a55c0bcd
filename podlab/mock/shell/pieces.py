"""The pieces of a word, as they are gathered while it is read."""

import re
from typing import Final

from podlab.mock.shell.encoding import SHIFT, plain
from podlab.mock.shell.syntax import Piece, Word

_TESTS: Final = ("[", "[[")
"""Commands that look like patterns and, being never closed, are none."""
_GLOB_OR_TILDE: Final = re.compile(r"[*?\[\\]|^~")


def escaped(char: str) -> str:
    """A character after a backslash: quoted, whatever it is."""
    return chr(ord(char) + SHIFT)


class Pieces:
    """Gathers the pieces of a word, joining text that lies side by side."""

    __slots__ = ("done", "quoted", "text")

    def __init__(self) -> None:
        self.done: list[Piece] = []
        self.text: list[str] = []
        self.quoted = False

    def add(self, piece: Piece) -> None:
        """Appends an expansion."""
        self.flush()
        self.done.append(piece)

    def flush(self) -> None:
        """Ends the current run of text."""
        text = "".join(self.text)
        if text:
            self.done.append(text)
        self.text = []

    def word(self, source: str = "") -> Word:
        """The word that these pieces make."""
        self.flush()
        return make_word(tuple(self.done), self.quoted, source)


def make_word(pieces: tuple[Piece, ...], quoted: bool, source: str) -> Word:
    """A word of `pieces`, with its constant value worked out when it has one."""
    constant: str | None = None
    if len(pieces) == 1:
        first = pieces[0]
        if isinstance(first, str) and (first in _TESTS or not _GLOB_OR_TILDE.search(first)):
            constant = plain(first)
    return Word(pieces, constant, quoted, source)
