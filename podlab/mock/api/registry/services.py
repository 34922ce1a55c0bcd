"""Services: cluster addresses and node ports.

What is taken is read off the stored services, so there is nothing to keep in step. The ranges are the real server's: addresses of
``10.96.0.0/12`` (the first is the API's own service, the tenth the cluster's DNS) and ports from 30000 to 32767. Of each range,
the lower band is left for requests that name a value, as the real allocator does.
"""

import ipaddress
from typing import TYPE_CHECKING, Any, Final

from podlab.mock.api.errors import Cause, InternalError, Invalid
from podlab.mock.api.options import WriteOptions
from podlab.mock.api.registry.strategy import Strategy
from podlab.mock.kernel import SECOND, Kernel

if TYPE_CHECKING:
    from podlab.mock.api.registry.base import Registry

Obj = dict[str, Any]

CLUSTER_NETWORK: Final = ipaddress.IPv4Network("10.96.0.0/12")
NODE_PORTS: Final = range(30000, 32768)
_STATIC_ADDRESSES: Final = 256
_STATIC_PORTS: Final = 86


KUBERNETES_ADDRESS: Final = "10.96.0.1"
_RESTORED_AFTER_NS: Final = 10 * SECOND


def kubernetes_service() -> Obj:
    """The manifest of the API's own service, which the API server keeps there."""
    labels = {"component": "apiserver", "provider": "kubernetes"}
    ports = [{"name": "https", "protocol": "TCP", "port": 443, "targetPort": 6443}]
    return {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {"name": "kubernetes", "namespace": "default", "labels": labels},
        "spec": {"ports": ports, "clusterIP": KUBERNETES_ADDRESS, "clusterIPs": [KUBERNETES_ADDRESS], "type": "ClusterIP"},
    }


class ServiceStrategy(Strategy):
    """Gives services their addresses and ports."""

    create_on_update = True

    def __init__(self, kernel: Kernel) -> None:
        self._random = kernel.random("services")

    def allocate(self, registry: "Registry", obj: Obj) -> Obj:
        """The service with what its type needs, and did not have."""
        meta = obj["metadata"]
        others = [
            (other.get("spec") or {})
            for other in registry.list("services", None)
            if (other["metadata"].get("namespace"), other["metadata"]["name"]) != (meta.get("namespace"), meta.get("name"))
        ]
        spec = dict(obj.get("spec") or {})
        if _needs_address(spec):
            spec = self._with_address(obj, spec, {one.get("clusterIP", "") for one in others})
        taken = {port.get("nodePort") or 0 for one in others for port in one.get("ports") or ()}
        taken |= {one.get("healthCheckNodePort") or 0 for one in others}
        if _needs_ports(spec):
            spec["ports"] = self._with_ports(obj, spec.get("ports") or [], taken)
        if spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local":
            taken |= {port.get("nodePort") or 0 for port in spec.get("ports") or ()}
            spec["healthCheckNodePort"] = self._health_port(spec.get("healthCheckNodePort") or 0, taken)
        return {**obj, "spec": spec}

    def before_update(self, registry: "Registry", new: Obj, old: Obj, subresource: str) -> Obj:
        """What the client leaves out stays as it was allocated, as long as the type still has it."""
        if subresource:
            return new
        spec, before = dict(new.get("spec") or {}), old.get("spec") or {}
        if _needs_address(before) and _needs_address(spec):
            for name in ("clusterIP", "clusterIPs"):
                if not spec.get(name) and before.get(name):
                    spec[name] = before[name]
        if _needs_address(before) and not _needs_address(spec) and spec.get("clusterIP") == before.get("clusterIP"):
            spec.pop("clusterIP", None)
            spec.pop("clusterIPs", None)
        if _needs_ports(before) and _needs_ports(spec):
            spec["ports"] = _with_old_node_ports(spec.get("ports") or [], before.get("ports") or [])
        elif _needs_ports(before):
            spec["ports"] = _without_old_node_ports(spec.get("ports") or [], before.get("ports") or [])
        return {**new, "spec": spec}

    def after_delete(self, registry: "Registry", obj: Obj) -> None:
        """The API's own service comes back."""
        if (obj["metadata"]["namespace"], obj["metadata"]["name"]) == ("default", "kubernetes"):
            registry.kernel.call_after(_RESTORED_AFTER_NS, _restore, registry)

    def _with_address(self, obj: Obj, spec: Obj, taken: set[str]) -> Obj:
        address = spec.get("clusterIP") or (spec.get("clusterIPs") or [""])[0]
        if not address:
            address = self._free_address(taken)
        elif address != "None":
            _check_address(obj, address, taken)
        return {**spec, "clusterIP": address, "clusterIPs": spec.get("clusterIPs") or [address]}

    def _free_address(self, taken: set[str]) -> str:
        size = CLUSTER_NETWORK.num_addresses
        while True:
            address = str(CLUSTER_NETWORK[self._random.randrange(_STATIC_ADDRESSES, size - 1)])
            if address not in taken:
                return address

    def _with_ports(self, obj: Obj, ports: list[Obj], taken: set[int]) -> list[Obj]:
        result = []
        given: dict[int, set[str]] = {}
        for index, port in enumerate(ports):
            number, protocol = port.get("nodePort") or 0, port.get("protocol", "TCP")
            if number:
                shared = number in given and protocol not in given[number]
                if number not in NODE_PORTS or ((number in taken or number in given) and not shared):
                    raise _port_error(obj, index, number)
            else:
                free = [one for one in NODE_PORTS[_STATIC_PORTS:] if one not in taken and one not in given]
                number = self._random.choice(free)
            given.setdefault(number, set()).add(protocol)
            result.append({**port, "nodePort": number})
        return result

    def _health_port(self, number: int, taken: set[int]) -> int:
        if not number:
            return int(self._random.choice([one for one in NODE_PORTS[_STATIC_PORTS:] if one not in taken]))
        if number not in NODE_PORTS or number in taken:
            raise InternalError(f"failed to allocate requested HealthCheck NodePort {number}: {_port_words(number)}")
        return number


