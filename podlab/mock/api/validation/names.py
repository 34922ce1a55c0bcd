"""The formats of names and numbers: each function gives the list of what is wrong with a value, in the server's words."""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

Check = Callable[[str], tuple[str, ...]]

NON_EMPTY: Final = "must be non-empty"


def too_long(limit: int) -> str:
    """``must be no more than 63 bytes``."""
    return f"must be no more than {limit} bytes"


def in_range(low: int, high: int) -> str:
    """``must be between 1 and 65535, inclusive``."""
    return f"must be between {low} and {high}, inclusive"


def mismatch(message: str, pattern: str, *examples: str) -> str:
    """The message of a failed regular expression."""
    given = " or ".join(f"'{example}', " for example in examples)
    return f"{message} (e.g. {given}regex used for validation is '{pattern}')"


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", errors="replace"))


_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN: Final = rf"{_LABEL}(\.{_LABEL})*"
_UNDERSCORED_LABEL: Final = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_UNDERSCORED: Final = rf"{_UNDERSCORED_LABEL}(\.{_UNDERSCORED_LABEL})*"
_LABEL_1035: Final = "[a-z]([-a-z0-9]*[a-z0-9])?"
_KEY: Final = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_CONFIG_KEY: Final = "[-._a-zA-Z0-9]+"
_WILDCARD: Final = rf"\*\.{_SUBDOMAIN}"
_WILDCARD_ENDS: Final = "must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
_PERCENT: Final = "[0-9]+%"
_HEADER: Final = "[-A-Za-z0-9]+"
_ENDS: Final = "and must start and end with an alphanumeric character"
_RE = {
    pattern: re.compile(pattern)
    for pattern in (_LABEL, _SUBDOMAIN, _UNDERSCORED, _WILDCARD, _LABEL_1035, _KEY, f"({_KEY})?", _CONFIG_KEY, _PERCENT, _HEADER)
}


def _matches(pattern: str, text: str) -> bool:
    return _RE[pattern].fullmatch(text) is not None


@lru_cache(maxsize=4096)
def dns_label(value: str) -> tuple[str, ...]:
    """RFC 1123 label."""
    wrong = [too_long(63)] if _length(value) > 63 else []
    if not _matches(_LABEL, value):
        if _matches(_SUBDOMAIN, value):
            wrong.append("must not contain dots")
        else:
            message = f"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', {_ENDS}"
            wrong.append(mismatch(message, _LABEL, "my-name", "123-abc"))
    return tuple(wrong)


@lru_cache(maxsize=4096)
def dns_subdomain(value: str) -> tuple[str, ...]:
    """RFC 1123 subdomain."""
    wrong = [too_long(253)] if _length(value) > 253 else []
    if not _matches(_SUBDOMAIN, value):
        message = f"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', {_ENDS}"
        wrong.append(mismatch(message, _SUBDOMAIN, "example.com"))
    return tuple(wrong)


def wildcard_subdomain(value: str) -> tuple[str, ...]:
    """RFC 1123 subdomain whose first label is a ``*``."""
    if _matches(_WILDCARD, value):
        return ()
    message = f"a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which {_WILDCARD_ENDS}"
    return (mismatch(message, _WILDCARD, "*.example.com"),)


def dns_subdomain_with_underscore(value: str) -> tuple[str, ...]:
    """RFC 1123 subdomain in which labels may have underscores (DNS searches)."""
    wrong = [too_long(253)] if _length(value) > 253 else []
    if not _matches(_UNDERSCORED, value):
        message = f"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', {_ENDS}"
        wrong.append(mismatch(message, _UNDERSCORED, "example.com"))
    return tuple(wrong)


def dns_1035_label(value: str) -> tuple[str, ...]:
    """RFC 1035 label."""
    wrong = [too_long(63)] if _length(value) > 63 else []
    if not _matches(_LABEL_1035, value):
        message = (
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
            "start with an alphabetic character, and end with an alphanumeric character"
        )
        wrong.append(mismatch(message, _LABEL_1035, "my-name", "abc-123"))
    return tuple(wrong)


def generated(check: Check, prefix: str) -> tuple[str, ...]:
    """``check`` for a ``generateName``: what comes after it makes a trailing dash good."""
    return check(f"{prefix[:-2]}a" if len(prefix) > 1 and prefix.endswith("-") else prefix)


_KEY_MESSAGE: Final = f"must consist of alphanumeric characters, '-', '_' or '.', {_ENDS}"
_KEY_MISMATCH: Final = mismatch(_KEY_MESSAGE, _KEY, "MyName", "my.name", "123-abc")


