"""What all controllers have in common: informers that add keys, a work queue that reconciles them, a recorder of events."""

from collections.abc import Callable
from typing import Any

from podlab.mock.api.client import Client, Informer, InformerEvent
from podlab.mock.clientgo.events import EventRecorder
from podlab.mock.clientgo.workqueue import ErrorHandler, WorkQueue, raise_failure
from podlab.mock.kernel import Kernel

Obj = dict[str, Any]
Key = tuple[str, str]
"""Namespace and name."""


def key_of(obj: Obj) -> Key:
    """The key of an object."""
    meta = obj["metadata"]
    return meta.get("namespace", ""), meta["name"]


class Controller:
    """One controller; it works from when it is made until `close`.

    Subclasses set `name` (its user agent, and the source of its events), call `watch` for what concerns them, and reconcile in
    `reconcile`.

    Args:
        kernel: The clock.
        make_client: Gives a client of the API for a component's name.
        on_failure: Gets what `reconcile` raises beside `APIError`.
    """

    name = ""

    def __init__(self, kernel: Kernel, make_client: Callable[[str], Client], on_failure: ErrorHandler = raise_failure) -> None:
        self.kernel = kernel
        self.client = make_client(self.name)
        self.recorder = EventRecorder(kernel, self.client, self.name)
        self.queue: WorkQueue[Key] = WorkQueue(kernel, self.name, self.reconcile, on_failure)
        self._informers: list[Informer] = []

    def watch(self, resource: str, keys: Callable[[Obj], list[Key]] | None = None) -> Informer:
        """Watches a resource; `keys(obj)` are what a change of `obj` concerns (by default the object itself).

        Both an object's old and its
        new state are asked, so that what it no longer concerns is looked at once more.
        """
        informer = self.client.watch(resource)
        self._informers.append(informer)

        def changed(event: InformerEvent) -> None:
            for obj in (event.obj, event.old_obj):
                if obj is not None:
                    for key in [key_of(obj)] if keys is None else keys(obj):
                        self.queue.add(key)

        informer.add_handler(changed)
        return informer

    def reconcile(self, key: Key) -> None:
        """Looks at one object and acts. An `APIError` has it tried again later."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends it."""
        self.queue.close()
        for informer in self._informers:
            informer.close()


def owner_of(obj: Obj) -> Obj | None:
    """The owner reference of the controller of an object (`controller: true`), or None."""
    for reference in obj["metadata"].get("ownerReferences") or ():
        if reference.get("controller"):
            found: Obj = reference
            return found
    return None


def owner_keys(kind: str) -> Callable[[Obj], list[Key]]:
    """For `Controller.watch`: the key of the owner of that kind."""

    def keys(obj: Obj) -> list[Key]:
        owner = owner_of(obj)
        return [(obj["metadata"].get("namespace", ""), owner["name"])] if owner is not None and owner["kind"] == kind else []

    return keys


def condition(status: Obj, kind: str) -> Obj | None:
    """The condition of that type in a status, or None."""
    for found in status.get("conditions") or ():
        if found["type"] == kind:
            result: Obj = found
            return result
    return None
