"""Grading: what a manifest *does*, as points with reasons.

Authors write `Rubric`s of checks (`checks` beside an assignment); students run them with `check("NAME")` in a notebook;
instructors with nbgrader or `podlab grade`. All three evaluate the same code on the same kind of fresh cluster, hence give the
same points.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from podlab.grading.notebook import check as check
    from podlab.grading.notebook import given as given
    from podlab.grading.notebook import task as task
    from podlab.grading.results import Report as Report
    from podlab.grading.results import Score as Score
    from podlab.grading.results import Unmet as Unmet
    from podlab.grading.rubric import Rubric as Rubric
    from podlab.grading.run import Run as Run
    from podlab.grading.variants import Draw as Draw
    from podlab.grading.variants import i_am as i_am

_HOMES = {
    "check": "notebook",
    "given": "notebook",
    "task": "notebook",
    "i_am": "variants",
    "Draw": "variants",
    "Report": "results",
    "Score": "results",
    "Unmet": "results",
    "Rubric": "rubric",
    "Run": "run",
}

__all__ = ["Draw", "Report", "Rubric", "Run", "Score", "Unmet", "check", "given", "i_am", "task"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'podlab.grading' has no attribute {name!r}")
    return getattr(import_module(f"podlab.grading.{_HOMES[name]}"), name)
