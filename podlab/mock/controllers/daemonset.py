"""DaemonSets: a pod on every node that will have it."""

from typing import Any, Final

from podlab.mock.clientgo.placement import matches_node, tolerates
from podlab.mock.controllers.base import Controller, Key, owner_keys
from podlab.mock.controllers.history import History
from podlab.mock.controllers.podcontrol import PodControl, available, finished, ready
from podlab.mock.controllers.revisions import scaled, template_hash

Obj = dict[str, Any]

REVISION_LABEL: Final = "controller-revision-hash"
GENERATION_LABEL: Final = "pod-template-generation"
GENERATION_ANNOTATION: Final = "deprecated.daemonset.template.generation"
TOLERATED: Final = (
    ("node.kubernetes.io/not-ready", "NoExecute"),
    ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    ("node.kubernetes.io/unschedulable", "NoSchedule"),
)


class DaemonSetController(Controller):
    """Reconciles DaemonSets."""

    name = "daemonset-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.sets = self.watch("daemonsets.apps")
        self.nodes = self.watch("nodes", lambda node: list(self.sets.objects))
        pods = self.watch("pods", owner_keys("DaemonSet"))
        self.control = PodControl(self.kernel, self.client, self.recorder, pods, "apps/v1", "DaemonSet")
        self.history = History(self.client, self.control, REVISION_LABEL)

    def reconcile(self, key: Key) -> None:
        """Makes what is missing, ends what is too much, replaces what is old."""
        daemon = self.sets.get(*key)
        if daemon is None or "deletionTimestamp" in daemon["metadata"]:
            return
        digest = template_hash(daemon["spec"]["template"])
        generation = str(daemon["metadata"].get("generation", 1))
        newest = self.history.revision_of(daemon, {GENERATION_ANNOTATION: generation})
        nodes = [name for (_, name), node in self.nodes.objects.items() if _wants(daemon, node)]
        by_node = self._by_node(daemon)
        for node in nodes:
            self._tend(daemon, node, by_node.get(node, []), digest)
        for node, pods in by_node.items():
            if node not in nodes:
                for pod in [p for p in pods if "deletionTimestamp" not in p["metadata"]]:
                    self.control.delete(daemon, pod)
        self._roll(daemon, nodes, digest)
        self._tell(daemon, nodes, digest)
        labels = [pod["metadata"].get("labels") or {} for group in self._by_node(daemon).values() for pod in group]
        name = daemon["metadata"]["name"]
        self.history.forget(daemon, {newest, *(f"{name}-{one.get(REVISION_LABEL, '')}" for one in labels)})

    def _by_node(self, daemon: Obj) -> dict[str, list[Obj]]:
        found: dict[str, list[Obj]] = {}
        for pod in self.control.claim(daemon):
            found.setdefault(_node_of(pod), []).append(pod)
        return found

    def _tend(self, daemon: Obj, node: str, pods: list[Obj], digest: str) -> None:
        for pod in [p for p in pods if finished(p) and "deletionTimestamp" not in p["metadata"]]:
            name = pod["metadata"]["name"]
            self.recorder.event(
                daemon,
                "Warning",
                "FailedDaemonPod",
                f"Found failed daemon pod {pod['metadata']['namespace']}/{name} on node {node}, will try to kill it",
            )
            self.control.delete(daemon, pod)
        living = [p for p in pods if not finished(p)]
        if not living:
            self.control.create(daemon, self._new_pod(daemon, node, digest))
        for pod in [p for p in living if "deletionTimestamp" not in p["metadata"]][1:]:
            self.control.delete(daemon, pod)

    def _new_pod(self, daemon: Obj, node: str, digest: str) -> Obj:
        pod = self.control.new_pod(daemon, daemon["spec"]["template"])
        labels = {REVISION_LABEL: digest, GENERATION_LABEL: str(daemon["metadata"].get("generation", 1))}
        pod["metadata"]["labels"] = {**(pod["metadata"].get("labels") or {}), **labels}
        spec = pod["spec"]
        term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}
        affinity = spec.setdefault("affinity", {}).setdefault("nodeAffinity", {})
        affinity["requiredDuringSchedulingIgnoredDuringExecution"] = {"nodeSelectorTerms": [term]}
        extra = [{"key": key, "operator": "Exists", "effect": effect} for key, effect in TOLERATED]
        spec["tolerations"] = [*(spec.get("tolerations") or []), *extra]
        return pod

    def _roll(self, daemon: Obj, nodes: list[str], digest: str) -> None:
        """Ends pods of an old template, as many at a time as may be unavailable."""
        strategy = daemon["spec"].get("updateStrategy") or {}
        if strategy.get("type") == "OnDelete":
            return
        most = max(scaled((strategy.get("rollingUpdate") or {}).get("maxUnavailable", 1), len(nodes), True), 1)
        pods = [p for group in self._by_node(daemon).values() for p in group if not finished(p)]
        unavailable = len(nodes) - sum(available(p, daemon["spec"].get("minReadySeconds", 0), self.kernel.now_ns) for p in pods)
        for pod in pods:
            if (pod["metadata"].get("labels") or {}).get(REVISION_LABEL) == digest or "deletionTimestamp" in pod["metadata"]:
                continue
            if ready(pod) and unavailable >= most:
                continue
            unavailable += ready(pod)
            self.control.delete(daemon, pod)

    def _tell(self, daemon: Obj, nodes: list[str], digest: str) -> None:
        by_node = self._by_node(daemon)
        seconds = daemon["spec"].get("minReadySeconds", 0)
        placed = [[p for p in by_node.get(node, []) if not finished(p)] for node in nodes]
        ready_count = sum(any(map(ready, group)) for group in placed)
        available_count = sum(any(available(p, seconds, self.kernel.now_ns) for p in group) for group in placed)
        updated = sum(any((p["metadata"].get("labels") or {}).get(REVISION_LABEL) == digest for p in group) for group in placed)
        status: Obj = {
            "currentNumberScheduled": sum(map(bool, placed)),
            "numberMisscheduled": sum(bool(pods) for node, pods in by_node.items() if node not in nodes),
            "desiredNumberScheduled": len(nodes),
            "numberReady": ready_count,
            "observedGeneration": daemon["metadata"].get("generation", 0),
        }
        counts = {
            "updatedNumberScheduled": updated,
            "numberAvailable": available_count,
            "numberUnavailable": len(nodes) - available_count,
        }
        status |= {name: count for name, count in counts.items() if count}
        if status != daemon.get("status"):
            self.client.update_status("daemonsets.apps", {**daemon, "status": status})


def _node_of(pod: Obj) -> str:
    """The node that a pod is on, or is made for."""
    if pod["spec"].get("nodeName"):
        return str(pod["spec"]["nodeName"])
    required = ((pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}).get(
        "requiredDuringSchedulingIgnoredDuringExecution"
    ) or {}
    for term in required.get("nodeSelectorTerms") or ():
        for field in term.get("matchFields") or ():
            return str(field["values"][0])
    return ""


def _wants(daemon: Obj, node: Obj) -> bool:
    """Whether the DaemonSet's pods may run on a node: its selector fits, and its taints are tolerated."""
    spec = daemon["spec"]["template"]["spec"]
    if not matches_node(spec, node):
        return False
    if spec.get("nodeName") and spec["nodeName"] != node["metadata"]["name"]:
        return False
    tolerations = [*(spec.get("tolerations") or ()), *({"key": k, "operator": "Exists", "effect": e} for k, e in TOLERATED)]
    taints = [t for t in node["spec"].get("taints") or () if t["effect"] != "PreferNoSchedule"]
    return all(tolerates(tolerations, taint) for taint in taints)
