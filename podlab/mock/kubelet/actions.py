"""What a sync has to do to a pod: decided here from the spec, the runtime's status and the probes' results, without any effect.

The rules are those of the kubelet's ``computePodActions`` and ``computeInitContainerActions``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from podlab.mock.kubelet.restarts import is_sidecar, restarts_on_exit, restarts_on_failure, should_start
from podlab.mock.kubelet.runtime.types import ContainerState, ContainerStatus, PodRuntimeStatus

Obj = dict[str, Any]
ProbeResult = Literal["success", "failure", "unknown"] | None
KillReason = Literal["", "StartupProbe", "LivenessProbe", "FailedPostStartHook"]


@dataclass(frozen=True, slots=True)
class Probes:
    """Results of probes by container id; None where there is none yet."""

    liveness: Callable[[str], ProbeResult]
    startup: Callable[[str], ProbeResult]


@dataclass(frozen=True, slots=True)
class Kill:
    """A container to kill: why, in the words of its event, and by which probe."""

    status: ContainerStatus
    container: Obj
    message: str
    reason: KillReason = ""


@dataclass(slots=True)
class PodActions:
    """What to do, in this order: kill the pod or some containers, create a sandbox, start containers."""

    kill_pod: bool = False
    create_sandbox: bool = False
    attempt: int = 0
    kill: list[Kill] = field(default_factory=list)
    start_ephemeral: list[Obj] = field(default_factory=list)
    start_init: list[Obj] = field(default_factory=list)
    start: list[Obj] = field(default_factory=list)


def sandbox_changed(status: PodRuntimeStatus) -> tuple[bool, int]:
    """Does the pod need a (new) sandbox, and which attempt would that be?"""
    sandbox = status.sandbox
    if sandbox is None:
        return True, 0
    if not sandbox.ready:
        return True, sandbox.attempt + 1
    return False, sandbox.attempt


def compute_actions(pod: Obj, status: PodRuntimeStatus, probes: Probes) -> PodActions:
    """Decides what a sync does."""
    spec = pod["spec"]
    create, attempt = sandbox_changed(status)
    actions = PodActions(kill_pod=create, create_sandbox=create, attempt=attempt)
    if create:
        _begin_anew(spec, status, actions)
        return actions
    actions.start_ephemeral = [each for each in spec.get("ephemeralContainers") or () if status.find(each["name"]) is None]
    if not _InitActions(spec, status, probes, actions).compute() or actions.kill_pod:
        return actions
    kept = sum(_keeps(container, pod, status, probes, actions) for container in spec["containers"])
    if kept == 0 and not actions.start:
        actions.kill_pod = True
        actions.start_init = []
    return actions


def _begin_anew(spec: Obj, status: PodRuntimeStatus, actions: PodActions) -> None:
    never = spec.get("restartPolicy", "Always") == "Never"
    if never and actions.attempt and status.containers:
        actions.create_sandbox = False
        return
    start = [each for each in spec["containers"] if not _is_done(each, spec, status)]
    if not start and has_any_regular_container(spec, status):
        actions.create_sandbox = False
    elif spec.get("initContainers"):
        actions.start_init = [spec["initContainers"][0]]
    else:
        actions.start = start


def _is_done(container: Obj, spec: Obj, status: PodRuntimeStatus) -> bool:
    policy = container.get("restartPolicy") or spec.get("restartPolicy", "Always")
    newest = status.find(container["name"])
    return policy == "OnFailure" and newest is not None and newest.exited and newest.exit_code == 0


def has_any_regular_container(spec: Obj, status: PodRuntimeStatus) -> bool:
    """Has a regular container been created, so that all init containers must have run?"""
    return any(status.find(each["name"]) is not None for each in spec["containers"])


def _keeps(container: Obj, pod: Obj, status: PodRuntimeStatus, probes: Probes, actions: PodActions) -> bool:
    """Decides about a regular container; says whether it runs and is left alone."""
    newest = status.find(container["name"])
    if newest is None or not newest.running:
        if should_start(container, pod, status):
            actions.start.append(container)
        return False
    if _redefined(container, newest):
        actions.start.append(container)
        actions.kill.append(Kill(newest, container, f"Container {container['name']} definition changed, will be restarted"))
        return False
    found = _failed_probe(container, newest, probes, "Container")
    if found is None:
        return True
    message, reason = found
    if restarts_on_failure(container, pod["spec"]):
        message += ", will be restarted"
        actions.start.append(container)
    actions.kill.append(Kill(newest, container, message, reason))
    return False


def _redefined(container: Obj, status: ContainerStatus) -> bool:
    """Does the spec name another image by now?"""
    return bool(container["image"] != status.named_image)


def _failed_probe(container: Obj, status: ContainerStatus, probes: Probes, kind: str) -> tuple[str, KillReason] | None:
    if probes.liveness(status.id) == "failure":
        return f"{kind} {container['name']} failed liveness probe", "LivenessProbe"
    if probes.startup(status.id) == "failure":
        return f"{kind} {container['name']} failed startup probe", "StartupProbe"
    return None


class _InitActions:
    """Decides about init containers and sidecars.

    It goes from the last to the first: the last that was ever created says how far the pod has come.
    """

    def __init__(self, spec: Obj, status: PodRuntimeStatus, probes: Probes, actions: PodActions) -> None:
        self.spec = spec
        self.containers: list[Obj] = spec.get("initContainers") or []
        self.status = status
        self.probes = probes
        self.actions = actions
        self.initialized = self._regular_containers_began()
        self.start: list[int] = []

    def compute(self) -> bool:
        """Fills in the actions; says whether the pod is initialized."""
        if not self.containers:
            return True
        past = self.initialized
        for index in reversed(range(len(self.containers))):
            container = self.containers[index]
            newest = self.status.find(container["name"])
            if newest is None:
                if past and is_sidecar(container):
                    self.start.append(index)
                continue
            if past and not is_sidecar(container):
                continue
            if not self._decide(index, container, newest, past):
                self.actions.kill_pod = True
                return False
            past = True
        if not past:
            self.start.append(0)
        self.actions.start_init = [self.containers[index] for index in reversed(self.start)]
        return self.initialized

    def _regular_containers_began(self) -> bool:
        found = (self.status.find(each["name"]) for each in self.spec["containers"])
        return any(newest is not None and not newest.exited for newest in found)

    def _decide(self, index: int, container: Obj, newest: ContainerStatus, past: bool) -> bool:
        """Decides about one that was created; False when the pod has failed."""
        if newest.state is ContainerState.CREATED:
            self.start.append(index)
        elif newest.running:
            if is_sidecar(container):
                self._running_sidecar(index, container, newest, past)
        elif is_sidecar(container):
            self.start.append(index)
        elif newest.exit_code != 0:
            if not restarts_on_exit(container, self.spec, newest.exit_code):
                return False
            self.start.append(index)
        else:
            self._go_on(index, False)
        return True

    def _running_sidecar(self, index: int, container: Obj, newest: ContainerStatus, past: bool) -> None:
        if container.get("startupProbe"):
            result = self.probes.startup(newest.id)
            if result != "success":
                if result == "failure":
                    self._restart(index, container, newest)
                return
        self._go_on(index, past)
        if _redefined(container, newest):
            self.actions.kill.append(Kill(newest, container, f"Init container {container['name']} definition changed"))
            self.start.append(index)
        elif container.get("livenessProbe") and self.probes.liveness(newest.id) == "failure":
            self._restart(index, container, newest)

    def _go_on(self, index: int, past: bool) -> None:
        """This one is through: the next may start, or the pod is initialized."""
        if index == len(self.containers) - 1:
            self.initialized = True
        elif not past:
            self.start.append(index + 1)

    def _restart(self, index: int, container: Obj, newest: ContainerStatus) -> None:
        found = _failed_probe(container, newest, self.probes, "Init container")
        assert found is not None
        self.actions.kill.append(Kill(newest, container, *found))
        self.start.append(index)
