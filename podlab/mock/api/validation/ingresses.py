"""Ingresses and their classes."""

import re
from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update
from podlab.mock.api.validation.ports import validate_port

_PATH_TYPES: Final = ("Exact", "ImplementationSpecific", "Prefix")
_BAD_PARTS: Final = ("//", "/./", "/../", "%2f", "%2F")
_BAD_ENDS: Final = ("/..", "/.")
_CLASS: Final = "kubernetes.io/ingress.class"
_LONGEST_CONTROLLER: Final = 250
_PATH: Final = re.compile(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+")


def validate_ingress(ingress: Obj, errors: Errors) -> None:
    """A new ingress."""
    validate_object_meta(ingress["metadata"], True, names.dns_subdomain, errors)
    spec = ingress["spec"]
    _validate_spec(spec, errors)
    named = (ingress["metadata"].get("annotations") or {}).get(_CLASS)
    if named is not None and spec.get("ingressClassName") is not None and named != spec["ingressClassName"]:
        errors.invalid(f"annotations.{_CLASS}", named, "must match `ingressClassName` when both are specified")


def validate_ingress_update(new: Obj, old: Obj, errors: Errors) -> None:
    """An ingress may change as it likes."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_spec(new["spec"], errors)


def _validate_spec(spec: Obj, errors: Errors) -> None:
    rules, backend = spec.get("rules") or [], spec.get("defaultBackend")
    if not rules and backend is None:
        errors.invalid("spec", None, "either `defaultBackend` or `rules` must be specified")
    if backend is not None:
        _validate_backend(backend, "spec.defaultBackend", errors)
    for i, rule in enumerate(rules):
        _validate_host(rule.get("host", ""), f"spec.rules[{i}].host", errors)
        if rule.get("http") is not None:
            _validate_paths(rule["http"].get("paths") or [], "spec.rules[0].http.paths", errors)  # the server names the first
    for i, tls in enumerate(spec.get("tls") or []):
        for j, host in enumerate(tls.get("hosts") or []):
            errors.each_invalid(f"spec.tls[{i}].hosts[{j}]", host, _host(host))
        if tls.get("secretName"):
            errors.each_invalid(f"spec.tls[{i}].secretName", tls["secretName"], names.dns_subdomain(tls["secretName"]))
    name = spec.get("ingressClassName")
    if name is not None:
        errors.each_invalid("spec.ingressClassName", name, names.dns_subdomain(name))


def _host(host: str) -> tuple[str, ...]:
    return names.wildcard_subdomain(host) if "*" in host else names.dns_subdomain(host)


def _validate_host(host: str, path: str, errors: Errors) -> None:
    if not host:
        return
    if names.parse_ip(host):
        errors.invalid(path, host, "must be a DNS name, not an IP address")
    errors.each_invalid(path, host, _host(host))


def _validate_paths(paths: list[Obj], path: str, errors: Errors) -> None:
    if not paths:
        errors.required(path)
    for i, entry in enumerate(paths):
        where, kind, text = f"{path}[{i}]", entry.get("pathType"), entry.get("path", "")
        if kind is None:
            errors.required(f"{where}.pathType", "pathType must be specified")
            continue
        if kind not in _PATH_TYPES:
            errors.not_supported(f"{where}.pathType", kind, _PATH_TYPES)
        elif not text.startswith("/") and (text or kind != "ImplementationSpecific"):
            errors.invalid(f"{where}.path", text, "must be an absolute path")
        if kind in ("Exact", "Prefix"):
            errors.each_invalid(f"{where}.path", text, [f"must not contain '{bad}'" for bad in _BAD_PARTS if bad in text])
            errors.each_invalid(f"{where}.path", text, [f"cannot end with '{bad}'" for bad in _BAD_ENDS if text.endswith(bad)])
        _validate_backend(entry.get("backend") or {}, f"{where}.backend", errors)


def _validate_backend(backend: Obj, path: str, errors: Errors) -> None:
    service, resource = backend.get("service"), backend.get("resource")
    if service is not None and resource is not None:
        errors.invalid(path, "", "cannot set both resource and service backends")
    elif resource is not None:
        _validate_reference(resource, f"{path}.resource", errors)
    elif service is not None:
        _validate_service(service, path, errors)
    else:
        errors.invalid(path, "", "resource or service backend is required")


def _validate_service(service: Obj, path: str, errors: Errors) -> None:
    name, port = service.get("name", ""), service.get("port") or {}
    if not name:
        errors.required(f"{path}.service.name")
    else:
        errors.each_invalid(f"{path}.service.name", name, names.dns_label(name))
    named, number = port.get("name", ""), port.get("number") or 0
    if named and number:
        errors.invalid(path, "", "cannot set both port name & port number")
    elif named:
        validate_port(named, f"{path}.service.port.name", errors)
    elif number:
        validate_port(number, f"{path}.service.port.number", errors)
    else:
        errors.required(path, "port name or number is required")


def _validate_reference(reference: Obj, path: str, errors: Errors) -> None:
    group = reference.get("apiGroup")
    if group is not None:
        errors.each_invalid(f"{path}.apiGroup", group, names.dns_subdomain(group))
    for field in ("kind", "name"):
        if not reference.get(field):
            errors.required(f"{path}.{field}")
        else:
            errors.each_invalid(f"{path}.{field}", reference[field], names.path_segment(reference[field]))


def validate_ingress_class(ingress_class: Obj, errors: Errors) -> None:
    """A new class of ingresses."""
    validate_object_meta(ingress_class["metadata"], False, names.dns_subdomain, errors)
    controller, path = (ingress_class.get("spec") or {}).get("controller", ""), "spec.controller"
    if len(controller) > _LONGEST_CONTROLLER:
        errors.too_long(path, _LONGEST_CONTROLLER)
    _validate_domain_prefixed(controller, path, errors)
    parameters = (ingress_class.get("spec") or {}).get("parameters")
    if parameters is not None:
        _validate_parameters(parameters, "spec.parameters", errors)


def _validate_domain_prefixed(value: str, path: str, errors: Errors) -> None:
    if not value:
        errors.required(path)
        return
    domain, slash, rest = value.partition("/")
    if not slash or not domain or not rest:
        errors.invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')
        return
    errors.each_invalid(path, domain, names.dns_subdomain(domain))
    if not _PATH.fullmatch(rest):
        errors.invalid(path, rest, f"Invalid path (regex used for validation is '{_PATH.pattern}')")


def _validate_parameters(parameters: Obj, path: str, errors: Errors) -> None:
    _validate_reference(parameters, path, errors)
    scope, namespace = parameters.get("scope"), parameters.get("namespace")
    if scope is None:
        errors.required(f"{path}.scope")
    elif scope not in ("Cluster", "Namespace"):
        errors.not_supported(f"{path}.scope", scope, ("Cluster", "Namespace"))
    elif scope == "Namespace":
        if namespace is None:
            errors.required(f"{path}.namespace", "`parameters.scope` is set to 'Namespace'")
        else:
            errors.each_invalid(f"{path}.namespace", namespace, names.dns_label(namespace))
    elif namespace is not None:
        errors.forbidden(f"{path}.namespace", "`parameters.scope` is set to 'Cluster'")


def validate_ingress_class_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The controller of a class stays."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    controller, before = ((each.get("spec") or {}).get("controller", "") for each in (new, old))
    errors.immutable("spec.controller", controller, before)
    validate_ingress_class(new, errors)
