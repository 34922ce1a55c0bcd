"""Volumes mounted into a container, as directories or as block devices."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.paths import validate_no_backsteps, validate_relative_path


def validate_mounts(container: Obj, volumes: dict[str, Obj], path: str, errors: Errors) -> None:
    """The ``volumeMounts`` of a container, given the pod's sound volumes by name."""
    devices = {device.get("name", ""): device.get("devicePath", "") for device in container.get("volumeDevices") or []}
    points: set[str] = set()
    for i, mount in enumerate(container.get("volumeMounts") or []):
        where = f"{path}[{i}]"
        name, point = mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            errors.required(f"{where}.name")
        if name not in volumes:
            errors.not_found(f"{where}.name", name)
        if not point:
            errors.required(f"{where}.mountPath")
        if point in points:
            errors.invalid(f"{where}.mountPath", point, "must be unique")
        points.add(point)
        if name in devices:
            errors.invalid(f"{where}.name", name, "must not already exist in volumeDevices")
        if point in devices.values():
            errors.invalid(f"{where}.mountPath", point, "must not already exist as a path in volumeDevices")
        _validate_sub_paths(mount, where, path, errors)
        _validate_propagation(mount, container, path, errors)


def _validate_sub_paths(mount: Obj, where: str, path: str, errors: Errors) -> None:
    plain, expression = mount.get("subPath", ""), mount.get("subPathExpr", "")
    if plain:
        validate_relative_path(plain, f"{path}.subPath", errors)
    if expression:
        if plain:
            errors.invalid(f"{where}.subPathExpr", expression, "subPathExpr and subPath are mutually exclusive")
        validate_relative_path(expression, f"{path}.subPathExpr", errors)


_PROPAGATIONS: Final = ("Bidirectional", "HostToContainer", "None")
_RECURSIVE: Final = ("Disabled", "Enabled", "IfPossible")


def _validate_propagation(mount: Obj, container: Obj, path: str, errors: Errors) -> None:
    mode, recursive = mount.get("mountPropagation"), mount.get("recursiveReadOnly")
    if mode is not None:
        if mode not in _PROPAGATIONS:
            errors.not_supported(f"{path}.mountPropagation", mode, _PROPAGATIONS)
        if mode == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
            why = "Bidirectional mount propagation is available only to privileged containers"
            errors.forbidden(f"{path}.mountPropagation", why)
    if recursive in ("Enabled", "IfPossible"):
        if not mount.get("readOnly"):
            errors.forbidden(f"{path}.recursiveReadOnly", "may only be specified when readOnly is true")
        if mode not in (None, "None"):
            errors.forbidden(f"{path}.recursiveReadOnly", "may only be specified when mountPropagation is None or not specified")
    elif recursive not in (None, "Disabled"):
        errors.not_supported(f"{path}.recursiveReadOnly", recursive, _RECURSIVE)


def validate_devices(container: Obj, volumes: dict[str, Obj], path: str, errors: Errors) -> None:
    """The ``volumeDevices`` of a container, given the pod's sound volumes by name."""
    mounts = {mount.get("name", ""): mount.get("mountPath", "") for mount in container.get("volumeMounts") or []}
    seen_paths: set[str] = set()
    seen_names: set[str] = set()
    for i, device in enumerate(container.get("volumeDevices") or []):
        where = f"{path}[{i}]"
        name, point = device.get("name", ""), device.get("devicePath", "")
        if not name:
            errors.required(f"{where}.name")
        if name in seen_names:
            errors.invalid(f"{where}.name", name, "must be unique")
        volume = volumes.get(name)
        if volume is None:
            errors.not_found(f"{where}.name", name)
        elif volume.get("persistentVolumeClaim") is None and volume.get("ephemeral") is None:
            why = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            errors.invalid(f"{where}.name", name, why)
        _validate_device_path(point, seen_paths, where, errors)
        if name in mounts:
            errors.invalid(f"{where}.name", name, "must not already exist in volumeMounts")
        if point in mounts.values():
            errors.invalid(f"{where}.devicePath", point, "must not already exist as a path in volumeMounts")
        if name:
            seen_names.add(name)


def _validate_device_path(point: str, seen: set[str], path: str, errors: Errors) -> None:
    if not point:
        errors.required(f"{path}.devicePath")
    if point in seen:
        errors.invalid(f"{path}.devicePath", point, "must be unique")
    wrong = Errors()
    validate_no_backsteps(point, path, wrong)
    if wrong:
        errors.invalid(f"{path}.devicePath", point, "can not contain backsteps ('..')")
    else:
        seen.add(point)
