"""What a pod's worker does: make the status, bring containers to life, end them, clear away."""

from dataclasses import dataclass, field
from typing import Any, Final

from podlab.mock.kernel import SECOND, Timer
from podlab.mock.kubelet import etc
from podlab.mock.kubelet.actions import PodActions, Probes, compute_actions
from podlab.mock.kubelet.config import PodFiles, memory_limit, pod_files
from podlab.mock.kubelet.images import StartError
from podlab.mock.kubelet.ipam import AddressPool
from podlab.mock.kubelet.killing import Killer
from podlab.mock.kubelet.node_context import NodeContext
from podlab.mock.kubelet.pleg import PLEG
from podlab.mock.kubelet.pod_workers import PodWorker, SyncError
from podlab.mock.kubelet.probes.manager import ProbeManager
from podlab.mock.kubelet.refusals import not_modelled
from podlab.mock.kubelet.restarts import is_sidecar
from podlab.mock.kubelet.runtime.handlers import runtime_handler
from podlab.mock.kubelet.runtime.sandbox import Sandbox, SandboxRequest
from podlab.mock.kubelet.runtime.types import PodRuntimeStatus, RuntimeServiceError
from podlab.mock.kubelet.starting import Starter, StartInput
from podlab.mock.kubelet.status.containers import StartFailure
from podlab.mock.kubelet.status.generate import TERMINAL, Eviction, StatusInput, generate_status
from podlab.mock.kubelet.status.manager import StatusManager
from podlab.mock.kubelet.volumes.manager import VolumeManager
from podlab.mock.kubelet.volumes.payload import VolumeError

Obj = dict[str, Any]

EVICTION_GRACE_SECONDS: Final = 1

SHM_BYTES = 64 << 20


@dataclass(slots=True)
class _PodState:
    """What the kubelet keeps of a pod between syncs.

    Attributes:
        failures: Containers that could not be started, by name.
        files: /etc/hosts and its like, of the present sandbox.
        eviction: Why the kubelet ends the pod.
        deadline: Wakes the worker when ``activeDeadlineSeconds`` have passed.
    """

    failures: dict[str, StartFailure] = field(default_factory=dict)
    files: PodFiles | None = None
    eviction: Eviction | None = None
    deadline: Timer | None = None

    def clear(self) -> None:
        """Gives back what it holds."""
        if self.deadline is not None:
            self.deadline.cancel()
        self.replace_files(None)

    def replace_files(self, files: PodFiles | None) -> None:
        """A new sandbox has files of its own."""
        if self.files is not None:
            self.files.free()
        self.files = files


@dataclass(slots=True)
class _Outcome:
    """What became of a sync's steps."""

    changed: bool = False
    failed: bool = False
    retries: list[int] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def note(self, error: StartError) -> None:
        self.failed = True
        self.messages.append(str(error))
        if error.retry_ns is not None:
            self.retries.append(error.retry_ns)


