"""nbgrader's `Autograde`, told to look for a submission in a folder of whatever state, and to copy nothing out of it.

nbgrader names its converter in two modules and lets none of them be configured; `install` puts this one in their place. The
configuration calls it, hence `nbgrader autograde`, its Python API and Formgrader's button all use it.
"""

import glob
import os
import sys
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, NbGraderException
from nbgrader.converters import base as converters

from podlab.grading.submission import notes

USERS = ("nbgrader.apps.autogradeapp", "nbgrader.apps.api", "nbgrader.converters")


class DataAutograde(Autograde):  # type: ignore[misc]
    """Grades every released notebook for every student who has a folder, whatever is in it."""

    def init_notebooks(self) -> None:
        """Finds folders, not notebooks; what is in them is for `podlab.grading.collecting` to find."""
        course, pattern = self.coursedir, self.coursedir.notebook_id + ".ipynb"
        release = course.format_path(course.release_directory, ".", course.assignment_id)
        names = sorted(os.path.basename(path) for path in glob.glob(os.path.join(glob.escape(release), pattern)))
        folders = glob.glob(self._format_source(course.assignment_id, course.student_id))
        self.assignments = {
            folder: [os.path.join(folder, name) for name in names]
            for folder in sorted(folders)
            if os.path.isdir(folder) and not os.path.islink(folder)
        }
        self.notebooks: list[str] = []
        if not names or not self.assignments:
            raise NbGraderException(f"No submissions or no released notebooks of '{course.assignment_id}' were found.")

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """As nbgrader's, but of what was handed in only nbgrader's own notes are taken over, as text that was read."""
        source, dest = Path(self._format_source(assignment_id, student_id)), Path(self._format_dest(assignment_id, student_id))
        theirs = os.path.normpath(source)
        find = converters.find_all_files
        converters.find_all_files = lambda path, exclude=None: [] if os.path.normpath(path) == theirs else find(path, exclude)
        try:
            super().init_assignment(assignment_id, student_id)
        finally:
            converters.find_all_files = find
        for name, text in notes(source).items():
            dest.mkdir(parents=True, exist_ok=True)
            (dest / name).write_text(text, encoding="utf-8")


def install() -> None:
    """Puts `DataAutograde` where nbgrader looks for `Autograde`."""
    DataAutograde.__name__ = "Autograde"  # so that the sections of configuration files still fit
    for name in USERS:
        module: Any = sys.modules.get(name)
        if module is not None and hasattr(module, "Autograde"):
            module.Autograde = DataAutograde
