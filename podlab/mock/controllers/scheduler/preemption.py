"""Making room for a pod of a higher priority: which pods would have to go, and from which node (as `DefaultPreemption` does it).

Of a node, all pods of a lower priority are taken to be gone; if the pod then fits, as many of them as possible are spared, the
most important first, those whose disruption budget would be violated before the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api.selectors import from_label_selector, matches_labels
from podlab.mock.controllers.base import key_of
from podlab.mock.controllers.scheduler.filters import Misfit, misfit
from podlab.mock.controllers.scheduler.loads import NodeLoads

Obj = dict[str, Any]

NOT_HELPFUL: Final = "Preemption is not helpful for scheduling"
NO_VICTIMS: Final = "No preemption victims found for incoming pod"
NEVER: Final = "not eligible due to preemptionPolicy=Never."
TERMINATING: Final = "not eligible due to a terminating pod on the nominated node."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A node on which room can be made.

    Attributes:
        victims: The pods that have to go, the most important first.
        violations: How many of them a disruption budget protects.
    """

    node: str
    victims: tuple[Obj, ...]
    violations: int


def priority(pod: Obj) -> int:
    """A pod's priority."""
    return int(pod["spec"].get("priority") or 0)


def ineligible(pod: Obj, loads: NodeLoads) -> str:
    """Why a pod may not have others removed (now), or ``""``."""
    if pod["spec"].get("preemptionPolicy") == "Never":
        return NEVER
    nominated = pod.get("status", {}).get("nominatedNodeName")
    for other in loads.on(nominated).pods if nominated else ():
        if other["metadata"].get("deletionTimestamp") is not None and priority(other) < priority(pod):
            return TERMINATING
    return ""


def find_candidate(
    pod: Obj, nodes: Iterable[tuple[Obj, Misfit]], loads: NodeLoads, budgets: list[Obj]
) -> tuple[Candidate | None, list[str]]:
    """The node where the least harm makes room for a pod; for each node without, why there is none.

    `nodes` come with why the pod does not fit there; `budgets` are the disruption budgets of all namespaces.
    """
    candidates: list[Candidate] = []
    words: list[str] = []
    for node, found in nodes:
        if not found.resolvable:
            words.append(NOT_HELPFUL)
            continue
        outcome = _select(pod, node, loads, budgets)
        if isinstance(outcome, Candidate):
            candidates.append(outcome)
        else:
            words.extend(outcome)
    best = min(candidates, key=lambda each: (each.violations, priority(each.victims[0]), len(each.victims)), default=None)
    return best, words


def _select(pod: Obj, node: Obj, loads: NodeLoads, budgets: list[Obj]) -> Candidate | tuple[str, ...]:
    name = node["metadata"]["name"]
    there = loads.on(name).pods
    lower = [other for other in there if priority(other) < priority(pod)]
    if not lower:
        return (NO_VICTIMS,)
    kept = NodeLoads()
    for other in there:
        if priority(other) >= priority(pod):
            kept.add(key_of(other), other, name)
    still = misfit(pod, node, kept)
    if still is not None:
        return still.reasons
    lower.sort(key=_importance)
    protected = _protected(lower, budgets)
    victims: list[Obj] = []
    for other in [*protected, *(each for each in lower if each not in protected)]:
        kept.add(key_of(other), other, name)
        if misfit(pod, node, kept) is not None:
            kept.remove(key_of(other))
            victims.append(other)
    violations = sum(each in protected for each in victims)
    return Candidate(name, tuple(sorted(victims, key=_importance)), violations)


def _importance(pod: Obj) -> tuple[int, int]:
    """Sorts the most important first: by priority, then those that have run longest."""
    started = pod.get("status", {}).get("startTime")
    return -priority(pod), started.offset_ns if started is not None else 2**63


def _protected(pods: list[Obj], budgets: list[Obj]) -> list[Obj]:
    """Those whose going would violate a disruption budget."""
    allowed = {id(budget): int(budget.get("status", {}).get("disruptionsAllowed") or 0) for budget in budgets}
    found = []
    for pod in pods:
        covering = [id(budget) for budget in budgets if _covers(budget, pod["metadata"])]
        for each in covering:
            allowed[each] -= 1
        if any(allowed[each] < 0 for each in covering):
            found.append(pod)
    return found


def _covers(budget: Obj, meta: Obj) -> bool:
    selector, labels = budget["spec"].get("selector"), meta.get("labels")
    if budget["metadata"]["namespace"] != meta["namespace"] or not selector or not labels:
        return False
    return matches_labels(from_label_selector(selector), labels)
