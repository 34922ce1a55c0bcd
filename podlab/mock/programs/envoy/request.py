"""What is known of a request (or of a connection through tcp_proxy) while it goes through, and afterwards for its log entry."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from podlab.mock.kernel import MILLISECOND
from podlab.mock.programs.envoy.http_messages import Head, Headers
from podlab.mock.programs.envoy.streams import Stream

LONG_FLAGS: Final = {
    "LH": "FailedLocalHealthCheck", "UH": "NoHealthyUpstream", "UT": "UpstreamRequestTimeout", "LR": "LocalReset",
    "UR": "UpstreamRemoteReset", "UF": "UpstreamConnectionFailure", "UC": "UpstreamConnectionTermination",
    "UO": "UpstreamOverflow", "NR": "NoRouteFound", "DI": "DelayInjected", "FI": "FaultInjected", "RL": "RateLimited",
    "DC": "DownstreamConnectionTermination", "URX": "UpstreamRetryLimitExceeded", "SI": "StreamIdleTimeout",
    "DPE": "DownstreamProtocolError", "UPE": "UpstreamProtocolError", "UMSDR": "UpstreamMaxStreamDurationReached",
    "NC": "NoClusterFound", "DT": "DurationTimeout",
}  # fmt: skip
"""The response flags that can occur, with their long names."""


@dataclass(slots=True)
class Info:
    """One entry of the access log.

    Attributes:
        started_ns, ended_ns: When it began, and when it was logged.
        started_wall_ns: Unix time of the start; it is kept, since a jump of time moves the epoch.
        head: The request's head, None for TCP.
        flags: Response flags in the order in which they were set.
        times: Points of time (ns), in their order, by Envoy's names: DS_RX_BEG, DS_RX_END, US_TX_BEG, US_TX_END, US_RX_BEG,
            US_RX_END, DS_TX_BEG, DS_TX_END (DS is the client's side, US the host's, RX what was received, TX what was sent).
        tried: The addresses and names of the hosts to which there was a connection.
        internal: Whether the request came from an address that is trusted.
    """

    stream: Stream
    started_ns: int
    started_wall_ns: int
    head: Head | None = None
    status: int = 0
    flags: list[str] = field(default_factory=list)
    details: str = ""
    response: Headers = field(default_factory=Headers)
    upstream_answered: bool = False
    bytes_received: int = 0
    bytes_sent: int = 0
    route: str = ""
    cluster: str = ""
    cluster_label: str = ""
    upstream: str = ""
    upstream_name: str = ""
    upstream_local: str = ""
    upstream_stream: Stream | None = None
    transport_failure: str = ""
    downstream_failure: str = ""
    attempts: int = 0
    tried: list[tuple[str, str]] = field(default_factory=list)
    remote: str = ""
    termination: str = ""
    internal: bool = False
    ended_ns: int = 0
    times: dict[str, int] = field(default_factory=dict)

    @property
    def duration_ms(self) -> int:
        """How long it took, once it has ended."""
        return (self.ended_ns - self.started_ns) // MILLISECOND

    def flag(self, name: str) -> None:
        """Sets a response flag."""
        if name not in self.flags:
            self.flags.append(name)

    def mark(self, point: str) -> None:
        """Notes that a point of time is now."""
        self.times.pop(point, None)
        self.times[point] = self.stream.kernel.now_ns

    def between(self, start: str, end: str) -> int | None:
        """Nanoseconds from one point of time to another; None when one is missing, or the end came first."""
        if start not in self.times or end not in self.times:
            return None
        span, order = self.times[end] - self.times[start], list(self.times)
        return span if span > 0 or (span == 0 and order.index(start) <= order.index(end)) else None


Value = str | int | None
Operator = Callable[[Info], Value]
"""What an operator of the format language shows of a request, None when there is nothing to show."""
