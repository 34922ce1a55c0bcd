"""Feedback pages: a graded notebook as HTML, in nbgrader's own template, with comments and late penalties."""

import re
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from podlab.errors import PodlabError
from podlab.grading.books import from_text

MAX_KEPT: Final = 8192
"""The longest source (characters) whose coloured form is kept for the next page that has it."""
WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_TO_BE_MENDED: Final = re.compile(r"<img\b(?![^>]*\salt=)|jp-Notebook", re.IGNORECASE)


@lru_cache(maxsize=1)
def exporter() -> Any:
    """nbconvert's exporter with nbgrader's template, set up once; nbgrader itself, which is slow to import, is not needed.

    nbconvert parses each finished page once more, and looks in it for images without words and for JupyterLab's own parts. The
    parsing changes how a page is written, so it stays, and the pages are nbgrader's to the byte; only pages in which there may
    be something to find are searched. Widgets, which have a filter of their own, are left to nbconvert too.
    """
    from bs4 import BeautifulSoup
    from nbconvert.exporters import HTMLExporter, TemplateExporter
    from traitlets.config import Config

    base: Any = HTMLExporter
    write: Any = TemplateExporter.from_notebook_node

    class Pages(base):  # type: ignore[misc]
        """An HTMLExporter that searches a finished page only for what may be there."""

        def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
            """A notebook as HTML, and nbconvert's resources."""
            told = nb.metadata.get("language_info", {})
            self.register_filter("highlight_code", _kept(str(told.get("pygments_lexer", told.get("name", "")) or "ipython3")))
            if not any(WIDGET in output.get("data", ()) for cell in nb.cells for output in cell.get("outputs", ())):
                html, found = write(self, nb, resources, **kw)
                if not _TO_BE_MENDED.search(html):
                    return str(BeautifulSoup(html, features="html.parser")), found
            return base.from_notebook_node(self, nb, resources, **kw)  # type: ignore[no-any-return]

    spec = find_spec("nbgrader")
    if spec is None or not spec.submodule_search_locations:
        raise PodlabError("nbgrader is not installed.", "pip install 'podlab[course]'")
    formgrader = Path(spec.submodule_search_locations[0]) / "server_extensions/formgrader"
    config = Config()
    config.Exporter.default_preprocessors = []
    config.HTMLExporter.template_name = "feedback"
    config.HTMLExporter.extra_template_basedirs = [str(formgrader / "templates")]
    config.HTMLExporter.extra_template_paths = [str(formgrader / "static/node_modules/bootstrap/dist/css")]
    return Pages(config=config)


@lru_cache(maxsize=4)
def _kept(lexer: str) -> Callable[..., str]:
    """A filter that colours a cell's source, and remembers short ones: most cells are the release's, and in every page."""
    from nbconvert.filters import Highlight2HTML

    make: Any = Highlight2HTML
    highlight = make(pygments_lexer=lexer)

    @lru_cache(maxsize=256)
    def short(source: str, language: str | None) -> str:
        return str(highlight(source, language))

    def coloured(source: str, language: str | None = None, metadata: Any = None) -> str:
        if len(source) > MAX_KEPT or (metadata and "magics_language" in metadata):
            return str(highlight(source, language, metadata))
        return short(source, language)

    return coloured


def page(book: str, name: str, grades: dict[str, Any]) -> str:
    """The feedback on one notebook.

    Args:
        book: The graded notebook's text.
        name: The notebook's.
        grades: What the gradebook has of it, from `gradebook.record`: sums, `scores` and `comments` by cell.
    """
    nb, scores, comments = from_text(book), grades["scores"], grades["comments"]
    for cell in nb.cells:
        ours = cell.metadata.get("nbgrader", {})
        if ours.get("grade_id") in scores:
            ours["score"], ours["points"] = scores[ours["grade_id"]]
        if ours.get("grade_id") in comments:
            ours["comment"] = comments[ours["grade_id"]]
    html, _ = exporter().from_notebook_node(nb, resources={"nbgrader": grades, "metadata": {"name": name}, "unique_key": name})
    return str(html)
