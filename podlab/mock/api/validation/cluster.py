"""Nodes, namespaces, service accounts, events, leases, priority classes, runtime classes."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.internal import internal
from podlab.mock.api.validation.meta import (
    validate_finalizer_standard,
    validate_labels,
    validate_object_meta,
    validate_object_meta_update,
)
from podlab.mock.api.validation.resources import validate_amount, validate_resources
from podlab.mock.api.validation.scheduling import validate_taint_effect, validate_tolerations

_HIGHEST_USER_PRIORITY: Final = 1_000_000_000
_SYSTEM_PRIORITIES: Final = {"system-node-critical": 2000001000, "system-cluster-critical": 2000000000}


def validate_node(node: Obj, errors: Errors) -> None:
    """A new node."""
    validate_object_meta(node["metadata"], False, names.dns_subdomain, errors)
    _validate_taints(node["spec"].get("taints") or [], errors)
    _validate_node_resources(node, errors)
    for i, each in enumerate(node["spec"].get("podCIDRs") or []):
        errors.each_invalid(f"spec.podCIDRs[{i}]", each, names.cidr(each))


def _validate_taints(taints: list[Obj], errors: Errors) -> None:
    seen: set[tuple[str, str]] = set()
    for i, taint in enumerate(taints):
        path = f"metadata.taints[{i}]"
        key, value, effect = taint.get("key", ""), taint.get("value", ""), taint.get("effect", "")
        errors.each_invalid(f"{path}.key", key, names.qualified_name(key))
        if names.label_value(value):
            errors.invalid(f"{path}.value", value, ";".join(names.label_value(value)))
        if not effect:
            errors.required(f"{path}.effect")
        else:
            validate_taint_effect(effect, f"{path}.effect", errors)
        if (key, effect) in seen:
            errors.duplicate(path, internal("V1Taint", taint), "taints must be unique by key and effect pair")
        seen.add((key, effect))


def _validate_node_resources(node: Obj, errors: Errors) -> None:
    for kind in ("capacity", "allocatable"):
        for name, text in ((node.get("status") or {}).get(kind) or {}).items():
            validate_amount(name, text, f"status.{kind}.{name}", errors)


def validate_node_update(new: Obj, old: Obj, errors: Errors) -> None:
    """A node's addresses may be given once."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_node_resources(new, errors)
    seen: list[Obj] = []
    for i, address in enumerate((new.get("status") or {}).get("addresses") or []):
        if address in seen:
            errors.duplicate(f"status.addresses[{i}]", internal("V1NodeAddress", address))
        seen.append(address)
    spec, before = new["spec"], old["spec"]
    if before.get("podCIDRs") and before["podCIDRs"] != spec.get("podCIDRs"):
        errors.forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid')
    if before.get("providerID") and before["providerID"] != spec.get("providerID"):
        errors.forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid')
    _validate_taints(spec.get("taints") or [], errors)


def validate_namespace(namespace: Obj, errors: Errors) -> None:
    """A new namespace."""
    validate_object_meta(namespace["metadata"], False, names.dns_label, errors)
    for finalizer in namespace["spec"].get("finalizers") or []:
        errors.each_invalid("spec.finalizers", finalizer, names.qualified_name(finalizer))
        validate_finalizer_standard(finalizer, "spec.finalizers", errors)


def validate_meta_only(new: Obj, old: Obj, errors: Errors) -> None:
    """An update of which only the metadata is looked at."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)


def validate_namespace_status(new: Obj, old: Obj, errors: Errors) -> None:
    """The phase of a namespace follows from whether it is being deleted."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    phase = (new.get("status") or {}).get("phase", "")
    if new["metadata"].get("deletionTimestamp") is None:
        if phase != "Active":
            errors.invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty")
    elif phase != "Terminating":
        errors.invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")


def validate_namespaced(obj: Obj, errors: Errors) -> None:
    """A new object of which only the metadata is looked at (service accounts)."""
    validate_object_meta(obj["metadata"], True, names.dns_subdomain, errors)


def validate_event(event: Obj, errors: Errors) -> None:
    """An event in the core group, old style or new (with ``eventTime``)."""
    meta, involved = event["metadata"], event.get("involvedObject") or {}
    namespace, about = meta.get("namespace", ""), involved.get("namespace", "")
    if not about:
        if namespace not in ("default", "kube-system"):
            errors.invalid("involvedObject.namespace", about, "does not match event.namespace")
    elif about != namespace:
        errors.invalid("involvedObject.namespace", about, "does not match event.namespace")
    errors.each_invalid("namespace", namespace, names.dns_label(namespace))
    if event.get("eventTime") is not None:
        _validate_new_event(event, errors)


