"""Jobs."""

import re
from typing import Any, Final

from podlab.mock.api.errors import Obj, quote
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import OMITTED, Errors
from podlab.mock.api.validation.internal import internal
from podlab.mock.api.validation.meta import selects, validate_label_selector, validate_object_meta, validate_object_meta_update
from podlab.mock.api.validation.podspecs import validate_pod_template

_LIMIT: Final = 100_000
_LONGEST_INDEXES: Final = 64 * 1024
_HIGH_COMPLETIONS_PARALLELISM: Final = 10_000
_WHEN_HIGH: Final = (
    f"must be less than or equal to {_HIGH_COMPLETIONS_PARALLELISM} when completions are above {_LIMIT} and used with backoff "
    "limit per index"
)
_GENERATED: Final = ("controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name")


def validate_job(job: Obj, errors: Errors) -> None:
    """A new job."""
    meta, spec = job["metadata"], job["spec"]
    own = meta.get("labels") or {}
    if set(own) == set(_GENERATED) and own == (spec["template"].get("metadata") or {}).get("labels"):
        # Labels that came from the template, which had none of its own, reach the job only after validation.
        own = {}
    validate_object_meta({**meta, "labels": own}, True, names.dns_subdomain, errors)
    _validate_generated_selector(job, errors)
    _validate_spec_with_selector(spec, errors)
    if spec.get("completionMode") == "Indexed" and (spec.get("completions") or 0) > 0:
        host = f"{meta.get('name', '')}-{spec['completions'] - 1}"
        if names.dns_label(host):
            errors.invalid("metadata.name", meta.get("name", ""), f"will not able to create pod with invalid DNS label: {host}")


def _validate_generated_selector(job: Obj, errors: Errors) -> None:
    spec, meta = job["spec"], job["metadata"]
    selector = spec.get("selector")
    if spec.get("manualSelector") or selector is None:
        return
    uid, name = meta.get("uid", ""), meta.get("name", "")
    if not uid:
        errors.required("metadata.uid")
    expected = dict(zip(_GENERATED, (uid, name, uid, name), strict=True))
    labels = (spec["template"].get("metadata") or {}).get("labels") or {}
    for key, value in expected.items():
        path = f"spec.template.metadata.labels[{key}]"
        if key not in labels:
            errors.required(path, f"must be '{value}'")
        elif labels[key] != value:
            errors.invalid(path, labels, f"must be '{value}'")
    if selects(selector, expected) is False:
        errors.invalid("spec.selector", selector, "`selector` not auto-generated")


def _validate_spec_with_selector(spec: Obj, errors: Errors) -> None:
    validate_job_spec(spec, "spec", errors)
    selector = spec.get("selector")
    if selector is None:
        errors.required("spec.selector")
    else:
        validate_label_selector(selector, "spec.selector", errors)
    labels = (spec["template"].get("metadata") or {}).get("labels")
    if selects(selector, labels) is False:
        errors.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")


def validate_job_spec(spec: Obj, path: str, errors: Errors) -> None:
    """What a job and a cron job's template have in common."""
    for field in (
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
    ):
        errors.non_negative(f"{path}.{field}", spec.get(field))
    if spec.get("maxFailedIndexes") is not None:
        errors.non_negative(f"{path}.maxFailedIndexes", spec["maxFailedIndexes"])
        if spec.get("backoffLimitPerIndex") is None:
            errors.required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified")
    _validate_manager(spec.get("managedBy"), f"{path}.managedBy", errors)
    _validate_mode(spec, path, errors)
    _validate_failure_policy(spec, f"{path}.podFailurePolicy", errors)
    _validate_success_policy(spec, f"{path}.successPolicy", errors)
    _validate_replacement(spec, f"{path}.podReplacementPolicy", errors)
    validate_pod_template(spec.get("template") or {}, f"{path}.template", errors)
    policy = ((spec.get("template") or {}).get("spec") or {}).get("restartPolicy", "")
    where = f"{path}.template.spec.restartPolicy"
    if policy == "Always":
        errors.required(where, 'valid values: "OnFailure", "Never"')
    elif policy not in ("OnFailure", "Never"):
        errors.not_supported(where, policy, ("OnFailure", "Never"))
    elif policy != "Never" and spec.get("podFailurePolicy") is not None:
        errors.invalid(where, policy, 'only "Never" is supported when podFailurePolicy is specified')


