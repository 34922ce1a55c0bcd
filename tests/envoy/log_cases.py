"""The cases on access logs: operators in each of their forms, JSON, and which entries are written."""

from podlab.mock.programs.envoy.operators import OPERATORS
from tests.envoy.balancing_cases import named
from tests.envoy.cases import APP, FAULT, LOG, ROUTE, TCP, Case, http, retry
from tests.envoy.connecting_cases import to_full
from tests.envoy.playing import Together
from tests.envoy.tls_cases import FILES, OTHER, STRICT, A, mesh, trust, upstream

CHANCE = [
    "UPSTREAM_LOCAL_ADDRESS", "UPSTREAM_LOCAL_PORT", "UPSTREAM_REMOTE_PORT", "DOWNSTREAM_LOCAL_PORT", "DOWNSTREAM_REMOTE_PORT",
    "DOWNSTREAM_REMOTE_ADDRESS", "DOWNSTREAM_DIRECT_LOCAL_PORT", "DOWNSTREAM_DIRECT_REMOTE_ADDRESS",
    "DOWNSTREAM_DIRECT_REMOTE_PORT",
]  # fmt: skip
"""Operators that show ports."""
ALONE = [name for name in sorted(OPERATORS) if name not in CHANCE and not name.endswith("DURATION")]
POINTS = ("DS_RX_BEG", "DS_RX_END", "US_TX_BEG", "US_TX_END", "US_RX_BEG", "US_RX_END", "DS_TX_BEG", "DS_TX_END")
SPANS = [name for name in OPERATORS if name.endswith("DURATION")] + [
    f"COMMON_DURATION({start}:{end}:ms)" for start in ("DS_RX_BEG", "US_RX_BEG") for end in POINTS if end != start
]
TIMES = "\\n".join(f"{name} <%{name}%>" for name in SPANS)
VALID = "%DOWNSTREAM_PEER_CERT_V_START% %DOWNSTREAM_PEER_CERT_V_END(%Y/%m)% %UPSTREAM_PEER_CERT_V_START(%b %d)%"
EVERY = "\\n".join([*(f"{name}=%{name}%" for name in ALONE), VALID])
WITH_PARAMETERS = (
    "%REQ(X-A?X-B):3%", "%REQ(:METHOD):2%", "%REQ(:AUTHORITY):4%", "%RESP(X-APP)%", "%RESP(:STATUS)%", "%PATH%", "%PATH(NQ)%",
    "%PATH(WQ:PATH)%", "%PATH(NQ:ORIG)%", "%PATH(WQ:ORIG_OR_PATH)%", "%QUERY_PARAM(a)%", "%REQUEST_HEADER(x-a)%",
    "%RESPONSE_HEADER(x-app)%", "100%%", "%START_TIME(%Yth)%", "%REQ(X-B?:PATH)%",
)  # fmt: skip
BOTH = " | ".join([*(f"%{name}%" for name in ALONE), *WITH_PARAMETERS])
JSON = (
    "json_format: {b: '%RESPONSE_CODE%', a: {x: '%BYTES_SENT%', y: ['%PROTOCOL%', 1, true, null]}, c: 'x %REQ(NONE)%', "
    "d: '%REQ(NONE)%', e: 5, f: 1.5, g: true, i: '%RESPONSE_FLAGS%', j: '%UPSTREAM_HOST%', k: '%REQ(X-Q)%'}"
)
TEXT = f'text_format_source: {{inline_string: "{LOG}\\n"}}'
ASKED = ["/name", "/status/404", "/status/500", "/reset", ("GET", "/name", {"x-a": "1"})]
QUOTED = [("GET", "/name", {"x-q": 'a"b\\c'}), "/reset"]
TCP_LOG = """
          access_log:
          - name: log
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
              log_format:
                text_format_source:
                  inline_string: "%RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %UPSTREAM_CLUSTER% %UPSTREAM_HOST%
                    %RESPONSE_CODE% %PROTOCOL% %REQ(:PATH)% %ACCESS_LOG_TYPE%\\n"
"""

TCP_LOGGED = (TCP % ("app", APP)).replace("          cluster: app\n", f"          cluster: app{TCP_LOG}")


OWN = """
{match: {prefix: /d}, direct_response: {status: 418, body: {inline_string: tea}}}
{match: {prefix: /r}, redirect: {path_redirect: /x}}
"""
OWN_ASKED = ["/d", "/none", b"BAD\r\n\r\n"]
TO_DEAD = retry("retry_on: connect-failure, num_retries: 2").replace("cluster: app", "cluster: dead")


def told(config: str) -> str:
    """Two proxies whose logs tell all."""
    return config.replace("ingress %RESPONSE_CODE%", f"ingress {EVERY}").replace("inner %RESPONSE_CODE%", f"inner {EVERY}")


