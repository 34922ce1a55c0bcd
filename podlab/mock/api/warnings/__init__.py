"""What the server warns of although it takes it: deprecated fields, duplicates, values that will not do what they seem to.

A request that is refused has no such warnings. They follow the strategies of Kubernetes' kinds (`WarningsOnCreate`,
`WarningsOnUpdate`); of pods that are changed, as of changes of a status, nothing is said.
"""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.validation.names import dns_label
from podlab.mock.api.warnings.labels import runtime_class_warnings
from podlab.mock.api.warnings.others import ingress_warnings, service_account_warnings, storage_warnings, volume_warnings
from podlab.mock.api.warnings.pods import pod_warnings
from podlab.mock.api.warnings.services import service_warnings

Obj = dict[str, Any]

_POD_NAME: Final = "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended"
_STEM: Final = "this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended"
_NAMED: Final = {
    "pods": _POD_NAME,
    **dict.fromkeys(
        ("deployments.apps", "replicasets.apps", "replicationcontrollers", "jobs.batch", "cronjobs.batch"),
        _STEM,
    ),
}
_TEMPLATES: Final = {
    **dict.fromkeys(
        (
            "deployments.apps",
            "replicasets.apps",
            "statefulsets.apps",
            "daemonsets.apps",
            "replicationcontrollers",
            "jobs.batch",
        ),
        ("spec", "template"),
    ),
    "cronjobs.batch": ("spec", "jobTemplate", "spec", "template"),
    "podtemplates": ("template",),
}
_MANY_COMPLETIONS: Final = 100_000
_MANY_AT_ONCE: Final = 10_000
_OTHERS: Final[dict[str, Callable[[Obj], list[str]]]] = {
    "services": service_warnings,
    "ingresses.networking.k8s.io": ingress_warnings,
    "serviceaccounts": service_account_warnings,
    "persistentvolumeclaims": storage_warnings,
    "persistentvolumes": volume_warnings,
    "runtimeclasses.node.k8s.io": runtime_class_warnings,
}


def on_create(resource: str, obj: Obj) -> list[str]:
    """What there is to warn of when a sound object of a resource (as in the store's keys) is created."""
    found = []
    words = _NAMED.get(resource)
    if words and (wrong := dns_label(obj["metadata"]["name"])):
        found.append(f"metadata.name: {words}: [{' '.join(wrong)}]")
    if resource == "pods":
        found += pod_warnings(obj, "")
    return found + _of_content(resource, obj)


def on_update(resource: str, obj: Obj, old: Obj) -> list[str]:
    """What there is to warn of when an object is changed."""
    if resource in _TEMPLATES and obj["metadata"].get("generation") == old["metadata"].get("generation"):
        return []
    if resource == "ingresses.networking.k8s.io" and ingress_warnings(old):
        return []
    return _of_content(resource, obj)


def _of_content(resource: str, obj: Obj) -> list[str]:
    path = _TEMPLATES.get(resource)
    if path is None:
        other = _OTHERS.get(resource)
        return other(obj) if other is not None else []
    place: Any = obj
    found = []
    for number, key in enumerate(path):
        if key == "template" and resource.endswith(".batch"):
            found += _job_warnings(place, ".".join(path[:number]))
        place = place.get(key) or {}
    return found + pod_warnings(place, ".".join(path) + ".") if place else found


def _job_warnings(spec: Obj, path: str) -> list[str]:
    many = (spec.get("completions") or 0) > _MANY_COMPLETIONS and (spec.get("parallelism") or 0) > _MANY_AT_ONCE
    if spec.get("completionMode") != "Indexed" or not many:
        return []
    words = (
        "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, "
        "Kubernetes might not be able to track completedIndexes when a big number of indexes fail"
    )
    return [f"{path}: {words}"]
