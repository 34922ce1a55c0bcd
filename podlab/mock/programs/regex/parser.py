r"""Reads POSIX regular expressions, basic and extended, with GNU's additions (`\w`, `\<`, `\b`, `\+`, `\|` ...).

It reads them as glibc's regcomp does in the C locale; what it refuses it refuses in regerror's words.
"""

from typing import Final

from podlab.mock.programs.regex.nodes import (
    ALL_BYTES,
    CLASSES,
    SPACE,
    WORD,
    At,
    Backreference,
    Bytes,
    Choice,
    Group,
    Node,
    Repeat,
    Sequence,
    byte_range,
    without_case,
)

MAX_REPEAT: Final = 32_767
MAX_DEPTH: Final = 100


class RegexError(ValueError):
    """A regular expression that regcomp would refuse; the text is regerror's."""


BAD_PATTERN: Final = "Invalid regular expression"
BAD_CLASS: Final = "Invalid character class name"
BAD_COLLATION: Final = "Invalid collation character"
BAD_ESCAPE: Final = "Trailing backslash"
BAD_REFERENCE: Final = "Invalid back reference"
BAD_BRACKET: Final = "Unmatched [, [^, [:, [., or [="
BAD_PARENTHESIS: Final = "Unmatched ( or \\("
BAD_BRACE: Final = "Unmatched \\{"
BAD_INTERVAL: Final = "Invalid content of \\{\\}"
BAD_RANGE: Final = "Invalid range end"
BAD_REPEAT: Final = "Invalid preceding regular expression"
TOO_BIG: Final = "Regular expression too big"

_ESCAPED_PLACES: Final = {
    b"<": At.WORD_BEGIN,
    b">": At.WORD_END,
    b"b": At.WORD_EDGE,
    b"B": At.NOT_WORD_EDGE,
    b"`": At.BEGIN,
    b"'": At.END,
}
_ESCAPED_SETS: Final = {b"w": WORD, b"W": ALL_BYTES & ~WORD, b"s": SPACE, b"S": ALL_BYTES & ~SPACE}


