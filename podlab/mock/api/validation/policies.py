"""Network policies and disruption budgets."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_label_selector, validate_object_meta, validate_object_meta_update
from podlab.mock.api.validation.workloads import validate_at_most_all, validate_count_or_percent


def validate_network_policy(policy: Obj, errors: Errors) -> None:
    """A network policy, new or changed."""
    validate_object_meta(policy["metadata"], True, names.dns_subdomain, errors)
    spec = policy["spec"]
    validate_label_selector(spec.get("podSelector"), "spec.podSelector", errors)
    for field, peers in (("ingress", "from"), ("egress", "to")):
        for i, rule in enumerate(spec.get(field) or []):
            for j, port in enumerate(rule.get("ports") or []):
                _validate_policy_port(port, f"spec.{field}[{i}].ports[{j}]", errors)
            for j, peer in enumerate(rule.get(peers) or []):
                _validate_peer(peer, f"spec.{field}[{i}].{peers}[{j}]", errors)
    types = spec.get("policyTypes") or []
    if len(types) > 2:
        errors.invalid("spec.policyTypes", types, "may not specify more than two policyTypes")
    for i, kind in enumerate(types if len(types) <= 2 else ()):
        if kind not in ("Ingress", "Egress"):
            errors.not_supported(f"spec.policyTypes[{i}]", kind, ("Egress", "Ingress"))


def _validate_policy_port(port: Obj, path: str, errors: Errors) -> None:
    if port.get("protocol") not in (None, "TCP", "UDP", "SCTP"):
        errors.not_supported(f"{path}.protocol", port["protocol"], ("SCTP", "TCP", "UDP"))
    number, end = port.get("port"), port.get("endPort")
    if isinstance(number, int):
        errors.each_invalid(f"{path}.port", number, names.port_number(number))
        if end is not None:
            if end < number:
                errors.invalid(f"{path}.endPort", end, "must be greater than or equal to `port`")
            errors.each_invalid(f"{path}.endPort", end, names.port_number(end))
        return
    if isinstance(number, str):
        errors.each_invalid(f"{path}.port", number, names.port_name(number))
    if end is not None:
        why = "may not be specified when `port` is non-numeric" if number else "may not be specified when `port` is not specified"
        errors.invalid(f"{path}.endPort", end, why)


def _validate_peer(peer: Obj, path: str, errors: Errors) -> None:
    given = [field for field in ("podSelector", "namespaceSelector", "ipBlock") if peer.get(field) is not None]
    for field in given:
        if field != "ipBlock":
            validate_label_selector(peer[field], f"{path}.{field}", errors)
    if "ipBlock" in given:
        _validate_ip_block(peer["ipBlock"], f"{path}.ipBlock", errors)
    if not given:
        errors.required(path, "must specify a peer")
    elif len(given) > 1 and "ipBlock" in given:
        errors.forbidden(path, "may not specify both ipBlock and another peer")


def _validate_ip_block(block: Obj, path: str, errors: Errors) -> None:
    cidr = block.get("cidr", "")
    if not cidr:
        errors.required(f"{path}.cidr")
        return
    errors.each_invalid(f"{path}.cidr", cidr, names.cidr(cidr))
    if names.cidr(cidr):
        return
    whole = ip_network(cidr, strict=False)
    for i, exception in enumerate(block.get("except") or []):
        wrong = names.cidr(exception)
        errors.each_invalid(f"{path}.except[{i}]", exception, wrong)
        if not wrong and not _is_strictly_within(ip_network(exception, strict=False), whole):
            errors.invalid(f"{path}.except[{i}]", exception, "must be a strict subset of `cidr`")


def _is_strictly_within(part: IPv4Network | IPv6Network, whole: IPv4Network | IPv6Network) -> bool:
    return part.version == whole.version and part.prefixlen > whole.prefixlen and part.network_address in whole


def validate_network_policy_update(new: Obj, old: Obj, errors: Errors) -> None:
    """A network policy may change as it likes."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    validate_network_policy(new, errors)


def validate_disruption_budget(budget: Obj, errors: Errors) -> None:
    """A new disruption budget."""
    validate_object_meta(budget["metadata"], True, names.dns_subdomain, errors)
    _validate_budget_spec(budget["spec"], errors)


def _validate_budget_spec(spec: Obj, errors: Errors) -> None:
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if least is not None and most is not None:
        shown = {"MinAvailable": least, "Selector": spec.get("selector"), "MaxUnavailable": most}
        shown["UnhealthyPodEvictionPolicy"] = spec.get("unhealthyPodEvictionPolicy")
        errors.invalid("spec", shown, "minAvailable and maxUnavailable cannot be both set")
    for field, value in (("minAvailable", least), ("maxUnavailable", most)):
        if value is not None:
            validate_count_or_percent(value, f"spec.{field}", errors)
            validate_at_most_all(value, f"spec.{field}", errors)
    validate_label_selector(spec.get("selector"), "spec.selector", errors)
    policy = spec.get("unhealthyPodEvictionPolicy")
    if policy not in (None, "AlwaysAllow", "IfHealthyBudget"):
        errors.not_supported("spec.unhealthyPodEvictionPolicy", policy, ("AlwaysAllow", "IfHealthyBudget"))


def validate_disruption_budget_update(new: Obj, old: Obj, errors: Errors) -> None:
    """A disruption budget may change as it likes."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_budget_spec(new["spec"], errors)
