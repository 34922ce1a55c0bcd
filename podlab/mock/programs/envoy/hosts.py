"""A host of a cluster, and what is known of it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podlab.mock.programs.envoy.connections import UpstreamConnection, Waiting


@dataclass(slots=True)
class Conduct:
    """What outlier detection knows of a host.

    Attributes:
        in_a_row: How many failures of each kind there were since the last success.
        windows: Successes and requests in this interval: as the host answered them, and as it was reached.
        rates: The share of successes in the last interval (%), likewise; -1 when there were too few requests.
        ejected_at_ns, jitter_ns: When it was put aside last, and how much longer than needed it is.
        backoff: How many base times it is put aside for.
    """

    in_a_row: dict[str, int] = field(default_factory=dict)
    windows: tuple[list[int], list[int]] = field(default_factory=lambda: ([0, 0], [0, 0]))
    rates: list[float] = field(default_factory=lambda: [-1.0, -1.0])
    ejected_at_ns: int = 0
    jitter_ns: int = 0
    backoff: int = 0


@dataclass(slots=True)
class Host:
    """One endpoint of a cluster.

    Attributes:
        priority: Hosts of a lower number come first.
        place: Its region, zone and sub-zone.
        unfit: Whether the configuration says that it is ill.
        failed_check: Whether active health checks found it ill; `ejected` whether it is put aside as an outlier.
        taken_for_healthy: Whether the balancer takes it for healthy: it learns of changes a little late (see `merging`).
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
    taken_for_healthy: bool = True
    conduct: Conduct = field(default_factory=Conduct)
    idle: list["UpstreamConnection"] = field(default_factory=list)
    waiting: list["Waiting"] = field(default_factory=list)
    connecting: int = 0
    connections: int = 0
    active: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    deadline: float = 0.0
    generation: int = 0

    @property
    def address(self) -> str:
        """`ip:port`."""
        return f"{self.ip}:{self.port}"

    @property
    def healthy(self) -> bool:
        """Whether nothing is known against it."""
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
