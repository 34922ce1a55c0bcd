"""A watch or a log sent through a WebSocket: what would be the body of an answer, in messages."""

from podlab.mock.server.answers import Answer, Socket
from podlab.mock.server.channels import ChannelProtocol


class Streaming:
    """Sends each piece of an answer as a message.

    Args:
        answer: what to send.
        protocol: how pieces are spelled; None for text as it is (a watch).
    """

    def __init__(self, answer: Answer, protocol: ChannelProtocol | None) -> None:
        self._answer = answer
        self._protocol = protocol
        self._socket: Socket | None = None
        self._paused = False

    def start(self, socket: Socket) -> None:
        """Sends what is there, and goes on as more comes."""
        self._socket = socket
        self._answer.notify = self._pump
        self._pump()

    def receive(self, message: bytes | str) -> None:
        """A client has nothing to say here; the real server ignores what it says."""

    def pause(self, paused: bool) -> None:
        """The client reads too slowly, or reads again."""
        self._paused = paused
        self._pump()

    def lost(self) -> None:
        """Ends the watch."""
        self._socket = None
        self._answer.close()

    def _pump(self) -> None:
        while self._socket is not None and not self._paused and (data := self._answer.read()):
            if self._protocol is None:
                self._socket.send(data.decode())
            else:
                self._socket.send(self._protocol.spell(data))
        if self._socket is not None and self._answer.ended:
            self._socket.close()
