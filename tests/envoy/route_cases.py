"""The cases on routes: what matches, what is rewritten, where a redirect leads, which headers are added."""

from tests.envoy.cases import LIMIT, LOG, ROUTE, Case, cluster, http


def direct(path: str, match: str, answer: str = "hit") -> str:
    """A route that answers itself when a request under `path` matches."""
    match = f"{{prefix: {path}{', ' if match else ''}{match}}}"
    return f"{{name: {answer}, match: {match}, direct_response: {{status: 200, body: {{inline_string: {answer}}}}}}}"


def table(matches: dict[str, str]) -> str:
    """Routes of one match each, and one that takes what none does."""
    return "\n".join([*(direct(path, match) for path, match in matches.items()), direct("/", "", "miss")])


def raw(text: str) -> bytes:
    """A request written out, whose lines end as HTTP's do."""
    return text.replace("\n", "\r\n").encode()


HEADERS = {
    "/range": "headers: [{name: x-v, range_match: {start: 1, end: 10}}]",
    "/suffix": "headers: [{name: x-v, string_match: {suffix: Bc, ignore_case: true}}]",
    "/contains": "headers: [{name: x-v, string_match: {contains: b}}]",
    "/regex": "headers: [{name: x-v, string_match: {safe_regex: {regex: 'a+'}}}]",
    "/prefix": "headers: [{name: x-v, prefix_match: a}]",
    "/old-regex": "headers: [{name: x-v, safe_regex_match: {regex: 'a+'}}]",
    "/exact": "headers: [{name: x-v, string_match: {exact: a}}]",
    "/joined": "headers: [{name: x-v, string_match: {exact: 'a,b'}}]",
    "/not": "headers: [{name: x-v, string_match: {exact: b}, invert_match: true}]",
    "/empty": "headers: [{name: x-v, string_match: {exact: b}, invert_match: true, treat_missing_header_as_empty: true}]",
    "/absent": "headers: [{name: x-v, present_match: false}]",
    "/named": "headers: [{name: x-v}]",
    "/host": "headers: [{name: ':authority', string_match: {exact: 'app.example'}}]",
    "/scheme": "headers: [{name: ':scheme', string_match: {exact: 'https'}}]",
}
VALUES = ("1", "10", "-1", "+5", "x", "a", "aaa", "aBC", "b")
PARAMETERS = {
    "/two": "query_parameters: [{name: v, present_match: true}, {name: w, string_match: {safe_regex: {regex: '[0-9]+'}}}]",
    "/none": "query_parameters: [{name: v, present_match: false}]",
    "/cookie": "cookies: [{name: v, string_match: {exact: b}}]",
    "/never": "runtime_fraction: {default_value: {numerator: 0}}",
}
REWRITES = """
{match: {prefix: /all}, route: {cluster: app, regex_rewrite: {pattern: {regex: 'a'}, substitution: 'b'}}}
{match: {prefix: /v}, route: {cluster: app, regex_rewrite: {pattern: {regex: '^/(v[0-9])/(.*)$'}, substitution: '/\\2/\\1/echo'}}}
{match: {path: /path}, route: {cluster: app, prefix_rewrite: /echo}}
{match: {safe_regex: {regex: '/r.*'}}, route: {cluster: app, prefix_rewrite: /echo}}
{match: {path_separated_prefix: /s}, route: {cluster: app, prefix_rewrite: /echo}}
{match: {prefix: /same/}, route: {cluster: app, prefix_rewrite: /same/}}
{match: {prefix: /by-header}, route: {cluster: app, host_rewrite_header: x-h, append_x_forwarded_host: true}}
{match: {prefix: /by-path}, route: {cluster: app, host_rewrite_path_regex: {pattern: {regex: '^/(.+)/.*'}, substitution: '\\1'}}}
"""
REDIRECTS = """
{match: {prefix: /a}, redirect: {scheme_redirect: https, port_redirect: 444, strip_query: true}}
{match: {prefix: /b}, redirect: {path_redirect: '/z?k=v'}}
{match: {prefix: /c}, redirect: {host_redirect: h, response_code: PERMANENT_REDIRECT}}
{match: {prefix: /d}, redirect: {prefix_rewrite: /q}}
{match: {prefix: /e}, redirect: {regex_rewrite: {pattern: {regex: '^/e/(.*)$'}, substitution: '/b/\\1'}}}
"""
WEIGHTED = (
    "{match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: app, weight: 1, "
    "request_headers_to_add: [{header: {key: x-w, value: one}}], response_headers_to_add: [{header: {key: x-v, value: v}}], "
    "response_headers_to_remove: [x-app]}]}}}"
)
SCHEMES = """
{match: {prefix: /a}, redirect: {https_redirect: true}}
{match: {prefix: /b}, redirect: {scheme_redirect: http}}
{match: {prefix: /c}, redirect: {scheme_redirect: ftp, path_redirect: /x, response_code: SEE_OTHER}}
{match: {prefix: /d}, redirect: {host_redirect: 'h.example:99', https_redirect: true}}
"""
LEVEL = "{header: {key: x-level, value: route}}"
OWN = """
{match: {prefix: /direct}, direct_response: {status: 200, body: {inline_string: hi}}}
{match: {prefix: /redirect}, redirect: {path_redirect: /x}}
{match: {prefix: /nowhere}, route: {cluster: nope}}
{match: {path: /reset}, route: {cluster: app}}
{match: {path: /echo}, route: {cluster: app}, request_headers_to_add: [*LEVEL], request_headers_to_remove: [x-r]}
"""
ADDED = """
              request_headers_to_add:
              - {header: {key: x-level, value: host}}
              - {header: {key: x-a, value: v}, append_action: OVERWRITE_IF_EXISTS}
              - {header: {key: x-b, value: v}, append_action: ADD_IF_ABSENT}
              - {header: {key: x-c, value: v}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}
              - {header: {key: x-d, value: ''}, keep_empty_value: true}
              - {header: {key: x-e, value: v}, append: false}
              - {header: {key: x-f, value: '%REQ(host)%-%PROTOCOL%-%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%-%%'}}
              - {header: {key: x-g, value: '%REQ(none)%'}}
              response_headers_to_add:
              - {header: {key: x-out, value: '%RESPONSE_CODE% %UPSTREAM_HOST% %RESPONSE_FLAGS% %REQ(:PATH)% %RESP(x-app)%'}}"""
