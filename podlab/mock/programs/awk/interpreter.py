"""Runs a compiled awk program: the state that its code refers to as `rt`."""

import math
import operator
import re
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from types import FunctionType
from typing import Any, Final

from podlab.mock.kernel import SECOND
from podlab.mock.programs.applet import Call
from podlab.mock.programs.awk import functions
from podlab.mock.programs.awk.arrays import Array, keys
from podlab.mock.programs.awk.compiler import Compiled
from podlab.mock.programs.awk.files import Streams
from podlab.mock.programs.awk.formats import format_values, number_text
from podlab.mock.programs.awk.lexer import AwkError, unescape
from podlab.mock.programs.awk.memory import LIGHT, Memory, widest
from podlab.mock.programs.awk.randomness import Random
from podlab.mock.programs.awk.record import Record
from podlab.mock.programs.awk.records import RecordReader, dynamic_regex, find, regex_of, split_by_regex, split_fields
from podlab.mock.programs.awk.values import (
    UNSET,
    InputText,
    Value,
    divide,
    integer,
    is_numeric,
    long_integer,
    modulo,
    number,
    power,
    truncated,
    truth,
)
from podlab.mock.programs.dates import local_time, strftime, unix_time
from podlab.mock.programs.regex import Regex
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.programs.timezones import parse_zone
from podlab.mock.shell.trampoline import Call as Deep

STEP_COST_NS: Final = 60_000
RECORD_COST_NS: Final = 1_000
SLOW_COST_NS: Final = 10_000_000
"""About what a search with back references takes."""
MAX_DEPTH: Final = 23_000
ASSIGNMENT: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
TEXTS: Final = frozenset(("FS", "OFS", "ORS", "RS", "CONVFMT", "OFMT", "SUBSEP"))

Run = Callable[[Coroutine[Any, Any, None]], Awaitable[None]]


class Next(Exception):
    """`next` or (with `file`) `nextfile` in a function."""

    def __init__(self, file: bool) -> None:
        super().__init__()
        self.file = file


class Leave(Exception):
    """`exit`."""

    def __init__(self, code: float | None) -> None:
        super().__init__()
        self.code = code


