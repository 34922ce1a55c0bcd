"""ip, ifconfig, route and arp: they show what the network of a pod is; changing it is not permitted in a container."""

from ipaddress import ip_network
from typing import Final

from podlab.mock.machine.network.addresses import ANY4, parse_ip
from podlab.mock.machine.network.namespace import Interface, NetworkNamespace, RouteEntry
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.net.hosts import name_of, resolve

OBJECTS: Final = ("address", "route", "link", "tunnel", "neigh", "rule")
VERBS: Final = {
    "address": ("add", "change", "chg", "replace", "delete", "list", "show", "lst", "flush"),
    "link": ("add", "delete", "set", "show", "lst", "list"),
    "route": ("add", "append", "change", "chg", "delete", "get", "list", "show", "prepend", "replace", "test", "flush"),
    "neigh": ("show", "flush"),
    "rule": ("add", "delete", "list", "show"),
    "tunnel": ("add", "change", "delete", "show", "list", "lst"),
}
"""What can be done with each object; the first that a word begins is meant."""
SHOWING: Final = ("show", "list", "lst")
FOREVER: Final = "       valid_lft forever preferred_lft forever"
DENIED: Final = "Operation not permitted"


def _matches(word: str, full: str) -> bool:
    return bool(word) and full.startswith(word)


def _interfaces(net: NetworkNamespace) -> list[Interface]:
    return [net.loopback, net.eth0] if net.address is not None else [net.loopback]


# --- ip ---


class IpCommand:
    """One run of `ip`."""

    def __init__(self, call: Call, family: str, oneline: bool) -> None:
        self.call = call
        self.net = call.proc.net
        self.family = family
        self.end = "\\" if oneline else "\n"
        self.oneline = oneline

    async def write(self, text: str) -> None:
        """To standard output."""
        await self.call.out.write_text(text)

    async def run(self, what: str, words: list[str]) -> int:
        """Carries it out."""
        verb = next((verb for verb in VERBS[what] if words and _matches(words[0], verb)), "show")
        if verb not in (*SHOWING, "get"):
            return await self._refuse(what, words)
        rest = words[1:] if words and _matches(words[0], verb) else words
        match what:
            case "address":
                await self._addresses(rest)
            case "link":
                await self._links(rest)
            case "route":
                return await self._routes(verb, rest)
            case "neigh":
                for ip, hardware in self.net.neighbours():
                    await self.write(f"{ip} dev eth0 lladdr {hardware}  used 0/0/0 probes 1 REACHABLE\n")
            case "rule":
                await self.write("0:\tfrom all lookup local \n32766:\tfrom all lookup main \n32767:\tfrom all lookup default \n")
        return 0

    async def _refuse(self, what: str, words: list[str]) -> int:
        if what == "link" and words[0] == "set":
            device = words[2] if words[1:2] == ["dev"] else words[1] if len(words) > 1 else ""
            if not any(each.name == device for each in _interfaces(self.net)):
                await self.call.warn("SIOCGIFFLAGS: No such device")
            else:
                await self.call.warn(f"SIOCSIFFLAGS: {DENIED}")
            return 2
        await self.call.warn(f"RTNETLINK answers: {DENIED}")
        return 2

    def _chosen(self, words: list[str]) -> list[Interface]:
        name = (
            words[1] if words[:1] == ["dev"] and len(words) > 1 else words[0] if words and words[0] not in ("to", "up") else None
        )
        chosen = [each for each in _interfaces(self.net) if name is None or each.name == name]
        if not chosen:
            self.call.die(f"can't find device '{name}'")
        return chosen

    def _head(self, each: Interface) -> str:
        number = 1 if each is self.net.loopback else 2
        if each is self.net.loopback:
            flags, name = "LOOPBACK,UP,LOWER_UP", "lo"
        else:
            flags, name = "BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN", "eth0@if2"
        queue = "" if self.family == "inet6" else " qdisc noqueue"
        return f"{number}: {name}: <{flags}> mtu {each.mtu}{queue} qlen 1000{self.end}"

    def _hardware(self, each: Interface) -> str:
        if each is self.net.loopback:
            return "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00"
        return f"    link/ether {each.hardware} brd ff:ff:ff:ff:ff:ff"

    def _inet(self, each: Interface) -> list[str]:
        found = []
        if self.family in ("", "inet"):
            if each is self.net.loopback:
                found.append("inet 127.0.0.1/8 scope host lo")
            else:
                network = ip_network(f"{self.net.address}/24", strict=False)
                found.append(f"inet {self.net.address}/24 brd {network.broadcast_address} scope global eth0")
        if self.family in ("", "inet6") and each is self.net.loopback:
            found.append("inet6 ::1/128 scope host ")
        return found

    async def _addresses(self, words: list[str]) -> None:
        for each in self._chosen(words):
            lines = self._inet(each)
            number = 1 if each is self.net.loopback else 2
            if self.oneline:
                for line in lines:
                    await self.write(f"{number}: {each.name}    {line}\\{FOREVER}\n")
                continue
            if self.family and not lines:
                continue
            await self.write(self._head(each))
            if not self.family:
                await self.write(self._hardware(each) + "\n")
            for line in lines:
                await self.write(f"    {line}\n{FOREVER}\n")

    async def _links(self, words: list[str]) -> None:
        for each in self._chosen(words):
            await self.write(f"{self._head(each)}{self._hardware(each)}\n")

    async def _routes(self, verb: str, words: list[str]) -> int:
        if verb == "get":
            return await self._route_to(words[0] if words else "")
        if self.family != "inet6":
            for route in self.net.routes():
                await self.write(_route_line(self.net, route) + "\n")
        return 0

    async def _route_to(self, text: str) -> int:
        ip = parse_ip(text)
        if ip is None:
            self.call.die(f"inet prefix is expected rather than '{text}'")
        found = self.call.proc.machine.network.route(self.net, (ip, 0), "icmp")
        if self.net.owns(ip):
            await self.write(f"local {ip} dev lo  src {found.source} \n")
            return 0
        if self.net.address is None:
            await self.call.warn("RTNETLINK answers: Network is unreachable")
            return 2
        near = ip_network(f"{self.net.address}/24", strict=False)
        via = "" if ip_network(ip).subnet_of(near) else f"via {near.network_address + 1} "  # type: ignore[arg-type]
        await self.write(f"{ip} {via}dev eth0  src {self.net.address} \n")
        return 0


