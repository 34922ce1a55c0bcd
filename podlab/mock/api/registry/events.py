"""Events: they live an hour after they were last written; ``v1`` and ``events.k8s.io/v1`` show the same ones.

They are stored in the form of ``v1``; `to_new` and `to_core` translate.
"""

from typing import TYPE_CHECKING, Any, Final

from podlab.mock.api.registry.strategy import CreateOnUpdate
from podlab.mock.kernel import SECOND

if TYPE_CHECKING:
    from podlab.mock.api.registry.base import Registry

Obj = dict[str, Any]

TIME_TO_LIVE_NS: Final = 3600 * SECOND

_RENAMED: Final = (
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("reportingComponent", "reportingController"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
)
_ORDER_NEW: Final = (
    "kind", "apiVersion", "metadata", "eventTime", "series", "reportingController", "reportingInstance", "action", "reason",
    "regarding", "related", "note", "type", "deprecatedSource", "deprecatedFirstTimestamp", "deprecatedLastTimestamp",
    "deprecatedCount",
)  # fmt: skip
_ORDER_CORE: Final = (
    "kind", "apiVersion", "metadata", "involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count",
    "type", "eventTime", "series", "action", "related", "reportingComponent", "reportingInstance",
)  # fmt: skip


def to_new(obj: Obj) -> Obj:
    """A stored event as ``events.k8s.io/v1``."""
    names = dict(_RENAMED)
    found = {names.get(key, key): value for key, value in obj.items()}
    found["apiVersion"] = "events.k8s.io/v1"
    found.setdefault("eventTime", None)
    return {key: found[key] for key in _ORDER_NEW if key in found}


def to_core(obj: Obj) -> Obj:
    """An event of ``events.k8s.io/v1`` as it is stored."""
    names = {new: core for core, new in _RENAMED}
    found = {names.get(key, key): value for key, value in obj.items()}
    found["apiVersion"] = "v1"
    for name in ("source", "firstTimestamp", "lastTimestamp", "eventTime", "reportingComponent", "reportingInstance"):
        found.setdefault(name, {} if name == "source" else "" if name.startswith("reporting") else None)
    return {key: found[key] for key in _ORDER_CORE if key in found}


class EventStrategy(CreateOnUpdate):
    """Removes events when their time is over."""

    def __init__(self, registry: "Registry") -> None:
        self._registry = registry

    def after_create(self, registry: "Registry", obj: Obj) -> None:
        """Starts the event's hour."""
        meta = obj["metadata"]
        registry.kernel.call_after(TIME_TO_LIVE_NS, self._expire, meta["namespace"], meta["name"], meta["resourceVersion"])

    def after_update(self, registry: "Registry", obj: Obj, old: Obj) -> None:
        """Starts the event's hour again."""
        self.after_create(registry, obj)

    def _expire(self, namespace: str, name: str, revision: str) -> None:
        key = ("events", namespace, name)
        found = self._registry.store.find(key)
        if found is not None and found["metadata"]["resourceVersion"] == revision:
            self._registry.store.delete(key)
