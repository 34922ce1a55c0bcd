"""Storage that is in use is not deleted under its users: claims and volumes keep a finalizer until nobody needs them."""

from typing import Any, Final

from podlab.mock.controllers.base import Controller, Key
from podlab.mock.controllers.volumeclaims import claim_keys

Obj = dict[str, Any]

CLAIM_FINALIZER: Final = "kubernetes.io/pvc-protection"
VOLUME_FINALIZER: Final = "kubernetes.io/pv-protection"


class Protection(Controller):
    """Takes a finalizer away from objects that are marked and not in use."""

    resource = ""
    finalizer = ""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._protected = self.watch(self.resource)

    def in_use(self, obj: Obj) -> bool:
        """Does somebody need it?"""
        raise NotImplementedError

    def reconcile(self, key: Key) -> None:
        """Lets a marked object go."""
        obj = self._protected.get(*key)
        if obj is None or obj["metadata"].get("deletionTimestamp") is None:
            return
        finalizers = obj["metadata"].get("finalizers") or []
        if self.finalizer in finalizers and not self.in_use(obj):
            rest = [each for each in finalizers if each != self.finalizer]
            self.client.update(self.resource, {**obj, "metadata": {**obj["metadata"], "finalizers": rest}})


class ClaimProtection(Protection):
    """Claims are in use while a pod that has a node names them."""

    name = "pvc-protection-controller"
    resource = "persistentvolumeclaims"
    finalizer = CLAIM_FINALIZER

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._pods = self.watch("pods", claim_keys)

    def in_use(self, obj: Obj) -> bool:
        """Does a pod with a node use the claim?"""
        meta = obj["metadata"]
        key = (meta["namespace"], meta["name"])
        return any(key in claim_keys(pod) for pod in self._pods.objects.values() if pod["spec"].get("nodeName"))


class VolumeProtection(Protection):
    """Volumes are in use while they are bound."""

    name = "pv-protection-controller"
    resource = "persistentvolumes"
    finalizer = VOLUME_FINALIZER

    def in_use(self, obj: Obj) -> bool:
        """Is it bound?"""
        return bool((obj.get("status") or {}).get("phase") == "Bound")
