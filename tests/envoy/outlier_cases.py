"""The cases on outlier detection: what hosts are put aside for, for how long, and when the balancer learns that they are back.

Whatever waits for an interval of Envoy's waits several times as long, so that a busy machine makes no difference.
"""

from tests.envoy.balancing_cases import NO_PANIC
from tests.envoy.cases import ROUTE, TCP, Case, X, cluster, http, spaced

BAD = "/status/500"
OFTEN = "consecutive_5xx: 100, interval: 2s"
SPLIT = "split_external_local_origin_errors: true"
FAILURES = "failure_percentage_threshold: 50, failure_percentage_minimum_hosts: 1, failure_percentage_request_volume: 4"
SHORT = "consecutive_5xx: 1, base_ejection_time: 0.2s, interval: 0.1s"


def clustered(detection: str, *ports: str, window: str = "") -> str:
    """A cluster with outlier detection; `window` is its update_merge_window."""
    common = NO_PANIC if not window else NO_PANIC.replace("{healthy", f"{{update_merge_window: {window}, healthy")
    return cluster("app", *(ports or ("APP",)), more=f"outlier_detection: {{{detection}, max_ejection_percent: 100}}, {common}")


def watched(detection: str, *ports: str, window: str = "", route: str = ROUTE) -> str:
    """A configuration of one such cluster."""
    return http(route, (clustered(detection, *ports, window=window),))


CASES: dict[str, Case] = {
    "outlier-shorter-than-a-second": Case(watched(SHORT), [BAD, 4, "/name"]),
    "outlier-of-a-millisecond": Case(
        watched("consecutive_5xx: 1, base_ejection_time: 0.001s, interval: 0.001s"), [BAD, 4, "/name"]
    ),
    "outlier-again": Case(watched(f"{SHORT}, max_ejection_time: 0.3s"), [BAD, 4, BAD, 4, "/name"]),
    "outlier-missed-for-a-window": Case(watched(SHORT, window="60s"), [BAD, 3, "/name"]),
    "outlier-without-a-window": Case(watched(SHORT, window="0s"), [BAD, 3, "/name"]),
    "outlier-jitter": Case(watched(f"{SHORT}, max_ejection_time_jitter: 0.3s"), [BAD, 4, "/name"]),
    "outlier-failure-percentage": Case(
        watched(f"{OFTEN}, {FAILURES}, enforcing_failure_percentage: 100"), [BAD, BAD, BAD, "/name", 5, "/name"]
    ),
    "outlier-failure-percentage-only-detected": Case(watched(f"{OFTEN}, {FAILURES}"), [BAD, BAD, BAD, "/name", 5, "/name"]),
    "outlier-failure-percentage-of-few": Case(
        watched(f"{OFTEN}, {FAILURES}, enforcing_failure_percentage: 100"), [BAD, BAD, BAD, 5, "/name"]
    ),
    "outlier-success-rate": Case(
        watched(
            "consecutive_5xx: 100, interval: 5s, success_rate_minimum_hosts: 2, success_rate_request_volume: 4, "
            "success_rate_stdev_factor: 500",
            "APP",
            "DEAD",
        ),
        [*X * 8, 11, "/name"],
        unordered=True,
    ),
    "outlier-local-origin": Case(watched(f"{SPLIT}, consecutive_local_origin_failure: 2", "DEAD"), spaced(*X * 4)),
    "outlier-local-origin-reset": Case(
        watched(f"{SPLIT}, consecutive_local_origin_failure: 2, consecutive_5xx: 3"),
        spaced("/reset", "/close", "/reset", "/name"),
    ),
    "outlier-local-origin-timeout": Case(
        watched(
            f"{SPLIT}, consecutive_local_origin_failure: 2, consecutive_5xx: 3",
            route="{match: {prefix: /}, route: {cluster: app, timeout: 0.5s}}",
        ),
        spaced("/slow/4", "/slow/4", "/slow/4", "/name"),
    ),
    "outlier-local-origin-is-not-the-host's": Case(
        watched(f"{SPLIT}, consecutive_local_origin_failure: 2, consecutive_5xx: 3"), [BAD] * 4
    ),
    "outlier-local-origin-percentage": Case(
        watched(
            f"{SPLIT}, consecutive_local_origin_failure: 100, failure_percentage_minimum_hosts: 1, interval: 2s, "
            "failure_percentage_request_volume: 2, enforcing_failure_percentage_local_origin: 100",
            "DEAD",
        ),
        [*X * 4, 5, *X],
    ),
    "outlier-local-origin-tcp": Case(
        TCP % ("app", clustered(f"{SPLIT}, consecutive_local_origin_failure: 2", "DEAD")), spaced(*X * 3)
    ),
    "check-that-flaps": Case(
        http(
            ROUTE,
            (
                cluster(
                    "app",
                    "APP",
                    more="health_checks: [{timeout: 1s, interval: 0.2s, no_traffic_interval: 0.2s, unhealthy_threshold: 1, "
                    f"healthy_threshold: 1, http_health_check: {{path: /fail/3/x}}}}], {NO_PANIC}",
                ),
            ),
        ),
        [4, "/name"],
        uncounted=r".*health_check\.(attempt|success)",
    ),
}
