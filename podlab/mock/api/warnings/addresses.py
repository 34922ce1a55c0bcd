"""Addresses that are taken, though they are not written as they should be."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network


def address_warnings(path: str, text: str) -> list[str]:
    """What is odd about an address: an IPv4 one in the clothes of IPv6, an IPv6 one that is not in its canonical form."""
    try:
        address = ip_address(text)
    except ValueError:
        return []
    mapped = _mapped(address)
    if mapped is not None:
        words = "will be considered invalid in a future Kubernetes release"
        return [f'{path}: non-standard IP address "{text}" {words}: use "{mapped}"']
    if isinstance(address, IPv6Address) and str(address) != text:
        return [f'{path}: IPv6 address "{text}" should be in RFC 5952 canonical format ("{address}")']
    return []


def network_warnings(path: str, text: str) -> list[str]:
    """What is odd about a network: bits set behind its prefix, or another form than the canonical one."""
    try:
        network = ip_network(text, strict=False)
        address = ip_address(text.partition("/")[0])
    except ValueError:
        return []
    if address != network.network_address:
        single = f"{address}/{address.max_prefixlen}"
        return [f'{path}: CIDR value "{text}" is ambiguous in this context (should be "{network}" or "{single}"?)']
    if isinstance(network, IPv6Network) and str(network) != text:
        return [f'{path}: IPv6 CIDR value "{text}" should be in RFC 5952 canonical format ("{network}")']
    return []


def _mapped(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    return address.ipv4_mapped if isinstance(address, IPv6Address) else None
