"""LimitRange: what it defaults in a pod, and what it refuses."""

from collections.abc import Iterator, Sequence
from typing import Final

from podlab.mock.api.defaulting.podspecs import items
from podlab.mock.api.defaulting.resources import Resources, aggregate, parse
from podlab.mock.api.errors import Forbidden, Obj
from podlab.mock.api.quantity import Quantity

_ANNOTATION: Final = "kubernetes.io/limit-ranger"


def default_from_limit_ranges(pod: Obj, limit_ranges: Sequence[Obj]) -> None:
    """Sets requests and limits that containers leave out, and notes which in an annotation."""
    for limit_range in limit_ranges:
        limits: dict[str, str] = {}
        requests: dict[str, str] = {}
        for item in items(limit_range["spec"], "limits"):
            if item.get("type") == "Container":
                limits.update(item.get("default") or {})
                requests.update(item.get("defaultRequest") or {})
        notes: list[str] = []
        for key, word in (("containers", "container"), ("initContainers", "init container")):
            for container in items(pod["spec"], key):
                notes += _merge(container, "requests", requests, f"request for {word} {container.get('name', '')}")
                notes += _merge(container, "limits", limits, f"limit for {word} {container.get('name', '')}")
        if notes:
            pod["metadata"].setdefault("annotations", {})[_ANNOTATION] = "LimitRanger plugin set: " + "; ".join(notes)


def _merge(container: Obj, kind: str, defaults: dict[str, str], what: str) -> list[str]:
    resources = container.setdefault("resources", {})
    missing = sorted(name for name in defaults if name not in (resources.get(kind) or {}))
    if not missing:
        return []
    resources[kind] = {**(resources.get(kind) or {}), **{name: defaults[name] for name in missing}}
    return [f"{', '.join(missing)} {what}"]


def check_limit_ranges(resource: str, obj: Obj, limit_ranges: Sequence[Obj]) -> None:
    """Raises `Forbidden` if ``obj`` (a new pod or claim) oversteps a LimitRange."""
    for limit_range in limit_ranges:
        problems = [problem for item in items(limit_range["spec"], "limits") for problem in _check(resource, obj, item)]
        if problems:
            distinct = list(dict.fromkeys(problems))
            why = distinct[0] if len(distinct) == 1 else f"[{', '.join(distinct)}]"
            raise Forbidden(resource, obj["metadata"].get("name", ""), why)


def _check(resource: str, obj: Obj, item: Obj) -> Iterator[str]:
    kind = item.get("type", "")
    if resource == "persistentvolumeclaims" and kind == "PersistentVolumeClaim":
        requests = parse((obj["spec"].get("resources") or {}).get("requests"))
        yield from _constraints(item, kind, requests, {}, by_request=True)
    if resource != "pods":
        return
    spec = obj["spec"]
    if kind == "Container":
        for container in [*items(spec, "containers"), *items(spec, "initContainers")]:
            resources = container.get("resources") or {}
            yield from _constraints(item, kind, parse(resources.get("requests")), parse(resources.get("limits")))
    if kind == "Pod":
        yield from _constraints(item, kind, aggregate(spec, "requests"), aggregate(spec, "limits"))


def _constraints(item: Obj, kind: str, requests: Resources, limits: Resources, by_request: bool = False) -> Iterator[str]:
    for name, bound in sorted(parse(item.get("min")).items()):
        yield from _minimum(kind, name, bound, requests.get(name), limits.get(name))
    for name, bound in sorted(parse(item.get("max")).items()):
        if by_request:
            yield from _maximum(kind, name, bound, requests.get(name), None, "request")
        else:
            yield from _maximum(kind, name, bound, limits.get(name), requests.get(name), "limit")
    for name, bound in sorted(parse(item.get("maxLimitRequestRatio")).items()):
        yield from _ratio(kind, name, bound, requests.get(name), limits.get(name))


def _minimum(kind: str, name: str, bound: Quantity, request: Quantity | None, limit: Quantity | None) -> Iterator[str]:
    rule = f"minimum {name} usage per {kind} is {bound}"
    if request is None:
        yield f"{rule}.  No request is specified"
    elif request < bound:
        yield f"{rule}, but request is {request}"
    elif limit is not None and limit < bound:
        yield f"{rule}, but limit is {limit}"


def _maximum(kind: str, name: str, bound: Quantity, first: Quantity | None, second: Quantity | None, word: str) -> Iterator[str]:
    rule = f"maximum {name} usage per {kind} is {bound}"
    if first is None:
        yield f"{rule}.  No {word} is specified"
    elif first > bound:
        yield f"{rule}, but {word} is {first}"
    elif second is not None and second > bound:
        yield f"{rule}, but request is {second}"


def _ratio(kind: str, name: str, bound: Quantity, request: Quantity | None, limit: Quantity | None) -> Iterator[str]:
    rule = f"{name} max limit to request ratio per {kind} is {bound}"
    if not request or request.nanos == 0:
        yield f"{rule}, but no request is specified or request is 0"
    elif not limit or limit.nanos == 0:
        yield f"{rule}, but no limit is specified or limit is 0"
    elif limit.nanos > bound.nanos * request.nanos / 10**9:
        yield f"{rule}, but provided ratio is {limit.nanos / request.nanos:f}"
