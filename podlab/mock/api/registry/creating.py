"""Creating: from a decoded object to a stored one."""

from dataclasses import replace
from typing import Any, Final

from podlab.mock.api import warnings
from podlab.mock.api.admission import check_admission, check_overhead
from podlab.mock.api.errors import AlreadyExists, APIError, BadRequest, quote
from podlab.mock.api.managed import Writer
from podlab.mock.api.options import WriteOptions
from podlab.mock.api.registry.base import Registry
from podlab.mock.api.registry.namespaces import check_namespace
from podlab.mock.api.resources import Resource
from podlab.mock.store import AlreadyExistsError

Obj = dict[str, Any]

_NAME_TRIES: Final = 8


def create_object(registry: Registry, resource: Resource, namespace: str, obj: Obj, options: WriteOptions) -> Obj:
    """Stores a new object, of which it keeps a copy, and gives it as stored.

    Raises:
        APIError: whatever the rules of the resource find wrong with it.
    """
    meta = obj.get("metadata") or {}
    if meta.get("namespace") and meta["namespace"] != namespace:
        raise BadRequest("the namespace of the provided object does not match the namespace sent on the request")
    if resource.namespaced:
        check_namespace(registry, resource.key, namespace, meta.get("name", ""))
    admission = registry.admission(resource)
    obj = admission.apply_defaults(obj)
    writer = Writer(options.field_manager, resource.api_version, "", registry.kernel.now())
    if "managedFields" in meta and options.force:
        managed = meta["managedFields"]  # server-side apply has made them
    else:
        managed = registry.field_manager(resource).update(None, obj, writer)
    context = registry.context(resource)
    if options.dry_run:
        context = replace(context, allocate=None)  # addresses and ports are given only to what is stored
    for attempt in range(_NAME_TRIES):
        ready = admission.prepare_for_create(obj, namespace, context)
        admission.validate_create(ready)
        options.warnings.extend(warnings.on_create(resource.key, ready) if attempt == 0 else ())
        _check_new(meta)
        try:
            return _store(registry, resource, namespace, ready, managed, options)
        except AlreadyExistsError as error:
            name = ready["metadata"]["name"]
            if meta.get("name") or not meta.get("generateName"):
                raise _exists(registry, resource, namespace, name) from error
            if attempt == _NAME_TRIES - 1:
                raise AlreadyExists.generated(resource.key, name) from error
    raise AssertionError("unreachable")


def _check_new(meta: Obj) -> None:
    """What is stored has a version; the storage refuses it in its own words, but sees no version in what is not a number."""
    version = meta.get("resourceVersion") or ""
    if version.isascii() and version.isdigit() and int(version):
        raise APIError("resourceVersion should not be set on objects to be created")


def _store(registry: Registry, resource: Resource, namespace: str, obj: Obj, managed: list[Obj], options: WriteOptions) -> Obj:
    name = obj["metadata"].get("name", "")
    if not name or "/" in name:
        raise BadRequest(f"Name parameter invalid: {quote(name)}: may not contain '/'" if name else "Name parameter required.")
    meta = _metadata(obj["metadata"], managed, options.dry_run)
    obj = {**obj, "metadata": meta}
    key = (resource.storage_key, namespace, meta["name"])
    if registry.store.find(key) is not None:
        raise AlreadyExistsError(key)
    quotas = _charge(registry, resource, namespace, obj)
    if options.dry_run:
        return obj
    stored = registry.store.create(key, obj)
    for quota in quotas:
        registry.store.update(("resourcequotas", namespace, quota["metadata"]["name"]), quota)
    registry.strategy(resource).after_create(registry, stored)
    return stored


def _metadata(meta: Obj, managed: list[Obj], dry_run: bool) -> Obj:
    """The metadata with its managed fields, and with room for the version where the Go struct has it."""
    result: Obj = {}
    for key, value in meta.items():
        if key == "managedFields":
            continue
        result[key] = value
        if key == "uid" and not dry_run:
            result["resourceVersion"] = ""
    if managed:
        result["managedFields"] = managed
    return result


def _charge(registry: Registry, resource: Resource, namespace: str, obj: Obj) -> list[Obj]:
    """The quotas of the namespace as they are once the object is there. Raises Forbidden."""
    if not namespace:
        return []
    if resource.key == "pods":
        named = obj["spec"].get("runtimeClassName")
        check_overhead(obj, registry.store.find(("runtimeclasses.node.k8s.io", "", named)) if named else None)
    limits, quotas = registry.list("limitranges", namespace), registry.list("resourcequotas", namespace)
    return check_admission(resource.key, obj, limits, quotas) if limits or quotas else []


def _exists(registry: Registry, resource: Resource, namespace: str, name: str) -> AlreadyExists:
    error = AlreadyExists(resource.key, name)
    existing = registry.store.find((resource.storage_key, namespace, name))
    if existing is not None and existing["metadata"].get("deletionTimestamp") is not None:
        error.status["message"] = f"object is being deleted: {error.status['message']}"
    return error
