"""Ends a process that no signal of its own reaches, by what it uses, so that a busy machine costs nobody a point."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psutil

from podlab.grading.bounds import KILL_CPU_SECONDS, WALL_SECONDS

LOOKS_EVERY: Final = 1.0


@contextmanager
def watched(
    process: "subprocess.Popen[str]", wall_seconds: float = WALL_SECONDS, cpu_seconds: float = KILL_CPU_SECONDS
) -> Iterator[None]:
    """Kills a process that uses more than it may while the block runs.

    Args:
        process: Whom to watch.
        wall_seconds: How long the block may take, whatever the process does.
        cpu_seconds: How much processor time it may use in the block.
    """
    over = threading.Event()

    def watch() -> None:
        end, most = time.monotonic() + wall_seconds, _used(process.pid) + cpu_seconds
        while not over.wait(min(LOOKS_EVERY, wall_seconds)):
            if time.monotonic() > end or _used(process.pid) > most:
                process.kill()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _used(pid: int) -> float:
    """A process's seconds of processor time; 0 when it is gone."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
