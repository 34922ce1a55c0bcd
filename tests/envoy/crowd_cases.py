"""The cases on many clients at once: who waits, who is turned away, who is tried again."""

from tests.envoy.cases import FAULT, ROUTE, Case, cluster, http, retry
from tests.envoy.connecting_cases import breaker
from tests.envoy.playing import Together

BUDGET = "circuit_breakers: {thresholds: [{retry_budget: {budget_percent: {value: %s}, min_retry_concurrency: %s}}]}"
LATER = retry("retry_on: 5xx, num_retries: 1, retry_back_off: {base_interval: 9999s, max_interval: 9999s}", "timeout: 4s")
"""So much later (chance decides how much) that time is up before any retry begins."""


def crowd(count: int, path: str = "/slow/1", gap: float = 0.25) -> Together:
    """Clients that come one soon after the other."""
    return Together([(number * gap, path) for number in range(count)])


def failing(count: int) -> Together:
    """Clients that come at once and fail one after the other: all are under way before the first is answered."""
    return Together([(0, f"/late/{0.6 + number * 0.3:.1f}/503") for number in range(count)])


def budget(percent: int, least: int) -> str:
    """Retries within a budget."""
    return http(LATER, (cluster("app", "APP", more=BUDGET % (percent, least)),))


CASES: dict[str, Case] = {
    "one-connection": Case(breaker("max_connections: 1"), [crowd(3)]),
    "one-connection-and-one-waits": Case(breaker("max_connections: 1, max_pending_requests: 1"), [crowd(4)]),
    "two-requests": Case(breaker("max_requests: 2"), [crowd(4)]),
    "one-retry": Case(
        http(LATER, (cluster("app", "APP", more="circuit_breakers: {thresholds: [{max_retries: 1}]}"),)),
        [failing(2)],
        unordered=True,
    ),
    "retry-budget-of-a-fifth": Case(budget(20, 1), [failing(6)], unordered=True),
    "retry-budget-of-half": Case(budget(50, 0), [failing(6)], unordered=True),
    "faults-one-at-a-time": Case(
        http(ROUTE, filters=FAULT % "max_active_faults: 1, delay: {fixed_delay: 2s, percentage: {numerator: 100}}"),
        [Together([(0, "/name"), (0.5, "/name"), (1, "/name")])],
    ),
}
