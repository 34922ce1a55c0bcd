"""Pods of a controller: which are its own, making and deleting them, and how they stand.

The rules are those of `pkg/controller/controller_utils.go` and `controller_ref_manager.go` as the Kubernetes documentation of
ReplicaSets tells them.
"""

from collections.abc import Sequence
from typing import Any

from podlab.mock.api.client import Client, Informer
from podlab.mock.api.errors import APIError
from podlab.mock.api.selectors import from_label_selector, matches_labels
from podlab.mock.clientgo.events import EventRecorder
from podlab.mock.controllers.base import condition, owner_of
from podlab.mock.kernel import SECOND, Kernel, Time
from podlab.mock.store import clone

Obj = dict[str, Any]

FINISHED = ("Succeeded", "Failed")


class PodControl:
    """Makes, adopts and deletes pods for one controller.

    Args:
        kernel: The clock.
        client: The controller's.
        recorder: The controller's.
        pods: An informer of all pods.
        api_version, kind: Of the owners.
    """

    def __init__(
        self, kernel: Kernel, client: Client, recorder: EventRecorder, pods: Informer, api_version: str, kind: str
    ) -> None:
        self.kernel = kernel
        self.client = client
        self.recorder = recorder
        self.pods = pods
        self.api_version = api_version
        self.kind = kind

    def claim(self, owner: Obj, adopt: bool = True) -> list[Obj]:
        """The pods of `owner`: those that it controls and that fit its selector, and orphans that fit, which are adopted;
        those that fit no longer
        are released.
        """
        meta = owner["metadata"]
        chosen = owner["spec"].get("selector")
        selector = from_label_selector({"matchLabels": chosen} if self.kind == "ReplicationController" else chosen)
        mine = []
        for (namespace, _), pod in list(self.pods.objects.items()):
            if namespace != meta["namespace"]:
                continue
            reference = owner_of(pod)
            fits = matches_labels(selector, pod["metadata"].get("labels"))
            if reference is not None:
                if reference["uid"] == meta["uid"]:
                    if fits:
                        mine.append(pod)
                    elif "deletionTimestamp" not in meta:
                        self._release(pod, owner)
            elif (
                fits
                and adopt
                and "deletionTimestamp" not in meta
                and "deletionTimestamp" not in pod["metadata"]
                and not finished(pod)
            ):
                mine.append(self._adopt(pod, owner))
        return mine

    def reference(self, owner: Obj) -> Obj:
        """The owner reference that its pods carry."""
        return {
            "apiVersion": self.api_version,
            "kind": self.kind,
            "name": owner["metadata"]["name"],
            "uid": owner["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }

    def _adopt(self, pod: Obj, owner: Obj) -> Obj:
        patch = {"metadata": {"ownerReferences": [*(pod["metadata"].get("ownerReferences") or []), self.reference(owner)]}}
        return self.client.patch("pods", pod["metadata"]["namespace"], pod["metadata"]["name"], patch)

    def _release(self, pod: Obj, owner: Obj) -> None:
        rest = [r for r in pod["metadata"].get("ownerReferences") or [] if r["uid"] != owner["metadata"]["uid"]]
        self.client.patch(
            "pods", pod["metadata"]["namespace"], pod["metadata"]["name"], {"metadata": {"ownerReferences": rest or None}}
        )

    def new_pod(self, owner: Obj, template: Obj) -> Obj:
        """A pod from a template, not yet created, with a generated name."""
        meta = clone(template.get("metadata") or {})
        pod_meta = {
            "generateName": owner["metadata"]["name"] + "-",
            "namespace": owner["metadata"]["namespace"],
            **{key: meta[key] for key in ("labels", "annotations", "finalizers") if meta.get(key)},
            "ownerReferences": [self.reference(owner)],
        }
        return {"apiVersion": "v1", "kind": "Pod", "metadata": pod_meta, "spec": clone(template["spec"])}

    def create(self, owner: Obj, pod: Obj) -> Obj:
        """Creates a pod and records it. Raises APIError, after an event that says so, when the server refuses it."""
        try:
            made = self.client.create("pods", owner["metadata"]["namespace"], pod)
        except APIError as error:
            if error.status.get("reason") != "AlreadyExists":
                self.recorder.event(owner, "Warning", "FailedCreate", f"Error creating: {error.status.get('message', error)}")
            raise
        self.recorder.event(owner, "Normal", "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")
        return made

    def delete(self, owner: Obj, pod: Obj) -> None:
        """Deletes a pod and records it."""
        meta = pod["metadata"]
        try:
            self.client.delete("pods", meta["namespace"], meta["name"], uid=meta["uid"])
        except APIError as error:
            if error.http_code == 404:
                return
            self.recorder.event(owner, "Warning", "FailedDelete", f"Error deleting: {error.status.get('message', error)}")
            raise
        self.recorder.event(owner, "Normal", "SuccessfulDelete", f"Deleted pod: {meta['name']}")


def finished(pod: Obj) -> bool:
    """Whether its phase is final."""
    return (pod.get("status") or {}).get("phase") in FINISHED


def active(pods: Sequence[Obj]) -> list[Obj]:
    """Pods that have not finished and are not being deleted."""
    return [pod for pod in pods if not finished(pod) and "deletionTimestamp" not in pod["metadata"]]


def ready(pod: Obj) -> bool:
    """Whether its Ready condition is True."""
    found = condition(pod.get("status") or {}, "Ready")
    return found is not None and found["status"] == "True"


def ready_since(pod: Obj) -> int | None:
    """Since when it is ready (ns), or None."""
    found = condition(pod.get("status") or {}, "Ready")
    if found is None or found["status"] != "True":
        return None
    since = found.get("lastTransitionTime")
    return since.offset_ns if isinstance(since, Time) else 0


def available(pod: Obj, min_ready_seconds: int, now_ns: int) -> bool:
    """Whether it has been ready for so long."""
    since = ready_since(pod)
    return since is not None and (min_ready_seconds == 0 or since + min_ready_seconds * SECOND <= now_ns)


def deletion_rank(pod: Obj) -> tuple[Any, ...]:
    """Sorts pods by which goes first when there are too many: unassigned, pending, not ready, cheap, younger in readiness,
    more often restarted, newer.
    """
    status = pod.get("status") or {}
    since = ready_since(pod)
    restarts = max((c.get("restartCount", 0) for c in status.get("containerStatuses") or ()), default=0)
    cost = (pod["metadata"].get("annotations") or {}).get("controller.kubernetes.io/pod-deletion-cost", "0")
    created = pod["metadata"].get("creationTimestamp")
    return (
        bool(pod["spec"].get("nodeName")),
        {"Pending": 0, "Unknown": 1}.get(status.get("phase", ""), 2),
        since is not None,
        int(cost) if cost.lstrip("+-").isdigit() else 0,
        -(since or 0),
        -restarts,
        -(created.offset_ns if isinstance(created, Time) else 0),
    )
