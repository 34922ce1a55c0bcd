"""Every state of the pods of a namespace, as far as the API still tells it.

Kubernetes keeps the present and the last state of a container; a picture of a pod's life wants all of them. They are in
the watch: a server replays what happened since a `resourceVersion` (the mock always, a real one for some minutes). So a
history remembers where it stands and catches up when it is asked, without a thread; what the waits of a `Lab` see on
their way goes in as well.

Times are kept as seconds since the pod's creation, read from one object each: rendered times of different moments cannot
be compared on a cluster whose epoch moves (see `docs/architecture.md`), distances within one object can.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from podlab.errors import Expired, Obj
from podlab.lab.api import API

CATCH_UP_SECONDS = 2
_OLDEST = "1"  # a resourceVersion that most servers have forgotten; then they say so


@dataclass(frozen=True, slots=True)
class Sighting:
    """A pod's state at one moment.

    Attributes:
        moment: seconds since the pod's creation; the latest time that the object itself mentions.
        pod: the object, without its managed fields.
        deleted: it is the last state before the pod was gone.
    """

    moment: float
    pod: Obj
    deleted: bool = False


@dataclass(slots=True)
class PodHistory:
    """What has been seen of one pod: its states by resourceVersion."""

    sightings: dict[str, Sighting] = field(default_factory=dict)

    def in_order(self) -> list[Sighting]:
        """The states in the order in which they came about."""
        return [self.sightings[version] for version in sorted(self.sightings, key=lambda version: (len(version), version))]


class History:
    """The states of the pods of one namespace.

    Args:
        api: seen from the namespace.
    """

    def __init__(self, api: API) -> None:
        self._api = api
        self._version = ""
        self._pods: dict[str, PodHistory] = {}  # by uid, in the order in which they were seen first
        self._uids: dict[str, str] = {}  # name -> uid of the latest pod of that name

    def begin(self) -> None:
        """Remember where the namespace stands now; later changes can be caught up with. Does nothing the second time."""
        if not self._version:
            self._take_list()

    def saw(self, obj: Obj, *, deleted: bool = False) -> None:
        """Take in a state of a pod; states that are known, and objects of other kinds, change nothing."""
        if obj.get("kind") != "Pod" or obj["metadata"].get("namespace") != self._api.namespace:
            return
        metadata = obj["metadata"]
        pod = self._pods.setdefault(metadata["uid"], PodHistory())
        self._uids[metadata["name"]] = metadata["uid"]
        known = pod.sightings.get(metadata["resourceVersion"])
        if known is None or (deleted and not known.deleted):
            pod.sightings[metadata["resourceVersion"]] = Sighting(moment_of(obj), _slim(obj), deleted)

    def of(self, name: str) -> list[Sighting]:
        """The states of the latest pod of a name, caught up; empty if none was ever seen."""
        self._catch_up()
        uid = self._uids.get(name)
        return self._pods[uid].in_order() if uid else []

    def look_back(self, name: str) -> list[Sighting]:
        """The states of a pod from before this history began too, as far as the server still replays them."""
        known = self.of(name)
        newest = known[-1].pod["metadata"]["resourceVersion"] if known else ""
        target = self._api.target(f"pod/{name}")
        with suppress(Expired):
            for kind, obj in self._api.watch(target, _OLDEST, CATCH_UP_SECONDS, patience_seconds=CATCH_UP_SECONDS):
                if kind != "BOOKMARK":
                    self.saw(obj, deleted=kind == "DELETED")
                    if obj["metadata"]["resourceVersion"] == newest:
                        break
        return self.of(name)

    def _catch_up(self) -> None:
        if not self._version:
            self._take_list()
            return
        since, missing = self._version, self._unseen()
        if not missing:
            return
        try:
            for kind, obj in self._api.watch(
                self._api.target("pods"), since, CATCH_UP_SECONDS, patience_seconds=CATCH_UP_SECONDS
            ):
                if kind != "BOOKMARK":
                    self.saw(obj, deleted=kind == "DELETED")
                    missing -= {(obj["metadata"]["uid"], "" if kind == "DELETED" else obj["metadata"]["resourceVersion"])}
                if not missing:
                    break
        except Expired:
            pass
        if missing:
            self._take_list()

    def _take_list(self) -> None:
        items, self._version = self._api.list(self._api.target("pods"))
        for obj in items:
            self.saw(obj)

    def _unseen(self) -> set[tuple[str, str]]:
        """List; the newest states that are not known yet, as (uid, version), with an empty version for a deletion."""
        items, self._version = self._api.list(self._api.target("pods"))
        there = {obj["metadata"]["uid"]: obj["metadata"]["resourceVersion"] for obj in items}
        changed = {
            (uid, version) for uid, version in there.items() if uid not in self._pods or version not in self._pods[uid].sightings
        }
        return changed | {(uid, "") for uid, pod in self._pods.items() if uid not in there and not _is_over(pod)}


def _is_over(pod: PodHistory) -> bool:
    return any(sighting.deleted for sighting in pod.sightings.values())


def seconds_between(start: str, end: str) -> float:
    """Seconds from one RFC 3339 time to another."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def moment_of(pod: Obj) -> float:
    """The latest time that a pod's object mentions, in seconds since its creation."""
    created = pod["metadata"]["creationTimestamp"]
    return max([0.0, *(seconds_between(created, time) for time in _times(pod))])


def _times(pod: Obj) -> Iterator[str]:
    status = pod.get("status") or {}
    for entry in pod["metadata"].get("managedFields") or []:
        if entry.get("time"):
            yield entry["time"]
    for condition in status.get("conditions") or []:
        if condition.get("lastTransitionTime"):
            yield condition["lastTransitionTime"]
    for key in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"):
        for entry in status.get(key) or []:
            for detail in (entry.get("state") or {}).values():
                yield from (detail[word] for word in ("startedAt", "finishedAt") if detail.get(word))


def _slim(pod: Obj) -> Obj:
    metadata: dict[str, Any] = {key: value for key, value in pod["metadata"].items() if key != "managedFields"}
    return {**pod, "metadata": metadata}
