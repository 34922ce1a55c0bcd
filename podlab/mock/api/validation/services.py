"""Services."""

from typing import Any, Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.families import validate_cluster_ips
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.internal import internal
from podlab.mock.api.validation.meta import validate_labels, validate_object_meta, validate_object_meta_update
from podlab.mock.api.validation.ports import validate_port, validate_protocol

_TYPES: Final = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_DISTRIBUTIONS: Final = ("PreferClose", "PreferSameZone", "PreferSameNode")
_LONGEST_AFFINITY: Final = 86400


def validate_service(service: Obj, errors: Errors) -> None:
    """A service, new or changed."""
    spec = service["spec"]
    kind, ports = spec.get("type", ""), spec.get("ports") or []
    headless = is_headless(spec)
    validate_object_meta(service["metadata"], True, names.dns_label, errors)
    _validate_topology_annotations(service["metadata"].get("annotations") or {}, errors)
    if not ports and not headless and kind != "ExternalName":
        errors.required("spec.ports")
    _validate_type_needs(spec, kind, headless, errors)
    taken: set[str] = set()
    for i, port in enumerate(ports):
        _validate_service_port(port, len(ports) > 1, taken, f"spec.ports[{i}]", errors)
    validate_labels(spec.get("selector"), "spec.selector", errors)
    _validate_affinity(spec, errors)
    if kind != "ExternalName":
        validate_cluster_ips(spec, errors)
    for i, address in enumerate(spec.get("externalIPs") or []):
        wrong = names.ip(address)
        errors.each_invalid(f"spec.externalIPs[{i}]", address, wrong)
        if not wrong:
            validate_non_special_ip(address, f"spec.externalIPs[{i}]", errors)
    if not kind:
        errors.required("spec.type")
    elif kind not in _TYPES:
        errors.not_supported("spec.type", kind, _TYPES)
    _validate_port_uniqueness(ports, kind, errors)
    _validate_source_ranges(service, kind, errors)
    _validate_load_balancer(spec, kind, errors)
    _validate_traffic(spec, kind, errors)


_TOPOLOGY_HINTS: Final = "service.kubernetes.io/topology-aware-hints"
_TOPOLOGY_MODE: Final = "service.kubernetes.io/topology-mode"


def _validate_topology_annotations(annotations: dict[str, str], errors: Errors) -> None:
    mode, hints = annotations.get(_TOPOLOGY_MODE), annotations.get(_TOPOLOGY_HINTS)
    if mode is not None and hints is not None and mode != hints:
        why = f"must match annotations[{_TOPOLOGY_HINTS}] when both are specified"
        errors.invalid(f"metadata.annotations[{_TOPOLOGY_MODE}]", mode, why)


def is_headless(spec: Obj) -> bool:
    """Whether a service has no address of its own."""
    return (spec.get("clusterIPs") or []) == ["None"]


def _validate_type_needs(spec: Obj, kind: str, headless: bool, errors: Errors) -> None:
    if kind in ("LoadBalancer", "NodePort") and headless:
        errors.invalid("spec.clusterIPs[0]", "None", f"may not be set to 'None' for {kind} services")
    if kind != "ExternalName":
        return
    for field in ("clusterIPs", "ipFamilies", "ipFamilyPolicy"):
        if spec.get(field):
            errors.forbidden(f"spec.{field}", "may not be set for ExternalName services")
    name = spec.get("externalName", "").removesuffix(".")
    if name:
        errors.each_invalid("spec.externalName", name, names.dns_subdomain(name))
    else:
        errors.required("spec.externalName")


def _validate_service_port(port: Obj, needs_name: bool, taken: set[str], path: str, errors: Errors) -> None:
    name = port.get("name", "")
    if not name:
        if needs_name:
            errors.required(f"{path}.name")
    else:
        errors.each_invalid(f"{path}.name", name, names.dns_label(name))
        if name in taken:
            errors.duplicate(f"{path}.name", name)
        taken.add(name)
    number = port.get("port") or 0
    errors.each_invalid(f"{path}.port", number, names.port_number(number))
    validate_protocol(port.get("protocol", ""), f"{path}.protocol", errors)
    validate_port(port.get("targetPort"), f"{path}.targetPort", errors)
    if port.get("appProtocol") is not None:
        errors.each_invalid(f"{path}.appProtocol", port["appProtocol"], names.qualified_name(port["appProtocol"]))


