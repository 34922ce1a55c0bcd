"""Which of the runtime's handlers a pod's runtime class asks for."""

from typing import Any

from podlab.mock.api.client import Client
from podlab.mock.api.errors import NotFound
from podlab.mock.kubelet.runtime.types import RuntimeServiceError

Obj = dict[str, Any]


def runtime_handler(client: Client, spec: Obj) -> str:
    """The handler of the class that a pod's spec names, empty without one. Raises RuntimeServiceError when the class is gone."""
    name = spec.get("runtimeClassName")
    if not name:
        return ""
    try:
        return str(client.get("runtimeclasses.node.k8s.io", "", name).get("handler") or "")
    except NotFound as error:
        raise RuntimeServiceError(f'runtimeclass.node.k8s.io "{name}" not found') from error
