import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podlab.mock.store import Store
from tests.mock.api.calling import CONFIG_MAPS, Bottle, config_map


@pytest.fixture
def bottle() -> Bottle:
    made = Bottle()
    for name in "abcde":
        made.ok("POST", CONFIG_MAPS, config_map(name, k=name))
    return made


def listed(obj: dict[str, object]) -> list[str]:
    return [one["metadata"]["name"] for one in obj["items"]]  # type: ignore[attr-defined]


def test_a_list_says_its_kind_once_and_its_revision(bottle: Bottle) -> None:
    found = bottle.ok("GET", CONFIG_MAPS)
    assert (found["kind"], found["apiVersion"], found["metadata"]) == (
        "ConfigMapList", "v1", {"resourceVersion": str(bottle.store.revision)},
    )  # fmt: skip
    assert "kind" not in found["items"][0]


def test_pages_show_the_revision_of_the_first(bottle: Bottle) -> None:
    first = bottle.ok("GET", f"{CONFIG_MAPS}?limit=2")
    assert (listed(first), first["metadata"]["remainingItemCount"]) == (["a", "b"], 3)
    bottle.ok("DELETE", f"{CONFIG_MAPS}/c")
    bottle.ok("POST", CONFIG_MAPS, config_map("bb"))
    second = bottle.ok("GET", f"{CONFIG_MAPS}?limit=2&continue={first['metadata']['continue']}")
    assert listed(second) == ["c", "d"]
    assert second["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]
    last = bottle.ok("GET", f"{CONFIG_MAPS}?limit=2&continue={second['metadata']['continue']}")
    assert (listed(last), "continue" in last["metadata"]) == (["e"], False)


@settings(max_examples=30, deadline=None)
@given(limit=st.integers(1, 7), selector=st.sampled_from(["", "&labelSelector=x%3D1", "&fieldSelector=metadata.name%21%3Db"]))
def test_pages_together_are_the_list(limit: int, selector: str) -> None:
    bottle = Bottle()
    for index, name in enumerate("abcdef"):
        made = config_map(name)
        made["metadata"]["labels"] = {"x": str(index % 2)}
        bottle.ok("POST", CONFIG_MAPS, made)
    found, token = [], ""
    while True:
        page = bottle.ok("GET", f"{CONFIG_MAPS}?limit={limit}{selector}&continue={token}")
        assert len(page["items"]) <= limit
        found += listed(page)
        token = page["metadata"].get("continue", "")
        if not token:
            break
    assert found == listed(bottle.ok("GET", f"{CONFIG_MAPS}?x=1{selector}"))


def test_an_old_token_has_expired_and_offers_an_inconsistent_one() -> None:
    bottle = Bottle(store=Store(history_limit=40))
    for name in "abcd":
        bottle.ok("POST", CONFIG_MAPS, config_map(name))
    token = bottle.ok("GET", f"{CONFIG_MAPS}?limit=2")["metadata"]["continue"]
    for turn in range(60):
        bottle.ok("PUT", f"{CONFIG_MAPS}/a", config_map("a", turn=str(turn)))
    code, status = bottle.call("GET", f"{CONFIG_MAPS}?limit=2&continue={token}")
    assert (code, status["reason"]) == (410, "Expired")
    assert status["message"].startswith("The provided continue parameter is too old to display a consistent list result.")
    again = bottle.ok("GET", f"{CONFIG_MAPS}?limit=2&continue={status['metadata']['continue']}")
    assert listed(again) == ["c", "d"]


def test_exactly_an_old_revision_can_be_listed(bottle: Bottle) -> None:
    revision = bottle.store.revision
    bottle.ok("DELETE", f"{CONFIG_MAPS}/a")
    assert listed(bottle.ok("GET", f"{CONFIG_MAPS}?resourceVersion={revision}&resourceVersionMatch=Exact"))[0] == "a"
    assert listed(bottle.ok("GET", f"{CONFIG_MAPS}?resourceVersion={revision}&resourceVersionMatch=NotOlderThan"))[0] == "b"
    assert listed(bottle.ok("GET", f"{CONFIG_MAPS}?resourceVersion=0"))[0] == "b"


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("resourceVersion=99999", 504, "Too large resource version: 99999, current: {}"),
        ("resourceVersion=x", 422, 'configmaps "" is invalid: resourceVersion: Invalid value: "x": strconv.ParseUint: '
         'parsing "x": invalid syntax'),
        ("resourceVersionMatch=Exact", 422, 'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: '
         "resourceVersionMatch is forbidden unless resourceVersion is provided"),
        ("resourceVersion=0&resourceVersionMatch=Exact", 422,
         'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: '
         'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
        ("limit=x", 400, 'strconv.ParseInt: parsing "x": invalid syntax'),
        ("fieldSelector=data.k%3Da", 400,
         '"data.k" is not a known field selector: only "metadata.name", "metadata.namespace"'),
        ("labelSelector=a%3Db%3D", 400, "unable to parse requirement: found '=', expected: ',' or 'end of string'"),
    ],
)  # fmt: skip
def test_bad_options_are_refused(bottle: Bottle, query: str, code: int, words: str) -> None:
    assert bottle.message("GET", f"{CONFIG_MAPS}?{query}") == (code, words.format(bottle.store.revision))


@pytest.mark.parametrize("token", ["x", "e30", base64.urlsafe_b64encode(json.dumps({"v": "other", "rv": 1}).encode()).decode()])
def test_a_forged_token_is_refused(bottle: Bottle, token: str) -> None:
    code, words = bottle.message("GET", f"{CONFIG_MAPS}?limit=1&continue={token}")
    assert code == 400
    assert words.startswith("continue key is not valid:")
