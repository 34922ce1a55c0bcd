"""A way to a server that can be cut and mended: what is behind it lives on, as a cluster does behind a broken network."""

import socket
import threading
from contextlib import suppress


class Relay:
    """Passes on what comes to a port of its own, byte by byte, while it is open.

    Args:
        port: where to, on 127.0.0.1.
    """

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._begin(self._accept, self._listening)

    def cut(self) -> None:
        """Break what is open; who comes is refused."""
        for each in [self._listening, *self._sockets]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join()
        self._sockets, self._threads = [], []

    def mend(self) -> None:
        """Pass on again, at the same port."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._begin(self._accept, self._listening)

    def _begin(self, what, *arguments) -> None:
        thread = threading.Thread(target=what, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(self._target)
                self._sockets += [near, far]
                self._begin(self._pass_on, near, far)
                self._begin(self._pass_on, far, near)

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
