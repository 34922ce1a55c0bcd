"""HorizontalPodAutoscalers."""

from typing import Any, Final

from podlab.mock.api.tables.printer import AGE, NAME, NONE, Clock, Printer, age, column, section

Obj = dict[str, Any]

_METRIC_LIMIT: Final = 2


def _autoscaler(obj: Obj, clock: Clock) -> list[Any]:
    spec, status = section(obj, "spec"), section(obj, "status")
    target = section(spec, "scaleTargetRef")
    return [
        obj["metadata"]["name"],
        f"{target.get('kind', '')}/{target.get('name', '')}",
        _metrics(spec.get("metrics") or []),
        str(spec.get("minReplicas", "<unset>")),
        spec.get("maxReplicas", 0),
        status.get("currentReplicas", 0),
        age(obj, clock),
    ]


def _metrics(specs: list[Obj]) -> str:
    """What is aimed at, as far as there is room: the mock has no source of metrics, so none is known."""
    texts = [_metric(spec) for spec in specs]
    shown = ", ".join(texts[:_METRIC_LIMIT])
    more = f" + {len(texts) - _METRIC_LIMIT} more..." if len(texts) > _METRIC_LIMIT else ""
    return shown + more if texts else NONE


def _metric(spec: Obj) -> str:
    kind = spec.get("type", "")
    source = section(spec, kind[:1].lower() + kind[1:])
    target = section(source, "target")
    if kind in ("Resource", "ContainerResource"):
        percent = target.get("averageUtilization")
        wanted = f"{percent}%" if percent is not None else str(target.get("averageValue", "<auto>"))
        return f"{source.get('name', '')}: <unknown>/{wanted}"
    average = f"{target['averageValue']} (avg)" if "averageValue" in target and kind != "Pods" else target.get("averageValue")
    return f"<unknown>/{average or target.get('value', '<auto>')}"


PRINTERS = {
    "horizontalpodautoscalers.autoscaling": Printer(
        (NAME, column("Reference"), column("Targets"), column("MinPods"), column("MaxPods"), column("Replicas"), AGE), _autoscaler
    ),
}
