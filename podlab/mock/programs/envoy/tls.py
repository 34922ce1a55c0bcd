"""TLS contexts out of the configuration: certificates, authorities, names, and the server name that a client asks for.

Certificates and keys are read by the process from its container's files and given to OpenSSL as text.
"""

import re
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL, crypto

from podlab.mock.programs.envoy.matching import matches_string
from podlab.mock.programs.envoy.schema import ConfigError, Obj
from podlab.mock.programs.envoy.tls_stream import TlsContext, all_names, alternative_names

_NO_AUTO_CHAIN: Final = 8
"""SSL_MODE_NO_AUTO_CHAIN: only the certificates that are configured are shown."""
_VERSIONS: Final = {
    "TLSv1_0": SSL.TLS1_VERSION, "TLSv1_1": SSL.TLS1_1_VERSION, "TLSv1_2": SSL.TLS1_2_VERSION, "TLSv1_3": SSL.TLS1_3_VERSION,
}  # fmt: skip
_HANDSHAKE: Final = 22


def make_context(config: Obj, texts: dict[str, bytes], server: bool) -> TlsContext:
    """Makes a context from a configuration.

    Args:
        config: The message.
        texts: The contents of the files that it names.
        server: Whether it is a downstream's.

    Raises:
        ConfigError: A certificate cannot be used.
    """
    common = config.get("common_tls_context", {})
    context = SSL.Context(SSL.TLS_METHOD)
    parameters = common.get("tls_params", {})
    least, most = (
        parameters.get("tls_minimum_protocol_version", "TLS_AUTO"),
        parameters.get("tls_maximum_protocol_version", "TLS_AUTO"),
    )
    context.set_min_proto_version(_VERSIONS.get(least, SSL.TLS1_2_VERSION))
    context.set_max_proto_version(_VERSIONS.get(most, SSL.TLS1_3_VERSION if server else SSL.TLS1_2_VERSION))
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_mode(_NO_AUTO_CHAIN)
    certificates = common.get("tls_certificates", [])
    if server and not certificates:
        raise ConfigError("No TLS certificates found for server context")
    for certificate in certificates[:1]:
        _load_certificate(context, certificate, texts)
    validation = common.get("validation_context", {})
    found = TlsContext(server, context, config.get("sni", ""), validation.get("match_typed_subject_alt_names", []))
    found.require_peer = config.get("require_client_certificate", not server)
    _set_verification(found, validation, texts)
    if common.get("alpn_protocols"):
        _set_alpn(context, [name.encode() for name in common["alpn_protocols"]], server)
    return found


def content(source: Obj, texts: dict[str, bytes]) -> bytes:
    """What a DataSource holds."""
    if "filename" in source:
        return texts[source["filename"]]
    return str(source.get("inline_string", "")).encode()


def _load_certificate(context: SSL.Context, config: Obj, texts: dict[str, bytes]) -> None:
    chain, key = config.get("certificate_chain", {}), config.get("private_key", {})
    name = chain.get("filename", "<inline>")
    try:
        certificates = x509.load_pem_x509_certificates(content(chain, texts))
    except ValueError:
        raise ConfigError(f"Failed to load certificate chain from {name}") from None
    try:
        private = load_pem_private_key(content(key, texts), None)
    except (ValueError, TypeError):
        raise ConfigError(f"Failed to load private key from {key.get('filename', '<inline>')}, Cause: NO_START_LINE") from None
    context.use_certificate(certificates[0])
    for extra in certificates[1:]:
        context.add_extra_chain_cert(extra)
    try:
        context.use_privatekey(private)  # type: ignore[arg-type]
        context.check_privatekey()
    except SSL.Error:
        raise ConfigError(
            f"Failed to load private key from {key.get('filename', '<inline>')}, Cause: KEY_VALUES_MISMATCH"
        ) from None


def _set_verification(tls: TlsContext, validation: Obj, texts: dict[str, bytes]) -> None:
    if "trusted_ca" not in validation:
        if tls.server and tls.require_peer:
            tls.context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        return
    source = validation["trusted_ca"]
    try:
        authorities = x509.load_pem_x509_certificates(content(source, texts))
    except ValueError:
        raise ConfigError(f"Failed to load trusted CA certificates from {source.get('filename', '<inline>')}") from None
    store = tls.context.get_cert_store()
    assert store is not None
    for authority in authorities:
        store.add_cert(crypto.X509.from_cryptography(authority))
    required = SSL.VERIFY_FAIL_IF_NO_PEER_CERT if tls.server and tls.require_peer else 0

    def verify(connection: SSL.Connection, certificate: Any, number: int, depth: int, good: int) -> bool:
        peer = connection.get_app_data()
        if not good:
            peer.failure = "verify cert failed: X509_verify_cert: certificate verification error at depth " + str(depth)
            peer.failure += f": {_reason(number)}"
            return False
        leaf = certificate.to_cryptography()
        if depth == 0 and tls.matchers and not matches_names(leaf, tls.matchers):
            peer.failure = f"verify cert failed: SAN matcher, certificate SANs are [{', '.join(all_names(leaf))}]"
            peer.failure_kind = "fail_verify_san"
            return False
        return True

    tls.context.set_verify(SSL.VERIFY_PEER | required, verify)


def _reason(number: int) -> str:
    return {
        10: "certificate has expired", 9: "certificate is not yet valid", 18: "self-signed certificate",
        19: "self-signed certificate in certificate chain", 20: "unable to get local issuer certificate",
        21: "unable to verify the first certificate",
    }.get(number, f"error {number}")  # fmt: skip


def _set_alpn(context: SSL.Context, protocols: list[bytes], server: bool) -> None:
    if not server:
        context.set_alpn_protos(protocols)
        return

    def select(_: SSL.Connection, offered: list[bytes]) -> Any:
        return next((name for name in protocols if name in offered), SSL.NO_OVERLAPPING_PROTOCOLS)

    context.set_alpn_select_callback(select)


def matches_names(certificate: x509.Certificate, matchers: list[Obj]) -> bool:
    """Whether any of a certificate's subject alternative names is matched."""
    return any(
        matches_string(matcher["matcher"], name)
        for matcher in matchers
        for name in alternative_names(certificate, matcher["san_type"])
    )


def server_name_of(data: bytes) -> str | None:
    """The server name in a ClientHello: empty when it has none, None when `data` is no TLS at all (`transport_protocol`)."""
    if len(data) < 6 or data[0] != _HANDSHAKE or data[1] != 3:
        return None
    probe = SSL.Connection(_PROBE, None)
    names: list[str] = []
    probe.set_app_data(names)
    probe.set_accept_state()
    probe.bio_write(data)
    with suppress(SSL.Error):
        probe.do_handshake()
    return names[0] if names else ""


def _take_name(connection: SSL.Connection) -> None:
    connection.get_app_data().append((connection.get_servername() or b"").decode("latin-1"))


_PROBE: Final = SSL.Context(SSL.TLS_METHOD)
_PROBE.set_tlsext_servername_callback(_take_name)


def is_address(text: str) -> bool:
    """Whether a server name is an address, which SNI cannot carry."""
    try:
        ip_address(re.sub(r"[\[\]]", "", text))
    except ValueError:
        return False
    return True
