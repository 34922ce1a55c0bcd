"""Which resources the server has: their names, kinds, verbs and subresources, as discovery tells them.

`BUILTIN` is what this mock models, in the order of the real server's discovery; a kind that is not here is not served
(404, and clients say that the server does not have it). Custom resources are added to a `ResourceTable` as their definitions come
and go.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from podlab.mock.api.patches.structure import Structure, structure_of
from podlab.mock.api.schema import GroupVersionKind
from podlab.mock.api.selectors import FieldSelectors

Obj = dict[str, Any]

ALL_VERBS: Final = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
_GET_AND_WRITE: Final = ("get", "patch", "update")


@dataclass(frozen=True, slots=True)
class Subresource:
    """A subresource: what it speaks of (with a group and version of its own, where that is not the parent's) and its verbs."""

    name: str
    kind: str
    verbs: tuple[str, ...]
    group: str = ""
    version: str = ""


@dataclass(frozen=True, eq=False)
class Resource:
    """One resource in one version.

    Attributes:
        plural: such as ``deployments``.
        storage: the resource part of the store's keys, such as ``deployments.apps``; events have one for both their groups.
        fields: the field selectors that lists of it take.
        custom: the version of the custom resource's definition (``spec.versions[]``), or None for a built-in one.
        storage_version: the version that the discovery document's hash tells of.
    """

    group: str
    version: str
    plural: str
    singular: str
    kind: str
    namespaced: bool
    verbs: tuple[str, ...] = ALL_VERBS
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: Mapping[str, Subresource] = field(default_factory=dict)
    storage: str = ""
    fields: FieldSelectors = field(default_factory=FieldSelectors)
    list_kind: str = ""
    custom: Obj | None = None
    structure: Structure | None = None

    @cached_property
    def key(self) -> str:
        """The name in errors and in the store's keys: ``pods``, ``deployments.apps``."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @cached_property
    def storage_key(self) -> str:
        """The resource part of the store's keys."""
        return self.storage or self.key

    @cached_property
    def api_version(self) -> str:
        """``v1``, ``apps/v1``."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @cached_property
    def gvk(self) -> GroupVersionKind:
        """The kind."""
        return GroupVersionKind(self.group, self.version, self.kind)

    @cached_property
    def qualified_kind(self) -> str:
        """The kind in errors: ``Pod``, ``Deployment.apps``."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    @cached_property
    def shape(self) -> Structure:
        """How its objects merge."""
        return self.structure or structure_of(self.api_version, self.kind)

    @cached_property
    def storage_version_hash(self) -> str:
        """What discovery says of how it is stored; ``""`` for what is never stored."""
        if "list" not in self.verbs:
            return ""
        version = _STORAGE_VERSIONS.get(self.plural, self.version)
        group = "" if self.storage == "events" else self.group
        text = f"{group}/{version}/{self.kind}"
        return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode()


_STORAGE_VERSIONS: Final = {"customresourcedefinitions": "v1beta1", "horizontalpodautoscalers": "v2"}
_STATUS: Final = "status"
_SCALE: Final = Subresource("scale", "Scale", _GET_AND_WRITE, "autoscaling", "v1")
_PROXY_VERBS: Final = ("create", "delete", "get", "patch", "update")

_CORE_METADATA: Final = ("metadata.name", "metadata.namespace")
_CORE_REFUSAL: Final = "field label not supported: {}"


def _flag(section: str, name: str) -> Any:
    return lambda obj: "true" if (obj.get(section) or {}).get(name) else "false"


def _event_source(obj: Obj) -> str:
    return (obj.get("source") or {}).get("component") or obj.get("reportingComponent") or ""


_INVOLVED: Final = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
_FIELDS: Final[Mapping[str, FieldSelectors]] = {
    "pods": FieldSelectors(
        (*_CORE_METADATA, "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
         "spec.hostNetwork", "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName"),
        _CORE_REFUSAL,
        {
            "spec.hostNetwork": _flag("spec", "hostNetwork"),
            "status.podIPs": lambda obj: ",".join(one.get("ip", "") for one in (obj.get("status") or {}).get("podIPs") or ()),
        },
    ),
    "nodes": FieldSelectors(
        ("metadata.name", "spec.unschedulable"), _CORE_REFUSAL, {"spec.unschedulable": _flag("spec", "unschedulable")}
    ),
    "namespaces": FieldSelectors(("metadata.name", "status.phase"), _CORE_REFUSAL),
    "secrets": FieldSelectors((*_CORE_METADATA, "type"), _CORE_REFUSAL),
    "services": FieldSelectors((*_CORE_METADATA, "spec.clusterIP", "spec.type"), _CORE_REFUSAL),
    "events": FieldSelectors(
        (*(f"involvedObject.{name}" for name in _INVOLVED), "reason", "reportingComponent", "source", "type", *_CORE_METADATA),
        _CORE_REFUSAL,
        {"source": _event_source},
    ),
    "events.events.k8s.io": FieldSelectors(
        (*(f"regarding.{name}" for name in _INVOLVED), "reason", "reportingController", "type", *_CORE_METADATA),
        'field label not supported: {}',
        {f"regarding.{name}": (lambda obj, name=name: str((obj.get("involvedObject") or {}).get(name, ""))) for name in _INVOLVED}
        | {"reportingController": lambda obj: obj.get("reportingComponent", "")},
    ),
    "jobs.batch": FieldSelectors(
        (*_CORE_METADATA, "status.successful"),
        'field label "{}" not supported for batchv1.Job',
        {"status.successful": lambda obj: str((obj.get("status") or {}).get("succeeded", 0))},
    ),
    "statefulsets.apps": FieldSelectors((*_CORE_METADATA, "status.successful"), 'field label "{}" not supported for StatefulSet'),
}  # fmt: skip


def _resource(
    group_version: str,
    plural: str,
    kind: str,
    short: str = "",
    *,
    cluster: bool = False,
    categories: tuple[str, ...] = (),
    verbs: tuple[str, ...] = ALL_VERBS,
    status: bool = False,
    scale: bool = False,
    more: tuple[Subresource, ...] = (),
    storage: str = "",
) -> Resource:
    group, _, version = group_version.rpartition("/")
    subresources = [*more]
    if status:
        subresources.append(Subresource(_STATUS, kind, _GET_AND_WRITE))
    if scale:
        subresources.append(_SCALE)
    subresources.sort(key=lambda subresource: subresource.name)
    return Resource(
        group=group,
        version=version,
        plural=plural,
        singular=kind.lower(),
        kind=kind,
        namespaced=not cluster,
        verbs=verbs,
        short_names=tuple(short.split()),
        categories=categories,
        subresources={subresource.name: subresource for subresource in subresources},
        storage=storage,
        fields=_FIELDS.get(f"{plural}.{group}" if group else plural, FieldSelectors()),
        list_kind=f"{kind}List",
    )


_ALL: Final = ("all",)
_CREATE: Final = ("create",)
_POD_SUBRESOURCES: Final = (
    Subresource("attach", "PodAttachOptions", ("create", "get")),
    Subresource("binding", "Binding", _CREATE),
    Subresource("ephemeralcontainers", "Pod", _GET_AND_WRITE),
    Subresource("eviction", "Eviction", _CREATE, "policy", "v1"),
    Subresource("exec", "PodExecOptions", ("create", "get")),
    Subresource("log", "Pod", ("get",)),
    Subresource("portforward", "PodPortForwardOptions", ("create", "get")),
    Subresource("proxy", "PodProxyOptions", _PROXY_VERBS),
    Subresource("resize", "Pod", _GET_AND_WRITE),
)
_TOKEN: Final = (Subresource("token", "TokenRequest", _CREATE, "authentication.k8s.io", "v1"),)
_NO_COLLECTION: Final = tuple(verb for verb in ALL_VERBS if verb != "deletecollection")

BUILTIN: Final[tuple[Resource, ...]] = (
    _resource("v1", "bindings", "Binding", verbs=_CREATE),
    _resource("v1", "configmaps", "ConfigMap", "cm"),
    _resource("v1", "endpoints", "Endpoints", "ep"),
    _resource("v1", "events", "Event", "ev"),
    _resource("v1", "limitranges", "LimitRange", "limits"),
    _resource("v1", "namespaces", "Namespace", "ns", cluster=True, verbs=_NO_COLLECTION, status=True,
              more=(Subresource("finalize", "Namespace", ("update",)),)),
    _resource("v1", "nodes", "Node", "no", cluster=True, status=True),
    _resource("v1", "persistentvolumeclaims", "PersistentVolumeClaim", "pvc", status=True),
    _resource("v1", "persistentvolumes", "PersistentVolume", "pv", cluster=True, status=True),
    _resource("v1", "pods", "Pod", "po", categories=_ALL, status=True, more=_POD_SUBRESOURCES),
    _resource("v1", "podtemplates", "PodTemplate"),
    _resource("v1", "replicationcontrollers", "ReplicationController", "rc", categories=_ALL, status=True, scale=True),
    _resource("v1", "resourcequotas", "ResourceQuota", "quota", status=True),
    _resource("v1", "secrets", "Secret"),
    _resource("v1", "serviceaccounts", "ServiceAccount", "sa", more=_TOKEN),
    _resource("v1", "services", "Service", "svc", categories=_ALL, status=True,
              more=(Subresource("proxy", "ServiceProxyOptions", _PROXY_VERBS),)),
    _resource("apps/v1", "controllerrevisions", "ControllerRevision"),
    _resource("apps/v1", "daemonsets", "DaemonSet", "ds", categories=_ALL, status=True),
    _resource("apps/v1", "deployments", "Deployment", "deploy", categories=_ALL, status=True, scale=True),
    _resource("apps/v1", "replicasets", "ReplicaSet", "rs", categories=_ALL, status=True, scale=True),
    _resource("apps/v1", "statefulsets", "StatefulSet", "sts", categories=_ALL, status=True, scale=True),
    _resource("events.k8s.io/v1", "events", "Event", "ev", storage="events"),
    _resource("authentication.k8s.io/v1", "selfsubjectreviews", "SelfSubjectReview", cluster=True, verbs=_CREATE),
    _resource("authentication.k8s.io/v1", "tokenreviews", "TokenReview", cluster=True, verbs=_CREATE),
    _resource("authorization.k8s.io/v1", "localsubjectaccessreviews", "LocalSubjectAccessReview", verbs=_CREATE),
    _resource("authorization.k8s.io/v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", cluster=True, verbs=_CREATE),
    _resource("authorization.k8s.io/v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", cluster=True, verbs=_CREATE),
    _resource("authorization.k8s.io/v1", "subjectaccessreviews", "SubjectAccessReview", cluster=True, verbs=_CREATE),
    _resource("autoscaling/v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa", categories=_ALL, status=True),
    _resource("autoscaling/v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa", categories=_ALL, status=True),
    _resource("batch/v1", "cronjobs", "CronJob", "cj", categories=_ALL, status=True),
    _resource("batch/v1", "jobs", "Job", categories=_ALL, status=True),
    _resource("networking.k8s.io/v1", "ingressclasses", "IngressClass", cluster=True),
    _resource("networking.k8s.io/v1", "ingresses", "Ingress", "ing", status=True),
    _resource("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", "netpol"),
    _resource("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", "pdb", status=True),
    _resource("rbac.authorization.k8s.io/v1", "clusterrolebindings", "ClusterRoleBinding", cluster=True),
    _resource("rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole", cluster=True),
    _resource("rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding"),
    _resource("rbac.authorization.k8s.io/v1", "roles", "Role"),
    _resource("storage.k8s.io/v1", "storageclasses", "StorageClass", "sc", cluster=True),
    _resource("apiextensions.k8s.io/v1", "customresourcedefinitions", "CustomResourceDefinition", "crd crds", cluster=True,
              categories=("api-extensions",), status=True),
    _resource("scheduling.k8s.io/v1", "priorityclasses", "PriorityClass", "pc", cluster=True),
    _resource("coordination.k8s.io/v1", "leases", "Lease"),
    _resource("node.k8s.io/v1", "runtimeclasses", "RuntimeClass", cluster=True),
    _resource("discovery.k8s.io/v1", "endpointslices", "EndpointSlice"),
)  # fmt: skip


class ResourceTable:
    """The resources of one server: the built-in ones, and those of its custom resource definitions.

    Attributes:
        documents: encoded documents that were made of the table; emptied when it changes.
    """

    def __init__(self) -> None:
        self._custom: dict[str, tuple[Resource, ...]] = {}
        self.documents: dict[str, bytes] = {}
        self._index()

    def find(self, group: str, version: str, plural: str) -> Resource | None:
        """The resource of a path, or None."""
        return self._by_path.get((group, version, plural))

    def by_key(self, key: str) -> Resource | None:
        """The resource of a store's key (in the version that is preferred), or None."""
        return self._by_key.get(key)

    def by_kind(self, api_version: str, kind: str) -> Resource | None:
        """The resource whose objects say this of themselves, or None."""
        return self._by_kind.get((api_version, kind))

    def groups(self) -> Mapping[str, list[str]]:
        """The versions of every group, the preferred one first, in the order of discovery (the core group is ``""``)."""
        return self._groups

    def of(self, group: str, version: str) -> list[Resource]:
        """The resources of a group and version, in the order of discovery."""
        return [resource for resource in self if (resource.group, resource.version) == (group, version)]

    def set_custom(self, definition: str, resources: tuple[Resource, ...]) -> None:
        """Serves the versions of a custom resource definition; without resources, serves them no longer."""
        self._custom.pop(definition, None)
        if resources:
            self._custom[definition] = resources
        self._index()

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._all)

    def _index(self) -> None:
        self.documents.clear()
        custom = [resource for _, versions in sorted(self._custom.items()) for resource in versions]
        custom.sort(key=lambda resource: (resource.group, _version_rank(resource.version), resource.plural))
        self._all = (*BUILTIN, *custom)
        self._by_path = {(one.group, one.version, one.plural): one for one in self._all}
        self._by_kind = {(one.api_version, one.kind): one for one in self._all}
        self._by_key: dict[str, Resource] = {}
        self._groups: dict[str, list[str]] = {}
        for resource in self._all:
            self._by_key.setdefault(resource.key, resource)
            versions = self._groups.setdefault(resource.group, [])
            if resource.version not in versions:
                versions.append(resource.version)


def _version_rank(version: str) -> tuple[int, int, int, str]:
    """Sorts versions as Kubernetes does: v2 before v1 before v1beta2 before v1alpha1 before foo."""
    head, stage, minor = version.removeprefix("v"), 0, "0"
    for name, rank in (("alpha", 2), ("beta", 1)):
        if name in head:
            head, _, minor = head.partition(name)
            stage = rank
    if not version.startswith("v") or not head.isdigit() or (stage and not minor.isdigit()):
        return 9, 0, 0, version
    return stage, -int(head), -int(minor), version
