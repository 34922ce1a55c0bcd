"""Defaults, admission plugins' mutations, and what registry strategies set before an object is stored.

`kinds` and `podspecs` hold the scheme's defaults, `plugins` the mutating plugins, `strategies` the registries' part, `limits` and
`quota` what a namespace limits. All are pure functions on dicts; this module strings them together.
"""

from collections.abc import Sequence
from typing import Final

from podlab.mock.api.defaulting.context import AdmissionContext
from podlab.mock.api.defaulting.gates import drop_switched_off
from podlab.mock.api.defaulting.kinds import DEFAULTS
from podlab.mock.api.defaulting.limits import check_limit_ranges
from podlab.mock.api.defaulting.plugins import PLUGINS
from podlab.mock.api.defaulting.quota import check_quotas
from podlab.mock.api.defaulting.strategies import (
    BEFORE_CREATE,
    BEFORE_UPDATE,
    GENERATION,
    NEW_STATUS,
    STATUS_KEEPS,
    WITH_STATUS,
    bumps_generation,
)
from podlab.mock.api.errors import BadRequest, Obj
from podlab.mock.api.schema import GroupVersionKind, Struct, canonical, for_kind, kind_of
from podlab.mock.store import clone

__all__ = [
    "AdmissionContext",
    "apply_defaults",
    "check_admission",
    "prepare_for_create",
    "prepare_for_update",
    "status_stands_alone",
]

_LONGEST_BASE = 58
_SUFFIX_LENGTH = 5


def apply_defaults(kind: GroupVersionKind, obj: Obj) -> Obj:
    """The object with the scheme's defaults (what the decoder of the real server sets, before admission)."""
    defaulted: Obj = clone(obj)
    _default(kind, defaulted)
    return defaulted


def _default(kind: GroupVersionKind, obj: Obj) -> None:
    known = for_kind(kind)
    for name in ("metadata", "spec"):
        if known and name in known.fields and isinstance(known.fields[name].type, Struct) and obj.get(name) is None:
            obj[name] = {}
    default = DEFAULTS.get((kind.group, kind.kind))
    if default:
        default(obj)


def prepare_for_create(resource: str, obj: Obj, namespace: str, context: AdmissionContext) -> Obj:
    """Defaults, mutating admission plugins, and the strategy: a new object ready to be validated and stored.

    Sets metadata (namespace, generated name, uid, creationTimestamp, generation), drops a client's status where the resource has
    a status subresource, and what the plugins set (ServiceAccount, Priority, DefaultTolerationSeconds, LimitRanger,
    DefaultStorageClass ...).

    Raises:
        Forbidden: a plugin refuses (no such service account or priority class).
        BadRequest: the namespace of the object is not that of the request.
        APIError: the object has a resourceVersion.
    """
    kind = kind_of(obj)
    obj = clone(obj)
    _default(kind, obj)
    meta = obj.setdefault("metadata", {})
    _place(meta, namespace)
    for plugin in PLUGINS.get(resource, ()):
        plugin(obj, namespace, context)
    if meta.get("generateName") and not meta.get("name"):
        meta["name"] = meta["generateName"][:_LONGEST_BASE] + context.random_suffix(_SUFFIX_LENGTH)
        if resource == "namespaces":
            meta.setdefault("labels", {})["kubernetes.io/metadata.name"] = meta["name"]
    for key in ("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"):
        meta.pop(key, None)
    drop_switched_off(resource, obj)
    meta["uid"] = context.new_uid()
    meta["creationTimestamp"] = context.now
    if resource in GENERATION:
        meta["generation"] = 1
    if resource in NEW_STATUS:
        obj["status"] = NEW_STATUS[resource]()
    if resource in BEFORE_CREATE:
        BEFORE_CREATE[resource](obj, context.now)
    if context.allocate:
        obj = context.allocate(resource, obj)
    return canonical(kind, obj)


def _place(meta: Obj, namespace: str) -> None:
    if namespace and meta.get("namespace") not in (None, "", namespace):
        raise BadRequest("the namespace of the provided object does not match the namespace sent on the request")
    meta.pop("resourceVersion", None)
    if namespace:
        meta["namespace"] = namespace
    elif not meta.get("namespace"):
        meta.pop("namespace", None)


def check_admission(
    resource: str, obj: Obj, limit_ranges: Sequence[Obj], quotas: Sequence[Obj], old: Obj | None = None
) -> list[Obj]:
    """The validating plugins, which come after validation: LimitRanger, then ResourceQuota.

    Returns:
        The quotas whose ``status.used`` changes (see `check_quotas`).

    Raises:
        Forbidden: one of them refuses.
    """
    if old is None or resource == "persistentvolumeclaims":
        check_limit_ranges(resource, obj, limit_ranges)
    return check_quotas(resource, obj, quotas, old)


