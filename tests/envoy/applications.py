"""An application behind the proxy, the same in the mock and on loopback: what it does stands in the request's path.

`/status/503`, `/slow/0.3` (seconds before the answer), `/late/0.3/503` (both), `/close`, `/reset`, `/parts/0.3` (seconds in
the middle of the answer), `/chunked`, `/garbage`, `/half` (less than was
promised), `/fail/2/key` (503 for the first two requests of that key), `/echo` (the request's head and body), `/name` (who it is).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Application:
    """The state of one application."""

    name: str
    seen: dict[str, int] = field(default_factory=dict)

    def answer(self, head: bytes, body: bytes) -> Iterator[bytes | float | str]:
        """What to do: bytes to send, seconds to wait, or `close` and `reset`."""
        path = head.split(b" ")[1].decode().partition("?")[0]
        words = path.strip("/").split("/")
        status, text = 200, f"{self.name}\n".encode()
        match words[-3:] if {"fail", "late"} & {*words[-3:]} else words[-2:]:
            case [*_, "status", code]:
                status = int(code)
            case [*_, "slow", seconds]:
                yield float(seconds)
            case ["late", seconds, code]:
                yield float(seconds)
                status = int(code)
            case ["fail", count, key]:
                self.seen[key] = self.seen.get(key, 0) + 1
                status = 503 if self.seen[key] <= int(count) else 200
            case [*_, "close"]:
                yield "close"
            case [*_, "reset"]:
                yield "reset"
            case [*_, "garbage"]:
                yield b"this is not HTTP\r\n\r\n"
                yield "close"
            case [*_, "half"]:
                yield b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"
                yield 0.1
                yield "close"
            case [*_, "chunked"]:
                yield b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
                return
            case [*_, "parts", seconds]:
                yield b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabc"
                yield float(seconds)
                yield b"def"
                return
            case [*_, "echo"]:
                text = head + body
        yield f"HTTP/1.1 {status} X\r\nx-app: {self.name}\r\ncontent-length: {len(text)}\r\n\r\n".encode() + text


def split(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Takes one request from what was received: head, body, rest; None while it is not whole."""
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end:
        return None
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            size = int(value)
            return (head + end, rest[:size], rest[size:]) if len(rest) >= size else None
    if b"transfer-encoding: chunked" in head:
        body, last, rest = rest.partition(b"0\r\n\r\n")
        return (head + end, body, rest) if last else None
    return head + end, b"", rest
