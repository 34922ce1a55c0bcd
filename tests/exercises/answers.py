"""Right and wrong answers to the exercises, as data: one YAML file an exercise, `tests/exercises/ASSIGNMENT/EXERCISE.yaml`.

Each is a list of answers:

    - name: what is special about it
      points: what it deserves; `all` for a right answer
      why: words that its report must hold; right answers have none
      manifest: the text of its cell
      like: instead of a manifest, the answer that it is made from (`solution` is the course's own)
      change: what differs from that, text by text; each must be there
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from podlab.grading.rubric import Rubric
from podlab.grading.rubrics import load

HERE = Path(__file__).resolve().parent
COURSE = HERE.parents[1] / "course"
FULL = "all"
SOLUTION = "solution"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to an exercise, with what it deserves."""

    assignment: str
    exercise: str
    name: str
    text: str
    points: float | None
    why: str

    @property
    def right(self) -> bool:
        """Whether it shall score full marks."""
        return self.points is None

    def __str__(self) -> str:
        return f"{self.exercise}: {self.name}"


def solutions(assignment: str) -> dict[str, str]:
    """The course's own solutions of an assignment, by exercise."""
    sys.path.insert(0, str(COURSE)) if str(COURSE) not in sys.path else None
    from build import notebook

    texts = {}
    for source in sorted((COURSE / "assignments" / assignment).glob("*.md")):
        for cell in notebook(source).cells:
            if cell.source.startswith("%%manifest"):
                head, _, body = cell.source.partition("\n")
                texts[head.split()[1]] = body
    return texts


@cache
def rubrics(assignment: str) -> dict[str, Rubric]:
    """The rubrics of an assignment, by exercise."""
    return load(COURSE / "assignments" / assignment)


def answers(assignment: str, exercise: str) -> Iterator[Answer]:
    """All answers to an exercise, the course's own first.

    Raises:
        ValueError: A text that shall be changed is not there.
    """
    texts = {SOLUTION: solutions(assignment)[exercise]}
    yield Answer(assignment, exercise, SOLUTION, texts[SOLUTION], None, "")
    for entry in yaml.safe_load((HERE / assignment / f"{exercise}.yaml").read_text(encoding="utf-8")):
        text = texts[entry["name"]] = _text(entry, texts)
        points = None if entry["points"] == FULL else float(entry["points"])
        yield Answer(assignment, exercise, entry["name"], text, points, entry.get("why", ""))


def _text(entry: dict[str, Any], texts: dict[str, str]) -> str:
    if "like" not in entry:
        return str(entry["manifest"])
    text = texts[entry["like"]]
    for old, new in entry["change"].items():
        if old not in text:
            raise ValueError(f"{entry['name']}: {old!r} is not in {entry['like']}")
        text = text.replace(old, new)
    return text


def everything() -> Iterator[Answer]:
    """All answers to all exercises."""
    for path in sorted(HERE.glob("*/*.yaml")):
        yield from answers(path.parent.name, path.stem)
