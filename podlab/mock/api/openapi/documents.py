"""The documents themselves: ``/openapi/v3`` and its parts, and ``/openapi/v2``."""

import hashlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from podlab.mock.api.codec import encode
from podlab.mock.api.errors import NotAcceptable, NotFound
from podlab.mock.api.negotiation import JSON
from podlab.mock.api.openapi.schemas import SchemaWriter, schema_name
from podlab.mock.api.openapi.swagger_protobuf import MEDIA_TYPES, encode_swagger
from podlab.mock.api.options import PatchType
from podlab.mock.api.request import Request, Response
from podlab.mock.api.resources import Resource, ResourceTable

if TYPE_CHECKING:
    from podlab.mock.api.server import APIServer

Obj = dict[str, Any]

_INFO: Final = {"title": "Kubernetes", "version": "v1.36.2"}
_V2_SCHEMAS: Final = "#/definitions/"
_V3_SCHEMAS: Final = "#/components/schemas/"
_METHODS: Final = {
    "list": ("get", False), "create": ("post", False), "deletecollection": ("delete", False), "get": ("get", True),
    "update": ("put", True), "patch": ("patch", True), "delete": ("delete", True),
}  # fmt: skip
_WRITE_PARAMETERS: Final = ("dryRun", "fieldManager", "fieldValidation")
_LIST_PARAMETERS: Final = (
    "labelSelector", "fieldSelector", "limit", "continue", "resourceVersion", "resourceVersionMatch", "timeoutSeconds", "watch",
    "allowWatchBookmarks", "sendInitialEvents",
)  # fmt: skip


def answer(server: "APIServer", request: Request, path: str) -> Response:
    """Answers a request under ``/openapi``. Raises NotFound, NotAcceptable."""
    from podlab.mock.api.nonresource import with_etag

    table, accept = server.verbs.registry.table, request.headers.get("accept", "")
    if path == "/openapi/v3":
        return with_etag(request, _remembered(table, path, lambda: _encode(_root(table))), JSON)
    if path == "/openapi/v2" and any(media in accept for media in MEDIA_TYPES):
        body = _remembered(table, MEDIA_TYPES[0], lambda: encode_swagger(_swagger(table)))
        return with_etag(request, body, MEDIA_TYPES[0])
    if path == "/openapi/v2":
        if accept and JSON not in accept and "*/*" not in accept:
            raise NotAcceptable((JSON, *MEDIA_TYPES))
        return with_etag(request, _remembered(table, path, lambda: _encode(_swagger(table))), JSON)
    group, version = _group_version(path.removeprefix("/openapi/v3/"))
    resources = table.of(group, version)
    if not resources:
        raise NotFound.unknown_resource()
    return with_etag(request, _remembered(table, path, lambda: _encode(_document(resources))), JSON)


def _remembered(table: ResourceTable, name: str, make: Callable[[], bytes]) -> bytes:
    """A document, made when it is first asked for."""
    if name not in table.documents:
        table.documents[name] = make()
    return table.documents[name]


def _encode(document: Obj) -> bytes:
    return encode(document, 0)


def _group_version(path: str) -> tuple[str, str]:
    parts = path.split("/")
    if parts[0] == "api" and len(parts) == 2:
        return "", parts[1]
    return (parts[1], parts[2]) if parts[0] == "apis" and len(parts) == 3 else ("", "")


def _root(table: ResourceTable) -> Obj:
    paths: Obj = {}
    for group, versions in table.groups().items():
        for version in versions:
            name = f"apis/{group}/{version}" if group else f"api/{version}"
            marks = "".join(f"{one.plural}{one.custom or ''}" for one in table.of(group, version))
            tag = hashlib.sha256(marks.encode()).hexdigest().upper()
            paths[name] = {"serverRelativeURL": f"/openapi/v3/{name}?hash={tag}"}
    return {"paths": paths}


def _document(resources: list[Resource]) -> Obj:
    writer = SchemaWriter(_V3_SCHEMAS)
    paths: Obj = {}
    for resource in resources:
        writer.add(resource)
        paths |= _paths(resource, v3=True)
    return {
        "openapi": "3.0.0",
        "info": _INFO,
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(writer.schemas.items()))},
    }


