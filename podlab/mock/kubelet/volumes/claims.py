"""Volumes behind claims: a PersistentVolumeClaim's bound volume, which is a directory of the node."""

from collections.abc import Callable
from typing import Any

from podlab.mock.kubelet.volumes.host import HostFiles
from podlab.mock.kubelet.volumes.payload import VolumeError
from podlab.mock.machine.inodes import Inode

Obj = dict[str, Any]
Getter = Callable[[str, str, str], Obj | None]


class ClaimedVolumes:
    """Finds what a claim is bound to.

    Args:
        get: ``get(resource, namespace, name)``: an object of the API or None.
        host: Where volumes of the types ``hostPath`` and ``local`` stand.
    """

    def __init__(self, get: Getter, host: HostFiles) -> None:
        self._get = get
        self._host = host

    def open(self, pod: Obj, spec: Obj) -> tuple[Inode, bool]:
        """What a volume with a claim mounts, and whether only for reading. Raises VolumeError."""
        meta = pod["metadata"]
        own = f"{meta['name']}-{spec['name']}"
        name = own if "ephemeral" in spec else spec["persistentVolumeClaim"]["claimName"]
        claim = self._get("persistentvolumeclaims", meta["namespace"], name)
        if claim is None:
            raise VolumeError(f'error getting PVC "{meta["namespace"]}/{name}": could not find PVC')
        volume_name = claim["spec"].get("volumeName")
        if not volume_name or claim.get("status", {}).get("phase") != "Bound":
            raise VolumeError(f'PVC "{meta["namespace"]}/{name}" is not bound')
        volume = self._get("persistentvolumes", "", volume_name)
        if volume is None:
            raise VolumeError(f'error processing PVC {meta["namespace"]}/{name}: could not find volume "{volume_name}"')
        return self._root(volume["spec"]), volume["spec"].get("accessModes") == ["ReadOnlyMany"]

    def _root(self, spec: Obj) -> Inode:
        if "hostPath" in spec:
            return self._host.open(spec["hostPath"]["path"], spec["hostPath"].get("type") or "")
        if "local" in spec:
            return self._host.open(spec["local"]["path"], "")
        kind = next((key for key in spec if key in _REMOTE), "unknown")
        raise VolumeError(f"podlab does not model persistent volumes of the type {kind}")


_REMOTE = ("csi", "nfs", "iscsi", "fc", "glusterfs", "rbd", "cephfs", "azureDisk", "awsElasticBlockStore", "gcePersistentDisk")
