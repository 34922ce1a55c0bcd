"""Terminals: the line discipline (beside a real one), and job control."""

import contextlib
import os
import select
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.container import ContainerConfig
from podlab.mock.machine.node import program_file
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGCONT, SIGHUP, SIGINT, SIGTTIN, SIGTTOU, SIGWINCH, Disposition
from podlab.mock.machine.termios import ECHO, ICANON, TOSTOP, VMIN, VTIME
from podlab.mock.machine.tty import Terminal

if TYPE_CHECKING:
    from tests.mock.machine.conftest import Node


class Screen(bytearray):
    """What a terminal shows."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__()
        terminal.on_output(self.extend)


def typed(*keys: bytes) -> tuple[bytes, list[bytes]]:
    """What is shown and read when keys are typed into a fresh terminal and nobody waits."""
    terminal = Terminal(Kernel())
    screen = Screen(terminal)
    terminal.type(b"".join(keys))
    return bytes(screen), list(terminal._ready)


def test_line_is_echoed_and_read_when_it_ends() -> None:
    assert typed(b"hello") == (b"hello", [])
    assert typed(b"hello\r") == (b"hello\r\n", [b"hello\n"])


def test_keys_edit_the_line() -> None:
    assert typed(b"ab\x7fc\r")[1] == [b"ac\n"]
    assert typed(b"one two\x17three\r")[1] == [b"one three\n"]
    assert typed(b"lost\x15kept\r")[1] == [b"kept\n"]
    assert typed(b"ab\x7f") == (b"ab\b \b", [])


def test_end_of_file_key_gives_what_there_is() -> None:
    assert typed(b"ab\x04")[1] == [b"ab"]
    assert typed(b"\x04")[1] == [b""]


def _real(keys: bytes) -> tuple[bytes, list[bytes]]:
    master, slave = os.openpty()
    try:
        os.write(master, keys + b"\nZ\n")
        lines: list[bytes] = []
        while not lines or not lines[-1].endswith(b"Z\n"):
            lines.append(os.read(slave, 5000))
        shown = b""
        while not shown.endswith(b"Z\r\n") and select.select([master], [], [], 5)[0]:
            shown += os.read(master, 65_536)
        return shown, lines
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux' terminals")
@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*b"ab_ .\t\x7f\x7f\x15\x17\x16\x12\x04\r\n\x01\x07\xc3\xa4\0"]), max_size=25))
def test_discipline_is_that_of_linux(keys: list[int]) -> None:
    assert typed(bytes(keys), b"\nZ\n") == _real(bytes(keys))


def test_program_reads_lines_and_prints(node: "Node") -> None:
    async def main(proc: Process) -> int:
        while line := await proc.read(0):
            await proc.write(1, line.upper())
        return 3

    terminal = Terminal(node.kernel)
    screen = Screen(terminal)
    container = node.start(main, terminal, tty=True)
    node.kernel.run_until(SECOND)
    terminal.type(b"hi\r")
    node.kernel.run_until(2 * SECOND)
    assert screen == b"hi\r\nHI\r\n"
    terminal.type(b"\x04")
    node.finish(container)
    assert container.exit_code == 3


def test_raw_mode_gives_keys_at_once(node: "Node") -> None:
    async def main(proc: Process) -> int:
        modes = proc.tcgetattr(0)
        modes.lflag &= ~(ICANON | ECHO)
        await proc.tcsetattr(0, modes)
        first = await proc.read(0)
        modes.cc[VMIN], modes.cc[VTIME] = 0, 5
        await proc.tcsetattr(0, modes)
        second = await proc.read(0)
        await proc.write(1, repr((first, second, proc.isatty(0), proc.ttyname(0))).encode())
        return 0

    terminal = Terminal(node.kernel)
    screen = Screen(terminal)
    container = node.start(main, terminal, tty=True)
    node.kernel.run_until(SECOND)
    terminal.type(b"\x1b[A")
    node.finish(container)
    assert screen == repr((b"\x1b[A", b"", True, "/dev/pts/0")).encode()
    assert SECOND * 3 // 2 <= container.finished_ns < 2 * SECOND


def test_interrupt_key_reaches_the_foreground_alone(node: "Node") -> None:
    async def job(proc: Process) -> int:
        await proc.sleep(60)
        return 0

    async def main(proc: Process) -> int:
        proc.signal(SIGTTOU, Disposition.IGNORE)
        front, back = proc.fork(job), proc.fork(job)
        for child in (front, back):
            proc.setpgid(child.pid, child.pid)
        await proc.tcsetpgrp(0, front.pid)
        ended = await proc.waitpid(front.pid)
        assert ended is not None
        return ended.status if not back.ended else 1

    terminal = Terminal(node.kernel)
    screen = Screen(terminal)
    container = node.start(main, terminal, tty=True)
    node.kernel.run_until(SECOND)
    terminal.type(b"\x03")
    node.finish(container)
    assert container.exit_code == 128 + SIGINT
    assert screen == b"^C"


def test_background_reader_is_stopped_until_it_is_in_front(node: "Node") -> None:
    async def job(proc: Process) -> int:
        return len(await proc.read(0))

    async def main(proc: Process) -> int:
        proc.signal(SIGTTOU, Disposition.IGNORE)
        child = proc.fork(job)
        proc.setpgid(child.pid, child.pid)
        stopped = await proc.waitpid(child.pid, untraced=True)
        assert stopped is not None
        assert (stopped.stopped, stopped.signal) == (True, SIGTTIN)
        await proc.tcsetpgrp(0, child.pid)
        proc.kill(-child.pid, SIGCONT)
        ended = await proc.waitpid(child.pid)
        assert ended is not None
        return ended.code

    terminal = Terminal(node.kernel)
    container = node.start(main, terminal, tty=True)
    terminal.type(b"four\r")
    node.finish(container)
    assert container.exit_code == 5


def test_background_writer_is_stopped_only_when_asked(node: "Node") -> None:
    async def job(proc: Process) -> int:
        await proc.write(1, b"hello")
        return 0

    async def main(proc: Process) -> int:
        await proc.write(1, b"-")
        for wanted in (False, True):
            modes = proc.tcgetattr(0)
            modes.lflag |= TOSTOP if wanted else 0
            await proc.tcsetattr(0, modes)
            child = proc.fork(job)
            proc.setpgid(child.pid, child.pid)
            result = await proc.waitpid(child.pid, untraced=True)
            assert result is not None
            assert result.stopped is wanted
        return 0

    terminal = Terminal(node.kernel)
    screen = Screen(terminal)
    node.finish(node.start(main, terminal, tty=True))
    assert screen == b"-hello"


def test_resize_is_told_and_known(node: "Node") -> None:
    async def main(proc: Process) -> int:
        sizes = []
        proc.signal(SIGWINCH, lambda _: sizes.append(proc.tcgetwinsize(0)))
        with contextlib.suppress(InterruptedError):
            await proc.sleep(60)
        assert sizes == [(24, 80)]
        return 0

    terminal = Terminal(node.kernel)
    container = node.start(main, terminal, tty=True)
    node.kernel.run_until(SECOND)
    terminal.resize(80, 24)
    node.finish(container)
    assert container.exit_code == 0


def test_client_that_goes_hangs_up_the_session(node: "Node") -> None:
    async def job(proc: Process) -> int:
        got = []
        proc.signal(SIGHUP, got.append)
        while not got:
            with contextlib.suppress(InterruptedError):
                await proc.sleep(60)
        try:
            await proc.write(1, b"x")
        except OSError as error:
            assert await proc.read(0) == b""
            return error.errno or 0
        return 0

    async def main(proc: Process) -> int:
        await proc.sleep(3600)
        return 0

    container = node.start(main)
    terminal = Terminal(node.kernel)
    slave = terminal.open()
    codes: list[int] = []
    node.programs["job"] = job
    node.bin.link("job", program_file(node.fs, "job"))
    container.exec(["job"], slave, slave, slave, lambda process: codes.append(process.exit_code), terminal)
    node.kernel.run_until(SECOND)
    terminal.close()
    node.kernel.run_until(2 * SECOND)
    assert codes == [5]
    assert container.exit_code is None


def test_each_terminal_of_a_container_has_a_name(node: "Node") -> None:
    async def main(proc: Process) -> int:
        fd = await proc.open(proc.ttyname(0))
        assert proc.fstat(fd).rdev == proc.fstat(0).rdev == (136, 0)
        assert await proc.write(await proc.open("/dev/tty", 1), b"!") == 1
        return len(proc.listdir("/dev/pts"))

    terminal = Terminal(node.kernel)
    screen = Screen(terminal)
    container = node.start(main, terminal, tty=True)
    node.finish(container)
    assert (container.exit_code, screen) == (2, b"!")  # and ptmx
    assert isinstance(container.config, ContainerConfig)
