"""ReplicaSets and ReplicationControllers: as many pods as asked for."""

from typing import Any, Final

from podlab.mock.api.errors import APIError
from podlab.mock.controllers.base import Controller, Key, condition, owner_keys
from podlab.mock.controllers.podcontrol import PodControl, active, available, deletion_rank, finished, ready, ready_since
from podlab.mock.kernel import SECOND

Obj = dict[str, Any]

BURST: Final = 500


class ReplicaSetController(Controller):
    """Reconciles ReplicaSets."""

    name = "replicaset-controller"
    resource, api_version, kind = "replicasets.apps", "apps/v1", "ReplicaSet"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.sets = self.watch(self.resource)
        pods = self.watch("pods", owner_keys(self.kind))
        self.control = PodControl(self.kernel, self.client, self.recorder, pods, self.api_version, self.kind)

    def reconcile(self, key: Key) -> None:
        """Creates or deletes pods, then tells the status."""
        replica_set = self.sets.get(*key)
        if replica_set is None:
            return
        pods = active(self.control.claim(replica_set))
        failure: APIError | None = None
        if "deletionTimestamp" not in replica_set["metadata"]:
            try:
                self._scale(replica_set, pods)
            except APIError as error:
                failure = error
        self._tell(replica_set, [p for p in self.control.claim(replica_set) if not finished(p)], failure)
        if failure is not None:
            raise failure

    def _scale(self, replica_set: Obj, pods: list[Obj]) -> None:
        missing = min(replica_set["spec"].get("replicas", 1) - len(pods), BURST)
        for _ in range(missing):
            self.control.create(replica_set, self.control.new_pod(replica_set, replica_set["spec"]["template"]))
        if missing < 0:
            for pod in sorted(pods, key=deletion_rank)[:-missing]:
                self.control.delete(replica_set, pod)

    def _tell(self, replica_set: Obj, pods: list[Obj], failure: APIError | None) -> None:
        spec, before = replica_set["spec"], replica_set.get("status") or {}
        wanted = spec["template"].get("metadata", {}).get("labels") or {}
        alive = active(pods)
        seconds = spec.get("minReadySeconds", 0)
        terminating = len(pods) - len(alive)
        status: Obj = {"replicas": len(alive)}
        counts = {
            "fullyLabeledReplicas": sum(wanted.items() <= (p["metadata"].get("labels") or {}).items() for p in alive),
            "readyReplicas": sum(map(ready, alive)),
            "availableReplicas": sum(available(p, seconds, self.kernel.now_ns) for p in alive),
        }
        status |= {name: count for name, count in counts.items() if count}
        if self.kind == "ReplicaSet":
            status["terminatingReplicas"] = terminating
        status["observedGeneration"] = replica_set["metadata"].get("generation", 0)
        conditions = [c for c in before.get("conditions") or () if c["type"] != "ReplicaFailure"]
        if failure is not None:
            conditions.append(condition(before, "ReplicaFailure") or self._failure(failure))
        if conditions:
            status["conditions"] = conditions
        if status != before:
            self.client.update_status(self.resource, {**replica_set, "status": status})
        for since in filter(None, map(ready_since, alive)):
            if seconds and since + seconds * SECOND > self.kernel.now_ns:
                self.queue.add_after(
                    (replica_set["metadata"]["namespace"], replica_set["metadata"]["name"]),
                    since + seconds * SECOND - self.kernel.now_ns,
                )

    def _failure(self, error: APIError) -> Obj:
        return {
            "type": "ReplicaFailure",
            "status": "True",
            "lastTransitionTime": self.kernel.now(),
            "reason": "FailedCreate",
            "message": str(error.status.get("message", error)),
        }


class ReplicationManager(ReplicaSetController):
    """Reconciles ReplicationControllers, whose selector is a plain map."""

    name = "replication-controller"
    resource, api_version, kind = "replicationcontrollers", "v1", "ReplicationController"
