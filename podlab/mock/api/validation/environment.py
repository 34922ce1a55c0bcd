"""Environment variables of containers."""

from collections.abc import Callable
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.annotations import containers_with_paths
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.paths import validate_no_backsteps
from podlab.mock.api.validation.sources import (
    validate_field_selector,
    validate_key_selector,
    validate_resource_selector,
    validate_whole_source,
)

_ENV_FIELDS: Final = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)


_SOURCES: Final = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"


def validate_env(variables: list[Obj], path: str, errors: Errors) -> None:
    """The ``env`` of a container."""
    for i, variable in enumerate(variables):
        name = variable.get("name", "")
        if not name:
            errors.required(f"{path}[{i}].name")
        else:
            errors.each_invalid(f"{path}[{i}].name", name, names.environment_name(name))
        if variable.get("valueFrom") is not None:
            _validate_value_from(variable, f"{path}[{i}].valueFrom", errors)


def _validate_value_from(variable: Obj, path: str, errors: Errors) -> None:
    source = variable["valueFrom"]
    checks: tuple[tuple[str, Callable[[Obj, str, Errors], None]], ...] = (
        ("fieldRef", lambda ref, where, found: validate_field_selector(ref, _ENV_FIELDS, where, found)),
        ("resourceFieldRef", validate_resource_selector),
        ("configMapKeyRef", validate_key_selector),
        ("secretKeyRef", validate_key_selector),
        ("fileKeyRef", _validate_file_key),
    )
    given = 0
    for key, check in checks:
        if source.get(key) is not None:
            given += 1
            check(source[key], f"{path}.{key}", errors)
    if not given:
        errors.invalid(path, "", _SOURCES)
    elif variable.get("value"):
        errors.invalid(path, "", "may not be specified when `value` is not empty")
    elif given > 1:
        errors.invalid(path, "", "may not have more than one field specified at a time")


def _validate_file_key(ref: Obj, path: str, errors: Errors) -> None:
    key, volume, file = (ref.get(field, "") for field in ("key", "volumeName", "path"))
    if not key:
        errors.required(f"{path}.key")
    else:
        errors.each_invalid(f"{path}.key", key, names.environment_name(key))
    if not volume:
        errors.required(f"{path}.volumeName")
    else:
        errors.each_invalid(f"{path}.volumeName", volume, names.dns_label(volume))
    if not file:
        errors.required(f"{path}.path")
    else:
        validate_no_backsteps(file, f"{path}.path", errors)


def validate_file_volumes(spec: Obj, path: str, errors: Errors) -> None:
    """The files of ``fileKeyRef`` lie in ``emptyDir`` volumes of the pod."""
    volumes = {volume.get("name", ""): volume for volume in spec.get("volumes") or []}
    for container, where in containers_with_paths(spec, path):
        for i, variable in enumerate(container.get("env") or []):
            ref = (variable.get("valueFrom") or {}).get("fileKeyRef")
            if ref is None:
                continue
            name, here = ref.get("volumeName", ""), f"{where}.env[{i}].valueFrom.fileKeyRef.volumeName"
            if name not in volumes:
                errors.not_found(here, name)
            elif volumes[name].get("emptyDir") is None:
                errors.invalid(here, name, "referenced volume must be of type emptyDir")


def validate_env_from(sources: list[Obj], path: str, errors: Errors) -> None:
    """The ``envFrom`` of a container."""
    for i, source in enumerate(sources):
        prefix = source.get("prefix", "")
        if prefix:
            errors.each_invalid(f"{path}[{i}].prefix", prefix, names.environment_name(prefix))
        given = [key for key in ("configMapRef", "secretRef") if source.get(key) is not None]
        for key in given:
            validate_whole_source(source[key], f"{path}[{i}].{key}", errors)
        if not given:
            errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
        elif len(given) > 1:
            errors.invalid(path, "", "may not have more than one field specified at a time")
