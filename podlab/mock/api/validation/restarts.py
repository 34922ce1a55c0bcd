"""When containers are restarted: after their end, and when they are resized."""

from typing import Any, Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation.field import Errors

_POLICIES: Final = ("Always", "Never", "OnFailure")
_ACTIONS: Final = ("Restart", "RestartAllContainers")
_OPERATORS: Final = ("In", "NotIn")
_RULES_LIMIT: Final = 20
_CODES_LIMIT: Final = 255


def validate_restart_policy(container: Obj, path: str, errors: Errors) -> None:
    """The ``restartPolicy`` and ``restartPolicyRules`` of a container."""
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules") or []
    if policy is None:
        if rules:
            errors.required(f"{path}.restartPolicy", "must specify restartPolicy when restart rules are used")
    elif policy not in _POLICIES:
        errors.not_supported(f"{path}.restartPolicy", policy, _POLICIES)
    if len(rules) > _RULES_LIMIT:
        errors.too_many(f"{path}.restartPolicyRules", len(rules), _RULES_LIMIT)
    for i, rule in enumerate(rules):
        _validate_rule(rule, f"{path}.restartPolicyRules[{i}]", errors)


def _validate_rule(rule: Obj, path: str, errors: Errors) -> None:
    action, codes = rule.get("action", ""), rule.get("exitCodes")
    if action not in _ACTIONS:
        errors.not_supported(f"{path}.action", action, _ACTIONS)
    if codes is None:
        errors.required(f"{path}.exitCodes", "must be specified")
        return
    if codes.get("operator", "") not in _OPERATORS:
        errors.not_supported(f"{path}.exitCodes.operator", codes.get("operator", ""), _OPERATORS)
    values: list[Any] = codes.get("values") or []
    if len(values) > _CODES_LIMIT:
        errors.too_many(f"{path}.exitCodes.values", len(values), _CODES_LIMIT)


def validate_resize_policy(policies: list[Obj], spec: Obj, path: str, errors: Errors) -> None:
    """The ``resizePolicy`` of a container in a pod with ``spec``."""
    seen: set[str] = set()
    for i, policy in enumerate(policies):
        name, restart = policy.get("resourceName", ""), policy.get("restartPolicy", "")
        if name in seen:
            errors.duplicate(f"{path}[{i}]", name)
        seen.add(name)
        for value, supported in ((name, ("cpu", "memory")), (restart, ("NotRequired", "RestartContainer"))):
            if not value:
                errors.required(path)
            elif value not in supported:
                errors.not_supported(path, value, supported)
        if spec.get("restartPolicy") == "Never" and restart != "NotRequired":
            errors.invalid(path, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'")
