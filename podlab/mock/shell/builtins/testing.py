"""test, `[` and `[[`: conditions, as busybox' applet evaluates them (also for the shell)."""

import re
import stat
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.files import Stat
from podlab.mock.machine.process import Process
from podlab.mock.shell.encoding import to_machine
from podlab.mock.shell.patterns import compile_pattern
from podlab.mock.shell.regex import ExtendedRegex, extended_regex

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_FILE_KINDS: Final = {
    "-f": stat.S_ISREG,
    "-d": stat.S_ISDIR,
    "-c": stat.S_ISCHR,
    "-b": stat.S_ISBLK,
    "-p": stat.S_ISFIFO,
    "-S": stat.S_ISSOCK,
}
_FILE_BITS: Final = {"-u": stat.S_ISUID, "-g": stat.S_ISGID, "-k": stat.S_ISVTX}
_ACCESS: Final = {"-r": 4, "-w": 2, "-x": 1}
UNARY: Final = frozenset((*_FILE_KINDS, *_FILE_BITS, *_ACCESS, "-e", "-s", "-t", "-z", "-n", "-h", "-L", "-O", "-G"))
_NUMERIC: Final[dict[str, Callable[[int, int], bool]]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-ge": lambda a, b: a >= b,
    "-gt": lambda a, b: a > b,
    "-le": lambda a, b: a <= b,
    "-lt": lambda a, b: a < b,
}
_STRINGS: Final[dict[str, Callable[[str, str], bool]]] = {
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}
_FILES: Final = frozenset(("-nt", "-ot", "-ef"))
BINARY: Final = frozenset((*_NUMERIC, *_STRINGS, *_FILES))
_INTEGER: Final = re.compile(r"[ \t\n\r\f\v]*([-+]?\d+)[ \t\n\r\f\v]*")


class TestError(Exception):
    """A condition that cannot be evaluated; the message may be empty."""

    __test__ = False


@lru_cache(maxsize=256)
def _regex(text: str) -> ExtendedRegex | None:
    return extended_regex(text)


