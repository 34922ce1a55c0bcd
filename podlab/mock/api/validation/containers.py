"""Containers of every sort."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.environment import validate_env, validate_env_from
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.mounts import validate_devices, validate_mounts
from podlab.mock.api.validation.ports import validate_container_ports, validate_host_ports
from podlab.mock.api.validation.probes import validate_hooks_and_probes
from podlab.mock.api.validation.resources import validate_resources
from podlab.mock.api.validation.restarts import validate_resize_policy, validate_restart_policy
from podlab.mock.api.validation.security import validate_security_context

_PULL_POLICIES: Final = ("Always", "IfNotPresent", "Never")


class PodView:
    """What the checks of a container need to know of its pod.

    Attributes:
        spec: the pod's spec.
        volumes: the sound volumes by name.
        claims: names of the pod's resource claims.
    """

    __slots__ = ("claims", "spec", "volumes")

    def __init__(self, spec: Obj, volumes: dict[str, Obj]) -> None:
        self.spec = spec
        self.volumes = volumes
        self.claims = sorted(claim["name"] for claim in spec.get("resourceClaims") or [] if claim.get("name"))

    @property
    def grace(self) -> int | None:
        """The pod's ``terminationGracePeriodSeconds``."""
        return self.spec.get("terminationGracePeriodSeconds")


def validate_containers(pod: PodView, path: str, errors: Errors) -> None:
    """The plain containers of a pod."""
    containers = pod.spec.get("containers") or []
    if not containers:
        errors.required(path)
        return
    seen: set[str] = set()
    for i, container in enumerate(containers):
        where = f"{path}[{i}]"
        _validate_common(container, pod, where, errors)
        name = container.get("name", "")
        if name in seen:
            errors.duplicate(f"{where}.name", name)
        seen.add(name)
        validate_hooks_and_probes(container, pod.grace, where, errors)
        validate_restart_policy(container, where, errors)
    validate_host_ports(containers, path, errors)


def validate_init_containers(pod: PodView, path: str, errors: Errors) -> None:
    """The init containers of a pod; one with ``restartPolicy: Always`` is a sidecar and may have probes and hooks."""
    taken = {container.get("name", "") for container in pod.spec.get("containers") or []}
    for i, container in enumerate(pod.spec.get("initContainers") or []):
        where = f"{path}[{i}]"
        _validate_common(container, pod, where, errors)
        validate_restart_policy(container, where, errors)
        name = container.get("name", "")
        if name in taken:
            errors.duplicate(f"{where}.name", name)
        elif name:
            taken.add(name)
        validate_host_ports([container], path, errors)
        if container.get("restartPolicy") == "Always":
            validate_hooks_and_probes(container, pod.grace, where, errors)
        else:
            _validate_not_sidecar(container, where, errors)


def _validate_not_sidecar(container: Obj, path: str, errors: Errors) -> None:
    for field in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe"):
        if container.get(field) is not None:
            errors.forbidden(f"{path}.{field}", "may not be set for init containers without restartPolicy=Always")
    for i, policy in enumerate(container.get("resizePolicy") or []):
        if policy.get("restartPolicy") == "RestartContainer":
            why = "must not be set to 'RestartContainer' for non-sidecar initContainers"
            errors.invalid(f"{path}.resizePolicy[{i}].restartPolicy", "RestartContainer", why)


_POINTERS: Final = ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle")
"""What is there even if it is empty."""
_NOT_EPHEMERAL: Final = (
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
)


def validate_ephemeral_containers(pod: PodView, path: str, errors: Errors) -> None:
    """Containers added to a running pod: no ports, probes, hooks, resources or sub-paths."""
    others = {c.get("name", "") for key in ("containers", "initContainers") for c in pod.spec.get(key) or []}
    taken = set(others)
    for i, container in enumerate(pod.spec.get("ephemeralContainers") or []):
        where = f"{path}[{i}]"
        _validate_common(container, pod, where, errors)
        validate_image_spaces(container, where, errors)
        name, target = container.get("name", ""), container.get("targetContainerName", "")
        if name in taken:
            errors.duplicate(f"{where}.name", name)
        taken.add(name)
        if target and target not in others:
            errors.not_found(f"{where}.targetContainerName", target)
        for field in _NOT_EPHEMERAL:
            if container.get(field) or (field in _POINTERS and container.get(field) is not None):
                errors.forbidden(f"{where}.{field}", "cannot be set for an Ephemeral Container")
        for j, mount in enumerate(container.get("volumeMounts") or []):
            for field in ("subPath", "subPathExpr"):
                if mount.get(field):
                    errors.forbidden(f"{where}.volumeMounts[{j}].{field}", "cannot be set for an Ephemeral Container")


def validate_image_spaces(container: Obj, path: str, errors: Errors) -> None:
    """In a pod (but not in a template) an image may not be padded with spaces."""
    image = container.get("image", "")
    if image != image.strip():
        errors.invalid(f"{path}.image", image, "must not have leading or trailing whitespace")


def _validate_common(container: Obj, pod: PodView, path: str, errors: Errors) -> None:
    name = container.get("name", "")
    if not name:
        errors.required(f"{path}.name")
    else:
        errors.each_invalid(f"{path}.name", name, names.dns_label(name))
    if not container.get("image"):
        errors.required(f"{path}.image")
    policy = container.get("terminationMessagePolicy", "")
    if not policy:
        errors.required(f"{path}.terminationMessagePolicy")
    elif policy not in ("File", "FallbackToLogsOnError"):
        errors.not_supported(f"{path}.terminationMessagePolicy", policy, ("File", "FallbackToLogsOnError"))
    validate_container_ports(container.get("ports") or [], f"{path}.ports", errors)
    validate_env(container.get("env") or [], f"{path}.env", errors)
    validate_env_from(container.get("envFrom") or [], f"{path}.envFrom", errors)
    validate_mounts(container, pod.volumes, f"{path}.volumeMounts", errors)
    validate_devices(container, pod.volumes, f"{path}.volumeDevices", errors)
    validate_pull_policy(container.get("imagePullPolicy", ""), f"{path}.imagePullPolicy", errors)
    validate_resources(container.get("resources") or {}, f"{path}.resources", errors, claims=pod.claims)
    validate_resize_policy(container.get("resizePolicy") or [], pod.spec, f"{path}.resizePolicy", errors)
    validate_security_context(container.get("securityContext"), pod.spec, f"{path}.securityContext", errors)


def validate_pull_policy(policy: str, path: str, errors: Errors) -> None:
    """When an image is pulled."""
    if not policy:
        errors.required(path)
    elif policy not in _PULL_POLICIES:
        errors.not_supported(path, policy, _PULL_POLICIES)
