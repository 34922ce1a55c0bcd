"""The API server: one request in, one answer out. No sockets.

`APIServer.handle` routes, authorizes, decodes, calls the verbs, and encodes. Its answers are whole (`Response`), or go on
(`WatchStream`, or one of the `NodeStream` kinds) and are joined to the client's socket by `podlab.mock.server`.
"""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from podlab.mock.api import admission, nonresource, protobuf
from podlab.mock.api.codec import encode, encode_yaml
from podlab.mock.api.errors import APIError, BadRequest, InternalError, RequestEntityTooLarge, UnsupportedMediaType
from podlab.mock.api.impersonation import effective_user
from podlab.mock.api.listing import Page
from podlab.mock.api.negotiation import JSON, PROTOBUF, YAML, body_type, negotiate
from podlab.mock.api.node import NodeAgent, NodeStream
from podlab.mock.api.options import (
    PatchType,
    WriteOptions,
    check_patch_options,
    delete_options,
    list_options,
    watch_options,
    write_options,
)
from podlab.mock.api.presenting import Presenter
from podlab.mock.api.rbac import Attributes
from podlab.mock.api.registry.connecting import Connector
from podlab.mock.api.registry.updating import Target
from podlab.mock.api.request import Request, Response, UserInfo, WatchStream
from podlab.mock.api.routing import Route, find_route
from podlab.mock.api.schema import GroupVersionKind
from podlab.mock.api.verbs import Verbs
from podlab.mock.api.watching import WatchServer
from podlab.mock.kernel import Kernel
from podlab.mock.store import Store

Obj = dict[str, Any]
Answer = Response | WatchStream | NodeStream

MAX_BODY_BYTES: Final = 3 * 1024 * 1024
_ENDPOINTS_WARNING: Final = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
_PATCH_MEDIA: Final = {kind.value: kind for kind in PatchType}


