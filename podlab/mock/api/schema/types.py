"""The server's types, built from the client's models and the table of Go's ways.

`Struct`, `ListOf`, `MapOf` and `Scalar` are Go's types as far as clients can tell them: what `encoding/json` accepts, what it
says when it does not, what it writes back. Structs are read when they are first looked at, so that a pod costs the reading of a
pod.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, TypeAlias

from podlab.mock.api.schema import gotypes, merging, models
from podlab.mock.store import clone


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf.

    Attributes:
        kind: ``string``, ``int32``, ``int64``, ``float64``, ``bool``, ``bytes``, ``quantity``, ``intorstring``, ``time``,
            ``microtime`` or ``any``.
        go: the Go type in error messages: ``string``, ``v1.RestartPolicy``.
    """

    kind: str
    go: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A slice. ``go``: ``[]v1.Container``."""

    item: "Type"
    go: str


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map with string keys. ``go``: ``map[string]string``, ``v1.ResourceList``."""

    item: "Type"
    go: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a struct.

    Attributes:
        name: its JSON name.
        type: its type.
        pointer: nil and zero differ; a zero is kept.
        omitempty: left out when nil, zero or empty (never a struct by value).
        required: the models call it required.
        patch_key: the merge key of strategic merge patch; empty if the patch replaces a list.
        list_type: ``map``, ``set`` or ``atomic`` for a list; ``granular`` or ``atomic`` for a map or struct.
        list_keys: the keys of a ``map`` list in server-side apply.
        retain_keys: strategic merge patch keeps only the keys that the patch names.
    """

    name: str
    type: "Type"
    pointer: bool
    omitempty: bool
    required: bool
    patch_key: str
    list_type: str
    list_keys: tuple[str, ...]
    retain_keys: bool

    @property
    def by_value(self) -> bool:
        """A struct (or a struct-like leaf) that is always there, if only as ``{}``."""
        return not self.pointer and (
            isinstance(self.type, Struct) or getattr(self.type, "kind", "") in ("quantity", "intorstring")
        )


class Struct:
    """A struct, known by the class name of its model (``V1PodSpec``, ``CoreV1Event``)."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.package, self.name = _go_name(model)
        self.go = f"{self.package}.{self.name}"

    def __repr__(self) -> str:
        return f"Struct({self.model!r})"

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The fields by JSON name, in the order of the Go struct."""
        marks = _table().get(self.model) or _table().get(self.name) or {}
        found = {attribute.name: attribute for attribute in models.attributes(self.model)}
        order: list[str] = [
            name for name in ("kind", "apiVersion") if name in found and name not in marks and "metadata" in found
        ]
        order += [name for name in marks if name in found] if marks else [name for name in found if name not in order]
        return {name: _field(self, found[name], marks.get(name, _PLAIN)) for name in order}

    @cached_property
    def order(self) -> dict[str, int]:
        """Field names to their places."""
        return {name: place for place, name in enumerate(self.fields)}

    def describe(self, field: str = "") -> str:
        """The models' description of the struct or of a field."""
        return models.describe(self.model, field)


Type: TypeAlias = Scalar | ListOf | MapOf | Struct


@dataclass(frozen=True, slots=True)
class _Marks:
    pointer: bool = False
    by_value: bool = False
    kept: bool = False
    dropped: bool = False
    type: str = ""


_PLAIN: Final = _Marks()


@cache
def _table() -> dict[str, dict[str, _Marks]]:
    structs: dict[str, dict[str, _Marks]] = {}
    for text in gotypes.TABLES:
        for line in text.replace("\n    ", " ").strip().splitlines():
            name, *tokens = line.split()
            structs[name] = dict(map(_read_token, tokens))
    return structs


def _read_token(token: str) -> tuple[str, _Marks]:
    head, _, type_ = token.partition(":")
    marks = head[len(head.rstrip("*=!?")) :]
    if type_.endswith("!"):
        type_, marks = type_[:-1], marks + "!"
    return head.rstrip("*=!?"), _Marks("*" in marks, "=" in marks, "!" in marks, "?" in marks, type_)


def _go_name(model: str) -> tuple[str, str]:
    """``V1PodSpec`` -> (``v1``, ``PodSpec``); ``CoreV1Event`` -> (``v1``, ``Event``)."""
    place = next(i for i, letter in enumerate(model) if letter == "V" and model[i + 1 : i + 2].isdigit())
    end = place + 2
    for stage in ("alpha", "beta"):
        if model.startswith(stage, end):
            end += len(stage) + 1
    return model[place:end].lower(), model[end:]


@cache
def struct(model: str) -> Struct:
    """The one `Struct` of a model."""
    return Struct(model)


