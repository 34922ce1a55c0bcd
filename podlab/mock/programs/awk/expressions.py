"""Writes awk expressions as Python.

Each expression becomes a piece of Python that gives a number (`float`), a string (`str`), a truth (`bool`), or a value of either
kind; knowing which saves most conversions. The names in the pieces are those of `interpreter.Interpreter.names`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from podlab.mock.programs.awk.lexer import AwkError
from podlab.mock.programs.awk.scopes import Scopes, nodes
from podlab.mock.programs.awk.syntax import (
    Assign,
    Binary,
    Builtin,
    Call,
    Conditional,
    Element,
    Expression,
    Field,
    Function,
    Getline,
    Group,
    InValue,
    Match,
    Membership,
    Number,
    RegexLiteral,
    Step,
    String,
    Target,
    Unary,
    Variable,
)
from podlab.mock.programs.awk.values import integer

NUMBER: Final = "number"
STRING: Final = "string"
TRUTH: Final = "truth"
FIELD: Final = "field"
"""A string of the input, not yet marked as one."""
ANY: Final = "any"

SPECIAL: Final = frozenset(
    (
        "NF", "NR", "FNR", "FS", "OFS", "ORS", "RS", "RT", "CONVFMT", "OFMT", "SUBSEP", "FILENAME", "IGNORECASE", "RSTART",
        "RLENGTH",
    )
)  # fmt: skip
COUNTERS: Final = frozenset(("NF", "NR", "FNR"))
COMPARISONS: Final = ("<", "<=", ">", ">=", "==", "!=")


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of Python, and what it gives."""

    text: str
    kind: str

    def number(self) -> str:
        """As a number."""
        if self.kind == NUMBER:
            return self.text
        return f"(1.0 if {self.text} else 0.0)" if self.kind == TRUTH else f"number({self.text})"

    def string(self) -> str:
        """As a string."""
        if self.kind in (STRING, FIELD):
            return self.text
        return f'("1" if {self.text} else "0")' if self.kind == TRUTH else f"text({self.text})"

    def truth(self) -> str:
        """As a condition."""
        if self.kind == TRUTH:
            return self.text
        if self.kind == NUMBER:
            return f"({self.text} != 0.0)"
        return f'({self.text} != "")' if self.kind == STRING else f"truth({self.value()})"

    def value(self) -> str:
        """As a value to keep."""
        if self.kind == TRUTH:
            return self.number()
        return f"InputText({self.text})" if self.kind == FIELD else self.text