def _validate_affinity(spec: Obj, errors: Errors) -> None:
    affinity, config = spec.get("sessionAffinity", ""), spec.get("sessionAffinityConfig")
    path, why = "spec.sessionAffinityConfig", "when session affinity type is ClientIP"
    if not affinity:
        errors.required("spec.sessionAffinity")
    elif affinity not in ("ClientIP", "None"):
        errors.not_supported("spec.sessionAffinity", affinity, ("ClientIP", "None"))
    elif affinity == "None":
        if config is not None:
            errors.forbidden(path, "must not be set when session affinity is None")
    elif config is None:
        errors.required(path, why)
    elif config.get("clientIP") is None:
        errors.required(f"{path}.clientIP", why)
    elif config["clientIP"].get("timeoutSeconds") is None:
        errors.required(f"{path}.clientIP.timeoutSeconds", why)
    elif not 0 < config["clientIP"]["timeoutSeconds"] <= _LONGEST_AFFINITY:
        seconds = config["clientIP"]["timeoutSeconds"]
        errors.invalid(f"{path}.clientIP.timeoutSeconds", seconds, f"must be greater than 0 and less than {_LONGEST_AFFINITY}")


def validate_non_special_ip(address: str, path: str, errors: Errors) -> None:
    """No loopback or link-local address, and not the unspecified one."""
    parsed = names.parse_ip(address)
    if parsed is None:
        errors.invalid(path, address, "must be a valid IP address")
        return
    if parsed.is_unspecified:
        errors.invalid(path, address, f"may not be unspecified ({address})")
    if parsed.is_loopback:
        errors.invalid(path, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
    if parsed.is_link_local:
        errors.invalid(path, address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    if address.startswith("224.0.0.") or address.lower().startswith("ff02:"):
        errors.invalid(path, address, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")


def _validate_port_uniqueness(ports: list[Obj], kind: str, errors: Errors) -> None:
    if kind == "ClusterIP":
        for i, port in enumerate(ports):
            if port.get("nodePort"):
                errors.forbidden(f"spec.ports[{i}].nodePort", "may not be used when `type` is 'ClusterIP'")
    nodes: set[tuple[Any, Any]] = set()
    for i, port in enumerate(ports):
        node = (port.get("protocol"), port.get("nodePort"))
        if port.get("nodePort") and node in nodes:
            errors.duplicate(f"spec.ports[{i}].nodePort", port["nodePort"])
        nodes.add(node)
    numbers: set[tuple[Any, Any]] = set()
    for i, port in enumerate(ports):
        key = (port.get("protocol", ""), port.get("port") or 0)
        if key in numbers:
            errors.duplicate(f"spec.ports[{i}]", internal("V1ServicePort", {"protocol": key[0], "port": key[1]}))
        numbers.add(key)


def _validate_source_ranges(service: Obj, kind: str, errors: Errors) -> None:
    ranges = service["spec"].get("loadBalancerSourceRanges") or []
    key = "service.beta.kubernetes.io/load-balancer-source-ranges"
    annotation = (service["metadata"].get("annotations") or {}).get(key)
    path = "spec.LoadBalancerSourceRanges" if ranges else f"metadata.annotations[{key}]"
    if not ranges and annotation is None:
        return
    if kind != "LoadBalancer":
        errors.forbidden(path, "may only be used when `type` is 'LoadBalancer'")
    if ranges:
        for i, each in enumerate(ranges):
            errors.each_invalid(f"{path}[{i}]", each.strip(), names.cidr(each.strip()))
    elif annotation and annotation.strip():
        for each in annotation.split(","):
            errors.each_invalid(path, each.strip(), names.cidr(each.strip()))


def _validate_load_balancer(spec: Obj, kind: str, errors: Errors) -> None:
    only = "may only be used when `type` is 'LoadBalancer'"
    allocate, chosen = spec.get("allocateLoadBalancerNodePorts"), spec.get("loadBalancerClass")
    if allocate is not None and kind != "LoadBalancer":
        errors.forbidden("spec.allocateLoadBalancerNodePorts", only)
    if allocate is None and kind == "LoadBalancer":
        errors.required("allocateLoadBalancerNodePorts")
    if chosen is not None:
        if kind == "LoadBalancer":
            errors.each_invalid("spec.loadBalancerClass", chosen, names.qualified_name(chosen))
        else:
            errors.forbidden("spec.loadBalancerClass", only)


def _validate_traffic(spec: Obj, kind: str, errors: Errors) -> None:
    external, health = spec.get("externalTrafficPolicy", ""), spec.get("healthCheckNodePort") or 0
    if not (kind in ("LoadBalancer", "NodePort") or (kind == "ClusterIP" and spec.get("externalIPs"))):
        if external:
            errors.invalid("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services")
    elif not external:
        errors.required("spec.externalTrafficPolicy")
    elif external not in ("Cluster", "Local"):
        errors.not_supported("spec.externalTrafficPolicy", external, ("Cluster", "Local"))
    if health and not _needs_health_check(spec):
        why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        errors.invalid("spec.healthCheckNodePort", health, why)
    elif health:
        errors.each_invalid("spec.healthCheckNodePort", health, names.port_number(health))
    _validate_internal_traffic(spec, kind, errors)


def _validate_internal_traffic(spec: Obj, kind: str, errors: Errors) -> None:
    within = spec.get("internalTrafficPolicy")
    if within is None:
        if kind in ("NodePort", "LoadBalancer", "ClusterIP"):
            errors.required("spec.internalTrafficPolicy")
    elif within not in ("Cluster", "Local"):
        errors.not_supported("spec.internalTrafficPolicy", within, ("Cluster", "Local"))
    if spec.get("trafficDistribution") is not None and spec["trafficDistribution"] not in _DISTRIBUTIONS:
        errors.not_supported("spec.trafficDistribution", spec["trafficDistribution"], _DISTRIBUTIONS)


def validate_service_update(new: Obj, old: Obj, errors: Errors) -> None:
    """What was allocated to a service may not be exchanged."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    spec, before = new["spec"], old["spec"]
    if "ExternalName" not in (spec.get("type"), before.get("type")):
        _validate_kept(spec, before, errors)
    if spec.get("type") == before.get("type") == "LoadBalancer" and spec.get("loadBalancerClass") != before.get(
        "loadBalancerClass"
    ):
        errors.invalid("spec.loadBalancerClass", spec.get("loadBalancerClass"), "may not change once set")
    changed = spec.get("healthCheckNodePort") != before.get("healthCheckNodePort")
    if changed and _needs_health_check(spec) and _needs_health_check(before):
        errors.forbidden("spec.healthCheckNodePort", "field is immutable")
    validate_service(new, errors)


def _needs_health_check(spec: Obj) -> bool:
    return bool(spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local")


def _validate_kept(spec: Obj, before: Obj, errors: Errors) -> None:
    headless, was = is_headless(spec), is_headless(before)
    if headless and was:
        return
    for field, shown, word in (("clusterIPs", "clusterIPs", "clusterIP"), ("ipFamilies", "ipFamilies", "ipFamily")):
        if field == "ipFamilies" and headless != was:
            continue
        now, then = spec.get(field) or [], before.get(field) or []
        if len(now) == len(then):
            for i, (each, formerly) in enumerate(zip(now, then, strict=True)):
                if each != formerly:
                    errors.invalid(f"spec.{shown}[{i if field == 'clusterIPs' else 0}]", now, "may not change once set")
        elif not now:
            errors.invalid(f"spec.{shown}[0]", None, f"primary {word} can not be unset")
        elif then and now[0] != then[0]:
            errors.invalid(f"spec.{shown}[0]", now, "may not change once set")
        if len(then) > len(now) == 1 and spec.get("ipFamilyPolicy") != "SingleStack":
            why = f"must be set to 'SingleStack' when releasing the secondary {word}"
            errors.invalid("spec.ipFamilyPolicy", spec.get("ipFamilyPolicy"), why)


def validate_service_status(new: Obj, old: Obj, errors: Errors) -> None:
    """What a load balancer reports."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    ingresses = ((new.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    path = "status.loadBalancer.ingress"
    if ingresses and new["spec"].get("type") != "LoadBalancer":
        errors.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")
        return
    for i, ingress in enumerate(ingresses):
        where, address, host, mode = f"{path}[{i}]", ingress.get("ip", ""), ingress.get("hostname", ""), ingress.get("ipMode")
        if address:
            errors.each_invalid(f"{where}.ip", address, names.ip(address))
            if mode is None:
                errors.required(f"{where}.ipMode", "must be specified when `ip` is set")
        elif mode is not None:
            errors.forbidden(f"{where}.ipMode", "may not be specified when `ip` is not set")
        if address and mode not in (None, "VIP", "Proxy"):
            errors.not_supported(f"{where}.ipMode", mode, ("Proxy", "VIP"))
        if host:
            errors.each_invalid(f"{where}.hostname", host, names.dns_subdomain(host))
            if names.parse_ip(host):
                errors.invalid(f"{where}.hostname", host, "must be a DNS name, not an IP address")
