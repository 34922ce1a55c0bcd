"""The network without processes: who reaches whom, how connections end, services, policies, DNS."""

import errno
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from podlab.mock.kernel import MILLISECOND, SECOND, Kernel
from podlab.mock.machine.network import DnsAnswer, DnsRecord, Endpoint, Listener, Network, NetworkNamespace, ServiceRoute
from podlab.mock.machine.network.dns import NXDOMAIN, decode, encode_answer, encode_query
from podlab.mock.machine.network.tcp import BUFFER


class World:
    """A network with two pods."""

    def __init__(self) -> None:
        self.kernel = Kernel()
        self.network = Network(self.kernel)
        self.network.attach(self.network.node, "172.18.0.2")
        self.web = self.network.namespace("10.244.0.5")
        self.app = self.network.namespace("10.244.0.6")

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        task = self.kernel.spawn(coroutine)
        task.add_done_callback(lambda _: None)
        self.kernel.run_until(condition=lambda: task.done)
        return task.result()

    def connect(self, source: NetworkNamespace, ip: str, port: int, timeout_ns: int | None = None) -> Endpoint:
        found = self.run(self.network.connect(source, (ip, port), timeout_ns))
        assert isinstance(found, Endpoint)
        return found

    def pair(self) -> tuple[Endpoint, Endpoint]:
        listener = self.web.listen(("0.0.0.0", 80))
        client = self.connect(self.app, "10.244.0.5", 80)
        server = listener.try_accept()
        assert server is not None
        return client, server

    def fails(self, source: NetworkNamespace, ip: str, port: int, timeout_ns: int | None = None) -> tuple[int, int]:
        """The errno of a connection that is not made, and after how long it was known."""
        before = self.kernel.now_ns
        with pytest.raises(OSError) as caught:
            self.connect(source, ip, port, timeout_ns)
        assert caught.value.errno is not None
        return caught.value.errno, self.kernel.now_ns - before


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.kernel.close()


def test_pods_reach_each_other_after_a_round_trip(world: World) -> None:
    client, server = world.pair()
    assert world.kernel.now_ns == world.network.round_trip_ns
    assert client.peer == ("10.244.0.5", 80)
    assert server.peer == client.local == ("10.244.0.6", 32768)
    assert client.try_send(b"hello") == 5
    assert server.try_recv(100) == b"hello"
    assert server.try_recv(100) is None


def test_loopback_takes_no_time_and_is_private(world: World) -> None:
    world.web.listen(("127.0.0.1", 80))
    assert world.connect(world.web, "127.0.0.1", 80).local[0] == "127.0.0.1"
    assert world.kernel.now_ns == 0
    assert world.fails(world.app, "127.0.0.1", 80)[0] == errno.ECONNREFUSED
    assert world.fails(world.app, "10.244.0.5", 80)[0] == errno.ECONNREFUSED


@pytest.mark.parametrize(
    ("ip", "number", "after"),
    [
        ("10.244.0.5", errno.ECONNREFUSED, 0),
        ("10.244.3.9", errno.EHOSTUNREACH, 3 * SECOND),
        ("8.8.8.8", errno.ENETUNREACH, 0),
        ("2001:db8::1", errno.ENETUNREACH, 0),
        ("10.96.7.7", errno.ETIMEDOUT, 120 * SECOND),
    ],
)
def test_unreachable_addresses_fail_as_linux_says(world: World, ip: str, number: int, after: int) -> None:
    found, took = world.fails(world.app, ip, 80)
    assert found == number
    assert after <= took <= after + 10 * SECOND


def test_namespace_without_address_reaches_nobody(world: World) -> None:
    assert world.fails(world.network.namespace(), "10.244.0.5", 80) == (errno.ENETUNREACH, 0)


def test_detached_address_is_gone_and_may_be_given_again(world: World) -> None:
    world.web.listen(("0.0.0.0", 80))
    world.network.detach(world.web)
    assert world.fails(world.app, "10.244.0.5", 80)[0] == errno.EHOSTUNREACH
    world.network.attach(world.network.namespace(), "10.244.0.5")
    with pytest.raises(ValueError, match="taken"):
        world.network.attach(world.web, "10.244.0.5")


def test_connect_gives_up_after_its_timeout(world: World) -> None:
    world.network.allowed = lambda source, ip, port, protocol: False
    assert world.fails(world.app, "10.244.0.5", 80, SECOND) == (errno.ETIMEDOUT, SECOND)


