"""The garbage collector: what belongs to an object that has gone goes too, or is set free, as the deletion asked.

- *background*: the owner is gone at once; its dependents are deleted when the collector finds that none of their owners is left.
- *foreground*: the owner stays, with the finalizer ``foregroundDeletion``, until the dependents that block it are gone.
- *orphan*: the owner stays, with the finalizer ``orphan``, until its dependents do not refer to it any more.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple

from podlab.mock.api.client import Client, Informer, InformerEvent
from podlab.mock.api.errors import Conflict, NotFound
from podlab.mock.api.resources import Resource
from podlab.mock.clientgo.workqueue import ErrorHandler, WorkQueue, raise_failure
from podlab.mock.kernel import Kernel

Obj = dict[str, Any]

FOREGROUND: Final = "foregroundDeletion"
ORPHAN: Final = "orphan"
DEFINITIONS: Final = "customresourcedefinitions.apiextensions.k8s.io"
IGNORED: Final = frozenset(("events", "events.events.k8s.io"))


class Node(NamedTuple):
    """An object in the graph of owners."""

    resource: str
    namespace: str
    name: str
    uid: str


class GarbageCollector:
    """Watches all resources that can be deleted, and keeps who belongs to whom.

    Args:
        make_client: Gives the API to a component of that name.
    """

    name = "generic-garbage-collector"

    def __init__(self, kernel: Kernel, make_client: Callable[[str], Client], on_failure: ErrorHandler = raise_failure) -> None:
        self._client = make_client(self.name)
        self._queue: WorkQueue[Node] = WorkQueue(kernel, self.name, self._reconcile, on_failure)
        self._informers: dict[str, Informer] = {}
        self._nodes: dict[str, Node] = {}
        self._dependents: dict[str, dict[Node, None]] = {}
        self._watch_all()
        definitions = self._informers.get(DEFINITIONS)
        if definitions is not None:
            definitions.add_handler(lambda event: self._watch_all())

    def close(self) -> None:
        """Ends it."""
        self._queue.close()
        for informer in self._informers.values():
            informer.close()

    # --- the graph ---

    def _watch_all(self) -> None:
        served: dict[str, Resource] = {}
        for resource in self._client.resources():
            if "delete" in resource.verbs and "watch" in resource.verbs and resource.key not in IGNORED:
                served.setdefault(resource.key, resource)
        for key in [key for key in self._informers if key not in served]:
            self._informers.pop(key).close()
        for key in served:
            if key not in self._informers:
                informer = self._informers[key] = self._client.watch(key)
                informer.add_handler(partial(self._changed, key))

    def _changed(self, resource: str, event: InformerEvent) -> None:
        meta = event.obj["metadata"]
        node = Node(resource, meta.get("namespace", ""), meta["name"], meta["uid"])
        old = event.old_obj["metadata"].get("ownerReferences") if event.old_obj is not None else None
        new = meta.get("ownerReferences") if event.type != "DELETED" else None
        if old != new or event.type != "MODIFIED":
            self._link(node, old or (), new or ())
        if event.type == "DELETED":
            self._nodes.pop(node.uid, None)
            for dependent in self._dependents.get(node.uid, ()):
                self._queue.add(dependent)
            for owner in meta.get("ownerReferences") or ():
                self._queue_ending(owner["uid"])
            return
        self._nodes[node.uid] = node
        if new or (meta.get("deletionTimestamp") is not None and _collected(meta)):
            self._queue.add(node)

    def _link(self, node: Node, old: Any, new: Any) -> None:
        for owner in old:
            self._dependents.get(owner["uid"], {}).pop(node, None)
        for owner in new:
            self._dependents.setdefault(owner["uid"], {})[node] = None

    def _queue_ending(self, uid: str) -> None:
        """An owner that waits for its dependents may have one less to wait for."""
        node = self._nodes.get(uid)
        if node is not None:
            self._queue.add(node)

    # --- what is done ---

    def _reconcile(self, node: Node) -> None:
        obj = self._find(node)
        if obj is None:
            return
        meta = obj["metadata"]
        if meta.get("deletionTimestamp") is not None:
            finalizers = meta.get("finalizers") or ()
            if ORPHAN in finalizers:
                self._set_free(node)
                self._drop_finalizer(node, ORPHAN)
            elif FOREGROUND in finalizers:
                self._end_in_foreground(node)
            return
        if meta.get("ownerReferences"):
            self._check_owners(node, obj)

    def _check_owners(self, node: Node, obj: Obj) -> None:
        """Deletes an object none of whose owners is left; forgets owners that have gone when others stay."""
        references = obj["metadata"]["ownerReferences"]
        solid, lost, waiting = [], [], []
        for reference in references:
            owner = self._owner(node, reference)
            if owner is None:
                lost.append(reference)
            elif reference.get("blockOwnerDeletion") and _ends_in_foreground(owner):
                waiting.append(reference)
            else:
                solid.append(reference)
        if solid and not lost and not waiting:
            return
        try:
            if solid:
                self._client.patch(node.resource, node.namespace, node.name, {"metadata": {"ownerReferences": solid}})
                return
            policy = "Foreground" if waiting and self._dependents.get(node.uid) else _policy(obj)
            self._client.delete(node.resource, node.namespace, node.name, propagation_policy=policy, uid=node.uid)
        except (NotFound, Conflict):
            return

    def _owner(self, node: Node, reference: Obj) -> Obj | None:
        """The owner that a reference means: of that UID, and in the dependent's namespace or in none."""
        owner = self._nodes.get(reference["uid"])
        if owner is None or owner.name != reference["name"] or owner.namespace not in ("", node.namespace):
            return None
        return self._find(owner)

    def _end_in_foreground(self, node: Node) -> None:
        blocking = False
        for dependent in list(self._dependents.get(node.uid, ())):
            obj = self._find(dependent)
            if obj is None:
                continue
            references = obj["metadata"].get("ownerReferences") or ()
            if any(each["uid"] == node.uid and each.get("blockOwnerDeletion") for each in references):
                blocking = True
            self._queue.add(dependent)
        if not blocking:
            self._drop_finalizer(node, FOREGROUND)

    def _set_free(self, node: Node) -> None:
        for dependent in list(self._dependents.get(node.uid, ())):
            obj = self._find(dependent)
            if obj is None:
                continue
            kept = [each for each in obj["metadata"].get("ownerReferences") or () if each["uid"] != node.uid]
            patch = {"metadata": {"ownerReferences": kept or None}}
            try:
                self._client.patch(dependent.resource, dependent.namespace, dependent.name, patch)
            except NotFound:
                continue

    def _drop_finalizer(self, node: Node, finalizer: str) -> None:
        obj = self._find(node)
        if obj is None:
            return
        kept = [each for each in obj["metadata"].get("finalizers") or () if each != finalizer]
        try:
            self._client.patch(node.resource, node.namespace, node.name, {"metadata": {"finalizers": kept or None}})
        except NotFound:
            return

    def _find(self, node: Node) -> Obj | None:
        """An object as it is now, if it is still the same."""
        informer = self._informers.get(node.resource)
        found = informer.get(node.namespace, node.name) if informer is not None else None
        return found if found is not None and found["metadata"]["uid"] == node.uid else None


def _collected(meta: Obj) -> bool:
    finalizers = meta.get("finalizers") or ()
    return FOREGROUND in finalizers or ORPHAN in finalizers


def _ends_in_foreground(owner: Obj) -> bool:
    meta = owner["metadata"]
    return meta.get("deletionTimestamp") is not None and FOREGROUND in (meta.get("finalizers") or ())


def _policy(obj: Obj) -> str:
    finalizers = obj["metadata"].get("finalizers") or ()
    if ORPHAN in finalizers:
        return "Orphan"
    return "Foreground" if FOREGROUND in finalizers else "Background"
