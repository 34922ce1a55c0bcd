"""Runs many commands in the mock and in a real busybox, and tells which of them differ.

python -m tests.shell.grammars.comparing SUBJECT FIRST_SEED COUNT      shows the differences
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.shell.grammars.making import Grammar
from tests.shell.playing import Played, make_root, play_in_busybox, play_in_mock

AT_ONCE: Final = 40
SHOWN: Final = 700
"""How many characters of an output are shown."""
_MARK: Final = "@@@@"
_CASE: Final = (
    "mkdir {n}; cd {n}; cp -pr ../in/. . ; printf '\\n" + _MARK + '\\n\'; (\n{command}\n) </dev/null 2>&1; echo "=$?"; cd ..\n'
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A command that ends otherwise in the mock: what both printed, with the exit status below."""

    command: str
    real: str
    mock: str

    def __str__(self) -> str:
        return f"--- {self.command}\n--- busybox\n{self.real[:SHOWN]}--- mock\n{self.mock[:SHOWN]}"


def script_of(files: str, commands: Sequence[str]) -> bytes:
    """A script that makes the files, and runs each command in a directory of its own that holds them."""
    parts = [f"mkdir in; cd in\n{files}\ncd ..\n"]
    parts += [_CASE.format(n=number, command=command) for number, command in enumerate(commands)]
    return "".join(parts).encode("utf-8", "surrogateescape")


def _split(played: Played) -> list[str]:
    """What each command printed. When a busybox was built is not compared."""
    return re.sub(r"\(20[^()]* UTC\) multi-call", "multi-call", played.stdout).split(f"\n{_MARK}\n")[1:]


def differences(grammar: Grammar, seeds: range, root: Path) -> Iterator[Difference]:
    """Compares one command a seed."""
    commands = [grammar.make(seed) for seed in seeds]
    for first in range(0, len(commands), AT_ONCE):
        yield from _compare(grammar, commands[first : first + AT_ONCE], root)


def _compare(grammar: Grammar, commands: list[str], root: Path) -> Iterator[Difference]:
    script = script_of(grammar.files, commands)
    real = _split(play_in_busybox(root, script, timeout_seconds=120))
    try:
        mock = _split(play_in_mock(script, limit_seconds=100_000))
    except Exception as error:
        mock = [f"{type(error).__name__}: {error}\n"]
    if len(mock) == len(real) == len(commands):
        for command, first, second in zip(commands, real, mock, strict=True):
            if first != second:
                yield Difference(command, first, second)
    elif len(commands) > 1:
        half = len(commands) // 2
        yield from _compare(grammar, commands[:half], root)
        yield from _compare(grammar, commands[half:], root)
    else:
        yield Difference(commands[0], "".join(real), "".join(mock))


def show(name: str, first: int, count: int, tell: Callable[[str], object] = print) -> None:
    """Shows the differences of a subject's commands."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        make_root(root)
        for difference in differences(Grammar(name), range(first, first + count), root):
            tell(f"{difference}\n")


if __name__ == "__main__":
    show(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
