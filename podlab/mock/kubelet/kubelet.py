"""The kubelet: takes in the pods of its node, and hands what happens to them to their workers."""

from typing import Any, Final

from podlab.mock.api.client import Client, InformerEvent
from podlab.mock.clientgo.events import EventRecorder
from podlab.mock.clientgo.nodeload import NodeLoad
from podlab.mock.kernel import Kernel
from podlab.mock.kubelet.admission import admit
from podlab.mock.kubelet.agent import KubeletAgent
from podlab.mock.kubelet.hooks import HookRunner
from podlab.mock.kubelet.images import ImageManager
from podlab.mock.kubelet.killing import Killer
from podlab.mock.kubelet.latencies import LATENCIES, Latencies
from podlab.mock.kubelet.node_context import NodeContext
from podlab.mock.kubelet.objects import ApiObjects, referred
from podlab.mock.kubelet.pleg import PLEG
from podlab.mock.kubelet.pod_workers import PodWorker
from podlab.mock.kubelet.probes.manager import ProbeManager
from podlab.mock.kubelet.probes.prober import Prober
from podlab.mock.kubelet.probes.results import Result
from podlab.mock.kubelet.runtime.containerd import Containerd
from podlab.mock.kubelet.starting import Starter
from podlab.mock.kubelet.status.containers import container_id
from podlab.mock.kubelet.status.generate import Eviction
from podlab.mock.kubelet.status.manager import StatusManager
from podlab.mock.kubelet.storage_limits import StorageLimits
from podlab.mock.kubelet.sync import PodSyncer
from podlab.mock.kubelet.volumes.claims import ClaimedVolumes
from podlab.mock.kubelet.volumes.host import HostFiles
from podlab.mock.kubelet.volumes.manager import VolumeManager
from podlab.mock.machine.node import Machine
from podlab.mock.programs.images import ImageRegistry

Obj = dict[str, Any]

DEAD_CONTAINERS_KEPT: Final = 1
"""How many containers of one name that have ended are kept beside the running one, for their logs."""


