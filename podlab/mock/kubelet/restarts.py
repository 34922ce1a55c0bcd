"""Whether a container is started again when it has ended: the pod's policy, the container's own, and its rules by exit code."""

from typing import Any

from podlab.mock.kubelet.runtime.types import ContainerState, PodRuntimeStatus

Obj = dict[str, Any]


def is_sidecar(container: Obj) -> bool:
    """Is it an init container that runs beside the others (``restartPolicy: Always``)? Meant for init containers."""
    return container.get("restartPolicy") == "Always"


def restarts_on_exit(container: Obj, spec: Obj, exit_code: int) -> bool:
    """Is the container started again after it has ended with that code?"""
    for rule in container.get("restartPolicyRules") or ():
        codes = rule.get("exitCodes") or {}
        listed = exit_code in (codes.get("values") or ())
        if listed == (codes.get("operator") == "In"):
            return bool(rule.get("action") == "Restart")
    match container.get("restartPolicy") or spec.get("restartPolicy", "Always"):
        case "Never":
            return False
        case "OnFailure":
            return exit_code != 0
    return True


def should_start(container: Obj, pod: Obj, status: PodRuntimeStatus) -> bool:
    """Would the next sync start this container (again)?"""
    if pod["metadata"].get("deletionTimestamp") is not None:
        return False
    newest = status.find(container["name"])
    if newest is None or newest.state is ContainerState.CREATED:
        return True
    if newest.running:
        return False
    return restarts_on_exit(container, pod["spec"], newest.exit_code)


def restarts_on_failure(container: Obj, spec: Obj) -> bool:
    """Is a container that is killed for a failed probe started again?"""
    policy = container.get("restartPolicy") or spec.get("restartPolicy", "Always")
    return bool(policy != "Never")
