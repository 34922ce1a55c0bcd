"""The volumes of a pod: one source each, and what each source needs."""

from collections.abc import Callable
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.quantity import Quantity
from podlab.mock.api.validation import disks, names
from podlab.mock.api.validation.containers import validate_pull_policy
from podlab.mock.api.validation.disks import needs
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_annotations, validate_labels
from podlab.mock.api.validation.paths import validate_local_path, validate_no_backsteps, validate_relative_path
from podlab.mock.api.validation.sources import validate_field_selector, validate_resource_selector

Volumes = dict[str, Obj]
_MODE: Final = "must be a number between 0 and 0777 (octal), both inclusive"
_ONE_TYPE: Final = "may not specify more than 1 volume type"
_VOLUME_FIELDS: Final = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
_HOST_PATH_TYPES: Final = (
    "",
    "BlockDevice",
    "CharDevice",
    "Directory",
    "DirectoryOrCreate",
    "File",
    "FileOrCreate",
    "Socket",
)


def validate_volumes(volumes: list[Obj], pod_name: str, is_pod: bool, path: str, errors: Errors) -> Volumes:
    """Checks all volumes; gives those that are sound, by name (mounts of the others are not found)."""
    sound: Volumes = {}
    created = (
        {f"{pod_name}-{volume.get('name', '')}" for volume in volumes if volume.get("ephemeral") is not None}
        if pod_name
        else set()
    )
    for i, volume in enumerate(volumes):
        where = f"{path}[{i}]"
        own = Errors()
        name = volume.get("name", "")
        _validate_source(volume, where, pod_name, is_pod, own)
        if not name:
            own.required(f"{where}.name")
        else:
            own.each_invalid(f"{where}.name", name, names.dns_label(name))
        if name in sound:
            own.duplicate(f"{where}.name", name)
        if own:
            errors += own
        else:
            sound[name] = volume
        claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
        if claim in created:
            why = "must not reference a PVC that gets created for an ephemeral volume"
            errors.invalid(f"{where}.persistentVolumeClaim.claimName", claim, why)
    return sound


def _validate_source(volume: Obj, path: str, pod_name: str, is_pod: bool, errors: Errors) -> None:
    present = [source for source in _SOURCES if volume.get(source) is not None]
    if not present:
        errors.required(path, "must specify a volume type")
    for place, source in enumerate(present):
        shown, check = _SOURCES[source]
        if place:
            errors.forbidden(f"{path}.{_WHEN_FORBIDDEN.get(source, source)}", _ONE_TYPE)
        else:
            check(volume[source], f"{path}.{shown}", errors)
            if source == "ephemeral" and pod_name and volume.get("name"):
                claim = f"{pod_name}-{volume['name']}"
                details = (f'PVC name "{claim}": {message}' for message in names.dns_subdomain(claim))
                errors.each_invalid(f"{path}.name", volume["name"], details)
            if source == "image" and is_pod and not volume[source].get("reference"):
                errors.required(f"{path}.image.reference")


def _mode(value: int | None, path: str, errors: Errors) -> None:
    if value is not None and not 0 <= value <= 0o777:
        errors.invalid(path, value, _MODE)


def _empty_dir(source: Obj, path: str, errors: Errors) -> None:
    limit = source.get("sizeLimit")
    if limit is not None and Quantity.parse(limit).nanos < 0:
        errors.forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")


def validate_host_path(source: Obj, path: str, errors: Errors) -> None:
    """A path on the node (also of persistent volumes)."""
    if not source.get("path"):
        errors.required(f"{path}.path")
        return
    validate_no_backsteps(source["path"], f"{path}.path", errors)
    kind = source.get("type")
    if kind is not None and kind not in _HOST_PATH_TYPES:
        errors.not_supported(f"{path}.type", kind, _HOST_PATH_TYPES)


def _git_repo(source: Obj, path: str, errors: Errors) -> None:
    if not source.get("repository"):
        errors.required(f"{path}.repository")
    validate_relative_path(source.get("directory", ""), f"{path}.directory", errors)


