"""A client of a cluster in this process that keeps to the bounds."""

from collections.abc import Callable

from podlab.grading.bounds import MAX_EVENTS, MAX_SIMULATED_SECONDS, OVERTIME, SPENT, BoundReached
from podlab.mock.kernel import SECOND
from podlab.mock.server.inprocess import InProcess


class Bounded(InProcess):
    """A client of a cluster in this process that counts what happens while it waits.

    Attributes:
        events: How many events there were.
        reached: Which bound was reached, in words; empty while none was.
    """

    events = 0
    reached = ""

    def pump(self, ready: Callable[[], bool], limit_ns: int) -> None:
        """Lets time pass until ``ready()``. Raises BoundReached beyond what `InProcess.pump` raises."""

        def counted() -> bool:
            if ready():
                return True
            self.events += 1
            if self.events > MAX_EVENTS:
                self.reached = SPENT.format(MAX_EVENTS)
            elif self._kernel.now_ns > MAX_SIMULATED_SECONDS * SECOND:
                self.reached = OVERTIME.format(MAX_SIMULATED_SECONDS // 3600)
            if self.reached:
                raise BoundReached(f"{self.reached}.")
            return False

        super().pump(counted, limit_ns)
