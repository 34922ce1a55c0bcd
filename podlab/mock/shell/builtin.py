"""What a built-in command is, and what all of them need."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from podlab.mock.shell.errors import ShellError

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_LARGEST_LONG: Final = 0x7FFF_FFFF_FFFF_FFFF
Run = Callable[["Shell", list[str]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Builtin:
    """A built-in command.

    Attributes:
        run: What it does, given the shell and the arguments (its own name first); gives its status.
        special: An error in it ends a script, and assignments before it last.
        regular: It is found before PATH is looked at, and without regard to it.
        assigns: Its operands of the form name=value are expanded as assignments are.
        nests: It runs other commands, or looks at how it was called; it is never run the short way.
    """

    name: str
    run: Run
    special: bool = False
    regular: bool = True
    assigns: bool = False
    nests: bool = False


def number(text: str) -> int:
    """A number in an operand, as a C `int`: what is larger wraps, as `atoi` does it. Raises ShellError unless it is one."""
    if not text.isascii() or not text.isdigit():
        raise ShellError(f"Illegal number: {text}")
    value = min(int(text.lstrip("0")[:30] or "0"), _LARGEST_LONG) & 0xFFFFFFFF
    return value - (value >> 31 << 32)


class OptionParser:
    """Reads the options of a built-in, as ash's own do: letters, of which those with a colon take an argument.

    Attributes:
        rest: The operands, once all options are read.
        argument: The argument of the last option.
    """

    __slots__ = ("_letters", "_text", "argument", "rest")

    def __init__(self, argv: list[str], letters: str) -> None:
        self.rest = argv[1:]
        self.argument = ""
        self._letters = letters
        self._text = ""

    def next(self) -> str:
        """The next option's letter, "" when there is none. Raises ShellError for one that does not exist."""
        if not self._text:
            if not self.rest or self.rest[0] == "-" or not self.rest[0].startswith("-"):
                return ""
            word = self.rest.pop(0)
            if word == "--":
                return ""
            self._text = word[1:]
        letter, self._text = self._text[0], self._text[1:]
        index = self._letters.find(letter) if letter != ":" else -1
        if index < 0:
            raise ShellError(f"illegal option -{letter}")
        if self._letters[index + 1 : index + 2] == ":":
            if not self._text:
                if not self.rest:
                    raise ShellError(f"no arg for -{letter} option")
                self._text = self.rest.pop(0)
            self.argument, self._text = self._text, ""
        return letter
