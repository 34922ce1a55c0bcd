"""`podlab grade`: all submissions of an assignment, in parallel over students, with one writer.

A student goes through three steps: a worker marks the submission; the writer commits the grades; the graded notebooks, and then
the feedback, move to their places by one rename each. Ended at any moment, the next run goes on from there: what has no grades,
no graded notebooks or no feedback in place is graded anew, which gives the same grades.
"""

import os
import shutil
import tempfile
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podlab.errors import PodlabError
from podlab.grading.database import understood
from podlab.grading.gradebook import Course, record, recorded, register, released_books
from podlab.grading.pool import Flow, Pool
from podlab.grading.submission import notes, timestamp_text
from podlab.grading.tally import Tally

if TYPE_CHECKING:
    from podlab.grading.remote import Offer
    from podlab.lab import Lab

SCRATCH = ".grading-"
LINKED = "its folder is a link, and links are not followed; put what was handed in there itself."
NO_NAME = "the name of its folder is no text in UTF-8, which the gradebook needs; rename the folder."
Away = Callable[[Sequence[str]], Iterable[tuple[str, Any]]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What to grade, and how.

    Attributes:
        assignment: Which.
        students: Whose; everybody's who handed in, when it is empty.
        exercise: The one exercise to grade; empty for all.
        force: Grade again what is graded.
        dry_run: Write nothing.
        cluster: `kubeconfig` and `context` of the cluster to grade on, instead of the mock.
    """

    assignment: str
    students: tuple[str, ...] = ()
    exercise: str = ""
    force: bool = False
    dry_run: bool = False
    cluster: dict[str, str] = field(default_factory=dict)


def students(course: Course, wish: Wish) -> list[str]:
    """Who has a folder for an assignment, or a link to one.

    Raises:
        PodlabError: Somebody who is named handed in nothing.
    """
    root = course.folder("submitted", "x", wish.assignment).parent.parent
    found = [name.name for name in (sorted(root.iterdir()) if root.is_dir() else []) if (name / wish.assignment).is_dir()]
    missing = sorted(set(wish.students) - set(found))
    if missing:
        raise PodlabError(
            f"{', '.join(missing)} handed in nothing for {wish.assignment}.", f"there are {len(found)} submissions."
        )
    return [name for name in found if not wish.students or name in wish.students]


def known_students(course: Course, gradebook: Any) -> set[str]:
    """Who is in the gradebook, where there is one at hand, or handed in for any assignment."""
    root = course.folder("submitted", "x", "x").parent.parent
    found = {
        path.name
        for path in (root.iterdir() if root.is_dir() else ())
        if path.is_dir() and _is_text(path.name) and path.name[0] != "."
    }
    return found | ({student.id for student in gradebook.students} if gradebook is not None else set())


def _is_text(name: str) -> bool:
    """Whether a folder's name is one that a database can hold."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_graded(course: Course, assignment: str, student: str) -> bool:
    """Whether there are graded notebooks and feedback that are not older than the submission."""
    done, feedback = course.folder("autograded", student, assignment), course.folder("feedback", student, assignment)
    if not done.is_dir() or not feedback.is_dir():
        return False
    source = course.folder("submitted", student, assignment)
    if timestamp_text(source) > timestamp_text(done):
        return False
    return newest(source) <= done.stat().st_mtime_ns


def newest(folder: Path) -> int:
    """When a folder, or what lies in it, was changed last (Unix ns); 0 where nobody may look."""
    try:
        return max(os.lstat(path).st_mtime_ns for path in [folder, *folder.iterdir()])
    except OSError:
        return 0


class Grader:
    """One run over an assignment.

    Args:
        course: Where.
        wish: What.
        pool: Who does it.
        away: Grades students' submissions elsewhere, and gives (student, `{"books": ...}` or `{"fault": TEXT}`) as they are done;
            the pool then makes the feedback alone.
    """

    def __init__(self, course: Course, wish: Wish, pool: Pool, away: Away | None = None) -> None:
        self._course, self._wish, self._flow, self._away = course, wish, Flow(pool), away
        self._pages: dict[str, dict[str, str | None]] = {}
        self._stamps: dict[str, int] = {}
        self.tally = Tally()

    def run(self, who: Sequence[str]) -> Iterator[str]:
        """Grades; yields each student as it is done.

        Raises:
            PodlabError: The assignment is not released.
        """
        wish = self._wish
        released_books(self._course, wish.assignment)
        self.tally.failed = {name: why for name in who if (why := self._unfit(name))}
        yield from self.tally.failed
        handed_in = set(who)
        who = [name for name in who if name not in self.tally.failed]
        todo = deque(name for name in who if not self._seems_graded(name))
        fresh = set(todo)
        rest = [name for name in who if name not in fresh]
        if not self._away:
            self._start(todo)  # the workers have something to do while the gradebook is opened
        with nullcontext() if wish.dry_run else self._course.gradebook() as gradebook:
            self.tally.absent = [] if wish.students else sorted(known_students(self._course, gradebook) - handed_in)
            if gradebook is not None:
                register(self._course, gradebook, wish.assignment)
                known = recorded(gradebook, wish.assignment) if rest else set()
                self.tally.skipped = [name for name in rest if name in known]
                todo += [name for name in rest if name not in known]
            yield from self.tally.skipped
            if self._away and todo:
                yield from self._grade_away(gradebook, self._away, list(todo))
                todo.clear()
            while todo or self._flow.busy:
                self._start(todo)
                yield from self._go_on(gradebook)

    def _unfit(self, student: str) -> str:
        """Why a student's folder is not looked into; empty where it is."""
        folder = self._course.folder("submitted", student, self._wish.assignment)
        if folder.is_symlink() or folder.parent.is_symlink():
            return LINKED
        return "" if _is_text(student) else NO_NAME

    def _seems_graded(self, student: str) -> bool:
        """Whether there is nothing to do, if the gradebook agrees."""
        wish = self._wish
        again = wish.force or wish.dry_run or wish.exercise
        return not again and is_graded(self._course, wish.assignment, student)

    def _start(self, todo: deque[str]) -> None:
        while todo and self._flow.has_room:
            self._flow.start((todo[0], ""), self._task(todo.popleft()))

    def _go_on(self, gradebook: Any) -> Iterator[str]:
        for (student, notebook), future in self._flow.results():
            if self._step(gradebook, student, notebook, future):
                yield student

    def _grade_away(self, gradebook: Any, away: Away, todo: list[str]) -> Iterator[str]:
        missing = set(todo)
        self._stamps |= {student: self._newest(student) for student in todo}
        for student, result in away(todo):
            missing.discard(student)
            if "fault" in result:
                self.tally.failed[student] = result["fault"]
                yield student
            elif self._grades(gradebook, student, result["books"]):
                yield student
            while not self._flow.has_room:
                yield from self._go_on(gradebook)
        for student in sorted(missing):
            self.tally.failed[student] = "no result came back"
            yield student

    def _task(self, student: str) -> dict[str, Any]:
        folder, name = self._course.folder, self._wish.assignment
        self._stamps[student] = self._newest(student)
        return {
            "do": "mark",
            "student": student,
            "source": str(folder("source", ".", name)),
            "release": str(folder("release", ".", name)),
            "submitted": str(folder("submitted", student, name)),
            "graded": str(folder("autograded", student, name)),
            "only": self._wish.exercise,
            "cluster": self._wish.cluster,
        }

    def _step(self, gradebook: Any, student: str, notebook: str, future: "Future[Any]") -> bool:
        """Goes on with a student whose result has come: graded notebooks, or a page of feedback. Returns whether all is done."""
        try:
            result = future.result()
            if notebook:
                return self._feedback(student, notebook, result)
            return self._grades(gradebook, student, result)
        except PodlabError as fault:
            self.tally.failed[student] = str(fault)
        except OSError as fault:
            self.tally.failed[student] = f"cannot write {fault.filename or 'what was graded'}: {fault.strerror}."
        except Exception:  # one student's trouble is not the others'
            self.tally.failed[student] = f"the grader failed:\n{traceback.format_exc()}"
        self.tally.graded.pop(student, None)
        return True

    def _grades(self, gradebook: Any, student: str, books: dict[str, str]) -> bool:
        self.tally.add(student, books)
        if self._wish.dry_run:
            return True
        course, name = self._course, self._wish.assignment
        with understood(course.directory.db_url):
            told = record(course, gradebook, student, name, books)
        graded = course.folder("autograded", student, name)
        place(graded, books, ".ipynb", self._notes(student))
        os.utime(graded, ns=(self._stamps[student], self._stamps[student]))
        self._pages[student] = dict.fromkeys(books)
        for notebook, text in books.items():
            task = {"do": "feedback", "book": text, "name": notebook, "grades": told[notebook]}
            self._flow.start((student, notebook), task)
        return False

    def _feedback(self, student: str, notebook: str, page: str) -> bool:
        pages = self._pages[student]
        pages[notebook] = page
        whole = {name: text for name, text in pages.items() if text is not None}
        if len(whole) < len(pages):
            return False
        place(self._course.folder("feedback", student, self._wish.assignment), whole, ".html", self._notes(student))
        del self._pages[student]
        return True

    def _newest(self, student: str) -> int:
        """What graded notebooks are dated by: something newer that comes in meanwhile shall be seen by the next run."""
        return newest(self._course.folder("submitted", student, self._wish.assignment))

    def _notes(self, student: str) -> dict[str, str]:
        return notes(self._course.folder("submitted", student, self._wish.assignment))


def elsewhere(course: Course, assignment: str, cluster: "Lab", offer: "Offer") -> Away:
    """Grades as a Job on a cluster; see `podlab.grading.remote`."""
    from podlab.grading import remote

    source, release = (course.folder(step, ".", assignment) for step in ("source", "release"))

    def away(who: Sequence[str]) -> Iterator[tuple[str, Any]]:
        submitted = {student: course.folder("submitted", student, assignment) for student in who}
        parts, left = remote.shares(source, release, submitted)
        yield from ((student, {"fault": why}) for student, why in left.items())
        if parts:
            yield from remote.run(cluster, parts, offer)

    return away


def place(folder: Path, files: dict[str, str], suffix: str, beside: dict[str, str]) -> None:
    """Puts files into a folder by one rename; what was there goes, with what a run that was killed has left beside it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=folder.parent))
    for name, text in files.items():
        (fresh / f"{name}{suffix}").write_text(text, encoding="utf-8", newline="\n")
    for name, text in beside.items():
        (fresh / name).write_text(text, encoding="utf-8")
    fresh.chmod(0o755)
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=folder.parent))
        folder.rename(old / "old")
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        fresh.rename(folder)
