"""HTTP GET as probes and hooks do it: Go's client, its headers and its words for what goes wrong."""

import errno
from dataclasses import dataclass, field
from typing import Any, Final

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network import Endpoint, Network

Obj = dict[str, Any]

USER_AGENT: Final = "kube-probe/1.36"
BODY_MAX: Final = 10 << 10
HEAD_MAX: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class HttpProbe:
    """A request.

    Attributes:
        host: Where it goes; the pod's address unless the probe says otherwise.
        headers: Beside those that are always sent.
    """

    scheme: str
    host: str
    port: int
    path: str
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, action: Obj, pod_ip: str, port: int) -> "HttpProbe":
        """The request that an ``httpGet`` asks for."""
        path = action.get("path") or "/"
        headers = tuple((each["name"], each["value"]) for each in action.get("httpHeaders") or ())
        return cls(
            (action.get("scheme") or "HTTP").lower(),
            action.get("host") or pod_ip,
            port,
            path if path.startswith("/") else f"/{path}",
            headers,
        )

    @property
    def url(self) -> str:
        """As Go's errors show it."""
        return f"{self.scheme}://{self.host}:{self.port}{self.path}"

    def render(self) -> bytes:
        """The bytes to send."""
        named = {name.lower(): value for name, value in self.headers}
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {named.get('host', f'{self.host}:{self.port}')}"]
        lines.append(f"User-Agent: {named.get('user-agent', USER_AGENT)}")
        lines.append(f"Accept: {named.get('accept', '*/*')}")
        lines += [f"{name}: {value}" for name, value in self.headers if name.lower() not in ("host", "user-agent", "accept")]
        lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode(errors="surrogateescape")


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back, or why nothing did (Go's words, in ``error``)."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""


async def probe_http(network: Network, probe: HttpProbe, timeout_ns: int) -> HttpAnswer:
    """Sends a request from the node and reads the answer, within the time."""
    deadline = network.kernel.now_ns + timeout_ns
    address = f"{probe.host}:{probe.port}"
    try:
        endpoint = await network.connect(network.node, (probe.host, probe.port), timeout_ns)
    except OSError as error:
        if network.kernel.now_ns >= deadline:
            return HttpAnswer(error=_timed_out(probe, "Client.Timeout exceeded while awaiting headers"))
        words = strerror(error.errno or 0).lower()
        return HttpAnswer(error=f'Get "{probe.url}": dial tcp {address}: connect: {words}')
    try:
        if probe.scheme == "https":
            return HttpAnswer(error=f'Get "{probe.url}": http: server gave HTTP response to HTTPS client')
        return await _exchange(network, endpoint, probe, deadline)
    finally:
        endpoint.close()


async def _exchange(network: Network, endpoint: Endpoint, probe: HttpProbe, deadline: int) -> HttpAnswer:
    kernel = network.kernel
    data = b""
    try:
        await endpoint.send(probe.render(), deadline - kernel.now_ns)
        while b"\r\n\r\n" not in data and b"\n\n" not in data and len(data) < HEAD_MAX:
            more = await endpoint.recv(timeout_ns=deadline - kernel.now_ns)
            if not more:
                return HttpAnswer(error=f'Get "{probe.url}": EOF')
            data += more
        answer = _parse(probe, data)
        while not answer.error and len(answer.body) < _wanted(answer):
            more = await endpoint.recv(timeout_ns=deadline - kernel.now_ns)
            if not more:
                break
            answer = HttpAnswer(answer.status, answer.headers, answer.body + more)
    except OSError as error:
        if error.errno == errno.ETIMEDOUT:
            return HttpAnswer(error=_timed_out(probe, "Client.Timeout exceeded while awaiting headers"))
        source = f"{endpoint.local[0]}:{endpoint.local[1]}->{probe.host}:{probe.port}"
        return HttpAnswer(error=f'Get "{probe.url}": read tcp {source}: read: {strerror(error.errno or 0).lower()}')
    return answer


def _timed_out(probe: HttpProbe, why: str) -> str:
    return f'Get "{probe.url}": context deadline exceeded ({why})'


def _wanted(answer: HttpAnswer) -> int:
    length = answer.headers.get("content-length", "")
    return min(int(length), BODY_MAX) if length.isdigit() else BODY_MAX


def _parse(probe: HttpProbe, data: bytes) -> HttpAnswer:
    separator = min((b"\r\n\r\n", b"\n\n"), key=lambda each: data.find(each) if each in data else len(data))
    head, _, body = data.partition(separator)
    first, *lines = head.decode(errors="replace").replace("\r", "").split("\n")
    words = first.split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not (len(words[1]) == 3 and words[1].isdigit()):
        return HttpAnswer(
            error=f'Get "{probe.url}": net/http: HTTP/1.x transport connection broken: malformed HTTP response "{first}"'
        )
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return HttpAnswer(int(words[1]), headers, body)
