"""CI's last try (`tools/once_more.py`): what fails beside others and passes alone is forgiven and named, all else fails."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = """
import os, pytest
BESIDE = "PYTEST_XDIST_WORKER" in os.environ

def test_good():
    pass

@pytest.mark.parametrize("name", ["a b", "c::d", "é/[x]"][:{beside}])
def test_beside(name):
    assert not BESIDE

@pytest.fixture
def late():
    yield
    assert not BESIDE

@pytest.mark.skipif(not {late}, reason="not wanted")
def test_late(late):
    assert not BESIDE

@pytest.mark.parametrize("number", range({never}))
def test_never(number):
    assert False
"""
ALONE = "PASSED WHEN ALONE"


def run(folder: Path, beside: int = 0, late: bool = False, never: int = 0, more: str = "") -> tuple[int, str]:
    """How a session ends, and what it says."""
    (folder / "test_it.py").write_text(TESTS.format(beside=beside, late=late, never=never) + more, "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "xdist",
        "-n",
        "1",
        "-p",
        "tools.once_more",
        "-c",
        os.devnull,
        "--rootdir",
        str(folder),
    ]
    done = subprocess.run(
        [*words, str(folder)],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_what_passes_alone_is_forgiven_and_named(tmp_path: Path) -> None:
    code, said = run(tmp_path, beside=3, late=True)
    assert code == 0, said
    assert len(re.findall(f"^{ALONE} test_it.py::test_(?:beside|late)", said, re.M)) == 4
    assert said.count("assert not BESIDE") >= 4  # how each failed
    assert re.search(r"5 passed.* 4 tried again", said.splitlines()[-1])


def test_what_fails_again_fails(tmp_path: Path) -> None:
    code, said = run(tmp_path, beside=1, never=1)
    assert code == 1, said
    assert "FAILED AGAIN test_it.py::test_never[0]" in said
    assert said.count(ALONE) == 1
    assert re.search(r"1 failed, 2 passed.* 2 tried again", said.splitlines()[-1])


def test_many_failures_and_what_cannot_be_collected_are_not_tried_again(tmp_path: Path) -> None:
    for more in ({"never": 6}, {"beside": 1, "more": "import nothing_of_that_name"}):
        code, said = run(tmp_path, **more)
        assert code != 0
        assert "tried again" not in said
        assert ALONE not in said


def test_ci_uses_it() -> None:
    assert "-p tools.once_more" in (ROOT / ".ci/run").read_text("utf-8")
