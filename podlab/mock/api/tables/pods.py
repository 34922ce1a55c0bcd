"""Pods: the STATUS column is a small history of the containers' states."""

from typing import Any

from podlab.mock.api.tables.printer import AGE, NAME, NONE, Clock, Printer, age, column, section
from podlab.mock.kernel import Time

Obj = dict[str, Any]


class _Summary:
    """What the containers' statuses come to."""

    __slots__ = ("last_restart", "pod", "ready", "reason", "restarts", "sidecars", "total")

    def __init__(self, pod: Obj) -> None:
        spec, status = section(pod, "spec"), section(pod, "status")
        self.pod = pod
        self.sidecars = {one["name"] for one in spec.get("initContainers") or () if one.get("restartPolicy") == "Always"}
        self.total = len(spec.get("containers") or ()) + len(self.sidecars)
        self.ready = 0
        self.restarts = 0
        self.last_restart: Time | None = None
        self.reason = status.get("reason") or status.get("phase") or ""
        if any(one["type"] == "PodScheduled" and one.get("reason") == "SchedulingGated" for one in _conditions(pod)):
            self.reason = "SchedulingGated"
        initializing = self._read_init_containers(status.get("initContainerStatuses") or [])
        if not initializing or _is_true(pod, "Initialized"):
            self._read_containers(status)
        self._read_deletion(status)

    def _read_init_containers(self, statuses: list[Obj]) -> bool:
        """Stops at the first one that has neither completed nor (a sidecar) started; says whether there is such a one."""
        for index, one in enumerate(statuses):
            self._count_restarts(one)
            reason = self._init_reason(one, index)
            if reason is not None:
                self.reason = reason
                return True
        return False

    def _init_reason(self, one: Obj, index: int) -> str | None:
        state = one.get("state") or {}
        terminated, waiting = state.get("terminated"), state.get("waiting")
        if terminated is not None and terminated.get("exitCode", 0) == 0:
            return None
        if one["name"] in self.sidecars and one.get("started"):
            self.ready += bool(one.get("ready"))
            return None
        if terminated is not None:
            return f"Init:{_terminated_reason(terminated)}"
        if waiting is not None and waiting.get("reason") and waiting["reason"] != "PodInitializing":
            return f"Init:{waiting['reason']}"
        return f"Init:{index}/{len(section(self.pod, 'spec').get('initContainers') or ())}"

    def _read_containers(self, status: Obj) -> None:
        self.restarts, self.last_restart = 0, None
        for one in status.get("initContainerStatuses") or ():
            if one["name"] in self.sidecars:
                self._count_restarts(one)
        running = False
        for one in reversed(status.get("containerStatuses") or ()):
            self._count_restarts(one)
            state = one.get("state") or {}
            terminated = state.get("terminated")
            if (state.get("waiting") or {}).get("reason"):
                self.reason = state["waiting"]["reason"]
            elif terminated is not None:
                self.reason = _terminated_reason(terminated)
            elif one.get("ready") and state.get("running") is not None:
                running = True
                self.ready += 1
        if self.reason == "Completed" and running:
            self.reason = "Running" if _is_true(self.pod, "Ready") else "NotReady"

    def _read_deletion(self, status: Obj) -> None:
        if self.pod["metadata"].get("deletionTimestamp") is None:
            return
        if status.get("reason") == "NodeLost":
            self.reason = "Unknown"
        elif status.get("phase") not in ("Succeeded", "Failed"):
            self.reason = "Terminating"

    def _count_restarts(self, one: Obj) -> None:
        self.restarts += one.get("restartCount", 0)
        finished = ((one.get("lastState") or {}).get("terminated") or {}).get("finishedAt")
        if finished is not None and (self.last_restart is None or self.last_restart < finished):
            self.last_restart = finished

    def restarts_text(self, clock: Clock) -> str:
        if self.restarts and self.last_restart is not None:
            return f"{self.restarts} ({clock.since(self.last_restart)} ago)"
        return str(self.restarts)


def _terminated_reason(terminated: Obj) -> str:
    if terminated.get("reason"):
        return str(terminated["reason"])
    return f"Signal:{terminated['signal']}" if terminated.get("signal") else f"ExitCode:{terminated.get('exitCode', 0)}"


def _conditions(pod: Obj) -> list[Obj]:
    found: list[Obj] = section(pod, "status").get("conditions") or []
    return found


def _is_true(pod: Obj, kind: str) -> bool:
    return any(one["type"] == kind and one["status"] == "True" for one in _conditions(pod))


def _readiness_gates(pod: Obj) -> str:
    gates = section(pod, "spec").get("readinessGates") or ()
    met = sum(_is_true(pod, gate["conditionType"]) for gate in gates)
    return f"{met}/{len(gates)}" if gates else NONE


def _cells(pod: Obj, clock: Clock) -> list[Any]:
    summary, spec, status = _Summary(pod), section(pod, "spec"), section(pod, "status")
    addresses = status.get("podIPs") or [{}]
    return [
        pod["metadata"]["name"],
        f"{summary.ready}/{summary.total}",
        summary.reason,
        summary.restarts_text(clock),
        age(pod, clock),
        addresses[0].get("ip") or NONE,
        spec.get("nodeName") or NONE,
        status.get("nominatedNodeName") or NONE,
        _readiness_gates(pod),
    ]


def _row_conditions(pod: Obj) -> list[Obj] | None:
    phase = section(pod, "status").get("phase")
    text = {"Succeeded": "The pod has completed successfully.", "Failed": "The pod failed."}.get(phase or "")
    return [{"type": "Completed", "status": "True", "reason": phase, "message": text}] if text else None


PRINTERS = {
    "pods": Printer(
        (
            NAME,
            column("Ready"),
            column("Status"),
            column("Restarts"),
            AGE,
            column("IP", wide=True),
            column("Node", wide=True),
            column("Nominated Node", wide=True),
            column("Readiness Gates", wide=True),
        ),
        _cells,
        _row_conditions,
    )
}
