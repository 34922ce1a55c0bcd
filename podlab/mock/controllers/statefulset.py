"""StatefulSets: pods with names that stay, made and ended in order (the StatefulSet's documentation)."""

import re
from typing import Any, Final

from podlab.mock.api.errors import APIError
from podlab.mock.controllers.base import Controller, Key, owner_keys
from podlab.mock.controllers.history import History
from podlab.mock.controllers.podcontrol import PodControl, available, finished, ready
from podlab.mock.controllers.revisions import scaled
from podlab.mock.controllers.statefulclaims import StatefulClaims

Obj = dict[str, Any]

REVISION_LABEL: Final = "controller-revision-hash"
NAME_LABEL: Final = "statefulset.kubernetes.io/pod-name"
INDEX_LABEL: Final = "apps.kubernetes.io/pod-index"


class StatefulSetController(Controller):
    """Reconciles StatefulSets."""

    name = "statefulset-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.sets = self.watch("statefulsets.apps")
        pods = self.watch("pods", owner_keys("StatefulSet"))
        self.control = PodControl(self.kernel, self.client, self.recorder, pods, "apps/v1", "StatefulSet")
        self.history = History(self.client, self.control)
        self.claims = StatefulClaims(self.client)

    def reconcile(self, key: Key) -> None:
        """One step: at most one pod is made, replaced or ended at a time, unless the policy is Parallel."""
        stateful = self.sets.get(*key)
        if stateful is None or "deletionTimestamp" in stateful["metadata"]:
            return
        revision = self.history.revision_of(stateful)
        current = (stateful.get("status") or {}).get("currentRevision") or revision
        pods = {index: pod for pod in self.control.claim(stateful) if (index := ordinal(stateful, pod)) is not None}
        for index, pod in pods.items() if stateful["spec"].get("volumeClaimTemplates") else ():
            self.claims.settle(stateful, pod, index, index not in _wanted(stateful["spec"]))
        replaced = 0
        try:
            replaced = self._step(stateful, pods, revision, current)
        finally:
            self._tell(stateful, pods, revision, current, replaced)  # as they were: what was done shows in the next step
        self.history.forget(stateful, {revision, current, *(_label(pod) for pod in pods.values())})

    # -- acting

    def _step(self, stateful: Obj, pods: dict[int, Obj], revision: str, current: str) -> int:
        """Acts; says how many pods it ended because they are of an old revision."""
        spec = stateful["spec"]
        wanted = _wanted(spec)
        parallel = spec.get("podManagementPolicy") == "Parallel"
        for index in wanted:
            pod = pods.get(index)
            if pod is not None and finished(pod) and "deletionTimestamp" not in pod["metadata"]:
                self._note(
                    stateful,
                    "Warning",
                    "RecreatingTerminatedPod",
                    f"StatefulSet {_full(stateful)} is recreating terminated Pod {pod['metadata']['name']}",
                )
                self._end(stateful, pod)
                return 0
            if pod is None:
                made = self._make(stateful, index, self._revision_for(stateful, index, revision, current))
                if made is None or not parallel:
                    return 0
            elif not parallel and not self._healthy(stateful, pod):
                return 0
        surplus = sorted((i for i in pods if i not in wanted), reverse=True)
        for index in surplus:
            if "deletionTimestamp" not in pods[index]["metadata"]:
                self._end(stateful, pods[index])
            if not parallel:
                return 0
        return 0 if surplus else self._update(stateful, pods, wanted, revision)

    def _revision_for(self, stateful: Obj, index: int, revision: str, current: str) -> str:
        strategy = stateful["spec"].get("updateStrategy") or {}
        old = strategy.get("type", "RollingUpdate") == "RollingUpdate" and index < self._partition(stateful)
        return current if old else revision

    @staticmethod
    def _partition(stateful: Obj) -> int:
        """The number of the first pod that an update reaches."""
        spec = stateful["spec"]
        start = (spec.get("ordinals") or {}).get("start", 0)
        return int(start + ((spec.get("updateStrategy") or {}).get("rollingUpdate") or {}).get("partition", 0))

    def _update(self, stateful: Obj, pods: dict[int, Obj], wanted: range, revision: str) -> int:
        """Ends pods of an old revision, the highest first, each when all above it are healthy; says how many."""
        strategy = stateful["spec"].get("updateStrategy") or {}
        if strategy.get("type") == "OnDelete":
            return 0
        most = max(scaled((strategy.get("rollingUpdate") or {}).get("maxUnavailable", 1), len(wanted), True), 1)
        down = ended = 0
        for index in reversed(wanted):
            pod = pods.get(index)
            if pod is None or index < self._partition(stateful):
                break
            if pod["metadata"].get("labels", {}).get(REVISION_LABEL) != revision and "deletionTimestamp" not in pod["metadata"]:
                self._end(stateful, pod)
                ended += 1
                down += 1
            elif not self._healthy(stateful, pod):
                down += 1
            if down >= most:
                break
        return ended

    def _healthy(self, stateful: Obj, pod: Obj) -> bool:
        seconds = stateful["spec"].get("minReadySeconds", 0)
        return "deletionTimestamp" not in pod["metadata"] and available(pod, seconds, self.kernel.now_ns)

    def _make(self, stateful: Obj, index: int, revision: str) -> Obj | None:
        meta, name = stateful["metadata"], f"{stateful['metadata']['name']}-{index}"
        template = self.history.template(stateful, revision) or stateful["spec"]["template"]
        pod = self.control.new_pod(stateful, template)
        del pod["metadata"]["generateName"]
        pod["metadata"]["name"] = name
        labels = {REVISION_LABEL: revision, NAME_LABEL: name, INDEX_LABEL: str(index)}
        pod["metadata"]["labels"] = {**(pod["metadata"].get("labels") or {}), **labels}
        pod["spec"] |= {
            "hostname": name,
            **({"subdomain": stateful["spec"]["serviceName"]} if stateful["spec"].get("serviceName") else {}),
        }
        for claim in self.claims.mount(stateful, pod, index):
            text = f"create Claim {claim} Pod {name} in StatefulSet {meta['name']} success"
            self._note(stateful, "Normal", "SuccessfulCreate", text)
        try:
            made = self.client.create("pods", meta["namespace"], pod)
        except APIError as error:
            text = f"create Pod {name} in StatefulSet {meta['name']} failed error: {error.status.get('message', error)}"
            self._note(stateful, "Warning", "FailedCreate", text)
            if error.status.get("reason") == "AlreadyExists":
                return None
            raise
        self._note(stateful, "Normal", "SuccessfulCreate", f"create Pod {name} in StatefulSet {meta['name']} successful")
        return made

    def _end(self, stateful: Obj, pod: Obj) -> None:
        meta = pod["metadata"]
        self.client.delete("pods", meta["namespace"], meta["name"], uid=meta["uid"])
        self._note(
            stateful,
            "Normal",
            "SuccessfulDelete",
            f"delete Pod {meta['name']} in StatefulSet {stateful['metadata']['name']} successful",
        )

    def _note(self, stateful: Obj, kind: Any, reason: str, message: str) -> None:
        self.recorder.event(stateful, kind, reason, message)

    # -- telling

    def _tell(self, stateful: Obj, pods: dict[int, Obj], revision: str, current: str, replaced: int) -> None:
        before = stateful.get("status") or {}
        seconds = stateful["spec"].get("minReadySeconds", 0)
        living = [p for p in pods.values() if not finished(p)]

        def of(name: str) -> list[Obj]:
            return [
                p
                for p in living
                if (p["metadata"].get("labels") or {}).get(REVISION_LABEL) == name and "deletionTimestamp" not in p["metadata"]
            ]

        updated = of(revision)
        replicas = stateful["spec"].get("replicas", 1)
        if len(updated) == replicas == len(living) and all(map(ready, updated)):
            current = revision
        status: Obj = {
            "observedGeneration": stateful["metadata"].get("generation", 0),
            "replicas": len(living),
            "readyReplicas": sum(map(ready, living)),
            "currentReplicas": len(of(current)) - replaced,
            "updatedReplicas": len(updated),
            "currentRevision": current,
            "updateRevision": revision,
            "collisionCount": before.get("collisionCount", 0),
            "availableReplicas": sum(available(p, seconds, self.kernel.now_ns) for p in living),
        }
        status = {
            k: v for k, v in status.items() if v or k in ("replicas", "collisionCount", "availableReplicas", "observedGeneration")
        }
        if status != before:
            self.client.update_status("statefulsets.apps", {**stateful, "status": status})


def _wanted(spec: Obj) -> range:
    """The numbers of the pods that there should be."""
    start = (spec.get("ordinals") or {}).get("start", 0)
    return range(start, start + spec.get("replicas", 1))


def _label(pod: Obj) -> str:
    return str((pod["metadata"].get("labels") or {}).get(REVISION_LABEL, ""))


def ordinal(stateful: Obj, pod: Obj) -> int | None:
    """A pod's number, or None when its name is not of the set."""
    match = re.fullmatch(re.escape(stateful["metadata"]["name"]) + r"-(\d+)", pod["metadata"]["name"])
    return int(match[1]) if match else None


def _full(stateful: Obj) -> str:
    return f"{stateful['metadata']['namespace']}/{stateful['metadata']['name']}"
