"""Deleting: at once, gracefully, or by marking what still has finalizers; singly and in collections."""

from typing import Any, Final

from podlab.mock.api.errors import Conflict
from podlab.mock.api.options import DeleteOptions
from podlab.mock.api.registry.base import Registry
from podlab.mock.api.registry.updating import Target
from podlab.mock.kernel import SECOND, Time

Obj = dict[str, Any]

ORPHAN: Final = "orphan"
FOREGROUND: Final = "foregroundDeletion"
_JOB_WARNING: Final = (
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set "
    "propagationPolicy=Orphan to suppress this warning"
)


def delete_object(registry: Registry, target: Target, options: DeleteOptions) -> tuple[Obj, bool]:
    """Deletes an object, or begins to.

    Returns:
        Its last state, and whether it is gone.

    Raises:
        NotFound: there is none.
        Conflict: a precondition does not hold.
        Forbidden: it must stay.
    """
    resource, strategy = target.resource, registry.strategy(target.resource)
    obj = registry.get(resource, target.namespace, target.name)
    strategy.check_delete(registry, obj)
    _check_preconditions(target, obj, options)
    _warn(target, options)
    grace = strategy.grace_seconds(obj, options)
    if obj["metadata"].get("deletionTimestamp") is not None:
        return _delete_again(registry, target, obj, options, grace)
    finalizers = deletion_finalizers(strategy.orphans_by_default, obj["metadata"].get("finalizers") or [], options)
    waits = bool(finalizers) or (resource.key == "namespaces" and bool((obj.get("spec") or {}).get("finalizers")))
    if not grace and not waits:
        if grace == 0:
            obj = _write(registry, target, mark(obj, registry.kernel.now(), 0, finalizers), obj, options)
        return _remove(registry, target, obj, options), True
    if grace is None and resource.key == "namespaces":
        obj = {**obj, "status": {**(obj.get("status") or {}), "phase": "Terminating"}}
        marked = mark(obj, registry.kernel.now(), None, finalizers)
    else:
        marked = mark(obj, registry.kernel.now(), grace or 0, finalizers)
    return _write(registry, target, marked, obj, options), False


def mark(obj: Obj, now: Time, grace: int | None, finalizers: list[str]) -> Obj:
    """The object with the mark of deletion, and these finalizers."""
    meta = {key: value for key, value in obj["metadata"].items() if key != "finalizers"}
    if meta.get("generation"):
        meta["generation"] += 1
    at = Time(now.offset_ns + (grace or 0) * SECOND)
    marked: Obj = {}
    for key, value in meta.items():
        marked[key] = value
        if key == "creationTimestamp":
            marked["deletionTimestamp"] = at
            if grace is not None:
                marked["deletionGracePeriodSeconds"] = grace
    marked.setdefault("deletionTimestamp", at)
    if finalizers:
        marked["finalizers"] = finalizers
    return {**obj, "metadata": marked}


def deletion_finalizers(orphans_by_default: bool, finalizers: list[str], options: DeleteOptions) -> list[str]:
    """The finalizers with those of the garbage collector set as the request asks."""
    policy = options.propagation_policy
    if policy is None and options.orphan_dependents is not None:
        policy = "Orphan" if options.orphan_dependents else "Background"
    if policy is None:
        if ORPHAN in finalizers or FOREGROUND in finalizers:
            return finalizers
        policy = "Orphan" if orphans_by_default else "Background"
    kept = [one for one in finalizers if one not in (ORPHAN, FOREGROUND)]
    return kept + {"Orphan": [ORPHAN], "Foreground": [FOREGROUND]}.get(policy, [])


def _delete_again(registry: Registry, target: Target, obj: Obj, options: DeleteOptions, grace: int | None) -> tuple[Obj, bool]:
    """The object is marked already: its time may only get shorter, and it goes when nothing holds it."""
    meta = obj["metadata"]
    left = meta.get("deletionGracePeriodSeconds")
    held = bool(meta.get("finalizers")) or (
        target.resource.key == "namespaces" and bool((obj.get("spec") or {}).get("finalizers"))
    )
    if grace is not None and left is not None:
        asked = options.grace_period_seconds
        if asked is None or (asked >= left and left > 0):
            return obj, False
        if asked < 0:
            asked = 1
        at = Time(meta["deletionTimestamp"].offset_ns - (left - asked) * SECOND)
        shorter = {**obj, "metadata": {**meta, "deletionTimestamp": at, "deletionGracePeriodSeconds": asked}}
        if asked < left:
            obj = _write(registry, target, shorter, obj, options)
        if asked == 0 and not held:
            return _remove(registry, target, obj, options), True
        return obj, False
    if held:
        return obj, False
    return _remove(registry, target, obj, options), True


def _write(registry: Registry, target: Target, new: Obj, old: Obj, options: DeleteOptions) -> Obj:
    """Stores a mark of deletion; unlike an update, this removes nothing."""
    if options.dry_run or new == old:
        return new
    resource = target.resource
    stored = registry.store.update((resource.storage_key, target.namespace, target.name), new)
    registry.strategy(resource).after_update(registry, stored, old)
    return stored


def _remove(registry: Registry, target: Target, obj: Obj, options: DeleteOptions) -> Obj:
    if options.dry_run:
        return obj
    gone = registry.store.delete((target.resource.storage_key, target.namespace, target.name))
    registry.strategy(target.resource).after_delete(registry, gone)
    return gone


def _check_preconditions(target: Target, obj: Obj, options: DeleteOptions) -> None:
    meta = obj["metadata"]
    if options.uid is not None and options.uid != meta.get("uid"):
        raise Conflict(
            target.resource.key,
            target.name,
            f"the UID in the precondition ({options.uid}) does not match the UID in record ({meta.get('uid', '')}). "
            "The object might have been deleted and then recreated",
        )
    if options.resource_version is not None and options.resource_version != meta["resourceVersion"]:
        raise Conflict(
            target.resource.key,
            target.name,
            f"the ResourceVersion in the precondition ({options.resource_version}) does not match the ResourceVersion in record "
            f"({meta['resourceVersion']}). The object might have been modified",
        )


def _warn(target: Target, options: DeleteOptions) -> None:
    unasked = options.propagation_policy is None and options.orphan_dependents is None
    if target.resource.key == "jobs.batch" and unasked:
        options.warnings.append(_JOB_WARNING)
