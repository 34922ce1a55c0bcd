"""Persistent volumes, claims and storage classes."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.quantity import Quantity
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.internal import diff, internal
from podlab.mock.api.validation.meta import validate_label_selector, validate_object_meta, validate_object_meta_update
from podlab.mock.api.validation.resources import validate_amount
from podlab.mock.api.validation.scheduling import validate_node_selector
from podlab.mock.api.validation.volumes import validate_driver, validate_host_path, validate_nfs

_MODES: Final = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_VOLUME_MODES: Final = ("Block", "Filesystem")
_RECLAIM: Final = ("Delete", "Recycle", "Retain")
_NOT_SOURCES: Final = frozenset(
    {
        "capacity",
        "accessModes",
        "claimRef",
        "persistentVolumeReclaimPolicy",
        "storageClassName",
        "mountOptions",
        "volumeMode",
        "nodeAffinity",
        "volumeAttributesClassName",
    }
)


def validate_claim(claim: Obj, errors: Errors) -> None:
    """A new claim."""
    validate_object_meta(claim["metadata"], True, names.dns_subdomain, errors)
    validate_claim_spec(claim["spec"], "spec", errors)


def validate_claim_spec(spec: Obj, path: str, errors: Errors) -> None:
    """What a claim (or a claim template) asks for."""
    _validate_modes(spec.get("accessModes") or [], f"{path}.accessModes", "at least 1 access mode is required", errors)
    validate_label_selector(spec.get("selector"), f"{path}.selector", errors)
    where = f"{path}.resources[storage]"
    text = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    if text is None:
        errors.required(where)
    elif Quantity.parse(text).nanos <= 0:
        errors.invalid(where, text, "must be greater than zero")
    else:
        validate_amount("storage", text, where, errors)
    for field in ("storageClassName", "volumeAttributesClassName"):
        if spec.get(field):
            errors.each_invalid(f"{path}.{field}", spec[field], names.dns_subdomain(spec[field]))
    _validate_volume_mode(spec, path, errors)
    for field in ("dataSource", "dataSourceRef"):
        if spec.get(field) is not None:
            _validate_data_source(spec[field], f"{path}.{field}", errors)


def _validate_modes(modes: list[str], path: str, needed: str, errors: Errors) -> None:
    if not modes:
        errors.required(path, needed)
    for mode in modes:
        if mode not in _MODES:
            errors.not_supported(path, mode, _MODES)
    if "ReadWriteOncePod" in modes and any(mode in _MODES and mode != "ReadWriteOncePod" for mode in modes):
        errors.forbidden(path, "may not use ReadWriteOncePod with other access modes")


def _validate_volume_mode(spec: Obj, path: str, errors: Errors) -> None:
    if spec.get("volumeMode") is not None and spec["volumeMode"] not in _VOLUME_MODES:
        errors.not_supported(f"{path}.volumeMode", spec["volumeMode"], _VOLUME_MODES)


def _validate_data_source(source: Obj, path: str, errors: Errors) -> None:
    for field in ("name", "kind"):
        if not source.get(field):
            errors.required(f"{path}.{field}")
    group = source.get("apiGroup") or ""
    if not group and source.get("kind") != "PersistentVolumeClaim":
        why = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
        errors.invalid(path, source.get("kind", ""), why)
    if group:
        errors.each_invalid(f"{path}.apiGroup", group, names.dns_subdomain(group))


def _requested(claim: Obj) -> Quantity:
    text = ((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage")
    return Quantity.parse(text) if text else Quantity(0)


def validate_claim_update(new: Obj, old: Obj, errors: Errors) -> None:
    """A bound claim may grow; else it stays."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    validate_claim(new, errors)
    spec, before = dict(new["spec"]), dict(old["spec"])
    if not before.get("volumeName") and spec.get("volumeName"):
        before["volumeName"] = spec["volumeName"]
    if before.get("storageClassName") is None and spec.get("storageClassName") is not None:
        spec.pop("storageClassName")
    if (new.get("status") or {}).get("phase") == "Bound":
        requests = {**((spec.get("resources") or {}).get("requests") or {})}
        requests["storage"] = ((before.get("resources") or {}).get("requests") or {}).get("storage")
        spec["resources"] = {**(spec.get("resources") or {}), "requests": requests}
    for each in (spec, before):
        each.pop("volumeAttributesClassName", None)
    if spec != before:
        why = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n"
        errors.forbidden("spec", why + diff("V1PersistentVolumeClaimSpec", before, spec))
    if _requested(new) < _requested(old):
        capacity = ((old.get("status") or {}).get("capacity") or {}).get("storage")
        if _requested(new) <= (Quantity.parse(capacity) if capacity else Quantity(0)):
            errors.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")
    errors.immutable("volumeMode", new["spec"].get("volumeMode"), old["spec"].get("volumeMode"))


