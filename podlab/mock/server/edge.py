"""The edge: from a request to an answer, whoever carries the bytes.

Sockets (`connection`) and the in-process transport (`inprocess`) both ask the one `Edge` of a mock. It knows who makes the
request, asks the API, and turns what comes back into an `Answer` to be pulled or an `Upgrade`; and it opens the waits that tell
the pacing what to do with time.
"""

import json
import logging
import traceback
import uuid
import zlib
from collections.abc import Callable
from email.utils import formatdate
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from podlab.mock.api.errors import (
    APIError,
    BadRequest,
    Forbidden,
    InternalError,
    MethodNotAllowed,
    NotModelled,
    RequestEntityTooLarge,
)
from podlab.mock.api.node import ExecAnswer, ExecSession, NodeStream, PortForwardAnswer, ProxyAnswer
from podlab.mock.api.request import Request, Response, UserInfo, WatchStream
from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.network import Network
from podlab.mock.server import handshake
from podlab.mock.server.answers import Answer, Head, Headers, LogAnswer, Upgrade, WatchAnswer, Whole
from podlab.mock.server.asking import Asking, Timekeeper
from podlab.mock.server.authentication import MASTERS, Authenticator
from podlab.mock.server.channels import EXEC_PROTOCOLS, FORWARD_PROTOCOLS, STREAM_PROTOCOLS, ChannelProtocol
from podlab.mock.server.exec import ChannelExec, Dialect, SpdyExec
from podlab.mock.server.forward import ChannelForward, SpdyForward
from podlab.mock.server.proxying import Proxied
from podlab.mock.server.streaming import Streaming
from podlab.mock.server.waits import Wait

Obj = dict[str, Any]

MAX_BODY_BYTES: Final = 3 * 1024 * 1024
"""The real server's limit for a request."""
COMPRESS_FROM_BYTES: Final = 128 * 1024
SHUTDOWN_PATH: Final = "/podlab/shutdown"
OWN_HEADERS: Final = "podlab-"
FAULTS_LOGGED: Final = 100

log = logging.getLogger("podlab.mock.server")


class API(Protocol):
    """What the edge needs of `api.APIServer`."""

    on_fault: Callable[[Request, str], None]
    """Told of an exception that became a 500, with its traceback."""

    @property
    def revision(self) -> int:
        """How often what is stored has changed."""

    def handle(self, request: Request) -> Response | WatchStream | NodeStream:
        """Answers a request; what it refuses is a `Response` too."""

    def authenticate(self, token: str) -> UserInfo | None:
        """Who holds a token that the cluster itself has issued."""


class Cluster(Protocol):
    """What is served: `mock.cluster.Cluster`."""

    @property
    def kernel(self) -> Kernel:
        """Its time."""

    @property
    def api(self) -> API:
        """Its API."""

    @property
    def network(self) -> Network | None:
        """The network of its pods; None when it has none."""


class Faults:
    """Logs the faults of a mock, as many as are of use: whoever has found one may bring it about again and again."""

    def __init__(self) -> None:
        self._left = FAULTS_LOGGED

    def __call__(self, request: Request, trace: str) -> None:
        """Logs one of the API's."""
        self.log(request.method, request.path, trace)

    def log(self, method: str, path: str, trace: str) -> None:
        """Logs one."""
        if self._left > 0:
            self._left -= 1
            log.error("%s %s failed: %s%s", method, path, trace, "" if self._left else " (further faults are not logged)")