_LEAVES: Final[dict[str, Scalar]] = {
    "str": Scalar("string", "string"),
    "int": Scalar("int32", "int32"),
    "int64": Scalar("int64", "int64"),
    "bool": Scalar("bool", "bool"),
    "float": Scalar("float64", "float64"),
    "bytes": Scalar("bytes", "[]uint8"),
    "Bytes": Scalar("bytes", "[]uint8"),
    "datetime": Scalar("time", "v1.Time"),
    "MicroTime": Scalar("microtime", "v1.MicroTime"),
    "Quantity": Scalar("quantity", "resource.Quantity"),
    "IntOrString": Scalar("intorstring", "intstr.IntOrString"),
    "FieldsV1": Scalar("any", "v1.FieldsV1"),
    "object": Scalar("any", "interface {}"),
}


def _field(owner: Struct, attribute: models.Attribute, marks: _Marks) -> Field:
    type_ = _type(owner, attribute.type, marks.type)
    structural = isinstance(type_, Struct)
    # Unless the table says otherwise, an optional struct is a pointer and a required one a value; a leaf is a value.
    leaf_pointer = isinstance(type_, Scalar) and type_.kind in ("quantity", "intorstring", "time", "microtime", "any")
    pointer = marks.pointer or ((structural or leaf_pointer) and not marks.by_value and not attribute.required)
    omitempty = (not attribute.required and not marks.kept) or marks.dropped
    path = f"{owner.model if owner.model in _table() else owner.name}.{attribute.name}"
    patch_key, list_type, list_keys = _merging(path, type_)
    return Field(
        attribute.name,
        type_,
        pointer,
        omitempty,
        attribute.required,
        patch_key,
        list_type,
        list_keys,
        path in merging.RETAIN_KEYS,
    )


def _merging(path: str, type_: Type) -> tuple[str, str, tuple[str, ...]]:
    if not isinstance(type_, ListOf):
        own = getattr(type_, "model", "") or ""
        atomic = path in merging.ATOMIC or own in merging.ATOMIC or getattr(type_, "name", "") in merging.ATOMIC
        return "", "atomic" if atomic else "granular", ()
    patch, _, apply = merging.LISTS.get(path, "-").partition(" / ")
    apply = apply or patch
    patch_key = "" if patch in ("-", "set") else patch
    if apply == "-":
        return patch_key, "atomic", ()
    return (patch_key, "set", ()) if apply == "set" else (patch_key, "map", tuple(apply.split()))


def _type(owner: Struct, declared: str, named: str) -> Type:
    if named == "ResourceList":
        return MapOf(_LEAVES["Quantity"], "v1.ResourceList")
    if declared.startswith("List["):
        item = _type(owner, declared[5:-1], named.removeprefix("[]"))
        return ListOf(item, f"[]{item.go}")
    if declared.startswith("Dict["):
        item = _type(owner, declared.split(",", 1)[1].strip()[:-1], "")
        return MapOf(item, f"map[string]{item.go}")
    if named in _LEAVES:
        return _LEAVES[named]
    if declared in _LEAVES:
        leaf = _LEAVES[declared]
        return _named(leaf.kind, named if "." in named else f"{owner.package}.{named}") if named else leaf
    return struct(declared)


@cache
def _named(kind: str, go: str) -> Scalar:
    return Scalar(kind, go)


def arrange(type_: Type, value: Any) -> Any:
    """A deep copy with the keys in the order in which the server writes them: fields as in the Go struct, maps sorted.

    Only sets of managed fields are shared: nobody changes them in place.
    """
    arranger = _arranger(type_)
    return value if arranger is None else arranger(value)


_Arranger: TypeAlias = Callable[[Any], Any]


@cache
def _arranger(type_: Type) -> _Arranger | None:
    """What copies and arranges a value of the type; None where it stands for itself."""
    if isinstance(type_, Struct):
        return _struct_arranger(type_)
    if isinstance(type_, Scalar):
        return clone if type_.kind == "any" and type_ is not _LEAVES["FieldsV1"] else None
    item = _arranger(type_.item)
    if isinstance(type_, ListOf):
        return _list_arranger(item)
    return _map_arranger(item)


def _list_arranger(item: _Arranger | None) -> _Arranger:
    def arranged(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return value.copy() if item is None else [item(each) for each in value]

    return arranged


def _map_arranger(item: _Arranger | None) -> _Arranger:
    def arranged(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: value[key] if item is None else item(value[key]) for key in sorted(value)}

    return arranged


def _struct_arranger(type_: Struct) -> _Arranger:
    parts: dict[str, tuple[int, _Arranger | None]] = {}  # filled late: a struct may hold itself

    def place_of(key: str) -> int:
        return parts.get(key, _UNKNOWN)[0]

    def arranged(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if not parts:
            parts.update({name: (place, _arranger(field.type)) for place, (name, field) in enumerate(type_.fields.items())})
        result: dict[str, Any] = {}
        last, in_order = 0, True
        for key, item in value.items():
            place, arranger = parts.get(key, _UNKNOWN)
            if place < last:
                in_order = False
            last = place
            result[key] = item if arranger is None else arranger(item)
        return result if in_order else {key: result[key] for key in sorted(result, key=place_of)}

    return arranged


_UNKNOWN: Final[tuple[int, _Arranger | None]] = (1 << 30, clone)
"""Place and arranger of what is no field of the struct."""
