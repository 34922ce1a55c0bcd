"""Grades as CSV for learning management systems: as a new file, or filled into the file that the system itself has exported.

The second is safer: its columns have the system's own numbers (Canvas' `01-talking (1234)`, Blackboard's `... |1234`), by which
it knows again what it reads.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from podlab.errors import PodlabError
from podlab.grading.results import readable
from podlab.grading.summary import Row, Summary
from podlab.grading.variants import known_as

BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


FORMULA: Final = frozenset("=+-@")
"""With what a formula begins, to spreadsheets."""


@dataclass(frozen=True, slots=True)
class System:
    """How a learning management system writes its CSV.

    Attributes:
        columns: Header -> what stands there for a student.
        title: The header of an assignment's column, with `{name}` and `{points}`.
        keys: The headers by one of which it, and we, know a student.
        points_row: The first cell of a second row that has each assignment's points; empty for none.
        quoted: Whether it wants every cell in quotes.
    """

    columns: Mapping[str, Callable[[Row], str]]
    title: str
    keys: Sequence[str]
    points_row: str = ""
    quoted: bool = False


def _listed(row: Row) -> str:
    return f"{row.last_name}, {row.first_name}" if row.last_name else row.name


SYSTEMS: Final[dict[str, System]] = {
    "canvas": System(
        {
            "Student": _listed,
            "ID": lambda row: "",
            "SIS User ID": lambda row: "",
            "SIS Login ID": lambda row: row.student,
            "Section": lambda row: "",
        },
        "{name}",
        ("SIS Login ID", "SIS User ID", "ID", "Email"),
        "    Points Possible",
    ),
    "moodle": System(
        {
            "First name": lambda row: row.first_name,
            "Last name": lambda row: row.last_name,
            "ID number": lambda row: row.student,
            "Email address": lambda row: row.email,
        },
        "{name} (Real)",
        ("ID number", "Username", "Email address"),
    ),
    "blackboard": System(
        {"Last Name": lambda row: row.last_name, "First Name": lambda row: row.first_name, "Username": lambda row: row.student},
        "{name} [Total Pts: {points} Score]",
        ("Username", "Student ID"),
        quoted=True,
    ),
}


def fresh(system: System, summaries: Sequence[Summary]) -> str:
    """A new file with a column for each assignment.

    Args:
        system: For whom.
        summaries: The assignments.
    """
    students = {row.student: row for found in summaries for row in found.rows}
    scores = {(found.assignment, row.student): row.score for found in summaries for row in found.rows}
    titles = [system.title.format(name=found.assignment, points=_number(found.max_score)) for found in summaries]
    lines = [[*system.columns, *titles]]
    if system.points_row:
        blanks = [""] * (len(system.columns) - 1)
        lines.append([system.points_row, *blanks, *(_number(found.max_score) for found in summaries)])
    for student, row in sorted(students.items()):
        own = [_plain(cell(row)) for cell in system.columns.values()]
        lines.append([*own, *(_number(scores.get((found.assignment, student))) for found in summaries)])
    return _written(lines, ",", system.quoted)


def filled(system: System, summaries: Sequence[Summary], template: bytes) -> tuple[str, list[str]]:
    """The system's own export with the points filled in; whoever is not in the gradebook keeps what is there.

    Args:
        system: Whose file it is.
        summaries: The assignments.
        template: The file's bytes.

    Returns:
        The file's text, and the students with grades who are not in it.

    Raises:
        PodlabError: It has no column for an assignment, or none by which students are known.
    """
    text = template.decode(encoding_of(template), "replace")
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = next((line for line in lines if any(key in line for key in system.keys)), None)
    if header is None:
        raise PodlabError("The file has no column by which students are known.", f"one of {', '.join(system.keys)}.")
    keys = [header.index(key) for key in system.keys if key in header]
    columns = {found.assignment: _column(header, found.assignment) for found in summaries}
    seen: set[str] = set()
    for line in lines:
        for found in summaries:
            for row in _whose(line, keys, found):
                line += [""] * (len(header) - len(line))
                line[columns[found.assignment]] = _number(row.score)
                seen.add(row.student)
    missing = {row.student for found in summaries for row in found.rows} - seen
    return _written(lines, delimiter, text.startswith('"')), sorted(missing)


def encoding_of(template: bytes) -> str:
    """How a system's file is encoded, by its first bytes."""
    return next((name for mark, name in BOMS if template.startswith(mark)), "utf-8")


def _column(header: list[str], assignment: str) -> int:
    """The column whose title is the assignment's name, with whatever the system adds to it."""
    fits = [n for n, title in enumerate(header) if title == assignment or title.startswith((f"{assignment} ", f"{assignment}["))]
    if len(fits) != 1:
        found = f"it has {len(fits)} columns" if fits else "it has no column"
        raise PodlabError(f"The file does not fit: {found} for {assignment}.", "make the assignment there, under this very name.")
    return fits[0]


def _whose(line: list[str], keys: list[int], found: Summary) -> Iterator[Row]:
    names = {known_as(line[key]) for key in keys if key < len(line)} - {""}
    return (row for row in found.rows if names & ({known_as(row.student), known_as(row.email)} - {""}))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula, in full width either, and without control characters."""
    text = readable(text)
    return f"'{text}" if unicodedata.normalize("NFKC", text.lstrip()[:1]) in FORMULA and text.strip() else text


def _written(lines: list[list[str]], delimiter: str, quoted: bool) -> str:
    out = io.StringIO(newline="")
    rule = csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    rule.writerows(lines)
    return out.getvalue()


def write(path: Path, text: str, encoding: str = "utf-8-sig") -> None:
    """Writes a CSV file, lines as they are; by default as spreadsheets like it, in UTF-8 with a mark."""
    path.write_bytes(text.encode(encoding))
