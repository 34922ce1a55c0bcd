"""How lists and maps merge: patch merge keys for strategic merge patch, list types and keys for server-side apply.

One line a field, ``Struct.field``. In `LISTS` the value is the keys of an associative list, ``patch key / apply keys`` where the
two differ (``-`` means that the patch replaces the list); ``set`` is a list that is a set. What is not listed is atomic. In
`REPLACED` stand lists whose strategic merge also retains keys (``retainKeys``). `ATOMIC` are maps (``Struct.field``) and structs
that server-side apply owns as a whole.
"""

from typing import Final

LISTS: Final[dict[str, str]] = {
    "ObjectMeta.ownerReferences": "uid",
    "ObjectMeta.finalizers": "set",
    "PodSpec.volumes": "name",
    "PodSpec.initContainers": "name",
    "PodSpec.containers": "name",
    "PodSpec.ephemeralContainers": "name",
    "PodSpec.imagePullSecrets": "name",
    "PodSpec.hostAliases": "ip",
    "PodSpec.topologySpreadConstraints": "topologyKey / topologyKey whenUnsatisfiable",
    "PodSpec.schedulingGates": "name",
    "PodSpec.resourceClaims": "name",
    "Container.ports": "containerPort / containerPort protocol",
    "Container.env": "name",
    "Container.volumeMounts": "mountPath",
    "Container.volumeDevices": "devicePath",
    "EphemeralContainer.ports": "containerPort / containerPort protocol",
    "EphemeralContainer.env": "name",
    "EphemeralContainer.volumeMounts": "mountPath",
    "EphemeralContainer.volumeDevices": "devicePath",
    "ResourceRequirements.claims": "- / name",
    "PodStatus.conditions": "type",
    "PodStatus.hostIPs": "ip / -",
    "PodStatus.podIPs": "ip",
    "PodStatus.resourceClaimStatuses": "name",
    "ContainerStatus.volumeMounts": "mountPath",
    "ContainerStatus.allocatedResourcesStatus": "name",
    "ServiceSpec.ports": "port / port protocol",
    "ServiceStatus.conditions": "type",
    "ServiceAccount.secrets": "name",
    "NamespaceStatus.conditions": "type",
    "NodeSpec.podCIDRs": "set",
    "NodeStatus.conditions": "type",
    "NodeStatus.addresses": "type",
    "PersistentVolumeClaimStatus.conditions": "type",
    "EndpointSlice.endpoints": "- / -",
    "DeploymentStatus.conditions": "type",
    "ReplicaSetStatus.conditions": "type",
    "StatefulSetStatus.conditions": "type",
    "DaemonSetStatus.conditions": "type",
    "ReplicationControllerStatus.conditions": "type",
    "JobStatus.conditions": "type / -",
    "UncountedTerminatedPods.succeeded": "- / set",
    "UncountedTerminatedPods.failed": "- / set",
    "PodDisruptionBudgetStatus.conditions": "type",
    "V2HorizontalPodAutoscalerStatus.conditions": "type",
    "CustomResourceDefinitionStatus.conditions": "- / type",
    "LimitRangeSpec.limits": "- / -",
}

RETAIN_KEYS: Final = frozenset({"PodSpec.volumes", "PodSpec.resourceClaims", "DeploymentSpec.strategy"})

ATOMIC: Final = frozenset(
    {
        "PodSpec.nodeSelector",
        "ServiceSpec.selector",
        "ReplicationControllerSpec.selector",
        "LabelSelector",
        "ObjectReference",
        "LocalObjectReference",
        "TypedLocalObjectReference",
        "SecretReference",
        "OwnerReference",
        "ObjectFieldSelector",
        "ResourceFieldSelector",
        "ConfigMapKeySelector",
        "SecretKeySelector",
        "FileKeySelector",
        "NodeSelector",
        "NodeSelectorTerm",
        "ScopeSelector",
        "TopologySelectorTerm",
        "RoleRef",
        "RbacV1Subject",
        "V2CrossVersionObjectReference",
        "CrossVersionObjectReference",
        "EndpointAddress",
        "CoreV1EndpointPort",
        "DiscoveryV1EndpointPort",
        "IPBlock",
    }
)