class Interpreter(Record):
    """One run of a program."""

    def __init__(self, call: Call, program: Compiled) -> None:
        super().__init__()
        self.call = call
        self.program = program
        self.streams = Streams(call)
        self.memory = Memory(call.proc)
        self.FS, self.OFS, self.ORS, self.RS = " ", " ", "\n", "\n"
        self.CONVFMT = self.OFMT = "%.6g"
        self.SUBSEP = "\x1c"
        self.NR = self.FNR = 0.0
        self.RT: Value = ""
        self.FILENAME: Value = ""
        self.IGNORECASE: object = False
        self.RSTART: Value = 0.0
        self.RLENGTH: Value = -1.0
        self.exit_code = 0
        self.depth = 0
        self._random = Random(1)
        self._seed = 1.0
        self._argument = 0
        self._used_file = False
        self._input: RecordReader | None = None
        self._scalars = [f"v_{name}" for name in program.scalars]
        self._arrays = [f"a_{name}" for name in program.arrays]
        self.names: dict[str, Any] = self._make_names()
        exec(program.code, self.names)

    def _make_names(self) -> dict[str, Any]:
        """What the program's code may refer to."""
        names: dict[str, Any] = {
            "rt": self, "T": 0, "UNSET": UNSET, "InputText": InputText, "Array": Array, "Next": Next, "Leave": Leave,
            "Deep": Deep, "number": number, "text": self.text, "shown": self.shown, "truth": truth, "integer": integer,
            "find": self._find, "keys": keys, "put": _put, "touch": _touch, "put_out": self.call.out.put, "power": power,
            "memory": self.memory, "join": self.memory.join, "substitute": partial(functions.substitute, self.memory),
            "ranges": [False] * self.program.ranges,
        }  # fmt: skip
        names.update({f"v_{name}": UNSET for name in self.program.scalars})
        names.update({f"a_{name}": Array() for name in self.program.arrays})
        names.update({name: regex_of(source, False) for name, source in self.program.regexes.items()})
        return names

    # --- values ---

    def text(self, value: Value) -> str:
        """A value as a string, by CONVFMT."""
        return number_text(value, self.CONVFMT) if isinstance(value, float) else value

    def shown(self, value: Value) -> str:
        """A value as print shows it, by OFMT."""
        return number_text(value, self.OFMT) if isinstance(value, float) else value

    def fold(self, text: str) -> str:
        """A string as it is compared: in lower case under IGNORECASE."""
        return functions.tolower(text) if self.IGNORECASE else text

    def compare(self, left: Value, right: Value) -> int:
        """-1, 0 or 1: as numbers when both are or look like numbers, else as strings."""
        if _counts_as_number(left) and _counts_as_number(right):
            a, b = number(left), number(right)
            return (a > b) - (a < b)
        first, second = self.fold(self.text(left)), self.fold(self.text(right))
        return (first > second) - (first < second)

    def assign(self, name: str, value: Value) -> Value:
        """Assigns one of awk's own variables."""
        if name == "NF":
            self.set_count(integer(number(value)))
        elif name in ("NR", "FNR"):
            setattr(self, name, number(value))
        elif name in TEXTS:
            self.record()  # joined while the old OFS holds
            if name in ("FS", "RS"):
                self._split()  # the record at hand is cut the old way
            setattr(self, name, str(self.text(value)))
        elif name == "IGNORECASE":
            self.IGNORECASE = truth(value)
        else:
            setattr(self, name, value)
        return value

    def set_field(self, number_: int, value: Value, line: int = 0) -> Value:
        """Assigns a field; gives the value."""
        self.put_field(number_, self.text(value), line)
        return value

    def set_variable(self, name: str, text: str) -> None:
        """Assigns a variable from outside (-v, or among the files)."""
        value = InputText(unescape(text))
        if hasattr(self, name) and name.isupper() and name in SPECIAL_NAMES:
            self.assign(name, value)
        else:
            self.names[f"v_{name}"] = value

    # --- running ---

    async def pause(self) -> int:
        """Lets time pass, and others run, after so many turns of loops."""
        await self.call.out.flush()
        await self.call.proc.cpu(STEP_COST_NS + self._settle_memory())
        return 0

    def _find(self, regex: Regex, text: str) -> tuple[tuple[int, int], ...] | None:
        """A match, and after one that may take long a pause at the next turn of a loop or record."""
        if regex.slow:
            self.memory.steps = 0
            self.call.proc.owe(SLOW_COST_NS)
        return find(regex, text)

    def _settle_memory(self) -> int:
        names = self.names
        return self.memory.settle([names[name] for name in self._scalars], [names[name] for name in self._arrays])

    async def print_to(self, kind: str, name: str, data: bytes) -> None:
        """`print > name` and the like: all that was printed before goes out first, then this, at once."""
        await self.call.out.flush()
        writer = await self.streams.writer(kind, name)
        writer.put(data)
        with suppress(OSError):
            await writer.flush()

    def enter(self) -> None:
        """A function that calls itself begins. Raises RecursionError when the stack of a real awk would be full."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise RecursionError

    async def run(self, main: Run) -> int:
        """Runs the program; `main` awaits its routines. Returns the exit code."""
        begin, end = self.names["begin"], self.names["end"]
        try:
            try:
                await self._guard(main, begin)
                if self.program.reads_input:
                    await self._records(main)
            except Leave as left:
                self._leave(left)
            if self.program.reads_input:
                await self._guard(main, end)
        except Leave as left:
            self._leave(left)
        except RecursionError:
            await self.call.out.flush()
            raise
        await self.call.out.flush()
        await self.streams.close_all()
        return self.exit_code

    def _leave(self, left: Leave) -> None:
        if left.code is not None:
            self.exit_code = integer(left.code) & 255

    @staticmethod
    async def _guard(main: Run, routine: FunctionType) -> None:
        with suppress(Next):
            await main(routine())

    async def _records(self, main: Run) -> None:
        rules = self.names["rules"] if self.program.has_rules else None
        out = self.call.out
        count = 0
        self.FNR = 0.0
        while True:
            text = self._ready()
            if text is None:
                await out.flush()  # as awk does after each print: who reads a pipe sees it before more is waited for
                text = await self._next_record()
                if text is None:
                    break
            self.NR += 1.0
            self.FNR += 1.0
            self._text, self._fields, self._stale = text, None, False
            count += 1
            if count == 128 or not self.memory.steps:
                await self.call.proc.cpu(count * RECORD_COST_NS + self._settle_memory())
                count = 0
            if rules is None:
                continue
            try:
                await main(rules())
            except Next as skipped:
                if skipped.file:
                    self.skip_file()
            await out.relieve()

    # --- input ---

    def skip_file(self) -> None:
        """The rest of the file is left unread."""
        if self._input is not None:
            self._close_input()

    def _close_input(self) -> None:
        assert self._input is not None
        self._input.reader.close()
        self._input = None

    def _ready(self) -> str | None:
        return self._input.ready(self.RS) if self._input is not None else None

    async def _next_record(self) -> str | None:
        """The next record of the main input, or None at its end."""
        while True:
            if self._input is None:
                if not await self._next_file():
                    return None
                self.FNR = 0.0
            text = await self._read_record()
            if text is not None:
                return text
            self._close_input()

    async def _read_record(self) -> str | None:
        """The next record of the file at hand, or None at its end."""
        assert self._input is not None
        try:
            found = await self._input.next(self.RS, bool(self.IGNORECASE))
        except OSError as error:
            raise AwkError(error.strerror or "", 0) from error
        if found is None:
            return None
        text, self.RT = found
        return text

    async def _next_file(self) -> bool:
        """Opens the next file of ARGV, assigning variables on the way."""
        arguments: Array = self.names["a_ARGV"]
        while self._argument + 1 < integer(number(self.names["v_ARGC"])):
            self._argument += 1
            name = self.text(arguments.get(str(self._argument), ""))
            if not name:
                continue
            assignment = ASSIGNMENT.fullmatch(name) if "E" not in self.call.options else None
            if assignment:
                self.set_variable(*assignment.groups())
                continue
            await self._open(name)
            return True
        if self._used_file:
            return False
        await self._open("-")
        return True

    async def _open(self, name: str) -> None:
        self._used_file = True
        path = to_text(name.encode("latin-1"))
        self.FILENAME = name
        try:
            fd = 0 if name == "-" else await self.call.proc.open(path)
        except OSError as error:
            self.call.die_of(path, error)
        self._input = RecordReader(self.call.proc, fd)

    async def read_main(self, into_record: bool) -> tuple[float, str]:
        """getline without a source: the next record of the file at hand, or when there is none yet of the next one.

        Gives 1, 0 at the file's end, or -1 after the last file, and the record.
        """
        text = self._ready()
        if text is None:
            await self.call.out.flush()
            if self._input is None and not await self._next_file():
                return -1.0, ""
            try:
                text = await self._read_record()
            except AwkError:
                return -1.0, ""
        if text is None:
            return 0.0, ""
        self.NR += 1.0
        self.FNR += 1.0
        return 1.0, text if into_record else InputText(text)

    async def read_from(self, name: str, command: bool) -> tuple[float, str]:
        """getline from a file or command. Gives 1, 0 or -1, and the record."""
        await self.call.out.flush()
        try:
            reader = await self.streams.reader(name, command)
            found = await reader.next(self.RS, bool(self.IGNORECASE))
        except OSError:
            return -1.0, ""
        if found is None:
            return 0.0, ""
        self.RT = found[1]
        return 1.0, InputText(found[0])

    # --- functions that need the state ---

    def regex(self, source: str) -> Regex:
        """A regular expression that is known only now."""
        return dynamic_regex(source, bool(self.IGNORECASE))

    def fail(self, message: str, line: int) -> float:
        """What is wrong is said only when it is reached. Raises AwkError."""
        raise AwkError(message, line)

    def divide(self, left: float, right: float, line: int) -> float:
        """left / right. Raises AwkError for 0."""
        if right == 0.0:
            raise AwkError("Division by zero", line)
        return divide(left, right)

    def modulo(self, left: float, right: float, line: int) -> float:
        """left % right. Raises AwkError for 0."""
        if right == 0.0:
            raise AwkError("Division by zero", line)
        return modulo(left, right)

    def sprintf(self, values: list[Value]) -> str:
        """sprintf: the first value is the format."""
        if not values:
            return ""
        template = self.text(values[0])
        self.memory.make(widest(template))
        return format_values(template, values[1:], self.text)

    def formatted(self, values: list[Value]) -> str:
        """What the function sprintf gives: a string of C, which ends at a NUL."""
        return self.sprintf(values).partition("\0")[0]

    async def split(self, text: str, array: Array, separator: str) -> float:
        """split with a string."""
        ignore_case = bool(self.IGNORECASE)
        if len(text) <= LIGHT:
            return functions.fill(array, split_fields(text, separator, ignore_case, self.RS == ""))
        if len(separator) > 1:
            return await functions.fill_slowly(
                self.memory, array, split_by_regex(text, dynamic_regex(separator, ignore_case), self.RS == "")
            )
        self.memory.hold_fields(text, separator)
        return await functions.fill_slowly(self.memory, array, split_fields(text, separator, ignore_case, self.RS == ""))

    async def split_regex(self, text: str, array: Array, regex: Regex) -> float:
        """split with `/.../`."""
        parts = split_by_regex(text, regex, self.RS == "") if text else []
        return await functions.fill_slowly(self.memory, array, parts)

    def match(self, text: str, regex: Regex) -> float:
        """match: sets RSTART and RLENGTH."""
        spans = self._find(regex, text)
        begin, end = spans[0] if spans is not None else (-1, -2)
        self.RSTART, self.RLENGTH = float(begin + 1), float(end - begin)
        return float(begin + 1)

    async def gensub(self, regex: Regex, replacement: str, which: str, text: str) -> str:
        """gensub: `which` is a number, or begins with g."""
        count = 0 if which[:1] in ("g", "G") else max(integer(number(which)), 0)
        return (await functions.substitute(self.memory, regex, replacement, text, count, groups=True))[0]

    def rand(self) -> float:
        """A number from 0 to 1, the same ones for the same seed."""
        return self._random.fraction()

    def srand(self, seed: float | None = None) -> float:
        """Begins anew with a seed (the time when none is given); gives the one before."""
        before = self._seed
        self._seed = self.systime() if seed is None else float(long_integer(seed) & 0xFFFFFFFF)
        self._random = Random(int(self._seed))
        return before

    def systime(self) -> float:
        """The time, in Unix seconds."""
        return float(self.call.proc.kernel.wall_ns // SECOND)

    def strftime(self, template: str = "%c", moment: float | None = None, utc: float = 0.0) -> str:
        """A time as text."""
        zone = parse_zone(self.call.proc.env.get("TZ"))
        seconds = int(self.systime() if moment is None else moment)
        return strftime(template, local_time(seconds, zone))

    def mktime(self, text: str) -> float:
        """The time that `YYYY MM DD HH MM SS` means, -1 when it is none."""
        parts = re.match(r"\s*(-?\d+)" + r"\s+(-?\d+)" * 5, text)
        if parts is None:
            return -1.0
        year, month, day, hour, minute, second = (int(part) for part in parts.groups())
        return float(unix_time(year, month, day, hour, minute, second, parse_zone(self.call.proc.env.get("TZ"))))

    async def close(self, name: str) -> float:
        """close."""
        await self.call.out.flush()
        return await self.streams.close(name)

    async def system(self, command: str) -> float:
        """system."""
        return await self.streams.system(command)

    async def fflush(self, name: str | None) -> float:
        """fflush."""
        try:
            await self.call.out.flush()
            await self.streams.flush(name)
        except OSError:
            return -1.0
        return 0.0

    index = staticmethod(functions.index)
    substr = staticmethod(functions.substr)
    toupper = staticmethod(functions.toupper)
    tolower = staticmethod(functions.tolower)
    int = staticmethod(truncated)
    log = staticmethod(functions.log)
    sqrt = staticmethod(functions.sqrt)
    exp = staticmethod(functions.exp)
    sin = staticmethod(functions.sin)
    cos = staticmethod(functions.cos)
    atan2 = staticmethod(math.atan2)
    compl = staticmethod(functions.compl)


for _name, _operation in {
    "bit_and": operator.and_,
    "bit_or": operator.or_,
    "xor": operator.xor,
    "lshift": lambda a, b: a << (b & 63),
    "rshift": lambda a, b: a >> (b & 63),
}.items():
    setattr(Interpreter, _name, staticmethod(functions.bitwise(_operation)))

SPECIAL_NAMES: Final = TEXTS | {"NF", "NR", "FNR", "RT", "FILENAME", "IGNORECASE", "RSTART", "RLENGTH"}


def _counts_as_number(value: Value) -> bool:
    if isinstance(value, float) or value is UNSET:
        return True
    return type(value) is not str and is_numeric(value)


def _put(array: Array, key: str, value: Value) -> Value:
    array[key] = value
    return value


def _touch(array: Array, key: str) -> str:
    if key not in array:
        array[key] = UNSET
    return key


def environment(values: dict[str, str]) -> Array:
    """ENVIRON."""
    array = Array()
    for name, value in values.items():
        array[to_bytes(name).decode("latin-1")] = InputText(to_bytes(value).decode("latin-1"))
    return array
