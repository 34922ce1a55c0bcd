"""Ends pods that keep more on the node's disk than they may: what the kubelet's eviction manager does for local storage.

It looks every ten seconds, as long as there are pods with such limits.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from podlab.mock.api.defaulting.resources import pod_resources
from podlab.mock.api.quantity import Quantity
from podlab.mock.kernel import SECOND, Kernel, Timer
from podlab.mock.kubelet.pod_workers import PodWorker
from podlab.mock.kubelet.runtime.containerd import Containerd
from podlab.mock.kubelet.volumes.manager import VolumeManager

Obj = dict[str, Any]

PERIOD_NS: Final = 10 * SECOND
EPHEMERAL_STORAGE: Final = "ephemeral-storage"


class StorageLimits:
    """The pods with limits.

    Args:
        evict: ``evict(worker, message)`` ends a pod.
    """

    def __init__(
        self, kernel: Kernel, runtime: Containerd, volumes: VolumeManager, evict: Callable[[PodWorker, str], None]
    ) -> None:
        self._kernel = kernel
        self._runtime = runtime
        self._volumes = volumes
        self._evict = evict
        self._workers: dict[str, PodWorker] = {}
        self._timer: Timer | None = None

    def add(self, worker: PodWorker) -> None:
        """Looks after a pod, if it has limits."""
        if _is_limited(worker.pod["spec"]):
            self._workers[worker.uid] = worker
            self._schedule()

    def remove(self, uid: str) -> None:
        """The pod has ended."""
        self._workers.pop(uid, None)

    def close(self) -> None:
        """Looks no more."""
        self._workers.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _schedule(self) -> None:
        if self._timer is None and self._workers:
            self._timer = self._kernel.call_after(PERIOD_NS, self._look)

    def _look(self) -> None:
        self._timer = None
        for worker in list(self._workers.values()):
            message = next(self._excesses(worker.pod), None)
            if message is not None:
                self.remove(worker.uid)
                self._evict(worker, message)
        self._schedule()

    def _excesses(self, pod: Obj) -> Iterator[str]:
        """What is too much, in the kubelet's words; the first counts."""
        uid, spec = pod["metadata"]["uid"], pod["spec"]
        volumes = self._volumes.ready(uid)
        on_disk = 0
        for source in spec.get("volumes") or ():
            volume = volumes.get(source["name"])
            if "emptyDir" not in source or volume is None or volume.fs is None:
                continue
            limit = (source["emptyDir"] or {}).get("sizeLimit")
            if limit and volume.fs.used_bytes > Quantity.parse(limit).value:
                yield f'Usage of EmptyDir volume "{source["name"]}" exceeds the limit "{limit}". '
            if volume.source != "tmpfs":
                on_disk += volume.fs.used_bytes
        used = self._used_by_containers(uid)
        total = pod_resources(spec, "limits").get(EPHEMERAL_STORAGE)
        if total is not None and on_disk + sum(used.values()) > total.value:
            yield f"Pod ephemeral local storage usage exceeds the total limit of containers {total}. "
        for container in spec["containers"]:
            limit = _limit(container)
            if limit and used.get(container["name"], 0) > Quantity.parse(limit).value:
                yield f'Container {container["name"]} exceeded its local ephemeral storage limit "{limit}". '

    def _used_by_containers(self, uid: str) -> dict[str, int]:
        """What running containers have written beside their volumes: into their own layer, and to their logs."""
        used = {}
        for status in self._runtime.status(uid).active:
            running = self._runtime.find(status.id)
            used[status.name] = running.container.fs.used_bytes + running.log.size
        return used


def _limit(container: Obj) -> str | None:
    return ((container.get("resources") or {}).get("limits") or {}).get(EPHEMERAL_STORAGE)


def _is_limited(spec: Obj) -> bool:
    return any((source.get("emptyDir") or {}).get("sizeLimit") for source in spec.get("volumes") or ()) or any(
        _limit(container) for container in spec["containers"]
    )
