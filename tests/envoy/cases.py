"""The cases: a configuration around one virtual host or cluster, and what is asked of it. `test_differences` plays them."""

from dataclasses import dataclass, field
from typing import Any

LOG = (
    "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL% %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% "
    "%BYTES_RECEIVED% %BYTES_SENT% "
    "%UPSTREAM_CLUSTER% %UPSTREAM_HOST% %ROUTE_NAME% n=%UPSTREAM_REQUEST_ATTEMPT_COUNT%"
)

HTTP = """
admin: {address: {socket_address: {address: 127.0.0.1, port_value: @ADMIN@}}}
static_resources:
  listeners:
  - name: ingress
    address: {socket_address: {address: 127.0.0.1, port_value: @LISTEN@}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: ingress
%(manager)s
          access_log:
          - name: envoy.access_loggers.stdout
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
              log_format: {text_format_source: {inline_string: "%(log)s\\n"}}
          http_filters:
%(filters)s
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config:
            name: local
            virtual_hosts:
%(hosts)s
  clusters:
%(clusters)s
"""


def endpoints(*ports: str) -> str:
    """A load assignment of these ports."""
    listed = ", ".join(
        f"{{endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: @{port}@}}}}}}}}" for port in ports
    )
    return f"load_assignment: {{cluster_name: x, endpoints: [{{lb_endpoints: [{listed}]}}]}}"


def cluster(name: str, *ports: str, more: str = "") -> str:
    """A static cluster in flow style; `more` is further fields."""
    return f"  - {{name: {name}, type: STATIC, connect_timeout: 1s, {endpoints(*ports)}{', ' + more if more else ''}}}"


APP, DEAD = cluster("app", "APP"), cluster("dead", "DEAD")


def http(routes: str, clusters: tuple[str, ...] = (APP, DEAD), filters: str = "", manager: str = "", host: str = "") -> str:
    """A configuration of one virtual host; `routes` is a list in flow style, one a line."""
    lines = "\n".join(f"              - {line.strip()}" for line in routes.strip().splitlines())
    hosts = f'            - name: all\n              domains: ["*"]\n{host}\n              routes:\n{lines}'
    return HTTP % {"manager": manager, "log": LOG, "filters": filters, "hosts": hosts, "clusters": "\n".join(clusters)}


ROUTE = "{match: {prefix: /}, route: {cluster: app}}"


def retry(policy: str, more: str = "") -> str:
    """One route to the application with a retry policy."""
    return f"{{match: {{prefix: /}}, route: {{cluster: app, retry_policy: {{{policy}}}{', ' + more if more else ''}}}}}"


FAULT = """          - name: envoy.filters.http.fault
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault, %s}"""
LIMIT = """          - name: envoy.filters.http.local_ratelimit
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
              stat_prefix: limit
              token_bucket: {max_tokens: 2, tokens_per_fill: 2, fill_interval: 600s}
              filter_enabled: {default_value: {numerator: 100, denominator: HUNDRED}}
              filter_enforced: {default_value: {numerator: %d, denominator: HUNDRED}}"""

TCP = """
admin: {address: {socket_address: {address: 127.0.0.1, port_value: @ADMIN@}}}
static_resources:
  listeners:
  - name: tcp
    address: {socket_address: {address: 127.0.0.1, port_value: @LISTEN@}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.tcp_proxy
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
          stat_prefix: tcp
          cluster: %s
  clusters:
%s
"""


@dataclass(frozen=True)
class Case:
    """One case: its configuration, its steps (see `playing.play`), which applications run, and files for it.

    `unordered`: where the first request goes is chance, so answers and log count as heaps. `options`: more for the command line.
    `uncounted`: statistics whose values depend on how long it took.
    """

    config: str
    steps: list[Any]
    names: tuple[str, ...] = ("APP",)
    files: dict[str, bytes] = field(default_factory=dict)
    unordered: bool = False
    options: tuple[str, ...] = ()
    uncounted: str = ""


X = ["/status/200"]


def spaced(*paths: str) -> list[Any]:
    """Requests with time in between: a host is ejected a moment after the answer, by another thread."""
    return [step for path in paths for step in (path, 0.3)]


