"""Certificates for the cases on TLS: two authorities, and who is signed by which; each time the same, for they are logged."""

from datetime import UTC, datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2070, 1, 1, tzinfo=UTC)


def _number(name: str) -> int:
    """A number that is the name's own."""
    return int.from_bytes(sha256(name.encode()).digest()[:16])


class Authority:
    """A certificate authority of its own."""

    def __init__(self, name: str) -> None:
        self.key = ec.derive_private_key(_number(f"authority {name}"), ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = self._builder(self.name, self.key).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.pem = builder.sign(self.key, hashes.SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.PEM)

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
        return (
            builder.serial_number(_number(str(key.public_key().public_numbers()))).not_valid_before(FROM).not_valid_after(UNTIL)
        )

    def issue(self, name: str) -> tuple[bytes, bytes]:
        """A certificate for a DNS name and the URI of a service, and its key."""
        key = ec.derive_private_key(_number(name), ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(name), x509.UniformResourceIdentifier(f"spiffe://mesh/{name}")])
        builder = self._builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key).add_extension(
            names, critical=False
        )
        pem = builder.sign(self.key, hashes.SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.PEM)
        return pem, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def make_files() -> dict[str, bytes]:
    """`ca.pem`, `a.pem`, `a.key`, `b.pem`, `b.key`; and `other-ca.pem`, `other.pem`, `other.key` of another authority."""
    mesh, other = Authority("mesh"), Authority("other")
    files = {"ca.pem": mesh.pem, "other-ca.pem": other.pem}
    for authority, name in ((mesh, "a"), (mesh, "b"), (other, "other")):
        files[f"{name}.pem"], files[f"{name}.key"] = authority.issue(name)
    return files
