"""The operators of the format language that show certificates, of this side and of the peer, downstream and upstream."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm

from podlab.mock.kernel import SECOND
from podlab.mock.programs.envoy.request import Info, Operator
from podlab.mock.programs.envoy.tls_stream import TlsStream, alternative_names, names_of

Side = Callable[[Info], TlsStream | None]
Shown = Callable[[x509.Certificate], str]
_SANS: Final = {"URI_SAN": "URI", "DNS_SAN": "DNS", "IP_SAN": "IP_ADDRESS"}


def _downstream(info: Info) -> TlsStream | None:
    return info.stream if isinstance(info.stream, TlsStream) else None


def _upstream(info: Info) -> TlsStream | None:
    return info.upstream_stream if isinstance(info.upstream_stream, TlsStream) else None


def _of_peer(side: Side, shown: Shown) -> Operator:
    return lambda info: shown(stream.peer) if (stream := side(info)) is not None and stream.peer is not None else None


def _of_own(side: Side, shown: Shown) -> Operator:
    return lambda info: shown(stream.own) if (stream := side(info)) is not None and stream.own is not None else None


def _names(kind: str) -> Shown:
    return lambda certificate: ",".join(alternative_names(certificate, kind))


def _print(algorithm: HashAlgorithm) -> Shown:
    return lambda certificate: certificate.fingerprint(algorithm).hex()


def _subject(certificate: x509.Certificate) -> str:
    return names_of(certificate, "subject")


def _issuer(certificate: x509.Certificate) -> str:
    return names_of(certificate, "issuer")


def _operators() -> dict[str, Operator]:
    found: dict[str, Operator] = {}
    sides: tuple[tuple[str, Side], ...] = (("DOWNSTREAM", _downstream), ("UPSTREAM", _upstream))
    for name, side in sides:
        for whose, of in (("PEER", _of_peer), ("LOCAL", _of_own)):
            found |= {f"{name}_{whose}_{san}": of(side, _names(kind)) for san, kind in _SANS.items()}
        found[f"{name}_PEER_ISSUER"] = _of_peer(side, _issuer)
        found[f"{name}_TLS_VERSION"] = _version(side)
    found["DOWNSTREAM_PEER_SUBJECT"] = _of_peer(_downstream, _subject)
    found["DOWNSTREAM_LOCAL_SUBJECT"] = _of_own(_downstream, _subject)
    found["UPSTREAM_PEER_SUBJECT"] = _of_peer(_upstream, _subject)
    found["DOWNSTREAM_PEER_EMAIL_SAN"] = _of_peer(_downstream, _names("EMAIL"))
    found["DOWNSTREAM_LOCAL_EMAIL_SAN"] = _of_own(_downstream, _names("EMAIL"))
    found["DOWNSTREAM_PEER_SERIAL"] = _of_peer(_downstream, lambda certificate: f"{certificate.serial_number:x}")
    found["DOWNSTREAM_PEER_FINGERPRINT_1"] = _of_peer(_downstream, _print(SHA1()))
    found["DOWNSTREAM_PEER_FINGERPRINT_256"] = _of_peer(_downstream, _print(SHA256()))
    found["REQUESTED_SERVER_NAME"] = _server_name
    return found


def _version(side: Side) -> Operator:
    return lambda info: stream.version if (stream := side(info)) is not None else None


def _server_name(info: Info) -> str | None:
    stream = _downstream(info)
    return stream.server_name if stream is not None and stream.inspected else None


TLS_OPERATORS: Final = _operators()


def _time(side: Side, read: Callable[[x509.Certificate], datetime]) -> Callable[[Info], int | None]:
    def shown(info: Info) -> int | None:
        stream = side(info)
        peer = stream.peer if stream is not None else None
        return int(read(peer).timestamp()) * SECOND if peer is not None else None

    return shown


TLS_TIMES: Final = {
    f"{name}_PEER_CERT_V_{which}": _time(side, read)
    for name, side in (("DOWNSTREAM", _downstream), ("UPSTREAM", _upstream))
    for which, read in (
        ("START", lambda certificate: certificate.not_valid_before_utc),
        ("END", lambda certificate: certificate.not_valid_after_utc),
    )
}
"""Times (Unix, ns) of the peer's certificate, which operators show in a form that may be chosen."""
