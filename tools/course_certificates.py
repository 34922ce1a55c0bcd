"""Writes the certificates of the exercise on mutual TLS: `python tools/course_certificates.py`.

They are for that exercise alone, and so are no secrets, whatever Kubernetes calls the objects that hold them. Who is who:
`a-tls`, `b-tls` and `c-tls` are of the shop's authority, `stranger-a` and `stranger-b` bear the same names as the first two,
from another authority.
"""

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

TARGET = Path(__file__).resolve().parent.parent / "course/assignments/04-ambassadors/checks/mtls.yaml"
FROM, UNTIL = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC), datetime.datetime(2070, 1, 1, tzinfo=datetime.UTC)
HEAD = """\
# What is there before your pods: certificates, each with its key and its authority's certificate (tools/course_certificates.py
# makes them). They are for this exercise alone.
"""
SECRET = """\
apiVersion: v1
kind: Secret
metadata: {{name: {name}, labels: {{podlab.dev/grader: given}}}}
stringData:
  tls.crt: |
{crt}
  tls.key: |
{key}
  ca.crt: |
{ca}
"""


class Authority:
    """A certificate authority."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._begin(self._name, self._key.public_key())
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.pem = made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    def _begin(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(key)
        return made.serial_number(x509.random_serial_number()).not_valid_before(FROM).not_valid_after(UNTIL)

    def issue(self, name: str) -> tuple[str, str]:
        """A certificate for `spiffe://shop/NAME`, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(f"spiffe://shop/{name}"), x509.DNSName(name)])
        made = self._begin(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key.public_key())
        signed = made.add_extension(names, critical=False).sign(self._key, hashes.SHA256())
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return signed.public_bytes(Encoding.PEM).decode(), secret.decode()


def secret(name: str, authority: Authority, subject: str) -> str:
    """A Secret with a certificate, as YAML."""
    crt, key = authority.issue(subject)
    parts = {
        part: "\n".join("    " + line for line in text.strip().splitlines())
        for part, text in (("crt", crt), ("key", key), ("ca", authority.pem))
    }
    return SECRET.format(name=name, **parts)


def main() -> None:
    """Makes them anew."""
    shop, other = Authority("the shop"), Authority("somebody else")
    wanted = [
        ("a-tls", shop, "a"),
        ("b-tls", shop, "b"),
        ("c-tls", shop, "c"),
        ("stranger-a", other, "a"),
        ("stranger-b", other, "b"),
    ]
    TARGET.write_text(HEAD + "---\n".join(secret(*one) for one in wanted), encoding="utf-8")


if __name__ == "__main__":
    main()
