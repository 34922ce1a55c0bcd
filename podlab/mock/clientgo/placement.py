"""Whether a pod may be on a node at all: node selectors, node affinity, taints (what `component-helpers` is to Kubernetes)."""

from collections.abc import Iterable
from typing import Any, Final

Obj = dict[str, Any]

NO_SCHEDULE: Final = "NoSchedule"
NO_EXECUTE: Final = "NoExecute"


def matches_node(spec: Obj, node: Obj) -> bool:
    """Does the node fit a pod spec's ``nodeSelector`` and required node affinity?"""
    labels = node["metadata"].get("labels") or {}
    if any(labels.get(key) != value for key, value in (spec.get("nodeSelector") or {}).items()):
        return False
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    if required is None:
        return True
    return any(_term_matches(term, node, labels) for term in required.get("nodeSelectorTerms") or ())


def tolerates(tolerations: Iterable[Obj], taint: Obj) -> bool:
    """Is the taint tolerated?"""
    return any(_tolerates(each, taint) for each in tolerations)


def host_ports(spec: Obj) -> set[tuple[str, str, int]]:
    """The ports of its node that a pod wants: address, protocol, port."""
    return {
        (port.get("hostIP") or "0.0.0.0", port.get("protocol", "TCP"), port["hostPort"])
        for container in spec["containers"]
        for port in container.get("ports") or ()
        if port.get("hostPort")
    }


def ports_clash(wanted: Iterable[tuple[str, str, int]], taken: Iterable[tuple[str, str, int]]) -> bool:
    """Does any of the wanted ports clash with one that is taken? ``0.0.0.0`` is every address."""
    taken = list(taken)
    return any(
        (protocol, port) == (other_protocol, other_port) and (ip == other_ip or "0.0.0.0" in (ip, other_ip))
        for ip, protocol, port in wanted
        for other_ip, other_protocol, other_port in taken
    )


def _term_matches(term: Obj, node: Obj, labels: Obj) -> bool:
    expressions, fields = term.get("matchExpressions") or [], term.get("matchFields") or []
    if not expressions and not fields:
        return False
    names = {"metadata.name": node["metadata"]["name"]}
    return all(_holds(each, labels) for each in expressions) and all(_holds(each, names) for each in fields)


def _holds(expression: Obj, values: Obj) -> bool:
    value, wanted = values.get(expression["key"]), expression.get("values") or []
    match expression["operator"]:
        case "In":
            return value in wanted
        case "NotIn":
            return value not in wanted
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    try:
        number, bound = int(value or ""), int(wanted[0])
    except ValueError:
        return False
    return number > bound if expression["operator"] == "Gt" else number < bound


def _tolerates(toleration: Obj, taint: Obj) -> bool:
    if toleration.get("effect") and toleration["effect"] != taint["effect"]:
        return False
    if toleration.get("key") and toleration["key"] != taint["key"]:
        return False
    match toleration.get("operator") or "Equal":
        case "Exists":
            return True
        case "Equal":
            return bool(toleration.get("key")) and toleration.get("value", "") == taint.get("value", "")
    return False
