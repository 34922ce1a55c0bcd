"""The API server as pods see it: the very same requests, answers and streams as outside, without what is podlab's own.

Each client gets so much of the server's time, and so many connections: one that hammers it waits for itself alone.
"""

import base64
import json
from functools import cache
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_private_key
from OpenSSL import SSL

from podlab.mock.api import pki
from podlab.mock.kernel import MICROSECOND, Kernel
from podlab.mock.machine.network import Endpoint
from podlab.mock.programs.tls import TlsSide
from podlab.mock.server.answers import Answer, Head, Upgrade, Whole
from podlab.mock.server.authentication import Authenticator
from podlab.mock.server.connection import HTTPConnection
from podlab.mock.server.edge import API, Edge
from podlab.mock.server.transport import KernelLoop, Lane, TlsTransport
from podlab.mock.server.unpaced import Unpaced

CONNECTIONS: Final = 128
"""How many connections a client (an address) may have at once; further ones are reset."""
PIECE_NS: Final = 500 * MICROSECOND
BYTE_NS: Final = 20
WRITTEN_BYTES: Final = 256 << 20
"""How much pods may write into the store in all, as etcd's quota bounds it."""
REVISION_BYTES: Final = 4096
"""What a revision takes at least."""
FULL: Final[dict[str, Any]] = {
    "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
    "message": "etcdserver: mvcc: database space exceeded", "code": 500,
}  # fmt: skip
READING: Final = frozenset(("GET", "HEAD", "OPTIONS", "DELETE"))


@cache
def server_context() -> SSL.Context:
    """TLS with the certificate that pods can check."""
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.use_certificate(x509.load_pem_x509_certificate(pki.SERVER_CERTIFICATE.encode()))
    context.use_privatekey(load_der_private_key(base64.b64decode(pki.SERVER_KEY), None))  # type: ignore[arg-type]
    context.set_alpn_select_callback(_select)
    return context


def _select(_: SSL.Connection, offered: list[bytes]) -> Any:
    return b"http/1.1" if b"http/1.1" in offered else SSL.NO_OVERLAPPING_PROTOCOLS


class PodServer:
    """Serves the pods of a mock.

    Args:
        kernel: Its time.
        api: Who answers; tokens of service accounts say who asks; who has none is ``system:anonymous``.
    """

    def __init__(self, kernel: Kernel, api: API) -> None:
        self._kernel = kernel
        self._api = api
        self._edge = Edge(api, Unpaced(kernel), Authenticator("", api.authenticate, anonymous=True), within=True)
        self._loop = KernelLoop(kernel)
        self._lanes: dict[str, Lane] = {}
        self._written = 0

    def take(self, endpoint: Endpoint) -> None:
        """Serves a connection."""
        lane = self._lanes.setdefault(endpoint.peer[0], Lane(self._kernel))
        if lane.connections >= CONNECTIONS:
            endpoint.abort()
            return
        lane.connections += 1
        self._kernel.spawn(self._serve(endpoint, lane), name="kube-apiserver")

    async def _serve(self, endpoint: Endpoint, lane: Lane) -> None:
        try:
            connection = HTTPConnection(self, self._loop, quiet=True)
            await TlsTransport(endpoint, TlsSide(server_context(), server=True), connection, lane, PIECE_NS, BYTE_NS).run()
        finally:
            lane.connections -= 1
            if not lane.connections:
                self._lanes.pop(endpoint.peer[0], None)

    # What connections ask of their host

    def answer(self, head: Head, body: bytes | None) -> Answer | Upgrade:
        """Answers a request."""
        if head.method in READING:
            return self._edge.answer(head, body)
        if self._written > WRITTEN_BYTES:
            return Whole(500, {"content-type": "application/json"}, json.dumps(FULL).encode())
        before = self._api.revision
        answer = self._edge.answer(head, body)
        revisions = self._api.revision - before
        if revisions:
            self._written += revisions * REVISION_BYTES + len(body or b"")
        return answer

    def stirred(self) -> None:
        """The kernel is at work already."""

    def joined(self, connection: HTTPConnection) -> None:
        """A connection was made."""

    def left(self, connection: HTTPConnection) -> None:
        """A connection is gone."""
