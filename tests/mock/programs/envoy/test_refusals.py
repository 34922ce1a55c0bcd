"""What envoy refuses at start, in its own words; where the real one is installed, it refuses the same."""

from pathlib import Path

import pytest

from podlab.mock.machine.container import Sink
from tests.envoy.cases import APP, LIMIT, LOG, ROUTE, http
from tests.envoy.mock_world import MockWorld, validate_in_mock
from tests.envoy.real_world import real_envoy, validate

HTTP = "type.googleapis.com/envoy.extensions.filters.http"
ROUTER = '{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}'
CONFIG = http(ROUTE, manager="          generate_request_id: true")
CHECK = "{timeout: 1s, interval: 1s, unhealthy_threshold: 1, healthy_threshold: 1, http_health_check: {path: /%s}}"
WRONG = {
    "cluster-field": ("type: STATIC", "typ: STATIC", "@ static_resources.clusters[0]: message envoy.config.cluster.v3.Cluster"),
    "root-field": ("static_resources:", "static_resourcez:", "no such field: 'static_resourcez'"),
    "enumerator": ("type: STATIC", "type: STATC", "unknown enum value: 'STATC'"),
    "duration": ("connect_timeout: 1s", "connect_timeout: 1sec", "duration must end with a single 's'"),
    "duration-number": ("connect_timeout: 1s", "connect_timeout: 1", "unexpected character: '1'"),
    "cluster": ("cluster: app}}", "cluster: nope}}", "route: unknown cluster 'nope'"),
    "stat-prefix": (
        "stat_prefix: ingress",
        "",
        "StatPrefix: value length must be at least 1 characters",
    ),
    "port": ("port_value: @LISTEN@", "port_value: 100000", "PortValue: value must be less than or equal to 65535"),
    "domains": ('domains: ["*"]', "domains: []", "Domains: value must contain at least 1 item(s)"),
    "regex": ("prefix: /}", 'safe_regex: {regex: "("}}', "missing ): ("),
    "oneof": ("prefix: /}", "prefix: /, path: /x}", "has already been set (either directly or as part of a oneof)"),
    "no-path": ("prefix: /}", "}", 'field: "path_specifier", reason: is required'),
    "no-listener-address": (
        "address: {socket_address: {address: 127.0.0.1, port_value: @LISTEN@}}",
        "traffic_direction: INBOUND",
        "error adding listener named 'ingress': address is necessary",
    ),
    "admin-address": (
        "admin: {address: {socket_address: {address: 127.0.0.1",
        "admin: {address: {socket_address: {address: here",
        "malformed IP address: here",
    ),
    "no-endpoint": (
        "{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: @APP@}}}}",
        "{}",
        "Address must be set: ",
    ),
    "no-type": (ROUTER, "{}", "Didn't find a registered implementation for 'envoy.filters.http.router' with type URL: ''"),
    "router-twice": (
        "          - name: envoy.filters.http.router",
        f"          - {{name: first, typed_config: {ROUTER}}}\n          - name: envoy.filters.http.router",
        "Error: terminal filter named first of type envoy.filters.http.router must be the last filter in a http filter chain.",
    ),
    "twice": ("name: dead", "name: app", "cluster manager: duplicate cluster 'app'"),
    "address": ("address: 127.0.0.1, port_value: @APP@", "address: app, port_value: 1", "malformed IP address: app"),
    "names-alone": (
        "connect_timeout: 1s",
        "connect_timeout: 1s, transport_socket: {name: tls, typed_config: {"
        '"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: '
        "{validation_context: {match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: a}}]}}}}",
        "SAN-based verification of peer certificates without trusted CA is insecure and not allowed",
    ),
    "timeout-not-positive": ("connect_timeout: 1s", "connect_timeout: 0s", "ConnectTimeout: value must be greater than 0s"),
    "refresh": ("connect_timeout: 1s", "dns_refresh_rate: 0.001s", "DnsRefreshRate: value must be greater than 1ms"),
    "separated": (
        "prefix: /}",
        "path_separated_prefix: /a/}",
        'RouteMatchValidationError.PathSeparatedPrefix: value does not match regex pattern "^[^?#]+[^?#/]$"',
    ),
    "ignored-case": (
        "prefix: /}",
        "prefix: /, headers: [{name: a, string_match: {safe_regex: {regex: a}, ignore_case: true}}]}",
        "ignore_case has no effect for safe_regex.",
    ),
    "direct-status": (
        "route: {cluster: app}",
        "direct_response: {}",
        "DirectResponseActionValidationError.Status: value must be inside range [200, 600)",
    ),
    "direct-size": (
        "route: {cluster: app}",
        f"direct_response: {{status: 200, body: {{inline_string: {'x' * 5000}}}}}",
        "response body size is 5000 bytes; maximum is 4096",
    ),
    "direct-file": (
        "route: {cluster: app}",
        "direct_response: {status: 200, body: {filename: /nowhere/body}}",
        "file /nowhere/body does not exist",
    ),
    "rewritten-twice": (
        "route: {cluster: app}",
        "route: {cluster: app, prefix_rewrite: /a, regex_rewrite: {pattern: {regex: a}}}",
        "Specify only one of prefix_rewrite, regex_rewrite or path_rewrite_policy",
    ),
    "weight-missing": (
        "route: {cluster: app}",
        "route: {weighted_clusters: {clusters: [{name: app}]}}",
        "Field 'weight' is missing in:",
    ),
    "weights-too-many": (
        "route: {cluster: app}",
        "route: {weighted_clusters: {clusters: [{name: app, weight: 4294967295}, {name: dead, weight: 1}]}}",
        "The sum of weights of all weighted clusters of route exceeds 4294967295",
    ),
    "weight-of-nobody": (
        "route: {cluster: app}",
        "route: {weighted_clusters: {clusters: [{weight: 1}]}}",
        "At least one of name or cluster_header need to be specified",
    ),
    "predicate": (
        "route: {cluster: app}",
        "route: {cluster: app, retry_policy: {retry_on: 5xx, retry_host_predicate: [{name: x}]}}",
        "Didn't find a registered implementation for 'x' with type URL: ''",
    ),
    "host-added": (
        "route: {cluster: app}",
        "route: {cluster: app}, request_headers_to_add: [{header: {key: Host, value: a}}]",
        ":-prefixed or host headers may not be modified",
    ),
    "method-removed": (
        "route: {cluster: app}",
        "route: {cluster: app}, request_headers_to_remove: [':method']",
        ":-prefixed or host headers may not be removed",
    ),
    "appended-twice": (
        "route: {cluster: app}",
        "route: {cluster: app}, request_headers_to_add: [{header: {key: a}, append: true, append_action: ADD_IF_ABSENT}]",
        "Both append and append_action are set and it's not allowed",
    ),
    "ejection": (
        "type: STATIC",
        "type: STATIC, outlier_detection: {base_ejection_time: 2s, max_ejection_time: 1s}",
        "outlier detector's max_ejection_time cannot be smaller than base_ejection_time",
    ),
    "checked-twice": (
        "type: STATIC",
        f"type: STATIC, health_checks: [{CHECK % ''}, {CHECK % ''}]",
        "health check at index 0 is missing a name; all health checks must have a name when multiple health checks are",
    ),
    "checked-method": (
        "type: STATIC",
        f"type: STATIC, health_checks: [{CHECK % ', method: CONNECT'}]",
        "HttpHealthCheckValidationError.Method: value must not be in list [CONNECT]",
    ),
    "checked-statuses": (
        "type: STATIC",
        f"type: STATIC, health_checks: [{CHECK % ', expected_statuses: [{start: 300, end: 200}]'}]",
        "Invalid http expected status range: expecting start < end, but found start=300 and end=200",
    ),
    "limit-too-often": (
        "          - name: envoy.filters.http.router",
        (LIMIT % 100).replace("600s", "0.01s") + "\n          - name: envoy.filters.http.router",
        "local rate limit token bucket fill timer must be >= 50ms",
    ),
    "limit-status": (
        "          - name: envoy.filters.http.router",
        f"{LIMIT % 100}\n              status: {{code: 299}}\n          - name: envoy.filters.http.router",
        "HttpStatusValidationError.Code: value must be one of the defined enum values",
    ),
}