class Edge:
    """Answers the requests of one mock.

    Args:
        api: who answers.
        pacer: the time.
        authenticator: who asks.
        shut_down: ends the mock, at the request of an administrator.
        within: whether it serves the pods, to which nothing of podlab's own is shown, and which fill no log of the host.
    """

    def __init__(
        self,
        api: API,
        pacer: Timekeeper,
        authenticator: Authenticator,
        shut_down: Callable[[], None] | None = None,
        within: bool = False,
    ) -> None:
        self.pacer = pacer
        self._api = api
        self._kernel = pacer.kernel
        self._authenticator = authenticator
        self._shut_down = shut_down
        self._within = within
        self._asking = Asking(pacer)
        self._faults = Faults()
        api.on_fault = self._faults

    def answer(self, head: Head, body: bytes | None) -> Answer | Upgrade:
        """Answers a request. Never raises; what goes wrong inside is logged, and told as a ``Status``.

        Args:
            head: its head.
            body: None when it was larger than `MAX_BODY_BYTES`.
        """
        try:
            self.pacer.present()
            return self._answer(head, body)
        except APIError as error:
            if error.http_code == 401 and not self._within:
                log.warning("401 to %s %s: %s", head.method, head.target, error)
            return self._refuse(error.status)
        except handshake.HandshakeRefused as refusal:
            return Whole(refusal.code, self._headers("text/plain; charset=utf-8"), refusal.text.encode())
        except Exception as error:
            self._faults.log(head.method, head.target, traceback.format_exc())
            return self._refuse(InternalError(f"{type(error).__name__}: {error} (the mock's log has the traceback)").status)

    def _answer(self, head: Head, body: bytes | None) -> Answer | Upgrade:
        request = self._request(head, body or b"")
        if body is None:
            raise RequestEntityTooLarge(f"limit is {MAX_BODY_BYTES}")
        if request.path == SHUTDOWN_PATH and not self._within:
            return self._end(request)
        result = self._api.handle(request)
        match result:
            case Response():
                return self._whole(request, result)
            case WatchStream():
                return self._watch(request, result)
            case ExecAnswer():
                return self._exec(request, result)
            case PortForwardAnswer():
                return self._forward(request, result)
            case ProxyAnswer():
                return self._proxy(request, result)
            case _:
                protocol = self._stream_protocol(request)
                answer = LogAnswer(result.stream, self._headers(result.content_type), self._asking.log(request))
                return self._streaming(request, answer, protocol)

    def _request(self, head: Head, body: bytes) -> Request:
        headers: dict[str, str] = {}
        for name, value in head.headers:
            if self._within and name.startswith(OWN_HEADERS):
                continue
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        try:
            parts = urlsplit(head.target)
        except ValueError:
            raise handshake.HandshakeRefused(400, "400 Bad Request") from None
        user = self._authenticator.user(headers, head.peer)
        query = parse_qs(parts.query, keep_blank_values=True)
        return Request(head.method, unquote(parts.path), query, headers, body, user)

    def _headers(self, content_type: str = "") -> dict[str, str]:
        """What every answer has."""
        return {
            "audit-id": str(uuid.UUID(int=self._kernel.random("audit-ids").getrandbits(128), version=4)),
            "cache-control": "no-cache, private",
            **({"content-type": content_type} if content_type else {}),
            "date": formatdate((self._kernel.epoch_ns + self._kernel.now_ns) // SECOND, usegmt=True),
            **({} if self._within else {"podlab-clock": str(self._kernel.now_ns)}),
        }

    def _status(self, status: Obj) -> tuple[Headers, bytes]:
        return self._headers("application/json"), json.dumps(status, separators=(",", ":")).encode() + b"\n"

    def _refuse(self, status: Obj) -> Whole:
        headers, body = self._status(status)
        return Whole(int(status["code"]), headers, body)

    def _whole(self, request: Request, response: Response) -> Whole:
        headers, body = {**self._headers(), **response.headers}, response.body
        if (
            len(body) > COMPRESS_FROM_BYTES
            and response.status == 200
            and request.method == "GET"
            and "gzip" in request.headers.get("accept-encoding", "")
        ):
            packer = zlib.compressobj(1, wbits=31)
            body = packer.compress(body) + packer.flush()
            headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
        return Whole(response.status, headers, body)

    def _watch(self, request: Request, stream: WatchStream) -> Answer | Upgrade:
        def too_slow() -> None:
            if not self._within:
                log.warning("the client of %s %s does not read; its watch was ended", request.method, request.path)

        try:
            wait = self._asking.watch(request)
        except BadRequest:
            stream.close()
            raise
        answer = WatchAnswer(stream, {**self._headers(), **stream.headers}, wait, too_slow)
        return self._streaming(request, answer, None)

    def _stream_protocol(self, request: Request) -> ChannelProtocol | None:
        return handshake.choose(request.headers, STREAM_PROTOCOLS) if handshake.wants_websocket(request.headers) else None

    def _streaming(self, request: Request, answer: Answer, protocol: ChannelProtocol | None) -> Answer | Upgrade:
        if not handshake.wants_websocket(request.headers):
            return answer
        offered = handshake.offered(request.headers)
        try:
            headers = handshake.accept_websocket(request.headers, protocol.name if protocol else (offered or [""])[0])
        except handshake.HandshakeRefused:
            answer.close()
            raise
        return Upgrade(Streaming(answer, protocol), headers)

    def _exec(self, request: Request, result: ExecAnswer) -> Upgrade:
        command = tuple(request.query.get("command", ()))
        if handshake.wants_websocket(request.headers):
            protocol = handshake.choose(request.headers, EXEC_PROTOCOLS)
            headers = handshake.accept_websocket(request.headers, protocol.name)
            wait = self._asking.stream(request, result)
            opener = result.open if protocol.closes else self._opened(result, wait)
            return Upgrade(ChannelExec(result, opener, Dialect(command, protocol.closes), wait, protocol), headers)
        if handshake.wants_spdy(request.headers):
            version, headers = handshake.accept_spdy(request.headers, handshake.SPDY_EXEC_VERSIONS)
            wait = self._asking.stream(request, result)
            session = self._opened(result, wait)
            return Upgrade(SpdyExec(result, session, Dialect(command, False), wait, version), headers, websocket=False)
        raise handshake.upgrade_required()

    def _opened(self, result: ExecAnswer, wait: Wait) -> Callable[[], ExecSession]:
        """Opens a session before the upgrade, as protocols before `v5` have it: what the kubelet refuses is an HTTP answer."""
        try:
            session = result.open()
        except APIError as error:
            wait.close()
            raise handshake.HandshakeRefused(error.http_code, error.message) from None
        return lambda: session

    def _forward(self, request: Request, result: PortForwardAnswer) -> Upgrade:
        if handshake.wants_spdy(request.headers):
            _, headers = handshake.accept_spdy(request.headers, (handshake.PORT_FORWARD,))
            return Upgrade(SpdyForward(result, self._asking.stream(request, result)), headers, websocket=False)
        if not handshake.wants_websocket(request.headers):
            raise handshake.upgrade_required()
        if handshake.TUNNEL in handshake.offered(request.headers):
            headers = handshake.accept_websocket(request.headers, handshake.TUNNEL)
            return Upgrade(SpdyForward(result, self._asking.stream(request, result)), headers)
        protocol = handshake.choose(request.headers, FORWARD_PROTOCOLS)
        if not result.ports:
            raise BadRequest('query parameter "port" is required')
        headers = handshake.accept_websocket(request.headers, protocol.name)
        return Upgrade(ChannelForward(result, self._asking.stream(request, result), protocol), headers)

    def _proxy(self, request: Request, result: ProxyAnswer) -> Answer:
        if "upgrade" in request.headers:
            raise NotModelled(f"upgrades ({request.headers['upgrade']}) through the proxy to pods and services")
        wait = self._asking.stream(request, result)
        try:
            return Proxied(result, request.method, request.headers.get("host", ""), self._headers(), self._status, wait)
        except BaseException:
            wait.close()
            raise

    def _end(self, request: Request) -> Answer:
        user: UserInfo = request.user
        if MASTERS not in user.groups:
            raise Forbidden("", "", f'User "{user.name}" cannot post path "{SHUTDOWN_PATH}"')
        if request.method != "POST":
            raise MethodNotAllowed.on_path()
        if self._shut_down is None:
            raise NotModelled("the end of a mock that lives in its user's process")
        log.info("shut down at the request of %s", user.name)
        self._shut_down()
        headers, body = self._status({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"})
        return Whole(200, headers, body)
