"""Writes an awk program as a Python module of coroutines: for BEGIN, for all rules, for END, and for each function."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Final

from podlab.mock.programs.awk.expressions import ANY, AT_MOST, NUMBER, Code, ExpressionCompiler
from podlab.mock.programs.awk.scopes import Scopes, nodes
from podlab.mock.programs.awk.statements import parse_program
from podlab.mock.programs.awk.syntax import (
    Assign,
    Binary,
    Block,
    Builtin,
    Call,
    Delete,
    Expression,
    Field,
    ForIn,
    Function,
    Getline,
    If,
    Jump,
    Leave,
    Loop,
    Match,
    Number,
    Print,
    Program,
    RegexLiteral,
    Rule,
    Simple,
    Statement,
    Step,
    Variable,
)

NOTICED: Final = frozenset(("system", "close", "fflush", "split", "sub", "gsub", "match", "gensub", "sprintf"))
"""Functions whose call one can notice, or that may fail."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program, compiled.

    Attributes:
        code: A module that defines `begin`, `rules`, `end` and the functions.
        scalars, arrays: Its global variables, which the module expects as `v_NAME` and `a_NAME`.
        regexes: Its regular expressions, which the module expects under these names.
        ranges: How many range patterns it has.
        reads_input: Whether it has rules or END.
        has_rules: Whether it has rules.
        recursive: Whether it has functions that call themselves.
    """

    code: CodeType
    scalars: tuple[str, ...]
    arrays: tuple[str, ...]
    regexes: dict[str, str]
    ranges: int
    reads_input: bool
    has_rules: bool
    recursive: bool


class Compiler(ExpressionCompiler):
    """Compiles statements, and with them a whole program."""

    def __init__(self, program: Program, folds_case: bool) -> None:
        super().__init__(Scopes(program), folds_case)
        self._program = program
        self._lines: list[str] = []
        self._depth = 0
        self._continues: list[tuple[str, Statement | None]] = []
        self._ranges = 0
        self._writers: dict[type, Callable[..., None]] = {
            Block: self._block,
            Simple: self._simple,
            Print: self._print,
            If: self._if,
            Loop: self._loop,
            ForIn: self._for_in,
            Delete: self._delete,
            Jump: self._jump,
            Leave: self._leave,
        }

    def run(self) -> Compiled:
        """Compiles the program. Raises AwkError."""
        program = self._program
        for function in program.functions:
            self._compile_function(function)
        self._routine("begin", lambda: self._blocks(program.begin))
        self._routine("rules", lambda: self._rules(program.rules))
        self._routine("end", lambda: self._blocks(program.end))
        body = "\n".join(self._lines)
        names = ", ".join(["T", *(f"v_{name}" for name in sorted(self.scalars))])
        source = body.replace("@GLOBALS@", f"global {names}")
        return Compiled(
            compile(source, "<awk>", "exec"),
            tuple(sorted(self.scalars)),
            tuple(sorted(self.arrays)),
            dict(self.constants),
            self._ranges,
            bool(program.rules or program.end),
            bool(program.rules),
            any(self.scopes.is_recursive(function.name) for function in program.functions),
        )

    # --- lines ---

    def _emit(self, text: str) -> None:
        self._lines.append("    " * self._depth + text)

    def _routine(self, name: str, fill: Callable[[], None], parameters: str = "") -> None:
        self._emit(f"async def {name}({parameters}):")
        self._depth += 1
        self._emit("@GLOBALS@")
        fill()
        self._depth -= 1

    def _blocks(self, blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            self._statement(block)

    def _compile_function(self, function: Function) -> None:
        self._function = function
        arrays = self.scopes.array_parameters[function.name]
        parameters = ", ".join(f"la_{name}" if name in arrays else f"l_{name}" for name in dict.fromkeys(function.parameters))

        def fill() -> None:
            self._emit("T += 1")
            self._emit("if T > memory.steps: T = await rt.pause()")
            if self.scopes.is_recursive(function.name):
                self._emit("rt.enter()")
            self._statement(function.body)
            self._return("UNSET")

        self._routine(f"f_{function.name}", fill, parameters)
        self._function = None

    def _rules(self, rules: tuple[Rule, ...]) -> None:
        for rule in rules:
            if rule.pattern is None:
                self._action(rule)
                continue
            condition = self.compile(rule.pattern).truth()
            if rule.end is not None:
                state = f"ranges[{self._ranges}]"
                self._ranges += 1
                self._emit(f"if {state} or {condition}:")
                self._depth += 1
                self._emit(f"{state} = not {self.compile(rule.end).truth()}")
                self._depth -= 1
            else:
                self._emit(f"if {condition}:")
            self._depth += 1
            self._action(rule)
            self._depth -= 1

    def _action(self, rule: Rule) -> None:
        self._statement(rule.action if rule.action is not None else Print((), False, "", None))

    # --- statements ---

    def _statement(self, node: Statement) -> None:
        self._writers[type(node)](node)

    def _block(self, node: Block) -> None:
        for statement in node.statements:
            self._statement(statement)
        if not node.statements:
            self._emit("pass")

    def _simple(self, node: Simple) -> None:
        expression = node.expression
        if isinstance(expression, Step):
            expression = Step(expression.target, expression.delta, prefix=True)
        if isinstance(expression, Assign) and not expression.operator:
            target = expression.target
            if isinstance(target, Variable) and not self._is_special(target.name):
                self._emit(f"{self.scalar(target.name)} = {self.compile(expression.value).value()}")
                return
        self._emit(self.compile(expression).text)

    def _delete(self, node: Delete) -> None:
        array = self.array(node.name)
        self._emit(f"{array}.clear()" if node.subscripts is None else f"{array}.pop({self.subscript(node.subscripts)}, None)")

    def _print(self, node: Print) -> None:
        if node.formatted:
            codes = [self.compile(item) for item in node.arguments]
            values = f"rt.sprintf([{', '.join(code.value() for code in codes)}])" if codes else '""'
        elif not node.redirect and any(map(self._is_noticed, node.arguments[1:])):
            self._print_in_pieces(node)
            return
        elif node.arguments:
            values = " + rt.OFS + ".join(self._printed(self.compile(item)) for item in node.arguments) + " + rt.ORS"
        else:
            values = "rt.record() + rt.ORS"
        data = f'({values}).encode("latin-1", "replace")'
        if not node.redirect:
            self._emit(f"put_out({data})")
            return
        target = self.compile(node.target).string() if node.target is not None else '""'
        self._emit(f"await rt.print_to({node.redirect!r}, {target}, {data})")

    @staticmethod
    def _is_noticed(argument: Expression) -> bool:
        """Whether one can notice when it is reckoned: it prints, runs something, reads, or may fail."""
        return any(
            isinstance(node, (Call, Getline))
            or (isinstance(node, Builtin) and (node.name in NOTICED or len(node.arguments) > AT_MOST.get(node.name, 9)))
            or (isinstance(node, (Binary, Assign)) and node.operator in ("/", "%"))
            or (isinstance(node, Field) and not isinstance(node.number, Number))
            or (isinstance(node, Match) and not isinstance(node.regex, RegexLiteral))
            for node in nodes(argument)
        )

    def _print_in_pieces(self, node: Print) -> None:
        """What comes before a noticed argument is out by then."""
        for argument in node.arguments:
            end = "ORS" if argument is node.arguments[-1] else "OFS"
            self._emit(f'put_out(({self._printed(self.compile(argument))} + rt.{end}).encode("latin-1", "replace"))')

    @staticmethod
    def _printed(code: Code) -> str:
        """A value as print shows it: numbers by OFMT."""
        return f"shown({code.text})" if code.kind in (NUMBER, ANY) else code.string()

    def _if(self, node: If) -> None:
        self._emit(f"if {self.compile(node.condition).truth()}:")
        self._indented(node.body)
        if node.otherwise is not None:
            self._emit("else:")
            self._indented(node.otherwise)

    def _indented(self, node: Statement) -> None:
        self._depth += 1
        self._statement(node)
        self._depth -= 1

    def _tick(self) -> None:
        self._emit("T += 1")
        self._emit("if T > memory.steps: T = await rt.pause()")

    def _loop(self, node: Loop) -> None:
        if node.start is not None:
            self._statement(node.start)
        condition = self.compile(node.condition).truth() if node.condition is not None else "True"
        self._emit("while True:" if node.body_first else f"while {condition}:")
        self._continues.append((condition if node.body_first else "", None if node.body_first else node.step))
        self._depth += 1
        self._tick()
        self._statement(node.body)
        self._next_turn()
        self._depth -= 1
        self._continues.pop()

    def _next_turn(self) -> None:
        """What comes between a body's end (or continue) and the next turn."""
        condition, step = self._continues[-1]
        if condition:
            self._emit(f"if not {condition}: break")
        elif step is not None:
            self._statement(step)

    def _for_in(self, node: ForIn) -> None:
        key = self._temporary()
        self._emit(f"for {key} in keys({self.array(node.name)}):")
        self._continues.append(("", None))
        self._depth += 1
        self._tick()
        self._emit(self.assign(node.target, f"InputText({key})"))
        self._statement(node.body)
        self._depth -= 1
        self._continues.pop()

    def _jump(self, node: Jump) -> None:
        kind = node.kind
        if kind == "continue":
            self._next_turn()
            self._emit("continue")
        elif kind == "break":
            self._emit("break")
        elif self._function is not None:
            self._emit(f"raise Next({kind == 'nextfile'})")
        else:
            self._emit("rt.skip_file(); return" if kind == "nextfile" else "return")

    def _leave(self, node: Leave) -> None:
        value = node.value
        if node.kind == "exit":
            code = self.compile(value).number() if value is not None else "None"
            self._emit(f"raise Leave({code})")
        elif self._function is not None:
            self._return(self.compile(value).value() if value is not None else "UNSET")
        else:
            self._emit("return")

    def _return(self, value: str) -> None:
        assert self._function is not None
        if self.scopes.is_recursive(self._function.name):
            self._emit(f"result = {value}")
            self._emit("rt.depth -= 1")
            value = "result"
        self._emit(f"return {value}")


@lru_cache(maxsize=64)
def compile_program(source: str) -> Compiled:
    """Compiles a program, or takes it from the last few.

    Raises:
        AwkError: It is no awk program.
    """
    program = parse_program(source)
    return Compiler(program, folds_case="IGNORECASE" in source).run()
