"""Resource quotas: what is used, counted anew when something of the namespace goes.

What comes is counted by the API server as it lets it in.
"""

from collections.abc import Iterator
from typing import Any, Final

from podlab.mock.api.client import Informer, InformerEvent
from podlab.mock.api.defaulting.quota import in_scope, usage
from podlab.mock.api.defaulting.resources import Resources, add, parse
from podlab.mock.api.errors import NotFound
from podlab.mock.api.quantity import Quantity
from podlab.mock.controllers.base import Controller, Key

Obj = dict[str, Any]

FINISHED: Final = ("Succeeded", "Failed")
NOTHING: Final = Quantity(0)
COUNTED: Final = ("configmaps", "secrets", "services", "persistentvolumeclaims", "resourcequotas", "pods")


class ResourceQuotaController(Controller):
    """Keeps ``status.hard`` and ``status.used``."""

    name = "resourcequota-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._counted: dict[str, Informer | None] = {}
        self._quotas = self.watch("resourcequotas")

    def reconcile(self, key: Key) -> None:
        """Counts what a quota limits."""
        quota = self._quotas.get(*key)
        if quota is None or quota["metadata"].get("deletionTimestamp") is not None:
            return
        hard = parse(quota["spec"].get("hard"))
        used: Resources = {}
        for resource in sorted({_resource_of(name) for name in hard}):
            for obj in self._objects(resource, key[0]):
                if in_scope(resource, obj, quota["spec"]):
                    used = add(used, usage(resource, obj))
        status = {
            "hard": {name: str(hard[name]) for name in sorted(hard)},
            "used": {name: str(used.get(name, NOTHING)) for name in sorted(hard)},
        }
        if status != quota.get("status"):
            self.client.update_status("resourcequotas", {**quota, "status": status})

    def _objects(self, resource: str, namespace: str) -> Iterator[Obj]:
        """The objects of a resource; what nobody limits is not watched."""
        if resource not in self._counted:
            self._counted[resource] = self._watch_counted(resource)
        informer = self._counted[resource]
        for (place, _), obj in informer.objects.items() if informer else ():
            if place == namespace:
                yield obj

    def _watch_counted(self, resource: str) -> Informer | None:
        try:
            informer = self.client.watch(resource)
        except NotFound:
            return None
        self._informers.append(informer)
        informer.add_handler(self._changed)
        return informer

    def _changed(self, event: InformerEvent) -> None:
        if event.type == "DELETED" or (event.old_obj is not None and _ended(event.obj) and not _ended(event.old_obj)):
            namespace = event.obj["metadata"].get("namespace", "")
            for key in self._quotas.objects:
                if key[0] == namespace:
                    self.queue.add(key)


def _ended(obj: Obj) -> bool:
    return obj.get("kind") == "Pod" and (obj.get("status") or {}).get("phase") in FINISHED


def _resource_of(name: str) -> str:
    """The resource whose objects count for a name in a quota."""
    if name.startswith("count/"):
        return name.removeprefix("count/")
    if name in COUNTED:
        return name
    if name.startswith("services."):
        return "services"
    return "persistentvolumeclaims" if "storage" in name.removesuffix("ephemeral-storage") else "pods"
