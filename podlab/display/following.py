"""A table that keeps itself up to date in its place while a cell runs.

It watches, so that no state is left out however quickly it passes (a wait on the mock lets time jump over minutes), and shows
each state long enough to be read.
"""

import contextvars
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from podlab.display.tables import AS_TABLE, Rows, Table
from podlab.errors import PodlabError, api_error
from podlab.lab import Lab
from podlab.lab.progress import somebody_looks

READING_SECONDS = 0.35  # how long each state stays at least, where somebody looks
STREAM_SECONDS = 1  # after so long without a change ages are asked for anew
PATIENCE_SECONDS = 6.0  # how long a cell may take longer than its block, to show what happened in it


@contextmanager
def live(lab: Lab, what: str = "pods", *, selector: str = "", wide: bool = False) -> Iterator[None]:
    """A table that keeps itself up to date in its place while the `with` block runs, and stays as it is at the end.

    Each state is shown, one after another, for a third of a second at least. On a terminal the last state alone is printed.

    Args:
        lab: where.
        what: as for `table`.
        selector: a label selector.
        wide: with more columns.
    """
    screen = _Screen()
    follower = _Follower(lab, what, selector, wide, screen)
    if screen.updates and not lab.api.connection.in_process:
        follower.start()
    try:
        yield
    finally:
        screen.show(follower.finish(), last=True)


class _Screen:
    """One place on the screen; is drawn anew only if what it shows has changed, and not any more after the last time."""

    def __init__(self) -> None:
        ipython = sys.modules.get("IPython")
        shell = ipython.get_ipython() if ipython else None
        self.updates = shell is not None and hasattr(shell, "kernel")
        self._handle: Any = None
        self._shown: Table | None = None
        self._over = False
        self._lock = threading.Lock()

    def show(self, shown: Table, last: bool = False) -> bool:
        """Show a table in place of the one before; is it another one?"""
        with self._lock:
            changed = shown != self._shown and not self._over
            if self.updates and changed:
                self._draw(shown)
            elif last and not self.updates:
                print(shown)
            self._shown, self._over = shown, self._over or last
            return changed

    def _draw(self, shown: Table) -> None:
        if self._handle is not None:
            self._handle.update(shown)
            return
        from IPython.display import display

        self._handle = display(shown, display_id=True)


class _Follower:
    """Brings each state of some objects to a screen, in a thread of its own.

    Args:
        lab: where.
        what, selector, wide: as for `live`.
        screen: where they are shown.
    """

    def __init__(self, lab: Lab, what: str, selector: str, wide: bool, screen: _Screen) -> None:
        self._lab, self._screen = lab, screen
        self._about = what, selector, wide
        self._over, self._caught_up = threading.Event(), threading.Event()
        self._rows: Rows | None = None
        self._goal: Any = None
        self._reading_seconds = READING_SECONDS if somebody_looks() else 0.0
        self._pause = threading.Event()  # never set: what a thread that only waits waits for
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Show what there is, and go on from there."""
        self._look()
        run = contextvars.copy_context().run  # so that what it shows belongs to this cell
        self._thread = threading.Thread(target=run, args=(self._follow,), name="podlab-live-table", daemon=True)
        self._thread.start()

    def finish(self) -> Table:
        """Wait until all that has happened until now was shown, and return what there is now."""
        try:
            rows = self._all()
        except PodlabError as error:
            self._over.set()
            return Table((), (), error.message)
        self._goal = rows.versions()
        self._over.set()
        if self._thread is not None and not self._done():
            self._caught_up.wait(PATIENCE_SECONDS)
        return rows.table()

    def _all(self) -> Rows:
        what, selector, wide = self._about
        return Rows(self._lab.api.target(what, selector=selector), wide).refresh(self._lab.api.connection)

    def _look(self) -> None:
        """Take all rows anew and show them, or the reason why they cannot be had."""
        try:
            self._rows = self._all()
        except PodlabError as error:
            self._rows = None
            self._screen.show(Table((), (), error.message))
        else:
            self._screen.show(self._rows.table())

    def _follow(self) -> None:
        try:
            while not self._over.is_set():
                if self._rows is None:
                    self._over.wait(STREAM_SECONDS)
                if (self._rows is None or not self._watch(self._rows)) and not self._over.is_set():
                    self._look()
        finally:
            self._caught_up.set()

    def _done(self) -> bool:
        return self._over.is_set() and self._rows is not None and self._rows.versions() == self._goal

    def _watch(self, rows: Rows) -> bool:
        """Show each change until nothing has changed for a while; was there any?"""
        seen = False
        try:
            for kind, part in self._events(rows):
                rows.take(kind, part)
                seen = True
                if self._screen.show(rows.table()):
                    self._pause.wait(self._reading_seconds)
                if self._done():
                    break
        except PodlabError:  # gone, or too much has happened meanwhile
            self._over.wait(STREAM_SECONDS)
            return False
        return seen

    def _events(self, rows: Rows) -> Iterator[tuple[str, Any]]:
        target = rows.target
        query = {
            "labelSelector": target.selector or None,
            "fieldSelector": f"metadata.name={target.name}" if target.name else None,
            "resourceVersion": rows.version,
            "timeoutSeconds": STREAM_SECONDS,
            "watch": True,
        }
        path = target.resource.path(target.namespace)
        patience = STREAM_SECONDS + 15.0
        for line in self._lab.api.connection.lines(path, query, {"Accept": AS_TABLE}, patience):
            event = json.loads(line)
            if event["type"] == "ERROR":
                raise api_error(event["object"])
            yield event["type"], event["object"]
