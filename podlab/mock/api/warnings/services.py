"""What a Service says that is ignored, or oddly written."""

from typing import Any

from podlab.mock.api.warnings.addresses import address_warnings, network_warnings

Obj = dict[str, Any]


def service_warnings(service: Obj) -> list[str]:
    """What there is to warn of in a Service."""
    spec = service["spec"]
    kind, addresses, external = spec.get("type"), spec.get("clusterIPs") or [], spec.get("externalIPs") or []
    headless = kind != "ExternalName" and spec.get("clusterIP") == "None"
    found = []
    if not headless:
        for index, address in enumerate(addresses):
            found += address_warnings(f"spec.clusterIPs[{index}]", address)
    if headless:
        ignored = {"loadBalancerIP": spec.get("loadBalancerIP"), "externalIPs": external}
        found += [f"spec.{name} is ignored for headless services" for name, value in ignored.items() if value]
        if spec.get("sessionAffinity", "None") != "None":
            found.append("spec.SessionAffinity is ignored for headless services")
    for index, address in enumerate(external):
        found += address_warnings(f"spec.externalIPs[{index}]", address)
    if spec.get("loadBalancerIP"):
        found += address_warnings("spec.loadBalancerIP", spec["loadBalancerIP"])
    for index, network in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        found += network_warnings(f"spec.loadBalancerSourceRanges[{index}]", network)
    if kind == "ExternalName" and external:
        found.append('spec.externalIPs is ignored when spec.type is "ExternalName"')
    if kind != "ExternalName" and spec.get("externalName"):
        found.append('spec.externalName is ignored when spec.type is not "ExternalName"')
    return found