@lru_cache(maxsize=4096)
def qualified_name(value: str) -> tuple[str, ...]:
    """A label's key: a name with an optional DNS prefix and slash."""
    prefix, slash, name = value.partition("/")
    if "/" in name:
        return (f"a valid label key {_KEY_MISMATCH} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",)
    wrong: list[str] = []
    if not slash:
        name = prefix
    elif not prefix:
        wrong.append(f"prefix part {NON_EMPTY}")
    else:
        wrong += [f"prefix part {message}" for message in dns_subdomain(prefix)]
    if not name:
        wrong.append(f"name part {NON_EMPTY}")
    elif _length(name) > 63:
        wrong.append(f"name part {too_long(63)}")
    if not _matches(_KEY, name):
        wrong.append(f"name part {_KEY_MISMATCH}")
    return tuple(wrong)


@lru_cache(maxsize=4096)
def label_value(value: str) -> tuple[str, ...]:
    """A label's value: empty, or like the name of a key."""
    wrong = [too_long(63)] if _length(value) > 63 else []
    if not _matches(f"({_KEY})?", value):
        message = f"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', {_ENDS}"
        wrong.append(mismatch(message, f"({_KEY})?", "MyValue", "my_value", "12345"))
    return tuple(wrong)


def config_key(value: str) -> tuple[str, ...]:
    """A key of a ConfigMap or Secret."""
    wrong = [too_long(253)] if _length(value) > 253 else []
    if not _matches(_CONFIG_KEY, value):
        message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        wrong.append(mismatch(message, _CONFIG_KEY, "key.name", "KEY_NAME", "key-name"))
    if value in (".", ".."):
        wrong.append(f"must not be '{value}'")
    elif value.startswith(".."):
        wrong.append("must not start with '..'")
    return tuple(wrong)


def environment_name(value: str) -> tuple[str, ...]:
    """The name of an environment variable: any printable ASCII but ``=``."""
    wrong = [] if value else [f"environment variable name {NON_EMPTY}"]
    if not value.isascii() or not value.isprintable() or "=" in value:
        wrong.append("a valid environment variable name must consist only of printable ASCII characters other than '='")
    return tuple(wrong)


def header_name(value: str) -> tuple[str, ...]:
    """The name of an HTTP header."""
    if _matches(_HEADER, value):
        return ()
    return (mismatch("a valid HTTP header must consist of alphanumeric characters or '-'", _HEADER, "X-Header-Name"),)


def percent(value: str) -> tuple[str, ...]:
    """``25%``."""
    if _matches(_PERCENT, value):
        return ()
    return (mismatch("a valid percent string must be a numeric string followed by an ending '%'", _PERCENT, "1%", "93%"),)


def port_number(value: int) -> tuple[str, ...]:
    """1 to 65535."""
    return () if 1 <= value <= 65535 else (in_range(1, 65535),)


def port_name(value: str) -> tuple[str, ...]:
    """The name of a port (RFC 6335)."""
    wrong = [too_long(15)] if _length(value) > 15 else []
    if not re.fullmatch("[-a-z0-9]+", value):
        wrong.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", value):
        wrong.append("must contain at least one letter (a-z)")
    if "--" in value:
        wrong.append("must not contain consecutive hyphens")
    if value.startswith("-") or value.endswith("-"):
        wrong.append("must not begin or end with a hyphen")
    return tuple(wrong)


def user_id(value: int) -> tuple[str, ...]:
    """A user's or group's number."""
    return () if 0 <= value < 2**31 else (in_range(0, 2**31 - 1),)


def parse_ip(text: str) -> IPv4Address | IPv6Address | None:
    """The address, or None. A zone (``fe80::1%eth0``) is none, as for Go's ``ParseIP``."""
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None


_LEADING_ZERO: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


def ip(value: str) -> tuple[str, ...]:
    """An IP address."""
    if parse_ip(value):
        return ()
    if _LEADING_ZERO.fullmatch(value) and all(int(part) < 256 for part in value.split(".")):
        return ("must not have leading 0s",)
    return ("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",)


def cidr(value: str) -> tuple[str, ...]:
    """An address range."""
    try:
        if "/" in value and "%" not in value and value.rpartition("/")[2].isdecimal():
            ip_network(value, strict=False)
            return ()
    except ValueError:
        pass
    return ("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",)


def path_segment(name: str) -> tuple[str, ...]:
    """A name that may stand in a URL's path: all that is asked of roles, and at least asked of everything."""
    if name in (".", ".."):
        return (f"may not be '{name}'",)
    return tuple(f"may not contain '{part}'" for part in ("/", "%") if part in name)
