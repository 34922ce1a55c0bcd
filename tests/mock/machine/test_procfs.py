"""/proc and /sys: what processes see of themselves and of each other."""

import errno
from typing import TYPE_CHECKING

import pytest

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from podlab.mock.machine.inodes import Directory, FileSystem
from podlab.mock.machine.mounts import Mount
from podlab.mock.machine.namespaces import PidNamespace
from podlab.mock.machine.process import Process
from podlab.mock.machine.sockets import AF_INET6

if TYPE_CHECKING:
    from tests.mock.machine.conftest import Node


async def text(proc: Process, path: str) -> str:
    fd = await proc.open(path)
    try:
        return (await proc.read_all(fd)).decode()
    finally:
        proc.close(fd)


def test_process_sees_itself(node: "Node") -> None:
    async def main(proc: Process) -> int:
        assert await text(proc, "/proc/self/cmdline") == "main0\0"
        assert await text(proc, "/proc/self/comm") == "main0\n"
        assert "PATH=/bin\0" in await text(proc, "/proc/1/environ")
        assert proc.readlink("/proc/self") == "1"
        assert proc.readlink("/proc/self/exe") == "/bin/main0"
        assert proc.readlink("/proc/self/cwd") == "/"
        fields = (await text(proc, "/proc/self/stat")).split()
        assert (len(fields), fields[:7]) == (52, ["1", "(main0)", "R", "0", "1", "1", "0"])
        status = dict(line.split(":\t", 1) for line in (await text(proc, "/proc/self/status")).splitlines())
        assert (status["Name"], status["Pid"], status["State"], status["Uid"]) == ("main0", "1", "R (running)", "0\t0\t0\t0")
        assert "Max open files            1048576              1048576              files     \n" in await text(
            proc, "/proc/self/limits"
        )
        return 0

    assert node.run(main).exit_code == 0


def test_processes_come_and_go_and_zombies_stay(node: "Node") -> None:
    async def child(proc: Process) -> int:
        await proc.sleep(1)
        return 3

    async def main(proc: Process) -> int:
        other = proc.fork(child)
        await proc.sleep(0.5)
        assert [name for name in proc.listdir("/proc") if name.isdecimal()] == ["1", "2"]
        assert (await text(proc, "/proc/2/stat")).split()[2:4] == ["S", "1"]
        await proc.sleep(1)
        assert (await text(proc, "/proc/2/stat")).split()[2] == "Z"
        assert await text(proc, "/proc/2/cmdline") == ""
        await proc.waitpid(other.pid)
        assert not proc.exists("/proc/2")
        return 0

    assert node.run(main).exit_code == 0


def test_descriptors_are_links_that_open_again(node: "Node") -> None:
    async def main(proc: Process) -> int:
        reader, writer = proc.pipe()
        assert proc.readlink(f"/proc/self/fd/{reader}") == proc.readlink(f"/proc/self/fd/{writer}")
        assert proc.readlink(f"/proc/self/fd/{reader}").startswith("pipe:[")
        again = await proc.open(f"/proc/self/fd/{writer}", O_WRONLY)
        proc.close(writer)
        await proc.write(again, b"through")
        proc.close(again)
        assert await proc.read_all(reader) == b"through"
        file = await proc.open("/tmp/f", O_CREAT | O_RDWR)
        await proc.write(file, b"content")
        own = await proc.open(f"/dev/fd/{file}", O_RDONLY)
        assert await proc.read(own) == b"content"
        proc.unlink("/tmp/f")
        assert proc.readlink(f"/proc/self/fd/{file}") == "/tmp/f (deleted)"
        late = await proc.open(f"/proc/self/fd/{file}")
        assert await proc.read(late) == b"content"
        await proc.write(await proc.open("/dev/stdout", O_WRONLY), b"out")
        listing = next(fd for fd in range(100) if fd not in proc.fds)  # the directory itself is open while it is read
        assert proc.listdir("/proc/self/fd") == [str(fd) for fd in sorted((*proc.fds, listing))]
        return 0

    assert node.run(main).exit_code == 0
    assert node.output == b"out"


