"""/certs: the certificates that Envoy's TLS contexts hold."""

from collections.abc import Iterator

from cryptography import x509

from podlab.mock.kernel import SECOND
from podlab.mock.programs.envoy.schema import Obj, messages_of

_KINDS = ((x509.DNSName, "dns"), (x509.UniformResourceIdentifier, "uri"), (x509.IPAddress, "ip_address"))


def certificates(resources: Obj, texts: dict[str, bytes], now_ns: int) -> list[Obj]:
    """The certificates of listeners and clusters, context by context."""
    return [
        _context(common, texts, now_ns)
        for part in ("listeners", "clusters")
        for common in messages_of(resources.get(part, []), "common_tls_context")
    ]


def _context(common: Obj, texts: dict[str, bytes], now_ns: int) -> Obj:
    authority = common.get("validation_context", {}).get("trusted_ca")
    own = [one["certificate_chain"] for one in common.get("tls_certificates", []) if "certificate_chain" in one]
    shown: Obj = {}
    if authority:
        shown["ca_cert"] = list(_described(authority, texts, now_ns))
    if own:
        shown["cert_chain"] = [one for source in own for one in _described(source, texts, now_ns)]
    return shown


def _described(source: Obj, texts: dict[str, bytes], now_ns: int) -> Iterator[Obj]:
    """The first certificate of a source."""
    name = source.get("filename")
    text = texts[name] if name is not None else source.get("inline_string", "").encode()
    for certificate in x509.load_pem_x509_certificates(text)[:1]:
        yield {
            "path": name or "<inline>",
            "serial_number": f"{certificate.serial_number:x}",
            "subject_alt_names": list(_names(certificate)),
            "days_until_expiration": str(max(int(certificate.not_valid_after_utc.timestamp()) - now_ns // SECOND, 0) // 86400),
            "valid_from": f"{certificate.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ}",
            "expiration_time": f"{certificate.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
        }


def _names(certificate: x509.Certificate) -> Iterator[Obj]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return
    for kind, key in _KINDS:
        for name in names:
            if isinstance(name, kind):
                yield {key: str(name.value)}
