"""Processes: life, pipes, signals, files, limits."""

import errno
from collections.abc import Awaitable, Callable, Iterator

import pytest

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.container import Container, ContainerConfig, Sink
from podlab.mock.machine.descriptors import O_CREAT, O_WRONLY
from podlab.mock.machine.inodes import Directory, FileSystem
from podlab.mock.machine.mounts import Mount
from podlab.mock.machine.node import Machine, program_file
from podlab.mock.machine.process import Process, WaitResult
from podlab.mock.machine.signals import SIGINT, SIGKILL, SIGPIPE, SIGTERM, Disposition

Main = Callable[[Process], Awaitable[int]]


made: list["Node"] = []


@pytest.fixture(autouse=True)
def _close_nodes() -> Iterator[None]:
    yield
    while made:
        made.pop().kernel.close()


class Node:
    """A machine with one program, `main`, and what it printed."""

    def __init__(self, main: Main, **options: object) -> None:
        made.append(self)
        self.kernel = Kernel()
        self.machine = Machine(self.kernel, {"main": main, "echo": _echo})
        fs = FileSystem(self.kernel, "image")
        root, bin_ = Directory(fs), Directory(fs)
        root.link("bin", bin_)
        root.link("tmp", Directory(fs, 0o1777))
        for name in ("main", "echo"):
            bin_.link(name, program_file(fs, name))
        self.output = bytearray()
        config = ContainerConfig("test", root, ["main"], {"PATH": "/bin"}, **options)  # type: ignore[arg-type]
        self.container: Container = self.machine.create(config)

    def start(self) -> Container:
        sink = Sink(self.output.extend)
        self.container.start(None, sink, sink)
        return self.container

    def run(self) -> Container:
        self.start()
        self.kernel.run_until(condition=lambda: self.container.exit_code is not None)
        if self.machine.crashes:
            raise self.machine.crashes[0][1]
        return self.container


async def _echo(proc: Process) -> int:
    await proc.write(1, " ".join(proc.argv[1:]).encode() + b"\n")
    return 0


def test_exit_code_is_what_main_returns() -> None:
    async def main(proc: Process) -> int:
        await proc.sleep(2)
        return 7

    node = Node(main)
    assert node.run().exit_code == 7
    assert node.kernel.now_ns >= 2 * SECOND


def test_fork_exec_and_wait() -> None:
    async def main(proc: Process) -> int:
        async def body(child: Process) -> int:
            await child.exec("/bin/echo", ["echo", "hello", "you"])

        child = proc.fork(body)
        result = await proc.waitpid(child.pid)
        assert result is not None
        return result.status

    node = Node(main)
    assert node.run().exit_code == 0
    assert node.output == b"hello you\n"


def test_exec_of_what_is_not_there_or_not_a_program() -> None:
    async def main(proc: Process) -> int:
        with pytest.raises(FileNotFoundError):
            await proc.exec("/bin/nosuch", ["nosuch"])
        fd = await proc.open("/tmp/text", O_CREAT | O_WRONLY, 0o755)
        await proc.write(fd, b"echo hi\n")
        with pytest.raises(OSError) as caught:
            await proc.exec("/tmp/text", ["text"])
        assert caught.value.errno == errno.ENOEXEC
        proc.chmod("/tmp/text", 0o644)
        with pytest.raises(PermissionError):
            await proc.exec("/tmp/text", ["text"])
        return 0

    assert Node(main).run().exit_code == 0


def test_interpreter_line_gives_its_program_the_script() -> None:
    async def main(proc: Process) -> int:
        fd = await proc.open("/tmp/script", O_CREAT | O_WRONLY, 0o755)
        await proc.write(fd, b"#!/bin/echo one two\nrest\n")
        proc.close(fd)
        await proc.exec("/tmp/script", ["/tmp/script", "arg"])

    node = Node(main)
    node.run()
    assert node.output == b"one two /tmp/script arg\n"


def test_pipe_blocks_its_writer_and_kills_it_when_the_reader_goes() -> None:
    async def main(proc: Process) -> int:
        r, w = proc.pipe()

        async def writer(child: Process) -> int:
            child.close(r)
            while True:
                await child.write(w, b"y\n" * 1000)

        child = proc.fork(writer)
        proc.close(w)
        data = await proc.read(r, 10)
        proc.close(r)
        result = await proc.waitpid(child.pid)
        assert data == b"y\ny\ny\ny\ny\n"
        assert result is not None
        return result.signal

    assert Node(main).run().exit_code == SIGPIPE


def test_first_process_ignores_signals_it_does_not_handle() -> None:
    async def main(proc: Process) -> int:
        proc.kill(proc.pid, SIGTERM)
        proc.kill(proc.pid, SIGKILL)
        await proc.sleep(5)
        return 0

    node = Node(main)
    node.start()
    node.kernel.run_until(deadline_ns=SECOND)
    node.container.kill(SIGTERM)
    node.kernel.run_until(deadline_ns=2 * SECOND)
    assert node.container.exit_code is None
    node.container.kill(SIGKILL)
    node.kernel.run_until(deadline_ns=3 * SECOND)
    assert node.container.exit_code == 137


