"""The preprocessor that puts students' manifests into a fresh copy of the release."""

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from podlab.grading.books import from_text
from podlab.grading.grafting import graft as graft
from podlab.grading.workers import shared


class Graft(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the released notebook and fills in the manifests of the submitted one, which a worker reads."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Replaces the notebook that was read; see `podlab.grading.collecting` and `podlab.grading.answers` for what is found."""
        names = resources["nbgrader"]
        coursedir = self.parent.parent.coursedir
        root = Path(coursedir.root)
        release = root / coursedir.format_path(coursedir.release_directory, ".", names["assignment"])
        submitted = root / coursedir.format_path(coursedir.submitted_directory, names["student"], names["assignment"])
        books = shared().call({"do": "graft", "release": str(release), "submitted": str(submitted)})
        return from_text(books[names["notebook"]]), resources
