"""From one student's folder to graded notebooks. Runs in a worker, in stages by whose names a watchdog tells what hangs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from podlab.errors import PodlabError
from podlab.grading.answers import MAGIC, exercises
from podlab.grading.arena import arena_on
from podlab.grading.books import DATA, as_text, read_notebook, released, state_of
from podlab.grading.bounds import HALTED, KILLED, Halted
from podlab.grading.checkcells import error_output, outputs, parse_check
from podlab.grading.collecting import collect
from podlab.grading.evaluate import Arena, evaluate, nothing
from podlab.grading.grafting import graft
from podlab.grading.results import Report
from podlab.grading.rubric import Rubric
from podlab.grading.rubrics import HIDDEN, hidden, load, sources
from podlab.grading.submission import Submission

NOT_A_CHECK = "podlab grades manifests only: this cell would run Python, and was not run."
READING = "reading"


class PointsDiffer(PodlabError):
    """A rubric's points are not those of its check cell: nobody can be graded by it."""


@dataclass(slots=True)
class Stages:
    """Where a worker is.

    Attributes:
        begin: Told the name of each stage as it begins.
        skip: The stages in which a worker was killed before: they are not entered again.
    """

    begin: Callable[[str], None] = lambda name: None
    skip: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Marking:
    """How notebooks are graded.

    Attributes:
        source: The assignment in nbgrader's source directory, with `checks` and perhaps `hidden_checks`.
        student: Whose they are.
        arena: Where manifests are applied.
        stages: Told where the worker is.
        only: The one exercise to grade; what is known of others stays. Empty for all.
        known: The notebooks as they were graded before, by name.
    """

    source: Path
    student: str = ""
    arena: Arena = field(default_factory=lambda: arena_on({}))
    stages: Stages = field(default_factory=Stages)
    only: str = ""
    known: dict[str, Any] = field(default_factory=dict)


def rubrics(folder: Path) -> tuple[dict[str, Rubric], dict[str, Any]]:
    """The visible rubrics and the hidden checks of an assignment in the source directory."""
    files = [*sources(folder), *sources(folder, HIDDEN)]
    return _rubrics(folder, tuple((path, *state_of(path)) for path in files))


@lru_cache(maxsize=16)
def _rubrics(folder: Path, states: tuple[tuple[Path, int, int], ...]) -> tuple[dict[str, Rubric], dict[str, Any]]:
    return load(folder), hidden(folder)


def graft_all(release: Path, submitted: Path, stages: Stages) -> dict[str, Any]:
    """The grafted notebooks of an assignment, by name.

    Args:
        release: The assignment's folder in the release directory.
        submitted: What was handed in for it.
        stages: Told where this is.
    """
    books = {path.stem: released(path) for path in sorted(release.glob("*.ipynb"))}
    wanted = {name: {exercise.name: exercise.stub for exercise in exercises(book)} for name, book in books.items()}
    try:
        if READING in stages.skip:
            raise Halted
        stages.begin(READING)
        found = collect(submitted, wanted)
        return {name: graft(book, found[name]) for name, book in books.items()}
    except Halted:
        why = "within the grader's bounds"
    except Exception as fault:  # whatever it is, the student has a reason
        why = f"({type(fault).__name__}: {fault})"
    unread = Submission(notes=[f"what was handed in could not be read {why}"])
    return {name: graft(book, unread) for name, book in books.items()}


def evaluate_cells(name: str, nb: Any, marking: Marking) -> None:
    """Fills in the outputs of all graded code cells, and the reports as data in their metadata.

    Args:
        name: The notebook's.
        nb: A grafted notebook.
        marking: How.
    """
    texts = _texts(nb)
    ran = _run_python(name, nb, marking.stages) if nb.metadata.get("podlab", {}).get("python") else {}
    known = marking.known.get(name)
    before = _texts(known) if known else {}
    cells = {_id(cell): cell for cell in known.cells} if known else {}
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        if not _is_test(cell):
            continue
        call = parse_check(cell.source)
        if call is None or call[0] not in rubrics(marking.source)[0]:
            cell.outputs = ran.get(_id(cell), [error_output([NOT_A_CHECK])])
            continue
        old = cells.get(_id(cell))
        if (
            marking.only not in ("", call[0])
            and old is not None
            and DATA in old.metadata
            and texts.get(call[0]) == before.get(call[0])
        ):
            cell.outputs, cell.metadata[DATA] = old.outputs, old.metadata[DATA]
            continue
        report = _graded(call, texts.get(call[0]), marking)
        _expect_points(report, cell)
        cell.outputs, cell.metadata[DATA] = outputs(report), report.as_data()


