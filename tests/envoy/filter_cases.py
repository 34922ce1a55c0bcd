"""The cases on HTTP filters: CORS, faults and rate limits, by themselves and as routes change them."""

from tests.envoy.cases import FAULT, ROUTE, Case, http

TYPE = "type.googleapis.com/envoy.extensions.filters.http."
CORS = f'          - {{name: envoy.filters.http.cors, typed_config: {{"@type": {TYPE}cors.v3.Cors}}}}'
OFF = "type.googleapis.com/envoy.config.route.v3.FilterConfig"
ALL = "percentage: {numerator: 100}"


def of_route(name: str, kind: str, more: str) -> str:
    """What a route says about a filter."""
    return f'typed_per_filter_config: {{envoy.filters.http.{name}: {{"@type": {kind}{", " if more else ""}{more}}}}}'


def cors(*policies: str) -> str:
    """A route /0, /1, ... for each policy, and one without."""
    routes = [
        f"{{match: {{prefix: /{n}}}, route: {{cluster: app}}, {of_route('cors', TYPE + 'cors.v3.CorsPolicy', policy)}}}"
        for n, policy in enumerate(policies)
    ]
    return http("\n".join([*routes, ROUTE]), filters=CORS)


POLICIES = (
    'allow_origin_string_match: [{exact: "http://a"}], allow_methods: "GET,POST", allow_headers: x-a, expose_headers: x-b, '
    'max_age: "100", allow_credentials: true',
    'allow_origin_string_match: [{exact: "*"}]',
    'allow_origin_string_match: [{safe_regex: {regex: "http://.*"}}], filter_enabled: {default_value: {numerator: 0}}',
    'allow_origin_string_match: [{exact: "http://a"}], filter_enabled: {default_value: {numerator: 0}}, '
    "shadow_enabled: {default_value: {numerator: 100}}",
    'allow_origin_string_match: [{exact: "http://a"}], forward_not_matching_preflights: false',
)
ASKING = {"access-control-request-method": "GET"}


def asked(path: str) -> list[tuple[str, str, dict[str, str]]]:
    """Preflight requests and others, of two origins."""
    return [
        ("OPTIONS", path, {"origin": "http://a"} | ASKING),
        ("OPTIONS", path, {"origin": "http://b"} | ASKING),
        ("OPTIONS", path, {"origin": "http://a"}),
        ("OPTIONS", path, {}),
        ("GET", path, {"origin": "http://a"}),
        ("GET", path, {"origin": "http://b"}),
        ("GET", path, {}),
    ]


def abort(status: int) -> str:
    """A fault for every request."""
    return f"abort: {{http_status: {status}, {ALL}}}"


FAULTS = f"""
{{match: {{prefix: /other}}, route: {{cluster: app}}, {of_route("fault", TYPE + "fault.v3.HTTPFault", abort(418))}}}
{{match: {{prefix: /off}}, route: {{cluster: app}}, {of_route("fault", OFF, "disabled: true")}}}
{{match: {{prefix: /}}, route: {{cluster: app}}}}
"""
OF_HOST = "              " + of_route("fault", TYPE + "fault.v3.HTTPFault", abort(419))
ASKED_FAULTS = f"abort: {{header_abort: {{}}, {ALL}}}, delay: {{header_delay: {{}}, {ALL}}}"
LIMIT = f"""          - name: envoy.filters.http.local_ratelimit
            typed_config:
              "@type": {TYPE}local_ratelimit.v3.LocalRateLimit
              stat_prefix: limit
              status: {{code: 503}}
              enable_x_ratelimit_headers: DRAFT_VERSION_03
              token_bucket: {{max_tokens: 2, tokens_per_fill: 2, fill_interval: 600s}}
              filter_enabled: {{default_value: {{numerator: 100}}}}
              filter_enforced: {{default_value: {{numerator: %d}}}}
              response_headers_to_add: [{{header: {{key: x-limited, value: "1"}}}}]
              request_headers_to_add_when_not_enforced: [{{header: {{key: x-noted, value: "1"}}}}]"""
OF_ROUTE = (
    "stat_prefix: limit_of_route, token_bucket: {max_tokens: 1, fill_interval: 600s}, "
    "filter_enabled: {default_value: {numerator: 100}}, filter_enforced: {default_value: {numerator: 100}}"
)

CASES: dict[str, Case] = {
    "cors": Case(cors(*POLICIES), [step for n in range(len(POLICIES) + 1) for step in asked(f"/{n}/name")]),
    "fault-of-route": Case(
        http(FAULTS, filters=FAULT % abort(503)), ["/name", "/other/name", "/off/name", ("POST", "/name", {}, "abc")]
    ),
    "fault-of-host": Case(
        http(ROUTE, filters=FAULT % abort(503), host=OF_HOST),
        ["/name"],
    ),
    "fault-at-most": Case(http(ROUTE, filters=FAULT % f"max_active_faults: 0, {abort(503)}"), ["/name"]),
    "fault-asked": Case(
        http(ROUTE, filters=FAULT % ASKED_FAULTS),
        [
            ("GET", "/name", {"x-envoy-fault-abort-request": "503"}),
            ("GET", "/name", {"x-envoy-fault-delay-request": "100"}),
            ("GET", "/name", {"x-envoy-fault-abort-request": "503", "x-envoy-fault-abort-request-percentage": "0"}),
            ("GET", "/name", {"x-envoy-fault-abort-request": "50"}),
            "/name",
        ],
    ),
    "rate-limit-told": Case(http(ROUTE, filters=LIMIT % 100), ["/name"] * 3 + [("POST", "/name", {}, "abc")]),
    "rate-limit-noted": Case(http(ROUTE, filters=LIMIT % 0), ["/echo"] * 3),
    "rate-limit-of-route": Case(
        http(
            "{match: {prefix: /a}, route: {cluster: app}, "
            + of_route("local_ratelimit", TYPE + "local_ratelimit.v3.LocalRateLimit", OF_ROUTE)
            + "}\n"
            + ROUTE,
            filters=LIMIT % 100,
        ),
        ["/a/name"] * 2 + ["/name"] * 3,
    ),
}
