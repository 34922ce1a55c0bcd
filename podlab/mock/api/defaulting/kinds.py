"""The scheme's defaults of every kind but pods: one function a kind, found by ``DEFAULTS``."""

import base64
from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.defaulting.podspecs import (
    default_claim_spec,
    default_pod,
    default_pod_spec,
    default_volume_source,
    items,
    round_resources,
)
from podlab.mock.api.errors import Obj

_RBAC_GROUP: Final = "rbac.authorization.k8s.io"


def _fill(obj: Obj, **defaults: Any) -> None:
    for key, value in defaults.items():
        if obj.get(key) is None:
            obj[key] = value


def _fill_empty(obj: Obj, **defaults: Any) -> None:
    for key, value in defaults.items():
        if not obj.get(key):
            obj[key] = value


def _template(holder: Obj) -> None:
    if holder.get("template") is not None:
        default_pod_spec(holder["template"].setdefault("spec", {}))


def _drop_empty_labels(holder: Obj) -> None:
    """Decoding keeps an empty map of labels in a template, for the sake of a refusal; where none can come it goes."""
    meta = (holder.get("template") or {}).get("metadata") or {}
    if meta.get("labels") == {}:
        del meta["labels"]


def _pod_template(obj: Obj) -> None:
    _template(obj)
    _drop_empty_labels(obj)


def _deployment(obj: Obj) -> None:
    spec = obj["spec"]
    _fill(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600, strategy={})
    strategy = spec["strategy"]
    _fill_empty(strategy, type="RollingUpdate")
    if strategy["type"] == "RollingUpdate":
        _fill(strategy, rollingUpdate={})
        _fill(strategy["rollingUpdate"], maxUnavailable="25%", maxSurge="25%")
    _template(spec)


def _replica_set(obj: Obj) -> None:
    _fill(obj["spec"], replicas=1)
    _template(obj["spec"])


def _replication_controller(obj: Obj) -> None:
    spec = obj["spec"]
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    if labels:
        _fill_empty(spec, selector=dict(labels))
        _fill_empty(obj["metadata"], labels=dict(labels))
    _replica_set(obj)


def _stateful_set(obj: Obj) -> None:
    spec = obj["spec"]
    _fill_empty(spec, podManagementPolicy="OrderedReady")
    _fill(spec, replicas=1, revisionHistoryLimit=10, updateStrategy={}, persistentVolumeClaimRetentionPolicy={})
    _fill_empty(spec["persistentVolumeClaimRetentionPolicy"], whenDeleted="Retain", whenScaled="Retain")
    strategy = spec["updateStrategy"]
    _fill_empty(strategy, type="RollingUpdate")
    if strategy["type"] == "RollingUpdate":
        _fill(strategy, rollingUpdate={})
        _fill(strategy["rollingUpdate"], partition=0)
    for claim in items(spec, "volumeClaimTemplates"):
        claim.update(kind="PersistentVolumeClaim", apiVersion="v1")
        _claim(claim)
    _template(spec)


def _daemon_set(obj: Obj) -> None:
    spec = obj["spec"]
    _fill(spec, revisionHistoryLimit=10, updateStrategy={})
    strategy = spec["updateStrategy"]
    _fill_empty(strategy, type="RollingUpdate")
    if strategy["type"] == "RollingUpdate":
        _fill(strategy, rollingUpdate={})
        _fill(strategy["rollingUpdate"], maxUnavailable=1, maxSurge=0)
    _template(spec)


def _job(obj: Obj) -> None:
    spec = obj["spec"]
    if spec.get("completions") is None and spec.get("parallelism") is None:
        spec["completions"] = 1
    per_index = spec.get("backoffLimitPerIndex") is not None
    _fill(
        spec,
        parallelism=1,
        backoffLimit=2**31 - 1 if per_index else 6,
        completionMode="NonIndexed",
        suspend=False,
        manualSelector=False,
        podReplacementPolicy="Failed" if spec.get("podFailurePolicy") is not None else "TerminatingOrFailed",
    )
    labels = (spec.get("template", {}).get("metadata") or {}).get("labels")
    if labels:
        _fill_empty(obj["metadata"], labels=dict(labels))
    for rule in items(spec.get("podFailurePolicy") or {}, "rules"):
        for pattern in items(rule, "onPodConditions"):
            _fill_empty(pattern, status="True")
    _template(spec)


