"""ResourceQuota: what an object would use, and whether that is left."""

from collections.abc import Callable, Sequence
from typing import Final

from podlab.mock.api.defaulting.podspecs import items
from podlab.mock.api.defaulting.resources import Resources, add, parse, pod_resources, qos_class
from podlab.mock.api.errors import Forbidden, Obj
from podlab.mock.api.quantity import Quantity

_ONE: Final = Quantity.of(1)
_NONE: Final = Quantity(0)
_REQUIRED: Final = ("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory")
_COUNTED: Final = (
    "configmaps",
    "secrets",
    "services",
    "persistentvolumeclaims",
    "replicationcontrollers",
    "resourcequotas",
    "pods",
)


def usage(resource: str, obj: Obj) -> Resources:
    """What ``obj`` counts as, by the names that a quota limits (``pods``, ``requests.cpu``, ``count/deployments.apps``)."""
    counted: Resources = {f"count/{resource}": _ONE}
    if resource in _COUNTED:
        counted[resource] = _ONE
    special = _USAGE.get(resource)
    return {**counted, **special(obj)} if special else counted


def _pod_usage(pod: Obj) -> Resources:
    if pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
        return {"pods": _NONE}
    used: Resources = {}
    for name, quantity in pod_resources(pod["spec"], "requests").items():
        used[f"requests.{name}"] = quantity
        if name in ("cpu", "memory", "ephemeral-storage"):
            used[name] = quantity
    for name, quantity in pod_resources(pod["spec"], "limits").items():
        used[f"limits.{name}"] = quantity
    return used


def _service_usage(service: Obj) -> Resources:
    ports = Quantity.of(len(items(service["spec"], "ports")))
    kind = service["spec"].get("type")
    if kind == "NodePort":
        return {"services.nodeports": ports}
    if kind == "LoadBalancer":
        nodes = ports if service["spec"].get("allocateLoadBalancerNodePorts") is not False else _NONE
        return {"services.nodeports": nodes, "services.loadbalancers": _ONE}
    return {}


def _claim_usage(claim: Obj) -> Resources:
    storage = parse((claim["spec"].get("resources") or {}).get("requests")).get("storage", _NONE)
    used = {"requests.storage": storage}
    name = claim["spec"].get("storageClassName")
    if name:
        prefix = f"{name}.storageclass.storage.k8s.io/"
        used |= {f"{prefix}requests.storage": storage, f"{prefix}persistentvolumeclaims": _ONE}
    return used


_USAGE: Final[dict[str, Callable[[Obj], Resources]]] = {
    "pods": _pod_usage,
    "services": _service_usage,
    "persistentvolumeclaims": _claim_usage,
}


def check_quotas(resource: str, obj: Obj, quotas: Sequence[Obj], old: Obj | None = None) -> list[Obj]:
    """The quotas of the namespace with ``status.used`` as it will be once ``obj`` is stored (only those that change).

    Args:
        resource: such as ``pods``.
        obj: the object as it would be stored.
        quotas: the namespace's ResourceQuotas as stored; what they allow is their ``status.hard``, or their spec until that is
            set.
        old: the object that ``obj`` replaces.

    Raises:
        Forbidden: a quota would be exceeded, or asks for requests or limits that ``obj`` does not state.
    """
    used_now, used_before = usage(resource, obj), usage(resource, old) if old else {}
    changed = []
    for quota in quotas:
        if not in_scope(resource, obj, quota["spec"]):
            continue
        hard = parse((quota.get("status") or {}).get("hard") or quota["spec"].get("hard"))
        concerned = sorted(name for name in hard if name in used_now or (resource == "pods" and name in _REQUIRED))
        if not concerned:
            continue
        if resource == "pods" and old is None:
            _check_stated(obj, quota, concerned)
        delta = {name: used_now.get(name, _NONE) - used_before.get(name, _NONE) for name in concerned}
        used = parse((quota.get("status") or {}).get("used"))
        total = add({name: used.get(name, _NONE) for name in concerned}, delta)
        exceeded = [name for name in concerned if delta[name].nanos > 0 and total[name] > hard[name]]
        if exceeded:
            raise Forbidden(resource, obj["metadata"].get("name", ""), _exceeded(quota, exceeded, delta, used, hard))
        if any(quantity.nanos for quantity in delta.values()):
            written = {name: str(quantity) for name, quantity in sorted({**used, **total}.items())}
            status = {**(quota.get("status") or {}), "hard": {name: str(hard[name]) for name in sorted(hard)}, "used": written}
            changed.append({**quota, "status": status})
    return changed


def _exceeded(quota: Obj, names: list[str], delta: Resources, used: Resources, hard: Resources) -> str:
    def show(resources: Resources) -> str:
        return ",".join(f"{name}={resources.get(name, _NONE)}" for name in names)

    return f"exceeded quota: {quota['metadata']['name']}, requested: {show(delta)}, used: {show(used)}, limited: {show(hard)}"


def _check_stated(pod: Obj, quota: Obj, names: list[str]) -> None:
    """Whoever limits cpu or memory makes every container say what it wants of them."""
    if pod["spec"].get("resources"):
        return
    missing: dict[str, list[str]] = {}
    for container in [*items(pod["spec"], "containers"), *items(pod["spec"], "initContainers")]:
        resources = container.get("resources") or {}
        for name in names:
            if name in _REQUIRED:
                kind, _, plain = name.rpartition(".")
                if plain not in (resources.get(kind or "requests") or {}):
                    missing.setdefault(name, []).append(container.get("name", ""))
    if missing:
        what = "; ".join(f"{name} for: {','.join(sorted(missing[name]))}" for name in sorted(missing))
        why = f"failed quota: {quota['metadata']['name']}: must specify {what}"
        raise Forbidden("pods", pod["metadata"].get("name", ""), why)


def in_scope(resource: str, obj: Obj, spec: Obj) -> bool:
    """Do the scopes of a quota with this ``spec`` take the object in?"""
    scopes = [{"scopeName": name, "operator": "Exists"} for name in spec.get("scopes") or []]
    scopes += (spec.get("scopeSelector") or {}).get("matchExpressions") or []
    return not scopes or (resource == "pods" and all(_matches(obj, scope) for scope in scopes))


def _matches(pod: Obj, scope: Obj) -> bool:
    spec = pod["spec"]
    name = scope["scopeName"]
    if name == "PriorityClass":
        actual, values = spec.get("priorityClassName", ""), scope.get("values") or []
        return {"In": actual in values, "NotIn": actual not in values, "Exists": bool(actual), "DoesNotExist": not actual}.get(
            scope["operator"], False
        )
    best_effort, terminating = qos_class(spec) == "BestEffort", spec.get("activeDeadlineSeconds") is not None
    return {
        "BestEffort": best_effort,
        "NotBestEffort": not best_effort,
        "Terminating": terminating,
        "NotTerminating": not terminating,
        "CrossNamespacePodAffinity": _crosses_namespaces(spec),
    }.get(name, False)


def _crosses_namespaces(spec: Obj) -> bool:
    affinity = spec.get("affinity") or {}
    for kind in ("podAffinity", "podAntiAffinity"):
        rules = affinity.get(kind) or {}
        terms = list(rules.get("requiredDuringSchedulingIgnoredDuringExecution") or [])
        terms += [
            each.get("podAffinityTerm") or {} for each in rules.get("preferredDuringSchedulingIgnoredDuringExecution") or []
        ]
        if any(term.get("namespaces") or term.get("namespaceSelector") is not None for term in terms):
            return True
    return False