HEADERS = (
    "            request_headers_to_add: [{header: {key: x-added, value: v}}]\n"
    "              response_headers_to_add: [{header: {key: x-out, value: w}}]\n"
    "              response_headers_to_remove: [x-app]\n"
)
CASES: dict[str, Case] = {
    "plain": Case(http(ROUTE), ["/name", "/status/404", "/status/500", ("POST", "/echo", {}, "hello"), ("HEAD", "/name")]),
    "chunked-answer": Case(http(ROUTE), ["/chunked"]),
    "chunked-request": Case(
        http(ROUTE), [b"POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"]
    ),
    "connection-refused": Case(http("{match: {prefix: /}, route: {cluster: dead}}"), X),
    "connection-refused-retried": Case(
        http("{match: {prefix: /}, route: {cluster: dead, retry_policy: {retry_on: connect-failure, num_retries: 2}}}"), X
    ),
    "no-host": Case(http("{match: {prefix: /}, route: {cluster: none}}", ("  - {name: none, type: STATIC}",)), X),
    "no-route": Case(http("{match: {prefix: /only}, route: {cluster: app}}"), ["/other", "/only/name"]),
    "closed-before-answer": Case(http(ROUTE), ["/close", "/name"]),
    "reset-before-answer": Case(http(ROUTE), ["/reset", "/name"]),
    "not-http": Case(http(ROUTE), ["/garbage", "/name"]),
    "half-an-answer": Case(http(ROUTE), ["/half", "/name"]),
    "timeout": Case(http("{match: {prefix: /}, route: {cluster: app, timeout: 0.2s}}"), ["/slow/1", "/name"]),
    "timeout-disabled": Case(http("{match: {prefix: /}, route: {cluster: app, timeout: 0s}}"), ["/slow/0.2", "/echo"]),
    "timeout-asked": Case(http(ROUTE), [("GET", "/slow/1", {"x-envoy-upstream-rq-timeout-ms": "150"})]),
    "per-try-timeout": Case(
        http(retry("retry_on: 5xx, num_retries: 2, per_try_timeout: 0.15s", "timeout: 5s")), ["/slow/2", "/name"]
    ),
    "per-try-within-timeout": Case(
        http(retry("retry_on: 5xx, num_retries: 20, per_try_timeout: 0.2s", "timeout: 0.5s")), ["/slow/2"]
    ),
    "retry-5xx": Case(http(retry("retry_on: 5xx, num_retries: 3")), ["/fail/2/a", "/status/503", "/status/404", "/close"]),
    "retry-once-by-default": Case(http(retry("retry_on: 5xx")), ["/fail/1/a", "/fail/2/b"]),
    "retry-gateway-error": Case(http(retry("retry_on: gateway-error, num_retries: 1")), ["/status/500", "/status/502", "/reset"]),
    "retry-reset-only": Case(http(retry("retry_on: reset, num_retries: 1")), ["/status/503", "/reset", "/close"]),
    "retry-codes": Case(
        http(retry("retry_on: retriable-status-codes, retriable_status_codes: [418], num_retries: 2")),
        ["/status/418", "/status/503"],
    ),
    "retry-4xx": Case(http(retry("retry_on: retriable-4xx, num_retries: 1")), ["/status/409", "/status/404"]),
    "retry-asked": Case(http(ROUTE), [("GET", "/fail/1/a", {"x-envoy-retry-on": "5xx", "x-envoy-max-retries": "2"})]),
    "retry-none-left": Case(http(retry("retry_on: 5xx, num_retries: 0")), ["/status/503"]),
    "retry-breaker": Case(
        http(
            retry("retry_on: 5xx, num_retries: 3"),
            (cluster("app", "APP", more="circuit_breakers: {thresholds: [{max_retries: 0}]}"),),
        ),
        ["/status/503"],
    ),
    "retry-post": Case(http(retry("retry_on: 5xx, num_retries: 2")), [("POST", "/fail/1/a", {}, "body")]),
    "redirect-path": Case(http("{match: {prefix: /old}, redirect: {path_redirect: /new}}"), ["/old/x?q=1"]),
    "redirect-https": Case(http("{match: {prefix: /}, redirect: {https_redirect: true, response_code: FOUND}}"), ["/a?b=c"]),
    "redirect-prefix": Case(
        http("{match: {prefix: /old/}, redirect: {prefix_rewrite: /new/, host_redirect: h, strip_query: true}}"), ["/old/x?q=1"]
    ),
    "redirect-port": Case(http("{match: {prefix: /}, redirect: {port_redirect: 8443}}"), [("GET", "/x", {"host": "h:80"})]),
    "direct-response": Case(http("{match: {prefix: /}, direct_response: {status: 418, body: {inline_string: teapot}}}"), X),
    "direct-response-empty": Case(http("{match: {prefix: /}, direct_response: {status: 204}}"), X),
    "match-path": Case(http("{name: exact, match: {path: /name}, route: {cluster: app}}"), ["/name", "/name?x=1", "/name/"]),
    "match-regex": Case(
        http("{name: re, match: {safe_regex: {regex: '/v[0-9]+/.*'}}, route: {cluster: app}}"),
        ["/v1/name", "/v/name", "/x/v1/name"],
    ),
    "match-separated": Case(http("{match: {path_separated_prefix: /api}, route: {cluster: app}}"), ["/api", "/api/x", "/apix"]),
    "match-header": Case(
        http(
            "{name: a, match: {prefix: /, headers: [{name: x-v, string_match: {exact: a}}]}, route: {cluster: app}}\n"
            "{name: b, match: {prefix: /, headers: [{name: x-v, present_match: true, invert_match: yes}]}, route: {cluster: app}}"
        ),
        [("GET", "/name", {"x-v": "a"}), ("GET", "/name", {"x-v": "b"}), "/name"],
    ),
    "match-query": Case(
        http("{match: {prefix: /, query_parameters: [{name: v, string_match: {prefix: ca}}]}, route: {cluster: app}}"),
        ["/name?v=canary", "/name?v=x", "/name"],
    ),
    "match-method": Case(
        http("{match: {prefix: /, headers: [{name: ':method', string_match: {exact: POST}}]}, route: {cluster: app}}"),
        ["/name", ("POST", "/name", {}, "x")],
    ),
    "rewrite-prefix": Case(http("{match: {prefix: /api/}, route: {cluster: app, prefix_rewrite: /}}"), ["/api/echo?x=1"]),
    "rewrite-regex": Case(
        http(
            "{match: {prefix: /}, route: {cluster: app, regex_rewrite: {pattern: {regex: '^/v1/(.*)$'}, substitution: '/\\1'}}}"
        ),
        ["/v1/echo"],
    ),
    "rewrite-host": Case(http("{match: {prefix: /}, route: {cluster: app, host_rewrite_literal: inner.example}}"), ["/echo"]),
    "weighted-all-one": Case(
        http("{match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: app, weight: 100}, {name: dead, weight: 0}]}}}"),
        X * 3,
    ),
    "cluster-header": Case(
        http("{match: {prefix: /}, route: {cluster_header: x-to}}"),
        [("GET", "/name", {"x-to": "app"}), ("GET", "/name", {"x-to": "no"}), "/x"],
    ),
    "headers": Case(http(ROUTE, host="  " + HEADERS), ["/echo"]),
    "attempt-count": Case(
        http(
            retry("retry_on: 5xx, num_retries: 2"),
            host="              include_request_attempt_count: true\n              include_attempt_count_in_response: true",
        ),
        ["/fail/1/a", "/echo"],
    ),
    "remote-address": Case(http(ROUTE, manager="          use_remote_address: true"), ["/name"]),
    "request-id": Case(
        http(ROUTE), [("GET", "/echo", {"x-request-id": "mine"}), ("GET", "/echo", {"x-forwarded-for": "1.2.3.4"})]
    ),
    "server-name": Case(http(ROUTE, manager="          server_name: mesh\n          via: here"), ["/echo"]),
    "missing-host": Case(http(ROUTE), [b"GET / HTTP/1.1\r\n\r\n"]),
    "http-1.0": Case(http(ROUTE), [b"GET / HTTP/1.0\r\n\r\n"]),
    "bad-header": Case(http(ROUTE), [b"GET / HTTP/1.1\r\nhost: a\r\nbad header: 1\r\n\r\n"]),
    "absolute-url": Case(http(ROUTE), [b"GET http://other.example/echo HTTP/1.1\r\nhost: app\r\n\r\n"]),
    "connection-close": Case(http(ROUTE), [("GET", "/name", {"connection": "close"})]),
    "fault-abort": Case(http(ROUTE, filters=FAULT % "abort: {http_status: 503, percentage: {numerator: 100}}"), X),
    "fault-delay": Case(http(ROUTE, filters=FAULT % "delay: {fixed_delay: 0.2s, percentage: {numerator: 100}}"), ["/name"]),
    "fault-header": Case(
        http(
            ROUTE,
            filters=FAULT
            % "abort: {http_status: 500, percentage: {numerator: 100}}, headers: [{name: x-f, string_match: {exact: yy}}]",
        ),
        [("GET", "/name", {"x-f": "yy"}), "/name"],
    ),
    "fault-both": Case(
        http(
            ROUTE,
            filters=FAULT
            % "delay: {fixed_delay: 0.1s, percentage: {numerator: 100}}, abort: {http_status: 429, percentage: {numerator: 100}}",
        ),
        X,
    ),
    "rate-limit": Case(http(ROUTE, filters=LIMIT % 100), ["/name"] * 4),
    "rate-limit-shadow": Case(http(ROUTE, filters=LIMIT % 0), ["/name"] * 4),
    "outlier-5xx": Case(
        http(
            ROUTE,
            (
                cluster(
                    "app",
                    "APP",
                    more="outlier_detection: {consecutive_5xx: 3, max_ejection_percent: 100, base_ejection_time: 30s}",
                ),
            ),
        ),
        spaced(*["/status/500"] * 5),
    ),
    "outlier-with-panic-off": Case(
        http(
            ROUTE,
            (
                cluster(
                    "app",
                    "APP",
                    more="outlier_detection: {consecutive_5xx: 2, max_ejection_percent: 100, base_ejection_time: 30s}, "
                    "common_lb_config: {healthy_panic_threshold: {value: 0}}",
                ),
            ),
        ),
        spaced(*["/status/500"] * 3),
    ),
    "outlier-returns": Case(
        http(
            ROUTE,
            (
                cluster(
                    "app",
                    "APP",
                    more="outlier_detection: {consecutive_5xx: 2, max_ejection_percent: 100, "
                    "base_ejection_time: 4s, interval: 0.5s}, "
                    "common_lb_config: {healthy_panic_threshold: {value: 0}}",
                ),
            ),
        ),
        [*spaced("/status/500", "/status/500", "/name"), 6, "/name"],
    ),
    "outlier-percent": Case(
        http(ROUTE, (cluster("app", "APP", more="outlier_detection: {consecutive_5xx: 2}"),)), spaced(*["/status/500"] * 4)
    ),
    "outlier-always-one": Case(
        http(ROUTE, (cluster("app", "APP", more="outlier_detection: {consecutive_5xx: 2, always_eject_one_host: true}"),)),
        spaced(*["/status/500"] * 4),
    ),
    "outlier-gateway": Case(
        http(
            ROUTE,
            (
                cluster(
                    "app",
                    "APP",
                    more="outlier_detection: {consecutive_gateway_failure: 2, enforcing_consecutive_gateway_failure: 100, "
                    "max_ejection_percent: 100}",
                ),
            ),
        ),
        spaced("/status/500", "/status/503", "/status/502", "/name"),
    ),
    "breaker-requests": Case(
        http(ROUTE, (cluster("app", "APP", more="circuit_breakers: {thresholds: [{max_pending_requests: 0}]}"),)), X
    ),
    "breaker-shown": Case(
        http(ROUTE, (cluster("app", "APP", more="circuit_breakers: {thresholds: [{max_connections: 1, max_requests: 1}]}"),)),
        X * 2,
    ),
    "health-check-good": Case(
        http(
            ROUTE,
            (
                cluster(
                    "app",
                    "APP",
                    more="health_checks: [{timeout: 1s, interval: 60s, unhealthy_threshold: 2, healthy_threshold: 2, "
                    "http_health_check: {path: /name}}]",
                ),
            ),
        ),
        X,
    ),
    "health-check-bad": Case(
        http(
            ROUTE,
            (
                cluster(
                    "app",
                    "APP",
                    more="common_lb_config: {healthy_panic_threshold: {value: 0}}, health_checks: [{timeout: 1s, interval: 60s, "
                    "unhealthy_threshold: 2, healthy_threshold: 2, http_health_check: {path: /status/500}}]",
                ),
            ),
        ),
        X,
    ),
    "health-check-tcp": Case(
        http(
            ROUTE,
            (
                cluster(
                    "app",
                    "APP",
                    "DEAD",
                    more="health_checks: [{timeout: 1s, interval: 60s, unhealthy_threshold: 1, healthy_threshold: 1, "
                    "tcp_health_check: {}}]",
                ),
            ),
        ),
        X * 4,
    ),
    "tcp": Case(TCP % ("app", APP), ["/name", "/close", "/echo"]),
    "tcp-refused": Case(TCP % ("dead", DEAD), X),
}
