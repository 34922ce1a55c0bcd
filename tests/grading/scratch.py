"""Course directories for tests and benches: the course's own assignments, and students who solve them well and badly."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONWARNINGS": "ignore"}
MARKERS = re.compile(r" *### (BEGIN|END) SOLUTION\n?")
Change = Callable[[str, str, str], str]
"""(exercise, the course's solution, the stub) -> what is handed in; each with its magic line."""


def right(exercise: str, solution: str, stub: str) -> str:
    """The course's own solution."""
    return solution


def empty(exercise: str, solution: str, stub: str) -> str:
    """What students begin with."""
    return stub


def broken(exercise: str, solution: str, stub: str) -> str:
    """No YAML."""
    return solution.replace("containers:", "containers: [")


def half(exercise: str, solution: str, stub: str) -> str:
    """Some of 01-talking."""
    return (
        solution.replace(", readOnly: true", "").replace("localhost:8080", "localhost:8081").replace("port: 9000", "port: 9001")
    )


def own(number: int) -> Change:
    """A right answer whose bytes nobody else has."""
    return lambda exercise, solution, stub: f"{solution.rstrip()}\n# by student {number}\n"


def run(*words: str, cwd: Path, timeout: float = 1000) -> subprocess.CompletedProcess[str]:
    """Runs a module (`nbgrader ...`, `podlab.cli grade ...`) as a command."""
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=timeout, check=False)


def course(folder: Path, assignments: Iterable[str] = ("01-talking",)) -> Path:
    """A course directory in which assignments are released; its gradebook is made by whoever grades first."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for name in assignments:
        for place in ("solutions", "exercises"):
            shutil.copytree(ROOT / place / name, folder / place / name)
    return folder


def solutions(assignment: str) -> dict[str, str]:
    """The sources of the solved manifest cells of an assignment, by grade_id."""
    found = {}
    for path in sorted((ROOT / "solutions" / assignment).glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                found[cell.metadata.nbgrader.grade_id] = MARKERS.sub("", cell.source)
    return found


def hand_in(folder: Path, assignment: str, students: Mapping[str, Change]) -> None:
    """Writes what students hand in for an assignment."""
    solved = solutions(assignment)
    released = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "exercises" / assignment).glob("*.ipynb"))}
    for student, change in students.items():
        place = folder / "grading/submitted" / student / assignment
        place.mkdir(parents=True, exist_ok=True)
        for name, text in released.items():
            book: Any = json.loads(text)
            for cell in book["cells"]:
                exercise = cell["metadata"].get("nbgrader", {}).get("grade_id")
                if exercise in solved:
                    cell["source"] = change(exercise, solved[exercise], "".join(cell["source"]))
            (place / name).write_text(json.dumps(book), "utf-8")


def grades(folder: Path, assignment: str, student: str) -> dict[str, float | None]:
    """A student's automatic points in the gradebook, by exercise."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
        submission: Any = book.find_submission(assignment, student)
        return {g.name.removeprefix("check-"): g.auto_score for n in submission.notebooks for g in n.grades}
