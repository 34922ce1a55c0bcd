"""How much one exercise may cost. What passes a bound earns what it had earned until then, and the reason is told.

Two kinds. Those that depend on the manifest alone (its size, the events and the simulated time of its cluster) make an
end at the same place on every machine, for students and graders alike. Beyond them stands processor time (`Halted`, raised in the
grader's workers by a signal). What no signal reaches ends with its worker (`watching.py`): by its processor time again, so
that nobody loses points through a busy machine; by wall time only when it hangs for minutes.
"""

from collections.abc import Iterator
from typing import Final

from podlab.errors import ManifestError, Obj, PodlabError

MAX_TEXT: Final = 64 * 1024
MAX_OBJECTS: Final = 50
MAX_CONTAINERS: Final = 60
MAX_REPLICAS: Final = 50
OURS: Final = ("podlab-", "podlab.dev/")
MAX_EVENTS: Final = 40_000
"""Events of one cluster; an ordinary exercise has a few hundred."""
MAX_SIMULATED_SECONDS: Final = 4 * 3600
CPU_SECONDS: Final = 12.0
KILL_CPU_SECONDS: Final = 2 * CPU_SECONDS
WALL_SECONDS: Final = 300.0
SPENT: Final = "the grader's bound was reached: its containers do too much (more than {} events in one exercise)"
OVERTIME: Final = "the grader's bound was reached: more than {} hours of simulated time"
HALTED: Final = f"the grader stopped it: it had used {CPU_SECONDS:g} seconds of processor time"
KILLED: Final = "the grader stopped it: it did not end, or took more memory than one exercise may"


class BoundReached(PodlabError):
    """A cluster has used up what an exercise may cost; its time stands still from now on."""


class Halted(BaseException):
    """Processor time is used up. Not an `Exception`, so that nothing on the way takes it for its own."""


def check_text(text: str) -> None:
    """Raises ManifestError for a text that is too long to be a manifest that somebody wrote."""
    size = len(text.encode("utf-8", "replace"))
    if size > MAX_TEXT:
        raise ManifestError(
            f"the manifest is {size} bytes long; the grader takes at most {MAX_TEXT}.",
            "leave out what the task does not need.",
        )


def check_objects(objects: list[Obj]) -> None:
    """Raises ManifestError for more objects, containers or replicas than an exercise can need, and for the grader's own names."""
    if len(objects) > MAX_OBJECTS:
        raise ManifestError(f"the manifest has {len(objects)} objects; the grader takes at most {MAX_OBJECTS}.")
    containers = sum(_count(obj, "containers") + _count(obj, "initContainers") for obj in objects)
    if containers > MAX_CONTAINERS:
        raise ManifestError(f"the manifest has {containers} containers; the grader takes at most {MAX_CONTAINERS}.")
    ours = next((text for obj in objects for text in _names(obj) if text.startswith(OURS)), "")
    if ours:
        raise ManifestError(f"{ours!r} is a name for the grader's own objects.", "choose another one.")
    for obj in objects:
        spec = obj.get("spec")
        for field in ("replicas", "parallelism", "completions"):
            wanted = spec.get(field) if isinstance(spec, dict) else None
            if isinstance(wanted, int) and wanted > MAX_REPLICAS:
                raise ManifestError(f"`{field}` is {wanted}; the grader takes at most {MAX_REPLICAS}.")


def _names(value: object) -> Iterator[str]:
    """The names and the labels' keys of an object, and of all that it is to make."""
    if isinstance(value, dict):
        metadata = value.get("metadata")
        if isinstance(metadata, dict):
            yield from (str(metadata.get(field, "")) for field in ("name", "generateName"))
            labels = metadata.get("labels")
            yield from (str(key) for key in (labels if isinstance(labels, dict) else ()))
        for inner in value.values():
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def _count(value: object, field: str) -> int:
    """How many items all lists of that name below a value have."""
    if isinstance(value, dict):
        own = value.get(field)
        return (len(own) if isinstance(own, list) else 0) + sum(_count(v, field) for v in value.values())
    return sum(_count(item, field) for item in value) if isinstance(value, list) else 0
