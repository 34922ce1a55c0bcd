import json
from pathlib import Path
from typing import Any

import pytest

from podlab.mock.api.resources import BUILTIN
from tests.mock.api.calling import Bottle

RECORDED = Path(__file__).parent / "data" / "discovery"
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
GROUP_VERSIONS = sorted({one.api_version for one in BUILTIN})
NOT_MODELLED = ("nodes/proxy",)
"""Subresources that the real server has and the mock does not, of resources that both have."""


@pytest.fixture(scope="module")
def bottle() -> Bottle:
    return Bottle()


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


@pytest.mark.parametrize("group_version", GROUP_VERSIONS)
def test_resources_are_told_as_the_real_server_tells_them(bottle: Bottle, group_version: str) -> None:
    core = "/" not in group_version
    real = recorded("api_v1" if core else f"apis_{group_version.replace('/', '_')}")
    ours = bottle.ok("GET", f"/api{'' if core else 's'}/{group_version}")
    served = {one["name"].partition("/")[0] for one in ours["resources"]}
    expected = [one for one in real["resources"] if one["name"].partition("/")[0] in served and one["name"] not in NOT_MODELLED]
    assert ours == {**real, "resources": expected}


def test_groups_are_in_the_real_servers_order(bottle: Bottle) -> None:
    real = {one["name"]: one for one in recorded("apis")["groups"]}
    ours = bottle.ok("GET", "/apis")["groups"]
    assert ours == [one for name, one in real.items() if name in {group["name"] for group in ours}]
    assert bottle.ok("GET", "/apis/apps") == {"kind": "APIGroup", "apiVersion": "v1", **real["apps"]}
    assert bottle.ok("GET", "/api") == recorded("api")


@pytest.mark.parametrize(("path", "name"), [("/api", "aggregated_api"), ("/apis", "aggregated_apis")])
def test_the_aggregated_document_is_the_real_servers_without_what_is_not_modelled(bottle: Bottle, path: str, name: str) -> None:
    real = recorded(name)
    ours = bottle.ok("GET", path, accept=AGGREGATED)
    groups = {group["metadata"].get("name"): group for group in ours["items"]}
    expected = []
    for group in real["items"]:
        mine = groups.get(group["metadata"].get("name"))
        if mine is None:
            continue
        for version in group["versions"]:
            served = {one["resource"] for each in mine["versions"] for one in each["resources"]}
            version["resources"] = [one for one in version["resources"] if one["resource"] in served]
            for one in version["resources"]:
                one["subresources"] = [
                    sub for sub in one.get("subresources", ()) if f"{one['resource']}/{sub['subresource']}" not in NOT_MODELLED
                ]
                if not one["subresources"]:
                    del one["subresources"]
        expected.append(group)
    assert ours == {**real, "items": expected}


def test_a_client_that_has_the_document_is_told_so(bottle: Bottle) -> None:
    answer = bottle.answer("GET", "/apis", accept=AGGREGATED)
    assert answer.headers["content-type"] == "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    again = bottle.answer("GET", "/apis", accept=AGGREGATED, if_none_match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_the_version_is_that_whose_behaviour_is_modelled(bottle: Bottle) -> None:
    real = recorded("version")
    ours = bottle.ok("GET", "/version")
    assert ours.keys() == real.keys()
    assert ours["gitVersion"] == real["gitVersion"]


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz", "/readyz/ping"])
def test_health(bottle: Bottle, path: str) -> None:
    assert bottle.answer("GET", path).body == b"ok"


def test_openapi_v3_has_what_explain_and_apply_look_for(bottle: Bottle) -> None:
    root = bottle.ok("GET", "/openapi/v3")["paths"]
    assert set(root) == {f"apis/{one}" if "/" in one else f"api/{one}" for one in GROUP_VERSIONS}
    document = bottle.ok("GET", root["apis/apps/v1"]["serverRelativeURL"])
    kind = {"group": "apps", "version": "v1", "kind": "Deployment"}
    item = document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]
    assert item["patch"]["x-kubernetes-group-version-kind"] == kind
    assert "application/strategic-merge-patch+json" in item["patch"]["requestBody"]["content"]
    assert {"dryRun", "fieldValidation", "fieldManager"} <= {one["name"] for one in item["patch"]["parameters"]}
    schemas = document["components"]["schemas"]
    assert schemas["io.k8s.api.apps.v1.Deployment"]["x-kubernetes-group-version-kind"] == [kind]
    containers = schemas["io.k8s.api.v1.PodSpec"]["properties"]["containers"]
    assert (containers["x-kubernetes-patch-merge-key"], containers["x-kubernetes-list-map-keys"]) == ("name", ["name"])
    assert containers["description"].startswith("List of containers belonging to the pod.")


@pytest.mark.parametrize(
    "path", ["/openapi/v2", *(f"/openapi/v3/api{'s' if '/' in one else ''}/{one}" for one in GROUP_VERSIONS)]
)
def test_every_reference_in_openapi_leads_somewhere(bottle: Bottle, path: str) -> None:
    document = bottle.ok("GET", path)
    schemas = document["definitions"] if "definitions" in document else document["components"]["schemas"]

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"].rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    assert references(document) <= set(schemas)


def test_openapi_v2_is_there_in_protobuf(bottle: Bottle) -> None:
    asked = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
    answer = bottle.answer("GET", "/openapi/v2", accept=asked)
    assert answer.headers["content-type"] == "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
    assert answer.body.startswith(b"\x0a\x032.0\x12")
    assert b"io.k8s.api.apps.v1.Deployment" in answer.body
    assert bottle.call("GET", "/openapi/v2", accept="application/vnd.nothing")[0] == 406


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/livez?verbose", "[+]ping ok\n[+]log ok\n[+]etcd ok\nlivez check passed\n"),
        ("/livez?verbose&exclude=etcd", "[+]ping ok\n[+]log ok\n[+]etcd excluded: ok\nlivez check passed\n"),
    ],
)
def test_health_in_words(path: str, text: str) -> None:
    answer = Bottle().answer("GET", path)
    assert (answer.status, answer.body.decode()) == (200, text)


@pytest.mark.parametrize("path", ["/readyz/nonsense", "/healthzy"])
def test_health_of_what_is_not_there(path: str) -> None:
    assert Bottle().answer("GET", path).status == 404
