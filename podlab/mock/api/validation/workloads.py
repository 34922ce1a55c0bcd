"""Deployments, ReplicaSets, StatefulSets, DaemonSets, replication controllers."""

import re
from typing import Any, Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.internal import internal
from podlab.mock.api.validation.meta import (
    is_empty,
    selects,
    validate_label_selector,
    validate_object_meta,
    validate_object_meta_update,
)
from podlab.mock.api.validation.podspecs import validate_pod_template

_MISMATCH: Final = "`selector` does not match template `labels`"


def _labels_of(template: Obj) -> dict[str, str] | None:
    labels: dict[str, str] | None = (template.get("metadata") or {}).get("labels")
    return labels


def _validate_selector(spec: Obj, empty: str, errors: Errors) -> None:
    selector = spec.get("selector")
    if selector is None:
        errors.required("spec.selector")
        return
    validate_label_selector(selector, "spec.selector", errors)
    if is_empty(selector):
        errors.invalid("spec.selector", selector, empty)


def _validate_template(spec: Obj, owner: str, errors: Errors) -> None:
    """The template, which the selector must select and which must restart always."""
    selector, template = spec.get("selector"), spec.get("template") or {}
    chosen = selects(selector, _labels_of(template))
    if chosen is None:
        errors.invalid("spec.selector", selector, "invalid label selector")
        return
    if not chosen and not is_empty(selector):
        errors.invalid("spec.template.metadata.labels", _labels_of(template), _MISMATCH)
    validate_pod_template(template, "spec.template", errors)
    _validate_always(template, owner, errors)


def _validate_always(template: Obj, owner: str, errors: Errors) -> None:
    spec = template.get("spec") or {}
    if spec.get("restartPolicy") != "Always":
        errors.not_supported("spec.template.spec.restartPolicy", spec.get("restartPolicy", ""), ("Always",))
    if spec.get("activeDeadlineSeconds") is not None:
        errors.forbidden("spec.template.spec.activeDeadlineSeconds", f"activeDeadlineSeconds in {owner} is not Supported")


def validate_deployment(deployment: Obj, errors: Errors) -> None:
    """A new deployment."""
    validate_object_meta(deployment["metadata"], True, names.dns_subdomain, errors)
    _validate_deployment_spec(deployment["spec"], errors)


def _validate_deployment_spec(spec: Obj, errors: Errors) -> None:
    errors.non_negative("spec.replicas", spec.get("replicas"))
    _validate_selector(spec, "empty selector is invalid for deployment", errors)
    _validate_template(spec, "ReplicaSet", errors)
    _validate_strategy(spec.get("strategy") or {}, "spec.strategy", errors)
    for field in ("minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"):
        errors.non_negative(f"spec.{field}", spec.get(field))
    deadline = spec.get("progressDeadlineSeconds")
    if deadline is not None and deadline <= (spec.get("minReadySeconds") or 0):
        errors.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")


def _validate_strategy(strategy: Obj, path: str, errors: Errors) -> None:
    kind, rolling = strategy.get("type", ""), strategy.get("rollingUpdate")
    if kind == "Recreate":
        if rolling is not None:
            errors.forbidden(f"{path}.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")
    elif kind == "RollingUpdate":
        if rolling is None:
            errors.required(f"{path}.rollingUpdate", "this should be defaulted and never be nil")
        else:
            _validate_rolling(rolling, f"{path}.rollingUpdate", errors)
    else:
        errors.not_supported(path, internal("V1DeploymentStrategy", strategy), ("Recreate", "RollingUpdate"))


def _validate_rolling(rolling: Obj, path: str, errors: Errors) -> None:
    unavailable, surge = rolling.get("maxUnavailable", 0), rolling.get("maxSurge", 0)
    validate_count_or_percent(unavailable, f"{path}.maxUnavailable", errors)
    validate_count_or_percent(surge, f"{path}.maxSurge", errors)
    if amount(unavailable) == 0 and amount(surge) == 0:
        errors.invalid(f"{path}.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0")
    validate_at_most_all(unavailable, f"{path}.maxUnavailable", errors)