class Condition:
    """The evaluation of one condition.

    Args:
        process: Whose files and terminals are asked about.
        words: The condition.
        double: It stands in `[[ ]]`: && and || for -a and -o, patterns, regular expressions.
    """

    __slots__ = ("binary", "conjunction", "depth", "disjunction", "double", "index", "process", "words")

    def __init__(self, process: Process, words: list[str], double: bool) -> None:
        self.process = process
        self.words = words
        self.double = double
        self.index = 0
        self.depth = 0
        self.conjunction, self.disjunction = ("&&", "||") if double else ("-a", "-o")
        self.binary = BINARY | {"=~"} if double else BINARY

    def evaluate(self) -> bool:
        """Whether the condition holds. Raises TestError."""
        words = self.words
        negate = False
        while True:
            if len(words) < 2:
                return bool(words and words[0]) != negate
            if len(words) == 3 and words[1] in self.binary:
                return self.compare(*words) != negate
            if len(words) == 4 and words[0] == "(" and words[3] == ")":
                # busybox 1.37 cuts the parenthesis off the condition itself, and misses it if it has to parse that after all
                del self.words[-1]
                words = words[1:3]
            if words[0] != "!":
                break
            words = words[1:]
            negate = not negate
        result = self.disjunct()
        if self.peek(1) is not None:
            raise TestError(f"{self.peek(1)}: unknown operand")
        return result

    def peek(self, ahead: int = 0) -> str | None:
        """The word `ahead` of the current one."""
        position = self.index + ahead
        return self.words[position] if position < len(self.words) else None

    def disjunct(self) -> bool:
        """Conjunctions joined by -o; leaves `index` on the last word."""
        self.depth += 1
        if self.depth > 200:
            raise RecursionError
        result = self.conjunct()
        if self.peek(1) == self.disjunction:
            self.index += 2
            right = self.disjunct()
            result = right or result
        self.depth -= 1
        return result

    def conjunct(self) -> bool:
        """Negations joined by -a."""
        results = [self.negation()]
        while self.peek(1) == self.conjunction:
            self.index += 2
            results.append(self.negation())
        return all(results)

    def negation(self) -> bool:
        """A primary, perhaps with `!` before it."""
        negate = False
        while self.peek() == "!":
            if self.peek(1) is None:
                return not negate
            self.index += 1
            negate = not negate
        return self.primary() != negate

    def primary(self) -> bool:
        """A parenthesis, a comparison, a test of a file or a string, or a bare word."""
        word = self.peek()
        if word is None:
            raise TestError("argument expected")
        if word == "(":
            self.index += 1
            result = self.disjunct()
            self.index += 1
            if self.peek() != ")":
                raise TestError("closing paren expected")
            return result
        operator = self.peek(1)
        right = self.peek(2)
        if operator in self.binary and right is not None:
            assert operator is not None
            self.index += 2
            return self.compare(word, operator, right)
        if word in UNARY and operator is not None:
            self.index += 1
            return self.unary(word, operator)
        if operator in self.binary:
            raise TestError(f"{operator}: argument expected")
        return bool(word)

    def compare(self, left: str, operator: str, right: str) -> bool:
        """A comparison."""
        if operator in _NUMERIC:
            return _NUMERIC[operator](integer(left), integer(right))
        if self.double and operator in ("=", "=="):
            return compile_pattern(right).matches(left)
        if self.double and operator == "!=":
            return not compile_pattern(right).matches(left)
        if operator == "=~":
            regex = _regex(right)
            if regex is None:
                raise TestError("")
            return regex.search(left)
        if operator in _STRINGS:
            return _STRINGS[operator](left, right)
        first, second = self.stat(left), self.stat(right)
        if first is None or second is None:
            return False
        if operator == "-ef":
            return (first.dev, first.ino) == (second.dev, second.ino)
        seconds = [which.mtime_ns // 1_000_000_000 for which in (first, second)]
        return seconds[0] > seconds[1] if operator == "-nt" else seconds[0] < seconds[1]

    def stat(self, path: str) -> Stat | None:
        """What is at a path, None when nothing is."""
        try:
            return self.process.stat(to_machine(path))
        except OSError:
            return None

    def unary(self, operator: str, operand: str) -> bool:
        """A test of one operand."""
        if operator == "-z":
            return not operand
        if operator == "-n":
            return bool(operand)
        if operator == "-t":
            return self.process.isatty(integer(operand))
        if operator in ("-h", "-L"):
            try:
                return stat.S_ISLNK(self.process.lstat(to_machine(operand)).mode)
            except OSError:
                return False
        found = self.stat(operand)
        return found is not None and self.file(operator, found)

    def file(self, operator: str, found: Stat) -> bool:
        """A test of a file that exists."""
        if operator in _FILE_KINDS:
            return _FILE_KINDS[operator](found.mode)
        if operator in _FILE_BITS:
            return bool(found.mode & _FILE_BITS[operator])
        if operator in _ACCESS:
            return self.may(found, _ACCESS[operator])
        if operator == "-s":
            return found.size > 0
        if operator == "-O":
            return found.uid == self.process.uid
        if operator == "-G":
            return found.gid == self.process.gid
        return True

    def may(self, found: Stat, want: int) -> bool:
        """Whether the process may read (4), write (2) or execute (1) a file."""
        process = self.process
        if process.uid == 0 and (want != 1 or found.mode & 0o111):
            return True
        if found.uid == process.uid:
            want <<= 6
        elif found.gid == process.gid or found.gid in process.groups:
            want <<= 3
        return bool(found.mode & want)


def integer(text: str) -> int:
    """The number that an operand is. Raises TestError."""
    match = _INTEGER.fullmatch(text)
    if match is None:
        raise TestError(f"{text}: bad number" if text else "bad number")
    value = int(match[1])
    if not -(1 << 63) <= value < 1 << 63:
        raise TestError(f"{text}: out of range")
    return value


def run_test(process: Process, argv: list[str]) -> tuple[int, str]:
    """Runs `test` (or `[`, `[[`) and gives its status and, if there is one, an error message."""
    name = argv[0].rpartition("/")[2]
    words = argv[1:]
    if name.startswith("["):
        closing = "]" if name == "[" else "]]"
        if not words or words[-1] != closing:
            return 2, f"missing {closing}"
        words = words[:-1]
    try:
        return int(not Condition(process, words, double=name == "[[").evaluate()), ""
    except TestError as error:
        return 2, str(error)


async def test(shell: "Shell", argv: list[str]) -> int:
    """Evaluates a condition."""
    status, message = run_test(shell.process, argv)
    if message:
        await shell.complain(message)
    return status


test.__test__ = False  # type: ignore[attr-defined]
