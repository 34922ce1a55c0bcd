"""Writing grades: nbgrader's gradebook, through nbgrader's own API, one transaction a student.

There is one writer, whatever the number of workers. A student's grades are committed together or not at all, so the database
is whole whenever the process ends, and what was graded is known by it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from podlab.errors import PodlabError
from podlab.grading.books import from_text, released
from podlab.grading.database import understood
from podlab.grading.submission import timestamp_text

LOCK = ".podlab-grade.lock"


class Course:
    """An nbgrader course directory as its `nbgrader_config.py` describes it.

    Args:
        root: The directory, or None for the present one.
    """

    def __init__(self, root: Path | None = None) -> None:
        try:
            from nbgrader.apps import NbGrader
            from nbgrader.coursedir import CourseDirectory
        except ImportError:
            raise PodlabError("nbgrader is not installed.", "pip install 'podlab[course]'") from None
        self.root = (root or Path.cwd()).resolve()
        if not (self.root / "nbgrader_config.py").is_file():
            raise PodlabError(f"{self.root} is no course directory: it has no nbgrader_config.py.", "run this in the course's.")
        app: Any = NbGrader()
        _load(app, self.root)
        self.app = app
        app.config.CourseDirectory.root = str(self.root)
        self.directory: Any = CourseDirectory(parent=app, config=app.config)

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """A folder of the course: `step` is source, release, submitted, autograded or feedback."""
        return self.root / str(self.directory.format_path(getattr(self.directory, f"{step}_directory"), student, assignment))

    def releases(self) -> list[str]:
        """The assignments that are released."""
        folder = self.folder("release", ".", "x").parent
        return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """nbgrader's gradebook.

        Raises:
            GradebookError: Its file cannot be used, now or later.
        """
        from nbgrader.api import Gradebook

        _find_tools()
        with understood(self.directory.db_url), Gradebook(self.directory.db_url, self.directory.course_id) as book:
            yield book

    def is_known(self, assignment: str) -> bool:
        """Whether the gradebook has the assignment."""
        from nbgrader.api import Assignment

        with self.gradebook() as book:
            return book.db.query(Assignment).filter(Assignment.name == assignment).first() is not None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other graders out of this directory; a grader that was killed keeps out nobody.

        Raises:
            PodlabError: Another one is at work.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.root / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise PodlabError(f"Another `podlab grade` is at work in {self.root}.", "wait until it is done.") from None
        try:
            yield
        finally:
            lock.release()


def _load(app: Any, root: Path) -> None:
    from traitlets.config.loader import PyFileConfigLoader

    app.update_config(PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config())


def _find_tools() -> None:
    """nbgrader starts `alembic` by its bare name, which stands beside Python where the environment is not activated."""
    here = str(Path(sys.executable).parent)
    if here not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = here + os.pathsep + os.environ.get("PATH", "")


@contextmanager
def transaction(gradebook: Any) -> Iterator[None]:
    """Makes one transaction of everything inside, though nbgrader's API commits at each step."""
    session = gradebook.db
    session.commit = session.flush
    try:
        yield
    except BaseException:
        del session.commit
        session.rollback()
        raise
    del session.commit
    try:
        session.commit()
    except BaseException:
        session.rollback()
        raise


def released_books(course: Course, assignment: str) -> dict[str, Any]:
    """The released notebooks of an assignment, by name; not to be changed.

    Raises:
        PodlabError: It is not released.
    """
    books = {path.stem: released(path) for path in sorted(course.folder("release", ".", assignment).glob("*.ipynb"))}
    if not books:
        raise PodlabError(
            f"The assignment {assignment} is not released.", f"nbgrader generate_assignment {assignment} --create --force"
        )
    return books


