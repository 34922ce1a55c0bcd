"""The network of a cluster: which address leads where, how long it takes, and what is refused on the way.

Every pod's namespace is attached at its address. A service's address stands in `services`, as kube-proxy (in nftables mode) has
it in the kernel: a port without endpoints, or that the service does not have, is refused at once; an address of the service range
that no service has is dropped. The cluster's DNS answers at `dns_address`. There is no way out: an address outside of the
cluster's ranges is unreachable.
"""

import errno
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import MICROSECOND, MILLISECOND, SECOND, Kernel, Timer, WaitQueue
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.network.addresses import (
    ANY4,
    ANY6,
    LOOPBACK4,
    LOOPBACK6,
    Address,
    in_range,
    is_ipv6,
    is_loopback,
)
from podlab.mock.machine.network.dns import PORT, SERVFAIL, BadMessage, DnsAnswer, DnsServer, decode, encode_answer
from podlab.mock.machine.network.namespace import NetworkNamespace
from podlab.mock.machine.network.tcp import Endpoint, Listener, Pressure, connect_pair

ROUND_TRIP_NS: Final = 200 * MICROSECOND
LOOPBACK_ECHO_NS: Final = 45 * MICROSECOND
NO_ROUTE_NS: Final = 3 * SECOND + 72 * MILLISECOND
"""How long it takes to learn that nobody has an address of the pod range (three ARP requests)."""
RETRIES_NS: Final = tuple(SECOND << n for n in range(6))
"""After how long each a SYN that was not answered is sent again (tcp_syn_retries is 6)."""
LAST_TRY_NS: Final = 64 * SECOND
DROPPED_NS: Final = sum(RETRIES_NS) + LAST_TRY_NS
PODS: Final = "10.244.0.0/16"
SERVICES: Final = "10.96.0.0/12"


@dataclass(frozen=True, slots=True)
class ServiceRoute:
    """One port of a virtual address.

    Attributes:
        pick: `pick(source_ip)` chooses the endpoint of a new connection, (ip, port), or None when there is none.
    """

    pick: Callable[[str], Address | None]


@dataclass(frozen=True, slots=True)
class Route:
    """Where something that is sent arrives.

    Attributes:
        namespace: Whose, None when nobody is there.
        address: The destination once a service has been resolved.
        source: The IP address it comes from.
        delay_ns: One way; or how long until the failure is known.
        error: The errno when it cannot arrive, else 0. ETIMEDOUT is a packet that is dropped.
    """

    namespace: NetworkNamespace | None
    address: Address
    source: str
    delay_ns: int = 0
    error: int = 0


class Attempt:
    """A connection that is being made. When it is `done`, there is an `endpoint` or an `error` (errno); `queue` is woken then."""

    __slots__ = ("_network", "_timer", "_tries", "destination", "done", "endpoint", "error", "local", "queue", "source")

    def __init__(self, network: "Network", source: NetworkNamespace, destination: Address, local: Address | None) -> None:
        self._network = network
        self._tries = 0
        self._timer: Timer | None = None
        self.source = source
        self.destination = destination
        self.local = local
        self.endpoint: Endpoint | None = None
        self.error = 0
        self.done = False
        self.queue = WaitQueue(network.kernel)

    def start(self) -> None:
        """Sends the first SYN."""
        route = self._network.route(self.source, self.destination, "tcp")
        if route.error == errno.ENETUNREACH:
            self._fail(errno.ENETUNREACH)
        elif route.error:
            self._later(route.delay_ns, self._fail, route.error)
        elif route.delay_ns:
            self._later(2 * route.delay_ns, self._arrive, route)
        else:
            self._arrive(route)

    def _later(self, delay_ns: int, function: Callable[..., object], *args: object) -> None:
        self._timer = self._network.kernel.call_after(delay_ns, function, *args)

    def _arrive(self, route: Route) -> None:
        target = route.namespace
        assert target is not None
        listener = target.listener_for(*route.address)
        if listener is None:
            self._fail(errno.ECONNREFUSED)
        elif listener.full:
            self._retry(route)
        else:
            self._complete(route, target, listener)

    def _retry(self, route: Route) -> None:
        tried, self._tries = self._tries, self._tries + 1
        if tried < len(RETRIES_NS):
            self._later(RETRIES_NS[tried], self._arrive, route)
        else:
            self._later(LAST_TRY_NS, self._fail, errno.ETIMEDOUT)

    def _complete(self, route: Route, target: NetworkNamespace, listener: Listener) -> None:
        network = self._network
        try:
            local = self.local or self.source.ephemeral(self._source_ip(route), self.destination)
            if (local, self.destination) in self.source.connections:
                raise unix_error(errno.EADDRNOTAVAIL)
        except OSError as error:
            self._fail(error.errno or errno.EADDRNOTAVAIL)
            return
        seen = route.source if local[0] == self.source.address else local[0], local[1]
        here = Endpoint(network.kernel, local, self.destination, network.pressure, self.source)
        there = Endpoint(network.kernel, route.address, seen, network.pressure, target)
        connect_pair(here, there)
        listener.enqueue(there)
        self.endpoint = here
        self._finish()

    def _source_ip(self, route: Route) -> str:
        if is_loopback(self.destination[0]) or self.source.address is None:
            return LOOPBACK6 if is_ipv6(self.destination[0]) else LOOPBACK4
        return self.source.address

    def _fail(self, error: int) -> None:
        self.error = error
        self._finish()

    def _finish(self) -> None:
        self.done = True
        self._timer = None
        self.queue.wake_all()

    def cancel(self) -> None:
        """Gives up; a connection that was made meanwhile is closed."""
        if self._timer is not None:
            self._timer.cancel()
        if self.endpoint is not None:
            self.endpoint.close()
        self.done = True