class PodSyncer:
    """The steps of pod workers."""

    def __init__(
        self,
        node: NodeContext,
        pleg: PLEG,
        statuses: StatusManager,
        volumes: VolumeManager,
        probes: ProbeManager,
        starter: Starter,
        killer: Killer,
    ) -> None:
        self._node = node
        self._pleg = pleg
        self._statuses = statuses
        self._volumes = volumes
        self._probes = probes
        self._starter = starter
        self._killer = killer
        self._addresses = AddressPool()
        self._states: dict[str, _PodState] = {}

    # --- syncing ---

    async def sync(self, worker: PodWorker, status: PodRuntimeStatus) -> bool:
        """Brings a pod nearer to its spec; says whether it has run to its end. Raises SyncError."""
        pod = worker.pod
        state = self._states.setdefault(worker.uid, _PodState())
        self._check_deadline(worker, state)
        made = self._make_status(worker, status, terminal=False)
        self._statuses.set(pod, made)
        if made["phase"] in TERMINAL:
            return True
        try:
            with worker.breakable():
                await self._volumes.wait_until_mounted(pod)
        except VolumeError as error:
            self._node.pod_event(pod, "Warning", "FailedMount", f"Unable to attach or mount volumes: {error}")
            raise SyncError(str(error)) from error
        self._volumes.refresh(pod)
        self._probes.add_pod(pod)
        outcome = _Outcome()
        await self._run_actions(worker, status, state, outcome)
        if outcome.failed:
            raise SyncError("; ".join(outcome.messages), min(outcome.retries, default=None))
        if outcome.changed:
            self._pleg.request_relist(worker.uid)
        return False

    def _make_status(self, worker: PodWorker, status: PodRuntimeStatus, terminal: bool) -> Obj:
        pod, uid = worker.pod, worker.uid
        state = self._states.setdefault(uid, _PodState())
        made_from = StatusInput(
            old=self._statuses.get(uid) or pod.get("status", {}),
            failures=state.failures,
            host_ip=self._node.host_ip,
            set_readiness=self._probes.set_readiness,
            eviction=state.eviction,
            further=worker.resizing,
        )
        return generate_status(pod, status, made_from, terminal)

    def _check_deadline(self, worker: PodWorker, state: _PodState) -> None:
        seconds = worker.pod["spec"].get("activeDeadlineSeconds")
        if seconds is None or state.eviction is not None:
            return
        status = self._statuses.get(worker.uid) or worker.pod.get("status", {})
        now = self._node.kernel.now_ns
        started = status["startTime"].offset_ns if status.get("startTime") else now
        due = started + int(seconds) * SECOND
        if now >= due:
            message = "Pod was active on the node longer than the specified deadline"
            self._node.pod_event(worker.pod, "Normal", "DeadlineExceeded", message)
            state.eviction = Eviction("DeadlineExceeded", message)
        elif state.deadline is None:
            state.deadline = self._node.kernel.call_at(due, worker.update)

    def evict(self, worker: PodWorker, eviction: Eviction) -> None:
        """The kubelet ends a pod at once, for a reason that an event and its status show."""
        state = self._states.setdefault(worker.uid, _PodState())
        if state.eviction is None:
            self._node.pod_event(worker.pod, "Warning", eviction.reason, eviction.message)
            state.eviction = eviction
            worker.terminate(EVICTION_GRACE_SECONDS)

    async def _run_actions(self, worker: PodWorker, status: PodRuntimeStatus, state: _PodState, outcome: _Outcome) -> None:
        """The steps of a sync, as far as each of them lets the next follow."""
        pod = worker.pod
        actions = compute_actions(pod, status, Probes(self._probes.liveness.get, self._probes.startup.get))
        ip = status.ips[0] if status.ips else ""
        if actions.kill_pod:
            outcome.changed = True
            await self._kill_pod(worker, ip, None)
        for kill in actions.kill:
            outcome.changed = True
            await self._killer.kill_container(pod, kill.status.id, ip, kill.message, kill.reason)
        self._prune_init_containers(pod, status)
        if actions.create_sandbox:
            outcome.changed = True
            try:
                await self._create_sandbox(worker, state, actions.attempt)
            except RuntimeServiceError as error:
                outcome.failed = True
                outcome.messages.append(str(error))
                return
        sandbox = self._node.runtime.sandbox(worker.uid)
        if sandbox is None or state.files is None:
            return
        ips = (sandbox.status.ip,) if sandbox.status.ip else ()
        given = StartInput(pod, status, sandbox, state.files, ips)
        await self._start_all(given, state, actions, outcome)

    async def _start_all(self, given: StartInput, state: _PodState, actions: PodActions, outcome: _Outcome) -> None:
        for container in actions.start_ephemeral:
            await self._start(given, container, state, outcome)
        for container in actions.start_init:
            if not await self._start(given, container, state, outcome) and not is_sidecar(container):
                return
        for container in actions.start:
            await self._start(given, container, state, outcome)

    async def _start(self, given: StartInput, container: Obj, state: _PodState, outcome: _Outcome) -> bool:
        outcome.changed = True
        name = container["name"]
        try:
            await self._starter.start(given, container)
        except StartError as error:
            state.failures[name] = StartFailure(error.reason, error.message)
            outcome.note(error)
            return False
        state.failures.pop(name, None)
        return True

    async def _create_sandbox(self, worker: PodWorker, state: _PodState, attempt: int) -> Sandbox:
        pod, node = worker.pod, self._node

        def make() -> SandboxRequest:
            return self._sandbox_request(pod, node)

        try:
            refused = ", ".join(not_modelled(pod["spec"]))
            if refused:
                raise RuntimeServiceError(f"podlab does not model {refused}")
            handler = runtime_handler(node.client, pod["spec"])
            sandbox = await node.runtime.run_sandbox(worker.uid, attempt, make, memory_limit(pod["spec"]), handler)
        except RuntimeServiceError as error:
            node.pod_event(pod, "Warning", "FailedCreatePodSandBox", f"Failed to create pod sandbox: {error}")
            raise
        state.replace_files(
            pod_files(
                node.machine.volume_fs(),
                node.machine.volume_fs(SHM_BYTES, node.machine.cgroup),
                etc.hosts(pod, sandbox.status.ip or node.host_ip, node.node_name),
                etc.resolv_conf(pod, node.dns_address),
                sandbox.uts.hostname,
            )
        )
        self._statuses.sandbox_ready(pod)
        return sandbox

    def _sandbox_request(self, pod: Obj, node: NodeContext) -> SandboxRequest:
        meta, spec = pod["metadata"], pod["spec"]
        on_host = bool(spec.get("hostNetwork"))
        return SandboxRequest(
            name=f"{meta['namespace']}/{meta['name']}",
            hostname=node.node_name if on_host else etc.hostname(pod),
            ip="" if on_host else self._addresses.allocate(),
            host_network=on_host,
            share_processes=bool(spec.get("shareProcessNamespace")),
        )

    def _prune_init_containers(self, pod: Obj, status: PodRuntimeStatus) -> None:
        """Of each init container only the newest that has ended is kept."""
        names = {each["name"] for each in pod["spec"].get("initContainers") or ()}
        seen: set[str] = set()
        for each in status.containers:
            if each.name in names and each.exited:
                if each.name in seen:
                    self._node.runtime.remove_container(each.id)
                seen.add(each.name)

    # --- ending ---

    async def sync_terminating(self, worker: PodWorker, status: PodRuntimeStatus, grace_seconds: int | None) -> None:
        """Ends all containers of a pod, and shows how they ended."""
        pod = worker.pod
        self._statuses.set(pod, self._make_status(worker, status, terminal=False))
        self._probes.update_pod(pod)
        self._probes.stop_liveness_and_startup(worker.uid)
        ip = status.ips[0] if status.ips else ""
        await self._kill_pod(worker, ip, grace_seconds)
        self._probes.remove_pod(worker.uid)
        ended = self._node.runtime.status(worker.uid)
        ended = PodRuntimeStatus(ended.uid, ended.sandboxes, ended.containers, ended.ips or status.ips)
        self._statuses.set(worker.pod, self._make_status(worker, ended, terminal=True))

    async def _kill_pod(self, worker: PodWorker, ip: str, grace_seconds: int | None) -> None:
        sandbox = self._node.runtime.sandbox(worker.uid)
        await self._killer.kill_pod(worker.pod, ip, grace_seconds)
        if sandbox is not None and sandbox.status.ip:
            self._addresses.release(sandbox.status.ip)

    async def sync_terminated(self, worker: PodWorker, status: PodRuntimeStatus) -> None:
        """Takes away what a pod held that has ended; the pod may then be deleted from the API."""
        self._statuses.set(worker.pod, self._make_status(worker, status, terminal=True))
        await self._node.kernel.sleep(self._node.latencies.unmount)
        self._volumes.unmount(worker.uid)
        self._statuses.terminate(worker.pod)

    def forget(self, uid: str) -> None:
        """The pod is gone from the API: nothing of it is kept."""
        state = self._states.pop(uid, None)
        if state is not None:
            state.clear()
        sandbox = self._node.runtime.sandbox(uid)
        if sandbox is not None and sandbox.status.ip:
            self._addresses.release(sandbox.status.ip)
        self._probes.remove_pod(uid)
        self._volumes.unmount(uid)
        self._node.runtime.remove_pod(uid)
        self._statuses.forget(uid)
        self._starter.forget(uid)