def _route_line(net: NetworkNamespace, route: RouteEntry) -> str:
    if route.network == ANY4:
        return f"default via {route.gateway} dev eth0 "
    network = ip_network(f"{route.network}/{route.mask}")
    return f"{network} dev eth0 scope link  src {net.address} "


@applet("ip ipaddr iplink iproute ipneigh iprule", None)
async def ip_(call: Call) -> int:
    """Shows addresses, links, routes, neighbours and rules."""
    family, oneline = "", False
    words = list(call.operands)
    while words and words[0].startswith("-"):
        word = words.pop(0).lstrip("-")
        if word == "4" or word == "6":
            family = "inet" if word == "4" else "inet6"
        elif word == "0":
            family = "link"
        elif _matches(word, "oneline"):
            oneline = True
        elif _matches(word, "family") and words:
            family = words.pop(0)
        else:
            call.usage()
    command = IpCommand(call, family, oneline)
    if call.name != "ip":
        what = call.name[2:]
        return await command.run("address" if what == "addr" else what, words)
    found = next((each for each in OBJECTS if words and _matches(words[0], each)), None)
    if found is None:
        call.usage()
    return await command.run(found, words[1:])


# --- ifconfig ---


def _ifconfig(net: NetworkNamespace, each: Interface) -> str:
    if each is net.loopback:
        lines = [
            "Link encap:Local Loopback  ",
            "inet addr:127.0.0.1  Mask:255.0.0.0",
            "inet6 addr: ::1/128 Scope:Host",
            f"UP LOOPBACK RUNNING  MTU:{each.mtu}  Metric:1",
        ]
    else:
        network = ip_network(f"{net.address}/24", strict=False)
        lines = [
            f"Link encap:Ethernet  HWaddr {each.hardware.upper()}  ",
            f"inet addr:{net.address}  Bcast:{network.broadcast_address}  Mask:{network.netmask}",
            f"UP BROADCAST RUNNING MULTICAST  MTU:{each.mtu}  Metric:1",
        ]
    lines += [
        f"RX packets:{each.received_packets} errors:0 dropped:0 overruns:0 frame:0",
        f"TX packets:{each.sent_packets} errors:0 dropped:0 overruns:0 carrier:0",
        "collisions:0 txqueuelen:1000 ",
        f"RX bytes:{each.received_bytes} ({_size(each.received_bytes)})  TX bytes:{each.sent_bytes} ({_size(each.sent_bytes)})",
    ]
    return f"{each.name:<10}" + "\n          ".join(lines) + "\n\n"


