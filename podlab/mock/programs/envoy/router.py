"""The router filter: a request is put to a host of its cluster, within its time, and again if its retry policy says so."""

from collections.abc import AsyncIterator
from typing import Final

from podlab.mock.kernel import MILLISECOND
from podlab.mock.programs.envoy.connections import UpstreamConnection
from podlab.mock.programs.envoy.dialing import Failed
from podlab.mock.programs.envoy.failures import late_reply, reset_reply
from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.http1 import Ended, ProtocolError
from podlab.mock.programs.envoy.http_messages import Head, Headers, Response
from podlab.mock.programs.envoy.limits import Limits
from podlab.mock.programs.envoy.manager import Manager
from podlab.mock.programs.envoy.replies import local_reply
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.retries import Retries
from podlab.mock.programs.envoy.rewriting import encode_request
from podlab.mock.programs.envoy.routes import Choice
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.sending import Sending
from podlab.mock.programs.envoy.streams import Abandoned, Late, Watched
from podlab.mock.programs.envoy.uploads import Upload
from podlab.mock.programs.envoy.upstream import Cluster

NOT_FOUND_CODES: Final = {"SERVICE_UNAVAILABLE": 503, "NOT_FOUND": 404, "INTERNAL_SERVER_ERROR": 500}
HOP_BY_HOP: Final = frozenset(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "te"])
_OF_THE_CLIENT: Final = {"idle": "downstream_rq_idle_timeout", "duration": "downstream_rq_max_duration_reached"}
"""Times that are not the upstream's, and what counts them."""


