"""Custom resource definitions: accepting their names, serving their versions, and cleaning up behind them.

The real server does this in controllers, within milliseconds; here it happens with the write itself, so that a definition that
has been created is established and served.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from podlab.mock.api.errors import NotModelled
from podlab.mock.api.options import DeleteOptions
from podlab.mock.api.patches.structure import custom_structure
from podlab.mock.api.registry.strategy import VersionedUpdate
from podlab.mock.api.resources import ALL_VERBS, BUILTIN, Resource, Subresource
from podlab.mock.api.selectors import FieldSelectors
from podlab.mock.kernel import Time

if TYPE_CHECKING:
    from podlab.mock.api.registry.base import Registry

Obj = dict[str, Any]

KEY: Final = "customresourcedefinitions.apiextensions.k8s.io"
FINALIZER: Final = "customresourcecleanup.apiextensions.k8s.io"
_GET_AND_WRITE: Final = ("get", "patch", "update")


class DefinitionStrategy(VersionedUpdate):
    """The life of a definition."""

    def allocate(self, registry: "Registry", obj: Obj) -> Obj:
        """Refuses what is not modelled, before anything is stored."""
        for what in _not_modelled(obj.get("spec") or {}):
            raise NotModelled(what)
        return obj

    def after_create(self, registry: "Registry", obj: Obj) -> None:
        """Accepts the names, and serves the versions."""
        self._establish(registry, obj)

    def after_update(self, registry: "Registry", obj: Obj, old: Obj) -> None:
        """Serves what the definition says now; a definition that is being deleted takes its objects with it."""
        if obj["metadata"].get("deletionTimestamp") is not None:
            self._clean_up(registry, obj)
        elif obj.get("spec") != old.get("spec"):
            self._establish(registry, obj)

    def after_delete(self, registry: "Registry", obj: Obj) -> None:
        """Serves it no longer."""
        registry.table.set_custom(obj["metadata"]["name"], ())

    def _establish(self, registry: "Registry", obj: Obj) -> None:
        spec, meta = obj["spec"], obj["metadata"]
        now = registry.kernel.now()
        conflicts = list(_name_conflicts(registry, obj))
        status = dict(obj.get("status") or {})
        stored = [version["name"] for version in spec["versions"] if version.get("storage")]
        before = status.get("storedVersions") or []
        status["storedVersions"] = [*before, *(name for name in stored if name not in before)]
        conditions = {one["type"]: one for one in status.get("conditions") or ()}
        if conflicts:
            names = _condition("NamesAccepted", "False", "MultipleNamesNotAllowed", "; ".join(conflicts), conditions, now)
            established = _condition("Established", "False", "NotAccepted", "not all names are accepted", conditions, now)
        else:
            status["acceptedNames"] = spec["names"]
            names = _condition("NamesAccepted", "True", "NoConflicts", "no conflicts found", conditions, now)
            established = _condition(
                "Established", "True", "InitialNamesAccepted", "the initial names have been accepted", conditions, now
            )
        others = [one for kind, one in conditions.items() if kind not in ("NamesAccepted", "Established")]
        status["conditions"] = [names, established, *others]
        finalizers = meta.get("finalizers") or []
        if FINALIZER not in finalizers:
            meta = {**meta, "finalizers": [*finalizers, FINALIZER]}
        registry.store.update((KEY, "", meta["name"]), {**obj, "metadata": meta, "status": status})
        registry.table.set_custom(meta["name"], () if conflicts else tuple(custom_resources(spec)))

    def _clean_up(self, registry: "Registry", obj: Obj) -> None:
        finalizers = obj["metadata"].get("finalizers") or []
        if FINALIZER not in finalizers:
            return
        from podlab.mock.api.registry.deleting import delete_object
        from podlab.mock.api.registry.updating import Target

        name = obj["metadata"]["name"]
        resource = next((one for one in registry.table if one.key == name), None)
        if resource is not None:
            for found in registry.list(resource.key, None):
                meta = found["metadata"]
                delete_object(registry, Target(resource, meta.get("namespace", ""), meta["name"]), DeleteOptions())
        registry.kernel.call_soon(self._finish, registry, name)

    def _finish(self, registry: "Registry", name: str) -> None:
        """Lets the definition go once none of its objects is left; objects with finalizers are waited for."""
        key = (KEY, "", name)
        obj = registry.store.find(key)
        if obj is None or obj["metadata"].get("deletionTimestamp") is None:
            return
        if registry.store.count(name):
            watch = registry.store.watch(name)

            def look() -> None:
                if not registry.store.count(name):
                    watch.close()
                    registry.kernel.call_soon(self._finish, registry, name)

            watch.on_event = look
            return
        finalizers = [one for one in obj["metadata"].get("finalizers") or [] if one != FINALIZER]
        if finalizers:
            registry.store.update(key, {**obj, "metadata": {**obj["metadata"], "finalizers": finalizers}})
        else:
            self.after_delete(registry, registry.store.delete(key))


def custom_resources(spec: Obj) -> Iterator[Resource]:
    """The resources that a definition's spec serves, one a version."""
    names = spec["names"]
    for version in spec["versions"]:
        if not version.get("served"):
            continue
        subresources = version.get("subresources") or {}
        found = []
        if "scale" in subresources:
            found.append(Subresource("scale", "Scale", _GET_AND_WRITE, "autoscaling", "v1"))
        if "status" in subresources:
            found.append(Subresource("status", names["kind"], _GET_AND_WRITE))
        selectable = tuple(one["jsonPath"].lstrip(".") for one in version.get("selectableFields") or ())
        yield Resource(
            group=spec["group"],
            version=version["name"],
            plural=names["plural"],
            singular=names.get("singular") or names["kind"].lower(),
            kind=names["kind"],
            namespaced=spec["scope"] == "Namespaced",
            verbs=ALL_VERBS,
            short_names=tuple(names.get("shortNames") or ()),
            categories=tuple(names.get("categories") or ()),
            subresources={one.name: one for one in found},
            fields=FieldSelectors(("metadata.name", "metadata.namespace", *selectable), "field label not supported: {}"),
            list_kind=names.get("listKind") or f"{names['kind']}List",
            custom=version,
            structure=custom_structure((version.get("schema") or {}).get("openAPIV3Schema")),
        )


