"""The network: namespaces with addresses, TCP and UDP between them, services, and the cluster's DNS. Needs no processes."""

from podlab.mock.machine.network.addresses import Address, parse_ip
from podlab.mock.machine.network.dns import DnsAnswer, DnsRecord, DnsServer
from podlab.mock.machine.network.fabric import Attempt, Network, Route, ServiceRoute
from podlab.mock.machine.network.namespace import Interface, NetworkNamespace
from podlab.mock.machine.network.tcp import Endpoint, Listener
from podlab.mock.machine.network.udp import UdpSocket

__all__ = [
    "Address",
    "Attempt",
    "DnsAnswer",
    "DnsRecord",
    "DnsServer",
    "Endpoint",
    "Interface",
    "Listener",
    "Network",
    "NetworkNamespace",
    "Route",
    "ServiceRoute",
    "UdpSocket",
    "parse_ip",
]
