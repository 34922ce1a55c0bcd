"""Random sequences of calls: never a fault of the server, and what a watch shows is what the store holds."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.mock.api.admitting import CLUSTER_SCOPED, SOUND
from tests.mock.api.calling import (
    APPLY,
    DEPLOYMENTS,
    JSON_PATCH,
    MERGE,
    STRATEGIC,
    TABLE,
    Bottle,
    deployment,
    frames,
    manifest,
    pod,
)

Obj = dict[str, Any]

NAMES = st.sampled_from(["a", "b", "UPPER", ""])
SCALARS = st.none() | st.booleans() | st.integers(-2, 70000) | st.sampled_from(["", "x", "Always", "10Mi", "None", "1.2.3.4"])
FIELDS = st.sampled_from(
    ["metadata", "name", "namespace", "labels", "finalizers", "spec", "status", "containers", "image", "ports", "port", "replicas",  # noqa: E501
     "selector", "type", "template", "$patch", "generateName", "ownerReferences", "clusterIP", "nodePort", "targetPort", "data",
     "resourceVersion", "uid", "kind", "apiVersion", "env", "volumes", "conditions", "deletionTimestamp", "phase", "rules"]
)  # fmt: skip
JUNK = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(FIELDS, inner, max_size=4), max_leaves=12
)
MORE: tuple[tuple[str, str, str, str], ...] = (
    ("v1", "namespaces/{}/", "secrets", "Secret"),
    ("v1", "namespaces/{}/", "serviceaccounts", "ServiceAccount"),
    ("v1", "namespaces/{}/", "resourcequotas", "ResourceQuota"),
    ("v1", "namespaces/{}/", "limitranges", "LimitRange"),
    ("v1", "namespaces/{}/", "endpoints", "Endpoints"),
    ("v1", "namespaces/{}/", "podtemplates", "PodTemplate"),
    ("v1", "", "persistentvolumes", "PersistentVolume"),
    ("apps/v1", "namespaces/{}/", "replicasets", "ReplicaSet"),
    ("apps/v1", "namespaces/{}/", "statefulsets", "StatefulSet"),
    ("apps/v1", "namespaces/{}/", "daemonsets", "DaemonSet"),
    ("apps/v1", "namespaces/{}/", "controllerrevisions", "ControllerRevision"),
    ("coordination.k8s.io/v1", "namespaces/{}/", "leases", "Lease"),
    ("discovery.k8s.io/v1", "namespaces/{}/", "endpointslices", "EndpointSlice"),
    ("networking.k8s.io/v1", "namespaces/{}/", "networkpolicies", "NetworkPolicy"),
    ("networking.k8s.io/v1", "", "ingressclasses", "IngressClass"),
    ("rbac.authorization.k8s.io/v1", "namespaces/{}/", "rolebindings", "RoleBinding"),
    ("rbac.authorization.k8s.io/v1", "", "clusterroles", "ClusterRole"),
    ("scheduling.k8s.io/v1", "", "priorityclasses", "PriorityClass"),
    ("storage.k8s.io/v1", "", "storageclasses", "StorageClass"),
    ("autoscaling/v2", "namespaces/{}/", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
    ("authentication.k8s.io/v1", "", "tokenreviews", "TokenReview"),
    ("authorization.k8s.io/v1", "", "subjectaccessreviews", "SubjectAccessReview"),
    ("authorization.k8s.io/v1", "", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
    ("authorization.k8s.io/v1", "", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
    ("authorization.k8s.io/v1", "namespaces/{}/", "localsubjectaccessreviews", "LocalSubjectAccessReview"),
    ("example.com/v1", "namespaces/{}/", "foos", "Foo"),
    ("gone.example.com/v1", "namespaces/{}/", "nothings", "Nothing"),
)
"""Version, where it is, plural and kind of what else is served, and of two that are not built in."""
RESOURCES = {
    "pods": ("/api/v1/namespaces/{}/pods", "v1", "Pod"),
    "services": ("/api/v1/namespaces/{}/services", "v1", "Service"),
    "configmaps": ("/api/v1/namespaces/{}/configmaps", "v1", "ConfigMap"),
    "namespaces": ("/api/v1/namespaces", "v1", "Namespace"),
    "events": ("/apis/events.k8s.io/v1/namespaces/{}/events", "events.k8s.io/v1", "Event"),
    "deployments.apps": ("/apis/apps/v1/namespaces/{}/deployments", "apps/v1", "Deployment"),
    "jobs.batch": ("/apis/batch/v1/namespaces/{}/jobs", "batch/v1", "Job"),
    "cronjobs.batch": ("/apis/batch/v1/namespaces/{}/cronjobs", "batch/v1", "CronJob"),
    "poddisruptionbudgets.policy": ("/apis/policy/v1/namespaces/{}/poddisruptionbudgets", "policy/v1", "PodDisruptionBudget"),
    "persistentvolumeclaims": ("/api/v1/namespaces/{}/persistentvolumeclaims", "v1", "PersistentVolumeClaim"),
    "roles": ("/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles", "rbac.authorization.k8s.io/v1", "Role"),
    "customresourcedefinitions": (
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "apiextensions.k8s.io/v1", "CustomResourceDefinition",
    ),
    "nodes": ("/api/v1/nodes", "v1", "Node"),
    "horizontalpodautoscalers": (
        "/apis/autoscaling/v1/namespaces/{}/horizontalpodautoscalers", "autoscaling/v1", "HorizontalPodAutoscaler",
    ),
    "ingresses": ("/apis/networking.k8s.io/v1/namespaces/{}/ingresses", "networking.k8s.io/v1", "Ingress"),
    "replicationcontrollers": ("/api/v1/namespaces/{}/replicationcontrollers", "v1", "ReplicationController"),
    **{
        f"{plural} {version}": (f"/{'apis' if '/' in version else 'api'}/{version}/{place}{plural}", version, kind)
        for version, place, plural, kind in MORE
    },
}  # fmt: skip
FOO_SCHEMA: Obj = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "properties": {"replicas": {"type": "integer", "minimum": 0}},
            "x-kubernetes-preserve-unknown-fields": True,
        },
        "status": {"type": "object", "properties": {"replicas": {"type": "integer"}}},
        "data": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
SCALE = {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}
FOO_VERSION = {
    "name": "v1",
    "served": True,
    "storage": True,
    "schema": {"openAPIV3Schema": FOO_SCHEMA},
    "subresources": {"status": {}, "scale": SCALE},
}
FOOS = manifest(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    "foos.example.com",
    spec={"group": "example.com", "scope": "Namespaced", "names": {"plural": "foos", "kind": "Foo"}, "versions": [FOO_VERSION]},
)
PLURALS = {
    "Endpoints": "endpoints",
    "NetworkPolicy": "networkpolicies",
    "Ingress": "ingresses",
    "PriorityClass": "priorityclasses",
    "StorageClass": "storageclasses",
}


def collection(obj: Obj) -> str:
    """Where objects of that kind are posted."""
    version, kind = obj["apiVersion"], obj["kind"]
    place = "" if kind in CLUSTER_SCOPED else "namespaces/default/"
    return f"/{'apis' if '/' in version else 'api'}/{version}/{place}{PLURALS.get(kind, kind.lower() + 's')}"


SUBRESOURCES = st.sampled_from(
    [
        "",
        "",
        "",
        "status",
        "scale",
        "log",
        "exec",
        "eviction",
        "binding",
        "ephemeralcontainers",
        "resize",
        "finalize",
        "token",
        "proxy",
        "attach",
        "portforward",
        "approval",
    ]
)
_QUERIES = """
    dryRun=All fieldValidation=Strict fieldValidation=Warn fieldManager=me fieldManager=me&force=true limit=1
    labelSelector=a%3Db labelSelector=%21%3D fieldSelector=metadata.name%3Da fieldSelector=x
    gracePeriodSeconds=0 propagationPolicy=Foreground propagationPolicy=Orphan continue=abc resourceVersion=1
    resourceVersion=99999 resourceVersion=5&resourceVersionMatch=Exact container=app&command=ls&stdout=1
    tailLines=-1 dryRun=x fieldValidation=x pretty=true timeout=x orphanDependents=true
    watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan sinceTime=x&timestamps=1
    sinceSeconds=0 previous=x fieldManager=%00 limit=-1 limit=x gracePeriodSeconds=-5 propagationPolicy=x
    labelSelector=a+in+%28b%2Cc%29 fieldSelector=spec.nodeName%3D watch=true&resourceVersion=x
