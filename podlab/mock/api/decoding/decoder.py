"""Values to typed objects, with the mistakes of ``encoding/json``'s decoder in its order.

A decoder of each type is compiled once (`decoder_of`); a `report.Report` carries what went wrong in one reading:

- a *type error* is kept (the first one) and decoding goes on;
- a *hard error* (a quantity, a time, an int-or-string that cannot be parsed: Go's ``UnmarshalJSON`` returned it) ends decoding at
  once, and wins;
- *strict errors* (unknown and repeated fields) count only if there was neither.

What a decoder returns is what Go would write again: `OMIT` for a nil or empty value with ``omitempty``, zeros where fields are by
value.
"""

from functools import cache
from typing import Any, Final

from podlab.mock.api.decoding.leaves import LEAVES
from podlab.mock.api.decoding.report import OMIT, Decoder, Index, MapKey, Report
from podlab.mock.api.decoding.text import Repeated
from podlab.mock.api.schema import Field, ListOf, MapOf, Scalar, Struct, Type


@cache
def decoder_of(type_: Type) -> Decoder:
    """The decoder of a type. It gives None for null, and for a value that cannot be taken."""
    if isinstance(type_, Struct):
        return _StructDecoder(type_)
    if isinstance(type_, ListOf):
        return _list_decoder(type_)
    if isinstance(type_, MapOf):
        return _map_decoder(type_)
    return LEAVES[type_.kind](type_)


_ZEROS: Final[dict[str, Any]] = {
    **dict.fromkeys(("string", "bytes"), ""),
    **dict.fromkeys(("int32", "int64", "float64", "intorstring"), 0),
    "bool": False,
    "quantity": "0",
}


def zero_of(type_: Type) -> Any:
    """What Go writes for the zero value of a type: ``{}`` with its fields by value, ``""``, 0, null."""
    if isinstance(type_, Struct):
        return {field.name: None if field.pointer else zero_of(field.type) for field in _always(type_)}
    if isinstance(type_, Scalar):
        return _ZEROS.get(type_.kind)
    return None


@cache
def _always(type_: Struct) -> tuple[Field, ...]:
    """The fields that a struct always has."""
    return tuple(field for field in type_.fields.values() if not field.omitempty or field.by_value)


class _StructDecoder:
    """Decodes objects into one struct; the decoders of its fields are made at the first one, for structs may hold themselves."""

    __slots__ = ("_always", "_fields", "_type")

    def __init__(self, type_: Struct) -> None:
        self._type = type_
        self._fields: dict[str, Decoder] = {}
        self._always: list[Field] = []

    def __call__(self, value: Any, report: Report) -> Any:
        if not isinstance(value, dict):
            if value is not None:
                report.mismatch(value, self._type.go)
            return None
        if not self._fields:
            self._compile()
        made: dict[str, Any] = {}
        if type(value) is Repeated:
            self._take_repeated(value.pairs, made, report)
        else:
            for key, item in value.items():
                self._take(key, item, made, report)
        for field in self._always:
            if field.name not in made:
                made[field.name] = None if field.pointer else zero_of(field.type)
        return made

    def _compile(self) -> None:
        self._always.extend(_always(self._type))
        self._fields.update({field.name: _field_decoder(field) for field in self._type.fields.values()})

    def _take(self, key: str, item: Any, made: dict[str, Any], report: Report) -> None:
        decoder = self._fields.get(key)
        if decoder is None:
            report.stray("unknown", key)
            return
        outer = report.struct
        report.path.append(key)
        report.struct = self._type.name
        taken = decoder(item, report)
        report.struct = outer
        report.path.pop()
        if taken is not OMIT:
            made[key] = taken

    def _take_repeated(self, pairs: list[tuple[str, Any]], made: dict[str, Any], report: Report) -> None:
        """Go decodes a repeated field into what the first one left: structs and maps are merged, the rest replaced."""
        seen: set[str] = set()
        for key, item in pairs:
            if key in seen and key in self._fields:
                report.stray("duplicate", key)
            seen.add(key)
            before = made.pop(key, None)
            self._take(key, item, made, report)
            if isinstance(before, dict) and isinstance(made.get(key), dict):
                made[key] = {**before, **made[key]}


def _field_decoder(field: Field) -> Decoder:
    decode = decoder_of(field.type)
    if field.pointer or isinstance(field.type, ListOf | MapOf) or field.type in _REFERENCES:
        empty_is_nil = not field.pointer  # storage does not tell them apart
        nothing = OMIT if field.omitempty else None

        def nillable(value: Any, report: Report) -> Any:
            made = decode(value, report) if value is not None else None
            if made == {} and empty_is_nil and field.name == "labels" and "template" in report.path:
                return made  # a refusal shows whether a template has no labels (null) or none in them ({})
            return nothing if made is None or (empty_is_nil and not made and made != 0) else made

        return nillable
    zero = zero_of(field.type)
    structural = isinstance(field.type, Struct)
    droppable = field.omitempty and not field.by_value

    def by_value(value: Any, report: Report) -> Any:
        made = decode(value, report)
        if made is None:
            made = zero_of(field.type) if structural else zero
        return OMIT if droppable and made == zero else made

    return by_value


def _list_decoder(type_: ListOf) -> Decoder:
    decode, zero = decoder_of(type_.item), type_.item

    def decode_list(value: Any, report: Report) -> Any:
        if not isinstance(value, list):
            if value is not None:
                report.mismatch(value, type_.go)
            return None
        made = []
        path = report.path
        path.append(0)
        struct = report.struct
        for i, item in enumerate(value):
            path[-1] = Index(i)
            taken = decode(item, report)
            report.struct = struct
            made.append(zero_of(zero) if taken is None else taken)
        path.pop()
        return made

    return decode_list


def _map_decoder(type_: MapOf) -> Decoder:
    decode = decoder_of(type_.item)

    def decode_map(value: Any, report: Report) -> Any:
        if not isinstance(value, dict):
            if value is not None:
                report.mismatch(value, type_.go)
            return None
        made: dict[str, Any] = {}
        path = report.path
        struct = report.struct
        pairs = value.pairs if type(value) is Repeated else value.items()
        for key, item in pairs:
            if key in made:
                report.stray("duplicate", key)
            path.append(MapKey(key))
            taken = decode(item, report)
            report.struct = struct
            path.pop()
            made[key] = zero_of(type_.item) if taken is None else taken
        return made

    return decode_map


class _References:
    """Leaves that are nil when absent, whatever the table says: times, bytes and untyped values."""

    def __contains__(self, type_: object) -> bool:
        return isinstance(type_, Scalar) and type_.kind in ("time", "microtime", "bytes", "any")


_REFERENCES: Final = _References()
