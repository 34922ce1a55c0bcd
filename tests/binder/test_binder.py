"""Binder's image, without Docker: rendered by repo2docker, played by a user without rights, tried offline.

What is not played here is in `image.NOT_PLAYED`, by name, with the reason.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.binder.image import NOT_COPIED, NOT_PLAYED, ROOT, Image, may_play, render, roomy
from tests.ports import free_port
from tests.waiting import PATIENCE_SECONDS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="repo2docker's image is Linux"),
]


@pytest.fixture(scope="module")
def steps():
    return render(ROOT)


@pytest.fixture(scope="module")
def image(steps, tmp_path_factory):
    if not may_play():
        pytest.skip("this system lets no user make namespaces (unshare --user --mount)")
    with tempfile.TemporaryDirectory(dir=roomy(tmp_path_factory.getbasetemp())) as folder:
        made = Image(Path(folder))
        made.play(steps)
        yield made


def test_repo2docker_takes_binders_folder_and_its_python(steps):
    runs = [step.text for step in steps if step.word == "RUN"]
    assert any('pip install --no-cache-dir -r "binder/requirements.txt"' in text for text in runs)
    assert "./binder/postBuild" in runs
    copied = [step.text for step in steps if step.word == "COPY"]
    wanted = (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip().replace("python-", "py-").replace(".", "-2e")
    assert any(wanted.removeprefix("py-") in text for text in copied if "environment" in text), copied


def test_every_step_is_played_or_is_known_not_to_be(steps, image):
    runs = [step for step in steps if step.word == "RUN"]
    assert len(image.played) + len([text for text, reason in image.left_out if reason in dict(NOT_PLAYED).values()]) == len(runs)
    known = {reason for _, reason in (*NOT_PLAYED, *NOT_COPIED)}
    assert all(reason in known or "plays its part" in reason for _, reason in image.left_out)


def test_students_find_the_course_and_nothing_of_the_instructors(image):
    there = {path.name for path in image.home.iterdir() if not path.name.startswith(".")}
    assert there == {"notebooks", "exercises", "binder", "docs", "README.md", "LICENSE"}
    assert not [path for path in image.home.glob("**/*") if path.name == "hidden_checks.py"]
    for path in [*image.home.glob("**/*.ipynb"), *image.home.glob("**/*.py"), *image.home.glob("**/*.md")]:
        assert "BEGIN SOLUTION" not in path.read_text("utf-8"), path
    assert "podlab" in {path.name for path in image.prefix.glob("lib/python3*/site-packages/*")}


def test_chapter_1_runs_there_offline(image):
    chapter = "notebooks/01-talking.ipynb"
    script = f"jupyter execute --inplace {chapter}; code=$?; podlab down; exit $code"
    image.check([image.environment["R2D_ENTRYPOINT"], "sh", "-c", f"cd && {script}"], offline=True)
    cells = json.loads((image.home / chapter).read_text("utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    assert any("image/svg+xml" in output.get("data", {}) or "text/html" in output.get("data", {}) for output in outputs)
    assert not [output for output in outputs if output.get("name") == "stderr"]


def test_kubectl_in_a_terminal_finds_the_mock(image):
    script = "podlab up >&2 && kubectl get nodes -o name && podlab down >&2"
    assert "node/" in image.check([image.environment["R2D_ENTRYPOINT"], "sh", "-c", script], offline=True)


def test_what_binder_starts_opens_the_course_without_the_instructors_parts(image):
    port = free_port()
    words = [*image.command, f"--port={port}", "--no-browser", "--IdentityProvider.token=t"]
    with image.run([image.environment["R2D_ENTRYPOINT"], *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            first, page = fetch(f"http://127.0.0.1:{port}/?token=t")
            assert re.sub(r"\?.*", "", first).endswith("/lab/tree/notebooks/index.ipynb")
            config = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
            for part in ("formgrader", "create-assignment", "course-list", "assignment-list"):
                assert f"@jupyter/nbgrader:{part}" in str(config["disabledExtensions"])
            assert "validate-assignment" not in str(config["disabledExtensions"])
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/formgrader?token=t", timeout=PATIENCE_SECONDS)
        finally:
            server.terminate()


def fetch(url):
    """Where a browser ends up, and the page that is there, as soon as there is one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
                return answer.url, answer.read().decode()
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
