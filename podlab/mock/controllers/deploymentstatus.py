"""What is told of a Deployment: counts, and the conditions Available and Progressing with their reasons."""

from typing import Any

from podlab.mock.controllers.base import condition
from podlab.mock.controllers.revisions import fenceposts
from podlab.mock.kernel import SECOND, Kernel, Time
from podlab.mock.store import clone

Obj = dict[str, Any]

NO_DEADLINE = 2**31 - 1


def _set(status: Obj, kernel: Kernel, kind: str, value: str, reason: str, message: str, *, again: bool = False) -> None:
    """Sets a condition; one that is the same already is left as it is, unless `again` renews its update time."""
    current = condition(status, kind)
    if current is not None and current["status"] == value and current["reason"] == reason and not again:
        return
    now = kernel.now()
    changed = now if current is None or current["status"] != value else current["lastTransitionTime"]
    fresh = {
        "type": kind,
        "status": value,
        "lastUpdateTime": now,
        "lastTransitionTime": changed,
        "reason": reason,
        "message": message,
    }
    status["conditions"] = [c for c in status.get("conditions") or () if c["type"] != kind] + [fresh]


def _deadline(deployment: Obj) -> int | None:
    seconds = deployment["spec"].get("progressDeadlineSeconds")
    return None if seconds is None or seconds == NO_DEADLINE else int(seconds)


def created(deployment: Obj, replica_set: Obj, kernel: Kernel) -> None:
    """A new set was made: that is progress."""
    if _deadline(deployment) is not None:
        text = f'Created new replica set "{replica_set["metadata"]["name"]}"'
        _set(deployment.setdefault("status", {}), kernel, "Progressing", "True", "NewReplicaSetCreated", text)


def found(deployment: Obj, replica_set: Obj, kernel: Kernel) -> None:
    """The set was there already (after a rollback by adoption, say)."""
    status = deployment.setdefault("status", {})
    if _deadline(deployment) is not None and condition(status, "Progressing") is None:
        _set(
            status,
            kernel,
            "Progressing",
            "True",
            "FoundNewReplicaSet",
            f'Found new replica set "{replica_set["metadata"]["name"]}"',
        )


