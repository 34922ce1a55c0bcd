"""The syntax tree: what the parser makes and the interpreter walks.

All nodes are immutable, so that one tree serves every shell that runs the same text. `line` is the line on which a command
begins: `$LINENO` while it runs, and the number in its error messages.

A word is a tuple of pieces: `str`, in the form that `encoding` describes (quoted characters shifted, quotes marked), and
expansions.
"""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Union

from podlab.mock.shell.encoding import plain


class Operator(Enum):
    """What `${name...}` does with the value."""

    VALUE = ""
    LENGTH = "#len"
    DEFAULT = "-"
    ASSIGN = "="
    ERROR = "?"
    ALTERNATIVE = "+"
    TRIM_SUFFIX = "%"
    TRIM_SUFFIX_MAX = "%%"
    TRIM_PREFIX = "#"
    TRIM_PREFIX_MAX = "##"
    SUBSTRING = ":"
    REPLACE = "/"
    REPLACE_ALL = "//"
    BAD = "!"
    """Anything else: an error when (and if) it is expanded."""


Piece = Union[str, "Parameter", "CommandSubstitution", "Arithmetic", "ProcessSubstitution"]


@dataclass(frozen=True, slots=True)
class Word:
    """Text with expansions in it.

    Attributes:
        pieces: The word from left to right.
        constant: What it expands to, when that never depends on anything: no expansion, pattern or tilde in it.
        quoted: Whether any part of it was quoted (it is then no keyword, no alias, and forbids expansion in a here-document).
        source: The text as it was read, for messages and job listings.
        prompt: Whether it can be expanded at once, without waiting for anybody: nothing in it runs commands, reads files, or is
            nested deeply.
        literal: Its text with the marks of quoting, when it is nothing else.
        joined: Its parts, when they are text (here without the marks) and single parameters alone, and the text is no pattern:
            one after the other they are what it expands to, but for being split.
        unsplit: Whether its parameters all stand in double quotes: with `joined`, it is one field then.
    """

    pieces: tuple["Piece", ...]
    constant: str | None
    quoted: bool
    source: str
    prompt: bool = field(init=False, repr=False, compare=False)
    nested: int = field(init=False, repr=False, compare=False)
    literal: str | None = field(init=False, repr=False, compare=False)
    joined: "tuple[str | Parameter, ...] | None" = field(init=False, repr=False, compare=False)
    unsplit: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pieces = self.pieces
        nested = max((_nested(piece) for piece in pieces), default=0)
        object.__setattr__(self, "nested", nested)
        object.__setattr__(self, "prompt", nested < _TOO_DEEP)
        first = pieces[0] if len(pieces) == 1 else None
        object.__setattr__(self, "literal", first if isinstance(first, str) and self.prompt else None)
        object.__setattr__(self, "joined", _joined(pieces) if pieces else None)
        object.__setattr__(self, "unsplit", all(piece.quoted for piece in pieces if isinstance(piece, Parameter)))


_TOO_DEEP: Final = 8
"""Words in words in words: from so many on, expansion is spread over the trampoline."""


def _nested(piece: "Piece") -> int:
    """How deeply words are nested in a piece; _TOO_DEEP for what others have to be waited for."""
    if isinstance(piece, str):
        return _TOO_DEEP if "~" in piece else 0
    if isinstance(piece, Parameter):
        inner = max(piece.word.nested if piece.word else 0, piece.second.nested if piece.second else 0)
        return min(inner + 1, _TOO_DEEP)
    return min(piece.expression.nested + 1, _TOO_DEEP) if isinstance(piece, Arithmetic) else _TOO_DEEP


_PATTERN_OR_TILDE: Final = re.compile(r"[*?\[\\~]")


