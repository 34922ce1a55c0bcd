"""The conditions that the kubelet keeps in a pod's status (``status/generate.go``)."""

from collections.abc import Mapping
from typing import Any, Final

from podlab.mock.kubelet.actions import sandbox_changed
from podlab.mock.kubelet.restarts import is_sidecar
from podlab.mock.kubelet.runtime.types import PodRuntimeStatus

Obj = dict[str, Any]

KUBELET_CONDITIONS: Final = (
    "PodReadyToStartContainers",
    "Initialized",
    "Ready",
    "ContainersReady",
    "PodScheduled",
    "PodResizePending",
)
TERMINAL_REASONS: Final = {"Failed": "PodFailed", "Succeeded": "PodCompleted"}


def condition(pod: Obj, kind: str, true: bool, reason: str = "", message: str = "") -> Obj:
    """A condition as the API shows it; the status manager adds when it last changed."""
    shown: Obj = {
        "type": kind,
        "observedGeneration": pod["metadata"].get("generation", 1),
        "status": "True" if true else "False",
        "lastProbeTime": None,
        "lastTransitionTime": None,
    }
    if reason:
        shown["reason"] = reason
    if message:
        shown["message"] = message
    return shown


def kubelet_conditions(
    pod: Obj, status: PodRuntimeStatus, statuses: Mapping[str, Obj], phase: str, others: list[Obj]
) -> list[Obj]:
    """All that the kubelet owns, in its order.

    ``others`` are the pod's further conditions, among which readiness gates are looked for.
    """
    containers_ready = _containers_ready(pod, statuses, phase)
    return [
        condition(pod, "PodReadyToStartContainers", not sandbox_changed(status)[0]),
        _initialized(pod, statuses, phase),
        ready_condition(pod, containers_ready, others),
        containers_ready,
        condition(pod, "PodScheduled", True),
    ]


def _containers_ready(pod: Obj, statuses: Mapping[str, Obj], phase: str) -> Obj:
    kind = "ContainersReady"
    spec = pod["spec"]
    watched = [each["name"] for each in spec.get("initContainers") or () if is_sidecar(each)]
    watched += [each["name"] for each in spec["containers"]]
    unknown = [name for name in watched if name not in statuses]
    unready = [name for name in watched if name in statuses and not statuses[name].get("ready")]
    if phase == "Failed" or (phase == "Succeeded" and not unknown):
        return condition(pod, kind, False, TERMINAL_REASONS[phase])
    parts = []
    if unknown:
        parts.append(f"containers with unknown status: {_go_list(unknown)}")
    if unready:
        parts.append(f"containers with unready status: {_go_list(unready)}")
    if parts:
        return condition(pod, kind, False, "ContainersNotReady", ", ".join(parts))
    return condition(pod, kind, True)


def ready_condition(pod: Obj, containers_ready: Obj, others: list[Obj]) -> Obj:
    """``Ready``: all containers are, and all readiness gates are open."""
    if containers_ready["status"] != "True":
        return {**containers_ready, "type": "Ready"}
    found = {each["type"]: each["status"] for each in others}
    problems = []
    for gate in pod["spec"].get("readinessGates") or ():
        kind = gate["conditionType"]
        if kind not in found:
            problems.append(f'corresponding condition of pod readiness gate "{kind}" does not exist.')
        elif found[kind] != "True":
            problems.append(f'the status of pod readiness gate "{kind}" is not "True", but {found[kind]}')
    if problems:
        return condition(pod, "Ready", False, "ReadinessGatesNotReady", ", ".join(problems))
    return condition(pod, "Ready", True)


def _initialized(pod: Obj, statuses: Mapping[str, Obj], phase: str) -> Obj:
    kind = "Initialized"
    spec = pod["spec"]
    unknown, incomplete = [], []
    for container in spec.get("initContainers") or ():
        status = statuses.get(container["name"])
        if status is None:
            unknown.append(container["name"])
        elif not status.get("started" if is_sidecar(container) else "ready"):
            incomplete.append(container["name"])
    if phase == "Succeeded" and not unknown:
        return condition(pod, kind, True, "PodCompleted")
    began = (statuses.get(each["name"], {}).get("state") or {} for each in spec["containers"])
    if any("running" in state or "terminated" in state for state in began):
        return condition(pod, kind, True)
    parts = []
    if unknown:
        parts.append(f"containers with unknown status: {_go_list(unknown)}")
    if incomplete:
        parts.append(f"containers with incomplete status: {_go_list(incomplete)}")
    if parts:
        return condition(pod, kind, False, "ContainersNotInitialized", ", ".join(parts))
    return condition(pod, kind, True)


def _go_list(names: list[str]) -> str:
    return f"[{' '.join(names)}]"
