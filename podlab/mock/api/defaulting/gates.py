"""Fields that belong to features which a 1.36 has switched off: the server takes them, and forgets them."""

from typing import Final

from podlab.mock.api.errors import Obj

_SPECS: Final = {
    "pods": ("spec",),
    "podtemplates": ("template", "spec"),
    "replicationcontrollers": ("spec", "template", "spec"),
    "deployments.apps": ("spec", "template", "spec"),
    "replicasets.apps": ("spec", "template", "spec"),
    "statefulsets.apps": ("spec", "template", "spec"),
    "daemonsets.apps": ("spec", "template", "spec"),
    "jobs.batch": ("spec", "template", "spec"),
    "cronjobs.batch": ("spec", "jobTemplate", "spec", "template", "spec"),
}
"""Where the pod spec of an object stands."""
_SOURCES: Final = ("clusterTrustBundle", "podCertificate")


def drop_switched_off(resource: str, obj: Obj) -> None:
    """Takes out of a pod spec what needs GenericWorkload, ClusterTrustBundleProjection or PodCertificateRequest."""
    spec = obj
    for key in _SPECS.get(resource, ("",)):
        spec = spec.get(key) or {}
    spec.pop("schedulingGroup", None)
    for volume in spec.get("volumes") or []:
        for source in (volume.get("projected") or {}).get("sources") or []:
            for key in _SOURCES:
                if source:
                    source.pop(key, None)
