"""Reading words: text with quotes, backslashes and the expansions that begin with a dollar sign.

There are five kinds of text, each with its own special characters: unquoted text, text in double quotes (`quotes`), the operand
of `${...}` inside double quotes (`braces`), the expression of `$((...))`, and a here-document. One method reads each; they call
one another as the text nests.
"""

import re
from abc import abstractmethod
from typing import Final

from podlab.mock.shell.braces import NAME_RUN, SPECIALS, BraceReader
from podlab.mock.shell.encoding import protect
from podlab.mock.shell.pieces import Pieces, make_word
from podlab.mock.shell.syntax import Arithmetic, CommandSubstitution, Node, Parameter, ProcessSubstitution, Word

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD_RUN: Final = re.compile(r"[^ \t\n\\'\"$`;&|<>()]+")
_OPERAND_RUN: Final = re.compile(r"[^\\'\"$`}]+")
_ARITHMETIC_RUN: Final = re.compile(r"[^\\$`()]+")
_HERE_RUN: Final = re.compile(r"[^\\$`\n]+")


class WordReader(BraceReader):
    """A source from which words and here-documents can be read."""

    __slots__ = ()

    @abstractmethod
    def substitution_body(self) -> Node | None:
        """Reads commands up to the `)` that ends a substitution, and that too."""

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
            out.add(Parameter(self.take_through(NAME_RUN), quoted))
        elif char and char in SPECIALS:
            self.pos += 1
            out.add(Parameter(char, quoted))
        else:
            out.text.append("$")

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
        while True:
            if expand:
                self.peek()  # goes past a backslash-newline
            if self.at_delimiter(delimiter, strip_tabs):
                break
            if expand:
                if strip_tabs and self.text.startswith(
                    "\t\\\n", self.pos - 1
                ):  # behind tabs that were taken off it joins nothing
                    self.pos += 1
                    self.backslash_in_double(out, "\\`$")
                    self.line -= 1  # nor is it counted
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
