"""Deployments: a ReplicaSet for each revision of the pod template, and the way from one to the next.

The steps are those of the Deployment's documentation ("Rolling Update Deployment", "Proportional scaling", "Progress
deadline"); `rollout` holds how many pods go up and down, `deploymentstatus` what is told of it.
"""

from typing import Any, Final

from podlab.mock.api.errors import APIError
from podlab.mock.controllers import deploymentstatus, rollout
from podlab.mock.controllers.base import Controller, Key, owner_keys, owner_of
from podlab.mock.controllers.podcontrol import finished
from podlab.mock.controllers.revisions import HASH_LABEL, fenceposts, template_hash, without_hash
from podlab.mock.store import clone

Obj = dict[str, Any]

REVISION: Final = "deployment.kubernetes.io/revision"
HISTORY: Final = "deployment.kubernetes.io/revision-history"
DESIRED: Final = "deployment.kubernetes.io/desired-replicas"
MAXIMUM: Final = "deployment.kubernetes.io/max-replicas"
NOT_COPIED: Final = (
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    HISTORY,
    DESIRED,
    MAXIMUM,
    "deprecated.deployment.rollback.to",
)


class DeploymentController(Controller):
    """Reconciles Deployments."""

    name = "deployment-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.deployments = self.watch("deployments.apps")
        self.sets = self.watch("replicasets.apps", owner_keys("Deployment"))
        self.pods = self.watch("pods", self._recreating)

    def _recreating(self, pod: Obj) -> list[Key]:
        """A pod that goes lets a Deployment that recreates go on."""
        owner = owner_of(pod)
        if owner is None or owner["kind"] != "ReplicaSet":
            return []
        replica_set = self.sets.get(pod["metadata"]["namespace"], owner["name"])
        above = owner_of(replica_set) if replica_set is not None else None
        if above is None:
            return []
        deployment = self.deployments.get(pod["metadata"]["namespace"], above["name"])
        if deployment is None or deployment["spec"]["strategy"].get("type") != "Recreate":
            return []
        return [(pod["metadata"]["namespace"], above["name"])]

    def reconcile(self, key: Key) -> None:
        """One step of a Deployment."""
        found = self.deployments.get(*key)
        if found is None:
            return
        deployment = clone(found)
        sets = self._sets_of(deployment)
        if "deletionTimestamp" in deployment["metadata"]:
            self._tell(deployment, sets, self._newest(deployment, sets))
            return
        deploymentstatus.mark_paused(deployment, self.kernel)
        if deployment["spec"].get("paused") or self._is_scaled(deployment, sets):
            self._resize(deployment, sets)
        elif deployment["spec"]["strategy"]["type"] == "Recreate":
            self._recreate(deployment, sets)
        else:
            self._roll(deployment, sets)

    def _sets_of(self, deployment: Obj) -> list[Obj]:
        meta = deployment["metadata"]
        mine = []
        for (namespace, _), replica_set in self.sets.objects.items():
            owner = owner_of(replica_set)
            if namespace == meta["namespace"] and owner is not None and owner["uid"] == meta["uid"]:
                mine.append(clone(replica_set))
        return sorted(mine, key=lambda s: (s["metadata"]["creationTimestamp"].offset_ns, s["metadata"]["name"]))

    @staticmethod
    def _newest(deployment: Obj, sets: list[Obj]) -> Obj | None:
        wanted = without_hash(deployment["spec"]["template"])
        return next((s for s in sets if without_hash(s["spec"]["template"]) == wanted), None)

    # -- strategies

    def _roll(self, deployment: Obj, sets: list[Obj]) -> None:
        newest = self._ensure_newest(deployment, sets)
        old = [s for s in sets if s is not newest]
        target = rollout.grow(deployment, newest, sets)
        if target is not None and self._scale(deployment, newest, target):
            self._tell(deployment, sets, newest)
            return
        for replica_set, size in rollout.shrink(deployment, newest, old):
            self._scale(deployment, replica_set, size)
        self._finish(deployment, sets, newest)

    def _recreate(self, deployment: Obj, sets: list[Obj]) -> None:
        newest = self._newest(deployment, sets)
        old = [s for s in sets if s is not newest]
        ended = [s for s in old if s["spec"]["replicas"] and self._scale(deployment, s, 0)]
        if ended:
            self._tell(deployment, sets, newest)
            return
        if self._has_pods(old):
            self._tell(deployment, sets, newest)
            return
        newest = self._ensure_newest(deployment, sets)
        self._scale(deployment, newest, deployment["spec"]["replicas"])
        self._finish(deployment, sets, newest)

    def _has_pods(self, sets: list[Obj]) -> bool:
        uids = {s["metadata"]["uid"] for s in sets}
        return any(
            (owner := owner_of(p)) is not None and owner["uid"] in uids and not finished(p) for p in self.pods.objects.values()
        )

    def _finish(self, deployment: Obj, sets: list[Obj], newest: Obj) -> None:
        if deploymentstatus.complete(deployment, deployment.get("status") or {}):
            self._forget_old(deployment, [s for s in sets if s is not newest])
        self._tell(deployment, sets, newest)

    # -- scaling

    @staticmethod
    def _is_scaled(deployment: Obj, sets: list[Obj]) -> bool:
        """Whether `replicas` was changed since the sets were last scaled."""
        wanted = str(deployment["spec"]["replicas"])
        return any(
            (s["metadata"].get("annotations") or {}).get(DESIRED, wanted) != wanted for s in sets if s["spec"]["replicas"] > 0
        )

    def _resize(self, deployment: Obj, sets: list[Obj]) -> None:
        newest = self._newest(deployment, sets)
        for replica_set, size in rollout.resize(deployment, newest, sets):
            self._scale(deployment, replica_set, size)
        if deployment["spec"].get("paused"):
            self._forget_old(deployment, [s for s in sets if s is not newest])
        self._tell(deployment, sets, newest)

    def _scale(self, deployment: Obj, replica_set: Obj, size: int) -> bool:
        """Gives a set its size and the annotations that go with it. Returns whether the size changed."""
        before = replica_set["spec"]["replicas"]
        sizes = self._sizes(deployment)
        annotations = replica_set["metadata"].setdefault("annotations", {})
        if before == size and sizes.items() <= annotations.items():
            return False
        annotations.update(sizes)
        replica_set["spec"]["replicas"] = size
        replica_set.update(self.client.update("replicasets.apps", replica_set))
        if before != size:
            direction = "up" if size > before else "down"
            self._scaled(deployment, direction, replica_set, before, size)
        return bool(before != size)

    def _scaled(self, deployment: Obj, direction: str, replica_set: Obj, before: int, size: int) -> None:
        text = f"Scaled {direction} replica set {replica_set['metadata']['name']} from {before} to {size}"
        self.recorder.event(deployment, "Normal", "ScalingReplicaSet", text)

    @staticmethod
    def _sizes(deployment: Obj) -> dict[str, str]:
        replicas = deployment["spec"]["replicas"]
        rolling = deployment["spec"]["strategy"].get("rollingUpdate")
        surge = fenceposts(rolling["maxSurge"], rolling["maxUnavailable"], replicas)[0] if rolling else 0
        return {DESIRED: str(replicas), MAXIMUM: str(replicas + surge)}

    # -- revisions

    def _ensure_newest(self, deployment: Obj, sets: list[Obj]) -> Obj:
        """The set of the present template, made if there is none, with the highest revision."""
        newest = self._newest(deployment, sets)
        others = [s for s in sets if s is not newest]
        revision = str(max((_revision(s) for s in others), default=0) + 1)
        if newest is None:
            newest = self._create(deployment, sets, revision)
            sets.append(newest)
            deploymentstatus.created(deployment, newest, self.kernel)
        else:
            if _revision(newest) < int(revision):
                annotations = newest["metadata"].setdefault("annotations", {})
                history = [h for h in (annotations.get(HISTORY), annotations.get(REVISION)) if h]
                annotations.update({REVISION: revision, **({HISTORY: ",".join(history)} if history else {})})
                newest.update(self.client.update("replicasets.apps", newest))
            deploymentstatus.found(deployment, newest, self.kernel)
        self._note_revision(deployment, newest["metadata"]["annotations"][REVISION])
        return newest

    def _note_revision(self, deployment: Obj, revision: str) -> None:
        if (deployment["metadata"].get("annotations") or {}).get(REVISION) == revision:
            return
        status = deployment.get("status") or {}
        deployment["metadata"].setdefault("annotations", {})[REVISION] = revision
        # Through the status: a change of annotations by a plain update would count as a new generation.
        deployment.update(self.client.update_status("deployments.apps", deployment))
        deployment["status"] = status

    def _create(self, deployment: Obj, sets: list[Obj], revision: str) -> Obj:
        meta, template = deployment["metadata"], clone(deployment["spec"]["template"])
        digest = template_hash(template, (deployment.get("status") or {}).get("collisionCount", 0))
        template.setdefault("metadata", {}).setdefault("labels", {})[HASH_LABEL] = digest
        selector = clone(deployment["spec"]["selector"])
        selector.setdefault("matchLabels", {})[HASH_LABEL] = digest
        copied = {k: v for k, v in (meta.get("annotations") or {}).items() if k not in NOT_COPIED}
        size = rollout.first_size(deployment, sets)
        owner = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "name": meta["name"],
            "uid": meta["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
        replica_set = {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {
                "name": f"{meta['name']}-{digest}",
                "namespace": meta["namespace"],
                "labels": template["metadata"]["labels"],
                "annotations": {**copied, **self._sizes(deployment), REVISION: revision},
                "ownerReferences": [owner],
            },
            "spec": {
                "replicas": size,
                "selector": selector,
                "template": template,
                "minReadySeconds": deployment["spec"].get("minReadySeconds", 0),
            },
        }
        try:
            made = self.client.create("replicasets.apps", meta["namespace"], replica_set)
        except APIError as error:
            self._collided(deployment, error)
            raise
        if size:
            self._scaled(deployment, "up", made, 0, size)
        return made

    def _collided(self, deployment: Obj, error: APIError) -> None:
        """Another Deployment's set has the name: count the collision, which changes the hash."""
        if error.status.get("reason") == "AlreadyExists":
            status = clone(deployment.get("status") or {})
            status["collisionCount"] = status.get("collisionCount", 0) + 1
            self.client.update_status("deployments.apps", {**deployment, "status": status})

    def _forget_old(self, deployment: Obj, old: list[Obj]) -> None:
        """Deletes the oldest of the empty sets beyond `revisionHistoryLimit`."""
        limit = deployment["spec"].get("revisionHistoryLimit", 10)
        empty = [
            s
            for s in old
            if not s["spec"]["replicas"]
            and not (s.get("status") or {}).get("replicas")
            and "deletionTimestamp" not in s["metadata"]
        ]
        for replica_set in sorted(empty, key=_revision)[: max(len(old) - limit, 0)]:
            self.client.delete("replicasets.apps", replica_set["metadata"]["namespace"], replica_set["metadata"]["name"])

    # -- status

    def _tell(self, deployment: Obj, sets: list[Obj], newest: Obj | None) -> None:
        before = self.deployments.get(deployment["metadata"]["namespace"], deployment["metadata"]["name"])
        status = deploymentstatus.calculate(deployment, sets, newest, self.kernel)
        if before is not None and status != before.get("status"):
            current = {**deployment, "metadata": {**deployment["metadata"]}, "status": status}
            deployment.update(self.client.update_status("deployments.apps", current))
        wait = deploymentstatus.until_deadline(deployment, status, self.kernel)
        if wait is not None:
            self.queue.add_after((deployment["metadata"]["namespace"], deployment["metadata"]["name"]), wait)


def _revision(replica_set: Obj) -> int:
    value = (replica_set["metadata"].get("annotations") or {}).get(REVISION, "0")
    return int(value) if value.isdigit() else 0
