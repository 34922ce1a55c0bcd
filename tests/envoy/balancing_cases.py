"""The cases on hosts: priorities and panic, health checks, outliers, names that are resolved, and retries elsewhere."""

from tests.envoy.cases import DEAD, ROUTE, TCP, Case, X, cluster, http, retry, spaced

ILL = ", health_status: UNHEALTHY"
NAMES = ("APP", "APP2")
NO_PANIC = "common_lb_config: {healthy_panic_threshold: {value: 0}}"
OUTLIER = "outlier_detection: {%s, max_ejection_percent: 100, base_ejection_time: 60s}"
PREVIOUS = (
    "retry_host_predicate: [{name: previous, typed_config: "
    '{"@type": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate}}], '
    "host_selection_retry_max_attempts: 10"
)
ELSEWHERE = retry(f"retry_on: 5xx, num_retries: 3, {PREVIOUS}")


def levels(*groups: list[tuple[str, str]], more: str = "") -> str:
    """A configuration whose hosts (a port, and more on it) have priorities."""
    listed = []
    for priority, hosts in enumerate(groups):
        hosts_listed = ", ".join(
            f"{{endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: @{port}@}}}}}}{further}}}"
            for port, further in hosts
        )
        listed.append(f"{{priority: {priority}, lb_endpoints: [{hosts_listed}]}}")
    assignment = f"load_assignment: {{cluster_name: x, endpoints: [{', '.join(listed)}]}}"
    return http(ROUTE, (f"  - {{name: app, type: STATIC, connect_timeout: 1s, {assignment}{', ' + more if more else ''}}}",))


def one(more: str, *ports: str, route: str = ROUTE) -> str:
    """A configuration of one cluster with further fields."""
    return http(route, (cluster("app", *(ports or ("APP",)), more=more),))


def named(kind: str, name: str) -> str:
    """A configuration whose host has a name."""
    where = f"{{endpoint: {{address: {{socket_address: {{address: {name}, port_value: @APP@}}}}}}}}"
    assignment = f"load_assignment: {{cluster_name: x, endpoints: [{{lb_endpoints: [{where}]}}]}}"
    route = "{match: {prefix: /}, route: {cluster: app, auto_host_rewrite: true}}"
    common = "dns_lookup_family: V4_ONLY, connect_timeout: 1s, lb_policy: RANDOM"
    return http(route, (f"  - {{name: app, type: {kind}, {common}, {assignment}}}",))


def checked(path: str, more: str = "", bad: int = 2, interval: str = "60s") -> str:
    """A health check."""
    return (
        f"health_checks: [{{timeout: 0.2s, interval: {interval}, no_traffic_interval: {interval}, unhealthy_threshold: {bad}, "
        f"healthy_threshold: 2, http_health_check: {{path: {path}{more}}}}}]"
    )


THEN_RARELY = "no_traffic_healthy_interval: 60s, no_traffic_interval"
AGAIN = checked("/fail/2/hc", interval="0.3s", bad=1).replace("no_traffic_interval", THEN_RARELY)
WELL, SPARE = [("APP", "")] * 3, [("APP2", "")]

