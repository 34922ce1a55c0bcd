"""Finding the answers in submissions, whole and damaged. Each kind of damage keeps the points that its manifests earn."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.errors import PodlabError
from podlab.grading.answers import exercises, find
from podlab.grading.grafting import graft
from podlab.grading.submission import read

ROOT = Path(__file__).resolve().parents[2]
RELEASE = ROOT / "exercises/01-talking/talking.ipynb"
ANSWER = "apiVersion: v1\nkind: Pod\nmetadata: {name: mine}\nspec: {containers: []}\n"


def release() -> Any:
    return nbformat.read(RELEASE, as_version=4)


def solved() -> Any:
    """The release with an answer in each manifest cell."""
    book = release()
    for cell in book.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = cell.source.split("\n", 1)[0] + "\n" + ANSWER
    return book


def answers_in(path: Path) -> dict[str, Any]:
    book = release()
    locked = {line.strip() for c in book.cells if c.metadata.get("nbgrader", {}).get("locked") for line in c.source.split("\n")}
    return find(read(path).cells, exercises(book), locked)


def cell_of(book: Any, name: str) -> Any:
    return next(c for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def place_of(book: Any, name: str) -> int:
    return next(i for i, c in enumerate(book.cells) if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def drop_metadata(book: Any) -> None:
    cell_of(book, "serve").metadata = {}


def rename_id(book: Any) -> None:
    cell_of(book, "serve").metadata.nbgrader.grade_id = "else"


def duplicate(book: Any) -> None:
    book.cells.insert(0, {**release().cells[place_of(book, "serve")]})


def drop_magic(book: Any) -> None:
    cell = cell_of(book, "serve")
    cell.source = cell.source.split("\n", 1)[1]


def split(book: Any) -> None:
    place, lines = place_of(book, "serve"), cell_of(book, "serve").source.split("\n")
    book.cells[place].source = "\n".join(lines[:3])
    book.cells.insert(place + 1, nbformat.from_dict({**nbformat.v4.new_code_cell("\n".join(lines[3:]))}))


def merge_check(book: Any) -> None:
    place = place_of(book, "serve")
    book.cells[place].source += "\n" + book.cells.pop(place + 1).source


def merge_manifests(book: Any) -> None:
    place, other = place_of(book, "serve"), place_of(book, "service")
    book.cells[place].source += "\n" + book.cells[other].source
    del book.cells[other]


def to_markdown(book: Any) -> None:
    cell = cell_of(book, "serve")
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]


def delete_checks(book: Any) -> None:
    book.cells = [c for c in book.cells if not c.metadata.get("nbgrader", {}).get("grade")]


DAMAGE: list[Callable[[Any], None]] = [
    drop_metadata, rename_id, duplicate, drop_magic, split, merge_check, merge_manifests, to_markdown, delete_checks,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda d: d.__name__)
def test_answer_survives_a_damaged_notebook(damage: Callable[[Any], None], tmp_path: Path) -> None:
    book = solved()
    damage(book)
    path = tmp_path / "talking.ipynb"
    path.write_text(json.dumps(book))
    found = answers_in(path)
    assert {name: (answer.text or "").strip() for name, answer in found.items()} == {
        n: ANSWER.strip() for n in ("localhost", "serve", "service")
    }


@pytest.mark.parametrize(
    ("name", "encode"),
    [
        ("utf16", lambda text: text.encode("utf-16")),
        ("bom", lambda text: text.encode("utf-8-sig")),
        ("utf16 without a mark", lambda text: text.encode("utf-16-le")),
        ("crlf", lambda text: text.replace("\\n", "\\r\\n").encode()),
        ("cut off", lambda text: text.encode()[:-200]),
        ("stray bytes", lambda text: text.encode() + b"\xff\xfe\x00"),
    ],
)
def test_answer_survives_a_damaged_file(name: str, encode: Callable[[str], bytes], tmp_path: Path) -> None:
    path = tmp_path / "talking.ipynb"
    path.write_bytes(encode(json.dumps(solved(), indent=1)))
    found = answers_in(path)
    assert (found["localhost"].text or "").strip() == ANSWER.strip(), name


def test_missing_cell_is_a_missing_answer(tmp_path: Path) -> None:
    book = solved()
    del book.cells[place_of(book, "serve")]
    path = tmp_path / "talking.ipynb"
    path.write_text(json.dumps(book))
    found = answers_in(path)
    assert found["serve"].text is None
    assert found["service"].text is not None


def test_link_and_giant_are_not_opened(tmp_path: Path) -> None:
    link = tmp_path / "link.ipynb"
    link.symlink_to("/etc/passwd")
    with pytest.raises(PodlabError, match="link"):
        read(link)
    giant = tmp_path / "giant.ipynb"
    with giant.open("wb") as file:
        file.truncate(21 << 20)
    with pytest.raises(PodlabError, match="larger"):
        read(giant)


def test_graft_keeps_the_release_and_nothing_else(tmp_path: Path) -> None:
    book = solved()
    book.cells.insert(0, nbformat.v4.new_code_cell("import os; os._exit(0)"))
    cell_of(book, "check-serve").source = "4.0"
    path = tmp_path / "talking.ipynb"
    path.write_text(json.dumps(book))
    grafted = graft(release(), read(path))
    sources = [c.source for c in grafted.cells]
    assert not any("_exit" in source for source in sources)
    assert 'check("serve")' in sources
    assert "4.0" not in sources


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.recursive(
        st.none(), lambda c: st.lists(c) | st.dictionaries(st.sampled_from(["cells", "source", "cell_type", "metadata"]), c)
    ).map(lambda v: json.dumps(v).encode())
)
def test_anything_can_be_read(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.ipynb"
        path.write_bytes(data)
        assert isinstance(read(path).cells, list)
