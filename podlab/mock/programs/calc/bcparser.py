"""bc's language: from text to a tree of tuples, each headed by what it is."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from podlab.mock.programs.calc.number import CalcError

Node = tuple[Any, ...]

_TOKEN: Final = re.compile(
    r"""(?P<blank>[ \t\r\f\v]+|\\\n|/\*.*?\*/|\#[^\n]*)
    |(?P<number>[0-9A-Z]+\.?[0-9A-Z]*|\.[0-9][0-9A-Z]*)
    |(?P<string>"[^"]*")
    |(?P<word>[a-z][a-z0-9_]*)
    |(?P<mark>\+\+|--|[-+*/%^=!<>]=|&&|\|\||[-+*/%^=<>!(){}\[\],;.\n])""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: Final = frozenset(
    [
        "auto",
        "break",
        "continue",
        "define",
        "for",
        "if",
        "else",
        "limits",
        "return",
        "while",
        "halt",
        "last",
        "ibase",
        "obase",
        "scale",
        "length",
        "print",
        "quit",
        "read",
        "sqrt",
    ]
)
_ASSIGNMENTS: Final = ("=", "+=", "-=", "*=", "/=", "%=", "^=")
_LEVELS: Final = (("||",), ("&&",), ("==", "<=", ">=", "!=", "<", ">"), ("+", "-"), ("*", "/", "%"))
_OPERATORS: Final = (*(mark for level in _LEVELS for mark in level if mark != "-"), "^")
_NOT: Final = 2
"""`!` binds tighter than `&&`, and less than a comparison."""
_NO_PLACE: Final = "bad assignment: left side must be variable or array element"
_PLACES: Final = ("name", "element", "scale", "ibase", "obase", "last")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the language: its kind (`number`, `string`, `word`, `mark`, `end`), text, and where it stands."""

    kind: str
    text: str
    at: int


@dataclass(slots=True)
class Function:
    """What `define` makes: parameters and local variables, each with whether it is an array, and the body.

    One that `is_void` has no value.
    """

    parameters: list[tuple[str, bool]]
    is_void: bool = False
    local: list[tuple[str, bool]] = field(default_factory=list)
    body: list[Node] = field(default_factory=list)


def tokens(text: str) -> list[Token]:
    """Cuts a text. Raises CalcError."""
    found, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise CalcError(f"bad character '{text[place]}'")
        if match.lastgroup != "blank":
            found.append(Token(str(match.lastgroup), match[0], place))
        place = match.end()
    return [*found, Token("end", "", len(text))]


class Parser:
    """Reads statement after statement."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.place = 0
        self._text = text

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.place]

    def take(self) -> Token:
        """The next token, gone past."""
        self.place += 1
        return self.tokens[self.place - 1]

    def is_(self, *texts: str) -> bool:
        """Whether the next token is one of these marks or words."""
        return self.token.kind in ("mark", "word") and self.token.text in texts

    def accept(self, *texts: str) -> bool:
        """Goes past the next token if it is one of these."""
        if self.is_(*texts):
            self.place += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Goes past a mark that must come. Raises CalcError."""
        if not self.accept(text):
            raise self.wrong("bad token")

    def wrong(self, what: str, back: int = 0) -> CalcError:
        """The error about what stands at the next token, or so many before it."""
        rest = self._text[self.tokens[self.place - back].at :]
        return CalcError(f"{what} at '{rest.partition(chr(10))[0]}'")

    def at_end(self) -> bool:
        """Whether nothing but blank lines is left."""
        while self.accept("\n", ";"):
            pass
        return self.token.kind == "end"

    def line(self) -> Node:
        """A statement or a definition, up to what ends it. Raises CalcError."""
        node = self.definition() if self.is_("define") else self.statement()
        if not (self.is_("\n", ";") or self.token.kind == "end"):
            raise self._unended(node)
        return node

    def _unended(self, node: Node) -> CalcError:
        """The error about what follows a statement and does not end it."""
        if node[0] == "show" and self.is_(*_ASSIGNMENTS):
            return self.wrong(_NO_PLACE)
        is_expression = node[0] == "show" or (node[0] == "print" and node[1][-1][0] != "text")
        return self.wrong("bad expression" if is_expression and self._is_operand() else "bad statement terminator")

    def _is_operand(self) -> bool:
        return self.token.kind in ("number", "word") or self.is_("(", "++", "--", "!", ".")

    # --- statements ---

    def block(self) -> list[Node]:
        """What stands in braces."""
        self.expect("{")
        body = []
        while not self.accept("}"):
            if self.accept("\n", ";"):
                continue
            if self.token.kind == "end":
                raise self.wrong("bad token")
            body.append(self.statement())
            if not self.is_("\n", ";", "}") and self.token.kind != "end":
                raise self._unended(body[-1])
        return body

    def statement(self) -> Node:
        """One statement."""
        if self.token.kind == "string":
            return ("text", self.take().text[1:-1])
        if self.is_("{"):
            return ("block", self.block())
        if self.token.kind == "word" and (read := getattr(self, f"_{self.token.text}", None)) and self.token.text in _STATEMENTS:
            self.take()
            node: Node = read()
            return node
        if self.is_("auto", "define", "else"):
            raise self.wrong("bad token")
        return ("show", self.expression())

    def _if(self) -> Node:
        condition = self._condition()
        then = self.statement()
        place = self.place
        while self.accept("\n"):
            pass
        if self.accept("else"):
            while self.accept("\n"):
                pass
            return ("if", condition, then, self.statement())
        self.place = place
        return ("if", condition, then, None)

    def _while(self) -> Node:
        condition = self._condition()
        return ("while", condition, self.statement())

    def _condition(self) -> Node:
        self.expect("(")
        condition = self.expression()
        self.expect(")")
        while self.accept("\n"):
            pass
        return condition

    def _for(self) -> Node:
        self.expect("(")
        parts: list[Node | None] = []
        for end in (";", ";", ")"):
            parts.append(None if self.is_(end) else self.expression())
            self.expect(end)
        while self.accept("\n"):
            pass
        return ("for", *parts, self.statement())

    def _return(self) -> Node:
        if self.is_("\n", ";", "}") or self.token.kind == "end":
            return ("return", None)
        return ("return", self.expression())

    def _print(self) -> Node:
        items = [self._item()]
        while self.accept(","):
            items.append(self._item())
        return ("print", items)

    def _item(self) -> Node:
        return ("text", self.take().text[1:-1]) if self.token.kind == "string" else self.expression()

    def _break(self) -> Node:
        return ("break",)

    def _continue(self) -> Node:
        return ("continue",)

    def _quit(self) -> Node:
        return ("quit",)

    def _limits(self) -> Node:
        return ("limits",)

    def _halt(self) -> Node:
        return ("quit",)

    def definition(self) -> Node:
        """`define f(a, b[]) { auto c; ... }`."""
        self.take()
        name = self._name()
        is_void = name == "void" and self.token.kind == "word"
        if is_void:
            name = self._name()
        self.expect("(")
        function = Function(self._variables("bad function definition", ")", may_touch=True), is_void)
        self.take()
        while self.accept("\n"):
            pass
        if not self.accept("{"):
            raise CalcError("function { body } expected")
        while self.accept("\n", ";"):
            pass
        if self.accept("auto"):
            function.local = self._variables("bad 'auto' syntax", "\n", ";")
        self.place -= 1
        self.tokens[self.place] = Token("mark", "{", self.tokens[self.place].at)
        function.body = self.block()
        return ("define", name, function)

    def _name(self) -> str:
        if self.token.kind != "word" or self.token.text in _WORDS:
            raise self.wrong("bad token")
        return self.take().text

    def _variables(self, wrong: str, *ends: str, may_touch: bool = False) -> list[tuple[str, bool]]:
        """The names up to an end, which is left; `wrong` is what other words are. Commas may lack where they `may_touch`."""
        found: list[tuple[str, bool]] = []
        while not self.is_(*ends) or (found and self.tokens[self.place - 1].text == ","):
            if self.token.kind != "word" or self.token.text in _WORDS:
                raise self.wrong(wrong)
            name = self.take().text
            is_array = self.accept("[")
            if is_array and not self.accept("]"):
                raise self.wrong(wrong)
            found.append((name, is_array))
            if not self.accept(",") and not self.is_(*ends) and not may_touch:
                raise self.wrong(wrong)
        return found

    # --- expressions ---

    def expression(self, level: int = 0) -> Node:
        """An expression of a level; assignment binds least of what has no relation in it."""
        if level == _NOT and self.accept("!"):
            return ("not", self.expression(_NOT))
        if level == len(_LEVELS):
            return self._power()
        left = self.expression(level + 1)
        if left[0] in _PLACES and self.is_(*_ASSIGNMENTS):
            operator = self.take().text
            return ("assign", operator[:-1], left, self.expression(_NOT))
        while self.is_(*_LEVELS[level]):
            operator = self.take().text
            left = ("binary", operator, left, self.expression(level + 1))
        return left

    def _power(self) -> Node:
        left = self._unary()
        if self.accept("^"):
            return ("binary", "^", left, self._power())
        return left

    def _unary(self) -> Node:
        if self.accept("-"):
            return ("minus", self._unary())
        if self.accept("!"):
            return ("not", self._unary())
        if self.is_("++", "--"):
            operator = self.take().text
            return ("before", operator[0], self._place(self._primary(), back=1))
        node = self._primary()
        if self.is_("++", "--"):
            return ("after", self.take().text[0], self._place(node))
        return node

    def _place(self, node: Node, back: int = 0) -> Node:
        if node[0] not in _PLACES:
            raise self.wrong("bad token", back)
        return node

    def _primary(self) -> Node:
        token = self.token
        if token.kind == "number":
            return ("number", self.take().text)
        if self.accept("("):
            node = self.expression()
            if not self.accept(")"):
                raise self.wrong("bad expression")
            return ("group", node)
        if self.accept("."):
            return ("last",)
        if token.kind == "word":
            return self._worded(self.take().text)
        if self.is_(*_OPERATORS):  # is noticed where the expression ends
            while not self.is_("\n", ";") and self.token.kind != "end":
                self.take()
        raise self.wrong("bad expression")

    def _worded(self, word: str) -> Node:
        if word in ("length", "sqrt") or (word == "scale" and self.is_("(")):
            self.expect("(")
            node = self.expression()
            self.expect(")")
            return ("builtin", word, node)
        if word in ("last", "scale", "ibase", "obase"):
            return (word,)
        if word == "read":
            self.expect("(")
            self.expect(")")
            return ("read",)
        if word in _WORDS:
            raise self.wrong("bad expression", back=1)
        if self.accept("("):
            return ("call", word, self._arguments())
        if self.accept("["):
            index = self.expression()
            if self.token.kind != "end":
                self.take()  # whatever it is closes the brackets
            return ("element", word, index)
        return ("name", word)

    def _arguments(self) -> list[Node]:
        found: list[Node] = []
        while not self.accept(")"):
            if self.tokens[self.place + 1].text == "[" and self.tokens[self.place + 2].text == "]":
                found.append(("array", self.take().text))
                self.place += 2
            else:
                found.append(self.expression())
            if not self.is_(")"):
                self.expect(",")
        return found


_STATEMENTS: Final = frozenset(["if", "while", "for", "return", "print", "break", "continue", "quit", "halt", "limits"])
