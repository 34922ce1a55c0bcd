"""HorizontalPodAutoscalers: stored as ``autoscaling/v2``, and shown as ``autoscaling/v1`` too.

What ``v1`` has no field for (other metrics than the processor's utilization, behavior, conditions) it carries in annotations.
"""

import json
from typing import Any, Final

Obj = dict[str, Any]

_CPU: Final = "cpu"
_PREFIX: Final = "autoscaling.alpha.kubernetes.io/"
_CARRIED: Final = (("spec", "metrics"), ("spec", "behavior"), ("status", "conditions"), ("status", "currentMetrics"))
_ANNOTATIONS: Final = {
    "metrics": "metrics",
    "behavior": "behavior",
    "conditions": "conditions",
    "currentMetrics": "current-metrics",
}


def to_v1(obj: Obj) -> Obj:
    """A stored autoscaler as ``autoscaling/v1``."""
    meta, spec, status = ({**(obj.get(key) or {})} for key in ("metadata", "spec", "status"))
    spec["metrics"], spec_cpu = _without_cpu(spec.get("metrics") or [], "target")
    status["currentMetrics"], status_cpu = _without_cpu(status.get("currentMetrics") or [], "current")
    sections = {"spec": spec, "status": status}
    annotations = {**(meta.get("annotations") or {})}
    for section, name in _CARRIED:
        value = sections[section].pop(name, None)
        if value:
            annotations[_PREFIX + _ANNOTATIONS[name]] = json.dumps(value, separators=(",", ":"), default=str)
    if annotations:
        meta["annotations"] = annotations
    if spec_cpu is not None:
        spec["targetCPUUtilizationPercentage"] = spec_cpu
    if status_cpu is not None:
        status["currentCPUUtilizationPercentage"] = status_cpu
    status.setdefault("currentReplicas", 0)
    return {"kind": obj["kind"], "apiVersion": "autoscaling/v1", "metadata": meta, "spec": spec, "status": status}


def to_v2(obj: Obj) -> Obj:
    """An autoscaler of ``autoscaling/v1`` as it is stored."""
    meta, spec = {**(obj.get("metadata") or {})}, {**(obj.get("spec") or {})}
    annotations = {**(meta.get("annotations") or {})}
    for section, name in _CARRIED:
        text = annotations.pop(_PREFIX + _ANNOTATIONS[name], None)
        if text and section == "spec":
            spec[name] = json.loads(text)
    if "annotations" in meta:
        meta["annotations"] = annotations
        if not annotations:
            del meta["annotations"]
    percent = spec.pop("targetCPUUtilizationPercentage", None)
    if percent is not None:
        target = {"type": "Utilization", "averageUtilization": percent}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": _CPU, "target": target}}, *spec.get("metrics", [])]
    status = {**(obj.get("status") or {})}
    status.pop("currentCPUUtilizationPercentage", None)
    kept = {"status": status} if status else {}
    return {"kind": obj["kind"], "apiVersion": "autoscaling/v2", "metadata": meta, "spec": spec, **kept}


def _without_cpu(metrics: list[Obj], key: str) -> tuple[list[Obj], int | None]:
    """The metrics but for the processor's utilization, and that."""
    rest, percent = [], None
    for metric in metrics:
        resource = metric.get("resource") or {}
        utilization = (resource.get(key) or {}).get("averageUtilization")
        if metric.get("type") == "Resource" and resource.get("name") == _CPU and utilization is not None:
            percent = utilization
        else:
            rest.append(metric)
    return rest, percent
