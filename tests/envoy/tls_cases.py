"""The cases on TLS: one envoy speaks to itself, from a plain listener through a cluster with TLS to a listener with TLS."""

from tests.envoy.cases import APP, LOG, Case, cluster
from tests.envoy.certificates import make_files

FILES = make_files()
_MANAGER = """
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: %(prefix)s
          access_log:
          - name: envoy.access_loggers.file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: /dev/stdout
              log_format: {text_format_source: {inline_string: "%(prefix)s %(log)s\\n"}}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes: [{match: {prefix: /}, route: {cluster: %(cluster)s}}]
"""
_PLAIN = "%RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_CLUSTER% %UPSTREAM_TRANSPORT_FAILURE_REASON% %RESPONSE_CODE_DETAILS%"
_PEER = "%RESPONSE_CODE% %REQUESTED_SERVER_NAME% %DOWNSTREAM_PEER_URI_SAN% %DOWNSTREAM_TLS_VERSION% %DOWNSTREAM_PEER_SUBJECT%"


def _certificate(name: str) -> str:
    return (
        f"tls_certificates: [{{certificate_chain: {{filename: /work/{name}.pem}}, private_key: {{filename: /work/{name}.key}}}}]"
    )


def trust(authority: str, *uris: str) -> str:
    """A validation context."""
    matchers = ", ".join(f"{{san_type: URI, matcher: {{exact: '{uri}'}}}}" for uri in uris)
    return f"validation_context: {{trusted_ca: {{filename: /work/{authority}.pem}}, match_typed_subject_alt_names: [{matchers}]}}"


def of(version: int) -> str:
    """One version of TLS 1 and no other."""
    return f"tls_params: {{tls_minimum_protocol_version: TLSv1_{version}, tls_maximum_protocol_version: TLSv1_{version}}}"


def upstream(*common: str, sni: str = "b") -> str:
    """A cluster `secure` that speaks TLS to the second listener."""
    context = (
        'transport_socket: {name: tls, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.'
        f"UpstreamTlsContext, sni: {sni}, common_tls_context: {{{', '.join(common)}}}}}}}"
    )
    return cluster("secure", "LISTEN2", more=context)


def chain(*common: str, require: bool = True, match: str = "{}", prefix: str = "inner") -> str:
    """A filter chain with TLS."""
    manager = _MANAGER % {"prefix": prefix, "log": _PEER, "cluster": "app"}
    return f"""
    - filter_chain_match: {match}
      transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          require_client_certificate: {str(require).lower()}
          common_tls_context: {{{", ".join(common)}}}
      filters:{manager}"""


def plain_chain(match: str = "{}") -> str:
    """A filter chain without TLS."""
    return f"\n    - filter_chain_match: {match}\n      filters:{_MANAGER % {'prefix': 'plain', 'log': _PLAIN, 'cluster': 'app'}}"


def mesh(secure: str, *chains: str, inspect: bool = False) -> str:
    """The whole configuration."""
    outer = _MANAGER % {"prefix": "ingress", "log": _PLAIN, "cluster": "secure"}
    inspector = (
        "\n    listener_filters:\n    - name: envoy.filters.listener.tls_inspector\n      typed_config: "
        '{"@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}'
    )
    return f"""
admin: {{address: {{socket_address: {{address: 127.0.0.1, port_value: @ADMIN@}}}}}}
static_resources:
  listeners:
  - name: outer
    address: {{socket_address: {{address: 127.0.0.1, port_value: @LISTEN@}}}}
    filter_chains:
    - filters:{outer}
  - name: inner
    address: {{socket_address: {{address: 127.0.0.1, port_value: @LISTEN2@}}}}{inspector if inspect else ""}
    filter_chains:{"".join(chains)}
  clusters:
{APP}
{secure}
"""


A, B, OTHER = _certificate("a"), _certificate("b"), _certificate("other")
STRICT = chain(B, trust("ca"))
TO_STRICT = ("LISTEN2", "/name")
X = ["/name", "/name"]
assert LOG

CASES: dict[str, Case] = {
    "tls-mutual": Case(mesh(upstream(A, trust("ca")), STRICT), X, files=FILES),
    "tls-server-only": Case(mesh(upstream(trust("ca")), chain(B, require=False)), X, files=FILES),
    "tls-no-client-certificate": Case(mesh(upstream(trust("ca")), STRICT), X, files=FILES),
    "tls-client-of-wrong-authority": Case(mesh(upstream(OTHER, trust("ca")), STRICT), X, files=FILES),
    "tls-server-of-wrong-authority": Case(mesh(upstream(A, trust("other-ca")), STRICT), X, files=FILES),
    "tls-server-name-fits": Case(mesh(upstream(A, trust("ca", "spiffe://mesh/b")), STRICT), X, files=FILES),
    "tls-server-name-differs": Case(mesh(upstream(A, trust("ca", "spiffe://mesh/c")), STRICT), X, files=FILES),
    "tls-client-name-fits": Case(
        mesh(upstream(A, trust("ca")), chain(B, trust("ca", "spiffe://mesh/x", "spiffe://mesh/a"))), X, files=FILES
    ),
    "tls-client-name-differs": Case(mesh(upstream(A, trust("ca")), chain(B, trust("ca", "spiffe://mesh/x"))), X, files=FILES),
    "tls-plain-text-refused": Case(mesh(upstream(A, trust("ca")), STRICT), [TO_STRICT, "/name"], files=FILES),
    "tls-to-plain-text": Case(mesh(upstream(A, trust("ca")), plain_chain()), X, files=FILES),
    "tls-not-verified": Case(mesh(upstream(A), STRICT), X, files=FILES),
    "tls-1.3": Case(mesh(upstream(A, trust("ca"), of(3)), chain(B, trust("ca"), of(3))), X, files=FILES),
    "tls-1.3-wrong-authority": Case(mesh(upstream(OTHER, trust("ca"), of(3)), chain(B, trust("ca"), of(3))), X, files=FILES),
    "tls-1.3-no-certificate": Case(mesh(upstream(trust("ca"), of(3)), chain(B, trust("ca"), of(3))), X, files=FILES),
    "tls-1.3-name-differs": Case(
        mesh(upstream(A, trust("ca"), of(3)), chain(B, trust("ca", "spiffe://mesh/x"), of(3))), X, files=FILES
    ),
    "tls-server-too-old": Case(mesh(upstream(A, trust("ca"), of(3)), chain(B, trust("ca"), of(2))), X, files=FILES),
    "tls-client-too-old": Case(mesh(upstream(A, trust("ca"), of(2)), chain(B, trust("ca"), of(3))), X, files=FILES),
    "tls-permissive": Case(
        mesh(
            upstream(A, trust("ca")),
            chain(B, trust("ca"), match="{transport_protocol: tls}"),
            plain_chain("{transport_protocol: raw_buffer}"),
            inspect=True,
        ),
        [TO_STRICT, "/name"],
        files=FILES,
    ),
    "tls-sni": Case(
        mesh(
            upstream(A, trust("ca"), sni="b.example"),
            chain(OTHER, match="{server_names: [c.example]}", require=False, prefix="c"),
            chain(B, trust("ca"), match='{server_names: ["*.example"]}', prefix="wild"),
            inspect=True,
        ),
        X,
        files=FILES,
    ),
    "tls-sni-unknown": Case(
        mesh(upstream(A, trust("ca"), sni="d.other"), chain(B, match="{server_names: [c.example]}", require=False), inspect=True),
        X,
        files=FILES,
    ),
}
