"""Feedback pages beside nbconvert's own: the shorter way gives the same bytes, and gives way where there is more to do."""

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from podlab.grading.books import as_text
from podlab.grading.feedback import exporter, page

GRADES = {
    "student": "ann",
    "assignment": "one",
    "notebook": "n",
    "score": 1,
    "max_score": 2,
    "late_penalty": 0,
    "scores": {},
    "comments": {},
}
WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "m", "version_major": 2}, "text/plain": "a slider"}


def book(*cells):
    return nbformat.v4.new_notebook(
        cells=list(cells), metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    )


@pytest.mark.parametrize(
    "cell",
    [
        nbformat.v4.new_code_cell("%%manifest a\nkind: Pod  # <b> & 'c'\n", id="a"),
        nbformat.v4.new_code_cell("x" * 9000, id="a"),
        nbformat.v4.new_code_cell("", id="a", outputs=[nbformat.v4.new_output("display_data", WIDGET)]),
        nbformat.v4.new_markdown_cell('<img src="x.png" data-alt="no"> <img\nalt="a" src="y.png">', id="a"),
        nbformat.v4.new_markdown_cell("# A *title*\n\n<p>open", id="a"),
    ],
    ids=["code", "long", "widget", "silent image", "markdown"],
)
def test_pages_are_nbconverts_own(cell):
    nb = book(cell, nbformat.from_dict({**cell, "id": "b"}))
    resources = {"nbgrader": GRADES, "metadata": {"name": "n"}, "unique_key": "n"}
    theirs, _ = HTMLExporter(config=exporter().config).from_notebook_node(nb, resources=resources)
    assert page(as_text(nb), "n", GRADES) == theirs


def test_images_without_words_are_given_some():
    text = as_text(book(nbformat.v4.new_markdown_cell('<img src="x.png">', id="a")))
    assert 'alt="No description' in page(text, "n", GRADES)
