"""Active health checks: each host is asked again and again, and gets no requests while it answers badly."""

from typing import TYPE_CHECKING, Final

from podlab.mock.kernel import SECOND
from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.http1 import Codec, Ended, ProtocolError, encode
from podlab.mock.programs.envoy.http_messages import Headers
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.streams import Late
from podlab.mock.programs.envoy.tls_stream import HandshakeError

if TYPE_CHECKING:
    from podlab.mock.programs.envoy.upstream import Cluster

NO_TRAFFIC_NS: Final = 60 * SECOND
USER_AGENT: Final = "Envoy/HC"


class HealthChecker:
    """One health check of a cluster."""

    def __init__(self, config: Obj, cluster: "Cluster") -> None:
        self._config = config
        self._cluster = cluster
        self._prefix = f"{cluster.prefix}health_check."
        self._kernel = cluster.kernel
        names = "attempt failure network_failure passive_failure success verify_cluster"
        cluster.stats.declare(self._prefix, names, "degraded healthy")

    async def watch(self, host: Host) -> None:
        """Checks a host for as long as it belongs to the cluster."""
        config, stats = self._config, self._cluster.stats
        good = bad = 0
        first = True
        while host in self._cluster.hosts:
            stats.add(f"{self._prefix}attempt")
            verdict = await self._probe(host)
            stats.add(f"{self._prefix}{'success' if verdict == 'ok' else 'failure'}")
            if verdict == "network":
                stats.add(f"{self._prefix}network_failure")
            good, bad = (good + 1, 0) if verdict == "ok" else (0, bad + 1)
            changed = True
            if host.failed_check and good and (first or good >= config["healthy_threshold"]):
                host.failed_check = False
                stats.move(f"{self._prefix}healthy", 1)
            elif not host.failed_check and bad and (verdict == "refused" or bad >= config["unhealthy_threshold"]):
                host.failed_check = True
                stats.move(f"{self._prefix}healthy", -1)
            else:
                changed = False
            first = False
            self._cluster.checked(host, good=bool(good), changed=changed)
            await self._kernel.sleep(self._interval(host, changed))

    def _interval(self, host: Host, changed: bool) -> int:
        """How long until the next check: what is more special goes before."""
        config = self._config
        names = ["unhealthy_interval", "interval"] if host.failed_check else ["interval"]
        if changed:
            names.insert(0, "unhealthy_edge_interval" if host.failed_check else "healthy_edge_interval")
        if not self._cluster.pool.had_traffic:
            names = ["no_traffic_interval"] if host.failed_check else ["no_traffic_healthy_interval", "no_traffic_interval"]
        return int(next((config[name] for name in names if name in config), NO_TRAFFIC_NS))

    async def _probe(self, host: Host) -> str:
        """One check: `ok`, `refused` (a wrong answer) or `network` (none)."""
        config = self._config
        deadline = self._kernel.now_ns + config["timeout"]
        stream = None
        try:
            stream = await self._cluster.pool.connect(host, deadline, None)
            if "tcp_health_check" in config:
                return "ok"
            check = config["http_health_check"]
            headers = Headers([("host", check.get("host") or host.name or self._cluster.name), ("user-agent", USER_AGENT)])
            method = check.get("method", "GET")
            await stream.send(encode(f"{method} {check['path']} HTTP/1.1", headers), deadline)
            head = await Codec(stream).response_head(deadline, None)
            if _within(head.status, check.get("expected_statuses", [{"start": 200, "end": 201}])):
                return "ok"
            return "again" if _within(head.status, check.get("retriable_statuses", [])) else "refused"
        except (OSError, Late, HandshakeError, Ended, ProtocolError):
            return "network"
        finally:
            if stream is not None:
                stream.abort()


def _within(status: int, ranges: list[Obj]) -> bool:
    return any(one.get("start", 0) <= status < one.get("end", 0) for one in ranges)
