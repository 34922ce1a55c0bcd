"""TCP connections from outside into the simulated network, for port-forward and the API's proxy."""

from collections.abc import Callable

from podlab.mock.kernel import Kernel, Task
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network import Endpoint, Network, NetworkNamespace

CHUNK = 65_536


class PodConnection:
    """A connection (`podlab.mock.api.node.Connection`): what is written before it stands is sent when it does."""

    def __init__(self, network: Network, source: NetworkNamespace, address: tuple[str, int]) -> None:
        self._kernel: Kernel = network.kernel
        self._network = network
        self._endpoint: Endpoint | None = None
        self._outgoing = bytearray()
        self._eof = False
        self._incoming: list[bytes] = []
        self._data: Callable[[bytes], None] | None = None
        self._close: Callable[[str], None] | None = None
        self._ended: str | None = None
        self._paused = False
        self._written: Callable[[], object] = bool
        self._writer: Task | None = None
        self._reader = self._kernel.spawn(self._run(source, address), name=f"connection/{address[0]}:{address[1]}")

    def write(self, data: bytes) -> None:
        """Sends bytes."""
        self._outgoing += data
        self._pump()

    def write_eof(self) -> None:
        """The client sends no more."""
        self._eof = True
        self._pump()

    @property
    def write_waiting(self) -> int:
        """Bytes that the pod has not taken yet."""
        return len(self._outgoing)

    def on_written(self, callback: Callable[[], object]) -> None:
        """Registers who is told that it has taken some."""
        self._written = callback

    def on_data(self, callback: Callable[[bytes], None]) -> None:
        """Registers who gets what comes back."""
        self._data = callback
        self._deliver()

    def on_close(self, callback: Callable[[str], None]) -> None:
        """Registers who is told of the end."""
        self._close = callback
        self._deliver()

    def pause_output(self, paused: bool) -> None:
        """Holds back what comes, or lets it go on."""
        self._paused = paused
        self._deliver()

    def close(self) -> None:
        """Gives the connection up."""
        self._data = self._close = None
        self._reader.cancel()
        if self._writer is not None:
            self._writer.cancel()
        if self._endpoint is not None:
            self._endpoint.close()

    async def _run(self, source: NetworkNamespace, address: tuple[str, int]) -> None:
        try:
            endpoint = self._endpoint = await self._network.connect(source, address)
        except OSError as error:
            self._finish(f"connect: {strerror(error.errno or 0).lower()}")
            return
        self._pump()
        try:
            while data := await endpoint.recv(CHUNK):
                self._incoming.append(data)
                self._deliver()
        except OSError as error:
            self._finish(f"read: {strerror(error.errno or 0).lower()}")
            return
        self._finish("")

    def _pump(self) -> None:
        if self._endpoint is not None and (self._writer is None or self._writer.done) and (self._outgoing or self._eof):
            self._writer = self._kernel.spawn(self._write(self._endpoint), name="connection/write")

    async def _write(self, endpoint: Endpoint) -> None:
        try:
            while self._outgoing:
                data = bytes(self._outgoing[:CHUNK])
                del self._outgoing[:CHUNK]
                await endpoint.send(data)
                self._written()
            if self._eof:
                endpoint.shutdown_write()
        except OSError:
            self._outgoing.clear()

    def _finish(self, error: str) -> None:
        self._ended = error
        if self._endpoint is not None:
            self._endpoint.close()
        self._deliver()

    def _deliver(self) -> None:
        while self._data is not None and self._incoming and not self._paused:
            self._data(self._incoming.pop(0))
        if self._close is not None and self._ended is not None and not self._incoming:
            callback, self._close = self._close, None
            callback(self._ended)
