"""What the tests of admission share: a quiet cluster and the whole way from bytes to an admitted object."""

import json
from typing import Any

from podlab.mock.api import admission
from podlab.mock.api.errors import APIError
from podlab.mock.api.schema import kind_of
from podlab.mock.kernel import Time

Obj = dict[str, Any]

UID = "0e7c21b5-6e1c-4e6b-9b0e-6b8f7e0e9d11"
SUFFIX = "zzzzz"
RESOURCES = {
    "Pod": "pods",
    "Service": "services",
    "ConfigMap": "configmaps",
    "Secret": "secrets",
    "Namespace": "namespaces",
    "Node": "nodes",
    "ServiceAccount": "serviceaccounts",
    "Event": "events",
    "Endpoints": "endpoints",
    "PersistentVolumeClaim": "persistentvolumeclaims",
    "PersistentVolume": "persistentvolumes",
    "ResourceQuota": "resourcequotas",
    "LimitRange": "limitranges",
    "PodTemplate": "podtemplates",
    "ReplicationController": "replicationcontrollers",
    "Deployment": "deployments.apps",
    "ReplicaSet": "replicasets.apps",
    "StatefulSet": "statefulsets.apps",
    "DaemonSet": "daemonsets.apps",
    "Job": "jobs.batch",
    "CronJob": "cronjobs.batch",
    "Lease": "leases.coordination.k8s.io",
    "PriorityClass": "priorityclasses.scheduling.k8s.io",
    "StorageClass": "storageclasses.storage.k8s.io",
    "EndpointSlice": "endpointslices.discovery.k8s.io",
    "NetworkPolicy": "networkpolicies.networking.k8s.io",
    "PodDisruptionBudget": "poddisruptionbudgets.policy",
    "HorizontalPodAutoscaler": "horizontalpodautoscalers.autoscaling",
    "Ingress": "ingresses.networking.k8s.io",
    "IngressClass": "ingressclasses.networking.k8s.io",
    "Role": "roles.rbac.authorization.k8s.io",
    "ClusterRole": "clusterroles.rbac.authorization.k8s.io",
    "RoleBinding": "rolebindings.rbac.authorization.k8s.io",
    "ClusterRoleBinding": "clusterrolebindings.rbac.authorization.k8s.io",
    "CustomResourceDefinition": "customresourcedefinitions.apiextensions.k8s.io",
}
CLUSTER_SCOPED = frozenset(
    {
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "StorageClass",
        "IngressClass",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
    }
)


def context(**stored: list[Obj]) -> admission.AdmissionContext:
    """A cluster with the account ``default`` and the ``stored`` objects (``limitranges=[...]``; dots in resources as ``__``)."""

    def listed(resource: str, namespace: str) -> list[Obj]:
        return stored.get(resource.replace(".", "__"), [])

    def get(resource: str, namespace: str, name: str) -> Obj | None:
        if (resource, name) == ("serviceaccounts", "default") and "serviceaccounts" not in stored:
            return {"metadata": {"name": name}}
        return next((each for each in listed(resource, namespace) if each["metadata"]["name"] == name), None)

    return admission.AdmissionContext(Time(0), lambda: UID, lambda length: SUFFIX[:length], get, listed)


def admit(manifest: Obj | bytes, field_validation: str = "Strict", cluster: admission.AdmissionContext | None = None) -> Obj:
    """Creates ``manifest`` in the namespace ``default`` as far as storing it; raises what the server would answer."""
    body = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    kind = kind_of(json.loads(body))
    obj, _ = admission.decode(body, "application/json", kind, field_validation)
    resource = RESOURCES[kind.kind]
    namespace = "" if kind.kind in CLUSTER_SCOPED else "default"
    obj = admission.prepare_for_create(resource, obj, namespace, cluster or context())
    admission.validate_create(resource, obj)
    return obj


def plain(obj: Obj) -> Obj:
    """``obj`` as JSON, with times, uids and random parts as the recordings show them."""
    text = json.dumps(obj, default=lambda value: "<time>")
    loaded: Obj = json.loads(text.replace(UID, "<uid>").replace(SUFFIX, "<rand>"))
    return loaded


def update(new: Obj, old: Obj, subresource: str = "") -> Obj:
    """Changes ``old`` (as `admit` gave it) to ``new`` as far as storing it."""
    resource = RESOURCES[old["kind"]]
    stored = {**old, "metadata": {**old["metadata"], "resourceVersion": "1"}}
    sent = {**new, "metadata": {**new["metadata"], "resourceVersion": "1"}}
    decoded, _ = admission.decode_object(sent, kind_of(sent))
    ready = admission.prepare_for_update(resource, decoded, stored, context(), subresource)
    admission.validate_update(resource, ready, stored, subresource)
    return ready


def manifest(api_version: str, kind: str, name: str = "x", **fields: Any) -> Obj:
    """A manifest with a name and ``fields``."""
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **fields}


def pod(**spec: Any) -> Obj:
    """A pod with one container, ``app``, and more of ``spec``."""
    container = {"name": "app", "image": "busybox:1.37", "command": ["sh", "-c", "sleep 3600"]}
    return manifest("v1", "Pod", spec={"containers": [container], **spec})


def with_container(**fields: Any) -> Obj:
    """A pod whose container has ``fields``."""
    return pod(containers=[{"name": "app", "image": "busybox:1.37", **fields}])


