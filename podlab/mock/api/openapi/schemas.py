"""From the server's types to JSON schemas."""

from collections.abc import Iterator
from typing import Any, Final

from podlab.mock.api.patches.structure import PLAIN, Structure
from podlab.mock.api.resources import Resource
from podlab.mock.api.schema import Field, GroupVersionKind, ListOf, MapOf, Scalar, Struct, Type, for_kind

Obj = dict[str, Any]

_LEAVES: Final[dict[str, Obj]] = {
    "string": {"type": "string"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "float64": {"type": "number", "format": "double"},
    "bool": {"type": "boolean"},
    "bytes": {"type": "string", "format": "byte"},
    "quantity": {"type": "string"},
    "intorstring": {"type": "string", "format": "int-or-string"},
    "time": {"type": "string", "format": "date-time"},
    "microtime": {"type": "string", "format": "date-time"},
    "any": {"type": "object"},
}
_META: Final = "io.k8s.apimachinery.pkg.apis.meta.v1"
_ANY_KIND: Final = GroupVersionKind("", "v1", "ConfigMap")
_META_TYPES: Final = ("ObjectMeta", "ListMeta", "OwnerReference", "ManagedFieldsEntry", "LabelSelector", "Status", "Condition")
_GROUPS: Final = {
    "": "io.k8s.api.core", "apps": "io.k8s.api.apps", "batch": "io.k8s.api.batch", "policy": "io.k8s.api.policy",
    "apiextensions.k8s.io": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
}  # fmt: skip


def schema_name(resource: Resource) -> str:
    """The name of a resource's kind among the schemas."""
    if resource.custom is not None:
        reverse = ".".join(reversed(resource.group.split(".")))
        return f"{reverse}.{resource.version}.{resource.kind}"
    package = _GROUPS.get(resource.group, f"io.k8s.api.{resource.group.partition('.')[0]}")
    return f"{package}.{resource.version}.{resource.kind}"


class SchemaWriter:
    """Collects the schemas of some kinds and of all that they are made of.

    Args:
        prefix: where references point: ``#/components/schemas/`` (v3) or ``#/definitions/`` (v2).
    """

    def __init__(self, prefix: str) -> None:
        self.schemas: dict[str, Obj] = {}
        self._prefix = prefix
        self._names: dict[str, str] = {}

    def add(self, resource: Resource) -> None:
        """Adds the kind of a resource, and its list."""
        name = schema_name(resource)
        gvk = {"group": resource.group, "version": resource.version, "kind": resource.kind}
        if resource.custom is not None:
            self.schemas[name] = self._custom(resource)
        else:
            struct = for_kind(resource.gvk)
            if struct is None:
                return
            self._names[struct.model] = name
            self._add_struct(struct, resource.shape)
        self.schemas[name]["x-kubernetes-group-version-kind"] = [gvk]
        if "list" in resource.verbs:
            self.schemas[f"{name}List"] = self._list_schema(resource, name)

    def _list_schema(self, resource: Resource, name: str) -> Obj:
        return {
            "type": "object",
            "description": f"{resource.list_kind} is a list of {resource.kind}",
            "required": ["items"],
            "properties": {
                "apiVersion": {"type": "string"},
                "kind": {"type": "string"},
                "metadata": {"type": "object"},
                "items": {"type": "array", "items": {"$ref": self._prefix + name}},
            },
            "x-kubernetes-group-version-kind": [
                {"group": resource.group, "version": resource.version, "kind": resource.list_kind}
            ],
        }

    def _custom(self, resource: Resource) -> Obj:
        schema = dict(((resource.custom or {}).get("schema") or {}).get("openAPIV3Schema") or {"type": "object"})
        meta = for_kind(_ANY_KIND)
        properties = dict(schema.get("properties") or {})
        if meta is not None and "metadata" in meta.fields:
            properties["metadata"] = self._field(meta.fields["metadata"], meta, resource.shape.field("metadata"))
        schema["properties"] = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, **properties}
        return schema

    def _add_struct(self, struct: Struct, shape: Structure) -> str:
        name = self._names.setdefault(struct.model, _plain_name(struct))
        if name in self.schemas:
            return name
        schema: Obj = {"type": "object"}
        self.schemas[name] = schema
        if text := struct.describe():
            schema["description"] = text
        properties = {one.name: self._field(one, struct, shape.field(one.name)) for one in struct.fields.values()}
        if properties:
            schema["properties"] = properties
        required = [one.name for one in struct.fields.values() if one.required]
        if required:
            schema["required"] = required
        if shape.atomic:
            schema["x-kubernetes-map-type"] = "atomic"
        return name

    def _field(self, field: Field, owner: Struct, shape: Structure) -> Obj:
        schema = self._type(field.type, shape)
        if text := owner.describe(field.name):
            wrapped = "$ref" in schema and self._prefix.startswith("#/components")  # v2 may describe a reference, v3 may not
            schema = {"description": text, **({"allOf": [schema]} if wrapped else schema)}
        if isinstance(field.type, ListOf):
            schema |= dict(_list_extensions(shape))
        if shape.merge_key:
            schema["x-kubernetes-patch-merge-key"] = shape.merge_key
        if shape.strategies:
            schema["x-kubernetes-patch-strategy"] = ",".join(shape.strategies)
        return schema

    def _type(self, type_: Type, shape: Structure) -> Obj:
        if isinstance(type_, Scalar):
            return dict(_LEAVES.get(type_.kind, {"type": "object"}))
        if isinstance(type_, ListOf):
            return {"type": "array", "items": self._type(type_.item, shape.element)}
        if isinstance(type_, MapOf):
            return {"type": "object", "additionalProperties": self._type(type_.item, PLAIN)}
        return {"$ref": self._prefix + self._add_struct(type_, shape)}


def _list_extensions(shape: Structure) -> Iterator[tuple[str, Any]]:
    if shape.list_type != "atomic":
        yield "x-kubernetes-list-type", shape.list_type
    if shape.keys:
        yield "x-kubernetes-list-map-keys", list(shape.keys)


def _plain_name(struct: Struct) -> str:
    return f"{_META}.{struct.name}" if struct.name in _META_TYPES else f"io.k8s.api.{struct.package}.{struct.name}"
