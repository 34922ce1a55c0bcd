from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podlab.mock.kernel import SECOND
from podlab.mock.store import Store
from tests.mock.api.calling import CONFIG_MAPS, MERGE, TABLE, Bottle, config_map, frames, names


@pytest.fixture
def bottle() -> Bottle:
    made = Bottle()
    made.ok("POST", CONFIG_MAPS, config_map("a"))
    return made


def label(bottle: Bottle, name: str, value: str | None) -> None:
    bottle.ok("PATCH", f"{CONFIG_MAPS}/{name}", {"metadata": {"labels": {"x": value}}}, content_type=MERGE)


def test_a_watch_begins_with_what_is_there(bottle: Bottle) -> None:
    stream = bottle.watch(f"{CONFIG_MAPS}?watch=1")
    assert names(stream) == [("ADDED", "a")]
    bottle.ok("POST", CONFIG_MAPS, config_map("b"))
    bottle.ok("DELETE", f"{CONFIG_MAPS}/a")
    assert names(stream) == [("ADDED", "b"), ("DELETED", "a")]


def test_a_watch_goes_on_from_a_revision(bottle: Bottle) -> None:
    revision = bottle.ok("GET", CONFIG_MAPS)["metadata"]["resourceVersion"]
    bottle.ok("POST", CONFIG_MAPS, config_map("b"))
    stream = bottle.watch(f"{CONFIG_MAPS}?watch=true&resourceVersion={revision}")
    assert names(stream) == [("ADDED", "b")]
    frame = bottle.ok("DELETE", f"{CONFIG_MAPS}/b") and frames(stream)[0]
    assert int(frame["object"]["metadata"]["resourceVersion"]) == bottle.store.revision


def test_objects_come_into_and_go_out_of_a_selection(bottle: Bottle) -> None:
    stream = bottle.watch(f"{CONFIG_MAPS}?watch=1&labelSelector=x%3D1")
    label(bottle, "a", "1")
    bottle.ok("PATCH", f"{CONFIG_MAPS}/a", {"data": {"k": "v"}}, content_type=MERGE)
    label(bottle, "a", "2")
    label(bottle, "a", "3")
    bottle.ok("DELETE", f"{CONFIG_MAPS}/a")
    assert names(stream) == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]


def test_a_single_object_can_be_watched(bottle: Bottle) -> None:
    stream = bottle.watch(f"{CONFIG_MAPS}/a?watch=1")
    bottle.ok("POST", CONFIG_MAPS, config_map("b"))
    assert names(stream) == [("ADDED", "a")]


def test_a_compacted_revision_has_expired() -> None:
    bottle = Bottle(store=Store(history_limit=5))
    for name in "abcdefg":
        bottle.ok("POST", CONFIG_MAPS, config_map(name))
    code, words = bottle.message("GET", f"{CONFIG_MAPS}?watch=1&resourceVersion=1")
    assert (code, words) == (410, f"too old resource version: 1 ({bottle.store.oldest_revision})")


def test_a_watch_ends_after_its_timeout(bottle: Bottle) -> None:
    stream = bottle.watch(f"{CONFIG_MAPS}?watch=1&timeoutSeconds=10")
    bottle.run(9)
    assert not stream.ended
    bottle.run(2)
    assert stream.ended
    bottle.ok("POST", CONFIG_MAPS, config_map("b"))
    assert names(stream) == [("ADDED", "a")]


def test_a_closed_watch_leaves_nothing_behind(bottle: Bottle) -> None:
    bottle.watch(f"{CONFIG_MAPS}?watch=1&timeoutSeconds=1000&allowWatchBookmarks=true").close()
    assert bottle.kernel.next_ns is None


def test_bookmarks_tell_of_revisions_elsewhere(bottle: Bottle) -> None:
    stream = bottle.watch(f"{CONFIG_MAPS}?watch=1&allowWatchBookmarks=true")
    frames(stream)
    bottle.ok("POST", "/api/v1/namespaces/default/secrets", {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}})
    bottle.run(61)
    [frame] = frames(stream)
    assert (frame["type"], frame["object"]["kind"]) == ("BOOKMARK", "ConfigMap")
    assert frame["object"]["metadata"]["resourceVersion"] == str(bottle.store.revision)
    bottle.run(300)
    assert not frames(stream)
    stream.close()


