"""Horizontal autoscalers."""

from collections.abc import Callable
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.quantity import Quantity
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update

_TARGETS: Final = ("Utilization", "Value", "AverageValue")
_POLICIES: Final = ("Percent", "Pods")
_CHOICES: Final = ("Disabled", "Max", "Min")
_LONGEST_WINDOW: Final = 3600
_LONGEST_PERIOD: Final = 1800


def validate_autoscaler(autoscaler: Obj, errors: Errors) -> None:
    """A new autoscaler."""
    validate_object_meta(autoscaler["metadata"], True, names.dns_subdomain, errors)
    _validate_autoscaler_spec(autoscaler["spec"], errors)


def validate_autoscaler_update(new: Obj, old: Obj, errors: Errors) -> None:
    """An autoscaler may change as it likes."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_autoscaler_spec(new["spec"], errors)


def _validate_autoscaler_spec(spec: Obj, errors: Errors) -> None:
    low, high = spec.get("minReplicas"), spec.get("maxReplicas") or 0
    if low is not None and low < 1:
        errors.invalid("spec.minReplicas", low, "must be greater than or equal to 1")
    if high < 1:
        errors.invalid("spec.maxReplicas", high, "must be greater than 0")
    if low is not None and high < low:
        errors.invalid("spec.maxReplicas", high, "must be greater than or equal to `minReplicas`")
    _validate_reference(spec.get("scaleTargetRef") or {}, "spec.scaleTargetRef", errors)
    for i, metric in enumerate(spec.get("metrics") or []):
        _validate_metric(metric, f"spec.metrics[{i}]", errors)
    for way in ("scaleUp", "scaleDown"):
        rules = (spec.get("behavior") or {}).get(way)
        if rules is not None:
            _validate_rules(rules, f"spec.behavior.{way}", errors)


def _validate_reference(reference: Obj, path: str, errors: Errors) -> None:
    for field in ("kind", "name"):
        value = reference.get(field, "")
        if value:
            errors.each_invalid(f"{path}.{field}", value, names.path_segment(value))
        else:
            errors.required(f"{path}.{field}")


def _validate_metric(metric: Obj, path: str, errors: Errors) -> None:
    """One source of a metric: that of the type, and no other. Only the first that is there is looked into."""
    kind = metric.get("type", "")
    if not kind:
        errors.required(f"{path}.type", "must specify a metric source type")
    if kind not in _METRICS:
        errors.not_supported(f"{path}.type", kind, sorted(_METRICS))
    present = [field for field, _ in _METRICS.values() if metric.get(field) is not None]
    if present:
        check = next(check for field, check in _METRICS.values() if field == present[0])
        check(metric[present[0]], f"{path}.{present[0]}", errors)
    own = _METRICS[kind][0] if kind in _METRICS else ""
    if not own:
        errors.not_supported(f"{path}.type", kind, sorted(_METRICS))
    elif own not in present:
        errors.required(f"{path}.{own}", "must populate information for the given metric source")
    if len(present) != 1:
        for field in present:
            if field != own:
                errors.forbidden(f"{path}.{field}", "must populate the given metric source only")


def _validate_object(source: Obj, path: str, errors: Errors) -> None:
    _validate_reference(source.get("describedObject") or {}, f"{path}.describedObject", errors)
    target = _validate_source(source, path, errors)
    if target.get("value") is None and target.get("averageValue") is None:
        errors.required(f"{path}.target.averageValue", "must set either a target value or averageValue")


def _validate_external(source: Obj, path: str, errors: Errors) -> None:
    target = _validate_source(source, path, errors)
    if target.get("value") is None and target.get("averageValue") is None:
        errors.required(f"{path}.target.averageValue", "must set either a target value for metric or a per-pod target")
    if target.get("value") is not None and target.get("averageValue") is not None:
        errors.forbidden(f"{path}.target.value", "may not set both a target value for metric and a per-pod target")


def _validate_pods(source: Obj, path: str, errors: Errors) -> None:
    if _validate_source(source, path, errors).get("averageValue") is None:
        errors.required(f"{path}.target.averageValue", "must specify a positive target averageValue")


def _validate_container_resource(source: Obj, path: str, errors: Errors) -> None:
    if not source.get("name"):
        errors.required(f"{path}.name", "must specify a resource name")
    if not source.get("container"):
        errors.required(f"{path}.container", "must specify a container")
    _validate_usage(source, path, errors)


def _validate_resource(source: Obj, path: str, errors: Errors) -> None:
    if not source.get("name"):
        errors.required(f"{path}.name", "must specify a resource name")
    _validate_usage(source, path, errors)


def _validate_usage(source: Obj, path: str, errors: Errors) -> None:
    target = source.get("target") or {}
    _validate_target(target, f"{path}.target", errors)
    share, amount = target.get("averageUtilization"), target.get("averageValue")
    if share is None and amount is None:
        why = "must set either a target raw value or a target utilization"
        errors.required(f"{path}.target.averageUtilization", why)
    if share is not None and amount is not None:
        why = "may not set both a target raw value and a target utilization"
        errors.forbidden(f"{path}.target.averageValue", why)


def _validate_source(source: Obj, path: str, errors: Errors) -> Obj:
    """A metric by its name, and its target (which it gives)."""
    name = (source.get("metric") or {}).get("name", "")
    if name:
        errors.each_invalid(f"{path}.metric.name", name, names.path_segment(name))
    else:
        errors.required(f"{path}.metric.name", "must specify a metric name")
    target: Obj = source.get("target") or {}
    _validate_target(target, f"{path}.target", errors)
    return target


_METRICS: Final[dict[str, tuple[str, Callable[[Obj, str, Errors], None]]]] = {
    "Object": ("object", _validate_object),
    "External": ("external", _validate_external),
    "Pods": ("pods", _validate_pods),
    "Resource": ("resource", _validate_resource),
    "ContainerResource": ("containerResource", _validate_container_resource),
}


def _validate_target(target: Obj, path: str, errors: Errors) -> None:
    kind = target.get("type", "")
    if not kind:
        errors.required(f"{path}.type", "must specify a metric target type")
    if kind not in _TARGETS:
        errors.invalid(f"{path}.type", kind, "must be either Utilization, Value, or AverageValue")
    for field in ("value", "averageValue"):
        if target.get(field) is not None and Quantity.parse(str(target[field])).nanos <= 0:
            errors.invalid(f"{path}.{field}", target[field], "must be positive")
    share = target.get("averageUtilization")
    if share is not None and share < 1:
        errors.invalid(f"{path}.averageUtilization", share, "must be greater than 0")


def _validate_rules(rules: Obj, path: str, errors: Errors) -> None:
    window = rules.get("stabilizationWindowSeconds")
    if window is not None and window < 0:
        errors.invalid(f"{path}.stabilizationWindowSeconds", window, "must be greater than or equal to zero")
    if window is not None and window > _LONGEST_WINDOW:
        errors.invalid(f"{path}.stabilizationWindowSeconds", window, f"must be less than or equal to {_LONGEST_WINDOW}")
    choice = rules.get("selectPolicy")
    if choice is not None and choice not in _CHOICES:
        errors.not_supported(f"{path}.selectPolicy", choice, _CHOICES)
    if not rules.get("policies"):
        errors.required(f"{path}.policies", "must specify at least one Policy")
    for i, policy in enumerate(rules.get("policies") or []):
        _validate_policy(policy, f"{path}.policies[{i}]", errors)
    if rules.get("tolerance") is not None and Quantity.parse(str(rules["tolerance"])).nanos < 0:
        errors.invalid(f"{path}.tolerance", rules["tolerance"], "must be greater than or equal to 0")


def _validate_policy(policy: Obj, path: str, errors: Errors) -> None:
    if policy.get("type", "") not in _POLICIES:
        errors.not_supported(f"{path}.type", policy.get("type", ""), _POLICIES)
    for field in ("value", "periodSeconds"):
        if (policy.get(field) or 0) <= 0:
            errors.invalid(f"{path}.{field}", policy.get(field) or 0, "must be greater than zero")
    if (policy.get("periodSeconds") or 0) > _LONGEST_PERIOD:
        errors.invalid(f"{path}.periodSeconds", policy["periodSeconds"], f"must be less than or equal to {_LONGEST_PERIOD}")