def _secret(source: Obj, path: str, errors: Errors) -> None:
    if not source.get("secretName"):
        errors.required(f"{path}.secretName")
    _keyed(source, path, errors)


def _config_map(source: Obj, path: str, errors: Errors) -> None:
    if not source.get("name"):
        errors.required(f"{path}.name")
    _keyed(source, path, errors)


def _keyed(source: Obj, path: str, errors: Errors) -> None:
    _mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
    for i, item in enumerate(source.get("items") or []):
        _key_to_path(item, f"{path}.items[{i}]", errors)


def _key_to_path(item: Obj, path: str, errors: Errors) -> None:
    for field in ("key", "path"):
        if not item.get(field):
            errors.required(f"{path}.{field}")
    validate_local_path(item.get("path", ""), f"{path}.path", errors)
    _mode(item.get("mode"), f"{path}.mode", errors)


def validate_nfs(source: Obj, path: str, errors: Errors) -> None:
    """An NFS share (also of persistent volumes)."""
    needs("server", "path")(source, path, errors)
    if not source.get("path", "").startswith("/"):
        errors.invalid(f"{path}.path", source.get("path", ""), "must be an absolute path")


def _downward(source: Obj, path: str, errors: Errors) -> None:
    _mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
    for item in source.get("items") or []:
        _downward_file(item, path, errors)


def _downward_file(item: Obj, path: str, errors: Errors) -> None:
    if not item.get("path"):
        errors.required(f"{path}.path")
    validate_local_path(item.get("path", ""), f"{path}.path", errors)
    field, resource = item.get("fieldRef"), item.get("resourceFieldRef")
    if field is not None:
        validate_field_selector(field, _VOLUME_FIELDS, f"{path}.fieldRef", errors)
        if resource is not None:
            errors.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
    elif resource is not None:
        validate_resource_selector(resource, f"{path}.resourceFieldRef", errors, in_volume=True)
    else:
        errors.required(path, "one of fieldRef and resourceFieldRef is required")
    _mode(item.get("mode"), f"{path}.mode", errors)


def _projected(source: Obj, path: str, errors: Errors) -> None:
    _mode(source.get("defaultMode"), f"{path}.defaultMode", errors)
    taken: set[str] = set()
    for i, each in enumerate(source.get("sources") or []):
        where = f"{path}.sources[{i}]"
        given = [key for key in _PROJECTIONS if each.get(key) is not None]
        for key in given:
            _PROJECTIONS[key](each[key], f"{where}.{key}", path, taken, errors)
        if len(given) > 1:
            errors.forbidden(where, "may not specify more than 1 volume type per source")


def _claim_path(value: str, shown: str, path: str, taken: set[str], errors: Errors) -> None:
    if value in taken:
        errors.invalid(path, shown, "conflicting duplicate paths")
    taken.add(value)


def _project_keys(source: Obj, where: str, path: str, taken: set[str], errors: Errors) -> None:
    if not source.get("name"):
        errors.required(f"{where}.name")
    for i, item in enumerate(source.get("items") or []):
        _key_to_path(item, f"{where}.items[{i}]", errors)
        if item.get("path"):
            _claim_path(item["path"], source.get("name", ""), path, taken, errors)


def _project_downward(source: Obj, where: str, path: str, taken: set[str], errors: Errors) -> None:
    for item in source.get("items") or []:
        _downward_file(item, where, errors)
        if item.get("path"):
            _claim_path(item["path"], item["path"], path, taken, errors)


def _project_token(source: Obj, where: str, path: str, taken: set[str], errors: Errors) -> None:
    seconds = source.get("expirationSeconds") or 0
    if seconds < 600:
        errors.invalid(f"{where}.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")
    if seconds > 2**32:
        errors.invalid(f"{where}.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds")
    if not source.get("path"):
        errors.required(f"{path}.path")
    else:
        validate_local_path(source["path"], f"{path}.path", errors)


