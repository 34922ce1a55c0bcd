"""Reading words: quotes, backslashes and the expansions that begin with a dollar sign.

There are five kinds of text, each with its own special characters: unquoted text, text in double quotes, the operand of
`${...}` inside double quotes, the expression of `$((...))`, and a here-document. One method reads each; they call one another
as the text nests.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Final

from podlab.mock.shell.encoding import QUOTE, SHIFT, plain, protect
from podlab.mock.shell.errors import ShellSyntaxError, StackOverflow
from podlab.mock.shell.escapes import dollar_quote
from podlab.mock.shell.source import MAX_NESTING, Source
from podlab.mock.shell.syntax import (
    Arithmetic,
    CommandSubstitution,
    Node,
    Operator,
    Parameter,
    Piece,
    ProcessSubstitution,
    Word,
)

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD_RUN: Final = re.compile(r"[^ \t\n\\'\"$`;&|<>()]+")
_OPERAND_RUN: Final = re.compile(r"[^\\'\"$`}]+")
_DOUBLE_RUN: Final = re.compile(r"[^\\\"$`]+")
_QUOTED_OPERAND_RUN: Final = re.compile(r"[^\\\"$`}]+")
_ARITHMETIC_RUN: Final = re.compile(r"[^\\$`()]+")
_HERE_RUN: Final = re.compile(r"[^\\$`\n]+")
_SINGLE: Final = re.compile(r"[^']*")
_NAME_RUN: Final = re.compile(r"[A-Za-z0-9_]*")
_DIGITS: Final = re.compile(r"[0-9]*")
_TESTS: Final = ("[", "[[")
"""Commands that look like patterns and, being never closed, are none."""
_GLOB_OR_TILDE: Final = re.compile(r"[*?\[\\]|^~")
_SPECIALS: Final = "!#$*-0123456789?@"


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


class WordReader(Source, ABC):
    """A source from which words can be read."""

    __slots__ = ()

    @abstractmethod
    def substitution_body(self) -> Node | None:
        """Reads commands up to the `)` that ends a substitution, and that too."""

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

    def read_word(self) -> Word:
        """Reads a word of a command; it is empty when none starts here."""
        start = self.pos
        run = _WORD_RUN.match(self.text, start)
        if run is not None:
            end = run.end()
            if end < len(self.text) and self.text[end] in " \t\n;":
                self.pos = end
                return make_word((run[0],), False, run[0])
        out = Pieces()
        self.unquoted(out, in_braces=False)
        return out.word(self.text[start : self.pos])

    def read_delimiter(self) -> Word:
        """Reads the word after `<<`: quotes count, but `$` and backquotes are ordinary characters."""
        start = self.pos
        out = Pieces()
        self.unquoted(out, in_braces=False, literal_dollar=True)
        return out.word(self.text[start : self.pos])

    def unquoted(self, out: Pieces, in_braces: bool, literal_dollar: bool = False) -> None:
        """Reads unquoted text up to the end of the word, or to the `}` of the braces it stands in."""
        self.enter()
        run = _OPERAND_RUN if in_braces else _WORD_RUN
        while True:
            out.text.append(self.take_text(run))
            char = self.peek_special()
            if char is None:
                continue
            if char and char in "\\'\"`$":
                self.pos += 1
                self.quoting(char, out, literal_dollar)
            elif not in_braces:
                if char == "" or char not in "<>" or self.peek_raw(1) != "(":
                    break
                self.pos += 2
                out.add(ProcessSubstitution(self.substitution_body(), reading=char == "<"))
            elif char == "}":
                self.pos += 1
                break
            elif char == "":
                raise self.error("missing '}'")
        self.nesting -= 1

    def quoting(self, char: str, out: Pieces, literal_dollar: bool) -> None:
        """Reads what a quote, a backslash, a backquote or a dollar sign (read already) begins in unquoted text."""
        if char == "\\":
            self.backslash(out)
        elif char == "'":
            self.single(out)
        elif char == '"':
            self.double(out, literal_dollar)
        elif literal_dollar:
            out.quoted = out.quoted or char == "`"
            out.text.append(char)
        elif char == "`":
            out.add(CommandSubstitution(self.read_backquotes(in_double=False), quoted=False))
        else:
            self.dollar(out, quoted=False)

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

    def quoted_operand(self, out: Pieces, here: bool) -> None:
        """Reads the operand of `${...}` inside double quotes (or a here-document), up to its `}`."""
        self.enter()
        inner = False
        while True:
            out.text.append(protect(self.take_text(_QUOTED_OPERAND_RUN)))
            char = self.peek_special()
            if char is None:
                continue
            if char == "":
                raise self.unterminated()
            self.pos += 1
            if char == "}":
                if not inner:
                    break
                out.text.append(char)
            elif char == '"':
                inner = not inner
                out.text.append("" if here else QUOTE)
            elif char == "\\":
                self.backslash_in_double(out, '\\`$"}')
            elif char == "`":
                out.add(CommandSubstitution(self.read_backquotes(in_double=True), quoted=True))
            else:
                self.dollar(out, quoted=True, here=here)
        self.nesting -= 1

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

    def dollar(self, out: Pieces, quoted: bool, here: bool = False, arithmetic: bool = False) -> None:
        """Reads what follows a dollar sign."""
        char = self.peek()
        if char == "(":
            self.pos += 1
            if self.peek() == "(":
                self.pos += 1
                out.add(Arithmetic(self.arithmetic(), quoted))
            else:
                out.add(CommandSubstitution(self.substitution_body(), quoted))
        elif char == "{":
            self.pos += 1
            out.add(self.braces(quoted, here, arithmetic))
        elif char == "'" and arithmetic:
            return  # the dollar sign is lost
        elif char == "'" and not quoted:
            self.pos += 1
            self.dollar_single(out)
        elif char and ((char.isalpha() and char.isascii()) or char == "_"):
            out.add(Parameter(self.take_through(_NAME_RUN), quoted))
        elif char and char in _SPECIALS:
            self.pos += 1
            out.add(Parameter(char, quoted))
        else:
            out.text.append("$")

    def take_through(self, pattern: re.Pattern[str]) -> str:
        """Reads what `pattern` matches, going on after each backslash-newline."""
        text = self.take(pattern)
        while self.peek_raw() == "\\" and self.peek_raw(1) == "\n":
            self.pos += 2
            self.line += 1
            text += self.take(pattern)
        return text

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

    def braces(self, quoted: bool, here: bool, arithmetic: bool) -> Parameter:
        """Reads the rest of `${...}`."""
        name, operator = self.parameter_name()
        or_null = False
        if operator is None:
            operator, or_null = self.parameter_operator()
        if or_null and operator is Operator.VALUE:  # `${name:}` goes on to the next brace, what stands there follows the value
            self.pos += 1
        elif operator in (Operator.BAD, Operator.LENGTH, Operator.VALUE):
            bare = operator is not Operator.BAD and self.peek() == "}"
            if bare:
                self.pos += 1
                return Parameter(name, quoted, operator)
            operator = Operator.BAD
        out = Pieces()
        if (quoted or arithmetic) and operator.value[:1] not in ("%", "#", "/"):
            self.quoted_operand(out, here)
        else:
            outer, self.in_here_pattern = self.in_here_pattern, here
            self.unquoted(out, in_braces=True)
            self.in_here_pattern = outer
        word = out.word()
        if operator in (Operator.REPLACE, Operator.REPLACE_ALL):
            pattern, replacement = split_replacement(word)
            return Parameter(name, quoted, operator, False, pattern, replacement)
        return Parameter(name, quoted, operator, or_null, word)

    def parameter_name(self) -> tuple[str, Operator | None]:
        """Reads the name in braces; the operator too when it stands before the name (`${#name}`)."""
        char = self.peek()
        if char == "#":
            self.pos += 1
            after = self.peek()
            if after and ((after.isascii() and after.isalnum()) or after == "_"):
                run = _DIGITS if after.isdigit() else _NAME_RUN
                return self.take_through(run), Operator.LENGTH
            if after not in ("", "}") and self.peek_raw(1) == "}":
                self.pos += 1
                return after, Operator.LENGTH if after in _SPECIALS else Operator.BAD
            return "#", None
        if char and ((char.isascii() and char.isalpha()) or char == "_"):
            return self.take_through(_NAME_RUN), None
        if char and char.isascii() and char.isdigit():
            return self.take_through(_DIGITS), None
        if char and char in _SPECIALS:
            self.pos += 1
            return char, None
        if char != "}":
            self.skip_odd(char)
        return "", Operator.BAD

    def parameter_operator(self) -> tuple[Operator, bool]:
        """Reads the operator after the name in braces; and whether it had a colon."""
        char = self.peek()
        if char == "}":
            return Operator.VALUE, False
        if char in ("%", "#", "/"):
            self.pos += 1
            if self.peek() == char:
                self.pos += 1
                char += char
            return Operator(char), False
        or_null = char == ":"
        if or_null:
            self.pos += 1
            char = self.peek()
            if char == "" or char not in "}-+?=":
                return Operator.SUBSTRING, False
            if char == "}":
                return Operator.VALUE, True
        if char == "" or char not in "-+?=":
            self.skip_odd(char)
            return Operator.BAD, False
        self.pos += 1
        return Operator(char), or_null

    def skip_odd(self, char: str) -> None:
        """Reads a character that cannot stand in braces: a quote begins nothing there, a line's end is not counted."""
        self.pos += len(char)

    def arithmetic(self) -> Word:
        """Reads the rest of `$((...))`."""
        self.enter()
        start = self.pos
        out = Pieces()
        depth = 0
        while True:
            out.text.append(self.take_text(_ARITHMETIC_RUN))
            char = self.peek_special()
            if char is None:
                continue
            if char == "":
                raise self.error("missing '))'")
            self.pos += 1
            if char == "(":
                depth += 1
                out.text.append(char)
            elif char == ")":
                if depth == 0 and self.peek() == ")":
                    self.pos += 1
                    break
                depth -= depth > 0
                out.text.append(char)
            elif char == "\\":
                self.backslash_in_double(out, '\\`$"')
            elif char == "`":
                out.add(CommandSubstitution(self.read_backquotes(in_double=True), quoted=False))
            else:
                self.dollar(out, quoted=False, arithmetic=True)
        self.nesting -= 1
        return out.word(self.text[start : self.pos - 2])

    def here_document(self, delimiter: str, strip_tabs: bool, expand: bool) -> Word:
        """Reads the body of a here-document, and the line that ends it."""
        out = Pieces()
        outer, self.here_end = self.here_end, (delimiter, strip_tabs)
        while not self.at_delimiter(delimiter, strip_tabs):
            if expand:
                if not self.here_line(out, delimiter, strip_tabs):
                    break
            else:
                end = self.text.find("\n", self.pos)
                if end < 0:
                    if not self.complete:
                        self.peek_raw(len(self.text) - self.pos)
                    out.text.append(protect(self.text[self.pos :]))
                    self.pos = len(self.text)
                    break
                out.text.append(protect(self.text[self.pos : end + 1]))
                self.pos = end + 1
                self.line += 1
        self.here_end = outer
        return out.word()

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

    def here_line(self, out: Pieces, delimiter: str, strip_tabs: bool) -> bool:
        """Reads a line of a here-document in which expansions count; False at the end of the text."""
        while True:
            char = self.peek()
            if char == "":
                return False
            self.pos += 1
            if char == "\n":
                self.line += 1
                out.text.append(char)
                return True
            if char == "\\":
                self.backslash_in_double(out, "\\`$")
            elif char == "`":
                out.add(CommandSubstitution(self.read_backquotes(in_double=True), quoted=True))
            elif char == "$":
                self.dollar(out, quoted=True, here=True)
            else:
                self.pos -= 1
                out.text.append(protect(self.take(_HERE_RUN)))


def split_replacement(word: Word) -> tuple[Word, Word | None]:
    """Splits the operand of `${name/pattern/replacement}` at its first unquoted slash; a slash in front belongs to the pattern.

    As ash looks for the slash, it takes the brace of an inner `${...}` for the end: what follows then is all pattern.
    """
    for index, piece in enumerate(word.pieces):
        if isinstance(piece, Parameter) and piece.operator is not Operator.VALUE:
            break
        if not isinstance(piece, str):
            continue
        at = piece.find("/", 1 if index == 0 and piece.startswith("/") else 0)
        if at >= 0:
            left = (*word.pieces[:index], *((piece[:at],) if piece[:at] else ()))
            right = (*((piece[at + 1 :],) if piece[at + 1 :] else ()), *word.pieces[index + 1 :])
            return make_word(left, word.quoted, ""), make_word(right, word.quoted, "")
    return word, None
