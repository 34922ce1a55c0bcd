"""Ending containers: the grace each gets, its preStop hook, its turn among sidecars, and the runtime's stop."""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

from podlab.mock.kernel import SECOND, Kernel, WaitQueue
from podlab.mock.kubelet.actions import KillReason
from podlab.mock.kubelet.hooks import HookFailed, HookRunner
from podlab.mock.kubelet.latencies import MINIMUM_GRACE_SECONDS
from podlab.mock.kubelet.restarts import is_sidecar
from podlab.mock.kubelet.runtime.container import RuntimeContainer
from podlab.mock.kubelet.runtime.containerd import Containerd
from podlab.mock.kubelet.runtime.types import ContainerNotFound
from podlab.mock.kubelet.status.containers import find_container

Obj = dict[str, Any]
ContainerEvent = Callable[[Obj, Obj, Literal["Normal", "Warning"], str, str], None]
"""``(pod, container, type, reason, message)``."""

PROBE_FIELDS: Final[dict[str, str]] = {"StartupProbe": "startupProbe", "LivenessProbe": "livenessProbe"}


class TerminationOrder:
    """When containers get their stop signal: regular ones at once, sidecars one by one after them, the last first."""

    def __init__(self, kernel: Kernel, pod: Obj, running: Sequence[str]) -> None:
        self._kernel = kernel
        self._queue = WaitQueue(kernel)
        self._running = dict.fromkeys(running)
        self._regular = [each["name"] for each in pod["spec"]["containers"]]
        self._sidecars = [each["name"] for each in pod["spec"].get("initContainers") or () if is_sidecar(each)]

    async def wait_for_turn(self, name: str, grace_seconds: int) -> int:
        """Waits until a container may be stopped, or its grace is over; says how many whole seconds that took."""
        if name not in self._sidecars:
            return 0
        before = [*self._regular, *self._sidecars[self._sidecars.index(name) + 1 :]]
        began = self._kernel.now_ns
        deadline = began + grace_seconds * SECOND
        while any(each in self._running for each in before) and self._kernel.now_ns < deadline:
            await self._queue.wait(deadline - self._kernel.now_ns)
        return (self._kernel.now_ns - began) // SECOND

    def ended(self, name: str) -> None:
        """A container has ended."""
        self._running.pop(name, None)
        self._queue.wake_all()


class Killer:
    """Ends containers and pods."""

    def __init__(self, kernel: Kernel, runtime: Containerd, hooks: HookRunner, on_event: ContainerEvent) -> None:
        self._kernel = kernel
        self._runtime = runtime
        self._hooks = hooks
        self._on_event = on_event

    async def kill_pod(self, pod: Obj, pod_ip: str, grace_override: int | None = None) -> None:
        """Ends all running containers of a pod, at the same time or in the order of its sidecars, and then its sandbox."""
        uid = pod["metadata"]["uid"]
        running = [status for status in self._runtime.status(uid).containers if status.running]
        order = None
        if any(is_sidecar(each) for each in pod["spec"].get("initContainers") or ()):
            order = TerminationOrder(self._kernel, pod, [status.name for status in running])
        tasks = [
            self._kernel.spawn(
                self.kill_container(pod, status.id, pod_ip, grace_override=grace_override, order=order), f"kill/{status.name}"
            )
            for status in sorted(running, key=lambda each: each.created_ns)
        ]
        try:
            for task in tasks:
                await task
        except BaseException:
            for task in tasks:
                task.cancel()
            raise
        await self._runtime.stop_sandbox(uid)

    async def kill_container(
        self,
        pod: Obj,
        container_id: str,
        pod_ip: str,
        message: str = "",
        reason: KillReason = "",
        grace_override: int | None = None,
        order: TerminationOrder | None = None,
    ) -> None:
        """Ends a container: event, preStop hook, its turn, stop signal, SIGKILL."""
        try:
            running = self._runtime.find(container_id)
        except ContainerNotFound:
            return
        name = running.status.name
        spec = find_container(pod, name) or {"name": name}
        self._on_event(pod, spec, "Normal", "Killing", message or f"Stopping container {name}")
        grace = grace_period(pod, spec, reason) if grace_override is None else grace_override
        hook = (spec.get("lifecycle") or {}).get("preStop")
        if hook and grace > 0:
            grace -= await self._run_hook(pod, spec, running, hook, grace, pod_ip)
        if order is not None and grace > 0:
            grace -= await order.wait_for_turn(name, grace)
        await self._runtime.stop_container(running, max(grace, MINIMUM_GRACE_SECONDS))
        if order is not None:
            order.ended(name)

    async def _run_hook(self, pod: Obj, spec: Obj, running: RuntimeContainer, hook: Obj, grace: int, pod_ip: str) -> int:
        """Runs a preStop hook, for no longer than the grace; says how many whole seconds it took."""
        began = self._kernel.now_ns
        done = WaitQueue(self._kernel)

        async def run() -> None:
            try:
                await self._hooks.run(pod, spec, running, hook, pod_ip)
            except HookFailed:
                self._on_event(pod, spec, "Warning", "FailedPreStopHook", "PreStopHook failed")
            done.wake_all()

        task = self._kernel.spawn(run(), f"preStop/{spec['name']}")
        if not task.done:
            await done.wait(grace * SECOND)
        return (self._kernel.now_ns - began) // SECOND


def grace_period(pod: Obj, container: Obj, reason: KillReason) -> int:
    """How many seconds a container gets to end by itself."""
    deletion = pod["metadata"].get("deletionGracePeriodSeconds")
    if deletion is not None:
        return int(deletion)
    probe = container.get(PROBE_FIELDS.get(reason, "")) or {}
    if probe.get("terminationGracePeriodSeconds") is not None:
        return int(probe["terminationGracePeriodSeconds"])
    seconds = pod["spec"].get("terminationGracePeriodSeconds")
    return MINIMUM_GRACE_SECONDS if seconds is None else int(seconds)
