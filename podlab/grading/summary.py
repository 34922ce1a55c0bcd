"""What an instructor wants to know of an assignment, out of the graded notebooks and the gradebook."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from podlab.grading.answers import MAGIC
from podlab.grading.books import DATA
from podlab.grading.gradebook import Course
from podlab.grading.grafting import NOTES


@dataclass(frozen=True, slots=True)
class Row:
    """A student's line in the gradebook.

    Attributes:
        student: The id.
        first_name, last_name, email: As the gradebook has them; may be empty.
        score: With manual points, less the late penalty.
        penalty: The late penalty.
        needs_review: Whether manual grading is to be done.
    """

    student: str
    first_name: str
    last_name: str
    email: str
    score: float
    penalty: float
    needs_review: bool

    @property
    def name(self) -> str:
        """The student's name, or id."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.student


@dataclass(slots=True)
class CheckCount:
    """How one check went over all submissions that could be checked.

    Attributes:
        passed, failed: How many.
        saw: What it saw where it failed, with counts.
    """

    passed: int = 0
    failed: int = 0
    saw: "Counter[str]" = field(default_factory=Counter)


@dataclass(slots=True)
class Summary:
    """An assignment, graded.

    Attributes:
        assignment: Its name.
        max_score: What can be had.
        rows: Students who handed in, by id.
        absent: Students who did not.
        checks: (exercise, title) -> how it went.
        problems: (exercise, first line of why nothing could be checked) -> students.
        notes: Student -> what was mended in the submission.
        manifests: Exercise -> student -> text, for looking at what is alike.
    """

    assignment: str
    max_score: float
    rows: list[Row] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    checks: dict[tuple[str, str], CheckCount] = field(default_factory=dict)
    problems: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    manifests: dict[str, dict[str, str]] = field(default_factory=dict)


def summary(course: Course, assignment: str) -> Summary:
    """Reads what is graded.

    Args:
        course: Where.
        assignment: What.

    Raises:
        PodlabError: The gradebook does not know it.
    """
    found = _from_gradebook(course, assignment)
    for row in found.rows:
        for path in sorted(course.folder("autograded", row.student, assignment).glob("*.ipynb")):
            _take(found, row.student, json.loads(path.read_text("utf-8")))
    return found


def _from_gradebook(course: Course, assignment: str) -> Summary:
    from nbgrader.api import MissingEntry

    from podlab.errors import PodlabError

    with course.gradebook() as gradebook:
        try:
            found = Summary(assignment, float(gradebook.find_assignment(assignment).max_score))
        except MissingEntry:
            raise PodlabError(f"Nothing of {assignment} is graded.", f"podlab grade {assignment}") from None
        for submission in gradebook.assignment_submissions(assignment):
            student = submission.student
            penalty = sum(notebook.late_submission_penalty or 0 for notebook in submission.notebooks)
            names = (student.first_name or "", student.last_name or "", student.email or "")
            score = max(0.0, float(submission.score) - penalty)
            found.rows.append(Row(student.id, *names, score, float(penalty), bool(submission.needs_manual_grade)))
        found.rows.sort(key=lambda row: row.student)
        present = {row.student for row in found.rows}
        found.absent = sorted(student.id for student in gradebook.students if student.id not in present)
    return found


def _take(found: Summary, student: str, book: dict[str, Any]) -> None:
    for cell in book["cells"]:
        source = "".join(cell["source"])
        if NOTES in cell["metadata"].get("tags", []):
            found.notes.setdefault(student, []).extend(line.strip() for line in source.splitlines()[1:] if line.strip())
        magic = MAGIC.match(source) if cell["cell_type"] == "code" else None
        if magic:
            found.manifests.setdefault(magic[1], {})[student] = source.partition("\n")[2]
        for exercise, check, problem in _outcomes(cell["metadata"].get(DATA)):
            if problem:
                students = found.problems.setdefault((exercise, problem), [])
                students += [student] if student not in students else []
                continue
            count = found.checks.setdefault((exercise, check["title"]), CheckCount())
            if check["earned"] >= check["points"]:
                count.passed += 1
            else:
                count.failed += 1
                count.saw[str(check.get("saw", ""))[:300]] += 1


def _outcomes(report: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    """(exercise, check, why it could not be run) of each check of a report."""
    if not isinstance(report, dict):
        return
    problem = next(iter(str(report.get("problem", "")).splitlines()), "")
    for check in report.get("checks", []):
        yield report["exercise"], check, problem
