"""Submissions that look alike: manifests in a form from which names, order and layout are gone, compared by RapidFuzz.

Alike is no proof of anything: short exercises have few right answers. So what is shown first is what stands out from how alike
the manifests of its exercise are for the most part, and only what the task did not give counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from podlab.errors import PodlabError
from podlab.lab.manifests import parse

LIKE: Final = 92.0
"""Per cent of likeness from which a pair is shown."""
MOST: Final = 200
MIN_OWN: Final = 40
"""Characters of a student's own from which comparing makes sense."""
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Alike:
    """Manifests that look alike.

    Attributes:
        exercise: Of what.
        students: Whose: two, or all who have the same text.
        likeness: 0 to 100.
        typical: How alike two manifests of this exercise are for the most part (the median).
        same: Whether they are equal to the letter, comments included.
    """

    exercise: str
    students: tuple[str, ...]
    likeness: float
    typical: float
    same: bool


def normalised(text: str) -> str:
    """A manifest as sorted lines `path value`, with the student's own names of objects, containers and volumes left out.

    A text that is no manifest is taken word by word.
    """
    try:
        objects = parse(text)
    except (PodlabError, RecursionError):
        return "\n".join(sorted(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    return "\n".join(sorted(line for obj in objects for line in _lines(obj, str(obj.get("kind", "")))))


def _lines(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("name", "labels", "annotations"):
                yield from _lines(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _lines(inner, path)
    else:
        yield f"{path} {' '.join(str(value).split())}"


def alike(manifests: Mapping[str, Mapping[str, str]], given: Mapping[str, str]) -> list[Alike]:
    """What looks alike, first what stands out most in its exercise.

    Args:
        manifests: Exercise -> student -> text.
        given: Exercise -> what the release gives to everybody, which nobody has copied.
    """
    found = [one for exercise, texts in manifests.items() for one in _alike(exercise, texts, given.get(exercise, ""))]
    found.sort(key=lambda one: (one.typical - one.likeness, not one.same, one.exercise, one.students))
    return found[:MOST]


def _alike(exercise: str, texts: Mapping[str, str], given: str) -> Iterator[Alike]:
    """Each text once, in batches, so that thousands of students take no more memory than hundreds."""
    import numpy
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cdist

    common = set(normalised(given).splitlines())
    owners: dict[str, list[str]] = {}
    for student, text in sorted(texts.items()):
        owners.setdefault(text, []).append(student)
    lines = {text: part for text in owners if len(part := _own(normalised(text), common)) >= MIN_OWN}
    names, own = [owners[text][0] for text in lines], list(lines.values())
    found, medians = [], []
    for start in range(0, len(names), BATCH):
        table = cdist(own[start : start + BATCH], own[start:], scorer=ratio)
        once = numpy.triu(numpy.ones(table.shape, dtype=bool), 1)
        medians += [float(numpy.median(table[once]))] if once.any() else []
        rows, columns = ((table >= LIKE) & once).nonzero()
        found += [(names[start + r], names[start + c], float(table[r, c])) for r, c in zip(rows, columns, strict=True)]
    typical = float(numpy.median(medians)) if medians else 0.0
    yield from (Alike(exercise, (first, second), likeness, typical, False) for first, second, likeness in found)
    yield from (Alike(exercise, tuple(owners[text]), 100.0, typical, True) for text in lines if len(owners[text]) > 1)


def _own(text: str, common: set[str]) -> str:
    return "\n".join(line for line in text.splitlines() if line not in common)
