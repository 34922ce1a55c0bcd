"""Makes `podlab/mock/api/pki.py`: the certificate that the API server shows to pods, and the authority that has signed it.

The authority's key is thrown away: nothing else will ever be signed by it. Every cluster of the mock has these two, so that the
same seed gives the same cluster, and none is made when a mock starts.

python tools/pki.py
"""

import base64
import datetime
import ipaddress
import textwrap
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "podlab/mock/api/pki.py"
NAMES = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "node1")
ADDRESSES = ("10.96.0.1", "172.18.0.2")
FROM, UNTIL = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC), datetime.datetime(2120, 1, 1, tzinfo=datetime.UTC)
TEXT = '''"""The API server's certificate inside of a cluster, and the authority that signed it (`kube-root-ca.crt`).

Made by `python tools/pki.py`. These are for simulated networks alone: the server that a kubeconfig leads to has another.
"""

from typing import Final

CA_CERTIFICATE: Final = """\\
{authority}"""
"""PEM; its key does not exist any more."""

SERVER_CERTIFICATE: Final = """\\
{server}"""
"""PEM: for the names and addresses under which pods reach the API."""

SERVER_KEY: Final = """\\
{key}
"""
"""PKCS#8, base64."""
'''


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(**used: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    names += ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: used.get(name, False) for name in names})


def _builder(subject: str, key: rsa.RSAPrivateKey, is_authority: bool) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_named(subject))
        .issuer_name(_named("kubernetes"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
        .add_extension(_usage(digital_signature=True, key_encipherment=True, key_cert_sign=is_authority), critical=True)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )


def main() -> None:
    """Makes them."""
    authority_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    identifier = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = (
        _builder("kubernetes", authority_key, is_authority=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("kubernetes")]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    names = [*map(x509.DNSName, NAMES), *(x509.IPAddress(ipaddress.ip_address(one)) for one in ADDRESSES)]
    server = (
        _builder("kube-apiserver", key, is_authority=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    private = base64.b64encode(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()
    texts = {"authority": authority.public_bytes(Encoding.PEM).decode(), "server": server.public_bytes(Encoding.PEM).decode()}
    TARGET.write_text(TEXT.format(key="\n".join(textwrap.wrap(private, 128)), **texts))


if __name__ == "__main__":
    main()
