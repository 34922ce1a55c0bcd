"""What busybox does with an expression that is not well formed, or nested very deeply.

It computes while it reads, with a stack of numbers and one of operators: what stands before a mistake is carried out, and
how far the stacks are when the mistake is noticed decides its words. `arithmetic` compiles well-formed expressions; all others
are run here, token by token.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from podlab.mock.shell.errors import ShellError

SYNTAX_ERROR: Final = "arithmetic syntax error"
MALFORMED: Final = "malformed ?: operator"

Number = tuple[int, str | None]
"""A value, and the name that it is the value of."""

_SPACE: Final = re.compile(r"[ \t\n\r\f\v]*")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR: Final = re.compile(r"<<=|>>=|\|\||&&|!=|<=|>=|==|\|=|&=|\*=|/=|%=|\+=|-=|--|\^=|\+\+|\*\*|<<|>>|[!<>=|&*/%+\-^~,?:()]")
_ASSIGNMENT: Final = 2
_UNARY: Final = 16
_VALUE: Final = "value"
_UNREAD: Final = 1
"""What a name before `=` counts as when another operator takes it: busybox has whatever lay in memory there, mostly not 0."""
_AFTER: Final = {"++": "after++", "--": "after--"}
_PRECEDENCES: Final = {
    "(": 0, ")": 1, ",": 1, "?": 4, ":": 4, "!": 16, "~": 16, "minus": 17, "++": 18, "--": 18, "after++": 19, "after--": 19,
    **dict.fromkeys(("=", "|=", "&=", "^=", "+=", "-=", "<<=", ">>=", "*=", "/=", "%="), _ASSIGNMENT),
}  # fmt: skip
_RIGHT_ASSOCIATIVE: Final = (2, 4, 15)
_SIGNS: Final[dict[str, Callable[[int], int]]] = {
    "minus": lambda a: -a,
    "!": lambda a: int(not a),
    "~": lambda a: ~a,
    **{op: lambda a: a + 1 for op in ("++", "after++")},
    **{op: lambda a: a - 1 for op in ("--", "after--")},
}


class World(Protocol):
    """Where names have values."""

    def value_of(self, name: str) -> int:
        """The value of a name, as an expression of its own. Raises ShellError."""

    def assign(self, name: str, value: int) -> int:
        """Gives a name a value, which is wrapped to 64 bits and returned. Raises ShellError."""


class Machine:
    """One run over a text.

    Args:
        world: Where names have values.
        binary: Precedence and operation of the binary operators (without assignments and comma).
        read_number: Reads the number at an index of a text: its value, and the index after it. Raises ValueError.
    """

    def __init__(
        self,
        world: World,
        binary: Mapping[str, tuple[int, Callable[[int, int], int]]],
        read_number: Callable[[str, int], tuple[int, int]],
    ) -> None:
        self.world = world
        self.binary = binary
        self.read_number = read_number
        self.numbers: list[Number] = []
        self.operators = ["("]
        self.last = "("
        self.depth = 0
        self.passing = 0

    def run(self, text: str) -> int:
        """The value of `text`. Raises ShellError."""
        index = self.skip(text, 0)
        while index < len(text):
            index = self.skip(text, self.token(text, index))
        self.operator(")")
        if len(self.numbers) != 1:
            raise ShellError(SYNTAX_ERROR)
        return self.numbers[0][0]

    @staticmethod
    def skip(text: str, index: int) -> int:
        """The index after white space."""
        match = _SPACE.match(text, index)
        return match.end() if match else index

    def token(self, text: str, index: int) -> int:
        """Takes in the token at `index`. Returns the index after it."""
        name = _NAME.match(text, index)
        if name is not None:
            self.name(name[0], text[self.skip(text, name.end()) :][:2])
            return name.end()
        if text[index] in "0123456789":
            return self.number(text, index)
        match = _OPERATOR.match(text, index)
        if match is None:
            raise ShellError(SYNTAX_ERROR)
        operator = match[0]
        beside_name = bool(self.numbers and self.numbers[-1][1]) or _NAME.match(text, self.skip(text, index + 2))
        if operator in _AFTER and not beside_name:
            self.operator(operator[0])
            return index + 1
        if operator == ":":
            self.operator(")")
            self.after_branch()
            self.operator(":")
        else:
            self.operator(operator)
            if operator == "?":
                self.operator("(")
        return match.end()

    def name(self, name: str, after: str) -> None:
        """Takes in a name; its value is not asked for when an assignment follows, or in a branch that is passed over."""
        if self.passing:
            self.numbers.append((0, None))
        else:
            assigned = after[:1] == "=" and after != "=="
            self.numbers.append((_UNREAD if assigned else self.world.value_of(name), name))
        self.last = _VALUE

    def number(self, text: str, index: int) -> int:
        """Takes in the number at `index`. Returns the index after it."""
        try:
            value, end = self.read_number(text, index)
        except ValueError:
            raise ShellError(SYNTAX_ERROR) from None
        if text[end : end + 1] == "_" or (text[end : end + 1].isascii() and text[end : end + 1].isalnum()):
            raise ShellError(SYNTAX_ERROR)
        self.numbers.append((value, None))
        self.last = _VALUE
        return end

    def after_branch(self) -> None:
        """At the `:`, passing over begins or ends; not so inside a branch that is passed over as a whole."""
        if not self.passing:
            self.passing = self.depth
        elif self.passing == self.depth:
            self.passing = 0

    def precedence(self, operator: str) -> int:
        """How tightly an operator binds."""
        return self.binary[operator][0] if operator in self.binary else _PRECEDENCES[operator]

    def operator(self, operator: str) -> None:
        """Takes in an operator: applies those before it that bind more tightly, and keeps it."""
        if self.last in _AFTER.values():
            self.last = _VALUE
        if self.last == _VALUE:
            operator = _AFTER.get(operator, operator)
        elif operator == "+":
            return
        elif operator == "-":
            operator = "minus"
        if operator != "(" and self.precedence(operator) < _UNARY:
            if self.last != _VALUE:
                raise ShellError(SYNTAX_ERROR)
            if self.reduce(operator):
                return
            if operator == "?":
                self.depth += 1
                if not self.numbers[-1][0] and not self.passing:
                    self.passing = self.depth
        self.operators.append(operator)
        self.last = operator

    def reduce(self, operator: str) -> bool:
        """Applies kept operators that bind more tightly than `operator`. Returns whether it was a `)` that found its `(`."""
        precedence = self.precedence(operator)
        while self.operators:
            before = self.operators.pop()
            if operator == ")" and before == "(":
                self.numbers[-1] = (self.numbers[-1][0], None)
                self.last = _VALUE
                return True
            if operator != ")":
                other = self.precedence(before)
                if other < precedence or (other == precedence and precedence in _RIGHT_ASSOCIATIVE):
                    self.operators.append(before)
                    return False
            self.apply(before)
            if before == ":":
                self.leave_ternary()
        if operator == ")":
            raise ShellError(SYNTAX_ERROR)
        return False

    def leave_ternary(self) -> None:
        """After a `:` was applied: takes its `?` off too."""
        if not self.operators or self.operators.pop() != "?":
            raise ShellError(MALFORMED)
        if self.passing == self.depth:
            self.passing = 0
        self.depth -= 1

    def apply(self, operator: str) -> None:
        """Puts the result of an operator in place of its operands."""
        numbers = self.numbers
        if operator == ":":
            if len(numbers) < 3:
                raise ShellError(MALFORMED)
            test, then, otherwise = numbers[-3:]
            numbers[-3:] = [((then if test[0] else otherwise)[0], None)]
            return
        if operator == "?":
            raise ShellError(MALFORMED)
        value = numbers[-1][0]
        if operator in _SIGNS:
            result = value if self.passing else _SIGNS[operator](value)
        else:
            if len(numbers) < 2:
                raise ShellError(SYNTAX_ERROR)
            numbers.pop()
            left = numbers[-1][0]
            if self.passing:
                return
            base = operator if operator in self.binary else operator[:-1]
            result = self.binary[base][1](left, value) if base in self.binary else value
        if not self.passing:
            self.store(operator, value, result)

    def store(self, operator: str, value: int, result: int) -> None:
        """Puts a result on the stack, and into the variable if the operator assigns."""
        name = self.numbers[-1][1]
        if operator not in self.binary and self.precedence(operator) in (_ASSIGNMENT, 18, 19):
            if name is None:
                raise ShellError(SYNTAX_ERROR)
            result = self.world.assign(name, result)
            if operator in _AFTER.values():
                result = value
        self.numbers[-1] = (wrap(result), None)


def wrap(value: int) -> int:
    """The value in 64 bits, signed."""
    return ((value + (1 << 63)) & ((1 << 64) - 1)) - (1 << 63)
