"""What probes found, by container: what readiness and restarts go by."""

from collections.abc import Callable
from typing import Literal

Result = Literal["success", "failure", "unknown"]
Update = Callable[[str, str, Result], None]


class Results:
    """The results of one kind of probe.

    Args:
        on_update: ``on_update(pod_uid, container_id, result)`` is called when a result becomes another.
    """

    def __init__(self, on_update: Update) -> None:
        self._on_update = on_update
        self._found: dict[str, Result] = {}

    def get(self, container_id: str) -> Result | None:
        """The result for a container, None when there is none."""
        return self._found.get(container_id)

    def set(self, uid: str, container_id: str, result: Result) -> None:
        """Notes a result."""
        if self._found.get(container_id) != result:
            self._found[container_id] = result
            self._on_update(uid, container_id, result)

    def remove(self, container_id: str) -> None:
        """Forgets a container."""
        self._found.pop(container_id, None)
