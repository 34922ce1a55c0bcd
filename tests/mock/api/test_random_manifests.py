"""Manifests of every kind, with junk put somewhere into them: posted, put, patched, printed. The server never faults."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podlab.mock.api.resources import BUILTIN
from podlab.mock.store import clone
from tests.mock.api.calling import APPLY, MERGE, STRATEGIC, TABLE, Bottle, deployment, manifest, pod
from tests.mock.api.test_random_calls import JUNK

Obj = dict[str, Any]

_TEMPLATE = {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "c", "image": "busybox"}]}}
_SELECTED = {"selector": {"matchLabels": {"app": "a"}}, "template": _TEMPLATE}
_JOB = {**_TEMPLATE, "spec": {**_TEMPLATE["spec"], "restartPolicy": "Never"}}
_RULE = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
_ROLE_REF = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}
_SUBJECT = {"kind": "ServiceAccount", "name": "default", "namespace": "default"}
_VERSION = {
    "name": "v1", "served": True, "storage": True, "subresources": {"status": {}},
    "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object"}}}},
}  # fmt: skip
_RBAC = "rbac.authorization.k8s.io/v1"
MANIFESTS = [
    pod("a", "app", "side", initContainers=[{"name": "i", "image": "busybox", "restartPolicy": "Always"}], volumes=[
        {"name": "v", "emptyDir": {}}, {"name": "p", "projected": {"sources": [{"configMap": {"name": "c"}}]}},
    ], tolerations=[{"key": "k", "operator": "Exists"}], securityContext={"fsGroup": 1}),
    deployment("a", env=[{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}], ports=[{"containerPort": 80}]),  # noqa: E501
    manifest("v1", "Service", "a", spec={"type": "NodePort", "selector": {"app": "a"}, "ports": [{"port": 80, "targetPort": "http"}]}),  # noqa: E501
    manifest("v1", "ConfigMap", "a", data={"k": "v"}, binaryData={"b": "AAAA"}),
    manifest("v1", "Secret", "a", data={"k": "AAAA"}, stringData={"x": "y"}, type="Opaque"),
    manifest("v1", "Namespace", "a"),
    manifest("v1", "Node", "a", status={"addresses": [{"type": "InternalIP", "address": "10.0.0.1"}]}),
    manifest("v1", "ServiceAccount", "a", automountServiceAccountToken=False),
    manifest("v1", "Endpoints", "a", subsets=[{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}]),
    manifest("v1", "Event", "a", involvedObject={"kind": "Pod", "name": "a", "namespace": "default"}, reason="R", message="m"),
    manifest("v1", "LimitRange", "a", spec={"limits": [{"type": "Container", "default": {"cpu": "1"}}]}),
    manifest("v1", "ResourceQuota", "a", spec={"hard": {"pods": "3", "requests.cpu": "2"}}),
    manifest("v1", "PersistentVolumeClaim", "a", spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}),  # noqa: E501
    manifest("v1", "PersistentVolume", "a", spec={"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"],
                                                 "hostPath": {"path": "/x"}}),
    manifest("apps/v1", "StatefulSet", "a", spec={**_SELECTED, "serviceName": "s"}),
    manifest("apps/v1", "DaemonSet", "a", spec=_SELECTED),
    manifest("apps/v1", "ReplicaSet", "a", spec=_SELECTED),
    manifest("apps/v1", "ControllerRevision", "a", revision=1, data={"x": 1}),
    manifest("batch/v1", "Job", "a", spec={"template": _JOB}),
    manifest("batch/v1", "CronJob", "a", spec={"schedule": "* * * * *", "jobTemplate": {"spec": {"template": _JOB}}}),
    manifest("policy/v1", "PodDisruptionBudget", "a", spec={"minAvailable": 1, "selector": {"matchLabels": {"app": "a"}}}),
    manifest("networking.k8s.io/v1", "NetworkPolicy", "a", spec={"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]}),  # noqa: E501
    manifest(_RBAC, "Role", "a", rules=[_RULE]),
    manifest(_RBAC, "ClusterRole", "a", rules=[_RULE]),
    manifest(_RBAC, "RoleBinding", "a", roleRef=_ROLE_REF, subjects=[_SUBJECT]),
    manifest(_RBAC, "ClusterRoleBinding", "a", roleRef={**_ROLE_REF, "kind": "ClusterRole"}, subjects=[_SUBJECT]),
    manifest("storage.k8s.io/v1", "StorageClass", "a", provisioner="x/y"),
    manifest("scheduling.k8s.io/v1", "PriorityClass", "a", value=5),
    manifest("coordination.k8s.io/v1", "Lease", "a", spec={"holderIdentity": "me", "leaseDurationSeconds": 5}),
    manifest("discovery.k8s.io/v1", "EndpointSlice", "a", addressType="IPv4", endpoints=[{"addresses": ["10.0.0.1"]}], ports=[{"port": 8}]),  # noqa: E501
    manifest("events.k8s.io/v1", "Event", "a", regarding={"kind": "Pod", "name": "a", "namespace": "default"}, reason="R", note="n",  # noqa: E501
             type="Normal", action="A", reportingController="x/y", reportingInstance="i", eventTime="2026-01-01T00:00:00.000000Z"),  # noqa: E501
    manifest("apiextensions.k8s.io/v1", "CustomResourceDefinition", "as.example.com", spec={
        "group": "example.com", "scope": "Namespaced", "names": {"plural": "as", "singular": "a", "kind": "A"}, "versions": [_VERSION]}),  # noqa: E501
    manifest("authorization.k8s.io/v1", "SubjectAccessReview", "a", spec={"user": "x", "resourceAttributes": {"verb": "get"}}),
    manifest("authentication.k8s.io/v1", "TokenReview", "a", spec={"token": "x.y.z"}),
]  # fmt: skip


def url_of(obj: Obj) -> str:
    found = next(one for one in BUILTIN if (one.api_version, one.kind) == (obj["apiVersion"], obj["kind"]))
    root = f"/apis/{found.api_version}" if found.group else "/api/v1"
    return f"{root}/namespaces/default/{found.plural}" if found.namespaced else f"{root}/{found.plural}"


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, inner in items for place in places(inner, (*path, key))]


def put_at(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    value[path[0]] = put_at(value[path[0]], path[1:], junk)
    return value


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[Obj, Obj]:
    """A good manifest, and the same with junk in one place (never its kind)."""
    good = draw(st.sampled_from(MANIFESTS))
    bad = clone(good)
    where = draw(st.sampled_from([place for place in places(good) if place[0] not in ("kind", "apiVersion")]))
    return good, put_at(bad, where, draw(JUNK))


_SETTINGS = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@_SETTINGS
@given(pair=spoilt())
def test_junk_in_a_manifest_never_makes_the_server_fault(pair: tuple[Obj, Obj]) -> None:
    good, bad = pair
    bottle, url = Bottle(), url_of(good)
    code, made = bottle.call("POST", url, good)
    assert code == 201, made
    one = f"{url}/{good['metadata']['name']}"
    for method, where, body, kind in (
        ("POST", url, bad, "application/json"),
        ("PUT", one, bad, "application/json"),
        ("PATCH", one, bad, MERGE),
        ("PATCH", one, bad, STRATEGIC),
        ("PATCH", f"{one}?fieldManager=me&force=true", bad, APPLY),
        ("PUT", f"{one}/status", bad, "application/json"),
        ("PATCH", f"{one}/status", bad, MERGE),
    ):
        answer = bottle.answer(method, where, body, content_type=kind)
        assert answer.status < 500, answer.body
    for path in (url, one):
        assert bottle.answer("GET", path, accept=TABLE).status in (200, 404, 405)
    assert bottle.answer("DELETE", one).status in (200, 404, 405)
