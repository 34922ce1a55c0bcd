"""Assigns pods to nodes, one after another, as they come; a pod that fits nowhere is tried again when something changes.

Modelled: node selectors and affinity, taints, resources, host ports, required pod affinity, claims, scheduling gates, and
preemption: pods of a lower priority make room for one of a higher. Nodes are not scored (there is one).
"""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.client import Client, InformerEvent
from podlab.mock.api.errors import Conflict, NotFound
from podlab.mock.clientgo.events import SeriesRecorder
from podlab.mock.clientgo.workqueue import ErrorHandler, raise_failure
from podlab.mock.controllers.base import Controller, Key, condition, key_of
from podlab.mock.controllers.scheduler.claims import SELECTED_NODE, claims_of
from podlab.mock.controllers.scheduler.filters import Misfit, in_vain, misfit, prefilter_message, unschedulable_message
from podlab.mock.controllers.scheduler.loads import NodeLoads
from podlab.mock.controllers.scheduler.preemption import NOT_HELPFUL, Candidate, find_candidate, ineligible, priority
from podlab.mock.kernel import Kernel

Obj = dict[str, Any]

NAME: Final = "default-scheduler"
FINISHED: Final = ("Succeeded", "Failed")


class Scheduler(Controller):
    """The scheduler."""

    name = "kube-scheduler"

    def __init__(self, kernel: Kernel, make_client: Callable[[str], Client], on_failure: ErrorHandler = raise_failure) -> None:
        super().__init__(kernel, make_client, on_failure)
        self._events = SeriesRecorder(kernel, self.client, NAME, NAME)
        self._unschedulable: dict[Key, None] = {}
        self._loads = NodeLoads()
        self._nodes = self.watch("nodes", lambda node: list(self._unschedulable))
        self._claims = self.watch("persistentvolumeclaims", lambda claim: list(self._unschedulable))
        self._classes = self.watch("storageclasses.storage.k8s.io", lambda each: [])
        self._budgets = self.watch("poddisruptionbudgets.policy", lambda each: [])
        self._pods = self.client.watch("pods")
        self._informers.append(self._pods)
        self._pods.add_handler(self._pod_changed)

    def _pod_changed(self, event: InformerEvent) -> None:
        """A pod came that wants a node; or one went, which may make room."""
        pod, key = event.obj, key_of(event.obj)
        assigned = bool(pod["spec"].get("nodeName"))
        gone = event.type == "DELETED" or pod.get("status", {}).get("phase") in FINISHED
        if event.type == "DELETED":
            self._unschedulable.pop(key, None)
        if gone:
            self._loads.remove(key)
        elif assigned and (event.old_obj is None or _counts(event.old_obj) != _counts(pod)):
            self._loads.add(key, pod, pod["spec"]["nodeName"])
        if assigned and gone:
            for waiting in self._by_priority():
                self.queue.add(waiting)
        elif not assigned and not gone and self._worth_trying(event):
            self.queue.add(key)

    def _by_priority(self) -> list[Key]:
        """The pods that wait, those of the highest priority first."""
        waiting = [(pod, key) for key in self._unschedulable if (pod := self._pods.get(*key)) is not None]
        return [key for _, key in sorted(waiting, key=lambda each: -priority(each[0]))]

    def _worth_trying(self, event: InformerEvent) -> bool:
        old = event.old_obj
        return old is None or old["spec"] != event.obj["spec"]

    def reconcile(self, key: Key) -> None:
        """Tries to find a node for a pod."""
        pod = self._pods.get(*key)
        if pod is None or not _wants_node(pod):
            self._unschedulable.pop(key, None)
            return
        nodes = [node for node in self._nodes.objects.values() if node["metadata"].get("deletionTimestamp") is None]
        claims = claims_of(pod, self._claims, self._classes)
        if not nodes:
            self._fail(pod, "no nodes available to schedule pods")
        elif claims.problem:
            self._fail(pod, prefilter_message(len(nodes), claims.problem, in_vain([NOT_HELPFUL] * len(nodes))))
        else:
            self._choose(pod, nodes, claims.waiting)

    def _choose(self, pod: Obj, nodes: list[Obj], waiting: tuple[Obj, ...]) -> None:
        misfits: list[Misfit] = []
        for node in nodes:
            found = misfit(pod, node, self._loads)
            if found is None:
                self._unschedulable.pop(key_of(pod), None)
                if waiting:
                    self._provision(pod, node, waiting)
                else:
                    self._bind(pod, node)
                return
            misfits.append(found)
        self._preempt(pod, list(zip(nodes, misfits, strict=True)))

    def _preempt(self, pod: Obj, nodes: list[tuple[Obj, Misfit]]) -> None:
        """Has pods of a lower priority removed where that makes room; the pod is tried again when they are gone."""
        misfits = [found for _, found in nodes]
        words = ineligible(pod, self._loads)
        if words:
            self._fail(pod, unschedulable_message(misfits, words))
            return
        candidate, whys = find_candidate(pod, nodes, self._loads, list(self._budgets.objects.values()))
        if candidate is None:
            self._fail(pod, unschedulable_message(misfits, in_vain(whys)))
            return
        self._fail(pod, unschedulable_message(misfits), candidate.node)
        for victim in candidate.victims:
            self._remove(victim, pod, candidate)

    def _remove(self, victim: Obj, pod: Obj, candidate: Candidate) -> None:
        """Deletes a pod that has to make room, and says in its status why."""
        meta, status = victim["metadata"], victim.get("status") or {}
        if meta.get("deletionTimestamp") is not None:
            return
        mark: Obj = {
            "type": "DisruptionTarget",
            "observedGeneration": meta.get("generation", 1),
            "status": "True",
            "lastProbeTime": None,
            "lastTransitionTime": self.kernel.now(),
            "reason": "PreemptionByScheduler",
            "message": f"{NAME}: preempting to accommodate a higher priority pod",
        }
        others = [each for each in status.get("conditions") or () if each["type"] != mark["type"]]
        conditions = {"status": {"conditions": [*others, mark]}}
        try:
            self.client.patch("pods", meta["namespace"], meta["name"], conditions, subresource="status")
            self.client.delete("pods", meta["namespace"], meta["name"], uid=meta["uid"])
        except (NotFound, Conflict):
            return
        note = f"Preempted by pod {pod['metadata']['uid']} on node {candidate.node}"
        self._events.event(victim, "Normal", "Preempted", "Preempting", note)

    def _bind(self, pod: Obj, node: Obj) -> None:
        meta, name = pod["metadata"], node["metadata"]["name"]
        binding = {
            "kind": "Binding",
            "apiVersion": "v1",
            "metadata": {"name": meta["name"], "namespace": meta["namespace"], "uid": meta["uid"]},
            "target": {"kind": "Node", "name": name},
        }
        self.client.create("pods", meta["namespace"], binding, "binding", meta["name"])
        self._loads.add(key_of(pod), pod, name)
        note = f"Successfully assigned {meta['namespace']}/{meta['name']} to {name}"
        self._events.event(pod, "Normal", "Scheduled", "Binding", note)

    def _provision(self, pod: Obj, node: Obj, waiting: tuple[Obj, ...]) -> None:
        """Tells the provisioner where the pod is going to be; the pod is bound once its claims are."""
        self._unschedulable[key_of(pod)] = None
        for claim in waiting:
            annotations = claim["metadata"].get("annotations") or {}
            if SELECTED_NODE not in annotations:
                patch = {"metadata": {"annotations": {SELECTED_NODE: node["metadata"]["name"]}}}
                self.client.patch("persistentvolumeclaims", claim["metadata"]["namespace"], claim["metadata"]["name"], patch)

    def _fail(self, pod: Obj, message: str, nominated: str = "") -> None:
        """Says why a pod has no node; and on which one there will be room for it, if there will."""
        self._unschedulable[key_of(pod)] = None
        self._events.event(pod, "Warning", "FailedScheduling", "Scheduling", message)
        status = pod.get("status", {})
        known = condition(status, "PodScheduled")
        same = known is not None and known.get("message") == message and known.get("status") == "False"
        if same and nominated in ("", status.get("nominatedNodeName")):
            return
        changed: Obj = {
            "type": "PodScheduled",
            "observedGeneration": pod["metadata"].get("generation", 1),
            "status": "False",
            "lastProbeTime": None,
            "lastTransitionTime": known["lastTransitionTime"] if known and known["status"] == "False" else self.kernel.now(),
            "reason": "Unschedulable",
            "message": message,
        }
        others = [each for each in status.get("conditions") or () if each["type"] != "PodScheduled"]
        told = {**status, "conditions": [*others, changed], **({"nominatedNodeName": nominated} if nominated else {})}
        self.client.update_status("pods", {**pod, "status": told})


def _counts(pod: Obj) -> tuple[Any, ...]:
    """What of a pod on a node the scheduler heeds."""
    return pod["spec"], pod["metadata"].get("deletionTimestamp"), pod.get("status", {}).get("startTime")


def _wants_node(pod: Obj) -> bool:
    spec = pod["spec"]
    return (
        not spec.get("nodeName")
        and spec.get("schedulerName", NAME) == NAME
        and not spec.get("schedulingGates")
        and pod["metadata"].get("deletionTimestamp") is None
        and pod.get("status", {}).get("phase") not in FINISHED
    )
