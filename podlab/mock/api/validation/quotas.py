"""Resource quotas and limit ranges."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.quantity import Quantity
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.internal import internal
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update
from podlab.mock.api.validation.resources import (
    QUOTA,
    validate_amount,
    validate_container_resource_name,
    validate_quota_resource_name,
    validate_resource_name,
)

_SCOPES: Final = (
    "BestEffort",
    "CrossNamespacePodAffinity",
    "NotBestEffort",
    "NotTerminating",
    "PriorityClass",
    "Terminating",
    "VolumeAttributesClass",
)
_CONFLICTS: Final = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))
_OF_PODS: Final = frozenset({"pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"})
_COUNTS_OF_SCOPES: Final = {
    **dict.fromkeys(("Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity"), _OF_PODS),
    "BestEffort": frozenset({"pods"}),
    "VolumeAttributesClass": frozenset({"persistentvolumeclaims", "requests.storage"}),
}
"""What a quota of a scope may limit."""
_LIMIT_TYPES: Final = ("Pod", "Container", "PersistentVolumeClaim")


def validate_resource_quota(quota: Obj, errors: Errors) -> None:
    """A new quota."""
    validate_object_meta(quota["metadata"], True, names.dns_subdomain, errors)
    _validate_quota_spec(quota["spec"], errors)


def _validate_amounts(amounts: dict[str, str] | None, path: str, errors: Errors) -> None:
    for name, text in (amounts or {}).items():
        validate_quota_resource_name(name, f"{path}[{name}]", errors)
        validate_amount(name, text, f"{path}[{name}]", errors)


def _validate_quota_spec(spec: Obj, errors: Errors) -> None:
    _validate_amounts(spec.get("hard"), "spec.hard", errors)
    scopes = spec.get("scopes") or []
    for scope in scopes:
        if scope not in _SCOPES:
            errors.invalid("spec.scopes", scopes, "unsupported scope")
        for _ in _misplaced(scope, spec):
            errors.invalid("spec.scopes", scopes, "unsupported scope applied to resource")
    _validate_conflicts(scopes, scopes, "spec.scopes", errors)
    selector = spec.get("scopeSelector") or {}
    path = "spec.scopeSelector.matchExpressions"
    for rule in selector.get("matchExpressions") or []:
        if rule.get("scopeName", "") not in _SCOPES:
            errors.invalid(f"{path}.scopeName", rule.get("scopeName", ""), "unsupported scope")
        for _ in _misplaced(rule.get("scopeName", ""), spec):
            errors.invalid(path, internal("V1ScopeSelector", selector), "unsupported scope applied to resource")
        _validate_scope_rule(rule, path, errors)
    named = [rule.get("scopeName", "") for rule in selector.get("matchExpressions") or []]
    _validate_conflicts(named, scopes or None, path, errors)


def _misplaced(scope: str, spec: Obj) -> list[str]:
    """The limited resources that mean nothing within ``scope``."""
    allowed = _COUNTS_OF_SCOPES.get(scope)
    return [name for name in sorted(spec.get("hard") or {}) if allowed and name in QUOTA and name not in allowed]


def _validate_conflicts(named: list[str], shown: list[str] | None, path: str, errors: Errors) -> None:
    for pair in _CONFLICTS:
        if all(scope in named for scope in pair):
            errors.invalid(path, shown, "conflicting scopes")


def _validate_scope_rule(rule: Obj, path: str, errors: Errors) -> None:
    scope, operator, values = rule.get("scopeName", ""), rule.get("operator", ""), rule.get("values") or []
    if scope in _SCOPES and scope not in ("PriorityClass", "VolumeAttributesClass") and operator != "Exists":
        why = (
            "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
            "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
        )
        errors.invalid(f"{path}.operator", operator, why)
    if operator in ("In", "NotIn"):
        if not values:
            errors.required(f"{path}.values", "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            errors.invalid(
                f"{path}.values", values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
            )
    else:
        errors.invalid(f"{path}.operator", operator, "not a valid selector operator")


def validate_resource_quota_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The scopes of a quota stay."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_quota_spec(new["spec"], errors)
    scopes = new["spec"].get("scopes") or []
    if sorted(scopes) != sorted(old["spec"].get("scopes") or []):
        errors.invalid("spec.scopes", scopes, "field is immutable")


def validate_resource_quota_status(new: Obj, old: Obj, errors: Errors) -> None:
    """What a quota reports as used."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    for field in ("hard", "used"):
        _validate_amounts((new.get("status") or {}).get(field), f"status.{field}", errors)


