"""Every command that the README and the page on grading give is run as a new user would, or is named here with a reason.

The new user has no rights, a home of their own, and either a clean clone with Python and make, or a wheel and pip.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from podlab.clusters.mock import Mock
from tests.binder.image import roomy
from tests.clusters import sessions
from tests.clusters.playing import POSIX, Stage
from tests.ports import free_port
from tests.test_wheel import ROOT, install, wheel  # noqa: F401 - a fixture
from tests.waiting import PATIENCE_SECONDS

PAGES = ("README.md", "docs/grading.md")
UNPRIVILEGED = ("unshare", "--user", "--map-user=1000", "--map-group=1000")

# (what a command begins with, why it is not run here)
NOT_RUN = (
    ("make test", "it is what runs this"),
    ("make conformance", "`tests/conformance` plays what it plays"),
    ("KUBECONFIG=... make conformance", "`tests/conformance` plays what it plays"),
    ("nbgrader release_assignment", "wants an exchange, which an instructor's hub has"),
    ("nbgrader collect", "wants an exchange, which an instructor's hub has"),
    ("nbgrader release_feedback", "wants an exchange; `tests/grading` releases into one"),
    ("podlab grade 01-talking --cluster", "`tests/grading` grades on a cluster"),
    ("podlab grade 01-talking --on", "`tests/grading` sends the Job"),
    ("podlab export canvas --template", "`tests/grading` fills in templates"),
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.online,
    pytest.mark.skipif(not POSIX or not shutil.which("make"), reason="wants make, and a shell that POSIX describes"),
]


def blocks(language, page="README.md"):
    """The blocks of a language on a page, by the section that they are in."""
    found = {}
    for section in re.split(r"^## ", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE):
        title = section.partition("\n")[0] if not section.startswith("#") else ""
        found[title] = re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return found


def commands(page):
    """The commands of a page: a line each in its blocks, and those that stand in its tables and text."""
    text = (ROOT / page).read_text("utf-8")
    lines = [
        line for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL) for line in block.splitlines()
    ]
    spoken = re.findall(
        r"`((?:podlab|make|nbgrader|KUBECONFIG=\S+ make) [^`]*)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    )
    return [bare(line) for line in [*lines, *spoken] if bare(line)]


def bare(line):
    """A line without its comment."""
    return re.sub(r"\s+#.*", "", line).strip()


def why_not(command):
    """Why a command is not run here; empty when it is."""
    return next((reason for start, reason in NOT_RUN if command.startswith(start)), "")


def block_with(word, section):
    """The lines of the one block of commands in a section that has a word in it."""
    (block,) = [block for block in blocks("console")[section] if word in block]
    return list(filter(None, map(bare, block.splitlines())))


# What the tests below run. It stands here, and not in the tests, for each of them may be the only one in its process.
CLONE = [line for line in commands("README.md") if line.startswith("git clone")]
ON_KIND = block_with("kind", "For a student with a cluster")
ON_CONTEXT = block_with("my-context", "For a student with a cluster")
FROM_A_WHEEL = block_with("pip install", "For a student")
LIBRARY = "For somebody who wants the library, or the mock, alone"
ALONE = block_with("", LIBRARY)
GRADING = [
    line
    for line in dict.fromkeys(line for page in PAGES for line in commands(page))
    if line.startswith(("podlab grade", "podlab report", "podlab export")) and not why_not(line)
]
ASSIGNMENT, LAB = "nbgrader generate_assignment 01-talking --create --force", "make lab"
RUN = [*CLONE, *ON_KIND, *ON_CONTEXT, *FROM_A_WHEEL, *ALONE, *GRADING, ASSIGNMENT, LAB]


class User:
    """Somebody new.

    Args:
        folder: an empty folder for all that they have.
        path: where their programs are.
    """

    def __init__(self, folder, path):
        self.folder = folder
        names = [
            name for name in os.environ if re.match(r"(?i)ssl_|.*_proxy$|lang$|lc_|uv_|pip_(cert|index|trusted|default)", name)
        ]
        self.environment = {name: os.environ[name] for name in names}
        (folder / "home").mkdir()
        self.environment |= {
            "HOME": str(folder / "home"),
            "PATH": path,
            "UV_CACHE_DIR": cache(),
            "IPYTHONDIR": str(folder / "home"),
        }
        may = (
            shutil.which("unshare") and subprocess.run([*UNPRIVILEGED, "true"], capture_output=True, check=False).returncode == 0
        )
        self.prefix = UNPRIVILEGED if may else ()

    def start(self, command, folder, **options):
        """Start a command in a shell."""
        words = [*self.prefix, "bash", "-euo", "pipefail", "-c", command]
        options = {"stdin": subprocess.DEVNULL, **options}
        return subprocess.Popen(
            words, cwd=folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
        )

    def run(self, command, folder, **options):
        """What a command says; it must succeed."""
        process = self.start(command, folder, **options)
        said, _ = process.communicate()
        if process.returncode and any(
            words in said for words in ("error sending request", "dns error", "No matching distribution")
        ):
            pytest.skip("no index can be reached")
        assert process.returncode == 0, f"{command}\n{said}"
        return said

    @contextmanager
    def serving(self, command, folder, flags):
        """A command that starts JupyterLab, while it runs; what it has said by then."""
        port = free_port()
        process = self.start(f"{command} {flags(port)}", folder, start_new_session=True)
        said = []
        try:
            for line in process.stdout:
                said.append(line)
                if f"127.0.0.1:{port}" in line and "token=" in line:
                    break
            else:
                pytest.fail(f"{command} has ended\n{''.join(said)}")
            assert "JupyterLab" in page(said[-1].strip())
            yield "".join(said)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.communicate(timeout=PATIENCE_SECONDS)
            except subprocess.TimeoutExpired as late:
                os.killpg(process.pid, signal.SIGKILL)
                pytest.fail(f"{command} did not end\n{''.join(said)}{(late.output or b'').decode()}")


def page(url):
    """A page, as soon as there is one: the URL is told before it can be asked."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
                return answer.read().decode()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def cache():
    return subprocess.run([sys.executable, "-m", "uv", "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()


def by_make(port):
    return f"LABFLAGS='--no-browser --port={port}'"


def by_podlab(port):
    return f"--no-browser --port={port}"


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    """Somebody with a clean clone, in which `make lab` has been called once."""
    with tempfile.TemporaryDirectory(dir=roomy(tmp_path_factory.getbasetemp())) as folder:
        user = User(Path(folder), os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        (command,) = CLONE
        here = command.replace("https://github.com/podlab/podlab", f"{shlex.quote(str(ROOT))} podlab")
        with user.serving(here, user.folder, by_make) as said:
            assert "with what the course needs" in said
            assert "the course runs on mock" in said
            assert "/lab/tree/notebooks/index.ipynb" in said
        user.clone = user.folder / "podlab"
        user.environment["PATH"] = os.pathsep.join([str(user.clone / ".venv" / "bin"), os.environ["PATH"]])
        yield user


def test_make_lab_starts_at_once_the_second_time(newcomer):
    with newcomer.serving(LAB, newcomer.clone, by_make) as said:
        assert "Setting up" not in said
    assert not (newcomer.folder / "home/.local/state/podlab/mock/state.json").exists()


def test_instructor_grades_reports_and_exports(newcomer):
    place = newcomer.clone / "grading/submitted/kim/01-talking"
    place.mkdir(parents=True)
    shutil.copyfile(ROOT / "solutions/01-talking/talking.ipynb", place / "talking.ipynb")
    for command in [ASSIGNMENT, *GRADING]:
        said = newcomer.run(command.replace("canvas|moodle|blackboard", "moodle 01-talking"), newcomer.clone)
        if command == "podlab grade 01-talking":
            assert "1 graded" in said
    assert "kim" in (newcomer.clone / "canvas.csv").read_text("utf-8")
    assert (newcomer.clone / "grading/report/01-talking.html").exists()
    assert (newcomer.clone / "grading/feedback/kim/01-talking/talking.html").exists()


@pytest.fixture
def far(tmp_path):
    """A cluster, somewhere."""
    mock = Mock(tmp_path / "far")
    mock.folder.mkdir()
    mock.up(print)
    yield mock
    mock.down(print)


def test_student_with_kind(newcomer, far, tmp_path, monkeypatch):
    doctor, up, lab, down = ON_KIND
    (tmp_path / "stage").mkdir()
    stage = Stage(tmp_path / "stage", monkeypatch, ("kind", "docker"))
    monkeypatch.undo()
    kubeconfig = far.kubeconfig.read_text("utf-8")
    stage.play(
        {"call": "docker info", "says": sessions.json.dumps(sessions.DOCKER_INFO)},
        {"call": "kind get clusters", "complains": "No kind clusters found.\n"},
        {"call": "kind create cluster", "complains": sessions.KIND_CREATED, "kubeconfig": kubeconfig},
        {"call": "docker pull"},
        {"call": "kind load docker-image"},
        {"call": "kind delete cluster"},
    )
    with with_path(newcomer, stage.folder):
        assert "ok  kind" in newcomer.run(f"{doctor} || true", newcomer.clone)
        assert "kind is running" in newcomer.run(up, newcomer.clone)
        with newcomer.serving(lab, newcomer.clone, by_make) as said:
            assert "the course runs on kind" in said
        with newcomer.serving("env PODLAB_CLUSTER=mock make lab", newcomer.clone, by_make) as said:
            assert "the course runs on mock" in said
        assert "kind is stopped" in newcomer.run(down, newcomer.clone)


def test_student_with_a_context(newcomer, far):
    doctor, up, lab, down = ON_CONTEXT
    config = yaml.safe_load(far.kubeconfig.read_text("utf-8"))
    config["contexts"][0]["name"] = config["current-context"] = "my-context"
    kube = newcomer.folder / "home" / ".kube"
    kube.mkdir()
    (kube / "config").write_text(yaml.safe_dump(config), "utf-8")
    assert "all permissions" in newcomer.run(doctor, newcomer.clone)
    ours, theirs = os.openpty()
    os.write(ours, b"yes\n")
    assert "Go on? [y/N]" in newcomer.run(up, newcomer.clone, stdin=theirs)
    os.close(ours)
    os.close(theirs)
    with newcomer.serving(f"env {lab}", newcomer.clone, by_make) as said:
        assert "the course runs on my-context" in said
    assert "is removed" in newcomer.run(down, newcomer.clone)


@contextmanager
def with_path(user, folder):
    """A folder of programs before the user's others."""
    before = user.environment["PATH"]
    user.environment["PATH"] = os.pathsep.join([str(folder), before])
    try:
        yield
    finally:
        user.environment["PATH"] = before


@pytest.fixture(scope="module")
def installer(wheel, tmp_path_factory):  # noqa: F811
    """Somebody with an empty environment, outside of any checkout, whose pip finds what podlab needs, and podlab's wheel."""
    with tempfile.TemporaryDirectory(dir=roomy(tmp_path_factory.getbasetemp())) as folder:
        needs = ["-r", str(ROOT / "pyproject.toml"), "--extra", "course"]
        programs = install(Path(folder) / "venv", *needs, "pip")
        user = User(Path(folder), os.pathsep.join([str(programs), os.environ["PATH"]]))
        user.environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent)}
        yield user


def test_somebody_who_wants_the_library_alone(installer, tmp_path):
    (python,) = blocks("python")[LIBRARY]
    *before, down = ALONE
    (installer.folder / "pod.yaml").write_text(POD, "utf-8")
    (installer.folder / "try.py").write_text(python, "utf-8")
    said = installer.run("\n".join([*before, "python try.py", down]), installer.folder)
    assert re.search(r"node\S* +Ready", said), said
    assert "mock is stopped" in said


def test_student_without_git_and_make(installer):
    pip, course = FROM_A_WHEEL
    installer.run(pip, installer.folder)
    copy, lab = course.split(" && ")
    assert "new files" in installer.run(copy, installer.folder)
    with installer.serving(lab, installer.folder, by_podlab) as said:
        assert "/lab/tree/notebooks/index.ipynb" in said


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: app, image: "busybox:1.37", command: [sleep, "3600"]}
"""


def test_no_command_is_left_out():
    spoken_of = ("podlab grade`", "podlab report", "podlab up", "podlab grade", "make notebooks", "podlab export", "podlab down")
    for page in PAGES:
        for command in commands(page):
            known = command in RUN or why_not(command) or command in spoken_of
            assert known, f"{page}: `{command}` is neither run nor named in NOT_RUN"
