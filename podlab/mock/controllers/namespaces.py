"""Namespaces that are being deleted: their contents go first, then their finalizer, and they with it."""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.client import Client, InformerEvent
from podlab.mock.api.errors import APIError, Conflict, NotFound
from podlab.mock.api.resources import Resource
from podlab.mock.clientgo.workqueue import ErrorHandler, raise_failure
from podlab.mock.controllers.base import Controller, Key, condition, key_of
from podlab.mock.kernel import SECOND, Kernel

Obj = dict[str, Any]

PATIENCE_NS: Final = 5 * SECOND
"""How long nothing of a marked namespace is touched, so that whoever still writes into it has heard of its end."""

LONGEST_WAIT_NS: Final = 15 * SECOND
CONDITIONS: Final = {
    "NamespaceDeletionDiscoveryFailure": ("ResourcesDiscovered", "All resources successfully discovered"),
    "NamespaceDeletionGroupVersionParsingFailure": ("ParsedGroupVersions", "All legacy kube types successfully parsed"),
    "NamespaceDeletionContentFailure": (
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    "NamespaceContentRemaining": ("ContentRemoved", "All content successfully removed"),
    "NamespaceFinalizersRemaining": ("ContentHasNoFinalizers", "All content-preserving finalizers finished"),
}


class NamespaceController(Controller):
    """Empties namespaces that are to go."""

    name = "namespace-controller"

    def __init__(self, kernel: Kernel, make_client: Callable[[str], Client], on_failure: ErrorHandler = raise_failure) -> None:
        super().__init__(kernel, make_client, on_failure)
        self._namespaces = self.client.watch("namespaces")
        self._informers.append(self._namespaces)
        self._namespaces.add_handler(self._changed)

    def _changed(self, event: InformerEvent) -> None:
        if event.type != "DELETED" and event.obj["metadata"].get("deletionTimestamp") is not None:
            self.queue.add_after(key_of(event.obj), PATIENCE_NS)

    def reconcile(self, key: Key) -> None:
        """Deletes what is in a namespace that is marked; looks again until nothing is left."""
        namespace = self._namespaces.get(*key)
        if namespace is None or namespace["metadata"].get("deletionTimestamp") is None:
            return
        name = namespace["metadata"]["name"]
        remaining: dict[str, int] = {}
        finalizers: dict[str, int] = {}
        wait_seconds = 0
        for resource in self._contents():
            for obj in self.client.list(resource.key, name):
                wait_seconds = max(wait_seconds, self._delete(resource, obj))
            for obj in self.client.list(resource.key, name):
                remaining[resource.key] = remaining.get(resource.key, 0) + 1
                for finalizer in obj["metadata"].get("finalizers") or ():
                    finalizers[finalizer] = finalizers.get(finalizer, 0) + 1
        self._tell(name, remaining, finalizers)
        if remaining:
            self.queue.add_after(key, min(max(wait_seconds // 2 + 1, 1) * SECOND, LONGEST_WAIT_NS))
        else:
            self._finish(name)

    def _contents(self) -> list[Resource]:
        """The resources that a namespace can hold and that can be deleted; each once, whatever versions it has."""
        found: dict[str, Resource] = {}
        for resource in self.client.resources():
            if resource.namespaced and "delete" in resource.verbs and "list" in resource.verbs:
                found.setdefault(resource.storage_key, resource)
        return list(found.values())

    def _delete(self, resource: Resource, obj: Obj) -> int:
        """Begins to delete an object; says how many seconds of grace it has."""
        meta = obj["metadata"]
        if meta.get("deletionTimestamp") is None:
            try:
                gone = self.client.delete(resource.key, meta["namespace"], meta["name"], propagation_policy="Background")
            except (NotFound, Conflict):
                return 0
            return int(gone["metadata"].get("deletionGracePeriodSeconds") or 0)
        return int(meta.get("deletionGracePeriodSeconds") or 0)

    def _tell(self, name: str, remaining: dict[str, int], finalizers: dict[str, int]) -> None:
        """Says in the namespace's conditions how far its end has come."""
        namespace = self._namespaces.get("", name)
        if namespace is None:
            return
        messages = {
            "NamespaceContentRemaining": _counted("Some resources are remaining: ", remaining, "has", " resource instances"),
            "NamespaceFinalizersRemaining": _counted(
                "Some content in the namespace has finalizers remaining: ", finalizers, "in", " resource instances"
            ),
        }
        reasons = {
            "NamespaceContentRemaining": "SomeResourcesRemain",
            "NamespaceFinalizersRemaining": "SomeFinalizersRemain",
        }
        status = namespace.get("status") or {}
        conditions = []
        for kind, (reason, message) in CONDITIONS.items():
            problem = messages.get(kind, "")
            made: Obj = {
                "type": kind,
                "status": "True" if problem else "False",
                "lastTransitionTime": self.kernel.now(),
                "reason": reasons[kind] if problem else reason,
                "message": problem or message,
            }
            known = condition(status, kind)
            if known is not None and known["status"] == made["status"]:
                made["lastTransitionTime"] = known["lastTransitionTime"]
            conditions.append(made)
        if conditions != status.get("conditions"):
            self.client.update_status("namespaces", {**namespace, "status": {**status, "conditions": conditions}})

    def _finish(self, name: str) -> None:
        namespace = self._namespaces.get("", name)
        if namespace is None:
            return
        finalizers = [each for each in namespace["spec"].get("finalizers") or () if each != "kubernetes"]
        try:
            self.client.update("namespaces", {**namespace, "spec": {"finalizers": finalizers}}, "finalize")
            if self._namespaces.get("", name) is not None:
                self.client.delete("namespaces", "", name)
        except APIError as error:
            if error.http_code not in (404, 409):
                raise


def _counted(head: str, counts: dict[str, int], verb: str, tail: str) -> str:
    if not counts:
        return ""
    return head + ", ".join(
        f"{name}. {verb} {count}{tail}" if "." not in name else f"{name} {verb} {count}{tail}"
        for name, count in sorted(counts.items())
    )
