"""The cases on trust: whose headers are believed, what becomes of addresses and certificates, who may ask for retries."""

from tests.envoy.cases import LOG, ROUTE, Case, http, retry
from tests.envoy.tls_cases import FILES, STRICT, A, mesh, trust, upstream

INSIDE = "          internal_address_config: {cidr_ranges: [{address_prefix: %s, prefix_len: 8}]}"
AT_EDGE = "          use_remote_address: true"
TRUSTED = f"{AT_EDGE}\n{INSIDE % '127.0.0.0'}"
NAMES = """
attempt-count internal retriable-status-codes retriable-header-names decorator-operation original-path downstream-service-cluster
external-address ip-tags original-host expected-rq-timeout-ms upstream-alt-stat-name hedge-on-per-try-timeout
peer-metadata overloaded original-url retry-grpc-on
"""
ALL = (
    "GET",
    "/echo",
    {f"x-envoy-{name}": "1" for name in NAMES.split()} | {"x-forwarded-host": "1", "x-forwarded-client-cert": "1"},
)
FORWARDED = [("GET", "/echo", {"x-forwarded-for": text}) for text in ("1.1.1.1, 2.2.2.2", "10.1.1.1", "9.1.1.1,10.1.1.1")]
LOGGED = "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% %REQ(X-ENVOY-INTERNAL)% %RESPONSE_CODE%"


def told(manager: str) -> str:
    """One route, of whose requests the log tells from whom they came."""
    return http(ROUTE, manager=manager).replace(LOG, LOGGED)


def shown(mode: str, details: str = "subject: true, uri: true, dns: true, cert: true") -> str:
    """Mutual TLS, with the client's certificate told to the application."""
    more = f"          forward_client_cert_details: {mode}\n          set_current_client_cert_details: {{{details}}}"
    return mesh(upstream(A, trust("ca")), STRICT.replace("stat_prefix: inner", f"stat_prefix: inner\n{more}"))


CODES = {"x-envoy-retry-on": "retriable-status-codes", "x-envoy-retriable-status-codes": "503"}
CERTIFICATE = ["/echo", ("GET", "/echo", {"x-forwarded-client-cert": "By=x;Hash=y"})]

CASES: dict[str, Case] = {
    "outside": Case(told(""), [ALL, *FORWARDED]),
    "outside-at-edge": Case(told(AT_EDGE), [ALL, *FORWARDED]),
    "inside-at-edge": Case(told(TRUSTED), [ALL, *FORWARDED]),
    "inside-by-header": Case(told(INSIDE % "10.0.0.0"), [ALL, *FORWARDED]),
    "one-hop-trusted": Case(told("          xff_num_trusted_hops: 1"), FORWARDED),
    "one-hop-trusted-at-edge": Case(told(f"{AT_EDGE}\n          xff_num_trusted_hops: 1"), FORWARDED),
    "not-appended": Case(told(f"{AT_EDGE}\n          skip_xff_append: true"), FORWARDED),
    "request-ids": Case(
        told(f"{AT_EDGE}\n          preserve_external_request_id: true\n          always_set_request_id_in_response: true"),
        ["/name", "/reset", ("GET", "/echo", {"x-request-id": "q"})],
    ),
    "no-request-id": Case(told("          generate_request_id: false"), ["/echo"]),
    "asked-from-inside": Case(
        told(TRUSTED),
        [
            ("GET", "/fail/2/a", {"x-envoy-retry-on": "5xx", "x-envoy-max-retries": "3"}),
            ("GET", "/slow/0.5", {"x-envoy-upstream-rq-per-try-timeout-ms": "100", "x-envoy-retry-on": "5xx"}),
            ("GET", "/slow/0.5", {"x-envoy-upstream-rq-timeout-alt-response": "1", "x-envoy-upstream-rq-timeout-ms": "100"}),
            ("GET", "/slow/0.2", {"x-envoy-upstream-rq-timeout-ms": "0"}),
            (
                "GET",
                "/fail/3/b",
                {
                    "x-envoy-retry-on": "retriable-status-codes",
                    "x-envoy-retriable-status-codes": "503",
                    "x-envoy-max-retries": "5",
                },
            ),
            ("GET", "/echo", {"x-envoy-retry-on": "bogus", "x-envoy-max-retries": "x"}),
        ],
    ),
    "asked-beyond-the-policy": Case(
        http(retry("retry_on: gateway-error, num_retries: 1"), manager=TRUSTED),
        [("GET", "/status/500", {"x-envoy-retry-on": "5xx"}), ("GET", "/status/503", {"x-envoy-max-retries": "3"})],
    ),
    **{
        f"certificate-{mode.lower()}": Case(shown(mode), CERTIFICATE, files=FILES)
        for mode in ("SANITIZE", "FORWARD_ONLY", "APPEND_FORWARD", "SANITIZE_SET", "ALWAYS_FORWARD_ONLY")
    },
    "certificate-without-details": Case(shown("SANITIZE_SET", ""), CERTIFICATE, files=FILES),
    "certificate-of-nobody": Case(http(ROUTE, manager="          forward_client_cert_details: APPEND_FORWARD"), CERTIFICATE),
}