class ExpressionCompiler:
    """Compiles expressions.

    Attributes:
        constants: Regular expressions of the program, by the name they have in the code.
    """

    def __init__(self, scopes: Scopes, folds_case: bool) -> None:
        self.scopes = scopes
        self.constants: dict[str, str] = {}
        self.scalars: set[str] = set()
        self.arrays: set[str] = set()
        self._function: Function | None = None
        self._folds_case = folds_case
        self._temporaries = 0
        self._compilers: dict[type, Callable[..., Code]] = {
            Number: lambda node: Code(_float(node.value), NUMBER),
            String: lambda node: Code(repr(node.text), STRING),
            RegexLiteral: lambda node: self._match(Field(Number(0.0)), node, negated=False),
            Variable: self._variable,
            Element: lambda node: Code(f"{self.array(node.name)}[{self.subscript(node.subscripts)}]", ANY),
            Field: self._field,
            Unary: self._unary,
            Step: self._step,
            Binary: self._binary,
            Match: lambda node: self._match(node.text, node.regex, node.negated),
            Membership: lambda node: Code(f"({self.subscript(node.subscripts)} in {self.array(node.name)})", TRUTH),
            InValue: lambda node: Code(
                f"(({self.subscript(node.subscripts)}, {self.compile(node.of).value()}) and False)", TRUTH
            ),
            Conditional: self._conditional,
            Assign: self._assignment,
            Group: lambda node: Code(self.subscript(node.items), STRING),
            Call: self._call,
            Builtin: self._builtin,
            Getline: self._getline,
        }

    def compile(self, node: Expression) -> Code:
        """The code of an expression."""
        return self._compilers[type(node)](node)

    # --- names ---

    def _is_parameter(self, name: str) -> bool:
        return self._function is not None and name in self._function.parameters

    def array(self, name: str) -> str:
        """The Python name of an array."""
        if self._is_parameter(name):
            return f"la_{name}"
        self.arrays.add(name)
        return f"a_{name}"

    def scalar(self, name: str) -> str:
        """The Python name of a variable."""
        if self._is_parameter(name):
            return f"l_{name}"
        self.scalars.add(name)
        return f"v_{name}"

    def _is_special(self, name: str) -> bool:
        return name in SPECIAL and not self._is_parameter(name)

    def _temporary(self) -> str:
        self._temporaries += 1
        return f"t{self._temporaries}"

    # --- values ---

    def subscript(self, items: tuple[Expression, ...]) -> str:
        """The key that subscripts make."""
        codes = [self.compile(item).string() for item in items]
        return codes[0] if len(codes) == 1 else "(" + " + rt.SUBSEP + ".join(codes) + ")"

    def _variable(self, node: Variable) -> Code:
        if self._is_special(node.name):
            return Code(f"rt.{node.name}", NUMBER if node.name in COUNTERS else ANY)
        return Code(self.scalar(node.name), ANY)

    def _field(self, node: Field) -> Code:
        if isinstance(node.number, Number) and node.number.value == 0.0:
            return Code("rt.record()", FIELD)
        return Code(f"rt.field({self._place(node)})", FIELD)

    def _place(self, node: Field) -> str:
        """The number of a field, and, where it is reckoned, the line that an error names."""
        return self._index(node.number) + (f", {node.line}" if not isinstance(node.number, Number) else "")

    def _index(self, number: Expression) -> str:
        if isinstance(number, Number):
            return str(integer(number.value))
        return f"integer({self.compile(number).number()})"

    def assign(self, target: Target, value: str, noticing: bool = False) -> str:
        """An expression that gives a target a value, and that value; an element is there before a `noticing` one is reckoned."""
        if isinstance(target, Field):
            return f"rt.set_field({self._index(target.number)}, {value}, {target.line})"
        if isinstance(target, Element):
            array, key = self.array(target.name), self.subscript(target.subscripts)
            return f"put({array}, touch({array}, {key}), {value})" if noticing else f"put({array}, {key}, {value})"
        if self._is_special(target.name):
            return f"rt.assign({target.name!r}, {value})"
        return f"({self.scalar(target.name)} := {value})"

    def _assignment(self, node: Assign) -> Code:
        value = self.compile(node.value)
        if not node.operator:
            kind = value.kind if value.kind in (NUMBER, STRING) else ANY
            noticing = isinstance(node.target, Element) and any(map(_looks_at_arrays, nodes(node.value)))
            return Code(self.assign(node.target, value.value(), noticing), kind)
        return self._update(node.target, node.operator, value.number(), node.line)

    def _update(self, target: Target, operator: str, amount: str, line: int) -> Code:
        """`target op= amount`; an element's key and a field's number are reckoned once."""
        if isinstance(target, Element):
            key = self._temporary()
            array = self.array(target.name)
            old = f"number({array}[({key} := {self.subscript(target.subscripts)})])"
            new = _arithmetic(old, operator, amount, line)
            value = self._temporary()
            return Code(f"[({value} := {new}), put({array}, {key}, {value})][0]", NUMBER)
        if isinstance(target, Field) and not isinstance(target.number, Number):
            index, value = self._temporary(), self._temporary()
            new = _arithmetic(
                f"number(rt.field(({index} := {self._index(target.number)}), {target.line}))", operator, amount, line
            )
            return Code(f"[({value} := {new}), rt.set_field({index}, {value})][0]", NUMBER)
        return Code(self.assign(target, _arithmetic(self.compile(target).number(), operator, amount, line)), NUMBER)

    def _step(self, node: Step) -> Code:
        code = self._update(node.target, "+" if node.delta > 0 else "-", "1.0", 0)
        if node.prefix:
            return code
        return Code(f"({code.text} {'-' if node.delta > 0 else '+'} 1.0)", NUMBER)

    def _unary(self, node: Unary) -> Code:
        operand = self.compile(node.operand)
        if node.operator == "!":
            return Code(f"(not {operand.truth()})", TRUTH)
        return Code(f"(-{operand.number()})" if node.operator == "-" else operand.number(), NUMBER)

    def _conditional(self, node: Conditional) -> Code:
        first, second = self.compile(node.first), self.compile(node.second)
        kind = first.kind if first.kind == second.kind and first.kind in (NUMBER, STRING) else ANY
        return Code(f"({first.value()} if {self.compile(node.condition).truth()} else {second.value()})", kind)

    def _binary(self, node: Binary) -> Code:
        left, right = self.compile(node.left), self.compile(node.right)
        if node.operator == "":
            return Code(f"join({left.string()}, {right.string()})", STRING)
        if node.operator in ("&&", "||"):
            return Code(f"({left.truth()} {'and' if node.operator == '&&' else 'or'} {right.truth()})", TRUTH)
        if node.operator in COMPARISONS:
            return self._comparison(left, node.operator, right)
        return Code(_arithmetic(left.number(), node.operator, right.number(), node.line), NUMBER)

    def _comparison(self, left: Code, operator: str, right: Code) -> Code:
        numeric = (NUMBER, TRUTH)
        if left.kind in numeric and right.kind in numeric:
            return Code(f"({left.number()} {operator} {right.number()})", TRUTH)
        if STRING in (left.kind, right.kind):
            if self._folds_case:
                return Code(f"(rt.fold({left.string()}) {operator} rt.fold({right.string()}))", TRUTH)
            return Code(f"({left.string()} {operator} {right.string()})", TRUTH)
        return Code(f"(rt.compare({left.value()}, {right.value()}) {operator} 0)", TRUTH)

    # --- regular expressions ---

    def regex(self, node: Expression) -> str:
        """Code for a compiled regular expression."""
        if isinstance(node, RegexLiteral):
            if self._folds_case:
                return f"rt.regex({node.source!r})"
            for name, source in self.constants.items():
                if source == node.source:
                    return name
            name = f"R{len(self.constants)}"
            self.constants[name] = node.source
            return name
        return f"rt.regex({self.compile(node).string()})"

    def _match(self, text: Expression, regex: Expression, negated: bool) -> Code:
        found = f"find({self.regex(regex)}, {self.compile(text).string()})"
        return Code(f"({found} is {'' if negated else 'not '}None)", TRUTH)

    # --- calls ---

    def _call(self, node: Call) -> Code:
        function = self.scopes.functions.get(node.name)
        if function is None:
            return self._failure("Call to undefined function", node.line)
        arrays = self.scopes.array_parameters[node.name]
        arguments = []
        for name, position in {name: position for position, name in enumerate(function.parameters)}.items():
            given = node.arguments[position] if position < len(node.arguments) else None
            if name in arrays:
                arguments.append(self.array(given.name) if isinstance(given, Variable) else "Array()")
            else:
                arguments.append("UNSET" if given is None else self.compile(given).value())
        extra = [self.compile(argument).value() for argument in node.arguments[len(function.parameters) :]]
        call = f"f_{node.name}({', '.join(arguments)})"
        if self.scopes.is_recursive(node.name):
            call = f"Deep({call})"
        return Code(f"[{', '.join([*extra, f'await {call}'])}][-1]" if extra else f"(await {call})", ANY)

    @staticmethod
    def _failure(message: str, line: int) -> Code:
        return Code(f"rt.fail({message!r}, {line})", NUMBER)

    def _builtin(self, node: Builtin) -> Code:
        if node.name in AT_MOST and len(node.arguments) > AT_MOST[node.name]:
            return self._failure("Too many arguments", node.line)
        special = {"split": self._split, "sub": self._substitute, "gsub": self._substitute, "length": self._length}.get(node.name)
        if special is not None:
            return special(node)
        if node.name in ("close", "system", "fflush"):
            argument = self.compile(node.arguments[0]).string() if node.arguments else "None"
            return Code(f"(await rt.{node.name}({argument}))", NUMBER)
        if node.name in ("match", "gensub"):
            return self._regex_function(node)
        arguments = [self.compile(argument) for argument in node.arguments]
        kinds, result = SIGNATURES[node.name]
        method = {"and": "bit_and", "or": "bit_or", "sprintf": "formatted"}.get(node.name, node.name)
        if kinds == "*":
            return Code(f"rt.{method}([{', '.join(code.value() for code in arguments)}])", result)
        texts = [code.string() if kind == "s" else code.number() for code, kind in zip(arguments, kinds, strict=False)]
        return Code(f"rt.{method}({', '.join(texts)})", result)

    def _length(self, node: Builtin) -> Code:
        if not node.arguments:
            return Code("float(len(rt.record()))", NUMBER)
        (argument,) = node.arguments
        if isinstance(argument, Variable) and self._is_array(argument.name):
            return Code(f"float(len({self.array(argument.name)}))", NUMBER)
        return Code(f"float(len({self.compile(argument).string()}))", NUMBER)

    def _is_array(self, name: str) -> bool:
        if self._is_parameter(name):
            assert self._function is not None
            return name in self.scopes.array_parameters[self._function.name]
        return name in self.scopes.global_arrays

    def _split(self, node: Builtin) -> Code:
        target = node.arguments[1]
        if not isinstance(target, Variable):
            raise AwkError("Not an array", node.line)
        text = self.compile(node.arguments[0]).string()
        if len(node.arguments) < 3:
            return Code(f"(await rt.split({text}, {self.array(target.name)}, text(rt.FS)))", NUMBER)
        separator = node.arguments[2]
        if isinstance(separator, RegexLiteral):
            return Code(f"(await rt.split_regex({text}, {self.array(target.name)}, {self.regex(separator)}))", NUMBER)
        return Code(f"(await rt.split({text}, {self.array(target.name)}, {self.compile(separator).string()}))", NUMBER)

    def _substitute(self, node: Builtin) -> Code:
        regex, replacement = self.regex(node.arguments[0]), self.compile(node.arguments[1]).string()
        which = 1 if node.name == "sub" else 0
        target = node.arguments[2] if len(node.arguments) > 2 else Field(Number(0.0))
        result = self._temporary()
        call = f"(await substitute({regex}, {replacement}, {self.compile(target).string()}, {which}))"
        if not isinstance(target, (Variable, Element, Field)):
            return Code(f"float({call}[1])", NUMBER)
        assign = self.assign(target, f"{result}[0]")
        return Code(f"[{result} := {call}, {assign}, float({result}[1])][2]", NUMBER)

    def _regex_function(self, node: Builtin) -> Code:
        if node.name == "match":
            return Code(f"rt.match({self.compile(node.arguments[0]).string()}, {self.regex(node.arguments[1])})", NUMBER)
        regex, replacement, which = self.regex(node.arguments[0]), *(self.compile(a).string() for a in node.arguments[1:3])
        text = self.compile(node.arguments[3]).string() if len(node.arguments) > 3 else "rt.record()"
        return Code(f"(await rt.gensub({regex}, {replacement}, {which}, {text}))", STRING)

    def _getline(self, node: Getline) -> Code:
        if node.source is None:
            read = "rt.read_main(%s)" % ("False" if node.target else "True")
        else:
            read = f"rt.read_from({self.compile(node.source).string()}, {node.command})"
        got = self._temporary()
        assign = self.assign(node.target, f"{got}[1]") if node.target else f"rt.set_record({got}[1])"
        return Code(f"({got}[0] if ({got} := await {read})[0] <= 0.0 else [{assign}, 1.0][1])", NUMBER)