def test_handled_signal_interrupts_a_blocking_call() -> None:
    async def main(proc: Process) -> int:
        seen: list[int] = []
        proc.signal(SIGINT, seen.append)
        with pytest.raises(InterruptedError):
            await proc.sleep(100)
        return seen[0]

    node = Node(main)
    node.start()
    node.kernel.run_until(deadline_ns=SECOND)
    node.container.kill(SIGINT)
    node.kernel.run_until(condition=lambda: node.container.exit_code is not None)
    assert node.container.exit_code == SIGINT
    assert node.kernel.now_ns < 2 * SECOND


def test_kill_of_oneself_ends_at_once() -> None:
    async def main(proc: Process) -> int:
        async def body(child: Process) -> int:
            child.kill(child.pid, SIGTERM)
            await child.write(1, b"never")
            return 0

        result = await proc.waitpid(proc.fork(body).pid)
        assert result is not None
        return result.status

    node = Node(main)
    assert node.run().exit_code == 143
    assert node.output == b""


def test_ignored_signal_is_ignored_by_children_too() -> None:
    async def main(proc: Process) -> int:
        proc.signal(SIGTERM, Disposition.IGNORE)

        async def body(child: Process) -> int:
            await child.sleep(1)
            return 3

        child = proc.fork(body)
        proc.kill(child.pid, SIGTERM)
        result = await proc.waitpid(child.pid)
        assert result is not None
        return result.status

    assert Node(main).run().exit_code == 3


def test_end_of_the_first_process_ends_all() -> None:
    async def main(proc: Process) -> int:
        async def body(child: Process) -> int:
            await child.sleep(1000)
            return 0

        proc.fork(body)
        return 0

    node = Node(main)
    node.run()
    node.kernel.run_until()
    assert node.kernel.now_ns < SECOND
    assert not node.container.cgroup.processes


def test_orphan_becomes_a_child_of_the_first() -> None:
    async def main(proc: Process) -> int:
        async def grandchild(child: Process) -> int:
            await child.sleep(1)
            return 9

        async def middle(child: Process) -> int:
            child.fork(grandchild)
            return 1

        first = await proc.waitpid(proc.fork(middle).pid)
        second = await proc.waitpid(-1)
        assert isinstance(first, WaitResult)
        assert isinstance(second, WaitResult)
        return first.code + second.code

    assert Node(main).run().exit_code == 10


def test_fork_bomb_runs_out_of_processes() -> None:
    async def main(proc: Process) -> int:
        async def body(child: Process) -> int:
            await child.sleep(10)
            return 0

        with pytest.raises(BlockingIOError):
            for _ in range(100):
                proc.fork(body)
        return len(proc.children)

    assert Node(main, pids=20).run().exit_code == 19


def test_memory_beyond_the_limit_kills() -> None:
    async def main(proc: Process) -> int:
        proc.charge_memory(64 << 20)
        return 0

    node = Node(main, memory_bytes=32 << 20)
    container = node.run()
    assert container.exit_code == 137
    assert container.oom_killed


def test_mounts_shared_between_containers_and_read_only() -> None:
    async def main(proc: Process) -> int:
        with pytest.raises(OSError) as caught:
            await proc.open("/ro/x", O_CREAT | O_WRONLY)
        assert caught.value.errno == errno.EROFS
        fd = await proc.open("/data/x", O_CREAT | O_WRONLY)
        await proc.write(fd, b"seen")
        fd = await proc.open("/ro/x")
        await proc.write(1, await proc.read(fd))
        return 0

    kernel = Kernel()
    volume = Directory(FileSystem(kernel, "ext4"))
    node = Node(main, mounts=[Mount("/data", volume), Mount("/ro", volume, read_only=True)])
    assert node.run().exit_code == 0
    assert node.output == b"seen"


def test_full_disk_says_no_space() -> None:
    async def main(proc: Process) -> int:
        fd = await proc.open("/tmp/big", O_CREAT | O_WRONLY)
        with pytest.raises(OSError) as caught:
            await proc.write(fd, bytes(3 << 20))
        assert caught.value.errno == errno.ENOSPC
        proc.unlink("/tmp/big")
        proc.close(fd)
        fd = await proc.open("/tmp/big", O_CREAT | O_WRONLY)
        await proc.write(fd, bytes(1 << 19))
        return 0

    assert Node(main, disk_bytes=1 << 20).run().exit_code == 0


def test_image_is_not_changed_by_a_container() -> None:
    async def main(proc: Process) -> int:
        proc.unlink("/bin/echo")
        assert not proc.exists("/bin/echo")
        assert proc.listdir("/bin") == ["main"]
        return 0

    node = Node(main)
    node.run()
    bin_ = node.container.config.image_root.lookup("bin")
    assert isinstance(bin_, Directory)
    assert bin_.names() == ["main", "echo"]


def test_endless_loop_takes_time_and_lets_others_run() -> None:
    async def main(proc: Process) -> int:
        while True:
            await proc.cpu(1000)

    node = Node(main)
    node.start()
    node.kernel.run_until(deadline_ns=SECOND // 10)
    assert node.kernel.now_ns == SECOND // 10
