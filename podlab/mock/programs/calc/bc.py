"""bc: a calculator with a language."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.calc.bcparser import Function, Node, Parser
from podlab.mock.programs.calc.functions import LIBRARY
from podlab.mock.programs.calc.number import (
    ONE,
    ZERO,
    CalcError,
    Number,
    add,
    compare,
    divide,
    multiply,
    parse,
    power,
    remainder,
    show,
    square_root,
    subtract,
    wrapped,
)
from podlab.mock.programs.streams import to_text

_STEP_NS: Final = 500
_WIDTH: Final = 70
_DEEPEST: Final = 200
_LIBRARY_SCALE: Final = 20
_ESCAPES: Final = {"n": "\n", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "r": "\r", "\\": "\\", "e": "\\"}
_ARITHMETIC: Final[dict[str, Callable[[Number, Number, int], Number]]] = {
    "+": lambda a, b, _: add(a, b),
    "-": lambda a, b, _: subtract(a, b),
    "*": multiply,
    "/": divide,
    "%": remainder,
    "^": power,
}
_RELATIONS: Final[dict[str, Callable[[int], bool]]] = {
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


_LIMITS: Final = {"scale": (0, 4_294_967_295, 4_294_967_295), "ibase": (2, 36, 16), "obase": (2, 999, 999)}
"""The least and most that each may be, and the most that the error tells of."""
_MOST_INDEX: Final = 2_147_483_647
_LIMITS_TEXT: Final = """\
BC_BASE_MAX     = 999
BC_DIM_MAX      = 2147483647
BC_SCALE_MAX    = 4294967295
BC_STRING_MAX   = 4294967294
MAX Exponent    = 999999999
Number of vars  = 999999999
"""


class _Leave(Exception):
    """Leaves a loop, a function or the program: `break`, `continue`, `return`, `quit`."""

    def __init__(self, kind: str, value: Number = ZERO) -> None:
        super().__init__(kind)
        self.kind = kind
        self.value = value


class Program:
    """The variables and functions, and how statements change them."""

    def __init__(self, call: Call, with_library: bool) -> None:
        self.call = call
        self.variables: dict[str, Number] = defaultdict(lambda: ZERO)
        self.arrays: dict[str, dict[int, Number]] = defaultdict(dict)
        self.functions: dict[str, Function] = {}
        self.library = LIBRARY if with_library else {}
        self.settings = {"scale": _LIBRARY_SCALE if with_library else 0, "ibase": 10, "obase": 10}
        self.last = ZERO
        self._depth = 0
        width = call.proc.env.get("BC_LINE_LENGTH", "")
        self._width = int(width) if width.isdigit() and int(width) != 1 else _WIDTH

    async def run(self, text: str) -> bool:
        """Runs a text, statement by statement as they are read. Returns False when it asked to quit. Raises CalcError."""
        parser = Parser(text)
        try:
            while not parser.at_end():
                await self.execute(parser.line())
        except _Leave as leaving:
            if leaving.kind == "quit":
                return False
            raise CalcError(f"bad token at '{leaving.kind}'") from None
        return True

    # --- statements ---

    async def execute(self, node: Node) -> None:
        """Runs one statement."""
        await self.call.proc.cpu(_STEP_NS)
        run = _STATEMENTS.get(node[0])
        if run is None:
            raise _Leave(node[0])
        await run(self, node)

    async def _show(self, node: Node) -> None:
        value = await self.value(node[1])
        if self._is_void(node[1]):
            return
        if node[1][0] != "assign":
            self.last = value
            await self._write(self._shown(value) + "\n")

    async def _limits(self, node: Node) -> None:
        await self._write(_LIMITS_TEXT)

    async def _text(self, node: Node) -> None:
        await self._write(node[1])

    async def _block(self, node: Node) -> None:
        for inner in node[1]:
            await self.execute(inner)

    async def _if(self, node: Node) -> None:
        chosen = node[2] if await self.value(node[1]) else node[3]
        if chosen is not None:
            await self.execute(chosen)

    async def _while(self, node: Node) -> None:
        await self._loop(node[1], None, node[2])

    async def _for(self, node: Node) -> None:
        if node[1] is not None:
            await self.value(node[1])
        await self._loop(node[2], node[3], node[4])

    async def _return(self, node: Node) -> None:
        raise _Leave("return", ZERO if node[1] is None else await self.value(node[1]))

    async def _define(self, node: Node) -> None:
        self.functions[node[1]] = node[2]

    async def _loop(self, condition: Node | None, step: Node | None, body: Node) -> None:
        while condition is None or await self.value(condition):
            try:
                await self.execute(body)
            except _Leave as leaving:
                if leaving.kind == "break":
                    return
                if leaving.kind != "continue":
                    raise
            if step is not None:
                await self.value(step)
            await self.call.proc.cpu(_STEP_NS)

    async def _print(self, node: Node) -> None:
        for item in node[1]:
            if item[0] != "text":
                self.last = await self.value(item)
                await self._write(self._shown(self.last))
                continue
            out, escaped = "", False
            for char in item[1]:
                if escaped:
                    out += _ESCAPES.get(char, "\\" + char)
                elif char != "\\":
                    out += char
                escaped = char == "\\" and not escaped
            await self._write(out + "\\" * escaped)

    def _shown(self, value: Number) -> str:
        return wrapped(show(value, self.settings["obase"]), self._width)

    async def _write(self, text: str) -> None:
        await self.call.out.write_text(text)

    def _is_void(self, node: Node) -> bool:
        function = self.functions.get(node[1]) if node[0] == "call" else None
        return function is not None and function.is_void

    # --- expressions ---

    async def value(self, node: Node) -> Number:
        """What an expression is worth. Raises CalcError."""
        evaluate = _EXPRESSIONS.get(node[0])
        return await (evaluate(self, node) if evaluate is not None else self._stored(node))

    async def _number(self, node: Node) -> Number:
        return parse(node[1], self.settings["ibase"])

    async def _group(self, node: Node) -> Number:
        return await self.value(node[1])

    async def _minus(self, node: Node) -> Number:
        value = await self.value(node[1])
        return Number(-value.value, value.scale)

    async def _not(self, node: Node) -> Number:
        return ZERO if await self.value(node[1]) else ONE

    async def _assignment(self, node: Node) -> Number:
        place = await self._placed(node[2])
        value = await self.value(node[3])
        if node[1]:
            value = _ARITHMETIC[node[1]](await self.value(place), value, self.settings["scale"])
        return self._assign(place, value)

    async def _step(self, node: Node) -> Number:
        place = await self._placed(node[2])
        old = await self.value(place)
        new = self._assign(place, add(old, Number(1 if node[1] == "+" else -1)))
        return new if node[0] == "before" else old

    async def _binary(self, node: Node) -> Number:
        operator, a, b = node[1], await self.value(node[2]), await self.value(node[3])
        if operator in _ARITHMETIC:
            return _ARITHMETIC[operator](a, b, self.settings["scale"])
        if operator == "&&":
            return ONE if a and b else ZERO
        if operator == "||":
            return ONE if a or b else ZERO
        return ONE if _RELATIONS[operator](compare(a, b)) else ZERO

    async def _stored(self, node: Node) -> Number:
        if node[0] == "name":
            return self.variables[node[1]]
        if node[0] == "element":
            node = await self._placed(node)
        if node[0] == "cell":
            return self.arrays[node[1]].get(node[2], ZERO)
        return self.last if node[0] == "last" else Number(self.settings[node[0]])

    async def _placed(self, place: Node) -> Node:
        """What is assigned to; an element of an array with its index calculated, as ("cell", name, index)."""
        if place[0] != "element":
            return place
        index = (await self.value(place[2])).unsigned()
        if index > _MOST_INDEX:
            raise CalcError(f"array too long; must be [1,{_MOST_INDEX}]")
        return ("cell", place[1], index)

    def _assign(self, place: Node, value: Number) -> Number:
        kind = place[0]
        if kind == "name":
            self.variables[place[1]] = value
        elif kind == "cell":
            self.arrays[place[1]][place[2]] = value
        elif kind == "last":
            self.last = value
        else:
            low, high, told = _LIMITS[kind]
            number = value.unsigned()
            if not low <= number <= high:
                raise CalcError(f"bad {kind}; must be [{low},{told}]")
            self.settings[kind] = number
        return value

    async def _builtin(self, node: Node) -> Number:
        name, value = node[1], await self.value(node[2])
        if name == "sqrt":
            return square_root(value, self.settings["scale"])
        if name == "scale":
            return Number(value.scale)
        return Number(len(str(abs(value.value))) if value.value else max(value.scale, 1))

    async def _read(self, node: Node) -> Number:
        line = await self.call.stdin.line()
        if not line:
            raise CalcError("bad expression")
        return await self.value(Parser(to_text(line)).expression())

    async def _call(self, node: Node) -> Number:
        _, name, arguments = node
        function = self.functions.get(name)
        if function is None and name in self.library:
            values = [await self.value(argument) for argument in arguments]
            if len(values) != 1:
                raise CalcError(f"function has 1 parameters, but called with {len(values)}")
            return self.library[name](values[0], self.settings["scale"])
        if function is None:
            raise CalcError("undefined function")
        if len(arguments) != len(function.parameters):
            raise CalcError(f"function has {len(function.parameters)} parameters, but called with {len(arguments)}")
        passed = [self.arrays[one[1]] if one[0] == "array" else await self.value(one) for one in arguments]
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CalcError("Out of memory")
        names = [*function.parameters, *function.local]
        kept = [self.arrays.pop(key, {}) if is_array else self.variables.pop(key, ZERO) for key, is_array in names]
        self._restore(function.parameters, passed)
        result = await self._body(function)
        self._restore(names, kept)
        self._depth -= 1
        return result

    async def _body(self, function: Function) -> Number:
        try:
            for statement in function.body:
                await self.execute(statement)
        except _Leave as leaving:
            if leaving.kind != "return":
                raise
            return leaving.value
        return ZERO

    def _restore(self, names: list[tuple[str, bool]], values: list[dict[int, Number] | Number]) -> None:
        for (key, _), value in zip(names, values, strict=True):
            if isinstance(value, dict):
                self.arrays[key] = dict(value)
            else:
                self.variables[key] = value


_STATEMENTS: Final = {
    "show": Program._show,
    "text": Program._text,
    "print": Program._print,
    "block": Program._block,
    "if": Program._if,
    "while": Program._while,
    "for": Program._for,
    "return": Program._return,
    "define": Program._define,
    "limits": Program._limits,
}
_EXPRESSIONS: Final = {
    "number": Program._number,
    "group": Program._group,
    "minus": Program._minus,
    "not": Program._not,
    "binary": Program._binary,
    "assign": Program._assignment,
    "before": Program._step,
    "after": Program._step,
    "builtin": Program._builtin,
    "call": Program._call,
    "read": Program._read,
}


@applet("bc", "qlsw", long_options={"quiet": "q", "mathlib": "l", "standard": "s", "warn": "w"}, refused="sw")
async def bc(call: Call) -> int:
    """Calculates what its files say, and then its input."""
    program = Program(call, "l" in call.options)
    try:
        for name in call.operands:
            reader = await call.open_or_die(name)
            text = to_text(await reader.read_all())
            reader.close()
            if not await program.run(text):
                return 0
        await _interact(call, program)
    except CalcError as error:
        call.die(str(error))
    return 0


async def _interact(call: Call, program: Program) -> None:
    """Takes its input line by line, as many lines at a time as belong together."""
    held = ""
    while line := await call.stdin.line():
        held += to_text(line)
        if _is_open(held):
            continue
        text, held = held, ""
        if not await program.run(text):
            return
    await program.run(held)


def _is_open(text: str) -> bool:
    """Whether a brace, a comment, a string, a line or a statement without its body goes on behind the text."""
    if text.count('"') % 2 or text.rfind("/*") > text.rfind("*/") or text.endswith("\\\n"):
        return True
    return text.count("{") > text.count("}") or (_HEAD.match(text) is not None and _ends_with_head(text))


_HEAD: Final = re.compile(r"\s*(?:if|while|for|define)\b")


def _ends_with_head(text: str) -> bool:
    """Whether nothing follows the first pair of parentheses."""
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == ")" and not depth:
            return not text[place + 1 :].strip()
    return False
