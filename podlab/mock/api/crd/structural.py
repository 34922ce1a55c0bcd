"""Structural schemas: pruning, defaulting and finding unknown fields, as ``apiextensions-apiserver`` does.

A schema is the ``openAPIV3Schema`` of a definition's version (a dict). The functions are pure.
"""

from collections.abc import Iterator
from typing import Any, Final

from podlab.mock.store import clone

Obj = dict[str, Any]

_TYPE_META: Final = ("apiVersion", "kind", "metadata")


def prune(value: Any, schema: Obj, root: bool = True) -> Any:
    """``value`` without the fields that the schema does not know."""
    if schema.get("x-kubernetes-embedded-resource") and not root:
        root = True
    if isinstance(value, dict):
        return dict(_pruned_fields(value, schema, root))
    if isinstance(value, list):
        items = schema.get("items")
        return [prune(item, items, False) for item in value] if isinstance(items, dict) else value
    return value


def _pruned_fields(value: Obj, schema: Obj, root: bool) -> Iterator[tuple[str, Any]]:
    properties, additional = schema.get("properties") or {}, schema.get("additionalProperties")
    preserve = schema.get("x-kubernetes-preserve-unknown-fields")
    for key, item in value.items():
        if root and key in _TYPE_META:
            yield key, item
        elif key in properties:
            yield key, prune(item, properties[key], False)
        elif isinstance(additional, dict):
            yield key, prune(item, additional, False)
        elif preserve or additional:
            yield key, item


def unknown_fields(value: Any, schema: Obj, path: str = "", root: bool = True) -> Iterator[str]:
    """The paths that `prune` would drop, as ``strict decoding error`` names them."""
    if isinstance(value, dict):
        kept = dict(_pruned_fields(value, schema, root or bool(schema.get("x-kubernetes-embedded-resource"))))
        properties, additional = schema.get("properties") or {}, schema.get("additionalProperties")
        for key, item in value.items():
            below = f"{path}.{key}" if path else key
            inner = properties.get(key) or (additional if isinstance(additional, dict) else None)
            if key not in kept:
                yield below
            elif isinstance(inner, dict) and not (root and key in _TYPE_META):
                yield from unknown_fields(item, inner, below, False)
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for index, item in enumerate(value):
            yield from unknown_fields(item, schema["items"], f"{path}[{index}]", False)


def apply_defaults(value: Any, schema: Obj) -> Any:
    """``value`` with the schema's defaults where fields are missing (or are null and may not be)."""
    if isinstance(value, dict):
        properties, additional = schema.get("properties") or {}, schema.get("additionalProperties")
        result = dict(value)
        for key, inner in properties.items():
            if "default" in inner and (key not in result or (result[key] is None and not inner.get("nullable"))):
                result[key] = clone(inner["default"])
            elif key in result and result[key] is None and not inner.get("nullable") and "default" not in inner:
                continue
            if key in result:
                result[key] = apply_defaults(result[key], inner)
        if isinstance(additional, dict):
            result = {key: item if key in properties else apply_defaults(item, additional) for key, item in result.items()}
        return result
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return [apply_defaults(item, schema["items"]) for item in value]
    return value


def drop_nulls(value: Any, schema: Obj) -> Any:
    """``value`` without nulls where the schema has a default and does not allow them."""
    if isinstance(value, dict):
        properties = schema.get("properties") or {}
        return {
            key: drop_nulls(item, properties.get(key) or {})
            for key, item in value.items()
            if item is not None or "default" not in (properties.get(key) or {}) or properties[key].get("nullable")
        }
    if isinstance(value, list):
        return [drop_nulls(item, schema.get("items") or {}) for item in value]
    return value
