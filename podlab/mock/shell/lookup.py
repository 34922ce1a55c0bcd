"""Finding commands: functions, built-ins, and programs by PATH, whose places are remembered."""

import errno
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podlab.mock.machine.errors import strerror
from podlab.mock.shell.encoding import to_machine
from podlab.mock.shell.syntax import Function

if TYPE_CHECKING:
    from podlab.mock.shell.builtin import Builtin
    from podlab.mock.shell.shell import Shell


@dataclass(frozen=True, slots=True)
class Program:
    """A program: the path, or (with a slash in the name) the name itself."""

    path: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """There is no such command; `error` says why."""

    error: int = errno.ENOENT


Found = "Function | Builtin | Program | NotFound"


def path_entries(path: str, name: str) -> list[str]:
    """The places where `name` is looked for."""
    return [f"{folder}/{name}" if folder else name for folder in path.split(":")]


def find_command(
    shell: "Shell", name: str, path: str | None = None, functions: bool = True, check_absolute: bool = False
) -> "Function | Builtin | Program | NotFound":
    """What a command's name means.

    `path` counts instead of $PATH, and what is found there is not remembered; with `check_absolute` a name with a slash must
    exist (else running it tells).
    """
    if "/" in name:
        if check_absolute and not shell.process.exists(to_machine(name)):
            return NotFound()
        return Program(name)
    if functions and name in shell.functions:
        return shell.functions[name]
    builtin = shell.builtins.get(name)
    if builtin is not None:
        return builtin
    return find_program(shell, name, path)


def find_program(shell: "Shell", name: str, path: str | None = None) -> "Program | NotFound":
    """The program `name`, by PATH."""
    if path is None:
        known = shell.hashed.get(name)
        if known is not None:
            return Program(known)
    error = errno.ENOENT
    for candidate in path_entries(path if path is not None else shell.variables.get("PATH") or "", name):
        try:
            mode = shell.process.stat(to_machine(candidate)).mode
        except OSError as failure:
            if failure.errno not in (errno.ENOENT, errno.ENOTDIR):
                error = failure.errno or error
            continue
        if not stat.S_ISREG(mode):
            error = errno.EACCES
            continue
        if path is None:
            shell.hashed[name] = candidate
        return Program(candidate)
    return NotFound(error)


def not_found_words(error: int) -> str:
    """Why a command cannot be run."""
    return "not found" if error in (errno.ENOENT, errno.ENOTDIR) else strerror(error)
