"""What CEL sees of a schema: types of fields, and values in their types.

A field of a name that CEL cannot say is written otherwise (``my-field`` as ``my__dash__field``); one whose type the schema does
not tell is not there.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any, Final

from podlab.mock.api.cel.problems import CelError
from podlab.mock.api.cel.times import to_duration, to_timestamp
from podlab.mock.api.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    Type,
    list_of,
    map_of,
    nullable,
)

Obj = dict[str, Any]

_FORMATS: Final = {"byte": BYTES, "duration": DURATION, "date": TIMESTAMP, "date-time": TIMESTAMP}
_SCALARS: Final = {"integer": INT, "number": DOUBLE, "boolean": BOOL}
_WORDS: Final = frozenset(
    ("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
     "package", "namespace", "return", "var", "void", "while")
)  # fmt: skip
_SIGNS: Final = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}
_ROOT: Final[Obj] = {
    "apiVersion": {"type": "string"},
    "kind": {"type": "string"},
    "metadata": {"type": "object", "properties": {"name": {"type": "string"}, "generateName": {"type": "string"}}},
}
"""What every whole object has; of its metadata no more."""


def escape(name: str) -> str | None:
    """A field's name as CEL says it; None if it cannot."""
    if name in _WORDS:
        return f"__{name}__"
    escaped = re.sub(r"__|[.\-/]", lambda match: _SIGNS[match[0]], name)
    return escaped if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", escaped) else None


def _fields(schema: Obj, root: bool) -> Iterator[tuple[str, str, Obj]]:
    """Name, name in CEL, and schema of the fields that an object may have."""
    properties = schema.get("properties") or {}
    whole = root or schema.get("x-kubernetes-embedded-resource")
    for name, inner in {**properties, **(_ROOT if whole else {})}.items():
        escaped = escape(name)
        if escaped is not None:
            yield name, escaped, inner


def declare(schema: Obj, path: str = "self", root: bool = False) -> Type | None:
    """The type of a value of ``schema``; None if it has none that CEL could know."""
    kind = _declare(schema, path, root)
    return nullable(kind) if kind is not None and schema.get("nullable") else kind


def _declare(schema: Obj, path: str, root: bool) -> Type | None:
    if schema.get("x-kubernetes-int-or-string"):
        return DYN
    kind = schema.get("type")
    if kind == "array":
        item = declare(schema.get("items") or {}, f"{path}.@idx")
        return None if item is None else list_of(item)
    if kind == "object" or root:
        additional = schema.get("additionalProperties")
        if isinstance(additional, dict):
            value = declare(additional, f"{path}.@prop")
            return None if value is None else map_of(STRING, value)
        found = {said: declare(inner, f"{path}.{said}") for _, said, inner in _fields(schema, root)}
        return Type(path, fields={name: inner for name, inner in found.items() if inner is not None})
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), STRING)
    return _SCALARS.get(kind or "")


def bind(value: Any, schema: Obj, root: bool = False) -> Any:
    """``value`` as CEL has it."""
    if value is None or schema.get("x-kubernetes-int-or-string"):
        return value
    if isinstance(value, list):
        return [bind(each, schema.get("items") or {}) for each in value]
    if isinstance(value, dict):
        additional = schema.get("additionalProperties")
        if isinstance(additional, dict):
            return {key: bind(each, additional) for key, each in value.items()}
        return {said: bind(value[name], inner) for name, said, inner in _fields(schema, root) if name in value}
    if schema.get("type") == "number":
        return float(value)
    if schema.get("type") == "integer":
        return int(value)
    return _bind_text(value, schema.get("format", "")) if isinstance(value, str) else value


def _bind_text(text: str, form: str) -> Any:
    try:
        if form == "byte":
            return base64.b64decode(text)
        if form == "duration":
            return to_duration(text)
        if form in ("date", "date-time"):
            return to_timestamp(f"{text}T00:00:00Z" if form == "date" else text)
    except (CelError, binascii.Error):
        pass  # the schema says what is wrong with it
    return text
