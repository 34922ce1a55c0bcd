"""What the kubelet last said of each pod, and the writing of it to the API.

Statuses are set by syncs and by probes and written a moment later, so that what changes at one instant is written once. Only
what is written is merged with the API's copy: a pod that may still have running containers is not shown as ended. When a pod
is to be deleted and everything of it has ended, this is who deletes it from the API.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api.client import Client, Informer
from podlab.mock.api.errors import APIError, Conflict, NotFound
from podlab.mock.kernel import Kernel, Timer
from podlab.mock.kubelet.runtime.types import PodRuntimeStatus
from podlab.mock.kubelet.status.conditions import KUBELET_CONDITIONS, TERMINAL_REASONS, kubelet_conditions
from podlab.mock.kubelet.status.containers import KILLED, STATUS_UNKNOWN
from podlab.mock.kubelet.status.generate import TERMINAL

Obj = dict[str, Any]

LOCATED: Final = "The container could not be located when the pod was terminated"


@dataclass(slots=True)
class _Known:
    """A pod, its status, whether that waits to be written, and whether the pod has been finished."""

    pod: Obj
    status: Obj
    dirty: bool = True
    finished: bool = False
    timer: Timer | None = None


class StatusManager:
    """Statuses of all pods of the node.

    Args:
        pods: The API's pods.
        could_run: ``could_run(uid)``: might containers of that pod still run?
        on_change: ``on_change(uid)`` is called when a status becomes another.
        latency_ns: How long a status waits to be written.
    """

    def __init__(
        self,
        kernel: Kernel,
        client: Client,
        pods: Informer,
        could_run: Callable[[str], bool],
        on_change: Callable[[str], None],
        latency_ns: int,
    ) -> None:
        self._kernel = kernel
        self._client = client
        self._pods = pods
        self._could_run = could_run
        self._on_change = on_change
        self._latency_ns = latency_ns
        self._known: dict[str, _Known] = {}

    def get(self, uid: str) -> Obj | None:
        """The status that was set last; not to be changed."""
        known = self._known.get(uid)
        return known.status if known else None

    def set(self, pod: Obj, status: Obj) -> None:
        """Sets a pod's status (the kubelet's part of it)."""
        self._update(pod, status)

    def sandbox_ready(self, pod: Obj) -> None:
        """Says at once that a pod's sandbox is there, before its containers are."""
        status = dict(self.get(pod["metadata"]["uid"]) or pod.get("status", {}))
        status["conditions"] = [
            {**each, "status": "True"} if each["type"] == "PodReadyToStartContainers" else each
            for each in status.get("conditions") or ()
        ]
        self._update(pod, status)

    def set_container(self, uid: str, container_id: str, key: str, value: bool) -> None:
        """Notes what a probe found: ``key`` is ``ready`` or ``started``."""
        known = self._known.get(uid)
        if known is None:
            return
        for kind in ("containerStatuses", "initContainerStatuses"):
            statuses = known.status.get(kind) or []
            for index, each in enumerate(statuses):
                if each.get("containerID") == container_id and each.get(key) != value:
                    changed = [*statuses[:index], {**each, key: value}, *statuses[index + 1 :]]
                    self._update(known.pod, self._with_readiness(known.pod, {**known.status, kind: changed}))
                    return

    def terminate(self, pod: Obj) -> None:
        """A pod has been finished: what is still said to run is lost, and the pod may be deleted."""
        uid = pod["metadata"]["uid"]
        status = dict(self.get(uid) or pod.get("status", {}))
        if _has_initialized(pod, status):
            status["containerStatuses"] = [_ended(each) for each in status.get("containerStatuses") or ()]
        if statuses := status.get("initContainerStatuses"):
            began = max((index + 1 for index, each in enumerate(statuses) if _has_begun(each)), default=0)
            status["initContainerStatuses"] = [_ended(each) for each in statuses[:began]] + statuses[began:]
        if status.get("phase") not in TERMINAL:
            status["phase"] = "Failed"
        self._update(pod, status, finished=True)

    def forget(self, uid: str) -> None:
        """The pod is gone."""
        known = self._known.pop(uid, None)
        if known is not None and known.timer is not None:
            known.timer.cancel()

    # --- setting ---

    def _with_readiness(self, pod: Obj, status: Obj) -> Obj:
        lists = (status.get("initContainerStatuses") or []) + (status.get("containerStatuses") or [])
        statuses = {each["name"]: each for each in lists}
        others = [each for each in status.get("conditions") or () if each["type"] not in KUBELET_CONDITIONS]
        made = kubelet_conditions(pod, PodRuntimeStatus(""), statuses, status["phase"], others)
        ready = {each["type"]: each for each in made if each["type"] in ("Ready", "ContainersReady")}
        return {**status, "conditions": [ready.get(each["type"], each) for each in status["conditions"]]}

    def _update(self, pod: Obj, status: Obj, finished: bool = False) -> None:
        uid = pod["metadata"]["uid"]
        known = self._known.get(uid)
        old = known.status if known else pod.get("status", {})
        status = {**status, "conditions": self._dated(status.get("conditions") or [], old)}
        status.setdefault("startTime", old.get("startTime") or self._kernel.now())
        if known is None:
            known = self._known[uid] = _Known(pod, status)
        elif status == known.status and not finished:
            known.pod = pod
            return
        known.pod, known.status, known.dirty = pod, status, True
        known.finished |= finished
        if known.timer is None:
            known.timer = self._kernel.call_after(self._latency_ns, self._write, uid)
        self._on_change(uid)

    def _dated(self, conditions: list[Obj], old: Obj) -> list[Obj]:
        """The conditions with the times at which they became what they are."""
        before = {each["type"]: each for each in old.get("conditions") or ()}
        dated = []
        for each in conditions:
            last = before.get(each["type"])
            same = last is not None and last["status"] == each["status"] and last.get("lastTransitionTime")
            dated.append({**each, "lastTransitionTime": last["lastTransitionTime"] if last and same else self._kernel.now()})
        return dated

    # --- writing ---

    def _write(self, uid: str) -> None:
        known = self._known.get(uid)
        if known is None:
            return
        known.timer = None
        meta = known.pod["metadata"]
        pod = self._pods.get(meta["namespace"], meta["name"])
        if pod is None or pod["metadata"]["uid"] != uid:
            return
        try:
            if known.dirty:
                pod = self._write_status(pod, known)
            if known.finished and pod["metadata"].get("deletionTimestamp") is not None:
                self._client.delete("pods", meta["namespace"], meta["name"], grace_period_seconds=0, uid=uid)
        except (NotFound, Conflict):
            return
        except APIError as error:
            self._kernel.trace.record("kubelet", "status refused", pod=meta["name"], error=str(error))

    def _write_status(self, pod: Obj, known: _Known) -> Obj:
        known.dirty = False
        status = self._merged(pod, known)
        if status == pod.get("status"):
            return pod
        return self._client.update_status("pods", {**pod, "status": status})

    def _merged(self, pod: Obj, known: _Known) -> Obj:
        """The kubelet's status over the API's; an end of the pod is not told while its containers may run."""
        current: Obj = pod.get("status", {})
        status = dict(known.status)
        kept = [each for each in current.get("conditions") or () if each["type"] not in KUBELET_CONDITIONS]
        status["conditions"] = [each for each in status["conditions"] if each["type"] in KUBELET_CONDITIONS] + kept
        ends = status["phase"] in TERMINAL and current.get("phase") not in TERMINAL
        if ends and self._could_run(pod["metadata"]["uid"]):
            for key in ("phase", "reason", "message"):
                status.pop(key, None)
                if key in current:
                    status[key] = current[key]
        if status["phase"] in TERMINAL:
            status["conditions"] = [_unready(each, status["phase"]) for each in status["conditions"]]
        return _in_order(status)


