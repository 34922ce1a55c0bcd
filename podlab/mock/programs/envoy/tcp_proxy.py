"""tcp_proxy: bytes from a client to a host of a cluster and back, whatever they are."""

from random import Random
from typing import Final

from podlab.mock.kernel import SECOND, Kernel, WaitQueue
from podlab.mock.machine.process import Process
from podlab.mock.programs.envoy.access_log import AccessLogger
from podlab.mock.programs.envoy.connections import UpstreamConnection
from podlab.mock.programs.envoy.dialing import Failed
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.stats import Stats
from podlab.mock.programs.envoy.streams import Abandoned, Late, Stream
from podlab.mock.programs.envoy.upstream import Cluster

IDLE_NS: Final = 3600 * SECOND
NEVER_NS: Final = 1 << 62
COUNTERS: Final = """
downstream_cx_no_route downstream_cx_rx_bytes_total downstream_cx_total downstream_cx_tx_bytes_total idle_timeout
max_downstream_connection_duration upstream_flush_total
"""


class TcpProxy:
    """One tcp_proxy filter."""

    def __init__(
        self, config: Obj, proc: Process, stats: Stats, clusters: dict[str, Cluster], log: AccessLogger, random: Random
    ) -> None:
        self._config = config
        self._proc = proc
        self._kernel: Kernel = proc.kernel
        self._stats = stats
        self._clusters = clusters
        self._log = log
        self._random = random
        self._current: dict[int, Info] = {}
        self._prefix = f"tcp.{config['stat_prefix']}."
        stats.declare(
            self._prefix, COUNTERS, "downstream_cx_rx_bytes_buffered downstream_cx_tx_bytes_buffered upstream_flush_active"
        )

    async def serve(self, stream: Stream) -> None:
        """Serves one connection until it ends."""
        info = Info(stream, self._kernel.now_ns, self._kernel.wall_ns, remote="{}:{}".format(*stream.endpoint.peer))
        info.mark("DS_RX_BEG")
        self._current[id(info)] = info
        self._stats.add(f"{self._prefix}downstream_cx_total")
        cluster = self._clusters[self._cluster_name()]
        info.cluster, info.cluster_label = cluster.name, cluster.label
        try:
            connection = await self._connect(info, cluster)
            if connection is not None:
                await self._pump(info, cluster, connection)
        finally:
            stream.close()
            self._ended(info)

    def cut_off(self) -> None:
        """Envoy ends, and with it all connections."""
        for info in list(self._current.values()):
            self._ended(info)

    def _ended(self, info: Info) -> None:
        if self._current.pop(id(info), None) is not None:
            self._stats.add(f"{self._prefix}downstream_cx_rx_bytes_total", info.bytes_received)
            self._stats.add(f"{self._prefix}downstream_cx_tx_bytes_total", info.bytes_sent)
            self._log.log(info)

    def _cluster_name(self) -> str:
        if "cluster" in self._config:
            return str(self._config["cluster"])
        clusters = self._config["weighted_clusters"]["clusters"]
        point = self._random.random() * sum(one["weight"] for one in clusters)
        for one in clusters:
            point -= one["weight"]
            if point < 0:
                break
        return str(one["name"])

    async def _connect(self, info: Info, cluster: Cluster) -> UpstreamConnection | None:
        for _ in range(self._config.get("max_connect_attempts", 1)):
            host = cluster.choose()
            if host is None:
                cluster.stats.add(f"{cluster.prefix}upstream_cx_none_healthy")
                info.flag("UH")
                return None
            info.attempts += 1
            if cluster.pool.full:
                cluster.stats.add(f"{cluster.prefix}upstream_cx_overflow")
                info.flag("UO")
                return None
            cluster.stats.add(f"{cluster.prefix}upstream_rq_pending_total")
            info.upstream, info.upstream_name = host.address, host.name
            try:
                connection = await cluster.pool.open(host, info.stream)
            except Abandoned:
                return None
            except Failed as failure:
                cluster.report(host, 503, local=True)
                cluster.stats.add(f"{cluster.prefix}upstream_rq_pending_failure_eject")
                info.transport_failure = failure.transport
                continue
            cluster.reached(host)
            info.tried.append((host.address, host.name))
            info.upstream_stream = connection.stream
            info.upstream_local = "{}:{}".format(*connection.stream.endpoint.local)
            return connection
        cluster.stats.add(f"{cluster.prefix}upstream_cx_connect_attempts_exceeded")
        info.flags = ["UF", "URX"]
        return None

    async def _pump(self, info: Info, cluster: Cluster, connection: UpstreamConnection) -> None:
        """Carries bytes both ways until both sides have ended, or nothing came for too long."""
        flow = Flow(info, connection.stream, self._kernel)
        cluster.stats.add(f"{cluster.prefix}upstream_rq_total")
        self._proc.thread(flow.carry(info.stream, connection.stream, upstream=False), "tcp")
        self._proc.thread(flow.carry(connection.stream, info.stream, upstream=True), "tcp")
        patience = self._config.get("idle_timeout", IDLE_NS) or NEVER_NS
        while not flow.over:
            if not await flow.changed.wait(flow.last_ns + patience - self._kernel.now_ns):
                self._stats.add(f"{self._prefix}idle_timeout")
                flow.break_off()
        cluster.pool.close(connection, local=flow.ended_here)


class Flow:
    """What flows through one connection.

    Attributes:
        over: Whether both directions have ended.
        ended_here: Whether it was this side that ended the connection to the host.
        last_ns: When something flowed last.
        changed: Woken when any of this changes.
    """

    def __init__(self, info: Info, host: Stream, kernel: Kernel) -> None:
        self.over = self.ended_here = False
        self.last_ns = kernel.now_ns
        self.changed = WaitQueue(kernel)
        self._info = info
        self._host = host
        self._kernel = kernel
        self._ended: list[bool] = []

    async def carry(self, source: Stream, target: Stream, upstream: bool) -> None:
        """One direction; `upstream`: what the host sends."""
        try:
            while data := await source.recv():
                self.last_ns = self._kernel.now_ns
                if upstream:
                    self._info.bytes_sent += len(data)
                else:
                    self._info.bytes_received += len(data)
                await target.send(data)
                self.changed.wake_all()
            await target.shutdown_write()
        except (OSError, Late):
            self._broken(upstream)
        else:
            if not self._ended:  # whoever says first that no more comes closes last
                self.ended_here = upstream
        self._ended.append(upstream)
        self.over = self.over or len(self._ended) == 2
        self.changed.wake_all()

    def _broken(self, upstream: bool) -> None:
        by_host = upstream and not self._ended
        if by_host:
            self._info.flag("UR")
        self.break_off()
        self.ended_here = not by_host

    def break_off(self) -> None:
        """Ends both sides at once."""
        self.over = self.ended_here = True
        self._info.stream.abort()
        self._host.abort()
