"""What all connections of one HTTP connection manager share, made once from its configuration."""

from typing import Final

from podlab.mock.kernel import MILLISECOND, SECOND, Kernel
from podlab.mock.programs.envoy.access_log import AccessLogger
from podlab.mock.programs.envoy.edge import Edge
from podlab.mock.programs.envoy.filters import FILTERS, make_filter, make_override
from podlab.mock.programs.envoy.http_filter import HttpFilter, Tools
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.routes import RouteTable
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.stats import Stats
from podlab.mock.programs.envoy.streams import Stream
from podlab.mock.programs.envoy.upstream import Cluster

IDLE_NS: Final = 3600 * SECOND
STREAM_IDLE_NS: Final = 300 * SECOND
CUT_OFF: Final = "downstream_local_disconnect(purging_socket_that_have_not_progressed_to_connections)"
COUNTERS: Final = """
downstream_cx_delayed_close_timeout downstream_cx_destroy downstream_cx_destroy_active_rq downstream_cx_destroy_local
downstream_cx_destroy_local_active_rq downstream_cx_destroy_remote downstream_cx_destroy_remote_active_rq
downstream_cx_drain_close downstream_cx_http1_total downstream_cx_http2_total downstream_cx_http3_total downstream_cx_idle_timeout
downstream_cx_max_duration_reached downstream_cx_max_requests_reached downstream_cx_overload_disable_keepalive
downstream_cx_protocol_error downstream_cx_rx_bytes_total downstream_cx_ssl_total downstream_cx_total downstream_cx_tx_bytes_total
downstream_cx_upgrades_total downstream_flow_control_paused_reading_total downstream_flow_control_resumed_reading_total
downstream_rq_1xx downstream_rq_2xx downstream_rq_3xx downstream_rq_4xx downstream_rq_5xx downstream_rq_completed
downstream_rq_failed_path_normalization downstream_rq_header_timeout downstream_rq_http1_total downstream_rq_http2_total
downstream_rq_http3_total downstream_rq_idle_timeout downstream_rq_max_duration_reached downstream_rq_non_relative_path
downstream_rq_overload_close downstream_rq_redirected_with_normalized_path downstream_rq_rejected_via_ip_detection
downstream_rq_rx_reset downstream_rq_timeout downstream_rq_too_large downstream_rq_too_many_premature_resets downstream_rq_total
downstream_rq_tx_reset downstream_rq_ws_on_non_ws_route no_cluster no_route passthrough_internal_redirect_bad_location
passthrough_internal_redirect_no_route passthrough_internal_redirect_predicate
passthrough_internal_redirect_too_many_redirects passthrough_internal_redirect_unsafe_scheme rq_direct_response
rq_overload_local_reply rq_redirect rq_reset_after_downstream_response_started rq_total rs_too_large tracing.client_enabled
tracing.health_check tracing.not_traceable tracing.random_sampling tracing.service_forced
"""
RESPONSES: Final = """
downstream_rq_1xx downstream_rq_2xx downstream_rq_3xx downstream_rq_4xx downstream_rq_5xx downstream_rq_completed
"""
GAUGES: Final = """
downstream_cx_active downstream_cx_http1_active downstream_cx_http1_soft_drain downstream_cx_http2_active
downstream_cx_http3_active downstream_cx_rx_bytes_buffered downstream_cx_ssl_active downstream_cx_tx_bytes_buffered
downstream_cx_upgrades_active downstream_rq_active
"""