_ORDER: Final = (
    "observedGeneration",
    "phase",
    "conditions",
    "message",
    "reason",
    "nominatedNodeName",
    "hostIP",
    "hostIPs",
    "podIP",
    "podIPs",
    "startTime",
    "initContainerStatuses",
    "containerStatuses",
    "qosClass",
    "ephemeralContainerStatuses",
    "resourceClaimStatuses",
    "allocatedResources",
    "resources",
)


def _in_order(status: Obj) -> Obj:
    return {key: status[key] for key in _ORDER if key in status}


def _unready(condition: Obj, phase: str) -> Obj:
    if condition["type"] not in ("Ready", "ContainersReady") or condition["status"] == "False":
        return condition
    return {**condition, "status": "False", "reason": TERMINAL_REASONS[phase]}


def _has_initialized(pod: Obj, status: Obj) -> bool:
    if not pod["spec"].get("initContainers"):
        return True
    statuses = status.get("containerStatuses") or []
    if any("waiting" not in each["state"] or each.get("lastState") for each in statuses):
        return True
    inits = status.get("initContainerStatuses") or []
    last = inits[-1]["state"].get("terminated") if inits else None
    return last is not None and last["exitCode"] == 0


def _has_begun(status: Obj) -> bool:
    return "waiting" not in status["state"] or bool((status.get("lastState") or {}).get("terminated"))


def _ended(status: Obj) -> Obj:
    """A container status that says it has ended, whatever was known."""
    if status["state"].get("terminated") is not None:
        return status
    lost = {"exitCode": KILLED, "reason": STATUS_UNKNOWN, "message": LOCATED, "startedAt": None, "finishedAt": None}
    return {**status, "state": {"terminated": lost}}
