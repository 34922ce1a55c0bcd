"""/proc/net: interfaces, routes and sockets of a network namespace."""

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.core import ProcessCore
from podlab.mock.machine.inodes import FileSystem
from podlab.mock.machine.network import NetworkNamespace
from podlab.mock.machine.network.addresses import Address, is_ipv6
from podlab.mock.machine.procfs.nodes import Folder, Node, text_node
from podlab.mock.machine.sockets import AF_INET6, SOCK_DGRAM, Socket

if TYPE_CHECKING:
    from podlab.mock.machine.process import Process

STATES: Final = {
    "ESTABLISHED": 1, "SYN_SENT": 2, "FIN_WAIT1": 4, "FIN_WAIT2": 5, "TIME_WAIT": 6, "CLOSE": 7, "CLOSE_WAIT": 8, "LAST_ACK": 9,
    "LISTEN": 10,
}  # fmt: skip
HEAD4: Final = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
HEAD6: Final = (
    "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when "
    "retrnsmt   uid  timeout inode"
)
NOWHERE4: Final = ("0.0.0.0", 0)
NOWHERE6: Final = ("::", 0)


def directory(fs: FileSystem, path: str, owner: "Callable[[ProcessCore], Process]") -> Folder:
    """/proc/PID/net, for the namespace of whom `owner` names."""

    def text(make: Callable[[NetworkNamespace, "Process"], str]) -> Node:
        return text_node(lambda proc: make(owner(proc).net, owner(proc)))

    return Folder(fs, path, {name: text(make) for name, make in sorted(TEXTS.items())})


def sockets(namespace: NetworkNamespace, process: "Process") -> "Iterator[tuple[Socket, Process]]":
    """Every socket of a namespace once, with a process that has it."""
    seen: dict[int, None] = {}
    for other in process.machine.cgroup.processes.values():
        if other.net is namespace:
            for file in other.fds.values():
                if isinstance(file, Socket) and file.number not in seen:
                    seen[file.number] = None
                    yield file, other


def _address(address: Address, wide: bool) -> str:
    ip, port = address
    if not wide:
        return f"{int.from_bytes(IPv4Address(ip).packed, 'little'):08X}:{port:04X}"
    packed = IPv6Address(ip if is_ipv6(ip) else f"::ffff:{ip}").packed
    words = [f"{int.from_bytes(packed[at : at + 4], 'little'):08X}" for at in range(0, 16, 4)]
    return "".join(words) + f":{port:04X}"


def _line(
    index: int, wide: bool, local: Address, peer: Address, state: int, queues: tuple[int, int], uid: int, number: int
) -> str:
    return (
        f"{index:4}: {_address(local, wide)} {_address(peer, wide)} {state:02X} {queues[0]:08X}:{queues[1]:08X} "
        f"00:00000000 00000000 {uid:5}        0 {number} 1 0000000000000000 100 0 0 10 0\n"
    )


def _tcp(wide: bool) -> "Callable[[NetworkNamespace, Process], str]":
    def make(namespace: NetworkNamespace, process: "Process") -> str:
        nowhere = NOWHERE6 if wide else NOWHERE4
        listening, others = [], []
        for socket, owner in sockets(namespace, process):
            if socket.kind == SOCK_DGRAM or (socket.family == AF_INET6) is not wide:
                continue
            if socket.listener is not None:
                queues = len(socket.listener.pending), socket.listener.backlog
                listening.append((socket.listener.address, nowhere, STATES["LISTEN"], (0, queues[0]), owner.uid, socket.number))
            elif socket.endpoint is not None:
                end = socket.endpoint
                others.append(
                    (end.local, end.peer, STATES[end.state], (end.unsent_bytes, end.unread_bytes), owner.uid, socket.number)
                )
        if not wide:
            others += [(local, peer, STATES["TIME_WAIT"], (0, 0), 0, 0) for local, peer in namespace.time_wait()]
        lines = [_line(index, wide, *entry) for index, entry in enumerate(listening + others)]
        return (HEAD6 if wide else HEAD4).ljust(149) + "\n" + "".join(lines)

    return make


