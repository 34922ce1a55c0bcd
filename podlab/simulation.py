"""Mocks in this very process: no sockets, no kubeconfig, the same requests and answers. What makes grading and experiments quick.

>>> with podlab.simulate(seed=7) as cluster:       # doctest: +SKIP
...     cluster.apply("pod.yaml")
...     cluster.wait("pods", "Running")
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from podlab.errors import ClusterError
from podlab.lab import Lab
from podlab.lab.transport import Connection, Query, as_body, error_of
from podlab.mock.server import collector
from podlab.mock.server.inprocess import InProcess, MessageSocket, RefusedError, Stream, StuckError

BINARY, CLOSED = 0x2, 0x8
NAME = "a simulated cluster"


@contextmanager
def simulate(seed: int = 0, *, max_pods: int = 110) -> Iterator[Lab]:
    """A fresh cluster of the mock's for the length of a `with` block, whatever other clusters a notebook is on.

    Nothing outlives the block. Time is simulated, and passes only while something is waited for; a second cluster with the same
    seed and the same requests does the same, to the last identity. `%kubectl` and `%%manifest` stay where they are.

    Args:
        seed: of all that is random in it: identities, addresses, jitter.
        max_pods: how many pods its node takes.
    """
    from podlab.mock.cluster import Cluster

    with collector.tuned():
        cluster = Cluster(seed, max_pods=max_pods)
        connection = InProcessConnection(InProcess(cluster))
        try:
            yield Lab.over(connection, name=NAME)
        finally:
            connection.close()
            cluster.close()
            del cluster


class InProcessConnection(Connection):
    """The API of a mock in this process, for a `Lab`.

    Args:
        client: What asks the mock; its time passes only while this waits for an answer.
    """

    in_process = True

    def __init__(self, client: InProcess) -> None:
        super().__init__(None)
        self._open_client: InProcess | None = client

    @property
    def _client_in_process(self) -> InProcess:
        if self._open_client is None:
            raise ClusterError("This simulated cluster is gone: its `with` block has ended.", "do it within the block.")
        return self._open_client

    @property
    def server(self) -> str:
        """Nothing before the paths."""
        return ""

    def credentials(self) -> dict[str, str]:
        """None: whoever holds the cluster is its administrator."""
        return {}

    def send(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
        stream: bool = False,
        read_seconds: float = 60.0,
        once: bool = False,
    ) -> Any:
        """Asks the cluster; the answer has `status`, `headers`, `data`, as urllib3's."""
        everything = {"Accept": "application/json", "User-Agent": "podlab", **(headers or {})}
        payload = b"" if body is None else body if isinstance(body, bytes) else as_body(body)
        if payload:
            everything["Content-Type"] = content_type
        answer = _Answer(self._client_in_process.stream(method, self.url(path, query), everything, payload))
        self._note_time(answer.headers)
        if not stream:
            answer.read()
        return answer

    def lines(self, path: str, query: Query | None, headers: Mapping[str, str], read_seconds: float) -> Iterator[bytes]:
        """The lines of a stream as they come."""
        answer = self.send("GET", path, query, headers=headers, stream=True)
        try:
            if answer.status >= 400:
                raise error_of(answer.status, answer.read())
            rest = b""
            for piece in answer.pieces:
                *whole, rest = (rest + piece).split(b"\n")
                yield from whole
            if rest:
                yield rest
        except (StuckError, TimeoutError):
            return
        finally:
            answer.close()

    def websocket(self, url: str, headers: Mapping[str, str], subprotocols: Sequence[str], timeout_seconds: float) -> Any:
        """A WebSocket's conversation, as `websocket.WebSocket` has it."""
        try:
            return _Socket(self._client_in_process.connect(url, dict(headers), subprotocols, limit_seconds=timeout_seconds))
        except RefusedError as refused:
            raise error_of(refused.reply.status, refused.reply.body) from None

    def close(self) -> None:
        """Lets go of the cluster: its memory is given back although somebody may still hold this."""
        self._open_client = None


class _Answer:
    """An answer with urllib3's names."""

    def __init__(self, pieces: Stream) -> None:
        self.pieces = pieces
        self.status = pieces.status
        self.headers = {name.title(): value for name, value in pieces.headers.items()}
        self.data = b""

    def read(self) -> bytes:
        """All that is left."""
        self.data += b"".join(self.pieces)
        self.pieces.close()
        return self.data

    def close(self) -> None:
        """Goes away."""
        self.pieces.close()


class _Socket:
    """A WebSocket with the names of the `websocket-client` package."""

    def __init__(self, socket: MessageSocket) -> None:
        self._socket = socket

    def send_binary(self, data: bytes) -> None:
        self._socket.send(data)

    def recv_data(self) -> tuple[int, bytes]:
        message = self._socket.receive()
        if message is None:
            return CLOSED, b""
        return BINARY, message.encode() if isinstance(message, str) else message

    def getsubprotocol(self) -> str:
        return self._socket.subprotocol

    def gettimeout(self) -> float:
        return 0.0

    def send_close(self) -> None:
        """Nothing is said before going."""

    def shutdown(self) -> None:
        self._socket.close()

    def close(self) -> None:
        self._socket.close()
