"""What an expression of find is made of: tests of a file, and actions on it.

Each is a function of the file that is looked at, which gives whether it holds; those that run programs are to be awaited.
"""

import stat as st
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.files import Stat
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, Die
from podlab.mock.programs.files.owners import parse_group
from podlab.mock.programs.files.paths import last_component
from podlab.mock.programs.modes import parse_mode
from podlab.mock.programs.numbers import INT_MAX, NO_SUFFIXES, ULLONG_MAX, unsigned
from podlab.mock.programs.process.running import execvp
from podlab.mock.programs.regex import RegexError, TooComplex, compile_regex
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.users import Accounts
from podlab.mock.shell.encoding import from_machine
from podlab.mock.shell.patterns import compile_pattern

TYPES: Final = {
    "f": st.S_IFREG,
    "d": st.S_IFDIR,
    "l": st.S_IFLNK,
    "b": st.S_IFBLK,
    "c": st.S_IFCHR,
    "s": st.S_IFSOCK,
    "p": st.S_IFIFO,
}
SIZES: Final = {"c": 1, "w": 2, "b": 512, "k": 1024}
ARGUMENT_BYTES: Final = 131_072 - 4096


class Quit(Exception):
    """-quit."""


@dataclass(slots=True)
class Candidate:
    """A file that is looked at. `prune` is set by -prune."""

    path: str
    stat: Stat
    depth: int
    prune: bool = False


Predicate = Callable[[Candidate], bool | Awaitable[bool]]


@dataclass(slots=True)
class Settings:
    """What holds for the whole search."""

    call: Call
    accounts: Accounts
    max_depth: int = INT_MAX
    min_depth: int = 0
    depth_first: bool = False
    follow: bool = False
    follow_first: bool = False
    one_file_system: bool = False
    has_action: bool = False


def _compare(text: str, suffixes: Mapping[str, int] = NO_SUFFIXES, scale: int = 1) -> Callable[[int], bool]:
    """`+N`, `-N` or `N`; `scale` is what it is times without a suffix."""
    sign = text[:1] if text[:1] in ("+", "-") else ""
    digits = text[len(sign) :]
    number = unsigned(digits, 0, ULLONG_MAX, suffixes) * (scale if digits[-1:].isdigit() else 1)
    return {"+": lambda value: value > number, "-": lambda value: value < number}.get(sign, lambda value: value == number)


def _age(text: str, unit: int, which: str, settings: Settings) -> Predicate:
    """-mtime and the like: `N` is from N to N + 1 units ago."""
    sign = text[:1] if text[:1] in ("+", "-") else ""
    limit = unsigned(text[len(sign) :]) * unit
    kernel = settings.call.proc.kernel

    def test(file: Candidate) -> bool:
        age = kernel.wall_ns // SECOND - getattr(file.stat, which) // SECOND
        if sign == "+":
            return bool(age >= limit + unit)
        return bool(age < limit) if sign == "-" else bool(limit <= age < limit + unit)

    return test


AGES: Final = {
    "-mtime": (86_400, "mtime_ns"),
    "-atime": (86_400, "atime_ns"),
    "-ctime": (86_400, "ctime_ns"),
    "-mmin": (60, "mtime_ns"),
    "-amin": (60, "atime_ns"),
    "-cmin": (60, "ctime_ns"),
}


def age(option: str) -> Callable[[str, Settings], Predicate]:
    """The test of an age that an option makes of its argument."""
    unit, which = AGES[option]
    return lambda text, settings: _age(text, unit, which, settings)


# --- tests ---


def name(text: str, settings: Settings) -> Predicate:
    """-name."""
    pattern = compile_pattern(from_machine(text))
    return lambda file: pattern.matches(from_machine(last_component(file.path)))


def iname(text: str, settings: Settings) -> Predicate:
    """-iname."""
    pattern = compile_pattern(from_machine(text).lower())
    return lambda file: pattern.matches(from_machine(last_component(file.path)).lower())


def path(text: str, settings: Settings) -> Predicate:
    """-path."""
    pattern = compile_pattern(from_machine(text))
    return lambda file: pattern.matches(from_machine(file.path))


def ipath(text: str, settings: Settings) -> Predicate:
    """-ipath."""
    pattern = compile_pattern(from_machine(text).lower())
    return lambda file: pattern.matches(from_machine(file.path).lower())


def regex(text: str, settings: Settings) -> Predicate:
    """-regex: the whole path."""
    try:
        compiled = compile_regex(to_bytes(text), extended=False)
    except RegexError as error:
        raise Die(f"bad regex '{text}': {error}") from error

    def test(file: Candidate) -> bool:
        data = to_bytes(file.path)
        spans = compiled.search(data)
        return spans is not None and spans[0] == (0, len(data))

    async def test_slowly(file: Candidate) -> bool:
        data = to_bytes(file.path)
        try:
            spans = await compiled.search_slowly(data, 0, settings.call.proc.cpu)
        except TooComplex:
            raise Die(f"bad regex '{text}': Memory exhausted") from None
        return spans is not None and spans[0] == (0, len(data))

    return test_slowly if compiled.slow else test


def kind(text: str, settings: Settings) -> Predicate:
    """-type."""
    if text not in TYPES:
        raise Die(f"invalid argument '{text}' to '-type'")
    wanted = TYPES[text]
    return lambda file: st.S_IFMT(file.stat.mode) == wanted


def executable(settings: Settings) -> Predicate:
    """-executable."""

    def test(file: Candidate) -> bool:
        try:
            settings.call.proc.access(file.path, 1)
        except OSError:
            return False
        return True

    return test


