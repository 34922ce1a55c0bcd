"""Endpoints that somebody wrote by hand, for a service without a selector, are mirrored into EndpointSlices, which all read."""

from typing import Any, Final

from podlab.mock.api.errors import NotFound
from podlab.mock.controllers.base import Controller, Key, key_of
from podlab.mock.controllers.endpointslices import MANAGED_BY, SERVICE_NAME, SLICES

Obj = dict[str, Any]

CONTROLLER: Final = "endpointslicemirroring-controller.k8s.io"
SKIP: Final = "endpointslice.kubernetes.io/skip-mirror"
COPIED: Final = ("hostname", "nodeName", "targetRef")


class EndpointSliceMirroringController(Controller):
    """Keeps the mirrors."""

    name = "endpointslice-mirroring-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._services = self.watch("services")
        self._endpoints = self.watch("endpoints")
        self._slices = self.watch(SLICES, _mirrored)

    def reconcile(self, key: Key) -> None:
        """Makes the mirrors what they should be."""
        service, endpoints = self._services.get(*key), self._endpoints.get(*key)
        found = [each for each in self._slices.objects.values() if _mirrored(each) == [key]]
        wanted = _slices(endpoints) if endpoints and service and not service["spec"].get("selector") else []
        for each, contents in zip(found, wanted, strict=False):
            if {**each, **contents} != each:
                self.client.update(SLICES, {**each, **contents})
        for contents in wanted[len(found) :] if endpoints else ():
            self.client.create(SLICES, key[0], _new(endpoints or {}, contents))
        for each in found[len(wanted) :]:
            self._delete(each)

    def _delete(self, found: Obj) -> None:
        try:
            self.client.delete(SLICES, *key_of(found))
        except NotFound:
            return


def _mirrored(found: Obj) -> list[Key]:
    meta = found["metadata"]
    labels = meta.get("labels") or {}
    return [(meta["namespace"], labels.get(SERVICE_NAME, ""))] if labels.get(MANAGED_BY) == CONTROLLER else []


def _slices(endpoints: Obj) -> list[Obj]:
    """What the mirrors of Endpoints hold: one for each subset."""
    if (endpoints["metadata"].get("labels") or {}).get(SKIP) == "true":
        return []
    return [
        {
            "endpoints": [
                *(_endpoint(address, True) for address in subset.get("addresses") or ()),
                *(_endpoint(address, False) for address in subset.get("notReadyAddresses") or ()),
            ],
            "ports": [{"name": "", "protocol": "TCP", **port} for port in subset.get("ports") or ()],
        }
        for subset in endpoints.get("subsets") or ()
    ]


def _endpoint(address: Obj, ready: bool) -> Obj:
    copied = {name: address[name] for name in COPIED if address.get(name)}
    return {"addresses": [address["ip"]], "conditions": {"ready": ready}, **copied}


def _new(endpoints: Obj, contents: Obj) -> Obj:
    meta = endpoints["metadata"]
    owner = {"apiVersion": "v1", "kind": "Endpoints", "name": meta["name"], "uid": meta["uid"]}
    return {
        "kind": "EndpointSlice",
        "apiVersion": "discovery.k8s.io/v1",
        "metadata": {
            "generateName": f"{meta['name']}-",
            "namespace": meta["namespace"],
            "labels": {**(meta.get("labels") or {}), MANAGED_BY: CONTROLLER, SERVICE_NAME: meta["name"]},
            "ownerReferences": [{**owner, "controller": True, "blockOwnerDeletion": True}],
        },
        "addressType": "IPv4",
        **contents,
    }
