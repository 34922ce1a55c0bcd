"""Paths: what a request is about.

``/api/v1/namespaces/NS/pods/NAME/log`` -> resource, namespace, name, subresource, and the verb that its method stands for.
"""

from dataclasses import dataclass
from typing import Final

from podlab.mock.api.errors import MethodNotAllowed, NotFound
from podlab.mock.api.options import flag
from podlab.mock.api.rbac import Attributes
from podlab.mock.api.request import Request
from podlab.mock.api.resources import Resource, ResourceTable

_VERBS: Final = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "GET": "get", "HEAD": "get"}
_CONNECT: Final = ("attach", "exec", "portforward", "proxy", "log")


@dataclass(frozen=True, slots=True)
class Route:
    """What a request is about.

    Attributes:
        namespace: ``""`` for cluster-scoped resources, and for lists of all namespaces.
        path: what follows the ``proxy`` subresource.
    """

    verb: str
    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    path: str = ""

    @property
    def attributes(self) -> Attributes:
        """The route as authorization sees it."""
        resource = self.resource
        return Attributes(self.verb, resource.group, resource.plural, self.subresource, self.namespace, self.name)


def find_route(table: ResourceTable, request: Request) -> Route | None:
    """The route of a path under ``/api/v1`` or ``/apis/GROUP/VERSION``; None for any other path.

    Raises:
        NotFound: there is no such resource.
        MethodNotAllowed: the resource has no such verb.
    """
    parts = request.path.strip("/").split("/")
    if parts[0] == "api" and len(parts) > 2:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[0] == "apis" and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    watch = flag(request, "watch") or False
    if rest[0] == "watch" and len(rest) > 1:
        watch, rest = True, rest[1:]
    resource, namespace, rest = _resolve(table, group, version, rest)
    name = rest[0] if rest else ""
    subresource = rest[1] if len(rest) > 1 else ""
    path = "/".join(rest[2:])
    if subresource == "proxy" and request.path.endswith("/") and path:
        path += "/"
    if (len(rest) > 2 and subresource != "proxy") or (subresource and subresource not in resource.subresources):
        raise NotFound.unknown_resource()
    verb = _verb(request.method, name, subresource, watch)
    allowed = resource.subresources[subresource].verbs if subresource else resource.verbs
    if verb not in allowed or (verb == "create" and name and not subresource):
        raise MethodNotAllowed.on_path()
    return Route(verb, resource, namespace, name, subresource, f"/{path}" if subresource == "proxy" else "")


def _resolve(table: ResourceTable, group: str, version: str, rest: list[str]) -> tuple[Resource, str, list[str]]:
    if rest[0] == "namespaces" and len(rest) > 2:
        found = table.find(group, version, rest[2])
        if found is not None and found.namespaced:
            return found, rest[1], rest[3:]
    found = table.find(group, version, rest[0])
    if found is None:
        raise NotFound.unknown_resource()
    if found.namespaced and len(rest) > 1:
        raise NotFound.unknown_resource()
    return found, "", rest[1:]


def _verb(method: str, name: str, subresource: str, watch: bool) -> str:
    verb = _VERBS.get(method, "")
    if verb == "get" and not name:
        return "watch" if watch else "list"
    if verb == "get" and watch and not subresource:
        return "watch"
    return "deletecollection" if verb == "delete" and not name else verb


def needs_node(route: Route) -> bool:
    """Does the request reach into a pod?"""
    return route.subresource in _CONNECT