SUFFIXES = http(ROUTE).replace('["*"]', '["*-bar.foo.com", "www.*", "a.com:8080", "A.org"]')
DOMAINS = http(ROUTE).replace('["*"]', '["a.com", "*.b.com", "c.*"]')

CASES: dict[str, Case] = {
    "headers-matched": Case(
        http(table(HEADERS)),
        [
            *[("GET", path, {"x-v": value}) for path in HEADERS for value in VALUES],
            *HEADERS,
            *[raw(f"GET {path} HTTP/1.1\nhost: a\nx-v: a\nx-v: b\n\n") for path in HEADERS],
            *[raw(f"GET {path} HTTP/1.1\nhost: a\nx-v: a, b\n\n") for path in HEADERS],
            ("GET", "/scheme", {"x-forwarded-proto": "https"}),
        ],
    ),
    "parameters-matched": Case(
        http(table(PARAMETERS)),
        [
            *[f"/two?{query}" for query in ("v&w=12", "v=1", "w=1&v=", "v=1&w=x", "w=1%30&v=2", "v=1&w=1&w=x", "")],
            *["/none?v", "/none?x", "/none", "/never", "/cookie"],
            *[("GET", "/cookie", {"cookie": value}) for value in ("a=1; v=b", "v=c", "v", "v=b")],
        ],
    ),
    "paths-matched": Case(
        http(
            "{match: {prefix: /Ab, case_sensitive: false}, direct_response: {status: 201}}\n"
            "{match: {path: /X, case_sensitive: false}, direct_response: {status: 202}}\n"
            "{match: {prefix: /}, direct_response: {status: 203}}"
        ),
        ["/aB/c", "/x", "/X?q", "/xx"],
    ),
    "rewrites": Case(
        http(REWRITES),
        [
            *["/all/echo/a?a=a", "/v1/x?q=1", "/v/echo", "/path?x", "/rx?y", "/s/echo", "/s", "/same/echo", "/by-path/echo"],
            *[("GET", "/by-header/echo", {"x-h": "foo"}), "/by-header/echo"],
        ],
    ),
    "redirects": Case(
        http(REDIRECTS),
        [
            *["/a?x=1", "/b?x=1", ("GET", "/c", {"host": "x:81"}), "/d/e?f", "/e/c?x=1"],
            *[("GET", "/a", {"host": "[::1]:80"}), ("GET", "/c", {"x-forwarded-proto": "https"}), ("POST", "/d", {}, "body")],
        ],
    ),
    "redirects-of-schemes": Case(
        http(SCHEMES),
        [
            ("GET", path, {"host": f"e{port}"} | more)
            for path in ("/a", "/b", "/c", "/d")
            for port in ("", ":80", ":443", ":81")
            for more in ({}, {"x-forwarded-proto": "https"})
        ],
    ),
    "tls-required": Case(
        http(ROUTE, host="              require_tls: ALL"), ["/a?x=1", ("GET", "/name", {"x-forwarded-proto": "https"})]
    ),
    "headers-added": Case(
        http(OWN.replace("*LEVEL", LEVEL), host=ADDED).replace(
            "            name: local", "            name: local\n            validate_clusters: false"
        ),
        [
            *["/direct", "/redirect", "/nowhere", "/reset", "/none", "/echo"],
            ("GET", "/echo", {"x-a": "1", "x-b": "2", "x-c": "3", "x-e": "4", "x-r": "5"}),
        ],
    ),
    "domains": Case(
        DOMAINS, [("GET", "/name", {"host": host}) for host in ("a.com", "A.com", "x.b.com", "b.com", "c.x", "a.com:80", "zz")]
    ),
    "domains-of-all-kinds": Case(
        SUFFIXES,
        [
            ("GET", "/name", {"host": host})
            for host in ("baz-bar.foo.com", "-bar.foo.com", "www.x", "a.com:8080", "a.com", "a.org")
        ],
    ),
    "weighted-headers": Case(http(WEIGHTED), ["/echo"]),
    "domains-without-ports": Case(
        DOMAINS.replace("            name: local", "            name: local\n            ignore_port_in_host_matching: true"),
        [("GET", "/name", {"host": host}) for host in ("a.com:80", "a.com", "x.b.com:1")],
    ),
    "default-chain": Case(
        http(ROUTE).replace("    filter_chains:\n    - filters:", "    default_filter_chain:\n      filters:"), ["/name"]
    ),
    "direct-response-out-of-a-file": Case(
        http("{match: {prefix: /}, direct_response: {status: 200, body: {filename: /work/body}}}"),
        ["/name"],
        files={"body": b"what the file says\n"},
    ),
    "redirect-of-an-expression": Case(
        http("{match: {safe_regex: {regex: '/.*'}}, redirect: {prefix_rewrite: /z}}"), ["/name?x=1"]
    ),
    "cluster-by-another-name": Case(http(ROUTE, (cluster("app", "APP", more="alt_stat_name: 'a:b'"),)), ["/name"]),
    "limit-answered-by-name": Case(
        http(ROUTE, filters=f"{LIMIT % 100}\n              status: {{code: ServiceUnavailable}}"), ["/name"] * 3
    ),
    "limit-answered-with-success": Case(
        http(ROUTE, filters=f"{LIMIT % 100}\n              status: {{code: 200}}"), ["/name"] * 3
    ),
    "limit-to-nothing": Case(http(ROUTE, filters=(LIMIT % 100).replace("max_tokens: 2, ", "")), ["/name"]),
    "log-of-nothing": Case(
        http(ROUTE).replace(f'text_format_source: {{inline_string: "{LOG}\\n"}}', 'text_format: ""'), ["/name"]
    ),
}
