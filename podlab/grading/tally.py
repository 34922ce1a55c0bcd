"""What a run of the grader did, and how that is told to an instructor."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from podlab.grading.books import DATA, from_text
from podlab.grading.results import WORKING_CHECK, readable

NAMES_MOST: Final = 20


@dataclass(slots=True)
class Tally:
    """What a run did.

    Attributes:
        graded: Student to points (the sum of the automatic grades' cells, before penalties).
        skipped: Students whose grades are newer than their submissions.
        failed: Student to the reason, where the grader itself is at fault.
        absent: Students who are known and handed in nothing.
        broken: (exercise, check, how) of checks that failed in their own code, with how many students lost points by it.
    """

    graded: dict[str, float] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    broken: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, student: str, books: dict[str, str]) -> None:
        """Takes in what a student's graded notebooks say."""
        cells = [
            cell for text in books.values() for cell in from_text(text).cells if cell.metadata.get("nbgrader", {}).get("grade")
        ]
        self.graded[student] = _points(cells)
        self.broken.update(set(_broken(cells)))

    def lines(self, assignment: str, every: bool) -> Iterator[str]:
        """What was done; with everybody's points where `every` is asked for."""
        yield f"{assignment}: {len(self.graded)} graded, {len(self.skipped)} were graded before, {len(self.failed)} failed"
        if self.absent:
            yield f"  handed in nothing: {_names(self.absent)}"
        if every:
            for student, points in sorted(self.graded.items()):
                yield f"  {readable(student)}: {points:g}"

    def troubles(self, assignment: str) -> Iterator[str]:
        """What went wrong that the instructor has to mend; each reason once."""
        whose: dict[str, list[str]] = {}
        for student, reason in sorted(self.failed.items()):
            whose.setdefault(reason, []).append(student)
        for reason, students in whose.items():
            yield f"  {_names(students)}: {readable(reason)}".replace("\n\nHint:", "\n  Hint:")
        for (exercise, title, how), count in sorted(self.broken.items()):
            yield f"  {exercise}: the check {title!r} failed in its own code; {count} lost points by that: {readable(how)}"
        for exercise in sorted({exercise for exercise, _, _ in self.broken}):
            yield f"  Mend {exercise}, then: podlab grade {assignment} --exercise {exercise}"


def _names(students: list[str]) -> str:
    more = len(students) - NAMES_MOST
    return ", ".join(map(readable, students[:NAMES_MOST])) + (f" and {more} more" if more > 0 else "")


def points_of(books: dict[str, str]) -> float:
    """The points in graded notebooks."""
    return _points(_graded_cells(books))


def _graded_cells(books: dict[str, str]) -> list[Any]:
    return [cell for text in books.values() for cell in from_text(text).cells if cell.metadata.get("nbgrader", {}).get("grade")]


def _points(cells: Iterable[Any]) -> float:
    from nbgrader.utils import determine_grade

    return float(sum(determine_grade(cell)[0] or 0 for cell in cells))


def _broken(cells: Iterable[Any]) -> Iterator[tuple[str, str, str]]:
    for cell in cells:
        report = cell.metadata.get(DATA) or {}
        for check in report.get("checks", []):
            if check.get("expected") == WORKING_CHECK:
                how = str(check.get("saw", "")).removeprefix("the check itself failed: ").removesuffix(" Tell your instructor.")
                yield str(report["exercise"]), str(check["title"]), how
