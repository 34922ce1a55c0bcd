"""The operating system of a pod, and what it may not have there."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation.annotations import containers_with_paths
from podlab.mock.api.validation.field import Errors

_SYSTEMS: Final = ("linux", "windows")
_NOT_ON_WINDOWS: Final = (
    ("securityContext", "appArmorProfile"),
    ("securityContext", "seLinuxOptions"),
    ("", "hostUsers"),
    ("", "hostPID"),
    ("", "hostIPC"),
    ("securityContext", "seccompProfile"),
    ("securityContext", "fsGroup"),
    ("securityContext", "fsGroupChangePolicy"),
    ("securityContext", "sysctls"),
    ("", "shareProcessNamespace"),
    ("securityContext", "runAsUser"),
    ("securityContext", "runAsGroup"),
    ("securityContext", "supplementalGroups"),
    ("securityContext", "supplementalGroupsPolicy"),
)
_NOT_IN_WINDOWS_CONTAINERS: Final = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
)


def validate_system(spec: Obj, path: str, errors: Errors) -> None:
    """``spec.os``: without it, anything goes."""
    system = spec.get("os")
    if system is None:
        return
    if not system.get("name"):
        errors.required(f"{path}.os.name", "cannot be empty")
    elif system["name"] not in _SYSTEMS:
        errors.not_supported(f"{path}.os", system["name"], _SYSTEMS)
    elif system["name"] == "linux":
        _validate_linux(spec, path, errors)
    else:
        _validate_windows(spec, path, errors)


def _validate_linux(spec: Obj, path: str, errors: Errors) -> None:
    for each, where in ((spec, path), *containers_with_paths(spec, path)):
        if (each.get("securityContext") or {}).get("windowsOptions") is not None:
            errors.forbidden(f"{where}.securityContext.windowsOptions", "windows options cannot be set for a linux pod")


def _validate_windows(spec: Obj, path: str, errors: Errors) -> None:
    why = "cannot be set for a windows pod"
    for parent, field in _NOT_ON_WINDOWS:
        holder = (spec.get(parent) or {}) if parent else spec
        if holder.get(field) is not None and (field not in ("hostPID", "hostIPC") or holder[field]):
            errors.forbidden(f"{path}.{parent}.{field}" if parent else f"{path}.{field}", why)
    for container, where in containers_with_paths(spec, path):
        context = container.get("securityContext") or {}
        for field in _NOT_IN_WINDOWS_CONTAINERS:
            if context.get(field) is not None:
                errors.forbidden(f"{where}.securityContext.{field}", why)