def _condition(kind: str, status: str, reason: str, message: str, before: dict[str, Obj], now: Time) -> Obj:
    old = before.get(kind)
    same = old is not None and old["status"] == status
    return {
        "type": kind,
        "status": status,
        "lastTransitionTime": old["lastTransitionTime"] if old is not None and same else now,
        "reason": reason,
        "message": message,
    }


def _name_conflicts(registry: "Registry", obj: Obj) -> Iterator[str]:
    group = obj["spec"]["group"]
    taken = {name for builtin in BUILTIN if builtin.group == group for name in (builtin.plural, builtin.kind)}
    for other in registry.list(KEY, None):
        if other["metadata"]["name"] != obj["metadata"]["name"] and other["spec"]["group"] == group:
            taken.update(_names((other.get("status") or {}).get("acceptedNames") or {}))
    for name in _names(obj["spec"]["names"]):
        if name in taken:
            yield f'"{name}" is already in use'


def _names(names: Obj) -> Iterator[str]:
    """All names that a definition claims in its group (plural names and kinds cannot collide: they differ in case)."""
    found = (
        names.get("plural"),
        names.get("singular"),
        *(names.get("shortNames") or ()),
        names.get("kind"),
        names.get("listKind"),
    )
    yield from filter(None, found)


def _not_modelled(spec: Obj) -> Iterator[str]:
    if (spec.get("conversion") or {}).get("strategy") == "Webhook":
        yield "conversion webhooks of custom resource definitions"
