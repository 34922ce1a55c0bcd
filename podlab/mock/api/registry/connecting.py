"""Reaching into pods: log, exec, attach, port-forward and proxy, checked as the real server does, then asked of the node."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote as url_quote
from urllib.parse import urlencode

from podlab.mock.api.decoding.times import parse_time
from podlab.mock.api.errors import BadRequest, Cause, InternalError, Invalid, NotFound, ServiceUnavailable, quote
from podlab.mock.api.node import ExecAnswer, LogAnswer, LogOptions, NodeAgent, PortForwardAnswer, ProxyAnswer
from podlab.mock.api.options import flag, integer
from podlab.mock.api.registry.base import Registry
from podlab.mock.api.registry.updating import Target
from podlab.mock.api.request import Request
from podlab.mock.kernel import SECOND, Time

Obj = dict[str, Any]

_PROGRAMS, _IMAGES = "podlab-programs", "image"
"""The header by which an exec asks to be a witness: to run the image's programs, whatever the container has in their place."""
_DEFAULT_CONTAINER: Final = "kubectl.kubernetes.io/default-container"
_HOP_BY_HOP: Final = frozenset(
    ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
     "host", "content-length", "authorization", "accept-encoding")
)  # fmt: skip


class Connector:
    """Answers the subresources that reach containers.

    Args:
        node: the kubelet; None in a server without one, which then refuses.
    """

    def __init__(self, registry: Registry, node: NodeAgent | None) -> None:
        self._registry = registry
        self.node = node

    def log(self, target: Target, request: Request) -> LogAnswer:
        """``pods/NAME/log``. Raises BadRequest, Invalid, NotFound."""
        pod = self._pod(target)
        container = _choose_container(pod, request.param("container"), ephemeral=True, default=False)
        options = self._log_options(request, container)
        node = self._node_of(pod)
        if not options.previous:
            _check_has_started(pod, container)
        return LogAnswer(node.logs(pod, options))

    def exec(self, target: Target, request: Request) -> ExecAnswer:
        """``pods/NAME/exec``. Raises BadRequest, NotFound."""
        pod = self._pod(target)
        command = list(request.query.get("command") or ())
        streams = _streams(request)
        if not command:
            raise BadRequest("you must specify at least one command for the container")
        container = _choose_container(pod, request.param("container"), ephemeral=True, default=True)
        _check_running(pod)
        node = self._node_of(pod)
        stdin, stdout, stderr, tty = streams
        witness = request.headers.get(_PROGRAMS) == _IMAGES
        return ExecAnswer(
            "exec", lambda: node.exec(pod, container, command, stdin, stdout, stderr, tty, witness), stdin, stdout, stderr, tty
        )

    def attach(self, target: Target, request: Request) -> ExecAnswer:
        """``pods/NAME/attach``. Raises BadRequest, NotFound."""
        pod = self._pod(target)
        stdin, stdout, stderr, tty = _streams(request)
        container = _choose_container(pod, request.param("container"), ephemeral=True, default=True)
        node = self._node_of(pod)
        return ExecAnswer("attach", lambda: node.attach(pod, container, stdin, stdout, stderr, tty), stdin, stdout, stderr, tty)

    def port_forward(self, target: Target, request: Request) -> PortForwardAnswer:
        """``pods/NAME/portforward``. Raises BadRequest, NotFound."""
        pod = self._pod(target)
        ports = []
        for text in ",".join(request.query.get("ports") or ()).split(","):
            if text:
                if not text.isdigit() or not 0 < int(text) < 65536:
                    raise BadRequest(
                        f"unable to parse {quote(text)} as a port: strconv.ParseUint: parsing {quote(text)}: invalid syntax"
                    )
                ports.append(int(text))
        node = self._node_of(pod)
        return PortForwardAnswer(tuple(ports), lambda port: node.port_forward(pod, port))

    def proxy_pod(self, target: Target, path: str, request: Request) -> ProxyAnswer:
        """``pods/[SCHEME:]NAME[:PORT]/proxy/...``. Raises BadRequest, NotFound."""
        scheme, name, port = _split_proxy_name(target.name)
        pod = self._registry.get(target.resource, target.namespace, name)
        if not port:
            port = next((str(one["containerPort"]) for one in _container_ports(pod)), "")
        address = (pod.get("status") or {}).get("podIP", "")
        if not address:
            raise BadRequest("address not allowed")
        number = self._port_number(port, pod)
        return self._proxy(target, scheme, address, number, path, request)

    def proxy_service(self, target: Target, path: str, request: Request) -> ProxyAnswer:
        """``services/[SCHEME:]NAME[:PORT]/proxy/...``. Raises BadRequest, NotFound, ServiceUnavailable."""
        scheme, name, port = _split_proxy_name(target.name)
        service = self._registry.get(target.resource, target.namespace, name)
        ports = (service.get("spec") or {}).get("ports") or []
        chosen = next((one for one in ports if not port or port in (one.get("name"), str(one["port"]))), None)
        if (not port and len(ports) != 1) or chosen is None:
            raise ServiceUnavailable(f"no service port {quote(port)} found for service {quote(name)}")
        endpoints = self._registry.find("endpoints", target.namespace, name)
        if endpoints is None:
            raise NotFound("endpoints", name)
        for subset in endpoints.get("subsets") or ():
            for one in subset.get("ports") or ():
                if one.get("name", "") == chosen.get("name", "") and subset.get("addresses"):
                    address = self._registry.kernel.random("proxy").choice(subset["addresses"])["ip"]
                    return self._proxy(target, scheme, address, one["port"], path, request)
        raise ServiceUnavailable(f"no endpoints available for service {quote(name)}")

    def _proxy(self, target: Target, scheme: str, address: str, port: int, path: str, request: Request) -> ProxyAnswer:
        if scheme not in ("", "http"):
            raise BadRequest(f"podlab does not model the proxy's scheme {quote(scheme)}; http is served")
        node = self._node()
        line = url_quote(path or "/", safe="/:@!$&'()*+,;=-._~")
        query = urlencode(request.query, doseq=True)
        return ProxyAnswer(
            lambda: node.dial(address, port),
            _render_request(request, f"{line}?{query}" if query else line, f"{address}:{port}"),
            f"{address}:{port}",
            f"/api/v1/namespaces/{target.namespace}/{target.resource.plural}/{target.name}/proxy",
        )

    def _port_number(self, port: str, pod: Obj) -> int:
        if port.isdigit() and 0 < int(port) < 65536:
            return int(port)
        for one in _container_ports(pod):
            if port and one.get("name") == port:
                return int(one["containerPort"])
        return 80 if not port else _no_port(port)

    def _log_options(self, request: Request, container: str) -> LogOptions:
        since, stream = integer(request, "sinceSeconds"), request.param("stream") or "All"
        tail, limit = integer(request, "tailLines"), integer(request, "limitBytes")
        causes = []
        if tail is not None and tail < 0:
            causes.append(Cause("FieldValueInvalid", f"Invalid value: {tail}: must be greater than or equal to 0", "tailLines"))
        if limit is not None and limit < 1:
            causes.append(Cause("FieldValueInvalid", f"Invalid value: {limit}: must be greater than 0", "limitBytes"))
        if since is not None and request.param("sinceTime"):
            causes.append(
                Cause("FieldValueForbidden", "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified", "")
            )
        elif since is not None and since < 1:
            causes.append(Cause("FieldValueInvalid", f"Invalid value: {since}: must be greater than 0", "sinceSeconds"))
        if stream not in ("All", "Stdout", "Stderr"):
            why = f'Unsupported value: {quote(stream)}: supported values: "All", "Stderr", "Stdout"'
            causes.append(Cause("FieldValueNotSupported", why, "stream"))
        if causes:
            raise Invalid("PodLogOptions", request.path.split("/")[-2], causes)
        return LogOptions(
            container=container,
            follow=flag(request, "follow") or False,
            previous=flag(request, "previous") or False,
            timestamps=flag(request, "timestamps") or False,
            since_time=self._since(since, request.param("sinceTime")),
            tail_lines=tail,
            limit_bytes=limit,
            stream="Stdout" if stream == "Stdout" else "Stderr" if stream == "Stderr" else "All",
        )

    def _since(self, seconds: int | None, text: str) -> Time | None:
        kernel = self._registry.kernel
        if seconds is not None:
            return Time(kernel.now_ns - seconds * SECOND)
        if not text:
            return None
        try:
            return Time(parse_time(text) - kernel.epoch_ns)
        except ValueError as error:
            raise BadRequest(str(error)) from error

    def _pod(self, target: Target) -> Obj:
        return self._registry.get(target.resource, target.namespace, target.name)

    def _node(self) -> NodeAgent:
        if self.node is None:
            raise InternalError("this server has no node to reach containers through")
        return self.node

    def _node_of(self, pod: Obj) -> NodeAgent:
        if not (pod.get("spec") or {}).get("nodeName"):
            name = pod["metadata"]["name"]
            raise BadRequest(f"pod {name} does not have a host assigned")
        return self._node()