def _validate_manager(name: str | None, path: str, errors: Errors) -> None:
    if name is None:
        return
    domain, slash, rest = name.partition("/")
    if not slash or not domain or not rest:
        errors.invalid(path, name, 'must be a domain-prefixed path (such as "acme.io/foo")')
    else:
        errors.each_invalid(path, domain, names.dns_subdomain(domain))
    if len(name) > 63:
        errors.too_long(path, 63)


def _validate_mode(spec: Obj, path: str, errors: Errors) -> None:
    mode, completions, parallelism = spec.get("completionMode"), spec.get("completions"), spec.get("parallelism") or 0
    if mode not in (None, "NonIndexed", "Indexed"):
        errors.not_supported(f"{path}.completionMode", mode, ("NonIndexed", "Indexed"))
    if mode in (None, "NonIndexed"):
        for field in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if spec.get(field) is not None:
                errors.invalid(f"{path}.{field}", spec[field], "requires indexed completion mode")
    if mode != "Indexed":
        return
    _validate_indexed(spec, completions, parallelism, path, errors)


def _validate_indexed(spec: Obj, completions: int | None, parallelism: int, path: str, errors: Errors) -> None:
    if completions is None:
        errors.required(f"{path}.completions", "when completion mode is Indexed")
    if parallelism > _LIMIT:
        why = f"must be less than or equal to {_LIMIT} when completion mode is Indexed"
        errors.invalid(f"{path}.parallelism", parallelism, why)
    failed = spec.get("maxFailedIndexes")
    if failed is not None and completions is not None and failed > completions:
        errors.invalid(f"{path}.maxFailedIndexes", failed, "must be less than or equal to completions")
    if failed is not None and failed > _LIMIT:
        errors.invalid(f"{path}.maxFailedIndexes", failed, f"must be less than or equal to {_LIMIT}")
    if (completions or 0) > _LIMIT and spec.get("backoffLimitPerIndex") is not None:
        if failed is None:
            errors.required(f"{path}.maxFailedIndexes", f"must be specified when completions is above {_LIMIT}")
        if parallelism > _HIGH_COMPLETIONS_PARALLELISM:
            errors.invalid(f"{path}.parallelism", parallelism, _WHEN_HIGH)
        if failed is not None and failed > _HIGH_COMPLETIONS_PARALLELISM:
            errors.invalid(f"{path}.maxFailedIndexes", failed, _WHEN_HIGH)


_ACTIONS: Final = ("Count", "FailIndex", "FailJob", "Ignore")


def _validate_failure_policy(spec: Obj, path: str, errors: Errors) -> None:
    policy = spec.get("podFailurePolicy")
    if policy is None:
        return
    rules = policy.get("rules") or []
    if len(rules) > 20:
        errors.too_many(f"{path}.rules", len(rules), 20)
    containers = {
        container.get("name")
        for key in ("containers", "initContainers")
        for container in ((spec.get("template") or {}).get("spec") or {}).get(key) or []
    }
    for i, rule in enumerate(rules):
        where = f"{path}.rules[{i}]"
        _validate_action(rule.get("action", ""), spec, f"{where}.action", errors)
        codes, conditions = rule.get("onExitCodes"), rule.get("onPodConditions") or []
        if codes is not None:
            _validate_exit_codes(codes, containers, f"{where}.onExitCodes", errors)
        if len(conditions) > 20:
            errors.too_many(f"{where}.onPodConditions", len(conditions), 20)
        for j, pattern in enumerate(conditions):
            _validate_pattern(pattern, f"{where}.onPodConditions[{j}]", errors)
        if codes is not None and conditions:
            errors.invalid(where, OMITTED, "specifying both OnExitCodes and OnPodConditions is not supported")
        if codes is None and not conditions:
            errors.invalid(where, OMITTED, "specifying one of OnExitCodes and OnPodConditions is required")


