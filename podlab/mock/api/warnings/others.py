"""What other kinds say that is deprecated or has no effect."""

from typing import Any, Final

from podlab.mock.api.warnings.labels import term_warnings
from podlab.mock.api.warnings.quantities import fractions

Obj = dict[str, Any]

_INGRESS_CLASS: Final = "kubernetes.io/ingress.class"
_MOUNTABLE: Final = "kubernetes.io/enforce-mountable-secrets"
_OLD_VOLUMES: Final = (
    ("cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"),
)
_STORAGE_CLASS: Final = "volume.beta.kubernetes.io/storage-class"


def ingress_warnings(ingress: Obj) -> list[str]:
    """The old way to name a class."""
    if _INGRESS_CLASS not in (ingress["metadata"].get("annotations") or {}):
        return []
    return [f"annotation \"{_INGRESS_CLASS}\" is deprecated, please use 'spec.ingressClassName' instead"]


def service_account_warnings(account: Obj) -> list[str]:
    """The annotation that kept pods from other secrets."""
    if _MOUNTABLE not in (account["metadata"].get("annotations") or {}):
        return []
    words = "deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets"
    return [f"metadata.annotations[{_MOUNTABLE}]: {words}"]


def claim_spec_warnings(spec: Obj, path: str) -> list[str]:
    """Of a claim's spec: fractions of bytes."""
    resources = spec.get("resources") or {}
    return [
        warning
        for kind in ("requests", "limits")
        for warning in fractions(resources.get(kind), "storage", f"{path}.resources.{kind}")
    ]


def storage_warnings(claim: Obj) -> list[str]:
    """Of a claim: the old way to name a class, and fractions of bytes."""
    return _old_class(claim) + claim_spec_warnings(claim["spec"], "spec")


def volume_warnings(volume: Obj) -> list[str]:
    """Of a PersistentVolume: the old ways to name a class, to reuse it, to say where it is, and to store."""
    found = _old_class(volume)
    if volume["spec"].get("persistentVolumeReclaimPolicy") == "Recycle":
        words = "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning."
        found.append(f"spec.persistentVolumeReclaimPolicy: {words}")
    terms = ((volume["spec"].get("nodeAffinity") or {}).get("required") or {}).get("nodeSelectorTerms") or ()
    for index, term in enumerate(terms):
        found += term_warnings(term, f"spec.nodeAffinity.required.nodeSelectorTerms[{index}]")
    found += [f"spec.{shown}: {words}" for kind, shown, words in _OLD_VOLUMES if kind in volume["spec"]]
    return found + fractions(volume["spec"].get("capacity"), "storage", "spec.capacity")


def _old_class(obj: Obj) -> list[str]:
    if _STORAGE_CLASS not in (obj["metadata"].get("annotations") or {}):
        return []
    return [f'metadata.annotations[{_STORAGE_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead']
