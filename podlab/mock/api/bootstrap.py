"""What an API server makes when it first starts: system namespaces, its own service, priority classes, and the default roles.

The roles are those that people bind and ask about (``cluster-admin``, ``admin``, ``edit``, ``view``, discovery); the many roles
of the control plane's own components are left out, since in this mock those are not restricted.
"""

from collections.abc import Iterator
from typing import Any, Final

from podlab.mock.api.options import WriteOptions
from podlab.mock.api.registry.services import kubernetes_service
from podlab.mock.api.verbs import Verbs

Obj = dict[str, Any]

NAMESPACES: Final = ("default", "kube-node-lease", "kube-public", "kube-system")
_GROUP: Final = "rbac.authorization.k8s.io"
_READ: Final = ["get", "list", "watch"]
_WRITE: Final = ["create", "delete", "deletecollection", "patch", "update"]
_ALL: Final = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]


def bootstrap(verbs: Verbs) -> None:
    """Makes what is not there yet."""
    options = WriteOptions("kube-apiserver")
    for key, obj in _objects():
        meta = obj["metadata"]
        if verbs.registry.find(key, meta.get("namespace", ""), meta["name"]) is None:
            verbs.create(key, meta.get("namespace", ""), obj, options)


def _objects() -> Iterator[tuple[str, Obj]]:
    for name in NAMESPACES:
        yield "namespaces", _object("v1", "Namespace", name)
    yield "services", kubernetes_service()
    for name, value, text in (
        ("system-cluster-critical", 2_000_000_000, "Used for system critical pods that must run in the cluster, but can be moved "
         "to another node if necessary."),
        ("system-node-critical", 2_000_001_000, "Used for system critical pods that must not be moved from their current node."),
    ):  # fmt: skip
        made = _object("scheduling.k8s.io/v1", "PriorityClass", name, value=value, description=text)
        yield "priorityclasses.scheduling.k8s.io", made
    for name, rules in _ROLES.items():
        yield f"clusterroles.{_GROUP}", _object(f"{_GROUP}/v1", "ClusterRole", name, _BOOTSTRAP_LABELS, rules=rules)
    for name, *groups in _BINDINGS:
        yield f"clusterrolebindings.{_GROUP}", _binding(name, groups)


def _object(api_version: str, kind: str, name: str, labels: Obj | None = None, **fields: Any) -> Obj:
    meta: Obj = {"name": name}
    if labels:
        meta |= {"labels": dict(labels), "annotations": {"rbac.authorization.kubernetes.io/autoupdate": "true"}}
    return {"kind": kind, "apiVersion": api_version, "metadata": meta, **fields}


def _binding(name: str, groups: list[str]) -> Obj:
    subjects = [{"kind": "Group", "apiGroup": _GROUP, "name": group} for group in groups]
    reference = {"apiGroup": _GROUP, "kind": "ClusterRole", "name": name}
    return _object(f"{_GROUP}/v1", "ClusterRoleBinding", name, _BOOTSTRAP_LABELS, subjects=subjects, roleRef=reference)


def _rule(groups: list[str], resources: list[str], verbs: list[str]) -> Obj:
    return {"verbs": verbs, "apiGroups": groups, "resources": resources}


_BOOTSTRAP_LABELS: Final[Obj] = {"kubernetes.io/bootstrapping": "rbac-defaults"}
_WORKLOADS: Final = [
    "daemonsets", "deployments", "deployments/scale", "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale",
]  # fmt: skip
_CORE: Final = [
    "configmaps", "endpoints", "persistentvolumeclaims", "pods", "replicationcontrollers", "replicationcontrollers/scale",
    "serviceaccounts", "services",
]  # fmt: skip
_VIEW: Final = [
    _rule([""], [*_CORE, "persistentvolumeclaims/status", "services/status"], _READ),
    _rule([""], ["events", "limitranges", "namespaces/status", "pods/log", "pods/status", "resourcequotas",
                 "resourcequotas/status", "namespaces"], _READ),
    _rule(["discovery.k8s.io"], ["endpointslices"], _READ),
    _rule(["apps"], [*_WORKLOADS, "controllerrevisions", "daemonsets/status", "deployments/status", "replicasets/status",
                     "statefulsets/status"], _READ),
    _rule(["autoscaling"], ["horizontalpodautoscalers", "horizontalpodautoscalers/status"], _READ),
    _rule(["batch"], ["cronjobs", "cronjobs/status", "jobs", "jobs/status"], _READ),
    _rule(["policy"], ["poddisruptionbudgets", "poddisruptionbudgets/status"], _READ),
    _rule(["networking.k8s.io"], ["ingresses", "ingresses/status", "networkpolicies"], _READ),
]  # fmt: skip
_EDIT: Final = [
    _rule([""], ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"], _READ),
    _rule([""], ["serviceaccounts"], ["impersonate"]),
    _rule([""], ["pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"], _WRITE),
    _rule([""], ["pods/eviction", "serviceaccounts/token"], ["create"]),
    _rule([""], ["configmaps", "events", "persistentvolumeclaims", "replicationcontrollers",
               "replicationcontrollers/scale", "secrets", "serviceaccounts", "services", "services/proxy"], _WRITE),
    _rule(["apps"], [*_WORKLOADS, "deployments/rollback"], _WRITE),
    _rule(["autoscaling"], ["horizontalpodautoscalers"], _WRITE),
    _rule(["batch"], ["cronjobs", "jobs"], _WRITE),
    _rule(["policy"], ["poddisruptionbudgets"], _WRITE),
    _rule(["networking.k8s.io"], ["ingresses", "networkpolicies"], _WRITE),
    _rule(["coordination.k8s.io"], ["leases"], _ALL),
    *_VIEW,
]  # fmt: skip
_DISCOVERY_PATHS: Final = [
    "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/",
]  # fmt: skip
_ROLES: Final[dict[str, list[Obj]]] = {
    "admin": [
        *_EDIT,
        _rule(["authorization.k8s.io"], ["localsubjectaccessreviews"], ["create"]),
        _rule([_GROUP], ["rolebindings", "roles"], _ALL),
    ],
    "cluster-admin": [_rule(["*"], ["*"], ["*"]), {"verbs": ["*"], "nonResourceURLs": ["*"]}],
    "edit": _EDIT,
    "system:basic-user": [
        _rule(["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]),
        _rule(["authentication.k8s.io"], ["selfsubjectreviews"], ["create"]),
    ],
    "system:discovery": [{"verbs": ["get"], "nonResourceURLs": _DISCOVERY_PATHS}],
    "system:public-info-viewer": [
        {"verbs": ["get"], "nonResourceURLs": ["/healthz", "/livez", "/readyz", "/version", "/version/"]}
    ],
    "view": _VIEW,
}
_BINDINGS: Final = (
    ("cluster-admin", "system:masters"),
    ("system:basic-user", "system:authenticated"),
    ("system:discovery", "system:authenticated"),
    ("system:public-info-viewer", "system:authenticated", "system:unauthenticated"),
)
