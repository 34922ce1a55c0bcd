"""What bounds a container: space, names, descriptors, memory, file sizes; and what outlives what."""

import os
from typing import TYPE_CHECKING

import pytest

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY
from podlab.mock.machine.inodes import Directory, File, FileSystem
from podlab.mock.machine.mounts import Mount
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGCONT, SIGKILL, SIGSTOP, SIGXFSZ, Disposition

if TYPE_CHECKING:
    from tests.mock.machine.conftest import Node


async def put(proc: Process, path: str, data: bytes) -> int:
    fd = await proc.open(path, O_WRONLY | O_CREAT)
    try:
        return await proc.write(fd, data)
    finally:
        proc.close(fd)


def test_volume_is_full_at_its_size(node: "Node") -> None:
    volume = Directory(node.machine.volume_fs(100_000))

    async def main(proc: Process) -> int:
        await put(proc, "/data/a", bytes(90_000))
        with pytest.raises(OSError, match="No space left on device"):
            await put(proc, "/data/b", bytes(90_000))
        proc.unlink("/data/a")
        return int(await put(proc, "/data/b", bytes(90_000)) == 90_000)

    assert node.run(main, mounts=[Mount("/data", volume)]).exit_code == 1


def test_names_take_space_too(node: "Node") -> None:
    volume = Directory(node.machine.volume_fs(100_000))

    async def main(proc: Process) -> int:
        made = 0
        with pytest.raises(OSError, match="No space left on device"):
            while made < 1000:
                proc.mkdir(f"/data/{made}")
                made += 1
        for number in range(made):
            proc.rmdir(f"/data/{number}")
        return made

    assert 50 < node.run(main, mounts=[Mount("/data", volume)]).exit_code < 100  # type: ignore[operator]
    assert volume.fs.used_bytes == 0


def test_image_entries_that_go_and_come_cost_once(node: "Node") -> None:
    node.file("conf", "text")

    async def main(proc: Process) -> int:
        for _ in range(3):
            proc.unlink("/etc/conf")
            await put(proc, "/etc/conf", b"x")
        proc.unlink("/etc/conf")
        return 0

    container = node.run(main)
    assert 0 < container.fs.used_bytes < 8 * 1024


def test_file_with_a_hole_costs_what_was_written(node: "Node") -> None:
    async def main(proc: Process) -> int:
        fd = await proc.open("/tmp/f", O_RDWR | O_CREAT)
        proc.lseek(fd, 1 << 40)
        await proc.write(fd, b"end")
        found = proc.fstat(fd)
        assert found.size == (1 << 40) + 3
        assert found.blocks < 1000
        proc.lseek(fd, -5, os.SEEK_END)
        assert await proc.read(fd) == b"\0\0end"
        with pytest.raises(OSError, match="File too large"):
            proc.ftruncate(fd, 1 << 62)
        return 0

    assert node.run(main).exit_code == 0


def test_unlinked_file_keeps_its_space_until_it_is_closed(node: "Node") -> None:
    volume = Directory(node.machine.volume_fs())

    async def main(proc: Process) -> int:
        fd = await proc.open("/data/f", O_RDWR | O_CREAT)
        await proc.write(fd, bytes(5000))
        proc.unlink("/data/f")
        assert volume.fs.used_bytes == 5000
        assert proc.fstat(fd).nlink == 0
        proc.close(fd)
        return 0

    assert node.run(main, mounts=[Mount("/data", volume)]).exit_code == 0
    assert volume.fs.used_bytes == 0


def test_descriptors_are_limited_by_number_and_by_memory(node: "Node") -> None:
    async def few(proc: Process) -> int:
        proc.rlimits["nofile"] = (10, 10)
        with pytest.raises(OSError, match="Too many open files"):
            for _ in range(20):
                await proc.open("/dev/null")
        return len(proc.fds)

    async def ten_thousand(proc: Process) -> int:
        for _ in range(10_000):
            await proc.open("/dev/null")
        return 0

    assert node.run(few).exit_code == 10
    assert node.run(ten_thousand, memory_bytes=64 << 20).exit_code == 0
    flood = node.run(ten_thousand, memory_bytes=4 << 20)
    assert (flood.exit_code, flood.oom_killed) == (137, True)


def test_full_pipes_are_paid_for(node: "Node") -> None:
    async def main(proc: Process) -> int:
        for _ in range(1000):
            _, writer = proc.pipe()
            await proc.write(writer, bytes(60_000))
        return 0

    assert node.run(main, memory_bytes=8 << 20).oom_killed


def test_file_size_limit_sends_a_signal(node: "Node") -> None:
    async def main(proc: Process) -> int:
        proc.rlimits["fsize"] = (1000, 1000)

        async def child(other: Process) -> int:
            return await put(other, "/tmp/f", bytes(2000))

        proc.fork(child)
        ended = await proc.waitpid()
        assert ended is not None
        assert ended.signal == SIGXFSZ
        proc.signal(SIGXFSZ, Disposition.IGNORE)
        with pytest.raises(OSError, match="File too large"):
            await put(proc, "/tmp/f", bytes(2000))
        return 0

    assert node.run(main).exit_code == 0


def test_users_processes_are_limited(node: "Node") -> None:
    async def main(proc: Process) -> int:
        async def sleeper(other: Process) -> int:
            await other.sleep(5)
            return 0

        proc.rlimits["nproc"] = (3, 3)
        proc.uid = 1000
        made = 0
        with pytest.raises(OSError, match="Resource temporarily unavailable"):
            for _ in range(10):
                proc.fork(sleeper)
                made += 1
        return made

    assert node.run(main).exit_code == 2


