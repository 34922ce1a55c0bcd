"""The preprocessor that lets students begin with something other than nothing: a broken manifest, to be mended.

In the source, a cell tagged `begin` stands before a solution cell. The release has its text in the solution's place.
"""

from typing import Any, Final

from nbgrader.preprocessors import NbGraderPreprocessor

TAG: Final = "begin"


class Begin(NbGraderPreprocessor):  # type: ignore[misc]
    """Moves the text of each cell tagged `begin` into the solution cell after it."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Changes the notebook; runs after the solutions were cleared."""
        cells: list[Any] = []
        text = None
        for cell in nb.cells:
            if TAG in cell.metadata.get("tags", ()):
                text = cell.source
                continue
            if text is not None and cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source, text = text, None
            cells.append(cell)
        nb.cells = cells
        return nb, resources
