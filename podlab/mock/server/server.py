"""The server: sockets on loopback, and between them, on the same thread, slices of the kernel.

server = Server(cluster, Pace.LIVE, token="...")
url = await server.start()
...
await server.stop()
"""

import asyncio
import logging
import time
from ssl import SSLContext
from typing import Any, Final

from podlab.mock.kernel import SECOND, Kernel, Task
from podlab.mock.server.answers import Answer, Head, Upgrade
from podlab.mock.server.authentication import Authenticator
from podlab.mock.server.connection import LINGER_SECONDS, HTTPConnection
from podlab.mock.server.edge import Cluster, Edge
from podlab.mock.server.pacing import Pacer
from podlab.mock.server.waits import Pace
from podlab.mock.server.within import serve_pods

log = logging.getLogger("podlab.mock.server")

HOST: Final = "127.0.0.1"
TIMEOUTS: Final[Any] = {"ssl_handshake_timeout": 10.0, "ssl_shutdown_timeout": LINGER_SECONDS}


def watch_over(kernel: Kernel) -> None:
    """Has the failures of tasks logged, so that the mock goes on without them."""

    def failed(task: Task, error: Exception) -> None:
        log.error("the task %r failed, at %d ns", task.name, task.kernel.now_ns, exc_info=error)

    kernel.on_error = failed


class Server:
    """Serves one mock over HTTP/1.1.

    Args:
        cluster: what to serve.
        pace: how time passes.
        token: the administrator's bearer token; empty for none.
        tls: speaks HTTPS with this; client certificates that it verifies name users.
    """

    def __init__(self, cluster: Cluster, pace: Pace, token: str, tls: SSLContext | None = None) -> None:
        self.stopping = asyncio.Event()
        self._tls = tls
        watch_over(cluster.kernel)
        self.pacer = Pacer(
            cluster.kernel,
            pace,
            wall=time.monotonic_ns,
            unix=time.time_ns,
            on_change=self.stirred,
            on_crash=lambda error: log.error("an event failed", exc_info=error),
        )
        self._edge = Edge(cluster.api, self.pacer, Authenticator(token, cluster.api.authenticate), self.stopping.set)
        self._connections: dict[HTTPConnection, None] = {}
        if cluster.network is not None:
            serve_pods(cluster.kernel, cluster.network, cluster.api)
        self._listener: asyncio.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due: asyncio.Handle | None = None
        self._is_soon = False

    async def start(self, port: int = 0) -> str:
        """Begins to answer, and gives the URL. Raises OSError when the port is taken."""
        loop = self._loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            lambda: HTTPConnection(self, loop), HOST, port, ssl=self._tls, backlog=512, **(TIMEOUTS if self._tls else {})
        )
        self.stirred()
        where = self._listener.sockets[0].getsockname()[1]
        return f"{'https' if self._tls else 'http'}://{HOST}:{where}"

    async def stop(self) -> None:
        """Ends every connection and stops the time."""
        self.stopping.set()
        if self._due is not None:
            self._due.cancel()
        self._loop = None
        if self._listener is not None:
            self._listener.close()
        for connection in tuple(self._connections):
            connection.end()
        await asyncio.sleep(0)

    # What connections ask of their host

    def answer(self, head: Head, body: bytes | None) -> Answer | Upgrade:
        """Answers a request."""
        return self._edge.answer(head, body)

    def joined(self, connection: HTTPConnection) -> None:
        """A connection was made."""
        self._connections[connection] = None

    def left(self, connection: HTTPConnection) -> None:
        """A connection is gone."""
        self._connections.pop(connection, None)

    def stirred(self) -> None:
        """There may be something to do for the kernel: soon."""
        if not self._is_soon and self._loop is not None:
            if self._due is not None:
                self._due.cancel()
            self._is_soon = True
            self._due = self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        """Runs a slice of the kernel; the sockets come next."""
        self._is_soon = True  # what the slice stirs, it looks after itself
        delay_ns = self.pacer.turn()
        self._due, self._is_soon = None, False
        if self._loop is None or delay_ns is None:
            return
        if delay_ns == 0:
            self.stirred()
        else:
            self._due = self._loop.call_later(delay_ns / SECOND, self._turn)