def validate_count_or_percent(value: int | str, path: str, errors: Errors) -> None:
    """A number that is not negative, or a percentage."""
    if isinstance(value, str):
        errors.each_invalid(path, value, names.percent(value))
    else:
        errors.non_negative(path, value)


def amount(value: int | str) -> int:
    """The number in a count or percentage (or in a text that is a number); 0 for what is neither."""
    if isinstance(value, int):
        return value
    digits = value if names.percent(value) else value.removesuffix("%")
    return int(digits) if re.fullmatch(r"[+-]?\d{1,18}", digits, re.ASCII) else 0


def validate_at_most_all(value: int | str, path: str, errors: Errors) -> None:
    """A percentage is no more than 100."""
    if isinstance(value, str) and not names.percent(value) and amount(value) > 100:
        errors.invalid(path, value, "must not be greater than 100%")


def validate_deployment_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The selector of a deployment stays."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_deployment_spec(new["spec"], errors)
    errors.immutable("spec.selector", new["spec"].get("selector"), old["spec"].get("selector"))


_COUNTS: Final = (
    "replicas",
    "updatedReplicas",
    "readyReplicas",
    "availableReplicas",
    "unavailableReplicas",
    "observedGeneration",
)


def validate_replicas_status(new: Obj, old: Obj, errors: Errors) -> None:
    """Counts in a status are not negative, and no count is more than all replicas."""
    status = new.get("status") or {}
    for field in ("observedGeneration", *_COUNTS[:-1], "fullyLabeledReplicas", "currentReplicas"):
        errors.non_negative(f"status.{field}", status.get(field))
    total = status.get("replicas") or 0
    for field in ("fullyLabeledReplicas", "updatedReplicas", "readyReplicas", "currentReplicas", "availableReplicas"):
        if (status.get(field) or 0) > total:
            errors.invalid(f"status.{field}", status.get(field) or 0, "cannot be greater than status.replicas")
    if (status.get("availableReplicas") or 0) > (status.get("readyReplicas") or 0):
        errors.invalid("status.availableReplicas", status["availableReplicas"], "cannot be greater than readyReplicas")
    validate_object_meta_update(new["metadata"], old["metadata"], errors)


def validate_replica_set(replica_set: Obj, errors: Errors) -> None:
    """A new replica set."""
    validate_object_meta(replica_set["metadata"], True, names.dns_subdomain, errors)
    _validate_replica_set_spec(replica_set["spec"], errors)


def _validate_replica_set_spec(spec: Obj, errors: Errors) -> None:
    errors.non_negative("spec.replicas", spec.get("replicas"))
    errors.non_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    _validate_selector(spec, "empty selector is invalid for deployment", errors)
    _validate_template(spec, "ReplicaSet", errors)


def validate_replica_set_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The selector of a replica set stays."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_replica_set_spec(new["spec"], errors)
    errors.immutable("spec.selector", new["spec"].get("selector"), old["spec"].get("selector"))


def validate_template(template: Obj, errors: Errors) -> None:
    """A pod template that stands for itself."""
    validate_object_meta(template["metadata"], True, names.dns_subdomain, errors)
    validate_pod_template(template.get("template") or {}, "template", errors)


def validate_replication_controller(controller: Obj, errors: Errors) -> None:
    """A new replication controller."""
    validate_object_meta(controller["metadata"], True, names.dns_subdomain, errors)
    _validate_controller_spec(controller["spec"], errors)


def _validate_controller_spec(spec: Obj, errors: Errors) -> None:
    errors.non_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    selector, template = spec.get("selector") or {}, spec.get("template")
    if not selector:
        errors.required("spec.selector")
    errors.non_negative("spec.replicas", spec.get("replicas"))
    if template is None:
        errors.required("spec.template")
        return
    labels = _labels_of(template)
    if any((labels or {}).get(key) != value for key, value in selector.items()):
        errors.invalid("spec.template.metadata.labels", labels, _MISMATCH)
    validate_pod_template(template, "spec.template", errors)
    _validate_always(template, "ReplicationController", errors)


