"""Annotations of pods that the server gives a meaning."""

from collections.abc import Iterator
from typing import Final

from podlab.mock.api.errors import Obj, quote
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.paths import validate_relative_path

_MIRROR: Final = "kubernetes.io/config.mirror"
_DELETION_COST: Final = "controller.kubernetes.io/pod-deletion-cost"
_SECCOMP_POD: Final = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP_CONTAINER: Final = "container.seccomp.security.alpha.kubernetes.io/"
_APP_ARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
_LOCAL: Final = "localhost/"


def is_mirror(pod: Obj) -> bool:
    """Whether a pod only mirrors one that a kubelet runs by itself."""
    return _MIRROR in (pod["metadata"].get("annotations") or {})


def containers_with_paths(spec: Obj, path: str) -> Iterator[tuple[Obj, str]]:
    """All containers of a pod spec in the order in which the server visits them, each with its path."""
    for key in ("initContainers", "containers", "ephemeralContainers"):
        for i, container in enumerate(spec.get(key) or []):
            yield container, f"{path}.{key}[{i}]"


def validate_pod_annotations(annotations: dict[str, str], spec: Obj, path: str, errors: Errors) -> None:
    """Mirror pods, deletion cost, and the older way to give profiles of seccomp and AppArmor."""
    if _MIRROR in annotations and not spec.get("nodeName"):
        why = "must set spec.nodeName if mirror pod annotation is set"
        errors.invalid(f"{path}[{_MIRROR}]", annotations[_MIRROR], why)
    cost = annotations.get(_DELETION_COST)
    if cost is not None and not _is_int32(cost):
        errors.invalid(f"{path}[{_DELETION_COST}]", cost, "must be a 32bit integer")
    for key, profile in annotations.items():
        if key == _SECCOMP_POD or key.startswith(_SECCOMP_CONTAINER):
            _validate_seccomp(profile, f"{path}.{key}", errors)
    names = {container.get("name", "") for container, _ in containers_with_paths(spec, "")}
    for key, profile in annotations.items():
        if key.startswith(_APP_ARMOR):
            name = key.removeprefix(_APP_ARMOR)
            if name not in names:
                errors.invalid(f"{path}[{key}]", name, "container not found")
            if profile not in ("", "runtime/default", "unconfined") and not profile.startswith(_LOCAL):
                errors.invalid(f"{path}[{key}]", profile, f"invalid AppArmor profile name: {quote(profile)}")


def _is_int32(text: str) -> bool:
    digits = text.removeprefix("-")
    canonical = digits.isascii() and digits.isdigit() and (digits == "0" or not digits.startswith("0")) and text != "-0"
    return canonical and len(digits) < 12 and -(2**31) <= int(text) < 2**31


def _validate_seccomp(profile: str, path: str, errors: Errors) -> None:
    if profile in ("runtime/default", "docker/default", "unconfined"):
        return
    if profile.startswith(_LOCAL):
        validate_relative_path(profile.removeprefix(_LOCAL), path, errors)
    else:
        errors.invalid(path, profile, "must be a valid seccomp profile")


def validate_profiles_agree(pod: Obj, errors: Errors) -> None:
    """On creation, what annotations and security contexts say of profiles must be the same."""
    annotations, spec = pod["metadata"].get("annotations") or {}, pod["spec"]
    own = spec.get("securityContext") or {}
    if _SECCOMP_POD in annotations:
        path = "spec.securityContext.seccompProfile"
        _validate_agrees(own.get("seccompProfile"), annotations[_SECCOMP_POD], "seccomp", "seccomp", path, errors)
    for prefix, field, word, inherited in (
        (_SECCOMP_CONTAINER, "seccompProfile", "seccomp", None),
        (_APP_ARMOR, "appArmorProfile", "apparmor", own.get("appArmorProfile")),
    ):
        for container, where in containers_with_paths(spec, "spec"):
            said = annotations.get(prefix + container.get("name", ""))
            profile = (container.get("securityContext") or {}).get(field) or inherited
            if said is not None:
                _validate_agrees(profile, said, word, word, f"{where}.securityContext.{field}", errors)


def _validate_agrees(profile: Obj | None, said: str, word: str, name: str, path: str, errors: Errors) -> None:
    if profile is None:
        return
    kind, both = profile.get("type"), "in annotation and field must match"
    plain = {"Unconfined": ("unconfined",), "RuntimeDefault": ("runtime/default", "docker/default")}
    if kind in plain:
        allowed = plain[kind] if word == "seccomp" else plain[kind][:1]
        if said not in allowed:
            errors.forbidden(f"{path}.type", f"{word} type {both}")
    elif kind == "Localhost":
        if not said.startswith(_LOCAL):
            errors.forbidden(f"{path}.type", f"{word} type {both}")
        elif said.removeprefix(_LOCAL) != profile.get("localhostProfile"):
            errors.forbidden(f"{path}.localhostProfile", f"{name} profile {both}")


def validate_annotation_changes(new: Obj, old: Obj, errors: Errors) -> None:
    """Mirror pods stay what they are, and AppArmor profiles as well."""
    after, before = new["metadata"].get("annotations") or {}, old["metadata"].get("annotations") or {}
    kinds = ((lambda key: key.startswith(_APP_ARMOR), "AppArmor annotations"), (_MIRROR.__eq__, "mirror pod annotation"))
    for key, value in before.items():
        for applies, what in kinds:
            if applies(key) and after.get(key) != value:
                errors.forbidden(f"metadata.annotations[{key}]", f"may not remove or update {what}")
    for key in after:
        for applies, what in kinds:
            if applies(key) and key not in before:
                errors.forbidden(f"metadata.annotations[{key}]", f"may not add {what}")
    validate_pod_annotations(after, new["spec"], "metadata.annotations", errors)
