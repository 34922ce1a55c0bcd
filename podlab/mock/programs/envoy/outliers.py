"""Outlier detection: hosts that fail are put aside for a while, by what is seen of the traffic alone."""

from collections.abc import Callable
from random import Random
from statistics import fmean, pstdev
from typing import Final

from podlab.mock.kernel import MILLISECOND, SECOND, Kernel
from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.stats import Stats

GATEWAY_ERRORS: Final = (502, 503, 504)
LONGEST_NS: Final = 300 * SECOND
ANSWERED, REACHED = 0, 1
"""What a success rate is of: of the host's answers, or (where those are told apart) of the attempts to reach it."""
KINDS: Final = {
    "consecutive_5xx": ("enforcing_consecutive_5xx", 100),
    "consecutive_gateway_failure": ("enforcing_consecutive_gateway_failure", 0),
    "consecutive_local_origin_failure": ("enforcing_consecutive_local_origin_failure", 100),
    "failure_percentage": ("enforcing_failure_percentage", 0),
    "local_origin_failure_percentage": ("enforcing_failure_percentage_local_origin", 0),
    "local_origin_success_rate": ("enforcing_local_origin_success_rate", 100),
    "success_rate": ("enforcing_success_rate", 100),
}
"""What a host is put aside for; the field that tells how often that is done (%), and how often without it."""
OTHERS: Final = """
ejections_consecutive_5xx ejections_detected_degradation ejections_enforced_total ejections_overflow ejections_success_rate
ejections_total
"""
_OLD_NAMES: Final = {"consecutive_5xx": "ejections_consecutive_5xx", "success_rate": "ejections_success_rate"}


