"""Reading quotes: single and double ones, backslashes, `$'...'`, and the text of a substitution in backquotes."""

import re
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Final

from podlab.mock.shell.encoding import QUOTE, protect
from podlab.mock.shell.errors import ShellSyntaxError, StackOverflow
from podlab.mock.shell.escapes import dollar_quote
from podlab.mock.shell.pieces import Pieces, escaped
from podlab.mock.shell.source import MAX_NESTING, Source
from podlab.mock.shell.syntax import CommandSubstitution, Node, Operator, Parameter

_DOUBLE_RUN: Final = re.compile(r"[^\\\"$`]+")
_SINGLE: Final = re.compile(r"[^']*")


class QuoteReader(Source, ABC):
    """A source in which quotes can be read; what begins with a dollar sign in them is read by whoever derives from it."""

    __slots__ = ()

    @abstractmethod
    def dollar(self, out: Pieces, quoted: bool, here: bool = False, arithmetic: bool = False) -> None:
        """Reads what follows a dollar sign."""

    @abstractmethod
    def backquoted(self, text: str) -> Node | None:
        """Parses the text of a substitution in backquotes, its backslashes already dealt with."""

    def error(self, message: str) -> ShellSyntaxError:
        """A syntax error at the current line."""
        return ShellSyntaxError(message, self.line)

    def unterminated(self) -> ShellSyntaxError:
        """The error for quotes that nothing closes: in a here-document they can only be those of an operand."""
        return self.error("unterminated quoted string" if self.here_end is None else "missing '}'")

    def enter(self) -> None:
        """Goes one level deeper."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise StackOverflow

    def peek_special(self) -> str | None:
        """The next character after a run of ordinary ones.

        None when a backslash-newline stood there, after which the run may go on.
        """
        before = self.pos
        char = self.peek()
        return char if self.pos == before else None

    def take_text(self, pattern: re.Pattern[str]) -> str:
        """Reads what `pattern` matches, quoted or in braces.

        In a here-document each line of it may be the one that ends the document: then the text is over, and an error follows.
        """
        if self.here_end is None:
            return self.take(pattern)
        text = ""
        match = pattern.match(self.text, self.pos)
        while match is not None and (end := self.text.find("\n", self.pos, match.end()) + 1):
            text += self.text[self.pos : end]
            self.pos = end
            self.line += 1
            if self.at_delimiter(*self.here_end):
                self.text = self.text[: self.pos]
                self.complete = True
            match = pattern.match(self.text, self.pos)
        return text + self.take(pattern)

    def at_delimiter(self, delimiter: str, strip_tabs: bool) -> bool:
        """Whether the line that starts here ends the document; if so it is read. Strips the line's tabs first if asked to."""
        while strip_tabs and self.peek_raw() == "\t":
            self.pos += 1
        end = self.pos + len(delimiter)
        if end >= len(self.text) and not self.complete:
            self.peek_raw(len(self.text) - self.pos)
        if not self.text.startswith(delimiter, self.pos):
            return False
        if end == len(self.text):
            self.pos = end
            return True
        if self.text[end] != "\n":
            return False
        self.pos = end + 1
        self.line += 1
        return True

    def backslash(self, out: Pieces) -> None:
        """Reads the character that a backslash quotes."""
        out.quoted = True
        char = self.peek_raw()
        out.text.append(escaped(char or "\\"))
        self.pos += len(char)

    def single(self, out: Pieces) -> None:
        """Reads the rest of a string in single quotes."""
        text = self.take_text(_SINGLE)
        if self.peek_raw() == "":
            raise self.unterminated()
        self.pos += 1
        out.quoted = True
        out.text.append(QUOTE + protect(text) + QUOTE)

    def double(self, out: Pieces, literal_dollar: bool = False) -> None:
        """Reads the rest of a string in double quotes."""
        self.enter()
        out.quoted = True
        out.text.append(QUOTE)
        only = len(out.done)
        while True:
            out.text.append(protect(self.take_text(_DOUBLE_RUN)))
            char = self.peek_special()
            if char is None:
                continue
            if char == "":
                raise self.unterminated()
            self.pos += 1
            if char == '"':
                break
            if char == "\\":
                self.backslash_in_double(out, '\\`$"')
            elif literal_dollar:
                out.text.append(char)
            elif char == "`":
                out.add(CommandSubstitution(self.read_backquotes(in_double=True), quoted=True))
            else:
                self.dollar(out, quoted=True)
        self.nesting -= 1
        if (
            self.in_here_pattern
        ):  # quotes in the pattern of a here-document's `${name#pattern}` do not quote what is expanded in them
            out.done[only:] = [replace(p, quoted=False) if isinstance(p, Parameter) else p for p in out.done[only:]]
        if not self.drop_quotes_of_all_parameters(out, only):
            out.text.append(QUOTE)

    @staticmethod
    def drop_quotes_of_all_parameters(out: Pieces, before: int) -> bool:
        """Whether the string was exactly "$@": it makes no field when there are no parameters, so its quotes must not count."""
        match out.done[before:]:
            case [str(text), Parameter("@", operator=Operator.VALUE)] if text.endswith(QUOTE) and not "".join(out.text):
                if text == QUOTE:
                    del out.done[before]
                else:
                    out.done[before] = text[:-1]
                return True
        return False

    def backslash_in_double(self, out: Pieces, quotable: str) -> None:
        """Reads what follows a backslash in double quotes.

        It quotes only the characters in `quotable`, else it stands for itself.
        """
        char = self.peek_raw()
        if char == "":
            out.text.append(escaped("\\"))
            return
        self.pos += 1
        if char not in quotable:
            out.text.append(escaped("\\"))
        if char == "\n":
            self.line += 1
        out.text.append(escaped(char))

    def dollar_single(self, out: Pieces) -> None:
        """Reads the rest of `$'...'`, with the escapes of C."""
        start = self.pos
        while True:
            char = self.peek_raw()
            if char == "":
                raise self.unterminated()
            if char == "'":
                break
            self.line += char == "\n"
            self.pos += 2 if char == "\\" and self.peek_raw(1) else 1
        text = self.text[start : self.pos]
        self.pos += 1
        out.quoted = True
        out.text.append(QUOTE + protect(dollar_quote(text)) + QUOTE)

    def read_backquotes(self, in_double: bool) -> Node | None:
        """Reads the rest of a substitution in backquotes."""
        self.enter()
        text: list[str] = []
        line = self.line
        while True:
            char = self.peek()
            if char == "":
                raise self.error("EOF in backquote substitution")
            self.pos += 1
            if char == "`":
                break
            if char == "\\":
                char = self.peek_raw()
                self.pos += len(char)
                if char not in ("\\", "`", "$") and not (in_double and char == '"'):
                    text.append("\\")
            if char == "\n":
                self.line += 1
            text.append(char)
        self.nesting -= 1
        after, self.line = self.line, line
        body = self.backquoted("".join(text))
        self.line = after
        return body
