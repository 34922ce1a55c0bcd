"""Tokens: operators, redirections, keywords and words; and aliases, which are replaced as tokens are read.

What a word may be depends on where the parser stands, so it says before each token what to look for (`EXPECT_*`).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from podlab.mock.shell.encoding import plain
from podlab.mock.shell.syntax import HereDocument, Redirect, RedirectKind, Word
from podlab.mock.shell.words import WordReader

EXPECT_ALIAS: Final = 1
EXPECT_KEYWORD: Final = 2
SKIP_NEWLINES: Final = 4
EXPECT_COMMAND: Final = EXPECT_ALIAS | EXPECT_KEYWORD

END_OF_FILE: Final = "end of file"
NEWLINE: Final = "newline"
REDIRECTION: Final = "redirection"
WORD: Final = "word"
_NAMED: Final = (END_OF_FILE, NEWLINE, REDIRECTION, WORD)

KEYWORDS: Final = frozenset(
    ("!", "case", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in", "then", "until", "while", "{", "}")
)
_BLANKS: Final = re.compile(r"[ \t]+")
_NO_WORD: Final = Word((), None, quoted=False, source="")
_INPUT_KINDS: Final = {"&": RedirectKind.DUP_IN, ">": RedirectKind.READ_WRITE, "<": RedirectKind.HERE}
_OUTPUT_KINDS: Final = {">": RedirectKind.APPEND, "|": RedirectKind.CLOBBER, "&": RedirectKind.DUP_OUT}


def token_name(token: str) -> str:
    """A token as error messages name it."""
    return token if token in _NAMED else f'"{token}"'


class Lexer(WordReader):
    """Reads tokens. `token` is the kind of the last one, `word` and `redirect` what it holds.

    `running_line` is the line of the command that the shell ran last: from it ash counts the lines in backquotes.
    """

    __slots__ = ("aliases", "expect", "pending_documents", "pushed_back", "redirect", "running_line", "token", "word")

    def __init__(self, text: str, line: int = 1, complete: bool = True, aliases: Mapping[str, str] | None = None) -> None:
        super().__init__(text, line, complete)
        self.aliases: Mapping[str, str] = {} if aliases is None else aliases  # not `or`: an empty one fills later
        self.token = NEWLINE
        self.word = _NO_WORD
        self.redirect: Redirect | None = None
        self.pushed_back = False
        self.running_line = 0
        self.expect = 0
        self.pending_documents: list[HereDocument] = []

    def push_back(self) -> None:
        """Lets the next `read_token` give the last token again."""
        self.pushed_back = True

    def read_token(self) -> str:
        """Reads the next token, minding `expect` (which it resets)."""
        expect = self.expect
        while True:
            token = self.next_token()
            if expect & SKIP_NEWLINES:
                while token == NEWLINE:
                    self.read_here_documents()
                    self.expect = 0
                    token = self.next_token()
            expect |= self.expect
            self.expect = 0
            if token != WORD or self.word.quoted or len(self.word.pieces) != 1:
                return token
            text = self.word.pieces[0]
            if not isinstance(text, str):
                return token
            if expect & EXPECT_KEYWORD and text in KEYWORDS:
                self.token = text
                return text
            if not (expect & EXPECT_ALIAS and self.aliases and self.expand_alias(text)):
                return token

    def expand_alias(self, name: str) -> bool:
        """Splices in the alias `name`, unless there is none or the name came out of itself."""
        value = self.aliases.get(name)
        start = self.pos - len(name)
        if value is None or any(other == name and stop > start for stop, other in self.aliases_in_use):
            return False
        self.splice(name, value)
        return True

    def next_token(self) -> str:
        """Reads the next token without regard to keywords, aliases and `expect`."""
        if self.pushed_back:
            self.pushed_back = False
            return self.token
        while True:
            self.take(_BLANKS)
            char = self.peek()
            if char == "#":
                self.skip_comment()
            elif char not in (" ", "\t"):
                break
        if self.aliases_in_use:
            self.leave_aliases()
            if self.ended_in_blank:
                self.expect |= EXPECT_ALIAS
        self.token = self.operator(char) or self.word_or_redirection()
        return self.token

    def operator(self, char: str) -> str:
        """Reads the operator that begins with `char`; "" when a word or a redirection begins here."""
        if char == "":
            return END_OF_FILE
        if char == "\n":
            self.pos += 1
            self.line += 1
            return NEWLINE
        if char in "()":
            self.pos += 1
            return char
        if char in "&|;":
            self.pos += 1
            after = self.peek()
            if after == char:
                self.pos += 1
                return char + char
            if char == "&" and after == ">":
                self.pos -= 1
                return ""
            return char
        return ""

    def word_or_redirection(self) -> str:
        """Reads a word, or a redirection with the number of its descriptor."""
        word = self.read_word()
        if not word.quoted and (word.source == "" or (word.source.isdigit() and word.source.isascii())):
            char = self.peek()
            both = char == "&" and self.peek_raw(1) == ">"
            if both or char in ("<", ">"):
                self.redirection(char, int(word.source) & 0xFFFFFFFF if word.source else None)
                return REDIRECTION
        self.word = word
        return WORD

    def redirection(self, char: str, descriptor: int | None) -> None:
        """Reads a redirection operator; what it is applied to is read by `redirect_operand`."""
        self.pos += 2 if char == "&" else 1
        kind = RedirectKind.BOTH if char == "&" else RedirectKind(char)
        document = None
        if char != "&":
            after = self.peek()
            changed = (_INPUT_KINDS if char == "<" else _OUTPUT_KINDS).get(after)
            if changed is not None:
                self.pos += 1
                kind = changed
            if kind is RedirectKind.HERE:
                strip_tabs = self.peek() == "-"
                self.pos += strip_tabs
                document = HereDocument("", strip_tabs, expand=True)
        fd = descriptor if descriptor is not None else 0 if char == "<" else 1
        self.redirect = Redirect(kind, fd, None, document)

    def redirect_operand(self) -> Redirect:
        """Reads the word after the redirection operator that was just read."""
        redirect = self.redirect
        assert redirect is not None
        if redirect.document is not None:
            self.delimiter(redirect.document)
            return redirect
        if self.read_token() != WORD:
            raise self.unexpected()
        return replace(redirect, target=self.word)

    def delimiter(self, document: HereDocument) -> None:
        """Reads the word that will end a here-document; the document itself comes after this line."""
        self.take(_BLANKS)
        while (char := self.peek()) in (" ", "\t"):  # after a backslash-newline
            self.take(_BLANKS)
        word = self.read_delimiter() if char and char not in "#\n;&|<>()" else None
        if word is None:
            self.read_token()
            raise self.unexpected()
        if not word.quoted and word.source.isdigit() and self.peek() in ("<", ">"):
            self.token = REDIRECTION
            raise self.unexpected()
        document.delimiter = plain(word.pieces[0]) if word.pieces and isinstance(word.pieces[0], str) else ""
        document.expand = not word.quoted
        self.pending_documents.append(document)

    def read_here_documents(self) -> None:
        """Reads the documents that the line just ended announced."""
        if not self.pending_documents:
            return
        pending, self.pending_documents = self.pending_documents, []
        for document in pending:
            document.body = self.here_document(document.delimiter, document.strip_tabs, document.expand)

    def unexpected(self, expected: str = "") -> Exception:
        """The error for a token that does not belong here."""
        hint = f" (expecting {token_name(expected)})" if expected else ""
        return self.error(f"unexpected {token_name(self.token)}{hint}")
