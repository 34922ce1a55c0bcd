"""Where commands come from: a string, a script, standard input, a terminal; each gives one parsed command after the other.

What a string was parsed into is remembered, so that `eval` in a loop, a trap, or a script that runs again is parsed once.
Aliases change what a text means, so a shell that has any parses for itself.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from podlab.mock.shell.encoding import from_bytes
from podlab.mock.shell.errors import ShellSyntaxError
from podlab.mock.shell.parser import END, ActionParser, Parser
from podlab.mock.shell.source import Incomplete
from podlab.mock.shell.syntax import Node

_REMEMBER_UP_TO: Final = 65_536
BLOCK: Final = 1023
"""How much of a script on a descriptor ash reads at once; commands in it cannot read that part of the input."""


class Command(NamedTuple):
    """A parsed command.

    Attributes:
        node: The command; None for an empty line.
        last: Nothing follows it, not even a newline.
        text: What it was parsed from (`set -v` shows it).
        end_line: The line on which the next begins.
    """

    node: Node | None
    last: bool
    text: str
    end_line: int


def _parse(parser: Parser) -> Node | object | None:
    """The next command. A syntax error takes along what was read of it."""
    start = parser.pos
    try:
        return parser.command()
    except ShellSyntaxError as error:
        end = parser.text.find("\n", max(parser.pos - 1, start)) + 1
        error.read = parser.text[start : end or len(parser.text)]
        raise


class _Program:
    """The commands of a text, parsed as far as somebody wanted them."""

    __slots__ = ("commands", "ended", "parser")

    def __init__(self, text: str, line: int, in_trap: bool) -> None:
        self.parser = (ActionParser if in_trap else Parser)(text, line)
        self.commands: list[tuple[Command, int, int]] = []
        self.ended = False

    def command(self, index: int, running_line: int) -> tuple[Command, int, int] | None:
        """Command number `index` with position and line after it; None past the end."""
        parser = self.parser
        parser.running_line = running_line
        while len(self.commands) <= index and not self.ended:
            start, line = parser.pos, parser.line
            try:
                node = _parse(parser)
            except BaseException:
                parser.pos, parser.line = start, line
                raise
            if node is END:
                self.ended = True
                break
            command = Command(node, parser.at_end, parser.text[start : parser.pos], parser.line)  # type: ignore[arg-type]
            self.commands.append((command, parser.pos, parser.line))
        return self.commands[index] if index < len(self.commands) else None


_remembered = lru_cache(maxsize=512)(_Program)


class StringReader:
    """Commands from a text that is all there.

    Args:
        text: The text.
        line: The number of its first line.
        aliases: The shell's aliases, as they are whenever a command is read.
        in_trap: A trap runs the commands.

    Attributes:
        running_line: See `Lexer`; to be set before a command is read.
    """

    __slots__ = ("aliases", "in_trap", "index", "line", "parser", "pos", "program", "running_line", "text")

    def __init__(self, text: str, line: int, aliases: Mapping[str, str], in_trap: bool = False) -> None:
        self.text = text
        self.in_trap = in_trap
        self.line = line
        self.pos = 0
        self.aliases = aliases
        self.index = 0
        self.running_line = 0
        lasting = len(text) <= _REMEMBER_UP_TO and "`" not in text  # backquotes' lines depend on what ran before
        self.program = (_remembered if lasting else _Program)(text, line, in_trap)
        self.parser: Parser | None = None

    async def next(self) -> Command | None:
        """The next command, None at the end. Raises ShellSyntaxError."""
        return self.next_now()

    def next_now(self) -> Command | None:
        """The same, at once."""
        if self.parser is None and not self.aliases:
            found = self.program.command(self.index, self.running_line)
            if found is None:
                return None
            self.index += 1
            command, self.pos, self.line = found
            return command
        if self.parser is None:
            text = self.text.replace("\0", "")[self.pos :]
            self.parser = (ActionParser if self.in_trap else Parser)(text, self.line, aliases=self.aliases)
        parser = self.parser
        parser.running_line = self.running_line
        start = parser.pos
        node = _parse(parser)
        return None if node is END else Command(node, parser.at_end, parser.text[start : parser.pos], parser.line)  # type: ignore[arg-type]


class StreamReader:
    """Commands from a text that comes bit by bit.

    Args:
        more: Gives the next bytes of it, none at the end; the argument says whether a command has been begun (for the prompt).
        aliases: As for `StringReader`.

    Attributes:
        running_line: See `Lexer`; to be set before a command is read.
    """

    __slots__ = ("aliases", "more", "parser", "running_line")

    def __init__(self, more: Callable[[bool], Awaitable[bytes]], aliases: Mapping[str, str]) -> None:
        self.more = more
        self.aliases = aliases
        self.parser = Parser("", complete=False, aliases=aliases)
        self.running_line = 0

    async def next(self) -> Command | None:
        """The next command, None at the end. Raises ShellSyntaxError."""
        parser = self.parser
        parser.running_line = self.running_line
        begun = False
        while True:
            start = (parser.pos, parser.line, parser.text, parser.aliases_in_use)
            try:
                node = _parse(parser)
            except Incomplete:
                parser.pos, parser.line, parser.text, parser.aliases_in_use = start
            else:
                text = parser.text[start[0] : parser.pos]
                parser.text = parser.text[parser.pos :]
                parser.aliases_in_use = [(stop - parser.pos, name) for stop, name in parser.aliases_in_use]
                parser.pos = 0
                return None if node is END else Command(node, parser.at_end, text, parser.line)  # type: ignore[arg-type]
            begun = begun or bool(parser.text[parser.pos :].strip())
            data = await self.more(begun)
            if not data:
                parser.complete = True
            parser.text += from_bytes(data).replace("\0", "")

    def forget(self) -> None:
        """Drops what was read but not yet parsed (after an error in an interactive shell)."""
        self.parser = Parser("", self.parser.line, complete=False, aliases=self.aliases)


Reader = StringReader | StreamReader
