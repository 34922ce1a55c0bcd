"""DNS.

What a server answers, and messages as they stand in datagrams (RFC 1035), so that anybody in a pod can be a server or a client.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import Final

NOERROR: Final = 0
FORMERR: Final = 1
SERVFAIL: Final = 2
NXDOMAIN: Final = 3
NOTIMP: Final = 4
REFUSED: Final = 5

TYPES: Final = {
    "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "ANY": 255,
}  # fmt: skip
TYPE_NAMES: Final = {number: name for name, number in TYPES.items()}
PORT: Final = 53


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """A resource record.

    Attributes:
        name: Without the final dot.
        type: `A`, `AAAA`, `CNAME`, `PTR`, `NS`, `SRV`, `MX`, `TXT` or `SOA`.
        data: As in a zone file: an address, a name, `priority weight port target` (SRV), `preference name` (MX), text (TXT), or
            `mname rname serial refresh retry expire minimum` (SOA).
        ttl: Seconds.
    """

    name: str
    type: str
    data: str
    ttl: int = 30


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What a server answers to a question.

    Attributes:
        rcode: NOERROR, NXDOMAIN, SERVFAIL, REFUSED.
        records: The answer section.
        authority: The authority section (the SOA of a negative answer).
        authoritative: The AA bit.
    """

    rcode: int = NOERROR
    records: list[DnsRecord] = field(default_factory=list)
    authority: list[DnsRecord] = field(default_factory=list)
    authoritative: bool = True


DnsServer = Callable[[str, str], DnsAnswer]
"""The cluster's DNS: `(name without the final dot, lower case; type) -> DnsAnswer`."""


class BadMessage(ValueError):
    """A datagram is no DNS message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that came in."""

    id: int
    response: bool
    rcode: int
    authoritative: bool
    name: str
    type: str
    records: list[DnsRecord]
    authority: list[DnsRecord]


def encode_query(number: int, name: str, qtype: str) -> bytes:
    """A question with recursion desired. Raises BadMessage for a name that cannot be asked."""
    return struct.pack(">6H", number, 0x0100, 1, 0, 0, 0) + _encode_name(name) + struct.pack(">2H", TYPES[qtype], 1)


def encode_answer(number: int, name: str, qtype: str, answer: DnsAnswer) -> bytes:
    """The answer to a question."""
    flags = 0x8180 | (0x0400 if answer.authoritative else 0) | answer.rcode
    head = struct.pack(">6H", number, flags, 1, len(answer.records), len(answer.authority), 0)
    question = _encode_name(name) + struct.pack(">2H", TYPES.get(qtype, 255), 1)
    return head + question + b"".join(_encode_record(record) for record in [*answer.records, *answer.authority])


def decode(data: bytes) -> Message:
    """Reads a message. Raises BadMessage."""
    try:
        number, flags, questions, answers, authorities, _ = struct.unpack_from(">6H", data)
        if questions != 1:
            raise BadMessage("a message must hold one question")
        name, offset = _decode_name(data, 12)
        qtype, _ = struct.unpack_from(">2H", data, offset)
        offset += 4
        sections: list[list[DnsRecord]] = []
        for count in (answers, authorities):
            records: list[DnsRecord] = []
            for _ in range(count):
                record, offset = _decode_record(data, offset)
                if record is not None:
                    records.append(record)
            sections.append(records)
    except (struct.error, IndexError, ValueError) as error:
        raise BadMessage(str(error)) from None
    return Message(
        number, bool(flags & 0x8000), flags & 15, bool(flags & 0x0400), name, TYPE_NAMES.get(qtype, str(qtype)), *sections
    )


def _encode_name(name: str) -> bytes:
    encoded = b""
    for label in name.rstrip(".").split(".") if name.rstrip(".") else ():
        piece = label.encode(errors="surrogateescape")
        if not 0 < len(piece) < 64:
            raise BadMessage(f"bad label in {name!r}")
        encoded += bytes([len(piece)]) + piece
    if len(encoded) > 254:
        raise BadMessage(f"name too long: {name!r}")
    return encoded + b"\0"


def _decode_name(data: bytes, offset: int) -> tuple[str, int]:
    labels: list[str] = []
    end = 0
    for _ in range(128):
        length = data[offset]
        if length >= 0xC0:
            end = end or offset + 2
            offset = (length & 0x3F) << 8 | data[offset + 1]
        elif length == 0:
            return ".".join(labels), end or offset + 1
        else:
            labels.append(data[offset + 1 : offset + 1 + length].decode(errors="surrogateescape"))
            offset += 1 + length
    raise BadMessage("a name that never ends")


def _encode_record(record: DnsRecord) -> bytes:
    data = _encode_data(record)
    return _encode_name(record.name) + struct.pack(">HHIH", TYPES[record.type], 1, record.ttl, len(data)) + data


def _encode_data(record: DnsRecord) -> bytes:
    text = record.data
    match record.type:
        case "A":
            return IPv4Address(text).packed
        case "AAAA":
            return IPv6Address(text).packed
        case "SRV":
            *numbers, target = text.split()
            return struct.pack(">3H", *map(int, numbers)) + _encode_name(target)
        case "MX":
            preference, target = text.split()
            return struct.pack(">H", int(preference)) + _encode_name(target)
        case "TXT":
            piece = text.encode(errors="surrogateescape")[:255]
            return bytes([len(piece)]) + piece
        case "SOA":
            mname, rname, *rest = text.split()
            return _encode_name(mname) + _encode_name(rname) + struct.pack(">5I", *map(int, rest))
    return _encode_name(text)


def _decode_record(data: bytes, offset: int) -> tuple[DnsRecord | None, int]:
    name, offset = _decode_name(data, offset)
    number, _, ttl, length = struct.unpack_from(">HHIH", data, offset)
    offset += 10
    kind = TYPE_NAMES.get(number)
    if kind is None:
        return None, offset + length
    return DnsRecord(name, kind, _decode_data(kind, data, offset, length), ttl), offset + length


def _decode_data(kind: str, data: bytes, offset: int, length: int) -> str:
    match kind:
        case "A":
            return str(IPv4Address(data[offset : offset + length]))
        case "AAAA":
            return str(IPv6Address(data[offset : offset + length]))
        case "SRV":
            numbers = struct.unpack_from(">3H", data, offset)
            return " ".join(map(str, numbers)) + " " + _decode_name(data, offset + 6)[0]
        case "MX":
            return f"{struct.unpack_from('>H', data, offset)[0]} {_decode_name(data, offset + 2)[0]}"
        case "TXT":
            return data[offset + 1 : offset + 1 + data[offset]].decode(errors="surrogateescape")
        case "SOA":
            mname, after = _decode_name(data, offset)
            rname, after = _decode_name(data, after)
            return f"{mname} {rname} " + " ".join(map(str, struct.unpack_from(">5I", data, after)))
    return _decode_name(data, offset)[0]