SIGNATURES: Final = {
    "and": ("nn", NUMBER), "or": ("nn", NUMBER), "xor": ("nn", NUMBER), "compl": ("n", NUMBER), "lshift": ("nn", NUMBER),
    "rshift": ("nn", NUMBER), "atan2": ("nn", NUMBER), "cos": ("n", NUMBER), "exp": ("n", NUMBER), "int": ("n", NUMBER),
    "log": ("n", NUMBER), "rand": ("", NUMBER), "sin": ("n", NUMBER), "sqrt": ("n", NUMBER), "srand": ("n", NUMBER),
    "index": ("ss", NUMBER), "sprintf": ("*", STRING), "substr": ("snn", STRING), "systime": ("", NUMBER),
    "strftime": ("snn", STRING), "mktime": ("s", NUMBER), "tolower": ("s", STRING), "toupper": ("s", STRING),
}  # fmt: skip
"""What the plain functions take (s: string, n: number, *: values), and what they give."""

AT_MOST: Final = {
    **dict.fromkeys(("cos", "exp", "int", "log", "sin", "sqrt", "srand", "length", "close", "system", "fflush"), 1),
    "rand": 0,
    "systime": 0,
}
"""How many arguments the simplest functions take; what is wrong with more is said when they are called."""


def _looks_at_arrays(node: object) -> bool:
    """Whether one can tell by it which elements an array has."""
    return isinstance(node, (Membership, Call)) or (isinstance(node, Builtin) and node.name == "length")


def _float(value: float) -> str:
    return repr(value) if value not in (float("inf"),) else "1e999"


def _arithmetic(left: str, operator: str, right: str, line: int) -> str:
    if operator in "+-*":
        return f"({left} {operator} {right})"
    if operator == "^":
        return f"power({left}, {right})"
    return f"rt.{'divide' if operator == '/' else 'modulo'}({left}, {right}, {line})"