def _restore(registry: "Registry") -> None:
    from podlab.mock.api.registry.creating import create_object

    if registry.find("services", "default", "kubernetes") is None:
        create_object(registry, registry.resource("services"), "default", kubernetes_service(), WriteOptions("kube-apiserver"))


def _needs_address(spec: Obj) -> bool:
    return spec.get("type", "ClusterIP") in ("ClusterIP", "NodePort", "LoadBalancer")


def _needs_ports(spec: Obj) -> bool:
    kind = spec.get("type", "ClusterIP")
    return bool(kind == "NodePort" or (kind == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts", True)))


def _identity(port: Obj) -> tuple[str, int]:
    return port.get("protocol", "TCP"), port.get("port", 0)


def _with_old_node_ports(ports: list[Obj], before: list[Obj]) -> list[Obj]:
    old = {_identity(port): port["nodePort"] for port in before if port.get("nodePort")}
    named = {port["nodePort"] for port in ports if port.get("nodePort")}
    return [
        {**port, "nodePort": old[_identity(port)]}
        if not port.get("nodePort") and _identity(port) in old and old[_identity(port)] not in named
        else port
        for port in ports
    ]


def _without_old_node_ports(ports: list[Obj], before: list[Obj]) -> list[Obj]:
    """A type that has no node ports loses those that it had (others are for validation to refuse)."""
    old = {port.get("nodePort") for port in before}
    return [
        {key: value for key, value in port.items() if key != "nodePort"} if port.get("nodePort") in old else port
        for port in ports
    ]


def _check_address(obj: Obj, address: str, taken: set[str]) -> None:
    try:
        inside = ipaddress.IPv4Address(address) in CLUSTER_NETWORK
    except ValueError:
        return  # validation says what is wrong with it
    if not inside:
        why = f"failed to allocate IP {address}: the provided network does not match the current range"
    elif address in taken:
        why = f"failed to allocate IP {address}: provided IP is already allocated"
    else:
        return
    cause = Cause("FieldValueInvalid", f'Invalid value: ["{address}"]: {why}', "spec.clusterIPs")
    raise Invalid("Service", obj["metadata"].get("name", ""), [cause])


def _port_words(number: int) -> str:
    if number in NODE_PORTS:
        return "provided port is already allocated"
    return f"provided port is not in the valid range. The range of valid ports is {NODE_PORTS[0]}-{NODE_PORTS[-1]}"


def _port_error(obj: Obj, index: int, number: int) -> Invalid:
    field = f"spec.ports[{index}].nodePort"
    cause = Cause("FieldValueInvalid", f"Invalid value: {number}: {_port_words(number)}", field)
    return Invalid("Service", obj["metadata"].get("name", ""), [cause])