def _joined(pieces: tuple["Piece", ...]) -> "tuple[str | Parameter, ...] | None":
    """What a word's parts are, if they only need to be joined (see `Word.joined`)."""
    parts: list[str | Parameter] = []
    for piece in pieces:
        if isinstance(piece, str):
            if _PATTERN_OR_TILDE.search(piece) is not None:
                return None
            parts.append(plain(piece))
        elif isinstance(piece, Parameter) and piece.is_single:
            parts.append(piece)
        else:
            return None
    return tuple(part for part in parts if part != "")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name` or `${name operator word}`.

    Attributes:
        quoted: Stands inside double quotes.
        or_null: The operator had a colon: a null value counts as unset.
        word: The operand; for SUBSTRING the offset, for REPLACE the pattern.
        second: For SUBSTRING the length, for REPLACE the replacement; None when absent.
    """

    name: str
    quoted: bool
    operator: Operator = Operator.VALUE
    or_null: bool = False
    word: Word | None = None
    second: Word | None = None

    @property
    def is_single(self) -> bool:
        """Whether it is one text, and no operand has a say in it: `$name`, `$1`, `${#name}`."""
        return self.word is None and self.name not in ("@", "*") and self.operator in (Operator.VALUE, Operator.LENGTH)


@dataclass(frozen=True, slots=True)
class CommandSubstitution:
    """`$(body)` or the same in backquotes; `body` is None when it is empty."""

    body: "Node | None"
    quoted: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((expression))`."""

    expression: Word
    quoted: bool


@dataclass(frozen=True, slots=True)
class ProcessSubstitution:
    """`<(body)` (the command's output is read) or `>(body)`."""

    body: "Node | None"
    reading: bool


class RedirectKind(Enum):
    """The operators of redirection."""

    READ = "<"
    WRITE = ">"
    CLOBBER = ">|"
    APPEND = ">>"
    READ_WRITE = "<>"
    DUP_IN = "<&"
    DUP_OUT = ">&"
    BOTH = "&>"
    HERE = "<<"


@dataclass(slots=True)
class HereDocument:
    """A here-document; its body is filled in when the parser comes to it, after the line that announces it."""

    delimiter: str
    strip_tabs: bool
    expand: bool
    body: Word | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """One redirection of descriptor `fd` to the file or descriptor that `target` names, or from `document`."""

    kind: RedirectKind
    fd: int
    target: Word | None
    document: HereDocument | None = None


@dataclass(frozen=True, slots=True)
class Simple:
    """Assignments, words and redirections; all may be empty.

    `short` says of which kind it is, when it is one of those that a loop is full of: "assign" (assignments alone) or "command"
    (words alone, the first a constant), and nothing in it waits for anybody.
    """

    assignments: tuple[tuple[str, Word], ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    line: int
    short: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        short = ""
        if not self.redirects:
            if self.words and not self.assignments and self.words[0].constant and all(word.prompt for word in self.words):
                short = "command"
            elif not self.words and all(word.prompt for _, word in self.assignments):
                short = "assign"
        object.__setattr__(self, "short", short)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Two or more commands joined by `|`."""

    commands: tuple["Node", ...]
    background: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """`! command`."""

    command: "Node"


@dataclass(frozen=True, slots=True)
class AndOr:
    """`left && right`, or `left || right` when `is_or`."""

    left: "Node"
    right: "Node"
    is_or: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """Commands one after another."""

    commands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Background:
    """`command &`."""

    command: "Node"
    redirects: tuple[Redirect, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Subshell:
    """`( command )`."""

    command: "Node"
    redirects: tuple[Redirect, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Redirected:
    """A compound command with redirections."""

    command: "Node"
    redirects: tuple[Redirect, ...]
    line: int


@dataclass(frozen=True, slots=True)
class If:
    """`if test; then ...; else ...; fi`; an `elif` is an `If` in the else part."""

    test: "Node"
    then: "Node"
    otherwise: "Node | None"


@dataclass(frozen=True, slots=True)
class Loop:
    """`while test; do body; done`, or `until` when `until`."""

    test: "Node"
    body: "Node"
    until: bool


@dataclass(frozen=True, slots=True)
class For:
    """`for name in words; do body; done`."""

    name: str
    words: tuple[Word, ...]
    body: "Node"
    line: int


@dataclass(frozen=True, slots=True)
class CaseItem:
    """`pattern | pattern) body ;;`."""

    patterns: tuple[Word, ...]
    body: "Node | None"


@dataclass(frozen=True, slots=True)
class Case:
    """`case word in items esac`."""

    word: Word
    items: tuple[CaseItem, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Function:
    """The definition of a function."""

    name: str
    body: "Node"
    line: int


Node = Simple | Pipeline | Not | AndOr | Sequence | Background | Subshell | Redirected | If | Loop | For | Case | Function

ALL_PARAMETERS: Final = Word((Parameter("@", quoted=True),), None, quoted=True, source='"$@"')
"""What `for name do` walks over."""