def test_others_may_not_look_into_a_process(node: "Node") -> None:
    async def main(proc: Process) -> int:
        async def stranger(child: Process) -> int:
            child.uid = 1000
            for path in ("/proc/1/environ", "/proc/1/fd/0"):
                with pytest.raises(PermissionError):
                    await child.open(path)
            with pytest.raises(PermissionError):
                child.readlink("/proc/1/exe")
            assert await text(child, "/proc/1/comm") == "main0\n"
            return 7

        proc.fork(stranger)
        ended = await proc.waitpid()
        assert ended is not None
        return ended.code

    assert node.run(main).exit_code == 7


def test_proc_cannot_be_changed(node: "Node") -> None:
    async def main(proc: Process) -> int:
        for call, number in (
            (lambda: proc.mkdir("/proc/x"), errno.ENOENT),
            (lambda: proc.unlink("/proc/uptime"), errno.EPERM),
            (lambda: proc.rmdir("/proc/sys"), errno.EBUSY),
        ):
            with pytest.raises(OSError, match="/proc") as caught:
                call()
            assert caught.value.errno == number
        with pytest.raises(OSError, match="Read-only file system"):
            await proc.open("/proc/sys/kernel/hostname", O_WRONLY)
        fd = await proc.open("/proc/uptime", O_WRONLY)
        with pytest.raises(PermissionError):
            await proc.write(fd, b"1")
        return 0

    assert node.run(main).exit_code == 0


def test_oom_score_may_be_raised(node: "Node") -> None:
    async def main(proc: Process) -> int:
        await proc.write(await proc.open("/proc/self/oom_score_adj", O_WRONLY), b"500\n")

        async def child(other: Process) -> int:
            return int(await text(other, "/proc/self/oom_score_adj")) - 490

        proc.fork(child)
        ended = await proc.waitpid()
        assert ended is not None
        return ended.code

    assert node.run(main).exit_code == 10


def test_containers_that_share_processes_reach_each_others_files(node: "Node") -> None:
    shared = PidNamespace()
    volume = Directory(FileSystem(node.kernel, "ext4"))

    async def pause(proc: Process) -> int:
        await proc.sleep(3600)
        return 0

    async def server(proc: Process) -> int:
        fd = await proc.open("/tmp/secret", O_CREAT | O_WRONLY)
        await proc.write(fd, b"mine")
        await proc.write(await proc.open("/data/shared", O_CREAT | O_WRONLY), b"ours")
        proc.mkdir("/tmp/deep")
        proc.chdir("/tmp/deep")
        await proc.sleep(60)
        return 0

    async def looker(proc: Process) -> int:
        await proc.sleep(1)
        assert not proc.exists("/tmp/secret")
        assert await text(proc, "/proc/2/root/tmp/secret") == "mine"
        assert await text(proc, "/proc/2/root/data/shared") == "ours"
        assert await text(proc, "/proc/2/cwd/../secret") == "mine"
        assert {"data", "tmp", "proc"} <= set(proc.listdir("/proc/2/root/"))
        proc.chdir("/proc/2/root/tmp")
        assert await text(proc, "secret") == "mine"
        await proc.write(await proc.open("new", O_CREAT | O_WRONLY), b"!")
        assert await text(proc, "../tmp/new") == "!"
        assert proc.listdir("../../../..")[0] == proc.listdir("/proc/2/root")[0]
        proc.chdir("/")
        assert proc.readlink("/proc/1/ns/pid") == proc.readlink("/proc/self/ns/pid")
        assert proc.readlink("/proc/1/ns/mnt") != proc.readlink("/proc/self/ns/mnt")
        return 9

    node.start(pause, pid_namespace=shared)
    node.start(server, pid_namespace=shared, mounts=[Mount("/data", volume)])
    last = node.start(looker, pid_namespace=shared)
    node.finish(last)
    assert last.exit_code == 9


