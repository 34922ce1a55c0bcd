"""EndpointSlices: the addresses of a service's pods in slices of a hundred, with what is known of each."""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.client import Client
from podlab.mock.api.errors import APIError, NotFound
from podlab.mock.clientgo.workqueue import ErrorHandler, raise_failure
from podlab.mock.controllers.base import Key
from podlab.mock.controllers.endpoints import HEADLESS, ServiceController
from podlab.mock.controllers.serving import Backend, Port
from podlab.mock.kernel import Kernel

Obj = dict[str, Any]

SLICES: Final = "endpointslices.discovery.k8s.io"
SERVICE_NAME: Final = "kubernetes.io/service-name"
MANAGED_BY: Final = "endpointslice.kubernetes.io/managed-by"
CONTROLLER: Final = "endpointslice-controller.k8s.io"
MAX_ENDPOINTS: Final = 100


class EndpointSliceController(ServiceController):
    """Keeps the slices of services with a selector."""

    name = "endpointslice-controller"

    def __init__(self, kernel: Kernel, make_client: Callable[[str], Client], on_failure: ErrorHandler = raise_failure) -> None:
        super().__init__(kernel, make_client, on_failure)
        self._slices = self.watch(SLICES, _service_of)

    def reconcile(self, key: Key) -> None:
        """Makes a service's slices what they should be."""
        service = self.services.get(*key)
        found = [each for each in self._slices.objects.values() if _service_of(each) == [key]]
        if service is None or not service["spec"].get("selector") or service["spec"].get("type") == "ExternalName":
            for each in found:
                self._delete(each)
            return
        wanted = self._wanted(service)
        for each, contents in zip(found, wanted, strict=False):
            changed = {**each, **contents, "metadata": {**each["metadata"], "labels": _labels(service)}}
            if changed != each:
                self.client.update(SLICES, changed)
        for contents in wanted[len(found) :]:
            self._create(service, contents)
        for each in found[len(wanted) :]:
            self._delete(each)

    def _wanted(self, service: Obj) -> list[Obj]:
        """What the slices should hold; there is always one, so that clients learn of a service without endpoints."""
        groups: dict[tuple[Port, ...], list[Backend]] = {}
        for backend in self.backends(service):
            groups.setdefault(backend.ports, []).append(backend)
        publish = bool(service["spec"].get("publishNotReadyAddresses"))
        wanted = []
        for ports in sorted(groups):
            members = groups[ports]
            for start in range(0, len(members), MAX_ENDPOINTS):
                endpoints = [_endpoint(each, publish) for each in members[start : start + MAX_ENDPOINTS]]
                wanted.append({"endpoints": endpoints, "ports": [_port(port) for port in ports]})
        return wanted or [{"endpoints": [], "ports": []}]

    def _create(self, service: Obj, contents: Obj) -> None:
        meta = service["metadata"]
        owner = {
            "apiVersion": "v1",
            "kind": "Service",
            "name": meta["name"],
            "uid": meta["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
        made = {
            "kind": "EndpointSlice",
            "apiVersion": "discovery.k8s.io/v1",
            "metadata": {
                "generateName": f"{meta['name']}-",
                "namespace": meta["namespace"],
                "labels": _labels(service),
                "ownerReferences": [owner],
            },
            "addressType": "IPv4",
            **contents,
        }
        try:
            self.client.create(SLICES, meta["namespace"], made)
        except APIError as error:
            if error.http_code not in (403, 404):
                raise

    def _delete(self, found: Obj) -> None:
        try:
            self.client.delete(SLICES, found["metadata"]["namespace"], found["metadata"]["name"])
        except NotFound:
            return


def _service_of(found: Obj) -> list[Key]:
    meta = found["metadata"]
    labels = meta.get("labels") or {}
    if labels.get(MANAGED_BY) != CONTROLLER:
        return []
    return [(meta["namespace"], labels.get(SERVICE_NAME, ""))]


def _labels(service: Obj) -> Obj:
    meta = service["metadata"]
    labels = {**(meta.get("labels") or {}), MANAGED_BY: CONTROLLER, SERVICE_NAME: meta["name"]}
    if service["spec"].get("clusterIP") == "None":
        labels[HEADLESS] = ""
    return labels


def _endpoint(backend: Backend, publish: bool) -> Obj:
    serving = backend.ready or publish
    ready = publish or (serving and not backend.terminating)
    endpoint: Obj = {
        "addresses": [backend.ip],
        "conditions": {"ready": ready, "serving": serving, "terminating": backend.terminating},
    }
    if backend.hostname:
        endpoint["hostname"] = backend.hostname
    return {**endpoint, "targetRef": backend.target(), "nodeName": backend.node_name}


def _port(port: Port) -> Obj:
    name, number, protocol, application = port
    made: Obj = {"name": name, "protocol": protocol, "port": number}
    return {**made, "appProtocol": application} if application else made