_PROJECTIONS: Final[dict[str, Callable[[Obj, str, str, set[str], Errors], None]]] = {
    "secret": _project_keys,
    "configMap": _project_keys,
    "downwardAPI": _project_downward,
    "serviceAccountToken": _project_token,
}


def _csi(source: Obj, path: str, errors: Errors) -> None:
    validate_driver(source.get("driver", ""), f"{path}.driver", errors)
    secret = source.get("nodePublishSecretRef")
    if secret is not None:
        name = secret.get("name", "")
        if not name:
            errors.required(f"{path}.nodePublishSecretRef.name")
        else:
            errors.each_invalid(f"{path}.name", name, names.dns_subdomain(name))


def validate_driver(name: str, path: str, errors: Errors) -> None:
    """The name of a CSI driver."""
    if not name:
        errors.required(path)
    if len(name) > 63:
        errors.too_long(path, 63)
    errors.each_invalid(path, name, names.dns_subdomain(name.lower()))


def _ephemeral(source: Obj, path: str, errors: Errors) -> None:
    from podlab.mock.api.validation.storage import validate_claim_spec  # storage knows volumes

    template = source.get("volumeClaimTemplate")
    if template is None:
        errors.required(f"{path}.volumeClaimTemplate")
        return
    meta = template.get("metadata") or {}
    where = f"{path}.volumeClaimTemplate"
    validate_annotations(meta.get("annotations"), f"{where}.metadata.annotations", errors)
    validate_labels(meta.get("labels"), f"{where}.metadata.labels", errors)
    for key in meta:
        if key not in ("annotations", "labels"):
            errors.forbidden(f"{where}.metadata.{key}", "cannot be set")
    validate_claim_spec(template.get("spec") or {}, f"{where}.spec", errors)


def _image(source: Obj, path: str, errors: Errors) -> None:
    validate_pull_policy(source.get("pullPolicy", ""), f"{path}.pullPolicy", errors)


_WHEN_FORBIDDEN: Final = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
"""The server's own spelling of the path of a second source."""

_SOURCES: Final[dict[str, tuple[str, Callable[[Obj, str, Errors], None]]]] = {
    "emptyDir": ("emptyDir", _empty_dir),
    "hostPath": ("hostPath", validate_host_path),
    "gitRepo": ("gitRepo", _git_repo),
    "gcePersistentDisk": ("persistentDisk", disks.partitioned("pdName")),
    "awsElasticBlockStore": ("awsElasticBlockStore", disks.partitioned("volumeID")),
    "secret": ("secret", _secret),
    "nfs": ("nfs", validate_nfs),
    "iscsi": ("iscsi", disks.validate_iscsi),
    "glusterfs": ("glusterfs", needs("endpoints", "path")),
    "flocker": ("flocker", disks.validate_flocker),
    "persistentVolumeClaim": ("persistentVolumeClaim", needs("claimName")),
    "rbd": ("rbd", needs("monitors", "image")),
    "cinder": ("cinder", disks.with_secret(needs("volumeID"))),
    "cephfs": ("cephfs", needs("monitors")),
    "quobyte": ("quobyte", disks.validate_quobyte),
    "downwardAPI": ("downwardAPI", _downward),
    "fc": ("fc", disks.validate_fibre_channel),
    "flexVolume": ("flexVolume", disks.validate_flex),
    "configMap": ("configMap", _config_map),
    "azureFile": ("azureFile", needs("secretName", "shareName")),
    "vsphereVolume": ("vsphereVolume", needs("volumePath")),
    "photonPersistentDisk": ("photonPersistentDisk", needs("pdID")),
    "portworxVolume": ("portworxVolume", needs("volumeID")),
    "azureDisk": ("azureDisk", disks.validate_azure_disk),
    "storageos": ("storageos", disks.with_secret(disks.validate_storage_os)),
    "projected": ("projected", _projected),
    "scaleIO": ("scaleIO", needs("gateway", "system", "volumeName")),
    "csi": ("csi", _csi),
    "ephemeral": ("ephemeral", _ephemeral),
    "image": ("image", _image),
}
"""Every source in the server's order of checks: the name in its path, and the check."""