def only(condition: str) -> str:
    """One route, of whose requests some are logged."""
    name = "          - name: envoy.access_loggers.stdout\n"
    return http(ROUTE).replace(name, f"{name}            filter: {condition}\n")


def comparing(what: str, op: str, value: int) -> str:
    """A condition on a number."""
    return f"{{{what}: {{comparison: {{op: {op}, value: {{default_value: {value}, runtime_key: x}}}}}}}}"


FOUND = f"{{and_filter: {{filters: [{comparing('status_code_filter', 'LE', 404)}, {{not_health_check_filter: {{}}}}]}}}}"
MARKED = "{header_filter: {header: {name: x-a, present_match: true}}}"

CASES: dict[str, Case] = {
    "operators": Case(
        http(ROUTE).replace(LOG, BOTH),
        [
            ("GET", "/name?a=1&b=2", {"x-a": "abcdef", "x-b": "ghi"}),
            ("POST", "/echo", {"x-b": "q"}, "hello"),
            "/reset",
            "/name?b",
        ],
    ),
    "operators-of-own-answers": Case(http(OWN).replace(LOG, EVERY), [*OWN_ASKED, "/r", b"GET / HTTP/1.1\r\n\r\n"]),
    "operators-of-failures": Case(
        http(TO_DEAD).replace(LOG, EVERY),
        ["/name"],
    ),
    "operators-of-no-host": Case(
        http("{match: {prefix: /}, route: {cluster: none}}", ("  - {name: none, type: STATIC}",)).replace(LOG, EVERY), ["/name"]
    ),
    "operators-of-names": Case(named("STRICT_DNS", "localhost").replace(LOG, EVERY), ["/name"]),
    "operators-of-tls": Case(told(mesh(upstream(A, trust("ca")), STRICT)), ["/name"], files=FILES),
    "operators-of-refused-tls": Case(told(mesh(upstream(OTHER, trust("ca")), STRICT)), ["/name"], files=FILES),
    "operators-of-all-tcp": Case(TCP_LOGGED.replace("%ACCESS_LOG_TYPE%", EVERY), ["/name"]),
    "times": Case(http(ROUTE).replace(LOG, TIMES), ["/slow/0.5", "/parts/0.5"]),
    "times-of-own-answers": Case(http(OWN).replace(LOG, TIMES), OWN_ASKED),
    "times-of-delays": Case(
        http(ROUTE, filters=FAULT % "delay: {fixed_delay: 0.5s, percentage: {numerator: 100}}").replace(LOG, TIMES), ["/name"]
    ),
    "times-of-timeouts": Case(
        http("{match: {prefix: /}, route: {cluster: app, timeout: 0.5s}}").replace(LOG, TIMES), ["/slow/1", "/parts/1"]
    ),
    "times-of-retries": Case(
        http(retry("retry_on: 5xx, num_retries: 2, per_try_timeout: 0.6s")).replace(LOG, TIMES), ["/slow/1", "/fail/1/x"]
    ),
    "times-while-connecting": Case(to_full().replace("0.3s", "0.5s").replace(LOG, TIMES), ["/name"]),
    "times-of-who-leaves": Case(http(ROUTE).replace(LOG, TIMES), [Together([(0, "/slow/1.5", 0.5)]), 1]),
    "times-of-tcp": Case(TCP_LOGGED.replace("%ACCESS_LOG_TYPE%", TIMES), ["/slow/0.5"]),
    "operators-of-tcp": Case(TCP_LOGGED, ["/name"]),
    "client-leaves-tcp": Case(TCP_LOGGED, [Together([(0.0, "/slow/0.6", 0.2)]), 0.6]),
    "json": Case(http(ROUTE).replace(TEXT, JSON), QUOTED),
    "json-without-empty": Case(http(ROUTE).replace(TEXT, f"{JSON}, omit_empty_values: true"), QUOTED),
    "empty-left-out": Case(
        http(ROUTE).replace(TEXT, 'text_format_source: {inline_string: "[%REQ(X)%]\\n"}, omit_empty_values: true'), ["/name"]
    ),
    "only-errors": Case(only(comparing("status_code_filter", "GE", 500)), ASKED),
    "only-found": Case(only(FOUND), ASKED),
    "only-flag": Case(only("{response_flag_filter: {flags: [UC, UF]}}"), ASKED),
    "only-flagged": Case(only("{response_flag_filter: {}}"), ASKED),
    "only-marked": Case(only(f"{{or_filter: {{filters: [{comparing('status_code_filter', 'EQ', 404)}, {MARKED}]}}}}"), ASKED),
    "only-slow": Case(only(comparing("duration_filter", "GE", 1000)), ["/slow/2", "/name"]),
}
