"""Variants: an exercise that is a little different for each student, drawn from the student's id.

Who is known by no id gets what the task's text says, so that it can be read, and solved, by everybody. The grader knows a student
by the name of the folder in which a submission lies; a student's own notebook by `i_am("ID")`, or by the hub's user.
"""

import os
import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final, TypeVar

from podlab.clusters.home import home, room

T = TypeVar("T")
FILE: Final = "student"
USERS: Final = ("PODLAB_STUDENT", "JUPYTERHUB_USER")


class Draw:
    """A student's lot for one exercise: the same each time and everywhere.

    Args:
        student: The id; empty for nobody, who gets the defaults.
        exercise: The exercise's name.
    """

    def __init__(self, student: str, exercise: str) -> None:
        self.student = known_as(student)
        self._random = random.Random(f"{self.student}/{exercise}")

    def choice(self, default: T, among: Sequence[T]) -> T:
        """One of several.

        Args:
            default: Nobody's, which stands in the text of the task.
            among: Everybody else's.
        """
        drawn = self._random.choice(among)
        return drawn if self.student else default

    def number(self, default: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        return self.choice(default, range(low, high + 1))


Variant = Callable[[Draw], Mapping[str, object]]


class Task(dict[str, object]):
    """What is special in a student's exercise, by name; shows itself in a notebook."""

    def __init__(self, exercise: str, student: str, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.exercise = exercise
        self.student = student

    def __repr__(self) -> str:
        values = ", ".join(f"{name} {value}" for name, value in self.items()) or "as in the text"
        return f"{self.exercise}, for {self.student or 'whoever has not said i_am(...)'}: {values}"

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{escape(name)}: <code>{escape(str(value))}</code></li>" for name, value in self.items())
        who = (
            f"for <strong>{escape(self.student)}</strong>" if self.student else 'for nobody yet: run <code>i_am("your id")</code>'
        )
        return f"<p><strong>{escape(self.exercise)}</strong>, {who}</p><ul>{rows}</ul>"


def drawn(variant: Variant | None, exercise: str, student: str) -> Task:
    """The student's task; nothing is special in an exercise without variants."""
    draw = Draw(student, exercise)
    return Task(exercise, draw.student, variant(draw) if variant else {})


def known_as(student: str) -> str:
    """An id without the differences that keyboards and LMSs make: blanks around it, capitals, composed letters."""
    return unicodedata.normalize("NFKC", student).strip().casefold()


def i_am(student: str) -> None:
    """Says who works here, for exercises that differ from student to student: the id under which you hand in."""
    (room(".") / FILE).write_text(known_as(student), encoding="utf-8")
    print(f"Your exercises are those of {known_as(student)}." if known_as(student) else "No id: the exercises are as they stand.")


def me() -> str:
    """Who works here: as said by `i_am`, else the hub's user; empty when that is not known."""
    try:
        said = (home() / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        said = ""
    return said or next((known_as(os.environ[name]) for name in USERS if os.environ.get(name)), "")