def validate_volume(volume: Obj, errors: Errors) -> None:
    """A persistent volume, new or changed."""
    validate_object_meta(volume["metadata"], False, names.dns_subdomain, errors)
    spec = volume["spec"]
    _validate_modes(spec.get("accessModes") or [], "spec.accessModes", "", errors)
    capacity = spec.get("capacity") or {}
    if not capacity:
        errors.required("spec.capacity")
    if list(capacity) != ["storage"]:
        errors.not_supported("spec.capacity", capacity or None, ("storage",))
    for name, text in capacity.items():
        amount = Quantity.parse(text)
        if amount.nanos < 0:
            errors.invalid(f"spec.capacity[{name}]", amount.value, "must be a valid resource quantity")
        if amount.nanos <= 0:
            errors.invalid(f"spec.capacity[{name}]", text, "must be greater than zero")
    policy = spec.get("persistentVolumeReclaimPolicy")
    if policy and policy not in _RECLAIM:
        errors.not_supported("spec.persistentVolumeReclaimPolicy", policy, _RECLAIM)
    affinity = spec.get("nodeAffinity")
    if affinity is not None:
        if affinity.get("required") is None:
            errors.required("spec.nodeAffinity.required", "must specify required node constraints")
        else:
            validate_node_selector(affinity["required"], "spec.nodeAffinity.required", errors)
    _validate_volume_source(spec, errors)
    if spec.get("storageClassName"):
        errors.each_invalid("spec.storageClassName", spec["storageClassName"], names.dns_subdomain(spec["storageClassName"]))
    _validate_volume_mode(spec, "spec", errors)


def _validate_volume_source(spec: Obj, errors: Errors) -> None:
    sources = [key for key in spec if key not in _NOT_SOURCES and spec[key] is not None]
    if not sources:
        errors.required("spec", "must specify a volume type")
    for source in sources[1:]:
        errors.forbidden(f"spec.{source}", "may not specify more than 1 volume type")
    if sources[:1] == ["hostPath"]:
        validate_host_path(spec["hostPath"], "spec.hostPath", errors)
    elif sources[:1] == ["nfs"]:
        validate_nfs(spec["nfs"], "spec.nfs", errors)
    elif sources[:1] == ["csi"]:
        validate_driver(spec["csi"].get("driver", ""), "spec.csi.driver", errors)
        if not spec["csi"].get("volumeHandle"):
            errors.required("spec.csi.volumeHandle")
    elif sources[:1] == ["local"]:
        if not spec["local"].get("path"):
            errors.required("spec.local.path")
        if spec.get("nodeAffinity") is None:
            errors.required("spec.nodeAffinity", "Local volume requires node affinity")


def validate_volume_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The source of a persistent volume stays."""
    validate_volume(new, errors)

    def source(volume: Obj) -> Obj:
        return {key: value for key, value in volume["spec"].items() if key not in _NOT_SOURCES}

    if source(new) != source(old):
        change = diff("V1PersistentVolumeSpec", source(old), source(new), _NOT_SOURCES)
        why = f"spec.persistentvolumesource is immutable after creation\n{change}"
        errors.forbidden("spec.persistentvolumesource", why)
    errors.immutable("volumeMode", new["spec"].get("volumeMode"), old["spec"].get("volumeMode"))
    before, after = old["spec"].get("nodeAffinity"), new["spec"].get("nodeAffinity")
    if before is not None and before != after:
        shown = internal("V1VolumeNodeAffinity", after)
        errors.invalid("nodeAffinity", shown, "field is immutable, except for updating from beta label to GA")


def validate_storage_class(storage_class: Obj, errors: Errors) -> None:
    """A new storage class."""
    validate_object_meta(storage_class["metadata"], False, names.dns_subdomain, errors)
    provisioner = storage_class.get("provisioner", "")
    if not provisioner:
        errors.required("provisioner")
    else:
        errors.each_invalid("provisioner", provisioner, names.qualified_name(provisioner.lower()))
    for key in storage_class.get("parameters") or {}:
        if not key:
            errors.invalid("parameters", key, "field can not be empty.")
    if storage_class.get("reclaimPolicy") not in (None, "Delete", "Retain"):
        errors.not_supported("reclaimPolicy", storage_class["reclaimPolicy"], ("Delete", "Retain"))
    mode = storage_class.get("volumeBindingMode")
    if mode is None:
        errors.required("volumeBindingMode")
    elif mode not in ("Immediate", "WaitForFirstConsumer"):
        errors.not_supported("volumeBindingMode", mode, ("Immediate", "WaitForFirstConsumer"))


def validate_storage_class_update(new: Obj, old: Obj, errors: Errors) -> None:
    """What a storage class provisions stays."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    for field in ("parameters", "provisioner"):
        if (new.get(field) or None) != (old.get(field) or None):
            errors.forbidden(field, f"updates to {field} are forbidden.")
    if new.get("reclaimPolicy") != old.get("reclaimPolicy"):
        errors.forbidden("reclaimPolicy", "updates to reclaimPolicy are forbidden.")
    errors.immutable("volumeBindingMode", new.get("volumeBindingMode"), old.get("volumeBindingMode"))
