"""Container statuses as the API shows them, made from what the runtime tells, what failed to start, and what was shown before.

The rules are those of the kubelet's ``convertToAPIContainerStatuses``.
"""

from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.kernel import Time
from podlab.mock.kubelet.actions import has_any_regular_container
from podlab.mock.kubelet.restarts import is_sidecar, should_start
from podlab.mock.kubelet.runtime.types import ContainerState, ContainerStatus, PodRuntimeStatus

Obj = dict[str, Any]

RUNTIME: Final = "containerd"
STATUS_UNKNOWN: Final = "ContainerStatusUnknown"
KILLED: Final = 137


@dataclass(frozen=True, slots=True)
class StartFailure:
    """Why a container could not be started when that was last tried: ``CrashLoopBackOff``, ``ErrImagePull`` ..., with details."""

    reason: str
    message: str


Failures = dict[str, StartFailure]
"""By container name."""


def container_id(runtime_id: str) -> str:
    """An id as it stands in the API."""
    return f"{RUNTIME}://{runtime_id}"


def container_statuses(
    pod: Obj, status: PodRuntimeStatus, old: list[Obj], containers: list[Obj], failures: Failures, init: bool = False
) -> list[Obj]:
    """The statuses of one kind of container: init containers in the order of the spec, the others by name."""
    olds = {each["name"]: each for each in old}
    waiting = "PodInitializing" if pod["spec"].get("initContainers") else "ContainerCreating"
    shown = {each["name"]: _before(pod, each, status, olds.get(each["name"]), waiting) for each in containers}
    seen: dict[str, int] = {}
    for one in status.containers:
        if one.name in shown:
            count = seen[one.name] = seen.get(one.name, 0) + 1
            if count == 1:
                shown[one.name] = _shown(pod, one, olds.get(one.name))
            elif count == 2:
                shown[one.name]["lastState"] = _state(one)
    for container in containers:
        _show_failure(pod, container, status, shown, failures, init)
    return list(shown.values()) if init else [shown[name] for name in sorted(shown)]


def _before(pod: Obj, container: Obj, status: PodRuntimeStatus, old: Obj | None, waiting: str) -> Obj:
    """What is shown of a container that the runtime does not know (yet, or any more)."""
    if old is not None and old.get("state", {}).get("terminated"):
        return dict(old)
    shown: Obj = {
        "name": container["name"],
        "state": {"waiting": {"reason": waiting}},
        "lastState": {},
        "ready": False,
        "restartCount": 0,
        "image": container["image"],
        "imageID": "",
        "started": False,
    }
    if mounts := _volume_mounts(container):
        shown["volumeMounts"] = mounts
    if old is None:
        return shown
    shown["restartCount"] = old.get("restartCount", 0)
    shown["lastState"] = old.get("lastState") or {}
    if old.get("state", {}).get("running") and status.find(container["name"]) is None and not shown["lastState"]:
        message = "The container could not be located when the pod was deleted.  The container used to be Running"
        lost = {"exitCode": KILLED, "reason": STATUS_UNKNOWN, "message": message, "startedAt": None, "finishedAt": None}
        shown["lastState"] = {"terminated": lost}
        if pod["metadata"].get("deletionTimestamp") is None:
            shown["restartCount"] += 1
    return shown


def _shown(pod: Obj, one: ContainerStatus, old: Obj | None) -> Obj:
    """What is shown of a container that the runtime knows."""
    container = find_container(pod, one.name) or {}
    shown: Obj = {
        "name": one.name,
        "state": _state(one),
        "lastState": {},
        "ready": False,
        "restartCount": one.attempt,
        "image": one.image,
        "imageID": one.image_id,
        "containerID": container_id(one.id),
        "started": False,
    }
    if old is not None:
        if old.get("containerID") != shown["containerID"] and old.get("state", {}).get("terminated"):
            shown["lastState"] = {"terminated": old["state"]["terminated"]}
        elif (old.get("lastState") or {}).get("terminated"):
            shown["lastState"] = old["lastState"]
    resources = container.get("resources") or {}
    if resources.get("requests"):
        shown["allocatedResources"] = resources["requests"]
    shown["resources"] = {key: resources[key] for key in ("limits", "requests") if resources.get(key)}
    if mounts := _volume_mounts(container):
        shown["volumeMounts"] = mounts
    user: Obj = {"uid": one.user.uid, "gid": one.user.gid}
    if one.user.groups:
        user["supplementalGroups"] = list(one.user.groups)
    shown["user"] = {"linux": user}
    if one.stop_signal:
        shown["stopSignal"] = one.stop_signal
    return shown


def _state(one: ContainerStatus) -> Obj:
    match one.state:
        case ContainerState.RUNNING:
            return {"running": {"startedAt": Time(one.started_ns)}}
        case ContainerState.EXITED:
            ended: Obj = {"exitCode": one.exit_code, "reason": one.reason}
            if one.message:
                ended["message"] = one.message
            ended["startedAt"] = Time(one.started_ns)
            ended["finishedAt"] = Time(one.finished_ns)
            ended["containerID"] = container_id(one.id)
            return {"terminated": ended}
    return {"waiting": {}}


def _show_failure(
    pod: Obj, container: Obj, status: PodRuntimeStatus, shown: dict[str, Obj], failures: Failures, init: bool
) -> None:
    """A container that the next sync would start, and that could not be started the last time, is *waiting* for that reason."""
    name = container["name"]
    newest = status.find(name)
    if init:
        if newest is not None and newest.exited and newest.exit_code == 0:
            return
        if newest is None and has_any_regular_container(pod["spec"], status) and not is_sidecar(container):
            if "waiting" in shown[name]["state"]:
                shown[name] = {**shown[name], "state": {"terminated": _lost_init_container()}}
            return
    failure = failures.get(name)
    if failure is None or not should_start(container, pod, status):
        return
    one = shown[name] = dict(shown[name])
    if one["state"].get("terminated"):
        one["lastState"] = one["state"]
    waiting = {"reason": failure.reason}
    if failure.message:
        waiting["message"] = failure.message
    one["state"] = {"waiting": waiting}


def _lost_init_container() -> Obj:
    message = (
        "Unable to get init container status from container runtime and pod has been initialized, treat it as exited normally"
    )
    return {"exitCode": 0, "reason": "Completed", "message": message, "startedAt": None, "finishedAt": None}


def _volume_mounts(container: Obj) -> list[Obj]:
    mounts = []
    for mount in container.get("volumeMounts") or ():
        shown: Obj = {"name": mount["name"], "mountPath": mount["mountPath"]}
        if mount.get("readOnly"):
            shown["readOnly"] = True
            wanted = mount.get("recursiveReadOnly", "Disabled")
            shown["recursiveReadOnly"] = "Disabled" if wanted == "Disabled" else "Enabled"
        mounts.append(shown)
    return mounts


def find_container(pod: Obj, name: str) -> Obj | None:
    """A container of a pod's spec by its name, of whatever kind."""
    spec = pod["spec"]
    for kind in ("containers", "initContainers", "ephemeralContainers"):
        for container in spec.get(kind) or ():
            if container["name"] == name:
                found: Obj = container
                return found
    return None
