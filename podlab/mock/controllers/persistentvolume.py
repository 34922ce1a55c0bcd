"""Persistent volumes: binding claims, and a provisioner that makes a volume on the node for a claim of its storage class.

The storage class is like the local-path provisioner's that kind and k3s bring: `WaitForFirstConsumer`, so a claim waits until a
pod that uses it is scheduled. A volume's data is a directory on the node's disk, which the kubelet makes when it is first
mounted.
"""

from typing import Any, Final

from podlab.mock.api.errors import NotFound
from podlab.mock.api.quantity import Quantity
from podlab.mock.api.selectors import from_label_selector, matches_labels
from podlab.mock.controllers.base import Controller, Key
from podlab.mock.controllers.volumeclaims import claim_keys
from podlab.mock.store import clone

Obj = dict[str, Any]

PROVISIONER: Final = "podlab.dev/node-path"
DEFAULT_CLASS: Final = "storageclass.kubernetes.io/is-default-class"
BIND_COMPLETED: Final = "pv.kubernetes.io/bind-completed"
BOUND_BY: Final = "pv.kubernetes.io/bound-by-controller"
SELECTED_NODE: Final = "volume.kubernetes.io/selected-node"
PROVISIONED_BY: Final = "pv.kubernetes.io/provisioned-by"


