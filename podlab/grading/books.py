"""Notebooks of an assignment as nbformat has them: released ones, and those on their way as text. Nothing here grades."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import nbformat
from nbformat import v4

DATA: Final = "podlab"
"""Where in a cell's metadata its report stands, as data. Feedback shows outputs alone."""

read_notebook: Any = nbformat.read


def released(path: Path) -> Any:
    """A released notebook; not to be changed."""
    return _released(path, state_of(path))


def state_of(path: Path) -> tuple[int, int]:
    """What changes with a file: Formgrader's worker lives for days, and instructors mend their checks."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _released(path: Path, state: tuple[int, int]) -> Any:
    return read_notebook(path, as_version=4)


def as_text(book: Any) -> str:
    """A notebook as the text of its file."""
    return str(v4.writes(book, indent=1)) + "\n"  # type: ignore[no-untyped-call]


def from_text(text: str) -> Any:
    """A notebook from its text."""
    return v4.reads(text)  # type: ignore[no-untyped-call]
