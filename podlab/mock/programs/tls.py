"""One side of a connection under TLS, the real protocol, without input and output: OpenSSL works on buffers in memory.

Whoever has the connection feeds what the other side sent, and sends on what `output` gives. Envoy, busybox' `ssl_client` and the
API server of a simulated cluster all speak it through this.
"""

from collections.abc import Callable

from OpenSSL import SSL

OUTPUT_BYTES = 1 << 20


class TlsSide:
    """A side.

    Args:
        context: OpenSSL's.
        server: Whether it is the server's.
        name: The server name that a client asks for; empty for none.
        app_data: What callbacks of the context find as the connection's `get_app_data()`.

    Attributes:
        connection: OpenSSL's.
    """

    def __init__(self, context: SSL.Context, server: bool, name: str = "", app_data: object = None) -> None:
        self.connection = connection = SSL.Connection(context, None)
        connection.set_app_data(app_data)
        if server:
            connection.set_accept_state()
            return
        connection.set_connect_state()
        if name:
            connection.set_tlsext_host_name(name.encode())

    def feed(self, data: bytes) -> None:
        """Takes what came from the other side."""
        self.connection.bio_write(data)

    def output(self) -> bytes:
        """What is to be sent to the other side now."""
        try:
            return self.connection.bio_read(OUTPUT_BYTES)
        except SSL.WantReadError:
            return b""

    def handshake(self) -> bool:
        """Goes on with the handshake. Returns whether it is done, or else waits for input. Raises SSL.Error."""
        try:
            self.connection.do_handshake()
        except SSL.WantReadError:
            return False
        return True

    def read(self, count: int) -> bytes | None:
        """Up to `count` bytes that came; empty once the other side has said that it ends; None when there are none yet.

        Raises:
            SSL.Error: What came is not in order, or the other side breaks off.
        """
        try:
            return bytes(self.connection.recv(count))
        except SSL.WantReadError:
            return None
        except SSL.ZeroReturnError:
            return b""

    def write(self, data: bytes) -> None:
        """Encrypts, for `output`. Raises SSL.Error."""
        self.connection.sendall(data)

    def end(self) -> None:
        """Says that no more comes, for `output`. Raises SSL.Error."""
        self.connection.shutdown()


def on_fatal_alert(context: SSL.Context, told: Callable[[SSL.Connection, int], None]) -> None:
    """Has `told(connection, number)` called when the other side sends a fatal alert."""

    def callback(connection: SSL.Connection, where: int, value: int) -> None:
        if where & SSL.SSL_CB_READ_ALERT == SSL.SSL_CB_READ_ALERT and value >> 8 == SSL_FATAL:
            told(connection, value & 0xFF)

    context.set_info_callback(callback)


SSL_FATAL = 2
"""The level of alerts that end a connection."""
