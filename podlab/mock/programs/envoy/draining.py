"""Draining: clients are asked, more and more of them, to come back over another connection, before the listeners stop."""

from collections.abc import Callable
from random import Random
from typing import Final

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.programs.envoy.schema import Obj

CLOSE_AFTER_NS: Final = 5 * SECOND
"""How long a connection that was asked to close is left to its client."""


class Drains:
    """What one Envoy lets go of.

    Attributes:
        failing: Whether /healthcheck/fail was called.
    """

    def __init__(self, kernel: Kernel, random: Random, options: Obj) -> None:
        self.failing = False
        self._kernel = kernel
        self._random = random
        self._at_once = options["drain_strategy"] == "immediate"
        self._seconds: int = options["drain_time_s"]
        self._begun_ns: int | None = None
        self._inbound_only = False

    def begin(self, inbound_only: bool, stop: Callable[[], None] | None) -> None:
        """Begins to ask clients to leave; `stop` is called when the time for it is over."""
        if self._begun_ns is None or self._inbound_only:
            self._begun_ns, self._inbound_only = self._kernel.now_ns, inbound_only
        if stop is not None:
            self._kernel.call_after(self._seconds * SECOND, stop)

    def closes(self, listener: Obj) -> bool:
        """Whether an answer of this listener shall ask its client to leave; the longer it drains, the likelier."""
        if self.failing and listener.get("drain_type") != "MODIFY_ONLY":
            return True
        if self._begun_ns is None or (self._inbound_only and not inbound(listener)):
            return False
        passed = (self._kernel.now_ns - self._begun_ns) // SECOND
        return self._at_once or passed >= self._seconds or passed > self._random.randrange(self._seconds)


def inbound(listener: Obj) -> bool:
    """Whether a listener is for what comes in."""
    return bool(listener.get("traffic_direction") == "INBOUND")
