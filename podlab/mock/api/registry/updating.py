"""Updating: replacing a stored object, as a whole or through a subresource."""

from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api import warnings
from podlab.mock.api.admission import check_admission, status_stands_alone
from podlab.mock.api.errors import BadRequest, Cause, Conflict, Invalid, NotFound, quote
from podlab.mock.api.managed import Writer
from podlab.mock.api.options import WriteOptions
from podlab.mock.api.registry.base import Registry
from podlab.mock.api.registry.creating import create_object
from podlab.mock.api.resources import Resource

Obj = dict[str, Any]

_NEVER_CHANGED: Final = ("resourceVersion", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")
"""Metadata that an update leaves as it is, whatever the client sends."""


@dataclass(frozen=True, slots=True)
class Target:
    """Which object a request is about."""

    resource: Resource
    namespace: str
    name: str
    subresource: str = ""


def check_identity(target: Target, obj: Obj) -> Obj:
    """The object with the name and namespace of the request, should it leave them out. Raises BadRequest when they differ."""
    meta = obj.get("metadata") or {}
    name, namespace = meta.get("name"), meta.get("namespace")
    if name and name != target.name:
        raise BadRequest(f"the name of the object ({name}) does not match the name on the URL ({target.name})")
    if not name:
        obj = {**obj, "metadata": {**meta, "name": target.name}}
        meta = obj["metadata"]
    if namespace and namespace != target.namespace:
        raise BadRequest("the namespace of the provided object does not match the namespace sent on the request")
    if target.namespace and not namespace:
        return {**obj, "metadata": {**meta, "namespace": target.namespace}}
    return obj


def update_object(registry: Registry, target: Target, obj: Obj, options: WriteOptions) -> tuple[Obj, bool]:
    """Replaces the stored object with a decoded one (an update).

    Returns:
        The stored object, and whether it was created.

    Raises:
        APIError: Conflict, NotFound, or what the rules of the resource find wrong.
    """
    resource, strategy = target.resource, registry.strategy(target.resource)
    obj = check_identity(target, obj)
    old = registry.store.find((resource.storage_key, target.namespace, target.name))
    if old is None:
        if not strategy.create_on_update or target.subresource:
            raise NotFound(resource.key, target.name)
        meta = {key: value for key, value in obj["metadata"].items() if key != "resourceVersion"}
        return create_object(registry, resource, target.namespace, {**obj, "metadata": meta}, options), True
    meta = obj["metadata"]
    if meta.get("uid") and meta["uid"] != old["metadata"].get("uid"):
        why = f"Precondition failed: UID in precondition: {meta['uid']}, UID in object meta: {old['metadata'].get('uid', '')}"
        raise Conflict(resource.key, target.name, why)
    _check_version(resource, strategy.unconditional_update, meta, old)
    if meta.get("managedFields") == old["metadata"].get("managedFields"):
        obj = without_managed_fields(obj)
    if resource.custom is not None or not status_stands_alone(resource.key, target.subresource):
        obj = registry.admission(resource).apply_defaults(obj)
    return replace_object(registry, target, obj, old, options), False


def without_managed_fields(obj: Obj) -> Obj:
    """The object without its managed fields: then those that are stored go on, and are not copied on the way."""
    meta = obj["metadata"]
    if "managedFields" not in meta:
        return obj
    return {**obj, "metadata": {key: value for key, value in meta.items() if key != "managedFields"}}


def replace_object(
    registry: Registry, target: Target, new: Obj, old: Obj, options: WriteOptions, managed: list[Obj] | None = None
) -> Obj:
    """Puts a defaulted object in the place of the stored one: admission, validation, managed fields.

    ``managed`` are the managed fields that server-side apply has found; None to find them here.
    """
    resource, strategy, admission = target.resource, registry.strategy(target.resource), registry.admission(target.resource)
    new = strategy.before_update(registry, new, old, target.subresource)
    if managed is None:
        writer = Writer(options.field_manager, resource.api_version, target.subresource, registry.kernel.now())
        managed = registry.field_manager(resource).update(old, _seen_through(new, old, target), writer)
    new = without_managed_fields(new)
    kept = {key: old["metadata"][key] for key in _NEVER_CHANGED if key in old["metadata"]}
    new = {**new, "metadata": {**new["metadata"], **kept}}
    new = admission.prepare_for_update(new, old, registry.context(resource), target.subresource)
    admission.validate_update(new, old, target.subresource)
    if not target.subresource:
        options.warnings.extend(warnings.on_update(resource.key, new, old))
    meta = {key: value for key, value in new["metadata"].items() if key != "managedFields"}
    if managed:
        meta["managedFields"] = managed
    return store_replacement(registry, target, {**new, "metadata": meta}, old, options)


def store_replacement(registry: Registry, target: Target, new: Obj, old: Obj, options: WriteOptions) -> Obj:
    """Stores what has been found right; nothing happens when nothing changed, and an object whose end has come goes."""
    resource, strategy = target.resource, registry.strategy(target.resource)
    key = (resource.storage_key, target.namespace, target.name)
    meta = new["metadata"]
    ending = meta.get("deletionTimestamp") is not None and not meta.get("finalizers")
    if ending and strategy.may_vanish(new):
        if options.dry_run:
            return new
        gone = registry.store.delete(key)
        strategy.after_delete(registry, gone)
        return new
    if new == old:
        return old
    quotas = _charge(registry, resource, target.namespace, new, old)
    if options.dry_run:
        return new
    stored = registry.store.update(key, _sharing(new, old))
    for quota in quotas:
        registry.store.update(("resourcequotas", target.namespace, quota["metadata"]["name"]), quota)
    strategy.after_update(registry, stored, old)
    return stored


def _charge(registry: Registry, resource: Resource, namespace: str, new: Obj, old: Obj) -> list[Obj]:
    if not namespace or resource.key == "resourcequotas":
        return []
    limits, quotas = registry.list("limitranges", namespace), registry.list("resourcequotas", namespace)
    return check_admission(resource.key, new, limits, quotas, old) if limits or quotas else []


def _seen_through(new: Obj, old: Obj, target: Target) -> Obj:
    """What a writer of a subresource writes: the status alone, or all but the status."""
    section = {"status": "status", "": "status"}.get(target.subresource)
    if section is None or "status" not in target.resource.subresources:
        return new
    if target.subresource == "status":
        kept = {key: value for key, value in old.items() if key != "status"}
        meta = {**old["metadata"], **{key: new["metadata"][key] for key in ("managedFields",) if key in new["metadata"]}}
        return {**kept, "metadata": meta, **({"status": new["status"]} if "status" in new else {})}
    kept = {key: value for key, value in new.items() if key != "status"}
    return {**kept, **({"status": old["status"]} if "status" in old else {})}


def _check_version(resource: Resource, unconditional: bool, meta: Obj, old: Obj) -> None:
    version = meta.get("resourceVersion")
    if not version or version == "0":
        if not unconditional:
            cause = Cause("FieldValueInvalid", "Invalid value: 0: must be specified for an update", "metadata.resourceVersion")
            raise Invalid(resource.qualified_kind, old["metadata"]["name"], [cause])
        return
    if not str(version).isdigit():
        why = f"Invalid value: {quote(str(version))}: must be specified for an update"
        raise Invalid(
            resource.qualified_kind, old["metadata"]["name"], [Cause("FieldValueInvalid", why, "metadata.resourceVersion")]
        )
    if version != old["metadata"]["resourceVersion"]:
        raise Conflict(resource.key, old["metadata"]["name"])


def _sharing(new: Obj, old: Obj) -> Obj:
    """``new`` with the parts that equal those of ``old`` shared, so that history costs only what changed."""
    result = {key: old[key] if key in old and value == old[key] else value for key, value in new.items()}
    if "metadata" in old and result["metadata"] is not old["metadata"]:
        before = old["metadata"]
        result["metadata"] = {
            key: before[key] if key in before and value == before[key] else value for key, value in new["metadata"].items()
        }
    return result
