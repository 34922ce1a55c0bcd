"""Volumes from disks and file systems of vendors: nothing mounts them here, but what is wrong with them is said."""

import re
from collections.abc import Callable
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.names import in_range

Check = Callable[[Obj, str, Errors], None]

_QUALIFIED_NAMES: Final = {
    "iqn": re.compile(r"iqn\.\d{4}-\d{2}\.([a-zA-Z0-9.]+)(:[^,;*&$|\s]+)$"),
    "eui": re.compile(r"^eui.[0-9A-Fa-f]{16}$"),
    "naa": re.compile(r"^naa.[0-9A-Fa-f]{32}$"),
}
_CACHING: Final = ("None", "ReadOnly", "ReadWrite")
_DISK_KINDS: Final = ("Dedicated", "Managed", "Shared")
_MANAGED_URI: Final = (
    "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}",
)  # fmt: skip
_BLOB_URI: Final = ("https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd",)
_HOST_PORTS: Final = "must be a host:port pair or multiple pairs separated by commas"


def needs(*fields: str) -> Check:
    """A source that must have ``fields``, and of which nothing else is checked."""

    def check(source: Obj, path: str, errors: Errors) -> None:
        for field in fields:
            if not source.get(field):
                errors.required(f"{path}.{field}")

    return check


def partitioned(field: str) -> Check:
    """A disk, named by ``field``, that may have partitions."""

    def check(source: Obj, path: str, errors: Errors) -> None:
        needs(field)(source, path, errors)
        partition = source.get("partition") or 0
        if not 0 <= partition <= 255:
            errors.invalid(f"{path}.partition", partition, in_range(1, 255))

    return check


def _validate_lun(lun: int | None, path: str, errors: Errors) -> None:
    if lun is not None and not 0 <= lun <= 255:
        errors.invalid(f"{path}.lun", lun, in_range(0, 255))


def validate_iscsi(source: Obj, path: str, errors: Errors) -> None:
    """An iSCSI target."""
    needs("targetPortal", "iqn")(source, path, errors)
    if source.get("iqn"):
        _validate_qualified(source["iqn"], f"{path}.iqn", errors)
    _validate_lun(source.get("lun"), path, errors)
    if (source.get("chapAuthDiscovery") or source.get("chapAuthSession")) and source.get("secretRef") is None:
        errors.required(f"{path}.secretRef")
    if source.get("initiatorName") is not None:
        _validate_qualified(source["initiatorName"], f"{path}.initiatorname", errors)


def _validate_qualified(name: str, path: str, errors: Errors) -> None:
    pattern = _QUALIFIED_NAMES.get(name[:3])
    if pattern is None:
        errors.invalid(path, name, "must be valid format starting with iqn, eui, or naa")
    elif not pattern.search(name):
        errors.invalid(path, name, "must be valid format")


def validate_flocker(source: Obj, path: str, errors: Errors) -> None:
    """A Flocker dataset."""
    name, uuid = source.get("datasetName", ""), source.get("datasetUUID", "")
    if not name and not uuid:
        errors.required(path, "one of datasetName and datasetUUID is required")
    if name and uuid:
        errors.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously")
    if "/" in name:
        errors.invalid(f"{path}.datasetName", name, "must not contain '/'")


def validate_fibre_channel(source: Obj, path: str, errors: Errors) -> None:
    """A Fibre Channel device."""
    targets, identifiers = source.get("targetWWNs") or [], source.get("wwids") or []
    if not targets and not identifiers:
        errors.required(f"{path}.targetWWNs", "must specify either targetWWNs or wwids, but not both")
    if targets and identifiers:
        errors.invalid(f"{path}.targetWWNs", targets, "targetWWNs and wwids can not be specified simultaneously")
    if targets and source.get("lun") is None:
        errors.required(f"{path}.lun", "lun is required if targetWWNs is specified")
    elif targets:
        _validate_lun(source["lun"], path, errors)


def validate_quobyte(source: Obj, path: str, errors: Errors) -> None:
    """A Quobyte volume."""
    registry = source.get("registry", "")
    if not registry:
        errors.required(f"{path}.registry", _HOST_PORTS)
    elif len(source.get("tenant", "")) >= 65:
        errors.required(f"{path}.tenant", "must be a UUID and may not exceed a length of 64 characters")
    else:
        for pair in registry.split(","):
            if not re.fullmatch(r"[^:\[\]]*:[^:\[\]]*|\[[^\[\]]*\]:[^:\[\]]*", pair):
                errors.invalid(f"{path}.registry", registry, _HOST_PORTS)
    needs("volume")(source, path, errors)


def validate_azure_disk(source: Obj, path: str, errors: Errors) -> None:
    """An Azure disk."""
    needs("diskName", "diskURI")(source, path, errors)
    uri, kind = source.get("diskURI", ""), source.get("kind")
    for field, supported in (("cachingMode", _CACHING), ("kind", _DISK_KINDS)):
        if source.get(field) is not None and source[field] not in supported:
            errors.not_supported(f"{path}.{field}", source[field], supported)
    if kind == "Managed" and not uri.startswith("/subscriptions/"):
        errors.not_supported(f"{path}.diskURI", uri, _MANAGED_URI)
    if kind not in (None, "Managed") and not uri.startswith("https://"):
        errors.not_supported(f"{path}.diskURI", uri, _BLOB_URI)


def validate_flex(source: Obj, path: str, errors: Errors) -> None:
    """A volume of a driver on the node."""
    needs("driver")(source, path, errors)
    for key in source.get("options") or {}:
        namespace = "." + key.partition("/")[0].lower()
        if namespace.endswith((".kubernetes.io", ".k8s.io")):
            errors.invalid(f"{path}.options[{key}]", key, "kubernetes.io and k8s.io namespaces are reserved")


def with_secret(check: Check) -> Check:
    """``check``, and the name of the secret if there is one."""

    def both(source: Obj, path: str, errors: Errors) -> None:
        check(source, path, errors)
        if source.get("secretRef") is not None and not source["secretRef"].get("name"):
            errors.required(f"{path}.secretRef.name")

    return both


def validate_storage_os(source: Obj, path: str, errors: Errors) -> None:
    """A StorageOS volume."""
    needs("volumeName")(source, path, errors)
    for field in ("volumeName", "volumeNamespace"):
        if source.get(field):
            errors.each_invalid(f"{path}.{field}", source[field], names.dns_label(source[field]))
