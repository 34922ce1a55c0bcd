"""Built-ins on the process and its surroundings: cd, pwd, umask, ulimit, hash, type, command, help, history."""

import stat
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.core import RLIM_INFINITY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.shell.builtin import Builtin, OptionParser
from podlab.mock.shell.encoding import from_machine, single_quote, to_machine
from podlab.mock.shell.errors import ShellError
from podlab.mock.shell.lexer import KEYWORDS
from podlab.mock.shell.lookup import NotFound, Program, find_command, find_program
from podlab.mock.shell.syntax import Function
from podlab.mock.shell.variables import DEFAULT_PATH, EXPORTED

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_LIMITS: Final = {
    "c": ("core file size (blocks)", "core", 9),
    "d": ("data seg size (kb)", "data", 10),
    "e": ("scheduling priority", "nice", 0),
    "f": ("file size (blocks)", "fsize", 9),
    "i": ("pending signals", "sigpending", 0),
    "l": ("max locked memory (kb)", "memlock", 10),
    "m": ("max memory size (kb)", "rss", 10),
    "n": ("open files", "nofile", 0),
    "q": ("POSIX message queues (bytes)", "msgqueue", 0),
    "r": ("real-time priority", "rtprio", 0),
    "s": ("stack size (kb)", "stack", 10),
    "t": ("cpu time (seconds)", "cpu", 0),
    "u": ("max user processes", "nproc", 0),
    "v": ("virtual memory (kb)", "as", 10),
    "x": ("file locks", "locks", 0),
}
_OTHER_LIMITS: Final = {
    "nice": (0, 0),
    "rtprio": (0, 0),
    "msgqueue": (819_200, 819_200),
    "sigpending": (96_365, 96_365),
}
_COMMAND_TABLE_SIZE: Final = 31
_UNLIMITED: Final = (RLIM_INFINITY, RLIM_INFINITY)


def _physical(argv: list[str]) -> tuple[bool, list[str]]:
    """Whether -P (rather than -L) was the last option; and the operands."""
    options = OptionParser(argv, "LP")
    physical = False
    while letter := options.next():
        physical = letter == "P"
    return physical, options.rest


async def cd(shell: "Shell", argv: list[str]) -> int:
    """Changes the working directory."""
    physical, operands = _physical(argv)
    show = False
    target = operands[0] if operands else shell.variables.get("HOME")
    if operands and operands[0] == "-":
        target = shell.variables.get("OLDPWD")
        show = True
    target = target or ""
    for candidate, prints in _places(shell, target):
        try:
            _change(shell, candidate, physical)
        except OSError as error:
            raise ShellError(f"can't cd to {target}: {strerror(error.errno or 0)}") from None
        if show or prints:
            shell.out(shell.cwd + "\n")
        return 0
    return 0


def _places(shell: "Shell", target: str) -> list[tuple[str, bool]]:
    """Where `cd` tries to go, and whether it says so.

    In CDPATH only directories that exist count, last comes the target itself.
    """
    first = target.partition("/")[0]
    if not target.startswith("/") and first not in (".", ".."):
        for folder in (shell.variables.get("CDPATH") or "").split(":"):
            path = f"{folder}/{target or '.'}" if folder else target or "."
            try:
                if stat.S_ISDIR(shell.process.stat(to_machine(path)).mode):
                    return [(path, bool(folder))]
            except OSError:
                continue
    return [(target, False)]


def _change(shell: "Shell", path: str, physical: bool) -> None:
    process = shell.process
    before = shell.cwd
    if not before and not path.startswith("/"):  # where it is has no name: all that can be done is to go from there
        physical = bool(path)
    wanted = path if physical else logical_path(before, path)
    process.chdir(to_machine(wanted))
    shell.cwd = physical_path(process) if physical else wanted
    shell.assign("OLDPWD", before, EXPORTED)
    shell.assign("PWD", shell.cwd, EXPORTED)
    shell.hashed = {name: place for name, place in shell.hashed.items() if place.startswith("/")}


def physical_path(process: Process) -> str:
    """The path of the working directory, without links; "" when it was removed."""
    return from_machine(process.cwd) if process.removed is None else ""


def logical_path(base: str, path: str) -> str:
    """The path from the root (which may be `//`), without dots and double slashes.

    `..` takes off what the shell took to get here, link or not.
    """
    if not path:
        return path
    parts = [] if path.startswith("/") else [part for part in base.split("/") if part]
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    start = path if path.startswith("/") else base
    root = "//" if start.startswith("//") and not start.startswith("///") else "/"
    return root + "/".join(parts)