def perm(text: str, settings: Settings) -> Predicate:
    """-perm: any bit of /MODE or +MODE, all bits of -MODE, or exactly MODE."""
    sign = text[:1] if text[:1] in ("+", "-", "/") else ""
    mode = parse_mode(text[len(sign) :], 0, settings.call.proc.umask)
    if mode is None:
        raise Die(f"invalid mode '{text[len(sign) :]}'")
    wanted = mode
    if sign == "-":
        return lambda file: file.stat.mode & wanted == wanted
    if sign:
        return lambda file: file.stat.mode & wanted != 0
    return lambda file: file.stat.mode & 0o7777 == wanted


def size(text: str, settings: Settings) -> Predicate:
    """-size: in bytes, not rounded."""
    compare = _compare(text, SIZES, SIZES["b"])
    return lambda file: compare(file.stat.size)


def newer(text: str, settings: Settings) -> Predicate:
    """-newer."""
    try:
        limit = settings.call.proc.stat(text).mtime_ns // SECOND
    except OSError as error:
        raise Die(f"can't stat '{text}': {strerror(error.errno or 0)}") from error
    return lambda file: file.stat.mtime_ns // SECOND > limit


def samefile(text: str, settings: Settings) -> Predicate:
    """-samefile."""
    try:
        proc = settings.call.proc
        other = (proc.stat if settings.follow or settings.follow_first else proc.lstat)(text)
    except OSError as error:
        raise Die(f"can't stat '{text}': {strerror(error.errno or 0)}") from error
    return lambda file: (file.stat.ino, file.stat.dev) == (other.ino, other.dev)


def user(text: str, settings: Settings) -> Predicate:
    """-user."""
    found = settings.accounts.user(text)
    if found is None and not text.isdigit():
        raise Die(f"unknown user {text}")
    uid = found.uid if found else int(text)
    return lambda file: file.stat.uid == uid


def group(text: str, settings: Settings) -> Predicate:
    """-group."""
    gid = parse_group(text, settings.accounts)
    return lambda file: file.stat.gid == gid


def links(text: str, settings: Settings) -> Predicate:
    """-links."""
    compare = _compare(text)
    return lambda file: compare(file.stat.nlink)


def inum(text: str, settings: Settings) -> Predicate:
    """-inum."""
    number = unsigned(text)
    return lambda file: file.stat.ino == number


def empty(settings: Settings) -> Predicate:
    """-empty."""

    def test(file: Candidate) -> bool:
        if not st.S_ISDIR(file.stat.mode):
            return st.S_ISREG(file.stat.mode) and file.stat.size == 0
        try:
            return not settings.call.proc.listdir(file.path)
        except OSError:
            return False

    return test


# --- actions ---


def prune(settings: Settings) -> Predicate:
    """-prune."""

    def act(file: Candidate) -> bool:
        file.prune = True
        return True

    return act


def quit_(settings: Settings) -> Predicate:
    """-quit: no action, so that what it is not reached for is still printed."""

    def act(file: Candidate) -> bool:
        raise Quit

    return act


def printer(end: str) -> Callable[[Settings], Predicate]:
    """-print and -print0."""

    def make(settings: Settings) -> Predicate:
        settings.has_action = True
        out = settings.call.out

        async def act(file: Candidate) -> bool:
            await out.write_text(file.path + end)
            return True

        return act

    return make


def delete(settings: Settings) -> Predicate:
    """-delete."""
    settings.has_action = settings.depth_first = True
    proc = settings.call.proc

    async def act(file: Candidate) -> bool:
        if last_component(file.path) in (".", ".."):
            return True
        try:
            (proc.rmdir if st.S_ISDIR(file.stat.mode) else proc.unlink)(file.path)
        except OSError as error:
            await settings.call.warn_of(file.path, error)
        return True

    return act


async def _run(settings: Settings, words: list[str]) -> bool:
    """Runs a program and waits for it: whether it succeeded."""
    call = settings.call
    await call.out.flush()

    async def body(child: Process) -> int:
        try:
            await execvp(child, words)
        except OSError as error:
            await Call(call.applet, child).warn_of(words[0], error)
        return 111

    result = await call.proc.waitpid(call.proc.fork(body).pid)
    return result is not None and result.status == 0


def execute(words: list[str], ask: bool, settings: Settings) -> Predicate:
    """-exec and -ok, to the semicolon."""
    settings.has_action = True

    async def act(file: Candidate) -> bool:
        command = [word.replace("{}", file.path) for word in words]
        if ask:
            await settings.call.out.flush()
            await settings.call.error(" ".join(command) + " ?")
            if (await settings.call.stdin.line()).lstrip(b" \t")[:1] not in (b"y", b"Y"):
                return False
        return await _run(settings, command)

    return act


class Batch:
    """-exec ... +: runs a program for as many files at once as fit; the word with `{}` is repeated, once a file."""

    def __init__(self, words: list[str], settings: Settings) -> None:
        settings.has_action = True
        self._words = words
        self._settings = settings
        self._held: list[str] = []

    async def __call__(self, file: Candidate) -> bool:
        """Takes a file. Returns False when that made it run a program that failed."""
        self._held.append(file.path)
        if sum(map(len, self._held)) + 10 * len(self._held) > ARGUMENT_BYTES:
            return await self.flush()
        return True

    @property
    def waits(self) -> bool:
        """Whether it has files that nothing was run for."""
        return bool(self._held)

    async def flush(self) -> bool:
        """Runs the program for the files that it has. Returns whether that succeeded."""
        files, self._held = self._held, []
        command: list[str] = []
        for word in self._words:
            command += [word.replace("{}", file) for file in files] if "{}" in word else [word]
        return await _run(self._settings, command)
