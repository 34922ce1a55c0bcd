"""The wheel has the whole package and the course for students; in an environment of its own, it is all that it takes."""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from podlab.grading.batch import heard, pack
from podlab.grading.tally import points_of
from tests.binder.image import roomy

ROOT = Path(__file__).resolve().parent.parent
OFFLINE = ("error sending request", "dns error", "Could not connect", "Network connectivity is disabled", "timed out")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_wheel_has_the_package_with_its_data(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if name.startswith("podlab/")}
        others = {name for name in archive.namelist() if not name.startswith("podlab")}
        entry_points = next(archive.read(name).decode() for name in archive.namelist() if name.endswith("entry_points.txt"))
    assert tracked("podlab") <= inside
    assert "podlab/py.typed" in inside
    assert not others
    assert "podlab = podlab.cli:main" in entry_points


def test_wheel_has_the_course_for_students_and_nothing_of_the_instructors(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = {name.removeprefix("podlab/course/"): archive.read(name) for name in archive.namelist() if "/course/" in name}
    assert tracked("notebooks", "exercises") <= set(inside)
    assert not [name for name, data in inside.items() if b"BEGIN SOLUTION" in data or "hidden" in name]


def tracked(*folders):
    listed = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, check=True, capture_output=True, text=True)
    return {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}


@pytest.mark.online
@pytest.mark.slow
def test_wheel_alone_brings_a_cluster_kubectl_and_the_course(wheel, tmp_path):
    with tempfile.TemporaryDirectory(dir=roomy(tmp_path)) as scratch:
        programs = install(Path(scratch) / "venv", f"podlab[plots] @ {wheel.as_uri()}", "ipykernel", "nbclient")
        names = ("HOME", "PATH", "SYSTEMROOT", "TEMP", "LANG")
        environment = {name: os.environ[name] for name in names if name in os.environ}
        environment |= {"HOME": str(tmp_path), "PODLAB_HOME": str(tmp_path / "home"), "IPYTHONDIR": str(tmp_path / "ipython")}
        environment["PATH"] = os.pathsep.join([str(programs), environment["PATH"]])

        def run(*words):
            done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=1000, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        run("podlab", "up")
        environment["KUBECONFIG"] = run("podlab", "kubeconfig").strip()
        assert "Ready" in run("kubectl", "get", "nodes")
        run("podlab", "course", "course")
        run("jupyter", "execute", "--inplace", str(Path("course", "notebooks", "01-talking.ipynb")))
        assert "0 new files" in run("podlab", "course", "course")
        assert "stopped" in run("podlab", "down")


BE_COLAB = "import sys, types\nsys.modules['google.colab'] = types.ModuleType('google.colab')"
EXECUTE = """\
import nbclient, nbformat, sys
book = nbformat.read(sys.argv[1], 4)
book.cells.insert(0, nbformat.v4.new_code_cell(sys.argv[2]))
nbclient.NotebookClient(book, timeout=600, kernel_name="python3").execute()
"""


@pytest.mark.online
@pytest.mark.slow
def test_chapter_fetches_podlab_on_colab_by_itself(wheel, tmp_path):
    """An environment with what Colab has and podlab needs, but without podlab, which pip finds beside it, offline."""
    with tempfile.TemporaryDirectory(dir=roomy(tmp_path)) as scratch:
        needs = ["-r", str(ROOT / "pyproject.toml"), "--extra", "plots"]
        programs = install(Path(scratch) / "venv", *needs, "ipykernel", "nbclient", "pip")
        python = str(programs / "python")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent), "IPYTHONDIR": str(tmp_path / "ipython")}
        environment |= {"PATH": os.pathsep.join([str(programs), environment["PATH"]]), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
        for cell, code in (("pass", 1), (BE_COLAB, 0)):
            words = [python, "-c", EXECUTE, str(ROOT / "notebooks" / "01-talking.ipynb"), cell]
            done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=1000, check=False)
            assert done.returncode == code, done.stderr
            assert code == 0 or "No module named 'podlab'" in done.stderr
        subprocess.run([python, "-m", "podlab.cli", "down"], env=environment, check=True, capture_output=True)


@pytest.mark.online
@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is for Linux")
def test_image_of_the_guide_to_grading_grades_without_rights_disk_or_network(wheel, tmp_path):
    """The steps of the Dockerfile in docs/grading.md, and then what an index of the Job runs, confined as its pod is."""
    assert 'RUN pip install --no-cache-dir "/podlab-0.1.0-py3-none-any.whl[course]"' in (ROOT / "docs/grading.md").read_text(
        "utf-8"
    )
    solved, broken = tmp_path / "solved", tmp_path / "broken"
    solved.mkdir()
    broken.mkdir()
    shutil.copy(ROOT / "exercises/01-talking/talking.ipynb", broken)
    text = (ROOT / "solutions/01-talking/talking.ipynb").read_text("utf-8")
    (solved / "talking.ipynb").write_text(text, "utf-8")
    share = pack(ROOT / "solutions/01-talking", ROOT / "exercises/01-talking", {"ann": solved, "bea": broken})
    (tmp_path / "0").write_bytes(share)
    with tempfile.TemporaryDirectory(dir=roomy(tmp_path)) as scratch:
        programs = install(Path(scratch) / "venv", f"podlab[course] @ {wheel.as_uri()}")
        confined = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
        confined += ["--ro-bind", str(tmp_path), "/tmp/shares", "--ro-bind", scratch, scratch]
        confined += [
            "--unshare-all",
            "--uid",
            "65532",
            "--gid",
            "65532",
            "--clearenv",
            "--setenv",
            "HOME",
            "/tmp",
            "--chdir",
            "/",
        ]
        words = [*confined, str(programs / "python"), "-m", "podlab.grading.batch", "/tmp/shares/0"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=1000, check=False)
    assert done.returncode == 0, done.stderr
    results = heard(done.stdout.splitlines())
    assert {student: points_of(found["books"]) for student, found in results.items()} == {"ann": 13.0, "bea": 0.0}


def install(venv, *packages):
    """Make an environment with some packages, in the versions that are locked; where its programs are."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(venv)], check=True)
    place = ["--python", str(venv), "--constraint", str(ROOT / "requirements.lock")]
    done = subprocess.run([*uv, "pip", "install", "--quiet", *place, *packages], capture_output=True, text=True, check=False)
    if done.returncode and any(words in done.stderr for words in OFFLINE):
        pytest.skip("no index can be reached")
    assert done.returncode == 0, done.stderr
    return venv / ("Scripts" if os.name == "nt" else "bin")
