"""What open requests let time do: the tables of pacing.

There are three ways for time to pass (`Flow`): it stands STILL (only what is due at this instant happens), follows the WALL
clock, or JUMPs from event to event. Which one holds is decided by the waits that are open at the moment, the fastest one
winning:

- the pace says what holds without any wait (`IDLE`);
- each kind of wait has a row (`RULES`): how time passes for it in each pace, and what it does once its client has been given
  something: it GOES_ON, it lets the client READ (no jump may pass what it was waiting for), or it ENDS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from typing import Final


class Pace(StrEnum):
    """How a mock lets time pass."""

    LIVE = "live"
    VIRTUAL = "virtual"


class Flow(IntEnum):
    """What time does; the greatest of all open waits holds."""

    STILL = 0
    WALL = 1
    JUMP = 2


class Then(Enum):
    """What a wait does when its client has been given something."""

    GOES_ON = "goes on"
    READS = "reads"
    ENDS = "ends"


class Kind(Enum):
    """What a request waits for."""

    CONDITION = "a watch by which kubectl waits for a condition"
    FIRST = "a watch that ends with its first event"
    ADVANCE = "a watch that lets a span of simulated time pass"
    RESULT = "an exec, attach or proxied request whose client asked to have its end at once"
    INPUT = "such an exec or attach, while its client still sends input"
    LINES = "a followed log whose client asked to have its lines at once"
    ANSWER = "an exec or attach without input, or a proxied request"
    TALK = "an exec or attach with input or a terminal, or a port-forward"
    FOLLOW = "a followed log"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: how time passes in each pace, and what happens once the client has been given something."""

    live: Flow
    virtual: Flow
    then: Then


IDLE: Final = {Pace.LIVE: Flow.WALL, Pace.VIRTUAL: Flow.STILL}

RULES: Final = {
    Kind.CONDITION: Rule(Flow.JUMP, Flow.JUMP, Then.READS),
    Kind.FIRST: Rule(Flow.JUMP, Flow.JUMP, Then.ENDS),
    Kind.ADVANCE: Rule(Flow.JUMP, Flow.JUMP, Then.GOES_ON),
    Kind.RESULT: Rule(Flow.JUMP, Flow.JUMP, Then.GOES_ON),
    Kind.INPUT: Rule(Flow.WALL, Flow.STILL, Then.GOES_ON),
    Kind.LINES: Rule(Flow.JUMP, Flow.JUMP, Then.READS),
    Kind.ANSWER: Rule(Flow.WALL, Flow.JUMP, Then.GOES_ON),
    Kind.TALK: Rule(Flow.WALL, Flow.WALL, Then.GOES_ON),
    Kind.FOLLOW: Rule(Flow.WALL, Flow.JUMP, Then.READS),
}


class Wait:
    """A request that waits. Made by `Pacer.wait`; whoever had it made closes it.

    Attributes:
        kind: its row in `RULES`.
        limit_ns: simulated time that no jump for this wait passes; None for no limit.
        over: it waits no more.
    """

    __slots__ = ("_changed", "kind", "limit_ns", "over")

    def __init__(self, kind: Kind, limit_ns: int | None, changed: "Callable[[Wait, bool], None]") -> None:
        self.kind = kind
        self.limit_ns = limit_ns
        self.over = False
        self._changed = changed

    def flow(self, pace: Pace, now_ns: int) -> Flow:
        """How it lets time pass at this moment."""
        flow = RULES[self.kind].live if pace is Pace.LIVE else RULES[self.kind].virtual
        spent = flow is Flow.JUMP and self.limit_ns is not None and now_ns >= self.limit_ns
        return IDLE[pace] if spent else flow

    def output(self) -> None:
        """The client was given something."""
        then = RULES[self.kind].then
        if then is Then.ENDS:
            self.close()
        elif then is Then.READS and not self.over:
            self._changed(self, True)

    def become(self, kind: Kind) -> None:
        """Goes on as another kind: a client that has ended its input waits for the answer."""
        if kind is not self.kind:
            self.kind = kind
            self._changed(self, False)

    def close(self) -> None:
        """The answer is complete, or the client has gone; harmless when repeated."""
        if not self.over:
            self.over = True
            self._changed(self, False)
