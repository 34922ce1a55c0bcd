"""HTTP to a pod or a service through the API server's `proxy`: from wherever kubectl works."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from podlab.errors import NotFound, PodlabError, Unauthorized
from podlab.lab.api import API, Target
from podlab.lab.transport import error_of
from podlab.lab.wait import FIRST


@dataclass(frozen=True, slots=True)
class Response:
    """What an application answered, or what the API server said in its place.

    Attributes:
        status: the HTTP status code.
        body: the answer's bytes.
        headers: its headers, names in lower case.
        error: the API server's message where no application answered (no endpoints, connection refused), else empty.
    """

    status: int
    body: bytes = field(repr=False, default=b"")
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    error: str = ""

    @property
    def ok(self) -> bool:
        """Is the status below 400?"""
        return self.status < 400

    @property
    def text(self) -> str:
        """The body as text; undecodable bytes are replaced."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"HTTP {self.status}\n{self.error or self.text}".rstrip()


def request(
    api: API,
    target: Target,
    path: str = "/",
    port: int | str | None = None,
    *,
    method: str = "GET",
    body: str | bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_seconds: float = 30.0,
) -> Response:
    """Ask a pod or a service over HTTP, from inside the cluster.

    Args:
        api: where.
        target: a pod or a service.
        path: path and query.
        port: number or name; for a pod by default the first that it declares, else 80; for a service its only one.
        method: HTTP method.
        body: the request's body.
        headers: more headers.
        timeout_seconds: longest silence, in real time.

    Returns:
        The answer, whatever its status. That nobody listens is an answer too: 502 or 503, with `error`.

    Raises:
        NotFound: there is no such pod or service.
        Forbidden: the kubeconfig's user may not use the proxy.
    """
    if target.resource.plural not in ("pods", "services") or not target.name:
        raise PodlabError(f"podlab cannot speak HTTP to {target}.", "name a pod or a service: `pod/web`, `service/web`.")
    if method != "GET":
        api.allow(target)
    place = Target(target.resource, target.namespace, f"{target.name}:{port}" if port is not None else target.name)
    route, _, query = path.partition("?")
    full = f"{place.path('proxy')}/{route.lstrip('/')}{f'?{query}' if query else ''}"
    payload = body.encode() if isinstance(body, str) else body
    answer = api.connection.send(
        method,
        full,
        body=payload,
        headers={"Accept": "*/*", **FIRST, **(headers or {})},
        content_type=(headers or {}).get("Content-Type", "text/plain"),
        read_seconds=timeout_seconds,
        once=True,
    )
    return _response(target, answer)


def _response(target: Target, answer: Any) -> Response:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    error = ""
    if answer.status >= 400 and "json" in headers.get("content-type", ""):
        spoken = error_of(answer.status, answer.data)
        if spoken.status.get("apiVersion") == "v1":
            if isinstance(spoken, Unauthorized) or spoken.reason == "Forbidden" or _is_missing(spoken, target):
                raise spoken
            error = str(spoken.status.get("message", ""))
    return Response(answer.status, answer.data, headers, error)


def _is_missing(error: Any, target: Target) -> bool:
    """Is the pod or the service itself not there? A service without endpoints is there, and nobody answers."""
    details = error.status.get("details") or {}
    return isinstance(error, NotFound) and (details.get("kind"), details.get("name")) == (target.resource.plural, target.name)
