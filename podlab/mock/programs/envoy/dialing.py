"""Reaching a host: the connection and its handshake, within the cluster's time, and why it failed in Envoy's words."""

import errno
from functools import partial
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.stats import Stats
from podlab.mock.programs.envoy.streams import Stream, Watched, wait
from podlab.mock.programs.envoy.tls_stream import HandshakeError, TlsContext, TlsStream

_REASONS: Final = {
    errno.ECONNREFUSED: "delayed connect error: Connection refused",
    errno.ECONNRESET: "TLS_error:|33554536:system library:OPENSSL_internal:Connection reset by peer:TLS_error_end",
    errno.EHOSTUNREACH: "delayed connect error: No route to host",
}


class Failed(Exception):
    """A request could not be put to a host.

    Attributes:
        reason: Envoy's reason, as it stands in the answer: `remote connection failure`, `overflow`, ...
        transport: Why the transport failed, or empty; `told` whether the client learns it too.
        placed: Whether a host had been found for it.
    """

    def __init__(self, reason: str, transport: str = "", told: bool = True, placed: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.transport = transport
        self.told = told
        self.placed = placed


def failure_of(error: OSError) -> Failed:
    """What a failed connection means for a request."""
    local = error.errno in (errno.ENETUNREACH, errno.EADDRNOTAVAIL)
    return Failed(f"{'local' if local else 'remote'} connection failure", _REASONS.get(error.errno or 0, ""), told=False)


class Dialer:
    """Reaches the hosts of one cluster."""

    def __init__(self, proc: Process, stats: Stats, prefix: str, tls: TlsContext | None) -> None:
        self._proc = proc
        self._kernel = proc.kernel
        self._stats = stats
        self._prefix = prefix
        self._tls = tls

    async def connect(self, host: Host, deadline_ns: int, watched: Watched | None) -> Stream:
        """A connection that is not counted, with its handshake done. Raises OSError, HandshakeError, Late, Abandoned."""
        attempt = self._proc.machine.network.start_connect(self._proc.net, (host.ip, host.port))
        try:
            while not attempt.done:
                await wait(self._kernel, attempt.queue, deadline_ns, watched)
        except BaseException:
            attempt.cancel()
            raise
        if attempt.endpoint is None:
            raise OSError(attempt.error, "cannot connect")
        if self._tls is None:
            return Stream(attempt.endpoint)
        stream = TlsStream(attempt.endpoint, self._tls)
        try:
            await stream.handshake(deadline_ns)
        except BaseException as error:
            attempt.endpoint.close()
            if isinstance(error, HandshakeError):
                self._stats.add(f"{self._prefix}ssl.{error.kind}")
            raise
        stream.on_error = partial(self._stats.add, f"{self._prefix}ssl.connection_error")
        self._stats.add(f"{self._prefix}ssl.handshake")
        self._stats.add(f"{self._prefix}ssl.versions.{stream.version}")
        return stream
