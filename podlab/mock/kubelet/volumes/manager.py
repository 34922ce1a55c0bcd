"""Sets up the volumes of pods, tries again what cannot be set up yet, and brings changes of ConfigMaps and Secrets into them.

Each volume is tried at once, and after a failure again after 0.5 s, 1 s, 2 s ... up to two minutes, with a ``FailedMount``
event each time, as the kubelet's volume manager does. A pod's worker waits for all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from podlab.mock.api.quantity import Quantity
from podlab.mock.kernel import MILLISECOND, SECOND, Kernel, Timer, WaitQueue
from podlab.mock.kubelet.volumes.atomic import AtomicVolume
from podlab.mock.kubelet.volumes.claims import ClaimedVolumes
from podlab.mock.kubelet.volumes.host import HostFiles
from podlab.mock.kubelet.volumes.payload import ObjectSource, PayloadBuilder, PodFacts, VolumeError
from podlab.mock.machine.inodes import Directory, FileSystem, Inode
from podlab.mock.machine.node import Machine
from podlab.mock.machine.sharedmemory import SharedMemory

Obj = dict[str, Any]

FIRST_RETRY_NS: Final = 500 * MILLISECOND
LONGEST_RETRY_NS: Final = 122 * SECOND
MOUNT_TIMEOUT_NS: Final = 123 * SECOND
SETGID: Final = 0o2000
PROJECTED: Final = ("configMap", "secret", "downwardAPI", "projected")


@dataclass(slots=True)
class Volume:
    """A volume that is set up.

    Attributes:
        root: What is mounted.
        read_only: Whatever a container asks for.
        source: What ``mount`` prints as its device.
    """

    root: Inode
    read_only: bool = False
    source: str = "/dev/vda1"
    atomic: AtomicVolume | None = None
    fs: FileSystem | None = None


@dataclass(slots=True)
class _PodVolumes:
    pod: Obj
    ready: dict[str, Volume] = field(default_factory=dict)
    failing: dict[str, int] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    outdated: bool = False


class VolumeManager:
    """The volumes of all pods of the node.

    Args:
        facts: ``facts(pod)``: addresses and allocatable resources, for the downward API.
        on_failure: ``on_failure(pod, message)`` records a ``FailedMount`` event.
    """

    def __init__(
        self,
        kernel: Kernel,
        machine: Machine,
        source: ObjectSource,
        host: HostFiles,
        claims: ClaimedVolumes,
        facts: Callable[[Obj], PodFacts],
        on_failure: Callable[[Obj, str], None],
    ) -> None:
        self._kernel = kernel
        self._machine = machine
        self._source = source
        self._host = host
        self._claims = claims
        self._facts = facts
        self._on_failure = on_failure
        self._pods: dict[str, _PodVolumes] = {}
        self._changed = WaitQueue(kernel)

    async def wait_until_mounted(self, pod: Obj) -> None:
        """Sets up a pod's volumes and waits for them. Raises VolumeError when it took too long."""
        volumes = self._known(pod)
        deadline = self._kernel.now_ns + MOUNT_TIMEOUT_NS
        while missing := [each["name"] for each in pod["spec"].get("volumes") or () if each["name"] not in volumes.ready]:
            if not await self._changed.wait(deadline - self._kernel.now_ns):
                names = " ".join(missing)
                raise VolumeError(
                    f"unmounted volumes=[{names}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded"
                )

    def ready(self, uid: str) -> Mapping[str, Volume]:
        """The volumes of a pod that have been set up, by name."""
        volumes = self._pods.get(uid)
        return volumes.ready if volumes else {}

    def outdate(self, uid: str) -> None:
        """Something changed that a volume of the pod is made from: the next `refresh` has work to do."""
        volumes = self._pods.get(uid)
        if volumes is not None:
            volumes.outdated = True

    def refresh(self, pod: Obj) -> None:
        """Brings what has changed into the pod's volumes (at a sync of the pod)."""
        volumes = self._pods.get(pod["metadata"]["uid"])
        if volumes is None or not volumes.outdated:
            return
        volumes.pod, volumes.outdated = pod, False
        builder = PayloadBuilder(pod, self._source, self._facts(pod))
        for spec in pod["spec"].get("volumes") or ():
            volume = volumes.ready.get(spec["name"])
            if volume is not None and volume.atomic is not None:
                try:
                    volume.atomic.write(builder.build(spec))
                except VolumeError as error:
                    self._on_failure(pod, self._words(spec["name"], error))

    def unmount(self, uid: str) -> None:
        """Takes a pod's volumes away and frees what they held."""
        volumes = self._pods.pop(uid, None)
        if volumes is None:
            return
        for timer in volumes.timers.values():
            timer.cancel()
        for volume in volumes.ready.values():
            if volume.fs is not None:
                volume.fs.reserve(-volume.fs.used_bytes)

    def _known(self, pod: Obj) -> _PodVolumes:
        uid = pod["metadata"]["uid"]
        volumes = self._pods.get(uid)
        if volumes is None:
            volumes = self._pods[uid] = _PodVolumes(pod)
        for spec in pod["spec"].get("volumes") or ():
            if spec["name"] not in volumes.ready and spec["name"] not in volumes.timers:
                self._try(volumes, spec)
        return volumes

    def _try(self, volumes: _PodVolumes, spec: Obj) -> None:
        name = spec["name"]
        volumes.timers.pop(name, None)
        try:
            volumes.ready[name] = self._set_up(volumes.pod, spec)
        except VolumeError as error:
            tried = volumes.failing[name] = volumes.failing.get(name, 0) + 1
            delay = min(FIRST_RETRY_NS << (tried - 1), LONGEST_RETRY_NS)
            volumes.timers[name] = self._kernel.call_after(delay, self._try, volumes, spec)
            self._on_failure(volumes.pod, self._words(name, error))
        else:
            self._changed.wake_all()

    def _words(self, name: str, error: VolumeError) -> str:
        return f'MountVolume.SetUp failed for volume "{name}" : {error}'

    def _set_up(self, pod: Obj, spec: Obj) -> Volume:
        group = (pod["spec"].get("securityContext") or {}).get("fsGroup")
        kind = next((key for key in spec if key != "name"), "emptyDir")
        if kind in PROJECTED:
            return self._projected(pod, spec, group)
        if kind == "emptyDir":
            return self._empty(spec["emptyDir"] or {}, group)
        if kind == "hostPath":
            return Volume(self._host.open(spec["hostPath"]["path"], spec["hostPath"].get("type") or ""))
        if kind in ("persistentVolumeClaim", "ephemeral"):
            root, read_only = self._claims.open(pod, spec)
            _give_to_group(root, group)
            return Volume(root, read_only or bool((spec.get(kind) or {}).get("readOnly")))
        raise VolumeError(f"podlab does not model volumes of the type {kind}")

    def _projected(self, pod: Obj, spec: Obj, group: int | None) -> Volume:
        builder = PayloadBuilder(pod, self._source, self._facts(pod))
        payload = builder.build(spec)
        fs = self._machine.volume_fs(memory=None if "configMap" in spec else self._machine.cgroup)
        atomic = AtomicVolume(self._kernel, fs, group, builder.token)
        atomic.write(payload)
        return Volume(atomic.root, True, "/dev/vda1" if "configMap" in spec else "tmpfs", atomic, fs)

    def _empty(self, source: Obj, group: int | None) -> Volume:
        limit = Quantity.parse(source["sizeLimit"]).value if source.get("sizeLimit") else None
        in_memory = source.get("medium") == "Memory"
        if source.get("medium") not in (None, "", "Memory"):
            raise VolumeError(f"podlab does not model emptyDir volumes of the medium {source['medium']}")
        fs = self._machine.volume_fs(limit if in_memory else None, SharedMemory(self._machine.cgroup) if in_memory else None)
        root = Directory(fs, 0o777)
        _give_to_group(root, group)
        return Volume(root, source="tmpfs" if in_memory else "/dev/vda1", fs=fs)


def _give_to_group(root: Inode, group: int | None) -> None:
    """What ``fsGroup`` asks for: the group owns the volume, and what is made in it."""
    if group is not None:
        root.gid = group
        root.mode |= SETGID | 0o060
