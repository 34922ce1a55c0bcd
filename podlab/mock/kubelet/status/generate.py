"""A pod's whole status, as a sync makes it (the kubelet's ``generateAPIPodStatus``)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from podlab.mock.api.defaulting.resources import pod_resources, qos_class
from podlab.mock.kubelet.runtime.types import PodRuntimeStatus
from podlab.mock.kubelet.status.conditions import KUBELET_CONDITIONS, kubelet_conditions
from podlab.mock.kubelet.status.containers import Failures, container_statuses
from podlab.mock.kubelet.status.phase import pod_phase

Obj = dict[str, Any]

TERMINAL: tuple[str, ...] = ("Succeeded", "Failed")


@dataclass(frozen=True, slots=True)
class Eviction:
    """Why the kubelet itself ends a pod."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class StatusInput:
    """What a status is made from, beside the pod and the runtime's status.

    Attributes:
        old: The status that was made last.
        failures: Containers that could not be started.
        host_ip: The node's address.
        set_readiness: Fills ``started`` and ``ready`` into container statuses, from the probes' results.
        eviction: Set when the kubelet ends the pod.
        further: Conditions beside the usual ones.
    """

    old: Obj
    failures: Failures
    host_ip: str
    set_readiness: Callable[[Obj, Obj], None]
    eviction: Eviction | None = None
    further: list[Obj] = field(default_factory=list)


def generate_status(pod: Obj, runtime: PodRuntimeStatus, made_from: StatusInput, terminal: bool) -> Obj:
    """The status of a pod, without the times at which its conditions changed."""
    spec, old = pod["spec"], made_from.old
    status: Obj = {"observedGeneration": pod["metadata"].get("generation", 1)}
    lists = _lists(pod, runtime, made_from)
    statuses = {each["name"]: each for each in lists.get("initContainerStatuses", []) + lists["containerStatuses"]}
    # The phase asks whether sidecars have started as far as that was known before this sync.
    _carry_started(statuses, old)
    phase = pod_phase(spec, statuses, terminal, _initialized(spec, runtime))
    status["phase"], reason, message = _settled_phase(pod, phase, made_from)
    made_from.set_readiness(pod, lists)
    others = [each for each in pod.get("status", {}).get("conditions") or () if each["type"] not in KUBELET_CONDITIONS]
    status["conditions"] = kubelet_conditions(pod, runtime, statuses, status["phase"], others) + others + made_from.further
    if message:
        status["message"] = message
    if reason:
        status["reason"] = reason
    _set_addresses(status, spec, runtime, made_from.host_ip)
    for key in ("initContainerStatuses", "containerStatuses"):
        if lists.get(key):
            status[key] = lists[key]
    status["qosClass"] = pod.get("status", {}).get("qosClass") or qos_class(spec)
    if lists.get("ephemeralContainerStatuses"):
        status["ephemeralContainerStatuses"] = lists["ephemeralContainerStatuses"]
    _set_resources(status, spec)
    return status


def _lists(pod: Obj, runtime: PodRuntimeStatus, made_from: StatusInput) -> Obj:
    spec, old, failures = pod["spec"], made_from.old, made_from.failures
    lists: Obj = {}
    for key, kind in (
        ("initContainerStatuses", "initContainers"),
        ("containerStatuses", "containers"),
        ("ephemeralContainerStatuses", "ephemeralContainers"),
    ):
        containers = spec.get(kind) or []
        if containers:
            init = kind == "initContainers"
            lists[key] = container_statuses(pod, runtime, old.get(key) or [], containers, failures, init)
    for status in lists.get("ephemeralContainerStatuses", ()):
        status.pop("started", None)
    return lists


def _carry_started(statuses: dict[str, Obj], old: Obj) -> None:
    for before in old.get("initContainerStatuses") or ():
        now = statuses.get(before["name"])
        if now is not None and before.get("started") and now.get("containerID") == before.get("containerID"):
            now["started"] = True


def _initialized(spec: Obj, runtime: PodRuntimeStatus) -> bool:
    names = {each["name"] for each in spec["containers"]}
    return any(each.name in names for each in runtime.active)


def _settled_phase(pod: Obj, phase: str, made_from: StatusInput) -> tuple[str, str, str]:
    """Phase, reason and message: a pod that has ended stays so."""
    old, known = made_from.old, pod.get("status", {})
    if phase not in TERMINAL:
        phase = next((each["phase"] for each in (old, known) if each.get("phase") in TERMINAL), phase)
    reason = message = ""
    if phase == old.get("phase"):
        reason = old.get("reason") or known.get("reason") or ""
        message = old.get("message") or known.get("message") or ""
    if made_from.eviction is not None:
        phase, reason, message = "Failed", made_from.eviction.reason, made_from.eviction.message
    if known.get("phase") in TERMINAL:
        phase = known["phase"]
    return phase, reason, message


def _set_addresses(status: Obj, spec: Obj, runtime: PodRuntimeStatus, host_ip: str) -> None:
    status["hostIP"] = host_ip
    status["hostIPs"] = [{"ip": host_ip}]
    ips = (host_ip,) if spec.get("hostNetwork") else runtime.ips
    if ips:
        status["podIP"] = ips[0]
        status["podIPs"] = [{"ip": ip} for ip in ips]


def _set_resources(status: Obj, spec: Obj) -> None:
    requests, limits = _written(spec, "requests"), _written(spec, "limits")
    if requests:
        status["allocatedResources"] = requests
    status["resources"] = {key: value for key, value in (("limits", limits), ("requests", requests)) if value}


def _written(spec: Obj, kind: str) -> Obj:
    return {name: str(quantity) for name, quantity in sorted(pod_resources(spec, kind).items())}