def _swagger(table: ResourceTable) -> Obj:
    writer = SchemaWriter(_V2_SCHEMAS)
    paths: Obj = {}
    for resource in table:
        writer.add(resource)
        paths |= _paths(resource, v3=False)
    return {
        "swagger": "2.0",
        "info": _INFO,
        "paths": dict(sorted(paths.items())),
        "definitions": dict(sorted(writer.schemas.items())),
    }


def _paths(resource: Resource, v3: bool) -> Obj:
    root = f"/apis/{resource.group}/{resource.version}" if resource.group else f"/api/{resource.version}"
    collection = f"{root}/namespaces/{{namespace}}/{resource.plural}" if resource.namespaced else f"{root}/{resource.plural}"
    paths: Obj = {}
    for verb, (method, named) in _METHODS.items():
        if verb in resource.verbs:
            path = f"{collection}/{{name}}" if named else collection
            paths.setdefault(path, _shared_parameters(path, v3))[method] = _operation(resource, verb, v3)
    if resource.namespaced and "list" in resource.verbs:
        paths[f"{root}/{resource.plural}"] = {"get": _operation(resource, "list", v3)}
    for name, subresource in resource.subresources.items():
        path = f"{collection}/{{name}}/{name}"
        for verb in subresource.verbs:
            method = _METHODS[verb][0]
            group, version = (subresource.group, subresource.version) if subresource.group else (resource.group, resource.version)
            kind = {"group": group, "version": version, "kind": subresource.kind}
            operation = {**_operation(resource, verb, v3), "x-kubernetes-group-version-kind": kind}
            paths.setdefault(path, _shared_parameters(path, v3))[method] = operation
    return paths


def _shared_parameters(path: str, v3: bool) -> Obj:
    names = [name for name in ("name", "namespace") if f"{{{name}}}" in path]
    return {"parameters": [_parameter(name, v3, "path") for name in names]}


def _operation(resource: Resource, verb: str, v3: bool) -> Obj:
    reference = (_V3_SCHEMAS if v3 else _V2_SCHEMAS) + schema_name(resource) + ("List" if verb == "list" else "")
    operation: Obj = {
        "description": f"{verb} {resource.kind}",
        "operationId": f"{verb}{resource.group.partition('.')[0].title() or 'Core'}{resource.version.title()}{resource.kind}",
        "parameters": [_parameter(name, v3) for name in _parameters(verb)],
        "responses": {"200": _response(reference, v3)},
        "x-kubernetes-action": {"create": "post", "update": "put"}.get(verb, verb),
        "x-kubernetes-group-version-kind": {"group": resource.group, "version": resource.version, "kind": resource.kind},
    }
    if v3 and verb in ("create", "update"):
        operation["requestBody"] = {"content": {"*/*": {"schema": {"$ref": reference}}}, "required": True}
    elif v3 and verb == "patch":
        kinds = [kind for kind in PatchType if kind is not PatchType.STRATEGIC or resource.custom is None]
        operation["requestBody"] = {"content": {kind.value: {"schema": {"type": "object"}} for kind in kinds}, "required": True}
    elif not v3 and verb in ("create", "update", "patch"):
        body = {"type": "object"} if verb == "patch" else {"$ref": reference}
        operation["parameters"].append({"name": "body", "in": "body", "required": True, "schema": body})
    return operation


def _response(reference: str, v3: bool) -> Obj:
    schema = {"$ref": reference}
    return {"description": "OK", **({"content": {JSON: {"schema": schema}}} if v3 else {"schema": schema})}


def _parameters(verb: str) -> Iterator[str]:
    yield "pretty"
    if verb in ("create", "update", "patch"):
        yield from _WRITE_PARAMETERS
    if verb == "patch":
        yield "force"
    if verb in ("delete", "deletecollection"):
        yield from ("dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy")
    if verb in ("list", "deletecollection"):
        yield from _LIST_PARAMETERS


def _parameter(name: str, v3: bool, where: str = "query") -> Obj:
    kind = "boolean" if name in ("watch", "force", "allowWatchBookmarks", "sendInitialEvents", "orphanDependents") else "string"
    kind = "integer" if name in ("limit", "timeoutSeconds", "gracePeriodSeconds") else kind
    typed: Obj = {"schema": {"type": kind, "uniqueItems": True}} if v3 else {"type": kind, "uniqueItems": True}
    return {"name": name, "in": where, **({"required": True} if where == "path" else {}), **typed}
