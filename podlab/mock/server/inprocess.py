"""A client of a mock in the same process: the same requests, answers and pacing as over sockets, without sockets and threads.

    client = InProcess(cluster)
    reply = client.request("GET", "/api/v1/namespaces/default/pods")
    with client.connect("/api/v1/namespaces/default/pods/web/exec?command=ls&stdout=true", subprotocols=["v5.channel.k8s.io"])
    as socket:
        while (message := socket.receive()) is not None:
            ...

Nothing happens but while somebody waits for an answer here: the client's wall clock moves only when the pacing would have
slept, so what happens depends on the requests alone. In virtual pace it is what happens to a client with sockets that asks one
thing at a time.
"""

import base64
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from podlab.mock.kernel import DEFAULT_EPOCH_NS, SECOND
from podlab.mock.server.answers import Answer, Head, Headers, Upgrade
from podlab.mock.server.authentication import Authenticator
from podlab.mock.server.edge import MAX_BODY_BYTES, Cluster, Edge
from podlab.mock.server.pacing import Pacer
from podlab.mock.server.waits import Pace
from podlab.mock.server.within import serve_pods

LIMIT_SECONDS: Final = 3600.0
"""How much simulated time may pass, by default, before an answer has to be there."""

_TOKEN: Final = "in-process"


class StuckError(RuntimeError):
    """An answer is waited for that cannot come: nothing is left to happen, or time stands still for it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is complete. Header names are in lower case."""

    status: int
    headers: Headers
    body: bytes


