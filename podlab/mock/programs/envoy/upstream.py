"""Clusters: their hosts found (static or by DNS), chosen and watched; their connections are in a `Pool`."""

from dataclasses import dataclass
from random import Random
from typing import Final

from podlab.mock.kernel import SECOND, WaitQueue
from podlab.mock.machine.network.addresses import parse_ip
from podlab.mock.machine.process import Process
from podlab.mock.programs.envoy.balancing import Balancer
from podlab.mock.programs.envoy.connections import Pool
from podlab.mock.programs.envoy.health import HealthChecker
from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.merging import Merging
from podlab.mock.programs.envoy.outliers import OutlierDetector
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.stats import Stats
from podlab.mock.programs.envoy.tls_stream import TlsContext

DNS_REFRESH_NS: Final = 5 * SECOND

COUNTERS: Final = """
assignment_stale assignment_timeout_received assignment_use_cached bind_errors lb_healthy_panic
lb_local_cluster_not_ok lb_recalculate_zone_structures lb_subsets_created lb_subsets_fallback lb_subsets_fallback_panic
lb_subsets_removed lb_subsets_selected lb_zone_cluster_too_small lb_zone_no_capacity_left lb_zone_routing_all_directly
lb_zone_routing_cross_zone lb_zone_routing_sampled membership_change original_dst_host_invalid retry_or_shadow_abandoned
update_attempt update_empty update_failure update_no_rebuild update_success upstream_cx_close_notify
upstream_cx_connect_attempts_exceeded upstream_cx_connect_fail upstream_cx_connect_timeout upstream_cx_connect_with_0_rtt
upstream_cx_destroy upstream_cx_destroy_local upstream_cx_destroy_local_with_active_rq upstream_cx_destroy_remote
upstream_cx_destroy_remote_with_active_rq upstream_cx_destroy_with_active_rq upstream_cx_http1_total upstream_cx_http2_total
upstream_cx_http3_total upstream_cx_idle_timeout upstream_cx_max_duration_reached upstream_cx_max_requests
upstream_cx_none_healthy upstream_cx_overflow upstream_cx_pool_overflow upstream_cx_protocol_error upstream_cx_rx_bytes_total
upstream_cx_total upstream_cx_tx_bytes_total upstream_flow_control_backed_up_total upstream_flow_control_drained_total
upstream_flow_control_paused_reading_total upstream_flow_control_resumed_reading_total upstream_http3_broken
upstream_internal_redirect_failed_total upstream_internal_redirect_succeeded_total upstream_rq_0rtt upstream_rq_active_overflow
upstream_rq_cancelled upstream_rq_completed upstream_rq_maintenance_mode upstream_rq_max_duration_reached
upstream_rq_pending_failure_eject upstream_rq_pending_overflow upstream_rq_pending_total upstream_rq_per_try_idle_timeout
upstream_rq_per_try_timeout upstream_rq_retry upstream_rq_retry_backoff_exponential upstream_rq_retry_backoff_ratelimited
upstream_rq_retry_limit_exceeded upstream_rq_retry_overflow upstream_rq_retry_success upstream_rq_rx_reset
upstream_rq_rx_reset_no_error
upstream_rq_timeout upstream_rq_total upstream_rq_tx_reset
"""
GAUGES: Final = """
circuit_breakers.default.cx_open circuit_breakers.default.cx_pool_open circuit_breakers.default.rq_open
circuit_breakers.default.rq_pending_open circuit_breakers.default.rq_retry_open circuit_breakers.high.cx_open
circuit_breakers.high.cx_pool_open circuit_breakers.high.rq_open circuit_breakers.high.rq_pending_open
circuit_breakers.high.rq_retry_open lb_subsets_active membership_degraded membership_excluded membership_healthy membership_total
upstream_cx_active upstream_rq_active upstream_rq_pending_active
"""
HISTOGRAMS: Final = "upstream_cx_connect_ms upstream_cx_length_ms upstream_rq_per_cx"
TLS_COUNTERS: Final = (
    "connection_error fail_verify_cert_hash fail_verify_error fail_verify_no_cert fail_verify_san handshake "
    "no_certificate session_reused"
)


