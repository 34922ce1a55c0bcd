"""What the parts of the kubelet share: the node, the runtime, and the managers that each does one thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from podlab.mock.api.client import Client, Informer
from podlab.mock.clientgo.events import EventRecorder
from podlab.mock.kernel import Kernel
from podlab.mock.kubelet.latencies import Latencies
from podlab.mock.kubelet.runtime.containerd import Containerd
from podlab.mock.kubelet.status.containers import find_container
from podlab.mock.kubelet.volumes.payload import ObjectSource, PodFacts
from podlab.mock.machine.node import Machine

Obj = dict[str, Any]

KINDS = ("containers", "initContainers", "ephemeralContainers")


@dataclass(slots=True)
class NodeContext:
    """The node, as all parts of the kubelet see it.

    Attributes:
        host_ip: The node's address.
        allocatable: The node's resources.
        dns_address: What pods have in their resolv.conf.
        services: All services of the cluster.
    """

    kernel: Kernel
    client: Client
    machine: Machine
    runtime: Containerd
    recorder: EventRecorder
    source: ObjectSource
    services: Informer
    latencies: Latencies
    node_name: str
    host_ip: str
    allocatable: dict[str, str]
    dns_address: str

    def facts(self, pod: Obj, pod_ips: Iterable[str] | None = None) -> PodFacts:
        """What the downward API shows of a pod beside itself."""
        if pod_ips is None:
            pod_ips = [each["ip"] for each in pod.get("status", {}).get("podIPs") or ()]
        if pod["spec"].get("hostNetwork"):
            pod_ips = [self.host_ip]
        return PodFacts({"hostIPs": [self.host_ip], "podIPs": list(pod_ips)}, self.allocatable)

    def pod_event(self, pod: Obj, kind: Literal["Normal", "Warning"], reason: str, message: str) -> None:
        """An event about a pod."""
        self.recorder.event(pod, kind, reason, message)

    def container_event(self, pod: Obj, container: Obj, kind: Literal["Normal", "Warning"], reason: str, message: str) -> None:
        """An event about a container of a pod."""
        name = container["name"]
        found = next((key for key in KINDS if any(each["name"] == name for each in pod["spec"].get(key) or ())), "containers")
        self.recorder.event(pod, kind, reason, message, f"spec.{found}{{{name}}}")


def go_duration(duration_ns: int) -> str:
    """A whole number of seconds as Go prints a duration: ``10s``, ``1m20s``, ``5m0s``."""
    minutes, seconds = divmod(duration_ns // 1_000_000_000, 60)
    return f"{minutes}m{seconds}s" if minutes else f"{seconds}s"


__all__ = ["NodeContext", "find_container", "go_duration"]
