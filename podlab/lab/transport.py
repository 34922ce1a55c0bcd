"""HTTP to one API server: what the kubeconfig says, with the `kubernetes` package's TLS and credentials, and plain dicts.

The `kubernetes` package reads the kubeconfig (certificates, tokens, exec plugins, proxies) and owns the connection pool;
its models stay unused, since podlab speaks in the dicts that users write. A kubeconfig that has been rewritten (the mock
was started anew, a token rotated) is read again, so that a `Lab` survives its cluster's restart.

Time: an answer may carry `Podlab-Clock` (see `docs/architecture.md`); `Connection.now` is that clock where there is one, and this
process's monotonic clock elsewhere. Time-outs measured on it are honest for simulated and for real time.
"""

import json
import re
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from podlab.errors import APIError, ClusterError, Obj, api_error

Query = Mapping[str, Any]

CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0


_ESCAPED = re.compile("[\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""What the API server's reader of YAML, through which applied objects go, takes as an escape only."""


def as_body(value: Any) -> bytes:
    """A value as JSON that is YAML too, as the API server reads what is applied: YAML knows no pairs of escapes for emoji."""
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


class Connection:
    """A connection to one API server.

    Args:
        kubeconfig: path of the kubeconfig; None takes the client's own rules (``KUBECONFIG``, ``~/.kube/config``).
        context: name of the context; None takes the file's current one, which only podlab's own files may rely on.
        gone_hint: what to tell the user when the server does not answer.

    Attributes:
        in_process: the cluster lives in this process, and runs while it is asked, by one thread at a time.
    """

    in_process = False

    def __init__(self, kubeconfig: str | Path | None = None, context: str | None = None, gone_hint: str = "") -> None:
        self.kubeconfig = Path(kubeconfig) if kubeconfig else None
        self.context = context
        self.gone_hint = gone_hint or "check that the cluster is running; `podlab doctor` says more."
        self._client: Any = None
        self._read_at: int = 0
        self._clock: float | None = None
        self._date: datetime | str = datetime.now(UTC)

    @property
    def server(self) -> str:
        """The server's URL."""
        return str(self.configuration.host)

    @property
    def configuration(self) -> Any:
        """The `kubernetes.client.Configuration` in force."""
        return self._api_client().configuration

    def now(self) -> float:
        """Seconds on the server's clock where it shows one, as of its last answer; else on this process's monotonic clock."""
        return time.monotonic() if self._clock is None else self._clock

    @property
    def shows_clock(self) -> bool:
        """Did the server's last answer show a clock of its own? Then it simulates time."""
        return self._clock is not None

    def date(self) -> str:
        """The server's date and time as of its last answer, in RFC 3339."""
        said = self._date
        return (parsedate_to_datetime(said) if isinstance(said, str) else said).isoformat()

    def json(self, method: str, path: str, query: Query | None = None, body: Any = None, **options: Any) -> Obj:
        """Send a request and return the JSON of the answer.

        Args:
            method: HTTP method.
            path: path without query.
            query: parameters; a list is repeated, None is left out.
            body: to be sent as JSON.
            options: as for `send`.

        Raises:
            APIError: the server's ``Status``.
            ClusterError: the server does not answer.
        """
        answer = self.send(method, path, query, body, **options)
        if answer.status >= 400:
            raise error_of(answer.status, answer.data)
        value: Obj = json.loads(answer.data)
        return value

    def text(self, path: str, query: Query | None = None) -> str:
        """GET a text, such as a log. Undecodable bytes are replaced. Raises as `json` does."""
        answer = self.send("GET", path, query, headers={"Accept": "text/plain, */*"})
        if answer.status >= 400:
            raise error_of(answer.status, answer.data)
        return str(answer.data.decode("utf-8", "replace"))

    def send(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
        stream: bool = False,
        read_seconds: float = READ_SECONDS,
        once: bool = False,
    ) -> Any:
        """Send a request; return urllib3's response whatever its status.

        Args:
            method: HTTP method.
            path: path without query.
            query: parameters; a list is repeated, None is left out.
            body: bytes are sent as they are, anything else as JSON.
            headers: more headers.
            content_type: of the body.
            stream: leave the body unread.
            read_seconds: longest silence, in real seconds.
            once: never repeat the request, and follow no redirect.

        Raises:
            ClusterError: the server does not answer.
        """
        import urllib3

        everything = {"Accept": "application/json", "User-Agent": "podlab", **(headers or {}), **self.credentials()}
        payload = body if body is None or isinstance(body, bytes) else as_body(body)
        if payload is not None:
            everything["Content-Type"] = content_type
        retries = urllib3.Retry(total=2, connect=2, read=0 if once else 1, status=0, redirect=0, backoff_factor=0.1)
        try:
            answer = self._api_client().rest_client.pool_manager.request(
                method,
                self.url(path, query),
                body=payload,
                headers=everything,
                preload_content=not stream,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds),
                retries=retries,
                redirect=False,
            )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self.gone(error) from None
        self._note_time(answer.headers)
        return answer

    def url(self, path: str, query: Query | None = None) -> str:
        """The whole URL of a request."""
        pairs = [(key, _plain(value)) for key, value in (query or {}).items() if value is not None]
        return self.server + path + ("?" + urlencode(pairs, doseq=True) if pairs else "")

    def lines(self, path: str, query: Query | None, headers: Mapping[str, str], read_seconds: float) -> Iterator[bytes]:
        """GET a stream and yield its lines as they come, without their ends.

        A connection that breaks in mid-stream ends the iteration, as one that the server ends does: who watches watches again.

        Raises:
            APIError: as an answer to the request.
            ClusterError: the server does not answer.
        """
        import urllib3

        answer = self.send("GET", path, query, headers=headers, stream=True, read_seconds=read_seconds)
        try:
            if answer.status >= 400:
                raise error_of(answer.status, answer.read())
            rest = b""
            for piece in answer.stream(amt=None):
                *whole, rest = (rest + piece).split(b"\n")
                yield from whole
            if rest:
                yield rest
        except (urllib3.exceptions.HTTPError, OSError):
            return
        finally:
            answer.close()
            answer.release_conn()

    def websocket(self, url: str, headers: Mapping[str, str], subprotocols: Sequence[str], timeout_seconds: float) -> Any:
        """Open a WebSocket; see `podlab.lab.websockets.open_websocket`."""
        from podlab.lab.websockets import open_websocket

        return open_websocket(self, url, headers, subprotocols, timeout_seconds)

    def credentials(self) -> dict[str, str]:
        """The headers that say who asks; renews what has run out."""
        settings = self.configuration.auth_settings()
        return {entry["key"]: entry["value"] for entry in settings.values() if entry["in"] == "header" and entry["value"]}

    def gone(self, error: BaseException) -> ClusterError:
        """The error to raise when the server does not answer."""
        try:
            server = self.server
        except ClusterError as unreadable:
            return unreadable
        return ClusterError(f"The cluster at {server} does not answer ({_cause(error)}).", self.gone_hint)

    def close(self) -> None:
        """Give the sockets back."""
        if self._client is not None:
            self._let_go()
            self._client = None

    def _note_time(self, headers: Mapping[str, str]) -> None:
        date, clock = headers.get("Date"), headers.get("Podlab-Clock")
        self._date = date or datetime.now(UTC)
        self._clock = int(clock) / 1e9 if clock is not None else None

    def _api_client(self) -> Any:
        written = self._written_at()
        if self._client is None or written != self._read_at:
            self.close()
            self._client, self._read_at = self._load(), written
            self._let_go = weakref.finalize(self, self._client.close)  # a Lab that nobody closes leaves no socket open
        return self._client

    def _written_at(self) -> int:
        try:
            return self.kubeconfig.stat().st_mtime_ns if self.kubeconfig else 0
        except OSError:
            return 0

    def _load(self) -> Any:
        from kubernetes import client, config

        configuration = client.Configuration()
        try:
            config.load_kube_config(
                config_file=str(self.kubeconfig) if self.kubeconfig else None,
                context=self.context,
                client_configuration=configuration,
                persist_config=False,
            )
        except (config.ConfigException, OSError) as error:
            where = f"the kubeconfig {self.kubeconfig}" if self.kubeconfig else "your kubeconfig"
            raise ClusterError(f"Cannot use {where}: {error}", self.gone_hint) from None
        if _is_loopback(configuration.host):
            configuration.proxy = None
        return client.ApiClient(configuration)


def error_of(code: int, body: bytes) -> APIError:
    """The error for an answer of `code`: its ``Status``, or one made of its text where it is none."""
    try:
        status = json.loads(body)
    except ValueError:
        status = None
    if isinstance(status, dict) and status.get("kind") == "Status":
        return api_error({"code": code, **status})
    return api_error(
        {"kind": "Status", "code": code, "message": body.decode("utf-8", "replace").strip() or f"HTTP status {code}"}
    )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _cause(error: BaseException) -> str:
    """The innermost reason of urllib3's nested errors, in a few words."""
    reason = getattr(error, "reason", None)
    while isinstance(reason, BaseException):
        error, reason = reason, getattr(reason, "reason", None)
    text = re.sub(r"^(<.* object at 0x\w+>|HTTPS?Connection(Pool)?\(.*?\)): ", "", str(error))  # whose it was, as Python sees it
    spoken = re.search(r"\[Errno -?\d+\] ([^()]+)", text)
    return (spoken[1] if spoken else text) or type(error).__name__
