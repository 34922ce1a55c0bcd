"""Addresses: IP addresses as canonical text, and what kind each is. An `Address` is (IP, port)."""

import ipaddress
import re
from functools import lru_cache
from typing import Final

Address = tuple[str, int]
"""(canonical IP text, port); for Unix sockets (path, 0)."""

ANY4: Final = "0.0.0.0"
ANY6: Final = "::"
LOOPBACK4: Final = "127.0.0.1"
LOOPBACK6: Final = "::1"
_MAPPED: Final = "::ffff:"
_NUMBER: Final = re.compile(r"0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*")


@lru_cache(4096)
def parse_ip(text: str) -> str | None:
    """The canonical form of an IP address (an IPv4 address inside IPv6 as plain IPv4), or None when `text` is none."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(found)


@lru_cache(4096)
def parse_host_ip(text: str) -> str | None:
    """An address as the C library reads it where a host is asked for: also `127.1`, `0x7f000001`, `2130706433` (inet_aton)."""
    found = parse_ip(text)
    parts = text.split(".")
    if found is not None or not 0 < len(parts) < 5 or not all(_NUMBER.fullmatch(part) for part in parts):
        return found
    numbers = [int(part, 16 if part[:2].lower() == "0x" else 8 if part.startswith("0") else 10) for part in parts]
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 1 << 8 * (5 - len(numbers)):
        return None
    value = sum(number << 8 * (3 - index) for index, number in enumerate(numbers[:-1])) + numbers[-1]
    return str(ipaddress.IPv4Address(value))


def is_ipv6(ip: str) -> bool:
    """Whether a canonical address is IPv6."""
    return ":" in ip


def is_loopback(ip: str) -> bool:
    """Whether a canonical address stays inside the namespace."""
    return ip.startswith("127.") or ip == LOOPBACK6


def is_wildcard(ip: str) -> bool:
    """Whether a canonical address means any address of the namespace."""
    return ip in (ANY4, ANY6)


def mapped(ip: str) -> str:
    """How a socket of the IPv6 family shows an address."""
    return ip if is_ipv6(ip) else _MAPPED + ip


@lru_cache(4096)
def in_range(ip: str, prefix: str) -> bool:
    """Whether an address lies in a prefix (`10.244.0.0/16`)."""
    return bool(prefix) and ipaddress.ip_address(ip) in ipaddress.ip_network(prefix)
