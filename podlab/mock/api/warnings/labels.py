"""Labels of nodes that have a newer name, where nodes are selected."""

from collections.abc import Iterator
from typing import Any, Final

from podlab.mock.api.validation.names import label_value

Obj = dict[str, Any]

OLD_LABELS: Final = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}


def term_warnings(term: Obj, path: str, values: bool = False) -> Iterator[str]:
    """Of a node selector's term: old labels, and (where no validation looks at them) values that no label can have."""
    for index, expression in enumerate(term.get("matchExpressions") or ()):
        key, at = expression.get("key", ""), f"{path}.matchExpressions[{index}]"
        if key in OLD_LABELS:
            yield f"{at}.key: {key} is {OLD_LABELS[key]}"
        for place, value in enumerate((expression.get("values") or ()) if values else ()):
            for wrong in label_value(value):
                yield f"{at}.values[{place}]: {value} is invalid, {wrong}"


def runtime_class_warnings(runtime_class: Obj) -> list[str]:
    """Where the pods of a runtime class may run."""
    selector = (runtime_class.get("scheduling") or {}).get("nodeSelector") or {}
    return [f"scheduling.nodeSelector: {OLD_LABELS[key]}" for key in selector if key in OLD_LABELS]
