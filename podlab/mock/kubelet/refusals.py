"""What pods may ask for and the mock does not model: refused by name, before the sandbox is made.

What is accepted though it has no effect (Linux capabilities, seccomp and AppArmor profiles, SELinux labels, priorities in the
kernel) stands in ``docs/fidelity.md`` as well.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

Obj = dict[str, Any]
Check = Callable[[Obj], object]

POD_FIELDS: Final[dict[str, Check]] = {
    "spec.hostPID": lambda spec: spec.get("hostPID"),
    "spec.hostIPC": lambda spec: spec.get("hostIPC"),
    "spec.hostUsers: false": lambda spec: spec.get("hostUsers") is False,
    "spec.resourceClaims": lambda spec: spec.get("resourceClaims"),
    "spec.securityContext.sysctls": lambda spec: (spec.get("securityContext") or {}).get("sysctls"),
}
CONTAINER_FIELDS: Final[dict[str, Check]] = {
    "volumeDevices": lambda container: container.get("volumeDevices"),
    "securityContext.procMount": lambda container: _security(container).get("procMount", "Default") != "Default",
    "securityContext.privileged": lambda container: _security(container).get("privileged"),
    "restartPolicyRules[*].action: RestartAllContainers": lambda container: any(
        rule.get("action") == "RestartAllContainers" for rule in container.get("restartPolicyRules") or ()
    ),
    "env[*].valueFrom.fileKeyRef": lambda container: any(
        "fileKeyRef" in (variable.get("valueFrom") or {}) for variable in container.get("env") or ()
    ),
    "livenessProbe.grpc": lambda container: "grpc" in (container.get("livenessProbe") or {}),
    "readinessProbe.grpc": lambda container: "grpc" in (container.get("readinessProbe") or {}),
    "startupProbe.grpc": lambda container: "grpc" in (container.get("startupProbe") or {}),
}


def _security(container: Obj) -> Obj:
    return container.get("securityContext") or {}


def not_modelled(spec: Obj) -> Iterator[str]:
    """The paths of fields in a pod's spec that are refused."""
    for path, asks in POD_FIELDS.items():
        if asks(spec):
            yield path
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(spec.get(kind) or ()):
            for path, asks in CONTAINER_FIELDS.items():
                if asks(container):
                    yield f"spec.{kind}[{index}].{path}"
