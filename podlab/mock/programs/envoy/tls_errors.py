"""What goes wrong under TLS, in BoringSSL's words and numbers: OpenSSL, which works here, calls some of it otherwise."""

from typing import Final

SSL_LIBRARY: Final = 16 << 24
ALERTS: Final = {
    "UNEXPECTED_MESSAGE": ("SSLV3", 10), "BAD_RECORD_MAC": ("SSLV3", 20), "HANDSHAKE_FAILURE": ("SSLV3", 40),
    "BAD_CERTIFICATE": ("SSLV3", 42), "UNSUPPORTED_CERTIFICATE": ("SSLV3", 43), "CERTIFICATE_REVOKED": ("SSLV3", 44),
    "CERTIFICATE_EXPIRED": ("SSLV3", 45), "CERTIFICATE_UNKNOWN": ("SSLV3", 46), "ILLEGAL_PARAMETER": ("SSLV3", 47),
    "UNKNOWN_CA": ("TLSV1", 48), "ACCESS_DENIED": ("TLSV1", 49), "DECODE_ERROR": ("TLSV1", 50), "DECRYPT_ERROR": ("TLSV1", 51),
    "PROTOCOL_VERSION": ("TLSV1", 70), "INSUFFICIENT_SECURITY": ("TLSV1", 71), "NO_RENEGOTIATION": ("TLSV1", 100),
    "UNRECOGNIZED_NAME": ("TLSV1", 112), "CERTIFICATE_REQUIRED": ("TLSV1", 116), "NO_APPLICATION_PROTOCOL": ("TLSV1", 120),
    # a certificate that a callback refuses: OpenSSL tells its peer of an internal error
    "INTERNAL_ERROR": ("SSLV3", 46),
}  # fmt: skip
"""Alerts of the other side: the version by whose name BoringSSL calls each, and its number."""
_NAMES: Final = {number: name for name, (_, number) in ALERTS.items() if name != "INTERNAL_ERROR"}
REASONS: Final = {
    "CERTIFICATE_VERIFY_FAILED": 125, "HTTP_REQUEST": 156, "NO_SHARED_CIPHER": 184, "PEER_DID_NOT_RETURN_A_CERTIFICATE": 192,
    "UNSUPPORTED_PROTOCOL": 240, "WRONG_VERSION_NUMBER": 247,
}  # fmt: skip
"""What this side found, and BoringSSL's numbers for it."""


def reason_of(words: str) -> str:
    """BoringSSL's name, without number, for OpenSSL's words of an error."""
    name = words.upper().replace(" ", "_")
    for head in ("SSLV3_ALERT_", "TLSV1_ALERT_", "TLSV13_ALERT_", "TLS_ALERT_"):
        if name.startswith(head) and name.removeprefix(head) in ALERTS:
            version, number = ALERTS[name.removeprefix(head)]
            return f"{version}_ALERT_{_NAMES[number]}"
    return name


def failure_text(name: str, more: str = "") -> str:
    """Envoy's `transport failure reason` for an error that `reason_of` has named."""
    _, mark, alert = name.partition("_ALERT_")
    number = 1000 + ALERTS[alert][1] if mark and alert in ALERTS else REASONS.get(name)
    code = f"{SSL_LIBRARY + number}:" if number is not None else ""
    return f"TLS_error:|{code}SSL routines:OPENSSL_internal:{name}{f':{more}' if more else ''}:TLS_error_end"
