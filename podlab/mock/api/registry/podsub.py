"""What is posted to a pod: a ``Binding`` gives it a node, an ``Eviction`` deletes it if its disruption budget allows."""

from typing import Any, Final

from podlab.mock.api.errors import BadRequest, Cause, Conflict, InternalError, Invalid, TooManyRequests
from podlab.mock.api.managed import Writer
from podlab.mock.api.options import DeleteOptions, WriteOptions
from podlab.mock.api.registry.base import Registry
from podlab.mock.api.registry.deleting import delete_object
from podlab.mock.api.registry.updating import Target, store_replacement
from podlab.mock.api.selectors import from_label_selector, matches_labels
from podlab.mock.kernel import Time

Obj = dict[str, Any]

_VIOLATES: Final = "Cannot evict pod as it would violate the pod's disruption budget."


def success(code: int) -> Obj:
    """The ``Status`` of what went well and has no object to show."""
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": code}


def bind_pod(registry: Registry, target: Target, binding: Obj, options: WriteOptions) -> Obj:
    """Assigns a pod to a node. Raises Invalid, Conflict, NotFound."""
    node = (binding.get("target") or {}).get("name", "")
    if not node:
        raise Invalid("Binding", target.name, [Cause("FieldValueRequired", "Required value", "target.name")])
    old = registry.get(target.resource, target.namespace, target.name)
    meta, spec = old["metadata"], old.get("spec") or {}
    uid = (binding.get("metadata") or {}).get("uid")
    if uid and uid != meta["uid"]:
        raise Conflict("pods", target.name, f"Precondition failed: UID in precondition: {uid}, UID in object meta: {meta['uid']}")
    if meta.get("deletionTimestamp") is not None:
        raise Conflict("pods/binding", target.name, f"pod {target.name} is being deleted, cannot be assigned to a host")
    if spec.get("nodeName"):
        raise Conflict("pods/binding", target.name, f'pod {target.name} is already assigned to node "{spec["nodeName"]}"')
    if spec.get("schedulingGates"):
        raise Conflict("pods/binding", target.name, f"pod {target.name} has non-empty .spec.schedulingGates")
    status = {key: value for key, value in (old.get("status") or {}).items() if key != "nominatedNodeName"}
    scheduled = {"type": "PodScheduled", "observedGeneration": meta.get("generation", 1), "status": "True"}
    status["conditions"] = set_condition(status.get("conditions") or [], scheduled, registry.kernel.now())
    new = {**old, "spec": _with_node(spec, node), "status": status}
    writer = Writer(options.field_manager, "v1", "binding", registry.kernel.now())
    managed = registry.field_manager(target.resource).update(old, new, writer)
    new["metadata"] = {**meta, "managedFields": managed}
    store_replacement(registry, target, new, old, options)
    return success(201)


def _with_node(spec: Obj, node: str) -> Obj:
    """``nodeName`` where the Go struct has it: after the service account."""
    result: Obj = {}
    for key, value in spec.items():
        result[key] = value
        if key == "serviceAccount":
            result["nodeName"] = node
    result.setdefault("nodeName", node)
    return result


def set_condition(conditions: list[Obj], condition: Obj, now: Time) -> list[Obj]:
    """The conditions with one of them set; its transition time stays when its status does."""
    old = next((one for one in conditions if one["type"] == condition["type"]), None)
    changed = old is None or old["status"] != condition["status"]
    order = ("type", "observedGeneration", "status", "lastProbeTime", "lastTransitionTime", "reason", "message")
    found = {
        **condition,
        "lastProbeTime": None,
        "lastTransitionTime": now if changed or old is None else old["lastTransitionTime"],
    }
    new = {key: found[key] for key in order if key in found}
    if old is None:
        return [*conditions, new]
    return [new if one is old else one for one in conditions]


