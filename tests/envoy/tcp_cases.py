"""The cases on connections that carry any bytes: who ends them, how long they may be idle, how many there may be."""

from tests.envoy.cases import APP, TCP, Case, cluster
from tests.envoy.log_cases import TCP_LOGGED
from tests.envoy.playing import Together
from tests.envoy.wire import encode

ONE_CONNECTION = cluster("app", "APP", more="circuit_breakers: {thresholds: [{max_connections: 1}]}")
IN_PIECES = [b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\na", 0.4, b"b", 0.4, b"cd"]


def idle(seconds: float) -> str:
    """A proxy that breaks off what is idle for so long."""
    return TCP_LOGGED.replace("stat_prefix: tcp", f"stat_prefix: tcp\n          idle_timeout: {seconds}s")


CASES: dict[str, Case] = {
    "tcp-ends": Case(TCP_LOGGED, ["/close", "/reset", "/half", "/name", [encode("/name"), 0.2]]),
    "tcp-client-leaves": Case(
        TCP_LOGGED, [step for path in ("slow", "parts") for step in (Together([(0, f"/{path}/0.6", 0.2)]), 0.8)]
    ),
    "tcp-idle": Case(idle(0.3), [[b"x", 0.1], "/slow/1"]),
    "tcp-not-idle": Case(idle(0.7), [IN_PIECES, "/parts/0.4"]),
    "tcp-idle-for-ever": Case(idle(0), ["/slow/0.3"]),
    "tcp-breaker": Case(TCP_LOGGED.replace(APP, ONE_CONNECTION), [Together([(0, "/slow/0.5"), (0.1, "/name")])]),
    "tcp-weighted": Case(
        (TCP % ("x", APP)).replace("cluster: x", "weighted_clusters: {clusters: [{name: app, weight: 1}]}"), ["/name"]
    ),
}
