"""The IP families of a service, in a cluster whose services have IPv4 alone.

The server settles them before it validates anything else: what it finds wrong here is all that it says.
"""

from typing import Final

from podlab.mock.api.errors import Invalid, Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors

_FAMILY_POLICIES: Final = ("PreferDualStack", "RequireDualStack", "SingleStack")
_CONFIGURED: Final = "IPv4"
_OTHER: Final = {"IPv4": "IPv6", "IPv6": "IPv4"}
_POLICY: Final = "spec.ipFamilyPolicy"


def settle_families(service: Obj, old: Obj | None = None) -> None:
    """Fills in ``ipFamilyPolicy`` and ``ipFamilies``; ``clusterIPs`` is there if ``clusterIP`` is. ``old`` is what is updated.

    Raises:
        Invalid: what is asked for does not fit together, or this cluster does not have it.
    """
    spec, before = service["spec"], (old or {}).get("spec") or {}
    if spec.get("type") == "ExternalName" or _prefers_what_it_has(spec, before):
        return
    selectorless = spec.get("clusterIP") == "None" and not spec.get("selector")
    if not spec.get("ipFamilyPolicy"):
        spec["ipFamilyPolicy"] = before.get("ipFamilyPolicy") or ("RequireDualStack" if selectorless else "SingleStack")
    errors = Errors()
    validate_cluster_ips(spec, errors)
    _refuse(service, errors)
    if before:
        _release_second(spec, before, errors)
    _check_single(spec, errors)
    _infer_families(spec, errors)
    _refuse(service, errors)
    if not selectorless:
        _check_configured(spec, errors)
        _refuse(service, errors)
    if not spec.get("ipFamilies"):
        spec["ipFamilies"] = [_CONFIGURED]
    if selectorless and len(spec["ipFamilies"]) == 1 and spec["ipFamilyPolicy"] != "SingleStack":
        spec["ipFamilies"] = [spec["ipFamilies"][0], _OTHER[spec["ipFamilies"][0]]]


def _refuse(service: Obj, errors: Errors) -> None:
    if errors:
        raise Invalid("Service", service["metadata"].get("name", ""), errors)


def _prefers_what_it_has(spec: Obj, before: Obj) -> bool:
    """A service that prefers two families is not given another one by an update that does not ask for it."""
    if not spec.get("ipFamilyPolicy") == before.get("ipFamilyPolicy") == "PreferDualStack":
        return False
    return all((spec.get(key) or []) == (before.get(key) or []) for key in ("clusterIPs", "ipFamilies"))


def _release_second(spec: Obj, before: Obj, errors: Errors) -> None:
    for key, word in (("clusterIPs", "secondary cluster IP"), ("ipFamilies", "secondary IP family")):
        now, then = spec.get(key) or [], before.get(key) or []
        if spec["ipFamilyPolicy"] == "SingleStack":
            if now == then and len(now) > 1:
                spec[key] = now[:1]
        elif len(then) == 2 and len(now) == 1 and now == then[:1]:
            errors.invalid(_POLICY, spec["ipFamilyPolicy"], f"must be 'SingleStack' to release the {word}")


def _check_single(spec: Obj, errors: Errors) -> None:
    for key, word in (("clusterIPs", "cluster IPs"), ("ipFamilies", "IP families")):
        if spec["ipFamilyPolicy"] == "SingleStack" and len(spec.get(key) or []) == 2:
            why = f"must be 'RequireDualStack' or 'PreferDualStack' when multiple {word} are specified"
            errors.invalid(_POLICY, "SingleStack", why)


def _infer_families(spec: Obj, errors: Errors) -> None:
    families, addresses = list(spec.get("ipFamilies") or []), spec.get("clusterIPs") or []
    for i, address in enumerate(addresses):
        if address == "None":
            break
        family = _family(address)
        if i < len(families):
            continue
        if family == _CONFIGURED:
            families.append(family)
        else:
            errors.invalid(f"spec.clusterIPs[{i}]", addresses, f"{family} is not configured on this cluster")
    if families:
        spec["ipFamilies"] = families


def _check_configured(spec: Obj, errors: Errors) -> None:
    if spec["ipFamilyPolicy"] == "RequireDualStack":
        errors.invalid(_POLICY, "RequireDualStack", "this cluster is not configured for dual-stack services")
    for i, family in enumerate(spec.get("ipFamilies") or []):
        if family != _CONFIGURED:
            errors.invalid(f"spec.ipFamilies[{i}]", family, "not configured on this cluster")


def validate_cluster_ips(spec: Obj, errors: Errors) -> None:
    """``clusterIP``, ``clusterIPs``, ``ipFamilies`` and ``ipFamilyPolicy`` together."""
    path, address, addresses = "spec.clusterIPs", spec.get("clusterIP", ""), spec.get("clusterIPs") or []
    if address and not addresses:
        errors.required(path)
    elif address and addresses[0] != address:
        errors.invalid(path, addresses, "first value must match `clusterIP`")
    elif not address and addresses:
        errors.invalid(path, addresses, "must be empty when `clusterIP` is not specified")
    seen: set[str] = set()
    for i, family in enumerate(spec.get("ipFamilies") or []):
        if family not in ("IPv4", "IPv6"):
            errors.not_supported(f"spec.ipFamilies[{i}]", family, ("IPv4", "IPv6"))
        if family in seen:
            errors.duplicate(f"spec.ipFamilies[{i}]", family)
        seen.add(family)
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in _FAMILY_POLICIES:
        errors.not_supported("spec.ipFamilyPolicy", policy, _FAMILY_POLICIES)
    if _validate_addresses(addresses, path, errors):
        _validate_families(spec, addresses, path, errors)


def _validate_addresses(addresses: list[str], path: str, errors: Errors) -> bool:
    sound = True
    for i, address in enumerate(addresses):
        if i == 0 and address == "None":
            if len(addresses) > 1:
                sound = False
                errors.invalid(path, addresses, "'None' must be the first and only value")
            continue
        wrong = names.ip(address)
        sound = sound and not wrong
        errors.each_invalid(f"{path}[{i}]", address, wrong)
    if len(addresses) > 2:
        errors.invalid(path, addresses, "may only hold up to 2 values")
    return sound


def _validate_families(spec: Obj, addresses: list[str], path: str, errors: Errors) -> None:
    if addresses == ["None"]:
        return
    versions = [_family(address) for address in addresses]
    if len(addresses) > 1 and len(set(versions)) < 2:
        errors.invalid(path, addresses, "may specify no more than one IP for each IP family")
    for i, (family, version) in enumerate(zip(spec.get("ipFamilies") or [], versions, strict=False)):
        if family in ("IPv4", "IPv6") and family != version:
            errors.invalid(f"{path}[{i}]", addresses[i], f"expected an {family} value as indicated by `ipFamilies[{i}]`")


def _family(address: str) -> str:
    parsed = names.parse_ip(address)
    return f"IPv{parsed.version}" if parsed else ""
