"""Security contexts of pods and containers."""

import re
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.internal import internal
from podlab.mock.api.validation.paths import validate_relative_path
from podlab.mock.api.validation.windows import validate_windows_options

_PROFILES: Final = ("Localhost", "RuntimeDefault", "Unconfined")
_SYSCTL: Final = re.compile(r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?")
_SYSCTL_SHOWN: Final = r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
_SYSCTL_LIMIT: Final = 253


def shares_host_users(spec: Obj) -> bool:
    """Whether the pod is in the host's user namespace (it is, unless it says otherwise)."""
    return spec.get("hostUsers") is not False


def validate_security_context(context: Obj | None, spec: Obj, path: str, errors: Errors) -> None:
    """A container's security context."""
    if not context:
        return
    for field in ("runAsUser", "runAsGroup"):
        if context.get(field) is not None:
            errors.each_invalid(f"{path}.{field}", context[field], names.user_id(context[field]))
    mount = context.get("procMount")
    if mount is not None:
        if mount not in ("Default", "Unmasked"):
            errors.not_supported(f"{path}.procMount", mount, ("Default", "Unmasked"))
        if mount == "Unmasked" and shares_host_users(spec):
            errors.invalid(f"{path}.procMount", mount, "`hostUsers` must be false to use `Unmasked`")
    _validate_seccomp(context.get("seccompProfile"), f"{path}.seccompProfile", errors)
    if context.get("allowPrivilegeEscalation") is False:
        _validate_no_escalation(context, path, errors)
    validate_windows_options(context.get("windowsOptions"), f"{path}.windowsOptions", errors)
    _validate_app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile", errors)


def _validate_no_escalation(context: Obj, path: str, errors: Errors) -> None:
    shown = internal("V1SecurityContext", context)
    if context.get("privileged"):
        errors.invalid(path, shown, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
    for capability in (context.get("capabilities") or {}).get("add") or []:
        if capability == "CAP_SYS_ADMIN":
            why = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            errors.invalid(path, shown, why)


def validate_pod_security_context(spec: Obj, path: str, errors: Errors) -> None:
    """The pod's security context."""
    context = spec.get("securityContext") or {}
    for field in ("fsGroup", "runAsUser", "runAsGroup"):
        if context.get(field) is not None:
            errors.each_invalid(f"{path}.{field}", context[field], names.user_id(context[field]))
    for i, group in enumerate(context.get("supplementalGroups") or []):
        errors.each_invalid(f"{path}.supplementalGroups[{i}]", group, names.user_id(group))
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        why = "ShareProcessNamespace and HostPID cannot both be enabled"
        errors.invalid(f"{path}.shareProcessNamespace", True, why)
    _validate_sysctls(context.get("sysctls") or [], spec, f"{path}.sysctls", errors)
    _validate_choice(context, "fsGroupChangePolicy", ("Always", "OnRootMismatch"), path, errors)
    _validate_seccomp(context.get("seccompProfile"), f"{path}.seccompProfile", errors)
    validate_windows_options(context.get("windowsOptions"), f"{path}.windowsOptions", errors)
    _validate_app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile", errors)
    _validate_choice(context, "supplementalGroupsPolicy", ("Merge", "Strict"), path, errors)
    _validate_choice(context, "seLinuxChangePolicy", ("MountOption", "Recursive"), path, errors)


def _validate_choice(context: Obj, field: str, supported: tuple[str, ...], path: str, errors: Errors) -> None:
    if context.get(field) is not None and context[field] not in supported:
        errors.not_supported(f"{path}.{field}", context[field], supported)


def _validate_seccomp(profile: Obj | None, path: str, errors: Errors) -> None:
    if profile is None:
        return
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    if not kind:
        errors.required(f"{path}.type", "type is required when seccompProfile is set")
    elif kind not in _PROFILES:
        errors.not_supported(f"{path}.type", kind, _PROFILES)
    if kind == "Localhost":
        if local is None:
            errors.required(f"{path}.localhostProfile", "must be set when seccomp type is Localhost")
        else:
            validate_relative_path(local, f"{path}.localhostProfile", errors)
    elif local is not None:
        shown = internal("V1SeccompProfile", profile)
        errors.invalid(f"{path}.localhostProfile", shown, "can only be set when seccomp type is Localhost")


def _validate_app_armor(profile: Obj | None, path: str, errors: Errors) -> None:
    if profile is None:
        return
    kind, local = profile.get("type", ""), profile.get("localhostProfile")
    where = f"{path}.localhostProfile"
    if kind == "Localhost":
        if not local:
            errors.required(where, "must be set when AppArmor type is Localhost")
        elif local != local.strip():
            errors.invalid(where, local, "must not be padded with whitespace")
        if local and len(local) > 4095:
            errors.too_long(where, 4095)
    elif kind in ("RuntimeDefault", "Unconfined"):
        if local is not None:
            errors.invalid(where, local, "can only be set when AppArmor type is Localhost")
    elif not kind:
        errors.required(f"{path}.type", "type is required when appArmorProfile is set")
    else:
        errors.not_supported(f"{path}.type", kind, _PROFILES)


def _validate_sysctls(sysctls: list[Obj], spec: Obj, path: str, errors: Errors) -> None:
    seen: set[str] = set()
    for i, sysctl in enumerate(sysctls):
        name = sysctl.get("name", "")
        where = f"{path}[{i}].name"
        if not name:
            errors.required(where)
        elif len(name) > _SYSCTL_LIMIT or not _SYSCTL.fullmatch(name):
            errors.invalid(where, name, f"must have at most {_SYSCTL_LIMIT} characters and match regex {_SYSCTL_SHOWN}")
        elif name in seen:
            errors.duplicate(where, name)
        seen.add(name)
        plain = name.replace("/", ".")
        if spec.get("hostNetwork") and plain.startswith("net."):
            errors.invalid(where, name, "may not be specified when 'hostNetwork' is true")
        elif spec.get("hostIPC") and (plain.startswith("fs.mqueue.") or plain in _IPC_SYSCTLS):
            errors.invalid(where, name, "may not be specified when 'hostIPC' is true")


_IPC_SYSCTLS: Final = frozenset(
    {
        "kernel.sem",
        "kernel.shmall",
        "kernel.shmmax",
        "kernel.shmmni",
        "kernel.shm_rmid_forced",
        "kernel.msgmax",
        "kernel.msgmnb",
        "kernel.msgmni",
    }
)
