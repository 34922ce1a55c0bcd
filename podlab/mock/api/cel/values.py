"""The values of CEL in Python.

What JSON has, and unsigned numbers, moments, spans of time, types, optional values and Kubernetes' own.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Final
from urllib.parse import SplitResult

from podlab.mock.api.cel.problems import CelError
from podlab.mock.api.quantity import Quantity

INT_LIMIT: Final = 1 << 63
UINT_LIMIT: Final = 1 << 64
SECOND: Final = 1_000_000_000


class UInt(int):
    """An unsigned number."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """A moment, in nanoseconds since 1970 (UTC)."""

    ns: int


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A span of time, in nanoseconds."""

    ns: int


@dataclass(frozen=True, slots=True)
class Optional:
    """A value that may be missing."""

    value: Any = None
    there: bool = False


@dataclass(frozen=True, slots=True)
class TypeValue:
    """A type as a value, such as ``type(1)``."""

    name: str


Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Value = Any
_NAMES: Final[dict[type, str]] = {
    type(None): "null_type", bool: "bool", int: "int", UInt: "uint", float: "double", str: "string", bytes: "bytes", list: "list",
    dict: "map", Timestamp: "google.protobuf.Timestamp", Duration: "google.protobuf.Duration", Optional: "optional_type",
    TypeValue: "type", Quantity: "kubernetes.Quantity", IPv4Address: "net.IP", IPv6Address: "net.IP", IPv4Network: "net.CIDR",
    IPv6Network: "net.CIDR", SplitResult: "kubernetes.URL",
}  # fmt: skip


def type_name(value: Value) -> str:
    """The name of a value's type, as CEL tells it."""
    return _NAMES.get(type(value), "dyn")


def is_number(value: Value) -> bool:
    """Whether a value is an int, a uint or a double."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def equal(left: Value, right: Value) -> bool:
    """CEL's equality: numbers by their amount, other values of different types are different."""
    if is_number(left) and is_number(right):
        return bool(left == right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return len(left) == len(right) and all(key in right and equal(value, right[key]) for key, value in left.items())
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return left.nanos == right.nanos
    return type_name(left) == type_name(right) and bool(left == right)


def ranged(value: int, unsigned: bool) -> int:
    """A whole number, if it is not too large."""
    if unsigned:
        if not 0 <= value < UINT_LIMIT:
            raise CelError("unsigned integer overflow")
        return UInt(value)
    if not -INT_LIMIT <= value < INT_LIMIT:
        raise CelError("integer overflow")
    return value
