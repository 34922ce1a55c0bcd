"""The Node object, and the lease beside it, as a kubelet registers them.

The lease is written once: a real one is renewed every ten seconds, which would keep an idle mock busy for nobody, since there
    is no other node that could miss it.
"""

from typing import Any, Final

from podlab.mock.kernel import Kernel, MicroTime

Obj = dict[str, Any]

VERSION: Final = "v1.36.2"
HOST_IP: Final = "172.18.0.2"
POD_CIDR: Final = "10.244.0.0/24"
PROCESSORS: Final = 8
CAPACITY: Final = {
    "cpu": str(PROCESSORS),
    "ephemeral-storage": "61202244Ki",
    "hugepages-1Gi": "0",
    "hugepages-2Mi": "0",
    "memory": "16Gi",
}
LEASE_SECONDS: Final = 40

CONDITIONS: Final = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


def node_object(name: str) -> Obj:
    """The node without its status."""
    return {
        "kind": "Node",
        "apiVersion": "v1",
        "metadata": {
            "name": name,
            "labels": {
                "beta.kubernetes.io/arch": "amd64",
                "beta.kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
                "node-role.kubernetes.io/control-plane": "",
            },
            "annotations": {
                "node.alpha.kubernetes.io/ttl": "0",
                "volumes.kubernetes.io/controller-managed-attach-detach": "true",
            },
        },
        "spec": {"podCIDR": POD_CIDR, "podCIDRs": [POD_CIDR], "providerID": f"podlab://podlab/{name}"},
    }


def node_status(kernel: Kernel, name: str, max_pods: int) -> Obj:
    """What the kubelet says of its node. The capacity is of no host: it is what pods may ask for."""
    capacity = {**CAPACITY, "pods": str(max_pods)}
    now = kernel.now()
    random = kernel.random("node")
    machine_id, system, boot = (f"{random.getrandbits(128):032x}" for _ in range(3))
    return {
        "capacity": capacity,
        "allocatable": dict(capacity),
        "conditions": [
            {
                "type": kind,
                "status": status,
                "lastHeartbeatTime": now,
                "lastTransitionTime": now,
                "reason": reason,
                "message": message,
            }
            for kind, status, reason, message in CONDITIONS
        ],
        "addresses": [{"type": "InternalIP", "address": HOST_IP}, {"type": "Hostname", "address": name}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {
            "machineID": machine_id,
            "systemUUID": _uuid(system),
            "bootID": _uuid(boot),
            "kernelVersion": "6.12.0-podlab",
            "osImage": "podlab (a simulated Linux)",
            "containerRuntimeVersion": "containerd://2.1.4",
            "kubeletVersion": VERSION,
            "kubeProxyVersion": "",
            "operatingSystem": "linux",
            "architecture": "amd64",
        },
    }


def node_lease(kernel: Kernel, node: Obj) -> Obj:
    """The node's lease in kube-node-lease."""
    meta = node["metadata"]
    owner = {"apiVersion": "v1", "kind": "Node", "name": meta["name"], "uid": meta["uid"]}
    return {
        "kind": "Lease",
        "apiVersion": "coordination.k8s.io/v1",
        "metadata": {"name": meta["name"], "namespace": "kube-node-lease", "ownerReferences": [owner]},
        "spec": {
            "holderIdentity": meta["name"],
            "leaseDurationSeconds": LEASE_SECONDS,
            "renewTime": MicroTime(kernel.now_ns),
        },
    }


def _uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
