"""Finding rubrics: the module-level `Rubric`s of the `checks` beside an assignment, and its `hidden_checks`.

Either is one file (`checks.py`) or, where that would grow long, a folder of them (`checks/`, one an exercise), whose modules may
import what they share from one another (`from .asking import ...`). All are instructors' code. The grader takes them from its own
source directory, never from a submission.
"""

import importlib
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from podlab.errors import PodlabError
from podlab.grading.rubric import Check, Rubric

CHECKS: Final = "checks"
HIDDEN: Final = "hidden_checks"


def sources(folder: Path, name: str = CHECKS) -> list[Path]:
    """The files that an assignment's checks stand in, none when it has none. A folder goes before a file of its name.

    Args:
        folder: The assignment's folder.
        name: Of the file, without its ending, or of the folder in it.
    """
    return sorted((folder / name).glob("*.py")) or [path for path in [folder / f"{name}.py"] if path.is_file()]


class ChecksUnusable(PodlabError):
    """The checks of an assignment are not there, or cannot be run; the hint is for a student."""


def load(folder: Path, name: str = CHECKS) -> dict[str, Rubric]:
    """The rubrics of an assignment, by name.

    Args:
        folder: The assignment's folder.
        name: Which checks in it, as for `sources`.

    Raises:
        ChecksUnusable: There are none, or they fail.
    """
    return {value.name: value for names in run(folder, name) for value in names.values() if isinstance(value, Rubric)}


def run(folder: Path, name: str = CHECKS) -> list[dict[str, Any]]:
    """What the files of an assignment's checks define, file by file.

    Raises:
        ChecksUnusable: There are none, or they fail.
    """
    paths = sources(folder, name)
    if not paths:
        raise ChecksUnusable(
            f"There is no {name}.py in {folder}.", "the checks of an assignment stand beside its notebooks; fetch it anew."
        )
    try:
        return [runpy.run_path(str(paths[0]))] if paths[0].parent == folder else _import(folder / name, paths)
    except Exception as fault:
        raise ChecksUnusable(
            f"{paths[0] if paths[0].parent == folder else folder / name} cannot be used: {type(fault).__name__}: {fault}.",
            "fetch the assignment anew.",
        ) from fault


def _import(folder: Path, paths: list[Path]) -> list[dict[str, Any]]:
    """Imports the files as modules of a package that nobody else's names can meet, afresh each time."""
    package = ModuleType(f"podlab checks in {folder}".replace(".", "·"))
    package.__path__ = [str(folder)]
    for known in [known for known in sys.modules if known.partition(".")[0] == package.__name__]:
        del sys.modules[known]
    sys.modules[package.__name__] = package
    importlib.invalidate_caches()
    with _no_bytecode():
        return [vars(importlib.import_module(f"{package.__name__}.{path.stem}")) for path in paths]


@contextmanager
def _no_bytecode() -> Iterator[None]:
    """Leaves no `__pycache__` in the folders of a course."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def hidden(folder: Path) -> dict[str, list[Check]]:
    """The hidden checks of an assignment by rubric's name; empty where there are none (on a student's machine)."""
    if not sources(folder, HIDDEN):
        return {}
    return {name: [_hide(check) for check in rubric.checks] for name, rubric in load(folder, HIDDEN).items()}


def _hide(check: Check) -> Check:
    return replace(check, hidden=True)
