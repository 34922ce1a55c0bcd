"""`podlab grade`: grades submissions, in parallel, and runs nothing that students wrote."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podlab.errors import PodlabError
from podlab.grading.lighten import lighten

if TYPE_CHECKING:
    from podlab.grading.gradebook import Course
    from podlab.grading.grader import Away
    from podlab.grading.tally import Tally

PREFIX = "podlab-grade"
"""What the namespaces are called that grading makes on a cluster."""

CLUSTER_SECONDS = 900.0
"""How long one exercise may take where time is real."""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("assignment", nargs="*", help="which assignments (all that were released)")
    parser.add_argument("--student", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument("--exercise", default="", help="only this one; what is known of the others stays")
    parser.add_argument("--course", type=Path, help="nbgrader's course directory (the present one)")
    parser.add_argument("--force", action="store_true", help="grade again what is graded")
    parser.add_argument("--dry-run", action="store_true", help="print the points, and write nothing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="worker processes (one for each processor)")
    parser.add_argument("--cluster", metavar="CONTEXT", default="mock", help="try the manifests on this cluster, in real time")
    parser.add_argument("--on", metavar="CONTEXT", help="grade as a Job on this cluster, many at a time")
    parser.add_argument("--image", help="with --on: an image that has podlab[course], of this version")
    parser.add_argument("--parallelism", type=int, default=8, help="with --on: how many pods grade at a time (8)")


def run(arguments: argparse.Namespace) -> int:
    """Grade. 0, or 1 when a submission could not be graded by a fault of the grader's or of a check's."""
    lighten()
    from podlab.grading.bounds import WALL_SECONDS
    from podlab.grading.pool import Pool

    with ExitStack() as stack:
        away = _away(arguments, stack)
        cluster = _cluster(arguments.cluster)
        pool = Pool(max(1, arguments.jobs), CLUSTER_SECONDS if cluster else WALL_SECONDS)
        stack.callback(pool.close)
        return _grade(arguments, pool, cluster, away)


def _cluster(context: str) -> dict[str, str]:
    """Where a cluster other than the mock is; the user is asked, unless she has said yes before."""
    if context == "mock":
        return {}
    from podlab.clusters import contexts, kubeconfigs

    path, server = kubeconfigs.find(context)
    contexts.ask(context, server, PREFIX)
    return {"kubeconfig": str(path), "context": context}


def _away(arguments: argparse.Namespace, stack: ExitStack) -> "Callable[[Course, str], Away] | None":
    """What grades on a cluster's machines; None for this one."""
    if not arguments.on:
        return None
    if not arguments.image:
        raise PodlabError("--on needs --image.", "an image with Python, and podlab[course] of this version; see docs/grading.md.")
    if arguments.exercise or arguments.cluster != "mock":
        raise PodlabError("--on grades whole assignments, on the mock.", "leave out --exercise and --cluster.")
    from podlab.grading.grader import elsewhere
    from podlab.grading.remote import Offer
    from podlab.lab import Lab

    where = _cluster(arguments.on)
    lab = stack.enter_context(Lab(where["kubeconfig"], where["context"], PREFIX, confined=True, name=arguments.on))
    offer = Offer(arguments.image, max(1, arguments.parallelism))
    return lambda course, assignment: elsewhere(course, assignment, lab, offer)


def _grade(
    arguments: argparse.Namespace, pool: Any, cluster: dict[str, str], away: "Callable[[Course, str], Away] | None"
) -> int:
    from podlab.grading.gradebook import Course
    from podlab.grading.grader import Grader, Wish, students

    course = Course(arguments.course)
    failed = False
    with course.alone():
        for name in arguments.assignment or course.releases():
            wish = Wish(name, tuple(arguments.student), arguments.exercise, arguments.force, arguments.dry_run, cluster)
            who, grader = students(course, wish), Grader(course, wish, pool, away(course, name) if away else None)
            with _told(name, grader.tally, arguments.dry_run):
                _follow(name, grader.run(who), len(who))
            failed |= bool(grader.tally.failed or grader.tally.broken)
    return 1 if failed else 0


def _follow(name: str, run: Iterator[str], count: int) -> None:
    from tqdm import tqdm

    with tqdm(total=count, desc=name, unit="student", disable=None, dynamic_ncols=True) as bar:
        for _ in run:
            bar.update()


@contextmanager
def _told(name: str, tally: "Tally", every: bool) -> Iterator[None]:
    """Says what was done, also when the user has had enough."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"\n{name}: stopped. What is graded stays; the same command goes on from there.", file=sys.stderr)
        _tell(name, tally, every)
        raise
    _tell(name, tally, every)


def _tell(name: str, tally: "Tally", every: bool) -> None:
    print("\n".join(tally.lines(name, every)), flush=True)
    for trouble in tally.troubles(name):
        print(trouble, file=sys.stderr)
