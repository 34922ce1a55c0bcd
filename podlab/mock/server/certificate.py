"""The certificate of a mock: self-signed for loopback, made once for a state folder and kept there.

kubectl sends no credentials without TLS (`clientcmd` leaves a kubeconfig's user out of plain HTTP), so a mock that asks for a
token has to speak HTTPS, as any cluster does. The kubeconfig holds the certificate as its own authority.
"""

import os
import time
from pathlib import Path
from ssl import SSLContext
from typing import Final

_YEAR_SECONDS: Final = 365 * 24 * 3600
_VALID_YEARS: Final = 10
_USAGE: Final = {
    **dict.fromkeys(("digital_signature", "key_cert_sign"), True),
    **dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False),
    **dict.fromkeys(("crl_sign", "encipher_only", "decipher_only"), False),
}


def keep_certificate(folder: Path) -> Path:
    """The file with a folder's certificate and key (PEM, mode 0600); made when it is not there, or will not be valid much longer.

    Raises:
        OSError: it cannot be written.
    """
    path = folder / "tls.pem"
    try:
        if time.time() - path.stat().st_mtime < (_VALID_YEARS - 2) * _YEAR_SECONDS:
            return path
    except OSError:
        pass
    pem = make_certificate()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    os.replace(beside, path)
    return path


def make_certificate() -> bytes:
    """A new certificate for 127.0.0.1, ::1 and localhost, and its key, as PEM."""
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "podlab")])
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365 * _VALID_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**_USAGE), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), *addresses]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # fmt: skip
    return certificate.public_bytes(serialization.Encoding.PEM) + private


def public_part(pem: bytes) -> bytes:
    """The certificates of a PEM file, without keys."""
    blocks, inside = [], False
    for line in pem.splitlines(keepends=True):
        inside = inside or line.startswith(b"-----BEGIN CERTIFICATE")
        if inside:
            blocks.append(line)
        inside = inside and not line.startswith(b"-----END")
    return b"".join(blocks)


def server_context(certificate: Path, key: Path | None = None, client_authority: Path | None = None) -> SSLContext:
    """What to speak HTTPS with.

    Args:
        certificate: PEM file.
        key: PEM file; None when the key is in the same.
        client_authority: certificates of this authority name users.

    Raises:
        OSError: a file cannot be read, or is not what it should be.
    """
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key)
    context.num_tickets = 0
    if client_authority is not None:
        context.load_verify_locations(client_authority)
        context.verify_mode = ssl.CERT_OPTIONAL
    return context
