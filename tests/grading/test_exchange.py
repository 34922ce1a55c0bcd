"""All the way through nbgrader's exchange: release, fetch, submit, collect, `podlab grade`, and feedback back to the student."""

import json
import os
from pathlib import Path

import pytest

from tests.grading import scratch

TALKING = "01-talking"
CONFIG = """
c = get_config()
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
c.CourseDirectory.course_id = "podlab"
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="nbgrader's exchange is for Unix")


def nbgrader(*words: str, cwd: Path) -> None:
    done = scratch.run("nbgrader", *words, "--log-level=WARN", cwd=cwd, timeout=1000)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_work_goes_through_the_exchange_and_feedback_comes_back(tmp_path: Path) -> None:
    course, home, exchange = scratch.course(tmp_path / "course", (TALKING,)), tmp_path / "home", tmp_path / "exchange"
    home.mkdir()
    exchange.mkdir()
    exchange.chmod(0o777)  # nbgrader wants it so
    settings = CONFIG.format(exchange=str(exchange), cache=str(tmp_path / "cache"))
    (home / "nbgrader_config.py").write_text(settings, "utf-8")
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(settings)
    nbgrader("generate_assignment", TALKING, "--create", "--force", cwd=course)
    nbgrader("release_assignment", TALKING, cwd=course)

    nbgrader("fetch_assignment", TALKING, cwd=home)
    assert (home / TALKING / "checks.py").is_file()
    path, solved = home / TALKING / "talking.ipynb", scratch.solutions(TALKING)
    book = json.loads(path.read_text("utf-8"))
    for cell in book["cells"]:
        exercise = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if exercise in solved:
            cell["source"] = scratch.half(exercise, solved[exercise], "")
    path.write_text(json.dumps(book), "utf-8")
    nbgrader("submit", TALKING, cwd=home)

    nbgrader("collect", TALKING, cwd=course)
    (student,) = [folder.name for folder in (course / "grading/submitted").iterdir()]
    graded = scratch.run("podlab.cli", "grade", TALKING, "--jobs", "1", cwd=course)
    assert graded.returncode == 0, graded.stderr
    assert scratch.grades(course, TALKING, student) == {"localhost": 2, "serve": 4, "service": 2}
    nbgrader("release_feedback", TALKING, cwd=course)
    nbgrader("fetch_feedback", TALKING, cwd=home)
    (page,) = (home / TALKING).rglob("feedback/**/*.html")
    assert "a read-only file system at /www" in page.read_text("utf-8")

    nbgrader("submit", TALKING, cwd=home)  # again, and collected anew
    nbgrader("collect", TALKING, "--update", cwd=course)
    again = scratch.run("podlab.cli", "grade", TALKING, "--jobs", "1", cwd=course)
    assert "1 graded, 0 were graded before" in again.stdout, again.stderr
