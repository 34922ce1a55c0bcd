"""The exporter through which nbgrader reads submissions: it never lets a damaged file stop a run."""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter

read_notebook: Any = nbformat.read
new_notebook: Any = nbformat.v4.new_notebook


class SubmissionExporter(NotebookExporter):
    """Gives the preprocessors what nbgrader itself has written; for a submission an empty notebook, which `Graft` replaces."""

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> Any:
        """Reads a notebook of the autograded directory; a student's file is not opened here."""
        converter = self.parent
        sanitizing = getattr(converter, "_sanitizing", True)
        book = new_notebook() if sanitizing else read_notebook(filename, as_version=4)
        known = dict(resources or {})
        known["metadata"] = {"name": Path(filename).stem, "path": str(Path(filename).parent)}
        return self.from_notebook_node(book, resources=known, **options)  # type: ignore[no-untyped-call]
