"""Endpoints: one object a service, with the addresses of its pods that are ready, and of those that are not."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from podlab.mock.api.client import Client, InformerEvent
from podlab.mock.api.errors import APIError, NotFound
from podlab.mock.clientgo.workqueue import ErrorHandler, raise_failure
from podlab.mock.controllers.base import Controller, Key, key_of
from podlab.mock.controllers.serving import Backend, Port, backends, selects
from podlab.mock.kernel import SECOND, Kernel

Obj = dict[str, Any]

TRIGGER: Final = "endpoints.kubernetes.io/last-change-trigger-time"
MANAGED_BY: Final = "endpoints.kubernetes.io/managed-by"
HEADLESS: Final = "service.kubernetes.io/headless"


class ServiceController(Controller):
    """What both controllers of endpoints have in common: a change of a pod concerns the services that select it."""

    def __init__(self, kernel: Kernel, make_client: Callable[[str], Client], on_failure: ErrorHandler = raise_failure) -> None:
        super().__init__(kernel, make_client, on_failure)
        self.services = self.watch("services")
        self.pods = self.watch("pods", self._selecting)

    def _selecting(self, pod: Obj) -> list[Key]:
        namespace = pod["metadata"]["namespace"]
        return [key for key, service in self.services.objects.items() if key[0] == namespace and selects(service, pod)]

    def backends(self, service: Obj) -> list[Backend]:
        """The pods behind a service."""
        namespace = service["metadata"]["namespace"]
        return backends(service, (pod for key, pod in self.pods.objects.items() if key[0] == namespace))


class EndpointsController(ServiceController):
    """Keeps the Endpoints of services with a selector."""

    name = "endpoint-controller"

    def __init__(self, kernel: Kernel, make_client: Callable[[str], Client], on_failure: ErrorHandler = raise_failure) -> None:
        super().__init__(kernel, make_client, on_failure)
        self._gone: set[Key] = set()
        self._endpoints = self.watch("endpoints")
        self.services.add_handler(self._service_changed)

    def _service_changed(self, event: InformerEvent) -> None:
        if event.type == "DELETED":
            self._gone.add(key_of(event.obj))

    def reconcile(self, key: Key) -> None:
        """Makes a service's Endpoints what they should be."""
        service = self.services.get(*key)
        found = self._endpoints.get(*key)
        if service is None:
            self._drop(key, found)
            return
        if not service["spec"].get("selector") or service["spec"].get("type") == "ExternalName":
            return
        wanted = _subsets(self.backends(service), bool(service["spec"].get("publishNotReadyAddresses")))
        labels = _labels(service)
        if found is None:
            self._create(service, labels, wanted)
        elif (found.get("subsets") or []) != wanted or (found["metadata"].get("labels") or {}) != labels:
            meta = {**found["metadata"], "labels": labels, "annotations": self._triggered(found)}
            self.client.update("endpoints", {**found, "metadata": meta, "subsets": wanted})

    def _drop(self, key: Key, found: Obj | None) -> None:
        """A service has gone, and its Endpoints go with it, whoever made them. Endpoints that never had one stay."""
        gone = key in self._gone
        self._gone.discard(key)
        if found is not None and gone:
            try:
                self.client.delete("endpoints", *key)
            except NotFound:
                return

    def _create(self, service: Obj, labels: Obj, subsets: list[Obj]) -> None:
        meta = service["metadata"]
        made: Obj = {
            "kind": "Endpoints",
            "apiVersion": "v1",
            "metadata": {
                "name": meta["name"],
                "namespace": meta["namespace"],
                "labels": labels,
                "annotations": self._triggered(service),
            },
            "subsets": subsets,
        }
        try:
            self.client.create("endpoints", meta["namespace"], made)
        except APIError as error:
            if error.http_code not in (403, 404, 409):
                raise

    def _triggered(self, obj: Obj) -> Obj:
        moment = datetime.fromtimestamp(self.kernel.wall_ns // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        known = obj["metadata"].get("annotations") or {} if obj.get("kind") == "Endpoints" else {}
        return {**known, TRIGGER: moment}


def _labels(service: Obj) -> Obj:
    labels = dict(service["metadata"].get("labels") or {})
    if service["spec"].get("clusterIP") == "None":
        labels[HEADLESS] = ""
    labels[MANAGED_BY] = "endpoint-controller"
    return labels


def _subsets(found: list[Backend], publish_unready: bool) -> list[Obj]:
    """Addresses grouped by the ports that they serve."""
    groups: dict[tuple[Port, ...], tuple[list[Obj], list[Obj]]] = {}
    for backend in found:
        if backend.terminating and not publish_unready:
            continue
        ready, unready = groups.setdefault(backend.ports, ([], []))
        (ready if backend.ready or publish_unready else unready).append(_address(backend))
    subsets = []
    for ports in sorted(groups):
        ready, unready = groups[ports]
        subset: Obj = {}
        if ready:
            subset["addresses"] = ready
        if unready:
            subset["notReadyAddresses"] = unready
        if ports:
            subset["ports"] = [_port(port) for port in ports]
        subsets.append(subset)
    return subsets


def _address(backend: Backend) -> Obj:
    address: Obj = {"ip": backend.ip}
    if backend.hostname:
        address["hostname"] = backend.hostname
    return {**address, "nodeName": backend.node_name, "targetRef": backend.target()}


def _port(port: Port) -> Obj:
    name, number, protocol, application = port
    made: Obj = {"name": name} if name else {}
    made |= {"port": number, "protocol": protocol}
    return {**made, "appProtocol": application} if application else made
