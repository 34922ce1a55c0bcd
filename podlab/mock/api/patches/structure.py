"""How the values of a kind may be merged: which lists are keyed, which maps are one value.

The facts are those of Kubernetes' published OpenAPI document (``x-kubernetes-list-type`` and its like), kept in
``list_types.json`` for built-in kinds and read from the schema of a custom resource. Strategic merge patches and server-side
apply walk the same `Structure`.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

Obj = dict[str, Any]

KEY_DEFAULTS: Final[Mapping[str, str]] = {"protocol": "TCP"}
"""What a key of a keyed list is taken for when an element leaves it out."""


class Structure:
    """The shape of one value.

    Attributes:
        atomic: a map that is replaced as one value.
        list_type: ``atomic``, ``set`` or ``map``, should the value be a list.
        keys: the fields that identify an element of a ``map`` list.
        merge_key: the field that identifies an element in a strategic merge patch; None where it is not keyed.
        strategies: ``merge``, ``replace``, ``retainKeys``: how a strategic merge patch treats the value.
    """

    __slots__ = ("_fields", "_type", "atomic", "keys", "list_type", "merge_key", "strategies")

    def __init__(self, fact: Mapping[str, Any], type_name: str = "") -> None:
        self.list_type: str = fact.get("list", "atomic")
        self.keys: tuple[str, ...] = tuple(fact.get("keys", ()))
        self.merge_key: str | None = fact.get("mergeKey")
        self.strategies: tuple[str, ...] = tuple(filter(None, fact.get("strategy", "").split(",")))
        self._type = fact.get("type", type_name)
        self._fields: dict[str, Structure] = {}
        type_atomic = _types().get(self._type, {}).get(".") == "atomic" if self._type else False
        self.atomic: bool = fact["map"] == "atomic" if "map" in fact else type_atomic

    def field(self, name: str) -> "Structure":
        """The shape of a field, should the value be a map."""
        found = self._fields.get(name)
        if found is None:
            fact = _types().get(self._type, {}).get(name) if self._type else None
            found = self._fields[name] = Structure(fact) if fact else PLAIN
        return found

    @property
    def element(self) -> "Structure":
        """The shape of an element, should the value be a list."""
        found = self._fields.get("[]")
        if found is None:
            found = self._fields["[]"] = Structure({}, self._type) if self._type else PLAIN
        return found


class _Plain(Structure):
    """The shape of what nothing is known of: maps merge, lists are one value."""

    __slots__ = ()

    def field(self, name: str) -> Structure:
        return self

    @property
    def element(self) -> Structure:
        return self


class SchemaStructure(Structure):
    """The shape of a custom resource's value, read from its schema."""

    __slots__ = ("_schema",)

    def __init__(self, schema: Obj) -> None:
        fact: Obj = {"list": schema.get("x-kubernetes-list-type", "atomic"), "keys": schema.get("x-kubernetes-list-map-keys", ())}
        if "x-kubernetes-map-type" in schema:
            fact["map"] = schema["x-kubernetes-map-type"]
        super().__init__(fact)
        self._schema = schema

    def field(self, name: str) -> Structure:
        """The shape of a property, or of the additional properties."""
        schema = (self._schema.get("properties") or {}).get(name)
        if schema is None:
            additional = self._schema.get("additionalProperties")
            schema = additional if isinstance(additional, dict) else None
        return self._of(name, schema)

    @property
    def element(self) -> Structure:
        """The shape of the items."""
        return self._of("[]", self._schema.get("items"))

    def _of(self, name: str, schema: Obj | None) -> Structure:
        found = self._fields.get(name)
        if found is None:
            found = self._fields[name] = SchemaStructure(schema) if isinstance(schema, dict) else PLAIN
        return found


@cache
def _data() -> Obj:
    data: Obj = json.loads(files(__package__).joinpath("list_types.json").read_text(encoding="utf-8"))
    return data


def _types() -> dict[str, Obj]:
    types: dict[str, Obj] = _data()["types"]
    return types


PLAIN: Final[Structure] = _Plain({})


@cache
def structure_of(api_version: str, kind: str) -> Structure:
    """The shape of a built-in kind's objects; unknown kinds are plain."""
    type_name = _data()["kinds"].get(f"{api_version}/{kind}")
    return Structure({}, type_name) if type_name else PLAIN


def custom_structure(schema: Obj | None) -> Structure:
    """The shape of a custom resource's objects, whose metadata is like everybody's."""
    result = SchemaStructure(schema or {})
    result._fields["metadata"] = Structure({}, "meta.v1.ObjectMeta")
    return result


def list_facts(type_name: str) -> Mapping[str, Mapping[str, Any]]:
    """The facts of one type (``core.v1.PodSpec``), by field; ``"."`` is ``atomic`` for a type that is one value."""
    return _types().get(type_name, {})


def type_of_kind(api_version: str, kind: str) -> str:
    """The name of a kind's type (``core.v1.Pod``), or ``""``."""
    return str(_data()["kinds"].get(f"{api_version}/{kind}", ""))