class Stream:
    """An answer that is still coming. Header names are in lower case; to be closed, or used in a ``with``."""

    def __init__(self, client: "InProcess", answer: Answer, limit_seconds: float) -> None:
        self._client = client
        self._answer = answer
        self._limit_ns = int(limit_seconds * SECOND)
        client.pump(lambda: bool(answer.status), self._limit_ns)
        self.status = answer.status
        self.headers = answer.headers

    def read(self) -> bytes:
        """The next piece, letting time pass until there is one; ``b""`` at the end."""
        answer, pieces = self._answer, list[bytes]()

        def ready() -> bool:
            piece = answer.read()
            if piece:
                pieces.append(piece)
            return bool(piece) or answer.ended

        self._client.pump(ready, self._limit_ns)
        return b"".join(pieces)

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read():
            yield piece

    def close(self) -> None:
        """Goes away."""
        self._answer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class RefusedError(Exception):
    """The server answered a WebSocket's handshake with something else: ``reply``."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.status}: {reply.body.decode('utf-8', 'replace').strip()}")
        self.reply = reply


class MessageSocket:
    """The client's end of a WebSocket, in messages. To be closed, or used in a ``with``.

    Attributes:
        subprotocol: what was agreed on; ``""`` for none.
        close_code: why the server closed; None while it has not.
    """

    def __init__(self, client: "InProcess", upgrade: Upgrade, limit_seconds: float) -> None:
        self.subprotocol = upgrade.headers.get("sec-websocket-protocol", "")
        self.close_code: int | None = None
        self._client = client
        self._limit_ns = int(limit_seconds * SECOND)
        self._conversation = upgrade.conversation
        self._messages: deque[bytes | str] = deque()
        self._lost = self._held = False
        server_side = _ServerSide(self._messages, self._hold, self._closed)
        upgrade.conversation.start(server_side)

    def send(self, message: bytes | str) -> None:
        """Sends a message, letting time pass until what was sent before is taken, if need be."""
        self._client.pump(lambda: not self._held or self.close_code is not None, self._limit_ns)
        if self.close_code is None and not self._lost:
            self._conversation.receive(message)

    def receive(self) -> bytes | str | None:
        """The next message, letting time pass until there is one; None when the server has closed."""
        self._client.pump(lambda: bool(self._messages) or self.close_code is not None, self._limit_ns)
        return self._messages.popleft() if self._messages else None

    def close(self) -> None:
        """Goes away."""
        if not self._lost:
            self._lost = True
            self._conversation.lost()

    def _hold(self, held: bool) -> None:
        self._held = held

    def _closed(self, code: int) -> None:
        self.close_code = code if self.close_code is None else self.close_code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _ServerSide:
    """What a conversation sees of a `MessageSocket`."""

    def __init__(self, messages: deque[bytes | str], hold: Callable[[bool], None], closed: Callable[[int], None]) -> None:
        self._messages = messages
        self.hold = hold
        self._closed = closed

    def send(self, message: bytes | str) -> None:
        self._messages.append(message)

    def close(self, code: int = 1000, reason: str = "") -> None:
        self._closed(code)


class InProcess:
    """The client. One of a cluster; it owns the cluster's time.

    Args:
        cluster: what to ask.
        pace: how time passes while answers are waited for.
    """

    def __init__(self, cluster: Cluster, pace: Pace = Pace.VIRTUAL) -> None:
        self._kernel = cluster.kernel
        self._wall_ns = 0
        self._pacer = Pacer(cluster.kernel, pace, wall=lambda: self._wall_ns, unix=lambda: DEFAULT_EPOCH_NS + self._wall_ns)
        self._edge = Edge(cluster.api, self._pacer, Authenticator(_TOKEN, cluster.api.authenticate))
        if cluster.network is not None:
            serve_pods(cluster.kernel, cluster.network, cluster.api)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        limit_seconds: float = LIMIT_SECONDS,
    ) -> Reply:
        """Asks, and waits for the whole answer.

        Args:
            method: HTTP method.
            url: path and query, percent-encoded.
            headers: more headers; without ``Authorization``, the administrator asks.
            body: the request's body.
            limit_seconds: simulated time that may pass.

        Raises:
            StuckError: the answer cannot come.
            TimeoutError: it has not come in time.
        """
        with self.stream(method, url, headers, body, limit_seconds) as stream:
            return Reply(stream.status, stream.headers, b"".join(stream))

    def stream(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        limit_seconds: float = LIMIT_SECONDS,
    ) -> Stream:
        """Asks, and waits for the head of the answer; else as `request`. ``limit_seconds`` counts for each piece anew."""
        answer = self._ask(method, url, headers, body)
        if isinstance(answer, Upgrade):
            answer.conversation.lost()
            raise ValueError("the server would leave HTTP for this request; use `connect`")
        return Stream(self, answer, limit_seconds)

    def connect(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        subprotocols: Sequence[str] = (),
        limit_seconds: float = LIMIT_SECONDS,
    ) -> MessageSocket:
        """Opens a WebSocket. ``limit_seconds`` counts for each message anew.

        Raises:
            RefusedError: the server answers with something else.
        """
        handshake = {
            "connection": "Upgrade",
            "upgrade": "websocket",
            "sec-websocket-version": "13",
            "sec-websocket-key": base64.b64encode(bytes(16)).decode(),
        }
        if subprotocols:
            handshake["sec-websocket-protocol"] = ", ".join(subprotocols)
        answer = self._ask("GET", url, {**handshake, **(headers or {})}, b"")
        if isinstance(answer, Upgrade):
            return MessageSocket(self, answer, limit_seconds)
        with Stream(self, answer, limit_seconds) as stream:
            raise RefusedError(Reply(stream.status, stream.headers, b"".join(stream)))

    def pump(self, ready: Callable[[], bool], limit_ns: int) -> None:
        """Lets time pass, event by event, until ``ready()``. Raises StuckError, TimeoutError."""
        end_ns = self._kernel.now_ns + limit_ns
        kernel = self._kernel
        done = ready()

        def enough() -> bool:
            nonlocal done
            done = ready()
            return done or kernel.now_ns > end_ns

        while not done:
            delay_ns = self._pacer.turn(enough)
            if done or ready():
                break
            if delay_ns is None:
                raise StuckError("this answer never comes: nothing is left to happen, or no time passes for such a request")
            if kernel.now_ns > end_ns:
                raise TimeoutError(f"no answer within {limit_ns / SECOND:g} s of simulated time")
            self._wall_ns += delay_ns

    def _ask(self, method: str, url: str, headers: Mapping[str, str] | None, body: bytes) -> Answer | Upgrade:
        own = {"host": "podlab", "authorization": f"Bearer {_TOKEN}", "content-length": str(len(body))}
        own |= {name.lower(): value for name, value in (headers or {}).items()}
        return self._edge.answer(Head(method, url, tuple(own.items())), body if len(body) <= MAX_BODY_BYTES else None)
