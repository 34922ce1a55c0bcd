"""How soon the kernel's killer of processes comes for a container: ``oom_score_adj``, by the pod's quality of service."""

from typing import Any, Final

from podlab.mock.api.defaulting.resources import qos_class
from podlab.mock.api.quantity import Quantity

Obj = dict[str, Any]

GUARANTEED: Final = -997
BEST_EFFORT: Final = 1000


def oom_score_adj(pod: Obj, container: Obj, memory_bytes: int) -> int:
    """What the kubelet sets for a container on a node with that much memory."""
    spec = pod["spec"]
    match qos_class(spec):
        case "Guaranteed":
            return GUARANTEED
        case "BestEffort":
            return BEST_EFFORT
    requested = _requested(container)
    adjustment = BEST_EFFORT - BEST_EFFORT * requested // memory_bytes
    if container.get("restartPolicy") == "Always":
        least = min(_requested(each) for each in spec["containers"])
        adjustment = min(adjustment, BEST_EFFORT - BEST_EFFORT * least // memory_bytes)
    return max(min(adjustment, BEST_EFFORT - 1), BEST_EFFORT + GUARANTEED)


def _requested(container: Obj) -> int:
    text = ((container.get("resources") or {}).get("requests") or {}).get("memory", "0")
    return Quantity.parse(text).value
