"""How a test waits for what happens elsewhere: for a condition, never for a duration, and with patience.

What comes about ends the wait at once, so patience costs nothing; it runs out when something hangs, not when a machine is slow.
"""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_SECONDS = 120.0
T = TypeVar("T")


def eventually(condition: Callable[[], T], what: str = "it") -> T:
    """Waits until a condition holds; returns what it returned then."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what} did not come about"
        time.sleep(0.01)
    return found
