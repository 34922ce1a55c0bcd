"""Leaving HTTP: who may, for what, and by which protocol."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Final

from podlab.mock.api.errors import BadRequest
from podlab.mock.server.authentication import BEARER_PROTOCOL, subprotocols
from podlab.mock.server.channels import ChannelProtocol, negotiate

Headers = Mapping[str, str]

SPDY: Final = "SPDY/3.1"
TUNNEL: Final = "SPDY/3.1+portforward.k8s.io"
PORT_FORWARD: Final = "portforward.k8s.io"
SPDY_EXEC_VERSIONS: Final = ("v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io")

_WEBSOCKET_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455


class HandshakeRefused(Exception):
    """An upgrade is refused without a ``Status``, as Go's websocket server does: ``code`` and ``text``."""

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def wants_websocket(headers: Headers) -> bool:
    """Does the client ask to go on with a WebSocket?"""
    return headers.get("upgrade", "").lower() == "websocket" and _wants_upgrade(headers)


def wants_spdy(headers: Headers) -> bool:
    """Does the client ask to go on in SPDY?"""
    return headers.get("upgrade", "").lower() == SPDY.lower() and _wants_upgrade(headers)


def _wants_upgrade(headers: Headers) -> bool:
    return "upgrade" in (part.strip() for part in headers.get("connection", "").lower().split(","))


def accept_websocket(headers: Headers, subprotocol: str) -> dict[str, str]:
    """The headers that accept a WebSocket.

    Raises:
        HandshakeRefused: the handshake is not that of RFC 6455.
    """
    key = headers.get("sec-websocket-key", "")
    if headers.get("sec-websocket-version") != "13":
        raise HandshakeRefused(400, "missing or bad WebSocket Version")
    try:
        is_key = len(base64.b64decode(key, validate=True)) == 16
    except ValueError:
        is_key = False
    if not is_key:
        raise HandshakeRefused(400, "challenge/response error")
    accept = base64.b64encode(hashlib.sha1(key.encode() + _WEBSOCKET_GUID, usedforsecurity=False).digest()).decode()
    answer = {"upgrade": "websocket", "connection": "Upgrade", "sec-websocket-accept": accept}
    return answer | ({"sec-websocket-protocol": subprotocol} if subprotocol else {})


def offered(headers: Headers) -> list[str]:
    """The subprotocols that a WebSocket's client offers, without a bearer token among them."""
    return [name for name in subprotocols(headers) if not name.startswith(BEARER_PROTOCOL)]


def choose(headers: Headers, supported: Mapping[str, ChannelProtocol]) -> ChannelProtocol:
    """The subprotocol to speak.

    Raises:
        HandshakeRefused: none of those that the client offers.
    """
    protocol = negotiate(offered(headers), supported)
    if protocol is None:
        raise HandshakeRefused(403)
    return protocol


def accept_spdy(headers: Headers, versions: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The version to speak in SPDY's streams, and the headers that accept it.

    Raises:
        HandshakeRefused: none of those that the client offers.
    """
    wanted = [name for name in (part.strip() for part in headers.get("x-stream-protocol-version", "").split(",")) if name]
    answer = {"upgrade": SPDY, "connection": "Upgrade"}
    if not wanted:
        return versions[-1], answer
    version = next((name for name in wanted if name in versions), "")
    if not version:
        why = f"unable to negotiate protocol: client supports {wanted}, server accepts {list(versions)}"
        raise HandshakeRefused(403, f"unable to upgrade: {why}")
    return version, answer | {"x-stream-protocol-version": version}


def upgrade_required() -> BadRequest:
    """What a client is told that asks for exec, attach or port-forward over plain HTTP."""
    return BadRequest("Upgrade request required")