def evict_pod(registry: Registry, target: Target, eviction: Obj, options: WriteOptions) -> Obj:
    """Deletes a pod through its disruption budget. Raises TooManyRequests, BadRequest, Conflict, NotFound."""
    pod = registry.get(target.resource, target.namespace, target.name)
    name = (eviction.get("metadata") or {}).get("name", target.name)
    if name != target.name:
        raise BadRequest("name in URL does not match name in Eviction object")
    body = eviction.get("deleteOptions") or {}
    preconditions = body.get("preconditions") or {}
    delete = DeleteOptions(
        grace_period_seconds=body.get("gracePeriodSeconds"),
        propagation_policy=body.get("propagationPolicy"),
        uid=preconditions.get("uid"),
        resource_version=preconditions.get("resourceVersion"),
        dry_run=options.dry_run or bool(body.get("dryRun")),
        user=options.user,
    )
    if not _budget_is_moot(pod):
        budgets = _budgets_of(registry, pod)
        if len(budgets) > 1:
            raise InternalError(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
            )
        if budgets:
            _spend(registry, budgets[0], pod, delete.dry_run)
    if not delete.dry_run and not _budget_is_moot(pod):
        _mark_disrupted(registry, target, pod)
    if delete.resource_version is not None:
        delete = DeleteOptions(delete.grace_period_seconds, delete.propagation_policy, uid=delete.uid, user=delete.user)
    delete_object(registry, target, delete)
    return success(201)


def _budget_is_moot(pod: Obj) -> bool:
    phase = (pod.get("status") or {}).get("phase")
    return phase in ("Succeeded", "Failed", "Pending") or pod["metadata"].get("deletionTimestamp") is not None


def _budgets_of(registry: Registry, pod: Obj) -> list[Obj]:
    meta = pod["metadata"]
    return [
        budget
        for budget in registry.list("poddisruptionbudgets.policy", meta["namespace"])
        if matches_labels(from_label_selector((budget.get("spec") or {}).get("selector")), meta.get("labels"))
    ]


def _spend(registry: Registry, budget: Obj, pod: Obj, dry_run: bool) -> None:
    """Takes one disruption from a budget. Raises TooManyRequests."""
    meta, spec, status = budget["metadata"], budget.get("spec") or {}, budget.get("status") or {}
    healthy, desired = status.get("currentHealthy", 0), status.get("desiredHealthy", 0)
    if not _is_ready(pod):
        policy = spec.get("unhealthyPodEvictionPolicy", "IfHealthyBudget")
        if policy == "AlwaysAllow" or (healthy >= desired > 0):
            return
    if status.get("observedGeneration", 0) < meta.get("generation", 0):
        cause = Cause("DisruptionBudget", f"The disruption budget {meta['name']} is still being processed by the server.")
        raise TooManyRequests(_VIOLATES, 10, [cause])
    if status.get("disruptionsAllowed", 0) <= 0:
        why = f"The disruption budget {meta['name']} needs {desired} healthy pods and has {healthy} currently"
        raise TooManyRequests(_VIOLATES, 0, [Cause("DisruptionBudget", why)])
    if dry_run:
        return
    disrupted = {**(status.get("disruptedPods") or {}), pod["metadata"]["name"]: registry.kernel.now()}
    new = {**status, "disruptedPods": disrupted, "disruptionsAllowed": status["disruptionsAllowed"] - 1}
    registry.store.update(("poddisruptionbudgets.policy", meta["namespace"], meta["name"]), {**budget, "status": new})


def _is_ready(pod: Obj) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _mark_disrupted(registry: Registry, target: Target, pod: Obj) -> None:
    status = dict(pod.get("status") or {})
    condition = {
        "type": "DisruptionTarget",
        "observedGeneration": pod["metadata"].get("generation", 1),
        "status": "True",
        "reason": "EvictionByEvictionAPI",
        "message": "Eviction API: evicting",
    }
    status["conditions"] = set_condition(status.get("conditions") or [], condition, registry.kernel.now())
    store_replacement(registry, target, {**pod, "status": status}, pod, WriteOptions("kube-apiserver"))
