"""An instructor grades what a student has handed in: by the README, and by all that the page on grading has beyond it."""

import shutil
from pathlib import Path

import pytest

from tests.readme.pages import GRADING, README, ROOT, commands, noted, why_not
from tests.readme.users import User

OURS = ("podlab grade", "podlab report", "podlab export")
SHORT = noted(*(line for line in commands(README) if line.startswith(OURS)))
LONG = noted(
    *(
        line
        for line in commands(GRADING)
        if line.startswith(("nbgrader generate", *OURS)) and line not in SHORT and not why_not(line)
    )
)


@pytest.fixture
def submitted(clone: Path) -> Path:
    """A clone in which kim has handed in the solution."""
    place = clone / "grading/submitted/kim/01-talking"
    place.mkdir(parents=True)
    shutil.copyfile(ROOT / "solutions/01-talking/talking.ipynb", place / "talking.ipynb")
    return clone


def test_instructor_follows_the_readme(newcomer: User, submitted: Path) -> None:
    grade, *more = SHORT
    assert "1 graded" in newcomer.run(grade, submitted)
    for command in more:
        newcomer.run(command, submitted)
    assert "kim" in (submitted / "canvas.csv").read_text("utf-8")
    assert (submitted / "grading/report/01-talking.html").exists()
    assert (submitted / "grading/feedback/kim/01-talking/talking.html").exists()


def test_instructor_follows_the_page_on_grading(newcomer: User, submitted: Path) -> None:
    for command in LONG:
        newcomer.run(command.replace("canvas|moodle|blackboard", "moodle 01-talking"), submitted)
    assert "kim" in (submitted / "moodle.csv").read_text("utf-8")
