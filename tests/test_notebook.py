"""A notebook as a student runs it: a kernel of its own, the mock started by the first cell."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from podlab.clusters.mock import Mock
from tests.waiting import eventually

ROOT = Path(__file__).resolve().parent.parent
CELLS = [
    "import podlab\nlab = podlab.connect()\nlab",
    "%%manifest web\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n"
    "  - name: app\n    image: busybox:1.37\n"
    "    command: [sh, -c, 'echo hello; sleep 3600']\n",
    "lab.wait('pod/web')\nprint(lab.logs('web'))",
    "%kubectl get pod web -o name",
    "from podlab import plots\nplots.timeline(lab.timeline('web'))",
    "from podlab.display import live, table\nwith live(lab):\n    lab.advance(30)\ntable(lab)",
    "lab.get('pod/none')",
    "lab.exec('web', ['hostname']).stdout",
]

EXECUTE = """\
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, timeout=200, kernel_name="python3", allow_errors=True).execute()
nbformat.write(notebook, sys.argv[1])
"""


def code_cells(path):
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook")
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "source": text, "execution_count": None}
        for n, text in enumerate(CELLS)
    ]
    path = folder / "notebook.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    environment = {
        **os.environ,
        "PODLAB_HOME": str(folder / "home"),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(folder),
    }
    subprocess.run([sys.executable, "-c", EXECUTE, str(path)], env=environment, check=True)
    return folder, json.loads(path.read_text("utf-8"))["cells"]


def outputs(executed, n):
    return executed[1][n]["outputs"]


def text(executed, n):
    return "".join("".join(output.get("text") or output["data"].get("text/plain", "")) for output in outputs(executed, n))


def test_nothing_is_written_to_stderr(executed):
    assert not [output for cell in executed[1] for output in cell["outputs"] if output.get("name") == "stderr"]


def test_cells_say_what_happened(executed):
    assert text(executed, 0) == "<Lab on mock, namespace default>"
    assert text(executed, 1) == "pod/web created\n"
    assert text(executed, 2) == "hello\n\n"
    assert text(executed, 3) == "pod/web\n"
    assert text(executed, 7) == "'web\\n'"


def test_picture_is_shown_with_its_words(executed):
    data = outputs(executed, 4)[0]["data"]
    assert 'alt="Timeline of pod web' in "".join(data["text/html"])


def test_live_table_is_one_output_that_was_kept_up_to_date(executed):
    shown = outputs(executed, 5)
    assert [output["output_type"] for output in shown] == ["display_data", "execute_result"]
    assert "Running" in "".join(shown[0]["data"]["text/html"])


def test_error_is_one_line_without_a_traceback(executed):
    (error,) = outputs(executed, 6)
    assert error["output_type"] == "error"
    assert error["traceback"] == ['Error from server (NotFound): pods "none" not found']


def test_mock_ends_with_the_server_that_its_notebook_belonged_to(executed):
    eventually(lambda: not Mock(executed[0] / "home" / "mock").state())


CHAPTERS = sorted((ROOT / "notebooks").glob("0*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_first_code_of_a_chapter_is_the_folded_cell_for_colab_which_asks_for_nothing_else(path):
    first, *others = code_cells(path)
    assert first["metadata"]["jupyter"]["source_hidden"]
    assert "google.colab" in "".join(first["source"])
    assert not [cell for cell in others if "google.colab" in "".join(cell["source"])]


def test_cell_for_colab_does_nothing_elsewhere(capsys):
    ran = []
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    try:
        shell.register_magic_function(ran.append, magic_name="pip")
        cell = "".join(code_cells(CHAPTERS[0])[0]["source"])
        assert shell.run_cell(cell).success
        assert capsys.readouterr() == ("", "")
        assert ran == []
        sys.modules["google.colab"] = ModuleType("google.colab")
        assert shell.run_cell(cell).success
        assert ran == ['install --quiet "podlab[plots]"']
    finally:
        sys.modules.pop("google.colab", None)
        InteractiveShell.clear_instance()
