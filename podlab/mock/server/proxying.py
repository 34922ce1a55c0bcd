"""The proxy to pods and services: the request goes into the pod's network, and the application's answer comes back.

What is done to an answer is what the real API server does (`apimachinery/pkg/util/proxy`): headers that belong to the
connection are dropped, redirects and the links of an HTML page that stay on the host are led through the proxy's path.
"""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import h11

from podlab.mock.api.node import Connection, ProxyAnswer, proxy_failure
from podlab.mock.server.answers import Headers, Notify
from podlab.mock.server.waits import Wait

Obj = dict[str, Any]

HOP_BY_HOP: Final = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
        *("te", "trailer", "transfer-encoding", "upgrade"),
    }
)
PAUSE_BYTES: Final = 256 * 1024
HTML_BYTES: Final = 4 * 1024 * 1024
MALFORMED: Final = "net/http: HTTP/1.x transport connection broken: malformed HTTP response"


class Links:
    """Where links on the application's host lead when they are followed through the proxy.

    Args:
        prefix: the proxy's path, without the part that the application sees.
        hosts: the names under which the application is known: its address, and the host that the client asked for.
    """

    def __init__(self, prefix: str, hosts: tuple[str, ...]) -> None:
        self._prefix = prefix.rstrip("/")
        self._hosts = hosts

    def rewrite(self, url: str) -> str:
        """A link as it has to be for the client; those that are relative, or lead elsewhere, stay."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return url
        if (parts.netloc and parts.netloc not in self._hosts) or not parts.path.startswith("/"):
            return url
        path = parts.path if parts.path.startswith(f"{self._prefix}/") else self._prefix + parts.path
        if parts.netloc and parts.netloc == self._hosts[-1]:
            return urlunsplit((parts.scheme, parts.netloc, path, parts.query, parts.fragment))
        return urlunsplit(("", "", path, parts.query, parts.fragment))


class Proxied:
    """The application's answer, as it comes.

    Args:
        answer: where to connect, and what to send.
        method: of the request: an answer to ``HEAD`` has no body.
        host: the host that the client asked for.
        common: headers that every answer has.
        refuse: makes headers and body of a ``Status``.
        wait: what it lets time do.
    """

    def __init__(
        self,
        answer: ProxyAnswer,
        method: str,
        host: str,
        common: Headers,
        refuse: Callable[[Obj], tuple[Headers, bytes]],
        wait: Wait,
    ) -> None:
        self.status = 0
        self.headers = common
        self.notify: Notify = lambda: None
        self._address = answer.address
        self._links = Links(answer.location_prefix, (answer.address, host))
        self._refuse = refuse
        self._wait = wait
        self._http = h11.Connection(h11.CLIENT)
        self._http.send(h11.Request(method=method, target="/", headers=[("host", "pod")]))
        self._http.send(h11.EndOfMessage())
        self._head: h11.Response | None = None
        self._html: bytearray | None = None
        self._body = bytearray()
        self._first_line = b""
        self._done = self._broken = self._paused = False
        self._connection: Connection | None = answer.open()
        self._connection.write(answer.request)
        self._connection.on_data(self._data)
        self._connection.on_close(self._closed)

    @property
    def ended(self) -> bool:
        """Is there nothing left?"""
        return self._done and not self._body and not self._broken

    def read(self) -> bytes:
        """What there is. Raises ConnectionAbortedError when the application broke off in the middle."""
        data = bytes(self._body)
        self._body.clear()
        if self._paused:
            self._pause(False)
        if self._broken and not data:
            raise ConnectionAbortedError("the application broke off in the middle of its answer")
        return data

    def close(self) -> None:
        """The client has gone, or has all."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        self._wait.close()

    def _pause(self, paused: bool) -> None:
        self._paused = paused
        if self._connection is not None:
            self._connection.pause_output(paused)

    def _data(self, data: bytes) -> None:
        if self._done or not data:
            return
        if self._head is None and len(self._first_line) < 256:
            self._first_line += data[:256]
        self._http.receive_data(data)
        self._events()
        if len(self._body) > PAUSE_BYTES and not self._paused:
            self._pause(True)

    def _closed(self, error: str) -> None:
        self._connection = None
        if self._done:
            return
        if self._head is None and not self._first_line:
            self._fail(proxy_failure(self._address, error))
        else:
            self._http.receive_data(b"")
            self._events()

    def _events(self) -> None:
        try:
            while not self._done:
                event = self._http.next_event()
                if isinstance(event, h11.Response):
                    self._take_head(event)
                elif isinstance(event, h11.Data):
                    self._take_body(bytes(event.data))
                elif isinstance(event, h11.EndOfMessage):
                    self._end()
                elif not isinstance(event, h11.InformationalResponse):
                    break
        except h11.RemoteProtocolError:
            self._break()
        self.notify()

    def _take_head(self, head: h11.Response) -> None:
        self._head = head
        headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
        own = {token.strip().lower() for token in headers.get("connection", "").split(",")}
        headers = {name: value for name, value in headers.items() if name not in HOP_BY_HOP and name not in own}
        html = headers.get("content-type", "").split(";")[0].strip() == "text/html" and "content-encoding" not in headers
        if headers.get("location"):
            headers["location"] = self._links.rewrite(headers["location"])
        elif html:
            self._html = bytearray()
        self.headers = {**self.headers, **headers}
        if self._html is None:
            self.status = head.status_code

    def _take_body(self, data: bytes) -> None:
        if self._html is None:
            self._body += data
            return
        self._html += data
        if len(self._html) > HTML_BYTES:
            self._show_page(self._html)

    def _show_page(self, page: bytes | bytearray) -> None:
        """Begins the answer with a page; the client waited for its head until the page was whole."""
        self._body += page
        self._html = None
        self.status = self._head.status_code if self._head is not None else 0

    def _end(self) -> None:
        if self._html is not None:
            from podlab.mock.server.links import rewrite_links

            page = rewrite_links(bytes(self._html), self._links.rewrite)
            self.headers = {**self.headers, "content-length": str(len(page))} if page else self.headers
            self._show_page(page)
        self._finish()

    def _break(self) -> None:
        """What came is not HTTP, or ended too early."""
        if self._head is None:
            line = self._first_line.split(b"\n")[0].rstrip(b"\r").decode("latin-1").replace('"', '\\"')
            failure = proxy_failure(self._address, "")
            self._fail({**failure, "message": f'error trying to reach service: {MALFORMED} "{line}"'})
            return
        self._broken = True
        if self._html is not None:
            self._show_page(self._html)
        self._finish()

    def _fail(self, status: Obj) -> None:
        self.status = status["code"]
        self.headers, body = self._refuse(status)
        self._body += body
        self._finish()
        self.notify()

    def _finish(self) -> None:
        self._done = True
        self.close()
