"""Validation of custom resources against their schema, with the words of the real server's validator."""

import json
import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import re2

from podlab.mock.api.errors import Cause, quote
from podlab.mock.kernel import Time

Obj = dict[str, Any]

_INVALID: Final = "FieldValueInvalid"
_PATTERN_MEMORY: Final = 4 << 20


def validate(value: Any, schema: Obj, path: str = "") -> Iterator[Cause]:
    """Every cause for which ``value`` does not meet ``schema``; the path is that of the value in its object."""
    if value is None:
        if not schema.get("nullable") and schema.get("type"):
            yield _wrong_type(value, schema["type"], path)
        return
    if not _has_type(value, schema):
        yield _wrong_type(value, "integer,string" if schema.get("x-kubernetes-int-or-string") else schema["type"], path)
        return
    if "enum" in schema and value not in schema["enum"]:
        names = ", ".join(json.dumps(one) for one in schema["enum"])
        yield Cause("FieldValueNotSupported", f"Unsupported value: {_show(value)}: supported values: {names}", path)
    if isinstance(value, bool):
        pass
    elif isinstance(value, str):
        yield from _validate_string(value, schema, path)
    elif isinstance(value, int | float):
        yield from _validate_number(value, schema, path)
    elif isinstance(value, list):
        yield from _validate_list(value, schema, path)
    elif isinstance(value, dict):
        yield from _validate_map(value, schema, path)
    yield from _validate_junctors(value, schema, path)


def _has_type(value: Any, schema: Obj) -> bool:
    if schema.get("x-kubernetes-int-or-string"):
        return isinstance(value, int | str) and not isinstance(value, bool)
    check = _TYPES.get(schema.get("type", ""))
    return check is None or check(value)


def _is_integer(value: Any) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


_TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str | Time),
    "integer": _is_integer,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _type_name(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _wrong_type(value: Any, wanted: str, path: str) -> Cause:
    return Cause("FieldValueTypeInvalid", f"Invalid value: {quote(_type_name(value))}: {path} in body must be of type {wanted}: "
                                          f"{quote(_type_name(value))}", path)  # fmt: skip


def _show(value: Any) -> str:
    if isinstance(value, str):
        return quote(value)
    return json.dumps(value, separators=(",", ":"), default=str)


def _should(value: Any, path: str, rule: str) -> Cause:
    return Cause(_INVALID, f"Invalid value: {_show(value)}: {path} in body should {rule}", path)


def _validate_string(value: str, schema: Obj, path: str) -> Iterator[Cause]:
    size = len(value)
    if "maxLength" in schema and size > schema["maxLength"]:
        yield Cause("FieldValueTooLong", f"Too long: may not be more than {schema['maxLength']} bytes", path)
    if "minLength" in schema and size < schema["minLength"]:
        yield _should(value, path, f"be at least {schema['minLength']} chars long")
    if schema.get("pattern") and not _matches(schema["pattern"], value):
        yield _should(value, path, f"match '{schema['pattern']}'")
    check = _FORMATS.get(schema.get("format", ""))
    if check is not None and not check(value):
        yield Cause(
            _INVALID, f"Invalid value: {quote(value)}: {path} in body must be of type {schema['format']}: {quote(value)}", path
        )


def _matches(pattern: str, value: str) -> bool:
    """Whether a value matches, by RE2: Go's syntax, and linear time whatever the pattern."""
    compiled = _compiled(pattern)
    return compiled is None or compiled.search(value.encode(errors="replace")) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "re2._Regexp[bytes] | None":
    """A pattern of a schema; None for one that is none: the definition was accepted, and nothing is asked of values."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    try:
        return re2.compile(pattern.encode(errors="replace"), options)
    except re2.error:
        return None


def _is_date_time(value: str) -> bool:
    try:
        return "T" in value.upper() and datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None
    except ValueError:
        return False


def _is_date(value: str) -> bool:
    try:
        datetime.strptime(value, "%Y-%m-%d")
    except ValueError:
        return False
    return True


_OCTET: Final = r"(25[0-5]|2[0-4]\d|1?\d?\d)"
_FORMATS: Final[dict[str, Callable[[str], bool]]] = {
    "date-time": _is_date_time,
    "date": _is_date,
    "uuid": lambda value: (
        re.fullmatch(r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", value) is not None
    ),
    "ipv4": lambda value: re.fullmatch(rf"{_OCTET}(\.{_OCTET}){{3}}", value) is not None,
    "byte": lambda value: re.fullmatch(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", value) is not None,
}


def _validate_number(value: float, schema: Obj, path: str) -> Iterator[Cause]:
    maximum, minimum = schema.get("maximum"), schema.get("minimum")
    if maximum is not None and (value > maximum or (schema.get("exclusiveMaximum") and value == maximum)):
        yield _should(value, path, f"be less than {'' if schema.get('exclusiveMaximum') else 'or equal to '}{maximum}")
    if minimum is not None and (value < minimum or (schema.get("exclusiveMinimum") and value == minimum)):
        yield _should(value, path, f"be greater than {'' if schema.get('exclusiveMinimum') else 'or equal to '}{minimum}")
    multiple = schema.get("multipleOf")
    if multiple and not math.isclose(value / multiple, round(value / multiple)):
        yield _should(value, path, f"be a multiple of {multiple}")
    limit = {"int32": 2**31, "int64": 2**63}.get(schema.get("format", ""))
    if limit and not -limit <= value < limit:
        yield Cause(
            _INVALID, f"Invalid value: {_show(value)}: {path} in body must be of type {schema['format']}: {_show(value)}", path
        )


def _validate_list(value: list[Any], schema: Obj, path: str) -> Iterator[Cause]:
    if "maxItems" in schema and len(value) > schema["maxItems"]:
        yield Cause("FieldValueTooMany", f"Too many: {len(value)}: must have at most {schema['maxItems']} items", path)
    if "minItems" in schema and len(value) < schema["minItems"]:
        yield Cause(
            _INVALID, f"Invalid value: {len(value)}: {path} in body should have at least {schema['minItems']} items", path
        )
    items = schema.get("items")
    if isinstance(items, dict):
        for index, item in enumerate(value):
            yield from validate(item, items, f"{path}[{index}]")
    yield from _validate_keys(value, schema, path)


def _validate_keys(value: list[Any], schema: Obj, path: str) -> Iterator[Cause]:
    """Elements of a ``set`` or ``map`` list must differ."""
    kind = schema.get("x-kubernetes-list-type")
    if kind not in ("set", "map"):
        return
    keys = schema.get("x-kubernetes-list-map-keys") or ()
    seen: list[Any] = []
    for index, item in enumerate(value):
        identity = {key: item.get(key) for key in keys} if kind == "map" and isinstance(item, dict) else item
        if identity in seen:
            yield Cause("FieldValueDuplicate", f"Duplicate value: {_show(identity)}", f"{path}[{index}]")
        seen.append(identity)


def _validate_map(value: Obj, schema: Obj, path: str) -> Iterator[Cause]:
    prefix = f"{path}." if path else ""
    for name in schema.get("required") or ():
        if name not in value:
            yield Cause("FieldValueRequired", "Required value", f"{prefix}{name}")
    if "maxProperties" in schema and len(value) > schema["maxProperties"]:
        yield Cause("FieldValueTooMany", f"Too many: {len(value)}: must have at most {schema['maxProperties']} items", path)
    if "minProperties" in schema and len(value) < schema["minProperties"]:
        yield _should(value, path, f"have at least {schema['minProperties']} properties")
    properties, additional = schema.get("properties") or {}, schema.get("additionalProperties")
    for name, item in value.items():
        inner = properties.get(name) or (additional if isinstance(additional, dict) else None)
        if inner:
            yield from validate(item, inner, f"{prefix}{name}")


def _validate_junctors(value: Any, schema: Obj, path: str) -> Iterator[Cause]:
    for inner in schema.get("allOf") or ():
        yield from validate(value, inner, path)
    if schema.get("anyOf") and not any(_meets(value, inner, path) for inner in schema["anyOf"]):
        yield Cause(_INVALID, f'Invalid value: "": {quote(path)} must validate at least one schema (anyOf)', path)
    if schema.get("oneOf"):
        count = sum(_meets(value, inner, path) for inner in schema["oneOf"])
        if count != 1:
            found = "Found none valid" if not count else f"Found {count} valid alternatives"
            yield Cause(
                _INVALID, f'Invalid value: "": {quote(path)} must validate one and only one schema (oneOf). {found}', path
            )
    if schema.get("not") and _meets(value, schema["not"], path):
        yield Cause(_INVALID, f'Invalid value: "": {quote(path)} must not validate the schema (not)', path)


def _meets(value: Any, schema: Obj, path: str) -> bool:
    return next(validate(value, schema, path), None) is None
