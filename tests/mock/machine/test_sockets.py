"""Sockets as processes use them, and names as they resolve them."""

import errno
from typing import TYPE_CHECKING

import pytest

from podlab.mock.kernel import MILLISECOND, SECOND
from podlab.mock.machine.inodes import Directory, FileSystem
from podlab.mock.machine.mounts import Mount
from podlab.mock.machine.network import DnsAnswer, DnsRecord
from podlab.mock.machine.process import Process
from podlab.mock.machine.resolver import ResolvConf, UnknownHost
from podlab.mock.machine.signals import SIGPIPE, SIGUSR1, Disposition
from podlab.mock.machine.sockets import AF_INET6, AF_UNIX, SHUT_WR, SOCK_DGRAM

if TYPE_CHECKING:
    from tests.mock.machine.conftest import Node

RESOLV = "nameserver 10.96.0.10\nsearch default.svc.cluster.local svc.cluster.local\noptions ndots:5\n"


def listen(proc: Process, port: int, family: int = AF_INET6) -> int:
    fd = proc.socket(family)
    proc.setsockopt(fd, reuse=True)
    proc.bind(fd, ("::" if family == AF_INET6 else "0.0.0.0", port))
    proc.listen(fd)
    return fd


def test_server_and_client_talk_through_descriptors(node: "Node") -> None:
    async def main(proc: Process) -> int:
        server = listen(proc, 80)

        async def client(child: Process) -> int:
            fd = child.socket()
            await child.connect(fd, ("127.0.0.1", 80))
            await child.write(fd, b"question")
            child.shutdown(fd, SHUT_WR)
            return len(await child.read_all(fd))

        proc.fork(client)
        fd, peer = await proc.accept(server)
        assert peer[0] == "::ffff:127.0.0.1"
        assert proc.getpeername(fd) == peer
        assert proc.getsockname(fd) == ("::ffff:127.0.0.1", 80)
        copy = proc.dup(fd)
        assert await proc.read_all(fd) == b"question"
        await proc.write(copy, b"answer")
        proc.close(fd)
        proc.close(copy)
        ended = await proc.waitpid()
        assert ended is not None
        return ended.code

    assert node.run(main).exit_code == 6


def test_port_in_use_is_told_at_bind(node: "Node") -> None:
    async def main(proc: Process) -> int:
        listen(proc, 80)
        with pytest.raises(OSError, match="Address already in use"):
            listen(proc, 80, 2)
        fd = proc.socket()
        with pytest.raises(OSError, match="Cannot assign requested address"):
            proc.bind(fd, ("9.9.9.9", 80))
        with pytest.raises(OSError, match="Invalid argument"):
            await proc.accept(fd)
        with pytest.raises(OSError, match="Socket operation on non-socket"):
            proc.listen(0)
        return 0

    assert node.run(main).exit_code == 0


def test_containers_of_a_pod_share_ports_and_pods_do_not(node: "Node") -> None:
    pod = node.machine.network.namespace("10.244.0.5")
    other = node.machine.network.namespace("10.244.0.6")
    codes: list[int] = []

    async def server(proc: Process) -> int:
        listen(proc, 80)
        await proc.sleep(10)
        return 0

    async def client(proc: Process) -> int:
        await proc.sleep(1)
        for ip in ("127.0.0.1", "10.244.0.5"):
            fd = proc.socket()
            try:
                await proc.connect(fd, (ip, 80))
            except OSError as error:
                codes.append(error.errno or 0)
            else:
                codes.append(0)
        return 0

    node.start(server, net=pod)
    inside = node.start(client, net=pod)
    node.finish(inside)
    outside = node.start(client, net=other)
    node.finish(outside)
    assert codes == [0, 0, errno.ECONNREFUSED, 0]


def test_writing_to_what_has_gone_sends_a_signal(node: "Node") -> None:
    async def main(proc: Process) -> int:
        async def child(other: Process) -> int:
            left, right = other.socketpair()
            other.close(right)
            await other.write(left, b"lost")
            await other.write(left, b"dead")
            return 0

        proc.fork(child)
        ended = await proc.waitpid()
        assert ended is not None
        assert ended.signal == SIGPIPE
        proc.signal(SIGPIPE, Disposition.IGNORE)
        left, right = proc.socketpair()
        proc.close(right)
        await proc.write(left, b"lost")
        with pytest.raises(OSError, match="Broken pipe"):
            await proc.write(left, b"more")
        return 0

    assert node.run(main).exit_code == 0


def test_connecting_without_blocking(node: "Node") -> None:
    node.machine.network.namespace("10.244.0.6").listen(("0.0.0.0", 80))

    async def main(proc: Process) -> int:
        fd = proc.socket()
        proc.set_nonblocking(fd)
        with pytest.raises(OSError, match="Operation now in progress"):
            await proc.connect(fd, ("10.244.0.6", 80))
        assert await proc.poll((), (fd,), 0) == ([], [])
        assert await proc.poll((), (fd,), SECOND) == ([], [fd])
        assert await proc.write(fd, b"x") == 1
        with pytest.raises(OSError, match="Resource temporarily unavailable"):
            await proc.read(fd)
        return 0

    assert node.run(main, net=node.machine.network.namespace("10.244.0.5")).exit_code == 0


