"""From a rubric and a manifest's text to a `Report`: bounds the text, applies it to a fresh cluster, runs every check.

Bounds are those of `podlab.grading.bounds`: what was earned before one is reached stays earned.
A check that fails in its own code (a fault of the check, or of the cluster) earns nothing and says so: it never stops the others.
"""

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from fractions import Fraction
from typing import Any

from podlab.errors import APIError, ClusterError, ManifestError, PodlabError
from podlab.grading.arena import arena as mock_arena
from podlab.grading.arena import is_simulated, refusal
from podlab.grading.bounds import HALTED, BoundReached, Halted, check_objects, check_text
from podlab.grading.guarded import guarded
from podlab.grading.picture import lives
from podlab.grading.results import WORKING_CHECK, Outcome, Report, Unmet, readable
from podlab.grading.rubric import Check, Rubric
from podlab.grading.run import Run
from podlab.lab import Lab
from podlab.lab.manifests import parse

Obj = dict[str, Any]
Arena = Callable[[], AbstractContextManager[Lab]]
"""Gives a cluster in which nothing is, for the length of a `with` block."""

EMPTY = "the manifest is empty. Write it into its %%manifest cell."


def evaluate(rubric: Rubric, text: str | None, arena: Arena, extra: Sequence[Check] = (), student: str = "") -> Report:
    """Grades a manifest.

    Args:
        rubric: The checks that students see.
        text: The manifest, or None when its cell is missing.
        arena: Where it is applied; entered once.
        extra: Hidden checks, run after the others on the same cluster.
        student: Whose it is, for exercises that differ from student to student.

    Raises:
        ClusterError: The cluster went away, or does not let podlab do what a check does: that is nobody's fault, and nothing is
            known of the manifest.
    """
    checks, task = [*rubric.checks, *extra], rubric.task(student)
    told = (f"{task!r}",) if task else ()
    try:
        objects = _objects(text)
        with _in_silence(), arena() as lab, _allowed(lab, f"{rubric.name}: its manifest"):
            if rubric.given:
                lab.apply(rubric.given)
            if not is_simulated(lab):
                objects = guarded(objects)
            lab.apply(objects)
            run = Run(lab, objects, task)
            here = [check for check in checks if is_simulated(lab) or not check.mock_only]
            outcomes = _outcomes(rubric.name, here, run)
            reached = getattr(lab, "bound_reached", "")
            picture = "" if any(check.hidden for check in checks) else lives(run)
            found = Report(rubric.name, outcomes, notes=(*told, f"{reached}.") if reached else told, picture=picture)
        return found if len(here) == len(checks) else _with_mock(found, rubric, checks, text, student)
    except Halted:
        return nothing(rubric.name, checks, f"{HALTED}.", told)
    except ClusterError:
        raise
    except (APIError, ManifestError, BoundReached) as error:
        return nothing(rubric.name, checks, str(error), told)
    except PodlabError as error:
        return nothing(rubric.name, checks, f"the manifest could not be applied: {error}", told)
    except Exception as fault:  # whatever a manifest brings about, its student has a reason and the others their grades
        return nothing(rubric.name, checks, f"the manifest could not be applied: {type(fault).__name__}: {fault}", told)


@contextmanager
def _allowed(lab: Lab, what: str) -> Iterator[None]:
    """Raises ClusterError when a real cluster does not let podlab do what is done inside, whatever else comes of it."""
    try:
        yield
    except ClusterError:
        raise
    except BaseException:
        _refuse(lab, what)
        raise
    _refuse(lab, what)


def _refuse(lab: Lab, what: str) -> None:
    if said := refusal(lab):
        raise ClusterError(
            f"{what} cannot be tried on {lab.name}: {said}", "`podlab doctor --on CONTEXT` tells which permissions are missing."
        )


def _with_mock(found: Report, rubric: Rubric, checks: Sequence[Check], text: str | None, student: str) -> Report:
    """What was found on a cluster, with what its rubric's other checks find on the mock, in the rubric's order."""
    rest = [check for check in checks if check.mock_only]
    other = evaluate(replace(rubric, checks=rest), text, mock_arena, student=student)
    here, there = iter(found.outcomes), iter(other.outcomes)
    outcomes = tuple(next(there if check.mock_only else here) for check in checks)
    said = [f"{check.title}: tried on the mock, not on the cluster, since {check.mock_only}." for check in rest]
    return replace(found, outcomes=outcomes, notes=(*found.notes, *said))


@contextmanager
def _in_silence() -> Iterator[None]:
    """What checks print, and what warns, goes nowhere: in a notebook, nbgrader takes all points for a word on stderr."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _objects(text: str | None) -> list[Obj]:
    if text is None:
        raise ManifestError("there is no manifest: its cell is missing.")
    check_text(text)
    objects = parse(text)
    if not objects:
        raise ManifestError(EMPTY)
    check_objects(objects)
    return objects


def _outcomes(exercise: str, checks: Sequence[Check], run: Run) -> tuple[Outcome, ...]:
    """What each check finds; when processor time is used up, the rest find nothing."""
    outcomes: list[Outcome] = []
    try:
        for check in checks:
            with _allowed(run.lab, f"{exercise}: the check {check.title!r}"):
                outcomes.append(_run(check, run))
    except Halted:
        for check in checks[len(outcomes) :]:
            outcomes.append(Outcome(check.title, check.points, Fraction(0), "an end", f"{HALTED}", check.hint, check.hidden))
    return tuple(outcomes)


def nothing(exercise: str, checks: Sequence[Check], problem: str, notes: tuple[str, ...] = ()) -> Report:
    """The report of a manifest of which nothing could be checked, and why."""
    outcomes = tuple(Outcome(c.title, c.points, Fraction(0), hint=c.hint, hidden=c.hidden) for c in checks)
    return Report(exercise, outcomes, readable(problem), notes)


def _run(check: Check, run: Run) -> Outcome:
    try:
        run.put_back()
        check.function(run)
    except Unmet as unmet:
        expected, saw = readable(unmet.expected), readable(unmet.saw)
        return Outcome(check.title, check.points, check.points * unmet.earned, expected, saw, check.hint, check.hidden)
    except PodlabError as error:
        saw = readable(str(error))
        return Outcome(check.title, check.points, Fraction(0), "an answer from the cluster", saw, check.hint, check.hidden)
    except (Exception, SystemExit) as fault:
        saw = readable(f"the check itself failed: {type(fault).__name__}: {fault}. Tell your instructor.")
        return Outcome(check.title, check.points, Fraction(0), WORKING_CHECK, saw, "", check.hidden)
    return Outcome(check.title, check.points, check.points, hidden=check.hidden)
