"""Rubrics: named, weighted checks on one manifest.

Authors write them beside their assignment, in `checks` and `hidden_checks`. What the latter has under an exercise's
name is run by the grader alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from podlab.grading.variants import Task, Variant, drawn

if TYPE_CHECKING:
    from podlab.grading.run import Run

CheckFunction = Callable[["Run"], object]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: returns when it is content, raises `Unmet` when it is not.

    Attributes:
        title: What it asks for, as a statement that is true of a right answer.
        points: What it is worth.
        function: Called with a `Run`; its return value does not count.
        hint: How to mend what it finds missing.
        hidden: Whether only the grader runs it.
        mock_only: Why it cannot run on a real cluster, as a clause: "it waits for hours". Empty where it can.
    """

    title: str
    points: Fraction
    function: CheckFunction
    hint: str = ""
    hidden: bool = False
    mock_only: str = ""


@dataclass(slots=True)
class Rubric:
    """The checks of one exercise, in their order.

    Args:
        name: The exercise's, which is also the name of its manifest cell (`%%manifest NAME`).
        given: What is in the cluster before the manifest is applied, as YAML. Label its pods `podlab.dev/grader: given`, so that
            checks do not take them for the student's.
    """

    name: str
    given: str = ""
    checks: list[Check] = field(default_factory=list)
    variants: Variant | None = None

    def variant(self, function: Variant) -> Variant:
        """Lets the decorated function draw what is special for a student: `{"port": draw.number(8080, 8100, 8999)}`.

        Checks find it in `run.variant`, students by `task("NAME")`.
        """
        self.variants = function
        return function

    def task(self, student: str) -> Task:
        """What is special for a student; for nobody's id, what the text of the task says."""
        return drawn(self.variants, self.name, student)

    def check(
        self, title: str, *, points: float | Fraction = 1, hint: str = "", hidden: bool = False, mock_only: str = ""
    ) -> Callable[[CheckFunction], CheckFunction]:
        """Adds the decorated function as a check.

        The order of writing is the order of running; each runs whatever the others found. One that says in `mock_only` why it
        cannot run on a real cluster is tried on the mock instead.
        """

        def add(function: CheckFunction) -> CheckFunction:
            self.checks.append(Check(title, Fraction(points), function, hint, hidden, mock_only))
            return function

        return add

    @property
    def points(self) -> Fraction:
        """What all checks together are worth."""
        return sum((check.points for check in self.checks), Fraction(0))
