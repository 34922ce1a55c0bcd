from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.api.patches import (
    JSONPatchError,
    StrategicPatchError,
    json_patch,
    merge_patch,
    strategic_merge_patch,
    structure_of,
)
from podlab.mock.store import clone

POD = structure_of("v1", "Pod")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)


@pytest.mark.parametrize(  # RFC 7386, appendix A
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patch_follows_the_standard(target: Any, patch: Any, result: Any) -> None:
    assert merge_patch(target, patch) == result


@given(OBJECTS, OBJECTS)
def test_merge_patch_twice_is_once_and_changes_nothing_given(target: Any, patch: Any) -> None:
    before = clone(target), clone(patch)
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once
    assert (target, patch) == before


@pytest.mark.parametrize(  # RFC 6902, appendix A
    ("document", "operation", "result"),
    [
        ({"foo": "bar"}, {"op": "add", "path": "/baz", "value": 1}, {"foo": "bar", "baz": 1}),
        ({"foo": [1, 3]}, {"op": "add", "path": "/foo/1", "value": 2}, {"foo": [1, 2, 3]}),
        ({"foo": [1]}, {"op": "add", "path": "/foo/-", "value": 2}, {"foo": [1, 2]}),
        ({"baz": 1, "foo": 2}, {"op": "remove", "path": "/baz"}, {"foo": 2}),
        ({"foo": [1, 2, 3]}, {"op": "remove", "path": "/foo/1"}, {"foo": [1, 3]}),
        ({"foo": [1, 2, 3]}, {"op": "remove", "path": "/foo/-1"}, {"foo": [1, 2]}),
        ({"baz": 1}, {"op": "replace", "path": "/baz", "value": None}, {"baz": None}),
        ({"a": {"b": 1}, "c": {}}, {"op": "move", "from": "/a/b", "path": "/c/d"}, {"a": {}, "c": {"d": 1}}),
        ({"foo": [1, 2, 3]}, {"op": "move", "from": "/foo/0", "path": "/foo/2"}, {"foo": [2, 3, 1]}),
        ({"a": [1]}, {"op": "copy", "from": "/a", "path": "/b"}, {"a": [1], "b": [1]}),
        ({"a/b": 1, "m~n": 2}, {"op": "remove", "path": "/m~0n"}, {"a/b": 1}),
        ({"a/b": 1}, {"op": "test", "path": "/a~1b", "value": 1}, {"a/b": 1}),
        ({"a": 1}, {"op": "replace", "path": "", "value": {"b": 2}}, {"b": 2}),
    ],
)
def test_json_patch_follows_the_standard(document: Any, operation: Any, result: Any) -> None:
    before = clone(document)
    assert json_patch(document, [operation]) == result
    assert document == before


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/none"},
        {"op": "replace", "path": "/none", "value": 1},
        {"op": "add", "path": "/a/9", "value": 1},
        {"op": "add", "path": "/none/b", "value": 1},
        {"op": "add", "path": "a", "value": 1},
        {"op": "add", "path": "/x"},
        {"op": "test", "path": "/a", "value": [2]},
        {"op": "test", "path": "/b", "value": True},
        {"op": "jump", "path": "/a"},
        {"op": "move", "from": "/none", "path": "/x"},
        {"op": "remove", "path": ""},
        "add",
    ],
)
def test_json_patch_refuses_what_cannot_be_done(operation: Any) -> None:
    with pytest.raises(JSONPatchError):
        json_patch({"a": [1], "b": 1}, [operation])


@given(OBJECTS, JSON)
def test_json_patch_adds_what_it_can_remove_again(document: Any, value: Any) -> None:
    document.pop("new", None)
    added = json_patch(document, [{"op": "add", "path": "/new", "value": value}, {"op": "test", "path": "/new", "value": value}])
    assert json_patch(added, [{"op": "remove", "path": "/new"}]) == document


def containers(*names: str) -> Any:
    return {"spec": {"containers": [{"name": name, "image": name} for name in names]}}


def test_strategic_patch_merges_keyed_lists() -> None:
    patch = {"spec": {"containers": [{"name": "b", "image": "new"}, {"name": "c"}]}}
    assert strategic_merge_patch(containers("a", "b"), patch, POD)["spec"]["containers"] == [
        {"name": "a", "image": "a"}, {"name": "b", "image": "new"}, {"name": "c"},
    ]  # fmt: skip


def test_strategic_patch_deletes_replaces_and_orders() -> None:
    old = containers("a", "b", "c")
    deleted = strategic_merge_patch(old, {"spec": {"containers": [{"name": "b", "$patch": "delete"}]}}, POD)
    assert [one["name"] for one in deleted["spec"]["containers"]] == ["a", "c"]
    replaced = strategic_merge_patch(old, {"spec": {"containers": [{"$patch": "replace"}, {"name": "z"}]}}, POD)
    assert replaced["spec"]["containers"] == [{"name": "z"}]
    order = {
        "spec": {"$setElementOrder/containers": [{"name": "c"}, {"name": "a"}, {"name": "d"}], "containers": [{"name": "d"}]}
    }
    ordered = strategic_merge_patch(old, order, POD)
    assert [one["name"] for one in ordered["spec"]["containers"] if one["name"] != "b"] == ["c", "a", "d"]


def test_strategic_patch_keeps_only_retained_keys() -> None:
    old = {"spec": {"volumes": [{"name": "v", "emptyDir": {"medium": "Memory"}}]}}
    patch = {"spec": {"volumes": [{"$retainKeys": ["name", "hostPath"], "name": "v", "hostPath": {"path": "/x"}}]}}
    assert strategic_merge_patch(old, patch, POD) == {"spec": {"volumes": [{"name": "v", "hostPath": {"path": "/x"}}]}}


def test_strategic_patch_handles_primitive_lists() -> None:
    old = {"metadata": {"finalizers": ["a", "b"]}}
    assert strategic_merge_patch(old, {"metadata": {"finalizers": ["b", "c"]}}, POD)["metadata"]["finalizers"] == ["a", "b", "c"]
    without = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}}
    assert strategic_merge_patch(old, without, POD)["metadata"]["finalizers"] == ["b"]


def test_strategic_patch_replaces_atomic_lists() -> None:
    old = {"spec": {"tolerations": [{"key": "a"}]}}
    assert strategic_merge_patch(old, {"spec": {"tolerations": [{"key": "b"}]}}, POD) == {"spec": {"tolerations": [{"key": "b"}]}}


def test_strategic_patch_wants_its_merge_key() -> None:
    with pytest.raises(StrategicPatchError, match=r"map: map\[image:x\] does not contain declared merge key: name"):
        strategic_merge_patch(containers("a"), {"spec": {"containers": [{"image": "x"}]}}, POD)


@given(OBJECTS, OBJECTS)
def test_strategic_patch_without_keyed_lists_is_a_merge_patch(target: Any, patch: Any) -> None:
    def without_nulls(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without_nulls(item) for key, item in value.items() if item is not None}
        return [without_nulls(item) for item in value] if isinstance(value, list) else value

    merged = strategic_merge_patch(target, patch, structure_of("v1", "Nothing"))
    assert without_nulls(merged) == without_nulls(merge_patch(target, patch))
