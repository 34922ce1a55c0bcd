"""Validation with the real server's causes, in its order and words.

A module a family of kinds; `CREATE`, `UPDATE` and `SUBRESOURCES` say which function checks what. A resource that stands in none
of them is checked for its metadata alone.
"""

from collections.abc import Callable
from typing import Final

from podlab.mock.api.errors import Invalid, Obj
from podlab.mock.api.schema import kind_of
from podlab.mock.api.validation import (
    autoscaling,
    cluster,
    configs,
    crons,
    definitions,
    endpoints,
    ingresses,
    jobs,
    names,
    pods,
    policies,
    quotas,
    rbac,
    services,
    storage,
    workloads,
)
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update

__all__ = ["CREATE", "SUBRESOURCES", "UPDATE", "validate_create", "validate_update"]

Create = Callable[[Obj, Errors], None]
Update = Callable[[Obj, Obj, Errors], None]

CREATE: Final[dict[str, Create]] = {
    "pods": pods.validate_pod,
    "services": services.validate_service,
    "endpoints": endpoints.validate_endpoints,
    "endpointslices.discovery.k8s.io": endpoints.validate_endpoint_slice,
    "configmaps": configs.validate_config_map,
    "secrets": configs.validate_secret,
    "namespaces": cluster.validate_namespace,
    "nodes": cluster.validate_node,
    "serviceaccounts": cluster.validate_namespaced,
    "events": cluster.validate_event,
    "persistentvolumeclaims": storage.validate_claim,
    "persistentvolumes": storage.validate_volume,
    "storageclasses.storage.k8s.io": storage.validate_storage_class,
    "resourcequotas": quotas.validate_resource_quota,
    "limitranges": quotas.validate_limit_range,
    "replicationcontrollers": workloads.validate_replication_controller,
    "deployments.apps": workloads.validate_deployment,
    "replicasets.apps": workloads.validate_replica_set,
    "statefulsets.apps": workloads.validate_stateful_set,
    "daemonsets.apps": workloads.validate_daemon_set,
    "jobs.batch": jobs.validate_job,
    "cronjobs.batch": crons.validate_cron_job,
    "leases.coordination.k8s.io": cluster.validate_lease,
    "priorityclasses.scheduling.k8s.io": cluster.validate_priority_class,
    "runtimeclasses.node.k8s.io": cluster.validate_runtime_class,
    "ingresses.networking.k8s.io": ingresses.validate_ingress,
    "ingressclasses.networking.k8s.io": ingresses.validate_ingress_class,
    "podtemplates": workloads.validate_template,
    "networkpolicies.networking.k8s.io": policies.validate_network_policy,
    "poddisruptionbudgets.policy": policies.validate_disruption_budget,
    "horizontalpodautoscalers.autoscaling": autoscaling.validate_autoscaler,
    "roles.rbac.authorization.k8s.io": rbac.validate_role,
    "clusterroles.rbac.authorization.k8s.io": rbac.validate_cluster_role,
    "rolebindings.rbac.authorization.k8s.io": rbac.validate_role_binding,
    "clusterrolebindings.rbac.authorization.k8s.io": rbac.validate_cluster_role_binding,
    "customresourcedefinitions.apiextensions.k8s.io": definitions.validate_definition,
}


def _also_new(create: Create) -> Update:
    """An update that is checked like a new object, after its metadata."""

    def update(new: Obj, old: Obj, errors: Errors) -> None:
        validate_object_meta_update(new["metadata"], old["metadata"], errors)
        create(new, errors)

    return update


