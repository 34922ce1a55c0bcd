"""Pods: graceful deletion."""

from typing import Any

from podlab.mock.api.options import DeleteOptions
from podlab.mock.api.registry.strategy import Strategy

Obj = dict[str, Any]


class PodStrategy(Strategy):
    """A pod that runs on a node is marked, and removed by the kubelet once it has ended."""

    returns_deleted = True

    def grace_seconds(self, obj: Obj, options: DeleteOptions) -> int | None:
        """The request's grace, or the pod's; none for a pod that is on no node or has ended."""
        spec, status = obj.get("spec") or {}, obj.get("status") or {}
        seconds = options.grace_period_seconds
        if seconds is None:
            seconds = spec.get("terminationGracePeriodSeconds") or 0
        if not spec.get("nodeName") or status.get("phase") in ("Succeeded", "Failed"):
            return 0
        return 1 if seconds < 0 else seconds
