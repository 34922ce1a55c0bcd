"""kube-proxy: what becomes of a connection to a service's address. Keeps the network's table of virtual addresses."""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.client import Client
from podlab.mock.clientgo.workqueue import ErrorHandler, raise_failure
from podlab.mock.controllers.base import Controller, Key
from podlab.mock.controllers.endpointslices import SERVICE_NAME, SLICES
from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.network import Address, Network, ServiceRoute

Obj = dict[str, Any]
Virtual = tuple[str, int, str]
"""Address, port and protocol (``tcp``, ``udp``)."""

AFFINITY_SECONDS: Final = 10_800


class _Balancer:
    """The endpoints of one port of a service, one of which is chosen for each new connection."""

    def __init__(self, kernel: Kernel, endpoints: list[Address], affinity_ns: int) -> None:
        self._kernel = kernel
        self._endpoints = endpoints
        self._affinity_ns = affinity_ns
        self._clients: dict[str, tuple[Address, int]] = {}

    def pick(self, source: str) -> Address | None:
        """The endpoint for a connection from ``source``: any, or with session affinity the one it had."""
        if not self._endpoints:
            return None
        now = self._kernel.now_ns
        known = self._clients.get(source)
        if known is not None and now - known[1] < self._affinity_ns:
            chosen = known[0]
        else:
            chosen = self._kernel.random("kube-proxy").choice(self._endpoints)
        if self._affinity_ns:
            self._clients[source] = chosen, now
        return chosen

    def adopt(self, other: "_Balancer") -> None:
        """Takes over which client had which endpoint, as far as those are still there."""
        if self._affinity_ns:
            kept = {source: known for source, known in other._clients.items() if known[0] in self._endpoints}
            self._clients.update(kept)


class KubeProxy(Controller):
    """Routes services of the types ClusterIP, NodePort and LoadBalancer (which never gets an address from outside)."""

    name = "kube-proxy"

    def __init__(
        self,
        kernel: Kernel,
        make_client: Callable[[str], Client],
        on_failure: ErrorHandler = raise_failure,
        *,
        network: Network,
    ) -> None:
        super().__init__(kernel, make_client, on_failure)
        self._network = network
        self._balancers: dict[Key, dict[Virtual, _Balancer]] = {}
        self._services = self.watch("services")
        self._slices = self.watch(SLICES, _service_of)

    def reconcile(self, key: Key) -> None:
        """Makes the table say what a service and its slices say."""
        service = self._services.get(*key)
        before = self._balancers.pop(key, {})
        now = {} if service is None else self._balancers_of(service)
        for virtual in before:
            if virtual not in now:
                self._network.services.pop(virtual, None)
        for virtual, balancer in now.items():
            if virtual in before:
                balancer.adopt(before[virtual])
            self._network.services[virtual] = ServiceRoute(balancer.pick)
        if now:
            self._balancers[key] = now

    def _balancers_of(self, service: Obj) -> dict[Virtual, _Balancer]:
        spec = service["spec"]
        if spec.get("type") == "ExternalName" or spec.get("clusterIP", "None") in ("", "None"):
            return {}
        affinity = self._affinity_ns(spec)
        found: dict[Virtual, _Balancer] = {}
        for port in spec.get("ports") or ():
            protocol = port.get("protocol", "TCP").lower()
            balancer = _Balancer(self.kernel, self._endpoints(service, port), affinity)
            for address in [*spec.get("clusterIPs", [spec["clusterIP"]]), *(spec.get("externalIPs") or ())]:
                found[address, port["port"], protocol] = balancer
            if port.get("nodePort") and self._network.node.address:
                found[self._network.node.address, port["nodePort"], protocol] = balancer
        return found

    def _affinity_ns(self, spec: Obj) -> int:
        if spec.get("sessionAffinity") != "ClientIP":
            return 0
        config = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        return int(config.get("timeoutSeconds") or AFFINITY_SECONDS) * SECOND

    def _endpoints(self, service: Obj, port: Obj) -> list[Address]:
        """The endpoints of a port: those that are ready, else those that are ending but still serve."""
        meta = service["metadata"]
        ready: list[Address] = []
        ending: list[Address] = []
        for each in self._slices.objects.values():
            if _service_of(each) != [(meta["namespace"], meta["name"])]:
                continue
            number = next((p["port"] for p in each.get("ports") or () if p.get("name", "") == port.get("name", "")), None)
            for endpoint in each.get("endpoints") or () if number is not None else ():
                conditions = endpoint.get("conditions") or {}
                addresses = [(address, int(number or 0)) for address in endpoint["addresses"]]
                if conditions.get("ready", True):
                    ready += addresses
                elif conditions.get("serving") and conditions.get("terminating"):
                    ending += addresses
        return sorted(ready or ending)


def _service_of(found: Obj) -> list[Key]:
    meta = found["metadata"]
    name = (meta.get("labels") or {}).get(SERVICE_NAME)
    return [(meta["namespace"], name)] if name else []
