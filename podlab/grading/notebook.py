"""`check("NAME")`, what a check cell of an exercise calls; `given("NAME")`, which brings what an exercise presupposes.

nbgrader scores a cell by the first of its outputs that says something: a result that is a number, or an error. So a cell in
which points were lost first shows its `Score` as a result, which is the points and a table of reasons, and then ends in an
error. Where nbgrader runs the cell, the error carries the reasons as text, which is all that `nbgrader validate` prints; who
runs it in a notebook has the table, and is not told twice. Nothing is ever written to stderr, which would cost all points.
"""

import os
import sys
from pathlib import Path
from typing import Any

from podlab.errors import PodlabError
from podlab.grading.arena import arena
from podlab.grading.evaluate import evaluate
from podlab.grading.results import ChecksFailed, Score
from podlab.grading.rubric import Rubric
from podlab.grading.rubrics import load
from podlab.grading.variants import Task, me


def check(name: str, *, hidden: bool = False, folder: str | Path = ".") -> Score | None:
    """Checks the manifest of the `%%manifest NAME` cell, on a fresh simulated cluster.

    Args:
        name: The exercise's.
        hidden: The checks that only the grader has. Here there is nothing to run: the cell says so.
        folder: Where its `checks` are.

    Returns:
        The points, shown with a table; None for hidden checks.

    Raises:
        ChecksFailed: Points were lost; says why.
        PodlabError: There is no such exercise.
    """
    rubric = _rubric(name, folder)
    if hidden:
        print("These points are given by checks that the grader runs: your manifest is tried under other conditions.")
        return None
    magics = sys.modules.get("podlab.magics")
    texts: dict[str, str] = magics.manifests if magics else {}
    report = evaluate(rubric, texts.get(name), arena, student=me())
    score = Score(report)
    if report.earned >= report.points:
        return score
    raise ChecksFailed(report, shown=_show(score) and not os.environ.get("NBGRADER_EXECUTION"))


def task(name: str, *, folder: str | Path = ".") -> Task:
    """What is special in your exercise, where each student has another: names, ports, texts.

    Args:
        name: The exercise's.
        folder: Where its `checks` are.

    Raises:
        PodlabError: There is no such exercise.
    """
    return _rubric(name, folder).task(me())


def given(name: str, *, folder: str | Path = ".") -> None:
    """Puts what an exercise presupposes into the cluster that the notebook works on, as the checks do into theirs.

    Args:
        name: The exercise's.
        folder: Where its `checks` are.

    Raises:
        PodlabError: There is no such exercise, or the cluster refuses.
    """
    rubric = _rubric(name, folder)
    if os.environ.get("PODLAB_MANIFESTS") == "keep":
        return
    from podlab.magics import current

    for change in current().apply(rubric.given):
        print(change)


def _rubric(name: str, folder: str | Path) -> Rubric:
    rubrics = load(Path(folder))
    if name not in rubrics:
        raise PodlabError(f"There is no exercise {name!r} here.", f"there are {', '.join(sorted(rubrics))}.")
    return rubrics[name]


def _show(score: Score) -> bool:
    """Publishes the score as the cell's result, before the error that follows.

    Returns:
        Whether a table of it is seen: in a terminal there is but the number.
    """
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        shell.displayhook(score)
    return hasattr(shell, "kernel")
