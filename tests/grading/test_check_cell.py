"""What a student sees of a check cell: the reasons once."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parents[2]
CELLS = ["%load_ext podlab.magics\nfrom podlab.grading import check", "%%manifest serve\n# nothing yet", 'check("serve")']


def run(folder: Path) -> list[nbformat.NotebookNode]:
    """The outputs of the check of an exercise that nobody has begun."""
    shutil.copyfile(ROOT / "course/assignments/01-talking/checks.py", folder / "checks.py")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in CELLS])
    client = NotebookClient(book, timeout=50, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    with pytest.raises(CellExecutionError):
        client.execute()
    return book.cells[-1].outputs


@pytest.fixture(autouse=True)
def no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cell that would apply the manifest only keeps it."""
    monkeypatch.setenv("PODLAB_MANIFESTS", "keep")


def test_reasons_are_told_once_to_who_sees_the_table(tmp_path: Path) -> None:
    table, error = run(tmp_path)
    assert "port 8080 serves /time.txt" in table["data"]["text/html"]
    assert error["traceback"] == ["serve: 0 of 5 points: the table above tells what is missing."]


def test_reasons_are_text_where_nbgrader_runs_the_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    score, error = run(tmp_path)
    assert score["data"]["text/plain"] == "0.0"
    assert "  no  0/1  port 8080 serves /time.txt" in error["traceback"]
