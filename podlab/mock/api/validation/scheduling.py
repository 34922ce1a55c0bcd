"""Where a pod may run: affinity, tolerations, topology spread."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.internal import internal
from podlab.mock.api.validation.meta import validate_label_selector

_REQUIRED: Final = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED: Final = "preferredDuringSchedulingIgnoredDuringExecution"
_EFFECTS: Final = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def validate_affinity(affinity: Obj | None, path: str, errors: Errors) -> None:
    """Affinity to nodes and pods."""
    if not affinity:
        return
    node = affinity.get("nodeAffinity")
    if node is not None:
        if node.get(_REQUIRED) is not None:
            validate_node_selector(node[_REQUIRED], f"{path}.nodeAffinity.{_REQUIRED}", errors)
        for i, term in enumerate(node.get(_PREFERRED) or []):
            where = f"{path}.nodeAffinity.{_PREFERRED}[{i}]"
            _validate_weight(term, where, errors)
            _validate_node_term(term.get("preference") or {}, f"{where}.preference", errors, check_values=False)
    for kind in ("podAffinity", "podAntiAffinity"):
        rules = affinity.get(kind) or {}
        for i, term in enumerate(rules.get(_REQUIRED) or []):
            _validate_pod_term(term, f"{path}.{kind}.{_REQUIRED}[{i}]", errors)
        for i, weighted in enumerate(rules.get(_PREFERRED) or []):
            where = f"{path}.{kind}.{_PREFERRED}[{i}]"
            _validate_weight(weighted, where, errors)
            _validate_pod_term(weighted.get("podAffinityTerm") or {}, f"{where}.podAffinityTerm", errors)


def _validate_weight(term: Obj, path: str, errors: Errors) -> None:
    weight = term.get("weight") or 0
    if not 0 < weight <= 100:
        errors.invalid(f"{path}.weight", weight, "must be in the range 1-100")


def validate_node_selector(selector: Obj, path: str, errors: Errors) -> None:
    """Terms of which a node must fulfil one (also of persistent volumes)."""
    terms = selector.get("nodeSelectorTerms") or []
    if not terms:
        errors.required(f"{path}.nodeSelectorTerms", "must have at least one node selector term")
    for i, term in enumerate(terms):
        _validate_node_term(term, f"{path}.nodeSelectorTerms[{i}]", errors)


def _validate_node_term(term: Obj, path: str, errors: Errors, check_values: bool = True) -> None:
    for i, rule in enumerate(term.get("matchExpressions") or []):
        _validate_node_rule(rule, f"{path}.matchExpressions[{i}]", errors, check_values)
    for i, rule in enumerate(term.get("matchFields") or []):
        where = f"{path}.matchFields[{i}]"
        operator, values, key = rule.get("operator", ""), rule.get("values") or [], rule.get("key", "")
        if operator not in ("In", "NotIn"):
            errors.invalid(f"{where}.operator", operator, "not a valid selector operator")
        elif len(values) != 1:
            errors.required(
                f"{where}.values", "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
            )
        if key != "metadata.name":
            errors.invalid(f"{where}.key", key, "not a valid field selector key")
        else:
            for j, value in enumerate(values):
                errors.each_invalid(f"{where}.values[{j}]", value, names.dns_subdomain(value))


def _validate_node_rule(rule: Obj, path: str, errors: Errors, check_values: bool) -> None:
    operator, values, key = rule.get("operator", ""), rule.get("values") or [], rule.get("key", "")
    if operator in ("In", "NotIn"):
        if not values:
            errors.required(f"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            errors.forbidden(f"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
    elif operator in ("Gt", "Lt"):
        if len(values) != 1:
            errors.required(f"{path}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
    else:
        errors.invalid(f"{path}.operator", operator, "not a valid selector operator")
    errors.each_invalid(f"{path}.key", key, names.qualified_name(key))
    for i, value in enumerate(values if check_values else ()):
        errors.each_invalid(f"{path}.values[{i}]", value, names.label_value(value))


_ONLY_ADDED: Final = "only additions are allowed (no mutations or deletions)"


def validate_gated_changes(spec: Obj, before: Obj, errors: Errors) -> None:
    """What may change of a pod that is not yet to be scheduled; puts back into ``spec`` what has been looked at here."""
    selector, was = spec.get("nodeSelector") or {}, before.get("nodeSelector") or {}
    if selector != was:
        if not was.items() <= selector.items():
            errors.invalid("spec.nodeSelector", selector, _ONLY_ADDED)
        spec["nodeSelector"] = was
    affinity, old = spec.get("affinity") or {}, before.get("affinity") or {}
    if affinity.get("nodeAffinity") != old.get("nodeAffinity"):
        if old.get("nodeAffinity") is not None:
            _validate_narrowed(affinity.get("nodeAffinity") or {}, old["nodeAffinity"], errors)
        others = {key: value for key, value in affinity.items() if key != "nodeAffinity"}
        kept = {"nodeAffinity": old["nodeAffinity"]} if "nodeAffinity" in old else {}
        spec["affinity"] = {**kept, **others} or before.get("affinity")


def _validate_narrowed(affinity: Obj, old: Obj, errors: Errors) -> None:
    path = f"spec.affinity.nodeAffinity.{_REQUIRED}.nodeSelectorTerms"
    terms, before = ((each.get(_REQUIRED) or {}).get("nodeSelectorTerms") or [] for each in (affinity, old))
    if before and len(terms) != len(before):
        shown = [internal("V1NodeSelectorTerm", term) for term in terms] or None
        errors.invalid(path, shown, "no additions/deletions to non-empty NodeSelectorTerms list are allowed")
        return
    for i, (term, was) in enumerate(zip(terms, before, strict=False)):
        kept = all((term.get(key) or [])[: len(was.get(key) or [])] == (was.get(key) or []) for key in _RULES)
        if not any(was.get(key) for key in _RULES) and any(term.get(key) for key in _RULES):
            kept = False  # an empty term selects nothing: it may not start to
        if not kept:
            errors.invalid(f"{path}[{i}]", internal("V1NodeSelectorTerm", term), _ONLY_ADDED)


_RULES: Final = ("matchExpressions", "matchFields")


def _validate_pod_term(term: Obj, path: str, errors: Errors) -> None:
    validate_label_selector(term.get("labelSelector"), f"{path}.labelSelector", errors)
    validate_label_selector(term.get("namespaceSelector"), f"{path}.namespaceSelector", errors)
    for name in term.get("namespaces") or []:
        errors.each_invalid(f"{path}.namespace", name, names.dns_label(name))
    match, mismatch = term.get("matchLabelKeys") or [], term.get("mismatchLabelKeys") or []
    for field, keys in (("matchLabelKeys", match), ("mismatchLabelKeys", mismatch)):
        if keys and term.get("labelSelector") is None:
            errors.forbidden(f"{path}.{field}", "must not be specified when labelSelector is not set")
        elif keys:
            for i, key in enumerate(keys):
                errors.each_invalid(f"{path}.{field}[{i}]", key, names.qualified_name(key))
    for i, key in enumerate(match):
        if key in mismatch:
            errors.invalid(f"{path}.matchLabelKeys[{i}]", key, "exists in both matchLabelKeys and mismatchLabelKeys")
    topology = term.get("topologyKey", "")
    if not topology:
        errors.required(f"{path}.topologyKey", "can not be empty")
    errors.each_invalid(f"{path}.topologyKey", topology, names.qualified_name(topology))


def validate_tolerations(tolerations: list[Obj], path: str, errors: Errors) -> None:
    """Taints that a pod bears."""
    for i, toleration in enumerate(tolerations):
        where = f"{path}[{i}]"
        key, operator = toleration.get("key", ""), toleration.get("operator", "")
        value, effect = toleration.get("value", ""), toleration.get("effect", "")
        if key:
            errors.each_invalid(f"{where}.key", key, names.qualified_name(key))
        elif operator != "Exists":
            why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            errors.invalid(f"{where}.operator", operator, why)
        if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
            errors.invalid(f"{where}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
        _validate_operator(operator, value, f"{where}.operator", errors)
        if effect:
            validate_taint_effect(effect, f"{where}.effect", errors)


def _validate_operator(operator: str, value: str, path: str, errors: Errors) -> None:
    if operator in ("Equal", ""):
        wrong = names.label_value(value)
        if wrong:
            errors.invalid(path, value, ";".join(wrong))
    elif operator == "Exists":
        if value:
            errors.invalid(path, value, "value must be empty when `operator` is 'Exists'")
    elif operator in ("Lt", "Gt"):
        errors.not_supported(path, operator, ("Equal", "Exists", "Lt", "Gt"))  # they need a feature gate
    else:
        errors.not_supported(path, operator, ("Equal", "Exists"))


def validate_taint_effect(effect: str, path: str, errors: Errors) -> None:
    """What a taint does to pods."""
    if effect not in _EFFECTS:
        errors.not_supported(path, effect, _EFFECTS)


def validate_topology_spread(constraints: list[Obj], path: str, errors: Errors) -> None:
    """How pods are spread over zones and nodes."""
    for i, constraint in enumerate(constraints):
        where = f"{path}[{i}]"
        key, action = constraint.get("topologyKey", ""), constraint.get("whenUnsatisfiable", "")
        if (constraint.get("maxSkew") or 0) <= 0:
            errors.invalid(f"{where}.maxSkew", constraint.get("maxSkew") or 0, "must be greater than zero")
        if not key:
            errors.required(f"{where}.topologyKey", "can not be empty")
        if action not in ("DoNotSchedule", "ScheduleAnyway"):
            errors.not_supported(f"{where}.whenUnsatisfiable", action, ("DoNotSchedule", "ScheduleAnyway"))
        rest = [(each.get("topologyKey", ""), each.get("whenUnsatisfiable", "")) for each in constraints[i + 1 :]]
        if (key, action) in rest:
            errors.duplicate(f"{where}.{{topologyKey, whenUnsatisfiable}}", f"{{{key}, {action}}}")
        _validate_spread_details(constraint, action, where, errors)


def _validate_spread_details(constraint: Obj, action: str, path: str, errors: Errors) -> None:
    domains = constraint.get("minDomains")
    if domains is not None:
        if domains <= 0:
            errors.invalid(f"{path}.minDomains", domains, "must be greater than zero")
        if action != "DoNotSchedule":
            why = f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
            errors.invalid(f"{path}.minDomains", domains, why)
    for field in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
        if constraint.get(field) is not None and constraint[field] not in ("Honor", "Ignore"):
            errors.not_supported(f"{path}.{field}", constraint[field], ("Honor", "Ignore"))
    keys, selector = constraint.get("matchLabelKeys") or [], constraint.get("labelSelector")
    if keys and selector is None:
        errors.forbidden(f"{path}.matchLabelKeys", "must not be specified when labelSelector is not set")
    used = {
        *((selector or {}).get("matchLabels") or {}),
        *(each.get("key") for each in (selector or {}).get("matchExpressions") or []),
    }
    for i, key in enumerate(keys):
        errors.each_invalid(f"{path}.matchLabelKeys[{i}]", key, names.qualified_name(key))
        if key in used:
            errors.invalid(f"{path}.matchLabelKeys[{i}]", key, "exists in both matchLabelKeys and labelSelector")
    validate_label_selector(selector, f"{path}.labelSelector", errors)
