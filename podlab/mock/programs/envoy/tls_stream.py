"""A connection under TLS (`programs.tls`) over simulated connections."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from OpenSSL import SSL

from podlab.mock.machine.network import Endpoint
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.streams import CHUNK, Deadline, Stream, Watched, wait
from podlab.mock.programs.envoy.tls_errors import failure_text, reason_of
from podlab.mock.programs.tls import TlsSide

_SAN_TYPES: Final = {
    "DNS": x509.DNSName,
    "URI": x509.UniformResourceIdentifier,
    "EMAIL": x509.RFC822Name,
    "IP_ADDRESS": x509.IPAddress,
}


class HandshakeError(Exception):
    """A handshake failed. Its text is Envoy's `transport failure reason`; `kind` names the statistic that counts it."""

    def __init__(self, text: str, kind: str) -> None:
        super().__init__(text)
        self.kind = kind


@dataclass(slots=True)
class TlsContext:
    """What a `DownstreamTlsContext` or `UpstreamTlsContext` comes to.

    Attributes:
        server: Whether it is a downstream's.
        context: OpenSSL's.
        sni: What an upstream's client asks for.
        matchers: What the peer's subject alternative names must match; empty for any.
        alpn: Protocols in the order of preference.
    """

    server: bool
    context: SSL.Context
    sni: str = ""
    matchers: list[Obj] = field(default_factory=list)
    require_peer: bool = False
    failure: str = ""


def alternative_names(certificate: x509.Certificate, kind: str) -> list[str]:
    """The subject alternative names of one type: DNS, URI, EMAIL or IP_ADDRESS."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for name in names if isinstance(name, _SAN_TYPES[kind])]


def all_names(certificate: x509.Certificate) -> list[str]:
    """The subject alternative names of all types, in their order."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for name in names]


def names_of(certificate: x509.Certificate | None, kind: str) -> str:
    """A certificate's `subject` or `issuer`, as RFC 2253 writes it."""
    if certificate is None:
        return ""
    return (certificate.subject if kind == "subject" else certificate.issuer).rfc4514_string()


class TlsStream(Stream):
    """A connection under TLS; `handshake` before anything else.

    Attributes:
        failure: Why the peer's certificate was refused.
        on_error: Called when the other side breaks TLS off after the handshake, as TLS 1.3 does when it refuses a certificate.
        inspected: Whether the listener looked for the server name (only then it is logged).
    """

    encrypted = True

    def __init__(self, endpoint: Endpoint, tls: TlsContext, first: bytes = b"") -> None:
        super().__init__(endpoint)
        self._tls = tls
        self._side = TlsSide(tls.context, tls.server, tls.sni, self)
        self._connection = self._side.connection
        self.failure = ""
        self.failure_kind = "fail_verify_error"
        self.inspected = False
        self.on_error: Callable[[], object] = lambda: None
        self._out = bytearray()
        if first:
            self._side.feed(first)

    @property
    def peer(self) -> x509.Certificate | None:
        """The other side's certificate."""
        return self._connection.get_peer_certificate(as_cryptography=True)

    @property
    def own(self) -> x509.Certificate | None:
        """This side's certificate."""
        return self._connection.get_certificate(as_cryptography=True)

    @property
    def version(self) -> str:
        """`TLSv1.3` and the like."""
        return str(self._connection.get_protocol_version_name())

    @property
    def server_name(self) -> str:
        """What the client asked for, or empty."""
        return (self._connection.get_servername() or b"").decode("latin-1")

    async def handshake(self, deadline_ns: Deadline = None) -> None:
        """Agrees with the other side. Raises HandshakeError, OSError, Late."""
        while True:
            try:
                done = self._side.handshake()
            except SSL.Error as error:
                await self._last_words()
                raise self._failed(error) from None
            await self._flush(deadline_ns)
            if done:
                return
            if not await self._pull(deadline_ns, None):
                raise HandshakeError("", "connection_error")

    def _failed(self, error: SSL.Error) -> HandshakeError:
        name = reason_of(str(error.args[0][-1][2]) if error.args and error.args[0] else "UNKNOWN")
        kind, more = "connection_error", ""
        if name == "CERTIFICATE_VERIFY_FAILED":
            kind, more = self.failure_kind, self.failure
        elif "PEER_DID_NOT_RETURN_A_CERTIFICATE" in name:
            kind = "fail_verify_no_cert"
        return HandshakeError(failure_text(name, more), kind)

    async def _last_words(self) -> None:
        try:
            await self._flush(self.kernel.now_ns + 1)
        except OSError:
            return

    async def _pull(self, deadline_ns: Deadline, watched: Watched | None) -> bool:
        while (data := self.endpoint.try_recv(CHUNK)) is None:
            await wait(self.kernel, self.endpoint.readers, deadline_ns, watched)
        self.received += len(data)
        if data:
            self._side.feed(data)
        return bool(data)

    async def _flush(self, deadline_ns: Deadline) -> None:
        while data := self._side.output():
            self._out += data
        while self._out:
            sent = self.endpoint.try_send(bytes(self._out))
            self.sent += sent
            del self._out[:sent]
            if self._out:
                await wait(self.kernel, self.endpoint.writers, deadline_ns)

    async def recv(self, deadline_ns: Deadline = None, watched: Watched | None = None) -> bytes:
        """As a plain stream's; an alert of the other side is a reset."""
        while True:
            try:
                data = self._side.read(CHUNK)
            except SSL.Error:
                self.on_error()
                raise ConnectionResetError(104, "TLS alert") from None
            if data is not None:
                return data
            if not await self._pull(deadline_ns, watched):
                return b""

    async def send(self, data: bytes, deadline_ns: Deadline = None) -> None:
        """As a plain stream's."""
        for start in range(0, len(data), CHUNK):
            self._side.write(data[start : start + CHUNK])
            await self._flush(deadline_ns)

    async def shutdown_write(self) -> None:
        """Says so under TLS, then on the connection."""
        try:
            self._side.end()
            await self._flush(None)
        except (SSL.Error, OSError):
            pass
        self.endpoint.shutdown_write()
