"""Outlier detection: hosts that fail are put aside for a while, by what is seen of the traffic alone."""

from random import Random
from statistics import fmean, pstdev
from typing import Final

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.stats import Stats

GATEWAY_ERRORS: Final = (502, 503, 504)
KINDS: Final = """
consecutive_5xx consecutive_gateway_failure consecutive_local_origin_failure failure_percentage local_origin_failure_percentage
local_origin_success_rate success_rate
"""
OTHERS: Final = """
ejections_consecutive_5xx ejections_detected_degradation ejections_enforced_total ejections_overflow ejections_success_rate
ejections_total
"""


class OutlierDetector:
    """Watches how hosts answer and puts the bad ones aside for a while.

    Attributes:
        average, threshold: Of the hosts' success rates (%) in the last interval, -1 when there was too little to compare.
    """

    def __init__(self, config: Obj, hosts: list[Host], kernel: Kernel, stats: Stats, prefix: str, random: Random) -> None:
        self._config = config
        self._hosts = hosts
        self._kernel = kernel
        self._stats = stats
        self._prefix = f"{prefix}outlier_detection."
        self._random = random
        self.average = self.threshold = -1.0
        kinds = ("detected", "enforced")
        names = [f"ejections_{kind}_{name}" for kind in kinds for name in KINDS.split()]
        stats.declare(self._prefix, " ".join([*names, *OTHERS.split()]), "ejections_active")

    def put_result(self, host: Host, status: int) -> None:
        """A host has answered (or failed: 503, 504)."""
        host.window[1] += 1
        if status < 500:
            host.window[0] += 1
            host.consecutive_5xx = host.consecutive_gateway = 0
            return
        config = self._config
        host.consecutive_gateway = host.consecutive_gateway + 1 if status in GATEWAY_ERRORS else 0
        if host.consecutive_gateway == config.get("consecutive_gateway_failure", 5):
            host.consecutive_gateway = 0
            self._detected(host, "consecutive_gateway_failure", config.get("enforcing_consecutive_gateway_failure", 0))
        host.consecutive_5xx += 1
        if host.consecutive_5xx == config.get("consecutive_5xx", 5):
            host.consecutive_5xx = 0
            self._detected(host, "consecutive_5xx", config.get("enforcing_consecutive_5xx", 100))

    def _detected(self, host: Host, kind: str, enforced_percent: int) -> None:
        if host.ejected:
            return
        self._stats.add(f"{self._prefix}ejections_detected_{kind}")
        if kind == "consecutive_5xx":  # the older names of these statistics
            self._stats.add(f"{self._prefix}ejections_consecutive_5xx")
        ejected = sum(other.ejected for other in self._hosts)
        share = 100.0 * (ejected + 1) / len(self._hosts)
        alone = not ejected and self._config.get("always_eject_one_host", False)
        if share > self._config.get("max_ejection_percent", 10) and not alone:
            self._stats.add(f"{self._prefix}ejections_overflow")
            return
        if kind != "consecutive_gateway_failure":
            self._stats.add(f"{self._prefix}ejections_total")
        if self._random.random() * 100 >= enforced_percent:
            return
        self._stats.add(f"{self._prefix}ejections_enforced_total")
        self._stats.add(f"{self._prefix}ejections_enforced_{kind}")
        self._stats.move(f"{self._prefix}ejections_active", 1)
        host.ejected, host.ejected_at_ns = True, self._kernel.now_ns
        host.ejections += 1
        host.generation += 1

    async def run(self) -> None:
        """Takes hosts back when their time is over, and compares success rates, at every interval."""
        base = self._config.get("base_ejection_time", 30 * SECOND)
        most = max(self._config.get("max_ejection_time", 300 * SECOND), base)
        while True:
            await self._kernel.sleep(self._config.get("interval", 10 * SECOND))
            for host in self._hosts:
                if host.ejected:
                    if self._kernel.now_ns >= host.ejected_at_ns + min(base * host.ejections, most):
                        self.take_back(host)
                elif host.ejections:
                    host.ejections -= 1
            self._compare()

    def passed_check(self, host: Host) -> None:
        """A host that is put aside has passed an active health check: it is taken back, if the configuration lets it."""
        if self._config.get("successful_active_health_check_uneject_host", True):
            self.take_back(host)

    def take_back(self, host: Host) -> None:
        """A host that was put aside gets requests again."""
        host.ejected = False
        host.consecutive_5xx = host.consecutive_gateway = 0
        self._stats.move(f"{self._prefix}ejections_active", -1)

    def _compare(self) -> None:
        config = self._config
        volume = config.get("success_rate_request_volume", 100)
        rated = [(host, 100 * host.window[0] / host.window[1]) for host in self._hosts if host.window[1] >= max(volume, 1)]
        for host in self._hosts:
            host.window[:] = [0, 0]
            host.success_rate = -1.0
        self.average = self.threshold = -1.0
        if len(rated) < max(config.get("success_rate_minimum_hosts", 5), 1):
            return
        rates = [rate for _, rate in rated]
        self.average = fmean(rates)
        self.threshold = self.average - pstdev(rates) * config.get("success_rate_stdev_factor", 1900) / 1000
        for host, rate in rated:
            host.success_rate = rate
            if rate < self.threshold:
                self._detected(host, "success_rate", config.get("enforcing_success_rate", 100))
