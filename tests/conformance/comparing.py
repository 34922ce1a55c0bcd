"""Comparing a recording with a golden one, part by part."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

Obj = dict[str, Any]

DATA: Final = Path(__file__).parent / "data"
GOLDEN: Final = DATA / "golden"
SCENARIOS: Final = DATA / "scenarios"
OBJECTS: Final = "objects"
QUIRKS: Final = re.compile(r"\.supplementalGroups$|\.status\.resources\.limits(\.memory)?$")
"""Fields of pods in which the recorded cluster was odd.

Its busybox image has no /etc/group, which puts root into wheel; its cgroups (v1) made 9007199254740988Ki of "no memory limit".
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of two recordings: the real cluster's and another one's."""

    name: str
    agrees: bool
    golden: Any
    here: Any

    def __str__(self) -> str:
        return f"--- {self.name}\n  golden: {json.dumps(self.golden)}\n  here:   {json.dumps(self.here)}"


def golden_of(scenario: str) -> Obj:
    """What the real cluster did."""
    recording: Obj = json.loads((GOLDEN / f"{scenario}.json").read_text(encoding="utf-8"))
    return recording


def compare(scenario: str, recording: Obj, objects: bool) -> list[Part]:
    """The parts that a fair comparison looks at: those which the real cluster repeats from one run to the next.

    Args:
        scenario: its name.
        recording: what happened elsewhere.
        objects: also compare the pods to the last field.
    """
    unstable = json.loads((DATA / "unstable.json").read_text(encoding="utf-8")).get(scenario, [])
    golden, mine = parts(golden_of(scenario)), parts(recording)
    found = [
        Part(
            name, same_stories(mine.get(name), value) if name == "transitions" else mine.get(name) == value, value, mine.get(name)
        )
        for name, value in golden.items()
        if name not in unstable and name != OBJECTS
    ]
    return [*found, *_objects(golden[OBJECTS], mine.get(OBJECTS, {}))] if objects else found


def parts(recording: Obj) -> Obj:
    """A recording by parts, without times; events in no order."""
    timeless = _without_times(recording)
    named = {name: timeless[name] for name in ("apply", "reached", "transitions", OBJECTS) if name in timeless}
    if "events" in timeless:
        named["events"] = sorted(json.dumps(event, sort_keys=True) for event in timeless["events"])
    return named | {f"steps[{i}]": step for i, step in enumerate(timeless.get("steps", []))}


def same_stories(mine: Any, golden: Obj) -> bool:
    """Are there the same pods, and does each have the same story?"""
    return isinstance(mine, dict) and set(mine) == set(golden) and all(_same_story(mine[name], golden[name]) for name in golden)


def _same_story(mine: Sequence[Obj], golden: Sequence[Obj]) -> bool:
    """Do both end alike, and is one part of the other, and at least half as long? Short statuses may fall together.

    Whether the last thing seen is that the clean-up marked the pod as deleted is chance.
    """
    if ("deleting" in mine[-1]) != ("deleting" in golden[-1]):
        mine, golden = (story[:-1] if "deleting" in story[-1] else story for story in (mine, golden))
    short, long = sorted((mine, golden), key=len)
    rest = iter(long)
    return list(mine[-1:]) == list(golden[-1:]) and 2 * len(short) >= len(long) and all(any(x == y for y in rest) for x in short)


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_times(entry) for key, entry in value.items() if key not in ("t", "about")}
    return [_without_times(entry) for entry in value] if isinstance(value, list) else value


def _objects(golden: Obj, mine: Obj) -> Iterator[Part]:
    for name, pod in golden.items():
        for path, theirs, ours in _differences("", pod, mine.get(name)):
            if not QUIRKS.search(path):
                yield Part(f"{OBJECTS}[{name}]{path}", False, theirs, ours)


def _differences(path: str, golden: Any, mine: Any) -> Iterator[tuple[str, Any, Any]]:
    """The places where two objects differ: path, golden value, own value."""
    if isinstance(golden, dict) and isinstance(mine, dict):
        for key in [*golden, *(key for key in mine if key not in golden)]:
            yield from _differences(f"{path}.{key}", golden.get(key), mine.get(key))
    elif isinstance(golden, list) and isinstance(mine, list) and len(golden) == len(mine):
        for i, (theirs, ours) in enumerate(zip(golden, mine, strict=True)):
            yield from _differences(f"{path}[{i}]", theirs, ours)
    elif golden != mine:
        yield path, golden, mine
