"""Waiting: list, look, watch from there, look at each event, until the condition holds or its time is over.

Every watch carries `Podlab-Wait: first`. A real cluster ignores it and the stream goes on; the mock lets simulated time
jump to the first event and ends the stream after it, and this loop watches again. Time-outs run on the server's clock
(see `transport`), so that sixty seconds are sixty seconds in both worlds, and a wait on the mock seldom lasts a moment.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator

from podlab.errors import ClusterError, Expired, NotFound, Obj, PodlabError, WaitFailed, WaitTimeout
from podlab.lab.api import API, Target
from podlab.lab.conditions import Condition, phase_of
from podlab.lab.explain import explain
from podlab.lab.progress import Progress

FIRST = {"Podlab-Wait": "first"}
PATIENCE_SECONDS = 10.0  # how long a cluster may be silent before a wait gives up, in real time

Seen = Callable[[Obj], None]
Objects = dict[tuple[str, str], Obj]


def wait(api: API, target: Target, condition: Condition, timeout_seconds: float, seen: Seen = lambda obj: None) -> list[Obj]:
    """Wait until `condition` holds for `target`: for the object, or for all objects (one at least) of a collection.

    Args:
        api: where.
        target: what.
        condition: until when.
        timeout_seconds: on the server's clock.
        seen: is called with each state of each object that passes by.

    Returns:
        The objects as they are then; none if their absence was waited for.

    Raises:
        WaitTimeout: it did not come about; says what was seen last.
        WaitFailed: it cannot come about any more.
        NotFound: there is no such object.
    """
    with Progress(f"waiting for {target} ({condition.text})", timeout_seconds, api.connection.in_process) as progress:
        last: Objects = {}
        progress.note = lambda: ", ".join(sorted({phase_of(obj) for obj in tuple(last.values())}))
        for last, changed in _states(api, target, condition, timeout_seconds, seen):
            if _met(condition, last):
                return list(last.values())
            for obj in changed:
                _check_hope(api, target, condition, obj)
    raise WaitTimeout(_too_late(api, target, condition, timeout_seconds, last))


def _states(
    api: API, target: Target, condition: Condition, timeout_seconds: float, seen: Seen
) -> Iterator[tuple[Objects, Iterable[Obj]]]:
    """The objects after each change, and those that have changed, until the time is over."""
    deadline: float | None = None
    version = ""
    backoff = Backoff()
    while True:
        try:
            if not version:
                objects, version = _list(api, target, condition, seen)
                yield objects, objects.values()
            now = api.connection.now()
            deadline = now + timeout_seconds if deadline is None else deadline
            if now >= deadline:
                return
            last, version = version, ""  # a stream that tells nothing ends in another look at everything
            for kind, obj in api.watch(target, last, math.ceil(deadline - now), FIRST):
                version = obj["metadata"]["resourceVersion"]
                if kind != "BOOKMARK":
                    _take_in(objects, kind, obj, target, condition, seen)
                    yield objects, (() if kind == "DELETED" else (obj,))
            backoff.reset()
        except Expired:
            version = ""
        except ClusterError as error:
            version = ""
            backoff.pause(error)


def _list(api: API, target: Target, condition: Condition, seen: Seen) -> tuple[Objects, str]:
    items, version = api.list(target)
    if target.name and not items and not (condition.absence or condition.may_be_missing):
        api.get(target)  # raises NotFound, in the server's words
    for obj in items:
        seen(obj)
    return {_key(obj): obj for obj in items}, version


def _take_in(objects: Objects, kind: str, obj: Obj, target: Target, condition: Condition, seen: Seen) -> None:
    seen(obj)
    if kind != "DELETED":
        objects[_key(obj)] = obj
        return
    objects.pop(_key(obj), None)
    if target.name and not (condition.absence or condition.may_be_missing):
        raise WaitFailed(f"{target} was deleted while podlab waited for it to become {condition.text}.")


def _met(condition: Condition, objects: Objects) -> bool:
    if condition.absence:
        return not objects
    return bool(objects) and all(condition.met(obj) for obj in objects.values())


def _check_hope(api: API, target: Target, condition: Condition, obj: Obj) -> None:
    reason = "" if condition.met(obj) else condition.hopeless(obj)
    if reason:
        name = f"{target.resource.qualified}/{obj['metadata']['name']}"
        raise WaitFailed(f"{name} cannot become {condition.text} any more: {reason}.\n\n{explain(api, obj)}")


def _too_late(api: API, target: Target, condition: Condition, timeout_seconds: float, last: Objects) -> str:
    head = f"{target} did not become {condition.text} within {timeout_seconds:g} s."
    if not last:
        return f"{head} There was no such object." if not condition.absence else head
    slow = [obj for obj in last.values() if condition.absence or not condition.met(obj)]
    try:
        return "\n\n".join([head, *(explain(api, obj) for obj in slow[:3])])
    except (PodlabError, NotFound):
        return head


def _key(obj: Obj) -> tuple[str, str]:
    return obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


class Backoff:
    """Pauses between attempts to reach a cluster that does not answer: 0.1 s, 0.2 s, ... 2 s, for `PATIENCE_SECONDS` at most."""

    def __init__(self, patience_seconds: float = PATIENCE_SECONDS, sleep: Callable[[float], None] = time.sleep) -> None:
        self._patience_seconds = patience_seconds
        self._sleep = sleep
        self.reset()

    def reset(self) -> None:
        """The cluster has answered."""
        self._next_seconds, self._spent_seconds = 0.1, 0.0

    def pause(self, error: ClusterError) -> None:
        """Wait before the next attempt.

        Raises:
            ClusterError: `error`, when patience is over.
        """
        if self._spent_seconds + self._next_seconds > self._patience_seconds:
            raise error
        self._sleep(self._next_seconds)
        self._spent_seconds += self._next_seconds
        self._next_seconds = min(self._next_seconds * 2, 2.0)