def _cron_job(obj: Obj) -> None:
    spec = obj["spec"]
    _fill_empty(spec, concurrencyPolicy="Allow")
    _fill(spec, suspend=False, successfulJobsHistoryLimit=3, failedJobsHistoryLimit=1)
    job = spec.setdefault("jobTemplate", {}).setdefault("spec", {})
    _template(job)
    _drop_empty_labels(job)


def _service(obj: Obj) -> None:
    spec = obj["spec"]
    _fill_empty(spec, sessionAffinity="None", type="ClusterIP")
    kind = spec["type"]
    _session_affinity(spec)
    for port in items(spec, "ports"):
        _fill_empty(port, protocol="TCP")
        if port.get("targetPort") in (None, 0, ""):
            port["targetPort"] = port.get("port", 0)
    if kind in ("NodePort", "LoadBalancer") or (kind == "ClusterIP" and spec.get("externalIPs")):
        _fill_empty(spec, externalTrafficPolicy="Cluster")
    if kind in ("NodePort", "LoadBalancer", "ClusterIP"):
        _fill(spec, internalTrafficPolicy="Cluster")
    if kind == "LoadBalancer":
        _fill(spec, allocateLoadBalancerNodePorts=True)
        for ingress in items(((obj.get("status") or {}).get("loadBalancer") or {}), "ingress"):
            if ingress.get("ip"):
                _fill(ingress, ipMode="VIP")


def _session_affinity(spec: Obj) -> None:
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP":
        client = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        if client.get("timeoutSeconds") is None:
            spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": 10800}}


def _secret(obj: Obj) -> None:
    _fill_empty(obj, type="Opaque")
    texts = obj.pop("stringData", None)
    if texts:
        data = {key: base64.b64encode(text.encode("utf-8", errors="replace")).decode() for key, text in texts.items()}
        obj["data"] = {**(obj.get("data") or {}), **data}