def _no_port(port: str) -> int:
    raise BadRequest(f"no port {quote(port)} found")


def _containers(pod: Obj, ephemeral: bool) -> Iterator[Obj]:
    spec = pod.get("spec") or {}
    yield from spec.get("containers") or ()
    yield from spec.get("initContainers") or ()
    if ephemeral:
        yield from spec.get("ephemeralContainers") or ()


def _container_ports(pod: Obj) -> Iterator[Obj]:
    for container in (pod.get("spec") or {}).get("containers") or ():
        yield from container.get("ports") or ()


def _choose_container(pod: Obj, name: str, *, ephemeral: bool, default: bool) -> str:
    """The container that is meant. Raises BadRequest when it is not said, or not one of the pod's."""
    meta, spec = pod["metadata"], pod.get("spec") or {}
    if name:
        if all(container["name"] != name for container in _containers(pod, ephemeral)):
            raise BadRequest(f"container {name} is not valid for pod {meta['name']}")
        return name
    containers = [container["name"] for container in spec.get("containers") or ()]
    inits = [container["name"] for container in spec.get("initContainers") or ()]
    debug = [container["name"] for container in spec.get("ephemeralContainers") or ()]
    if len(containers) == 1:
        return str(containers[0])
    annotated = (meta.get("annotations") or {}).get(_DEFAULT_CONTAINER)
    if default and annotated in containers:
        return str(annotated)
    message = f"a container name must be specified for pod {meta['name']}, choose one of: [{' '.join(containers)}]"
    if inits:
        message += f" or one of the init containers: [{' '.join(inits)}]"
    if debug:
        message += f" or one of the ephemeral containers: [{' '.join(debug)}]"
    raise BadRequest(message)


