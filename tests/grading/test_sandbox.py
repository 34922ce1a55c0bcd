"""Students' Python, where an instructor wants it: in a bubblewrap sandbox, or not at all."""

import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbformat import v4

from podlab.errors import PodlabError
from podlab.grading import sandbox
from podlab.grading.marking import Marking, Stages, evaluate_cells, graft_all

needs_bubblewrap = pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")


def cell(source: str, grade_id: str, points: float | None = None, kind: str = "code", solution: bool = False) -> Any:
    make = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
    nbgrader = {
        "grade_id": grade_id,
        "grade": points is not None,
        "solution": solution,
        "locked": not solution,
        "points": points or 0,
    }
    return make(source, metadata={"nbgrader": {**nbgrader, "schema_version": 3, "task": False}})


def release(*tests: str, python: bool = True) -> Any:
    cells = [cell("# YOUR CODE HERE", "answer", solution=True), cell("say why", "why", 2, "markdown", solution=True)]
    cells += [cell(test, f"test{n}", 2) for n, test in enumerate(tests)]
    return v4.new_notebook(cells=cells, metadata={"podlab": {"python": True}} if python else {})


def graded(folder: Path, book: Any, answer: str) -> Any:
    """The notebook as it is graded for an answer."""
    for place, name in ((folder / "release", "book.ipynb"), (folder / "submitted", "book.ipynb")):
        place.mkdir()
        made = nbformat.from_dict(json.loads(json.dumps(book)))
        if place.name == "submitted":
            made.cells[0].source, made.cells[1].source = answer, "because <script>alert(1)</script>"
        (place / name).write_text(json.dumps(made), "utf-8")
    found = graft_all(folder / "release", folder / "submitted", Stages())["book"]
    evaluate_cells("book", found, Marking(folder / "source"))
    return found


def points(book: Any) -> list[float | None]:
    from nbgrader.utils import determine_grade

    return [determine_grade(c)[0] for c in book.cells if c.metadata.get("nbgrader", {}).get("grade")]


@needs_bubblewrap
def test_python_runs_and_its_results_are_points_within_bounds(tmp_path: Path) -> None:
    book = release(
        "assert double(2) == 4",
        "double(0.75)",
        "assert double(1) == 3, 'not three'",
        "double(1e6)",
        "from IPython.display import HTML; HTML('<b>x')",
    )
    found = graded(tmp_path, book, "def double(x):\n    return 2 * x")
    assert points(found) == [None, 2, 1.5, 0, 0, 2]
    assert found.cells[1].source == "because &lt;script>alert(1)&lt;/script>"
    assert "<b>x" not in json.dumps(found.cells[-1].outputs)


@needs_bubblewrap
def test_it_sees_and_leaves_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("solutions and hidden checks")
    answer = f"""
import os, socket, subprocess
seen = []
for path in ({str(secret)!r}, {str(Path.home())!r} + '/.bashrc', '/etc/passwd', {str(Path(__file__))!r}):
    try:
        seen.append(open(path).read())
    except OSError:
        pass
try:
    open({str(tmp_path / "was-here")!r}, 'w')
except OSError:
    pass
try:
    seen.append(socket.create_connection(('127.0.0.1', 22), 1))
except OSError:
    pass
seen += [name for name in os.environ if name.startswith(('PODLAB', 'PYTEST', 'SSH', 'VIRTUAL'))]
subprocess.Popen(['sleep', '12345'])
"""
    found = graded(tmp_path, release("assert seen == [], seen"), answer)
    assert points(found) == [None, 2], found.cells[-1].outputs
    assert not (tmp_path / "was-here").exists()
    assert not [p for p in psutil.process_iter(["cmdline"]) if "12345" in (p.info["cmdline"] or [])]


@needs_bubblewrap
@pytest.mark.parametrize("answer", ["import os; os._exit(0)", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"])
def test_what_ends_python_earns_nothing(tmp_path: Path, answer: str) -> None:
    found = graded(tmp_path, release("assert double(2) == 4", ""), answer)
    assert points(found) == [None, 0, 0], found.cells[-1].outputs


@needs_bubblewrap
def test_memory_is_bounded(tmp_path: Path) -> None:
    found = graded(
        tmp_path, release("assert enough == 'not'"), "try:\n    x = ' ' * 10**11\nexcept MemoryError:\n    enough = 'not'"
    )
    assert points(found) == [None, 2]


def test_without_a_sandbox_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with pytest.raises(sandbox.NoSandbox, match="there is no bwrap here: it was not run"):
        graded(tmp_path, release("assert True"), f"open({str(tmp_path / 'was-here')!r}, 'w')")
    assert not (tmp_path / "was-here").exists()


def test_without_the_instructors_word_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "run", lambda book: pytest.fail("it ran"))
    assert points(graded(tmp_path, release("assert True", python=False), "")) == [None, 0]


@pytest.mark.parametrize("text", [b"", b"[1]", b"{}", b"[[], 3]", b"[" * 100_000])
def test_what_comes_out_may_be_anything(text: bytes) -> None:
    with pytest.raises(PodlabError, match="could not be run to its end"):
        sandbox._outputs(text, 2)
    assert sandbox.cleaned([3, {"output_type": "x"}, {"output_type": "execute_result", "data": 7}], 2)[0].output_type == "error"
