"""The API server's own endpoints: where the service ``kubernetes`` leads.

The real server keeps them itself (its lease reconciler looks every ten seconds); here they come back at once.
"""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.client import Client
from podlab.mock.api.errors import AlreadyExists
from podlab.mock.clientgo.workqueue import ErrorHandler, raise_failure
from podlab.mock.controllers.base import Controller, Key
from podlab.mock.controllers.endpointslices import SERVICE_NAME, SLICES
from podlab.mock.controllers.mirroring import SKIP
from podlab.mock.kernel import Kernel
from podlab.mock.machine.network import Network

Obj = dict[str, Any]

PORT: Final = 6443
SERVICE: Final = ("default", "kubernetes")


class ApiServerEndpoints(Controller):
    """Keeps the Endpoints and the EndpointSlice of ``kubernetes``."""

    name = "kube-apiserver"

    def __init__(
        self,
        kernel: Kernel,
        make_client: Callable[[str], Client],
        on_failure: ErrorHandler = raise_failure,
        *,
        network: Network,
    ) -> None:
        super().__init__(kernel, make_client, on_failure)
        self._address = network.node.address or ""
        self.watch("services", _concerned)
        self._endpoints = self.watch("endpoints", _concerned)
        self._slices = self.watch(SLICES, _concerned)

    def reconcile(self, key: Key) -> None:
        """Makes them say where the server is."""
        ports = [{"name": "https", "port": PORT, "protocol": "TCP"}]
        subsets = [{"addresses": [{"ip": self._address}], "ports": ports}]
        self._keep("endpoints", self._endpoints.get(*key), "v1", "Endpoints", {SKIP: "true"}, {"subsets": subsets})
        endpoints = [{"addresses": [self._address], "conditions": {"ready": True}}]
        fields = {"addressType": "IPv4", "endpoints": endpoints, "ports": ports}
        labels = {SERVICE_NAME: SERVICE[1]}
        self._keep(SLICES, self._slices.get(*key), "discovery.k8s.io/v1", "EndpointSlice", labels, fields)

    def _keep(self, resource: str, found: Obj | None, version: str, kind: str, labels: Obj, fields: Obj) -> None:
        if found is None:
            meta = {"name": SERVICE[1], "namespace": SERVICE[0], "labels": labels}
            try:
                self.client.create(resource, SERVICE[0], {"kind": kind, "apiVersion": version, "metadata": meta, **fields})
            except AlreadyExists:
                return
        elif any(found.get(name) != value for name, value in fields.items()):
            self.client.update(resource, {**found, **fields})


def _concerned(obj: Obj) -> list[Key]:
    meta = obj["metadata"]
    return [SERVICE] if (meta.get("namespace"), meta["name"]) == SERVICE else []