class Manager:
    """One HTTP connection manager. Raises ConfigError.

    Attributes:
        filters: The HTTP filters before the router, by their names.
    """

    def __init__(
        self, config: Obj, tools: Tools, clusters: dict[str, Cluster], log: AccessLogger, pod_ip: str, listener_prefix: str
    ) -> None:
        self.config = config
        self.kernel: Kernel = tools.kernel
        self.stats: Stats = tools.stats
        self.random = tools.random
        self.spawn = tools.spawn
        self.clusters = clusters
        self.log = log
        self.prefix = tools.prefix
        self.edge = Edge(config, pod_ip, tools.random)
        self.routes = RouteTable(config["route_config"], lambda typed: make_override(typed, tools), tools.random)
        self.filters: list[tuple[str, HttpFilter]] = [
            (one["name"], make_filter(one["typed_config"], tools))
            for one in config["http_filters"]
            if one["typed_config"]["@type"] in FILTERS
        ]
        self.router: Obj = config["http_filters"][-1]["typed_config"]
        self._current: dict[int, Info] = {}
        self._listener_prefix = f"{listener_prefix}{self.prefix}"
        common = config.get("common_http_protocol_options", {})
        self.idle_ns: int = common.get("idle_timeout", IDLE_NS)
        self.stream_idle_ns: int = config.get("stream_idle_timeout", STREAM_IDLE_NS)
        self.max_duration_ns: int = common.get("max_stream_duration", 0)
        self.max_head_bytes: int = config.get("max_request_headers_kb", 60) * 1024
        self.max_headers: int = common.get("max_headers_count", 100)
        tools.stats.declare(self.prefix, COUNTERS, GAUGES, "downstream_cx_length_ms downstream_rq_time")
        names = (
            "downstream_rq_1xx downstream_rq_2xx downstream_rq_3xx downstream_rq_4xx downstream_rq_5xx downstream_rq_completed"
        )
        tools.stats.declare(self._listener_prefix, names)

    def count(self, *names: str) -> None:
        """Counts things of its own."""
        for name in names:
            self.stats.add(self.prefix + name)

    def count_response(self, status: int) -> None:
        """Counts an answer, for itself and for its listener."""
        for prefix in (self.prefix, self._listener_prefix):
            self.stats.add(f"{prefix}downstream_rq_{status // 100}xx")
            self.stats.add(f"{prefix}downstream_rq_completed")

    def opened(self, stream: Stream) -> None:
        """A connection begins."""
        kinds = ["", "http1_", *["ssl_"] * stream.encrypted]
        for kind in kinds:
            self.stats.add(f"{self.prefix}downstream_cx_{kind}total")
            self.stats.move(f"{self.prefix}downstream_cx_{kind}active", 1)

    def closed(self, stream: Stream, started_ns: int, local: bool) -> None:
        """A connection has ended; `local`: by this side."""
        stats, prefix = self.stats, self.prefix
        for kind in ["", "http1_", *["ssl_"] * stream.encrypted]:
            stats.move(f"{prefix}downstream_cx_{kind}active", -1)
        self.count("downstream_cx_destroy", f"downstream_cx_destroy_{'local' if local else 'remote'}")
        self._count_bytes(stream)
        stats.sample(f"{prefix}downstream_cx_length_ms", (self.kernel.now_ns - started_ns) // MILLISECOND)

    def _count_bytes(self, stream: Stream) -> None:
        received, sent = stream.news()
        self.stats.add(f"{self.prefix}downstream_cx_rx_bytes_total", received)
        self.stats.add(f"{self.prefix}downstream_cx_tx_bytes_total", sent)

    def begun(self, info: Info) -> None:
        """A request begins."""
        self._current[id(info)] = info
        self.count("downstream_rq_total", "downstream_rq_http1_total")
        self.stats.move(f"{self.prefix}downstream_rq_active", 1)

    def cut_off(self) -> None:
        """Envoy ends, and with it all requests that are under way."""
        for info in list(self._current.values()):
            info.details, info.flags = CUT_OFF, ["DC"]
            self.ended(info)

    def ended(self, info: Info) -> None:
        """A request is over: it is counted and logged."""
        if self._current.pop(id(info), None) is None:
            return
        self._count_bytes(info.stream)
        self.stats.move(f"{self.prefix}downstream_rq_active", -1)
        self.stats.sample(f"{self.prefix}downstream_rq_time", (self.kernel.now_ns - info.started_ns) // MILLISECOND)
        self.log.log(info)
