"""Which pods serve a service, at which addresses and ports: what Endpoints and EndpointSlices are made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.controllers.base import condition

Obj = dict[str, Any]
Port = tuple[str, int, str, str]
"""Name, number, protocol, application protocol."""

FINISHED: Final = ("Succeeded", "Failed")


@dataclass(frozen=True, slots=True)
class Backend:
    """A pod behind a service.

    Attributes:
        ip, node_name, hostname: Where it is; ``hostname`` is set when the service gives it a name of its own.
        ready: Its Ready condition (or the service does not ask).
        terminating: It is being deleted.
        ports: What the service's ports are at this pod.
        reference: To the pod, as ``targetRef``.
    """

    ip: str
    node_name: str
    hostname: str
    ready: bool
    terminating: bool
    ports: tuple[Port, ...]
    reference: tuple[tuple[str, str], ...]

    def target(self) -> Obj:
        """The reference as an object."""
        return dict(self.reference)


def selects(service: Obj, pod: Obj) -> bool:
    """Does the service's selector choose the pod? A service without one chooses none."""
    selector = service["spec"].get("selector")
    if not selector or service["spec"].get("type") == "ExternalName":
        return False
    labels = pod["metadata"].get("labels") or {}
    return all(labels.get(key) == value for key, value in selector.items())


def backends(service: Obj, pods: Iterable[Obj]) -> list[Backend]:
    """The pods behind a service, by address; those that have ended and those without an address are none."""
    found = [_backend(service, pod) for pod in pods if selects(service, pod) and _has_place(pod)]
    return sorted(found, key=lambda backend: tuple(map(int, backend.ip.split("."))))


def _has_place(pod: Obj) -> bool:
    status = pod.get("status") or {}
    return bool(status.get("podIP")) and status.get("phase") not in FINISHED


def _backend(service: Obj, pod: Obj) -> Backend:
    meta, spec, status = pod["metadata"], pod["spec"], pod["status"]
    known = condition(status, "Ready")
    named = spec.get("hostname") and spec.get("subdomain") == service["metadata"]["name"]
    target = {"kind": "Pod", "namespace": meta["namespace"], "name": meta["name"], "uid": meta["uid"]}
    return Backend(
        ip=status["podIP"],
        node_name=spec.get("nodeName", ""),
        hostname=spec["hostname"] if named else "",
        ready=known is not None and known["status"] == "True",
        terminating=meta.get("deletionTimestamp") is not None,
        ports=tuple(_ports(service, pod)),
        reference=tuple(target.items()),
    )


def _ports(service: Obj, pod: Obj) -> Iterable[Port]:
    for port in service["spec"].get("ports") or ():
        protocol = port.get("protocol", "TCP")
        number = _number(port.get("targetPort", port["port"]), protocol, pod)
        if number is not None:
            yield port.get("name", ""), number, protocol, port.get("appProtocol", "")


def _number(target: int | str, protocol: str, pod: Obj) -> int | None:
    """The port of a pod that a service's ``targetPort`` means; None when it has none of that name."""
    if isinstance(target, int):
        return target
    spec = pod["spec"]
    sidecars = [each for each in spec.get("initContainers") or () if each.get("restartPolicy") == "Always"]
    for container in [*spec["containers"], *sidecars]:
        for port in container.get("ports") or ():
            if port.get("name") == target and port.get("protocol", "TCP") == protocol:
                return int(port["containerPort"])
    return None
