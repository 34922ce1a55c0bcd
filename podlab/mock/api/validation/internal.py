"""Objects as the server's internal types write them, in causes that show a whole value and in the diff of a pod update.

Internal structs have no JSON tags: every field is written, under its Go name, in the internal order (which is the external one
but for what `_ORDER` says), nil as null.
"""

import difflib
import re
from functools import cache
from typing import Any, Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.schema import ListOf, MapOf, Scalar, Struct, Type, struct
from podlab.mock.api.validation.field import go_json

_NAMES: Final[dict[str, str]] = {
    "apiVersion": "APIVersion",
    "apiGroup": "APIGroup",
    "tty": "TTY",
    "httpGet": "HTTPGet",
    "tcpSocket": "TCPSocket",
    "grpc": "GRPC",
    "uid": "UID",
    "dnsPolicy": "DNSPolicy",
    "dnsConfig": "DNSConfig",
    "nfs": "NFS",
    "iscsi": "ISCSI",
    "rbd": "RBD",
    "cephfs": "CephFS",
    "fc": "FC",
    "csi": "CSI",
    "os": "OS",
    "ip": "IP",
    "storageos": "StorageOS",
    "httpHeaders": "HTTPHeaders",
    "fsGroup": "FSGroup",
    "fsGroupChangePolicy": "FSGroupChangePolicy",
    "fsType": "FSType",
    "gcePersistentDisk": "GCEPersistentDisk",
    "awsElasticBlockStore": "AWSElasticBlockStore",
    "seLinuxOptions": "SELinuxOptions",
    "seLinuxChangePolicy": "SELinuxChangePolicy",
    "clusterIP": "ClusterIP",
    "ipFamilies": "IPFamilies",
    "ipFamilyPolicy": "IPFamilyPolicy",
    "qosClass": "QOSClass",
    "ttlSecondsAfterFinished": "TTLSecondsAfterFinished",
    "gmsaCredentialSpec": "GMSACredentialSpec",
    "gmsaCredentialSpecName": "GMSACredentialSpecName",
}

_POD_SPEC: Final = """volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds
activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName automountServiceAccountToken nodeName securityContext
imagePullSecrets hostname subdomain setHostnameAsFQDN affinity schedulerName tolerations hostAliases priorityClassName priority
preemptionPolicy dnsConfig readinessGates runtimeClassName overhead enableServiceLinks topologySpreadConstraints os
schedulingGates resourceClaims resources hostnameOverride schedulingGroup"""

_ORDER: Final[dict[str, str]] = {
    "PodSpec": _POD_SPEC,
    "Volume": """name hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs
        persistentVolumeClaim rbd quobyte flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap vsphereVolume
        azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image""",
    "PodSecurityContext": """hostNetwork hostPID hostIPC shareProcessNamespace hostUsers seLinuxOptions windowsOptions runAsUser
        runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup fsGroupChangePolicy sysctls seccompProfile
        appArmorProfile seLinuxChangePolicy""",
    "ServicePort": "name protocol appProtocol port targetPort nodePort",
    "ContainerPort": "name hostPort containerPort protocol hostIP",
    "VolumeMount": "name readOnly recursiveReadOnly mountPath subPath mountPropagation subPathExpr",
}
_HOST_FIELDS: Final = ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers")
_VALUES: Final = frozenset({"RollingUpdateDeployment.maxUnavailable", "RollingUpdateDeployment.maxSurge"})
_PLAIN_TAGS: Final = frozenset({"LabelSelector", "LabelSelectorRequirement", "ObjectMeta", "OwnerReference", "Condition"})
"""Types of the metadata API have JSON tags inside the server too."""


def go_name(name: str) -> str:
    """The Go field of a JSON name: ``workingDir`` -> ``WorkingDir``."""
    return _NAMES.get(name) or re.sub(r"^[a-z]", lambda match: match[0].upper(), name)


def internal(model: str, value: Obj | None) -> Any:
    """``value`` (an object of the client's model ``model``) as the internal type is written in JSON."""
    return _internal(struct(model), value)


def _internal(type_: Type, value: Any) -> Any:
    if isinstance(type_, Struct):
        return None if value is None else _struct(type_, value)
    if isinstance(type_, ListOf):
        return None if not value else [_internal(type_.item, item) for item in value]
    if isinstance(type_, MapOf):
        return None if not value else {key: _internal(type_.item, value[key]) for key in sorted(value)}
    return value


_ZEROS: Final = {"string": "", "int32": 0, "int64": 0, "bool": False, "quantity": "0", "intorstring": 0}


def _struct(type_: Struct, value: Obj) -> Any:
    if type_.name in _PLAIN_TAGS:
        return value
    if type_.name == "PodSpec":
        value = _with_host_fields(value)
    made: dict[str, Any] = {}
    if type_.name in ("PodTemplateSpec", "JobTemplateSpec", "PersistentVolumeClaimTemplate"):
        made.update(value.get("metadata") or {})
    for name in _fields(type_):
        if name in ("metadata", "kind"):
            continue
        field = type_.fields.get(name)
        if field is None:
            made[go_name(name)] = value.get(name, False if name in _HOST_FIELDS[:3] else None)
        elif value.get(name) is not None:
            made[go_name(name)] = _internal(field.type, value[name])
        elif field.by_value and isinstance(field.type, Struct):
            made[go_name(name)] = _struct(field.type, {})
        else:
            nil = field.pointer and f"{type_.name}.{name}" not in _VALUES
            made[go_name(name)] = None if nil or not isinstance(field.type, Scalar) else _ZEROS.get(field.type.kind)
    return made


@cache
def _fields(type_: Struct) -> tuple[str, ...]:
    return tuple(_ORDER[type_.name].split()) if type_.name in _ORDER else tuple(type_.fields)


def _with_host_fields(spec: Obj) -> Obj:
    """What a pod shares with its host lies in the internal security context."""
    context = {**(spec.get("securityContext") or {}), **{name: spec[name] for name in _HOST_FIELDS if name in spec}}
    return {**spec, "securityContext": context}


def diff(model: str, old: Obj, new: Obj, without: frozenset[str] = frozenset()) -> str:
    """The unified diff of both as indented JSON, as ``pod updates may not change ...`` ends in.

    Fields ``without`` are not of the type that is compared (which is embedded in ``model``).
    """
    hidden = {go_name(name) for name in without}

    def lines_of(value: Obj) -> list[str]:
        shown = {key: item for key, item in internal(model, value).items() if key not in hidden}
        return go_json(shown, indent=2).splitlines(keepends=True)

    before, after = lines_of(old), lines_of(new)
    lines = list(difflib.unified_diff(before, after, n=3))
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines[2:])
