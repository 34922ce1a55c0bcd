"""Exponential back-off by key, as client-go's ``flowcontrol.Backoff`` counts it, for crashing containers and missing images."""

from dataclasses import dataclass

from podlab.mock.kernel import Kernel


@dataclass(slots=True)
class _Entry:
    backoff_ns: int
    updated_ns: int


class Backoff:
    """How long each key has to wait.

    Args:
        kernel: The clock.
        initial_ns: The first wait; each further one is twice as long.
        max_ns: The longest wait. What happens later than twice this after the last entry starts anew.
    """

    def __init__(self, kernel: Kernel, initial_ns: int, max_ns: int) -> None:
        self._kernel = kernel
        self._initial_ns = initial_ns
        self._max_ns = max_ns
        self._entries: dict[str, _Entry] = {}

    def get(self, key: str) -> int:
        """The wait that counts for a key (0: none)."""
        entry = self._entries.get(key)
        return entry.backoff_ns if entry else 0

    def next(self, key: str, event_ns: int) -> None:
        """Something of that key failed at `event_ns` and is tried again: the wait after the next failure grows."""
        entry = self._entries.get(key)
        now = self._kernel.now_ns
        if entry is None or self._expired(entry, event_ns):
            self._entries[key] = _Entry(self._initial_ns, now)
        else:
            entry.backoff_ns = min(entry.backoff_ns * 2, self._max_ns)
            entry.updated_ns = now

    def is_waiting_since(self, key: str, event_ns: int) -> bool:
        """Is the wait counted from `event_ns` (when the container ended) not over yet?"""
        entry = self._entries.get(key)
        if entry is None or self._expired(entry, event_ns):
            return False
        return self._kernel.now_ns - event_ns < entry.backoff_ns

    def is_waiting_since_update(self, key: str) -> bool:
        """Is the wait counted from the last `next` not over yet?"""
        entry = self._entries.get(key)
        if entry is None or self._expired(entry, self._kernel.now_ns):
            return False
        return self._kernel.now_ns - entry.updated_ns < entry.backoff_ns

    def until(self, key: str) -> int:
        """When the wait counted from the last `next` ends."""
        entry = self._entries[key]
        return entry.updated_ns + entry.backoff_ns

    def forget(self, prefix: str) -> None:
        """Drops all keys that begin with `prefix` (a pod is gone)."""
        for key in [key for key in self._entries if key.startswith(prefix)]:
            del self._entries[key]

    def _expired(self, entry: _Entry, event_ns: int) -> bool:
        return event_ns - entry.updated_ns > 2 * self._max_ns