def test_signal_interrupts_and_time_out_ends_waiting(node: "Node") -> None:
    async def main(proc: Process) -> int:
        server = listen(proc, 80)
        proc.setsockopt(server, receive_timeout_ns=100 * MILLISECOND)
        with pytest.raises(OSError, match="Resource temporarily unavailable"):
            await proc.accept(server)
        proc.setsockopt(server, receive_timeout_ns=0)
        proc.signal(SIGUSR1, lambda _: None)
        proc.kernel.call_after(SECOND, proc.deliver, SIGUSR1)
        with pytest.raises(InterruptedError):
            await proc.accept(server)
        return 0

    assert node.run(main).exit_code == 0


def test_unix_socket_is_reached_through_a_shared_volume(node: "Node") -> None:
    volume = Directory(FileSystem(node.kernel, "ext4"))

    async def server(proc: Process) -> int:
        fd = proc.socket(AF_UNIX)
        proc.bind(fd, ("/shared/s", 0))
        proc.listen(fd)
        connection, _ = await proc.accept(fd)
        await proc.write(connection, (await proc.read(connection)).upper())
        return 0

    async def client(proc: Process) -> int:
        await proc.sleep(1)
        fd = proc.socket(AF_UNIX)
        await proc.connect(fd, ("/shared/s", 0))
        await proc.write(fd, b"hello")
        answer = await proc.read(fd)
        await proc.sleep(1)
        again = proc.socket(AF_UNIX)
        with pytest.raises(OSError, match="Connection refused"):
            await proc.connect(again, ("/shared/s", 0))
        with pytest.raises(OSError, match="No such device or address"):
            await proc.open("/shared/s")
        return int(answer == b"HELLO")

    mounts = [Mount("/shared", volume)]
    node.start(server, mounts=mounts)
    last = node.start(client, mounts=mounts)
    node.finish(last)
    assert last.exit_code == 1


def test_datagrams_through_descriptors(node: "Node") -> None:
    async def main(proc: Process) -> int:
        server, client = proc.socket(kind=SOCK_DGRAM), proc.socket(kind=SOCK_DGRAM)
        proc.bind(server, ("127.0.0.1", 53))
        proc.sendto(client, b"one", ("127.0.0.1", 53))
        data, source = await proc.recvfrom(server)
        await proc.connect(server, source)
        await proc.write(server, data * 2)
        return len(await proc.read(client))

    assert node.run(main).exit_code == 6


def test_end_of_a_process_closes_its_connections(node: "Node") -> None:
    async def main(proc: Process) -> int:
        server = listen(proc, 80)

        async def client(child: Process) -> int:
            await child.connect(child.socket(), ("127.0.0.1", 80))
            return 0

        proc.fork(client)
        fd, _ = await proc.accept(server)
        return len(await proc.read_all(fd))

    assert node.run(main).exit_code == 0


def test_names_are_searched_as_resolv_conf_says() -> None:
    conf = ResolvConf.parse("# comment\nnameserver 1.1.1.1\nsearch a.b c.d.\noptions ndots:2 timeout:1 attempts:3\n")
    assert (conf.servers, conf.ndots, conf.timeout_seconds, conf.attempts) == (["1.1.1.1"], 2, 1, 3)
    assert conf.candidates("x") == ["x.a.b", "x.c.d", "x"]
    assert conf.candidates("x.y.z") == ["x.y.z", "x.y.z.a.b", "x.y.z.c.d"]
    assert conf.candidates("x.") == ["x"]
    assert ResolvConf.parse("").servers == ["127.0.0.1"]


def test_hosts_come_before_the_cluster(node: "Node") -> None:
    asked: list[tuple[str, str]] = []

    def dns(name: str, qtype: str) -> DnsAnswer:
        asked.append((name, qtype))
        if name == "web.default.svc.cluster.local":
            return DnsAnswer(records=[DnsRecord(name, "A", "10.96.0.20")] if qtype == "A" else [])
        return DnsAnswer(3)

    node.machine.network.dns = dns
    node.file("hosts", "127.0.0.1 localhost\n10.244.0.5\tme # comment\n")
    node.file("resolv.conf", RESOLV)

    async def main(proc: Process) -> int:
        assert await proc.resolve("me") == ["10.244.0.5"]
        assert await proc.resolve("127.1") == ["127.0.0.1"]
        assert asked == []
        assert await proc.resolve("web") == ["10.96.0.20"]
        assert asked == [("web.default.svc.cluster.local", "A"), ("web.default.svc.cluster.local", "AAAA")]
        with pytest.raises(UnknownHost, match="bad address 'nobody'"):
            await proc.resolve("nobody")
        return 0

    assert node.run(main, net=node.machine.network.namespace("10.244.0.5")).exit_code == 0


def test_name_server_that_is_silent_is_asked_twice(node: "Node") -> None:
    node.machine.network.allowed = lambda source, ip, port, protocol: port != 53
    node.file("resolv.conf", RESOLV)

    async def main(proc: Process) -> int:
        with pytest.raises(UnknownHost):
            await proc.resolve("web")
        return proc.kernel.now_ns // SECOND

    assert node.run(main, net=node.machine.network.namespace("10.244.0.5")).exit_code == 10
