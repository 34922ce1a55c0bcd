"""inetd's table of services."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from podlab.mock.machine.network.addresses import Address
from podlab.mock.machine.sockets import AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM
from podlab.mock.programs.numbers import UINT_MAX
from podlab.mock.programs.streams import to_text

MOST_WORDS: Final = 26
FIELDS: Final = 6
INTERNAL: Final = "internal"
INTERNAL_SERVICES: Final = ("echo", "discard", "chargen", "time", "daytime")
LONGEST_INTERNAL: Final = 7
UNKNOWN_KIND: Final = -1
KINDS: Final = {"stream": SOCK_STREAM, "dgram": SOCK_DGRAM, "raw": 3, "rdm": 4, "seqpacket": 5}
ANY_HOST: Final = "*"


@dataclass(slots=True)
class Entry:
    """A service.

    Attributes:
        host: Where it listens, `*` for everywhere.
        service: Its port, by number or name, or a Unix socket's path.
        kind: A SOCK_ number, or UNKNOWN_KIND.
        waits: Whether one child at a time is given the socket itself.
        most: Connections in a minute after which it pauses; 0 for no bound.
        child: Who has the socket, while it is waited for.
        address: What it is bound to.
        count, since: Connections so far, and the second of the first.
    """

    host: str
    service: str
    kind: int
    protocol: str
    family: int
    waits: bool
    most: int
    user: str
    group: str | None
    program: str
    words: list[str] = field(default_factory=list)
    fd: int = -1
    listens: bool = False
    child: int = 0
    address: Address | None = None
    count: int = 0
    since: int = 0
    seen: bool = True

    @property
    def is_internal(self) -> bool:
        """Whether inetd itself is the service."""
        return self.program == INTERNAL and len(self.service) <= LONGEST_INTERNAL and self.kind in (SOCK_STREAM, SOCK_DGRAM)

    @property
    def name(self) -> str:
        """As messages name it."""
        return f"{self.service}/{self.protocol}"

    def is_same(self, other: "Entry") -> bool:
        """Whether another line is about the same socket."""
        return (self.host, self.service, self.protocol) == (other.host, other.service, other.protocol)

    def take_over(self, other: "Entry") -> None:
        """Takes from a newer line what may change while the socket stays."""
        self.waits, self.most, self.user, self.group = other.waits, other.most, other.user, other.group
        self.program, self.words = other.program, other.words


class ParseError(Exception):
    """A line that is none. Its text, where there is one, is said first."""


def parse(data: bytes, most: int) -> list[Entry | tuple[int, str]]:
    """Reads a table.

    Args:
        data: The file.
        most: `Entry.most` where a line says nothing of it.

    Returns:
        Its entries, and in their places the lines that are none: the number of each, and what is said of it.
    """
    found: list[Entry | tuple[int, str]] = []
    default = ANY_HOST
    number = 0
    pending = ""
    for raw in to_text(data).split("\n"):
        number += 1
        line = pending + raw
        if raw.endswith("\\"):
            pending = line[:-1]
            continue
        pending = ""
        words = re.split(r"[ \t]+", line.partition("#")[0].strip(" \t"), maxsplit=MOST_WORDS - 1)
        if words == [""]:
            continue
        host, colon, service = words[0].rpartition(":")
        if colon and not service and len(words) == 1:
            default = host
            continue
        try:
            entry = _entry(host if colon else default, service, words, most)
        except ParseError as error:
            found.append((number, str(error)))
            continue
        hosts = entry.host.split(",")
        found += [replace(entry, host=each) for each in hosts]
    return found


def _entry(host: str, service: str, words: list[str], most: int) -> Entry:
    if len(words) < FIELDS:
        raise ParseError
    _, kind_name, protocol, wait, owner, program, *arguments = words
    kind = KINDS.get(kind_name, UNKNOWN_KIND)
    family = _family(protocol)
    waits, most = _waiting(wait, most)
    user, mark, group = re.split(r"(\.)", owner, maxsplit=1) if "." in owner else owner.partition(":")
    entry = Entry(
        host, service, kind, protocol, family, waits, most, user, group if mark else None, program, arguments or [program]
    )
    if entry.is_internal:
        if service not in INTERNAL_SERVICES:
            raise ParseError(f"unknown internal service {service}")
        if waits is not (kind == SOCK_DGRAM):
            raise ParseError
    if (kind == SOCK_STREAM and protocol.startswith("udp")) or (kind == SOCK_DGRAM and protocol.startswith("tcp")):
        raise ParseError
    return entry


def _family(protocol: str) -> int:
    if protocol == "unix":
        return AF_UNIX
    plain = protocol.removesuffix("6")
    if plain.startswith("rpc/"):
        raise ParseError("no support for rpc services")
    if plain not in ("tcp", "udp"):
        raise ParseError
    return AF_INET if plain == protocol else AF_INET6


def _waiting(text: str, most: int) -> tuple[bool, int]:
    """What `[no]wait[.max]` means."""
    text, point, limit = text.partition(".")
    if point:
        if not limit.isdigit() or int(limit) > UINT_MAX:
            raise ParseError
        most = int(limit)
    if text.removeprefix("no") != "wait":
        raise ParseError
    return not text.startswith("no"), most
