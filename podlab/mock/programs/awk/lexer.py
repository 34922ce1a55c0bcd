"""Cuts an awk program into tokens, one at a time: whether a slash divides or begins a regular expression, the parser says."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from podlab.mock.shell.escapes import escape_at


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    STRING = "string"
    REGEX = "regex"
    NAME = "name"
    CALL = "name("
    BUILTIN = "builtin"
    KEYWORD = "keyword"
    OPERATOR = "operator"
    NEWLINE = "newline"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its text (what a string means, an operator's characters), its value if it is a number, and its line."""

    kind: Kind
    text: str
    line: int
    value: float = 0.0


class AwkError(Exception):
    """A program that is wrong, or that does what it cannot. `line` is the program's, 0 for none."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


UNEXPECTED_TOKEN: Final = "Unexpected token"
UNEXPECTED_END: Final = "Unexpected end of string"

KEYWORDS: Final = frozenset(
    (
        "if", "do", "for", "break", "continue", "delete", "print", "printf", "next", "nextfile", "return", "exit", "while",
        "else", "in", "getline", "func", "function", "BEGIN", "END",
    )
)  # fmt: skip
BUILTINS: Final = frozenset(
    (
        "and", "compl", "lshift", "or", "rshift", "xor", "close", "system", "fflush", "atan2", "cos", "exp", "int", "log", "rand",
        "sin", "sqrt", "srand", "gensub", "gsub", "index", "match", "split", "sprintf", "sub", "substr", "systime", "strftime",
        "mktime", "tolower", "toupper", "length",
    )
)  # fmt: skip
_SPACE: Final = re.compile(r"(?:[ \t\r]|\\\r?\n|#[^\n]*)*")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER: Final = re.compile(r"0[xX][0-9a-fA-F]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_OPERATOR: Final = re.compile(r"\*\*=|>>|\+\+|--|==|\+=|-=|\*=|/=|%=|\^=|\*\*|!=|>=|<=|!~|&&|\|\||[-+*/%^=<>!~?:|,;(){}$\[\]]")


class Lexer:
    """Reads tokens from a program's text."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._line = 1

    def next(self, regex_allowed: bool) -> Token:
        """The next token; with `regex_allowed` a slash begins a regular expression. Raises AwkError."""
        space = _SPACE.match(self._source, self._at)
        assert space is not None
        self._line += space[0].count("\n")
        self._at = space.end()
        source, at, line = self._source, self._at, self._line
        if at >= len(source):
            return Token(Kind.END, "", line)
        char = source[at]
        if char == "\n":
            self._at += 1
            self._line += 1
            return Token(Kind.NEWLINE, "\n", line)
        if char == '"':
            return Token(Kind.STRING, self._string(), line)
        if char == "/" and regex_allowed:
            return Token(Kind.REGEX, self._regex(), line)
        for pattern, make in ((_NUMBER, self._number), (_NAME, self._word), (_OPERATOR, self._operator)):
            match = pattern.match(source, at)
            if match:
                self._at = match.end()
                return make(match[0], line)
        raise AwkError(UNEXPECTED_TOKEN, line)

    def _number(self, text: str, line: int) -> Token:
        if self._source.startswith(".", self._at):
            raise AwkError(UNEXPECTED_TOKEN, line)
        return Token(Kind.NUMBER, text, line, _number_value(text))

    def _operator(self, text: str, line: int) -> Token:
        text = {"**": "^", "**=": "^="}.get(text, text)
        return Token(Kind.OPERATOR, text, line)

    def split(self, token: Token) -> Token:
        """The first character of the operator that was just read, as a token; the rest is read again."""
        self._at -= len(token.text) - 1
        return Token(token.kind, token.text[0], token.line)

    def _word(self, text: str, line: int) -> Token:
        if text in KEYWORDS:
            return Token(Kind.KEYWORD, text, line)
        if text in BUILTINS:
            return Token(Kind.BUILTIN, text, line)
        return Token(Kind.CALL if self._source.startswith("(", self._at) else Kind.NAME, text, line)

    def _string(self) -> str:
        out = []
        at = self._at + 1
        source = self._source
        while True:
            char = source[at : at + 1]
            at += 1
            if char in ("", "\n"):
                raise AwkError(UNEXPECTED_END, self._line)
            if char == '"':
                break
            if char == "\\":
                char, at = self._escape(at)
            out.append(char)
        self._at = at
        return "".join(out).partition("\0")[0]

    def _escape(self, at: int) -> tuple[str, int]:
        """The escape in a string after the backslash before `at`."""
        char, after = escape_at(self._source, at)
        if after != at:
            return char, after
        following = self._source[at : at + 1]
        if following == "\n":  # busybox does not count this line
            return "", at + 1
        return following, at + 1

    def _regex(self) -> str:
        out = []
        at = self._at + 1
        source = self._source
        while (char := source[at : at + 1]) != "/":
            if char in ("", "\n"):
                raise AwkError(UNEXPECTED_END, self._line)
            at += 1
            if char == "\\":
                following = source[at : at + 1]
                char, after = escape_at(source, at)
                if following == "\\":
                    char = "\\\\"
                elif after == at:
                    char, after = "\\" + following, at + 1
                at = after
            out.append(char)
        self._at = at + 1
        return "".join(out).partition("\0")[0]


def _number_value(text: str) -> float:
    """A number in the program may be hexadecimal or octal."""
    if text[:2] in ("0x", "0X"):
        return float(int(text, 16))
    if re.fullmatch("0[0-7]+", text):
        return float(int(text, 8))
    return float(text)


def unescape(text: str) -> str:
    """What the value of -v or of an assignment among the files means: its escapes replaced."""
    lexer = Lexer('"' + text.replace('"', '\\"').replace("\n", "\\n") + '"')
    if (len(text) - len(text.rstrip("\\"))) % 2:
        return unescape(text[:-1])
    return lexer.next(regex_allowed=False).text
