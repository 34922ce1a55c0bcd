"""The RuntimeClass plugin: what a class of runtimes gives to the pods that name it."""

from podlab.mock.api.defaulting.context import AdmissionContext
from podlab.mock.api.defaulting.podspecs import items
from podlab.mock.api.defaulting.resources import parse
from podlab.mock.api.errors import Forbidden, Obj, quote

_REJECTED = "pod rejected:"


def runtime_class(pod: Obj, namespace: str, context: AdmissionContext) -> None:
    """A runtime class must exist; its overhead becomes the pod's, and where its pods may run is where this one may."""
    spec = pod["spec"]
    name = spec.get("runtimeClassName")
    if not name:
        return
    found = context.get("runtimeclasses.node.k8s.io", "", name)
    if found is None:
        raise Forbidden("pods", _name(pod), f"{_REJECTED} RuntimeClass {quote(name)} not found")
    if found.get("overhead") is not None:
        overhead = found["overhead"].get("podFixed") or {}
        if spec.get("overhead") is not None and parse(spec["overhead"]) != parse(overhead):
            why = "Pod's Overhead doesn't match RuntimeClass's defined Overhead"
            raise Forbidden("pods", _name(pod), f"{_REJECTED} {why}")
        spec["overhead"] = dict(overhead)
    if found.get("scheduling") is not None:
        _schedule(pod, found["scheduling"])


def check_overhead(pod: Obj, named: Obj | None) -> None:
    """Only the runtime class that a pod names, if it does, gives it an overhead. Raises Forbidden."""
    if pod["spec"].get("overhead") is not None and (named is None or named.get("overhead") is None):
        why = "Pod Overhead set without corresponding RuntimeClass defined Overhead"
        raise Forbidden("pods", _name(pod), f"{_REJECTED} {why}")


def _schedule(pod: Obj, scheduling: Obj) -> None:
    spec, wanted = pod["spec"], scheduling.get("nodeSelector") or {}
    selector = dict(spec.get("nodeSelector") or {})
    for key, value in sorted(wanted.items()):
        if selector.get(key, value) != value:
            ours, theirs = f"runtimeClass.scheduling.nodeSelector[{key}] = {value}", f"pod.spec.nodeSelector[{key}]"
            raise Forbidden("pods", _name(pod), f"conflict: {ours}; {theirs} = {selector[key]}")
        selector[key] = value
    if selector:
        spec["nodeSelector"] = selector
    tolerations = _merged([*items(spec, "tolerations"), *items(scheduling, "tolerations")])
    if tolerations:
        spec["tolerations"] = tolerations


def _merged(tolerations: list[Obj]) -> list[Obj]:
    """Without those that another one implies; of equal ones the first stays."""
    kept: list[Obj] = []
    for index, each in enumerate(tolerations):
        later = [other for other in tolerations[index + 1 :] if other != each]
        if not any(_implies(other, each) for other in (*kept, *later)):
            kept.append(dict(each))
    return kept


def _implies(wide: Obj, narrow: Obj) -> bool:
    if wide == narrow:
        return True
    if narrow.get("key", "") != wide.get("key", "") and (wide.get("key") or wide.get("operator") != "Exists"):
        return False
    effect = wide.get("effect") or ""
    if effect not in ("", narrow.get("effect") or ""):
        return False
    if effect == "NoExecute" and wide.get("tolerationSeconds") is not None:
        seconds = narrow.get("tolerationSeconds")
        if seconds is None or seconds > wide["tolerationSeconds"]:
            return False
    if wide.get("operator") in (None, "", "Equal"):
        return narrow.get("operator") == "Equal" and narrow.get("value", "") == wide.get("value", "")
    return bool(wide["operator"] == "Exists")


def _name(pod: Obj) -> str:
    return str(pod["metadata"].get("name") or pod["metadata"].get("generateName") or "")
