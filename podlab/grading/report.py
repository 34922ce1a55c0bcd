"""The instructor's report on an assignment: one HTML page that needs nothing beside it."""

import os
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from statistics import mean, median
from urllib.parse import quote

from podlab.grading.answers import exercises
from podlab.grading.books import released
from podlab.grading.gradebook import Course
from podlab.grading.results import words
from podlab.grading.similarity import Alike, alike
from podlab.grading.summary import CheckCount, Summary

STYLE = """
:root{color-scheme:light dark}
body{font-family:system-ui,sans-serif;line-height:1.45;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem} th{font-weight:600}
td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-top:1px solid #78787855}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
pre{white-space:pre-wrap;margin:0;font-size:.85em}
.figures{display:flex;gap:2.5rem;flex-wrap:wrap} .figures b{display:block;font-size:1.6rem} small{opacity:.75}
"""


def page(course: Course, found: Summary, folder: Path) -> str:
    """The report.

    Args:
        course: Where.
        found: The assignment's results; somebody has handed in.
        folder: Where the page will lie, for its links to feedback.
    """
    given = {e.name: e.stub for path in _releases(course, found) for e in exercises(released(path))}
    parts = [
        f"<h1>{escape(found.assignment)}</h1>",
        _figures(found),
        *_pictures(found),
        "<h2>Most failed checks</h2>",
        _failed(found),
        *_problems(found),
        "<h2>Submissions that look alike</h2>",
        _alike(alike(found.manifests, given)),
        *_mended(found),
        "<h2>Students</h2>",
        _students(course, found, folder),
    ]
    title = f"{escape(found.assignment)}: results"
    head = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style></head>'
    return f"{head}<body>{''.join(parts)}</body></html>\n"


def lines(found: Summary) -> list[str]:
    """The report in some lines, for a terminal."""
    scores = [row.score for row in found.rows]
    said = [f"{found.assignment}: {len(scores)} handed in, median {median(scores):g} of {found.max_score:g}"]
    for (exercise, title), count in _worst(found)[:3]:
        said.append(f"  {count.failed} of {count.failed + count.passed} failed  {exercise}: {title}")
    review = sum(row.needs_review for row in found.rows)
    return [*said, f"  {review} wait for manual grading"] if review else said


def _releases(course: Course, found: Summary) -> list[Path]:
    return sorted(course.folder("release", ".", found.assignment).glob("*.ipynb"))


def _figures(found: Summary) -> str:
    scores = [row.score for row in found.rows]
    figures = {
        "handed in": f"{len(scores)}",
        "did not": f"{len(found.absent)}",
        f"median of {found.max_score:g}": f"{median(scores):.4g}",
        "mean": f"{mean(scores):.3g}",
        "late": f"{sum(row.penalty > 0 for row in found.rows)}",
        "wait for manual grading": f"{sum(row.needs_review for row in found.rows)}",
    }
    return f'<p class="figures">{"".join(f"<span><b>{value}</b>{name}</span>" for name, value in figures.items())}</p>'


def _pictures(found: Summary) -> Iterator[str]:
    from podlab.plots import grades

    counts = {
        f"{exercise}: {title.replace('`', '')}": (c.failed, c.failed + c.passed)
        for (exercise, title), c in _worst(found)
        if c.failed
    }
    drawn = [grades.distribution([row.score for row in found.rows], found.max_score)]
    drawn += [grades.failures(counts)] if counts else []
    return (f"<p>{picture._repr_mimebundle_()['text/html']}</p>" for picture in drawn)


def _worst(found: Summary) -> list[tuple[tuple[str, str], CheckCount]]:
    return sorted(found.checks.items(), key=lambda item: (-item[1].failed, item[0]))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a head that begins with `#` is one of numbers."""
    kinds = [' class="n"' if head.startswith("#") else "" for head in heads]
    head = "".join(f"<th{kind}>{title.removeprefix('#')}</th>" for title, kind in zip(heads, kinds, strict=True))
    body = "".join(f"<tr>{''.join(f'<td{kind}>{cell}</td>' for cell, kind in zip(row, kinds, strict=True))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _failed(found: Summary) -> str:
    rows = []
    for (exercise, title), count in _worst(found):
        if count.failed:
            seen = "".join(f"<pre>{n} × {escape(saw or '(nothing)')}</pre>" for saw, n in count.saw.most_common(3))
            rows.append([escape(exercise), words(title), f"{count.failed}", f"{count.failed + count.passed}", seen])
    return _table(["exercise", "check", "#failed", "#of", "what it saw most often"], rows) if rows else "<p>None was failed.</p>"


def _problems(found: Summary) -> Iterator[str]:
    if found.problems:
        yield "<h2>What could not be checked</h2>"
        worst = sorted(found.problems.items(), key=lambda item: (-len(item[1]), item[0]))
        rows = [
            [escape(exercise), f"<pre>{escape(problem)}</pre>", f"{len(who)}", _names(who)] for (exercise, problem), who in worst
        ]
        yield _table(["exercise", "why", "#students", "who"], rows)


def _names(who: list[str], most: int = 8) -> str:
    more = f" and {len(who) - most} more" if len(who) > most else ""
    return escape(", ".join(who[:most])) + more


def _alike(found: list[Alike]) -> str:
    if not found:
        return "<p>No two stand out.</p>"
    text = (
        "<p>Compared without the names that students chose, the order of lines, and what the release gives. Alike is no proof: "
        "look at how much they stand out from what is typical of its exercise.</p>"
    )
    rows = [
        [
            escape(one.exercise),
            _names(list(one.students)),
            f"{one.likeness:.0f} %",
            f"{one.typical:.0f} %",
            "yes" if one.same else "",
        ]
        for one in found
    ]
    return text + _table(["exercise", "students", "#alike", "#typical", "same to the letter"], rows)


def _mended(found: Summary) -> Iterator[str]:
    if found.notes:
        yield "<h2>What had to be mended</h2>"
        rows = [[escape(student), "<br>".join(escape(note) for note in notes)] for student, notes in sorted(found.notes.items())]
        yield _table(["student", "notes of the grader"], rows)


def _students(course: Course, found: Summary, folder: Path) -> str:
    rows = []
    for row in found.rows:
        paths = sorted(course.folder("feedback", row.student, found.assignment).glob("*.html"))
        links = " ".join(f'<a href="{escape(_link(path, folder))}">{escape(path.stem)}</a>' for path in paths)
        remarks = [f"late: −{row.penalty:g}"] if row.penalty else []
        remarks += ["to be graded by hand"] if row.needs_review else []
        rows.append([escape(row.student), escape(row.name), f"{row.score:g}", links, ", ".join(remarks)])
    rows += [[escape(student), "", "", "", "handed in nothing"] for student in found.absent]
    return _table(["id", "name", f"#of {found.max_score:g}", "feedback", ""], rows)


def _link(path: Path, folder: Path) -> str:
    return quote(Path(os.path.relpath(path, folder)).as_posix())
