"""What the server knows of its types: fields, Go's names for them, order, pointers, merge keys, descriptions.

    for_kind(GroupVersionKind("", "v1", "Pod")).fields["spec"].type.fields["containers"].type.item     # Struct('V1Container')

`Struct`, `ListOf`, `MapOf`, `Scalar` and `Field` say what is to be known of each; `canonical` writes an object in the server's
order. Kinds that the client package has no model for (custom resources) are not known here: `for_kind` gives None.
"""

from functools import cache
from typing import NamedTuple

from podlab.mock.api.errors import Obj
from podlab.mock.api.schema import models
from podlab.mock.api.schema.types import Field, ListOf, MapOf, Scalar, Struct, Type, arrange, struct
from podlab.mock.store import clone

__all__ = [
    "Field",
    "GroupVersionKind",
    "ListOf",
    "MapOf",
    "Scalar",
    "Struct",
    "Type",
    "arrange",
    "canonical",
    "for_kind",
    "kind_of",
    "struct",
]


class GroupVersionKind(NamedTuple):
    """``GroupVersionKind("apps", "v1", "Deployment")``; the core group is ``""``."""

    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        """``apps/v1``, or ``v1`` in the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified_kind(self) -> str:
        """``Deployment.apps``, as in the messages of `Invalid`; ``Pod`` in the core group."""
        return f"{self.kind}.{self.group}" if self.group else self.kind


def kind_of(obj: Obj) -> GroupVersionKind:
    """The kind that an object says it is of."""
    group, _, version = str(obj.get("apiVersion", "")).rpartition("/")
    return GroupVersionKind(group, version, str(obj.get("kind", "")))


_KINDS = {
    "": "Binding ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate "
    "ReplicationController ResourceQuota Secret Service ServiceAccount",
    "apps": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "batch": "CronJob Job",
    "autoscaling": "HorizontalPodAutoscaler Scale",
    "policy": "Eviction PodDisruptionBudget",
    "networking.k8s.io": "Ingress IngressClass IPAddress NetworkPolicy ServiceCIDR",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "storage.k8s.io": "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass",
    "discovery.k8s.io": "EndpointSlice",
    "events.k8s.io": "Event",
    "coordination.k8s.io": "Lease",
    "scheduling.k8s.io": "PriorityClass",
    "node.k8s.io": "RuntimeClass",
    "certificates.k8s.io": "CertificateSigningRequest",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "admissionregistration.k8s.io": "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
    "ValidatingWebhookConfiguration",
    "authentication.k8s.io": "SelfSubjectReview TokenRequest TokenReview",
    "authorization.k8s.io": "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
    "resource.k8s.io": "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice",
}
"""The kinds of each group: the models do not say which group they belong to."""

_EVERYWHERE = frozenset({"DeleteOptions", "Status"})


@cache
def for_kind(kind: GroupVersionKind) -> Struct | None:
    """The struct of a kind (or of its list), or None if the group has no such kind or the client package no model of it."""
    single = kind.kind.removesuffix("List")
    if single not in _KINDS.get(kind.group, "").split() and single not in _EVERYWHERE:
        return None
    plain = f"{kind.version.capitalize()}{kind.kind}"
    prefix = kind.group.partition(".")[0].capitalize() or "Core"
    for model in (f"{prefix}{plain}", plain):
        if models.exists(model):
            return struct(model)
    return None


def canonical(kind: GroupVersionKind, obj: Obj) -> Obj:
    """A copy of ``obj`` with its keys in the order of the Go structs (maps sorted by key)."""
    known = for_kind(kind)
    arranged: Obj = arrange(known, obj) if known else clone(obj)
    return arranged
