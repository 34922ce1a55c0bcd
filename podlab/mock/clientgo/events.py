"""Recorders of events, as client-go has them: the older one counts and combines what repeats, the newer one keeps series.

`EventRecorder` (kubelet, controllers) writes ``source``, ``count``, ``firstTimestamp`` and ``lastTimestamp``: an event that
repeats is patched; more than ten different messages of one reason about one object are combined; beyond a burst of 25 events
an object may have one in five minutes. `SeriesRecorder` (scheduler) writes ``eventTime`` and ``action``, and counts what
repeats in a ``series``.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from zlib import crc32

from podlab.mock.api.client import Client
from podlab.mock.api.errors import APIError
from podlab.mock.kernel import SECOND, Kernel, MicroTime

Obj = dict[str, Any]
EventType = Literal["Normal", "Warning"]

CACHE_SIZE: Final = 4096
SIMILAR_LIMIT: Final = 10
SIMILAR_WINDOW_NS: Final = 600 * SECOND
BURST: Final = 25
REFILL_NS: Final = 300 * SECOND
SERIES_WINDOW_NS: Final = 360 * SECOND
MESSAGE_MAX: Final = 1024


def reference(obj: Obj, field_path: str = "") -> Obj:
    """An ``ObjectReference`` to an object, as it stands in ``involvedObject``."""
    meta = obj["metadata"]
    ref: Obj = {
        "kind": obj.get("kind", ""),
        "namespace": meta.get("namespace", ""),
        "name": meta["name"],
        "uid": meta.get("uid", ""),
        "apiVersion": obj.get("apiVersion", ""),
        "resourceVersion": meta.get("resourceVersion", ""),
        "fieldPath": field_path,
    }
    return {key: value for key, value in ref.items() if value}


@dataclass(slots=True)
class _Similar:
    """Different messages of one kind about one object."""

    last_ns: int
    messages: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Logged:
    """An event that was written."""

    name: str
    count: int
    first: Any


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at_ns: int


class _Cache(OrderedDict[Any, Any]):
    """The entries that were used last."""

    def put(self, key: Any, value: Any) -> None:
        self[key] = value
        self.move_to_end(key)
        if len(self) > CACHE_SIZE:
            self.popitem(last=False)


class EventRecorder:
    """Writes events for one component.

    Args:
        kernel: The clock.
        client: Through which they are written.
        component: ``source.component``, such as ``kubelet``.
        host: ``source.host``; empty for controllers.
    """

    def __init__(self, kernel: Kernel, client: Client, component: str, host: str = "") -> None:
        self._kernel = kernel
        self._client = client
        self._component = component
        self._host = host
        self._names = _Names(kernel, component)
        self._similar = _Cache()
        self._logged = _Cache()
        self._buckets = _Cache()

    def event(self, obj: Obj, kind: EventType, reason: str, message: str, field_path: str = "") -> None:
        """Records that something happened to ``obj``; what cannot be written is dropped, as the real recorder does."""
        ref = reference(obj, field_path)
        if not self._within_rate(ref):
            return
        about = (ref.get("namespace", ""), ref["name"], ref.get("uid", ""), ref["kind"], field_path, kind, reason)
        message, key = self._combine(about, message)
        logged: _Logged | None = self._logged.get(key)
        try:
            if logged is not None and self._repeat(ref, logged, message):
                return
            self._write(ref, kind, reason, message, key)
        except APIError as error:
            self._kernel.trace.record(self._component, "event dropped", reason=reason, error=str(error))

    def _within_rate(self, ref: Obj) -> bool:
        key = (ref.get("namespace", ""), ref["name"], ref.get("uid", ""))
        now = self._kernel.now_ns
        bucket: _Bucket | None = self._buckets.get(key)
        if bucket is None:
            bucket = _Bucket(BURST, now)
        bucket.tokens = min(BURST, bucket.tokens + (now - bucket.at_ns) / REFILL_NS)
        bucket.at_ns = now
        self._buckets.put(key, bucket)
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def _combine(self, about: tuple[str, ...], message: str) -> tuple[str, Any]:
        """The message to write, and the key under which it repeats."""
        now = self._kernel.now_ns
        similar: _Similar | None = self._similar.get(about)
        if similar is None or now - similar.last_ns > SIMILAR_WINDOW_NS:
            similar = _Similar(now)
        similar.last_ns = now
        similar.messages[message] = None
        self._similar.put(about, similar)
        if len(similar.messages) < SIMILAR_LIMIT:
            return message, (about, message)
        similar.messages.pop(next(iter(similar.messages)))
        return f"(combined from similar events): {message}", about

    def _repeat(self, ref: Obj, logged: _Logged, message: str) -> bool:
        """Counts an event that is there already. Returns False when it has been deleted meanwhile."""
        now = self._kernel.now()
        patch = {"count": logged.count + 1, "lastTimestamp": now, "message": message}
        try:
            self._client.patch("events", ref.get("namespace") or "default", logged.name, patch, kind="strategic")
        except APIError as error:
            if error.http_code != 404:
                raise
            return False
        logged.count += 1
        return True

    def _write(self, ref: Obj, kind: EventType, reason: str, message: str, key: Any) -> None:
        now = self._kernel.now()
        namespace = ref.get("namespace") or "default"
        name = self._names.new(ref["name"])
        source = {"component": self._component, "host": self._host} if self._host else {"component": self._component}
        event = {
            "kind": "Event",
            "apiVersion": "v1",
            "metadata": {"name": name, "namespace": namespace},
            "involvedObject": ref,
            "reason": reason,
            "message": message[:MESSAGE_MAX],
            "source": source,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
            "type": kind,
            "eventTime": None,
            "reportingComponent": self._component,
            "reportingInstance": self._host,
        }
        self._client.create("events", namespace, event)
        self._logged.put(key, _Logged(name, 1, now))


@dataclass(slots=True)
class _Series:
    name: str
    count: int
    last_ns: int


class SeriesRecorder:
    """Writes events of the ``events.k8s.io`` style for one component.

    Args:
        controller: ``reportingComponent``, such as ``default-scheduler``.
        instance: ``reportingInstance``, the controller and its host.
    """

    def __init__(self, kernel: Kernel, client: Client, controller: str, instance: str) -> None:
        self._kernel = kernel
        self._client = client
        self._controller = controller
        self._instance = instance
        self._names = _Names(kernel, controller)
        self._series = _Cache()

    def event(self, obj: Obj, kind: EventType, reason: str, action: str, note: str) -> None:
        """Records that the component did ``action`` (such as ``Binding``) with ``obj``, and why."""
        ref = reference(obj)
        key = (ref.get("namespace", ""), ref["name"], ref.get("uid", ""), kind, action, reason)
        now = self._kernel.now_ns
        series: _Series | None = self._series.get(key)
        try:
            if series is not None and now - series.last_ns < SERIES_WINDOW_NS:
                series.last_ns = now
                series.count += 1
                if series.count == 2:
                    self._begin_series(ref, series)
                return
            self._write(ref, kind, reason, action, note, key)
        except APIError as error:
            self._kernel.trace.record(self._controller, "event dropped", reason=reason, error=str(error))

    def _begin_series(self, ref: Obj, series: _Series) -> None:
        patch = {"series": {"count": series.count, "lastObservedTime": MicroTime(self._kernel.now_ns)}}
        self._client.patch("events", ref.get("namespace") or "default", series.name, patch, kind="strategic")

    def _write(self, ref: Obj, kind: EventType, reason: str, action: str, note: str, key: Any) -> None:
        namespace = ref.get("namespace") or "default"
        name = self._names.new(ref["name"])
        event = {
            "kind": "Event",
            "apiVersion": "v1",
            "metadata": {"name": name, "namespace": namespace},
            "involvedObject": ref,
            "reason": reason,
            "message": note[:MESSAGE_MAX],
            "source": {},
            "firstTimestamp": None,
            "lastTimestamp": None,
            "type": kind,
            "eventTime": MicroTime(self._kernel.now_ns),
            "action": action,
            "reportingComponent": self._controller,
            "reportingInstance": self._instance,
        }
        self._client.create("events", namespace, event)
        self._series.put(key, _Series(name, 1, self._kernel.now_ns))


class _Names:
    """Names for events: the object's, and the time in hexadecimal, whose last digits are counted: time can stand."""

    def __init__(self, kernel: Kernel, component: str) -> None:
        self._kernel = kernel
        self._mark = (crc32(component.encode()) & 0xF) << 8
        self._count = 0

    def new(self, about: str) -> str:
        self._count = (self._count + 1) & 0xFF
        return f"{about}.{self._kernel.wall_ns & ~0xFFF | self._mark | self._count:x}"