def _validate_new_event(event: Obj, errors: Errors) -> None:
    controller = event.get("reportingComponent") or event.get("reportingController") or ""
    instance = event.get("reportingInstance", "")
    if not controller:
        errors.required("reportingController")
    else:
        errors.each_invalid("reportingController", controller, names.qualified_name(controller))
    if not instance:
        errors.required("reportingInstance")
    elif len(instance) > 128:
        errors.invalid("reportingInstance", instance, "can have at most 128 characters")
    for field, limit in (("action", 128), ("reason", 128)):
        value = event.get(field, "")
        if not value:
            errors.required(field)
        elif len(value) > limit:
            errors.invalid(field, value, f"can have at most {limit} characters")
    note = event.get("message") or event.get("note") or ""
    if len(note) > 1024:
        errors.invalid("message", note, "can have at most 1024 characters")
    if event.get("type", "") not in ("Normal", "Warning"):
        errors.invalid("type", event.get("type", ""), "has invalid value: " + event.get("type", ""))


def validate_event_update(new: Obj, old: Obj, errors: Errors) -> None:
    """An event may be repeated, not rewritten."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    validate_event(new, errors)


def validate_lease(lease: Obj, errors: Errors) -> None:
    """A new lease."""
    validate_object_meta(lease["metadata"], True, names.dns_subdomain, errors)
    _validate_lease_spec(lease["spec"], errors)


def _validate_lease_spec(spec: Obj, errors: Errors) -> None:
    seconds, transitions = spec.get("leaseDurationSeconds"), spec.get("leaseTransitions")
    if seconds is not None and seconds <= 0:
        errors.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0")
    if transitions is not None and transitions < 0:
        errors.invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0")
    if spec.get("strategy"):
        errors.each_invalid("spec.strategy", spec["strategy"], names.qualified_name(spec["strategy"]))
    if spec.get("preferredHolder") and not spec.get("strategy"):
        errors.required("spec.strategy", "must be specified when `preferredHolder` is defined")


def validate_lease_update(new: Obj, old: Obj, errors: Errors) -> None:
    """A lease passes from holder to holder."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_lease_spec(new["spec"], errors)


def validate_priority_class(priority_class: Obj, errors: Errors) -> None:
    """A new priority class."""
    meta, value = priority_class["metadata"], priority_class.get("value") or 0
    validate_object_meta(meta, False, names.dns_subdomain, errors)
    name = meta.get("name", "")
    if name.startswith("system-"):
        if _SYSTEM_PRIORITIES.get(name) != value:
            why = "priority class names with 'system-' prefix are reserved for system use only. error: "
            errors.forbidden("metadata.name", f"{why}{name} is not a known system priority class")
    elif value > _HIGHEST_USER_PRIORITY:
        errors.forbidden("value", f"maximum allowed value of a user defined priority is {_HIGHEST_USER_PRIORITY}")
    policy = priority_class.get("preemptionPolicy")
    if policy not in (None, "PreemptLowerPriority", "Never"):
        errors.not_supported("preemptionPolicy", policy, ("PreemptLowerPriority", "Never"))


def validate_priority_class_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The number of a priority class stays."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    if (new.get("value") or 0) != (old.get("value") or 0):
        errors.forbidden("value", "may not be changed in an update.")
    errors.immutable("preemptionPolicy", new.get("preemptionPolicy"), old.get("preemptionPolicy"))


def validate_runtime_class(runtime_class: Obj, errors: Errors) -> None:
    """A new runtime class."""
    validate_object_meta(runtime_class["metadata"], False, names.dns_subdomain, errors)
    handler = runtime_class.get("handler") or ""
    errors.each_invalid("handler", handler, names.dns_label(handler))
    overhead, scheduling = runtime_class.get("overhead"), runtime_class.get("scheduling")
    if overhead is not None:
        validate_resources({"limits": overhead.get("podFixed")}, "overhead", errors)
    if scheduling is not None:
        validate_labels(scheduling.get("nodeSelector") or {}, "scheduling.nodeSelector", errors)
        validate_tolerations(scheduling.get("tolerations") or [], "scheduling.tolerations", errors)


def validate_runtime_class_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The handler of a runtime class stays."""
    validate_runtime_class(new, errors)
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    errors.immutable("handler", new.get("handler") or "", old.get("handler") or "")
