"""`podlab up`, `down`, `status`, `kubeconfig` and `doctor` with the mock: real processes, each test in a home of its own."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading

import psutil
import pytest

from podlab.clusters.mock import Mock
from podlab.connect import connect
from podlab.errors import ClusterError
from tests.waiting import eventually

PODLAB = [sys.executable, "-m", "podlab.cli"]


def podlab(*words, check=True):
    done = subprocess.run([*PODLAB, *words], capture_output=True, text=True)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(autouse=True)
def stopped_in_the_end():
    yield
    Mock().down(print)


def is_gone(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def kill(state):
    process = psutil.Process(state.pid)
    process.kill()
    eventually(lambda: is_gone(process))


def test_up_says_what_to_do_next_and_the_mock_answers():
    said = podlab("up").stdout
    state = Mock().state()
    assert f"mock is running at {state.url} (process {state.pid})" in said
    assert f"export KUBECONFIG={Mock().kubeconfig}" in said
    assert "kubectl get nodes" in said
    nodes = podlab("kubectl", "get", "nodes", "-o", "name").stdout
    assert nodes.startswith("node/")


def test_up_twice_is_one_mock():
    podlab("up")
    first = Mock().state()
    podlab("up")
    assert Mock().state() == first


def test_ups_at_once_are_one_mock():
    processes = [subprocess.Popen([*PODLAB, "up"], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    state = Mock().state()
    assert all(f"process {state.pid}" in text for text in said)


def test_kubeconfig_prints_its_path_and_nothing_else():
    podlab("up")
    assert podlab("kubeconfig").stdout == f"{Mock().kubeconfig}\n"


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_kubeconfig_is_the_users_alone():
    podlab("up")
    assert stat.S_IMODE(Mock().kubeconfig.stat().st_mode) == 0o600
    assert stat.S_IMODE(Mock().folder.stat().st_mode) == 0o700
    assert Mock().state().url.startswith("https://127.0.0.1:")


def test_kubeconfig_without_a_cluster_is_an_error():
    done = podlab("kubeconfig", check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "podlab up" in done.stderr


def test_down_stops_the_process_and_leaves_nothing():
    podlab("up")
    process = psutil.Process(Mock().state().pid)
    assert "mock is stopped" in podlab("down").stdout
    assert is_gone(process)
    assert not Mock().kubeconfig.exists()
    assert Mock().state() is None
    assert "was not running" in podlab("down").stdout


def test_status_tells_running_from_stopped():
    assert podlab("status", check=False).returncode == 1
    podlab("up")
    done = podlab("status")
    assert f"running at {Mock().state().url}" in done.stdout


def test_mock_that_was_killed_is_told_and_mended():
    podlab("up")
    first = Mock().state()
    kill(first)
    status = podlab("status", check=False).stdout
    assert f"died (process {first.pid} is gone)" in status
    assert "podlab up" in status
    assert "its pods are gone with it" in podlab("up").stdout
    assert Mock().state().pid != first.pid


def test_state_of_another_process_that_got_the_number_is_stale():
    podlab("up")
    state = Mock().state()
    kill(state)
    lying = {"pid": os.getpid(), "url": state.url, "kubeconfig": state.kubeconfig, "started": 1.0}
    (Mock().folder / "state.json").write_text(json.dumps(lying), "utf-8")
    assert not Mock().health().running
    podlab("down")
    assert psutil.Process(os.getpid()).is_running()


def test_lab_tells_that_its_mock_was_killed_and_goes_on_with_the_next():
    lab = connect("mock")
    lab.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: there}")
    kill(Mock().state())
    with pytest.raises(ClusterError) as caught:
        lab.get("pods")
    assert "does not answer" in caught.value.message
    assert "podlab up" in caught.value.hint
    podlab("up")
    assert lab.get("pods") == []


def test_mock_that_cannot_start_shows_the_end_of_its_log(monkeypatch):
    monkeypatch.setattr(Mock, "_command", lambda self: [sys.executable, "-c", "import sys; sys.exit('no loopback here')"])
    with pytest.raises(ClusterError, match="no loopback here"):
        Mock().up(print)


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_home_that_cannot_be_written_to_is_told(tmp_path, monkeypatch):
    words = [*PODLAB, "up"]
    if os.geteuid() == 0:  # who may write anywhere
        words = ["unshare", "--user", "--map-user=1000", "--map-group=1000", *words]
    tmp_path.chmod(0o500)
    monkeypatch.setenv("PODLAB_HOME", str(tmp_path / "home"))
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if "unshare failed" in done.stderr:
        pytest.skip("root may write anywhere, and may not become somebody else")
    assert done.returncode == 1
    assert "PODLAB_HOME" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_ctrl_c_in_the_terminal_does_not_reach_the_mock():
    done = subprocess.Popen([*PODLAB, "up"], stdout=subprocess.DEVNULL, start_new_session=True)
    done.wait()
    state = Mock().state()
    assert os.getsid(state.pid) != done.pid
    with pytest.raises(ProcessLookupError):
        os.killpg(done.pid, signal.SIGINT)
    assert Mock().health().running


def test_doctor_finds_the_mock_usable():
    assert "mock" in podlab("doctor").stdout
    podlab("up")
    said = podlab("doctor").stdout
    assert "Kubernetes v1." in said
    assert "all permissions that podlab needs" in said


def test_connect_from_two_threads_is_one_mock():
    labs = []
    threads = [threading.Thread(target=lambda: labs.append(connect("mock"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {lab.api.connection.server for lab in labs} == {Mock().state().url}


@pytest.mark.parametrize("words", [(), ("--help",), ("up", "--help"), ("--version",)])
def test_help_is_given(words):
    assert podlab(*words).stdout


def test_unknown_command_is_a_wrong_call():
    done = podlab("fly", check=False)
    assert done.returncode == 2
    assert "there is no command 'fly'" in done.stderr


def test_mock_whose_state_is_damaged_is_found_and_replaced():
    podlab("up")
    before = psutil.Process(Mock().state().pid)
    (Mock().folder / "state.json").write_text('{"pid": ', "utf-8")
    assert "mock      cannot be found (state.json is damaged)  [podlab up]" in podlab("status", check=False).stdout
    said = podlab("up").stdout
    assert "The mock that was there cannot be found (state.json is damaged); its pods are gone with it." in said
    assert is_gone(before)
    assert podlab("kubectl", "get", "nodes", "-o", "name").stdout.startswith("node/")


def test_mock_whose_state_is_damaged_is_stopped_by_down():
    podlab("up")
    before = psutil.Process(Mock().state().pid)
    (Mock().folder / "state.json").write_text("", "utf-8")
    assert "mock is stopped" in podlab("down").stdout
    assert is_gone(before)
    assert "not running" in podlab("status", check=False).stdout


@pytest.mark.parametrize("text", ["", "apiVersion: v1\nkind: Config\n"])
def test_up_mends_a_kubeconfig_that_is_damaged(text):
    podlab("up")
    before = psutil.Process(Mock().state().pid)
    Mock().kubeconfig.write_text(text, "utf-8")
    assert "cannot be spoken to (its kubeconfig is damaged)  [podlab up]" in podlab("status", check=False).stdout
    assert connect().get("nodes")  # which starts a mock, as `podlab up` does
    assert is_gone(before)
