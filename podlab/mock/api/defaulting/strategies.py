"""What registries set before an object is stored: fields that are theirs, not the client's (status, generation ...).

`BEFORE_CREATE` and `BEFORE_UPDATE` hold one function a resource; the rest follows from the tables.
"""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.defaulting.podspecs import items
from podlab.mock.api.defaulting.resources import qos_class
from podlab.mock.api.errors import Obj
from podlab.mock.api.validation.families import settle_families
from podlab.mock.kernel import Time

GENERATION: Final = frozenset(
    {
        "pods",
        "replicationcontrollers",
        "deployments.apps",
        "replicasets.apps",
        "statefulsets.apps",
        "daemonsets.apps",
        "jobs.batch",
        "cronjobs.batch",
        "poddisruptionbudgets.policy",
        "networkpolicies.networking.k8s.io",
        "ingresses.networking.k8s.io",
        "endpointslices.discovery.k8s.io",
        "priorityclasses.scheduling.k8s.io",
        "customresourcedefinitions.apiextensions.k8s.io",
    }
)
"""Resources whose spec has a generation."""

NEW_STATUS: Final[dict[str, Callable[[], Obj]]] = {
    "services": lambda: {"loadBalancer": {}},
    "namespaces": lambda: {"phase": "Active"},
    "persistentvolumeclaims": lambda: {"phase": "Pending"},
    "persistentvolumes": lambda: {"phase": "Pending"},
    "resourcequotas": dict,
    "replicationcontrollers": lambda: {"replicas": 0},
    "deployments.apps": dict,
    "replicasets.apps": lambda: {"replicas": 0},
    "statefulsets.apps": lambda: {"replicas": 0, "availableReplicas": 0},
    "daemonsets.apps": lambda: {
        "currentNumberScheduled": 0,
        "numberMisscheduled": 0,
        "desiredNumberScheduled": 0,
        "numberReady": 0,
    },
    "jobs.batch": dict,
    "cronjobs.batch": dict,
    "poddisruptionbudgets.policy": lambda: {"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0},
    "horizontalpodautoscalers.autoscaling": lambda: {"desiredReplicas": 0, "currentMetrics": None},
    "ingresses.networking.k8s.io": lambda: {"loadBalancer": {}},
}
"""The status of a new object, whatever the client sent."""

WITH_STATUS: Final = frozenset(NEW_STATUS) | {"pods", "nodes", "customresourcedefinitions.apiextensions.k8s.io"}
"""Resources with a status subresource: a plain update leaves their status as it was."""

STATUS_KEEPS: Final[dict[str, tuple[str, ...]]] = {
    "pods": ("ownerReferences",),
    "deployments.apps": ("labels",),
    "customresourcedefinitions.apiextensions.k8s.io": ("labels", "annotations", "finalizers", "ownerReferences"),
}
"""Metadata that may not be changed along with the status."""

_JOB_LABELS: Final = (
    ("job-name", "name"),
    ("batch.kubernetes.io/job-name", "name"),
    ("controller-uid", "uid"),
    ("batch.kubernetes.io/controller-uid", "uid"),
)


def create_pod(pod: Obj, now: Time) -> None:
    """A new pod is pending; a gated one says why it is not scheduled."""
    pod["status"] = {"phase": "Pending", "qosClass": qos_class(pod["spec"])}
    if pod["spec"].get("schedulingGates"):
        condition = {
            "type": "PodScheduled",
            "status": "False",
            "lastProbeTime": None,
            "lastTransitionTime": None,
            "reason": "SchedulingGated",
        }
        pod["status"]["conditions"] = [{**condition, "message": "Scheduling is blocked due to non-empty scheduling gates"}]


def create_job(job: Obj, now: Time) -> None:
    """A job selects its pods by its own UID, unless it was told to use another selector."""
    spec, meta = job["spec"], job["metadata"]
    if spec.get("manualSelector"):
        return
    template = spec["template"].setdefault("metadata", {})
    shared = not meta.get("labels") or meta["labels"] == template.get("labels")
    labels = {**(template.get("labels") or {})}
    for label, source in _JOB_LABELS:
        labels.setdefault(label, meta.get(source, ""))
    template["labels"] = labels
    if shared:
        meta["labels"] = dict(labels)
    selector = spec.get("selector") or {}
    match = {**(selector.get("matchLabels") or {})}
    match.setdefault("batch.kubernetes.io/controller-uid", meta.get("uid", ""))
    spec["selector"] = {**selector, "matchLabels": match}


def create_service(service: Obj, now: Time) -> None:
    """IP families of a cluster with IPv4 only, and ``clusterIP`` and ``clusterIPs`` made one."""
    spec = service["spec"]
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]]
    settle_families(service)


