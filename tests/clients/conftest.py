"""A mock in a process of its own, and clients as their users have them: unmodified, told nothing but a kubeconfig."""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_SECONDS, eventually

WEB = """
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  terminationGracePeriodSeconds: 2
  containers:
  - name: server
    image: busybox:1.37
    command: ["sh", "-c", "mkdir /www; echo hello from $HOSTNAME > /www/index.html; exec httpd -f -v -p 8080 -h /www"]
    ports:
    - {name: http, containerPort: 8080}
  - name: ticker
    image: busybox:1.37
    command: ["sh", "-c", "trap exit TERM; n=0; while true; do n=$((n+1)); echo tick $n; sleep 1; done"]
"""


@dataclass(frozen=True)
class Mock:
    """A running mock."""

    folder: Path
    process: subprocess.Popen[bytes]
    url: str
    kubeconfig: Path

    @property
    def log(self) -> str:
        """What it said."""
        return (self.folder / "log").read_text("utf-8")


def start_mock(folder: Path, *options: str) -> Mock:
    """Starts a mock, and waits until it answers."""
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "podlab.mock.server", "--state-dir", str(folder), *options]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    state = folder / "state.json"

    def is_up() -> bool:
        assert process.poll() is None, (folder / "log").read_text("utf-8")
        return state.exists()

    eventually(is_up, "the mock")
    told = json.loads(state.read_text("utf-8"))
    return Mock(folder, process, told["url"], Path(told["kubeconfig"]))


def stop_mock(mock: Mock) -> None:
    """Stops a mock. It must have ended well, and without a traceback in its log."""
    mock.process.terminate()
    assert mock.process.wait(PATIENCE_SECONDS) == 0, mock.log
    assert "Traceback" not in mock.log, mock.log


@pytest.fixture(scope="session")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    """A mock in live pace, one for all tests of a worker."""
    running = start_mock(tmp_path_factory.mktemp("mock"))
    yield running
    stop_mock(running)


@pytest.fixture
def own_mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Mock]]:
    """Starts mocks of the test's own, with options; they stop with the test."""
    started: list[Mock] = []

    def start(*options: str) -> Mock:
        started.append(start_mock(tmp_path_factory.mktemp("own-mock"), *options))
        return started[-1]

    yield start
    for mock in started:
        stop_mock(mock)


@dataclass(frozen=True)
class Kubectl:
    """The kubectl of the wheel, on one mock and one namespace."""

    mock: Mock
    namespace: str
    home: Path

    def start(self, *words: str, **options: object) -> "subprocess.Popen[str]":
        """Starts kubectl; its end is the caller's business."""
        path = Path(sys.executable).with_name("kubectl")
        program = str(path) if path.exists() else "kubectl"
        environment = {**os.environ, "KUBECONFIG": str(self.mock.kubeconfig), "HOME": str(self.home), "TZ": "UTC"}
        settings = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
        place = [] if words[0] == "__complete" else ["--namespace", self.namespace]
        return subprocess.Popen([program, *place, *words], env=environment, **settings)  # type: ignore[call-overload]

    def run(self, *words: str, stdin: str = "", code: int | None = 0) -> "subprocess.CompletedProcess[str]":
        """Runs kubectl to its end, which must be ``code`` (None for any)."""
        process = self.start(*words)
        try:
            out, err = process.communicate(stdin, timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            pytest.fail(f"kubectl {' '.join(words)} does not end\n{out}\n{err}\n{self.mock.log}")
        if code is not None:
            assert process.returncode == code, f"kubectl {' '.join(words)} -> {process.returncode}\n{out}\n{err}"
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def __call__(self, *words: str, stdin: str = "") -> str:
        """The output of a kubectl that succeeds."""
        return self.run(*words, stdin=stdin).stdout

    def fails(self, *words: str, stdin: str = "") -> str:
        """The error of a kubectl that fails."""
        done = self.run(*words, stdin=stdin, code=None)
        assert done.returncode != 0, f"kubectl {' '.join(words)} succeeds\n{done.stdout}"
        return done.stderr

    def json(self, *words: str) -> dict[str, object]:
        """The object that kubectl gets."""
        found: dict[str, object] = json.loads(self(*words, "-o", "json"))
        return found

    def apply(self, manifest: str) -> str:
        """Applies a manifest."""
        return self("apply", "-f", "-", stdin=manifest)

    def web(self) -> None:
        """Makes the pod ``web``, and waits until it is ready."""
        self.apply(WEB)
        self("wait", "--for=condition=Ready", "pod/web", "--timeout=120s")


_numbers = iter(range(1, 1_000_000))


@pytest.fixture
def kubectl_on(tmp_path: Path) -> Callable[[Mock], Kubectl]:
    """Makes kubectls, each with a namespace of its own."""

    def make(mock: Mock) -> Kubectl:
        kubectl = Kubectl(mock, f"test-{os.getpid()}-{next(_numbers)}", tmp_path)
        kubectl("create", "namespace", kubectl.namespace)
        return kubectl

    return make


@pytest.fixture
def kubectl(mock: Mock, kubectl_on: Callable[[Mock], Kubectl]) -> Iterator[Kubectl]:
    """kubectl in a namespace of the test's own."""
    made = kubectl_on(mock)
    yield made
    made.run("delete", "namespace", made.namespace, "--wait=false", code=None)


@pytest.fixture
def namespace(kubectl: Kubectl) -> str:
    """The name of a namespace of the test's own."""
    return kubectl.namespace


@pytest.fixture
def tidy() -> Iterator[None]:
    """Collects what a client left behind in the test that used it, so that no later test is told of its open sockets."""
    yield
    gc.collect()
