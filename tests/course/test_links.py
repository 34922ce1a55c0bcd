"""Every link of the course leads somewhere, and the table of what it shows is up to date."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import nbformat
import pytest

from tests.course import coverage

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "exercises").glob("*/*.ipynb"), ROOT / "docs" / "coverage.md"])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CHAPTERS = sorted((ROOT / "notebooks").glob("0*.ipynb"))


@cache
def markdown(page: Path) -> str:
    if page.suffix != ".ipynb":
        return page.read_text(encoding="utf-8")
    return "\n\n".join(c.source for c in nbformat.read(page, as_version=4).cells if c.cell_type == "markdown")


@cache
def anchors(page: Path) -> set[str]:
    """As JupyterLab makes them of headings."""
    return {line.lstrip("#").strip().replace(" ", "-") for line in markdown(page).splitlines() if line.startswith("#")}


def links(page: Path) -> Iterator[tuple[Path, str]]:
    for target in LINK.findall(markdown(page)):
        if "://" not in target:
            path, _, anchor = target.partition("#")
            yield ((page.parent / path).resolve() if path else page), anchor


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(page: Path) -> None:
    assert not [str(path) for path, _ in links(page) if not path.exists()]
    assert not [f"{path.name}#{anchor}" for path, anchor in links(page) if anchor and anchor not in anchors(path)]


def test_the_map_leads_to_every_chapter_and_every_assignment() -> None:
    reached = {path for path, _ in links(ROOT / "notebooks" / "index.ipynb")}
    assert {path.resolve() for path in [*CHAPTERS, *(ROOT / "exercises").glob("*/*.ipynb")]} <= reached


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_says_what_it_needs_and_what_comes_next(chapter: Path) -> None:
    text, targets = markdown(chapter), {path.name for path, _ in links(chapter)}
    for part in (
        "**Overview.**",
        "| **You need** |",
        "| **Minutes** |",
        "> **Predict.**",
        "## Summary",
        "**What's next.**",
    ):
        assert part in text, f"{part} is missing"
    assert {"index.ipynb", "glossary.ipynb"} <= targets


def test_every_statement_is_proved_and_the_table_is_up_to_date() -> None:
    text = coverage.page()
    assert not [s["english"] for s in coverage.statements() if not s["cells"]]
    assert coverage.PAGE.read_text(encoding="utf-8") == text, "run `python -m tests.course.coverage`"