"""
QUERIES = st.sampled_from(["", *_QUERIES.split()])
ACCEPTS = st.sampled_from(
    ["application/json", TABLE, "application/yaml", "*/*", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", "text/html",  # noqa: E501
     "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "application/vnd.kubernetes.protobuf, application/json"]
)  # fmt: skip
TYPES = st.sampled_from(["application/json", MERGE, STRATEGIC, JSON_PATCH, APPLY, "application/yaml", "text/plain",
                         "application/vnd.kubernetes.protobuf"])  # fmt: skip


def patch_operations(value: Any) -> Any:
    return st.lists(
        st.fixed_dictionaries(
            {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]),
             "path": st.sampled_from(["/metadata/labels", "/spec", "/spec/containers/0/image", "/metadata/name", "/status", "", "/x/-"])},  # noqa: E501
            optional={"value": value, "from": st.sampled_from(["/spec", "/metadata/name"])},
        ),
        max_size=3,
    )  # fmt: skip


class CallMachine(RuleBasedStateMachine):
    """Good and bad requests in any order."""

    @initialize()
    def start(self) -> None:
        self.bottle = Bottle()
        self.bottle.ok("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", FOOS)
        self.stream = self.bottle.watch("/api/v1/pods?watch=true&resourceVersion=0&allowWatchBookmarks=true")
        self.seen: dict[str, Obj] = {}

    @rule(
        method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]), resource=st.sampled_from(sorted(RESOURCES)),  # noqa: E501
        namespace=st.sampled_from(["default", "nope"]), name=NAMES, subresource=SUBRESOURCES, query=QUERIES, accept=ACCEPTS,
        content_type=TYPES, body=JUNK | patch_operations(JUNK), well_formed=st.booleans(),
    )  # fmt: skip
    def call(self, method: str, resource: str, namespace: str, name: str, subresource: str, query: str, accept: str,
             content_type: str, body: Any, well_formed: bool) -> None:  # fmt: skip
        path, api_version, kind = RESOURCES[resource]
        url = path.format(namespace)
        if (name and method != "POST") or subresource:
            url += f"/{name}"
        if subresource:
            url += f"/{subresource}"
        if well_formed and isinstance(body, dict):
            meta = body.get("metadata") if isinstance(body.get("metadata"), dict) else {}
            body = {**body, "apiVersion": api_version, "kind": kind, "metadata": {**meta, "name": name}}
        answer = self.bottle.answer(method, f"{url}?{query}", body, accept=accept, content_type=content_type)
        assert getattr(answer, "status", 200) not in (500, 502, 504) or b"Too large resource version" in answer.body

    @rule(
        sound=st.sampled_from(SOUND), part=st.sampled_from(["", "spec", "status", "metadata", "data", "rules"]), patch=JUNK,
        kind=st.sampled_from([MERGE, STRATEGIC, APPLY]), subresource=st.sampled_from(["", "", "status", "scale", "finalize"]),
        accept=ACCEPTS,
    )  # fmt: skip
    def change_what_is_sound(self, sound: Obj, part: str, patch: Any, kind: str, subresource: str, accept: str) -> None:
        """Creates an object of any kind, if it is not there, and changes a part of it to anything."""
        url = collection(sound)
        self.bottle.answer("POST", url, sound)
        body: Any = {part: patch} if part else patch
        if kind == APPLY and isinstance(body, dict):
            body = {"apiVersion": sound["apiVersion"], "kind": sound["kind"], **body}
        path = f"{url}/{sound['metadata']['name']}{'/' + subresource if subresource else ''}?fieldManager=me&force=true"
        answer = self.bottle.answer("PATCH", path, body, content_type=kind, accept=accept)
        assert answer.status not in (500, 502, 504)

    @rule(name=st.sampled_from(["a", "b"]), finalizers=st.sampled_from([[], ["example.com/x"]]))
    def create_pod(self, name: str, finalizers: list[str]) -> None:
        made = pod(name, labels={"a": "b"})
        made["metadata"]["finalizers"] = finalizers
        self.bottle.answer("POST", "/api/v1/namespaces/default/pods", made)

    @rule(name=st.sampled_from(["a", "b"]))
    def create_deployment(self, name: str) -> None:
        self.bottle.answer("POST", DEPLOYMENTS, deployment(name))

    @rule(name=st.sampled_from(["a", "b"]), patch=JUNK, kind=st.sampled_from([MERGE, STRATEGIC]), status=st.booleans())
    def patch_pod(self, name: str, patch: Any, kind: str, status: bool) -> None:
        url = f"/api/v1/namespaces/default/pods/{name}{'/status' if status else ''}"
        part = {"status" if status else "spec": patch}
        self.bottle.answer("PATCH", url, part, content_type=kind)

    @rule(name=st.sampled_from(["a", "b"]), grace=st.sampled_from(["", "gracePeriodSeconds=0", "gracePeriodSeconds=3"]))
    def delete_pod(self, name: str, grace: str) -> None:
        self.bottle.answer("DELETE", f"/api/v1/namespaces/default/pods/{name}?{grace}")

    @rule(name=st.sampled_from(["a", "b"]))
    def bind_pod(self, name: str) -> None:
        body = manifest("v1", "Binding", name, target={"kind": "Node", "name": "node1"})
        self.bottle.answer("POST", f"/api/v1/namespaces/default/pods/{name}/binding", body)

    @rule(config=JUNK, force=st.booleans())
    def apply(self, config: Any, force: bool) -> None:
        made = deployment("a")
        if isinstance(config, dict):
            made["spec"] = {**made["spec"], **config}
        self.bottle.answer("PATCH", f"{DEPLOYMENTS}/a?fieldManager=me&force={str(force).lower()}", made, content_type=APPLY)

    @rule(seconds=st.sampled_from([1, 61, 4000]))
    def wait(self, seconds: int) -> None:
        self.bottle.run(seconds)

    @precondition(lambda self: hasattr(self, "bottle"))
    @invariant()
    def the_watch_shows_the_store(self) -> None:
        for frame in frames(self.stream):
            if frame["type"] == "BOOKMARK":
                continue
            name = frame["object"]["metadata"]["name"]
            if frame["type"] == "DELETED":
                del self.seen[name]
            else:
                self.seen[name] = frame["object"]
        listed = self.bottle.ok("GET", "/api/v1/pods")["items"]
        assert [{**one, "kind": "Pod", "apiVersion": "v1"} for one in listed] == [self.seen[name] for name in sorted(self.seen)]


TestCalls = CallMachine.TestCase
TestCalls.settings = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
