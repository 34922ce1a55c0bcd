"""A rate-limited queue of keys with the function that reconciles them: the engine of every controller.

A controller is level-triggered: whatever happens adds the *key* of the object to look at, and `reconcile(key)` brings the
world nearer to what that object asks for. A key that is added twice before its turn is looked at once. A reconcile that
fails is tried again after a wait that doubles. Nothing happens while nothing is queued.
"""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from podlab.mock.api.errors import APIError
from podlab.mock.kernel import MILLISECOND, SECOND, Kernel, Timer

Key = TypeVar("Key")

REACTION_NS: Final = 3 * MILLISECOND
"""How long after an event its controller acts: informers, queues and goroutines of a real one."""
RETRY_NS: Final = 5 * MILLISECOND
LONGEST_RETRY_NS: Final = 1000 * SECOND

ErrorHandler = Callable[[str, Any, Exception], None]


def raise_failure(name: str, key: Any, error: Exception) -> None:
    """What is done by default with an exception that is no `APIError`: a fault of the mock is shown at once."""
    error.add_note(f"in the controller {name!r}, with the key {key!r}")
    raise error


class WorkQueue(Generic[Key]):
    """Keys that wait to be reconciled.

    Args:
        kernel: The clock.
        name: The controller's, for the trace.
        reconcile: `reconcile(key)`; an `APIError` it raises (a conflict, mostly) makes it be tried again.
        on_failure: Gets `(name, key, exception)` of what is no `APIError`.
    """

    def __init__(
        self, kernel: Kernel, name: str, reconcile: Callable[[Key], object], on_failure: ErrorHandler = raise_failure
    ) -> None:
        self._kernel = kernel
        self._name = name
        self._reconcile = reconcile
        self._on_failure = on_failure
        self._ready: dict[Key, None] = {}
        self._later: dict[Key, Timer] = {}
        self._failures: dict[Key, int] = {}
        self._draining: Timer | None = None
        self._closed = False

    def add(self, key: Key) -> None:
        """Has a key reconciled soon."""
        if self._closed:
            return
        self._ready[key] = None
        if self._draining is None:
            self._draining = self._kernel.call_after(REACTION_NS, self._drain)

    def add_after(self, key: Key, delay_ns: int) -> None:
        """Has a key reconciled after `delay_ns`; an earlier time that was asked for stands."""
        if self._closed:
            return
        when_ns = self._kernel.now_ns + max(delay_ns, 0)
        timer = self._later.get(key)
        if timer is not None:
            if timer.when_ns <= when_ns:
                return
            timer.cancel()
        self._later[key] = self._kernel.call_at(when_ns, self._due, key)

    def close(self) -> None:
        """Reconciles no more."""
        self._closed = True
        self._ready.clear()
        for timer in self._later.values():
            timer.cancel()
        self._later.clear()

    def _due(self, key: Key) -> None:
        self._later.pop(key, None)
        self.add(key)

    def _drain(self) -> None:
        self._draining = None
        ready, self._ready = self._ready, {}
        for key in ready:
            try:
                self._reconcile(key)
            except APIError as error:
                self._kernel.trace.record(self._name, "retry", key=key, error=str(error))
                self._retry(key)
            except Exception as error:
                self._retry(key)
                self._on_failure(self._name, key, error)
            else:
                self._failures.pop(key, None)

    def _retry(self, key: Key) -> None:
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        self.add_after(key, min(RETRY_NS << (failures - 1), LONGEST_RETRY_NS))
