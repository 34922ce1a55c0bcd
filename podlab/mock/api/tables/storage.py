"""Volumes, claims and storage classes."""

from typing import Any, Final

from podlab.mock.api.tables.printer import AGE, NAME, UNSET, Clock, Printer, age, boolean, column, section

Obj = dict[str, Any]

_MODES: Final = (("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP"))


def _modes(modes: list[str] | None) -> str:
    return ",".join(short for long, short in _MODES if long in (modes or ()))


def _phase(obj: Obj) -> str:
    marked = obj["metadata"].get("deletionTimestamp") is not None
    return "Terminating" if marked else str(section(obj, "status").get("phase", ""))


def _claim(obj: Obj, clock: Clock) -> list[Any]:
    spec, status = section(obj, "spec"), section(obj, "status")
    bound = bool(spec.get("volumeName"))
    return [
        obj["metadata"]["name"],
        _phase(obj),
        spec.get("volumeName", ""),
        (status.get("capacity") or {}).get("storage", "0") if bound else "",
        _modes(status.get("accessModes")) if bound else "",
        spec.get("storageClassName", ""),
        spec.get("volumeAttributesClassName") or UNSET,
        age(obj, clock),
        spec.get("volumeMode") or UNSET,
    ]


def _volume(obj: Obj, clock: Clock) -> list[Any]:
    spec, claim = section(obj, "spec"), section(obj, "spec").get("claimRef")
    return [
        obj["metadata"]["name"],
        (spec.get("capacity") or {}).get("storage", "0"),
        _modes(spec.get("accessModes")),
        spec.get("persistentVolumeReclaimPolicy", ""),
        _phase(obj),
        f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else "",
        spec.get("storageClassName", ""),
        spec.get("volumeAttributesClassName") or UNSET,
        section(obj, "status").get("reason", ""),
        age(obj, clock),
        spec.get("volumeMode") or UNSET,
    ]


def _storage_class(obj: Obj, clock: Clock) -> list[Any]:
    meta = obj["metadata"]
    default = (meta.get("annotations") or {}).get("storageclass.kubernetes.io/is-default-class") == "true"
    return [
        f"{meta['name']} (default)" if default else meta["name"],
        obj.get("provisioner", ""),
        obj.get("reclaimPolicy") or "Delete",
        obj.get("volumeBindingMode") or "Immediate",
        boolean(obj.get("allowVolumeExpansion") or False),
        age(obj, clock),
    ]


_MODE: Final = column("VolumeMode", wide=True)

PRINTERS = {
    "persistentvolumeclaims": Printer(
        (NAME, column("Status"), column("Volume"), column("Capacity"), column("Access Modes"), column("StorageClass"),
         column("VolumeAttributesClass"), AGE, _MODE),
        _claim,
    ),
    "persistentvolumes": Printer(
        (NAME, column("Capacity"), column("Access Modes"), column("Reclaim Policy"), column("Status"), column("Claim"),
         column("StorageClass"), column("VolumeAttributesClass"), column("Reason"), AGE, _MODE),
        _volume,
    ),
    "storageclasses.storage.k8s.io": Printer(
        (NAME, column("Provisioner"), column("ReclaimPolicy"), column("VolumeBindingMode"), column("AllowVolumeExpansion"), AGE),
        _storage_class,
    ),
}  # fmt: skip
