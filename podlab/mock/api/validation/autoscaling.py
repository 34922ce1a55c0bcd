"""Horizontal autoscalers."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update

_METRIC_SOURCES: Final = {
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
    "ContainerResource": "containerResource",
    "External": "external",
}


def validate_autoscaler(autoscaler: Obj, errors: Errors) -> None:
    """A new autoscaler."""
    validate_object_meta(autoscaler["metadata"], True, names.dns_subdomain, errors)
    _validate_autoscaler_spec(autoscaler["spec"], errors)


def _validate_autoscaler_spec(spec: Obj, errors: Errors) -> None:
    low, high = spec.get("minReplicas"), spec.get("maxReplicas") or 0
    if low is not None and low < 1:
        errors.invalid("spec.minReplicas", low, "must be greater than or equal to 1")
    if high < 1:
        errors.invalid("spec.maxReplicas", high, "must be greater than 0")
    if low is not None and high < low:
        errors.invalid("spec.maxReplicas", high, "must be greater than or equal to `minReplicas`")
    target = spec.get("scaleTargetRef") or {}
    for field in ("kind", "name"):
        if not target.get(field):
            errors.required(f"spec.scaleTargetRef.{field}")
    for i, metric in enumerate(spec.get("metrics") or []):
        path, kind = f"spec.metrics[{i}]", metric.get("type", "")
        if not kind:
            errors.required(f"{path}.type", "must specify a metric source type")
        elif kind not in _METRIC_SOURCES:
            errors.not_supported(f"{path}.type", kind, sorted(_METRIC_SOURCES))
        elif metric.get(_METRIC_SOURCES[kind]) is None:
            errors.required(f"{path}.{_METRIC_SOURCES[kind]}", "must populate information for the given metric source")


def validate_autoscaler_update(new: Obj, old: Obj, errors: Errors) -> None:
    """An autoscaler may change as it likes."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_autoscaler_spec(new["spec"], errors)
