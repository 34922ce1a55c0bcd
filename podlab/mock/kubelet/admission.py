"""What the kubelet asks of a pod before it runs it: that the node is one that the pod wants, and has room."""

from typing import Any, Final

from podlab.mock.clientgo.nodeload import NodeLoad, Shortage
from podlab.mock.clientgo.placement import NO_EXECUTE, host_ports, matches_node, ports_clash, tolerates

Obj = dict[str, Any]
Refusal = tuple[str, str]
"""Reason and message."""

RESOURCES: Final = ("pods", "cpu", "memory", "ephemeral-storage")


def admit(pod: Obj, node: Obj, load: NodeLoad) -> Refusal | None:
    """Why the pod is rejected, or None.

    Only pods that were put on the node without the scheduler can be: it asks the same.
    """
    spec = pod["spec"]
    for shortage in load.shortages(pod, node["status"]["allocatable"]):
        if shortage.resource in RESOURCES:
            return _out_of(shortage)
    if not matches_node(spec, node):
        return _failed("NodeAffinity", "node(s) didn't match Pod's node affinity/selector")
    if ports_clash(host_ports(spec), load.ports):
        return _failed("NodePorts", "node(s) didn't have free ports for the requested pod ports")
    taints = [taint for taint in node["spec"].get("taints") or () if taint["effect"] == NO_EXECUTE]
    if any(not tolerates(spec.get("tolerations") or (), taint) for taint in taints):
        return _failed("TaintToleration", "node(s) had untolerated taint(s)")
    return None


def _failed(predicate: str, message: str) -> Refusal:
    return predicate, f"Predicate {predicate} failed: {message}"


def _out_of(short: Shortage) -> Refusal:
    amounts = f"requested: {short.requested}, used: {short.used}, capacity: {short.capacity}"
    return f"OutOf{short.resource}", f"Node didn't have enough resource: {short.resource}, {amounts}"
