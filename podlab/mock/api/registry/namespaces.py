"""Namespaces: what may be created in one, and how one ends.

A namespace that is deleted is marked (``Terminating``) and stays until its content and its finalizers are gone: the namespace
controller empties it, then drops ``kubernetes`` from ``spec.finalizers`` through the ``finalize`` subresource.
"""

from typing import TYPE_CHECKING, Any, Final

from podlab.mock.api.errors import Cause, Conflict, Forbidden, NotFound
from podlab.mock.api.registry.strategy import Strategy

if TYPE_CHECKING:
    from podlab.mock.api.registry.base import Registry

Obj = dict[str, Any]

IMMORTAL: Final = ("default", "kube-public", "kube-system")


def check_namespace(registry: "Registry", resource: str, namespace: str, name: str) -> None:
    """May an object be created in this namespace? Raises NotFound, Forbidden."""
    found = registry.find("namespaces", "", namespace)
    if found is None:
        raise NotFound("namespaces", namespace)
    if found["metadata"].get("deletionTimestamp") is None:
        return
    error = Forbidden(resource, name, f"unable to create new content in namespace {namespace} because it is being terminated")
    cause = Cause("NamespaceTerminating", f"namespace {namespace} is being terminated", "metadata.namespace")
    error.status["details"]["causes"] = [cause.as_dict()]
    raise error


class NamespaceStrategy(Strategy):
    """The life of a namespace."""

    returns_deleted = True

    def check_delete(self, registry: "Registry", obj: Obj) -> None:
        """The namespaces that the cluster itself uses stay."""
        name = obj["metadata"]["name"]
        if name in IMMORTAL:
            raise Forbidden("namespaces", name, "this namespace may not be deleted")

    def may_vanish(self, obj: Obj) -> bool:
        """Its own finalizers count too."""
        return not (obj.get("spec") or {}).get("finalizers")


def finalize_namespace(registry: "Registry", name: str, given: Obj) -> Obj:
    """Takes the finalizers of a namespace's spec from ``given`` (the ``finalize`` subresource). Raises NotFound, Conflict."""
    resource = registry.resource("namespaces")
    old = registry.get(resource, "", name)
    version = (given.get("metadata") or {}).get("resourceVersion")
    if version and version != old["metadata"]["resourceVersion"]:
        raise Conflict("namespaces", name)
    finalizers = (given.get("spec") or {}).get("finalizers") or []
    new = {**old, "spec": {"finalizers": finalizers} if finalizers else {}}
    if new == old:
        return old
    meta = old["metadata"]
    if not finalizers and meta.get("deletionTimestamp") is not None and not meta.get("finalizers"):
        return registry.store.delete(("namespaces", "", name))
    return registry.store.update(("namespaces", "", name), new)
