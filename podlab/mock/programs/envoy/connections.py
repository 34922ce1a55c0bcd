"""Connections to the hosts of a cluster: opened, kept for the next request, counted, and held to the circuit breakers.

As in Envoy, connections and requests find each other: a request that finds no idle connection waits, and has one opened; what
becomes free first, that one or another, serves it. One that gives up leaves the opening connection to those that come after it.
"""

from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import MILLISECOND, SECOND, WaitQueue
from podlab.mock.machine.process import Process
from podlab.mock.programs.envoy.dialing import Dialer, Failed, failure_of
from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.http1 import Codec
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.stats import Stats
from podlab.mock.programs.envoy.streams import Deadline, Late, Stream, Watched, wait
from podlab.mock.programs.envoy.tls_stream import HandshakeError, TlsContext

CONNECT_TIMEOUT_NS: Final = 5 * SECOND
BREAKERS: Final = {"max_connections": 1024, "max_pending_requests": 1024, "max_requests": 1024, "max_retries": 3}


@dataclass(slots=True)
class UpstreamConnection:
    """A connection to a host."""

    host: Host
    stream: Stream
    codec: Codec
    opened_ns: int
    generation: int
    requests: int = 0


@dataclass(slots=True, eq=False)
class Waiting:
    """A request that waits for a connection, and what became of it."""

    queue: WaitQueue
    outcome: UpstreamConnection | Failed | None = None


