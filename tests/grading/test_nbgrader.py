"""The whole cycle with the real nbgrader: generate, validate, autograde, feedback, on submissions good and bad."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.grading import scratch

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONWARNINGS": "ignore"}
Answer = Callable[[str, str, str], str]

SUBMISSIONS: dict[str, tuple[Answer, dict[str, float]]] = {
    "right": (lambda name, right, stub: right, {"localhost": 4, "serve": 5, "service": 4}),
    "half": (
        lambda name, right, stub: (
            right.replace(", readOnly: true", "").replace("localhost:8080", "localhost:8081").replace("port: 9000", "port: 9001")
        ),
        {"localhost": 2, "serve": 4, "service": 2},
    ),
    "empty": (lambda name, right, stub: stub, {"localhost": 0, "serve": 0, "service": 0}),
    "broken": (
        lambda name, right, stub: right.replace("containers:", "containers: ["),
        {"localhost": 0, "serve": 0, "service": 0},
    ),
}


def nbgrader(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbgrader", *words, "--log-level=WARN"]
    return subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=1000, check=False)


def solutions() -> dict[str, str]:
    book = nbformat.read(ROOT / "solutions/01-talking/talking.ipynb", as_version=4)
    return {
        c.metadata.nbgrader.grade_id: "\n".join(line for line in c.source.split("\n") if "### " not in line)
        for c in book.cells
        if c.metadata.get("nbgrader", {}).get("solution")
    }


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course directory with four submissions, graded, with feedback."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "solutions", folder / "solutions")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    done = nbgrader("generate_assignment", "01-talking", "--create", cwd=folder)
    assert done.returncode == 0, done.stderr
    right = solutions()
    for student, (answer, _) in SUBMISSIONS.items():
        book = nbformat.read(folder / "exercises/01-talking/talking.ipynb", as_version=4)
        for cell in book.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in right:
                cell.source = answer(name, right[name], cell.source)
        place = folder / "grading/submitted" / student / "01-talking"
        place.mkdir(parents=True)
        nbformat.write(book, place / "talking.ipynb")
    graded = nbgrader("autograde", "01-talking", cwd=folder)
    assert graded.returncode == 0, graded.stderr
    told = nbgrader("generate_feedback", "01-talking", cwd=folder)
    assert told.returncode == 0, told.stderr
    return folder


def grades(course: Path, student: str) -> dict[str, float]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        submission: Any = book.find_submission("01-talking", student)
        return {g.name.removeprefix("check-"): g.auto_score for n in submission.notebooks for g in n.grades}


@pytest.mark.parametrize("student", SUBMISSIONS)
def test_autograde_gives_the_points_that_manifests_earn(course: Path, student: str) -> None:
    assert grades(course, student) == SUBMISSIONS[student][1]


def test_feedback_gives_a_reason_for_each_lost_point(course: Path) -> None:
    half = (course / "grading/feedback/half/01-talking/talking.html").read_text()
    assert "a read-only file system at /www" in half
    assert "an answer from http://shop:9000/" in half
    broken = (course / "grading/feedback/broken/01-talking/talking.html").read_text()
    assert "line" in broken


def test_podlab_grade_gives_the_same_points_and_the_same_pages(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "course"
    shutil.copytree(course, folder, ignore=shutil.ignore_patterns("gradebook.db", "autograded", "feedback"))
    done = scratch.run("podlab.cli", "grade", "01-talking", "--jobs", "2", cwd=folder)
    assert done.returncode == 0, done.stderr
    for student in SUBMISSIONS:
        assert scratch.grades(folder, "01-talking", student) == grades(course, student)
        page = Path("grading/feedback") / student / "01-talking/talking.html"
        assert (folder / page).read_bytes() == (course / page).read_bytes()


def test_validate_tells_students_the_same(course: Path, tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "PODLAB_HOME": str(tmp_path / "home")}
    for student, words in (("right", "Success! Your notebook passes all the tests."), ("half", "serve: 4 of 5 points")):
        place = tmp_path / student
        shutil.copytree(course / "exercises/01-talking", place)
        shutil.copy(course / "grading/submitted" / student / "01-talking/talking.ipynb", place / "talking.ipynb")
        command = [sys.executable, "-m", "nbgrader", "validate", "talking.ipynb"]
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=1000, check=False)
        assert words in done.stdout, done.stdout + done.stderr
    down = [sys.executable, "-m", "podlab.cli", "down"]
    subprocess.run(down, env=environment, capture_output=True, check=False)
