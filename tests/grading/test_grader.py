"""`podlab grade`: what it does to a course directory, again and again, and when it is killed."""

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest

from podlab.cli import main
from podlab.errors import PodlabError
from podlab.grading.gradebook import Course
from podlab.grading.grader import Grader, Wish, students
from podlab.grading.pool import Pool
from tests.grading import scratch
from tests.waiting import PATIENCE_SECONDS

TALKING, INIT = "01-talking", "02-init"
WHO = {"ann": scratch.right, "bea": scratch.half, "cem": scratch.empty, "dai": scratch.broken}
EARNED = {"ann": 13.0, "bea": 8.0, "cem": 0.0, "dai": 0.0}


@pytest.fixture(scope="module")
def pool() -> Any:
    made = Pool(2)
    yield made
    made.close()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = scratch.course(tmp_path / "course", (TALKING,))
    scratch.hand_in(folder, TALKING, WHO)
    return folder


def grade(folder: Path, pool: Pool, **wish: Any) -> Any:
    """Grades; the tally."""
    course = Course(folder)
    wanted = Wish(TALKING, **wish)
    grader = Grader(course, wanted, pool)
    list(grader.run(students(course, wanted)))
    return grader.tally


def files(folder: Path) -> dict[str, str]:
    """What lies in a folder, as hashes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_everybody_gets_points_and_feedback_once(course: Path, pool: Pool) -> None:
    before = {place: files(course / place) for place in ("solutions", "exercises", "grading/submitted")}
    assert grade(course, pool).graded == EARNED
    made = files(course / "grading")
    again = grade(course, pool)
    assert (again.graded, again.skipped) == ({}, list(WHO))
    assert grade(course, pool, force=True).graded == EARNED
    assert files(course / "grading") == made
    assert {place: files(course / place) for place in before} == before
    assert {path.name for path in course.iterdir()} == {"solutions", "exercises", "grading", "gradebook.db", "nbgrader_config.py"}


def test_checks_that_give_other_points_than_their_cell_grade_nobody(course: Path, pool: Pool) -> None:
    before = grade(course, pool).graded
    checks = course / "solutions" / TALKING / "checks.py"
    checks.write_text(checks.read_text("utf-8").replace("points=1", "points=2", 1), "utf-8")
    tally = grade(course, pool, force=True)
    assert tally.graded == {}
    for reason in tally.failed.values():
        assert "the checks of localhost give 5 points, and their cell check-localhost in the release 4" in reason
    checks.write_text(checks.read_text("utf-8").replace("points=2", "points=1", 1), "utf-8")
    assert grade(course, pool, force=True).graded == before


def test_a_new_submission_is_graded_again(course: Path, pool: Pool) -> None:
    grade(course, pool)
    scratch.hand_in(course, TALKING, {"cem": scratch.right})
    assert grade(course, pool).graded == {"cem": 13.0}


def test_what_the_gradebook_lost_is_graded_again(course: Path, pool: Pool) -> None:
    grade(course, pool)
    (course / "gradebook.db").unlink()
    assert grade(course, pool).graded == EARNED


def test_one_student(course: Path, pool: Pool) -> None:
    assert grade(course, pool, students=("bea",)).graded == {"bea": 8.0}
    assert [path.name for path in (course / "grading/feedback").iterdir()] == ["bea"]
    with pytest.raises(PodlabError, match="nemo handed in nothing for 01-talking"):
        grade(course, pool, students=("nemo",))


def test_one_exercise_leaves_the_others_as_they_were(course: Path, pool: Pool) -> None:
    grade(course, pool)
    checks = course / "solutions" / TALKING / "checks.py"
    text = checks.read_text("utf-8")
    for check in ("_ready", "_fresh"):  # one of localhost, one of serve
        head = f"def {check}(run: Run) -> None:\n"
        text = text.replace(head, f'{head}    run.expect("more", False)\n')
    checks.write_text(text, "utf-8")
    assert grade(course, pool, exercise="serve").graded == {"ann": 12.0, "bea": 7.0, "cem": 0.0, "dai": 0.0}
    assert scratch.grades(course, TALKING, "ann") == {"localhost": 4, "serve": 4, "service": 4}


def test_a_dry_run_writes_nothing(course: Path, pool: Pool) -> None:
    assert grade(course, pool, dry_run=True).graded == EARNED
    assert {path.name for path in (course / "grading").iterdir()} == {"submitted"}
    assert not (course / "gradebook.db").exists()


def test_manual_points_comments_and_the_late_policy_are_respected(course: Path, pool: Pool) -> None:
    from nbgrader.api import Gradebook

    (course / "nbgrader_config.py").write_text(
        (course / "nbgrader_config.py").read_text("utf-8") + "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n",
        "utf-8",
    )
    (course / "grading/submitted/ann" / TALKING / "timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    grade(course, pool)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        book.update_or_create_assignment(TALKING, duedate="2029-12-31 12:00:00 UTC")
        cell = book.find_grade("check-serve", "talking", TALKING, "bea")
        cell.manual_score = 5
        book.find_comment("serve", "talking", TALKING, "bea").manual_comment = "well argued in person"
        book.db.commit()
    assert not grade(course, pool, force=True).failed
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        assert book.find_submission(TALKING, "ann").score == 13
        assert book.find_submission_notebook("talking", TALKING, "ann").late_submission_penalty == 13
        assert book.find_submission(TALKING, "bea").score == 9
        assert book.find_submission(TALKING, "bea").needs_manual_grade
    page = (course / "grading/feedback/bea" / TALKING / "talking.html").read_text("utf-8")
    assert "well argued in person" in page
    assert "Score: 9.0 / 13.0" in page
    assert "Late submission penalty (Score: -13.0)" in (course / "grading/feedback/ann" / TALKING / "talking.html").read_text(
        "utf-8"
    )


BUSY = "\n  - name: busy\n    image: busybox:1.37\n    command: [sh, -c, 'while :; do :; done']\n"
STRANGE = (
    "a\nb",
    "\x1b[31mred",
    "<img src=x onerror=alert(1)>",
    "-rf",
    "{student_id}",
    "[a]*",
    "한글",
    "x" * 200,
    "..dots",
    "O'Neil; --",
)
TIMES = ("9999-12-31 23:59:59 UTC", "99999999999999999999", "0001-01-01 00:00:00 UTC", "2020-01-01 00:00:00 +9999", "x" * 200)


@pytest.mark.skipif(os.name != "posix", reason="names and kinds of files that other systems do not have")
def test_strange_names_times_and_files_stop_nobody(tmp_path: Path, pool: Pool, capfd: pytest.CaptureFixture[str]) -> None:
    """Whoever has a folder with a name that the gradebook can hold is graded, once; the one without is told of by name."""
    folder = scratch.course(tmp_path / "course", (TALKING,))
    scratch.hand_in(folder, TALKING, dict.fromkeys(STRANGE, scratch.broken))
    handed = folder / "grading/submitted"
    for name, text in zip(STRANGE, TIMES, strict=False):
        (handed / name / TALKING / "timestamp.txt").write_text(text)
    os.mkfifo(handed / STRANGE[6] / TALKING / "timestamp.txt")
    os.mkfifo(handed / STRANGE[7] / TALKING / "submission_secret.txt")
    os.utime(handed / STRANGE[8] / TALKING / "talking.ipynb", (4e9, 4e9))
    os.mkfifo(handed / "pipe")
    (handed / "itself").symlink_to(".")
    (handed / "linked").mkdir()
    (handed / "linked" / TALKING).symlink_to(handed / STRANGE[0] / TALKING)
    nameless = os.fsdecode(b"\xff\xfe")
    (handed / nameless / TALKING).mkdir(parents=True)
    first = grade(folder, pool)
    assert first.graded == dict.fromkeys(STRANGE, 0.0)
    assert sorted(first.failed) == ["linked", nameless]
    assert "links are not followed" in first.failed["linked"]
    assert "rename the folder" in first.failed[nameless]
    again = grade(folder, pool)
    assert (again.graded, sorted(again.skipped)) == ({}, sorted(STRANGE))
    assert main(["grade", TALKING, "--course", str(folder), "--dry-run", "--student", STRANGE[1]]) == 0
    assert "\N{SYMBOL FOR ESCAPE}[31mred: 0" in capfd.readouterr().out


def test_what_comes_in_while_it_is_graded_is_graded_next(course: Path, pool: Pool) -> None:
    grader = Grader(Course(course), Wish(TALKING), pool)
    for student in grader.run(students(Course(course), Wish(TALKING))):
        scratch.hand_in(course, TALKING, {student: scratch.right})
    assert set(grade(course, pool).graded) == set(WHO)


def test_one_student_s_trouble_is_not_the_others(course: Path, pool: Pool) -> None:
    (course / "grading/autograded").mkdir()
    (course / "grading/autograded/bea").write_text("a file where a folder has to be")
    tally = grade(course, pool)
    assert sorted(tally.failed) == ["bea"]
    assert tally.failed["bea"] == f"cannot write {course / 'grading/autograded/bea'}: File exists."
    assert tally.graded == {name: EARNED[name] for name in ("ann", "cem", "dai")}
    (course / "grading/autograded/bea").unlink()
    assert grade(course, pool).graded == {"bea": EARNED["bea"]}


def test_two_graders_do_not_meet(course: Path) -> None:
    with Course(course).alone(), pytest.raises(PodlabError, match="Another `podlab grade` is at work"), Course(course).alone():
        pass


def started(course: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "podlab.cli", "grade", TALKING, "--force", "--jobs", "2"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=course, env=scratch.ENVIRONMENT, start_new_session=True, **quiet)


def workers_of(process: subprocess.Popen[bytes]) -> list[Any]:
    import psutil

    return psutil.Process(process.pid).children(recursive=True)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_killed_at_any_moment_the_next_run_makes_it_whole(tmp_path: Path, pool: Pool) -> None:
    """kill -9 at random moments of the writing; then the database is whole, and a rerun leaves what an undisturbed run does."""
    import psutil

    folder = scratch.course(tmp_path / "course", (TALKING,))
    kinds = list(WHO.values())
    scratch.hand_in(folder, TALKING, {f"s{n:02}": kinds[n % 4] for n in range(8)})
    want = dict(grade(folder, pool).graded)
    made = files(folder / "grading/feedback")
    dice = random.Random()  # a moment that breaks it is worth a red build
    for _ in range(4):
        process = started(folder)
        try:
            before = (folder / "gradebook.db").stat().st_mtime_ns
            while (folder / "gradebook.db").stat().st_mtime_ns == before and process.poll() is None:
                time.sleep(0.005)  # the first student is written
            time.sleep(dice.uniform(0, 1.0))
            children = workers_of(process) if process.poll() is None else []
        finally:
            process.kill()
            process.wait()
        assert psutil.wait_procs(children, timeout=PATIENCE_SECONDS)[1] == []  # its workers see that it is gone
        with sqlite3.connect(folder / "gradebook.db") as database:
            assert database.execute("pragma integrity_check").fetchone() == ("ok",)
            assert database.execute("pragma foreign_key_check").fetchall() == []
        database.close()
        assert not grade(folder, pool).failed
        assert {s: sum(v or 0 for v in scratch.grades(folder, TALKING, s).values()) for s in want} == want
        assert files(folder / "grading/feedback") == made
        assert not list((folder / "grading").rglob(".grading-*"))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_stops_at_once_and_the_next_run_goes_on(course: Path, pool: Pool) -> None:
    import psutil

    busy = {f"x{n}": lambda exercise, solution, stub: solution + BUSY * (exercise == "localhost") for n in range(4)}
    scratch.hand_in(course, TALKING, busy)  # long enough at work to be interrupted
    command = [sys.executable, "-m", "podlab.cli", "grade", TALKING]
    with subprocess.Popen(command, cwd=course, env=scratch.ENVIRONMENT, stderr=subprocess.PIPE, text=True) as process:
        while not list((course / "grading").glob("feedback/*/*")):
            assert process.poll() is None
            time.sleep(0.01)
        children = workers_of(process)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=PATIENCE_SECONDS)[1]
    assert process.returncode == 130
    assert "the same command goes on from there" in said
    assert "Traceback" not in said
    assert psutil.wait_procs(children, timeout=PATIENCE_SECONDS)[1] == []
    rest = grade(course, pool)
    assert rest.skipped
    assert sorted([*rest.graded, *rest.skipped]) == sorted([*WHO, *busy])
    want = EARNED | dict.fromkeys(busy, 13.0)
    assert {student: sum(v or 0 for v in scratch.grades(course, TALKING, student).values()) for student in want} == want


def test_a_hidden_check_counts_and_stays_hidden(tmp_path: Path, pool: Pool) -> None:
    """Its title and points are in the feedback; what it expects, sees and hints is not. It is in no released file."""
    folder = scratch.course(tmp_path / "course", (INIT,))
    scratch.hand_in(folder, INIT, {"eva": lambda name, right, stub: right.replace("$(cat /settings/size)", "3")})
    course = Course(folder)
    grader = Grader(course, Wish(INIT), pool)
    assert list(grader.run(students(course, Wish(INIT)))) == ["eva"]
    assert scratch.grades(folder, INIT, "eva")["hidden-legacy"] == 0
    page = (folder / "grading/feedback/eva" / INIT / "init.html").read_text("utf-8")
    assert "other settings arrive as well (hidden)" in page
    secrets = ("good day", "안녕", "do not compare or compute")
    released = "".join(path.read_text("utf-8") for path in (folder / "exercises" / INIT).iterdir())
    for secret in secrets:
        assert secret in (folder / "solutions" / INIT / "hidden_checks.py").read_text("utf-8")
        assert secret not in page
        assert secret not in released
    book = nbformat.read(folder / "grading/autograded/eva" / INIT / "init.ipynb", as_version=4)
    data = next(c.metadata["podlab"] for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "hidden-legacy")
    assert "good day" in data["checks"][0]["saw"]  # the instructor is told