async def pwd(shell: "Shell", argv: list[str]) -> int:
    """Shows the working directory."""
    physical, _ = _physical(argv)
    shell.out((physical_path(shell.process) if physical else shell.cwd) + "\n")
    return 0


async def umask(shell: "Shell", argv: list[str]) -> int:
    """Shows or sets the file mode creation mask."""
    options = OptionParser(argv, "S")
    symbolic = False
    while options.next():
        symbolic = True
    process = shell.process
    if not options.rest:
        allowed = ~process.umask & 0o777
        if symbolic:
            shell.out(",".join(f"{who}={_letters(allowed >> shift & 7)}" for who, shift in (("u", 6), ("g", 3), ("o", 0))) + "\n")
        else:
            shell.out(f"{process.umask:04o}\n")
        return 0
    text = options.rest[0]
    mask = _octal(text) if text[:1].isdigit() else symbolic_mode(text, ~process.umask & 0o777)
    if mask is None or mask > 0o777:
        raise ShellError(f"illegal mode: {text}")
    process.umask = mask if text[:1].isdigit() else ~mask & 0o777
    return 0


def _letters(bits: int) -> str:
    return "".join(letter for letter, bit in (("r", 4), ("w", 2), ("x", 1)) if bits & bit)


def _octal(text: str) -> int | None:
    return int(text, 8) if all("0" <= char <= "7" for char in text) else None


def symbolic_mode(text: str, mode: int) -> int | None:
    """The bits that a mode like `u+x,go=` makes of the permissions `mode`; None when it is none. Clauses may be empty."""
    unmasked = mode | 0o7000
    for clause in text.split(","):
        at = 0
        who = 0
        while clause[at : at + 1] in tuple("ugoa"):
            who |= {"u": 0o4700, "g": 0o2070, "o": 0o007, "a": 0o7777}[clause[at]]
            at += 1
        if clause and at == len(clause):
            return None
        while at < len(clause):
            operator = clause[at]
            if operator not in "+-=":
                return None
            if operator == "=":
                mode &= ~(who or 0o7777)
            length, bits = _permissions(clause[at + 1 :], mode)
            at += 1 + length
            bits &= who or unmasked  # without `who`, only the bits that the mask lets through
            mode = mode & ~bits if operator == "-" else mode | bits
    return mode


def _permissions(text: str, mode: int) -> tuple[int, int]:
    """The permissions that `text` begins with: how many letters they take, and their bits."""
    if text[:1] in ("u", "g", "o"):
        return 1, (mode >> {"u": 6, "g": 3, "o": 0}[text[0]] & 7) * 0o111
    bits = length = 0
    while text[length : length + 1] in tuple("rwxXst"):
        letter = text[length]
        bits |= {"r": 0o444, "w": 0o222, "x": 0o111, "X": 0o111 if mode & 0o111 else 0, "s": 0o6000, "t": 0o1000}[letter]
        length += 1
    return length, bits


class _UlimitOptions:
    """The options of ulimit: letters, each perhaps with a value."""

    def __init__(self) -> None:
        self.hard = self.soft = self.all = False
        self.wanted: list[tuple[str, str | None]] = []


def _ulimit_options(operands: list[str]) -> _UlimitOptions | str:
    """Reads the options; a bad one's letter is returned instead."""
    options = _UlimitOptions()
    index = 0
    while index < len(operands):
        word = operands[index]
        index += 1
        if word == "--":
            break  # and what follows is not looked at
        if not word.startswith("-") or word == "-":
            options.wanted.append(("f", word))
            continue
        text = word[1:]
        while text:
            letter, text = text[0], text[1:]
            if letter == "H":
                options.hard = True
            elif letter == "S":
                options.soft = True
            elif letter == "a":
                options.all = True
            elif letter in _LIMITS:
                value = text or None
                text = ""
                if value is None and index < len(operands) and not operands[index].startswith("-"):
                    value = operands[index]
                    index += 1
                options.wanted.append((letter, value))
            else:
                return letter
    return options


async def ulimit(shell: "Shell", argv: list[str]) -> int:
    """Shows or sets limits on resources."""
    options = _ulimit_options(argv[1:])
    if isinstance(options, str):
        await shell.err(f"ulimit: invalid option -- '{options}'\n")
        return 1
    soft = options.soft or not options.hard
    if options.all:
        for letter in _LIMITS:
            shell.out(_limit_line(shell, letter, soft, named=True))
        return 0
    for letter, value in options.wanted or [("f", None)]:
        if value is None:
            shell.out(_limit_line(shell, letter, soft, named=len(options.wanted) > 1))
        elif not await _set_limit(shell, letter, value, options):
            return 1
    return 0