def validate_replication_controller_update(new: Obj, old: Obj, errors: Errors) -> None:
    """A replication controller may change as it likes."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_controller_spec(new["spec"], errors)


def validate_stateful_set(stateful_set: Obj, errors: Errors) -> None:
    """A new stateful set."""
    validate_object_meta(stateful_set["metadata"], True, names.dns_label, errors)
    _validate_stateful_set_spec(stateful_set["spec"], errors)


def _validate_stateful_set_spec(spec: Obj, errors: Errors) -> None:
    management = spec.get("podManagementPolicy", "")
    if not management:
        errors.required("spec.podManagementPolicy")
    elif management not in ("OrderedReady", "Parallel"):
        errors.invalid("spec.podManagementPolicy", management, "must be 'OrderedReady' or 'Parallel'")
    _validate_stateful_strategy(spec.get("updateStrategy") or {}, errors)
    _validate_retention(spec.get("persistentVolumeClaimRetentionPolicy"), errors)
    errors.non_negative("spec.replicas", spec.get("replicas"))
    errors.non_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    errors.non_negative("spec.ordinals.start", (spec.get("ordinals") or {}).get("start"))
    _validate_selector(spec, "empty selector is invalid for statefulset", errors)
    template = spec.get("template") or {}
    chosen = selects(spec.get("selector"), _labels_of(template))
    if chosen is None:
        errors.invalid("spec.selector", spec.get("selector"), "")
    else:
        if not chosen and not is_empty(spec.get("selector")):
            errors.invalid("spec.template.metadata.labels", _labels_of(template), _MISMATCH)
        _validate_claimed_template(spec, template, errors)
    own = template.get("spec") or {}
    if own.get("restartPolicy") != "Always":
        errors.not_supported("spec.template.spec.restartPolicy", own.get("restartPolicy", ""), ("Always",))
    if own.get("activeDeadlineSeconds") is not None:
        errors.forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in StatefulSet is not Supported")
    service = spec.get("serviceName", "")
    if service:
        errors.each_invalid("spec.serviceName", service, names.dns_subdomain(service))
    errors.non_negative("spec.revisionHistoryLimit", spec.get("revisionHistoryLimit"))


def _validate_claimed_template(spec: Obj, template: Obj, errors: Errors) -> None:
    """The template with its claim templates as volumes: a claim takes the place of a volume of its name."""
    claims = [(claim.get("metadata") or {}).get("name", "") for claim in spec.get("volumeClaimTemplates") or []]
    pod = template.get("spec") or {}
    volumes = [volume for volume in pod.get("volumes") or [] if volume.get("name") not in claims]
    volumes += [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in claims if name]
    validate_pod_template({**template, "spec": {**pod, "volumes": volumes}}, "spec.template", errors)


def _validate_stateful_strategy(strategy: Obj, errors: Errors) -> None:
    kind, rolling = strategy.get("type", ""), strategy.get("rollingUpdate")
    path = "spec.updateStrategy"
    if not kind:
        errors.required(path)
    elif kind == "OnDelete":
        if rolling is not None:
            shown = internal("V1RollingUpdateStatefulSetStrategy", rolling)
            errors.invalid(f"{path}.rollingUpdate", shown, "only allowed for updateStrategy 'RollingUpdate'")
    elif kind == "RollingUpdate":
        if rolling is not None:
            errors.non_negative(f"{path}.rollingUpdate.partition", rolling.get("partition"))
            limit = rolling.get("maxUnavailable")
            if limit is not None:
                validate_count_or_percent(limit, f"{path}.rollingUpdate.maxUnavailable", errors)
                if amount(limit) == 0:
                    errors.invalid(f"{path}.rollingUpdate.maxUnavailable", limit, "cannot be 0")
                validate_at_most_all(limit, f"{path}.rollingUpdate.maxUnavailable", errors)
    else:
        shown = internal("V1StatefulSetUpdateStrategy", strategy)
        errors.invalid(path, shown, "must be 'RollingUpdate' or 'OnDelete'")


def _validate_retention(policy: Obj | None, errors: Errors) -> None:
    for field in ("whenDeleted", "whenScaled") if policy else ():
        value = (policy or {}).get(field, "")
        if value not in ("Retain", "Delete"):
            path = f"spec.persistentVolumeClaimRetentionPolicy.{field}"
            errors.not_supported(path, value, ("Retain", "Delete"))


_STATEFUL_UPDATABLE: Final = (
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
)


def validate_stateful_set_update(new: Obj, old: Obj, errors: Errors) -> None:
    """Little but replicas, template and strategies of a stateful set may change."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_stateful_set_spec(new["spec"], errors)

    def fixed(spec: Obj) -> dict[str, Any]:
        return {key: value for key, value in spec.items() if key not in _STATEFUL_UPDATABLE and value not in (None, "", [])}

    if fixed(new["spec"]) != fixed(old["spec"]):
        fields = ", ".join(f"'{field}'" for field in _STATEFUL_UPDATABLE[:-1])
        why = f"updates to statefulset spec for fields other than {fields} and 'minReadySeconds' are forbidden"
        errors.forbidden("spec", why)


