"""The channel protocols: several streams in the messages of one WebSocket, each message led by the number of its channel.

`v4` and `v5` tell how a command ended as a ``Status``; before them it was told as text. `v5` lets the client close a channel,
which is how a command learns that its standard input has ended. The `base64` forms are for clients that can only send text. The
names are Kubernetes' (`apimachinery/pkg/util/remotecommand`, `.../httpstream/wsstream`).
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

STDIN, STDOUT, STDERR, ERROR, RESIZE = range(5)
CLOSE: Final = 255
PIECE_BYTES: Final = 32 * 1024


@dataclass(frozen=True, slots=True)
class ChannelProtocol:
    """What a subprotocol's name means.

    Attributes:
        text: messages are text: a digit and base64; else a byte and bytes.
        status: the end is told as a ``Status``.
        closes: the client may close a channel.
    """

    name: str
    text: bool = False
    status: bool = False
    closes: bool = False

    def message(self, channel: int, data: bytes) -> bytes | str:
        """A message for a channel."""
        if self.text:
            return f"{channel}{base64.b64encode(data).decode()}"
        return bytes((channel,)) + data

    def spell(self, data: bytes) -> bytes | str:
        """A message without a channel."""
        return base64.b64encode(data).decode() if self.text else data

    def messages(self, channel: int, data: bytes) -> list[bytes | str]:
        """Messages of a usual size for a channel."""
        return [self.message(channel, data[at : at + PIECE_BYTES]) for at in range(0, len(data), PIECE_BYTES)]

    def parse(self, message: bytes | str) -> tuple[int, bytes] | None:
        """Channel and data of a client's message; None for what the real server ignores: an empty one, or no base64."""
        raw = message.encode() if isinstance(message, str) else message
        if not raw:
            return None
        if not self.text:
            return raw[0], raw[1:]
        try:
            return raw[0] - ord("0"), base64.b64decode(raw[1:], validate=True)
        except binascii.Error:
            return None


def _table(*protocols: ChannelProtocol) -> Mapping[str, ChannelProtocol]:
    return {protocol.name: protocol for protocol in protocols}


EXEC_PROTOCOLS: Final = _table(
    ChannelProtocol(""),
    ChannelProtocol("channel.k8s.io"),
    ChannelProtocol("base64.channel.k8s.io", text=True),
    ChannelProtocol("v4.channel.k8s.io", status=True),
    ChannelProtocol("v4.base64.channel.k8s.io", text=True, status=True),
    ChannelProtocol("v5.channel.k8s.io", status=True, closes=True),
)

FORWARD_PROTOCOLS: Final = _table(
    ChannelProtocol(""),
    ChannelProtocol("v4.channel.k8s.io"),
    ChannelProtocol("v4.base64.channel.k8s.io", text=True),
)
"""Port-forward by channels: two for each port, data and errors."""

STREAM_PROTOCOLS: Final = _table(
    ChannelProtocol(""),
    ChannelProtocol("binary.k8s.io"),
    ChannelProtocol("base64.binary.k8s.io", text=True),
)
"""A log in messages; without channels, but in the same two spellings."""


def negotiate(offered: Sequence[str], supported: Mapping[str, ChannelProtocol]) -> ChannelProtocol | None:
    """The first of the client's protocols that is supported; none offered means the one without a name."""
    return next((supported[name] for name in (offered or [""]) if name in supported), None)