TEMPLATE: Obj = {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "app", "image": "busybox:1.37"}]}}
JOB_TEMPLATE = {"spec": {**TEMPLATE["spec"], "restartPolicy": "Never"}}
SELECTOR = {"matchLabels": {"app": "a"}}
_RULES = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
_RBAC = "rbac.authorization.k8s.io"
_CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
_ROLE_REF = {"apiGroup": _RBAC, "kind": "ClusterRole", "name": "r"}
_VERSION = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
_TARGET = {"kind": "Deployment", "name": "d"}
SOUND: list[Obj] = [
    pod(),
    manifest("v1", "Service", spec={"ports": [{"port": 80}], "selector": {"app": "a"}}),
    manifest("v1", "ConfigMap", data={"a": "b"}),
    manifest("v1", "Secret", data={"a": "Yg=="}),
    manifest("v1", "Namespace"),
    manifest("v1", "Node", spec={"podCIDR": "10.0.0.0/24"}),
    manifest("v1", "ServiceAccount"),
    manifest("v1", "Event", involvedObject={"kind": "Pod", "namespace": "default", "name": "p"}, reason="R", message="m"),
    manifest("v1", "Endpoints", subsets=[{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}]),
    manifest("v1", "PersistentVolumeClaim", spec=_CLAIM),
    manifest(
        "v1",
        "PersistentVolume",
        spec={"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "hostPath": {"path": "/tmp"}},
    ),
    manifest("v1", "ResourceQuota", spec={"hard": {"pods": "4"}}),
    manifest("v1", "LimitRange", spec={"limits": [{"type": "Container", "max": {"cpu": "1"}}]}),
    manifest("v1", "PodTemplate", template=TEMPLATE),
    manifest("v1", "ReplicationController", spec={"template": TEMPLATE}),
    manifest("apps/v1", "Deployment", spec={"selector": SELECTOR, "template": TEMPLATE}),
    manifest("apps/v1", "ReplicaSet", spec={"selector": SELECTOR, "template": TEMPLATE}),
    manifest("apps/v1", "StatefulSet", spec={"selector": SELECTOR, "template": TEMPLATE, "serviceName": "s"}),
    manifest("apps/v1", "DaemonSet", spec={"selector": SELECTOR, "template": TEMPLATE}),
    manifest("batch/v1", "Job", spec={"template": JOB_TEMPLATE}),
    manifest("batch/v1", "CronJob", spec={"schedule": "* * * * *", "jobTemplate": {"spec": {"template": JOB_TEMPLATE}}}),
    manifest("coordination.k8s.io/v1", "Lease", spec={"holderIdentity": "a", "leaseDurationSeconds": 4}),
    manifest("scheduling.k8s.io/v1", "PriorityClass", value=4),
    manifest("storage.k8s.io/v1", "StorageClass", provisioner="p/q"),
    manifest(
        "discovery.k8s.io/v1", "EndpointSlice", addressType="IPv4", endpoints=[{"addresses": ["10.0.0.1"]}], ports=[{"port": 80}]
    ),
    manifest("networking.k8s.io/v1", "NetworkPolicy", spec={"podSelector": {}}),
    manifest("policy/v1", "PodDisruptionBudget", spec={"minAvailable": 1, "selector": SELECTOR}),
    manifest(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        spec={"maxReplicas": 4, "scaleTargetRef": {"kind": "Deployment", "name": "d"}},
    ),
    manifest(f"{_RBAC}/v1", "Role", rules=_RULES),
    manifest(f"{_RBAC}/v1", "ClusterRole", rules=_RULES),
    manifest(f"{_RBAC}/v1", "RoleBinding", roleRef=_ROLE_REF, subjects=[{"kind": "ServiceAccount", "name": "default"}]),
    manifest(f"{_RBAC}/v1", "ClusterRoleBinding", roleRef=_ROLE_REF, subjects=[{"kind": "User", "name": "u", "apiGroup": _RBAC}]),
    manifest(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "foos.example.com",
        spec={
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "foos", "kind": "Foo"},
            "versions": [_VERSION],
        },
    ),
]
"""A sound manifest of every kind."""
KINDS = frozenset((each["apiVersion"], each["kind"]) for each in SOUND)


def of_kind(kind: str) -> Obj:
    """A copy of the sound manifest of ``kind``."""
    copied: Obj = json.loads(json.dumps(next(each for each in SOUND if each["kind"] == kind)))
    return copied


def jsonable(obj: Obj) -> Obj:
    """``obj`` as a client would get it, to change and send back."""
    loaded: Obj = json.loads(json.dumps(obj, default=lambda value: "1970-01-01T00:00:00Z"))
    return loaded


def at(obj: Any, path: str) -> Any:
    """``at(pod, "spec.containers.0.image")``."""
    for part in path.split("."):
        obj = obj[int(part)] if isinstance(obj, list) else obj[part]
    return obj


def put(obj: Obj, path: str, value: Any) -> Obj:
    """A copy of ``obj`` with ``value`` at ``path`` (`...` takes away what is there)."""
    copied: Obj = json.loads(json.dumps(obj))
    *parents, last = path.split(".")
    place: Any = at(copied, ".".join(parents)) if parents else copied
    if value is ...:
        del place[int(last) if isinstance(place, list) else last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return copied


def causes(error: APIError) -> list[tuple[str, str]]:
    """Field and message of each cause of a refusal."""
    return [(each.get("field", ""), each["message"]) for each in error.status["details"].get("causes", [])]
