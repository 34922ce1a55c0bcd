"""Host names, ports and addresses in arguments, as busybox's network applets read and print them."""

from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import Address, is_ipv6, parse_ip
from podlab.mock.machine.resolver import UnknownHost
from podlab.mock.machine.sockets import AF_INET, AF_INET6
from podlab.mock.programs.applet import Call

SERVICES: Final = "/etc/services"
MAPPED: Final = "::ffff:"


def family_of(ip: str) -> int:
    """The address family of an address."""
    return AF_INET6 if is_ipv6(ip) else AF_INET


def dotted(address: Address) -> str:
    """An address with its port: `10.244.0.5:80`, `[::1]:80`."""
    return f"{bare(address[0])}:{address[1]}"


def bare(ip: str) -> str:
    """An address without a port: `10.244.0.5`, `[::1]`."""
    return f"[{ip}]" if is_ipv6(ip) else ip


def plain(ip: str) -> str:
    """An address of a dual-stack socket, IPv4 as IPv4."""
    return ip.removeprefix(MAPPED)


def split_port(text: str, default: int | None) -> tuple[str, str | int | None]:
    """Divides `host`, `host:port`, `[v6]` and `[v6]:port`; an IPv6 address needs brackets to have a port."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, rest[1:] if rest.startswith(":") and rest[1:] else default
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        return host, port or default
    return text, default


async def resolve(call: Call, host: str, family: int | None = None) -> str:
    """The first address of a host. Dies of `bad address 'host'`."""
    try:
        found = await call.proc.resolve(host)
    except UnknownHost as error:
        call.die(str(error))
    wanted = [ip for ip in found if family is None or family_of(ip) == family]
    if not wanted:
        call.die(f"bad address '{host}'")
    return wanted[0]


async def name_of(call: Call, ip: str) -> str | None:
    """The name of an address; None when it has none, or nobody could be asked."""
    try:
        return await call.proc.name_of(ip)
    except UnknownHost:
        return None


async def host_and_port(call: Call, text: str, default: int) -> Address:
    """The address that `host`, `host:port` or `[v6]:port` means. Dies of `bad address`."""
    host, port = split_port(text, default)
    number = port if isinstance(port, int) else await port_number(call, str(port))
    if number is None:
        call.die(f"bad address '{text}'")
    return await resolve(call, host), number


async def connect(call: Call, host: str, default: int) -> int:
    """A connection's descriptor, to `host` or `host:port`. Dies of a bad address, or when there is none."""
    address = await host_and_port(call, host, default)
    fd = call.proc.socket(family_of(address[0]))
    try:
        await call.proc.connect(fd, address)
    except OSError as error:
        call.die(f"can't connect to remote host ({address[0]}): {strerror(error.errno or 0)}")
    return fd


async def port_number(call: Call, text: str, protocol: str = "tcp") -> int | None:
    """A port by its number or by its name in /etc/services; None when it is neither."""
    if text.isdigit():
        return int(text) if int(text) < 65_536 else None
    for line in (await call.proc.read_text(SERVICES)).splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 1 and text in (words[0], *words[2:]) and words[1].endswith(f"/{protocol}"):
            return int(words[1].partition("/")[0])
    return None


async def service_name(call: Call, port: int, protocol: str = "tcp") -> str:
    """What /etc/services calls a port; `unknown` when it does not."""
    for line in (await call.proc.read_text(SERVICES)).splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 1 and words[1] == f"{port}/{protocol}":
            return words[0]
    return "unknown"


def is_literal(text: str) -> bool:
    """Whether a host is an address."""
    return parse_ip(text) is not None
