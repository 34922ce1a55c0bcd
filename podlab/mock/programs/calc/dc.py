"""dc: a calculator in reverse Polish notation."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from podlab.mock.programs.applet import Call, applet
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
from podlab.mock.programs.streams import Reader, to_text

Value = Number | str
_NUMBER: Final = re.compile(r"_?(?:[0-9A-F]+(?:\.[0-9A-F]*)?|\.[0-9A-F]+)")
_LONG_NAME: Final = re.compile(r"[ \t\r\f\v]*([a-z0-9_]*)")
_STEP_NS: Final = 300
_WIDTH: Final = 70
_TOO_FEW: Final = "stack has too few elements"
_WRONG_TYPE: Final = "variable is wrong type"
_DEEPEST: Final = 500


class _Quit(Exception):
    """Leaves so many levels of macros."""

    def __init__(self, levels: int) -> None:
        super().__init__()
        self.levels = levels


class Machine:
    """The stack, the registers and what runs."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.stack: list[Value] = []
        self.registers: dict[str, list[Value]] = defaultdict(list)
        self.arrays: dict[str, dict[int, Value]] = defaultdict(dict)
        self.scale, self.input, self.output = 0, 10, 10
        self.extended = False
        self._depth = 0

    # --- the stack ---

    def pop(self) -> Value:
        """Takes the top. Raises CalcError."""
        if not self.stack:
            raise CalcError(_TOO_FEW)
        return self.stack.pop()

    def number(self) -> Number:
        """Takes a number from the top. Raises CalcError."""
        value = self.pop()
        if isinstance(value, str):
            self.stack.append(value)
            raise CalcError(_WRONG_TYPE)
        return value

    def two(self) -> tuple[Number, Number]:
        """Takes two numbers, the lower one first; leaves the stack as it was when there are not so many."""
        if len(self.stack) < 2:
            raise CalcError(_TOO_FEW)
        second = self.number()
        return self.number(), second

    # --- running ---

    async def run(self, text: str) -> None:
        """Runs a text. Raises CalcError, _Quit."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CalcError("Out of memory")
        place = 0
        while place < len(text):
            await self.call.proc.cpu(_STEP_NS)
            place = await self._step(text, place)
        self._depth -= 1

    async def _step(self, text: str, place: int) -> int:
        """Runs what stands at a place. Returns the place behind it."""
        match = _NUMBER.match(text, place)
        if match is not None:
            number = parse(match[0].removeprefix("_"), self.input)
            self.stack.append(Number(-number.value, number.scale) if match[0][0] == "_" else number)
            return match.end()
        char = text[place]
        place += 1
        if char == "_":
            rest = text[place:].lstrip(" \t") or char
            raise CalcError(f"bad token at '{rest.partition(chr(10))[0]}'")
        if char == "[":
            end = _closing(text, place)
            self.stack.append(text[place:end])
            return end + 1
        if char == "#":
            return (text + "\n").find("\n", place)
        if char in "<>=!":
            return await self._condition(char, text, place)
        if char in "sSlL:;":
            if place >= len(text):
                raise CalcError("bad register")
            name, place = self._name(text, place)
            self._register(char, name)
            return place
        if not char.isspace():
            await self._command(char)
        return place

    async def _execute(self, value: Value) -> None:
        if isinstance(value, Number):
            self.stack.append(value)
            return
        try:
            await self.run(value)
        except _Quit as leaving:
            self._depth -= 1
            if leaving.levels > 1:
                raise _Quit(leaving.levels - 1) from None

    async def _condition(self, char: str, text: str, place: int) -> int:
        negated = char == "!"
        if negated:
            char, place = text[place : place + 1], place + 1
            if char not in ("<", ">", "="):
                raise CalcError("bad character '!'")
        register, place = self._name(text, place)
        lower, upper = self.two()
        order = compare(upper, lower)
        holds = {"<": order < 0, ">": order > 0, "=": order == 0}[char] != negated
        values = self.registers[register]
        if not values:
            raise CalcError(_WRONG_TYPE)
        if holds:
            await self._execute(values[-1])
        return place

    def _name(self, text: str, place: int) -> tuple[str, int]:
        """The register that is named at a place, and where the text goes on: a letter, or a word after a blank with -x."""
        if not self.extended or not text[place : place + 1].isspace():
            return text[place : place + 1], place + 1
        match = _LONG_NAME.match(text, place)
        assert match is not None
        return match[1], match.end()

    def _register(self, char: str, name: str) -> None:
        values = self.registers[name]
        if char == "s":
            values[-1:] = [self.pop()]
        elif char == "S":
            values.append(self.pop())
        elif char == "l":
            self.stack.append(values[-1] if values else ZERO)
        elif char == "L":
            if not values:
                raise CalcError(_TOO_FEW)
            self.stack.append(values.pop())
        elif char == ":":
            index = self.number().unsigned()
            self.arrays[name][index] = self.pop()
        else:
            self.stack.append(self.arrays[name].get(self.number().unsigned(), ZERO))

    async def _command(self, char: str) -> None:
        if (calculation := _CALCULATIONS.get(char)) is not None:
            a, b = self.two()
            try:
                self.stack += calculation(a, b, self.scale)
            except CalcError:
                self.stack += [a, b]
                raise
        elif (change := _CHANGES.get(char)) is not None:
            change(self)
        elif char in "pPn":
            await self._print(char)
        elif char == "f":
            for value in reversed(self.stack):
                await self._write(value)
        elif char == "x":
            await self._execute(self.pop())
        elif char == "?":
            await self.run(to_text(await self.call.stdin.line()))
        elif char in "qQ":
            raise _Quit(2 if char == "q" else self.number().integer())
        else:
            raise CalcError(f"bad character '{char}'")

    async def _print(self, char: str) -> None:
        if not self.stack:
            raise CalcError(_TOO_FEW)
        value = self.stack[-1] if char == "p" else self.stack.pop()
        if char == "P" and isinstance(value, Number):
            await self.call.out.write(_stream(value))
        elif char == "P":
            await self.call.out.write_text(str(value))
        else:
            await self._write(value)

    async def _write(self, value: Value) -> None:
        text = (value or "\0") if isinstance(value, str) else wrapped(show(value, self.output), _WIDTH)
        await self.call.out.write_text(text + "\n")


def _closing(text: str, place: int) -> int:
    depth = 1
    for at in range(place, len(text)):
        depth += (text[at] == "[") - (text[at] == "]")
        if not depth:
            return at
    raise CalcError("unterminated string")


def _stream(number: Number) -> bytes:
    """A number as bytes, in base 256: as many for its decimals as show has digits there."""
    if number.value < 0:
        raise CalcError("negative number")
    unit = 10**number.scale
    whole, fraction = divmod(number.value, unit)
    out = bytearray(whole.to_bytes((whole.bit_length() + 7) // 8, "big"))
    reach = 1
    while reach < unit and number:
        digit, fraction = divmod(fraction * 256, unit)
        out.append(digit)
        reach *= 256
    return bytes(out) or b"\0"


def _whole_and_rest(a: Number, b: Number, scale: int) -> list[Value]:
    return [divide(a, b, scale), remainder(a, b, scale)]


_CALCULATIONS: Final[dict[str, Callable[[Number, Number, int], list[Value]]]] = {
    "+": lambda a, b, _: [add(a, b)],
    "-": lambda a, b, _: [subtract(a, b)],
    "*": lambda a, b, scale: [multiply(a, b, scale)],
    "/": lambda a, b, scale: [divide(a, b, scale)],
    "%": lambda a, b, scale: [remainder(a, b, scale)],
    "^": lambda a, b, scale: [power(a, b, scale)],
    "~": _whole_and_rest,
}


def _swap(machine: Machine) -> None:
    if len(machine.stack) < 2:
        raise CalcError(_TOO_FEW)
    machine.stack[-2:] = machine.stack[:-3:-1]


def _duplicate(machine: Machine) -> None:
    top = machine.pop()
    machine.stack += [top, top]


def _modular_power(machine: Machine) -> None:
    if len(machine.stack) < 3:
        raise CalcError(_TOO_FEW)
    modulus, exponent, base = machine.number(), machine.number(), machine.number()
    if not modulus:
        raise CalcError("divide by zero")
    machine.stack.append(Number(pow(base.integer(), exponent.integer(), modulus.integer())))


def _set_base(machine: Machine, name: str, low: int, high: int, told: int) -> None:
    base = machine.number().unsigned()
    if not low <= base <= high:
        raise CalcError(f"bad {name}; must be [{low},{told}]")
    setattr(machine, {"ibase": "input", "obase": "output"}[name], base)


def _set_scale(machine: Machine) -> None:
    machine.scale = machine.number().unsigned()


def _length(machine: Machine) -> None:
    value = machine.pop()
    size = len(value) if isinstance(value, str) else len(str(abs(value.value)))
    machine.stack.append(Number(size))


def _decimals(machine: Machine) -> None:
    value = machine.pop()
    machine.stack.append(Number(0 if isinstance(value, str) else value.scale))


def _character(machine: Machine) -> None:
    value = machine.pop()
    if isinstance(value, Number) and value.value < 0 and value.integer() % 256:
        raise CalcError("negative number")
    machine.stack.append(value[:1] if isinstance(value, str) else chr(value.integer() & 255).strip("\0"))


def _drop(machine: Machine) -> None:
    machine.pop()


_CHANGES: Final[dict[str, Callable[[Machine], None]]] = {
    "r": _swap,
    "d": _duplicate,
    "R": _drop,
    "|": _modular_power,
    "c": lambda machine: machine.stack.clear(),
    "z": lambda machine: machine.stack.append(Number(len(machine.stack))),
    "v": lambda machine: machine.stack.append(square_root(machine.number(), machine.scale)),
    "k": _set_scale,
    "i": lambda machine: _set_base(machine, "ibase", 2, 36, 16),
    "o": lambda machine: _set_base(machine, "obase", 2, 999, 999),
    "K": lambda machine: machine.stack.append(Number(machine.scale)),
    "I": lambda machine: machine.stack.append(Number(machine.input)),
    "O": lambda machine: machine.stack.append(Number(machine.output)),
    "Z": _length,
    "X": _decimals,
    "a": _character,
    "G": lambda machine: machine.stack.append(ONE if compare(*machine.two()) == 0 else ZERO),
    "N": lambda machine: machine.stack.append(ZERO if machine.number() else ONE),
}


@applet("dc", "e:f:x", long_options=None)
async def dc(call: Call) -> int:
    """Calculates what -e and -f, its files, or its input say, in order; -x counts for what comes after it."""
    machine = Machine(call)
    sources = [*call.options.given, *(("f", name) for name in call.operands)]
    try:
        for letter, argument in sources:
            if letter == "x":
                machine.extended = True
            else:
                await machine.run(argument if letter == "e" else await _contents(call, argument))
        if all(letter == "x" for letter, _ in sources):
            await machine.run(to_text(await call.stdin.read_all()))
    except _Quit:
        return 0
    except CalcError as error:
        call.die(str(error))
    return 0


async def _contents(call: Call, name: str) -> str:
    try:
        fd = await call.proc.open(name)  # a dash is a file's name here
    except OSError as error:
        call.die_of(f"can't open '{name}'", error)
    reader = Reader(call.proc, fd)
    text = to_text(await reader.read_all())
    reader.close()
    return text
