"""A gradebook that is in use, damaged, old or locked away is told in a line, by every command that opens it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from podlab.cli import main
from podlab.grading.database import GradebookError, understood
from tests.grading import scratch

TALKING = "01-talking"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The gradebook of a course in which one student is graded."""
    folder = scratch.course(tmp_path_factory.mktemp("graded") / "course", (TALKING,))
    scratch.hand_in(folder, TALKING, {"ann": scratch.empty})
    assert main(["grade", TALKING, "--course", str(folder), "--jobs", "1"]) == 0
    return (folder / "gradebook.db").read_bytes()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3000])


def overwritten(path: Path) -> None:
    path.write_text("these are my grades\n" * 100)


def older(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE submitted_notebook DROP COLUMN late_submission_penalty")


@pytest.mark.parametrize("harm", [cut, overwritten, older])
@pytest.mark.parametrize("command", [["grade", "--force", "--jobs", "1"], ["report"], ["export", "canvas"]], ids=lambda c: c[0])
def test_harm_is_told_in_a_line(
    harm: Callable[[Path], None], command: list[str], graded: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = scratch.course(tmp_path / "course", (TALKING,))
    scratch.hand_in(folder, TALKING, {"ann": scratch.empty})
    (folder / "gradebook.db").write_bytes(graded)
    harm(folder / "gradebook.db")
    assert main([*command, TALKING, "--course", str(folder)]) == 1
    said = capsys.readouterr().err
    assert f"The gradebook {folder}/gradebook.db: " in said
    assert ("nbgrader db upgrade" if harm is older else "the file is damaged") in said
    assert len(said.splitlines()) <= 4


def test_lock_is_told(graded: bytes, tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    path.write_bytes(graded)
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine(f"sqlite:///{path}", connect_args={"timeout": 0})
    with pytest.raises(GradebookError, match="another program is writing to it"), understood(f"sqlite:///{path}"):
        engine.connect().execute(sqlalchemy.text("SELECT * FROM student"))
    other.close()
    engine.dispose()
