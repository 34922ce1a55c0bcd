"""Where objects live: one revision counter, a table a resource, watches, and a bounded history.

The store plays etcd and the watch cache in one. It knows keys and revisions and nothing of kinds. Invariants:

- An object handed out is shared and never changed in place, neither by the store nor by who gets it; who wants to change one
  clones it (`clone`). What is handed in becomes the store's.
- ``metadata.resourceVersion`` of a stored object is the revision (as a string) of the write that made it.
- The objects of a list at a revision, with the events that follow it, always give the store's state (replay equals state).
- Only the last `history_limit` events are kept; a watch or a list at an older revision raises `ExpiredError`.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Obj = dict[str, Any]
Objs = list[Obj]

DEFAULT_HISTORY = 4_096


class Key(NamedTuple):
    """Where an object is: ``("pods", "default", "web")``; the namespace is ``""`` for cluster-scoped resources."""

    resource: str
    namespace: str
    name: str


class StoreError(Exception):
    """The root of the store's refusals."""


class NotFoundError(StoreError, KeyError):
    """No object has that key."""


class AlreadyExistsError(StoreError):
    """An object has that key already."""


class ConflictError(StoreError):
    """The object has another revision than the one expected."""


class ExpiredError(StoreError):
    """What is asked for has been compacted away.

    Attributes:
        asked: the revision asked for.
        oldest: the oldest revision that can be watched from.
    """

    def __init__(self, asked: int, oldest: int) -> None:
        super().__init__(f"revision {asked} has been compacted; the oldest is {oldest}")
        self.asked = asked
        self.oldest = oldest


@dataclass(slots=True)
class WatchEvent:
    """One change.

    Attributes:
        obj: the new state; of a DELETED event, the last state with the revision of the deletion.
        old_obj: the state before (None for ADDED).
        encoded: frames that were made of this event, by what they depend on: a memo, while the event is being told,
            for whoever encodes events for many watches.
    """

    type: Literal["ADDED", "MODIFIED", "DELETED"]
    obj: Obj
    old_obj: Obj | None
    revision: int
    key: Key
    encoded: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


Events = list[WatchEvent]
Strings = list[str]


class Watch:
    """A subscription. Events wait in `pending` until the owner takes them from the left; `on_event` tells of each."""

    __slots__ = ("_close", "namespace", "on_event", "pending", "resource")

    def __init__(self, resource: str, namespace: str | None, close: "Callable[[Watch], None]") -> None:
        self.resource = resource
        self.namespace = namespace
        self.pending: deque[WatchEvent] = deque()
        self.on_event: Callable[[], None] | None = None
        self._close = close

    def close(self) -> None:
        """Ends the subscription; harmless when it has ended."""
        self._close(self)


class _Table:
    """The objects of one resource. ``order`` holds the keys as etcd sorts them, by the text ``namespace/name``."""

    __slots__ = ("objects", "order", "watches")

    def __init__(self) -> None:
        self.objects: dict[str, Obj] = {}
        self.order: list[str] = []
        self.watches: list[Watch] = []

    def put(self, path: str, obj: Obj) -> None:
        if path not in self.objects:
            insort(self.order, path)
        self.objects[path] = obj

    def remove(self, path: str) -> None:
        del self.objects[path]
        del self.order[bisect_left(self.order, path)]

    def paths(self, namespace: str | None) -> list[str]:
        if namespace is None:
            return self.order
        prefix = f"{namespace}/"
        return self.order[bisect_left(self.order, prefix) : bisect_left(self.order, f"{namespace}0")]  # "0" follows "/"


def clone(value: Any) -> Any:
    """A deep copy of JSON-like data; times and other immutable leaves are shared."""
    kind = type(value)
    if kind is dict:
        copy = value.copy()
        for key, item in value.items():
            if type(item) is dict or type(item) is list:
                copy[key] = clone(item)
        return copy
    if kind is list:
        return [clone(item) if type(item) is dict or type(item) is list else item for item in value]
    return value


