"""The field manager: keeps ``metadata.managedFields`` on every write, and carries out server-side apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api.errors import BadRequest, Cause, Conflict
from podlab.mock.api.managed.clientside import KUBECTL, last_applied_fields, with_last_applied
from podlab.mock.api.managed.entries import Entries, Entry, cap_updaters, decode, encode
from podlab.mock.api.managed.fieldset import (
    FieldSet,
    difference,
    intersection,
    paths,
    recursive_difference,
    union,
    with_named_fields,
)
from podlab.mock.api.managed.typed import ABSENT, compare, field_set, merge, remove_items
from podlab.mock.api.patches.structure import Structure
from podlab.mock.kernel import Time

Obj = dict[str, Any]

_UNOWNED: Final[FieldSet] = {
    "f:apiVersion": {},
    "f:kind": {},
    "f:metadata": {
        "f:name": {}, "f:namespace": {}, "f:creationTimestamp": {}, "f:selfLink": {}, "f:uid": {}, "f:generation": {},
        "f:managedFields": {}, "f:resourceVersion": {},
    },
}  # fmt: skip
"""What nobody owns."""

_EMPTY: Final[Mapping[str, Obj]] = {
    "pods": {"metadata": {}, "spec": {"containers": None}, "status": {}},
    "podtemplates": {"metadata": {}, "template": {"metadata": {}, "spec": {"containers": None}}},
    "services": {"metadata": {}, "spec": {}, "status": {"loadBalancer": {}}},
    "persistentvolumeclaims": {"metadata": {}, "spec": {"resources": {}}, "status": {}},
    "cronjobs.batch": {
        "metadata": {},
        "spec": {"jobTemplate": {"metadata": {}, "spec": {"template": {"metadata": {}, "spec": {"containers": None}}}}},
        "status": {},
    },
    "deployments.apps": {
        "metadata": {},
        "spec": {"strategy": {}, "template": {"metadata": {}, "spec": {"containers": None}}},
        "status": {},
    },
    "statefulsets.apps": {
        "metadata": {},
        "spec": {"updateStrategy": {}, "template": {"metadata": {}, "spec": {"containers": None}}},
        "status": {},
    },
    "customresourcedefinitions.apiextensions.k8s.io": {
        "metadata": {},
        "spec": {"names": {}, "versions": None},
        "status": {"acceptedNames": {}},
    },
}
_EMPTY_WITH_TEMPLATE: Final[Obj] = {
    "metadata": {},
    "spec": {"template": {"metadata": {}, "spec": {"containers": None}}, "updateStrategy": {}},
    "status": {},
}
_EMPTY_PLAIN: Final[Obj] = {"metadata": {}, "spec": {}, "status": {}}
_WITH_TEMPLATE: Final = ("daemonsets.apps", "replicasets.apps", "jobs.batch")


def empty_object(resource: str, custom: bool) -> Obj:
    """What an object is compared with when it is created: the Go struct without values (what has no ``omitempty`` is there)."""
    if custom:
        return {"metadata": {}}
    if resource in _WITH_TEMPLATE:
        return _EMPTY_WITH_TEMPLATE
    return _EMPTY.get(resource, _EMPTY_PLAIN)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, through which version and subresource, and when."""

    manager: str
    api_version: str
    subresource: str
    now: Time


