"""What supervise/status holds: how a service is, for those who ask by `sv`."""

from dataclasses import dataclass
from enum import IntEnum
from struct import pack, unpack
from typing import Final

TAI_EPOCH: Final = 0x4000_0000_0000_000A
"""The label, in TAI64, of Unix time 0, as runit counts it."""
SIZE: Final = 20


class State(IntEnum):
    """What a service does."""

    DOWN = 0
    RUN = 1
    FINISH = 2


@dataclass(frozen=True, slots=True)
class Status:
    """A service at a moment.

    Attributes:
        since_ns: When it came to be in this state (Unix time).
        pid: Of ./run or ./finish; 0 when neither runs.
        wanted: `u` when it is to be up, else `d`.
    """

    since_ns: int
    pid: int
    paused: bool
    wanted: str
    got_term: bool
    state: int

    def encode(self) -> bytes:
        """As the file has it: labels big-endian, the pid little-endian."""
        seconds, ns = divmod(self.since_ns, 10**9)
        flags = (self.paused, ord(self.wanted), self.got_term, self.state)
        return pack(">QI", seconds + TAI_EPOCH, ns) + pack("<I", self.pid) + pack("BBBB", *flags)


def decode(data: bytes) -> Status:
    """Reads what `Status.encode` wrote; `data` has SIZE bytes."""
    label, ns = unpack(">QI", data[:12])
    (pid,) = unpack("<i", data[12:16])
    paused, wanted, got_term, state = data[16:]
    return Status((label - TAI_EPOCH) * 10**9 + ns, pid, bool(paused), chr(wanted), bool(got_term), state)