def validate_limit_range(limit_range: Obj, errors: Errors) -> None:
    """A limit range, new or changed."""
    validate_object_meta(limit_range["metadata"], True, names.dns_subdomain, errors)
    seen: set[str] = set()
    for i, item in enumerate(limit_range["spec"].get("limits") or []):
        path, kind = f"spec.limits[{i}]", item.get("type", "")
        wrong = names.qualified_name(kind)
        errors.each_invalid(f"{path}.type", kind, wrong)
        if not wrong and "/" not in kind and kind not in _LIMIT_TYPES:
            errors.invalid(f"{path}.type", kind, "must be a standard limit type or fully qualified")
        if kind in seen:
            errors.duplicate(f"{path}.type", kind)
        seen.add(kind)
        _validate_limit_names(item, kind, path, errors)
        storage = any("storage" in (item.get(field) or {}) for field in ("min", "max"))
        if kind == "PersistentVolumeClaim" and not storage:
            why = "either minimum or maximum storage value is required, but neither was provided"
            errors.required(f"{path}.limits", why)
        _validate_limit_order(item, path, errors)


def _validate_limit_names(item: Obj, kind: str, path: str, errors: Errors) -> None:
    for field in ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio"):
        if kind == "Pod" and field.startswith("default"):
            if item.get(field):
                errors.forbidden(f"{path}.{field}", "may not be specified when `type` is 'Pod'")
            continue
        for name in item.get(field) or {}:
            if kind in ("Pod", "Container"):
                validate_container_resource_name(name, f"{path}.{field}[{name}]", errors)
            else:
                validate_resource_name(name, f"{path}.{field}[{name}]", errors)


_ORDERINGS: Final = (
    ("min", "max", "min", "min", "min value {0} is greater than max value {1}"),
    ("min", "defaultRequest", "defaultRequest", "defaultRequest", "min value {0} is greater than default request value {1}"),
    ("defaultRequest", "max", "defaultRequest", "defaultRequest", "default request value {0} is greater than max value {1}"),
    (
        "defaultRequest",
        "default",
        "defaultRequest",
        "defaultRequest",
        "default request value {0} is greater than default limit value {1}",
    ),
    ("min", "default", "default", "min", "min value {0} is greater than default value {1}"),
    ("default", "max", "default", "max", "default value {0} is greater than max value {1}"),
)
"""The lesser, the greater, the field that is blamed, the field whose value is shown, and the words."""


def _validate_limit_order(item: Obj, path: str, errors: Errors) -> None:
    fields = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
    for name in sorted({name for field in fields for name in item.get(field) or {}}):
        values = {field: Quantity.parse(item[field][name]) for field in fields if name in (item.get(field) or {})}
        for lesser, greater, blamed, shown, words in _ORDERINGS:
            if lesser in values and greater in values and values[lesser] > values[greater]:
                errors.invalid(f"{path}.{blamed}[{name}]", values[shown], words.format(values[lesser], values[greater]))
        ratio = values.get("maxLimitRequestRatio")
        if ratio is None:
            continue
        where = f"{path}.maxLimitRequestRatio[{name}]"
        if ratio < Quantity.of(1):
            errors.invalid(where, ratio, f"ratio {ratio} is less than 1")
        if "min" in values and "max" in values and values["min"].nanos:
            bound = values["max"].nanos / values["min"].nanos
            if ratio.nanos / 10**9 > bound:
                errors.invalid(where, ratio, f"ratio {ratio} is greater than max/min = {bound:f}")


def validate_limit_range_update(new: Obj, old: Obj, errors: Errors) -> None:
    """A limit range may change as it likes."""
    validate_limit_range(new, errors)
