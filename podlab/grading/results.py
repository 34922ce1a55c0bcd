"""What grading finds, as data: an `Outcome` a check, a `Report` a rubric. Texts and HTML are made from them, and so are points.

Points are exact (`Fraction`), so that thirds add up, and become a float once, at the end, clamped to what the exercise is worth.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import Any, Final

from podlab.grading.states import gist

WIDTH: Final = 76
"""Characters a line: nbgrader's `validate` cuts longer ones."""


WORKING_CHECK: Final = "a check that works"
"""What was expected where a check failed in its own code."""

MOST: Final = 2000
"""Characters of a reason: what containers say may be as long as they like."""
_CONTROLS: Final = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {
    0x7F: 0x2421,
    **dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)], 0xFFFD),
}


def readable(text: str) -> str:
    """A text as a page or a terminal may show it, whoever wrote it: not endless, and with pictures of control characters."""
    text = text.replace("\r\n", "\n")
    short = text if len(text) <= MOST else f"{text[:MOST]} ... ({len(text) - MOST} more characters)"
    return short.translate(_CONTROLS)


class Unmet(Exception):
    """Raised in a check that is not content.

    Args:
        expected: What should have been, as a noun phrase: "a ready pod".
        saw: What was there instead.
        earned: The part of the check's points that is earned nevertheless, 0 to 1.
    """

    def __init__(self, expected: str, saw: str = "", earned: Fraction | float = 0) -> None:
        super().__init__(f"expected {expected}; saw {saw or 'nothing of it'}")
        self.expected = expected
        self.saw = saw
        self.earned = min(max(Fraction(earned), Fraction(0)), Fraction(1))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one check went.

    Attributes:
        title: What the check asks for.
        points: What it is worth.
        earned: What it gave.
        expected, saw, hint: Why it gave less than it is worth; empty when it gave all.
        hidden: Whether students may see its title and points alone.
    """

    title: str
    points: Fraction
    earned: Fraction
    expected: str = ""
    saw: str = ""
    hint: str = ""
    hidden: bool = False

    @property
    def passed(self) -> bool:
        """Whether all its points were earned."""
        return self.earned >= self.points

    def reasons(self, told: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
        """What was expected and seen, each with its word; in short if it is in `told`, to which it is added."""
        first = told.setdefault((self.expected, gist(self.saw)), self.title)
        if first != self.title:
            return [("again", f"as with “{first}”")]
        return [("expected", self.expected), ("saw", self.saw)]


@dataclass(frozen=True, slots=True)
class Report:
    """How a manifest did by one rubric.

    Attributes:
        exercise: The rubric's name.
        outcomes: In the rubric's order.
        problem: Why nothing could be checked (no manifest, broken YAML, refused by the server); the outcomes then earn nothing.
        notes: What else is to be known, such as a bound that was reached.
        picture: HTML that shows what the manifest's pods did; may be empty.
    """

    exercise: str
    outcomes: tuple[Outcome, ...]
    problem: str = ""
    notes: tuple[str, ...] = field(default=())
    picture: str = ""

    @property
    def points(self) -> Fraction:
        """What can be earned."""
        return sum((outcome.points for outcome in self.outcomes), Fraction(0))

    @property
    def earned(self) -> Fraction:
        """What was earned, never less than nothing nor more than all."""
        return min(sum((outcome.earned for outcome in self.outcomes), Fraction(0)), self.points)

    def lines(self) -> list[str]:
        """The report as text: a line for each check, and the reasons for lost points."""
        lines = [f"{self.exercise}: {number(self.earned)} of {number(self.points)} points"]
        lines += wrapped(self.problem, "  ") if self.problem else []
        lines += [line for note in self.notes for line in wrapped(note, "  ")]
        told: dict[tuple[str, str], str] = {}
        for outcome in self.outcomes:
            lines.append(
                f"  {'ok ' if outcome.passed else 'no '} {number(outcome.earned)}/{number(outcome.points)}  {outcome.title}"[
                    :WIDTH
                ]
            )
            if not outcome.passed and not self.problem and not outcome.hidden:
                for word, text in outcome.reasons(told):
                    lines += wrapped(f"{word:8} {text}", "          ")
                lines += wrapped(f"hint     {outcome.hint}", "          ") if outcome.hint else []
        return lines

    def as_data(self) -> dict[str, Any]:
        """The report for machines, with the reasons of hidden checks too: for instructors, never for students' pages."""
        checks = [
            {
                "title": o.title,
                "points": float(o.points),
                "earned": round(float(o.earned), 6),
                **{name: text for name in ("expected", "saw") if (text := getattr(o, name))},
                **({"hidden": True} if o.hidden else {}),
            }
            for o in self.outcomes
        ]
        return {"exercise": self.exercise, "checks": checks, "problem": self.problem, "notes": list(self.notes)}

    def html(self) -> str:
        """The report as a table for notebooks and feedback; readable in both themes, without colours of its own for text."""
        told: dict[tuple[str, str], str] = {}
        rows = "".join(_row(outcome, bool(self.problem), told) for outcome in self.outcomes)
        problem = _NOTHING.format(escape(self.problem)) if self.problem else ""
        problem += "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return (
            f'<div class="podlab-report" style="{_BOX}"><p style="margin:0 0 .5em"><strong>{escape(self.exercise)}</strong>: '
            f"{number(self.earned)} of {number(self.points)} points {_bar(self.earned, self.points)}</p>{problem}"
            f'<table style="width:100%;border-collapse:collapse;margin:0"><tbody>{rows}</tbody></table>{self.picture}</div>'
        )


