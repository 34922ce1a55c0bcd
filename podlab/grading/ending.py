"""How a pod ends when it is deleted: exit codes, times and last words of its containers.

A pod that has ended is gone, and its logs with it. So a finalizer holds the object until what is left of it was read.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from podlab.errors import NotFound, Obj, PodlabError
from podlab.lab import Lab
from podlab.lab.history import seconds_between

FINALIZER: Final = "podlab.dev/grader"


@dataclass(frozen=True, slots=True)
class Ending:
    """What was left of a pod.

    Attributes:
        ends: How each container ended, as its status tells it (`exitCode`, `finishedAt`, `reason`), by name.
        logs: All that each wrote.
        asked: When the deletion was asked for.
    """

    ends: dict[str, Obj]
    logs: dict[str, str]
    asked: str

    @property
    def exit_codes(self) -> dict[str, int]:
        """Exit codes by container."""
        return {name: int(end["exitCode"]) for name, end in self.ends.items()}

    def seconds(self, container: str) -> float:
        """How long after the deletion was asked for a container ended; endless for one that is not there."""
        end = self.ends.get(container)
        return seconds_between(self.asked, end["finishedAt"]) if end else float("inf")

    def told(self) -> str:
        """In a line, for a reason."""
        return "; ".join(f"{name} ended with {code} after {self.seconds(name):.0f} s" for name, code in self.exit_codes.items())


def end(lab: Lab, pod: Obj, timeout: float) -> Ending:
    """Deletes a pod as `kubectl delete` does, and tells how it ended.

    Args:
        lab: Its cluster.
        pod: The pod.
        timeout: How many seconds it may take.

    Raises:
        PodlabError: It did not end.
    """
    target = lab.api.target(pod)
    _hold(lab, target.path(), [FINALIZER])
    try:
        lab.delete(pod, wait=False)
        lab.wait(pod, _over, timeout)
        found: Obj = lab.get(pod)
        ends = {status["name"]: _end(status) for status in _statuses(found) if _end(status)}
        return Ending(ends, {name: _log(lab, pod, name) for name in ends}, _asked(found))
    finally:
        _hold(lab, target.path(), [])


def release(lab: Lab, what: str) -> None:
    """Takes all finalizers off an object, so that nothing holds it back when it is deleted."""
    with suppress(NotFound):
        if lab.get(what)["metadata"].get("finalizers"):
            _hold(lab, lab.api.target(what).path(), [])


def _hold(lab: Lab, path: str, finalizers: list[str]) -> None:
    body = {"metadata": {"finalizers": finalizers}}
    lab.api.connection.json("PATCH", path, body=body, content_type="application/merge-patch+json")


def _asked(pod: Obj) -> str:
    """When the deletion was asked for: `deletionTimestamp` is the grace period later."""
    late = datetime.fromisoformat(pod["metadata"]["deletionTimestamp"])
    return (late - timedelta(seconds=pod["metadata"].get("deletionGracePeriodSeconds", 0))).isoformat()


def _statuses(pod: Obj) -> list[Obj]:
    """The containers that ran until the end: the plain ones, and native sidecars."""
    sidecars = {c["name"] for c in pod["spec"].get("initContainers") or [] if c.get("restartPolicy") == "Always"}
    status = pod.get("status") or {}
    early = [s for s in status.get("initContainerStatuses") or [] if s["name"] in sidecars]
    return [*(status.get("containerStatuses") or []), *early]


def _end(status: Obj) -> Obj:
    ended: Obj = (status.get("state") or {}).get("terminated") or {}
    return ended


def _over(pod: Obj) -> bool:
    return all(_end(status) for status in _statuses(pod))


def _log(lab: Lab, pod: Obj, container: str) -> str:
    try:
        return lab.logs(pod, container)
    except PodlabError:
        return ""
