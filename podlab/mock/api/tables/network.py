"""Services, endpoints and network policies."""

from collections.abc import Iterator
from typing import Any

from podlab.mock.api.tables.printer import (
    AGE,
    NAME,
    NONE,
    SELECTOR,
    UNSET,
    Clock,
    Printer,
    age,
    column,
    labels_text,
    section,
    selector_text,
    some,
)  # fmt: skip

Obj = dict[str, Any]


def _external_address(obj: Obj) -> str:
    spec = section(obj, "spec")
    given = spec.get("externalIPs") or []
    match spec.get("type", "ClusterIP"):
        case "ExternalName":
            return str(spec.get("externalName", ""))
        case "LoadBalancer":
            ingress = section(section(obj, "status"), "loadBalancer").get("ingress") or []
            found = [one.get("ip") or one.get("hostname", "") for one in ingress]
            return ",".join([*given, *found]) or "<pending>"
    return ",".join(given) or NONE


def _port(port: Obj) -> str:
    number = f"{port['port']}:{port['nodePort']}" if port.get("nodePort") else str(port["port"])
    return f"{number}/{port.get('protocol', 'TCP')}"


def _service(obj: Obj, clock: Clock) -> list[Any]:
    spec = section(obj, "spec")
    return [
        obj["metadata"]["name"],
        spec.get("type", "ClusterIP"),
        (spec.get("clusterIPs") or [NONE])[0],
        _external_address(obj),
        ",".join(map(_port, spec.get("ports") or ())) or NONE,
        age(obj, clock),
        labels_text(spec.get("selector")),
    ]


def _addresses(obj: Obj) -> Iterator[str]:
    for subset in obj.get("subsets") or ():
        addresses = [one["ip"] for one in subset.get("addresses") or ()]
        if not subset.get("ports"):
            yield from addresses
        for port in subset.get("ports") or ():
            for address in addresses:
                yield f"[{address}]:{port['port']}" if ":" in address else f"{address}:{port['port']}"


def _endpoints(obj: Obj, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], some(_addresses(obj), "" if obj.get("subsets") else NONE), age(obj, clock)]


def _endpoint_slice(obj: Obj, clock: Clock) -> list[Any]:
    ports = (str(port.get("port", "*")) for port in obj.get("ports") or ())
    endpoints = (address for one in obj.get("endpoints") or () for address in one.get("addresses") or ())
    return [obj["metadata"]["name"], obj.get("addressType", ""), some(ports, UNSET), some(endpoints, UNSET), age(obj, clock)]


def _network_policy(obj: Obj, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], selector_text(section(obj, "spec").get("podSelector")), age(obj, clock)]


PRINTERS = {
    "services": Printer(
        (NAME, column("Type"), column("Cluster-IP"), column("External-IP"), column("Port(s)"), AGE, SELECTOR), _service
    ),
    "endpoints": Printer((NAME, column("Endpoints"), AGE), _endpoints),
    "endpointslices.discovery.k8s.io": Printer(
        (NAME, column("AddressType"), column("Ports"), column("Endpoints"), AGE), _endpoint_slice
    ),
    "networkpolicies.networking.k8s.io": Printer((NAME, column("Pod-Selector"), AGE), _network_policy),
}
