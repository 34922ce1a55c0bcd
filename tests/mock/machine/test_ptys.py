"""Terminals that programs make: what their two sides see of each other, and what bounds them."""

import errno
from typing import TYPE_CHECKING

import pytest

from podlab.mock.kernel import MILLISECOND, SECOND
from podlab.mock.machine.descriptors import O_NONBLOCK, O_RDWR
from podlab.mock.machine.devices import MOST_TERMINALS
from podlab.mock.machine.process import Process
from podlab.mock.machine.ptys import TERMINAL_BYTES
from podlab.mock.machine.termios import ECHO

if TYPE_CHECKING:
    from tests.mock.machine.conftest import Node


async def make(proc: Process) -> tuple[int, int]:
    """A master and its slave."""
    master = await proc.open("/dev/ptmx", O_RDWR)
    proc.unlockpt(master)
    return master, await proc.open(proc.ptsname(master), O_RDWR)


def test_what_is_written_to_one_side_is_read_from_the_other(node: "Node") -> None:
    async def main(proc: Process) -> int:
        master, slave = await make(proc)
        assert proc.ttyname(slave) == proc.ptsname(master) == "/dev/pts/0"
        await proc.write(master, b"typed\n")
        assert await proc.read(slave) == b"typed\n"
        assert await proc.read(master) == b"typed\r\n"
        await proc.write(slave, b"shown\n")
        assert await proc.read(master) == b"shown\r\n"
        proc.tcsetwinsize(master, 30, 100)
        assert proc.tcgetwinsize(slave) == (30, 100)
        return 7

    assert node.run(main).exit_code == 7


def test_slave_is_locked_until_the_master_unlocks_it(node: "Node") -> None:
    async def main(proc: Process) -> int:
        master = await proc.open("/dev/ptmx", O_RDWR)
        with pytest.raises(OSError, match="Input/output error"):
            await proc.open(proc.ptsname(master), O_RDWR)
        proc.unlockpt(master)
        await proc.open(proc.ptsname(master), O_RDWR)
        return 7

    assert node.run(main).exit_code == 7


def test_each_side_learns_that_the_other_has_gone(node: "Node") -> None:
    async def main(proc: Process) -> int:
        master, slave = await make(proc)
        await proc.write(slave, b"last words")
        proc.close(slave)
        assert await proc.read(master) == b"last words"
        with pytest.raises(OSError, match="Input/output error"):
            await proc.read(master)
        again = await proc.open(proc.ptsname(master), O_RDWR)
        proc.close(master)
        assert proc.listdir("/dev/pts") == ["ptmx"]
        with pytest.raises(OSError, match="Input/output error"):
            await proc.write(again, b"x")
        return 7 if await proc.read(again) == b"" else 1

    assert node.run(main).exit_code == 7


def test_leader_of_a_session_gets_the_terminal_it_opens_and_its_hangup(node: "Node") -> None:
    async def leader(child: Process) -> int:
        child.close(max(child.fds))
        child.setsid()
        fd = await child.open("/dev/pts/0", O_RDWR)
        assert child.tcgetpgrp(fd) == child.pid
        await child.write(fd, b"ready")
        await child.pause()

    async def main(proc: Process) -> int:
        master = await proc.open("/dev/ptmx", O_RDWR)
        proc.unlockpt(master)
        child = proc.fork(leader)
        assert await proc.read(master) == b"ready"
        proc.close(master)
        ended = await proc.waitpid(child.pid)
        assert ended is not None
        return ended.signal

    assert node.run(main).exit_code == 1  # SIGHUP


def test_nobody_can_fill_a_terminal_without_end(node: "Node") -> None:
    async def main(proc: Process) -> int:
        before = proc.cgroup.memory_used
        master, slave = await make(proc)
        modes = proc.tcgetattr(slave)
        proc.file(master).flags |= O_NONBLOCK
        typed = 0
        with pytest.raises(OSError) as full:
            while True:
                typed += await proc.file(master).write(proc, b"line\n" * 800)
        assert full.value.errno == errno.EAGAIN
        assert typed < 200_000
        assert proc.cgroup.memory_used - before < 1 << 20
        modes.lflag &= ~ECHO
        await proc.tcsetattr(slave, modes, flush=True)
        ready = await proc.poll((), (slave,), 10 * MILLISECOND)
        assert ready == ([], [])
        proc.close(slave)
        proc.close(master)
        return 7 if proc.cgroup.memory_used == before else 1

    assert node.run(main).exit_code == 7


def test_terminals_are_limited_by_number_and_by_memory(node: "Node") -> None:
    async def main(proc: Process) -> int:
        made = 0
        with pytest.raises(OSError, match="No space left on device"):
            while True:
                await proc.open("/dev/ptmx", O_RDWR)
                made += 1
        return int(made == MOST_TERMINALS)

    assert node.run(main, memory_bytes=1 << 30).exit_code == 1
    greedy = node.start(main, memory_bytes=MOST_TERMINALS * TERMINAL_BYTES // 4)
    node.finish(greedy)
    assert greedy.oom_killed
    assert node.kernel.now_ns < 100 * SECOND
