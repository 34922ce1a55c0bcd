"""The cases on HTTP itself: what is malformed, how bodies are framed, old versions, upgrades, paths, and times that are over."""

from tests.envoy.cases import ROUTE, Case, http
from tests.envoy.playing import Together
from tests.envoy.route_cases import raw
from tests.envoy.wire import encode

MALFORMED = (
    "GARBAGE\n\n", "FOO / HTTP/1.1\nhost: a\n\n", "get / HTTP/1.1\nhost: a\n\n", "GET /\n\n", "GET / HTTP/3.1\nhost: a\n\n",
    "GET / HTTP/1.2\nhost: a\n\n", "GET / HTTP/1.0\nhost: a\n\n", "POST / HTTP/1.1\nhost: a\ncontent-length: x\n\n",
    "POST /echo HTTP/1.1\nhost: a\ncontent-length: 1\ncontent-length: 2\n\nab",
    "POST /echo HTTP/1.1\nhost: a\ncontent-length: 3\ntransfer-encoding: chunked\n\n0\n\n",
    "POST /echo HTTP/1.1\nhost: a\ntransfer-encoding: gzip\n\n0\n\n", "GET / HTTP/1.1\nhost: a\nx: a\0b\n\n",
    "GET / HTTP/1.1\nhost: a\nfoo\n\n", "GET echo HTTP/1.1\nhost: a\n\n", "GET ?echo HTTP/1.1\nhost: a\n\n",
    "GET /echo#part HTTP/1.1\nhost: a\n\n", "OPTIONS * HTTP/1.1\nhost: a\n\n", "CONNECT a:80 HTTP/1.1\nhost: a:80\n\n",
    "GET /echo HTTP/1.1\nhost: a\nconnection: upgrade\nupgrade: websocket\n\n",
)  # fmt: skip
ODD = (
    "GET /echo HTTP/1.1\nhost: a\nfoo: a\n b\n\n", "GET /echo HTTP/1.1\nhost: a\nfoo_bar: a\n\n",
    "GET /echo HTTP/1.1\nhost: a\nhost: b\n\n", "GET /name HTTP/1.1\nhost: \n\n",
    "GET /echo HTTP/1.1\nhost: a\nconnection: upgrade\nupgrade: h2c\nhttp2-settings: x\n\n",
    "GET /echo HTTP/1.1\nhost: a\nConnection: Keep-Alive\nKeep-Alive: 5\nProxy-Connection: x\nTE: trailers\n\n",
    "GET /echo HTTP/1.1\nhost: a\nConnection: x-hop\nx-hop: 5\nTE: gzip\n\n", "\n\nGET /name HTTP/1.1\nhost: a\n\n",
    "GET /echo HTTP/1.1\nhost: a\nTE: trailers, gzip\n\n", "GET //echo HTTP/1.1\nhost: a\n\n",
    "GET /echo/../echo HTTP/1.1\nhost: a\n\n", "GET /%65cho?x=%20 HTTP/1.1\nhost: a\n\n",
    "GET /name HTTP/1.1\nhost: a\n\nGET /status/404 HTTP/1.1\nhost: a\nconnection: close\n\n",
)  # fmt: skip
BODIES = (
    "POST /echo HTTP/1.1\nhost: a\nexpect: 100-continue\ncontent-length: 2\n\nab",
    "GET /echo HTTP/1.1\nhost: a\ncontent-length: 3\n\nabc",
    "POST /echo HTTP/1.1\nhost: a\ntransfer-encoding: chunked\n\n3;x=y\nabc\n0\n\n",
    "POST /echo HTTP/1.1\nhost: a\nTransfer-Encoding: Chunked\n\n3\nabc\n0\nx-t: 1\n\n",
    "POST /echo HTTP/1.1\nhost: a\ncontent-length: 0\n\n",
    *(f"{method} /echo HTTP/1.1\nhost: a\n\n" for method in ("PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE")),
    *(f"HEAD /{path} HTTP/1.1\nhost: a\n\n" for path in ("chunked", "status/404", "reset", "status/204")),
    "DELETE /echo HTTP/1.1\nhost: a\ncontent-length: 3\n\nabc",
)
HTTP_1_0 = "          http_protocol_options: {accept_http_10: true, default_host_for_http_10: d}"
NORMAL = "          normalize_path: true\n          merge_slashes: true"
PATHS = ("/x/../echo", "//echo//echo", "/%2e%2e/echo", "/a%2Fb/./echo", "/echo/x/..", "/%65cho?a=/../b", "/../echo")
FIVE = "".join(f"h{n}: 1\n" for n in range(5))
AUTHORITIES = ("a b", "a_b", "a@b", "a/b", "a?b", "é", "[::1]", "a#b", "a%20", "x'(),;=!$&*+~", 'a"', "a<", "a|b", "a^b", "a{b}")
IDLE = "          common_http_protocol_options: {idle_timeout: 0.3s}\n          drain_timeout: 0.6s"
LAST = encode(("GET", "/name", {"connection": "close"}))

