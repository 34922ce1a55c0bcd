"""What the scheduler asks of a pod's claims: that they are there, and bound, or can be bound once the pod has a node."""

from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api.client import Informer
from podlab.mock.controllers.volumeclaims import claim_name

Obj = dict[str, Any]

SELECTED_NODE: Final = "volume.kubernetes.io/selected-node"


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a pod.

    Attributes:
        problem: Why the pod cannot be scheduled, or ``""``.
        waiting: Claims that wait for their first consumer to have a node.
    """

    problem: str = ""
    waiting: tuple[Obj, ...] = ()


def claims_of(pod: Obj, claims: Informer, classes: Informer) -> Claims:
    """How a pod's claims stand."""
    meta = pod["metadata"]
    waiting = []
    for volume in pod["spec"].get("volumes") or ():
        name = claim_name(pod, volume)
        if not name:
            continue
        claim = claims.get(meta["namespace"], name)
        if claim is None:
            if "ephemeral" in volume:
                return Claims(f'waiting for ephemeral volume controller to create the persistentvolumeclaim "{name}"')
            return Claims(f'persistentvolumeclaim "{name}" not found')
        if claim["metadata"].get("deletionTimestamp") is not None:
            return Claims(f'persistentvolumeclaim "{name}" is being deleted')
        if claim.get("status", {}).get("phase") == "Bound":
            continue
        kind = classes.get("", claim["spec"].get("storageClassName") or "")
        if kind is None or kind.get("volumeBindingMode") != "WaitForFirstConsumer":
            return Claims("pod has unbound immediate PersistentVolumeClaims")
        waiting.append(claim)
    return Claims(waiting=tuple(waiting))