def squeezed(text: str) -> str:
    """Envoy's JSON reader puts blanks into its messages at random."""
    return " ".join(text.split())


@pytest.mark.parametrize("name", WRONG)
def test_wrong_configuration_is_refused_in_envoys_words(name: str, tmp_path: Path) -> None:
    before, after, words = WRONG[name]
    config = CONFIG.replace(before, after, 1)
    assert config != CONFIG
    code, text = validate_in_mock(config)
    assert code == 1
    assert words in squeezed(text)
    if real_envoy() is not None:
        code, text = validate(config, {}, tmp_path)
        assert code == 1
        assert words in squeezed(text)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("type: STATIC", "type: EDS", "podlab does not model the value 'EDS'"),
        (
            "type: STATIC",
            "type: STATIC, lb_subset_config: {}",
            "podlab does not model the field 'static_resources.clusters[0].lb_subset",
        ),
        ("http.router.v3.Router", "http.lua.v3.Lua", "podlab does not model"),
        ("generate_request_id: true", "codec_type: HTTP2", "podlab does not model the value 'HTTP2'"),
        (LOG, "%TRACE_ID%", "podlab does not model the operator %TRACE_ID%"),
        ("prefix: /}", "prefix: /}, typed_per_filter_config: {x: {'@type': " + HTTP + ".lua.v3.Lua}}", "podlab does not model"),
        (
            "prefix: /}, route: {",
            "prefix: /}, route: {upgrade_configs: [{upgrade_type: websocket}], ",
            "upgrade_configs' of envoy.",
        ),
        ("route: {", "route: {priority: HIGH, ", "routes[0].route.priority' of envoy.config.route.v3.RouteAction"),
        ("route: {", "route: {hash_policy: [{header: {header_name: x}}], ", "routes[0].route.hash_policy' of envoy."),
        (
            "route: {",
            "route: {request_mirror_policies: [{cluster: dead}], ",
            "routes[0].route.request_mirror_policies' of envoy.",
        ),
        ("type: STATIC", "type: STATIC, lb_policy: RING_HASH", "podlab does not model the value 'RING_HASH'"),
        (
            "type: STATIC",
            "type: STATIC, circuit_breakers: {thresholds: [{priority: HIGH}]}",
            "podlab does not model the value 'HIGH' of the field 'static_resources.clusters[0].circuit_breakers",
        ),
        (
            "filter_chains:",
            "use_original_dst: true\n    filter_chains:",
            "use_original_dst' of envoy.config.listener.v3.Listener",
        ),
    ],
)
def test_what_is_not_modelled_is_refused_by_name(before: str, after: str, words: str) -> None:
    code, text = validate_in_mock(CONFIG.replace(before, after, 1))
    assert code == 1
    assert words in text


