"""What the scheduler takes to be on each node: the pods that the API shows there, and those it has just put there itself."""

from typing import Any

from podlab.mock.clientgo.nodeload import NodeLoad
from podlab.mock.controllers.base import Key

Obj = dict[str, Any]


class NodeLoads:
    """The pods of all nodes, and those among them that keep others away."""

    def __init__(self) -> None:
        self._loads: dict[str, NodeLoad] = {}
        self._nodes: dict[Key, str] = {}
        self._repelling: dict[str, dict[Key, Obj]] = {}

    def on(self, node: str) -> NodeLoad:
        """What is on a node."""
        return self._loads.setdefault(node, NodeLoad())

    def repelling(self, node: str) -> list[Obj]:
        """The pods on a node with a required anti-affinity."""
        return list(self._repelling.get(node, {}).values())

    def add(self, key: Key, pod: Obj, node: str) -> None:
        """A pod is on a node."""
        if self._nodes.get(key) not in (None, node):
            self.remove(key)
        self._nodes[key] = node
        self.on(node).add(key, pod)
        if required(pod, "podAntiAffinity"):
            self._repelling.setdefault(node, {})[key] = pod

    def remove(self, key: Key) -> None:
        """A pod is gone, or has ended."""
        node = self._nodes.pop(key, None)
        if node is not None:
            self.on(node).remove(key)
            self._repelling.get(node, {}).pop(key, None)


def required(pod: Obj, kind: str) -> list[Obj]:
    """The terms of a pod's required ``podAffinity`` or ``podAntiAffinity``."""
    affinity = (pod["spec"].get("affinity") or {}).get(kind) or {}
    return affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or []