def _limit(shell: "Shell", letter: str) -> tuple[int, int]:
    name = _LIMITS[letter][1]
    return shell.process.rlimits.get(name) or _OTHER_LIMITS.get(name, _UNLIMITED)


def _limit_line(shell: "Shell", letter: str, soft: bool, named: bool) -> str:
    text, _, shift = _LIMITS[letter]
    value = _limit(shell, letter)[0 if soft else 1]
    shown = "unlimited" if value == RLIM_INFINITY else str(value >> shift)
    return f"{text:<32}(-{letter}) {shown}\n" if named else shown + "\n"


async def _set_limit(shell: "Shell", letter: str, text: str, options: _UlimitOptions) -> bool:
    _, name, shift = _LIMITS[letter]
    if text == "unlimited":
        value = RLIM_INFINITY
    elif text.isdigit() and text.isascii():
        value = min(int(text) << shift, RLIM_INFINITY)
    else:
        await shell.complain(f"invalid number '{text}'")
        return False
    soft, hard = _limit(shell, letter)
    both = not (options.hard or options.soft)
    new_hard = value if options.hard or both else hard
    new_soft = value if options.soft or both else soft
    if new_soft > new_hard or new_hard > hard:  # nobody in a container has CAP_SYS_RESOURCE
        words = "Invalid argument" if new_soft > new_hard else "Operation not permitted"
        await shell.complain(f"error setting limit: {words}")
        return False
    shell.process.rlimits[name] = (new_soft, new_hard)
    return True


async def hash_(shell: "Shell", argv: list[str]) -> int:
    """Shows, fills or empties the table of where commands are."""
    options = OptionParser(argv, "r")
    if options.next():
        shell.hashed.clear()
        return 0
    if not options.rest:
        for name in sorted(shell.hashed, key=_command_bucket):
            shell.out(shell.hashed[name] + "\n")
        return 0
    status = 0
    for name in options.rest:
        shell.hashed.pop(name, None)
        if "/" in name or name in shell.functions or name in shell.builtins:
            continue
        if isinstance(find_program(shell, name), NotFound):
            await shell.warn(f"{name}: not found")
            status = 1
    return status


def _command_bucket(name: str) -> int:
    """Where ash's hash table keeps a command, and so its place in the list."""
    return ((ord(name[0]) << 4) + sum(map(ord, name))) % _COMMAND_TABLE_SIZE


def describe(shell: "Shell", name: str, path: str | None, verbose: bool) -> int:
    """Prints what a command's name means. Returns the status."""
    if name in KEYWORDS:
        shell.out(f"{name} is a shell keyword\n" if verbose else f"{name}\n")
        return 0
    if name in shell.aliases:
        value = shell.aliases[name]
        shell.out(f"{name} is an alias for {value}\n" if verbose else f"alias {name}={single_quote(value)}\n")
        return 0
    found = find_command(shell, name, path, check_absolute=True)
    match found:
        case Program(place):
            shell.out(f"{name} is {place}\n" if verbose else f"{place}\n")
        case Function():
            shell.out(f"{name} is a function\n" if verbose else f"{name}\n")
        case Builtin(special=special):
            shell.out(f"{name} is a {'special ' if special else ''}shell builtin\n" if verbose else f"{name}\n")
        case _:
            if verbose:
                shell.out(f"{name}: not found\n")
            return 127
    return 0


async def type_(shell: "Shell", argv: list[str]) -> int:
    """Tells what commands' names mean."""
    operands = argv[1:]
    verbose = not (operands and operands[0].startswith("-"))
    status = 0
    for name in operands if verbose else operands[1:]:
        status |= describe(shell, name, None, verbose)
    return status


async def command(shell: "Shell", argv: list[str]) -> int:
    """`command -v` and `-V` (running a command with `command` is done before this)."""
    options = OptionParser(argv, "pvV")
    verbose = False
    path: str | None = None
    while letter := options.next():
        verbose = verbose or letter == "V"
        if letter == "p":
            path = DEFAULT_PATH
    return describe(shell, options.rest[0], path, verbose) if options.rest else 0


async def help_(shell: "Shell", _argv: list[str]) -> int:
    """Lists the built-ins."""
    shell.out("Built-in commands:\n------------------\n")
    column = 0
    for name in sorted(shell.builtins):
        column += len(name) + 1
        shell.out(("\t" if column == len(name) + 1 else " ") + name)
        if column > 60:
            shell.out("\n")
            column = 0
    shell.out("\n")
    return 0


async def history(shell: "Shell", _argv: list[str]) -> int:
    """Shows the lines that were typed."""
    if shell.editor is not None:
        for number, line in enumerate(shell.editor.history):
            shell.out(f"{number:4} {line}\n")
    return 0
