"""Nodes: cordoned ones are tainted, pods leave nodes whose taints they do not tolerate, and go when their node is gone."""

from typing import Any, Final

from podlab.mock.api.errors import NotFound
from podlab.mock.clientgo.placement import NO_EXECUTE, NO_SCHEDULE, tolerates
from podlab.mock.controllers.base import Controller, Key, key_of
from podlab.mock.kernel import SECOND

Obj = dict[str, Any]

UNSCHEDULABLE: Final = "node.kubernetes.io/unschedulable"
FINISHED: Final = ("Succeeded", "Failed")
QUARANTINE_NS: Final = 40 * SECOND
"""How long a node has to be gone before its pods go."""


class NodeTaints(Controller):
    """A cordoned node says so in a taint, which the pods of DaemonSets tolerate."""

    name = "node-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._nodes = self.watch("nodes")

    def reconcile(self, key: Key) -> None:
        """Sets or removes the taint."""
        node = self._nodes.get(*key)
        if node is None:
            return
        taints = node["spec"].get("taints") or []
        rest = [taint for taint in taints if taint["key"] != UNSCHEDULABLE]
        cordoned = bool(node["spec"].get("unschedulable"))
        if cordoned != (len(rest) < len(taints)):
            now = self.kernel.now()
            wanted = [*rest, {"key": UNSCHEDULABLE, "effect": NO_SCHEDULE, "timeAdded": now}] if cordoned else rest
            self.client.patch("nodes", "", key[1], {"spec": {"taints": wanted or None}})


class PodLeaver(Controller):
    """What ends pods before their time because of their node."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.nodes = self.watch("nodes", self._pods_on)
        self.pods = self.watch("pods", self._concerned)

    def _pods_on(self, node: Obj) -> list[Key]:
        name = node["metadata"]["name"]
        return [key for key, pod in self.pods.objects.items() if pod["spec"].get("nodeName") == name]

    def _concerned(self, pod: Obj) -> list[Key]:
        name = pod["spec"].get("nodeName")
        return [key_of(pod)] if name and self.concerns(self.nodes.get("", name)) else []

    def concerns(self, node: Obj | None) -> bool:
        """Is there something with the node that its pods may have to leave for?"""
        raise NotImplementedError

    def end(self, pod: Obj, reason: str, message: str, phase: str | None, grace_seconds: int | None) -> None:
        """Deletes a pod, and says in its status why."""
        meta, status = pod["metadata"], pod.get("status") or {}
        mark = {
            "type": "DisruptionTarget",
            "observedGeneration": meta.get("generation", 1),
            "status": "True",
            "lastProbeTime": None,
            "lastTransitionTime": self.kernel.now(),
            "reason": reason,
            "message": message,
        }
        others = [each for each in status.get("conditions") or () if each["type"] != mark["type"]]
        told = {**status, "conditions": [*others, mark], **({"phase": phase} if phase else {})}
        self.client.update_status("pods", {**pod, "status": told})
        try:
            self.client.delete("pods", meta["namespace"], meta["name"], grace_seconds)
        except NotFound:
            return


class TaintEviction(PodLeaver):
    """Ends pods on nodes with a ``NoExecute`` taint that they do not tolerate, or not for longer."""

    name = "taint-eviction-controller"

    def __init__(self, *args: Any) -> None:
        self._since: dict[Key, int] = {}
        super().__init__(*args)

    def concerns(self, node: Obj | None) -> bool:
        """Has it such taints?"""
        return bool(_taints(node))

    def reconcile(self, key: Key) -> None:
        """Ends a pod whose time is up; else looks again when it will be."""
        pod = self.pods.get(*key)
        node = self.nodes.get("", pod["spec"].get("nodeName", "")) if pod else None
        taints = _taints(node)
        if pod is None or not taints or pod["metadata"].get("deletionTimestamp") is not None:
            if self._since.pop(key, None) is not None and pod is not None and not taints:
                self.recorder.event(pod, "Normal", "TaintManagerEviction", f"Cancelling deletion of Pod {key[0]}/{key[1]}")
            return
        seconds = _tolerated_seconds(pod, taints)
        if seconds is None:
            return
        due_ns = self._since.setdefault(key, self.kernel.now_ns) + seconds * SECOND
        if due_ns > self.kernel.now_ns:
            self.queue.add_after(key, due_ns - self.kernel.now_ns)
            return
        self.recorder.event(pod, "Normal", "TaintManagerEviction", f"Marking for deletion Pod {key[0]}/{key[1]}")
        self._since.pop(key)
        self.end(pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", None, None)


class PodCollector(PodLeaver):
    """Removes the pods of nodes that are gone."""

    name = "pod-garbage-collector"

    def __init__(self, *args: Any) -> None:
        self._since: dict[str, int] = {}
        super().__init__(*args)

    def concerns(self, node: Obj | None) -> bool:
        """Is it gone?"""
        return node is None

    def reconcile(self, key: Key) -> None:
        """Removes a pod whose node has been gone for long enough."""
        pod = self.pods.get(*key)
        name = pod["spec"].get("nodeName", "") if pod else ""
        if pod is None or not name:
            return
        if self.nodes.get("", name) is not None:
            self._since.pop(name, None)
            return
        due_ns = self._since.setdefault(name, self.kernel.now_ns) + QUARANTINE_NS
        if due_ns > self.kernel.now_ns:
            self.queue.add_after(key, due_ns - self.kernel.now_ns)
            return
        phase = None if (pod.get("status") or {}).get("phase") in FINISHED else "Failed"
        self.end(pod, "DeletionByPodGC", "PodGC: node no longer exists", phase, 0)


def _taints(node: Obj | None) -> list[Obj]:
    return [taint for taint in (node or {"spec": {}})["spec"].get("taints") or () if taint["effect"] == NO_EXECUTE]


def _tolerated_seconds(pod: Obj, taints: list[Obj]) -> int | None:
    """How long a pod tolerates all taints; None: for ever."""
    tolerations = pod["spec"].get("tolerations") or []
    if any(not tolerates(tolerations, taint) for taint in taints):
        return 0
    used = [each for each in tolerations if any(tolerates([each], taint) for taint in taints)]
    limited = [max(int(each["tolerationSeconds"]), 0) for each in used if each.get("tolerationSeconds") is not None]
    return min(limited) if limited else None
