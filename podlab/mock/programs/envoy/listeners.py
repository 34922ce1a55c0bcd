"""Listeners: connections are accepted, their filter chain is found (by SNI, transport, port), and they are served."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.network import Endpoint, Listener
from podlab.mock.machine.process import Process
from podlab.mock.machine.sockets import AF_INET, AF_INET6
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.stats import Stats
from podlab.mock.programs.envoy.streams import Late, Stream, wait
from podlab.mock.programs.envoy.tls import server_name_of
from podlab.mock.programs.envoy.tls_stream import HandshakeError, TlsContext, TlsStream

BACKLOG: Final = 4096
INSPECT_NS: Final = 15 * SECOND
COUNTERS: Final = """
downstream_cx_destroy downstream_cx_overflow downstream_cx_overload_reject downstream_cx_total
downstream_cx_transport_socket_connect_timeout downstream_global_cx_overflow downstream_listener_filter_error
downstream_listener_filter_remote_close downstream_pre_cx_timeout extension_config_missing network_extension_config_missing
no_filter_chain_match
"""
GAUGES: Final = "downstream_cx_active downstream_pre_cx_active"
TLS_COUNTERS: Final = (
    "connection_error fail_verify_cert_hash fail_verify_error fail_verify_no_cert fail_verify_san handshake "
    "no_certificate session_reused"
)


@dataclass(slots=True)
class Chain:
    """One filter chain: what it matches (None: what no other does), its TLS, and who serves its connections."""

    match: Obj | None
    tls: TlsContext | None
    serve: Callable[[Stream], Awaitable[None]]
    name: str


class EnvoyListener:
    """One listener.

    Attributes:
        config: As it is written.
        open: Whether it accepts connections.
    """

    def __init__(self, name: str, config: Obj, chains: list[Chain], proc: Process, stats: Stats) -> None:
        socket = config["address"]["socket_address"]
        self.name = name
        self.config = config
        self.address = socket["address"], socket.get("port_value", 0)
        self.open = False
        self._chains = chains
        self._inspects = bool(config.get("listener_filters"))
        self._proc = proc
        self._stats = stats
        self._fd = -1
        self._socket: Listener | None = None
        label = config.get("stat_prefix") or f"{self.address[0]}_{self.address[1]}"
        self.prefix = f"listener.{label}."
        stats.declare(self.prefix, COUNTERS, GAUGES, "downstream_cx_length_ms")

    def set_tls_stats(self) -> None:
        """Creates the statistics of TLS, when a chain has it."""
        if any(chain.tls for chain in self._chains):
            self._stats.declare(f"{self.prefix}ssl.", TLS_COUNTERS)

    def listen(self) -> None:
        """Takes the port. Raises OSError."""
        fd = self._proc.socket(AF_INET6 if ":" in self.address[0] else AF_INET)
        socket = self._proc.socket_at(fd)
        socket.reuse = True
        try:
            self._proc.bind(fd, self.address)
            self._proc.listen(fd, BACKLOG)
        except OSError:
            self._proc.close(fd)
            raise
        self._fd, self._socket = fd, socket.listener
        self.open = True

    def start(self) -> None:
        """Begins to accept."""
        self._proc.thread(self._accept(), f"listener/{self.name}")

    def close(self) -> None:
        """Accepts no more; connections that are there go on."""
        self.open = False
        if self._socket is not None and not self._socket.closed:
            self._proc.close(self._fd)

    async def _accept(self) -> None:
        assert self._socket is not None
        while self.open:
            try:
                endpoint = await self._socket.accept()
            except OSError:
                return
            self._proc.thread(self._serve(endpoint), "connection")

    async def _serve(self, endpoint: Endpoint) -> None:
        try:
            chain = await self._find_chain(endpoint)
            if chain is None:
                endpoint.abort()
                return
            stream = Stream(endpoint)
            self._stats.add(f"{self.prefix}downstream_cx_total")
            self._stats.move(f"{self.prefix}downstream_cx_active", 1)
            try:
                if chain.tls is not None:
                    stream = await self._handshake(endpoint, chain.tls)
                stream.listener, stream.chain = self.name, chain.name
                await chain.serve(stream)
            finally:
                self._stats.move(f"{self.prefix}downstream_cx_active", -1)
                self._stats.add(f"{self.prefix}downstream_cx_destroy")
        except (OSError, Late, HandshakeError):
            endpoint.close()
        finally:
            if not endpoint.closed:
                endpoint.close()

    async def _find_chain(self, endpoint: Endpoint) -> Chain | None:
        name: str | None = None
        if self._inspects:
            deadline = self._proc.kernel.now_ns + INSPECT_NS
            while not endpoint.readable():
                await wait(endpoint.kernel, endpoint.readers, deadline)
            name = server_name_of(endpoint.peek())
        ranked = [(rank, -n) for n, chain in enumerate(self._chains) if (rank := _rank(chain.match, endpoint, name)) is not None]
        if not ranked:
            self._stats.add(f"{self.prefix}no_filter_chain_match")
            return None
        return self._chains[-max(ranked)[1]]

    async def _handshake(self, endpoint: Endpoint, tls: TlsContext) -> TlsStream:
        stream = TlsStream(endpoint, tls)
        stream.inspected = self._inspects
        try:
            await stream.handshake()
        except HandshakeError as error:
            self._stats.add(f"{self.prefix}ssl.{error.kind}")
            raise
        stream.on_error = partial(self._stats.add, f"{self.prefix}ssl.connection_error")
        self._stats.add(f"{self.prefix}ssl.handshake")
        self._stats.add(f"{self.prefix}ssl.versions.{stream.version}")
        if stream.peer is None:
            self._stats.add(f"{self.prefix}ssl.no_certificate")
        return stream


def _rank(match: Obj | None, endpoint: Endpoint, name: str | None) -> tuple[int, int, int] | None:
    """How well a connection fits (more is better; port, then server name, then transport), None when it does not."""
    if match is None:
        return -1, 0, 0
    port = match.get("destination_port")
    if port is not None and port != endpoint.local[1]:
        return None
    transport = match.get("transport_protocol", "")
    if transport and transport != ("tls" if name is not None else "raw_buffer"):
        return None
    best = 0
    if match.get("server_names"):
        fits = [len(pattern) for pattern in match["server_names"] if _fits(pattern.lower(), (name or "").lower())]
        if not fits:
            return None
        best = max(fits)
    return int(port is not None), best, int(bool(transport))


def _fits(pattern: str, name: str) -> bool:
    if pattern.startswith("*."):
        return name.endswith(pattern[1:]) and len(name) >= len(pattern)
    return bool(name) and pattern == name
