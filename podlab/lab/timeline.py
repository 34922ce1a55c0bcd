"""A pod's life as intervals: what each container did from when to when, on any cluster.

Runs of a container come from `startedAt` and `finishedAt`, one by its `containerID`, in present and last states over all
sightings; the time between them is waiting, with the reason that was seen in it. A real cluster gives these times to the
second.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from podlab.errors import Obj
from podlab.lab.history import Sighting, seconds_between

_FIELDS = (
    ("initContainerStatuses", "initContainers"),
    ("containerStatuses", "containers"),
    ("ephemeralContainerStatuses", "ephemeralContainers"),
)


@dataclass(frozen=True, slots=True)
class Interval:
    """Something that lasted.

    Attributes:
        container: the container's name.
        state: `waiting`, `running` or `terminated`.
        start: seconds since the pod's creation.
        end: likewise; of a state that goes on, the timeline's end.
        reason: the API's word (`CrashLoopBackOff`, `Completed`, `Error` ...), or empty.
        exit_code: of a run that has ended, and of `terminated`.
    """

    container: str
    state: str
    start: float
    end: float
    reason: str = ""
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """One container's life.

    Attributes:
        container: its name.
        role: `init`, `sidecar` (an init container with `restartPolicy: Always`), `app` or `ephemeral`.
        intervals: what it did, without gaps, from the pod's creation to the timeline's end.
        ready: (start, end) of the times in which it counted as ready.
        restarts: how often it was started again.
    """

    container: str
    role: str
    intervals: tuple[Interval, ...]
    ready: tuple[tuple[float, float], ...]
    restarts: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """A pod's life, in seconds since its creation.

    Attributes:
        pod: its name.
        phase: `status.phase` at the end.
        lanes: the containers, in the order in which they start.
        ready: (start, end) of the times in which the pod was Ready.
        end: until when the timeline goes: now, or the pod's end.
        deleted: is the pod gone?
    """

    pod: str
    phase: str
    lanes: tuple[Lane, ...]
    ready: tuple[tuple[float, float], ...]
    end: float
    deleted: bool = False

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """All intervals, lane by lane."""
        return tuple(interval for lane in self.lanes for interval in lane.intervals)

    @property
    def has_gaps(self) -> bool:
        """Are there runs that are not known, because nobody watched and the status tells of the last two alone?"""
        return any(lane.restarts >= sum(part.state == "running" for part in lane.intervals) > 0 for lane in self.lanes)

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"pod/{self.pod}: {'deleted' if self.deleted else self.phase}, {self.end:g} s"
        width = max((len(lane.container) for lane in self.lanes), default=0)
        for lane in self.lanes:
            parts = [f"{_words(interval)} {interval.start:g}-{interval.end:g} s" for interval in lane.intervals]
            yield f"  {lane.role:9} {lane.container:{width}}  {', '.join(parts)}"
        yield f"  ready     {', '.join(f'{start:g}-{end:g} s' for start, end in self.ready) or 'never'}"


def timeline(sightings: Sequence[Sighting], now: float = 0.0) -> Timeline:
    """Make a pod's timeline.

    Args:
        sightings: its states, oldest first; one at least.
        now: seconds since the pod's creation.
    """
    last = sightings[-1]
    end = last.moment if last.deleted else max(now, *(sighting.moment for sighting in sightings))
    lanes = tuple(_lane(sightings, container, role, end) for container, role in _containers(last.pod))
    phase = str((last.pod.get("status") or {}).get("phase") or "Unknown")
    return Timeline(last.pod["metadata"]["name"], phase, lanes, _pod_ready(sightings, end), end, last.deleted)


def _containers(pod: Obj) -> Iterator[tuple[str, str]]:
    roles = {"initContainers": "init", "containers": "app", "ephemeralContainers": "ephemeral"}
    for _, field in _FIELDS:
        for container in pod["spec"].get(field) or []:
            sidecar = field == "initContainers" and container.get("restartPolicy") == "Always"
            yield container["name"], "sidecar" if sidecar else roles[field]


@dataclass(slots=True)
class _Run:
    start: float
    end: float | None = None
    reason: str = ""
    exit_code: int | None = None
    then: str = ""  # the reason of the waiting that followed


def _lane(sightings: Sequence[Sighting], container: str, role: str, end: float) -> Lane:
    runs: dict[str, _Run] = {}
    first_wait, restarts = "", 0
    ready: list[tuple[float, bool]] = []
    for sighting in sightings:
        status = _status(sighting.pod, container)
        created = sighting.pod["metadata"]["creationTimestamp"]
        for state in (status.get("lastState") or {}, status.get("state") or {}):
            _note_run(runs, state, status, created)
        waiting = (status.get("state") or {}).get("waiting")
        if waiting is not None:
            previous = _previous(runs, status)
            if previous:
                previous.then = str(waiting.get("reason") or "")
            else:
                first_wait = str(waiting.get("reason") or first_wait)
        restarts = max(restarts, int(status.get("restartCount") or 0))
        ready.append((sighting.moment, bool(status.get("ready")) and "running" in (status.get("state") or {})))
    ordered = sorted(runs.values(), key=lambda run: run.start)
    gone = sightings[-1].deleted
    return Lane(container, role, tuple(_filled(container, ordered, first_wait, end, gone)), _spans(ready, end), restarts)


def _note_run(runs: dict[str, _Run], state: Obj, status: Obj, created: str) -> None:
    running, terminated = state.get("running"), state.get("terminated")
    if running and running.get("startedAt"):
        runs.setdefault(
            _id(status.get("containerID"), running["startedAt"]), _Run(seconds_between(created, running["startedAt"]))
        )
    if terminated and terminated.get("startedAt") and terminated.get("finishedAt"):
        key = _id(terminated.get("containerID"), terminated["startedAt"])
        run = runs.setdefault(key, _Run(seconds_between(created, terminated["startedAt"])))
        run.end = run.start + seconds_between(terminated["startedAt"], terminated["finishedAt"])
        run.reason, run.exit_code = str(terminated.get("reason") or ""), int(terminated.get("exitCode") or 0)


def _id(container_id: str | None, started: str) -> str:
    return container_id or started


def _previous(runs: dict[str, _Run], status: Obj) -> _Run | None:
    terminated = (status.get("lastState") or {}).get("terminated")
    return runs.get(_id(terminated.get("containerID"), str(terminated.get("startedAt")))) if terminated else None


def _filled(container: str, runs: list[_Run], first_wait: str, end: float, gone: bool) -> Iterator[Interval]:
    """The runs and, between them, what the container was waiting for."""
    at, reason = 0.0, first_wait
    for n, run in enumerate(runs):
        if run.start > at:
            yield Interval(container, "waiting", at, run.start, reason)
        following = runs[n + 1].start if n + 1 < len(runs) else end
        stop = following if run.end is None else max(run.end, run.start)
        yield Interval(container, "running", run.start, max(stop, run.start), run.reason, run.exit_code)
        at, reason = stop, run.then
    if end <= at or gone:
        return
    last = runs[-1] if runs else None
    if last and last.end is not None and not last.then:
        yield Interval(container, "terminated", at, end, last.reason, last.exit_code)
    elif not last or last.end is not None:
        yield Interval(container, "waiting", at, end, reason)


def _pod_ready(sightings: Sequence[Sighting], end: float) -> tuple[tuple[float, float], ...]:
    changes = []
    for sighting in sightings:
        for condition in (sighting.pod.get("status") or {}).get("conditions") or []:
            if condition["type"] == "Ready":
                time = condition.get("lastTransitionTime")
                moment = seconds_between(sighting.pod["metadata"]["creationTimestamp"], time) if time else sighting.moment
                changes.append((moment, condition["status"] == "True"))
    return _spans(changes, end)


def _spans(changes: Sequence[tuple[float, bool]], end: float) -> tuple[tuple[float, float], ...]:
    """(start, end) of the times in which a sequence of (moment, yes or no) says yes."""
    spans: list[tuple[float, float]] = []
    since: float | None = None
    for moment, yes in changes:
        if yes and since is None:
            since = moment
        elif not yes and since is not None:
            spans.append((since, max(since, moment)))
            since = None
    if since is not None:
        spans.append((since, max(end, since)))
    return tuple(spans)


def _status(pod: Obj, container: str) -> Obj:
    status = pod.get("status") or {}
    for field, _ in _FIELDS:
        for entry in status.get(field) or []:
            if entry["name"] == container:
                found: Obj = entry
                return found
    return {}


def _words(interval: Interval) -> str:
    if interval.state == "running" and interval.exit_code is not None:
        return f"ran (exit code {interval.exit_code})"
    return f"{interval.state}{f' ({interval.reason})' if interval.reason else ''}"
