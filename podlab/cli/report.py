"""`podlab report`: what an instructor wants to know of graded assignments, as a page for each."""

import argparse
from pathlib import Path

from podlab.grading.lighten import lighten


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("assignment", nargs="*", help="which assignments (all that were released)")
    parser.add_argument("--course", type=Path, help="nbgrader's course directory (the present one)")
    parser.add_argument("--to", type=Path, help="where the pages go (grading/report in the course's directory)")


def run(arguments: argparse.Namespace) -> int:
    """Write the pages."""
    lighten()
    from podlab.grading.gradebook import Course
    from podlab.grading.report import lines, page
    from podlab.grading.summary import summary

    course = Course(arguments.course)
    folder = (arguments.to or course.root / "grading" / "report").resolve()
    for name in arguments.assignment or course.releases():
        found = summary(course, name) if arguments.assignment or course.is_known(name) else None
        if found is None or not found.rows:
            if arguments.assignment:
                print(f"{name}: nobody has handed in")
            continue
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.html"
        path.write_text(page(course, found, folder), encoding="utf-8", newline="\n")
        print("\n".join([*lines(found), f"  {path}"]))
    return 0