class Pool:
    """The connections of one cluster.

    Attributes:
        requests, pending: How many there are now, for the circuit breakers.
        limits: The circuit breakers' thresholds.
        had_traffic: Whether there was ever a request.
        connect: Reaches a host without counting it (see `Dialer.connect`).
    """

    def __init__(self, config: Obj, proc: Process, stats: Stats, prefix: str, tls: TlsContext | None) -> None:
        self.stats = stats
        self.prefix = prefix
        self.requests = self.pending = self.connections = 0
        self.had_traffic = False
        thresholds: Obj = next(iter(config.get("circuit_breakers", {}).get("thresholds", [])), {})
        self.limits = {name: thresholds.get(name, default) for name, default in BREAKERS.items()}
        self.connect = Dialer(proc, stats, prefix, tls).connect
        self._timeout_ns: int = config.get("connect_timeout", CONNECT_TIMEOUT_NS)
        self._proc = proc
        self._kernel = proc.kernel

    @property
    def full(self) -> bool:
        """Whether there may be no further connection."""
        return self.connections >= int(self.limits["max_connections"])

    # --- requests ---

    async def acquire(self, host: Host, deadline_ns: Deadline, watched: Watched | None) -> UpstreamConnection:
        """A connection for a request. Raises Failed, Late, Abandoned; `release` or `discard` gives it back."""
        self.had_traffic = True
        self.reap(host)
        if host.idle:
            outcome = self._attach(host.idle.pop())
        else:
            outcome = await self._await_connection(host, deadline_ns, watched)
        if isinstance(outcome, Failed):
            raise outcome
        return outcome

    async def _await_connection(self, host: Host, deadline_ns: Deadline, watched: Watched | None) -> UpstreamConnection | Failed:
        if self.pending >= self.limits["max_pending_requests"]:
            self.stats.add(f"{self.prefix}upstream_rq_pending_overflow")
            raise Failed("overflow")
        waiting = Waiting(WaitQueue(self._kernel))
        self.stats.add(f"{self.prefix}upstream_rq_pending_total")
        host.waiting.append(waiting)
        self._move_pending(1)
        self._grow(host)
        try:
            while waiting.outcome is None:
                await wait(self._kernel, waiting.queue, deadline_ns, watched)
        except BaseException:
            self._withdraw(host, waiting)
            raise
        return waiting.outcome

    def _withdraw(self, host: Host, waiting: Waiting) -> None:
        """A request has given up. What is being opened for it goes on."""
        if waiting.outcome is None:
            host.waiting.remove(waiting)
            self._move_pending(-1)
            self.stats.add(f"{self.prefix}upstream_rq_cancelled")
        elif isinstance(waiting.outcome, UpstreamConnection):
            self.release(waiting.outcome)

    def _move_pending(self, amount: int) -> None:
        self.pending += amount
        self.stats.move(f"{self.prefix}upstream_rq_pending_active", amount)

    def _attach(self, connection: UpstreamConnection) -> UpstreamConnection | Failed:
        """Puts a request on a connection."""
        host = connection.host
        if self.requests >= self.limits["max_requests"]:
            self.stats.add(f"{self.prefix}upstream_rq_active_overflow")
            host.idle.append(connection)
            return Failed("overflow", placed=True)
        self.requests += 1
        connection.requests += 1
        self.stats.add(f"{self.prefix}upstream_rq_total")
        self.stats.move(f"{self.prefix}upstream_rq_active", 1)
        host.active += 1
        host.count("rq_total")
        return connection

    def _tell(self, waiting: Waiting, outcome: UpstreamConnection | Failed) -> None:
        self._move_pending(-1)
        waiting.outcome = outcome
        waiting.queue.wake_all()

    # --- opening ---

    def _grow(self, host: Host) -> None:
        """Opens what those who wait need. A host without any connection may always have its first."""
        while len(host.waiting) > host.connecting:
            if self.full:
                self.stats.add(f"{self.prefix}upstream_cx_overflow")
                if host.connections:
                    return
            self._count_opened(host, http=True)
            host.connecting += 1
            self._proc.thread(self._open_for_requests(host), "connecting")

    async def _open_for_requests(self, host: Host) -> None:
        try:
            connection = await self._dial(host, None)
        except Failed as failure:
            host.connecting -= 1
            self._eject_waiting(host, failure)
        else:
            host.connecting -= 1
            self._ready(connection)

    def _eject_waiting(self, host: Host, failure: Failed) -> None:
        """A connection failed, and with it all who wait for this host."""
        told, host.waiting[:] = list(host.waiting), []
        for waiting in told:
            self.stats.add(f"{self.prefix}upstream_rq_pending_failure_eject")
            self._tell(waiting, failure)

    async def open(self, host: Host, watched: Watched | None) -> UpstreamConnection:
        """A new connection for bytes of any kind. Raises Failed, Abandoned."""
        self._count_opened(host, http=False)
        return await self._dial(host, watched)

    async def _dial(self, host: Host, watched: Watched | None) -> UpstreamConnection:
        started, generation = self._kernel.now_ns, host.generation
        try:
            stream = await self.connect(host, started + self._timeout_ns, watched)
        except Late:
            self.stats.add(f"{self.prefix}upstream_cx_connect_timeout")
            raise self._connect_failed(host, Failed("connection timeout"), local=True) from None
        except HandshakeError as error:
            raise self._connect_failed(host, Failed("remote connection failure", str(error), told=False)) from None
        except OSError as error:
            raise self._connect_failed(host, failure_of(error)) from None
        except BaseException:
            self._closed(host, local=True)
            raise
        self.stats.sample(f"{self.prefix}upstream_cx_connect_ms", (self._kernel.now_ns - started) // MILLISECOND)
        return UpstreamConnection(host, stream, Codec(stream), started, generation)

    def _count_opened(self, host: Host, http: bool) -> None:
        self.connections += 1
        host.connections += 1
        host.count("cx_total")
        self.stats.add(f"{self.prefix}upstream_cx_total")
        if http:
            self.stats.add(f"{self.prefix}upstream_cx_http1_total")
        self.stats.move(f"{self.prefix}upstream_cx_active", 1)

    def _connect_failed(self, host: Host, failure: Failed, local: bool = False) -> Failed:
        self.stats.add(f"{self.prefix}upstream_cx_connect_fail")
        host.count("cx_connect_fail")
        self._closed(host, local)
        return failure

    # --- giving back ---

    def release(self, connection: UpstreamConnection) -> None:
        """A request is over and the connection may serve another."""
        self._finished(connection)
        self._ready(connection)

    def _ready(self, connection: UpstreamConnection) -> None:
        """A connection is free: for whoever waits longest, or to be kept."""
        host = connection.host
        if connection.generation != host.generation:
            self.close(connection, local=True)
            return
        host.idle.append(connection)
        while host.waiting and host.idle:
            self._tell(host.waiting.pop(0), self._attach(host.idle.pop()))
        self._grow(host)

    def discard(self, connection: UpstreamConnection, local: bool) -> None:
        """A request is over and its connection too; `local` tells who ended it."""
        self._finished(connection)
        side = "local" if local else "remote"
        self.stats.add(f"{self.prefix}upstream_cx_destroy_{side}_with_active_rq")
        self.stats.add(f"{self.prefix}upstream_cx_destroy_with_active_rq")
        self.close(connection, local)

    def retire(self, connection: UpstreamConnection, local: bool = True) -> None:
        """A request is over, and its connection is not to serve another (`Connection: close`)."""
        self._finished(connection)
        self.close(connection, local)

    def close(self, connection: UpstreamConnection, local: bool) -> None:
        """Closes a connection that no request uses."""
        stream = connection.stream
        self._count_bytes(stream)
        self.stats.sample(f"{self.prefix}upstream_cx_length_ms", (self._kernel.now_ns - connection.opened_ns) // MILLISECOND)
        if connection.requests:
            self.stats.sample(f"{self.prefix}upstream_rq_per_cx", connection.requests)
        stream.close()
        self._closed(connection.host, local)
        self._grow(connection.host)

    def _count_bytes(self, stream: Stream) -> None:
        received, sent = stream.news()
        self.stats.add(f"{self.prefix}upstream_cx_rx_bytes_total", received)
        self.stats.add(f"{self.prefix}upstream_cx_tx_bytes_total", sent)

    def _finished(self, connection: UpstreamConnection) -> None:
        self._count_bytes(connection.stream)
        self.requests -= 1
        self.stats.move(f"{self.prefix}upstream_rq_active", -1)
        connection.host.active -= 1

    def _closed(self, host: Host, local: bool) -> None:
        self.connections -= 1
        host.connections -= 1
        self.stats.add(f"{self.prefix}upstream_cx_destroy")
        self.stats.add(f"{self.prefix}upstream_cx_destroy_{'local' if local else 'remote'}")
        self.stats.move(f"{self.prefix}upstream_cx_active", -1)

    def drop_old(self, host: Host) -> None:
        """Closes idle connections from before the host was put aside."""
        for connection in [one for one in host.idle if one.generation != host.generation]:
            host.idle.remove(connection)
            self.close(connection, local=True)

    def reap(self, host: Host) -> None:
        """Lets go of idle connections that the host has closed."""
        for connection in [connection for connection in host.idle if connection.stream.gone]:
            host.idle.remove(connection)
            self.close(connection, local=False)