class Store:
    """All objects of one mock.

    Args:
        history_limit: how many of the last events can be replayed to a watch.
    """

    def __init__(self, history_limit: int = DEFAULT_HISTORY) -> None:
        self.revision = 1
        self._tables: dict[str, _Table] = {}
        self._history: deque[WatchEvent] = deque()
        self._history_limit = history_limit
        self._oldest = 1

    @property
    def oldest_revision(self) -> int:
        """The oldest revision that `watch` and `list_at` can go back to."""
        return self._oldest

    def create(self, key: tuple[str, str, str], obj: Obj) -> Obj:
        """Adds an object. Raises AlreadyExistsError."""
        table, key = self._table(key[0]), Key(*key)
        path = f"{key.namespace}/{key.name}"
        if path in table.objects:
            raise AlreadyExistsError(key)
        obj = self._stamp(obj)
        table.put(path, obj)
        self._publish(table, WatchEvent("ADDED", obj, None, self.revision, key))
        return obj

    def get(self, key: tuple[str, str, str]) -> Obj:
        """The object at a key. Raises NotFoundError."""
        table = self._tables.get(key[0])
        obj = table.objects.get(f"{key[1]}/{key[2]}") if table else None
        if obj is None:
            raise NotFoundError(key)
        return obj

    def find(self, key: tuple[str, str, str]) -> Obj | None:
        """The object at a key, or None."""
        table = self._tables.get(key[0])
        return table.objects.get(f"{key[1]}/{key[2]}") if table else None

    def list(self, resource: str, namespace: str | None = None) -> tuple[Objs, int]:
        """The objects of a resource (in one namespace, or all of them), in etcd's order, and the revision of this moment."""
        table = self._tables.get(resource)
        if table is None:
            return [], self.revision
        objects = table.objects
        return [objects[path] for path in table.paths(namespace)], self.revision

    def count(self, resource: str, namespace: str | None = None) -> int:
        """How many objects a list would give."""
        table = self._tables.get(resource)
        return len(table.paths(namespace)) if table else 0

    def list_at(self, resource: str, namespace: str | None, revision: int) -> Objs:
        """The objects as they were just after `revision`. Raises ExpiredError when that is compacted."""
        if revision >= self.revision:
            return self.list(resource, namespace)[0]
        state: dict[str, Obj] = {}
        table = self._table(resource)
        for path in table.paths(namespace):
            state[path] = table.objects[path]
        for event in reversed(self._since(resource, namespace, revision)):
            path = f"{event.key.namespace}/{event.key.name}"
            if event.old_obj is None:
                del state[path]
            else:
                state[path] = event.old_obj
        return [state[path] for path in sorted(state)]

    def update(self, key: tuple[str, str, str], obj: Obj, expected_revision: int | None = None) -> Obj:
        """Replaces an object. Raises NotFoundError, ConflictError."""
        old = self.get(key)
        if expected_revision is not None and old["metadata"]["resourceVersion"] != str(expected_revision):
            raise ConflictError(key)
        table = self._table(key[0])
        obj = self._stamp(obj)
        table.put(f"{key[1]}/{key[2]}", obj)
        self._publish(table, WatchEvent("MODIFIED", obj, old, self.revision, Key(*key)))
        return obj

    def delete(self, key: tuple[str, str, str], expected_revision: int | None = None) -> Obj:
        """Removes an object and gives its last state. Raises NotFoundError, ConflictError."""
        old = self.get(key)
        if expected_revision is not None and old["metadata"]["resourceVersion"] != str(expected_revision):
            raise ConflictError(key)
        table = self._table(key[0])
        table.remove(f"{key[1]}/{key[2]}")
        gone = self._stamp(old)
        self._publish(table, WatchEvent("DELETED", gone, old, self.revision, Key(*key)))
        return gone

    def watch(self, resource: str, namespace: str | None = None, since_revision: int | None = None) -> Watch:
        """Subscribes to what happens after `since_revision` (this moment, without one); what already has is in `pending`.

        Raises:
            ExpiredError: That revision is older than the history.
        """
        table = self._table(resource)
        watch = Watch(resource, namespace, self._unsubscribe)
        if since_revision is not None and since_revision < self.revision:
            watch.pending.extend(self._since(resource, namespace, since_revision))
        table.watches.append(watch)
        return watch

    def compact(self, revision: int) -> None:
        """Forgets the events up to and including `revision`."""
        while self._history and self._history[0].revision <= revision:
            self._history.popleft()
        self._oldest = max(self._oldest, min(revision, self.revision))

    def resources(self) -> "Strings":
        """The resources that have objects, sorted."""
        return sorted(name for name, table in self._tables.items() if table.objects)

    def __iter__(self) -> Iterator[Key]:
        for resource in self.resources():
            for path in tuple(self._tables[resource].order):
                namespace, _, name = path.partition("/")
                yield Key(resource, namespace, name)

    def _table(self, resource: str) -> _Table:
        table = self._tables.get(resource)
        if table is None:
            table = self._tables[resource] = _Table()
        return table

    def _stamp(self, obj: Obj) -> Obj:
        self.revision += 1
        return {**obj, "metadata": {**obj["metadata"], "resourceVersion": str(self.revision)}}

    def _since(self, resource: str, namespace: str | None, revision: int) -> "Events":
        if revision < self._oldest:
            raise ExpiredError(revision, self._oldest)
        events: Events = []
        for event in reversed(self._history):
            if event.revision <= revision:
                break
            if event.key.resource == resource and namespace in (None, event.key.namespace):
                events.append(event)
        events.reverse()
        return events

    def _publish(self, table: _Table, event: WatchEvent) -> None:
        history = self._history
        history.append(event)
        if len(history) > self._history_limit:
            self._oldest = history.popleft().revision
        for watch in tuple(table.watches):
            if watch.namespace is None or watch.namespace == event.key.namespace:
                watch.pending.append(event)
                if watch.on_event is not None:
                    watch.on_event()
        event.encoded.clear()  # all who watch have their frames

    def _unsubscribe(self, watch: Watch) -> None:
        watches = self._table(watch.resource).watches
        if watch in watches:
            watches.remove(watch)