def register(course: Course, gradebook: Any, assignment: str) -> bool:
    """Lets the gradebook know an assignment, from its release, as `nbgrader generate_assignment` does.

    Returns:
        False if it was known.

    Raises:
        PodlabError: It is not released.
    """
    from nbgrader.api import MissingEntry
    from nbgrader.preprocessors import SaveCells

    books = released_books(course, assignment)
    try:
        gradebook.find_assignment(assignment)
    except MissingEntry:
        with transaction(gradebook):
            gradebook.update_or_create_assignment(assignment)
            for name, book in books.items():
                cells = SaveCells(parent=course.app)
                cells.gradebook, cells.notebook_id, cells.assignment_id = gradebook, name, assignment
                cells.new_grade_cells, cells.new_solution_cells, cells.new_task_cells, cells.new_source_cells = {}, {}, {}, {}
                for place, cell in enumerate(book.cells):
                    cells.preprocess_cell(cell, {}, place)
                cells._create_notebook(book)
        return True
    return False


def recorded(gradebook: Any, assignment: str) -> set[str]:
    """The students who have grades for an assignment in the gradebook."""
    from nbgrader.api import Assignment, Student, SubmittedAssignment

    rows = gradebook.db.query(Student.id).select_from(SubmittedAssignment).join(Student).join(Assignment)
    return {row[0] for row in rows.filter(Assignment.name == assignment)}


def record(course: Course, gradebook: Any, student: str, assignment: str, books: dict[str, str]) -> dict[str, Any]:
    """Writes one student's grades, comments and late penalties, as `nbgrader autograde` does.

    Args:
        course: Where.
        gradebook: From `course.gradebook()`.
        student: Who.
        assignment: What.
        books: The graded notebooks' texts, by name.

    Returns:
        What feedback tells of each notebook, by name (`feedback.page`).
    """
    with transaction(gradebook):
        gradebook.update_or_create_student(student)
        stamp = _timestamp(course.folder("submitted", student, assignment))
        more = {"timestamp": stamp} if stamp else {}
        with gradebook.db.no_autoflush:
            submission = gradebook.update_or_create_submission(assignment, student, **more)
        told = {}
        for notebook in submission.notebooks:
            if notebook.name in books:
                _save(notebook, from_text(books[notebook.name]))
                gradebook.db.flush()
                gradebook.db.refresh(notebook)
                _penalise(course, submission, notebook)
                told[notebook.name] = {"student": student, "assignment": assignment, **_told(notebook)}
    gradebook.db.expunge_all()  # thousands of students shall take no more memory than one
    return told


def _timestamp(folder: Path) -> Any:
    from nbgrader.utils import parse_utc

    text = timestamp_text(folder)
    try:
        return parse_utc(text) if text else None
    except (ValueError, OverflowError):
        return None


def _save(notebook: Any, book: Any) -> None:
    """As nbgrader's `SaveAutoGrades`: manual scores stay, and then need review."""
    from nbgrader import utils

    cells = {cell.metadata.nbgrader.grade_id: cell for cell in book.cells if "grade_id" in cell.metadata.get("nbgrader", {})}
    for grade in notebook.grades:
        cell = cells.get(grade.name)
        if cell is not None:
            grade.auto_score, _ = utils.determine_grade(cell)
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    for comment in notebook.comments:
        cell = cells.get(comment.name)
        if cell is not None:
            untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)
            comment.auto_comment = "No response." if untouched else None


def _penalise(course: Course, submission: Any, notebook: Any) -> None:
    """As nbgrader's `AssignLatePenalties`, with the plugin that is configured."""
    from nbgrader.preprocessors import AssignLatePenalties

    notebook.late_submission_penalty = None
    if submission.total_seconds_late > 0:
        policy = AssignLatePenalties(parent=course.app)
        policy.init_plugin()
        penalty = policy.plugin_inst.late_submission_penalty(submission.student.id, notebook.score, submission.total_seconds_late)
        if penalty is not None:
            notebook.late_submission_penalty = policy._check_late_penalty(notebook, penalty)


def _told(notebook: Any) -> dict[str, Any]:
    """Scores, comments and sums of a submitted notebook, manual ones included, as nbgrader's `GetGrades` gives them."""
    penalty = notebook.late_submission_penalty or 0
    return {
        "notebook": notebook.name,
        "score": notebook.score - penalty,
        "max_score": notebook.max_score,
        "late_penalty": penalty,
        "scores": {grade.name: [grade.score, grade.max_score] for grade in notebook.grades},
        "comments": {comment.name: comment.comment for comment in notebook.comments},
    }
