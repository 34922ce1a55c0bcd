"""The course in JupyterLab, in a real browser, on a mock that `podlab lab` started."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from selenium.webdriver.common.by import By

from podlab.clusters.mock import Mock
from podlab.lab import Lab
from tests.browser.jupyter import HAS_RUN, ROOT, Jupyter, Page, shown, write_notebook
from tests.clusters.stranger import Stranger
from tests.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHAPTER = "notebooks/01-talking.ipynb"
CONNECT = "import podlab\nlab = podlab.connect()\nprint(lab.api.connection.server)"
POD = """\
%%manifest {name}
apiVersion: v1
kind: Pod
metadata: {{name: {name}}}
spec:
  restartPolicy: Never
  containers:
  - {{name: app, image: "busybox:1.37", command: [sh, -c, "sleep {seconds}"]}}"""
UNTIL_TOLD = POD.replace("sleep {seconds}", "until [ -e /tmp/told ]; do sleep 1; done")
LIVE = """\
import time
from podlab.display import live
with live(lab):
    while lab.get('pod/short')['status']['phase'] != 'Succeeded':
        time.sleep(0.1)"""
AT_HOME = "import os, podlab\nos.environ['PODLAB_HOME'] = os.path.abspath('.')\npodlab.connect('mock')"
PLOT = "from podlab import plots\nplots.timeline(lab.timeline('pod/seven'))"
WAIT_LONG = "lab.wait('configmap/never', 'created', 3600)"
STOP = "[data-jp-item-name=interrupt] button,[data-jp-item-name=interrupt] jp-button"
PODS = "print(sorted(pod['metadata']['name'] for pod in lab.get('pods')))"


def test_lab_opens_on_the_courses_index(page: Page) -> None:
    page.driver.get(page.server.url(""))
    page.until(lambda: page.text(".jp-Notebook .jp-RenderedMarkdown h1"), "the index")
    assert page.ask("return notebook.context.path") == "notebooks/index.ipynb"
    page.picture("index")
    page.open("notebooks/01-talking.ipynb")
    page.click(".lm-MenuBar-itemLabel", "Course")
    page.click(".lm-Menu-itemLabel", "index.ipynb")
    page.wait("return notebook?.context?.path === 'notebooks/index.ipynb'", "the index, from the menu")


@pytest.fixture(scope="module")
def executed(page: Page) -> list[dict[str, Any]]:
    """The cells of chapter 1, after all of them were run by the keyboard and saved."""
    page.open(CHAPTER)
    total = len(page.cells())
    page.select(0)
    page.press(*["shift+enter"] * total)
    page.wait(_ALL_RUN, "every cell to end", total)
    page.save()
    cells: list[dict[str, Any]] = json.loads((page.server.course / CHAPTER).read_text("utf-8"))["cells"]
    return cells[:total]


def test_chapter_runs_by_the_keyboard(page: Page, executed: list[dict[str, Any]]) -> None:
    for cell in executed:
        for output in cell.get("outputs", ()):
            assert output.get("name") != "stderr", shown(cell)
            assert output["output_type"] != "error" or "raises-exception" in cell["metadata"].get("tags", ()), shown(cell)
    page.open(CHAPTER)
    page.select(next(n for n, cell in enumerate(executed) if "plots.timeline" in "".join(cell["source"])))
    assert page.wait(_PICTURE, "a picture") > 300
    page.picture("chapter")


@pytest.mark.usefixtures("executed")
def test_executed_chapter_shows_its_pictures_in_notebook_7_too(page: Page) -> None:
    page.driver.get(page.server.url(f"notebooks/{CHAPTER}"))
    assert page.wait(_PICTURE, "a picture in Notebook 7") > 300
    page.picture("notebook-7")


def test_notebook_7_runs_cells_and_shows_what_they_show(page: Page) -> None:
    cells = [CONNECT, POD.format(name="seven", seconds=2), LIVE.replace("short", "seven"), PLOT, "lab.get('pod/none')"]
    write_notebook(page.server.course / "seven.ipynb", cells)
    page.open_in_notebook_7("seven.ipynb")
    assert page.run(0).startswith("https://127.0.0.1:")
    assert page.run(1) == "pod/seven created\n"
    page.run(2)
    assert "Completed" in page.text(".jp-OutputArea-output table")
    page.run(3)
    assert page.wait(_PICTURE, "a picture") > 300
    assert page.run(4) == 'Error from server (NotFound): pods "none" not found'
    page.picture("notebook-7-runs")
    page.save()


def test_waiting_in_everybodys_time_is_shown_and_skipped_by_the_stop_button(page: Page, stranger: Path) -> None:
    cells = [f"from podlab.lab import Lab\nlab = Lab({str(stranger)!r})", "lab.advance(3600)\nprint('and', 'then')", WAIT_LONG]
    write_notebook(page.server.course / "skip.ipynb", cells)
    page.open("skip.ipynb")
    page.run(0)
    page.start(1)
    bar = ".jp-OutputArea-output .widget-hbox"
    page.until(lambda: "skips them" in words(page.text(bar)), "the bar")
    page.picture("advance")
    page.click(STOP)
    page.wait(HAS_RUN, "the cell's end", 1, None)
    said = shown(page.cells()[1])
    assert "of 3600 s: what follows may come too early" in said
    assert "and then" in said
    page.until(lambda: not page.text(bar), "the bar's end")
    page.start(2)
    page.until(lambda: "waiting for configmap/never" in words(page.text(bar)), "the bar")
    page.select(2)
    page.press("i", "i")
    page.wait(HAS_RUN, "the cell's end", 2, None)
    assert "KeyboardInterrupt: Interrupted while waiting for configmap/never (created)." in shown(page.cells()[2])
    assert "Traceback" not in shown(page.cells()[2])
    page.until(lambda: not page.text(bar), "the bar's end")
    page.picture("skipped")


def words(text: str) -> str:
    """A text with ordinary spaces: those of a bar are as wide as figures."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The kubeconfig of a cluster in whose time everybody lives."""
    server = Stranger(tmp_path_factory.mktemp("stranger"))
    server.up(print)
    yield server.kubeconfig_at(tmp_path_factory.mktemp("elsewhere") / "config")
    server.down(print)