def test_a_streaming_list_ends_with_its_bookmark(bottle: Bottle) -> None:
    query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
    first, second = frames(stream := bottle.watch(f"{CONFIG_MAPS}?{query}"))
    assert (first["type"], second["type"]) == ("ADDED", "BOOKMARK")
    assert second["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
    stream.close()
    code, words = bottle.message("GET", f"{CONFIG_MAPS}?watch=1&sendInitialEvents=true")
    assert (code, words) == (
        422,
        'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: '
        "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    )


def test_a_watch_may_be_of_tables(bottle: Bottle) -> None:
    stream = bottle.watch(f"{CONFIG_MAPS}?watch=1", accept=TABLE)
    bottle.ok("POST", CONFIG_MAPS, config_map("b", k="v"))
    first, second = (frame["object"] for frame in frames(stream))
    assert [one["name"] for one in first["columnDefinitions"]] == ["Name", "Data", "Age"]
    assert second["columnDefinitions"] is None
    assert second["rows"][0]["cells"] == ["b", 1, "0s"]


def test_times_are_rendered_against_the_epoch_of_the_moment(bottle: Bottle) -> None:
    before = bottle.ok("GET", f"{CONFIG_MAPS}/a")["metadata"]["creationTimestamp"]
    bottle.kernel.epoch_ns -= 3600 * SECOND
    after = bottle.ok("GET", f"{CONFIG_MAPS}/a")["metadata"]["creationTimestamp"]
    assert (before, after) == ("2026-01-01T00:00:00Z", "2025-12-31T23:00:00Z")


CHANGES = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([None, "1", "2", "gone"])), max_size=15)


@settings(max_examples=60, deadline=None)
@given(changes=CHANGES, cut=st.integers(0, 15))
def test_list_and_watch_replay_to_the_selected_objects(changes: list[tuple[str, str | None]], cut: int) -> None:
    """A client that lists, watches, breaks off and resumes ends with what a list shows."""
    bottle = Bottle()
    url = f"{CONFIG_MAPS}?labelSelector=x%3D1"
    listed = bottle.ok("GET", url)
    seen: dict[str, Any] = {}
    revision = listed["metadata"]["resourceVersion"]
    stream = bottle.watch(f"{url}&watch=1&resourceVersion={revision}")

    def drain() -> None:
        nonlocal revision
        for frame in frames(stream):
            meta = frame["object"]["metadata"]
            assert int(meta["resourceVersion"]) > int(revision)
            revision = meta["resourceVersion"]
            assert (frame["type"] == "ADDED") == (meta["name"] not in seen)
            seen[meta["name"]] = frame["object"]
            if frame["type"] == "DELETED":
                del seen[meta["name"]]

    for index, (name, value) in enumerate(changes):
        if value == "gone":
            bottle.call("DELETE", f"{CONFIG_MAPS}/{name}")
        else:
            bottle.call("POST", CONFIG_MAPS, config_map(name))
            label(bottle, name, value)
        if index == cut:
            drain()
            stream.close()
            stream = bottle.watch(f"{url}&watch=1&resourceVersion={revision}")
    drain()
    kind = {"kind": "ConfigMap", "apiVersion": "v1"}
    assert {one["metadata"]["name"]: {**one, **kind} for one in bottle.ok("GET", url)["items"]} == seen


def test_a_client_that_does_not_read_is_given_up(bottle: Bottle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podlab.mock.api.request.MAX_PENDING_FRAMES", 3)
    stream = bottle.watch(f"{CONFIG_MAPS}?watch=1")
    for name in "bcdef":
        bottle.ok("POST", CONFIG_MAPS, config_map(name))
    assert stream.ended
    assert not stream.pending
