"""What pods say of the pods that they want, or do not want, beside them."""

from typing import Any

from podlab.mock.api.selectors import from_label_selector, matches_labels
from podlab.mock.controllers.scheduler.loads import NodeLoads, required

Obj = dict[str, Any]


def repelled(pod: Obj, node: Obj, loads: NodeLoads) -> str:
    """Why the pods that are there keep this one away, or ``""``. A topology is taken to be the one node."""
    name, labels = node["metadata"]["name"], node["metadata"].get("labels") or {}
    for term in required(pod, "podAntiAffinity"):
        if term["topologyKey"] in labels and any(_selects(term, pod, other) for other in loads.on(name).pods):
            return "node(s) didn't match pod anti-affinity rules"
    for other in loads.repelling(name):
        for term in required(other, "podAntiAffinity"):
            if term["topologyKey"] in labels and _selects(term, other, pod):
                return "node(s) didn't satisfy existing pods anti-affinity rules"
    for term in required(pod, "podAffinity"):
        found = any(_selects(term, pod, other) for other in loads.on(name).pods)
        if term["topologyKey"] not in labels or not (found or _selects(term, pod, pod)):
            return "node(s) didn't match pod affinity rules"
    return _uneven(pod, labels, loads.on(name).pods)


def _uneven(pod: Obj, labels: Obj, there: list[Obj]) -> str:
    """Why the pod's spread constraints keep it away, or ``""``."""
    for constraint in pod["spec"].get("topologySpreadConstraints") or ():
        if constraint.get("whenUnsatisfiable") != "DoNotSchedule":
            continue
        if constraint["topologyKey"] not in labels:
            return "node(s) didn't match pod topology spread constraints (missing required label)"
        if _skew(constraint, pod, there) > constraint["maxSkew"]:
            return "node(s) didn't match pod topology spread constraints"
    return ""


def _skew(constraint: Obj, pod: Obj, there: list[Obj]) -> int:
    """How uneven pods would be spread: of one domain, the fewest are what it has, unless there should be more domains."""
    if int(constraint.get("minDomains") or 1) <= 1:
        return 1
    return 1 + sum(_selects(constraint, pod, other) and other["metadata"].get("deletionTimestamp") is None for other in there)


def _selects(term: Obj, owner: Obj, other: Obj) -> bool:
    """Does a term of ``owner`` select ``other``? Without namespaces, those of the owner's namespace."""
    namespaces = term.get("namespaces") or [owner["metadata"]["namespace"]]
    if "namespaceSelector" not in term and other["metadata"]["namespace"] not in namespaces:
        return False
    return matches_labels(from_label_selector(term.get("labelSelector")), other["metadata"].get("labels"))