def _namespace(obj: Obj) -> None:
    if obj["metadata"].get("name"):
        obj["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = obj["metadata"]["name"]
    _fill_empty(obj.setdefault("status", {}), phase="Active")


def _node(obj: Obj) -> None:
    status = obj.setdefault("status", {})
    for name in ("capacity", "allocatable"):
        round_resources(status.get(name))
    if status.get("capacity") and status.get("allocatable") is None:
        status["allocatable"] = dict(status["capacity"])


def _claim(obj: Obj) -> None:
    default_claim_spec(obj.setdefault("spec", {}))
    _fill_empty(obj.setdefault("status", {}), phase="Pending")


def _volume(obj: Obj) -> None:
    spec = obj["spec"]
    _fill_empty(obj.setdefault("status", {}), phase="Pending")
    _fill_empty(spec, persistentVolumeReclaimPolicy="Retain")
    _fill(spec, volumeMode="Filesystem")
    default_volume_source(spec)
    round_resources(spec.get("capacity"))


def _storage_class(obj: Obj) -> None:
    _fill(obj, reclaimPolicy="Delete", volumeBindingMode="Immediate")


def _endpoints(obj: Obj) -> None:
    for subset in items(obj, "subsets"):
        for port in items(subset, "ports"):
            _fill_empty(port, protocol="TCP")


def _endpoint_slice(obj: Obj) -> None:
    for port in items(obj, "ports"):
        _fill(port, name="", protocol="TCP")


def _limit_range(obj: Obj) -> None:
    for item in items(obj["spec"], "limits"):
        for name in ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio"):
            round_resources(item.get(name))
        if item.get("type") == "Container":
            limits = {**(item.get("max") or {}), **(item.get("default") or {})}
            requests = {**(item.get("min") or {}), **limits, **(item.get("defaultRequest") or {})}
            item.update({key: value for key, value in (("default", limits), ("defaultRequest", requests)) if value})


def _resource_quota(obj: Obj) -> None:
    round_resources(obj["spec"].get("hard"))
    for name in ("hard", "used"):
        round_resources((obj.get("status") or {}).get(name))


def _network_policy(obj: Obj) -> None:
    spec = obj["spec"]
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    for rule in [*items(spec, "ingress"), *items(spec, "egress")]:
        for port in items(rule, "ports"):
            _fill(port, protocol="TCP")


def _binding(obj: Obj) -> None:
    _fill_empty(obj.setdefault("roleRef", {}), apiGroup=_RBAC_GROUP)
    for subject in items(obj, "subjects"):
        if subject.get("kind") in ("User", "Group"):
            _fill_empty(subject, apiGroup=_RBAC_GROUP)


def _runtime_class(obj: Obj) -> None:
    round_resources((obj.get("overhead") or {}).get("podFixed"))


def _priority_class(obj: Obj) -> None:
    _fill(obj, preemptionPolicy="PreemptLowerPriority")


_SCALE_UP: Final = [{"type": "Pods", "value": 4, "periodSeconds": 15}, {"type": "Percent", "value": 100, "periodSeconds": 15}]
_SCALE_DOWN: Final = [{"type": "Percent", "value": 100, "periodSeconds": 15}]


def _autoscaler(obj: Obj) -> None:
    spec = obj["spec"]
    _fill(spec, minReplicas=1)
    if obj.get("apiVersion") == "autoscaling/v1":
        return
    if not spec.get("metrics"):
        target = {"type": "Utilization", "averageUtilization": 80}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    behavior = spec.get("behavior")
    if behavior is not None:
        for way, policies, seconds in (("scaleUp", _SCALE_UP, 0), ("scaleDown", _SCALE_DOWN, None)):
            rules = behavior.setdefault(way, {})
            _fill(rules, selectPolicy="Max", policies=[dict(policy) for policy in policies])
            if seconds is not None:
                _fill(rules, stabilizationWindowSeconds=seconds)


def _custom_resource_definition(obj: Obj) -> None:
    spec = obj["spec"]
    names = spec.setdefault("names", {})
    if names.get("kind"):
        _fill_empty(names, singular=names["kind"].lower(), listKind=f"{names['kind']}List")
    _fill(spec, conversion={"strategy": "None"})


Default = Callable[[Obj], None]
DEFAULTS: Final[dict[tuple[str, str], Default]] = {
    ("", "Pod"): default_pod,
    ("", "PodTemplate"): _pod_template,
    ("", "ReplicationController"): _replication_controller,
    ("", "Service"): _service,
    ("", "Secret"): _secret,
    ("", "Namespace"): _namespace,
    ("", "Node"): _node,
    ("", "PersistentVolumeClaim"): _claim,
    ("", "PersistentVolume"): _volume,
    ("", "Endpoints"): _endpoints,
    ("", "LimitRange"): _limit_range,
    ("", "ResourceQuota"): _resource_quota,
    ("apps", "Deployment"): _deployment,
    ("apps", "ReplicaSet"): _replica_set,
    ("apps", "StatefulSet"): _stateful_set,
    ("apps", "DaemonSet"): _daemon_set,
    ("batch", "Job"): _job,
    ("batch", "CronJob"): _cron_job,
    ("autoscaling", "HorizontalPodAutoscaler"): _autoscaler,
    ("storage.k8s.io", "StorageClass"): _storage_class,
    ("discovery.k8s.io", "EndpointSlice"): _endpoint_slice,
    ("networking.k8s.io", "NetworkPolicy"): _network_policy,
    (_RBAC_GROUP, "RoleBinding"): _binding,
    (_RBAC_GROUP, "ClusterRoleBinding"): _binding,
    ("scheduling.k8s.io", "PriorityClass"): _priority_class,
    ("node.k8s.io", "RuntimeClass"): _runtime_class,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _custom_resource_definition,
}
