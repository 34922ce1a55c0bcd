"""`podlab lab`: JupyterLab over HTTP, on a mock that ends with it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from podlab.cli import lab, main
from podlab.clusters.mock import Mock
from podlab.lab import Lab
from tests.ports import free_port
from tests.waiting import PATIENCE_SECONDS, eventually


def answer(url):
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as response:
            return response.read()
    except (OSError, urllib.error.HTTPError):
        return b""


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "JUPYTERLAB_SETTINGS_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    return tmp_path


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="ends it with a signal")
def test_lab_serves_where_the_users_home_cannot_be_written_to(tmp_path, monkeypatch):
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").touch()  # not even root can make a folder there
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    port = free_port()
    command = [sys.executable, "-m", "podlab.cli", "lab", "--port", str(port), "--no-browser", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        eventually(lambda: b"version" in answer(f"http://127.0.0.1:{port}/api") or process.poll() is not None)
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="ends it with a signal")
def test_lab_serves_jupyterlab_and_ends_with_its_mock(home):
    port = free_port()
    command = [sys.executable, "-m", "podlab.cli", "lab", "--port", str(port), "--no-browser", str(home)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        eventually(lambda: b"version" in answer(f"http://127.0.0.1:{port}/api"))
        assert json.loads(answer(f"http://127.0.0.1:{port}/api"))["version"]
        assert b"JupyterLab" in answer(f"http://127.0.0.1:{port}/lab") or b"token" in answer(f"http://127.0.0.1:{port}/login")
        assert Mock().health().running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)
    assert Mock().state() is None


@pytest.mark.skipif(os.name == "nt", reason="ends it with a signal")
def test_wish_to_end_that_was_lost_is_told_again(monkeypatch, tmp_path):
    """JupyterLab does not hear a SIGTERM that comes while it starts."""
    deaf = (
        "import os, signal, sys, time\n"
        "heard = []\n"
        "signal.signal(signal.SIGTERM, lambda *_: heard.append(1) if not heard else sys.exit(7))\n"
        "os.kill(os.getppid(), signal.SIGTERM)\n"
        "while True: time.sleep(0.05)\n"
    )
    monkeypatch.setattr(lab, "WISH_SECONDS", 0.1)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        assert lab._serve([sys.executable, "-c", deaf], dict(os.environ)) == 7
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_port_that_is_taken_is_told(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(lab, "_serve", lambda command, environment: 0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["lab", "--port", str(port), str(tmp_path)]) == 0
    assert f"port {port} is taken" in capsys.readouterr().out
    assert not lab.is_taken(port)


def test_lab_opens_no_browser_where_there_is_no_screen(monkeypatch, tmp_path):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not lab.has_screen()
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("CI", raising=False)
    assert lab.has_screen()
    monkeypatch.setenv("CI", "true")
    assert not lab.has_screen()


def test_labs_terminals_have_kubectl_and_its_cluster():
    environment = lab._environment(Lab(Mock().kubeconfig))
    assert environment["KUBECONFIG"] == str(Mock().kubeconfig)
    assert environment["PATH"].split(os.pathsep)[0] == os.path.dirname(sys.executable)
