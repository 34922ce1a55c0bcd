"""Resource names and amounts: requests and limits, quotas, capacities."""

from collections.abc import Sequence
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.quantity import Quantity
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors

_HUGE: Final = "hugepages-"
_CONTAINER: Final = frozenset({"cpu", "memory", "ephemeral-storage"})
_INTEGERS: Final = frozenset(
    {
        "pods",
        "services",
        "replicationcontrollers",
        "resourcequotas",
        "secrets",
        "configmaps",
        "persistentvolumeclaims",
        "services.nodeports",
        "services.loadbalancers",
    }
)
QUOTA: Final = (
    _INTEGERS
    | _CONTAINER
    | {"requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage"}
    | {"limits.cpu", "limits.memory", "limits.ephemeral-storage"}
)
_STANDARD: Final = QUOTA | {"storage"}
_POD_LEVEL: Final = ("cpu", "hugepages-", "memory")


def validate_resources(resources: Obj, path: str, errors: Errors, claims: Sequence[str] = (), pod_level: bool = False) -> None:
    """Requests and limits of a container (or of a pod as a whole)."""
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for name, text in limits.items():
        _validate_one(name, text, f"{path}.limits[{name}]", errors, pod_level)
    for name, text in requests.items():
        _validate_one(name, text, f"{path}.requests[{name}]", errors, pod_level)
        _validate_request(name, text, limits.get(name), path, errors)
    mentioned = {*limits, *requests}
    if not mentioned & {"cpu", "memory"} and any(name.startswith(_HUGE) for name in mentioned):
        errors.forbidden(path, "HugePages require cpu or memory")
    _validate_claims(resources.get("claims") or [], claims, f"{path}.claims", errors)


def _validate_one(name: str, text: str, path: str, errors: Errors, pod_level: bool) -> None:
    if pod_level:
        _validate_pod_level_name(name, path, errors)
    else:
        validate_container_resource_name(name, path, errors)
    validate_amount(name, text, path, errors)
    if name.startswith(_HUGE):
        size, amount = _huge_size(name), Quantity.parse(text)
        if size is None or size.nanos <= 0 or size.millis % 1000 or amount.value % size.value:
            errors.invalid(path, text, f"{text} is not positive integer multiple of {name}")


def _huge_size(name: str) -> Quantity | None:
    try:
        return Quantity.parse(name.removeprefix(_HUGE))
    except ValueError:
        return None


def _validate_request(name: str, text: str, limit: str | None, path: str, errors: Errors) -> None:
    overcommit = _is_native(name) and not name.startswith(_HUGE)
    if limit is None:
        if not overcommit:
            errors.required(f"{path}.limits", "Limit must be set for non overcommitable resources")
        return
    asked, allowed = Quantity.parse(text), Quantity.parse(limit)
    if asked != allowed and not overcommit:
        errors.invalid(f"{path}.requests", text, f"must be equal to {name} limit of {limit}")
    elif asked > allowed:
        errors.invalid(f"{path}.requests", text, f"must be less than or equal to {name} limit of {limit}")


def _is_native(name: str) -> bool:
    return "/" not in name or name.partition("/")[0].endswith("kubernetes.io")


def validate_resource_name(name: str, path: str, errors: Errors) -> bool:
    """A resource's name in general; tells whether it is sound."""
    wrong = names.qualified_name(name)
    errors.each_invalid(path, name, wrong)
    if wrong:
        return False
    if "/" not in name and name not in _STANDARD and not name.startswith((_HUGE, "requests.hugepages-")):
        errors.invalid(path, name, "must be a standard resource type or fully qualified")
        return False
    return True


def validate_container_resource_name(name: str, path: str, errors: Errors) -> None:
    """A resource that containers may ask for."""
    validate_resource_name(name, path, errors)
    if "/" not in name:
        if name not in _CONTAINER and not name.startswith(_HUGE):
            errors.invalid(path, name, "must be a standard resource for containers")
    elif not _is_native(name) and not _is_extended(name):
        errors.invalid(path, name, "doesn't follow extended resource name standard")


def _is_extended(name: str) -> bool:
    return not name.startswith("requests.") and not names.qualified_name(f"requests.{name}")


def _validate_pod_level_name(name: str, path: str, errors: Errors) -> None:
    if validate_resource_name(name, path, errors) and name not in ("cpu", "memory") and not name.startswith(_HUGE):
        errors.not_supported(path, name, _POD_LEVEL)


def validate_quota_resource_name(name: str, path: str, errors: Errors) -> None:
    """A resource that a quota may limit."""
    validate_resource_name(name, path, errors)
    if "/" not in name and name not in QUOTA and not name.startswith((_HUGE, "requests.hugepages-")):
        errors.invalid(path, name, "must be a standard resource for quota")


def validate_amount(name: str, text: str, path: str, errors: Errors) -> None:
    """Not negative; whole for what comes in pieces (pods, devices)."""
    amount = Quantity.parse(str(text))
    if amount.nanos < 0:
        errors.invalid(path, text, "must be greater than or equal to 0")
    if (name in _INTEGERS or (not _is_native(name) and _is_extended(name))) and amount.millis % 1000:
        errors.invalid(path, text, "must be an integer")


def _validate_claims(claims: list[Obj], known: Sequence[str], path: str, errors: Errors) -> None:
    seen: set[str] = set()
    for i, claim in enumerate(claims):
        name, request = claim.get("name", ""), claim.get("request", "")
        if not name:
            errors.required(f"{path}[{i}]")
            continue
        key = f"{name}/{request}" if request else name
        if name in seen or key in seen:
            errors.duplicate(f"{path}[{i}]", name if name in seen else key)
        elif request:
            errors.each_invalid(f"{path}[{i}].request", request, names.dns_label(request))
        elif any(each.partition("/")[0] == name for each in sorted(seen)):
            errors.duplicate(f"{path}[{i}]", name)
        seen.add(key)
        if name not in known:
            more = ": " + ", ".join(known) if known else " which is empty"
            errors.not_found(f"{path}[{i}]", name, f"must be one of the names in pod.spec.resourceClaims{more}")
