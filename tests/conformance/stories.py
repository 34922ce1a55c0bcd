"""What happened to pods: each distinct status that a watch showed, in order."""

from typing import Any

Obj = dict[str, Any]


class Stories:
    """The statuses of all pods of a namespace, fed with a watch's events.

    Attributes:
        told: by pod, its distinct statuses, each with its time `t`.
        latest: by pod, the object as it was last seen.
    """

    def __init__(self) -> None:
        self.told: dict[str, list[Obj]] = {}
        self.latest: dict[str, Obj] = {}

    def add(self, event: Obj, seconds: float) -> None:
        """Takes an event of the watch in."""
        pod = event["object"]
        name = pod["metadata"]["name"]
        story = self.told.setdefault(name, [])
        self.latest[name] = pod
        shot = {"deleted": True} if event["type"] == "DELETED" else snapshot(pod)
        if not story or {key: value for key, value in story[-1].items() if key != "t"} != shot:
            story.append({"t": round(seconds, 2), **shot})

    @property
    def live(self) -> dict[str, Obj]:
        """The pods that are there, by name."""
        return {name: pod for name, pod in self.latest.items() if "deleted" not in self.told[name][-1]}

    def met(self, until: str) -> bool:
        """Is a scenario's `until` true of every pod that is there, and is there one?"""
        pods = self.live.values()
        return bool(pods) and all(_met(until, pod) for pod in pods)


def snapshot(pod: Obj) -> Obj:
    """What of a pod's status is told."""
    status = pod.get("status") or {}
    shot: Obj = {"phase": status.get("phase")}
    if status.get("reason"):
        shot["reason"] = status["reason"]
    if pod["metadata"].get("deletionTimestamp"):
        shot["deleting"] = True
    shot["conditions"] = {
        c["type"]: c["status"] + (f" ({c['reason']})" if c.get("reason") else "") for c in status.get("conditions") or []
    }
    for key, label in (("initContainerStatuses", "init"), ("containerStatuses", "containers")):
        if status.get(key):
            shot[label] = [_container(entry) for entry in status[key]]
    return shot


def _container(status: Obj) -> Obj:
    state, last = status.get("state") or {}, status.get("lastState") or {}
    shot = {
        "name": status["name"],
        "ready": status.get("ready"),
        "started": status.get("started"),
        "restarts": status.get("restartCount"),
        "state": _state(state) if state else None,
    }
    return {**shot, "last": _state(last)} if last else shot


def _state(state: Obj) -> Obj:
    kind, body = next(iter(state.items()))
    return {"is": kind, **{key: body[key] for key in ("reason", "exitCode", "signal") if key in body}}


def _met(until: str, pod: Obj) -> bool:
    """Ready | reason:<waiting reason> | restarts:<n> | a phase."""
    status = pod.get("status") or {}
    containers = (status.get("initContainerStatuses") or []) + (status.get("containerStatuses") or [])
    word, _, value = until.partition(":")
    match word:
        case "Ready":
            return any(c["type"] == "Ready" and c["status"] == "True" for c in status.get("conditions") or [])
        case "reason":
            return any(((c.get("state") or {}).get("waiting") or {}).get("reason") == value for c in containers)
        case "restarts":
            return any(c.get("restartCount", 0) >= int(value) for c in containers)
        case _:
            return bool(status.get("phase") == until)
