"""PodDisruptionBudgets: how many pods may be evicted now. The eviction subresource asks this status."""

from typing import Any

from podlab.mock.api.selectors import from_label_selector, matches_labels
from podlab.mock.controllers.base import Controller, Key, condition, owner_of
from podlab.mock.controllers.podcontrol import finished, ready
from podlab.mock.controllers.revisions import scaled

Obj = dict[str, Any]


class DisruptionController(Controller):
    """Tells each budget's status."""

    name = "disruption-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.budgets = self.watch("poddisruptionbudgets.policy")
        self.pods = self.watch("pods", self._budgets_of)
        self.owners = {kind: self.watch(resource, lambda _: []) for kind, resource in SCALES.items()}

    def _budgets_of(self, pod: Obj) -> list[Key]:
        namespace = pod["metadata"]["namespace"]
        return [key for key, budget in self.budgets.objects.items() if key[0] == namespace and _covers(budget, pod)]

    def reconcile(self, key: Key) -> None:
        """Counts the pods that a budget covers, and what it allows."""
        budget = self.budgets.get(*key)
        if budget is None:
            return
        pods = [
            p for (namespace, _), p in self.pods.objects.items() if namespace == key[0] and _covers(budget, p) and not finished(p)
        ]
        expected, desired = self._wanted(budget, pods)
        healthy = sum(ready(p) and "deletionTimestamp" not in p["metadata"] for p in pods)
        allowed = max(healthy - desired, 0) if expected > 0 else 0
        before = budget.get("status") or {}
        status: Obj = {
            "observedGeneration": budget["metadata"].get("generation", 0),
            "disruptionsAllowed": allowed,
            "currentHealthy": healthy,
            "desiredHealthy": desired,
            "expectedPods": expected,
            "conditions": [self._condition(before, allowed, budget)],
        }
        if status != before:
            self.client.update_status("poddisruptionbudgets.policy", {**budget, "status": status})

    def _wanted(self, budget: Obj, pods: list[Obj]) -> tuple[int, int]:
        """(pods that there should be, healthy ones that there must be)."""
        spec = budget["spec"]
        if "maxUnavailable" in spec:
            expected = self._expected(pods)
            return expected, max(expected - scaled(spec["maxUnavailable"], expected, True), 0)
        least = spec.get("minAvailable", 1)
        if isinstance(least, str):
            expected = self._expected(pods)
            return expected, scaled(least, expected, True)
        return len(pods), least

    def _expected(self, pods: list[Obj]) -> int:
        """What the controllers of the pods are asked for; a pod without one counts as itself."""
        sizes: dict[str, int] = {}
        for pod in pods:
            uid, size = self._scale_of(pod)
            sizes[uid] = size
        return sum(sizes.values())

    def _scale_of(self, pod: Obj) -> tuple[str, int]:
        namespace, found = pod["metadata"]["namespace"], owner_of(pod)
        size = (pod["metadata"]["uid"], 1)
        while found is not None and found["kind"] in self.owners:
            owner = self.owners[found["kind"]].get(namespace, found["name"])
            if owner is None:
                break
            size = (owner["metadata"]["uid"], owner["spec"].get("replicas", 1))
            found = owner_of(owner)
        return size

    def _condition(self, before: Obj, allowed: int, budget: Obj) -> Obj:
        fine = "True" if allowed else "False"
        current = condition(before, "DisruptionAllowed")
        changed = current["lastTransitionTime"] if current is not None and current["status"] == fine else self.kernel.now()
        return {
            "type": "DisruptionAllowed",
            "status": fine,
            "observedGeneration": budget["metadata"].get("generation", 0),
            "lastTransitionTime": changed,
            "reason": "SufficientPods" if allowed else "InsufficientPods",
            "message": "",
        }


SCALES = {
    "ReplicaSet": "replicasets.apps",
    "Deployment": "deployments.apps",
    "StatefulSet": "statefulsets.apps",
}


def _covers(budget: Obj, pod: Obj) -> bool:
    return matches_labels(from_label_selector(budget["spec"].get("selector")), pod["metadata"].get("labels"))