CASES: dict[str, Case] = {
    "malformed": Case(http(ROUTE), [raw(text) for text in MALFORMED]),
    "odd": Case(http(ROUTE), [raw(text) for text in ODD]),
    "bodies": Case(http(ROUTE), [raw(text) for text in BODIES]),
    "client-leaves": Case(http(ROUTE), [Together([(0.0, "/slow/0.6", 0.2)]), 0.6]),
    "client-leaves-early": Case(http(ROUTE), [Together([(0.0, raw(part), 0.2)]) for part in ("PO", "POST /echo HTTP/1.1\nhos")]),
    "authorities": Case(http(ROUTE), [("GET", "/name", {"host": host}) for host in AUTHORITIES]),
    "another-protocol-unasked": Case(http(ROUTE), ["/status/101"]),
    "one-after-another": Case(http(ROUTE), [[encode("/name"), 0.2, LAST]]),
    "connection-idle": Case(http(ROUTE, manager=IDLE), [[encode("/name"), 0.6, LAST], [encode("/name"), 1.4, LAST]]),
    "body-not-read": Case(
        http("{match: {prefix: /d}, direct_response: {status: 200}}\n{match: {prefix: /r}, redirect: {path_redirect: /x}}"),
        [("POST", "/d", {}, "abc"), ("POST", "/r", {}, "abc"), ("POST", "/none", {}, "abc"), ("HEAD", "/d")],
    ),
    "large-heads": Case(
        http(ROUTE),
        [
            raw(f"GET /echo HTTP/1.1\nhost: a\nfoo: {'x' * 61000}\n\n"),
            raw(f"GET /name HTTP/1.1\nhost: a\nfoo: {'x' * 50000}\n\n"),
            raw("GET /echo HTTP/1.1\nhost: a\n" + "".join(f"h{n}: 1\n" for n in range(101)) + "\n"),
            raw("GET /name HTTP/1.1\nhost: a\n" + "".join(f"h{n}: 1\n" for n in range(90)) + "\n"),
        ],
    ),
    "small-limits": Case(
        http(
            ROUTE, manager="          max_request_headers_kb: 1\n          common_http_protocol_options: {max_headers_count: 5}"
        ),
        [
            *[("GET", "/name", {"x-h": "f" * size}) for size in (1100, 500)],
            *[raw(f"GET /name HTTP/1.1\nhost: a\n{more}\n") for more in (FIVE, FIVE[:-6])],
        ],
    ),
    "http-1.0-accepted": Case(
        http(ROUTE, manager=HTTP_1_0),
        [
            raw("GET /echo HTTP/1.0\n\n"),
            raw("GET /chunked HTTP/1.0\nhost: x\n\n"),
            raw("GET /name HTTP/1.0\nconnection: keep-alive\nhost: x\n\n"),
        ],
    ),
    "paths-normalized": Case(
        http(ROUTE, manager=NORMAL),
        [
            raw(f"GET {path} HTTP/1.1\nhost: a\n\n")
            for path in (
                "/x/../echo",
                "//echo//echo",
                "/%2e%2e/echo",
                "/a%2Fb/./echo",
                "/echo/x/..",
                "/%65cho?a=/../b",
                "/../echo",
            )
        ],
    ),
    "any-port-stripped": Case(http(ROUTE, manager="          strip_any_host_port: true"), [("GET", "/echo", {"host": "a:80"})]),
    "matching-port-stripped": Case(
        http(ROUTE, manager="          strip_matching_host_port: true"), [("GET", "/echo", {"host": "a:80"})]
    ),
    "nothing-told": Case(
        http(ROUTE).replace("http.router.v3.Router}", "http.router.v3.Router, suppress_envoy_headers: true}"), ["/echo"]
    ),
    "server-header": Case(http(ROUTE, manager="          server_header_transformation: PASS_THROUGH"), ["/name", "/reset"]),
    "server-header-if-absent": Case(
        http(ROUTE, manager="          server_header_transformation: APPEND_IF_ABSENT"), ["/name", "/reset"]
    ),
    "stream-idle": Case(
        http("{match: {prefix: /slow}, route: {cluster: app, idle_timeout: 0.2s}}\n" + ROUTE), ["/slow/0.5", "/name"]
    ),
    "longest-duration": Case(
        http("{match: {prefix: /}, route: {cluster: app, max_stream_duration: {max_stream_duration: 0.2s}}}"),
        ["/slow/0.5", "/name"],
    ),
    "head-too-late": Case(
        http(ROUTE, manager="          request_headers_timeout: 0.2s"), [raw("GET /echo HTTP/1.1\nhost: a\n"), "/name"]
    ),
}