class Exchange:
    """One request on its way through the router."""

    def __init__(self, info: Info, choice: Choice, manager: Manager, upload: Upload | None) -> None:
        assert info.head is not None
        self._info = info
        self._head: Head = info.head
        self._choice = choice
        self._action: Obj = choice.route["route"]
        self._manager = manager
        self._kernel = manager.kernel
        self._shows = not manager.router.get("suppress_envoy_headers", False)
        self._upload = upload
        self._watched: Watched = info.stream if upload is None else upload
        self._limits: Limits
        self._sending: Sending | None = None
        self._retried = False
        self._tried: list[Host] = []
        self._path = info.head.path

    async def run(self) -> Response:
        """The answer, the host's or Envoy's own. Raises Abandoned when the client has left."""
        info, action = self._info, self._action
        cluster = self._manager.clusters.get(self._choice.cluster)
        if cluster is None:
            code = NOT_FOUND_CODES[action.get("cluster_not_found_response_code", "SERVICE_UNAVAILABLE")]
            info.cluster = info.cluster_label = ""
            return local_reply(info, code, "", "cluster_not_found", "NC")
        policy: Obj = action.get("retry_policy") or self._choice.host.get("retry_policy") or {}
        retries = Retries(policy, cluster, self._manager.random, self._head)
        idle_ns, longest_ns = self._manager.stream_idle_ns, self._manager.max_duration_ns
        self._limits = Limits(self._kernel, self._head.headers, action, policy, idle_ns, longest_ns, info.started_ns)
        self._follow_upload(cluster, retries)
        try:
            return await self._try_all(cluster, retries, policy)
        finally:
            retries.close()

    @property
    def _complete(self) -> bool:
        """Whether the client has sent all."""
        return self._upload is None or self._upload.whole

    def _follow_upload(self, cluster: Cluster, retries: Retries) -> None:
        """While the client sends, it is not idle; the time for an answer begins when it has sent all."""
        upload = self._upload
        if upload is None or upload.whole:
            self._limits.complete()
            return

        def told() -> None:
            self._limits.stirred()
            if upload.whole:
                self._limits.complete()

        def too_long() -> None:
            if retries.conditions:
                retries.conditions = set()
                cluster.stats.add(f"{cluster.prefix}retry_or_shadow_abandoned")

        upload.keeping = bool(retries.conditions)
        upload.on_piece, upload.on_too_long = told, too_long

    async def _try_all(self, cluster: Cluster, retries: Retries, policy: Obj) -> Response:
        info = self._info
        while True:
            avoid = tuple(self._tried) if policy.get("retry_host_predicate") else ()
            host = cluster.choose(avoid, policy.get("host_selection_retry_max_attempts", 1))
            if host is None:
                return self._no_host(cluster)
            self._tried.append(host)
            info.attempts += 1
            info.upstream, info.upstream_name = host.address, host.name
            response = await self._attempt(cluster, host, retries, policy)
            if response is not None:
                return response
            self._retried = True
            kind = await self._pause(retries)
            if kind is not None:  # no host was asked meanwhile, so that none is blamed
                return self._timed_out(cluster, kind) if kind in _OF_THE_CLIENT else self._too_late(kind)
            retries.begin()

    async def _pause(self, retries: Retries) -> str | None:
        """Waits before the next try. Returns which time was over meanwhile."""
        pause, limit = self._kernel.now_ns + retries.pause_ns(), self._limits.deadline()
        await self._kernel.sleep(max((pause if limit is None else min(pause, limit)) - self._kernel.now_ns, 0))
        if self._info.stream.gone:
            raise Abandoned
        return self._limits.over

    def _no_host(self, cluster: Cluster) -> Response:
        cluster.stats.add(f"{cluster.prefix}upstream_cx_none_healthy")
        self._info.attempts = max(self._info.attempts, 1)
        self._charge(cluster, 503)
        return local_reply(self._info, 503, "no healthy upstream", "no_healthy_upstream", "UH")

    def _charge(self, cluster: Cluster, status: int) -> None:
        cluster.stats.response(cluster.prefix, status)
        cluster.stats.response(self._origin(cluster), status)

    def _origin(self, cluster: Cluster) -> str:
        """Where requests from the inside, and those from outside, are counted besides."""
        return f"{cluster.prefix}{'internal' if self._info.internal else 'external'}."

    async def _attempt(self, cluster: Cluster, host: Host, retries: Retries, policy: Obj) -> Response | None:
        """One try. None when there is to be another."""
        info, now = self._info, self._kernel.now_ns
        connection = None
        self._limits.between_tries()
        try:
            connection = await cluster.pool.acquire(host, self._limits.deadline, self._watched)
            cluster.reached(host)
            info.tried.append((host.address, host.name))
            info.upstream_stream = connection.stream
            info.upstream_local = "{}:{}".format(*connection.stream.endpoint.local)
            await self._send(connection, host)
            head = await connection.codec.response_head(self._limits.deadline, self._watched)
        except Late:
            kind = self._limits.first
            self._discard(cluster, connection, local=True)
            return self._late(cluster, host, retries, kind)
        except Abandoned:
            self._discard(cluster, connection, local=True)
            raise
        except Failed as failure:
            return self._reset(cluster, host, retries, failure)
        except ProtocolError:
            cluster.stats.add(f"{cluster.prefix}upstream_cx_protocol_error")
            self._discard(cluster, connection, local=True)
            return self._reset(cluster, host, retries, Failed("protocol error"))
        except (OSError, Ended):
            self._discard(cluster, connection, local=False)
            return self._reset(cluster, host, retries, Failed("connection termination"))
        info.mark("US_RX_BEG")
        return self._answered(cluster, connection, head, retries, now)

    async def _send(self, connection: UpstreamConnection, host: Host) -> None:
        def sent() -> None:
            self._info.mark("US_TX_END")
            self._limits.try_sent()

        self._info.mark("US_TX_BEG")
        head = encode_request(self._info, self._choice, host, self._path, self._limits.expected_ms() if self._shows else None)
        chunked = self._head.headers.get("transfer-encoding") is not None
        self._sending = Sending(self._manager, self._upload, chunked, sent)
        await self._sending.begin(connection.stream, head, self._limits.deadline)

    def _discard(self, cluster: Cluster, connection: UpstreamConnection | None, local: bool) -> None:
        if self._sending is not None:
            self._sending.stop()
        if connection is not None:
            cluster.pool.discard(connection, local)

    def _late(self, cluster: Cluster, host: Host, retries: Retries, kind: str) -> Response | None:
        if kind in _OF_THE_CLIENT:
            return self._timed_out(cluster, kind)
        host.count("rq_timeout")
        cluster.report(host, 504, local=True)
        host.count("rq_error")
        if kind == "response":
            return self._timed_out(cluster, kind)
        cluster.stats.add(f"{cluster.prefix}upstream_rq_{kind}_timeout")
        verdict = retries.take(retries.wants_reset("timeout"))
        if verdict == "yes":
            return None
        self._flag_verdict(verdict)
        self._charge(cluster, self._limits.late_status)
        return self._too_late(kind)

    def _timed_out(self, cluster: Cluster, kind: str) -> Response:
        if kind in _OF_THE_CLIENT:
            self._manager.count(_OF_THE_CLIENT[kind])
        else:
            cluster.stats.add(f"{cluster.prefix}upstream_rq_timeout")
            self._charge(cluster, self._limits.late_status)
            return self._too_late(kind)
        return late_reply(self._info, 504 if self._complete else 408, kind)

    def _too_late(self, kind: str) -> Response:
        return late_reply(self._info, self._limits.late_status, kind)

    def _flag_verdict(self, verdict: str) -> None:
        if verdict == "limit":
            self._info.flag("URX")
        elif verdict == "overflow":
            self._info.flag("UO")

    def _reset(self, cluster: Cluster, host: Host, retries: Retries, failure: Failed) -> Response | None:
        info, reason, transport = self._info, failure.reason, failure.transport
        if reason == "overflow":
            if not failure.placed:
                info.upstream = info.upstream_name = ""
        else:
            cluster.report(host, 503, local=True)
            host.count("rq_error")
        verdict = retries.take(retries.wants_reset(reason))
        if verdict == "yes":
            return None
        if retries.conditions:
            self._flag_verdict(verdict)
        info.transport_failure = transport.replace(" ", "_")
        status = 502 if reason == "protocol error" else 503
        self._charge(cluster, status)
        return reset_reply(info, status, failure, self._retried)

    def _answered(
        self, cluster: Cluster, connection: UpstreamConnection, head: Head, retries: Retries, started: int
    ) -> Response | None:
        host, info = connection.host, self._info
        cluster.report(host, head.status)
        host.count("rq_error" if head.status >= 500 else "rq_success")
        verdict = retries.take(retries.wants_answer(head))
        if verdict == "yes":
            self._let_go(cluster, connection, head)
            cluster.stats.response(f"{cluster.prefix}retry.", head.status)
            return None
        self._flag_verdict(verdict)
        info.details, info.upstream_answered = "via_upstream", True
        self._charge(cluster, head.status)
        took = (self._kernel.now_ns - started) // MILLISECOND
        for prefix in (cluster.prefix, self._origin(cluster)):
            cluster.stats.sample(f"{prefix}upstream_rq_time", took)
        headers = Headers([item for item in head.headers.items if item[0] not in HOP_BY_HOP])
        if self._shows:
            headers.set("x-envoy-upstream-service-time", str(took))
        return Response(head.status, headers, b"", self._body(cluster, connection, head))

    @property
    def _all_sent(self) -> bool:
        return self._sending is None or self._sending.done

    def _let_go(self, cluster: Cluster, connection: UpstreamConnection, head: Head) -> None:
        """A response that is not wanted: its connection is kept when it is whole already."""
        if head.headers.get("content-length") == "0" and head.keeps_alive and self._all_sent:
            cluster.pool.release(connection)
        else:
            self._discard(cluster, connection, local=True)

    async def _body(self, cluster: Cluster, connection: UpstreamConnection, head: Head) -> AsyncIterator[bytes]:
        """The body as it comes. Raises Ended, Late or Abandoned in the middle; the connection is given back in any case."""
        whole = False
        local = True
        deadline = self._limits.of_body()
        try:
            async for piece in connection.codec.body(head, self._head.method, deadline, self._watched):
                yield piece
            whole = True
            self._info.mark("US_RX_END")
        except Late:
            if self._limits.over == "response":
                cluster.stats.add(f"{cluster.prefix}upstream_rq_timeout")
            raise
        except (Ended, OSError):
            local = False
            raise Ended(clean=False) from None
        finally:
            if not whole or not self._all_sent:
                self._discard(cluster, connection, local)
            elif head.keeps_alive and not connection.stream.gone and not connection.codec.waiting:
                cluster.pool.release(connection)
            else:
                cluster.pool.retire(connection, local=not connection.stream.gone)