def mark_paused(deployment: Obj, kernel: Kernel) -> None:
    """Tells when a Deployment is paused and when it goes on: its deadline does not run meanwhile."""
    if _deadline(deployment) is None:
        return
    status = deployment.setdefault("status", {})
    progressing = condition(status, "Progressing")
    was_paused = progressing is not None and progressing["reason"] == "DeploymentPaused"
    if progressing is not None and progressing["reason"] == "ProgressDeadlineExceeded":
        return
    if deployment["spec"].get("paused") and not was_paused:
        _set(status, kernel, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
    elif not deployment["spec"].get("paused") and was_paused:
        _set(status, kernel, "Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed")


def complete(deployment: Obj, status: Obj) -> bool:
    """Whether every pod is of the present template, available, and the status is of this generation."""
    replicas = deployment["spec"]["replicas"]
    counts = [status.get(name, 0) for name in ("updatedReplicas", "replicas", "availableReplicas")]
    return counts == [replicas] * 3 and status.get("observedGeneration", 0) >= deployment["metadata"].get("generation", 0)


def calculate(deployment: Obj, sets: list[Obj], newest: Obj | None, kernel: Kernel) -> Obj:
    """The status now."""
    before = deployment.get("status") or {}

    def total(name: str) -> int:
        return sum((s.get("status") or {}).get(name, 0) for s in sets)

    replicas, available = total("replicas"), total("availableReplicas")
    status: Obj = {"observedGeneration": deployment["metadata"].get("generation", 0)}
    counts = {
        "replicas": replicas,
        "updatedReplicas": ((newest or {}).get("status") or {}).get("replicas", 0),
        "readyReplicas": total("readyReplicas"),
        "availableReplicas": available,
        "unavailableReplicas": max(replicas - available, 0),
    }
    status |= {name: count for name, count in counts.items() if count}
    status["terminatingReplicas"] = total("terminatingReplicas")
    if before.get("collisionCount"):
        status["collisionCount"] = before["collisionCount"]
    status["conditions"] = clone(before.get("conditions") or [])
    _set_available(deployment, status, kernel)
    if not deployment["spec"].get("paused"):
        _set_progressing(deployment, before, status, newest, kernel)
    _set_failure(status, sets, newest)
    return status


def _set_available(deployment: Obj, status: Obj, kernel: Kernel) -> None:
    replicas = deployment["spec"]["replicas"]
    rolling = deployment["spec"]["strategy"].get("rollingUpdate")
    missing = fenceposts(rolling["maxSurge"], rolling["maxUnavailable"], replicas)[1] if rolling else 0
    if status.get("availableReplicas", 0) >= replicas - missing:
        _set(status, kernel, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    else:
        _set(status, kernel, "Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")


def _set_progressing(deployment: Obj, before: Obj, status: Obj, newest: Obj | None, kernel: Kernel) -> None:
    if _deadline(deployment) is None:
        status["conditions"] = [c for c in status["conditions"] if c["type"] != "Progressing"]
        return
    current = condition(status, "Progressing")
    settled = current is not None and current["reason"] == "NewReplicaSetAvailable"
    if settled and status.get("replicas", 0) == status.get("updatedReplicas", 0):
        return
    who = f'ReplicaSet "{newest["metadata"]["name"]}"' if newest is not None else f'Deployment "{deployment["metadata"]["name"]}"'
    if complete(deployment, status):
        _set(status, kernel, "Progressing", "True", "NewReplicaSetAvailable", f"{who} has successfully progressed.")
    elif _progressed(before, status):
        _set(status, kernel, "Progressing", "True", "ReplicaSetUpdated", f"{who} is progressing.", again=True)
    elif _timed_out(deployment, status, kernel):
        _set(status, kernel, "Progressing", "False", "ProgressDeadlineExceeded", f"{who} has timed out progressing.")


def _progressed(before: Obj, now: Obj) -> bool:
    def of(status: Obj, name: str) -> int:
        return int(status.get(name, 0))

    return (
        of(now, "updatedReplicas") > of(before, "updatedReplicas")
        or of(now, "replicas") - of(now, "updatedReplicas") < of(before, "replicas") - of(before, "updatedReplicas")
        or of(now, "readyReplicas") > of(before, "readyReplicas")
        or of(now, "availableReplicas") > of(before, "availableReplicas")
    )


def _ends_at(deployment: Obj, status: Obj) -> int | None:
    """When the progress deadline passes (ns), while one runs."""
    current = condition(status, "Progressing")
    seconds = _deadline(deployment)
    if (
        current is None
        or seconds is None
        or current["reason"] in ("NewReplicaSetAvailable", "ProgressDeadlineExceeded", "DeploymentPaused")
    ):
        return None
    since: Time = current["lastUpdateTime"]
    return since.offset_ns + seconds * SECOND


def _timed_out(deployment: Obj, status: Obj, kernel: Kernel) -> bool:
    ends = _ends_at(deployment, status)
    return ends is not None and kernel.now_ns >= ends


def until_deadline(deployment: Obj, status: Obj, kernel: Kernel) -> int | None:
    """How long until the deadline has to be looked at (ns), or None."""
    ends = _ends_at(deployment, status)
    return None if ends is None or complete(deployment, status) else max(ends - kernel.now_ns, 0)


def _set_failure(status: Obj, sets: list[Obj], newest: Obj | None) -> None:
    """A set that cannot make its pods makes it known above."""
    rest = [c for c in status["conditions"] if c["type"] != "ReplicaFailure"]
    for replica_set in [newest, *sets]:
        failure = condition((replica_set or {}).get("status") or {}, "ReplicaFailure")
        if failure is not None:
            rest.append({**failure, "lastUpdateTime": failure["lastTransitionTime"]})
            break
    status["conditions"] = rest
