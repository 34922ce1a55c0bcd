"""`podlab lab`: the course in JupyterLab, on the cluster that `connect` chooses, with `kubectl` set up in Lab's terminals.

The mock that this command starts it also stops, when JupyterLab ends. Without a screen, or as root, JupyterLab is started
so that it works there, and prints its URL. `labconfig` gives it a menu for the course.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from podlab.clusters.contexts import for_kubectl
from podlab.clusters.home import room
from podlab.clusters.mock import Mock
from podlab.connect import chosen, connect
from podlab.errors import ToolError
from podlab.lab import Lab

LABCONFIG = Path(__file__).parent  # Jupyter looks for a folder `labconfig` in it
JUPYTERS_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
WISH_SECONDS, MOST_WISHES = 1.0, 15


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, default=None, help="JupyterLab's port; by default the first free one from 8888 on")
    parser.add_argument("--no-browser", action="store_true", help="print the URL, open no browser")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), help="the folder to open; by default this one")


def run(arguments: argparse.Namespace) -> int:
    """Connect, start JupyterLab, and wait for its end."""
    if find_spec("jupyterlab") is None:
        raise ToolError("JupyterLab is not installed.", "pip install 'podlab[course]'")
    if arguments.port and is_taken(arguments.port):
        print(f"podlab: port {arguments.port} is taken; JupyterLab takes another, which its URL shows")
    choice = chosen()
    mock = Mock() if choice == "mock" else None
    was_running = mock is not None and mock.health().running
    lab = connect(choice)
    print(f"podlab: the course runs on {lab.name}, at {lab.api.connection.server}; Ctrl-C ends it", flush=True)
    try:
        return _serve(_command(arguments), _environment(lab))
    finally:
        if mock is not None and not was_running:
            mock.down(print)


def _serve(command: list[str], environment: dict[str, str]) -> int:
    """Run JupyterLab until it ends by itself: Ctrl-C is for JupyterLab, which asks back; a wish to end us is passed on to it.

    More than once, if need be: while it starts, JupyterLab may lose such a wish.
    """
    wishes = 0

    def wish(number: int, frame: Any) -> None:
        nonlocal wishes
        wishes = max(wishes, 1)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), wish)
    process = subprocess.Popen(command, env=environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # not before: a program inherits what is ignored
    while True:
        try:
            return process.wait(WISH_SECONDS)
        except subprocess.TimeoutExpired:
            if wishes:
                wishes += 1
                (process.terminate if wishes < MOST_WISHES else process.kill)()


def _command(arguments: argparse.Namespace) -> list[str]:
    folder = arguments.folder.resolve()
    words = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        "--log-level=ERROR",  # the URL is told all the same
        "--LabApp.log_level=ERROR",
        "--KernelManager.transport_encryption=auto",  # others on this machine cannot listen in; without it kernels warn of that
    ]
    start = next(
        (page for page in ("notebooks/index.ipynb", "notebooks/README.md", "notebooks") if (folder / page).exists()), None
    )
    if start:
        words.append(f"--LabApp.default_url=/lab/tree/{start}")
    if arguments.port is not None:
        words.append(f"--port={arguments.port}")
    if arguments.no_browser or not has_screen():
        words.append("--no-browser")
    if sys.platform != "win32" and os.geteuid() == 0:
        words.append("--allow-root")
    return words


def _environment(lab: Lab) -> dict[str, str]:
    """JupyterLab's environment: in its terminals kubectl is where the course is, and this Python's programs come first."""
    path = _first("PATH", Path(sys.executable).parent)
    kubeconfig = (
        str(lab.kubeconfig) if lab.api.allowed is None else for_kubectl(Path(str(lab.kubeconfig)), lab.context, lab.namespace)
    )
    config_path = _first("JUPYTER_CONFIG_PATH", LABCONFIG)
    return {**_folders(), **os.environ, "KUBECONFIG": kubeconfig, "PATH": path, "JUPYTER_CONFIG_PATH": config_path}


def _folders() -> dict[str, str]:
    """Where Jupyter keeps what is its own: in podlab's home, where the user's cannot be written to; else as it sees fit."""
    from jupyter_core.paths import jupyter_runtime_dir

    try:
        Path(jupyter_runtime_dir()).mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(jupyter_runtime_dir(), os.W_OK):
            return {}
    except OSError:
        pass
    return {name: str(room("jupyter") / name.lower()) for name in JUPYTERS_FOLDERS}


def _first(variable: str, folder: Path) -> str:
    """The value of a variable of the environment that lists folders, with one more before the others."""
    return os.pathsep.join([str(folder), *filter(None, [os.environ.get(variable)])])


def is_taken(port: int) -> bool:
    """Does another program listen on a port of this machine?"""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def has_screen() -> bool:
    """Could a browser show itself here?"""
    if os.environ.get("SSH_CONNECTION") or os.environ.get("CI"):
        return False
    if sys.platform.startswith(("win", "darwin")):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