def test_policy_sees_who_goes_where(world: World) -> None:
    seen = []
    world.web.listen(("0.0.0.0", 80))
    world.network.services["10.96.0.1", 443, "tcp"] = ServiceRoute(lambda source: ("10.244.0.5", 80))
    world.network.allowed = lambda *asked: bool(seen.append(asked)) or True  # type: ignore[func-returns-value]
    world.connect(world.app, "10.96.0.1", 443)
    assert seen == [(world.app, "10.244.0.5", 80, "tcp")]


def test_service_sends_to_what_it_picks_and_keeps_its_address(world: World) -> None:
    backends = iter([("10.244.0.5", 8080), ("10.244.0.6", 8080), None])
    world.network.services["10.96.0.20", 80, "tcp"] = ServiceRoute(lambda source: next(backends))
    web, app = world.web.listen(("::", 8080)), world.app.listen(("0.0.0.0", 8080))
    client = world.connect(world.app, "10.96.0.20", 80)
    server = web.try_accept()
    assert server is not None
    assert (client.peer, server.local, server.peer[0]) == (("10.96.0.20", 80), ("10.244.0.5", 8080), "10.244.0.6")
    world.connect(world.app, "10.96.0.20", 80)
    itself = app.try_accept()
    assert itself is not None
    assert itself.peer[0] == "172.18.0.2"
    assert world.fails(world.app, "10.96.0.20", 80)[0] == errno.ECONNREFUSED
    assert world.fails(world.app, "10.96.0.20", 81)[0] == errno.ECONNREFUSED


def test_half_close_lets_the_other_side_go_on(world: World) -> None:
    client, server = world.pair()
    client.try_send(b"question")
    client.shutdown_write()
    assert (server.try_recv(99), server.try_recv(99)) == (b"question", b"")
    assert server.try_send(b"answer") == 6
    server.close()
    assert (client.try_recv(99), client.try_recv(99)) == (b"answer", b"")
    with pytest.raises(OSError, match="Broken pipe"):
        client.try_send(b"more")


def test_close_with_unread_data_resets(world: World) -> None:
    client, server = world.pair()
    client.try_send(b"unread")
    server.try_send(b"said before")
    server.close()
    assert client.try_recv(99) == b"said before"
    with pytest.raises(OSError, match="Connection reset by peer"):
        client.try_recv(99)
    assert client.try_recv(99) == b""
    with pytest.raises(OSError, match="Broken pipe"):
        client.try_send(b"x")


def test_sending_to_what_has_closed_fails_at_the_second_try(world: World) -> None:
    client, server = world.pair()
    server.close()
    assert client.try_send(b"lost") == 4
    with pytest.raises(OSError, match="Broken pipe"):
        client.try_send(b"x")


def test_sender_waits_while_nobody_reads(world: World) -> None:
    client, server = world.pair()
    data = bytes(range(256)) * (BUFFER // 64)

    async def send() -> None:
        await client.send(data)
        client.close()

    async def receive() -> bytes:
        got = bytearray()
        while piece := await server.recv(10_000):
            got += piece
            await world.kernel.sleep(MILLISECOND)
        return bytes(got)

    world.kernel.spawn(send())
    world.kernel.run_until(world.kernel.now_ns + SECOND)
    assert server.unread_bytes == BUFFER
    assert world.run(receive()) == data


def test_full_queue_lets_others_wait(world: World) -> None:
    listener = world.web.listen(("0.0.0.0", 80), backlog=0)
    world.connect(world.app, "10.244.0.5", 80)
    attempt = world.network.start_connect(world.app, ("10.244.0.5", 80))
    world.kernel.run_until(world.kernel.now_ns + SECOND // 2)
    assert not attempt.done
    listener.try_accept()
    world.kernel.run_until(condition=lambda: attempt.done)
    assert attempt.endpoint is not None
    assert world.kernel.now_ns > SECOND


def test_closing_a_listener_resets_what_waits(world: World) -> None:
    listener = world.web.listen(("0.0.0.0", 80))
    client = world.connect(world.app, "10.244.0.5", 80)
    listener.close()
    with pytest.raises(OSError, match="Connection reset by peer"):
        client.try_recv(1)
    assert world.fails(world.app, "10.244.0.5", 80)[0] == errno.ECONNREFUSED


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("0.0.0.0", "0.0.0.0", True),
        ("0.0.0.0", "127.0.0.1", True),
        ("::", "0.0.0.0", True),
        ("::", "10.244.0.5", True),
        ("127.0.0.1", "10.244.0.5", False),
        ("::1", "127.0.0.1", False),
        ("127.0.0.1", "127.0.0.1", True),
    ],
)
def test_two_listeners_clash_when_their_addresses_overlap(world: World, first: str, second: str, clash: bool) -> None:
    world.web.listen((first, 80))
    if clash:
        with pytest.raises(OSError, match="Address already in use"):
            world.web.listen((second, 80))
    else:
        assert isinstance(world.web.listen((second, 80)), Listener)


