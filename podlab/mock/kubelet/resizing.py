"""Resizing a running pod is not modelled: it keeps the resources that it started with, and its status says so."""

from typing import Any, Final

from podlab.mock.kubelet.status.conditions import condition

Obj = dict[str, Any]

KINDS: Final = ("initContainers", "containers")
PENDING: Final = "PodResizePending"


def allocated(new: Obj, running: Obj) -> Obj:
    """The pod ``new`` with the resources that ``running`` has."""
    if not _differ(new["spec"], running["spec"]):
        return new
    spec = dict(new["spec"])
    for kind in KINDS:
        known = {each["name"]: each for each in running["spec"].get(kind) or ()}
        kept = [{**each, "resources": known.get(each["name"], each).get("resources") or {}} for each in spec.get(kind) or ()]
        if kept:
            spec[kind] = kept
    return {**new, "spec": spec}


def pending(wanted: Obj, running: Obj) -> list[Obj]:
    """The condition that says that a resize is not carried out, if one is wanted."""
    if not _differ(wanted["spec"], running["spec"]):
        return []
    return [condition(wanted, PENDING, True, "Infeasible", "podlab does not model the resizing of running pods")]


def _differ(left: Obj, right: Obj) -> bool:
    return any(
        (one.get("resources") or {}) != (other.get("resources") or {})
        for kind in KINDS
        for one, other in zip(left.get(kind) or (), right.get(kind) or (), strict=False)
    )
