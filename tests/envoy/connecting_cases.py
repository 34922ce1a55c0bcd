"""The cases on connections that do not come about in time, and on the limits of how many there may be."""

from tests.envoy.balancing_cases import NO_PANIC, OUTLIER, checked
from tests.envoy.cases import ROUTE, TCP, Case, X, cluster, endpoints, http, retry


def full(more: str = "") -> str:
    """A cluster whose only host lets nobody in."""
    return f"  - {{name: full, type: STATIC, connect_timeout: 0.3s, {endpoints('FULL')}{', ' + more if more else ''}}}"


def to_full(route: str = "cluster: full", more: str = "") -> str:
    """A configuration with one route to that host."""
    return http(f"{{match: {{prefix: /}}, route: {{{route}}}}}", (full(more),))


def tried(policy: str, more: str = "") -> str:
    """The same, with a retry policy."""
    return http(retry(policy, more).replace("cluster: app", "cluster: full"), (full(),))


def breaker(threshold: str) -> str:
    """An application behind a circuit breaker."""
    return http(ROUTE, (cluster("app", "APP", more=f"circuit_breakers: {{thresholds: [{{{threshold}}}]}}"),))


def within(milliseconds: int) -> tuple[str, str, dict[str, str]]:
    """A request that has so much time."""
    return "GET", "/name", {"x-envoy-upstream-rq-timeout-ms": str(milliseconds)}


CASES: dict[str, Case] = {
    "connect-timeout": Case(to_full(), X * 2),
    "connect-timeout-retried": Case(tried("retry_on: connect-failure, num_retries: 2"), X),
    "connect-timeout-is-a-5xx": Case(tried("retry_on: 5xx, num_retries: 1"), X),
    "connect-timeout-not-retried": Case(tried("retry_on: retriable-4xx, num_retries: 1"), X),
    "connect-timeout-within-timeout": Case(tried("retry_on: connect-failure, num_retries: 3", "timeout: 0.7s"), [*X, 0.5]),
    "connect-timeout-of-outlier": Case(to_full(more=f"{OUTLIER % 'consecutive_5xx: 2'}, {NO_PANIC}"), [*X, 0.2] * 3),
    "connect-timeout-of-check": Case(to_full(more=f"{checked('/name', bad=1)}, {NO_PANIC}"), X),
    "connect-timeout-of-tcp": Case(TCP % ("full", full()), X),
    "connect-timeout-of-tcp-again": Case(
        (TCP % ("full", full())).replace("cluster: full", "cluster: full\n          max_connect_attempts: 2"), X
    ),
    "timeout-while-connecting": Case(to_full("cluster: full, timeout: 0.1s"), [*X, 0.5]),
    "duration-while-connecting": Case(to_full("cluster: full, max_stream_duration: {max_stream_duration: 0.1s}"), [*X, 0.5]),
    "try-begins-when-connected": Case(tried("retry_on: 5xx, num_retries: 1, per_try_timeout: 0.1s"), [*X, 0.5]),
    "try-is-idle-when-connected": Case(tried("retry_on: 5xx, num_retries: 1, per_try_idle_timeout: 0.1s"), [*X, 0.5]),
    "connection-left-to-the-next": Case(to_full(), [within(50), within(100), 0.5]),
    "breaker-no-connection": Case(breaker("max_connections: 0"), X * 2),
    "breaker-no-request": Case(breaker("max_requests: 0"), X * 2),
}
