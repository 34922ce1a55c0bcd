"""Network namespaces: the interfaces of a pod (or of the node), and who listens and is connected there."""

import errno
import zlib
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.network.addresses import ANY4, ANY6, Address, is_ipv6, is_loopback, is_wildcard
from podlab.mock.machine.network.ports import Binding, PortTable
from podlab.mock.machine.network.tcp import Endpoint, Listener
from podlab.mock.machine.network.udp import UdpSocket

if TYPE_CHECKING:
    from podlab.mock.machine.network.fabric import Network

MTU: Final = 1500
LOOPBACK_MTU: Final = 65_536
MAX_TIME_WAIT: Final = 8192


class Interface:
    """A network interface as ifconfig shows it: name, hardware address, and what went through it."""

    __slots__ = ("hardware", "mtu", "name", "received_bytes", "received_packets", "sent_bytes", "sent_packets")

    def __init__(self, name: str, mtu: int, hardware: str = "") -> None:
        self.name = name
        self.mtu = mtu
        self.hardware = hardware
        self.received_bytes = self.received_packets = self.sent_bytes = self.sent_packets = 0

    def count_sent(self, size: int) -> None:
        """Bytes left through it."""
        self.sent_bytes += size + 52
        self.sent_packets += 1 + size // self.mtu

    def count_received(self, size: int) -> None:
        """Bytes came in through it."""
        self.received_bytes += size + 52
        self.received_packets += 1 + size // self.mtu


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """A line of the routing table; `gateway` is empty for what is reached directly."""

    network: str
    mask: str
    gateway: str


class NetworkNamespace:
    """lo (127.0.0.1 and ::1), and eth0 once it has an address.

    Attributes:
        network: What it is connected to.
        address: The IPv4 address of eth0, or None.
        tcp, udp: Which ports are taken.
        connections: By (local, peer).
    """

    def __init__(self, network: "Network") -> None:
        self.network = network
        self.number = 0
        self.address: str | None = None
        self.tcp = PortTable()
        self.udp = PortTable()
        self.connections: dict[tuple[Address, Address], Endpoint] = {}
        self.loopback = Interface("lo", LOOPBACK_MTU)
        self.eth0 = Interface("eth0", MTU)
        self._time_wait: dict[tuple[Address, Address], int] = {}

    def set_address(self, address: str | None) -> None:
        """What `Network.attach` and `detach` call."""
        self.address = address
        if address is not None:
            digest = zlib.crc32(address.encode())
            self.eth0.hardware = "ee:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}".format(len(address), *digest.to_bytes(4, "big"))

    def routes(self) -> list[RouteEntry]:
        """The routing table: to the gateway, and to the network through it, as the usual plug-ins set it up for a pod."""
        if self.address is None:
            return []
        network = ip_network(f"{self.address}/24", strict=False)
        gateway = str(network.network_address + 1)
        return [RouteEntry(ANY4, ANY4, gateway), RouteEntry(str(network.network_address), str(network.netmask), "")]

    def neighbours(self) -> list[tuple[str, str]]:
        """The ARP table: (address, hardware address)."""
        return [(route.gateway, "ee:ee:ee:ee:ee:ee") for route in self.routes() if route.gateway]

    def owns(self, ip: str) -> bool:
        """Whether an address (not a wildcard) is one of this namespace."""
        return is_loopback(ip) or ip == self.address

    # --- ports ---

    def bind_tcp(self, address: Address, reuse: bool = False, only6: bool = False) -> Binding:
        """Takes a TCP port. Raises OSError EADDRINUSE, EADDRNOTAVAIL."""
        self._check_local(address[0])
        binding = Binding(*address, None, reuse, only6)
        if address[1] and not reuse and self._port_in_use(address[1]):
            raise unix_error(errno.EADDRINUSE)
        return self.tcp.bind(binding)

    def bind_udp(self, address: Address, reuse: bool = False, only6: bool = False) -> UdpSocket:
        """A UDP socket at an address (port 0: any). Raises OSError EADDRINUSE, EADDRNOTAVAIL."""
        self._check_local(address[0])
        binding = Binding(*address, None, reuse, only6)
        binding.owner = socket = UdpSocket(self, self.udp.bind(binding))
        return socket

    def listen(self, address: Address, backlog: int = 128, reuse: bool = True, only6: bool = False) -> Listener:
        """Listens for TCP connections. Raises OSError EADDRINUSE, EADDRNOTAVAIL."""
        binding = self.bind_tcp(address, reuse, only6)
        try:
            return self.listen_at(binding, backlog)
        except OSError:
            self.tcp.release(binding)
            raise

    def listen_at(self, binding: Binding, backlog: int) -> Listener:
        """Begins to listen where something is bound. Raises OSError EADDRINUSE."""
        listener = Listener(self.network.kernel, (binding.ip, binding.port), backlog, self, binding)
        self.tcp.listen(binding, listener)
        return listener

    def listener_for(self, ip: str, port: int) -> Listener | None:
        """Who listens where a connection is meant to go."""
        for binding in self.tcp.find(ip, port):
            if isinstance(binding.owner, Listener):
                return binding.owner
        return None

    def _check_local(self, ip: str) -> None:
        if not is_wildcard(ip) and not self.owns(ip):
            raise unix_error(errno.EADDRNOTAVAIL)

    def _port_in_use(self, port: int) -> bool:
        return any(local[1] == port for local, _ in self.connections) or any(key[0][1] == port for key in self.time_wait())

    # --- connections ---

    def ephemeral(self, ip: str, peer: Address) -> Address:
        """A local address for a connection to `peer`. Raises OSError EADDRNOTAVAIL when all ports are taken."""
        for _ in range(1 << 15):
            try:
                local = ip, self.tcp.free_port()
            except OSError:
                break
            if (local, peer) not in self.connections:
                return local
        raise unix_error(errno.EADDRNOTAVAIL)

    def forget_connection(self, endpoint: Endpoint, time_wait_ns: int) -> None:
        """A connection is closed; with a time, its addresses are kept from others so long."""
        key = endpoint.local, endpoint.peer
        if self.connections.get(key) is endpoint:
            del self.connections[key]
            if time_wait_ns:
                if len(self._time_wait) >= MAX_TIME_WAIT:
                    self._time_wait.pop(next(iter(self._time_wait)))
                self._time_wait[key] = self.network.kernel.now_ns + time_wait_ns

    def time_wait(self) -> list[tuple[Address, Address]]:
        """The (local, peer) of connections that were closed here within the last minute."""
        now = self.network.kernel.now_ns
        if any(until <= now for until in self._time_wait.values()):
            self._time_wait = {key: until for key, until in self._time_wait.items() if until > now}
        return list(self._time_wait)

    def wildcard(self, peer: str) -> str:
        """Any address, of the family of `peer`."""
        return ANY6 if is_ipv6(peer) else ANY4
