"""What applets ask of a terminal."""

import re
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import NUMBERS, Disposition
from podlab.mock.machine.termios import Termios

DEFAULT_WIDTH: Final = 80
DEFAULT_HEIGHT: Final = 24
_TOO_MUCH: Final = 30_000

_FATAL: Final = ("HUP", "INT", "TERM", "PIPE", "QUIT", "ABRT", "ALRM", "VTALRM", "XCPU", "XFSZ", "USR1", "USR2")
FATAL_SIGNALS: Final = tuple(NUMBERS[name] for name in _FATAL)
"""The signals that a program which has changed a terminal's modes puts them back at, before it dies."""


def size(proc: Process, fd: int = 1) -> tuple[int, int]:
    """Columns and rows as the environment says, or of the terminal behind a descriptor, or 80 and 24."""
    rows, columns = proc.tcgetwinsize(fd) if proc.isatty(fd) else (0, 0)
    return _number(proc, "COLUMNS", columns, DEFAULT_WIDTH), _number(proc, "LINES", rows, DEFAULT_HEIGHT)


def is_measured(proc: Process, fd: int) -> bool:
    """Whether the terminal, or the environment, tells its size."""
    rows = proc.tcgetwinsize(fd)[0] if proc.isatty(fd) else 0
    return rows > 0 or "LINES" in proc.env or "COLUMNS" in proc.env


def width(proc: Process, fd: int = 1) -> int:
    """Columns of the terminal behind a descriptor, 80 when it is none."""
    return size(proc, fd)[0]


def _number(proc: Process, variable: str, told: int, default: int) -> int:
    if variable in proc.env:
        match = re.match(r"\s*([0-9]+)", proc.env[variable])
        told = int(match[1]) if match else 0
    return told if 1 < told < _TOO_MUCH else default


def restore_when_killed(proc: Process, fd: int, modes: Termios, farewell: bytes = b"") -> None:
    """From now on a fatal signal brings a terminal's modes back, and shows a last text, before it ends the process."""

    def die(number: int) -> None:
        proc.terminal_at(fd).set_modes(modes)
        proc.terminal_at(fd).show(farewell)
        proc.signal(number, Disposition.DEFAULT)
        proc.deliver(number)

    for number in FATAL_SIGNALS:
        proc.signal(number, die)