def _expect_points(report: Report, cell: Any) -> None:
    """Raises PointsDiffer unless a cell is worth what its checks are: else a right answer might earn more than there is."""
    checks, released = float(sum(outcome.points for outcome in report.outcomes)), cell.metadata.nbgrader.get("points")
    if released is not None and checks != float(released):
        raise PointsDiffer(
            f"the checks of {report.exercise} give {checks:g} points, and their cell {_id(cell)} in the release {released:g}.",
            "give the cell as many in the source notebook, and release it anew: nbgrader generate_assignment ASSIGNMENT --force",
        )


def _is_test(cell: Any) -> bool:
    """Whether a cell gives points by what it outputs; those in which students write are graded by hand."""
    nbgrader = cell.metadata.get("nbgrader", {})
    return bool(nbgrader.get("grade") and not nbgrader.get("solution"))


def _run_python(name: str, nb: Any, stages: Stages) -> dict[str, list[Any]]:
    """The outputs of the test cells of a notebook in which students' Python is wanted, by id.

    Raises:
        NoSandbox: It cannot be run here.
    """
    from podlab.grading import sandbox

    tests = {place: cell for place, cell in enumerate(nb.cells) if cell.cell_type == "code" and _is_test(cell)}
    stage = f"Python in {name}"
    try:
        if stage in stages.skip:
            raise PodlabError(f"{KILLED}.")
        stages.begin(stage)
        outputs = sandbox.run(nb)
    except sandbox.NoSandbox:
        raise
    except PodlabError as error:
        return {_id(cell): [error_output([str(error)])] for cell in tests.values()}
    return {_id(cell): sandbox.cleaned(outputs[place], float(cell.metadata.nbgrader.points)) for place, cell in tests.items()}


def _texts(nb: Any) -> dict[str, str]:
    """The manifests in a notebook, by exercise."""
    return {
        m[1]: cell.source.split("\n", 1)[-1] for cell in nb.cells if cell.cell_type == "code" and (m := MAGIC.match(cell.source))
    }


def _id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _graded(call: tuple[str, bool], text: str | None, marking: Marking) -> Report:
    visible, secret = rubrics(marking.source)
    name, is_hidden = call
    rubric = replace(visible[name], checks=secret.get(name, [])) if is_hidden else visible[name]
    stage = f"{'hidden ' if is_hidden else ''}{name}"
    if stage in marking.stages.skip:
        return nothing(name, rubric.checks, f"{KILLED}.")
    marking.stages.begin(stage)
    try:
        return evaluate(rubric, text, marking.arena, student=marking.student)
    except Halted:
        return nothing(name, rubric.checks, f"{HALTED}.")


def mark(task: dict[str, Any], stages: Stages) -> dict[str, str]:
    """Grades one student's assignment.

    Args:
        task: `source`, `release`, `submitted`: folders of the assignment; `student`; perhaps `only` (an exercise) and `graded`
            (the folder of the notebooks that were graded before), and `cluster` (where, if not on the mock).
        stages: Told where this is.

    Returns:
        The graded notebooks as texts, by name.
    """
    books = graft_all(Path(task["release"]), Path(task["submitted"]), stages)
    known = _known(Path(task["graded"])) if task.get("only") else {}
    arena = arena_on(task.get("cluster") or {})
    marking = Marking(Path(task["source"]), task.get("student", ""), arena, stages, task.get("only", ""), known)
    for name, book in books.items():
        evaluate_cells(name, book, marking)
    return {name: as_text(book) for name, book in books.items()}


def _known(folder: Path) -> dict[str, Any]:
    return {path.stem: read_notebook(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))}