def test_port_of_a_closed_connection_is_free_only_with_reuse(world: World) -> None:
    client, server = world.pair()
    server.close()
    client.close()
    listener = world.web.listener_for("10.244.0.5", 80)
    assert listener is not None
    listener.close()
    with pytest.raises(OSError, match="Address already in use"):
        world.web.bind_tcp(("0.0.0.0", 80), reuse=False)
    world.web.listen(("0.0.0.0", 80)).close()
    world.kernel.run_until(world.kernel.now_ns + 61 * SECOND)
    world.web.bind_tcp(("0.0.0.0", 80), reuse=False)


def test_foreign_address_cannot_be_bound(world: World) -> None:
    with pytest.raises(OSError, match="Cannot assign requested address"):
        world.web.listen(("10.244.0.6", 80))


def test_datagrams_arrive_with_their_source(world: World) -> None:
    server = world.web.bind_udp(("0.0.0.0", 53))
    client = world.app.bind_udp(("0.0.0.0", 0))
    client.send_to(b"ping", ("10.244.0.5", 53))
    data, source = world.run(server.receive())
    assert (data, source) == (b"ping", ("10.244.0.6", 32768))
    server.send_to(b"pong", source)
    assert world.run(client.receive()) == (b"pong", ("10.244.0.5", 53))


def test_datagrams_may_be_answered_whatever_the_policies_say(world: World) -> None:
    world.network.allowed = lambda source, ip, port, protocol: source is world.app
    server = world.web.bind_udp(("0.0.0.0", 53))
    client = world.app.bind_udp(("0.0.0.0", 0))
    server.send_to(b"unasked", ("10.244.0.6", 32768))
    client.send_to(b"ping", ("10.244.0.5", 53))
    server.send_to(b"pong", world.run(server.receive())[1])
    assert world.run(client.receive())[0] == b"pong"


def test_datagram_through_a_service_is_answered_by_the_service(world: World) -> None:
    world.network.services["10.96.0.30", 99, "udp"] = ServiceRoute(lambda source: ("10.244.0.5", 53))
    server = world.web.bind_udp(("0.0.0.0", 53))
    client = world.app.bind_udp(("0.0.0.0", 0))
    client.peer = ("10.96.0.30", 99)
    client.send_to(b"ping")
    server.send_to(b"pong", world.run(server.receive())[1])
    assert world.run(client.receive()) == (b"pong", ("10.96.0.30", 99))


def test_datagram_to_nobody_is_refused_when_connected(world: World) -> None:
    client = world.app.bind_udp(("0.0.0.0", 0))
    client.peer = ("10.244.0.5", 53)
    client.send_to(b"ping")
    with pytest.raises(OSError, match="Connection refused"):
        world.run(client.receive())


def test_dns_answers_at_its_address_and_only_there(world: World) -> None:
    def dns(name: str, qtype: str) -> DnsAnswer:
        if name != "web.default.svc.cluster.local":
            return DnsAnswer(NXDOMAIN)
        return DnsAnswer(records=[DnsRecord(name, "A", "10.96.0.20")] if qtype == "A" else [])

    world.network.dns = dns
    client = world.app.bind_udp(("0.0.0.0", 0))
    client.send_to(encode_query(7, "Web.default.svc.cluster.local", "A"), ("10.96.0.10", 53))
    answer = decode(world.run(client.receive())[0])
    assert (answer.id, answer.rcode, answer.authoritative) == (7, 0, True)
    assert answer.records == [DnsRecord("Web.default.svc.cluster.local".lower(), "A", "10.96.0.20")]
    client.send_to(encode_query(8, "other", "A"), ("10.96.0.10", 53))
    assert decode(world.run(client.receive())[0]).rcode == NXDOMAIN


@pytest.mark.parametrize(
    "record",
    [
        DnsRecord("a.b", "A", "10.1.2.3"),
        DnsRecord("a.b", "AAAA", "::1", 5),
        DnsRecord("_x._tcp.b", "SRV", "0 100 80 a.b"),
        DnsRecord("5.0.244.10.in-addr.arpa", "PTR", "a.b"),
        DnsRecord("b", "MX", "10 mail.b"),
        DnsRecord("b", "TXT", "some text"),
        DnsRecord("b", "SOA", "ns.b root.b 1 7200 1800 86400 5"),
    ],
)
def test_dns_messages_survive_the_wire(record: DnsRecord) -> None:
    message = decode(encode_answer(9, record.name, record.type, DnsAnswer(records=[record], authority=[record])))
    assert (message.records, message.authority, message.name, message.type) == ([record], [record], record.name, record.type)
