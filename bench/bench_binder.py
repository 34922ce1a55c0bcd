"""Binder's image: how big it is, how soon the first pod is Ready, and how much memory two open notebooks take.

    python bench/bench_binder.py [--chapters 01-talking 02-init]

Makes the image as `tests/binder` does (repo2docker's steps without Docker: a virtual environment stands in for conda's, whose
own share is not measured), starts what Binder starts, opens the chapters as a browser does, and runs all their cells.
Memory is the sum of what server, kernels and mock hold, shared pages shared out among them (PSS).
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import websocket

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.binder.image import ROOT, Image, render, roomy

MIB = 1024 * 1024
LIMIT_MIB = 512
FIRST_POD = """\
import podlab
lab = podlab.connect()
lab.apply('''{apiVersion: v1, kind: Pod, metadata: {name: first}, spec: {containers: [
    {name: app, image: "busybox:1.37", command: [sleep, "3600"]}]}}''')
lab.wait("pod/first", "Ready")
lab.delete("pod/first", grace_seconds=0)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chapters", nargs=2, default=["01-talking", "02-init"])
    chapters = parser.parse_args().chapters
    with tempfile.TemporaryDirectory(dir=roomy(Path(tempfile.gettempdir()))) as folder:
        started = time.perf_counter()
        image = Image(Path(folder), compiled=True)
        image.play(render(ROOT))
        tell("to make the environment", f"{time.perf_counter() - started:.0f} s")
        tell("environment", f"{size(image.prefix) / MIB:.0f} MiB")
        tell("the course in the user's home", f"{(size(image.home)) / MIB:.1f} MiB")
        for run in ("first", "second"):
            with serve(image) as server:
                tell(f"{run} start: the server answers", f"{server.answered_seconds:.2f} s after its start")
                server.open("first.ipynb").execute(FIRST_POD)
                tell(f"{run} start: first pod Ready", f"{server.seconds():.2f} s after the server's start")
        with serve(image) as server:
            for chapter in chapters:
                run_all(server.open(f"notebooks/{chapter}.ipynb"), image.home / "notebooks" / f"{chapter}.ipynb")
            total = 0.0
            for name, mib in server.memory():
                tell(f"memory: {name}", f"{mib:.0f} MiB")
                total += mib
            tell("memory with two notebooks open", f"{total:.0f} MiB, {total / LIMIT_MIB:.2f} of {LIMIT_MIB}")


def tell(what: str, figure: str) -> None:
    """A line of the table."""
    print(f"{what:36} {figure}", flush=True)


def size(folder: Path) -> int:
    """Bytes on disk, a file with several names counted once."""
    seen = {(status.st_dev, status.st_ino): status.st_blocks * 512 for status in map(os.lstat, folder.rglob("*"))}
    return sum(seen.values())


class Server:
    """A running Jupyter server.

    Args:
        process: its process.
        port: where it listens.
    """

    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.process, self.port, self._started = process, port, time.perf_counter()
        while True:
            try:
                self.ask("GET", "api/status")
                break
            except OSError:
                time.sleep(0.01)
        self.answered_seconds = self.seconds()

    def seconds(self) -> float:
        """Since the start."""
        return time.perf_counter() - self._started

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """A request to Jupyter's API."""
        headers = {"Authorization": "token t", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def open(self, path: str) -> "Kernel":
        """Open a notebook: a session with a kernel."""
        session = self.ask(
            "POST", "api/sessions", {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        )
        return Kernel(f"ws://127.0.0.1:{self.port}/api/kernels/{session['kernel']['id']}/channels?token=t")

    def memory(self) -> Iterator[tuple[str, float]]:
        """Each process with the MiB that it holds."""
        server = psutil.Process(self.process.pid)
        for process in (server, *server.children(recursive=True)):
            words = " ".join(process.cmdline())
            name = (
                "mock"
                if "podlab.mock" in words
                else "kernel"
                if "ipykernel" in words
                else "server"
                if process == server
                else words[:20]
            )
            yield name, process.memory_full_info().pss / MIB


class Kernel:
    """A kernel behind the server's WebSocket."""

    def __init__(self, url: str) -> None:
        self._socket = websocket.create_connection(url, timeout=120)

    def execute(self, code: str) -> None:
        """Run a cell to its end."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        header = {"msg_id": uuid4().hex, "msg_type": "execute_request", "session": "bench", "username": "", "version": "5.3"}
        parts = {"header": header, "parent_header": {}, "metadata": {}, "content": {**content, "stop_on_error": False}}
        self._socket.send(json.dumps({**parts, "channel": "shell", "buffers": []}))
        while True:
            message = json.loads(self._socket.recv())
            if message["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return


def run_all(kernel: Kernel, notebook: Path) -> None:
    """Run every cell of a notebook."""
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            kernel.execute("".join(cell["source"]))


@contextmanager
def serve(image: Image) -> Iterator[Server]:
    """What Binder starts, without a network."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    words = [image.environment["R2D_ENTRYPOINT"], *image.command, f"--port={port}", "--no-browser", "--IdentityProvider.token=t"]
    with image.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield Server(process, port)
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
