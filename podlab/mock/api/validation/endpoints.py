"""Endpoints and endpoint slices."""

from typing import Final

from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_labels, validate_object_meta
from podlab.mock.api.validation.ports import validate_protocol
from podlab.mock.api.validation.services import validate_non_special_ip

_ADDRESS_TYPES: Final = ("FQDN", "IPv4", "IPv6")
_LIST_LIMIT: Final = 100
_TOPOLOGY_LIMIT: Final = 16


def validate_endpoints(endpoints: Obj, errors: Errors) -> None:
    """Endpoints, new or changed."""
    validate_object_meta(endpoints["metadata"], True, names.dns_subdomain, errors)
    for i, subset in enumerate(endpoints.get("subsets") or []):
        where = f"subsets[{i}]"
        if not subset.get("addresses") and not subset.get("notReadyAddresses"):
            errors.required(where, "must specify `addresses` or `notReadyAddresses`")
        for key in ("addresses", "notReadyAddresses"):
            for j, address in enumerate(subset.get(key) or []):
                _validate_address(address, f"{where}.{key}[{j}]", errors)
        ports = subset.get("ports") or []
        for j, port in enumerate(ports):
            _validate_endpoint_port(port, len(ports) > 1, f"{where}.ports[{j}]", errors)


def _validate_address(address: Obj, path: str, errors: Errors) -> None:
    own = address.get("ip", "")
    errors.each_invalid(f"{path}.ip", own, names.ip(own))
    if address.get("hostname"):
        errors.each_invalid(f"{path}.hostname", address["hostname"], names.dns_label(address["hostname"]))
    if address.get("nodeName") is not None:
        errors.each_invalid(f"{path}.nodeName", address["nodeName"], names.dns_subdomain(address["nodeName"]))
    validate_non_special_ip(own, f"{path}.ip", errors)


def _validate_endpoint_port(port: Obj, needs_name: bool, path: str, errors: Errors) -> None:
    name = port.get("name", "")
    if not name and needs_name:
        errors.required(f"{path}.name")
    elif name:
        errors.each_invalid(f"{path}.name", name, names.dns_label(name))
    errors.each_invalid(f"{path}.port", port.get("port") or 0, names.port_number(port.get("port") or 0))
    validate_protocol(port.get("protocol", ""), f"{path}.protocol", errors)
    if port.get("appProtocol") is not None:
        errors.each_invalid(f"{path}.appProtocol", port["appProtocol"], names.qualified_name(port["appProtocol"]))


def validate_endpoint_slice(each: Obj, errors: Errors) -> None:
    """A new endpoint slice."""
    validate_object_meta(each["metadata"], True, names.dns_subdomain, errors)
    kind = each.get("addressType", "")
    if not kind:
        errors.required("addressType")
    elif kind not in _ADDRESS_TYPES:
        errors.not_supported("addressType", kind, _ADDRESS_TYPES)
    endpoints = each.get("endpoints") or []
    if len(endpoints) > 1000:
        errors.too_many("endpoints", len(endpoints), 1000)
    else:
        for i, endpoint in enumerate(endpoints):
            _validate_slice_endpoint(endpoint, kind, f"endpoints[{i}]", errors)
    _validate_slice_ports(each, errors)


def _validate_slice_endpoint(endpoint: Obj, kind: str, path: str, errors: Errors) -> None:
    _validate_slice_addresses(endpoint.get("addresses") or [], kind, f"{path}.addresses", errors)
    if endpoint.get("nodeName") is not None:
        errors.each_invalid(f"{path}.nodeName", endpoint["nodeName"], names.dns_subdomain(endpoint["nodeName"]))
    topology = endpoint.get("deprecatedTopology") or {}
    if len(topology) > _TOPOLOGY_LIMIT:
        errors.too_many(f"{path}.deprecatedTopology", len(topology), _TOPOLOGY_LIMIT)
    validate_labels(topology, f"{path}.deprecatedTopology", errors)
    if endpoint.get("hostname") is not None:
        errors.each_invalid(f"{path}.hostname", endpoint["hostname"], names.dns_label(endpoint["hostname"]))


def _validate_slice_addresses(addresses: list[str], kind: str, path: str, errors: Errors) -> None:
    if not addresses:
        errors.required(path, "must contain at least 1 address")
    elif len(addresses) > _LIST_LIMIT:
        errors.too_many(path, len(addresses), _LIST_LIMIT)
    for i, address in enumerate(addresses):
        if kind == "FQDN":
            errors.each_invalid(f"{path}[{i}]", address, names.dns_subdomain(address))
        else:
            errors.each_invalid(f"{path}[{i}]", address, names.ip(address))
            validate_non_special_ip(address, f"{path}[{i}]", errors)


def _validate_slice_ports(each: Obj, errors: Errors) -> None:
    seen: set[str] = set()
    ports = each.get("ports") or []
    if len(ports) > _LIST_LIMIT:
        errors.too_many("ports", len(ports), _LIST_LIMIT)
        return
    for i, port in enumerate(ports):
        name = port.get("name") or ""
        if name:
            errors.each_invalid(f"ports[{i}].name", name, names.dns_label(name))
        if name in seen:
            errors.duplicate(f"ports[{i}].name", name)
        seen.add(name)
        validate_protocol(port.get("protocol", ""), f"ports[{i}].protocol", errors)
        if port.get("appProtocol") is not None:
            errors.each_invalid(f"ports[{i}].appProtocol", port["appProtocol"], names.qualified_name(port["appProtocol"]))


def validate_endpoint_slice_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The type of a slice's addresses stays."""
    validate_endpoint_slice(new, errors)
    errors.immutable("addressType", new.get("addressType"), old.get("addressType"))