class FieldManager:
    """Keeps the managed fields of one resource's objects.

    Args:
        resource: as in the store's keys.
        structure: the shape of its objects.
        custom: a custom resource (which has no Go struct).
        has_status: whether ``status`` is written through a subresource only.
    """

    def __init__(self, resource: str, structure: Structure, custom: bool = False, has_status: bool = False) -> None:
        self._structure = structure
        self._empty = empty_object(resource, custom)
        self._ignored: Mapping[str, FieldSet] = {"": {"f:status": {}}, "status": {"f:spec": {}}} if has_status else {}

    def update(self, live: Obj | None, new: Obj, writer: Writer) -> list[Obj]:
        """The ``managedFields`` of ``new`` after a create, an update or a patch (``live`` is None for a create).

        A client may hand in other managed fields than the stored ones, or an empty list to have them forgotten.
        """
        meta = new["metadata"]
        given: list[Obj] | None = meta.get("managedFields")
        stored: list[Obj] = (live["metadata"].get("managedFields") or []) if live is not None else []
        if given is not None and (not given or given == [{}]):
            stored = []
        elif given:
            stored = given
        changed, removed = self._compare(self._empty if live is None else live, new, writer.subresource)
        if not changed and not removed:
            return stored
        entries = decode(stored)
        mine = Entry(writer.manager, "Update", writer.api_version, writer.subresource, writer.now, changed)
        lost = union(changed, removed)
        for entry in entries.values():
            entry.fields = difference(entry.fields, lost)
        if changed:
            previous = entries.get(mine.identity)
            if previous is not None:
                mine.fields = union(previous.fields, changed)
            entries[mine.identity] = mine
        return encode(cap_updaters(entries))

    def apply(self, live: Obj | None, config: Obj, writer: Writer, force: bool) -> Obj:
        """The object with the configuration applied, managed fields included.

        Raises:
            Conflict: fields of other managers would change, and ``force`` is off.
            BadRequest: the configuration states managed fields.
        """
        if config.get("metadata", {}).get("managedFields"):
            raise BadRequest("metadata.managedFields must be nil")
        base = live if live is not None else {"apiVersion": config["apiVersion"], "kind": config["kind"], "metadata": {}}
        entries = decode(base["metadata"].get("managedFields") or [])
        if live is not None and not entries:
            changed, _ = self._compare(self._empty, live, "")
            first = Entry("before-first-apply", "Update", writer.api_version, "", writer.now, changed)
            entries[first.identity] = first
        claimed = recursive_difference(field_set(config, self._structure), self._unowned(writer.subresource))
        mine = Entry(writer.manager, "Apply", writer.api_version, writer.subresource, writer.now, claimed)
        last = entries.pop(mine.identity, None)
        bare = {**base, "metadata": {key: value for key, value in base["metadata"].items() if key != "managedFields"}}
        merged = merge(bare, config, self._structure)
        if last is not None and last.fields:
            owned = field_set(config, self._structure)  # with the names, which nobody owns: they keep the metadata there
            for entry in entries.values():
                owned = union(owned, entry.fields)
            merged = self._prune(merged, owned, last.fields)
        changed, removed = self._compare(bare if live is not None else self._empty, merged, writer.subresource)
        allowed = last_applied_fields(live, self._structure) if writer.manager == KUBECTL and not force else {}
        self._settle(entries, changed, removed, force, allowed)
        if writer.manager == KUBECTL:
            merged = with_last_applied(merged, config)
        if last is not None and last.fields == claimed:
            mine.time = last.time
        if claimed:
            entries[mine.identity] = mine
        return {**merged, "metadata": {**merged["metadata"], "managedFields": encode(entries)}}

    def _settle(self, entries: Entries, changed: FieldSet, removed: FieldSet, force: bool, allowed: FieldSet) -> None:
        conflicts = [(entry, found) for entry in entries.values() if (found := intersection(entry.fields, changed))]
        serious = [(entry, rest) for entry, found in conflicts if (rest := difference(found, allowed))]
        if serious and not force:
            raise _conflict(serious)
        lost = union(changed, removed)
        for entry in entries.values():
            entry.fields = difference(entry.fields, lost)

    def _prune(self, merged: Obj, owned: FieldSet, last: FieldSet) -> Obj:
        """Removes what was applied last time, is not applied now, and nobody else owns."""
        shape = self._structure
        everything = with_named_fields(field_set(merged, shape))

        def fields(value: Any) -> FieldSet:
            return with_named_fields(field_set(value, shape)) if value is not ABSENT else {}

        last = with_named_fields(last)
        pruned = remove_items(merged, last, shape)
        pruned = remove_items(merged, difference(everything, union(fields(pruned), with_named_fields(owned))), shape)
        result: Obj = remove_items(merged, intersection(difference(everything, fields(pruned)), last), shape)
        return result

    def _compare(self, old: Obj, new: Obj, subresource: str) -> tuple[FieldSet, FieldSet]:
        changed, removed = compare(old, new, self._structure)
        unowned = self._unowned(subresource)
        return recursive_difference(changed, unowned), recursive_difference(removed, unowned)

    def _unowned(self, subresource: str) -> FieldSet:
        ignored = self._ignored.get(subresource)
        return {**_UNOWNED, **ignored} if ignored else _UNOWNED


def _conflict(conflicts: list[tuple[Entry, FieldSet]]) -> Conflict:
    found = [(entry.describe(), path) for entry, fields in conflicts for path in paths(fields)]
    causes = [Cause("FieldManagerConflict", f"conflict with {manager}", path) for manager, path in found]
    if len(found) == 1:
        manager, path = found[0]
        return Conflict.apply(causes, f"Apply failed with 1 conflict: conflict with {manager}: {path}")
    lines = []
    for manager in sorted({manager for manager, _ in found}):
        lines.append(f"conflicts with {manager}:")
        lines.extend(f"- {path}" for owner, path in found if owner == manager)
    return Conflict.apply(causes, f"Apply failed with {len(found)} conflicts: " + "\n".join(lines))