class PersistentVolumeController(Controller):
    """Binds claims to volumes."""

    name = "persistentvolume-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.claims = self.watch("persistentvolumeclaims")
        self.volumes = self.watch("persistentvolumes", self._claims_for)
        self.pods = self.watch("pods", claim_keys)
        self.classes = self.watch("storageclasses.storage.k8s.io", lambda _: list(self.claims.objects))

    def _claims_for(self, volume: Obj) -> list[Key]:
        """A volume that is free may be what any waiting claim needs; one that is bound concerns its own."""
        reference = volume["spec"].get("claimRef")
        if reference:
            return [(reference.get("namespace", ""), reference["name"])]
        return [key for key, claim in self.claims.objects.items() if not claim["spec"].get("volumeName")]

    def reconcile(self, key: Key) -> None:
        """Binds a claim, or releases the volume of one that is gone."""
        claim = self.claims.get(*key)
        if claim is None:
            self._release(key)
        elif (claim.get("status") or {}).get("phase") != "Bound":
            self._bind(clone(claim))

    def _bind(self, claim: Obj) -> None:
        volume = self._fitting(claim)
        if volume is None:
            volume = self._provision(claim)
        if volume is None:
            self._set_phase("persistentvolumeclaims", claim, {"phase": "Pending"})
            return
        meta = claim["metadata"]
        if not volume["spec"].get("claimRef", {}).get("uid"):
            reference = {
                "kind": "PersistentVolumeClaim",
                "namespace": meta["namespace"],
                "name": meta["name"],
                "uid": meta["uid"],
                "apiVersion": "v1",
            }
            volume["spec"]["claimRef"] = {**reference, "resourceVersion": meta["resourceVersion"]}
            volume["metadata"].setdefault("annotations", {})[BOUND_BY] = "yes"
            volume = self.client.update("persistentvolumes", volume)
        self._set_phase("persistentvolumes", volume, {"phase": "Bound"})
        claim["spec"]["volumeName"] = volume["metadata"]["name"]
        meta.setdefault("annotations", {}).update({BIND_COMPLETED: "yes", BOUND_BY: "yes"})
        claim = self.client.update("persistentvolumeclaims", claim)
        capacity = {"storage": volume["spec"]["capacity"]["storage"]}
        self._set_phase(
            "persistentvolumeclaims",
            claim,
            {"phase": "Bound", "accessModes": volume["spec"]["accessModes"], "capacity": capacity},
        )

    def _set_phase(self, resource: str, obj: Obj, status: Obj) -> None:
        before = obj.get("status") or {}
        if any(before.get(name) != value for name, value in status.items()):
            self.client.update_status(resource, {**obj, "status": {**before, **status}})

    # -- finding

    def _fitting(self, claim: Obj) -> Obj | None:
        """The smallest volume that is free (or meant for this claim) and fits."""
        named = claim["spec"].get("volumeName")
        candidates = [
            v for v in self.volumes.objects.values() if self._fits(v, claim) and named in (None, "", v["metadata"]["name"])
        ]
        candidates.sort(
            key=lambda v: (not v["spec"].get("claimRef"), Quantity.parse(v["spec"]["capacity"]["storage"]), v["metadata"]["name"])
        )
        return clone(candidates[0]) if candidates else None

    @staticmethod
    def _fits(volume: Obj, claim: Obj) -> bool:
        spec, wanted, meta = volume["spec"], claim["spec"], claim["metadata"]
        reference = spec.get("claimRef")
        if reference and (reference.get("namespace"), reference.get("name")) != (meta["namespace"], meta["name"]):
            return False
        if reference and reference.get("uid") and reference["uid"] != meta["uid"]:
            return False
        return (
            spec.get("storageClassName", "") == wanted.get("storageClassName", "")
            and set(wanted.get("accessModes") or ()) <= set(spec.get("accessModes") or ())
            and spec.get("volumeMode", "Filesystem") == wanted.get("volumeMode", "Filesystem")
            and Quantity.parse(spec["capacity"]["storage"]) >= Quantity.parse(wanted["resources"]["requests"]["storage"])
            and (
                not wanted.get("selector")
                or matches_labels(from_label_selector(wanted["selector"]), volume["metadata"].get("labels"))
            )
            and "deletionTimestamp" not in volume["metadata"]
        )

    # -- provisioning

    def _provision(self, claim: Obj) -> Obj | None:
        """Makes a volume for a claim of the provisioner's class, as soon as a pod that uses it has a node."""
        name = claim["spec"].get("storageClassName")
        storage_class = self.classes.get("", name) if name else None
        if storage_class is None:
            text = (
                f'storageclass.storage.k8s.io "{name}" not found'
                if name
                else "no persistent volumes available for this claim and no storage class is set"
            )
            self.recorder.event(claim, "Warning" if name else "Normal", "ProvisioningFailed" if name else "FailedBinding", text)
            return None
        if storage_class["provisioner"] != PROVISIONER:
            text = (
                f"Waiting for a volume to be created either by the external provisioner '{storage_class['provisioner']}' "
                "or manually by the system administrator. If volume creation is delayed, "
                "please verify that the provisioner is running and correctly registered."
            )
            self.recorder.event(claim, "Normal", "ExternalProvisioning", text)
            return None
        node = self._node_for(claim)
        if storage_class.get("volumeBindingMode") == "WaitForFirstConsumer" and node is None:
            self.recorder.event(
                claim, "Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding"
            )
            return None
        return self._make(claim, storage_class)

    def _node_for(self, claim: Obj) -> str | None:
        """The node of a pod that uses the claim."""
        meta = claim["metadata"]
        for (namespace, _), pod in self.pods.objects.items():
            if namespace == meta["namespace"] and pod["spec"].get("nodeName") and (namespace, meta["name"]) in claim_keys(pod):
                return str(pod["spec"]["nodeName"])
        return (meta.get("annotations") or {}).get(SELECTED_NODE)

    def _make(self, claim: Obj, storage_class: Obj) -> Obj:
        meta, spec = claim["metadata"], claim["spec"]
        name = f"pvc-{meta['uid']}"
        try:
            return self.client.get("persistentvolumes", "", name)
        except NotFound:
            pass
        reference = {
            "kind": "PersistentVolumeClaim",
            "namespace": meta["namespace"],
            "name": meta["name"],
            "uid": meta["uid"],
            "apiVersion": "v1",
        }
        volume = {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": name, "annotations": {PROVISIONED_BY: PROVISIONER}},
            "spec": {
                "capacity": {"storage": spec["resources"]["requests"]["storage"]},
                "accessModes": spec["accessModes"],
                "claimRef": reference,
                "hostPath": {"path": f"/var/lib/podlab/volumes/{name}", "type": "DirectoryOrCreate"},
                "persistentVolumeReclaimPolicy": storage_class.get("reclaimPolicy", "Delete"),
                "storageClassName": storage_class["metadata"]["name"],
                "volumeMode": spec.get("volumeMode", "Filesystem"),
            },
        }
        made = self.client.create("persistentvolumes", "", volume)
        self.recorder.event(claim, "Normal", "ProvisioningSucceeded", f"Successfully provisioned volume {name}")
        return made

    # -- releasing

    def _release(self, key: Key) -> None:
        """A claim is gone: its volume is deleted, or released and kept, as its policy says."""
        for volume in list(self.volumes.objects.values()):
            reference = volume["spec"].get("claimRef") or {}
            if (reference.get("namespace"), reference.get("name")) != key or not reference.get("uid"):
                continue
            self._set_phase("persistentvolumes", clone(volume), {"phase": "Released"})
            if volume["spec"].get("persistentVolumeReclaimPolicy") == "Delete":
                self.client.delete("persistentvolumes", "", volume["metadata"]["name"])
