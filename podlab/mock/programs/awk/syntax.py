"""The tree of an awk program."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the program."""

    value: float


@dataclass(frozen=True, slots=True)
class String:
    """A string in the program."""

    text: str


@dataclass(frozen=True, slots=True)
class RegexLiteral:
    """`/.../`; by itself it asks whether the record matches."""

    source: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, or the name of an array where one is meant."""

    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """`name[subscripts]`."""

    name: str
    subscripts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Field:
    """`$number`."""

    number: "Expression"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `+x` or `!x`."""

    operator: str
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Step:
    """`++x`, `x++`, `--x` or `x--`."""

    target: "Target"
    delta: int
    prefix: bool


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic (`+ - * / % ^`), concatenation (empty operator), comparison, `&&` or `||`."""

    operator: str
    left: "Expression"
    right: "Expression"
    line: int


@dataclass(frozen=True, slots=True)
class Match:
    """`text ~ regex`, or with `negated` `!~`."""

    text: "Expression"
    regex: "Expression"
    negated: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """`(subscripts) in name`."""

    subscripts: "tuple[Expression, ...]"
    name: str


@dataclass(frozen=True, slots=True)
class InValue:
    """`subscripts in of`, where `of` names no array: evaluates both, and is 0."""

    subscripts: tuple["Expression", ...]
    of: "Expression"


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? first : second`."""

    condition: "Expression"
    first: "Expression"
    second: "Expression"


@dataclass(frozen=True, slots=True)
class Assign:
    """`target = value`, or with an operator `target op= value`."""

    target: "Target"
    operator: str
    value: "Expression"
    line: int


@dataclass(frozen=True, slots=True)
class Group:
    """`(a, b)`: what print takes, and the left side of `in`."""

    items: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function of the program."""

    name: str
    arguments: "tuple[Expression, ...]"
    line: int


@dataclass(frozen=True, slots=True)
class Builtin:
    """A call of a function of awk's own."""

    name: str
    arguments: "tuple[Expression, ...]"
    line: int


@dataclass(frozen=True, slots=True)
class Getline:
    """`getline [target] [< source]`, or with `command` `source | getline [target]`."""

    target: "Target | None"
    source: "Expression | None"
    command: bool


Target = Variable | Element | Field
Expression = (
    Number
    | String
    | RegexLiteral
    | Variable
    | Element
    | Field
    | Unary
    | Step
    | Binary
    | Match
    | Membership
    | InValue
    | Conditional
    | Assign
    | Group
    | Call
    | Builtin
    | Getline
)


@dataclass(frozen=True, slots=True)
class Simple:
    """An expression as a statement."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Print:
    """print or, with `formatted`, printf; `redirect` is `>`, `>>`, `|` or empty."""

    arguments: tuple[Expression, ...]
    formatted: bool
    redirect: str
    target: Expression | None


@dataclass(frozen=True, slots=True)
class Block:
    """Statements in braces."""

    statements: "tuple[Statement, ...]"


@dataclass(frozen=True, slots=True)
class If:
    """`if (condition) body else otherwise`."""

    condition: Expression
    body: "Statement"
    otherwise: "Statement | None"


@dataclass(frozen=True, slots=True)
class Loop:
    """while, do and for: `start` once, then `condition`, body, `step`; with `body_first` the condition comes after the body."""

    start: "Statement | None"
    condition: Expression | None
    step: "Statement | None"
    body: "Statement"
    body_first: bool = False


@dataclass(frozen=True, slots=True)
class ForIn:
    """`for (target in name) body`."""

    target: Target
    name: str
    body: "Statement"


@dataclass(frozen=True, slots=True)
class Delete:
    """`delete name[subscripts]`, or of the whole array."""

    name: str
    subscripts: tuple[Expression, ...] | None


@dataclass(frozen=True, slots=True)
class Jump:
    """break, continue, next or nextfile."""

    kind: str


@dataclass(frozen=True, slots=True)
class Leave:
    """return or exit, with or without a value."""

    kind: str
    value: Expression | None


Statement = Simple | Print | Block | If | Loop | ForIn | Delete | Jump | Leave


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern { action }`; `end` makes a range, no action prints the record."""

    pattern: Expression | None
    end: Expression | None
    action: Block | None


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the program."""

    name: str
    parameters: tuple[str, ...]
    body: Block


@dataclass(frozen=True, slots=True)
class Program:
    """A whole program."""

    begin: tuple[Block, ...]
    rules: tuple[Rule, ...]
    end: tuple[Block, ...]
    functions: tuple[Function, ...]