def prepare_for_update(resource: str, new: Obj, old: Obj, context: AdmissionContext, subresource: str = "") -> Obj:
    """The counterpart of `prepare_for_create`: keeps what clients may not change, bumps ``generation`` if the spec changed.

    Args:
        resource: such as ``pods``.
        new: the decoded object that a client sent, or that a patch made of ``old``.
        old: the stored object.
        context: as for `prepare_for_create`; only ``allocate`` is asked.
        subresource: ``""``, ``status``, ``ephemeralcontainers`` or ``resize``; only that part is taken from ``new``.
    """
    kind = kind_of(new)
    if status_stands_alone(resource, subresource):
        return _new_status(kind, resource, new, old)
    new = clone(new)
    _default(kind, new)
    if subresource:
        new = _only(resource, subresource, new, old)
    elif resource in WITH_STATUS:
        new.pop("status", None)
        if "status" in old:
            new["status"] = clone(old["status"])
    drop_switched_off(resource, new)
    _keep_metadata(new["metadata"], old["metadata"])
    if not subresource and resource in BEFORE_UPDATE:
        BEFORE_UPDATE[resource](new, clone(old))
    if subresource != "status" and bumps_generation(resource, new, old):
        new["metadata"]["generation"] = (old["metadata"].get("generation") or 0) + 1
    if context.allocate and not subresource:
        new = context.allocate(resource, new)
    return canonical(kind, new)


_STATUS_DEFAULTED: Final = frozenset(
    {"namespaces", "nodes", "persistentvolumeclaims", "persistentvolumes", "resourcequotas", "services"}
)
"""Resources whose defaults reach into their status."""


def status_stands_alone(resource: str, subresource: str) -> bool:
    """Is this a write of a status that has no defaults? Then nothing else of the object matters."""
    return subresource == "status" and resource not in _STATUS_DEFAULTED


def _new_status(kind: GroupVersionKind, resource: str, new: Obj, old: Obj) -> Obj:
    """As `prepare_for_update` for most status writes, of which there are many: what stays is neither copied nor arranged."""
    meta = _with_old(new["metadata"], old["metadata"], STATUS_KEEPS.get(resource, ()))
    _keep_metadata(meta, old["metadata"])
    part = {key: value for key, value in new.items() if key in ("kind", "apiVersion")}
    part = canonical(kind, {**part, "metadata": meta, "status": new.get("status", {})})
    whole = {**old, "metadata": part["metadata"], "status": part["status"]}
    return whole if "status" in old else canonical(kind, whole)


_FROM_NEW: Final = frozenset({"name", "namespace", "resourceVersion", "uid", "managedFields"})
"""The metadata that the subresources of a pod take from the client: none of what describes the pod."""


def _with_old(meta: Obj, old: Obj, keys: Sequence[str]) -> Obj:
    kept = {key: value for key, value in meta.items() if key not in keys}
    return {**kept, **{key: old[key] for key in keys if key in old}}


def _only(resource: str, subresource: str, new: Obj, old: Obj) -> Obj:
    """``old`` with just that part of ``new`` that the subresource may change."""
    if subresource == "status":
        meta = _with_old(new["metadata"], old["metadata"], STATUS_KEEPS.get(resource, ()))
        return {**old, "metadata": meta, "status": new.get("status", {})}
    kept: Obj = clone(old)
    kept["metadata"] = {key: value for key, value in kept["metadata"].items() if key not in _FROM_NEW}
    kept["metadata"].update({key: value for key, value in new["metadata"].items() if key in _FROM_NEW})
    if subresource == "ephemeralcontainers":
        kept["spec"].pop("ephemeralContainers", None)
        if new["spec"].get("ephemeralContainers"):
            kept["spec"]["ephemeralContainers"] = new["spec"]["ephemeralContainers"]
    elif subresource == "resize":
        for key in ("containers", "initContainers"):
            sizes = {container.get("name"): container for container in new["spec"].get(key) or []}
            for container in kept["spec"].get(key) or []:
                _resize(container, sizes.get(container.get("name"), container))
    return kept


def _resize(container: Obj, wanted: Obj) -> None:
    container["resources"] = wanted.get("resources", {})
    container.pop("resizePolicy", None)
    if wanted.get("resizePolicy"):
        container["resizePolicy"] = wanted["resizePolicy"]


def _keep_metadata(meta: Obj, old: Obj) -> None:
    if not meta.get("uid") and old.get("uid"):
        meta["uid"] = old["uid"]
    for key in ("creationTimestamp", "generation"):
        meta.pop(key, None)
        if key in old:
            meta[key] = old[key]
    if old.get("deletionTimestamp") is not None:
        meta["deletionTimestamp"] = old["deletionTimestamp"]
        meta.setdefault("deletionGracePeriodSeconds", old.get("deletionGracePeriodSeconds"))
    meta.pop("selfLink", None)
    for key in ("name", "namespace"):
        if not meta.get(key) and old.get(key):
            meta[key] = old[key]
