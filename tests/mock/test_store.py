from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from podlab.mock.store import AlreadyExistsError, ConflictError, ExpiredError, NotFoundError, Store, Watch, clone

Obj = dict[str, Any]


def made(name: str, namespace: str = "default", **more: Any) -> Obj:
    return {"metadata": {"name": name, "namespace": namespace}, **more}


def key(name: str, namespace: str = "default") -> tuple[str, str, str]:
    return "pods", namespace, name


def test_create_stamps_the_revision_and_leaves_the_given_object_alone() -> None:
    store, given = Store(), made("a")
    stored = store.create(key("a"), given)
    assert stored["metadata"]["resourceVersion"] == str(store.revision)
    assert "resourceVersion" not in given["metadata"]
    with pytest.raises(AlreadyExistsError):
        store.create(key("a"), made("a"))


def test_update_and_delete_check_the_expected_revision() -> None:
    store = Store()
    old = int(store.create(key("a"), made("a"))["metadata"]["resourceVersion"])
    store.update(key("a"), made("a", spec=1), expected_revision=old)
    with pytest.raises(ConflictError):
        store.update(key("a"), made("a", spec=2), expected_revision=old)
    with pytest.raises(ConflictError):
        store.delete(key("a"), expected_revision=old)
    with pytest.raises(NotFoundError):
        store.get(key("b"))


def test_a_stored_object_does_not_change_when_it_is_replaced() -> None:
    store = Store()
    before = store.create(key("a"), made("a", spec={"x": 1}))
    copy = clone(before)
    store.update(key("a"), {**before, "spec": {"x": 2}})
    store.delete(key("a"))
    assert before == copy


def test_lists_are_in_etcds_order() -> None:
    store = Store()
    for namespace, name in (("a", "z"), ("a-b", "a"), ("b", "a"), ("a", "b")):
        store.create(key(name, namespace), made(name, namespace))
    listed, _ = store.list("pods")
    assert [(one["metadata"]["namespace"], one["metadata"]["name"]) for one in listed] == [
        ("a-b", "a"), ("a", "b"), ("a", "z"), ("b", "a"),
    ]  # fmt: skip
    assert [one["metadata"]["name"] for one in store.list("pods", "a")[0]] == ["b", "z"]


def test_a_watch_from_a_compacted_revision_has_expired() -> None:
    store = Store(history_limit=2)
    for name in "abcd":
        store.create(key(name), made(name))
    with pytest.raises(ExpiredError) as caught:
        store.watch("pods", since_revision=1)
    assert caught.value.oldest == store.oldest_revision
    assert len(store.watch("pods", since_revision=store.oldest_revision).pending) == 2


def test_a_closed_watch_hears_nothing() -> None:
    store = Store()
    watch = store.watch("pods")
    watch.close()
    watch.close()
    store.create(key("a"), made("a"))
    assert not watch.pending


def replay(objects: dict[tuple[str, str], Obj], watch: Watch) -> None:
    while watch.pending:
        event = watch.pending.popleft()
        where = (event.key.namespace, event.key.name)
        assert (event.type == "ADDED") == (where not in objects)
        if event.type == "DELETED":
            del objects[where]
        else:
            assert event.old_obj == objects.get(where)
            objects[where] = event.obj


def by_name(listed: list[Obj]) -> dict[tuple[str, str], Obj]:
    return {(one["metadata"]["namespace"], one["metadata"]["name"]): one for one in listed}


class StoreMachine(RuleBasedStateMachine):
    """A list and the watch that follows it always give the store; so does a list at an older revision."""

    watches = Bundle("watches")
    names = st.sampled_from("abc")
    namespaces = st.sampled_from(["default", "default-2"])

    @initialize()
    def start(self) -> None:
        self.store = Store(history_limit=8)
        self.past: dict[int, list[Obj]] = {}
        self.followers: list[tuple[str | None, dict[tuple[str, str], Obj], Watch]] = []

    @rule(name=names, namespace=namespaces, value=st.integers(0, 3))
    def put(self, name: str, namespace: str, value: int) -> None:
        write = self.store.update if self.store.find(key(name, namespace)) else self.store.create
        write(key(name, namespace), made(name, namespace, spec=value))

    @rule(name=names, namespace=namespaces)
    def delete(self, name: str, namespace: str) -> None:
        if self.store.find(key(name, namespace)):
            self.store.delete(key(name, namespace))

    @rule(namespace=st.none() | namespaces)
    def follow(self, namespace: str | None) -> None:
        listed, revision = self.store.list("pods", namespace)
        self.followers.append((namespace, by_name(listed), self.store.watch("pods", namespace, revision)))

    @rule()
    def remember(self) -> None:
        self.past[self.store.revision] = self.store.list("pods")[0]

    @rule()
    def compact(self) -> None:
        self.store.compact(self.store.revision - 2)

    @invariant()
    def followers_see_the_store(self) -> None:
        for namespace, objects, watch in self.followers:
            replay(objects, watch)
            assert objects == by_name(self.store.list("pods", namespace)[0])

    @invariant()
    def the_past_is_as_it_was_or_gone(self) -> None:
        for revision, listed in self.past.items():
            if revision < self.store.oldest_revision:
                with pytest.raises(ExpiredError):
                    self.store.list_at("pods", None, revision)
            else:
                assert self.store.list_at("pods", None, revision) == listed


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
