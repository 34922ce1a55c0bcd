"""hostname, dnsdomainname and ipcalc: names and addresses of this host, and arithmetic on addresses."""

import ipaddress
from typing import Final, NoReturn

from podlab.mock.machine.resolver import UnknownHost
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.net.hosts import name_of
from podlab.mock.programs.numbers import unsigned

CLASSES: Final = ((128, 8), (192, 16), (224, 24))
"""First octet below which an address is of a class, and the length of that class' prefix."""


async def _canonical(call: Call, name: str) -> tuple[str, list[str]]:
    """The full name of a host, and its addresses. Dies when nobody knows it."""
    try:
        addresses = await call.proc.resolve(name)
    except UnknownHost:
        call.die(f"{name}: Host name lookup failure")
    for line in (await call.proc.read_text("/etc/hosts")).splitlines():
        words = line.partition("#")[0].split()
        if name in words[1:]:
            return words[1], addresses
    return name, addresses


@applet("hostname dnsdomainname", "sidfF:v", ignores_output_errors=True)
async def hostname(call: Call) -> int:
    """Prints the host's name, in part or whole, or its addresses. It cannot be set in a container."""
    options = call.options
    name = call.proc.uts.hostname
    path = options.get("F")
    if path is not None:
        reader = await call.open_or_die(path)
        reader.close()
    if call.name == "hostname" and (path is not None or (call.operands and not options.any("sidf"))):
        call.die("sethostname: Operation not permitted")
    if call.name == "dnsdomainname" or options.any("idf"):
        full, addresses = await _canonical(call, name)
        _, dot, domain = full.partition(".")
        if "i" in options:
            await call.out.write_text(" ".join(addresses) + "\n")
        elif "f" in options:
            await call.out.write_text(full + "\n")
        elif dot:
            await call.out.write_text(domain + "\n")
    else:
        await call.out.write_text((name.partition(".")[0] if "s" in options else name) + "\n")
    return 0


@applet("ipcalc", "bnmphs", operands=(1, 2))
async def ipcalc(call: Call) -> int:
    """Prints parts of an address: its network, broadcast address, mask, prefix, name."""
    options = call.options
    if not options.any("bnmph"):
        call.usage()
    address, network = _network(call)
    parts = {
        "m": f"NETMASK={network.netmask}\n",
        "b": f"BROADCAST={network.broadcast_address}\n",
        "n": f"NETWORK={network.network_address}\n",
        "p": f"PREFIX={network.prefixlen}\n",
    }
    for letter, line in parts.items():
        if letter in options:
            await call.out.write_text(line)
    if "h" in options:
        name = await name_of(call, str(address))
        if name is None:
            _complain(call, f"can't find hostname for {address}")
        await call.out.write_text(f"HOSTNAME={name}\n")
    return 0


def _address(text: str) -> ipaddress.IPv4Address | None:
    """What inet_aton(3) reads: up to four numbers as C writes them, of which the last fills the bytes that are left."""
    value, parts = 0, text.split(".")
    if len(parts) > 4:
        return None
    try:
        for place, part in enumerate(parts):
            left = 1 if place < len(parts) - 1 else 5 - len(parts)
            value = value << 8 * left | unsigned(part, 0, (1 << 8 * left) - 1, base=0)
    except Die:
        return None
    return ipaddress.IPv4Address(value)


def _network(call: Call) -> tuple[ipaddress.IPv4Address, ipaddress.IPv4Network]:
    text, slash, prefix = call.operands[0].partition("/")
    address = _address(text)
    if address is None:
        _complain(call, f"bad IP address: {text}")
    mask = call.operands[1] if len(call.operands) > 1 else prefix if slash else str(_class_prefix(address))
    try:
        return address, ipaddress.IPv4Network((str(address), mask), strict=False)
    except ValueError:
        _complain(call, f"bad netmask: {mask}")


def _complain(call: Call, message: str) -> NoReturn:
    call.die("" if "s" in call.options else message)


def _class_prefix(address: ipaddress.IPv4Address) -> int:
    first = address.packed[0]
    return next((prefix for below, prefix in CLASSES if first < below), 32)
