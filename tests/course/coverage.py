"""Writes docs/coverage.md: what the course's notes state, the cells that prove it, the exercises that practise it.

python -m tests.course.coverage [--check]

The data is tests/course/coverage.yaml; tests execute the chapters and hold each cell's output against it.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "course" / "coverage.yaml"
BROKEN = ROOT / "tests" / "course" / "broken.yaml"
PAGE = ROOT / "docs" / "coverage.md"
HEAD = """# What the course shows

Made by `python -m tests.course.coverage` from `tests/course/coverage.yaml`; do not edit.

Each statement of the notes that the course follows, the cells whose output proves it (a test runs them and looks), and the
exercises that practise it.

| | statement | in short | proved by | practised in |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """A cell that proves a statement: found by a text that it alone of its chapter holds, and what its output must show."""

    chapter: str
    holds: str
    shows: str


def statements() -> list[dict[str, Any]]:
    """The statements, in the notes' order."""
    found: list[dict[str, Any]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return found


def proofs() -> Iterator[tuple[str, Proof]]:
    """Each statement in English, with each of its proofs."""
    for statement in statements():
        for cell in statement["cells"]:
            yield statement["english"], Proof(**cell)


def breaks() -> list[Proof]:
    """What comes of each thing that the course breaks."""
    return [Proof(**entry) for entry in yaml.safe_load(BROKEN.read_text(encoding="utf-8"))]


def find(book: Any, holds: str) -> Any:
    """The one code cell of a notebook that holds a text.

    Raises:
        LookupError: None does, or several.
    """
    cells = [cell for cell in book.cells if cell.cell_type == "code" and holds in cell.source]
    if len(cells) != 1:
        raise LookupError(f"{len(cells)} cells hold {holds!r}")
    return cells[0]


def rubrics() -> set[str]:
    """All exercises, as `ASSIGNMENT/NAME`."""
    from podlab.grading.rubrics import load, sources

    folders = [path for path in (ROOT / "course" / "assignments").iterdir() if sources(path)]
    return {f"{folder.name}/{name}" for folder in folders for name in load(folder)}


def page() -> str:
    """The page's text.

    Raises:
        LookupError: A cell or an exercise is not there.
    """
    chapters = {path.stem: nbformat.read(path, as_version=4) for path in sorted((ROOT / "notebooks").glob("0*.ipynb"))}
    known = rubrics()
    return HEAD + "".join(_row(statement, chapters, known) for statement in statements())


def _row(statement: dict[str, Any], chapters: dict[str, Any], known: set[str]) -> str:
    cells = [_link(cell["chapter"], chapters[cell["chapter"]], cell["holds"]) for cell in statement["cells"]]
    for exercise in statement["exercises"]:
        if exercise not in known:
            raise LookupError(f"there is no exercise {exercise}")
    exercises = ", ".join(f"`{exercise}`" for exercise in statement["exercises"]) or "–"
    return f"| {statement['section']} | {statement['says']} | {statement['english']} | {'<br>'.join(cells)} | {exercises} |\n"


def _link(chapter: str, book: Any, holds: str) -> str:
    """The cell by its section, which stays when cells are added before it, and the text that it is found by."""
    place = book.cells.index(find(book, holds))
    heading = ""
    for cell in book.cells[:place]:
        lines = [line for line in cell.source.splitlines() if line.startswith("#") and cell.cell_type == "markdown"]
        heading = lines[-1].lstrip("# ") if lines else heading
    text = holds.replace("|", "\\|")
    return f"[{chapter[:2].lstrip('0')} {heading}](../notebooks/{chapter}.ipynb#{heading.replace(' ', '-')}) `{text}`"


def main() -> int:
    """The command line."""
    text = page()
    if "--check" in sys.argv:
        same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("docs/coverage.md is " + ("up to date" if same else "out of date: run python -m tests.course.coverage"))
        return int(not same)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
