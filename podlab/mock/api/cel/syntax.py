"""From text to a tree.

A node's ``place`` is the offset that errors point at: of a selection its dot, of a call its bracket, of an operator itself.
"""

import re
from dataclasses import dataclass
from typing import Final

from podlab.mock.api.cel.literals import read_bytes, read_number, read_string
from podlab.mock.api.cel.problems import CompileError, NotModelledError
from podlab.mock.api.cel.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the text."""

    place: int
    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """A variable (or a part of the name of a function)."""

    place: int
    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """``operand.field``; as a ``test``, ``has(operand.field)``; ``optional`` for ``operand.?field``."""

    place: int
    operand: "Node"
    field: str
    test: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """``function(...)``, ``target.function(...)``, or an operator (``_+_``)."""

    place: int
    function: str
    target: "Node | None"
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ListNode:
    """``[a, b]``."""

    place: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    """``{a: b}``."""

    place: int
    entries: tuple[tuple["Node", "Node"], ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """``values.all(name, condition)`` and its like; ``result`` is what ``map`` makes of an element."""

    place: int
    kind: str
    values: "Node"
    name: str
    condition: "Node | None"
    result: "Node | None"


Node = Literal | Name | Select | Call | ListNode | MapNode | Loop

_TOKEN: Final = re.compile(
    r"""(?P<space>(?:[ \t\r\n\f]|//[^\n]*)+)
    |(?P<string>[rR]?(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'))
    |(?P<bytes>[bB][rR]?(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'))
    |(?P<number>0x[0-9a-fA-F]+[uU]?|(?:[0-9]+\.[0-9]+|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?[uU]?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
_RAW: Final = re.compile(r"[bB]?[rR](?P<quote>\"\"\"|'''|\"|').*", re.DOTALL)
_LEVELS: Final = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "%"))
_LOOPS: Final = {"all": 2, "exists": 2, "exists_one": 2, "existsOne": 2, "filter": 2, "map": 2}
_LOOPS_NOT_MODELLED: Final = ("transformList", "transformMap", "transformMapEntry", "optMap", "optFlatMap", "sortBy")
_WORDS: Final = {"true": True, "false": False, "null": None}
_RESERVED: Final = frozenset(
    ("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
     "return", "var", "void", "while")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


def parse(source: str) -> Node:
    """The tree of ``source``.

    Raises:
        CompileError: it is no expression.
        NotModelledError: it uses a macro that the mock has not.
    """
    parser = _Parser(source)
    try:
        tree = parser.expression()
    except RecursionError:
        raise CompileError(source, [(0, "Syntax error: expression recursion limit exceeded")]) from None
    parser.expect_end()
    return tree


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = self._scan()
        self.at = 0

    def _scan(self) -> list[_Token]:
        tokens, place = [], 0
        while place < len(self.source):
            match = _TOKEN.match(self.source, place)
            if match is None:
                shown = self.source[place]
                raise CompileError(self.source, [(place, f"Syntax error: token recognition error at: '{shown}'")])
            kind = match.lastgroup or ""
            # A word that is stuck to a quote (rb"...") is read by the rule that is longest, as ANTLR does.
            if kind != "space":
                tokens.append(_Token(kind, match[0], place))
            place = match.end()
        return [*tokens, _Token("end", "<EOF>", len(self.source))]

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> _Token | None:
        """The next token, if it is one of these signs."""
        token = self.token
        if token.text in texts and token.kind in ("sign", "name"):
            self.at += 1
            return token
        return None

    def expect(self, text: str) -> _Token:
        return self.take(text) or self.fail(f"'{text}'")

    def fail(self, wanted: str) -> _Token:
        token = self.token
        what = "extraneous input" if wanted == "<EOF>" else "mismatched input"
        raise CompileError(self.source, [(token.place, f"Syntax error: {what} '{token.text}' expecting {wanted}")])

    def expect_end(self) -> None:
        if self.token.kind != "end":
            self.fail("<EOF>")

    def expression(self) -> Node:
        condition = self.binary(0)
        mark = self.take("?")
        if mark is None:
            return condition
        yes = self.binary(0)
        self.expect(":")
        return Call(mark.place, "_?_:_", None, (condition, yes, self.expression()))

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while sign := self.take(*_LEVELS[level]):
            name = "@in" if sign.text == "in" else f"_{sign.text}_"
            left = Call(sign.place, name, None, (left, self.binary(level + 1)))
        return left

    def unary(self) -> Node:
        sign = self.take("!", "-")
        if sign is None:
            return self.member(self.primary())
        if sign.text == "-" and self.token.kind == "number":
            token = self.token
            self.at += 1
            return self.member(Literal(sign.place, read_number(self.source, token.place, "-" + token.text)))
        return Call(sign.place, f"{sign.text}_", None, (self.unary(),))

    def member(self, node: Node) -> Node:
        while True:
            if dot := self.take("."):
                node = self.select(node, dot)
            elif bracket := self.take("["):
                optional = self.take("?") is not None
                index = self.expression()
                self.expect("]")
                node = Call(bracket.place, "_[?_]" if optional else "_[_]", None, (node, index))
            elif self.token.text == "{" and isinstance(node, Name | Select):
                raise NotModelledError("messages in CEL")
            else:
                return node

    def select(self, node: Node, dot: _Token) -> Node:
        optional = self.take("?") is not None
        token = self.token
        if token.kind != "name":
            self.fail("IDENTIFIER")
        self.at += 1
        bracket = self.take("(")
        if bracket is None:
            return Select(dot.place, node, token.text, optional=optional)
        arguments = self.arguments(")")
        return self.loop(node, token.text, bracket, arguments) or Call(bracket.place, token.text, node, arguments)

    def loop(self, values: Node, kind: str, bracket: _Token, arguments: tuple[Node, ...]) -> Node | None:
        """A macro on a list or map; None for a plain call."""
        if kind in _LOOPS_NOT_MODELLED and len(arguments) >= 2:
            raise NotModelledError(f"the CEL macro {kind}")
        if kind not in _LOOPS or len(arguments) < _LOOPS[kind]:
            return None
        first = arguments[0]
        if len(arguments) == 3 and kind != "map":
            raise NotModelledError(f"the CEL macro {kind} with two variables")
        if len(arguments) > 3 or not isinstance(first, Name):
            raise CompileError(self.source, [(first.place, "argument must be a simple name")])
        name = "exists_one" if kind == "existsOne" else kind
        condition = None if kind == "map" and len(arguments) == 2 else arguments[1]
        result = arguments[-1] if kind == "map" else None
        return Loop(bracket.place, name, values, first.name, condition, result)

    def arguments(self, closing: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self.take(closing):
            if found:
                self.expect(",")
                if closing == "]" and self.take(closing):
                    break
            found.append(self.expression())
        return tuple(found)

    def primary(self) -> Node:
        token = self.token
        self.at += 1
        if token.kind in ("string", "bytes"):
            return Literal(token.place, self.text(token))
        if token.kind == "number":
            return Literal(token.place, read_number(self.source, token.place, token.text))
        if token.kind == "name":
            return self.named(token)
        if token.text == "(":
            inner = self.expression()
            self.expect(")")
            return inner
        if token.text == "[":
            return ListNode(token.place, self.arguments("]"))
        if token.text == "{":
            return self.map(token)
        self.at -= 1
        wanted = (
            "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
        )
        self.fail(wanted)
        raise AssertionError

    def text(self, token: _Token) -> Value:
        read = read_bytes if token.kind == "bytes" else read_string
        return read(self.source, token.place, token.text, _RAW.fullmatch(token.text) is not None)

    def named(self, token: _Token) -> Node:
        if token.text in _WORDS:
            return Literal(token.place, _WORDS[token.text])
        if token.text in _RESERVED:
            raise CompileError(self.source, [(token.place, f"reserved identifier: {token.text}")])
        bracket = self.take("(")
        if bracket is None:
            return Name(token.place, token.text)
        arguments = self.arguments(")")
        if token.text == "has":
            tested = arguments[0] if len(arguments) == 1 else None
            if not isinstance(tested, Select):
                raise CompileError(self.source, [(bracket.place, "invalid argument to has() macro")])
            return Select(bracket.place, tested.operand, tested.field, test=True)
        return Call(bracket.place, token.text, None, arguments)

    def map(self, brace: _Token) -> Node:
        entries: list[tuple[Node, Node]] = []
        while not self.take("}"):
            if entries:
                self.expect(",")
                if self.take("}"):
                    break
            key = self.expression()
            self.expect(":")
            entries.append((key, self.expression()))
        return MapNode(brace.place, tuple(entries))
