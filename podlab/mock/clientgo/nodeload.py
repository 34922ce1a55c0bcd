"""What the pods of one node take of it, kept up to date pod by pod, so that one more pod costs the same beside many."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from podlab.mock.api.defaulting.resources import Resources, pod_resources
from podlab.mock.api.quantity import Quantity
from podlab.mock.clientgo.placement import host_ports

Obj = dict[str, Any]

NOTHING = Quantity(0)


@dataclass(frozen=True, slots=True)
class Shortage:
    """A resource of which a node has too little, in its smallest unit (thousandths for cpu)."""

    resource: str
    requested: int
    used: int
    capacity: int


@dataclass(frozen=True, slots=True)
class _Share:
    pod: Obj
    requests: Resources
    ports: set[tuple[str, str, int]]


class NodeLoad:
    """The pods on a node."""

    def __init__(self) -> None:
        self._shares: dict[Hashable, _Share] = {}
        self._requests: Resources = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._shares

    def add(self, key: Hashable, pod: Obj) -> None:
        """A pod came, or changed."""
        self.remove(key)
        share = _Share(pod, pod_resources(pod["spec"], "requests"), host_ports(pod["spec"]))
        self._shares[key] = share
        for name, quantity in share.requests.items():
            self._requests[name] = self._requests.get(name, NOTHING) + quantity

    def remove(self, key: Hashable) -> None:
        """A pod went, if it was there."""
        share = self._shares.pop(key, None)
        for name, quantity in share.requests.items() if share else ():
            self._requests[name] = self._requests[name] - quantity

    @property
    def pods(self) -> list[Obj]:
        """The pods."""
        return [share.pod for share in self._shares.values()]

    @property
    def ports(self) -> set[tuple[str, str, int]]:
        """The node's ports that they take."""
        return {port for share in self._shares.values() for port in share.ports}

    def shortages(self, pod: Obj, allocatable: Mapping[str, str]) -> Iterator[Shortage]:
        """What one more pod would lack: room for a pod, and resources that it requests."""
        room = Quantity.parse(allocatable.get("pods", "110")).value
        if len(self._shares) + 1 > room:
            yield Shortage("pods", 1, len(self._shares), room)
        for name, wanted in pod_resources(pod["spec"], "requests").items():
            capacity, used = Quantity.parse(allocatable.get(name, "0")), self._requests.get(name, NOTHING)
            if wanted.nanos > 0 and wanted + used > capacity:
                amounts = [each.millis if name == "cpu" else each.value for each in (wanted, used, capacity)]
                yield Shortage(name, *amounts)