def test_good_configuration_is_told_so() -> None:
    assert validate_in_mock(CONFIG) == (0, "configuration '/work/envoy.yaml' OK\n")


def test_listening_ports_are_seen_in_the_pod_and_given_back() -> None:
    world = MockWorld(CONFIG, (), {})
    seen = bytearray()
    world.container.exec(["netstat", "-ltn"], None, Sink(seen.extend), Sink(seen.extend), lambda code: None)
    world.wait(1)
    for name in ("LISTEN", "ADMIN"):
        assert f"127.0.0.1:{world.ports[name]} ".encode() in seen
    world.container.kill(9)
    world.wait(1)
    world.net.listen(("127.0.0.1", world.ports["LISTEN"]), reuse=False)
    world.close()


@pytest.mark.parametrize(
    ("value", "good"),
    [("1.50", True), ("1e3", True), ("2020-01-01", True), ("1_000", True), (".5", True), ("12345678901234567890", True),
     ("~", True), ("1", False), ("-3", False), ("0x10", False), ("010", False), ("true", False), ("yes", False)],
)  # fmt: skip
def test_scalars_are_what_envoy_takes_them_for(value: str, good: bool, tmp_path: Path) -> None:
    config = http(ROUTE, host=f"              response_headers_to_add: [{{header: {{key: x-out, value: {value}}}}}]")
    assert (validate_in_mock(config)[0] == 0) == good
    if real_envoy() is not None:
        assert (validate(config, {}, tmp_path)[0] == 0) == good


def test_one_value_stands_for_a_list(tmp_path: Path) -> None:
    config = CONFIG.replace('domains: ["*"]', 'domains: "*"')
    assert validate_in_mock(config)[0] == 0
    if real_envoy() is not None:
        assert validate(config, {}, tmp_path)[0] == 0


def test_missing_file_is_named() -> None:
    world = MockWorld(CONFIG, (), {}, ["envoy", "-c", "/nowhere.yaml", "-l", "error"])
    world.close()
    assert world.container.exit_code == 1
    assert "Invalid path: /nowhere.yaml" in world.err.decode()


def test_admin_shows_and_drains() -> None:
    world = MockWorld(CONFIG, ("APP",), {})

    def admin(line: str) -> str:
        return world.send(f"{line} HTTP/1.1\r\nhost: x\r\n\r\n".encode(), world.ports["ADMIN"]).decode()

    assert "LIVE" in admin("GET /ready")
    assert "ingress::127.0.0.1:10000" in admin("GET /listeners")
    assert "app::127.0.0.1:10002::health_flags::healthy" in admin("GET /clusters")
    assert '"@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump"' in admin("GET /config_dump")
    assert 'envoy_cluster_upstream_cx_total{envoy_cluster_name="app"} 0' in admin("GET /stats/prometheus")
    assert "405 Method Not Allowed" in admin("GET /drain_listeners")
    assert "OK" in admin("POST /drain_listeners")
    assert world.send(b"GET /name HTTP/1.1\r\nhost: x\r\n\r\n", world.ports["LISTEN"]) == b""
    assert "LIVE" in admin("GET /ready")
    assert "OK" in admin("POST /healthcheck/fail")
    assert "DRAINING" in admin("GET /ready")
    world.close()


def test_same_seed_gives_the_same_request_ids() -> None:
    answers = []
    for _ in range(2):
        world = MockWorld(http(ROUTE, (APP,)), ("APP",), {})
        answers.append(world.send(b"GET /echo HTTP/1.1\r\nhost: x\r\n\r\n", world.ports["LISTEN"]))
        world.close()
    assert answers[0] == answers[1]