def _validate_action(action: str, spec: Obj, path: str, errors: Errors) -> None:
    if not action:
        errors.required(path, f"valid values: [{' '.join(quote(each) for each in _ACTIONS)}]")
    elif action == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
        errors.invalid(path, action, "requires the backoffLimitPerIndex to be set")
    elif action not in _ACTIONS:
        errors.not_supported(path, action, _ACTIONS)


def _validate_exit_codes(codes: Obj, containers: set[Any], path: str, errors: Errors) -> None:
    operator, values = codes.get("operator", ""), codes.get("values") or []
    if not operator:
        errors.required(f"{path}.operator", 'valid values: ["In" "NotIn"]')
    elif operator not in ("In", "NotIn"):
        errors.not_supported(f"{path}.operator", operator, ("In", "NotIn"))
    name = codes.get("containerName")
    if name is not None and name not in containers:
        errors.invalid(f"{path}.containerName", name, "must be one of the container or initContainer names in the pod template")
    if not values:
        errors.invalid(f"{path}.values", None, "at least one value is required")
    elif len(values) > 255:
        errors.too_many(f"{path}.values", len(values), 255)
    for i, value in enumerate(values):
        if operator == "In" and value == 0:
            errors.invalid(f"{path}.values[{i}]", value, "must not be 0 for the In operator")
        if value in values[:i]:
            errors.duplicate(f"{path}.values[{i}]", value)
    if values != sorted(values):
        errors.invalid(f"{path}.values", values, "must be ordered")


def _validate_pattern(pattern: Obj, path: str, errors: Errors) -> None:
    kind, status = pattern.get("type", ""), pattern.get("status", "")
    errors.each_invalid(f"{path}.type", kind, names.qualified_name(kind))
    if not status:
        errors.required(f"{path}.status", 'valid values: ["False" "True" "Unknown"]')
    elif status not in ("False", "True", "Unknown"):
        errors.not_supported(f"{path}.status", status, ("False", "True", "Unknown"))


def _validate_success_policy(spec: Obj, path: str, errors: Errors) -> None:
    policy = spec.get("successPolicy")
    if policy is None:
        return
    if spec.get("completionMode") != "Indexed":
        errors.invalid(path, internal("V1SuccessPolicy", policy), "requires indexed completion mode")
        return
    rules = policy.get("rules") or []
    if not rules:
        errors.required(f"{path}.rules", "at least one rules must be specified when the successPolicy is specified")
    if len(rules) > 20:
        errors.too_many(f"{path}.rules", len(rules), 20)
    for i, rule in enumerate(rules):
        _validate_success_rule(rule, spec.get("completions") or 0, f"{path}.rules[{i}]", errors)


def _validate_success_rule(rule: Obj, completions: int, path: str, errors: Errors) -> None:
    count, indexes = rule.get("succeededCount"), rule.get("succeededIndexes")
    if count is None and indexes is None:
        errors.required(path, "at least one of succeededCount or succeededIndexes must be specified")
    total = 0
    if indexes is not None:
        if len(indexes) > _LONGEST_INDEXES:
            errors.too_long(f"{path}.succeededIndexes", _LONGEST_INDEXES)
        total, problem = _count_indexes(indexes, completions)
        if problem:
            errors.invalid(f"{path}.succeededIndexes", indexes, f"error parsing succeededIndexes: {problem}")
    if count is None:
        return
    errors.non_negative(f"{path}.succeededCount", count)
    if count > completions:
        why = f"must be less than or equal to {completions} (the number of specified completions)"
        errors.invalid(f"{path}.succeededCount", count, why)
    if indexes is not None and count > total:
        why = f"must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
        errors.invalid(f"{path}.succeededCount", count, why)


