"""Kubernetes' protobuf, as request bodies come in it: ``kubectl create`` and other typed Go clients send nothing else.

Only reading is modelled: answers are JSON, which these clients accept too. The numbers and types of fields are facts of the
published API (``fields.json``: ``NUMBER NAME TYPE`` for each field; a type is ``s`` string, ``b`` bytes, ``i`` integer, ``B``
bool, ``d`` double, ``t`` time, ``q`` quantity, ``n`` int-or-string, ``r`` raw JSON, or a message; ``*`` is repeated, ``%`` a
map; the name ``-`` is a struct that is inlined).
"""

import base64
import json
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from podlab.mock.api.errors import BadRequest, NotModelled, quote

Obj = dict[str, Any]

MEDIA_TYPE: Final = "application/vnd.kubernetes.protobuf"
_MAGIC: Final = b"k8s\x00"
_PACKAGES: Final = {"rbac.authorization.k8s.io": "rbac", "meta.k8s.io": "meta"}


class _Field(NamedTuple):
    name: str
    type: str
    repeated: bool
    is_map: bool


def decode_body(body: bytes) -> Obj:
    """The object in a request's body, as JSON values. Raises BadRequest, NotModelled."""
    if not body.startswith(_MAGIC):
        raise BadRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
    try:
        envelope = dict(_fields(body[len(_MAGIC) :]))
        meta = dict(_fields(_bytes(envelope.get(1, b""))))
        api_version, kind = (_bytes(meta.get(number, b"")).decode() for number in (1, 2))
        message = _message_name(api_version, kind)
        if message not in _messages():
            raise NotModelled(f"the kind {quote(kind)} of {api_version} in protobuf (send JSON)")
        return {"apiVersion": api_version, "kind": kind, **_decode(_bytes(envelope.get(2, b"")), message)}
    except (IndexError, ValueError, TypeError, struct.error) as error:
        raise BadRequest(f"error decoding protobuf: {error}") from error


def _message_name(api_version: str, kind: str) -> str:
    group, _, version = api_version.rpartition("/")
    if kind == "DeleteOptions":
        return "meta.v1.DeleteOptions"
    return f"{_PACKAGES.get(group, group.partition('.')[0]) or 'core'}.{version}.{kind}"


@cache
def _messages() -> dict[str, str]:
    found: dict[str, str] = json.loads(files(__package__).joinpath("fields.json").read_text(encoding="utf-8"))
    return found


@cache
def _layout(message: str) -> dict[int, _Field]:
    layout: dict[int, _Field] = {}
    for text in _messages()[message].split("; "):
        number, name, type_ = text.split(" ")
        layout[int(number)] = _Field(name, type_.lstrip("*%"), type_[0] == "*" and type_[1] != "%", "%" in type_[:2])
    return layout


def _decode(data: bytes, message: str) -> Obj:
    layout = _layout(message)
    result: Obj = {}
    for number, value in _fields(data):
        field = layout.get(number)
        if field is None:
            raise NotModelled(f"field {number} of {message} in protobuf (send JSON)")
        if field.is_map:
            entry = dict(_fields(_bytes(value)))
            default: Any = 0 if field.type in ("i", "B") else b""
            result.setdefault(field.name, {})[_bytes(entry.get(1, b"")).decode()] = _value(entry.get(2, default), field.type)
        elif field.repeated:
            result.setdefault(field.name, []).extend(_repeated(value, field.type))
        elif field.name == "-":
            result.update(_decode(_bytes(value), field.type))
        else:
            result[field.name] = _value(value, field.type)
    return result


def _repeated(value: Any, type_: str) -> Iterator[Any]:
    """One element, or a packed run of integers."""
    if type_ in ("i", "B") and isinstance(value, bytes):
        position = 0
        while position < len(value):
            number, position = _varint(value, position)
            yield _value(number, type_)
    else:
        yield _value(value, type_)


def _value(value: Any, type_: str) -> Any:
    leaf = _LEAVES.get(type_)
    return leaf(value) if leaf is not None else _decode(_bytes(value), type_)


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message: integers for varints, bytes for everything else."""
    position = 0
    while position < len(data):
        key, position = _varint(data, position)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value: Any
            value, position = _varint(data, position)
        else:
            size = 8 if wire == 1 else 4 if wire == 5 else None
            if size is None:
                if wire != 2:
                    raise ValueError(f"proto: illegal wireType {wire}")
                size, position = _varint(data, position)
            if position + size > len(data):
                raise ValueError("unexpected EOF")
            value, position = data[position : position + size], position + size
        yield number, value


def _varint(data: bytes, position: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        if shift > 63:
            raise ValueError("proto: integer overflow")
        byte = data[position]
        position += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, position
        shift += 7


def _bytes(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("proto: wrong wireType")
    return value


def _integer(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError("proto: wrong wireType")
    return value - (1 << 64) if value >= 1 << 63 else value


def _time(value: Any) -> str | None:
    parts = dict(_fields(_bytes(value)))
    seconds, nanos = _integer(parts.get(1, 0)), _integer(parts.get(2, 0))
    if not seconds and not nanos:
        return None
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{nanos // 1000:06d}Z" if nanos else f"{text}Z"


def _int_or_string(value: Any) -> int | str:
    parts = dict(_fields(_bytes(value)))
    return _bytes(parts.get(3, b"")).decode() if parts.get(1) else _integer(parts.get(2, 0))


def _raw(value: Any) -> Any:
    data = _bytes(dict(_fields(_bytes(value))).get(1, b""))
    return json.loads(data) if data else None


_LEAVES: Final[dict[str, Callable[[Any], Any]]] = {
    "s": lambda value: _bytes(value).decode(),
    "b": lambda value: base64.b64encode(_bytes(value)).decode(),
    "i": _integer,
    "B": lambda value: bool(_integer(value)),
    "d": lambda value: struct.unpack("<d", _bytes(value))[0],
    "t": _time,
    "q": lambda value: _bytes(dict(_fields(_bytes(value))).get(1, b"")).decode(),
    "n": _int_or_string,
    "r": _raw,
}
