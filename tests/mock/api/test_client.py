from typing import Any

import pytest

from podlab.mock.api.errors import Conflict, Invalid, NotFound
from tests.mock.api.calling import Bottle, config_map, pod

DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "anys.x.io"},
    "spec": {
        "group": "x.io",
        "scope": "Namespaced",
        "names": {"plural": "anys", "singular": "any", "kind": "Any", "listKind": "AnyList"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            }
        ],
    },
}


@pytest.fixture
def bottle() -> Bottle:
    return Bottle()


def test_what_a_client_returns_is_the_callers_own(bottle: Bottle) -> None:
    given = config_map("a", k="v")
    made = bottle.client.create("configmaps", "default", given)
    given["data"]["k"] = made["data"]["k"] = "spoilt"
    assert bottle.client.get("configmaps", "default", "a")["data"] == {"k": "v"}


def test_what_a_client_hands_in_stays_the_callers_own(bottle: Bottle) -> None:
    given = pod("a")
    given["metadata"]["finalizers"] = ["x.io/kept"]
    bottle.client.create("pods", "default", given)
    told = bottle.client.get("pods", "default", "a")
    told["status"] |= {"conditions": [{"type": "Ready", "status": "True"}], "hostIPs": [{"ip": "10.0.0.1"}], "hostIP": "10.0.0.1"}
    bottle.client.update_status("pods", told)
    for obj in (given, told):
        obj["metadata"]["finalizers"].append("x.io/spoilt")
        obj["spec"]["containers"][0]["image"] = "spoilt"
    told["status"]["conditions"][0]["status"] = told["status"]["hostIPs"][0]["ip"] = "spoilt"
    assert "spoilt" not in str(bottle.client.get("pods", "default", "a"))


def test_what_a_client_hands_in_of_a_custom_kind_stays_the_callers_own(bottle: Bottle) -> None:
    bottle.client.create("customresourcedefinitions.apiextensions.k8s.io", "", DEFINITION)
    given = {
        "apiVersion": "x.io/v1",
        "kind": "Any",
        "metadata": {"name": "a", "labels": {"k": "v"}},
        "spec": {"deep": [{"k": "v"}]},
    }
    bottle.client.create("anys.x.io", "default", given)
    given["metadata"]["labels"]["k"] = given["spec"]["deep"][0]["k"] = "spoilt"
    assert "spoilt" not in str(bottle.client.get("anys.x.io", "default", "a"))


def test_a_client_meets_the_rules_of_http(bottle: Bottle) -> None:
    with pytest.raises(Invalid, match=r"spec\.containers: Required value"):
        bottle.client.create("pods", "default", {**pod("a"), "spec": {}})
    made = bottle.client.create("configmaps", "default", config_map("a"))
    bottle.client.update("configmaps", {**made, "data": {"k": "1"}})
    with pytest.raises(Conflict):
        bottle.client.update("configmaps", {**made, "data": {"k": "2"}})
    with pytest.raises(NotFound):
        bottle.client.get("nosuch", "default", "a")


def test_an_informers_cache_is_never_behind(bottle: Bottle) -> None:
    informer = bottle.client.watch("configmaps", label_selector="x=1")
    made = config_map("a")
    made["metadata"]["labels"] = {"x": "1"}
    bottle.client.create("configmaps", "default", made)
    bottle.client.create("configmaps", "default", config_map("b"))
    assert list(informer.objects) == [("default", "a")]
    bottle.client.patch("configmaps", "default", "a", {"metadata": {"labels": {"x": None}}})
    assert informer.get("default", "a") is None


def test_an_informer_tells_each_change_in_order(bottle: Bottle) -> None:
    bottle.client.create("configmaps", "default", config_map("a"))
    informer = bottle.client.watch("configmaps")
    seen: list[tuple[str, str]] = []
    handled: list[tuple[str, str]] = []
    informer.add_handler(lambda event: handled.append((event.type, event.obj["metadata"]["name"])))

    async def follow() -> None:
        while True:
            event = await informer.next()
            seen.append((event.type, event.obj["metadata"]["name"]))
            assert (event.old_obj is None) == (event.type == "ADDED")

    task = bottle.kernel.spawn(follow())
    bottle.run(1)
    bottle.client.create("configmaps", "default", config_map("b"))
    bottle.client.patch("configmaps", "default", "a", {"data": {"k": "v"}})
    bottle.client.delete("configmaps", "default", "b")
    bottle.run(1)
    expected = [("ADDED", "a"), ("ADDED", "b"), ("MODIFIED", "a"), ("DELETED", "b")]
    assert seen == handled == expected
    informer.close()
    bottle.client.delete("configmaps", "default", "a")
    bottle.run(1)
    assert seen == expected
    task.cancel()


def test_all_patches_are_there(bottle: Bottle) -> None:
    bottle.client.create("pods", "default", pod("a"))
    patches: list[tuple[Any, Any]] = [
        ("merge", {"metadata": {"labels": {"a": "1"}}}),
        ("strategic", {"metadata": {"labels": {"b": "2"}}}),
        ("json", [{"op": "add", "path": "/metadata/labels/c", "value": "3"}]),
        ("apply", {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"d": "4"}}}),
    ]
    for kind, patch in patches:
        bottle.client.patch("pods", "default", "a", patch, kind=kind)
    assert bottle.client.get("pods", "default", "a")["metadata"]["labels"] == {"a": "1", "b": "2", "c": "3", "d": "4"}