def create_namespace(namespace: Obj, now: Time) -> None:
    """Namespaces end when Kubernetes' own finalizer is gone."""
    finalizers = namespace.setdefault("spec", {}).get("finalizers") or []
    if "kubernetes" not in finalizers:
        namespace["spec"]["finalizers"] = [*finalizers, "kubernetes"]


def create_definition(definition: Obj, now: Time) -> None:
    """A new custom resource definition has stored nothing but will store its storage version."""
    stored = [version.get("name", "") for version in items(definition["spec"], "versions") if version.get("storage")]
    definition["status"] = {"conditions": None, "acceptedNames": {"plural": "", "kind": ""}, "storedVersions": stored}


BEFORE_CREATE: Final[dict[str, Callable[[Obj, Time], None]]] = {
    "pods": create_pod,
    "jobs.batch": create_job,
    "services": create_service,
    "namespaces": create_namespace,
    "customresourcedefinitions.apiextensions.k8s.io": create_definition,
}


def update_service(new: Obj, old: Obj) -> None:
    """What was allocated stays, unless the client says otherwise or the type no longer wants it."""
    spec, before = new["spec"], old["spec"]
    has_ip = ("ClusterIP", "NodePort", "LoadBalancer")
    if spec.get("type") in has_ip and before.get("type") in has_ip:
        for key in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"):
            if (
                not spec.get(key)
                and before.get(key)
                and (key != "clusterIPs" or spec.get("clusterIP") == before.get("clusterIP"))
            ):
                spec[key] = before[key]
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]]
    elif spec.get("clusterIP") != before.get("clusterIP") and spec.get("clusterIPs") == before.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]] if spec.get("clusterIP") else []
    _drop_by_type(spec, before)
    if spec.get("type") in ("NodePort", "LoadBalancer"):
        known = {
            (port.get("protocol"), port.get("port")): port["nodePort"] for port in items(before, "ports") if port.get("nodePort")
        }
        for port in items(spec, "ports"):
            if not port.get("nodePort") and (port.get("protocol"), port.get("port")) in known:
                port["nodePort"] = known[port.get("protocol"), port.get("port")]
    settle_families(new, old)


def _drop_by_type(spec: Obj, before: Obj) -> None:
    """Values left over from the former type of a service, which the new type may not have."""
    kind, former = spec.get("type"), before.get("type")
    if kind == "ExternalName" and former != kind:
        for key in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"):
            if spec.get(key) == before.get(key):
                spec.pop(key, None)
    external = ("NodePort", "LoadBalancer")
    if kind not in external and former in external:
        _forget(spec, before, "externalTrafficPolicy")
        ports = {(port.get("name"), port.get("port"), port.get("nodePort")) for port in items(before, "ports")}
        for port in items(spec, "ports"):
            if (port.get("name"), port.get("port"), port.get("nodePort")) in ports:
                port.pop("nodePort", None)
    if kind != "LoadBalancer" and former == "LoadBalancer":
        for key in ("allocateLoadBalancerNodePorts", "loadBalancerClass"):
            _forget(spec, before, key)
    _keep_health_port(spec, before)


def _keep_health_port(spec: Obj, before: Obj) -> None:
    if _needs_health_check(before):
        if not _needs_health_check(spec):
            _forget(spec, before, "healthCheckNodePort")
        elif not spec.get("healthCheckNodePort"):
            spec["healthCheckNodePort"] = before.get("healthCheckNodePort")


def _needs_health_check(spec: Obj) -> bool:
    return bool(spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local")


def _forget(spec: Obj, before: Obj, key: str) -> None:
    if spec.get(key) == before.get(key):
        spec.pop(key, None)


def update_namespace(new: Obj, old: Obj) -> None:
    """A namespace's finalizers are changed through ``finalize`` only."""
    new["spec"] = old.get("spec", {})


BEFORE_UPDATE: Final[dict[str, Callable[[Obj, Obj], None]]] = {
    "services": update_service,
    "namespaces": update_namespace,
}


def bumps_generation(resource: str, new: Obj, old: Obj) -> bool:
    """Whether an update changed what the generation counts: the spec (for deployments the annotations as well)."""
    if resource not in GENERATION:
        return False
    if resource == "deployments.apps" and _annotations(new) != _annotations(old):
        return True
    own = ("metadata", "status", "kind", "apiVersion")
    return {key: value for key, value in new.items() if key not in own} != {
        key: value for key, value in old.items() if key not in own
    }


def _annotations(obj: Obj) -> Any:
    return obj["metadata"].get("annotations") or {}
