"""Plays a session at a terminal: a program, keys, and every byte that the program sends for each of them.

A session is a file of three parts, divided by lines of dashes: shell commands, the last of which works with the terminal; the
keys, a line for each time that somebody types; and shell commands that show what came of it. In the keys `\\e` is escape, and
other backslashes are Python's; `@size ROWS COLUMNS` gives the window another size. A first line `# ROWS COLUMNS` tells the size
at the start.
"""

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import termios
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.container import ContainerConfig
from podlab.mock.machine.inodes import Directory, File
from podlab.mock.machine.node import Machine
from podlab.mock.machine.tty import Terminal
from podlab.mock.programs.busybox import busybox
from podlab.mock.programs.busybox_image import root_directory
from tests.shell.playing import ENTER, ENVIRONMENT

QUIET_SECONDS = 0.4
"""A recorded program that is silent for so long has shown all."""
LIMIT_SECONDS = 20
DIVIDER = re.compile(r"^-{3,}\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Session:
    """What is typed where."""

    rows: int
    columns: int
    script: bytes
    keys: tuple[str, ...]


def read_session(path: Path) -> Session:
    """Reads a session's file."""
    text = path.read_text(encoding="utf-8")
    size = re.match(r"# (\d+) (\d+)\n", text)
    rows, columns = (int(size[1]), int(size[2])) if size else (24, 80)
    before, keys, after = DIVIDER.split(text)
    script = f'{before}echo "status $?"\n{after}'.encode()
    return Session(rows, columns, script, tuple(keys.splitlines()))


def keys_of(line: str) -> bytes:
    """The bytes that a line of keys stands for."""
    return line.replace("\\e", "\\x1b").encode("utf-8").decode("unicode_escape").encode("latin-1")


def size_of(line: str) -> tuple[int, int] | None:
    """The window's size that a line asks for."""
    size = re.fullmatch(r"@size (\d+) (\d+)", line)
    return (int(size[1]), int(size[2])) if size else None


def play_in_mock(session: Session) -> list[str]:
    """What is shown at the start, and for each line of keys."""
    kernel = Kernel()
    machine = Machine(kernel, {"busybox": busybox})
    root = root_directory(kernel)
    work = Directory(root.fs)
    root.link("work", work)
    work.link("session.sh", File(root.fs, 0o644, content=session.script))
    terminal = Terminal(kernel, session.rows, session.columns)
    shown = bytearray()
    terminal.on_output(shown.extend)
    config = ContainerConfig("test", root, ["sh", "-c", "cd /work; sh ./session.sh"], dict(ENVIRONMENT), hostname="box", tty=True)
    container = machine.create(config)
    container.terminal = terminal
    slave = terminal.open()
    container.start(slave, slave, slave)
    pieces = []

    def gather() -> None:
        kernel.run_until(kernel.now_ns + 2 * SECOND)
        pieces.append(shown.decode("utf-8", "surrogateescape"))
        shown.clear()

    gather()
    for line in session.keys:
        if size := size_of(line):
            terminal.resize(size[1], size[0])
        else:
            terminal.type(keys_of(line))
        gather()
    kernel.run_until(kernel.now_ns + LIMIT_SECONDS * SECOND, lambda: container.exit_code is not None)
    if machine.crashes:
        raise machine.crashes[0][1]
    if container.exit_code is None:
        raise TimeoutError("the session has not ended")
    pieces[-1] += shown.decode("utf-8", "surrogateescape")
    kernel.close()
    return pieces


def play_in_busybox(root: Path, session: Session, expected: list[str] | None = None) -> list[str]:
    """Plays the session in a real busybox, in `root`. With what is `expected` it waits for so many bytes alone."""
    shutil.rmtree(root / "work", ignore_errors=True)
    (root / "work").mkdir()
    (root / "work/session.sh").write_bytes(session.script)
    pid, master = pty.fork()
    if pid == 0:
        _set_size(0, session.rows, session.columns)
        command = ["unshare", "--mount", "--uts", "/bin/sh", "-c", ENTER, "sh", str(root), "cd /work; sh ./session.sh"]
        os.execvpe(command[0], command, ENVIRONMENT)
    try:
        pieces = []
        for number, line in enumerate(("", *session.keys)):
            if size := size_of(line):
                _set_size(master, *size)
            elif line:
                os.write(master, keys_of(line))
            wanted = None if expected is None else len(expected[number].encode("utf-8", "surrogateescape"))
            pieces.append(_gather(master, wanted).decode("utf-8", "surrogateescape"))
        return pieces
    finally:
        os.close(master)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _gather(master: int, wanted: int | None) -> bytes:
    """What is shown until it is quiet, or `wanted` bytes."""
    shown = b""
    end = time.monotonic() + LIMIT_SECONDS
    while (wanted is None or len(shown) < wanted) and time.monotonic() < end:
        patience = QUIET_SECONDS * (3 if not shown else 1) if wanted is None else LIMIT_SECONDS
        if not select.select([master], [], [], patience)[0]:
            break
        try:
            data = os.read(master, 65_536)
        except OSError:
            break
        if not data:
            break
        shown += data
    return shown


def _set_size(fd: int, rows: int, columns: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