UPDATE: Final[dict[str, Update]] = {
    "pods": pods.validate_pod_update,
    "services": services.validate_service_update,
    "endpoints": _also_new(endpoints.validate_endpoints),
    "endpointslices.discovery.k8s.io": endpoints.validate_endpoint_slice_update,
    "configmaps": configs.validate_config_map_update,
    "secrets": configs.validate_secret_update,
    "namespaces": cluster.validate_meta_only,
    "nodes": cluster.validate_node_update,
    "serviceaccounts": _also_new(cluster.validate_namespaced),
    "events": cluster.validate_event_update,
    "persistentvolumeclaims": storage.validate_claim_update,
    "persistentvolumes": storage.validate_volume_update,
    "storageclasses.storage.k8s.io": storage.validate_storage_class_update,
    "resourcequotas": quotas.validate_resource_quota_update,
    "limitranges": quotas.validate_limit_range_update,
    "replicationcontrollers": workloads.validate_replication_controller_update,
    "deployments.apps": workloads.validate_deployment_update,
    "replicasets.apps": workloads.validate_replica_set_update,
    "statefulsets.apps": workloads.validate_stateful_set_update,
    "daemonsets.apps": workloads.validate_daemon_set_update,
    "jobs.batch": jobs.validate_job_update,
    "cronjobs.batch": crons.validate_cron_job_update,
    "leases.coordination.k8s.io": cluster.validate_lease_update,
    "priorityclasses.scheduling.k8s.io": cluster.validate_priority_class_update,
    "runtimeclasses.node.k8s.io": cluster.validate_runtime_class_update,
    "ingresses.networking.k8s.io": ingresses.validate_ingress_update,
    "ingressclasses.networking.k8s.io": ingresses.validate_ingress_class_update,
    "podtemplates": _also_new(workloads.validate_template),
    "networkpolicies.networking.k8s.io": policies.validate_network_policy_update,
    "poddisruptionbudgets.policy": policies.validate_disruption_budget_update,
    "horizontalpodautoscalers.autoscaling": autoscaling.validate_autoscaler_update,
    "roles.rbac.authorization.k8s.io": rbac.validate_role_update,
    "clusterroles.rbac.authorization.k8s.io": rbac.validate_cluster_role_update,
    "rolebindings.rbac.authorization.k8s.io": rbac.validate_binding_update,
    "clusterrolebindings.rbac.authorization.k8s.io": rbac.validate_binding_update,
    "customresourcedefinitions.apiextensions.k8s.io": definitions.validate_definition_update,
}

SUBRESOURCES: Final[dict[tuple[str, str], Update]] = {
    ("pods", "ephemeralcontainers"): pods.validate_ephemeral_update,
    ("pods", "resize"): pods.validate_resize,
    ("pods", "status"): pods.validate_pod_status,
    ("services", "status"): services.validate_service_status,
    ("namespaces", "status"): cluster.validate_namespace_status,
    ("nodes", "status"): cluster.validate_node_update,
    ("resourcequotas", "status"): quotas.validate_resource_quota_status,
    ("deployments.apps", "status"): workloads.validate_replicas_status,
    ("replicasets.apps", "status"): workloads.validate_replicas_status,
    ("statefulsets.apps", "status"): workloads.validate_replicas_status,
    ("replicationcontrollers", "status"): workloads.validate_replicas_status,
    ("jobs.batch", "status"): jobs.validate_job_status,
}


def validate_create(resource: str, obj: Obj) -> None:
    """Raises `Invalid` with every cause if ``obj`` (decoded, defaulted, prepared) may not be created."""
    errors = Errors()
    check = CREATE.get(resource)
    if check:
        check(obj, errors)
    else:
        meta = obj["metadata"]
        validate_object_meta(meta, bool(meta.get("namespace")), names.dns_subdomain, errors)
    _raise(obj, errors)


def validate_update(resource: str, new: Obj, old: Obj, subresource: str = "") -> None:
    """Raises `Invalid` with every cause if ``old`` may not become ``new``.

    Args:
        resource: such as ``pods``.
        new: the object as `prepare_for_update` made it.
        old: the stored object.
        subresource: ``""``, ``status``, ``ephemeralcontainers`` or ``resize``.
    """
    errors = Errors()
    meta, before = new["metadata"], old["metadata"]
    # What the server checks for every resource comes first; the resource's own rules then find the same again, and say it again.
    validate_object_meta(meta, bool(before.get("namespace")), names.path_segment, errors, core=False)
    validate_object_meta_update(meta, before, errors, core=False)
    if subresource:
        check = SUBRESOURCES.get((resource, subresource), cluster.validate_meta_only)
    else:
        check = UPDATE.get(resource, cluster.validate_meta_only)
    check(new, old, errors)
    _raise(new, errors)


def _raise(obj: Obj, errors: Errors) -> None:
    if errors:
        raise Invalid(kind_of(obj).qualified_kind, obj["metadata"].get("name", ""), errors)
