"""Every chapter runs from top to bottom, on the mock and on a cluster of which only the kubeconfig is known: its cells show
what the notes state, and those that shall fail do.

`PODLAB_REAL_TIME=1` lets that cluster be one whose time nobody can let jump: then each wait takes the time that it takes.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from podlab.lab import Lab
from tests.course import coverage
from tests.envoy.collecting import Configuration, configurations, dumped
from tests.envoy.real_world import real_envoy, validates
from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
REAL_TIME = bool(os.environ.get("PODLAB_REAL_TIME"))
EVERYWHERE = {"text/plain", "text/html", "text/markdown"}  # in JupyterLab, Notebook 7, VS Code; bare images have no words
IMAGE = re.compile(r"<img\b[^>]*>")
WORDS = re.compile(r'\balt="[^"]{20,}"')
LONGEST_ERROR_LINES = 24  # of a screen
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No cluster is chosen, none is running, and podlab's home is a folder of the test's."""
    for name in ("PODLAB_CLUSTER", "PODLAB_KUBECONFIG", "KUBECONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PODLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PODLAB_QUIET", "1")
    return tmp_path


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The kubeconfig of a server that is nobody's: somewhere else than podlab keeps its own."""
    folder = tmp_path_factory.mktemp("stranger")
    module = "tests.course.stranger" if REAL_TIME else "podlab.mock.server"
    server = subprocess.Popen([sys.executable, "-m", module, "--state-dir", str(folder)], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        eventually((folder / "state.json").exists, "the server")
        kubeconfig = folder / "elsewhere.yaml"
        kubeconfig.write_text((folder / "kubeconfig").read_text("utf-8").replace("podlab", "somewhere"), "utf-8")
        yield kubeconfig
    finally:
        server.terminate()
        server.wait()


def execute(chapter: Path, folder: Path) -> Any:
    """Runs a chapter, and looks at what every cell has to say."""
    book = nbformat.read(chapter, as_version=4)
    timeout = 600
    NotebookClient(book, timeout=timeout, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    for cell in book.cells:
        for output in cell.get("outputs", ()):
            text = output.get("text", "") + "\n".join(output.get("traceback", ()))
            assert output.get("name") != "stderr", f"{cell.source}\n{text}"
            assert set(output.get("data", ())) <= EVERYWHERE, f"{cell.source}: {set(output.data)}"
            page = "".join(output.get("data", {}).get("text/html", ""))
            assert "<script" not in page, cell.source
            assert all(WORDS.search(image) for image in IMAGE.findall(page)), f"a picture without words: {cell.source}"
            assert "not modelled" not in text, f"{cell.source}\n{text}"
            if output.output_type == "error":
                assert "raises-exception" in cell.metadata.get("tags", ()), text
                assert len(text.splitlines()) <= LONGEST_ERROR_LINES, text
    return book


def prove(chapter: Path, book: Any) -> None:
    """Holds the outputs of a chapter that ran against what the notes state, and what is broken against a real cluster's words."""
    broken = (("what is broken tells so", proof) for proof in coverage.breaks())
    for statement, proof in chain(coverage.proofs(), broken):
        if proof.chapter == chapter.stem:
            shown = told(coverage.find(book, proof.holds))
            assert re.search(proof.shows, shown, re.MULTILINE), f"{statement}\n{proof}\n{shown}"


def told(cell: Any) -> str:
    """All that a cell has to say, as text."""
    parts = [o.get("text") or "\n".join(o.get("traceback", ())) or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return ANSI.sub("", "".join(parts))


def podlab(*words: str) -> str:
    """What a command of podlab prints."""
    command = [sys.executable, "-m", "podlab.cli", *words]
    return subprocess.run(command, env=dict(os.environ), capture_output=True, check=False, text=True).stdout


def validate(found: list[Configuration], folder: Path) -> None:
    """Whatever Envoy read in the chapter, the real one would have taken."""
    for number, configuration in enumerate(found if real_envoy() is not None else []):
        code, words = validates(configuration.write(folder / str(number)))
        assert code == 0, f"{configuration.name}: {words}"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_runs_from_top_to_bottom_and_proves_its_statements(
    chapter: Path, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PODLAB_CLUSTER", "mock")
    try:
        book = execute(chapter, environment)
        prove(chapter, book)
        found = list(configurations(dumped(podlab("kubectl", "get", "pods,configmaps,secrets", "-A", "-o", "json"))))
    finally:
        podlab("down")
    assert found or not any("envoyproxy/envoy" in cell.source for cell in book.cells)
    validate(found, environment)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_runs_on_a_cluster_of_which_only_the_kubeconfig_is_known(
    chapter: Path, environment: Path, stranger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PODLAB_KUBECONFIG", str(stranger))
    before = {obj["metadata"]["name"] for obj in Lab(stranger).get("namespaces")}
    prove(chapter, execute(chapter, environment))
    after = {obj["metadata"]["name"] for obj in Lab(stranger).get("namespaces")}
    assert after - before <= {f"chapter-{int(chapter.stem[:2])}"}
    assert not list((environment / "home").rglob("state.json")), "a mock was started beside it"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_break_it_comes_with_what_it_must_say(chapter: Path) -> None:
    book = nbformat.read(chapter, as_version=4)
    said = [book.cells.index(coverage.find(book, proof.holds)) for proof in coverage.breaks() if proof.chapter == chapter.stem]
    places = [n for n, cell in enumerate(book.cells) if cell.cell_type == "markdown" and "**Break it.**" in cell.source]
    assert places, "nothing is broken"
    for n in places:
        after = range(
            n + 1, next((m for m in range(n + 1, len(book.cells)) if "\n## " in f"\n{book.cells[m].source}"), len(book.cells))
        )
        assert set(after) & set(said), f"tests/course/broken.yaml does not say what comes of:\n{book.cells[n].source}"


def test_no_proof_is_content_with_silence() -> None:
    for proof in [*(proof for _, proof in coverage.proofs()), *coverage.breaks()]:
        assert not re.search(proof.shows, "", re.MULTILINE), proof


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_does_not_ask_what_it_runs_on(chapter: Path) -> None:
    code = "\n".join(cell.source for cell in nbformat.read(chapter, as_version=4).cells if cell.cell_type == "code")
    assert not re.findall(r"podlab\.mock|lab\.name|PODLAB_|lab\.context|time\.sleep|kwok|minikube", code)


def test_notebooks_are_what_their_sources_say() -> None:
    command = [sys.executable, str(ROOT / "course/build.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
