"""The volume claims of a StatefulSet's pods: made from its templates, mounted by each pod, and owned as its policy says.

A claim stays when its pod or the set goes, unless ``persistentVolumeClaimRetentionPolicy`` says ``Delete``: then it belongs to
the set, or, while the set shrinks, to the pod that is one too many, and the garbage collector takes it with its owner.
"""

from collections.abc import Iterator
from typing import Any, Final

from podlab.mock.api.client import Client
from podlab.mock.api.errors import Conflict, NotFound
from podlab.mock.store import clone

Obj = dict[str, Any]

RESOURCE: Final = "persistentvolumeclaims"


class StatefulClaims:
    """Looks after the claims of StatefulSets, as a controller's `client`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def mount(self, stateful: Obj, pod: Obj, index: int) -> list[str]:
        """Has a new pod mount its claims, and makes those that are not there; returns the names of what was made."""
        made = []
        for template, name in _named(stateful, index):
            stem = template["metadata"]["name"]
            volumes = [v for v in pod["spec"].get("volumes") or () if v["name"] != stem]
            pod["spec"]["volumes"] = [*volumes, {"name": stem, "persistentVolumeClaim": {"claimName": name}}]
            if self._find(stateful, name) is None:
                self._client.create(RESOURCE, stateful["metadata"]["namespace"], _claim(stateful, template, name))
                made.append(name)
        return made

    def settle(self, stateful: Obj, pod: Obj, index: int, surplus: bool) -> None:
        """Gives the claims of a pod the owner that the policy wants; `surplus`: the set is too large by this pod."""
        for _, name in _named(stateful, index):
            claim = self._find(stateful, name)
            if claim is None:
                continue
            before = claim["metadata"].get("ownerReferences") or []
            ours = (stateful["metadata"]["uid"], pod["metadata"]["uid"])
            owners = [each for each in before if each["uid"] not in ours] + _owners(stateful, pod, surplus)
            if owners == before:
                continue
            metadata = {key: value for key, value in claim["metadata"].items() if key != "ownerReferences"}
            if owners:
                metadata["ownerReferences"] = owners
            try:
                self._client.update(RESOURCE, {**claim, "metadata": metadata})
            except (NotFound, Conflict):
                continue

    def _find(self, stateful: Obj, name: str) -> Obj | None:
        try:
            return self._client.get(RESOURCE, stateful["metadata"]["namespace"], name)
        except NotFound:
            return None


def _named(stateful: Obj, index: int) -> Iterator[tuple[Obj, str]]:
    for template in stateful["spec"].get("volumeClaimTemplates") or ():
        yield template, f"{template['metadata']['name']}-{stateful['metadata']['name']}-{index}"


def _claim(stateful: Obj, template: Obj, name: str) -> Obj:
    labels = {**(template["metadata"].get("labels") or {}), **(stateful["spec"]["selector"].get("matchLabels") or {})}
    metadata: Obj = {"name": name, "namespace": stateful["metadata"]["namespace"], "labels": labels}
    if template["metadata"].get("annotations"):
        metadata["annotations"] = template["metadata"]["annotations"]
    if _policy(stateful)["whenDeleted"] == "Delete":
        metadata["ownerReferences"] = [_reference(stateful, "apps/v1", "StatefulSet")]
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": clone(template["spec"])}


def _owners(stateful: Obj, pod: Obj, surplus: bool) -> list[Obj]:
    policy = _policy(stateful)
    if surplus and policy["whenScaled"] == "Delete":
        return [_reference(pod, "v1", "Pod")]
    return [_reference(stateful, "apps/v1", "StatefulSet")] if policy["whenDeleted"] == "Delete" else []


def _policy(stateful: Obj) -> dict[str, str]:
    return {
        "whenDeleted": "Retain",
        "whenScaled": "Retain",
        **(stateful["spec"].get("persistentVolumeClaimRetentionPolicy") or {}),
    }


def _reference(owner: Obj, api_version: str, kind: str) -> Obj:
    meta = owner["metadata"]
    return {
        "apiVersion": api_version,
        "kind": kind,
        "name": meta["name"],
        "uid": meta["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }
