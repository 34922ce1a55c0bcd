"""A host of a cluster, and what is known of it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podlab.mock.programs.envoy.connections import UpstreamConnection, Waiting


@dataclass(slots=True)
class Host:
    """One endpoint of a cluster.

    Attributes:
        priority: Hosts of a lower number come first.
        place: Its region, zone and sub-zone.
        unfit: Whether the configuration says that it is ill.
        failed_check: Whether active health checks found it ill; `ejected` whether it is put aside as an outlier.
        idle: Its connections that serve no request; `generation` grows when all of them are to be closed.
        waiting: Requests that wait for a connection; `connecting` connections are being opened for such.
        counts: What /clusters shows (cx_total, rq_error, ...).
    """

    ip: str
    port: int
    name: str
    weight: int
    priority: int = 0
    unfit: bool = False
    place: tuple[str, str, str] = ("", "", "")
    failed_check: bool = False
    ejected: bool = False
    idle: list["UpstreamConnection"] = field(default_factory=list)
    waiting: list["Waiting"] = field(default_factory=list)
    connecting: int = 0
    connections: int = 0
    active: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    deadline: float = 0.0
    consecutive_5xx: int = 0
    consecutive_gateway: int = 0
    ejections: int = 0
    generation: int = 0
    ejected_at_ns: int = 0
    window: list[int] = field(default_factory=lambda: [0, 0])
    success_rate: float = -1.0

    @property
    def address(self) -> str:
        """`ip:port`."""
        return f"{self.ip}:{self.port}"

    @property
    def healthy(self) -> bool:
        """Whether it is given requests."""
        return not (self.failed_check or self.ejected or self.unfit)

    @property
    def flags(self) -> str:
        """As /clusters shows them."""
        words = ["/failed_active_hc"] * self.failed_check + ["/failed_outlier_check"] * self.ejected
        words += ["/failed_eds_health"] * self.unfit
        return "".join(words) or "healthy"

    def count(self, name: str, amount: int = 1) -> None:
        """Counts something of /clusters."""
        self.counts[name] = self.counts.get(name, 0) + amount
