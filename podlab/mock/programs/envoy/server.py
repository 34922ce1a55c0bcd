"""One running Envoy: made from a checked configuration, started in Envoy's order, told to stop or to drain."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import formatdate

from podlab.mock.kernel import MILLISECOND, SECOND, WaitQueue
from podlab.mock.machine.process import Process
from podlab.mock.programs.envoy.access_log import LogFiles
from podlab.mock.programs.envoy.admin import Admin, uptime
from podlab.mock.programs.envoy.certificate_views import certificates
from podlab.mock.programs.envoy.checking import HCM, chains_of, files_of
from podlab.mock.programs.envoy.draining import Drains, inbound
from podlab.mock.programs.envoy.dumping import Dump, duration
from podlab.mock.programs.envoy.http_connection import HttpConnection
from podlab.mock.programs.envoy.http_filter import Tools
from podlab.mock.programs.envoy.listeners import Chain, EnvoyListener
from podlab.mock.programs.envoy.manager import Manager
from podlab.mock.programs.envoy.schema import ConfigError, Obj, messages_of
from podlab.mock.programs.envoy.stats import Stats
from podlab.mock.programs.envoy.streams import Stream
from podlab.mock.programs.envoy.tcp_proxy import TcpProxy
from podlab.mock.programs.envoy.tls import make_context
from podlab.mock.programs.envoy.tls_stream import TlsContext
from podlab.mock.programs.envoy.upstream import Cluster

VERSION = "9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE/BoringSSL"
OPTIONS = {
    "admin_address_path": "", "allow_unknown_static_fields": False, "base_id_path": "", "cpuset_threads": False,
    "disabled_extensions": [], "enable_core_dump": False, "enable_fine_grain_logging": False, "enable_mutex_tracing": False,
    "file_flush_min_size": 0, "local_address_ip_version": "v4", "log_format": "[%Y-%m-%d %T.%e][%t][%l][%n] [%g:%#] %v",
    "log_format_escaped": False, "log_path": "", "log_stacktrace_single_entry": False, "skip_hot_restart_on_no_parent": False,
    "skip_hot_restart_parent_stats": False, "socket_mode": 0, "socket_path": "@envoy_domain_socket", "stats_tag": [],
}  # fmt: skip
"""What the command line would say, were it asked for: nothing of it makes a difference here."""
_BUILD = {
    "revision.sha": VERSION.partition("/")[0],
    "revision.status": "Clean",
    "build.type": "RELEASE",
    "ssl.version": "BoringSSL",
}
NODE = {
    "user_agent_name": "envoy",
    "user_agent_build_version": {"version": {"major_number": 1, "minor_number": 40}, "metadata": _BUILD},
}
UNUSED: Obj = {"client_features": [], "listening_addresses": [], "dynamic_parameters": {}}
MAX_DIRECT_BYTES = 4096
LISTENER_COUNTERS = """
listener_added listener_create_failure listener_create_success listener_in_place_updated listener_modified listener_removed
listener_stopped
"""
LISTENER_GAUGES = """
total_filter_chains_draining total_listeners_active total_listeners_draining total_listeners_warming workers_pinned
workers_started
"""

CLUSTER_COUNTERS = """
cluster_added cluster_modified cluster_removed cluster_updated cluster_updated_via_merge update_merge_cancelled
update_out_of_merge_window
"""


class Server:
    """One Envoy.

    Attributes:
        state: As /ready and /server_info tell it: PRE_INITIALIZING, LIVE or DRAINING.
        drains: What is being drained, and whether health checks are to fail.
    """

    def __init__(self, proc: Process, config: Obj, options: Obj) -> None:
        self.proc = proc
        self.stats = Stats(lambda: proc.kernel.now_ns - self._started_ns)
        self.clusters: dict[str, Cluster] = {}
        self.listeners: list[EnvoyListener] = []
        self._cut_offs: list[Callable[[], None]] = []
        self._config = config
        self.dump = Dump(config, _stamp(proc.kernel.epoch_ns + proc.kernel.now_ns), NODE)
        self._texts: dict[str, bytes] = {}
        self._options = options
        self._started_ns = proc.kernel.now_ns
        self._initialized = False
        self._stopping = WaitQueue(proc.kernel)
        self._stopped = False
        self._random = proc.kernel.random(f"envoy/{proc.container.name}")
        self.drains = Drains(proc.kernel, self._random, options)
        self._logs = LogFiles(proc, options["file_flush_interval_ns"])

    @property
    def state(self) -> str:
        """See the class."""
        if self.drains.failing:
            return "DRAINING"
        return "LIVE" if self._initialized else "PRE_INITIALIZING"

    # --- making ---

    async def build(self) -> None:
        """Makes clusters and listeners. Raises ConfigError."""
        await self._fill_direct_responses()
        texts = self._texts = await self._read_files()
        resources = self._config.get("static_resources", {})
        for config in resources.get("clusters", []):
            self.clusters[config["name"]] = Cluster(config, self.proc, self.stats, self._tls(config, texts, False), self._random)
        for number, config in enumerate(resources.get("listeners", [])):
            name = config.get("name") or f"listener-{number}"
            self.listeners.append(await self._listener(name, config, texts))
        self.stats.declare("listener_manager.", LISTENER_COUNTERS, LISTENER_GAUGES)
        self.stats.declare("cluster_manager.", CLUSTER_COUNTERS, "active_clusters warming_clusters")
        self.stats.declare("server.", "", "live uptime concurrency state total_connections")
        self.stats.set("server.concurrency", 1)
        self.stats.set("cluster_manager.active_clusters", len(self.clusters))
        self.stats.add("cluster_manager.cluster_added", len(self.clusters))
        self.stats.add("listener_manager.listener_added", len(self.listeners))
        self.stats.add("listener_manager.listener_create_success", len(self.listeners))

    async def _read_files(self) -> dict[str, bytes]:
        return {name: await self._read(name, f"Invalid path: {name}") for name in files_of(self._config)}

    async def _read(self, name: str, otherwise: str) -> bytes:
        try:
            fd = await self.proc.open(name)
            try:
                return await self.proc.read_all(fd, 1 << 20)
            finally:
                self.proc.close(fd)
        except OSError:
            raise ConfigError(otherwise) from None

    async def _fill_direct_responses(self) -> None:
        """Puts the bodies of direct responses that stand in files into their places, and sees that all are small enough."""
        for table in messages_of(self._config, "route_config"):
            most = table.get("max_direct_response_body_size_bytes", MAX_DIRECT_BYTES)
            for response in messages_of(table, "direct_response"):
                body = response.get("body", {})
                if "filename" in body:
                    name = body.pop("filename")
                    read = await self._read(name, f"file {name} does not exist")
                    body["inline_string"] = read.decode("utf-8", "surrogateescape")
                size = len(body.get("inline_string", "").encode("utf-8", "surrogateescape"))
                if size > most:
                    raise ConfigError(f"response body size is {size} bytes; maximum is {most}")

    def _tls(self, config: Obj, texts: dict[str, bytes], server: bool) -> TlsContext | None:
        typed = config.get("transport_socket", {}).get("typed_config", {})
        return make_context(typed, texts, server) if typed.get("@type", "").endswith("TlsContext") else None

    async def _listener(self, name: str, config: Obj, texts: dict[str, bytes]) -> EnvoyListener:
        chains: list[Chain] = []
        listener = EnvoyListener(name, config, chains, self.proc, self.stats)
        for chain in chains_of(config):
            typed = chain["filters"][0]["typed_config"]
            log = await self._logs.logger(typed.get("access_log", []), texts)
            tls = self._tls(chain, texts, True)
            if typed["@type"] == HCM:
                tools = Tools(self.proc.kernel, self.stats, self._random, f"http.{typed['stat_prefix']}.", self.proc.thread)
                manager = Manager(typed, tools, self.clusters, log, self.proc.net.address or "", listener.prefix)
                self._cut_offs.append(manager.cut_off)
                serve = _http(manager, lambda: self.drains.closes(config))
            else:
                proxy = TcpProxy(typed, self.proc, self.stats, self.clusters, log, self._random)
                self._cut_offs.append(proxy.cut_off)
                serve = proxy.serve
            chains.append(Chain(chain.get("filter_chain_match", {}), tls, serve, name_of(chain)))
        listener.set_tls_stats()
        return listener

    # --- running ---

    async def run(self) -> None:
        """Runs until it is stopped. Raises ConfigError when a port cannot be taken."""
        self._start_admin()
        for cluster in self.clusters.values():
            cluster.start()
        for cluster in self.clusters.values():
            while not cluster.initialized and not self._stopped:
                await self._pause(cluster.on_ready)
        for listener in self.listeners:
            self._listen(listener)
        for listener in self.listeners:
            listener.start()
        self._initialized = True
        self.stats.set("listener_manager.total_listeners_active", len(self.listeners))
        self.stats.set("listener_manager.workers_started", 1)
        while not self._stopped:
            await self._pause(self._stopping)
        for cut_off in self._cut_offs:
            cut_off()
        for file in self._logs.files.values():
            await file.close()

    async def _pause(self, queue: WaitQueue) -> None:
        try:
            await self.proc.block(queue)
        except InterruptedError:
            return

    def _listen(self, listener: EnvoyListener) -> None:
        try:
            listener.listen()
        except OSError as error:
            where = f"{listener.address[0]}:{listener.address[1]}"
            raise ConfigError(f"error adding listener '{where}': cannot bind '{where}': {error.strerror}") from None

    def _start_admin(self) -> None:
        admin = self._config.get("admin", {}).get("address")
        if admin is None:
            return
        interface = Admin(self)
        listener = EnvoyListener(
            "admin", {"address": admin, "stat_prefix": "admin"}, [Chain({}, None, interface.serve, "")], self.proc, self.stats
        )
        self._listen(listener)
        listener.start()

    def stop(self) -> None:
        """Ends it, as SIGTERM does."""
        self._stopped = True
        self._stopping.wake_all()

    def drain(self, graceful: bool, inbound_only: bool, skip_exit: bool) -> None:
        """Stops the listeners: at once, after the drain time (`graceful`), or never (`skip_exit`), but asks clients to leave."""

        def stop() -> None:
            for listener in self.listeners:
                if listener.open and (inbound(listener.config) or not inbound_only):
                    listener.close()
                    self.stats.add("listener_manager.listener_stopped")

        if graceful or skip_exit:
            self.drains.begin(inbound_only, None if skip_exit else stop)
        else:
            stop()

    # --- what it shows ---

    def date(self) -> str:
        """Now, as in the header."""
        return formatdate((self.proc.kernel.epoch_ns + self.proc.kernel.now_ns) // SECOND, usegmt=True)

    def refreshed_stats(self) -> Stats:
        """The statistics, with the server's own up to date."""
        self.stats.set("server.uptime", (self.proc.kernel.now_ns - self._started_ns) // SECOND)
        self.stats.set("server.state", {"LIVE": 0, "DRAINING": 1}.get(self.state, 2))
        self.stats.set("server.live", int(self._initialized and not self.drains.failing))
        for function in self.stats.before_reading:
            function()
        return self.stats

    def info(self) -> Obj:
        """/server_info."""
        options = {key: value for key, value in self._options.items() if not key.endswith(("_ns", "_s", "_msec"))}
        options |= OPTIONS | {
            "base_id": str(options["base_id"]),
            "file_flush_interval": duration(self._options["file_flush_interval_msec"] * MILLISECOND),
            "drain_time": f"{self._options['drain_time_s']}s",
            "parent_shutdown_time": f"{self._options['parent_shutdown_time_s']}s",
            "mode": str(options["mode"]).capitalize(),
            "drain_strategy": str(options["drain_strategy"]).capitalize(),
        }
        time = uptime(self.proc.kernel.now_ns - self._started_ns)
        node = {
            "id": options["service_node"],
            "cluster": options["service_cluster"],
            **self._config.get("node", {}),
            **NODE,
            **UNUSED,
        }
        return {
            "version": VERSION, "state": self.state, "hot_restart_version": "disabled",
            "hot_restart_initializing": False, "command_line_options": options,
            "node": node, "uptime_current_epoch": time, "uptime_all_epochs": time,
        }  # fmt: skip

    def certificates(self) -> list[Obj]:
        """/certs: what its TLS contexts hold."""
        now = self.proc.kernel.epoch_ns + self.proc.kernel.now_ns
        return certificates(self._config.get("static_resources", {}), self._texts, now)


def _stamp(ns: int) -> str:
    moment = datetime.fromtimestamp(ns // SECOND, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ns % SECOND // MILLISECOND:03d}Z"


def name_of(chain: Obj) -> str:
    """The name of a filter chain."""
    return str(chain.get("name", ""))


def _http(manager: Manager, asks_to_leave: Callable[[], bool]) -> Callable[[Stream], Awaitable[None]]:
    async def serve(stream: Stream) -> None:
        await HttpConnection(manager, stream, asks_to_leave).serve()

    return serve
