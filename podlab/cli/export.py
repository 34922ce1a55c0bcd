"""`podlab export`: points as CSV for Canvas, Moodle or Blackboard."""

import argparse
import sys
from pathlib import Path

from podlab.grading.lighten import lighten

SYSTEMS = ("canvas", "moodle", "blackboard")


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("system", choices=SYSTEMS, help="for whom")
    parser.add_argument("assignment", nargs="*", help="which assignments (all that were graded)")
    parser.add_argument("--course", type=Path, help="nbgrader's course directory (the present one)")
    parser.add_argument("--template", type=Path, help="the file that the system exported, to be filled in")
    parser.add_argument("--to", type=Path, help="the file to write (SYSTEM.csv)")


def run(arguments: argparse.Namespace) -> int:
    """Write the file."""
    lighten()
    from podlab.errors import PodlabError
    from podlab.grading.exporting import SYSTEMS as KNOWN
    from podlab.grading.exporting import encoding_of, filled, fresh, write
    from podlab.grading.gradebook import Course
    from podlab.grading.results import readable
    from podlab.grading.summary import summary

    course, system = Course(arguments.course), KNOWN[arguments.system]
    names = arguments.assignment or [name for name in course.releases() if course.is_known(name)]
    found = [one for one in (summary(course, name) for name in names) if one.rows or arguments.assignment]
    if not found:
        raise PodlabError("Nothing is graded yet.", "podlab grade")
    missing, encoding = list[str](), "utf-8-sig"
    if arguments.template:
        try:
            template = arguments.template.read_bytes()
        except OSError as error:
            raise PodlabError(f"Cannot read {arguments.template}: {error.strerror}.") from None
        text, missing = filled(system, found, template)
        encoding = encoding_of(template)
    else:
        text = fresh(system, found)
    path = arguments.to or Path(f"{arguments.system}.csv")
    write(path, text, encoding)
    print(f"{path}: {', '.join(one.assignment for one in found)}")
    if missing:
        print(f"podlab: graded, but not in {arguments.template}: {readable(', '.join(missing))}", file=sys.stderr)
    return 1 if missing else 0
