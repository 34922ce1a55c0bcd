"""The elements of ``managedFields``: who owns which fields, through which version and subresource, since when."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from podlab.mock.api.errors import quote
from podlab.mock.api.managed.fieldset import FieldSet, shared, union, without_member
from podlab.mock.kernel import Time

Obj = dict[str, Any]

_MOST_UPDATERS: Final = 10
_ANCIENT: Final = "ancient-changes"


@dataclass(slots=True)
class Entry:
    """One element of ``managedFields``, decoded.

    Attributes:
        decoded: The fields as they were when it was decoded: while they are, they need not be looked up in order to be shared.
    """

    manager: str
    operation: Literal["Apply", "Update"]
    api_version: str
    subresource: str
    time: Time | None
    fields: FieldSet
    decoded: FieldSet | None = None

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes two entries one: appliers are the same whatever version they apply."""
        version = "" if self.operation == "Apply" else self.api_version
        return self.manager, self.operation, version, self.subresource

    def encode(self) -> Obj:
        """As JSON."""
        result: Obj = {"manager": self.manager, "operation": self.operation, "apiVersion": self.api_version}
        if self.time is not None:
            result["time"] = self.time
        result["fieldsType"] = "FieldsV1"
        result["fieldsV1"] = self.fields if self.fields is self.decoded else shared(self.fields)
        if self.subresource:
            result["subresource"] = self.subresource
        return result

    def describe(self) -> str:
        """The entry as a conflict names it."""
        text = quote(self.manager)
        if self.subresource:
            text += f" with subresource {quote(self.subresource)}"
        return f"{text} using {self.api_version}" if self.operation == "Update" else text


Entries = dict[tuple[str, str, str, str], Entry]


def decode(managed: list[Obj]) -> Entries:
    """The entries of an object's ``managedFields``."""
    entries: Entries = {}
    for one in managed:
        fields = without_member(one.get("fieldsV1") or {})
        entry = Entry(
            one.get("manager", ""),
            one.get("operation", "Update"),
            one.get("apiVersion", ""),
            one.get("subresource", ""),
            one.get("time"),
            fields,
            fields,
        )
        entries[entry.identity] = entry
    return entries


def encode(entries: Entries) -> list[Obj]:
    """The ``managedFields`` of entries, those that own nothing left out."""
    kept = [entry for entry in entries.values() if entry.fields]
    kept.sort(
        key=lambda entry: (
            entry.operation, entry.time.offset_ns if entry.time else 0, entry.manager, entry.api_version, entry.subresource
        )
    )  # fmt: skip
    return [entry.encode() for entry in kept]


def cap_updaters(entries: Entries) -> Entries:
    """At most ten that update: the oldest of each version become one, ``ancient-changes``."""
    updaters = [entry for entry in entries.values() if entry.operation == "Update" and entry.fields]
    surplus = len(updaters) - _MOST_UPDATERS
    if surplus <= 0:
        return entries
    capped = dict(entries)
    first: dict[str, Entry] = {}
    for entry in sorted(updaters, key=lambda one: (_when(one), one.identity)):
        if surplus <= 0:
            break
        older = first.get(entry.api_version)
        if older is None:
            first[entry.api_version] = entry
            continue
        bucket = Entry(_ANCIENT, "Update", entry.api_version, "", entry.time, union(older.fields, entry.fields))
        del capped[older.identity]
        del capped[entry.identity]
        capped[bucket.identity] = first[entry.api_version] = bucket
        surplus -= 1
    return capped


def _when(entry: Entry) -> int:
    return entry.time.offset_ns if entry.time else 0
