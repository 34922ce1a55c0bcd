"""What a word has become so far: one text, and a note of the regions in it that are to be split."""

from typing import TYPE_CHECKING, Final

from podlab.mock.shell.encoding import QUOTE, plain, protect
from podlab.mock.shell.fields import Region

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

FIELDS: Final = 1
"""The result is an argument: keep marks of quoting, note regions to split."""
TILDE: Final = 2
"""A tilde at the start names a home directory."""
ASSIGNMENT: Final = 4
"""So does one after each colon."""
PATTERN: Final = 8
"""The result is a pattern: keep marks of quoting."""
OPERAND: Final = 16
"""The operand of `${name-operand}`: its own unquoted text is split too."""

MARKS: Final = FIELDS | PATTERN
BIG: Final = 32_768
"""From so many characters on the text of a word counts as memory until the command has ended."""


class Expanded:
    """The text of a word so far, and its regions to split.

    `void` says that a pattern to be replaced was empty; `ended`, that whatever comes is lost for it.
    """

    __slots__ = ("ended", "length", "out", "regions", "shell", "void")

    def __init__(self, shell: "Shell") -> None:
        self.shell = shell
        self.out: list[str] = []
        self.length = 0
        self.regions: list[Region] = []
        self.void = self.ended = False

    def result(self) -> str:
        """The text."""
        if self.length > BIG:
            self.shell.charge_transient(self.length)
        return "".join(self.out) if len(self.out) != 1 else self.out[0]

    def put(self, text: str) -> None:
        """Appends text as it is."""
        if not self.ended:
            self.out.append(text)
            self.length += len(text)

    def put_value(self, value: str, quoted: bool, flags: int, nul: bool = False) -> None:
        """Appends the result of an expansion, and notes that it is to be split."""
        begin = self.length
        if quoted and flags & MARKS:
            value = protect(value)
        self.put(value)
        if not quoted:
            self.regions.append(Region(begin, self.length, only_nul=False))
        elif nul:
            self.regions.append(Region(begin, self.length, only_nul=True))

    def literal(self, text: str, flags: int, quoted: bool, in_quotes: bool) -> bool:
        """Appends text of the word itself. Returns whether it ends inside quotes."""
        if not flags & MARKS:
            self.put(plain(text))
            return False
        if not flags & OPERAND or quoted:
            self.put(text)
            return False
        for part in text.split(QUOTE):
            if part:
                begin = self.length
                self.put(part)
                if not in_quotes:
                    self.regions.append(Region(begin, self.length, only_nul=False))
            self.put(QUOTE)
            in_quotes = not in_quotes
        self.out.pop()
        self.length -= 1
        return not in_quotes
