"""What a pod asks for: the sum over its containers, and its quality of service."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.quantity import Quantity

_QOS_RESOURCES: Final = ("cpu", "memory")
Resources = dict[str, Quantity]


def parse(resources: dict[str, str] | None) -> Resources:
    """A resource list with its quantities read."""
    return {name: Quantity.parse(str(text)) for name, text in (resources or {}).items()}


def add(left: Resources, right: Resources) -> Resources:
    """The sum, name by name."""
    total = dict(left)
    for name, quantity in right.items():
        total[name] = total[name] + quantity if name in total else quantity
    return total


def at_least(left: Resources, right: Resources) -> Resources:
    """The larger of both, name by name."""
    larger = dict(left)
    for name, quantity in right.items():
        if name not in larger or larger[name] < quantity:
            larger[name] = quantity
    return larger


def aggregate(spec: Obj, kind: str) -> Resources:
    """The effective ``requests`` or ``limits`` of a pod's containers.

    Sidecars count with the containers; an init container needs its own besides the sidecars that started before it.
    """
    total: Resources = {}
    for container in spec.get("containers") or []:
        total = add(total, parse((container.get("resources") or {}).get(kind)))
    sidecars: Resources = {}
    peak: Resources = {}
    for container in spec.get("initContainers") or []:
        own = parse((container.get("resources") or {}).get(kind))
        if container.get("restartPolicy") == "Always":
            sidecars = add(sidecars, own)
            total = add(total, own)
            peak = at_least(peak, sidecars)
        else:
            peak = at_least(peak, add(sidecars, own))
    return at_least(total, peak)


def pod_resources(spec: Obj, kind: str) -> Resources:
    """What the scheduler and quotas count: the pod's own figures where it states them, else its containers', and its overhead."""
    total = aggregate(spec, kind)
    total.update(parse((spec.get("resources") or {}).get(kind)))
    overhead = parse(spec.get("overhead"))
    if kind == "limits":
        overhead = {name: quantity for name, quantity in overhead.items() if name in total}
    return add(total, overhead)


def qos_class(spec: Obj) -> str:
    """``Guaranteed``, ``Burstable`` or ``BestEffort``."""
    holders = (
        [{"resources": spec["resources"]}]
        if spec.get("resources")
        else [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]
    )
    requests: Resources = {}
    limits: Resources = {}
    complete = True
    for holder in holders:
        resources = holder.get("resources") or {}
        own_requests = _positive(resources.get("requests"))
        own_limits = _positive(resources.get("limits"))
        requests, limits = add(requests, own_requests), add(limits, own_limits)
        complete = complete and all(name in own_limits for name in _QOS_RESOURCES)
    if not requests and not limits:
        return "BestEffort"
    if (
        complete
        and all(name in limits and limits[name] == quantity for name, quantity in requests.items())
        and len(requests) == len(limits)
    ):
        return "Guaranteed"
    return "Burstable"


def _positive(resources: dict[str, str] | None) -> Resources:
    return {name: quantity for name, quantity in parse(resources).items() if name in _QOS_RESOURCES and quantity.nanos > 0}