def _count_indexes(text: str, completions: int) -> tuple[int, str]:
    """How many indexes ``1,3-5`` are; or 0, and what is wrong."""
    total, last = 0, None
    for interval in text.split(",") if text else ():
        ends = interval.split("-")
        if len(ends) > 2:
            two = "violates the requirement that an index interval can have at most two parts separated by '-'"
            return 0, f"the fragment {quote(interval)} {two}"
        for end in ends:
            if not re.fullmatch(r"[+-]?\d+", end, re.ASCII):
                return 0, f"cannot convert string to integer for index: {quote(end)}"
            if int(end) >= completions:
                return 0, f"too large index: {quote(end)}"
        first, end_ = int(ends[0]), int(ends[-1])
        if len(ends) == 2 and first >= end_:
            return 0, f"non-increasing order, previous: {first}, current: {end_}"
        if last is not None and last >= first:
            return 0, f"non-increasing order, previous: {last}, current: {first}"
        total, last = total + end_ - first + 1, end_
    return total, ""


def _validate_replacement(spec: Obj, path: str, errors: Errors) -> None:
    policy = spec.get("podReplacementPolicy")
    if policy is None:
        return
    if spec.get("podFailurePolicy") is not None:
        if policy != "Failed":
            errors.not_supported(path, policy, ("Failed",))
    elif policy not in ("Failed", "TerminatingOrFailed"):
        errors.not_supported(path, policy, ("Failed", "TerminatingOrFailed"))


_SUSPENDED: Final = ("nodeSelector", "affinity", "tolerations", "schedulingGates")


_KEPT: Final = {
    "completionMode": "",
    "podFailurePolicy": "V1PodFailurePolicy",
    "backoffLimitPerIndex": "",
    "managedBy": "",
    "successPolicy": "V1SuccessPolicy",
}
"""What of a job's spec stays, and the models of what is more than a number or a name."""


def validate_job_update(new: Obj, old: Obj, errors: Errors) -> None:
    """What a job runs stays; while it is suspended and unstarted, where it runs may change."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    spec, before = new["spec"], old["spec"]
    _validate_spec_with_selector(spec, errors)
    _validate_completions(spec, before, errors)
    errors.immutable("spec.selector", spec.get("selector"), before.get("selector"))
    template, was = spec["template"], before["template"]
    if before.get("suspend") and (old.get("status") or {}).get("startTime") is None:
        template = _with_directives(template, was)
    if template != was:
        errors.invalid("spec.template", internal("V1PodTemplateSpec", spec["template"]), "field is immutable")
    for field, model in _KEPT.items():
        now, then = spec.get(field), before.get(field)
        errors.immutable(f"spec.{field}", now, then, internal(model, now) if model and now else now)


def _validate_completions(spec: Obj, before: Obj, errors: Errors) -> None:
    completions, was = spec.get("completions"), before.get("completions")
    if spec.get("completionMode") != "Indexed":
        errors.immutable("spec.completions", completions, was)
    elif completions not in (was, None, spec.get("parallelism")):
        errors.invalid("spec.completions", completions, "can only be modified in tandem with spec.parallelism")


def _with_directives(template: Obj, was: Obj) -> Obj:
    """``template`` with the scheduling directives and labels of ``was``."""
    spec = {key: value for key, value in (template.get("spec") or {}).items() if key not in _SUSPENDED}
    spec.update({key: was["spec"][key] for key in _SUSPENDED if key in was["spec"]})
    return {**template, "metadata": was.get("metadata", {}), "spec": spec}


def validate_job_status(new: Obj, old: Obj, errors: Errors) -> None:
    """Counts of a job are not negative."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    for field in ("active", "succeeded", "failed", "ready", "terminating"):
        errors.non_negative(f"status.{field}", (new.get("status") or {}).get(field))