CASES: dict[str, Case] = {
    "priority-next": Case(levels([("APP", ILL)], SPARE), ["/name"] * 3, NAMES),
    "priority-kept-by-most": Case(levels([*WELL, ("APP", ILL)], SPARE), ["/name"] * 6, NAMES),
    "priority-all-ill": Case(levels([("APP", ILL)], [("APP2", ILL)], more=NO_PANIC), X, NAMES),
    "panic-not-needed": Case(
        levels([*WELL, ("DEAD", ILL)], more="common_lb_config: {healthy_panic_threshold: {value: 80}}"), ["/name"] * 6, NAMES
    ),
    "check-of-statuses": Case(
        one(checked("/status/302", ", expected_statuses: [{start: 300, end: 303}], method: HEAD, host: h")), X
    ),
    "check-not-found": Case(one(checked("/status/404")), X),
    "check-too-slow": Case(one(checked("/slow/0.5", bad=1)), X),
    "check-takes-outlier-back": Case(
        one(f"{checked('/name', interval='0.4s')}, {OUTLIER % 'consecutive_5xx: 2'}, {NO_PANIC}"),
        ["/status/500"] * 2 + [2.5] + ["/name"],
        uncounted=r".*health_check\.(attempt|success)",
    ),
    "check-leaves-outlier": Case(
        one(
            f"{checked('/name', interval='60s')}, {NO_PANIC}, "
            f"{OUTLIER % 'consecutive_5xx: 2, successful_active_health_check_uneject_host: false'}"
        ),
        spaced("/status/500", "/status/500", "/name"),
    ),
    "outlier-refused": Case(one(f"{OUTLIER % 'consecutive_5xx: 2'}, {NO_PANIC}", "DEAD"), spaced(*X * 3)),
    "outlier-reset": Case(one(f"{OUTLIER % 'consecutive_5xx: 3'}, {NO_PANIC}"), spaced("/reset", "/close", "/garbage", "/name")),
    "outlier-not-in-a-row": Case(
        one(f"{OUTLIER % 'consecutive_5xx: 2'}, {NO_PANIC}"), spaced("/status/500", "/name", "/status/500", "/name")
    ),
    "outlier-only-detected": Case(
        one(f"{OUTLIER % 'consecutive_5xx: 2, enforcing_consecutive_5xx: 0'}, {NO_PANIC}"), spaced(*["/status/500"] * 5)
    ),
    "name-resolved": Case(named("STRICT_DNS", "localhost"), ["/echo"]),
    "name-resolved-once": Case(named("LOGICAL_DNS", "localhost"), ["/echo"]),
    "name-unknown": Case(named("STRICT_DNS", "nowhere.invalid"), X),
    "retry-elsewhere": Case(
        one(
            f"{OUTLIER % 'consecutive_5xx: 1'}, {NO_PANIC}",
            "APP",
            "DEAD",
            route=ELSEWHERE,
        ),
        spaced(*X * 3),
        unordered=True,
    ),
    "round-robin": Case(one("lb_policy: ROUND_ROBIN", "APP", "APP2"), ["/name"] * 6, NAMES, unordered=True),
    "weights": Case(
        levels([("APP", ", load_balancing_weight: 3"), ("APP2", ", load_balancing_weight: 1")]),
        ["/name"] * 8,
        NAMES,
        unordered=True,
    ),
    "retry-of-host": Case(http(ROUTE, host="              retry_policy: {retry_on: 5xx, num_retries: 2}"), ["/fail/2/a"]),
    "retry-by-header": Case(
        http(retry("retry_on: retriable-headers, retriable_headers: [{name: x-app, string_match: {exact: app}}]")),
        ["/name"],
    ),
    "retry-of-some": Case(
        http(retry("retry_on: 5xx, num_retries: 1, retriable_request_headers: [{name: x-r, string_match: {exact: yy}}]")),
        ["/status/503", ("GET", "/status/503", {"x-r": "yy"})],
    ),
    "retry-idle": Case(http(retry("retry_on: reset, num_retries: 1, per_try_idle_timeout: 0.1s")), ["/slow/0.5", "/name"]),
    "retry-budget-empty": Case(
        one(
            "circuit_breakers: {thresholds: [{retry_budget: {budget_percent: {value: 0}, min_retry_concurrency: 0}}]}",
            route=retry("retry_on: 5xx, num_retries: 2"),
        ),
        ["/status/503"],
    ),
    "retry-within-time": Case(
        http(
            retry(
                "retry_on: 'gateway-error,connect-failure', num_retries: 3, "
                "retry_back_off: {base_interval: 0.001s, max_interval: 0.002s}",
                "timeout: 0.5s",
            )
        ),
        ["/slow/1", "/fail/3/x"],
    ),
    "timeout-in-a-pause": Case(
        http(retry("retry_on: 5xx, retry_back_off: {base_interval: 100s, max_interval: 100s}", "timeout: 0.2s")), ["/status/503"]
    ),
    "check-finds-it-well-again": Case(one(f"{AGAIN}, {NO_PANIC}"), [2.5, "/name"]),
    "tcp-attempts": Case((TCP % ("dead", DEAD)).replace("cluster: dead", "cluster: dead\n          max_connect_attempts: 3"), X),
    "tcp-no-host": Case(TCP % ("none", "  - {name: none, type: STATIC}"), X),
}
