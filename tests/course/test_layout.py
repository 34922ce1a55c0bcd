"""What a student sees of the code: it fits beside JupyterLab's file browser, without scrolling to and fro."""

from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "notebooks").glob("0*.ipynb"), *(ROOT / "exercises").glob("*/*.ipynb")])
LONGEST_LINE = 90
"""Letters of a line that can be seen in a window of 1100 pixels."""


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_no_line_of_code_is_cut_off(page: Path) -> None:
    cells = [cell for cell in nbformat.read(page, as_version=4).cells if cell.cell_type == "code"]
    shown = [cell for cell in cells if not cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert [line for cell in shown for line in cell.source.splitlines() if len(line) > LONGEST_LINE] == []
