"""Paths that are no resources: discovery, version, health, OpenAPI."""

import hashlib
from typing import TYPE_CHECKING, Any, Final

from podlab.mock.api import discovery
from podlab.mock.api.codec import encode
from podlab.mock.api.errors import MethodNotAllowed, NotFound, NotModelled
from podlab.mock.api.negotiation import DISCOVERY_KIND, JSON, negotiate
from podlab.mock.api.openapi import documents
from podlab.mock.api.request import Request, Response

if TYPE_CHECKING:
    from podlab.mock.api.server import APIServer

Obj = dict[str, Any]

VERSION: Final[Obj] = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.2",
    "gitCommit": "podlab",
    "gitTreeState": "clean",
    "buildDate": "2026-01-01T00:00:00Z",
    "goVersion": "go1.26.3",
    "compiler": "gc",
    "platform": "linux/amd64",
}
"""The version whose behaviour is modelled."""

_HEALTH: Final = {
    "/healthz": ("ping", "log", "etcd"),
    "/livez": ("ping", "log", "etcd"),
    "/readyz": ("ping", "log", "etcd", "etcd-readiness", "informer-sync", "shutdown"),
}
"""The checks of each; those of the server's own hooks after its start are left out."""
_AGGREGATED_TYPE: Final = f"{JSON};g=apidiscovery.k8s.io;v=v2;as={DISCOVERY_KIND}"


def answer(server: "APIServer", request: Request) -> Response:
    """Answers a request for a path that is no resource. Raises NotFound, MethodNotAllowed, NotModelled."""
    path = request.path.rstrip("/") or "/"
    if request.method not in ("GET", "HEAD"):
        raise MethodNotAllowed.on_path()
    if path.startswith(tuple(_HEALTH)):
        return _health(request, path)
    if path in ("/api", "/apis"):
        return _discover(server, request, path)
    if path == "/version":
        return server.respond(200, VERSION)
    if path == "/":
        return server.respond(200, {"paths": _paths(server)})
    if path == "/metrics":
        raise NotModelled("the API server's metrics (/metrics)")
    if path.startswith("/openapi/"):
        return documents.answer(server, request, path)
    return _document(server, path)


def _health(request: Request, path: str) -> Response:
    """All is well, always. Raises NotFound for a check that does not exist."""
    name, _, check = path.lstrip("/").partition("/")
    checks = _HEALTH.get(f"/{name}", ())
    if not checks or (check and check not in checks):
        raise NotFound.unknown_resource()
    if check or "verbose" not in request.query:
        return _text("ok")
    excluded = request.query.get("exclude", [])
    lines = [f"[+]{one} excluded: ok" if one in excluded else f"[+]{one} ok" for one in checks]
    return _text("\n".join([*lines, f"{name} check passed", ""]))


def _document(server: "APIServer", path: str) -> Response:
    table = server.verbs.registry.table
    parts = path.strip("/").split("/")
    found: Obj | None = None
    if parts[0] == "api" and len(parts) == 2:
        found = discovery.resource_list(table, "", parts[1])
    elif parts[0] == "apis" and len(parts) == 2:
        found = discovery.group(table, parts[1])
    elif parts[0] == "apis" and len(parts) == 3:
        found = discovery.resource_list(table, parts[1], parts[2])
    if found is None:
        raise NotFound.unknown_resource()
    return server.respond(200, found)


def _discover(server: "APIServer", request: Request, path: str) -> Response:
    table = server.verbs.registry.table
    wanted = negotiate(request.headers.get("accept", ""), discovery=True)
    if wanted.kind != DISCOVERY_KIND:
        return server.respond(200, discovery.api_versions() if path == "/api" else discovery.group_list(table))
    body = encode(discovery.aggregated(table, path == "/api"), server.kernel.epoch_ns)
    return with_etag(request, body, _AGGREGATED_TYPE)


def with_etag(request: Request, body: bytes, content_type: str) -> Response:
    """A document that a client may have already."""
    tag = f'"{hashlib.sha512(body).hexdigest().upper()}"'
    headers = {"content-type": content_type, "etag": tag, "vary": "Accept", "cache-control": "public"}
    if request.headers.get("if-none-match") == tag:
        return Response(304, headers, b"")
    return Response(200, headers, body)


def _paths(server: "APIServer") -> list[str]:
    groups = server.verbs.registry.table.groups()
    named = [f"/apis/{name}/{version}" for name, versions in groups.items() if name for version in versions]
    return sorted(
        ["/api", "/api/v1", "/apis", *named, *(f"/apis/{name}" for name in groups if name), *_HEALTH,
         "/openapi/v2", "/openapi/v3", "/version"]
    )  # fmt: skip


def _text(text: str) -> Response:
    return Response(200, {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}, text.encode())