class OutlierDetector:
    """Watches how hosts answer and puts the bad ones aside for a while. `changed` is called with each that is, or comes back.

    Attributes:
        limits: Of the success rates (%) in the last interval: their average, and the least that is well enough, of answers
            and of attempts to reach hosts; -1 when there was too little to compare.
    """

    def __init__(
        self,
        config: Obj,
        hosts: list[Host],
        kernel: Kernel,
        stats: Stats,
        prefix: str,
        random: Random,
        changed: Callable[[Host], None],
    ) -> None:
        self._config = config
        self._hosts = hosts
        self._kernel = kernel
        self._stats = stats
        self._prefix = f"{prefix}outlier_detection."
        self._random = random
        self._changed = changed
        self._split: bool = config.get("split_external_local_origin_errors", False)
        self._base_ns = _in_ms(config.get("base_ejection_time", 30 * SECOND))
        self._longest_ns = _in_ms(config.get("max_ejection_time", max(LONGEST_NS, self._base_ns)))
        self.limits = [(-1.0, -1.0), (-1.0, -1.0)]
        names = [f"ejections_{done}_{kind}" for done in ("detected", "enforced") for kind in KINDS]
        stats.declare(self._prefix, " ".join([*names, *OTHERS.split()]), "ejections_active")

    # --- what is seen ---

    def put_result(self, host: Host, status: int, local: bool) -> None:
        """A host has answered, or (`local`) could not be reached or was not fast enough, which counts as 503 or 504."""
        if local and self._split:
            self._put(host, REACHED, good=False)
            self._in_a_row(host, "consecutive_local_origin_failure", failed=True)
            return
        self._put(host, ANSWERED, good=status < 500)
        self._in_a_row(host, "consecutive_gateway_failure", status in GATEWAY_ERRORS)
        self._in_a_row(host, "consecutive_5xx", status >= 500)

    def put_reached(self, host: Host) -> None:
        """A host could be reached."""
        if self._split:
            self._put(host, REACHED, good=True)
            self._in_a_row(host, "consecutive_local_origin_failure", failed=False)

    def _put(self, host: Host, origin: int, good: bool) -> None:
        window = host.conduct.windows[origin]
        window[0] += good
        window[1] += 1

    def _in_a_row(self, host: Host, kind: str, failed: bool) -> None:
        known = host.conduct.in_a_row
        known[kind] = known.get(kind, 0) + 1 if failed else 0
        if failed and known[kind] == self._config.get(kind, 5):
            known[kind] = 0
            self._detected(host, kind)

    # --- putting aside, and taking back ---

    def _detected(self, host: Host, kind: str) -> None:
        if host.ejected:
            return
        self._count(f"ejections_detected_{kind}")
        if kind in _OLD_NAMES:
            self._count(_OLD_NAMES[kind])
        ejected = sum(other.ejected for other in self._hosts)
        share = 100.0 * (ejected + 1) / len(self._hosts)
        alone = not ejected and self._config.get("always_eject_one_host", False)
        if share > self._config.get("max_ejection_percent", 10) and not alone:
            self._count("ejections_overflow")
            return
        if kind in _OLD_NAMES:
            self._count("ejections_total")
        enforced = self._config.get(*KINDS[kind])
        if self._random.random() * 100 < enforced:
            self._count("ejections_enforced_total")
            self._count(f"ejections_enforced_{kind}")
            self._eject(host)

    def _eject(self, host: Host) -> None:
        self._stats.move(f"{self._prefix}ejections_active", 1)
        conduct = host.conduct
        host.ejected, conduct.ejected_at_ns = True, self._kernel.now_ns
        if self._base_ns * conduct.backoff < self._longest_ns + self._base_ns:
            conduct.backoff += 1
        most = _in_ms(self._config.get("max_ejection_time_jitter", 0)) // MILLISECOND
        conduct.jitter_ns = self._random.randrange(most + 1) * MILLISECOND if most else 0
        host.generation += 1
        self._changed(host)

    async def run(self) -> None:
        """Takes hosts back when their time is over, and compares success rates, at every interval."""
        interval = max(_in_ms(self._config.get("interval", 10 * SECOND)), MILLISECOND)
        while True:
            await self._kernel.sleep(interval)
            for host in self._hosts:
                conduct = host.conduct
                if host.ejected:
                    aside = min(self._base_ns * conduct.backoff, self._longest_ns) + conduct.jitter_ns
                    if self._kernel.now_ns >= conduct.ejected_at_ns + aside:
                        self.take_back(host)
                elif conduct.backoff:
                    conduct.backoff -= 1
            for origin in (ANSWERED, REACHED):
                self._compare(origin)

    def passed_check(self, host: Host) -> None:
        """A host that is put aside has passed an active health check: it is taken back, if the configuration lets it."""
        if self._config.get("successful_active_health_check_uneject_host", True):
            self.take_back(host)

    def take_back(self, host: Host) -> None:
        """A host that was put aside gets requests again."""
        host.ejected = False
        host.conduct.in_a_row.clear()
        self._stats.move(f"{self._prefix}ejections_active", -1)
        self._changed(host)

    # --- comparing hosts ---

    def _compare(self, origin: int) -> None:
        """Puts those aside that do much worse than the others, or simply badly."""
        config, start = self._config, "local_origin_" if origin == REACHED else ""
        volume = config.get("success_rate_request_volume", 100)
        other_volume = config.get("failure_percentage_request_volume", 50)
        seen = self._take_windows(origin, min(volume, other_volume))
        rated = [(host, rate) for host, rate, requests in seen if requests >= volume]
        self.limits[origin] = -1.0, -1.0
        if rated and len(rated) >= config.get("success_rate_minimum_hosts", 5):
            rates = [rate for _, rate in rated]
            average = fmean(rates)
            least = average - pstdev(rates) * config.get("success_rate_stdev_factor", 1900) / 1000
            self.limits[origin] = average, least
            for host, rate in rated:
                if rate < least:
                    self._detected(host, f"{start}success_rate")
        rated = [(host, rate) for host, rate, requests in seen if requests >= other_volume]
        if rated and len(rated) >= config.get("failure_percentage_minimum_hosts", 5):
            for host, rate in rated:
                if 100 - rate >= config.get("failure_percentage_threshold", 85):
                    self._detected(host, f"{start}failure_percentage")

    def _take_windows(self, origin: int, least: int) -> list[tuple[Host, float, int]]:
        """The rates and the numbers of requests of the interval that is over, of hosts that are not put aside."""
        fewest = min(self._config.get(f"{kind}_minimum_hosts", 5) for kind in ("success_rate", "failure_percentage"))
        found = []
        for host in self._hosts:
            window = host.conduct.windows[origin]
            good, requests = window
            window[:] = [0, 0]
            host.conduct.rates[origin] = -1.0
            if requests and not host.ejected and len(self._hosts) >= fewest:
                rate = 100 * good / requests
                found.append((host, rate, requests))
                if requests >= least:
                    host.conduct.rates[origin] = rate
        return found

    def _count(self, name: str) -> None:
        self._stats.add(f"{self._prefix}{name}")


def _in_ms(ns: int) -> int:
    """A time in whole milliseconds, as which Envoy reads it."""
    return ns // MILLISECOND * MILLISECOND
