"""Finding rubrics: the module-level `Rubric`s of the `checks.py` beside an assignment, and the hidden checks of
`hidden_checks.py`.

Both files are instructors' code. The grader takes them from its own source directory, never from a submission.
"""

import runpy
from dataclasses import replace
from pathlib import Path
from typing import Final

from podlab.errors import PodlabError
from podlab.grading.rubric import Check, Rubric

CHECKS: Final = "checks.py"
HIDDEN: Final = "hidden_checks.py"


def load(folder: Path, file: str = CHECKS) -> dict[str, Rubric]:
    """The rubrics of an assignment, by name.

    Args:
        folder: The assignment's folder.
        file: Which file in it.

    Raises:
        PodlabError: There is no such file, or it fails.
    """
    path = folder / file
    if not path.is_file():
        raise PodlabError(
            f"There is no {path.name} in {folder}.", "the checks of an assignment stand beside its notebooks; fetch it anew."
        )
    try:
        names = runpy.run_path(str(path))
    except Exception as fault:
        raise PodlabError(f"{path} cannot be used: {type(fault).__name__}: {fault}.", "fetch the assignment anew.") from fault
    return {value.name: value for value in names.values() if isinstance(value, Rubric)}


def hidden(folder: Path) -> dict[str, list[Check]]:
    """The hidden checks of an assignment by rubric's name; empty where there are none (on a student's machine)."""
    if not (folder / HIDDEN).is_file():
        return {}
    return {name: [_hide(check) for check in rubric.checks] for name, rubric in load(folder, HIDDEN).items()}


def _hide(check: Check) -> Check:
    return replace(check, hidden=True)
