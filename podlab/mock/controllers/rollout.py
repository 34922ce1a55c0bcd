"""How many pods of which revision: the arithmetic of rolling updates and proportional scaling.

Pure functions on Deployments and ReplicaSets.
"""

from typing import Any

from podlab.mock.controllers.revisions import fenceposts

Obj = dict[str, Any]

MAXIMUM = "deployment.kubernetes.io/max-replicas"
DESIRED = "deployment.kubernetes.io/desired-replicas"


def _limits(deployment: Obj) -> tuple[int, int]:
    """(surge, unavailable) in pods; a Deployment that recreates has neither."""
    rolling = deployment["spec"]["strategy"].get("rollingUpdate")
    if not rolling:
        return 0, 0
    return fenceposts(rolling["maxSurge"], rolling["maxUnavailable"], deployment["spec"]["replicas"])


def _sum(sets: list[Obj]) -> int:
    return sum(s["spec"]["replicas"] for s in sets)


def _available(sets: list[Obj]) -> int:
    return sum((s.get("status") or {}).get("availableReplicas", 0) for s in sets)


def first_size(deployment: Obj, sets: list[Obj]) -> int:
    """The size at which the set of a new template begins."""
    if deployment["spec"]["strategy"]["type"] == "Recreate":
        return int(deployment["spec"]["replicas"])
    return _grown(deployment, 0, sets)


def _grown(deployment: Obj, size: int, sets: list[Obj]) -> int:
    replicas = deployment["spec"]["replicas"]
    room = replicas + _limits(deployment)[0] - _sum(sets)
    return size if room <= 0 else size + min(room, replicas - size)


def grow(deployment: Obj, newest: Obj, sets: list[Obj]) -> int | None:
    """The next size of the newest set, or None when it has the size that it shall have."""
    replicas, size = deployment["spec"]["replicas"], newest["spec"]["replicas"]
    if size == replicas:
        return None
    return int(replicas) if size > replicas else _grown(deployment, size, sets)


def shrink(deployment: Obj, newest: Obj, old: list[Obj]) -> list[tuple[Obj, int]]:
    """Which old sets become how small: first pods that are not available anyway, then as many as may be missed."""
    if not _sum(old):
        return []
    minimum = deployment["spec"]["replicas"] - _limits(deployment)[1]
    not_yet = newest["spec"]["replicas"] - (newest.get("status") or {}).get("availableReplicas", 0)
    allowed = _sum([*old, newest]) - minimum - not_yet
    if allowed <= 0:
        return []
    sizes = {id(s): int(s["spec"]["replicas"]) for s in old}
    for replica_set in old:
        unhealthy = sizes[id(replica_set)] - (replica_set.get("status") or {}).get("availableReplicas", 0)
        gone = max(min(allowed, unhealthy), 0)
        sizes[id(replica_set)] -= gone
        allowed -= gone
    spare = _available([*old, newest]) - minimum
    for replica_set in old:
        gone = max(min(spare, sizes[id(replica_set)]), 0)
        sizes[id(replica_set)] -= gone
        spare -= gone
    return [(s, sizes[id(s)]) for s in old if sizes[id(s)] != s["spec"]["replicas"]]


def resize(deployment: Obj, newest: Obj | None, sets: list[Obj]) -> list[tuple[Obj, int]]:
    """Sizes after `replicas` was changed: the only active set follows; of several in the middle of a rollout, each in
    proportion.
    """
    replicas = deployment["spec"]["replicas"]
    living = [s for s in sets if s["spec"]["replicas"] > 0]
    if len(living) <= 1:
        only = living[0] if living else newest or (sets[-1] if sets else None)
        return [(only, replicas)] if only is not None else []
    if newest is not None and _saturated(deployment, newest):
        return [(s, 0) for s in living if s is not newest]
    if deployment["spec"]["strategy"]["type"] != "RollingUpdate":
        return []
    allowed = replicas + _limits(deployment)[0] if replicas > 0 else 0
    return _proportional(deployment, sorted(living, key=lambda s: -s["spec"]["replicas"]), allowed)


def _saturated(deployment: Obj, newest: Obj) -> bool:
    replicas = deployment["spec"]["replicas"]
    desired = (newest["metadata"].get("annotations") or {}).get(DESIRED)
    return bool(newest["spec"]["replicas"] == replicas and desired == str(replicas) and _available([newest]) == replicas)


def _proportional(deployment: Obj, living: list[Obj], allowed: int) -> list[tuple[Obj, int]]:
    to_add = allowed - _sum(living)
    sizes: list[int] = []
    added = 0
    for replica_set in living:
        size = replica_set["spec"]["replicas"]
        before = int((replica_set["metadata"].get("annotations") or {}).get(MAXIMUM, deployment["spec"]["replicas"])) or 1
        share = round(size * (deployment["spec"]["replicas"] + _limits(deployment)[0]) / before) - size
        share = min(share, to_add - added) if to_add > 0 else max(share, to_add - added)
        sizes.append(size + share)
        added += share
    sizes[0] = max(sizes[0] + to_add - added, 0)
    return list(zip(living, sizes, strict=True))
