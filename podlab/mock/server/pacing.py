"""Pacing: runs the kernel in slices, letting simulated time follow the wall clock, jump or stand still (see `waits`).

In live pace every jump moves `kernel.epoch_ns` back by what was skipped, so that *now*, rendered, stays the wall clock's now. It
moves by whole seconds, one too many rather than one too few: so two moments lie equally far apart whenever they are rendered, and
none in the future.
When the mock cannot follow the wall clock, simulated time falls behind and the epoch moves forward: nothing ever happens in a
burst. In virtual pace the epoch stands, and what happens depends on the requests and their order alone.

The engine reads no clock of its own: the wall clock is given to it, so that tests and the in-process transport bring theirs.
"""

import sys
from collections.abc import Callable
from typing import Final, NamedTuple

from podlab.mock.kernel import MILLISECOND, SECOND, Kernel
from podlab.mock.server.waits import IDLE, Flow, Kind, Pace, Wait

Clock = Callable[[], int]

SLICE_NS: Final = 8 * MILLISECOND
"""Longest run of the kernel before the sockets are looked after (wall time)."""

INSTANT_NS: Final = 80 * MILLISECOND
"""How long a request is held up, in virtual pace, for the instant to be finished (wall time)."""

READING_NS: Final = 30 * MILLISECOND
"""How long a client that was given something is left to read and to react, before time jumps on (wall time)."""

DOUBLING_NS: Final = 20 * MILLISECOND
"""How long it must then be silent for a jump of two seconds instead of one, of four instead of two, and so on: the further a
jump leads, the surer it must be that the client still waits for it."""

BEHIND_NS: Final = 250 * MILLISECOND
"""How far simulated time may trail the wall clock and still catch up; beyond it, it falls behind for good."""

DRIFT_NS: Final = 2 * SECOND
"""How far the rendered *now* may be from the machine's clock (which may be set) before the epoch follows."""