_BOX = "max-width:54em;font-family:system-ui,sans-serif;line-height:1.4;padding:.3em 0"
_NOTHING = (
    "<p><strong>Nothing could be checked.</strong></p>"
    '<pre style="margin:.4em 0 .8em;white-space:pre-wrap;overflow-wrap:anywhere">{}</pre>'
)
_CELL = "text-align:left;vertical-align:top;border:0;border-top:1px solid #78787855;padding:.45em .5em"


def _bar(earned: Fraction, points: Fraction) -> str:
    """How much was earned of all, as a bar beside the numbers, which say the same."""
    part = round(float(earned / points) * 100) if points else 0
    fill = f"linear-gradient(to right,#0072B2 {part}%,#78787833 {part}%)"
    return (
        f'<span aria-hidden="true" style="display:inline-block;width:8em;height:.6em;margin-left:.5em;background:{fill}"></span>'
    )


def _row(outcome: Outcome, blank: bool, told: dict[tuple[str, str], str]) -> str:
    mark, colour = ("\N{HEAVY CHECK MARK}", "#009E73") if outcome.passed else ("\N{MULTIPLICATION SIGN}", "#D55E00")
    reasons = ""
    if not outcome.passed and not blank and not outcome.hidden:
        said = [(word, escape(text)) for word, text in outcome.reasons(told) if text]
        said += [("hint", words(outcome.hint))] if outcome.hint else []
        reasons = "".join(
            f'<div style="display:flex;margin-top:.2em"><em style="flex:0 0 5.5em;opacity:.75">{word}</em>'
            f'<span style="white-space:pre-wrap;overflow-wrap:anywhere">{html}</span></div>'
            for word, html in said
        )
    return (
        f'<tr><td style="{_CELL};white-space:nowrap;width:6em"><strong style="color:{colour}">{mark}</strong> '
        f"{number(outcome.earned)} / {number(outcome.points)}</td>"
        f'<td style="{_CELL}">{words(outcome.title)}{" (hidden)" if outcome.hidden else ""}{reasons}</td></tr>'
    )


def words(text: str) -> str:
    """An author's words as HTML: what stands in `backquotes` is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def number(value: Fraction) -> str:
    """A number of points as people write it: 3, 1.5, 0.67."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def wrapped(text: str, indent: str) -> list[str]:
    """A text in lines that `validate` does not cut, continued with the same indent."""
    lines = []
    for line in text.splitlines() or [""]:
        while len(indent) + len(line) > WIDTH:
            cut = line.rfind(" ", 0, WIDTH - len(indent))
            cut = cut if cut > 20 else WIDTH - len(indent)
            lines.append(indent + line[:cut])
            line = line[cut:].lstrip()
        lines.append(indent + line)
    return lines


class Score(float):
    """Points as nbgrader reads them: `repr` is the bare number, and the report is what notebooks and feedback show."""

    report: Report

    def __new__(cls, report: Report) -> "Score":
        """Makes the number of a report."""
        score = super().__new__(cls, round(float(report.earned), 6))
        score.report = report
        return score

    def __repr__(self) -> str:
        return float.__repr__(self)

    def _repr_html_(self) -> str:
        return self.report.html()


class ChecksFailed(Exception):
    """Ends a check cell in which points were lost: shows the reasons, and no traceback.

    Args:
        report: The reasons.
        shown: Whether the reader has them before their eyes already, as a table; then one line is enough.
    """

    def __init__(self, report: Report, shown: bool = False) -> None:
        self.lines = report.lines()
        if shown:
            self.lines = [f"{self.lines[0]}: the table above tells what is missing."]
        super().__init__("\n".join(self.lines))
        self.report = report

    def _render_traceback_(self) -> list[str]:
        return self.lines
