"""HorizontalPodAutoscalers on a cluster without a source of metrics: bounds are kept, utilization cannot be known.

As a real cluster on which no metrics server is installed says it, in its conditions and events.
"""

from typing import Any, Final

from podlab.mock.api.errors import APIError
from podlab.mock.controllers.base import Controller, Key, condition
from podlab.mock.kernel import SECOND

Obj = dict[str, Any]

PERIOD_NS: Final = 15 * SECOND
_SOURCES: Final = {
    "Resource": ("FailedGetResourceMetric", "pods.metrics.k8s.io", "resource metrics API"),
    "ContainerResource": ("FailedGetContainerResourceMetric", "pods.metrics.k8s.io", "resource metrics API"),
    "Pods": ("FailedGetPodsMetric", "", "custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered"),
    "Object": ("FailedGetObjectMetric", "", "custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered"),
    "External": ("FailedGetExternalMetric", "", "external metrics API: no external metrics API registered"),
}


class HorizontalController(Controller):
    """Reconciles HorizontalPodAutoscalers, each every 15 s."""

    name = "horizontal-pod-autoscaler"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.scalers = self.watch("horizontalpodautoscalers.autoscaling")
        self._last: dict[Key, int] = {}

    def reconcile(self, key: Key) -> None:
        """Looks at the target's scale, and keeps it within the bounds."""
        scaler = self.scalers.get(*key)
        if scaler is None:
            self._last.pop(key, None)
            return
        due = self._last.get(key, -PERIOD_NS) + PERIOD_NS
        if self.kernel.now_ns < due:
            return  # its own status, written a moment ago
        self._last[key] = self.kernel.now_ns
        self.queue.add_after(key, PERIOD_NS)
        status = dict(scaler.get("status") or {})
        try:
            self._scale(scaler, status)
        finally:
            if status != scaler.get("status"):
                self.client.update_status("horizontalpodautoscalers.autoscaling", {**scaler, "status": status})

    def _scale(self, scaler: Obj, status: Obj) -> None:
        namespace, spec = scaler["metadata"]["namespace"], scaler["spec"]
        try:
            resource = self._resource(spec["scaleTargetRef"])
            scale = self.client.get(resource, namespace, spec["scaleTargetRef"]["name"], "scale")
        except (APIError, LookupError) as error:
            why = str(error.status["message"] if isinstance(error, APIError) else error.args[0])
            self.recorder.event(scaler, "Warning", "FailedGetScale", why)
            text = f"the HPA controller was unable to get the target's current scale: {why}"
            self._condition(status, "AbleToScale", "False", "FailedGetScale", text)
            return
        text = "the HPA controller was able to get the target's current scale"
        self._condition(status, "AbleToScale", "True", "SucceededGetScale", text)
        current = scale["spec"].get("replicas", 0)
        status["currentReplicas"] = scale["status"].get("replicas", 0)
        wanted, reason = self._wanted(scaler, status, current)
        if wanted != current:
            self._rescale(scaler, status, (resource, namespace, scale), wanted, reason)
        if wanted or "desiredReplicas" in status:
            status["desiredReplicas"] = wanted

    def _wanted(self, scaler: Obj, status: Obj, current: int) -> tuple[int, str]:
        """How many replicas there should be, and why."""
        low, high = scaler["spec"].get("minReplicas", 1), scaler["spec"].get("maxReplicas", 0)
        if not current and low:
            text = "scaling is disabled since the replica count of the target is zero"
            self._condition(status, "ScalingActive", "False", "ScalingDisabled", text)
            return 0, ""
        if current > high:
            return high, "Current number of replicas above Spec.MaxReplicas"
        if current < low:
            return low, "Current number of replicas below Spec.MinReplicas"
        self._metrics(scaler, status)
        return current, ""

    def _metrics(self, scaler: Obj, status: Obj) -> None:
        metrics = scaler["spec"].get("metrics") or []
        reason, error, first = "", "", ""
        for metric in metrics:
            why, failed, told = _failure(metric)
            self.recorder.event(scaler, "Warning", why, failed)
            if not reason:
                reason, error, first = why, failed, told
        count = len(metrics)
        message = f"invalid metrics ({count} invalid out of {count}), first error is: {first}: {error}"
        self.recorder.event(scaler, "Warning", "FailedComputeMetricsReplicas", message)
        text = f"the HPA was unable to compute the replica count: {error}"
        self._condition(status, "ScalingActive", "False", reason, text)

    def _rescale(self, scaler: Obj, status: Obj, target: tuple[str, str, Obj], wanted: int, reason: str) -> None:
        resource, namespace, scale = target
        patch = {"spec": {"replicas": wanted}}
        self.client.patch(resource, namespace, scale["metadata"]["name"], patch, subresource="scale")
        text = f"the HPA controller was able to update the target scale to {wanted}"
        self._condition(status, "AbleToScale", "True", "SucceededRescale", text)
        self.recorder.event(scaler, "Normal", "SuccessfulRescale", f"New size: {wanted}; reason: {reason}")
        status["lastScaleTime"] = self.kernel.now()

    def _resource(self, reference: Obj) -> str:
        """The resource that a target is of. Raises LookupError when none is served."""
        group, kind = reference.get("apiVersion", "").rpartition("/")[0], reference["kind"]
        for resource in self.client.resources():
            if (resource.group, resource.kind) == (group, kind):
                return resource.key
        raise LookupError(f'no matches for kind "{kind}" in group "{group}"')

    def _condition(self, status: Obj, kind: str, value: str, reason: str, message: str) -> None:
        found = condition(status, kind)
        since = found["lastTransitionTime"] if found and found["status"] == value else self.kernel.now()
        made = {"type": kind, "status": value, "lastTransitionTime": since, "reason": reason, "message": message}
        others = [one for one in status.get("conditions") or () if one["type"] != kind]
        position = [one["type"] for one in status.get("conditions") or ()]
        others.insert(position.index(kind) if kind in position else len(others), made)
        status["conditions"] = others


def _failure(metric: Obj) -> tuple[str, str, str]:
    """What cannot be had of a metric: the condition's reason, the error, and how a sum of errors begins."""
    kind = metric["type"]
    reason, missing, api = _SOURCES[kind]
    source = metric[kind[:1].lower() + kind[1:]]
    if not missing:
        name = source["metric"]["name"]
        return (
            reason,
            f"unable to get metric {name}: unable to fetch metrics from {api}",
            f"failed to get {kind.lower()} metric value",
        )
    name = source["name"]
    utilization = "averageUtilization" in source.get("target", {})
    what = f"{name} utilization" if utilization else f"{name} usage"
    error = (
        f"failed to get {what}: unable to get metrics for resource {name}: unable to fetch metrics from {api}: "
        f"the server could not find the requested resource (get {missing})"
    )
    return reason, error, f"failed to get {name} {'container ' if kind == 'ContainerResource' else ''}resource metric value"
