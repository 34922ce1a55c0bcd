"""What applets ask of a terminal."""

from podlab.mock.machine.process import Process

DEFAULT_WIDTH = 80
DEFAULT_HEIGHT = 24


def size(proc: Process, fd: int = 1) -> tuple[int, int]:
    """Columns and rows of the terminal behind a descriptor; 80 and 24 when it is none, or does not say."""
    columns = rows = 0
    if proc.isatty(fd) and proc.tty is not None:
        columns, rows = proc.tty.columns, proc.tty.rows
    return columns or DEFAULT_WIDTH, rows or DEFAULT_HEIGHT


def width(proc: Process, fd: int = 1) -> int:
    """Columns of the terminal behind a descriptor, 80 when it is none."""
    return size(proc, fd)[0]
