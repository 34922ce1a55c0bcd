"""What is released to students, beside what stands in the sources."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "solutions").glob("*/*.ipynb"))


def solution_cells(path: Path) -> dict[str, Any]:
    book = nbformat.read(path, as_version=4)
    return {
        cell.metadata["nbgrader"]["grade_id"]: cell for cell in book.cells if cell.metadata.get("nbgrader", {}).get("solution")
    }


def test_the_lab_is_released_broken_in_the_place_of_its_solution() -> None:
    source = nbformat.read(ROOT / "solutions/06-lab/lab.ipynb", as_version=4)
    broken = next(cell.source for cell in source.cells if "begin" in cell.metadata.get("tags", ()))
    released = nbformat.read(ROOT / "exercises/06-lab/lab.ipynb", as_version=4)
    assert solution_cells(ROOT / "exercises/06-lab/lab.ipynb")["kiosk"].source == broken
    assert [cell.source for cell in released.cells].count(broken) == 1
    assert not any("begin" in cell.metadata.get("tags", ()) for cell in released.cells)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_release_has_the_cells_of_its_source_without_the_answers(source: Path) -> None:
    before, after = solution_cells(source), solution_cells(ROOT / "exercises" / source.parent.name / source.name)
    assert before.keys() == after.keys()
    assert not [name for name in before if before[name].source == after[name].source]
    assert not [name for name, cell in after.items() if "SOLUTION" in cell.source]
