"""Pods: on creation, on update, and through their subresources."""

from typing import Any, Final

from podlab.mock.api.defaulting.resources import qos_class
from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.annotations import (
    is_mirror,
    validate_annotation_changes,
    validate_pod_annotations,
    validate_profiles_agree,
)
from podlab.mock.api.validation.containers import validate_image_spaces
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.internal import diff
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update
from podlab.mock.api.validation.names import in_range
from podlab.mock.api.validation.podspecs import validate_pod_spec
from podlab.mock.api.validation.scheduling import validate_gated_changes, validate_tolerations

_UPDATABLE: Final = (
    "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
    "`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)
_MAX_INT32: Final = 2**31 - 1


def validate_pod(pod: Obj, errors: Errors) -> None:
    """A new pod."""
    _validate_meta_and_spec(pod, errors)
    spec = pod["spec"]
    if spec.get("ephemeralContainers"):
        errors.forbidden("spec.ephemeralContainers", "cannot be set on create")
    if spec.get("nodeName") and spec.get("schedulingGates"):
        errors.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")
    validate_profiles_agree(pod, errors)


def _validate_meta_and_spec(pod: Obj, errors: Errors) -> None:
    meta, spec = pod["metadata"], pod["spec"]
    validate_object_meta(meta, True, names.dns_subdomain, errors)
    validate_pod_annotations(meta.get("annotations") or {}, spec, "metadata.annotations", errors)
    validate_pod_spec(spec, "spec", errors, pod_name=meta.get("name", ""), is_pod=True)
    if not spec.get("serviceAccountName"):
        for i, volume in enumerate(spec.get("volumes") or []):
            for j, source in enumerate((volume.get("projected") or {}).get("sources") or []):
                if source.get("serviceAccountToken") is not None:
                    where = f"spec.volumes[{i}].projected.sources[{j}].serviceAccountToken"
                    errors.forbidden(where, "must not be specified when serviceAccountName is not set")
    for key in ("containers", "initContainers"):
        for i, container in enumerate(spec.get(key) or []):
            validate_image_spaces(container, f"spec.{key}[{i}]", errors)


def validate_pod_update(new: Obj, old: Obj, errors: Errors) -> None:
    """An update of a pod: little but images may change."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_meta_and_spec(new, errors)
    validate_annotation_changes(new, old, errors)
    spec, before = new["spec"], old["spec"]
    for key in ("containers", "initContainers"):
        if not _validate_images(spec.get(key) or [], before.get(key) or [], f"spec.{key}", errors):
            return
    if not _validate_deadline(spec, before, errors):
        return
    _validate_only_added(spec.get("tolerations") or [], before.get("tolerations") or [], errors)
    known = {gate.get("name") for gate in before.get("schedulingGates") or []}
    for i, gate in enumerate(spec.get("schedulingGates") or []):
        if gate.get("name") not in known:
            why = f"only deletion is allowed, but found new scheduling gate '{gate.get('name')}'"
            errors.forbidden(f"spec.schedulingGates[{i}].name", why)
    if not _differ(spec, before):
        return
    if (old.get("status") or {}).get("qosClass", qos_class(before)) != qos_class(spec):
        errors.invalid("metadata", (new.get("status") or {}).get("qosClass", ""), "Pod QoS is immutable")
    munged = _without_updatable(spec, before)
    if before.get("schedulingGates"):
        validate_gated_changes(munged, before, errors)
    if _differ(munged, before):
        what = f"pod updates may not change fields other than {_UPDATABLE}\n{diff('V1PodSpec', before, munged)}"
        errors.forbidden("spec", what)


def _validate_images(new: list[Obj], old: list[Obj], path: str, errors: Errors) -> bool:
    if len(new) != len(old):
        errors.forbidden(path, "pod updates may not add or remove containers")
        return False
    for i, container in enumerate(new):
        if not container.get("image"):
            errors.required(f"{path}[{i}].image")
        validate_image_spaces(container, f"{path}[{i}]", errors)
    return True


def _validate_deadline(spec: Obj, before: Obj, errors: Errors) -> bool:
    path, new, old = "spec.activeDeadlineSeconds", spec.get("activeDeadlineSeconds"), before.get("activeDeadlineSeconds")
    if new is None:
        if old is not None:
            errors.invalid(path, None, "must not update from a positive integer to nil value")
        return True
    if not 0 <= new <= _MAX_INT32:
        errors.invalid(path, new, in_range(0, _MAX_INT32))
        return False
    if old is not None and old < new:
        errors.invalid(path, new, "must be less than or equal to previous value")
        return False
    return True


def _validate_only_added(new: list[Obj], old: list[Obj], errors: Errors) -> None:
    def plain(toleration: Obj) -> Obj:
        return {key: value for key, value in toleration.items() if key != "tolerationSeconds"}

    present = [plain(toleration) for toleration in new]
    if any(plain(toleration) not in present for toleration in old):
        errors.forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")
        return
    validate_tolerations(new, "spec.tolerations", errors)


def _without_updatable(spec: Obj, before: Obj) -> Obj:
    """``spec`` with the fields that may change as they were before."""
    munged = dict(spec)
    for key in ("containers", "initContainers"):
        if spec.get(key):
            pairs = zip(spec[key], before.get(key) or [], strict=True)
            munged[key] = [{**container, "image": was.get("image", "")} for container, was in pairs]
    for key in ("activeDeadlineSeconds", "schedulingGates", "tolerations"):
        munged.pop(key, None)
        if before.get(key) is not None:
            munged[key] = before[key]
    grace = before.get("terminationGracePeriodSeconds")
    if grace is not None and grace < 0 and spec.get("terminationGracePeriodSeconds") == 1:
        munged["terminationGracePeriodSeconds"] = grace
    return munged


def _differ(left: Any, right: Any) -> bool:
    """Whether two values differ in meaning: nil and empty do not."""
    if isinstance(left, dict) and isinstance(right, dict):
        return any(_differ(left.get(key), right.get(key)) for key in {*left, *right})
    if isinstance(left, list) and isinstance(right, list):
        return len(left) != len(right) or any(map(_differ, left, right))
    return left != right and not (left in (None, {}, []) and right in (None, {}, []))


def validate_ephemeral_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The subresource ``ephemeralcontainers``: containers may be added, not changed or removed."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_meta_and_spec(new, errors)
    validate_annotation_changes(new, old, errors)
    if is_mirror(old):
        errors.clear()
        errors.forbidden("", "static pods do not support ephemeral containers")
        return
    path = "spec.ephemeralContainers"
    by_name = {container.get("name"): container for container in new["spec"].get("ephemeralContainers") or []}
    for container in old["spec"].get("ephemeralContainers") or []:
        name = container.get("name", "")
        if name not in by_name:
            errors.forbidden(path, f'existing ephemeral containers "{name}" may not be removed\n')
        elif _differ(container, by_name[name]):
            change = diff("V1EphemeralContainer", container, by_name[name])
            errors.forbidden(path, f'existing ephemeral containers "{name}" may not be changed\n{change}')


def validate_resize(new: Obj, old: Obj, errors: Errors) -> None:
    """The subresource ``resize``: cpu and memory of containers may change, within the class of service."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_meta_and_spec(new, errors)
    if is_mirror(old):
        errors.clear()
        errors.forbidden("", "static pods cannot be resized")
        return
    if (old.get("status") or {}).get("qosClass", qos_class(old["spec"])) != qos_class(new["spec"]):
        shown = (new.get("status") or {}).get("qosClass", "")
        errors.invalid("spec", shown, "Pod QOS Class may not change as a result of resizing")
    for key in ("initContainers", "containers"):
        for i, (container, was) in enumerate(zip(new["spec"].get(key) or [], old["spec"].get(key) or [], strict=True)):
            if key == "initContainers" and was.get("restartPolicy") != "Always":
                if _differ(container, was):
                    errors.forbidden("spec", "resources for non-sidecar init containers are immutable")
                continue
            _validate_container_resize(container, was, f"spec.{key}[{i}].resources", errors)


def _validate_container_resize(new: Obj, old: Obj, path: str, errors: Errors) -> None:
    after, before = new.get("resources") or {}, old.get("resources") or {}
    for kind in ("requests", "limits"):
        if any(name not in (after.get(kind) or {}) for name in before.get(kind) or {}):
            errors.forbidden(f"{path}.{kind}", f"resource {kind} cannot be removed")
    policies = {each.get("resourceName"): each.get("restartPolicy") for each in new.get("resizePolicy") or []}
    limit, was = (after.get("limits") or {}).get("memory"), (before.get("limits") or {}).get("memory")
    if policies.get("memory") != "RestartContainer" and limit is not None and was is None:
        errors.forbidden(f"{path}.limits[memory]", "memory limits cannot be added unless resizePolicy is RestartContainer")
    for kind in ("requests", "limits"):
        for name in {**(after.get(kind) or {}), **(before.get(kind) or {})}:
            if name not in ("cpu", "memory") and (after.get(kind) or {}).get(name) != (before.get(kind) or {}).get(name):
                errors.forbidden("spec", "only cpu and memory resources are mutable")
                return


def validate_pod_status(new: Obj, old: Obj, errors: Errors) -> None:
    """The subresource ``status``, which the kubelet writes."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    validate_annotation_changes(new, old, errors)
    status, before = new.get("status") or {}, old.get("status") or {}
    for i, condition in enumerate(status.get("conditions") or []):
        kind = condition.get("type", "")
        if kind not in ("PodScheduled", "Ready", "Initialized"):
            errors.each_invalid(f"metadata.conditions[{i}].Type", kind, names.qualified_name(kind))
    nominated = status.get("nominatedNodeName")
    if nominated and nominated != before.get("nominatedNodeName"):
        errors.each_invalid("status.nominatedNodeName", nominated, names.dns_subdomain(nominated))
    errors.immutable("status.qosClass", status.get("qosClass", ""), before.get("qosClass", ""))
    policy = old["spec"].get("restartPolicy")
    for key, restarts in (("containerStatuses", policy), ("ephemeralContainerStatuses", "Never")):
        _validate_transitions(status.get(key) or [], before.get(key) or [], restarts, f"status.{key}", errors)
    sidecars = {c.get("name") for c in old["spec"].get("initContainers") or [] if c.get("restartPolicy") == "Always"}
    init = [each for each in before.get("initContainerStatuses") or [] if each.get("name") not in sidecars]
    _validate_transitions(status.get("initContainerStatuses") or [], init, policy, "status.initContainerStatuses", errors)
    for key in ("podIPs", "hostIPs"):
        for i, each in enumerate(status.get(key) or []):
            errors.each_invalid(f"status.{key}[{i}]", each.get("ip", ""), names.ip(each.get("ip", "")))


def _validate_transitions(new: list[Obj], old: list[Obj], policy: str | None, path: str, errors: Errors) -> None:
    """A container that will not be restarted stays terminated."""
    if policy == "Always":
        return
    now_running = {each.get("name") for each in new if (each.get("state") or {}).get("terminated") is None}
    for i, was in enumerate(old):
        terminated = (was.get("state") or {}).get("terminated")
        if terminated is None or (terminated.get("exitCode") and policy == "OnFailure"):
            continue
        if was.get("name") in now_running:
            errors.forbidden(f"{path}[{i}].state", "may not be transitioned to non-terminated state")
