"""Discovery: which groups, versions and resources there are, one document a group (old) or all in one (aggregated, v2).

The documents are made from the `ResourceTable`, so that what is served and what is told are one.
"""

from typing import Any

from podlab.mock.api.resources import Resource, ResourceTable, Subresource

Obj = dict[str, Any]


def api_versions() -> Obj:
    """``/api``."""
    return {"kind": "APIVersions", "versions": ["v1"]}


def group_list(table: ResourceTable) -> Obj:
    """``/apis``."""
    groups = [_group(name, versions) for name, versions in table.groups().items() if name]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def group(table: ResourceTable, name: str) -> Obj | None:
    """``/apis/GROUP``, or None."""
    versions = table.groups().get(name)
    return {"kind": "APIGroup", "apiVersion": "v1", **_group(name, versions)} if name and versions else None


def _group(name: str, versions: list[str]) -> Obj:
    listed = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": listed, "preferredVersion": listed[0]}


def resource_list(table: ResourceTable, group_name: str, version: str) -> Obj | None:
    """``/api/v1`` or ``/apis/GROUP/VERSION``, or None."""
    resources = table.of(group_name, version)
    if not resources:
        return None
    group_version = f"{group_name}/{version}" if group_name else version
    listed: list[Obj] = []
    for resource in sorted(resources, key=lambda one: one.plural):
        listed.append(_resource(resource))
        listed += [_subresource(resource, one) for _, one in sorted(resource.subresources.items())]
    version_of_list = {"apiVersion": "v1"} if group_name else {}  # the core group's list does not say its version
    return {"kind": "APIResourceList", **version_of_list, "groupVersion": group_version, "resources": listed}


def _resource(resource: Resource) -> Obj:
    result: Obj = {
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": list(resource.verbs),
    }
    if resource.short_names:
        result["shortNames"] = list(resource.short_names)
    if resource.categories:
        result["categories"] = list(resource.categories)
    if resource.storage_version_hash:
        result["storageVersionHash"] = resource.storage_version_hash
    return result


def _subresource(resource: Resource, subresource: Subresource) -> Obj:
    result: Obj = {"name": f"{resource.plural}/{subresource.name}", "singularName": "", "namespaced": resource.namespaced}
    if subresource.group:
        result |= {"group": subresource.group, "version": subresource.version}
    return result | {"kind": subresource.kind, "verbs": list(subresource.verbs)}


def aggregated(table: ResourceTable, core: bool) -> Obj:
    """``/api`` (the core group) or ``/apis`` (the others) as ``APIGroupDiscoveryList``."""
    items = []
    for name, versions in table.groups().items():
        if (name == "") is not core:
            continue
        listed = [
            {"version": version, "resources": [_discovered(one) for one in _sorted(table, name, version)], "freshness": "Current"}
            for version in versions
        ]
        items.append({"metadata": {"name": name} if name else {}, "versions": listed})
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}


def _sorted(table: ResourceTable, group_name: str, version: str) -> list[Resource]:
    return sorted(table.of(group_name, version), key=lambda one: one.plural)


def _response_kind(resource: Resource, kind: str, group_name: str, version: str) -> Obj:
    """The kind of an answer; built-in resources leave the group out where it is their own, as the real server does."""
    if resource.custom is not None and not group_name:
        group_name, version = resource.group, resource.version
    return {"group": group_name, "version": version, "kind": kind}


def _discovered(resource: Resource) -> Obj:
    result: Obj = {
        "resource": resource.plural,
        "responseKind": _response_kind(resource, resource.kind, "", ""),
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": list(resource.verbs),
    }
    if resource.short_names:
        result["shortNames"] = list(resource.short_names)
    if resource.categories:
        result["categories"] = list(resource.categories)
    if resource.subresources:
        result["subresources"] = [
            {
                "subresource": one.name,
                "responseKind": _response_kind(resource, one.kind, one.group, one.version),
                "verbs": list(one.verbs),
            }
            for _, one in sorted(resource.subresources.items())
        ]
    return result
