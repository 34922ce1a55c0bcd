"""Claims that pods bring themselves: for each generic ephemeral volume a claim of the pod's own, which goes with the pod."""

from collections.abc import Iterator
from typing import Any

from podlab.mock.api.errors import AlreadyExists
from podlab.mock.controllers.base import Controller, Key

Obj = dict[str, Any]


class EphemeralVolumeController(Controller):
    """Makes the claims."""

    name = "ephemeral-volume-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._claims = self.watch("persistentvolumeclaims", lambda claim: [])
        self._pods = self.watch("pods", _bringers)

    def reconcile(self, key: Key) -> None:
        """Makes the claims of a pod that are missing."""
        pod = self._pods.get(*key)
        if pod is None or pod["metadata"].get("deletionTimestamp") is not None:
            return
        for volume in pod["spec"].get("volumes") or ():
            if "ephemeral" in volume:
                self._make(pod, volume)

    def _make(self, pod: Obj, volume: Obj) -> None:
        meta, name = pod["metadata"], claim_name(pod, volume)
        if self._claims.get(meta["namespace"], name) is not None:
            return
        template = volume["ephemeral"]["volumeClaimTemplate"]
        given = template.get("metadata") or {}
        owner = {"apiVersion": "v1", "kind": "Pod", "name": meta["name"], "uid": meta["uid"]}
        claim = {
            "kind": "PersistentVolumeClaim",
            "apiVersion": "v1",
            "metadata": {
                "name": name,
                "namespace": meta["namespace"],
                **{part: given[part] for part in ("labels", "annotations") if given.get(part)},
                "ownerReferences": [{**owner, "controller": True, "blockOwnerDeletion": True}],
            },
            "spec": template["spec"],
        }
        try:
            self.client.create("persistentvolumeclaims", meta["namespace"], claim)
        except AlreadyExists:
            return


def claim_name(pod: Obj, volume: Obj) -> str:
    """The name of the claim that a volume of a pod means; ``""`` for volumes without."""
    if "persistentVolumeClaim" in volume:
        return str(volume["persistentVolumeClaim"]["claimName"])
    return f"{pod['metadata']['name']}-{volume['name']}" if "ephemeral" in volume else ""


def claim_keys(pod: Obj) -> list[Key]:
    """The claims that a pod uses, its own among them."""
    return list(_keys(pod))


def _keys(pod: Obj) -> Iterator[Key]:
    for volume in pod["spec"].get("volumes") or ():
        if name := claim_name(pod, volume):
            yield pod["metadata"]["namespace"], name


def _bringers(pod: Obj) -> list[Key]:
    meta = pod["metadata"]
    brings = any("ephemeral" in volume for volume in pod["spec"].get("volumes") or ())
    return [(meta["namespace"], meta["name"])] if brings else []