@pytest.mark.parametrize(
    ("name", "open_in"), [("lab", Page.open), ("notebook-7", Page.open_in_notebook_7)], ids=["lab", "notebook-7"]
)
def test_live_table_changes_in_its_place(page: Page, name: str, open_in: Callable[[Page, str], None]) -> None:
    """The pod ends when it is told to, and that is when its running has been seen."""
    pod = f"live-{name}"
    write_notebook(page.server.course / f"{pod}.ipynb", [CONNECT, UNTIL_TOLD.format(name=pod), LIVE.replace("short", pod)])
    open_in(page, f"{pod}.ipynb")
    page.run(0)
    page.run(1)
    page.start(2)
    table = ".jp-OutputArea-output table"
    page.until(lambda: re.search(rf"{pod}\s.*Running", page.text(table)), "the running pod")
    page.picture(f"{pod}-before")
    Lab(Mock(page.server.home / "mock").kubeconfig).exec(pod, "touch /tmp/told")
    page.until(lambda: re.search(rf"{pod}\s.*Completed", page.text(table)), "the pod's end")
    page.wait(HAS_RUN, "the cell's end", 2, None)
    assert re.search(rf"{pod}\s.*Completed", page.text(table))
    assert len(page.driver.find_elements(By.CSS_SELECTOR, table)) == 1
    page.picture(pod)
    page.save()


def test_kubectl_in_a_terminal_sees_the_notebooks_pods(page: Page) -> None:
    write_notebook(page.server.course / "pods.ipynb", [CONNECT, POD.format(name="seen", seconds=9999)])
    page.open("pods.ipynb")
    page.run(0)
    page.run(1)
    page.click(".lm-MenuBar-itemLabel", "Course")
    page.picture("menu")
    page.click(".lm-Menu-itemLabel", "Terminal")
    page.wait("return document.querySelector('.xterm-helper-textarea')", "a terminal")
    page.click(".jp-Terminal")
    page.type("kubectl get pods --no-headers; kubectl config current-context")
    page.press("enter")
    page.until(lambda: re.search(r"seen +1/1 +Running", page.ask(_TERMINAL)), "the pod in the terminal")
    page.picture("terminal")


def test_validate_button_tells_what_is_missing_and_then_that_all_is_well(page: Page) -> None:
    path = "exercises/01-talking/talking.ipynb"
    page.open(path)
    page.click("button,jp-button", "Validate")
    dialog = ".jp-Dialog-content"
    page.until(lambda: "The following cell failed" in page.text(dialog), "a verdict")
    page.picture("validate-before")
    assert "0/1  there is a container `watcher` beside the server" in page.text(dialog)
    page.click(".jp-Dialog-button.jp-mod-accept")
    for n, text in answers(path).items():
        page.select(n)
        page.press("enter", "ctrl+a")
        page.type(text)
    page.click("button,jp-button", "Validate")
    page.until(lambda: "passes all the tests" in page.text(dialog), "success")
    page.picture("validate-after")
    page.click(".jp-Dialog-button.jp-mod-accept")


def answers(path: str) -> dict[int, str]:
    """The text of each cell of the release that the solution has another text for, by place."""
    names = (path, path.replace("exercises", "solutions"))
    released, solved = (json.loads((ROOT / name).read_text("utf-8"))["cells"] for name in names)
    graded = [(cell["metadata"].get("nbgrader", {}), "".join(cell["source"])) for cell in solved]
    by_id = {about["grade_id"]: text for about, text in graded if about.get("solution")}
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in released]
    return {n: re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", by_id[name]) for n, name in enumerate(ids) if name in by_id}


def test_two_notebooks_share_one_mock_which_outlives_a_kernel(page: Page) -> None:
    for name in ("left", "right"):
        write_notebook(page.server.course / f"{name}.ipynb", [CONNECT, POD.format(name=name, seconds=9999), PODS])
    servers = set()
    for name in ("left", "right"):
        page.open(f"{name}.ipynb")
        servers.add(page.run(0).strip())
        page.run(1)
    assert len(servers) == 1
    assert "'left'" in page.run(2)
    page.select(2)
    page.press("escape", "0", "0")
    page.click(".jp-Dialog-button.jp-mod-warn,.jp-Dialog-button.jp-mod-accept", "Restart")
    page.wait("return notebook.sessionContext.kernelDisplayStatus === 'idle'", "the new kernel")
    assert "NameError" in page.run(2)
    servers.add(page.run(0).strip())
    assert len(servers) == 1
    seen = page.run(2)
    assert "'left'" in seen
    assert "'right'" in seen


def test_mock_that_was_killed_is_told_and_mended_from_the_notebook(page: Page) -> None:
    write_notebook(page.server.course / "killed.ipynb", [CONNECT, PODS, "%kubectl get pods", "!podlab up", PODS])
    page.open("killed.ipynb")
    page.run(0)
    state = Mock(page.server.home / "mock").state()
    psutil.Process(state.pid).kill()
    eventually(lambda: not Mock(page.server.home / "mock").health().running, "the mock's end")
    told = page.run(1)
    assert "does not answer" in told
    assert "podlab up" in told
    assert len(told.splitlines()) < 8
    assert "podlab up" in page.run(2)
    page.picture("killed")
    assert "mock is running" in page.run(3)
    assert page.run(4) == "[]\n"


def test_full_disk_is_told(page: Page) -> None:
    if page.server.small is None:
        pytest.skip("this user may not mount a file system (unshare --user --mount)")
    small = page.server.seen_by_the_server(page.server.small)
    write_notebook(small / "full.ipynb", [AT_HOME])
    page.open("small/full.ipynb")
    with pytest.raises(OSError, match="No space left"):
        (small / "filler").write_bytes(bytes(1 << 20))
    told = page.run(0)
    assert "No space left on device" in told
    assert "make room" in told
    page.press("ctrl+s")
    page.until(lambda: "No space left" in page.text(".jp-Dialog-content"), "JupyterLab's own words")
    page.picture("full-disk")
    page.click(".jp-Dialog-button")
    (small / "filler").unlink()
    assert "Lab on mock" in page.run(0)
    page.save()


def test_nothing_is_left_when_the_server_stops(page: Page, jupyter: Jupyter) -> None:
    there = jupyter.processes()
    mock = Mock(jupyter.home / "mock").state()
    assert len(there) > 2
    jupyter.stop()
    _, alive = psutil.wait_procs([*there, *([psutil.Process(mock.pid)] if psutil.pid_exists(mock.pid) else [])], 60)
    assert not alive


_ALL_RUN = """
const cells = notebook.content.widgets.slice(0, arguments[0]).filter(cell => cell.model.type === 'code');
return cells.every(cell => cell.model.executionCount && cell.model.executionState === 'idle')
    && notebook.sessionContext.kernelDisplayStatus === 'idle'
"""
_PICTURE = """
const seen = document.querySelector('.jp-OutputArea-output img[alt^=Timeline]');
seen?.scrollIntoView();
return seen?.complete && seen.naturalWidth
"""
_TERMINAL = """
const screen = notebook.content._term.buffer.active;  // it is drawn on a canvas
return Array.from({length: screen.length}, (_, n) => screen.getLine(n).translateToString(true)).join('\\n')
"""
