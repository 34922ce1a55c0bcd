"""The probes of all pods: their workers, and what containers have started and are ready by their results."""

from typing import Any

from podlab.mock.kernel import Kernel
from podlab.mock.kubelet.probes.prober import ProbeKind, Prober
from podlab.mock.kubelet.probes.results import Results, Update
from podlab.mock.kubelet.probes.worker import ProbeWorker, StatusSource
from podlab.mock.kubelet.restarts import is_sidecar

Obj = dict[str, Any]
_Key = tuple[str, ProbeKind]

KINDS: tuple[ProbeKind, ...] = ("Startup", "Readiness", "Liveness")


class ProbeManager:
    """All probes of the node.

    Attributes:
        liveness, readiness, startup: What was found.
    """

    def __init__(self, kernel: Kernel, prober: Prober, on_liveness: Update, on_readiness: Update, on_startup: Update) -> None:
        self._kernel = kernel
        self._prober = prober
        self.liveness = Results(on_liveness)
        self.readiness = Results(on_readiness)
        self.startup = Results(on_startup)
        self.statuses: StatusSource | None = None
        self._results: dict[ProbeKind, Results] = {
            "Liveness": self.liveness,
            "Readiness": self.readiness,
            "Startup": self.startup,
        }
        self._workers: dict[str, dict[_Key, ProbeWorker]] = {}

    def add_pod(self, pod: Obj) -> None:
        """Starts the workers of a pod's probes, where they do not run yet."""
        spec = pod["spec"]
        containers = [*spec["containers"], *(each for each in spec.get("initContainers") or () if is_sidecar(each))]
        assert self.statuses is not None
        for container in containers:
            for kind in KINDS:
                if container.get(f"{kind.lower()}Probe") is None:
                    continue
                workers = self._workers.setdefault(pod["metadata"]["uid"], {})
                key = (container["name"], kind)
                if key not in workers:
                    results = self._results[kind]
                    workers[key] = ProbeWorker(self._kernel, kind, pod, container, self._prober, results, self.statuses)

    def update_pod(self, pod: Obj) -> None:
        """The pod has changed (it is to be deleted)."""
        for worker in self._workers.get(pod["metadata"]["uid"], {}).values():
            worker.pod = pod

    def status_changed(self, uid: str) -> None:
        """The pod's status has changed: a container may have come that is to be probed."""
        for worker in self._workers.get(uid, {}).values():
            worker.status_changed()

    def stop_liveness_and_startup(self, uid: str) -> None:
        """The pod is being ended: only readiness is still probed."""
        workers = self._workers.get(uid, {})
        for key in [key for key in workers if key[1] != "Readiness"]:
            workers.pop(key).stop()

    def remove_pod(self, uid: str) -> None:
        """The pod has ended."""
        for worker in self._workers.pop(uid, {}).values():
            worker.stop()

    def set_readiness(self, pod: Obj, lists: Obj) -> None:
        """Fills ``started`` and ``ready`` into the container statuses of a status that is being made."""
        uid = pod["metadata"]["uid"]
        for status in lists.get("containerStatuses") or ():
            status["started"] = self._started(uid, status)
            status["ready"] = status["started"] and self._ready(uid, status)
        sidecars = {each["name"] for each in pod["spec"].get("initContainers") or () if is_sidecar(each)}
        for status in lists.get("initContainerStatuses") or ():
            status["started"] = self._started(uid, status)
            if status["name"] in sidecars:
                status["ready"] = status["started"] and self._ready(uid, status)
            else:
                ended = status["state"].get("terminated")
                status["ready"] = ended is not None and ended["exitCode"] == 0

    def _started(self, uid: str, status: Obj) -> bool:
        if status["state"].get("running") is None:
            return False
        result = self.startup.get(_runtime_id(status))
        if result is not None:
            return result == "success"
        return (status["name"], "Startup") not in self._workers.get(uid, {})

    def _ready(self, uid: str, status: Obj) -> bool:
        if self.readiness.get(_runtime_id(status)) == "success":
            return True
        worker = self._workers.get(uid, {}).get((status["name"], "Readiness"))
        if worker is None:
            return True
        worker.trigger()
        return False


def _runtime_id(status: Obj) -> str:
    return str(status.get("containerID", "")).partition("://")[2]