class Kubelet:
    """The agent of one node.

    Args:
        node: The Node object, as it was registered.

    Attributes:
        agent: What the API server asks for logs, exec and the like.
    """

    def __init__(
        self,
        kernel: Kernel,
        client: Client,
        machine: Machine,
        images: ImageRegistry,
        node: Obj,
        dns_address: str,
        latencies: Latencies = LATENCIES,
    ) -> None:
        self._kernel = kernel
        self._client = client
        self._workers: dict[str, PodWorker] = {}
        name = node["metadata"]["name"]
        self._load = NodeLoad()
        self._registered = node
        self._nodes = client.watch("nodes", field_selector=f"metadata.name={name}")
        self._pods = client.watch("pods", field_selector=f"spec.nodeName={name}")
        self._config_maps = client.watch("configmaps")
        self._secrets = client.watch("secrets")
        self.node = NodeContext(
            kernel=kernel,
            client=client,
            machine=machine,
            runtime=Containerd(kernel, machine, latencies),
            recorder=EventRecorder(kernel, client, "kubelet", name),
            source=ApiObjects(client, self._config_maps, self._secrets),
            services=client.watch("services"),
            latencies=latencies,
            node_name=name,
            host_ip=next(each["address"] for each in node["status"]["addresses"] if each["type"] == "InternalIP"),
            allocatable=node["status"]["allocatable"],
            dns_address=dns_address,
        )
        self._assemble(images)
        self.agent = KubeletAgent(self.node, self._statuses)
        self._pods.add_handler(self._pod_event)
        self._config_maps.add_handler(lambda event: self._object_event("configmaps", event))
        self._secrets.add_handler(lambda event: self._object_event("secrets", event))

    def _assemble(self, images: ImageRegistry) -> None:
        """Makes the parts and joins them."""
        node, kernel = self.node, self._kernel
        self._pleg = PLEG(kernel, node.runtime, self._wake, self._container_died)
        self._statuses = StatusManager(
            kernel, self._client, self._pods, self._could_run, self._status_changed, node.latencies.status
        )
        network = node.machine.network
        prober = Prober(
            kernel,
            node.runtime,
            network,
            lambda pod, container, reason, message: node.container_event(pod, container, "Warning", reason, message),
        )
        self._probes = ProbeManager(kernel, prober, self._liveness, self._readiness, self._startup)
        self._probes.statuses = self._statuses
        host = HostFiles(node.machine.volume_fs(), node.node_name)
        self._volumes = VolumeManager(
            kernel,
            node.machine,
            node.source,
            host,
            ClaimedVolumes(self._find, host),
            node.facts,
            lambda pod, message: node.pod_event(pod, "Warning", "FailedMount", message),
        )
        hooks = HookRunner(kernel, node.runtime, network)
        killer = Killer(kernel, node.runtime, hooks, node.container_event)
        starter = Starter(node, ImageManager(kernel, images, node.latencies), self._volumes, hooks, killer)
        self._syncer = PodSyncer(node, self._pleg, self._statuses, self._volumes, self._probes, starter, killer)
        self._limits = StorageLimits(
            kernel,
            node.runtime,
            self._volumes,
            lambda worker, message: self._syncer.evict(worker, Eviction("Evicted", message)),
        )

    def close(self) -> None:
        """Stops the kubelet; containers are left as they are."""
        for informer in (self._nodes, self._pods, self._config_maps, self._secrets, self.node.services):
            informer.close()
        for worker in self._workers.values():
            worker.close()
        self._pleg.close()
        self._limits.close()

    # --- pods ---

    def _pod_event(self, event: InformerEvent) -> None:
        self._kernel.call_after(self.node.latencies.config, self._take_in, event)

    def _take_in(self, event: InformerEvent) -> None:
        pod = event.obj
        uid = pod["metadata"]["uid"]
        worker = self._workers.get(uid)
        if event.type == "DELETED":
            self._remove(uid, worker)
        elif worker is not None:
            self._update(worker, event)
        elif event.type == "ADDED" and self._admits(pod):
            worker = PodWorker(self._kernel, self._pleg, self._syncer, pod, self._terminated, self._finished)
            self._workers[uid] = worker
            self._limits.add(worker)
            worker.update(pod)

    def _admits(self, pod: Obj) -> bool:
        if pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
            return False
        refusal = admit(pod, self._nodes.get("", self.node.node_name) or self._registered, self._load)
        if refusal is None:
            self._load.add(pod["metadata"]["uid"], pod)
            return True
        reason, message = refusal
        self.node.pod_event(pod, "Warning", reason, message)
        status = {
            "phase": "Failed",
            "reason": reason,
            "message": f"Pod was rejected: {message}",
            "conditions": pod.get("status", {}).get("conditions") or [],
        }
        self._statuses.set(pod, {**pod.get("status", {}), **status})
        return False

    def _update(self, worker: PodWorker, event: InformerEvent) -> None:
        old, new = event.old_obj or {}, event.obj
        before, after = old.get("metadata", {}), new["metadata"]
        described = any(before.get(key) != after.get(key) for key in ("labels", "annotations"))
        if described:
            self._volumes.outdate(worker.uid)
        changed = described or old.get("spec") != new["spec"] or _gates_changed(old, new)
        if changed or before.get("deletionTimestamp") != after.get("deletionTimestamp"):
            self._probes.update_pod(new)
            worker.update(new)
        elif before.get("deletionGracePeriodSeconds") != after.get("deletionGracePeriodSeconds"):
            worker.update(new)
        else:
            worker.accept(new)

    def _remove(self, uid: str, worker: PodWorker | None) -> None:
        """The pod is gone from the API: what runs of it is ended."""
        if worker is None:
            self._statuses.forget(uid)
        elif worker.could_run:
            worker.deleted = True
            worker.terminate()
        elif worker.finished:
            self._forget(uid)

    def _terminated(self, worker: PodWorker) -> None:
        """Nothing of the pod runs any more: there is room for another."""
        self._load.remove(worker.uid)

    def _finished(self, worker: PodWorker) -> None:
        self._limits.remove(worker.uid)
        meta = worker.pod["metadata"]
        known = self._pods.get(meta["namespace"], meta["name"])
        if known is None or known["metadata"]["uid"] != worker.uid:
            self._forget(worker.uid)

    def _forget(self, uid: str) -> None:
        self._workers.pop(uid, None)
        self._syncer.forget(uid)

    # --- what happens to containers ---

    def _wake(self, uid: str) -> None:
        worker = self._workers.get(uid)
        if worker is not None:
            worker.update()

    def _could_run(self, uid: str) -> bool:
        worker = self._workers.get(uid)
        return worker is not None and worker.could_run

    def _status_changed(self, uid: str) -> None:
        self._probes.status_changed(uid)

    def _container_died(self, uid: str, died: str) -> None:
        """Of the containers of one name that have ended, only the newest is kept."""
        containers = self.node.runtime.status(uid).containers
        name = next((each.name for each in containers if each.id == died), "")
        dead = [each for each in containers if each.name == name and each.exited]
        for each in dead[DEAD_CONTAINERS_KEPT:]:
            self.node.runtime.remove_container(each.id)

    # --- probes ---

    def _liveness(self, uid: str, runtime_id: str, result: Result) -> None:
        if result == "failure":
            self._wake(uid)

    def _readiness(self, uid: str, runtime_id: str, result: Result) -> None:
        self._statuses.set_container(uid, container_id(runtime_id), "ready", result == "success")
        self._wake(uid)

    def _startup(self, uid: str, runtime_id: str, result: Result) -> None:
        self._statuses.set_container(uid, container_id(runtime_id), "started", result == "success")
        self._wake(uid)

    # --- what pods refer to ---

    def _object_event(self, resource: str, event: InformerEvent) -> None:
        """A ConfigMap or Secret changed: it reaches the pods that mount it when the kubelet looks at them next."""
        if event.type == "ADDED" or event.old_obj is None:
            return
        meta = event.obj["metadata"]
        for worker in self._workers.values():
            pod = worker.pod
            if pod["metadata"]["namespace"] == meta["namespace"] and (resource, meta["name"]) in referred(pod["spec"]):
                self._volumes.outdate(worker.uid)
                self._kernel.call_at(worker.refresh_due_ns(), worker.update)

    def _find(self, resource: str, namespace: str, name: str) -> Obj | None:
        found = self._client.list(resource, namespace or None, field_selector=f"metadata.name={name}")
        return found[0] if found else None


def _gates_changed(old: Obj, new: Obj) -> bool:
    """Has somebody set a condition that a readiness gate asks for?"""
    gates = {gate["conditionType"] for gate in new["spec"].get("readinessGates") or ()}
    if not gates:
        return False
    before, after = (
        {each["type"]: each["status"] for each in pod.get("status", {}).get("conditions") or () if each["type"] in gates}
        for pod in (old, new)
    )
    return before != after
