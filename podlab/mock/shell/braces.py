"""Reading `${...}`: the parameter's name, the operator, and its operand.

The operand is a kind of text of its own: unquoted, its quotes count; in double quotes it goes on to the `}` that is not quoted.
"""

import re
from abc import abstractmethod
from typing import Final

from podlab.mock.shell.encoding import QUOTE, protect
from podlab.mock.shell.pieces import Pieces, make_word
from podlab.mock.shell.quotes import QuoteReader
from podlab.mock.shell.syntax import CommandSubstitution, Operator, Parameter, Word

NAME_RUN: Final = re.compile(r"[A-Za-z0-9_]*")
SPECIALS: Final = "!#$*-0123456789?@"
"""The names of one character that are no letter."""
_DIGITS: Final = re.compile(r"[0-9]*")
_QUOTED_OPERAND_RUN: Final = re.compile(r"[^\\\"$`}]+")


class BraceReader(QuoteReader):
    """A source in which `${...}` can be read."""

    __slots__ = ()

    @abstractmethod
    def unquoted(self, out: Pieces, in_braces: bool, literal_dollar: bool = False) -> None:
        """Reads unquoted text up to the end of the word, or to the `}` of the braces it stands in."""

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
                run = _DIGITS if after.isdigit() else NAME_RUN
                return self.take_through(run), Operator.LENGTH
            if after not in ("", "}") and self.peek_raw(1) == "}":
                self.pos += 1
                return after, Operator.LENGTH if after in SPECIALS else Operator.BAD
            return "#", None
        if char and ((char.isascii() and char.isalpha()) or char == "_"):
            return self.take_through(NAME_RUN), None
        if char and char.isascii() and char.isdigit():
            return self.take_through(_DIGITS), None
        if char and char in SPECIALS:
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

    def take_through(self, pattern: re.Pattern[str]) -> str:
        """Reads what `pattern` matches, going on after each backslash-newline."""
        text = self.take(pattern)
        while self.peek_raw() == "\\" and self.peek_raw(1) == "\n":
            self.pos += 2
            self.line += 1
            text += self.take(pattern)
        return text

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
