"""Arithmetic: the expressions of `$((...))` and `let`, on integers of 64 bits, with the operators of C and `**`.

As in busybox, both sides of `&&` and `||` are evaluated; only `?:` leaves a branch alone. A name stands for its variable's
value, which is itself evaluated as an expression. Expressions are compiled once into closures.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Protocol

from podlab.mock.shell.arithmetic_machine import Machine, wrap
from podlab.mock.shell.errors import ShellError

MAX_DEPTH: Final = 120
LONGEST: Final = 32_768
"""An expression is read and evaluated in one go: longer ones would keep others waiting."""
_MAX_OPERATIONS: Final = 300
"""How many operations an expression may have to be compiled: each is a call inside another."""

_TOKEN: Final = re.compile(
    r"[ \t\n\r\f\v]*(?:([A-Za-z_][A-Za-z0-9_]*)|([0-9])"
    r"|(<<=|>>=|\|\||&&|!=|<=|>=|==|\|=|&=|\*=|/=|%=|\+=|-=|--|\^=|\+\+|\*\*|<<|>>"
    r"|[!<>=|&*/%+\-^~,?:()])|$)"
)
_NEXT_NAME: Final = re.compile(r"[ \t\n\r\f\v]*[A-Za-z_]")
_ASSIGNMENTS: Final = frozenset(("=", "|=", "&=", "^=", "+=", "-=", "<<=", ">>=", "*=", "/=", "%="))
_BINARY: Final = {
    "||": 5, "&&": 6, "|": 7, "^": 8, "&": 9, "==": 10, "!=": 10, "<": 11, ">": 11, ">=": 11, "<=": 11,
    "<<": 12, ">>": 12, "+": 13, "-": 13, "*": 14, "/": 14, "%": 14, "**": 15,
}  # fmt: skip
_POWER: Final = 15


class Variables(Protocol):
    """Where names get their values."""

    def get(self, name: str) -> str | None:
        """The value of a variable, None when it is unset."""

    def set(self, name: str, value: str) -> None:
        """Gives a variable a value."""


class Context:
    """One evaluation: the variables, and the names being evaluated right now."""

    __slots__ = ("names", "variables")

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.names: list[str] = []

    def value_of(self, name: str) -> int:
        """The value of a name, as an expression of its own."""
        text = self.variables.get(name)
        if text is None:
            return 0
        if text.isdecimal() and len(text) < 19 and text[0] != "0":
            return int(text)
        if name in self.names:
            raise ShellError("expression recursion loop detected")
        if len(self.names) > MAX_DEPTH:
            raise ShellError("expression recursion loop detected")
        self.names.append(name)
        result = compile_expression(text)(self)
        self.names.pop()
        return result

    def assign(self, name: str, value: int) -> int:
        """Gives a variable a value, in 64 bits, which is returned."""
        value = wrap(value)
        self.variables.set(name, str(value))
        return value


Evaluate = Callable[[Context], int]


def evaluate(text: str, variables: Variables) -> int:
    """Evaluates an expression.

    Raises:
        ShellError: It is malformed, or divides by zero.
    """
    if len(text) > LONGEST:
        raise ShellError(f"arithmetic expressions of more than {LONGEST} bytes are not modelled by podlab")
    return compile_expression(text)(Context(variables))


def _divide(left: int, right: int) -> int:
    if right == 0:
        raise ShellError("divide by zero")
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _remainder(left: int, right: int) -> int:
    return left - right * _divide(left, right)


def _power(base: int, exponent: int) -> int:
    if exponent < 0:
        raise ShellError("exponent less than 0")
    return pow(base, exponent, 1 << 64)


_OPERATIONS: Final[dict[str, Callable[[int, int], int]]] = {
    "||": lambda a, b: int(bool(a) or bool(b)),
    "&&": lambda a, b: int(bool(a) and bool(b)),
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&": lambda a, b: a & b,
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    ">=": lambda a, b: int(a >= b),
    "<=": lambda a, b: int(a <= b),
    "<<": lambda a, b: a << (b & 63),
    ">>": lambda a, b: a >> (b & 63),
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "%": _remainder,
    "**": _power,
    "=": lambda a, b: b,
}


_MACHINE_OPERATIONS: Final = {operator: (precedence, _OPERATIONS[operator]) for operator, precedence in _BINARY.items()}


class _Failure(ValueError):
    """The text is no expression."""


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Evaluate:
    """Compiles an expression; a malformed one goes to the `Machine` when it is evaluated, which tells what is wrong with it."""
    try:
        return _Compiler(text).expression()
    except (_Failure, RecursionError):
        return lambda context: Machine(context, _MACHINE_OPERATIONS, read_number).run(text)


class _Compiler:
    """A recursive-descent parser whose nodes are closures."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0
        self.name = ""
        self.number = 0
        self.operator = ""
        self.depth = 0
        self.operations = 0
        self.is_number = False
        self.nameless = False
        self.advance()

    def advance(self) -> None:
        """Reads the next token into `name`, `number` or `operator`; all empty at the end."""
        match = _TOKEN.match(self.text, self.pos)
        if match is None:
            raise _Failure
        self.name = match[1] or ""
        self.operator = match[3] or ""
        self.is_number = match[2] is not None
        self.pos = match.end()
        if self.is_number:
            self.number, self.pos = read_number(self.text, match.start(2))
            if self.text[self.pos : self.pos + 1].isalnum() or self.text[self.pos : self.pos + 1] == "_":
                raise _Failure

    def at_end(self) -> bool:
        """Whether all has been read."""
        return not (self.name or self.operator or self.is_number)

    def expression(self) -> Evaluate:
        """The whole text; empty text is 0."""
        if self.at_end():
            return lambda _: 0
        result = self.comma()
        if not self.at_end():
            raise _Failure
        return result

    def comma(self) -> Evaluate:
        """`a, b`."""
        left = self.assignment()
        while self.operator == ",":
            self.advance()
            left = _then(left, self.assignment())
        return left

    def assignment(self) -> Evaluate:
        """`name = a` and its kin, or what binds tighter."""
        self.enter()
        while self.operator == "+":  # a sign that does nothing leaves a name assignable
            self.advance()
        name = self.name
        at = self.pos
        left = self.ternary()
        if self.operator in _ASSIGNMENTS:
            operator = self.operator
            if not name or self.text[at : self.pos].strip(" \t\n\r\f\v") != operator:
                raise _Failure
            self.advance()
            left = _assign(name, operator, self.assignment())
        self.depth -= 1
        return left

    def enter(self) -> None:
        """Goes one level deeper."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Failure

    def ternary(self) -> Evaluate:
        """`a ? b : c`."""
        test = self.binary(5)
        if self.operator != "?":
            return test
        self.advance()
        if self.at_end():
            raise _Failure
        then = self.branch(self.comma)
        if self.operator != ":":
            raise _Failure
        self.advance()
        self.enter()
        otherwise = self.branch(self.ternary)
        self.depth -= 1
        return lambda context: then(context) if test(context) else otherwise(context)

    def branch(self, parse: Callable[[], Evaluate]) -> Evaluate:
        """A branch of `?:`.

        busybox forgets the names in a branch that it does not evaluate, so that `x++` there reads as `x + +`, which may be an
        error: the branch must be well-formed in both readings.
        """
        if self.nameless:
            return parse()
        start = (self.pos, self.name, self.number, self.is_number, self.operator)
        self.nameless = True
        parse()
        self.nameless = False
        self.pos, self.name, self.number, self.is_number, self.operator = start
        return parse()

    def binary(self, lowest: int) -> Evaluate:
        """Binary operators that bind at least as tightly as `lowest`."""
        left = self.unary()
        while True:
            if self.operator in ("++", "--") and not _NEXT_NAME.match(self.text, self.pos):
                self.operator = self.operator[0]
                self.pos -= 1
            operator = self.operator
            precedence = _BINARY.get(operator, 0)
            if precedence < lowest:
                return left
            self.advance()
            self.count()
            right = self.binary(precedence if precedence == _POWER else precedence + 1)
            left = _apply(_OPERATIONS[operator], left, right)

    def count(self) -> None:
        """Counts an operation."""
        self.operations += 1
        if self.operations > _MAX_OPERATIONS:
            raise _Failure

    def unary(self) -> Evaluate:
        """Signs, `!`, `~`, and what they stand before."""
        signs: list[str] = []
        while True:
            operator = self.operator
            if operator in ("++", "--"):
                if _NEXT_NAME.match(self.text, self.pos):
                    self.advance()
                    operand = self.increment(self.name, operator)
                    self.advance()
                    if self.operator in ("++", "--"):  # busybox does this one first, and then has no name left
                        raise _Failure
                    break
                raise _Failure  # two signs, or one operator too many: it depends on whether the last operand was a name
            if operator in ("+", "-", "!", "~") and operator:
                signs.append(operator)
            else:
                operand = self.primary()
                break
            self.advance()
            self.count()
        for sign in reversed(signs):
            operand = _unary(sign, operand)
        return operand

    def increment(self, name: str, operator: str) -> Evaluate:
        """`++name` and `--name`."""
        step = 1 if operator == "++" else -1

        def run(context: Context) -> int:
            value = wrap(context.value_of(name) + step)
            context.variables.set(name, str(value))
            return value

        return run

    def primary(self) -> Evaluate:
        """A number, a name (perhaps with `++` or `--` after it), or a parenthesis."""
        if self.is_number:
            number = self.number
            self.advance()
            return lambda _: number
        if self.name:
            name = self.name
            self.advance()
            if self.operator in ("++", "--") and not self.nameless:
                step = 1 if self.operator == "++" else -1
                self.advance()
                if self.operator in ("++", "--"):  # busybox takes it for one more of the same name
                    raise _Failure
                return _postfix(name, step)
            return lambda context: context.value_of(name)
        if self.operator != "(":
            raise _Failure
        self.advance()
        result = self.comma()
        if self.operator != ")":
            raise _Failure
        self.advance()
        return result


def _then(left: Evaluate, right: Evaluate) -> Evaluate:
    def run(context: Context) -> int:
        left(context)
        return right(context)

    return run


def _apply(operation: Callable[[int, int], int], left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda context: wrap(operation(left(context), right(context)))


def _unary(sign: str, operand: Evaluate) -> Evaluate:
    if sign == "-":
        return lambda context: wrap(-operand(context))
    if sign == "!":
        return lambda context: int(not operand(context))
    if sign == "~":
        return lambda context: ~operand(context)
    return operand


def _assign(name: str, operator: str, value: Evaluate) -> Evaluate:
    operation = _OPERATIONS[operator[:-1] or "="]

    def run(context: Context) -> int:
        before = 0 if operator == "=" else context.value_of(name)
        result = wrap(operation(before, value(context)))
        context.variables.set(name, str(result))
        return result

    return run


def _postfix(name: str, step: int) -> Evaluate:
    def run(context: Context) -> int:
        value = context.value_of(name)
        context.variables.set(name, str(wrap(value + step)))
        return value

    return run


def read_number(text: str, index: int) -> tuple[int, int]:
    """Reads the number at `index`: decimal, 0x, 0 (octal), or base#digits.

    Returns its value, in 64 bits, and the index after it.
    """
    if text[index] == "0":
        if text[index + 1 : index + 2] in ("x", "X"):
            return _digits(text, index + 2, 16)
        return _digits(text, index, 8)
    based = re.compile(r"([1-9][0-9]?)#").match(text, index)
    if based and 2 <= int(based[1]) <= 64:
        return _digits(text, based.end(), int(based[1]))
    return _digits(text, index, 10)


def _digits(text: str, index: int, base: int) -> tuple[int, int]:
    start = index
    value = 0
    while index < len(text):
        digit = _digit(text[index], base)
        if digit < 0 or digit >= base:
            break
        value = (value * base + digit) & ((1 << 64) - 1)
        index += 1
    if index == start:
        raise _Failure
    return wrap(value), index


def _digit(char: str, base: int) -> int:
    if "0" <= char <= "9":
        return ord(char) - 48
    if "a" <= char <= "z":
        return ord(char) - 87
    if "A" <= char <= "Z":
        return ord(char) - 55 + (26 if base > 36 else 0)
    return {"@": 62, "_": 63}.get(char, -1)