def validate_daemon_set(daemon_set: Obj, errors: Errors) -> None:
    """A new daemon set."""
    validate_object_meta(daemon_set["metadata"], True, names.dns_subdomain, errors)
    _validate_daemon_set_spec(daemon_set["spec"], errors)


def _validate_daemon_set_spec(spec: Obj, errors: Errors) -> None:
    selector, template = spec.get("selector"), spec.get("template") or {}
    validate_label_selector(selector, "spec.selector", errors)
    if selects(selector, _labels_of(template)) is False:
        errors.invalid("spec.template.metadata.labels", _labels_of(template), _MISMATCH)
    if is_empty(selector):
        errors.invalid("spec.selector", selector, "empty selector is invalid for daemonset")
    validate_pod_template(template, "spec.template", errors)
    _validate_always(template, "DaemonSet", errors)
    errors.non_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    strategy = spec.get("updateStrategy") or {}
    kind, rolling = strategy.get("type", ""), strategy.get("rollingUpdate")
    if kind == "RollingUpdate":
        if rolling is None:
            errors.required("spec.updateStrategy.rollingUpdate")
        else:
            _validate_daemon_rolling(rolling, "spec.updateStrategy.rollingUpdate", errors)
    elif kind != "OnDelete":
        shown = internal("V1DaemonSetUpdateStrategy", strategy)
        errors.not_supported("spec.updateStrategy", shown, ("RollingUpdate", "OnDelete"))
    errors.non_negative("spec.revisionHistoryLimit", spec.get("revisionHistoryLimit"))


def _validate_daemon_rolling(rolling: Obj, path: str, errors: Errors) -> None:
    unavailable, surge = rolling.get("maxUnavailable", 0), rolling.get("maxSurge", 0)
    for field, value in (("maxUnavailable", unavailable), ("maxSurge", surge)):
        validate_count_or_percent(value, f"{path}.{field}", errors)
        validate_at_most_all(value, f"{path}.{field}", errors)
    if amount(unavailable) and amount(surge):
        errors.invalid(f"{path}.maxSurge", surge, "may not be set when maxUnavailable is non-zero")
    elif not amount(unavailable) and not amount(surge):
        errors.required(f"{path}.maxUnavailable", "cannot be 0 when maxSurge is 0")


def validate_daemon_set_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The selector of a daemon set stays."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_daemon_set_spec(new["spec"], errors)
    errors.immutable("spec.selector", new["spec"].get("selector"), old["spec"].get("selector"))
