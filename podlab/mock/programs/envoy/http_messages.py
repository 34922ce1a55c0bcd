"""HTTP messages: heads with their headers. Header names are kept in lower case, as Envoy keeps them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

REASONS: Final = {
    100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted",
    203: "Non-Authoritative Information", 204: "No Content", 205: "Reset Content", 206: "Partial Content",
    300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 305: "Use Proxy",
    307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required",
    408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
    413: "Payload Too Large", 414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable",
    417: "Expectation Failed", 421: "Misdirected Request", 422: "Unprocessable Entity", 423: "Locked", 424: "Failed Dependency",
    426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Gateway Timeout", 505: "HTTP Version Not Supported", 506: "Variant Also Negotiates", 507: "Insufficient Storage",
    508: "Loop Detected", 511: "Network Authentication Required",
}  # fmt: skip
"""Envoy's names of the statuses."""


class Headers:
    """An ordered list of names and values; names in lower case."""

    __slots__ = ("items",)

    def __init__(self, items: list[tuple[str, str]] | None = None) -> None:
        self.items = items if items is not None else []

    def get(self, name: str) -> str | None:
        """The value, several joined by commas, or None."""
        found = None
        for key, value in self.items:
            if key == name:
                found = value if found is None else f"{found},{value}"
        return found

    def all(self, name: str) -> list[str]:
        """The values of a name, one for each time that it stands there."""
        return [value for key, value in self.items if key == name]

    def count(self, name: str) -> int:
        """How many of a name there are."""
        return sum(key == name for key, _ in self.items)

    def set(self, name: str, value: str) -> None:
        """Replaces a header in its place, or adds it at the end."""
        for n, (key, _) in enumerate(self.items):
            if key == name:
                self.items[n] = name, value
                self.items[n + 1 :] = [item for item in self.items[n + 1 :] if item[0] != name]
                return
        self.items.append((name, value))

    def add(self, name: str, value: str) -> None:
        """Adds a header at the end."""
        self.items.append((name, value))

    def remove(self, name: str) -> None:
        """Takes all of a name away."""
        self.items = [item for item in self.items if item[0] != name]

    def copy(self) -> "Headers":
        """Another list of the same."""
        return Headers(list(self.items))


@dataclass(slots=True)
class Head:
    """The head of a message: of a request (`method`, `path`) or of a response (`status`)."""

    version: str
    headers: Headers
    method: str = ""
    path: str = ""
    status: int = 0

    @property
    def has_body(self) -> bool:
        """Whether a body is announced."""
        return self.headers.get("transfer-encoding") is not None or self.headers.get("content-length") not in (None, "0")

    @property
    def keeps_alive(self) -> bool:
        """Whether another message may follow on the connection."""
        options = (self.headers.get("connection") or "").lower()
        return "close" not in options and (self.version == "1.1" or "keep-alive" in options)


@dataclass(slots=True)
class Response:
    """A response that is sent to the client: its head, and its body, whole or as it comes."""

    status: int
    headers: Headers
    body: bytes = b""
    stream: AsyncIterator[bytes] | None = field(default=None)


class Refused(Exception):
    """A request that is answered at once, after which the connection is closed."""

    def __init__(self, status: int, body: str, details: str, flag: str = "") -> None:
        super().__init__(details)
        self.status = status
        self.body = body
        self.details = details
        self.flag = flag
