"""Apply and delete: from manifests to changes in the cluster.

An object is first created as a dry run, so that a mistake is told in the words that kubectl's users know (`strict
decoding error: unknown field ...`), and then applied on the server's side under the manager `podlab`: what a manifest no
longer says goes away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from podlab.errors import APIError, NotFound, Obj
from podlab.lab import manifests
from podlab.lab.api import API, Target
from podlab.lab.conditions import parse
from podlab.lab.wait import wait

DELETE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Change:
    """What applying did to one object.

    Attributes:
        target: the object's place.
        action: `created`, `configured`, `unchanged`, `replaced` or `deleted`.
        obj: the object as the server returned it; empty if it is deleted.
    """

    target: Target
    action: str
    obj: Obj

    def __str__(self) -> str:
        if self.action == "deleted":
            return f'{self.target.resource.qualified} "{self.target.name}" deleted'
        return f"{self.target} {self.action}"


class Changes(Sequence[Change]):
    """What a call changed; shown as kubectl shows it, a line an object."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = tuple(changes)

    @overload
    def __getitem__(self, index: int) -> Change: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Change]: ...
    def __getitem__(self, index: Any) -> Any:
        return self._changes[index]

    def __len__(self) -> int:
        return len(self._changes)

    def __repr__(self) -> str:
        return "\n".join(map(str, self._changes)) or "nothing to change"


def apply(api: API, source: manifests.Source, namespace: str | None = None, *, replace: bool = False) -> Changes:
    """Make the objects of a manifest be.

    Args:
        api: where.
        source: as for `manifests.load`.
        namespace: for objects that do not say theirs.
        replace: delete an object first if it cannot be changed into what the manifest says.

    Raises:
        ManifestError: it is not a manifest.
        APIError: the server refuses an object; those before it have been applied. The hint names the line.
    """
    text = manifests.text_of(source)
    changes = []
    for obj in manifests.load(source):
        target = api.target(obj, namespace=None if "namespace" in (obj.get("metadata") or {}) else namespace)
        try:
            changes.append(_apply_one(api, target, obj, replace))
        except APIError as error:
            raise _with_line(error, text, target.name) from None
    return Changes(changes)


def delete(
    api: API, targets: Sequence[Target], *, grace_seconds: int | None = None, wait_gone: bool = True, missing_ok: bool = False
) -> Changes:
    """Delete objects and wait until they are gone.

    Args:
        api: where.
        targets: which; a collection means each object in it.
        grace_seconds: how long a pod's processes have to end; None leaves it to the pod.
        wait_gone: return only when they are gone.
        missing_ok: an object that does not exist is no error.

    Raises:
        NotFound: there is no such object.
    """
    gone = [name for target in targets for name in _names(api, target)]
    deleted = []
    for target in gone:
        try:
            api.delete(target, grace_seconds)
            deleted.append(target)
        except NotFound:
            if not missing_ok:
                raise
    if wait_gone:
        for target in deleted:
            wait(api, target, parse("deleted"), DELETE_SECONDS)
    return Changes([Change(target, "deleted", {}) for target in deleted])


def _apply_one(api: API, target: Target, obj: Obj, replace: bool) -> Change:
    api.allow(target)
    if not target.name:  # metadata.generateName: only the server knows the name
        created = api.create(target, obj)
        return Change(api.target(created), "created", created)
    try:
        before = api.get(target)
    except NotFound:
        api.create(target, obj, dry_run=True)
        return Change(target, "created", api.apply(target, obj))
    try:
        after = api.apply(target, obj)
    except APIError as error:
        if not replace or error.reason != "Invalid":
            raise
        api.create(Target(target.resource, target.namespace), {**obj, "metadata": _renamed(obj)}, dry_run=True)
        delete(api, [target], grace_seconds=0)
        return Change(target, "replaced", api.apply(target, obj))
    same = before["metadata"]["resourceVersion"] == after["metadata"]["resourceVersion"]
    return Change(target, "unchanged" if same else "configured", after)


def _renamed(obj: Obj) -> Obj:
    """Metadata under which an object can be tried while its namesake exists."""
    return {**obj["metadata"], "name": f"{obj['metadata']['name'][:50]}-podlab-try"}


def _names(api: API, target: Target) -> list[Target]:
    if target.name:
        return [target]
    return [Target(target.resource, obj["metadata"].get("namespace", ""), obj["metadata"]["name"]) for obj in api.list(target)[0]]


_FIELD = re.compile(r'(?:unknown|duplicate) field "([^"]+)"|\.([a-z]\w*(?:\.\w+)+) of type|^\s*(\.[^:\s]+): field not declared')


def _with_line(error: APIError, text: str, name: str) -> APIError:
    """Say in the error's hint which lines of the manifest it is about."""
    message = str(error.status.get("message", ""))
    # A cause in "spec" alone says nothing of a line.
    fields = [str(cause["field"]) for cause in error.causes if "." in cause.get("field", "")] + [
        next(filter(None, groups)) for groups in _FIELD.findall(message)
    ]
    places = []
    for field in dict.fromkeys(fields):
        line = manifests.line_of(text, name, field) if text else None
        if line is not None:
            places.append(f"line {line}: `{text.splitlines()[line - 1].strip()}`")
    if places:
        error.hint = "\n".join(filter(None, [", ".join(dict.fromkeys(places)), error.hint]))
    return error
