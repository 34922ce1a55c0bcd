"""Whether a pod fits a node, in the words of the scheduler's plugins."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.clientgo.placement import NO_EXECUTE, NO_SCHEDULE, host_ports, matches_node, ports_clash, tolerates
from podlab.mock.controllers.scheduler.affinity import repelled
from podlab.mock.controllers.scheduler.loads import NodeLoads

Obj = dict[str, Any]

UNSCHEDULABLE: Final = {"key": "node.kubernetes.io/unschedulable", "effect": NO_SCHEDULE}


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a pod does not fit a node.

    Attributes:
        reasons: In the plugin's words; several resources can be short.
        resolvable: Whether it could help to take pods away.
    """

    reasons: tuple[str, ...]
    resolvable: bool = False


def misfit(pod: Obj, node: Obj, loads: NodeLoads) -> Misfit | None:
    """Why ``pod`` does not fit on ``node`` beside the pods that are there, or None when it does."""
    spec, tolerations = node["spec"], pod["spec"].get("tolerations") or ()
    if spec.get("unschedulable") and not tolerates(tolerations, UNSCHEDULABLE):
        return Misfit(("node(s) were unschedulable",))
    taints = [taint for taint in spec.get("taints") or () if taint["effect"] in (NO_SCHEDULE, NO_EXECUTE)]
    if any(not tolerates(tolerations, taint) for taint in taints if taint["key"] != UNSCHEDULABLE["key"]):
        return Misfit(("node(s) had untolerated taint(s)",))
    if not matches_node(pod["spec"], node):
        return Misfit(("node(s) didn't match Pod's node affinity/selector",))
    load = loads.on(node["metadata"]["name"])
    wanted = host_ports(pod["spec"])
    if wanted and ports_clash(wanted, load.ports):
        return Misfit(("node(s) didn't have free ports for the requested pod ports",), resolvable=True)
    short = list(load.shortages(pod, node["status"].get("allocatable") or {}))
    if short:
        reasons = ("Too many pods" if each.resource == "pods" else f"Insufficient {each.resource}" for each in short)
        return Misfit(tuple(reasons), all(each.requested <= each.capacity for each in short))
    reason = repelled(pod, node, loads)
    return Misfit((reason,), resolvable=True) if reason else None


def unschedulable_message(misfits: list[Misfit], preemption: str = "") -> str:
    """Why no node fits, as the event and the pod's condition say it; and why preemption does not help, if it does not."""
    why = counted(reason for each in misfits for reason in each.reasons)
    tail = f" no new claims to deallocate, preemption: {preemption}" if preemption else ""
    return f"0/{len(misfits)} nodes are available: {why}.{tail}"


def in_vain(words: list[str]) -> str:
    """Why preemption helps on no node, from what there is to say of each."""
    return f"0/{len(words)} nodes are available: {counted(words)}."


def counted(reasons: Iterable[str]) -> str:
    """How often each reason was given, sorted as text."""
    return ", ".join(sorted(f"{count} {reason}" for reason, count in Counter(reasons).items()))


def prefilter_message(total: int, reason: str, preemption: str) -> str:
    """Why no node was even looked at."""
    return f"0/{total} nodes are available: {reason}. no new claims to deallocate, preemption: {preemption}"
