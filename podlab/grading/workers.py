"""The grader's side of workers: hands out tasks, and kills a worker that hangs; only the stage in which it hung is lost."""

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import podlab
from podlab.errors import PodlabError
from podlab.grading.bounds import WALL_SECONDS
from podlab.grading.watching import watched

KEPT: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "TEMP", "TMP", "VIRTUAL_ENV")
MAX_DEATHS: Final = 12


class WorkerFault(PodlabError):
    """A worker failed by a fault of the grader's own."""


class Worker:
    """One worker, started when it is needed and again after its death.

    Args:
        wall_seconds: How long a stage may take.
    """

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Begins to start it, without waiting until it is there."""
        if self._closed:
            raise PodlabError("The grader is closing.")
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "podlab.grading.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                env=_environment(),
                start_new_session=os.name == "posix",
            )

    def call(self, task: dict[str, Any]) -> Any:
        """Has a task done.

        Raises:
            WorkerFault: The grader is at fault; says how.
        """
        skip: list[str] = []
        with self._lock:
            for _ in range(MAX_DEATHS):
                self.start()
                stage, answer = self._converse({**task, "skip": skip})
                if answer is not None:
                    break
                skip.append(stage)
            else:
                where = f"at {stage}" if stage else "before it had begun"
                raise WorkerFault(
                    f"its worker process was ended {MAX_DEATHS} times, the last time {where}; is there memory enough?"
                )
        if "fault" in answer:
            raise WorkerFault(answer["fault"])
        return answer["result"]

    def _converse(self, task: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
        """The stage it came to, and its answer; None when it died."""
        process, stage = self._process, ""
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            while True:
                with watched(process, self._wall_seconds):
                    line = process.stdout.readline()
                message = json.loads(line) if line.endswith("\n") else None
                if message is None:
                    break
                if "stage" not in message:
                    return stage, message
                stage = message["stage"]
        except (BrokenPipeError, ValueError):
            pass
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        return stage, None

    def close(self) -> None:
        """Ends it at once."""
        self._closed = True
        if self._process is not None:
            self._process.kill()
        with self._lock:  # whoever waits for an answer has seen the end, and gone
            self._end()

    def _end(self) -> None:
        """Makes sure that it is dead, and gives its pipes back."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            self._process = None


def _environment() -> dict[str, str]:
    """What a worker knows of the grader's environment: no tokens, no settings of others; the same hashes each time."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(Path(podlab.__file__).resolve().parents[1]), "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}


@lru_cache(maxsize=1)
def shared() -> Worker:
    """The worker of this process's nbgrader commands; it ends with the process."""
    worker = Worker()
    atexit.register(worker.close)
    return worker