class APIServer:
    """A Kubernetes API on a store.

    Args:
        kernel: the clock and the random numbers.
        store: where objects are.
        node: the kubelet, for what reaches into containers; may be set later (`connector.node`).
    """

    def __init__(self, kernel: Kernel, store: Store, node: NodeAgent | None = None) -> None:
        self.kernel = kernel
        self.store = store
        self.verbs = Verbs(kernel, store)
        self.connector = Connector(self.verbs.registry, node)
        self.on_fault: Callable[[Request, str], None] = _ignore
        """Told of an exception that became a 500, with its traceback."""
        self._handlers: Mapping[str, Callable[[Route, Request], Answer]] = {
            "get": self._get,
            "list": self._list,
            "watch": self._watch,
            "create": self._create,
            "update": self._update,
            "patch": self._patch,
            "delete": self._delete,
            "deletecollection": self._delete_collection,
        }

    @property
    def revision(self) -> int:
        """How often what is stored has changed."""
        return self.store.revision

    def authenticate(self, token: str) -> UserInfo | None:
        """The service account whose token this is, or None."""
        try:
            return self.verbs.tokens.authenticate(token)
        except (ValueError, KeyError, TypeError):
            return None

    def handle(self, request: Request) -> Answer:
        """Answers a request; what goes wrong is an answer too."""
        try:
            if any(name.startswith("impersonate-") for name in request.headers):
                request = replace(request, user=effective_user(request, self.verbs.authorizer))
            route = find_route(self.verbs.registry.table, request)
            if route is None:
                wanted = Attributes(request.method.lower(), path=request.path)
                self.verbs.authorizer.check(request.user, wanted)
                return nonresource.answer(self, request)
            self.verbs.authorizer.check(request.user, route.attributes)
            if len(request.body) > MAX_BODY_BYTES:
                raise RequestEntityTooLarge(f"limit is {MAX_BODY_BYTES}")
            return self._handlers[route.verb](route, request)
        except APIError as error:
            return self.failure(request, error)
        except Exception as error:  # a fault of this server: told to the client as one, and to whoever listens
            self.on_fault(request, traceback.format_exc())
            return self.failure(request, InternalError(f"{type(error).__name__}: {error}"))

    def failure(self, request: Request, error: APIError) -> Response:
        """The answer that tells of an error."""
        headers = {"content-type": JSON, "cache-control": "no-cache, private"}
        if error.retry_after_seconds:
            headers["retry-after"] = str(error.retry_after_seconds)
        return Response(error.http_code, headers, encode(error.status, self.kernel.epoch_ns))

    def respond(self, status: int, obj: Any, media: str = JSON, warnings: list[str] | None = None) -> Response:
        """A whole answer."""
        headers = {"content-type": media, "cache-control": "no-cache, private"}
        if warnings:
            headers["warning"] = ", ".join(f'299 - "{_quoted(text)}"' for text in dict.fromkeys(warnings))
        epoch_ns = self.kernel.epoch_ns
        return Response(status, headers, encode_yaml(obj, epoch_ns) if media == YAML else encode(obj, epoch_ns))

    def _get(self, route: Route, request: Request) -> Answer:
        target = _target(route)
        if route.subresource in ("exec", "attach", "portforward", "proxy", "log"):
            return self._connect(route, request)
        presenter = self._presenter(route, request)
        return self.respond(200, presenter.one(self.verbs.get_target(target)), presenter.wanted.media, _warnings(route))

    def _connect(self, route: Route, request: Request) -> NodeStream:
        target = _target(route)
        match route.subresource, route.resource.plural:
            case ("log", _):
                return self.connector.log(target, request)
            case ("exec", _):
                return self.connector.exec(target, request)
            case ("attach", _):
                return self.connector.attach(target, request)
            case ("portforward", _):
                return self.connector.port_forward(target, request)
            case (_, "services"):
                return self.connector.proxy_service(target, route.path, request)
        return self.connector.proxy_pod(target, route.path, request)

    def _list(self, route: Route, request: Request) -> Answer:
        options = list_options(request)
        presenter = self._presenter(route, request)
        page = self.verbs.list_resource(route.resource, route.namespace, options)
        return self.respond(200, presenter.list(page), presenter.wanted.media, _warnings(route))

    def _watch(self, route: Route, request: Request) -> Answer:
        resource, options = route.resource, watch_options(request)
        wanted = negotiate(request.headers.get("accept", ""), watch=True)
        presenter = Presenter.of(resource, wanted, self.kernel, request)
        fields = request.param("fieldSelector")
        if route.name:
            fields = ",".join(filter(None, (f"metadata.name={route.name}", fields)))
        selection = self.verbs.select(resource, request.param("labelSelector"), fields)
        headers = {"content-type": JSON, "cache-control": "no-cache, private"}
        if warnings := _warnings(route):
            headers["warning"] = ", ".join(f'299 - "{_quoted(text)}"' for text in warnings)
        stream = WatchStream(headers)
        form = (resource.key, resource.version, wanted.kind) if wanted.kind != "Table" else None
        feeder = WatchServer(self.kernel, self.store, stream, selection, presenter.event, presenter.bookmark, form)
        feeder.start(resource.storage_key, route.namespace or None, options)
        return stream

    def _create(self, route: Route, request: Request) -> Answer:
        if route.subresource in ("exec", "attach", "portforward", "proxy"):
            return self._connect(route, request)
        presenter = self._presenter(route, request)
        options = write_options(request, "CreateOptions")
        obj = self._read(route, request, options)
        stored = self.verbs.create_target(_target(route), obj, options)
        return self.respond(201, presenter.one(stored), presenter.wanted.media, [*_warnings(route), *options.warnings])

    def _update(self, route: Route, request: Request) -> Answer:
        if route.subresource == "proxy":
            return self._connect(route, request)
        presenter = self._presenter(route, request)
        options = write_options(request, "UpdateOptions")
        obj = self._read(route, request, options)
        stored, created = self.verbs.update_target(_target(route), obj, options)
        warnings = [*_warnings(route), *options.warnings]
        return self.respond(201 if created else 200, presenter.one(stored), presenter.wanted.media, warnings)

    def _patch(self, route: Route, request: Request) -> Answer:
        if route.subresource == "proxy":
            return self._connect(route, request)
        presenter = self._presenter(route, request)
        kind = _PATCH_MEDIA.get(request.headers.get("content-type", "").partition(";")[0].strip())
        if kind is None or (kind is PatchType.STRATEGIC and route.resource.custom is not None):
            built_in = route.resource.custom is None
            raise UnsupportedMediaType([one.value for one in PatchType if built_in or one is not PatchType.STRATEGIC])
        options = write_options(request, "PatchOptions")
        check_patch_options(request, kind)
        patch = admission.untyped(request.body, YAML if kind is PatchType.APPLY else JSON)
        stored, created = self.verbs.patch_target(_target(route), kind, patch, options)
        warnings = [*_warnings(route), *options.warnings]
        return self.respond(201 if created else 200, presenter.one(stored), presenter.wanted.media, warnings)

    def _delete(self, route: Route, request: Request) -> Answer:
        if route.subresource == "proxy":
            return self._connect(route, request)
        presenter = self._presenter(route, request)
        options = delete_options(request, self._read_options(request))
        obj, gone = self.verbs.delete_target(_target(route), options)
        if gone and not self.verbs.registry.strategy(route.resource).returns_deleted:
            return self.respond(200, _deleted(route, obj), presenter.wanted.media, options.warnings)
        return self.respond(200, presenter.one(obj), presenter.wanted.media, [*_warnings(route), *options.warnings])

    def _delete_collection(self, route: Route, request: Request) -> Answer:
        presenter = self._presenter(route, request)
        options = delete_options(request, self._read_options(request))
        items = self.verbs.delete_collection(route.resource, route.namespace, list_options(request), options)
        return self.respond(200, presenter.list(Page(items, self.store.revision)), presenter.wanted.media, options.warnings)

    def _presenter(self, route: Route, request: Request) -> Presenter:
        wanted = negotiate(request.headers.get("accept", ""))
        return Presenter.of(route.resource, wanted, self.kernel, request)

    def _read(self, route: Route, request: Request, options: WriteOptions) -> Obj:
        """The body as an object of the kind that the path speaks of. Raises BadRequest."""
        media = body_type(request.headers.get("content-type", ""))
        resource = route.resource
        if resource.custom is not None and route.subresource != "scale":
            given = admission.untyped(request.body, media)
            if not isinstance(given, dict):
                raise BadRequest("the body of the request is not an object")
            obj, warnings = self.verbs.registry.admission(resource).decode_object(
                given, options.field_validation, self.kernel.epoch_ns
            )
        else:
            kind, epoch_ns = _kind_of_body(route), self.kernel.epoch_ns
            if media == PROTOBUF:
                obj, warnings = admission.decode_object(protobuf.decode_body(request.body), kind, "Ignore", epoch_ns)
            else:
                obj, warnings = admission.decode(request.body, media, kind, options.field_validation, epoch_ns)
        options.warnings.extend(warnings)
        return obj

    def _read_options(self, request: Request) -> Mapping[str, Any]:
        """``DeleteOptions``, which may be left out."""
        if not request.body.strip():
            return {}
        media = body_type(request.headers.get("content-type", ""))
        kind = GroupVersionKind("", "v1", "DeleteOptions")
        given = protobuf.decode_body(request.body) if media == PROTOBUF else admission.untyped(request.body, media)
        if given is None or given == {}:
            return {}
        if not isinstance(given, dict):
            raise BadRequest("the body of the request is not a DeleteOptions object")
        return admission.decode_object({**given, "kind": "DeleteOptions", "apiVersion": "v1"}, kind, "Ignore", 0)[0]


def _target(route: Route) -> Target:
    return Target(route.resource, route.namespace, route.name, route.subresource)


def _kind_of_body(route: Route) -> GroupVersionKind:
    resource = route.resource
    if not route.subresource:
        return resource.gvk
    subresource = resource.subresources[route.subresource]
    if subresource.group:
        return GroupVersionKind(subresource.group, subresource.version, subresource.kind)
    return GroupVersionKind(resource.group, resource.version, subresource.kind)


def _deleted(route: Route, obj: Obj) -> Obj:
    resource = route.resource
    details = {"name": route.name, "group": resource.group, "kind": resource.plural, "uid": obj["metadata"].get("uid")}
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": {key: value for key, value in details.items() if value},
    }


def _warnings(route: Route) -> list[str]:
    return [_ENDPOINTS_WARNING] if route.resource.key == "endpoints" else []


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _ignore(request: Request, text: str) -> None:
    """Nobody listens."""
