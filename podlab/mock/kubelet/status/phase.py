"""A pod's phase, from the statuses of its containers (the kubelet's ``getPhase``)."""

from collections.abc import Mapping
from typing import Any

from podlab.mock.kubelet.restarts import is_sidecar, restarts_on_exit

Obj = dict[str, Any]


def pod_phase(spec: Obj, statuses: Mapping[str, Obj], terminal: bool, initialized: bool) -> str:
    """The phase.

    Args:
        spec: The pod's.
        statuses: API statuses of init and regular containers by name.
        terminal: No container will be started any more, whatever the policy says.
        initialized: A regular container has been created in the present sandbox.
    """
    pending_init, failed = _init_progress(spec, statuses)
    if failed:
        return "Failed"
    pending_sidecars, running, waiting, unknown = _sidecars(spec, statuses)
    ended = _Ended()
    for container in spec["containers"]:
        status = statuses.get(container["name"])
        state = (status or {}).get("state") or {}
        last = ((status or {}).get("lastState") or {}).get("terminated")
        if state.get("running") is not None:
            running += 1
        elif state.get("terminated") is not None:
            ended.count(container, spec, state["terminated"]["exitCode"], counts_success=True)
        elif state.get("waiting") is None:
            unknown += 1
        elif last is not None:
            ended.count(container, spec, last["exitCode"], counts_success=False)
        else:
            waiting += 1
    if pending_init or (pending_sidecars and not initialized) or waiting:
        return "Pending"
    if running and not unknown:
        return "Running"
    if ended.stopped and not running and not unknown:
        return ended.phase(terminal)
    return "Pending"


class _Ended:
    """Regular containers that do not run any more."""

    def __init__(self) -> None:
        self.stopped = self.final = self.succeeded = 0

    def count(self, container: Obj, spec: Obj, exit_code: int, counts_success: bool) -> None:
        self.stopped += 1
        self.final += not restarts_on_exit(container, spec, exit_code)
        self.succeeded += counts_success and exit_code == 0

    def phase(self, terminal: bool) -> str:
        if not terminal and self.stopped != self.final:
            return "Running"
        return "Succeeded" if self.stopped == self.succeeded else "Failed"


def _init_progress(spec: Obj, statuses: Mapping[str, Obj]) -> tuple[int, int]:
    """How many init containers have not run to their end, and how many have failed for good."""
    pending = failed = 0
    for container in spec.get("initContainers") or ():
        if is_sidecar(container):
            continue
        status = statuses.get(container["name"]) or {}
        state = status.get("state") or {}
        ended = state.get("terminated")
        if ended is None and state.get("waiting") is not None:
            ended = (status.get("lastState") or {}).get("terminated")
        if ended is None:
            pending += 1
        elif ended["exitCode"] != 0:
            failed += not restarts_on_exit(container, spec, ended["exitCode"])
    return pending, failed


def _sidecars(spec: Obj, statuses: Mapping[str, Obj]) -> tuple[int, int, int, int]:
    """Sidecars that have not started, that run, that wait, and that nothing is known of."""
    pending = running = waiting = unknown = 0
    for container in spec.get("initContainers") or ():
        if not is_sidecar(container):
            continue
        status = statuses.get(container["name"])
        state = (status or {}).get("state") or {}
        if status is None:
            unknown += 1
        elif state.get("running") is not None:
            running += 1
            pending += not status.get("started")
        elif state.get("waiting") is not None and not (status.get("lastState") or {}).get("terminated"):
            pending += 1
            waiting += 1
    return pending, running, waiting, unknown