class Network:
    """What all pods of the cluster are connected to.

    Attributes:
        services: Virtual addresses, by (ip, port, "tcp" or "udp"); the controllers keep them.
        dns: The cluster's DNS; the controllers set it. Answers SERVFAIL while it is None.
        dns_address: Where it is reached.
        allowed: Network policies: `(source namespace, destination ip, port, protocol) -> bool`; what is not allowed is dropped.
        node: The node's own namespace: the kubelet's probes come from it, and pods with hostNetwork live in it.
        pod_range, service_range: Prefixes.
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.round_trip_ns = ROUND_TRIP_NS
        self.services: dict[tuple[str, int, str], ServiceRoute] = {}
        self.dns: DnsServer | None = None
        self.dns_address = "10.96.0.10"
        self.allowed: Callable[[NetworkNamespace, str, int, str], bool] = _allow_all
        self.pod_range = PODS
        self.service_range = SERVICES
        self.pressure = Pressure()
        self.sockets = 0
        self._attached: dict[str, NetworkNamespace] = {}
        self._dns_host = NetworkNamespace(self)
        self._serve_dns()
        self.node = self.namespace()

    # --- who is there ---

    def namespace(self, address: str | None = None) -> NetworkNamespace:
        """A new namespace with lo; with an address, eth0 too."""
        namespace = NetworkNamespace(self)
        if address is not None:
            self.attach(namespace, address)
        return namespace

    def attach(self, namespace: NetworkNamespace, address: str) -> None:
        """Gives a namespace its address. Raises ValueError when another has it."""
        if self._attached.get(address, namespace) is not namespace:
            raise ValueError(f"the address {address} is taken")
        self.detach(namespace)
        self._attached[address] = namespace
        namespace.set_address(address)

    def detach(self, namespace: NetworkNamespace) -> None:
        """Takes a namespace's address away, if it has one."""
        if namespace.address is not None:
            self._attached.pop(namespace.address, None)
            namespace.set_address(None)

    def at(self, ip: str) -> NetworkNamespace | None:
        """Who is attached at an address."""
        return self._attached.get(ip)

    # --- where things go ---

    def route(self, source: NetworkNamespace, destination: Address, protocol: str, reply: bool = False) -> Route:
        """Where a packet from `source` to `destination` goes.

        `protocol` is tcp, udp or icmp (port 0). A `reply` to what came from there is let through by the policies.
        """
        ip, port = destination
        ip = LOOPBACK4 if ip == ANY4 else LOOPBACK6 if ip == ANY6 else ip
        if is_loopback(ip):
            return Route(source, (ip, port), LOOPBACK6 if is_ipv6(ip) else LOOPBACK4)
        if source.address is None or is_ipv6(ip):
            return Route(None, destination, "", error=errno.ENETUNREACH)
        if ip == source.address:
            return Route(source, (ip, port), ip)
        target: NetworkNamespace | None
        if ip == self.dns_address and protocol != "icmp":
            target = self._dns_host
        elif in_range(ip, self.service_range) or (ip, port, protocol) in self.services:
            return self._through_service(source, (ip, port), protocol)
        else:
            target = self._attached.get(ip)
        return self._direct(source, (ip, port), protocol, target, reply)

    def _through_service(self, source: NetworkNamespace, destination: Address, protocol: str) -> Route:
        service = self.services.get((*destination, protocol))
        if service is None:
            known = protocol != "icmp" and any(ip == destination[0] for ip, _, _ in self.services)
            if known:
                return Route(None, destination, "", self.round_trip_ns // 2, errno.ECONNREFUSED)
            return Route(None, destination, "", DROPPED_NS, errno.ETIMEDOUT)
        picked = service.pick(source.address or "")
        if picked is None:
            return Route(None, destination, "", self.round_trip_ns // 2, errno.ECONNREFUSED)
        if picked[0] == source.address:  # a pod reaches itself: masqueraded, so that the answer comes back the same way
            return Route(source, picked, self.node.address or picked[0], self.round_trip_ns // 2)
        return self._direct(source, picked, protocol, self._attached.get(picked[0]))

    def _direct(
        self, source: NetworkNamespace, destination: Address, protocol: str, target: NetworkNamespace | None, reply: bool = False
    ) -> Route:
        assert source.address is not None
        if target is None:
            if in_range(destination[0], self.pod_range):
                return Route(None, destination, source.address, NO_ROUTE_NS, errno.EHOSTUNREACH)
            return Route(None, destination, source.address, self.round_trip_ns // 2, errno.ENETUNREACH)
        if not reply and not self.allowed(source, *destination, protocol):
            return Route(None, destination, source.address, DROPPED_NS, errno.ETIMEDOUT)
        return Route(target, destination, source.address, self.round_trip_ns // 2)

    # --- connections ---

    def start_connect(self, source: NetworkNamespace, destination: Address, local: Address | None = None) -> Attempt:
        """Begins to connect; whoever asked waits on the attempt's queue."""
        attempt = Attempt(self, source, destination, local)
        attempt.start()
        return attempt

    async def connect(
        self, source: NetworkNamespace, destination: Address, timeout_ns: int | None = None, local: Address | None = None
    ) -> Endpoint:
        """Connects; for tasks of the kernel.

        Raises:
            OSError: ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT (also when `timeout_ns` has passed).
        """
        attempt = self.start_connect(source, destination, local)
        try:
            if not attempt.done and not await attempt.queue.wait(timeout_ns):
                raise unix_error(errno.ETIMEDOUT)
        except BaseException:
            attempt.cancel()
            raise
        if attempt.endpoint is None:
            raise unix_error(attempt.error)
        return attempt.endpoint

    def echo(self, source: NetworkNamespace, ip: str) -> int | None:
        """How long an echo request takes there and back (ns); None when nobody answers: cluster IPs do not.

        Raises:
            OSError: ENETUNREACH.
        """
        route = self.route(source, (ip, 0), "icmp")
        if route.error == errno.ENETUNREACH:
            raise unix_error(errno.ENETUNREACH)
        if route.error:
            return None
        return 2 * route.delay_ns or LOOPBACK_ECHO_NS

    def new_socket_number(self) -> int:
        """The inode number of a new socket."""
        self.sockets += 1
        return 20_000 + self.sockets

    # --- DNS ---

    def _serve_dns(self) -> None:
        self._dns_host.set_address(self.dns_address)
        socket = self._dns_host.bind_udp((ANY4, PORT))
        self._dns_host.listen((ANY4, PORT))

        def answer(data: bytes, source: Address) -> None:
            try:
                query = decode(data)
            except BadMessage:
                return
            if not query.response:
                found = self.dns(query.name.lower(), query.type) if self.dns else DnsAnswer(SERVFAIL)
                client = self._attached.get(source[0])
                if client is not None:
                    reply = encode_answer(query.id, query.name, query.type, found)
                    self.kernel.call_after(self.round_trip_ns // 2, self._reply, client, reply, source)

        socket.on_datagram = answer

    def _reply(self, client: NetworkNamespace, data: bytes, destination: Address) -> None:
        """An answer is let through without asking the policies: it belongs to a question that was."""
        from podlab.mock.machine.network.udp import UdpSocket

        for binding in client.udp.find(*destination):
            if isinstance(binding.owner, UdpSocket) and binding.owner.deliver(data, (self.dns_address, PORT)):
                return


def _allow_all(source: NetworkNamespace, ip: str, port: int, protocol: str) -> bool:
    return True
