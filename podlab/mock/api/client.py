"""The API in process: what controllers and the kubelet hold, with the semantics of HTTP but on dicts.

Every call goes through the same verbs as an HTTP request: validation, admission, conflicts, managed fields. What `Client`
returns is the caller's own copy; what an `Informer` shows is shared, and is never to be changed in place.

    client = Client(api, user_agent="kube-scheduler")
    pods = client.watch("pods")
    while True:
        event = await pods.next()
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from podlab.mock.api.options import DeleteOptions, ListOptions, PatchType, WriteOptions
from podlab.mock.api.request import UserInfo
from podlab.mock.api.resources import Resource
from podlab.mock.api.selectors import Selection
from podlab.mock.api.verbs import Verbs
from podlab.mock.api.watching import translate
from podlab.mock.kernel import Kernel, WaitQueue
from podlab.mock.store import Store, clone

Obj = dict[str, Any]
Objs = list[Obj]

PATCH_TYPES: Mapping[str, PatchType] = {
    "merge": PatchType.MERGE,
    "strategic": PatchType.STRATEGIC,
    "json": PatchType.JSON,
    "apply": PatchType.APPLY,
}


class InformerEvent(NamedTuple):
    """One change as an informer tells it; ``old_obj`` is None for ADDED."""

    type: Literal["ADDED", "MODIFIED", "DELETED"]
    obj: Obj
    old_obj: Obj | None


class Informer:
    """A cache of the objects of one resource, kept up to date by a watch.

    Handlers and `next` first see every object that is there as ADDED, then every change, in order. `objects` may be ahead of
    them, never behind.
    """

    def __init__(self, kernel: Kernel, store: Store, resource: str, namespace: str | None, selection: Selection) -> None:
        self._kernel = kernel
        self._selection = selection
        listed, revision = store.list(resource, namespace)
        self._objects = {_key(obj): obj for obj in listed if selection.matches(obj)}
        self._watch = store.watch(resource, namespace, revision)
        self._watch.on_event = self._schedule
        self._scheduled = False
        self._undelivered: deque[InformerEvent] = deque()
        self._handlers: list[Callable[[InformerEvent], object]] = []
        self._queue: deque[InformerEvent] | None = None
        self._waiting = WaitQueue(kernel)

    @property
    def objects(self) -> Mapping[tuple[str, str], Obj]:
        """What is there at this moment, by (namespace, name)."""
        if self._watch.pending:
            self._sync()
        return self._objects

    def get(self, namespace: str, name: str) -> Obj | None:
        """The object of that name, or None."""
        if self._watch.pending:
            self._sync()
        return self._objects.get((namespace, name))

    def add_handler(self, handler: Callable[[InformerEvent], object]) -> None:
        """Calls ``handler(event)`` from a callback of the kernel for each object that is there, and then for each change."""
        self._deliver()
        for obj in list(self._objects.values()):
            self._kernel.call_soon(handler, InformerEvent("ADDED", obj, None))
        self._handlers.append(handler)

    async def next(self) -> InformerEvent:
        """The next change (or, at first, the next object that is there); waits for one."""
        if self._queue is None:
            self._deliver()
            self._queue = deque(InformerEvent("ADDED", obj, None) for obj in self._objects.values())
        while not self._queue:
            self._deliver()
            if not self._queue:
                await self._waiting.wait()
        return self._queue.popleft()

    def close(self) -> None:
        """Ends the watch."""
        self._watch.close()
        self._handlers.clear()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._kernel.call_soon(self._deliver_scheduled)

    def _deliver_scheduled(self) -> None:
        self._scheduled = False
        self._deliver()

    def _deliver(self) -> None:
        self._sync()
        while self._undelivered:
            event = self._undelivered.popleft()
            if self._queue is not None:
                self._queue.append(event)
            for handler in tuple(self._handlers):
                handler(event)
        if self._queue:
            self._waiting.wake_all()

    def _sync(self) -> None:
        pending = self._watch.pending
        while pending:
            event = pending.popleft()
            kind = translate(event, self._selection)
            if kind is None:
                continue
            key = _key(event.obj)
            old = self._objects.get(key)
            if kind == "DELETED":
                self._objects.pop(key, None)
            else:
                self._objects[key] = event.obj
            self._undelivered.append(InformerEvent(kind, event.obj, old))


class Client:
    """The API for one component of the mock.

    Args:
        verbs: the API server's verbs (`APIServer.verbs`).
        user_agent: the component's name; what it writes is recorded under this field manager.
        user: as whom it acts; components of the control plane are not restricted.
    """

    def __init__(self, verbs: Verbs, user_agent: str, user: UserInfo | None = None) -> None:
        self._verbs = verbs
        self._user = user or UserInfo(f"system:{user_agent}", ("system:masters", "system:authenticated"))
        self._write = WriteOptions(field_manager=user_agent, user=self._user)

    def get(self, resource: str, namespace: str, name: str, subresource: str = "") -> Obj:
        """One object (or its ``scale``). Raises NotFound."""
        return copied(self._verbs.get(resource, namespace, name, subresource))

    def list(self, resource: str, namespace: str | None = None, label_selector: str = "", field_selector: str = "") -> Objs:
        """The objects of a resource in one namespace, or in all of them."""
        options = ListOptions(label_selector=label_selector, field_selector=field_selector)
        return [copied(obj) for obj in self._verbs.list(resource, namespace, options).items]

    def create(self, resource: str, namespace: str, obj: Obj, subresource: str = "", name: str = "") -> Obj:
        """Creates an object (or posts one to a subresource of ``name``, such as a ``Binding`` or an ``Eviction``)."""
        return copied(self._verbs.create(resource, namespace, _own(obj, subresource), self._write, name, subresource))

    def update(self, resource: str, obj: Obj, subresource: str = "") -> Obj:
        """Replaces an object. Raises Conflict when its ``metadata.resourceVersion`` is set and not the stored one."""
        meta = obj["metadata"]
        own, namespace = _own(obj, subresource), meta.get("namespace", "")
        return copied(self._verbs.update(resource, namespace, meta["name"], own, self._write, subresource))

    def update_status(self, resource: str, obj: Obj) -> Obj:
        """Replaces an object's status."""
        return self.update(resource, obj, "status")

    def patch(
        self,
        resource: str,
        namespace: str,
        name: str,
        patch: Any,
        subresource: str = "",
        kind: Literal["merge", "strategic", "json", "apply"] = "merge",
        force: bool = False,
    ) -> Obj:
        """Patches an object; with ``kind="apply"``, server-side applies ``patch`` as this client's field manager."""
        options = self._write.with_force(force) if force else self._write
        return copied(self._verbs.patch(resource, namespace, name, PATCH_TYPES[kind], clone(patch), options, subresource))

    def delete(
        self,
        resource: str,
        namespace: str,
        name: str,
        grace_period_seconds: int | None = None,
        propagation_policy: str | None = None,
        uid: str | None = None,
        resource_version: str | None = None,
    ) -> Obj:
        """Deletes an object: at once, gracefully (pods), or by marking it when it has finalizers. Gives its last state."""
        options = DeleteOptions(
            grace_period_seconds=grace_period_seconds,
            propagation_policy=propagation_policy,
            uid=uid,
            resource_version=resource_version,
            user=self._user,
        )
        return copied(self._verbs.delete(resource, namespace, name, options))

    def resources(self) -> Sequence[Resource]:
        """All resources that are served at this moment, those of custom kinds too (discovery)."""
        return tuple(self._verbs.registry.table)

    def watch(self, resource: str, namespace: str | None = None, label_selector: str = "", field_selector: str = "") -> Informer:
        """A cache of the objects of a resource, and their changes."""
        verbs = self._verbs
        found = verbs.registry.resource(resource)
        chosen = verbs.select(found, label_selector, field_selector)
        return Informer(verbs.kernel, verbs.store, found.storage_key, namespace, chosen)


def copied(obj: Obj) -> Obj:
    """A copy of an object that shares only its managed fields, which nobody edits in place."""
    meta = obj.get("metadata")
    if not isinstance(meta, dict) or "managedFields" not in meta:
        result: Obj = clone(obj)
        return result
    bare = clone({**obj, "metadata": {**meta, "managedFields": None}})
    bare["metadata"]["managedFields"] = meta["managedFields"]
    return bare  # type: ignore[no-any-return]


def _own(obj: Obj, subresource: str) -> Obj:
    """What the registry may keep of an object handed in: whole objects and statuses it copies itself."""
    return obj if subresource in ("", "status") else copied(obj)


def _key(obj: Obj) -> tuple[str, str]:
    meta = obj["metadata"]
    return meta.get("namespace", ""), meta["name"]