def test_mounted_file_cannot_be_replaced_but_written(node: "Node") -> None:
    fs = FileSystem(node.kernel, "ext4")
    hosts = File(fs, content=b"old")

    async def main(proc: Process) -> int:
        for call in (lambda: proc.unlink("/etc/hosts"), lambda: proc.rename("/etc/hosts", "/etc/x")):
            with pytest.raises(OSError, match="Device or resource busy"):
                call()
        await put(proc, "/tmp/new", b"new")
        with pytest.raises(OSError, match="Device or resource busy"):
            proc.rename("/tmp/new", "/etc/hosts")
        await put(proc, "/etc/hosts", b"new")
        return 0

    assert node.run(main, mounts=[Mount("/etc/hosts", hosts)]).exit_code == 0
    assert hosts.read(0, 9) == b"new"


def test_read_only_mount_refuses_in_linux_words(node: "Node") -> None:
    volume = Directory(FileSystem(node.kernel, "ext4"))
    volume.link("f", File(volume.fs, content=b"x"))

    async def main(proc: Process) -> int:
        for call in (
            lambda: proc.mkdir("/data/d"),
            lambda: proc.unlink("/data/f"),
            lambda: proc.chmod("/data/f", 0o600),
            lambda: proc.truncate("/data/f", 0),
            lambda: proc.symlink("f", "/data/g"),
            lambda: proc.access("/data/f", 2),
        ):
            with pytest.raises(OSError, match="Read-only file system"):
                call()
        with pytest.raises(OSError, match="Read-only file system"):
            await proc.open("/data/new", O_WRONLY | O_CREAT)
        return 0

    assert node.run(main, mounts=[Mount("/data", volume, read_only=True)]).exit_code == 0


def test_access_time_follows_relatime(node: "Node") -> None:
    async def main(proc: Process) -> int:
        async def look() -> int:
            fd = await proc.open("/tmp/f")
            await proc.read(fd)
            proc.close(fd)
            return proc.stat("/tmp/f").atime_ns // SECOND

        await put(proc, "/tmp/f", b"x")
        await proc.sleep(10)
        first = await look()
        await proc.sleep(10)
        second = await look()
        await put(proc, "/tmp/f", b"y")
        await proc.sleep(10)
        third = await look()
        assert (second - first, third - first) == (0, 20)
        return 0

    assert node.run(main).exit_code == 0


def test_set_group_id_directory_hands_its_group_down(node: "Node") -> None:
    async def main(proc: Process) -> int:
        proc.mkdir("/tmp/d")
        proc.chown("/tmp/d", 0, 2000)
        proc.chmod("/tmp/d", 0o2777)
        proc.mkdir("/tmp/d/sub")
        await put(proc, "/tmp/d/f", b"")
        assert (proc.stat("/tmp/d/sub").gid, proc.stat("/tmp/d/f").gid) == (2000, 2000)
        return proc.stat("/tmp/d/sub").mode >> 9 & 7

    assert node.run(main).exit_code == 2


def test_directories_count_their_links(node: "Node") -> None:
    async def main(proc: Process) -> int:
        proc.mkdir("/tmp/d")
        for name in "abc":
            proc.mkdir(f"/tmp/d/{name}")
        proc.rename("/tmp/d/a", "/tmp/moved")
        proc.rmdir("/tmp/d/b")
        return proc.stat("/tmp/d").nlink

    assert node.run(main).exit_code == 3


def test_fifo_waits_for_both_ends(node: "Node") -> None:
    async def main(proc: Process) -> int:
        proc.mkfifo("/tmp/p")
        with pytest.raises(OSError, match="No such device or address"):
            await proc.open("/tmp/p", O_WRONLY | O_NONBLOCK)

        async def writer(other: Process) -> int:
            await other.sleep(2)
            return await put(other, "/tmp/p", b"through") - 7

        proc.fork(writer)
        fd = await proc.open("/tmp/p", O_RDONLY)
        assert proc.kernel.now_ns >= 2 * SECOND
        return len(await proc.read_all(fd))

    assert node.run(main).exit_code == 7


def test_first_process_cannot_be_killed_from_within(node: "Node") -> None:
    async def main(proc: Process) -> int:
        async def child(other: Process) -> int:
            other.kill(1, SIGKILL)
            other.kill(1, SIGSTOP)
            return 0

        proc.fork(child)
        await proc.waitpid()
        return 5

    assert node.run(main).exit_code == 5


def test_orphans_become_children_of_the_first_and_stay_when_it_does_not_reap(node: "Node") -> None:
    async def main(proc: Process) -> int:
        async def grandchild(other: Process) -> int:
            await other.sleep(1)
            return 3

        async def child(other: Process) -> int:
            other.fork(grandchild)
            return 0

        proc.fork(child)
        await proc.waitpid(2)
        await proc.sleep(5)
        orphan = proc.pid_namespace.processes[3]
        assert (orphan.ppid, orphan.ended) == (1, True)
        ended = await proc.waitpid()
        assert ended is not None
        return ended.code

    assert node.run(main).exit_code == 3


def test_stopped_process_does_nothing_until_it_goes_on(node: "Node") -> None:
    ticks: list[int] = []

    async def main(proc: Process) -> int:
        async def child(other: Process) -> int:
            while True:
                await other.sleep(1)
                ticks.append(other.kernel.now_ns // SECOND)

        other = proc.fork(child)
        await proc.sleep(3.5)
        proc.kill(other.pid, SIGSTOP)
        await proc.sleep(10)
        proc.kill(other.pid, SIGCONT)
        await proc.sleep(2)
        proc.kill(other.pid, SIGKILL)
        return 0

    node.run(main)
    assert ticks[:3] == [1, 2, 3]
    assert ticks[3] >= 13
