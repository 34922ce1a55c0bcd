"""Addresses of what is fetched: how wget takes them apart."""

import base64
from dataclasses import dataclass, replace
from typing import Final

from podlab.mock.programs.applet import Die
from podlab.mock.programs.net.httpd.request import decode
from podlab.mock.programs.streams import to_bytes

PORTS: Final = {"http": 80, "https": 443, "ftp": 21, "ftps": 990}


@dataclass(frozen=True, slots=True)
class Url:
    """A URL's parts.

    Attributes:
        host: With its port, if it was given: what the Host header says.
        name, port: The host alone, and the port's text (empty: the scheme's own).
        path: Without the first slash, with the query.
        user: `user:password`, or None.
    """

    scheme: str
    host: str
    name: str
    port: str
    path: str
    user: str | None

    @property
    def authorization(self) -> str | None:
        """What a Basic header says of the user."""
        return None if self.user is None else base64.b64encode(to_bytes(self.user)).decode()

    def moved(self, path: str) -> "Url":
        """Another path of the same server."""
        return replace(self, path=path)


def parse_url(text: str) -> Url:
    """Takes an address apart; `http://` may be missing.

    Raises:
        Die: It is of another scheme.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "http", text
    elif scheme not in PORTS:
        raise Die(f"not an http or ftp url: {text}")
    end = min((at for at in (rest.find(mark) for mark in "/?#") if at >= 0), default=len(rest))
    authority, path = rest[:end], rest[end + 1 :]  # a `?` right after the host is lost, as it is in busybox
    credentials, at, host = authority.rpartition("@")
    user = None
    if at:
        user = decode_fully(credentials)
    name, port = _split_host(host)
    return Url(scheme, host, name, port, path, user)


def _split_host(host: str) -> tuple[str, str]:
    if host.startswith("["):
        name, _, rest = host[1:].partition("]")
        return name, rest.removeprefix(":")
    name, _, port = host.partition(":")
    return name, port


def decode_fully(text: str) -> str:
    """Undoes %XX; what is malformed stays."""
    parts = text.split("%")
    return parts[0] + "".join(decode(f"%{part}") or f"%{part}" for part in parts[1:])
