"""Watches over HTTP: from the store's events to frames, with bookmarks, initial events, timeouts and resumption.

A watch sees the objects that its selection covers: an object that comes into view is ADDED, one that leaves it DELETED. Frames
are encoded when the event happens, once for all watches that ask for the same form.
"""

from collections.abc import Callable
from typing import Any, Final, Literal

from podlab.mock.api.codec import encode
from podlab.mock.api.errors import Expired
from podlab.mock.api.listing import check_not_ahead, parse_revision
from podlab.mock.api.options import WatchOptions
from podlab.mock.api.request import WatchStream
from podlab.mock.api.selectors import Selection
from podlab.mock.kernel import SECOND, Kernel, Timer
from podlab.mock.store import ExpiredError, Store, Watch, WatchEvent

Obj = dict[str, Any]
EventType = Literal["ADDED", "MODIFIED", "DELETED"]

BOOKMARK_PERIOD_NS: Final = 60 * SECOND
INITIAL_EVENTS_END: Final = "k8s.io/initial-events-end"


def translate(event: WatchEvent, selection: Selection) -> EventType | None:
    """What an event is to a watch that sees only a selection; None when it is nothing."""
    if selection.everything:
        return event.type
    is_in = event.type != "DELETED" and selection.matches(event.obj)
    was_in = event.old_obj is not None and selection.matches(event.old_obj)
    if is_in:
        return "MODIFIED" if was_in else "ADDED"
    return "DELETED" if was_in else None


class WatchServer:
    """Feeds one `WatchStream` from the store.

    Args:
        present: turns an object into what is sent (another version, a table, metadata alone), given whether it is the first
        frame. bookmark: makes the object of a bookmark from a revision and annotations. form: what the encoded frame depends on
        beside the event; None where frames cannot be shared.
    """

    def __init__(
        self,
        kernel: Kernel,
        store: Store,
        stream: WatchStream,
        selection: Selection,
        present: Callable[[Obj, bool], Obj],
        bookmark: Callable[[int, Obj | None], Obj],
        form: Any = None,
    ) -> None:
        self._kernel = kernel
        self._store = store
        self._stream = stream
        self._selection = selection
        self._present = present
        self._bookmark = bookmark
        self._form = form
        self._first = True
        self._watch: Watch | None = None
        self._timers: list[Timer] = []
        self._sent = 0

    def start(self, resource: str, namespace: str | None, options: WatchOptions) -> None:
        """Sends what is there already, and goes on with what happens.

        Raises:
            Expired: the revision to go on from is compacted (before the first frame, so that the client gets a plain 410).
        """
        asked = parse_revision(options.resource_version, resource)
        check_not_ahead(self._store, asked)
        initial = options.send_initial_events if options.send_initial_events is not None else asked == 0
        try:
            self._watch = self._store.watch(resource, namespace, self._store.revision if initial else asked or None)
        except ExpiredError as error:
            raise Expired.too_old(error.asked, error.oldest) from error
        self._stream.when_closed(self._close)
        if initial:
            self._send_initial(resource, namespace, options)
        self._pump()
        self._watch.on_event = self._pump
        if options.timeout_seconds:
            self._timers.append(self._kernel.call_after(options.timeout_seconds * SECOND, self._stream.close))
        if options.bookmarks:
            self._timers.append(self._kernel.call_after(BOOKMARK_PERIOD_NS, self._send_bookmark))

    def _send_initial(self, resource: str, namespace: str | None, options: WatchOptions) -> None:
        items, revision = self._store.list(resource, namespace)
        for obj in items:
            if self._selection.matches(obj):
                self._send("ADDED", obj)
        if options.send_initial_events and options.bookmarks:
            self._send_raw("BOOKMARK", self._bookmark(revision, {INITIAL_EVENTS_END: "true"}))
        self._sent = revision

    def _pump(self) -> None:
        pending = self._watch.pending if self._watch else None
        while pending:
            event = pending.popleft()
            kind = translate(event, self._selection)
            if kind is None:
                continue
            self._sent = event.revision
            if self._form is None or self._first:
                self._send(kind, event.obj)
                continue
            key = (self._form, kind, self._kernel.epoch_ns)
            frame = event.encoded.get(key)
            if frame is None:
                frame = event.encoded[key] = self._frame(kind, self._present(event.obj, False))
            self._stream.send(frame)

    def _send(self, kind: str, obj: Obj) -> None:
        first, self._first = self._first, False
        self._stream.send(self._frame(kind, self._present(obj, first)))

    def _send_raw(self, kind: str, obj: Obj) -> None:
        self._stream.send(self._frame(kind, obj))

    def _frame(self, kind: str, obj: Obj) -> bytes:
        return encode({"type": kind, "object": obj}, self._kernel.epoch_ns)

    def _send_bookmark(self) -> None:
        if self._store.revision > self._sent:
            self._sent = self._store.revision
            self._send_raw("BOOKMARK", self._bookmark(self._store.revision, None))
        self._timers = [timer for timer in self._timers if timer.function is not None]
        self._timers.append(self._kernel.call_after(BOOKMARK_PERIOD_NS, self._send_bookmark))

    def _close(self) -> None:
        if self._watch is not None:
            self._watch.close()
        for timer in self._timers:
            timer.cancel()
