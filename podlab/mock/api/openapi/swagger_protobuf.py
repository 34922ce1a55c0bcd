"""The ``/openapi/v2`` document in protobuf, the only form in which kubectl asks for it (for kinds that v3 does not tell of).

The messages are those of ``gnostic``'s ``OpenAPIv2.proto``; written are the title and the definitions, which is what kubectl
reads.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

Obj = dict[str, Any]

MEDIA_TYPES: Final = (
    "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
    "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
)
"""The type, and its older name with a character that media types may not have."""

_TEXTS: Final = (("$ref", 1), ("format", 2), ("title", 3), ("description", 4), ("pattern", 13))


def encode_swagger(document: Obj) -> bytes:
    """A ``Document`` of the swagger document's title and definitions."""
    info = _text(1, document["info"]["title"]) + _text(2, document["info"]["version"])
    definitions = b"".join(_block(1, _named(name, _schema(schema))) for name, schema in document["definitions"].items())
    return _text(1, "2.0") + _block(2, info) + _block(8, b"") + _block(9, definitions)


def _schema(schema: Obj) -> bytes:
    parts = [_text(number, schema[name]) for name, number in _TEXTS if schema.get(name)]
    parts += [_text(19, name) for name in schema.get("required", ())]
    additional = schema.get("additionalProperties")
    if isinstance(additional, dict):
        parts.append(_block(21, _block(1, _schema(additional))))
    elif additional:
        parts.append(_block(21, b"\x10\x01"))
    if schema.get("type"):
        parts.append(_block(22, _text(1, schema["type"])))
    if isinstance(schema.get("items"), dict):
        parts.append(_block(23, _block(1, _schema(schema["items"]))))
    properties: Iterable[tuple[str, Obj]] = (schema.get("properties") or {}).items()
    inner = b"".join(_block(1, _named(name, _schema(one))) for name, one in properties)
    if inner:
        parts.append(_block(25, inner))
    parts += [_block(31, _named(name, _text(2, json.dumps(value)))) for name, value in schema.items() if name.startswith("x-")]
    return b"".join(parts)


def _named(name: str, value: bytes) -> bytes:
    return _text(1, name) + _block(2, value)


def _text(number: int, text: str) -> bytes:
    return _block(number, text.encode())


def _block(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    result = bytearray()
    while number > 0x7F:
        result.append(number & 0x7F | 0x80)
        number >>= 7
    result.append(number)
    return bytes(result)
