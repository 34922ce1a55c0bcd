"""What `podlab grade` says at its end: who is missing, and what the instructor has to mend."""

from pathlib import Path

import pytest

from podlab.cli import main
from podlab.grading.tally import Tally
from tests.grading import scratch

TALKING, INIT = "01-talking", "02-init"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = scratch.course(tmp_path / "course", (TALKING, INIT))
    scratch.hand_in(folder, TALKING, {"ann": scratch.right, "bea": scratch.half})
    scratch.hand_in(folder, INIT, {"cem": scratch.empty})
    (folder / "grading/submitted/.trash").mkdir()
    return folder


def test_who_handed_in_nothing_is_named(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", TALKING, "--course", str(course), "--jobs", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"{TALKING}: 2 graded, 0 were graded before, 0 failed",
        "  handed in nothing: cem",
    ]
    assert main(["grade", TALKING, "--course", str(course), "--student", "ann", "--jobs", "1"]) == 0
    assert "handed in nothing" not in capsys.readouterr().out


def test_checks_that_are_broken_are_told_to_the_instructor_once(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, checks = (
        ["grade", TALKING, "--course", str(course), "--jobs", "1", "--force"],
        course / "solutions" / TALKING / "checks.py",
    )
    good = checks.read_text("utf-8")
    checks.write_text(good + "\ndef broken(:\n", "utf-8")
    assert main(words) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line for line in told if "cannot be used: SyntaxError" in line] == [line for line in told if "ann, bea: " in line]
    assert not any(word in line for line in told for word in ("Traceback", "fetch the assignment"))
    checks.write_text(good.replace("run.advance(", "run.advnce("), "utf-8")
    assert main(words) == 1
    said = capsys.readouterr().err
    assert "failed in its own code; 2 lost points by that: AttributeError: 'Run' object has no attribute 'advnce'." in said
    assert said.count(f"  Mend localhost, then: podlab grade {TALKING} --exercise localhost\n") == 1
    checks.write_text(good, "utf-8")
    assert main(words) == 0
    assert "failed in its own code" not in capsys.readouterr().err


def test_a_reason_is_told_once_for_all_students() -> None:
    tally = Tally(failed={f"s{n:02}": "no sandbox" for n in range(23)} | {"zoe": "another"})
    assert list(tally.troubles(TALKING)) == [
        f"  {', '.join(f's{n:02}' for n in range(20))} and 3 more: no sandbox",
        "  zoe: another",
    ]
