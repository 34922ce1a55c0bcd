"""`advance`: at once where time is simulated; where it is everybody's, as long as it takes, unless it is skipped."""

import os
import select
import signal
import subprocess
import sys
import time

import pytest
from jupyter_client.manager import start_new_kernel

from podlab.clusters.mock import Mock
from podlab.lab import Lab, passing, progress
from tests.clusters.stranger import Stranger
from tests.waiting import PATIENCE_SECONDS

LONG = 3600
QUIET = ("CI", "NBGRADER_EXECUTION", "NBGRADER_VALIDATING", "PODLAB_QUIET")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    server = Stranger(tmp_path_factory.mktemp("stranger"))
    server.up(print)
    yield server.kubeconfig_at(tmp_path_factory.mktemp("elsewhere") / "config")
    server.down(print)


@pytest.fixture
def looked_at(monkeypatch):
    """Somebody looks, and so does whoever looks at a process that this one starts."""
    for name in QUIET:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(progress, "_on_terminal", lambda: True)
    monkeypatch.setattr(passing, "_skipped_at", float("-inf"))


@pytest.fixture
def interrupted(monkeypatch):
    """A user who interrupts as soon as podlab begins to wait in earnest."""

    def sleep(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(passing.time, "sleep", sleep)


def test_time_that_is_everybodys_passes_in_earnest(stranger):
    lab = Lab(stranger)
    started = time.monotonic()
    lab.advance(0.6)
    assert time.monotonic() - started >= 0.6
    assert not lab.api.connection.shows_clock


def test_simulated_time_jumps(tmp_path):
    mock = Mock(tmp_path)
    mock.up(print)
    try:
        lab = Lab(mock.kubeconfig)
        lab.get("pods")
        before = lab.api.connection.now()
        lab.advance(LONG)
        assert lab.api.connection.shows_clock
        assert lab.api.connection.now() - before >= LONG
    finally:
        mock.down(print)


def test_interrupt_skips_what_is_left(stranger, looked_at, interrupted, capsys):
    Lab(stranger).advance(LONG)
    assert capsys.readouterr().out.startswith("Skipped 3600 of 3600 s: what follows may come too early.")


def test_second_interrupt_right_after_stops(stranger, looked_at, interrupted):
    lab = Lab(stranger)
    lab.advance(LONG)
    with pytest.raises(KeyboardInterrupt, match="Interrupted twice"):
        lab.advance(LONG)


@pytest.mark.parametrize("seconds", [LONG, passing.OFFER_SECONDS / 2])
def test_interrupt_stops_where_nothing_was_offered(stranger, looked_at, interrupted, monkeypatch, seconds):
    if seconds == LONG:
        monkeypatch.setenv("PODLAB_QUIET", "1")
    with pytest.raises(KeyboardInterrupt):
        Lab(stranger).advance(seconds)


def test_steps_of_a_wait_for_a_log_are_not_skipped(stranger, looked_at, interrupted):
    lab = Lab(stranger)
    with lab.session() as own:
        own.apply(POD)
        own.wait("pod/web")
        with pytest.raises(KeyboardInterrupt, match="Interrupted while waiting for 'never' in the log"):
            own.wait_log("web", "never")


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - {name: app, image: "busybox:1.37", command: [sleep, "3600"]}
"""

# -- in a kernel, whose notebook has no way to answer a question


class Kernel:
    """A kernel, and what comes from it."""

    def __init__(self, folder, kubeconfig):
        environment = {name: value for name, value in os.environ.items() if name not in QUIET}
        environment |= {"PODLAB_KUBECONFIG": str(kubeconfig), "IPYTHONDIR": str(folder), "JUPYTER_RUNTIME_DIR": str(folder)}
        self.manager, self.client = start_new_kernel(kernel_name="python3", env=environment, startup_timeout=PATIENCE_SECONDS)
        self.text = ""

    def start(self, code):
        self.text = ""
        self.client.execute(code, allow_stdin=False)

    def read(self, until):
        """Read on until a message is of a kind, or has a text in it."""
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE_SECONDS)
            content = message["content"]
            self.text += content.get("text") or "\n".join(content.get("traceback", ()))
            if until in (message["msg_type"], content.get("execution_state")) or until in self.text:
                return

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel(tmp_path, stranger):
    made = Kernel(tmp_path, stranger)
    yield made
    made.stop()


def test_kernels_interrupt_skips_and_the_cell_goes_on(kernel):
    kernel.start("import podlab\nlab = podlab.connect()\nlab.advance(3600)\nprint('and', 'then')")
    kernel.read("comm_open")  # the bar, which appears while time passes
    kernel.manager.interrupt_kernel()
    kernel.read("and then")
    kernel.read("idle")
    assert "of 3600 s: what follows may come too early" in kernel.text
    assert "Error" not in kernel.text
    assert "Interrupt:" not in kernel.text


def test_kernels_interrupt_of_a_wait_is_told_in_a_line(kernel):
    kernel.start("import podlab\nlab = podlab.connect()\nlab.wait('configmap/never', 'created', 3600)")
    kernel.read("comm_open")
    kernel.manager.interrupt_kernel()
    kernel.read("error")
    assert kernel.text.splitlines()[-1] == "KeyboardInterrupt: Interrupted while waiting for configmap/never (created)."
    assert "Traceback" not in kernel.text


# -- on a terminal


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX")
def test_ctrl_c_on_a_terminal_skips(stranger, looked_at):
    import termios

    code = "import sys; from podlab.lab import Lab; Lab(sys.argv[1]).advance(3600); print('and', 'then')"
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    command = [sys.executable, "-c", code, str(stranger)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    try:
        said = read_until(ours, b"of 3600 s")
        process.send_signal(signal.SIGINT)
        said += read_until(ours, b"and then")
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert b"letting 3600 s pass (Ctrl-C skips them)" in said
    assert b"of 3600 s: what follows may come too early" in said


def read_until(terminal, words):
    said = b""
    while words not in said:
        ready, _, _ = select.select([terminal], [], [], PATIENCE_SECONDS)
        assert ready, said
        said += os.read(terminal, 4096)
    return said
