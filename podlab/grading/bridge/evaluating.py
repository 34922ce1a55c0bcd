"""The preprocessor that takes the place of a kernel: has the check cells evaluated, and runs nobody's Python."""

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from podlab.grading.books import as_text, from_text
from podlab.grading.workers import shared


class Evaluate(NbGraderPreprocessor):  # type: ignore[misc]
    """Gives every graded cell the outputs that `check(...)` would have."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Evaluates `check("NAME")` and `check("NAME", hidden=True)` on the manifests in the notebook, in a worker."""
        names = resources["nbgrader"]
        coursedir = self.parent.parent.coursedir
        folder = Path(coursedir.root) / coursedir.format_path(coursedir.source_directory, ".", names["assignment"])
        text = shared().call({"do": "evaluate", "source": str(folder), "student": names["student"], "book": as_text(nb)})
        return from_text(text), resources
