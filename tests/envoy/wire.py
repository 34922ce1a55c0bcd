"""What both worlds have in common: ports, requests, and how an answer is read."""

import re
from dataclasses import dataclass
from typing import Any

PORTS = ("LISTEN", "ADMIN", "APP", "APP2", "APP3", "DEAD", "LISTEN2", "FULL")
"""Nothing listens at DEAD; at FULL somebody listens whose queue is full, so that nobody gets through to it."""
LIMIT = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """A request on a connection of its own.

    Attributes:
        pieces: What is sent, and seconds in between.
        port: Where to.
        at: When, in seconds from the beginning of those that are sent together.
        patience: After how many seconds the client leaves.
    """

    pieces: tuple[bytes | float, ...]
    port: int
    at: float = 0.0
    patience: float = LIMIT

    @property
    def raw(self) -> bytes:
        """The whole request."""
        return b"".join(piece for piece in self.pieces if isinstance(piece, bytes))


def fill(text: str, ports: dict[str, int]) -> str:
    return re.sub(r"@([A-Z0-9]+)@", lambda found: str(ports[found[1]]), text)


def unchunk(data: bytes) -> bytes:
    """The body that chunks carry."""
    whole = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        if not size or not int(size, 16):
            break
        whole += data[: int(size, 16)]
        data = data[int(size, 16) + 2 :]
    return whole


def whole_answer(data: bytes, request: bytes) -> bool:
    """Whether the answer to a request has come whole; never when the request asks to close (what ends then is the connection)."""
    if b"connection: close" in request:
        return False
    head, end, body = data.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").partition(b"\r\n\r\n")
    if not end:
        return False
    if request.startswith(b"HEAD"):
        return True
    found = re.search(rb"content-length: (\d+)", head)
    if found:
        return len(body) >= int(found[1])
    return b"chunked" not in head or body.endswith(b"0\r\n\r\n")


def encode(step: Any) -> bytes:
    """A request from `"/path"` or `(method, path, headers, body)`."""
    method, path, headers, body = ("GET", step, {}, "") if isinstance(step, str) else (*step, *({}, "")[len(step) - 2 :])
    lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in ({"host": "app.example"} | headers).items())]
    if body:
        lines.append(f"content-length: {len(body)}")
    text: str = "\r\n".join(lines) + "\r\n\r\n" + body
    return text.encode()
