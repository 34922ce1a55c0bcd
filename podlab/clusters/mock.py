"""The mock as a process of its own: started detached, found again by any notebook or terminal of the user's, stopped.

The server writes `state.json` when it answers (see `docs/architecture.md`). That file, and whether its process still
lives, are the whole truth; where somebody has damaged what stands in the folder, the process is found by its command and makes
room for a new one. A lock keeps two starts at once from making two mocks. This module is on the path of `podlab
up`, so it imports little, and what it needs later it imports while the server is starting.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from podlab.clusters.backend import Health, Say
from podlab.clusters.home import room
from podlab.errors import ClusterError

START_SECONDS = 60.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.004
LOG_LINES = 12
STATE_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class State:
    """What a running mock says of itself.

    Attributes:
        pid: its process.
        url: where its API is.
        kubeconfig: path of its kubeconfig.
        started: when, in Unix seconds.
    """

    pid: int
    url: str
    kubeconfig: str
    started: float


class Mock:
    """The user's mock.

    Args:
        folder: where its state is; by default in podlab's home.
        pace: `live` or `virtual`.
        owner: a process that the mock shall not outlive, if this object starts it.
    """

    name = "mock"

    def __init__(self, folder: Path | None = None, pace: str = "live", owner: int | None = None) -> None:
        self.folder = folder or room("mock")
        self.pace = pace
        self.owner = owner

    @property
    def kubeconfig(self) -> Path:
        """Where the kubeconfig is, or will be."""
        return self.folder / "kubeconfig"

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self.folder / "log"

    def state(self) -> State | None:
        """What the server last said of itself, whether or not it still lives."""
        try:
            said = json.loads((self.folder / "state.json").read_text("utf-8"))
            return State(int(said["pid"]), str(said["url"]), str(said["kubeconfig"]), float(said["started"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def health(self) -> Health:
        """Is it up, down, or has it died?"""
        state = self.state()
        if state is None:
            damaged = (self.folder / "state.json").exists()
            return Health(False, "cannot be found (state.json is damaged)" if damaged else "not running", "podlab up")
        if _process(state) is None:
            last = "".join(f"\n  {line}" for line in self.last_words())
            return Health(False, f"died (process {state.pid} is gone){last}", "podlab up")
        if not self._can_be_spoken_to(state):
            return Health(False, "cannot be spoken to (its kubeconfig is damaged)", "podlab up")
        return Health(True, f"running at {state.url} (process {state.pid})")

    def up(self, say: Say) -> Health:
        """Start it, unless it runs; return when it answers.

        Raises:
            ClusterError: it did not start; shows the end of its log.
        """
        if (self.folder / "state.json").exists() and self.health().running:
            return self.health()
        with self._lock():
            if (self.folder / "state.json").exists():
                health = self.health()
                if health.running:
                    return health
                say(f"The mock that was there {health.summary.splitlines()[0]}; its pods are gone with it.")
                self._end_all()
            state = self._start()
        return Health(True, f"running at {state.url} (process {state.pid})")

    def down(self, say: Say) -> bool:
        """Stop it; False if it was not running."""
        with self._lock():
            ended = self._end_all()
            self._forget()
        return ended

    def obstacles(self) -> list[tuple[str, str]]:
        """Nothing is needed beyond a folder to write to and a loopback address."""
        import socket

        found = []
        trouble = _cannot_write(self.folder)
        if trouble:
            found.append((f"the folder {self.folder} cannot be written to: {trouble}", "make room, or set PODLAB_HOME"))
        try:
            with socket.create_server(("127.0.0.1", 0)):
                pass
        except OSError as error:
            found.append((f"no port can be opened on 127.0.0.1: {error.strerror}", "allow programs to listen on loopback"))
        return found

    def last_words(self) -> list[str]:
        """The last lines of the server's log."""
        try:
            return self.log.read_text("utf-8", "replace").splitlines()[-LOG_LINES:]
        except OSError:
            return []

    def _can_be_spoken_to(self, state: State) -> bool:
        """Does the kubeconfig lead to that mock, and say by what right?"""
        try:
            text = self.kubeconfig.read_text("utf-8")
        except (OSError, ValueError):
            return False
        return state.url in text and "token: " in text

    def _end_all(self) -> bool:
        """End the mock of this folder, whether or not its state can be read; False if there was none."""
        state = self.state()
        if state is not None:
            process = _process(state)
            found = [] if process is None else [process]
        else:
            found = _servers(self.folder) if (self.folder / "state.json").exists() else []
        for process in found:
            _end(process)
        return bool(found)

    def _start(self) -> State:
        self._forget()
        with self._open_log() as log:
            process = subprocess.Popen(
                self._command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **_detached()
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            state = self.state()
            if state is not None:
                process.returncode = 0  # it goes on without us: no warning when this handle is dropped
                return state
            if process.poll() is not None:
                break
            time.sleep(POLL_SECONDS)
        else:
            process.kill()
            process.wait()
        raise self._did_not_start()

    def _did_not_start(self) -> ClusterError:
        trouble = _cannot_write(self.folder)
        if trouble:
            return ClusterError(f"The mock did not start: {trouble} ({self.folder}).", "make room, or set PODLAB_HOME.")
        last = "\n".join(f"  {line}" for line in self.last_words()) or "  (it said nothing)"
        return ClusterError(f"The mock did not start. The end of its log ({self.log}):\n{last}", "`podlab doctor` says more.")

    def _command(self) -> list[str]:
        options = ["--state-dir", str(self.folder), "--pace", self.pace]
        options += ["--owner", str(self.owner)] if self.owner else []
        return [sys.executable, "-X", "utf8", "-m", "podlab.mock.server", *options]

    def _open_log(self) -> Any:
        try:
            return self.log.open("wb")
        except OSError as error:
            raise ClusterError(f"podlab cannot write {self.log}: {error.strerror}.", "make room, or set PODLAB_HOME.") from None

    def _lock(self) -> Any:
        from filelock import FileLock

        lock = FileLock(self.folder / "lock", timeout=START_SECONDS + STOP_SECONDS)
        try:
            return lock.acquire()
        except OSError as error:
            raise ClusterError(
                f"podlab cannot lock {self.folder}: {error.strerror or error}.", "make room, or set PODLAB_HOME."
            ) from None

    def _forget(self) -> None:
        for name in ("state.json", "kubeconfig"):
            (self.folder / name).unlink(missing_ok=True)


def _cannot_write(folder: Path) -> str:
    """Why what a mock keeps cannot be written there, or nothing."""
    import tempfile

    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(STATE_BYTES))
    except OSError as error:
        return str(error.strerror)
    return ""


def _detached() -> dict[str, Any]:
    """How to start a process that outlives this one, its terminal, and Ctrl-C in it."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def _process(state: State) -> Any:
    """The server's process, or None if it is gone; another process that got its number is not taken for it."""
    import psutil

    try:
        process = psutil.Process(state.pid)
        if process.status() == psutil.STATUS_ZOMBIE or process.create_time() > state.started + 1:
            return None
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:
        pass
    return process


def _servers(folder: Path) -> list[Any]:
    """The processes that were started as mocks of that folder."""
    import psutil

    command = ["podlab.mock.server", "--state-dir", str(folder)]
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if any(words[n : n + len(command)] == command for n in range(len(words))):
            found.append(process)
    return found


def _end(process: Any) -> None:
    """Ask the process to end; make it, if it does not."""
    import psutil

    try:
        process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        # One that its parent has not asked after yet, a zombie, is gone all the same.
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                process.kill()
                return
            time.sleep(POLL_SECONDS)
    except psutil.NoSuchProcess:
        pass