class Given(NamedTuple):
    """When a client was last given something: in simulated time, and on the wall."""

    now_ns: int
    wall_ns: int

    def allows_ns(self, wall_ns: int) -> int:
        """Up to which simulated time a jump may lead that passes what the client was given."""
        silent_ns = wall_ns - self.wall_ns - READING_NS
        return self.now_ns + (SECOND << min(silent_ns // DOUBLING_NS, 40) if silent_ns >= 0 else 0)

    def allowed_at_ns(self, to_ns: int) -> int:
        """When (on the wall) a jump to that simulated time is allowed."""
        seconds = -(-(to_ns - self.now_ns) // SECOND)
        return self.wall_ns + READING_NS + DOUBLING_NS * max(0, seconds - 1).bit_length()


class Rest(NamedTuple):
    """The end of a watch, which must not come before a certain time on the wall."""

    limit_ns: int
    wall_ns: int

    def allows_ns(self, wall_ns: int) -> int:
        """As of `Given`."""
        return self.limit_ns if wall_ns < self.wall_ns else sys.maxsize

    def allowed_at_ns(self, to_ns: int) -> int:
        """As of `Given`."""
        return self.wall_ns if to_ns > self.limit_ns else 0


class Pacer:
    """The engine.

    Args:
        kernel: what to run. Its `epoch_ns` is the pacer's to move.
        pace: live or virtual.
        wall: a monotonic clock, in nanoseconds.
        unix: the machine's clock (Unix ns), for live pace.
        slice_ns: longest run of one `turn`, in wall time.
        on_change: is called when a wait has changed, and `turn` should be called soon.
        on_crash: is given an exception that came out of an event, and the kernel goes on; without it, `turn` raises it.
    """

    def __init__(
        self,
        kernel: Kernel,
        pace: Pace,
        *,
        wall: Clock,
        unix: Clock,
        slice_ns: int = SLICE_NS,
        on_change: Callable[[], None] = lambda: None,
        on_crash: Callable[[Exception], None] | None = None,
    ) -> None:
        self.kernel = kernel
        self.pace = pace
        self.on_change = on_change
        self.on_crash = on_crash
        self._wall = wall
        self._unix = unix
        self._slice_ns = slice_ns
        self._waits: dict[Wait, Given | None] = {}
        self._rests: dict[Wait, Rest] = {}
        self._stale = False
        self._flow = IDLE[pace]
        self._limit_ns: int | None = None
        self._origin_ns = wall() - kernel.now_ns
        self._owed_ns = 0  # what the epoch has yet to move back: less than a second, and below zero when it moved too far
        if pace is Pace.LIVE:
            kernel.epoch_ns = kernel.boot_epoch_ns = unix() - kernel.now_ns

    def wait(self, kind: Kind, limit_ns: int | None = None, rest: tuple[int, int] | None = None) -> Wait:
        """Opens a wait.

        Args:
            kind: its row.
            limit_ns: simulated time that no jump for it passes.
            rest: simulated time, and how many nanoseconds have to pass on the wall before a jump may pass that.
        """
        wait = Wait(kind, limit_ns, self._changed)
        if rest is not None:
            self._rests[wait] = Rest(rest[0], self._wall() + rest[1])
        self._changed(wait, False)
        return wait

    def present(self) -> None:
        """Makes it now. To be called before a request is handled.

        In live pace the clock comes up to this moment, unless something is due before. In virtual pace this instant is
        finished, so that what a request meets never depends on how fast the answer to the last one travelled.
        """
        if self.pace is Pace.LIVE:
            self._follow_unix()
            self._settle()
        else:
            self._run(Flow.STILL, None, self._wall() + INSTANT_NS, None)

    def turn(self, enough: Callable[[], bool] | None = None) -> int | None:
        """Runs one slice.

        Args:
            enough: is asked after each event; the slice ends when it holds.

        Returns:
            Nanoseconds of wall time until there is more to do (0: at once); None when only a request can bring it.
        """
        now_ns = self._wall()
        if self.pace is Pace.LIVE:
            self._follow_unix()
        self._stale = True
        while self._stale:
            self._choose_flow()
            if self._run(self._flow, self._limit_ns, now_ns + self._slice_ns, enough):
                return 0
        return self._sleep_ns()

    def _changed(self, wait: Wait, given: bool) -> None:
        self._stale = True
        if wait.over:
            self._waits.pop(wait, None)
            self._rests.pop(wait, None)
        else:
            self._waits[wait] = Given(self.kernel.now_ns, self._wall()) if given else self._waits.get(wait)
        self.on_change()

    def _choose_flow(self) -> None:
        """Decides what time does, and how far a jump may go: as far as any wait wants, but past no client that is reading."""
        now_ns, wall_ns, before = self.kernel.now_ns, self._wall(), self._flow
        flows = [(wait.flow(self.pace, now_ns), wait.limit_ns) for wait in self._waits]
        self._flow = max([IDLE[self.pace], *(flow for flow, _ in flows)])
        limits = [limit_ns for flow, limit_ns in flows if flow is Flow.JUMP]
        wanted = [] if None in limits else [max((limit for limit in limits if limit is not None), default=now_ns)]
        allowed = [hold.allows_ns(wall_ns) for hold in self._holds()]
        self._limit_ns = min([*wanted, *allowed], default=None)
        self._stale = False
        if self.pace is Pace.VIRTUAL and self._flow is Flow.WALL and before is not Flow.WALL:
            self._origin_ns = self._wall() - now_ns

    def _run(self, flow: Flow, limit_ns: int | None, end_ns: int, enough: Callable[[], bool] | None) -> bool:
        """Runs what is due until that is all, the waits have changed, or the slice is over. Says whether it was the slice."""
        kernel, wall, jumping = self.kernel, self._wall, flow is Flow.JUMP and self.pace is Pace.LIVE
        horizon_ns = self._horizon_ns(flow, limit_ns)
        while True:
            next_ns = kernel.next_ns
            if next_ns is None or next_ns > horizon_ns:
                horizon_ns = self._horizon_ns(flow, limit_ns)  # the wall clock has gone on
                if next_ns is None or next_ns > horizon_ns:
                    if flow is Flow.WALL or self.pace is Pace.LIVE:
                        self._settle()
                    return False
            if jumping:
                self._shift(max(0, next_ns - self._target_ns()))
            try:
                kernel.step()
            except Exception as error:
                if self.on_crash is None:
                    raise
                self.on_crash(error)
            if wall() >= end_ns or (enough is not None and enough()):
                self._fall_behind()
                return True
            if self._stale and flow is not Flow.STILL:
                return False

    def _horizon_ns(self, flow: Flow, limit_ns: int | None) -> int:
        """Up to when events are due at this moment."""
        if flow is Flow.STILL:
            return self.kernel.now_ns
        if flow is Flow.WALL:
            return self._target_ns()
        if limit_ns is None:
            return sys.maxsize
        return max(limit_ns, self._target_ns()) if self.pace is Pace.LIVE else limit_ns

    def _target_ns(self) -> int:
        """Where simulated time is when it follows the wall clock."""
        return self._wall() - self._origin_ns

    def _settle(self) -> None:
        """Moves the clock to where it belongs, unless something is due before."""
        target_ns, next_ns = self._target_ns(), self.kernel.next_ns
        if self.kernel.now_ns < target_ns and (next_ns is None or next_ns > target_ns):
            self.kernel.now_ns = target_ns

    def _fall_behind(self) -> None:
        """Gives up what cannot be caught up."""
        next_ns = self.kernel.next_ns
        late_ns = 0 if next_ns is None else self._target_ns() - next_ns
        if late_ns > BEHIND_NS:
            self._shift(-late_ns)

    def _shift(self, skip_ns: int) -> None:
        """Puts simulated time `skip_ns` further ahead of the wall clock than it was."""
        self._origin_ns -= skip_ns
        if self.pace is Pace.LIVE:
            self._owed_ns += skip_ns
            whole_ns = -(-self._owed_ns // SECOND) * SECOND
            self.kernel.epoch_ns -= whole_ns
            self._owed_ns -= whole_ns

    def _follow_unix(self) -> None:
        """Falls behind for the time in which the machine slept, and follows its clock when that was set."""
        self._fall_behind()
        ahead_ns = self.kernel.epoch_ns + self._target_ns() - self._unix()
        if abs(ahead_ns) > DRIFT_NS:
            self.kernel.epoch_ns -= ahead_ns

    def _sleep_ns(self) -> int | None:
        next_ns = self.kernel.next_ns
        if next_ns is None:
            return None
        delays = []
        if self._flow is Flow.WALL or self.pace is Pace.LIVE:
            delays.append(next_ns - self._target_ns())
        if self._flow is Flow.JUMP:
            waiting = [hold.allowed_at_ns(next_ns) for hold in self._holds()]
            if waiting and not self._is_past_all_limits(next_ns):
                delays.append(max(waiting) - self._wall())
        return max(0, min(delays)) if delays else None

    def _holds(self) -> "list[Given | Rest]":
        """What keeps jumps back for a while."""
        return [*(given for given in self._waits.values() if given is not None), *self._rests.values()]

    def _is_past_all_limits(self, next_ns: int) -> bool:
        """Does no wait want to jump that far?"""
        wants = [wait.limit_ns for wait in self._waits if wait.flow(self.pace, self.kernel.now_ns) is Flow.JUMP]
        return None not in wants and all(limit is not None and limit < next_ns for limit in wants)