def _udp(wide: bool) -> "Callable[[NetworkNamespace, Process], str]":
    def make(namespace: NetworkNamespace, process: "Process") -> str:
        lines: list[str] = []
        for socket, owner in sockets(namespace, process):
            datagrams = socket.datagrams
            if datagrams is not None and (socket.family == AF_INET6) is wide:
                peer = datagrams.peer or (NOWHERE6 if wide else NOWHERE4)
                state = STATES["ESTABLISHED"] if datagrams.peer else STATES["CLOSE"]
                queues = 0, datagrams.unread_bytes
                lines.append(_line(len(lines), wide, datagrams.local, peer, state, queues, owner.uid, socket.number))
        head = HEAD6 if wide else HEAD4
        return head + " ref pointer drops".ljust(max(0, 127 - len(head))) + "\n" + "".join(lines)

    return make


def _dev(namespace: NetworkNamespace, process: "Process") -> str:
    lines = [
        "Inter-|   Receive                                                |  Transmit\n",
        " face |bytes    packets errs drop fifo frame compressed multicast"
        "|bytes    packets errs drop fifo colls carrier compressed\n",
    ]
    for each in (namespace.loopback, namespace.eth0) if namespace.address else (namespace.loopback,):
        lines.append(
            f"{each.name:>6}: {each.received_bytes:7} {each.received_packets:7}    0    0    0     0          0         0 "
            f"{each.sent_bytes:8} {each.sent_packets:7}    0    0    0     0       0          0\n"
        )
    return "".join(lines)


def _hex(ip: str) -> str:
    return f"{int.from_bytes(IPv4Address(ip).packed, 'little'):08X}"


def _route(namespace: NetworkNamespace, process: "Process") -> str:
    lines = ["Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT"]
    for route in namespace.routes():
        flags = 3 if route.gateway else 1
        lines.append(
            f"eth0\t{_hex(route.network)}\t{_hex(route.gateway or '0.0.0.0')}\t{flags:04X}\t0\t0\t0\t{_hex(route.mask)}\t0\t0\t0"
        )
    return "".join(f"{line:<127}\n" for line in lines)


def _arp(namespace: NetworkNamespace, process: "Process") -> str:
    lines = ["IP address       HW type     Flags       HW address            Mask     Device\n"]
    for ip, hardware in namespace.neighbours():
        lines.append(f"{ip:<16} 0x1         0x2         {hardware}     *        eth0\n")
    return "".join(lines)


def _if_inet6(namespace: NetworkNamespace, process: "Process") -> str:
    return "00000000000000000000000000000001 01 80 10 80       lo\n"


def _unix(namespace: NetworkNamespace, process: "Process") -> str:
    return "Num       RefCount Protocol Flags    Type St Inode Path\n"


def _sockstat(namespace: NetworkNamespace, process: "Process") -> str:
    used = list(sockets(namespace, process))
    tcp = sum(1 for socket, _ in used if socket.kind != SOCK_DGRAM)
    return (
        f"sockets: used {len(used)}\nTCP: inuse {tcp} orphan 0 tw {len(namespace.time_wait())} alloc {tcp} mem 0\n"
        f"UDP: inuse {len(used) - tcp} mem 0\nUDPLITE: inuse 0\nRAW: inuse 0\nFRAG: inuse 0 memory 0\n"
    )


TEXTS: "Final[dict[str, Callable[[NetworkNamespace, Process], str]]]" = {
    "arp": _arp,
    "dev": _dev,
    "if_inet6": _if_inet6,
    "raw": lambda namespace, process: HEAD4 + " ref pointer drops\n",
    "route": _route,
    "sockstat": _sockstat,
    "tcp": _tcp(wide=False),
    "tcp6": _tcp(wide=True),
    "udp": _udp(wide=False),
    "udp6": _udp(wide=True),
    "unix": _unix,
}
