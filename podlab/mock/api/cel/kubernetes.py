"""Kubernetes' own functions: quantities, addresses and URLs."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from podlab.mock.api.cel.library import function
from podlab.mock.api.cel.problems import CelError, no_overload
from podlab.mock.api.cel.values import INT_LIMIT, Address, Network, Value
from podlab.mock.api.quantity import Quantity, QuantityError

_NANO: Final = 1_000_000_000


def _is_good(make: Callable[[str], Any], value: Value) -> bool:
    try:
        make(value)
    except CelError:
        return False
    return True


@function("quantity", "(string)quantity")
def quantity(text: Value) -> Quantity:
    """An amount, such as ``1.5Gi``."""
    try:
        return Quantity.parse(text)
    except QuantityError as error:
        raise CelError(str(error)) from None


@function("isQuantity", "(string)bool")
def is_quantity(text: Value) -> bool:
    """Whether a string is an amount."""
    return _is_good(quantity, text)


def _amount(value: Value) -> Quantity:
    if not isinstance(value, Quantity):
        raise no_overload()
    return value


@function("sign", "quantity.()int")
def sign(value: Value) -> int:
    """1, 0 or -1."""
    nanos = _amount(value).nanos
    return (nanos > 0) - (nanos < 0)


@function("isInteger", "quantity.()bool")
def is_integer(value: Value) -> bool:
    """Whether an amount is a whole number that an int can hold."""
    nanos = _amount(value).nanos
    return not nanos % _NANO and -INT_LIMIT <= nanos // _NANO < INT_LIMIT


@function("asInteger", "quantity.()int")
def as_integer(value: Value) -> int:
    """An amount as a whole number."""
    if not is_integer(value):
        raise CelError("cannot convert value to integer")
    return int(value.nanos // _NANO)


@function("asApproximateFloat", "quantity.()double")
def as_float(value: Value) -> float:
    """An amount as a number with a point."""
    return _amount(value).nanos / _NANO


def _other(value: Value) -> Quantity:
    return Quantity(value * _NANO, "DecimalSI") if isinstance(value, int) else _amount(value)


@function("add", "quantity.(quantity)quantity", "quantity.(int)quantity")
def add_quantity(left: Value, right: Value) -> Quantity:
    """A sum of amounts."""
    return Quantity(_amount(left).nanos + _other(right).nanos, left.style)


@function("sub", "quantity.(quantity)quantity", "quantity.(int)quantity")
def subtract_quantity(left: Value, right: Value) -> Quantity:
    """A difference of amounts."""
    return Quantity(_amount(left).nanos - _other(right).nanos, left.style)


@function("isLessThan", "quantity.(quantity)bool")
def is_less(left: Value, right: Value) -> bool:
    """Whether one amount is less than another."""
    return _amount(left).nanos < _amount(right).nanos


@function("isGreaterThan", "quantity.(quantity)bool")
def is_greater(left: Value, right: Value) -> bool:
    """Whether one amount is more than another."""
    return _amount(left).nanos > _amount(right).nanos


@function("compareTo", "quantity.(quantity)int")
def compare_to(left: Value, right: Value) -> int:
    """-1, 0 or 1."""
    one, other = _amount(left).nanos, _amount(right).nanos
    return (one > other) - (one < other)


@function("ip", "(string)net.IP", "net.CIDR.()net.IP")
def ip(value: Value) -> Address:
    """An address, of a string or of the start of a network."""
    if isinstance(value, Network):
        return value.network_address
    try:
        if "%" in value:
            raise ValueError
        found = ip_address(value)
    except ValueError:
        raise CelError(f'IP Address "{value}" parse error during conversion from string') from None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        raise CelError(f'IPv4-mapped IPv6 address "{value}" is not allowed')
    return found


@function("isIP", "(string)bool")
def is_ip(value: Value) -> bool:
    """Whether a string is an address."""
    return _is_good(ip, value)


@function("ip.isCanonical", "(string)bool")
def is_canonical(value: Value) -> bool:
    """Whether an address is written in the one way."""
    return bool(str(ip(value)) == value)


_TRAITS: Final[dict[str, Callable[[Any], bool]]] = {
    "isUnspecified": lambda address: address.is_unspecified,
    "isLoopback": lambda address: address.is_loopback,
    "isLinkLocalMulticast": lambda address: address in ip_network("224.0.0.0/24" if address.version == 4 else "ff02::/16"),
    "isLinkLocalUnicast": lambda address: address.is_link_local,
    "isGlobalUnicast": lambda address: (
        not (address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local)
    ),
}
for _name, _test in _TRAITS.items():

    @function(_name, "net.IP.()bool")
    def _trait(value: Value, test: Callable[[Any], bool] = _test) -> bool:
        if not isinstance(value, Address):
            raise no_overload()
        return test(value)


@function("family", "net.IP.()int")
def family(value: Value) -> int:
    """4 or 6."""
    if not isinstance(value, Address):
        raise no_overload()
    return int(value.version)


@function("cidr", "(string)net.CIDR")
def cidr(value: Value) -> Network:
    """A network, such as ``10.0.0.0/8``."""
    try:
        if "/" not in value or not value.rpartition("/")[2].isdecimal():
            raise ValueError
        return ip_network(value, strict=False)
    except ValueError:
        raise CelError(f'network address parse error during conversion from string: "{value}"') from None


@function("isCIDR", "(string)bool")
def is_cidr(value: Value) -> bool:
    """Whether a string is a network."""
    return _is_good(cidr, value)


@function("containsIP", "net.CIDR.(net.IP)bool", "net.CIDR.(string)bool")
def contains_ip(network: Value, address: Value) -> bool:
    """Whether an address is in a network."""
    found = ip(address) if isinstance(address, str) else address
    return found in network


@function("containsCIDR", "net.CIDR.(net.CIDR)bool", "net.CIDR.(string)bool")
def contains_cidr(network: Value, part: Value) -> bool:
    """Whether a network is in another one."""
    found = cidr(part) if isinstance(part, str) else part
    return bool(found.version == network.version and found.subnet_of(network))


@function("masked", "net.CIDR.()net.CIDR")
def masked(network: Value) -> Network:
    """A network by its first address."""
    if not isinstance(network, Network):
        raise no_overload()
    return network


@function("prefixLength", "net.CIDR.()int")
def prefix_length(network: Value) -> int:
    """How many bits of a network are fixed."""
    if not isinstance(network, Network):
        raise no_overload()
    return network.prefixlen


@function("url", "(string)url")
def url(text: Value) -> SplitResult:
    """An absolute URL, or an absolute path."""
    try:
        found = urlsplit(text)
        absolute = found.scheme or text.startswith("/")
        if not absolute or any(letter in text for letter in ' <>"\\^`{|}') or (found.port or 0) < 0:
            raise ValueError
    except ValueError:
        raise CelError(f'URL parse error during conversion from string: parse "{text}": invalid URI for request') from None
    return found


@function("isURL", "(string)bool")
def is_url(text: Value) -> bool:
    """Whether a string is an absolute URL."""
    return _is_good(url, text)


_URL_PARTS: Final[dict[str, tuple[str, Callable[[SplitResult], Any]]]] = {
    "getScheme": ("string", lambda found: found.scheme),
    "getHost": ("string", lambda found: found.netloc.rpartition("@")[2]),
    "getHostname": ("string", lambda found: found.hostname or ""),
    "getPort": ("string", lambda found: "" if found.port is None else str(found.port)),
    "getEscapedPath": ("string", lambda found: found.path),
    "getQuery": ("map(string,list(string))", lambda found: parse_qs(unquote(found.query), keep_blank_values=True)),
}
for _name, (_result, _part) in _URL_PARTS.items():

    @function(_name, f"url.(){_result}")
    def _url_part(value: Value, part: Callable[[SplitResult], Any] = _part) -> Any:
        if not isinstance(value, SplitResult):
            raise no_overload()
        return part(value)
