"""The downward API: what a container may know of its own pod, for environment variables and for files."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from podlab.mock.api.quantity import Quantity, divide_up
from podlab.mock.kubelet.status.containers import find_container

Obj = dict[str, Any]

_SUBSCRIPT: Final = re.compile(r"metadata\.(labels|annotations)\['(.*)'\]")


def field_value(pod: Obj, path: str, addresses: Mapping[str, list[str]]) -> str:
    """The text of a ``fieldRef``.

    Args:
        pod: The pod.
        path: ``metadata.name``, ``metadata.labels['tier']``, ``status.podIP`` ...
        addresses: The node's and the pod's: keys ``hostIPs`` and ``podIPs``.

    Raises:
        ValueError: No such field can be asked for.
    """
    meta, spec = pod["metadata"], pod["spec"]
    if found := _SUBSCRIPT.fullmatch(path):
        return str((meta.get(found[1]) or {}).get(found[2], ""))
    match path:
        case "metadata.name" | "metadata.namespace" | "metadata.uid":
            return str(meta.get(path.partition(".")[2], ""))
        case "metadata.labels" | "metadata.annotations":
            return format_map(meta.get(path.partition(".")[2]) or {})
        case "spec.nodeName" | "spec.serviceAccountName":
            return str(spec.get(path.partition(".")[2], ""))
        case "status.hostIP" | "status.podIP":
            return (addresses[path.partition(".")[2] + "s"] or [""])[0]
        case "status.hostIPs" | "status.podIPs":
            return ",".join(addresses[path.partition(".")[2]])
    raise ValueError(f"unsupported fieldPath: {path}")


def format_map(values: Mapping[str, str]) -> str:
    """Labels or annotations as lines ``key="value"``, sorted, without a last newline."""
    return "\n".join(f"{key}={json.dumps(values[key], ensure_ascii=False)}" for key in sorted(values))


def resource_value(pod: Obj, ref: Obj, container_name: str, allocatable: Mapping[str, str]) -> str:
    """The text of a ``resourceFieldRef``: how many ``divisor`` there are, rounded up. Limits that are not set are the node's.

    Raises:
        ValueError: No such container, or no such resource.
    """
    name = ref.get("containerName") or container_name
    container = find_container(pod, name)
    if container is None:
        raise ValueError(f"container {name} not found")
    kind, _, resource = str(ref["resource"]).partition(".")
    resources = container.get("resources") or {}
    amounts = resources.get(kind) or {}
    if kind not in ("limits", "requests") or not resource:
        raise ValueError(f"unsupported container resource : {ref['resource']}")
    text = amounts.get(resource)
    if text is None and kind == "limits":
        text = allocatable.get(resource)
    divisor = str(ref.get("divisor") or "0")
    unit = Quantity.parse("1" if divisor == "0" else divisor)
    return str(divide_up(Quantity.parse(text or "0"), unit))