def _size(count: int) -> str:
    value, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:.1f} {unit}"


_CHANGES: Final = (
    "add", "del", "broadcast", "pointopoint", "netmask", "dstaddr", "outfill", "keepalive", "hw", "metric", "mtu", "trailers",
    "arp", "allmulti", "multicast", "promisc", "txqueuelen", "dynamic", "mem_start", "io_addr", "irq", "up", "down",
)  # fmt: skip
"""Words behind an interface that are no address."""


@applet("ifconfig", None)
async def ifconfig(call: Call) -> int:
    """Shows interfaces."""
    words = [word for word in call.operands if word != "-a"]
    net = call.proc.net
    if not words:
        for each in sorted(_interfaces(net), key=lambda each: each.name):
            await call.out.write_text(_ifconfig(net, each))
        return 0
    found = next((each for each in _interfaces(net) if each.name == words[0]), None)
    if len(words) > 1:
        if words[1].lstrip("-") not in _CHANGES:
            await resolve(call, words[1])
        call.die(f"SIOCSIFADDR: {DENIED if found else 'No such device'}")
    if found is None:
        call.die(f"{words[0]}: error fetching interface information: Device not found")
    await call.out.write_text(_ifconfig(net, found))
    return 0


# --- route, arp ---


async def print_routes(call: Call, numeric: bool, extended: bool) -> None:
    """The routing table, as route and netstat -r show it."""
    heads = "MSS Window  irtt" if extended else "Metric Ref    Use"
    await call.out.write_text("Kernel IP routing table\n")
    await call.out.write_text(f"Destination     Gateway         Genmask         Flags {'  ' if extended else ''}{heads} Iface\n")
    for route in call.proc.net.routes():
        target = route.network if numeric or route.network != ANY4 else "default"
        gateway = route.gateway or (ANY4 if numeric else "*")
        flags = "UG" if route.gateway else "U"
        counts = "    0 0          0" if extended else "0      0        0"
        await call.out.write_text(f"{target:<16}{gateway:<16}{route.mask:<16}{flags:<6}{counts} eth0\n")


@applet("route", "A:ne")
async def route(call: Call) -> int:
    """Shows the routing table."""
    if call.operands:
        if call.operands[0] not in ("add", "del", "delete"):
            call.usage()
        call.die(f"SIOC{'ADD' if call.operands[0] == 'add' else 'DEL'}RT: {DENIED}")
    if (call.options.get("A") or "inet").startswith("inet6"):
        await call.out.write_text("Kernel IPv6 routing table\n")
        return 0
    await print_routes(call, "n" in call.options, "e" in call.options)
    return 0


async def _host(call: Call, name: str) -> str:
    """The address of a host, or arp dies in words of its own."""
    try:
        return await resolve(call, name)
    except Die:
        call.die(f"{name}: Host name lookup failure")


@applet("arp", "A:p:H:t:i:adnDsv")
async def arp(call: Call) -> int:
    """Shows who has which address."""
    options = call.options
    if (family := options.get("A") or options.get("p") or "inet") != "inet":
        call.die(f"{family}: unknown address family")
    if (kind := options.get("H") or options.get("t") or "ether") not in ("ether", "loop"):
        call.die(f"{kind}: unknown hardware type")
    if options.any("ds"):
        call.die(f"{'SIOCDARP(priv)' if 'd' in options else 'SIOCSARP'}: {DENIED}")
    table = call.proc.net.neighbours()
    host = call.operands[0] if call.operands else None
    wanted = None if host is None else await _host(call, host)
    shown = 0
    for ip, hardware in table:
        if wanted in (None, ip) and options.get("i") in (None, "eth0"):
            name = None if "n" in options else await name_of(call, ip)
            await call.out.write_text(f"{name or '?'} ({ip}) at {hardware} [ether]  on eth0\n")
            shown += 1
    if "v" in options:
        await call.out.write_text(f"Entries: {len(table)}\tSkipped: {len(table) - shown}\tFound: {shown}\n")
    if (host is not None or "i" in options) and not shown:
        await call.out.write_text(f"No match found in {len(table)} entries\n")
    return 0
