"""Where values come from: fields of the pod, resources of a container, keys of ConfigMaps and Secrets."""

import re
from collections.abc import Iterable
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.quantity import Quantity
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors

_KNOWN_FIELDS: Final = frozenset(
    {
        "metadata.annotations",
        "metadata.labels",
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.serviceAccountName",
        "spec.schedulerName",
        "status.phase",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    }
)
_SUBSCRIPT: Final = re.compile(r"(.*?)\['(.*)'\]", re.DOTALL)
_RESOURCES: Final = (
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
)
_HUGE: Final = ("limits.hugepages-", "requests.hugepages-")
_SIZES: Final = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
_DIVISORS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "cpu": (("1m", "1"), "1m and 1 are supported with the cpu resource"),
    "memory": (_SIZES, f"{', '.join(_SIZES)} are supported with the memory resource"),
    "ephemeral-storage": (_SIZES, f"{', '.join(_SIZES)} are supported with the local ephemeral storage resource"),
    "hugepages": (_SIZES, f"{', '.join(_SIZES)} are supported with the hugepages resource"),
}


def validate_field_selector(selector: Obj, supported: Iterable[str], path: str, errors: Errors) -> None:
    """A ``fieldRef``."""
    version, field = selector.get("apiVersion", ""), selector.get("fieldPath", "")
    if not version or not field:
        errors.required(f"{path}.apiVersion" if not version else f"{path}.fieldPath")
        return
    problem, plain, subscript = _read_field(version, field)
    if problem:
        errors.invalid(f"{path}.fieldPath", field, f"error converting fieldPath: {problem}")
    elif subscript is not None:
        if plain == "metadata.annotations":
            errors.each_invalid(path, subscript.lower(), names.qualified_name(subscript.lower()))
        elif plain == "metadata.labels":
            errors.each_invalid(path, subscript, names.qualified_name(subscript))
        else:
            errors.invalid(path, plain, "does not support subscript")
    elif plain not in supported:
        errors.not_supported(f"{path}.fieldPath", plain, supported)


def _read_field(version: str, field: str) -> tuple[str, str, str | None]:
    """What is wrong with a field path; else its plain path and its subscript (``metadata.labels['a']``)."""
    if version != "v1":
        return f"unsupported pod version: {version}", field, None
    match = _SUBSCRIPT.fullmatch(field)
    if match and match[1]:
        if match[1] in ("metadata.annotations", "metadata.labels"):
            return "", match[1], match[2]
        return f"field label does not support subscript: {field}", field, None
    if field == "spec.host":
        return "", "spec.nodeName", None
    return ("" if field in _KNOWN_FIELDS else f"field label not supported: {field}"), field, None


def validate_resource_selector(selector: Obj, path: str, errors: Errors, in_volume: bool = False) -> None:
    """A ``resourceFieldRef``."""
    resource = selector.get("resource", "")
    if in_volume and not selector.get("containerName"):
        errors.required(f"{path}.containerName")
    elif not resource:
        errors.required(f"{path}.resource")
    elif resource not in _RESOURCES and not resource.startswith(_HUGE):
        errors.not_supported(f"{path}.resource", resource, _RESOURCES)
    divisor = selector.get("divisor") or "0"
    if Quantity.parse(divisor).nanos == 0:
        return
    kind = "hugepages" if resource.startswith(_HUGE) else resource.rpartition(".")[2] if resource in _RESOURCES else ""
    if kind and divisor not in _DIVISORS[kind][0]:
        errors.invalid(f"{path}.divisor", resource, f"only divisor's values {_DIVISORS[kind][1]}")


def validate_key_selector(selector: Obj, path: str, errors: Errors) -> None:
    """A key of a ConfigMap or Secret."""
    name, key = selector.get("name", ""), selector.get("key", "")
    errors.each_invalid(f"{path}.name", name, names.dns_subdomain(name))
    if not key:
        errors.required(f"{path}.key")
    else:
        errors.each_invalid(f"{path}.key", key, names.config_key(key))


def validate_whole_source(source: Obj, path: str, errors: Errors) -> None:
    """A whole ConfigMap or Secret as environment."""
    name = source.get("name", "")
    if not name:
        errors.required(f"{path}.name")
    else:
        errors.each_invalid(f"{path}.name", name, names.generated(names.dns_subdomain, name))
