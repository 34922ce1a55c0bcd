"""Ports for servers that have to be told where to listen: each is one test's alone, whatever else is tested on this machine.

A port that was found free is free no more when the server comes to it, where many tests look at once. So whoever takes a block of
ports holds a lock on it. The blocks lie below the ports that the system gives to connections.
"""

import getpass
import random
import socket
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

FIRST, LAST, BLOCK = 10_000, 32_000, 10
LOCKS = Path(tempfile.gettempdir()) / f"podlab-test-ports-{getpass.getuser()}"
_kept: list["Ports"] = []


class Ports:
    """A block of ports, until it is released or the process ends."""

    def __init__(self) -> None:
        LOCKS.mkdir(exist_ok=True)
        for first in random.sample(range(FIRST, LAST, BLOCK), (LAST - FIRST) // BLOCK):
            self._lock = FileLock(LOCKS / str(first))
            try:
                self._lock.acquire(blocking=False)
            except Timeout:
                continue
            self.numbers = range(first, first + BLOCK)
            if all(_is_free(number) for number in self.numbers):
                return
            self._lock.release()
        raise RuntimeError("no block of ports is free")

    def release(self) -> None:
        """Leaves them to others."""
        self._lock.release()


def free_port() -> int:
    """A port that is this process's as long as it lives."""
    _kept.append(Ports())
    return _kept[-1].numbers[0]


def _is_free(number: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", number)).close()
    except OSError:
        return False
    return True