class Parser:
    """Reads one expression.

    Attributes:
        groups: How many groups there are, once parsed.
    """

    def __init__(self, source: bytes, extended: bool, ignore_case: bool) -> None:
        self._source = source
        self._extended = extended
        self._ignore_case = ignore_case
        self._at = 0
        self._depth = 0
        self._closed: set[int] = set()
        self.groups = 0

    def parse(self) -> Node:
        """The tree. Raises RegexError."""
        node = self._choice()
        if self._at < len(self._source):
            raise RegexError(BAD_PARENTHESIS)
        return node

    # --- tokens ---

    def _operator(self) -> bytes:
        r"""The operator that begins here, as extended syntax writes it (`(`, `)`, `|`, `+`, `?`, `*`, `{`), or empty."""
        char = self._source[self._at : self._at + 1]
        if char == b"*":
            return char
        if self._extended:
            return char if char and char in b"()|+?{" else b""
        if char == b"\\":
            following = self._source[self._at + 1 : self._at + 2]
            return following if following and following in b"()|+?{" else b""
        return b""

    def _skip_operator(self, operator: bytes) -> None:
        self._at += 1 if self._extended or operator == b"*" else 2

    def _closes_group(self) -> bool:
        """Whether a `)` here ends something: an unmatched one of extended syntax is a character."""
        return self._operator() == b")" and (self._depth > 0 or not self._extended)

    # --- grammar ---

    def _choice(self) -> Node:
        known = self._closed.copy()
        branches = [self._branch()]
        closed = self._closed
        while self._operator() == b"|":
            self._skip_operator(b"|")
            self._closed = known.copy()  # an alternative cannot refer to the groups of another
            branches.append(self._branch())
            closed |= self._closed
        self._closed = closed
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _branch(self) -> Node:
        items: list[Node] = []
        start = self._at
        while self._at < len(self._source) and self._operator() != b"|" and not self._closes_group():
            items.append(self._repeated(first=self._at == start))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _repeated(self, first: bool) -> Node:
        node = self._atom(first)
        while (operator := self._operator()) in (b"*", b"+", b"?", b"{"):
            if isinstance(node, At):
                return node
            self._skip_operator(operator)
            if operator == b"{":
                least, most = self._interval()
            else:
                least, most = (1 if operator == b"+" else 0), (1 if operator == b"?" else None)
            node = _repeat(node, least, most)
            if not self._extended and self._operator() in (b"*", b"{"):
                raise RegexError(BAD_REPEAT)
        return node

    def _atom(self, first: bool) -> Node:
        operator = self._operator()
        if operator == b"(":
            return self._group()
        if operator in (b"*", b"+", b"?", b"{"):
            if self._extended or (operator == b"{"):
                raise RegexError(BAD_REPEAT)
            self._skip_operator(operator)
            return self._literal(operator)
        char = self._source[self._at : self._at + 1]
        self._at += 1
        if char == b"[":
            return self._bracket()
        if char == b".":
            return Bytes(ALL_BYTES)
        if char == b"^" and (self._extended or first):
            return At.BEGIN
        if char == b"$" and (self._extended or self._at_branch_end()):
            return At.END
        if char == b"\\":
            return self._escape()
        return self._literal(char)

    def _at_branch_end(self) -> bool:
        return self._at == len(self._source) or self._operator() in (b"|", b")")

    def _literal(self, char: bytes) -> Node:
        mask = 1 << char[0]
        return Bytes(without_case(mask) if self._ignore_case else mask)

    def _group(self) -> Node:
        self._skip_operator(b"(")
        self.groups += 1
        number = self.groups
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise RegexError(TOO_BIG)
        node = self._choice()
        if self._operator() != b")":
            raise RegexError(BAD_PARENTHESIS)
        self._skip_operator(b")")
        self._depth -= 1
        self._closed.add(number)
        return Group(number, node)

    def _escape(self) -> Node:
        char = self._source[self._at : self._at + 1]
        if not char:
            raise RegexError(BAD_ESCAPE)
        self._at += 1
        if char in _ESCAPED_PLACES:
            return _ESCAPED_PLACES[char]
        if char in _ESCAPED_SETS:
            return Bytes(_ESCAPED_SETS[char])
        if b"1" <= char <= b"9":
            number = int(char)
            if number not in self._closed:
                raise RegexError(BAD_REFERENCE)
            return Backreference(number)
        return self._literal(char)

    def _interval(self) -> tuple[int, int | None]:
        """Reads `m}`, `m,}`, `,n}` or `m,n}` after its brace."""
        low, mark = self._bound()
        if low == b"" and mark != b",":
            raise RegexError(BAD_INTERVAL)
        high = low
        if low is not None and mark == b",":
            high, mark = self._bound()
        if low is None or high is None:
            raise RegexError(BAD_INTERVAL if mark else BAD_BRACE)
        least = int(low[:6] or 0)
        most = int(high[:6]) if high else None
        if mark == b"," or (most is not None and least > most):
            raise RegexError(BAD_INTERVAL)
        if max(least, most or 0) > MAX_REPEAT:
            raise RegexError(TOO_BIG)
        return least, most

    def _bound(self) -> tuple[bytes | None, bytes]:
        """One number of an interval (empty for none, None for what is no number), and what ends it: `,`, `}` or nothing."""
        close = b"}" if self._extended else b"\\}"
        start = self._at
        while self._at < len(self._source):
            if self._source.startswith(close, self._at):
                text, mark = self._source[start : self._at], b"}"
                self._at += len(close)
                break
            if self._source.startswith(b",", self._at):
                text, mark = self._source[start : self._at], b","
                self._at += 1
                break
            self._at += 2 if self._source.startswith(b"\\", self._at) else 1
        else:
            return None, b""
        return (text if not text or text.isdigit() else None), mark

    # --- bracket expressions ---

    def _bracket(self) -> Node:
        source = self._source
        negated = source[self._at : self._at + 1] == b"^"
        self._at += negated
        if self._at >= len(source):
            raise RegexError(BAD_PATTERN)
        mask = 0
        start = self._at
        while source[self._at : self._at + 1] != b"]" or self._at == start:
            mask |= self._member(first=self._at == start)
        self._at += 1
        if self._ignore_case:
            mask = without_case(mask)
        return Bytes(ALL_BYTES & ~mask if negated else mask)

    def _member(self, first: bool) -> int:
        """One character, range or class of a bracket expression, as a set."""
        if self._source[self._at : self._at + 1] == b"-" and not first and self._source[self._at + 1 : self._at + 2] != b"]":
            raise RegexError(BAD_RANGE)
        if self._source[self._at : self._at + 2] == b"[:":
            name = self._named(b":")
            if name not in CLASSES:
                raise RegexError(BAD_CLASS)
            return CLASSES[name]
        low = self._end_point()
        if self._source[self._at : self._at + 1] != b"-" or self._source[self._at + 1 : self._at + 2] == b"]":
            return 1 << low
        self._at += 1
        if self._source[self._at : self._at + 2] == b"[:":
            raise RegexError(BAD_RANGE)
        high = self._end_point()
        if low > high:
            raise RegexError(BAD_RANGE)
        return byte_range(low, high)

    def _end_point(self) -> int:
        kind = self._source[self._at : self._at + 2]
        if kind in (b"[.", b"[="):
            name = self._named(kind[1:])
            if len(name) != 1:
                raise RegexError(BAD_COLLATION)
            return name[0]
        if not kind:
            raise RegexError(BAD_BRACKET)
        self._at += 1
        return kind[0]

    def _named(self, mark: bytes) -> bytes:
        """Reads `[:name:]` and the like."""
        end = self._source.find(mark + b"]", self._at + 2)
        if end < 0:
            raise RegexError(BAD_BRACKET)
        name = self._source[self._at + 2 : end]
        self._at = end + 2
        return name


def _repeat(node: Node, least: int, most: int | None) -> Node:
    """A repetition, with `x**` and the like made one."""
    if isinstance(node, Repeat) and node.most is None and node.least <= 1 and most is None and least <= 1:
        return Repeat(node.item, min(node.least, least), None)
    if (least, most) == (1, 1):
        return node
    return Repeat(node, least, most)