def _streams(request: Request) -> tuple[bool, bool, bool, bool]:
    """stdin, stdout, stderr, tty. Raises BadRequest."""
    stdin, stdout, stderr, tty = (flag(request, name) or False for name in ("stdin", "stdout", "stderr", "tty"))
    if not (stdin or stdout or stderr):
        raise BadRequest("you must specify at least 1 of stdin, stdout, stderr")
    return stdin, stdout, stderr and not tty, tty


def _check_running(pod: Obj) -> None:
    phase = (pod.get("status") or {}).get("phase")
    if phase in ("Succeeded", "Failed"):
        raise BadRequest(f"cannot exec into a container in a completed pod; current phase is {phase}")


def container_status(pod: Obj, name: str) -> Obj | None:
    """The status of a container of the pod, or None."""
    status = pod.get("status") or {}
    for key in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"):
        for one in status.get(key) or ():
            if one["name"] == name:
                found: Obj = one
                return found
    return None


def _check_has_started(pod: Obj, container: str) -> None:
    """A container that has never run has no log. Raises BadRequest as the kubelet would."""
    name, status = pod["metadata"]["name"], container_status(pod, container)
    if status is None:
        raise BadRequest(f"container {quote(container)} in pod {quote(name)} is not available")
    if status.get("lastState", {}).get("terminated"):
        return
    waiting = (status.get("state") or {}).get("waiting")
    if waiting is None:
        return
    reason = waiting.get("reason", "")
    if reason in ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"):
        why = {"ErrImagePull": "image can't be pulled", "ImagePullBackOff": "trying and failing to pull image"}.get(reason)
        if why:
            raise BadRequest(f"container {quote(container)} in pod {quote(name)} is waiting to start: {why}")
    raise BadRequest(f"container {quote(container)} in pod {quote(name)} is waiting to start: {reason}")


def _split_proxy_name(text: str) -> tuple[str, str, str]:
    """``[SCHEME:]NAME[:PORT]``. Raises BadRequest."""
    parts = text.split(":")
    if len(parts) == 1:
        return "", parts[0], ""
    if len(parts) == 2:
        return "", parts[0], parts[1]
    if len(parts) == 3 and parts[0] in ("", "http", "https"):
        return parts[0], parts[1], parts[2]
    raise BadRequest(f"invalid service request {quote(text)}")


def _render_request(request: Request, target: str, host: str) -> bytes:
    lines = [f"{request.method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name.title()}: {value}" for name, value in request.headers.items() if name not in _HOP_BY_HOP]
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        lines.append(f"Content-Length: {len(request.body)}")
    lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace") + request.body
