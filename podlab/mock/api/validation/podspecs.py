"""Pod specs, in pods and in templates."""

from typing import Final

from podlab.mock.api.defaulting.resources import aggregate, parse
from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.annotations import containers_with_paths, validate_pod_annotations
from podlab.mock.api.validation.containers import (
    PodView,
    validate_containers,
    validate_ephemeral_containers,
    validate_init_containers,
)
from podlab.mock.api.validation.environment import validate_file_volumes
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_annotations, validate_labels
from podlab.mock.api.validation.names import in_range
from podlab.mock.api.validation.resources import validate_resources
from podlab.mock.api.validation.scheduling import validate_affinity, validate_tolerations, validate_topology_spread
from podlab.mock.api.validation.security import shares_host_users, validate_pod_security_context
from podlab.mock.api.validation.systems import validate_system
from podlab.mock.api.validation.volumes import validate_volumes
from podlab.mock.api.validation.windows import validate_host_process

_RESTART_POLICIES: Final = ("Always", "OnFailure", "Never")
_DNS_POLICIES: Final = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_MAX_INT32: Final = 2**31 - 1
_HOSTNAME_LIMIT: Final = 64


def validate_pod_template(template: Obj, path: str, errors: Errors) -> None:
    """A pod template: labels, annotations and the spec."""
    meta, spec = template.get("metadata") or {}, template.get("spec") or {}
    validate_labels(meta.get("labels"), f"{path}.labels", errors)
    validate_annotations(meta.get("annotations"), f"{path}.annotations", errors)
    validate_pod_annotations(meta.get("annotations") or {}, spec, f"{path}.annotations", errors)
    validate_pod_spec(spec, f"{path}.spec", errors)
    if spec.get("ephemeralContainers"):
        errors.forbidden(f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template")


def validate_pod_spec(spec: Obj, path: str, errors: Errors, pod_name: str = "", is_pod: bool = False) -> None:
    """A pod spec. ``pod_name`` and ``is_pod`` are given for a pod itself, not for a template."""
    if spec.get("terminationGracePeriodSeconds") is None:
        errors.required(f"{path}.terminationGracePeriodSeconds")
    volumes = validate_volumes(spec.get("volumes") or [], pod_name, is_pod, f"{path}.volumes", errors)
    pod = PodView(spec, volumes)
    _validate_claims(spec.get("resourceClaims") or [], f"{path}.resourceClaims", errors)
    validate_containers(pod, f"{path}.containers", errors)
    validate_init_containers(pod, f"{path}.initContainers", errors)
    validate_ephemeral_containers(pod, f"{path}.ephemeralContainers", errors)
    _validate_pod_resources(spec, path, errors)
    _validate_host_network(spec, is_pod, path, errors)
    _validate_choice(spec.get("restartPolicy", ""), _RESTART_POLICIES, f"{path}.restartPolicy", errors)
    _validate_choice(spec.get("dnsPolicy", ""), _DNS_POLICIES, f"{path}.dnsPolicy", errors)
    validate_labels(spec.get("nodeSelector"), f"{path}.nodeSelector", errors)
    validate_pod_security_context(spec, f"{path}.securityContext", errors)
    validate_affinity(spec.get("affinity"), f"{path}.affinity", errors)
    _validate_dns(spec, f"{path}.dnsConfig", errors)
    _validate_gates(spec, path, errors)
    validate_topology_spread(spec.get("topologySpreadConstraints") or [], f"{path}.topologySpreadConstraints", errors)
    validate_host_process(spec, path, errors)
    _validate_host_users(spec, path, errors)
    _validate_hostname_override(spec, f"{path}.hostnameOverride", errors)
    _validate_names(spec, path, errors)
    _validate_rest(spec, path, errors)


def _validate_choice(value: str, supported: tuple[str, ...], path: str, errors: Errors) -> None:
    if not value:
        errors.required(path)
    elif value not in supported:
        errors.not_supported(path, value, supported)


def _validate_claims(claims: list[Obj], path: str, errors: Errors) -> None:
    seen: set[str] = set()
    for i, claim in enumerate(claims):
        where = f"{path}[{i}]"
        name = claim.get("name", "")
        if not name:
            errors.required(f"{where}.name")
        elif name in seen:
            errors.duplicate(f"{where}.name", name)
        else:
            errors.each_invalid(f"{where}.name", name, names.dns_label(name))
            seen.add(name)
        own, template = claim.get("resourceClaimName"), claim.get("resourceClaimTemplateName")
        shown = {"Name": name, "ResourceClaimName": own, "ResourceClaimTemplateName": template}
        if own is not None and template is not None:
            errors.invalid(where, shown, "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified")
        if own is None and template is None:
            errors.invalid(where, shown, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")
        for field in ("resourceClaimName", "resourceClaimTemplateName"):
            if claim.get(field) is not None:
                errors.each_invalid(f"{where}.{field}", claim[field], names.dns_subdomain(claim[field]))


def _validate_pod_resources(spec: Obj, path: str, errors: Errors) -> None:
    resources = spec.get("resources")
    if not resources:
        return
    where = f"{path}.resources"
    if resources.get("claims"):
        errors.forbidden(f"{where}.claims", "claims may not be set for Resources at pod-level")
    validate_resources(resources, where, errors, pod_level=True)
    own = parse(resources.get("requests"))
    for name, needed in sorted(aggregate(spec, "requests").items()):
        if name in own and needed > own[name]:
            why = f"must be greater than or equal to aggregate container requests of {needed}"
            errors.invalid(f"{where}.requests[{name}]", str(own[name]), why)
    bounds = parse(resources.get("limits"))
    for i, container in enumerate(spec.get("containers") or []):
        for name, limit in parse((container.get("resources") or {}).get("limits")).items():
            if name in bounds and limit > bounds[name]:
                why = f"must be less than or equal to pod limits of {bounds[name]}"
                errors.invalid(f"{where}.containers[{i}][{name}].limits", str(limit), why)


def _validate_host_network(spec: Obj, is_pod: bool, path: str, errors: Errors) -> None:
    if not spec.get("hostNetwork"):
        return
    for i, container in enumerate(spec.get("containers") or []):
        for j, port in enumerate(container.get("ports") or []):
            host = port.get("hostPort") or 0
            if (is_pod or host) and host != port.get("containerPort"):
                where = f"{path}.containers[{i}].ports[{j}].hostPort"
                errors.invalid(where, host, "must match `containerPort` when `hostNetwork` is true")


def _validate_dns(spec: Obj, path: str, errors: Errors) -> None:
    config = spec.get("dnsConfig")
    if spec.get("dnsPolicy") == "None":
        if config is None:
            errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
            return
        if not config.get("nameservers"):
            errors.required(f"{path}.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None")
            return
    if config is not None:
        _validate_dns_config(config, path, errors)


def _validate_dns_config(config: Obj, path: str, errors: Errors) -> None:
    servers, searches = config.get("nameservers") or [], config.get("searches") or []
    if len(servers) > 3:
        errors.invalid(f"{path}.nameservers", servers, "must not have more than 3 nameservers")
    for i, server in enumerate(servers):
        errors.each_invalid(f"{path}.nameservers[{i}]", server, names.ip(server))
    if len(searches) > 32:
        errors.invalid(f"{path}.searches", searches, "must not have more than 32 search paths")
    if len(" ".join(searches)) > 2048:
        errors.invalid(
            f"{path}.searches", searches, "must not have more than 2048 characters (including spaces) in the search list"
        )
    for i, search in enumerate(searches):
        if search != ".":
            plain = search.removesuffix(".")
            errors.each_invalid(f"{path}.searches[{i}]", plain, names.dns_subdomain_with_underscore(plain))
    for i, option in enumerate(config.get("options") or []):
        if not option.get("name"):
            errors.required(f"{path}.options[{i}]", "must not be empty")


def _validate_gates(spec: Obj, path: str, errors: Errors) -> None:
    for i, gate in enumerate(spec.get("readinessGates") or []):
        kind = gate.get("conditionType", "")
        errors.each_invalid(f"{path}.readinessGates[{i}].conditionType", kind, names.qualified_name(kind))
    seen: set[str] = set()
    for i, gate in enumerate(spec.get("schedulingGates") or []):
        name = gate.get("name", "")
        errors.each_invalid(f"{path}.schedulingGates[{i}]", name, names.qualified_name(name))
        if name in seen:
            errors.duplicate(f"{path}.schedulingGates[{i}]", name)
        seen.add(name)


def _validate_host_users(spec: Obj, path: str, errors: Errors) -> None:
    if shares_host_users(spec):
        return
    for field, shown in (("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")):
        if spec.get(field):
            errors.forbidden(f"{path}.{shown}", "when `hostUsers` is false")
    for container, where in containers_with_paths(spec, path):
        if container.get("volumeDevices"):
            errors.forbidden(f"{where}.volumeDevices", "when `hostUsers` is false")


def _validate_hostname_override(spec: Obj, path: str, errors: Errors) -> None:
    name = spec.get("hostnameOverride")
    if name is None:
        return
    for field in ("setHostnameAsFQDN", "hostNetwork"):
        if spec.get(field):
            errors.forbidden(path, f"may not be specified when {field} is true")
    if len(name) > _HOSTNAME_LIMIT:
        errors.too_long(path, _HOSTNAME_LIMIT)
    errors.each_invalid(path, name, names.dns_subdomain(name))


def _validate_names(spec: Obj, path: str, errors: Errors) -> None:
    for field in ("serviceAccountName", "nodeName"):
        if spec.get(field):
            errors.each_invalid(f"{path}.{field}", spec[field], names.dns_subdomain(spec[field]))
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= _MAX_INT32:
        errors.invalid(f"{path}.activeDeadlineSeconds", deadline, in_range(1, _MAX_INT32))
    for field in ("hostname", "subdomain"):
        if spec.get(field):
            errors.each_invalid(f"{path}.{field}", spec[field], names.dns_label(spec[field]))


def _validate_rest(spec: Obj, path: str, errors: Errors) -> None:
    validate_tolerations(spec.get("tolerations") or [], f"{path}.tolerations", errors)
    for i, alias in enumerate(spec.get("hostAliases") or []):
        address = alias.get("ip", "")
        errors.each_invalid(f"{path}.hostAliases[{i}].ip", address, names.ip(address))
        for j, name in enumerate(alias.get("hostnames") or []):
            errors.each_invalid(f"{path}.hostAliases[{i}].hostnames[{j}]", name, names.dns_subdomain(name))
    if spec.get("priorityClassName"):
        name = spec["priorityClassName"]
        errors.each_invalid(f"{path}.priorityClassName", name, names.dns_subdomain(name))
    if spec.get("runtimeClassName") is not None:
        name = spec["runtimeClassName"]
        errors.each_invalid(f"{path}.runtimeClassName", name, names.dns_subdomain(name))
    if spec.get("preemptionPolicy") is not None:
        supported = ("PreemptLowerPriority", "Never")
        _validate_choice(spec["preemptionPolicy"], supported, f"{path}.preemptionPolicy", errors)
    if spec.get("overhead"):
        validate_resources({"limits": spec["overhead"]}, f"{path}.overhead", errors)
    validate_system(spec, path, errors)
    validate_file_volumes(spec, path, errors)