class Cluster:
    """One cluster.

    Attributes:
        label: What it is called where it is observed.
        hosts: Whom it consists of, at this time.
        retries: How many there are now, for the circuit breakers.
        outliers: The detector of outliers, None when there is none.
        initialized: Whether its first hosts are known and checked; `on_ready` is woken then.
    """

    def __init__(self, config: Obj, proc: Process, stats: Stats, tls: TlsContext | None, random: Random) -> None:
        self.config = config
        self.name: str = config["name"]
        self.label = config.get("alt_stat_name") or self.name
        self.prefix = f"cluster.{self.label.replace(':', '_')}."
        self.hosts: list[Host] = []
        self.retries = 0
        self.stats = stats
        self.kernel = proc.kernel
        self.initialized = False
        self.on_ready = WaitQueue(proc.kernel)
        self.pool = Pool(config, proc, stats, self.prefix, tls)
        self._proc = proc
        self._checked: set[str] = set()
        thresholds: Obj = next(iter(config.get("circuit_breakers", {}).get("thresholds", [])), {})
        self._budget: Obj | None = thresholds.get("retry_budget")
        self._tracked = bool(thresholds.get("track_remaining"))
        self._balancer = Balancer(config, stats, self.prefix, random)
        self._merging = Merging(config, self.hosts, proc, stats)
        stats.declare(self.prefix, COUNTERS, GAUGES, HISTOGRAMS)
        stats.before_reading.append(self._refresh)
        if tls is not None:
            stats.declare(f"{self.prefix}ssl.", TLS_COUNTERS)
        self._checkers = [HealthChecker(one, self) for one in config.get("health_checks", [])]
        self.outliers: OutlierDetector | None = None
        if "outlier_detection" in config:
            config = config["outlier_detection"]
            self.outliers = OutlierDetector(config, self.hosts, proc.kernel, stats, self.prefix, random, self._judged)

    def choose(self, avoid: tuple[Host, ...] = (), attempts: int = 1) -> Host | None:
        """A host for a request, None when there is none. Those in `avoid` are not taken, as long as `attempts` choices last."""
        return self._balancer.choose(self.hosts, avoid, attempts)

    # --- hosts ---

    def start(self) -> None:
        """Finds the hosts and begins to watch them."""
        if self.config.get("type", "STATIC") == "STATIC":
            self._update([host for entry in self._endpoints() for host in entry.hosts([entry.address])])
        else:
            self._proc.thread(self._follow_dns(), f"dns/{self.name}")
        if self.outliers is not None:
            self._proc.thread(self.outliers.run(), f"outliers/{self.name}")

    def _endpoints(self) -> list["_Entry"]:
        found = []
        for locality in self.config.get("load_assignment", {}).get("endpoints", []):
            written = locality.get("locality", {})
            place = written.get("region", ""), written.get("zone", ""), written.get("sub_zone", "")
            for entry in locality.get("lb_endpoints", []):
                endpoint = entry.get("endpoint", {})
                socket = endpoint["address"]["socket_address"]
                name = endpoint.get("hostname") or (socket["address"] if self.config.get("type", "STATIC") != "STATIC" else "")
                weight, unfit = entry.get("load_balancing_weight", 1), entry.get("health_status") == "UNHEALTHY"
                where = socket["address"], socket.get("port_value", 0)
                found.append(_Entry(*where, name, weight, locality.get("priority", 0), unfit, place))
        return sorted(found, key=lambda entry: entry.priority)

    async def _follow_dns(self) -> None:
        strict = self.config["type"] == "STRICT_DNS"
        while True:
            found: list[Host] = []
            for entry in self._endpoints():
                self.stats.add(f"{self.prefix}update_attempt")
                try:
                    addresses = [ip for ip in await self._proc.resolve(entry.address) if ":" not in ip]
                    self.stats.add(f"{self.prefix}update_success")
                except OSError:
                    addresses = []
                    self.stats.add(f"{self.prefix}update_failure")
                known = [host for host in self.hosts if (host.name, host.port) == (entry.name, entry.port)]
                if not addresses:  # what was known stays when the name cannot be resolved
                    found += known
                else:
                    found += entry.hosts(sorted(addresses) if strict else addresses[:1])
            self._update(found)
            await self.kernel.sleep(self.config.get("dns_refresh_rate", DNS_REFRESH_NS))

    def _update(self, wanted: list[Host]) -> None:
        known = {(host.ip, host.port): host for host in self.hosts}
        if not self.initialized or [(h.ip, h.port) for h in wanted] != list(known):
            self.stats.add(f"{self.prefix}membership_change", len({host.priority for host in wanted}))
            self.hosts[:] = [known.get((host.ip, host.port), host) for host in wanted]
            for checker in self._checkers:
                for host in self.hosts:
                    if (host.ip, host.port) not in known:
                        host.failed_check = True
                        self._proc.thread(checker.watch(host), f"check/{self.name}")
            if self.initialized:
                self._merging.replaced()
        if not self._checkers or not self.hosts:
            self._initialize()

    def _initialize(self) -> None:
        if not self.initialized:
            self._merging.deliver()
        self.initialized = True
        self.on_ready.wake_all()

    def checked(self, host: Host, good: bool, changed: bool) -> None:
        """A health check of a host was made, and has found it well or ill when it was the other before (`changed`)."""
        if changed and self.initialized:
            self._merging.changed(host)
        if good and host.ejected and self.outliers is not None:
            self.outliers.passed_check(host)
        self._checked.add(host.address)
        if not self.initialized and all(other.address in self._checked for other in self.hosts):
            self._initialize()

    # --- what is seen of it ---

    def _refresh(self) -> None:
        gauge, pool = self.stats.set, self.pool
        for host in self.hosts:
            pool.reap(host)
        gauge(f"{self.prefix}membership_total", len(self.hosts))
        gauge(f"{self.prefix}membership_healthy", sum(host.healthy for host in self.hosts))
        breakers = f"{self.prefix}circuit_breakers.default."
        gauge(f"{breakers}cx_open", int(pool.connections >= pool.limits["max_connections"]))
        gauge(f"{breakers}rq_open", int(pool.requests >= pool.limits["max_requests"]))
        gauge(f"{breakers}rq_pending_open", int(pool.pending >= pool.limits["max_pending_requests"]))
        gauge(f"{breakers}rq_retry_open", int(self.retries >= self.max_retries))
        if self._tracked:
            gauge(f"{breakers}remaining_cx", max(pool.limits["max_connections"] - pool.connections, 0))
            gauge(f"{breakers}remaining_pending", max(pool.limits["max_pending_requests"] - pool.pending, 0))
            gauge(f"{breakers}remaining_rq", max(pool.limits["max_requests"] - pool.requests, 0))
            gauge(f"{breakers}remaining_retries", max(self.max_retries - self.retries, 0))

    @property
    def max_retries(self) -> int:
        """How many retries there may be at once."""
        if self._budget is None:
            return int(self.pool.limits["max_retries"])
        percent = self._budget.get("budget_percent", {}).get("value", 20.0)
        share = int(percent / 100 * (self.pool.requests + self.pool.pending))
        return int(max(share, self._budget.get("min_retry_concurrency", 3)))

    def report(self, host: Host, status: int, local: bool = False) -> None:
        """How a request to a host ended, for outlier detection; `local`: it was not reached, or not in time."""
        if self.outliers is not None:
            self.outliers.put_result(host, status, local)

    def _judged(self, host: Host) -> None:
        """A host was put aside as an outlier, or taken back."""
        self._merging.changed(host)
        self.pool.drop_old(host)

    def reached(self, host: Host) -> None:
        """A host could be reached, for outlier detection."""
        if self.outliers is not None:
            self.outliers.put_reached(host)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An endpoint as it is written."""

    address: str
    port: int
    name: str
    weight: int
    priority: int
    unfit: bool
    place: tuple[str, str, str]

    def hosts(self, addresses: list[str]) -> list[Host]:
        """What it comes to, by the addresses of its name."""
        return [Host(ip, self.port, self.name, self.weight, self.priority, self.unfit, self.place) for ip in addresses]


def is_address(text: str) -> bool:
    """Whether a host of a STATIC cluster is written as one must be."""
    return parse_ip(text) is not None