def test_mounts_are_listed(node: "Node") -> None:
    volume = Directory(FileSystem(node.kernel, "ext4"))

    async def main(proc: Process) -> int:
        lines = (await text(proc, "/proc/mounts")).splitlines()
        assert lines[0].startswith("overlay / overlay rw,")
        assert "/dev/vda1 /my\\040data ext4 ro,relatime 0 0" in lines
        points = [line.split()[4] for line in (await text(proc, "/proc/self/mountinfo")).splitlines()]
        assert points == [line.split()[1] for line in lines]
        return 0

    assert node.run(main, mounts=[Mount("/my data", volume, True, "/dev/vda1")]).exit_code == 0


def test_sockets_are_listed_as_the_kernel_lists_them(node: "Node") -> None:
    namespace = node.machine.network.namespace("10.244.0.5")

    async def main(proc: Process) -> int:
        server = proc.socket(AF_INET6)
        proc.bind(server, ("::", 8080))
        proc.listen(server, 9)
        client = proc.socket()
        await proc.connect(client, ("127.0.0.1", 8080))
        tcp6 = (await text(proc, "/proc/net/tcp6")).splitlines()
        assert tcp6[1].split()[1:4] == ["0" * 32 + ":1F90", "0" * 32 + ":0000", "0A"]
        number = proc.readlink(f"/proc/self/fd/{server}").removeprefix("socket:[").rstrip("]")
        assert tcp6[1].split()[9] == number
        tcp = (await text(proc, "/proc/net/tcp")).splitlines()
        assert tcp[1].split()[1:4] == ["0100007F:8000", "0100007F:1F90", "01"]
        assert len(tcp[0]) == 149
        assert "  eth0:" in await text(proc, "/proc/net/dev")
        assert "00F40A" in await text(proc, "/proc/net/route")
        with pytest.raises(OSError, match="No such device or address"):
            await proc.open(f"/proc/self/fd/{server}")
        return 0

    assert node.run(main, net=namespace).exit_code == 0


def test_machine_tells_time_and_size(node: "Node") -> None:
    async def main(proc: Process) -> int:
        await proc.sleep(5)
        assert (await text(proc, "/proc/uptime")).split()[0].startswith("5.0")
        assert (await text(proc, "/proc/meminfo")).startswith("MemTotal:       16777216 kB\n")
        assert (await text(proc, "/proc/cpuinfo")).count("processor\t: ") == node.machine.processors
        assert (await text(proc, "/proc/sys/kernel/hostname")) == "web\n"
        first = await text(proc, "/proc/sys/kernel/random/uuid")
        assert len(first) == 37
        assert first != await text(proc, "/proc/sys/kernel/random/uuid")
        return 0

    assert node.run(main, hostname="web").exit_code == 0
    assert node.kernel.now_ns >= 5 * SECOND


def test_cgroup_shows_the_limits(node: "Node") -> None:
    async def main(proc: Process) -> int:
        for name, wanted in (
            ("memory.max", "67108864"),
            ("cpu.max", "50000 100000"),
            ("pids.max", "20"),
            ("pids.current", "1"),
            ("cgroup.procs", "1"),
        ):
            assert await text(proc, f"/sys/fs/cgroup/{name}") == f"{wanted}\n"
        before = int(await text(proc, "/sys/fs/cgroup/memory.current"))
        proc.charge_memory(1 << 20)
        assert int(await text(proc, "/sys/fs/cgroup/memory.current")) == before + (1 << 20)
        with pytest.raises(OSError, match="Read-only file system"):
            await proc.open("/sys/fs/cgroup/memory.max", O_WRONLY)
        return 0

    assert node.run(main, memory_bytes=64 << 20, cpu_millicores=500, pids=20).exit_code == 0


def test_same_file_has_the_same_number(node: "Node") -> None:
    async def main(proc: Process) -> int:
        return int(proc.stat("/proc/uptime").ino == proc.stat("/proc/uptime").ino != proc.stat("/proc/stat").ino)

    assert node.run(main).exit_code == 1
