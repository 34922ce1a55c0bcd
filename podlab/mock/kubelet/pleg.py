"""The pod lifecycle event generator: how the kubelet learns what its runtime did.

The real one lists all containers once a second, compares with what it saw last, puts the status of each pod that changed into
a cache and emits events. A pod worker that has just synced a pod waits for a status that is newer than its sync. All that can
be seen of it is *when*
each change is noticed: at the next tick of a clock, or at once when a worker asks for one pod (`request_relist`, which it
    does after a sync that changed something). So nothing ticks here: a tick is scheduled when something changed, or somebody
    waits for it.
"""

from collections.abc import Callable
from typing import Final

from podlab.mock.kernel import MILLISECOND, Kernel, Timer, WaitQueue
from podlab.mock.kubelet.latencies import RELIST_PERIOD_NS
from podlab.mock.kubelet.runtime.containerd import Containerd
from podlab.mock.kubelet.runtime.types import ContainerState, PodRuntimeStatus

RELIST_POD_NS: Final = 2 * MILLISECOND
Seen = dict[str, ContainerState | bool]
"""By id: the state of each container, and whether each sandbox is ready."""


class PodCache:
    """What was last seen of each pod, and when; the answer to "newer than my last sync?"."""

    def __init__(self) -> None:
        self.statuses: dict[str, PodRuntimeStatus] = {}
        self.observed_ns: dict[str, int] = {}


class PLEG:
    """Notices changes.

    Args:
        on_event: Called with the UID of each pod of which a container or the sandbox started or ended.
        on_died: Called with a pod's UID and the id of each container that ended, after `on_event`.
    """

    def __init__(
        self,
        kernel: Kernel,
        runtime: Containerd,
        on_event: Callable[[str], None],
        on_died: Callable[[str, str], None],
    ) -> None:
        self._kernel = kernel
        self._runtime = runtime
        self._on_event = on_event
        self._on_died = on_died
        self._cache = PodCache()
        self._seen: dict[str, Seen] = {}
        self._changed: dict[str, None] = {}
        self._tick: Timer | None = None
        self._phase_ns = kernel.random("pleg").randrange(RELIST_PERIOD_NS)
        self._waiting = WaitQueue(kernel)
        runtime.on_change = self._note_change

    def get(self, uid: str) -> PodRuntimeStatus:
        """What was last seen of a pod."""
        return self._cache.statuses.get(uid) or PodRuntimeStatus(uid)

    async def newer_than(self, uid: str, time_ns: int) -> PodRuntimeStatus:
        """What was seen of a pod after `time_ns` (-1: whenever); waits for it."""
        while not self._is_newer(uid, time_ns):
            self._schedule()
            await self._waiting.wait()
        return self.get(uid)

    def request_relist(self, uid: str) -> None:
        """Looks at one pod as soon as possible."""
        self._kernel.call_after(RELIST_POD_NS, self._relist_pod, uid)

    def close(self) -> None:
        """Ticks no more."""
        if self._tick is not None:
            self._tick.cancel()

    def _is_newer(self, uid: str, time_ns: int) -> bool:
        return time_ns < 0 or self._last_tick_ns() > time_ns or self._cache.observed_ns.get(uid, -2) > time_ns

    def _last_tick_ns(self) -> int:
        now = self._kernel.now_ns
        last = now - (now - self._phase_ns) % RELIST_PERIOD_NS
        if self._tick is not None and self._tick.when_ns <= now:
            last -= RELIST_PERIOD_NS
        return last

    def _note_change(self, uid: str) -> None:
        self._changed[uid] = None
        self._schedule()

    def _schedule(self) -> None:
        if self._tick is None:
            now = self._kernel.now_ns
            self._tick = self._kernel.call_after(RELIST_PERIOD_NS - (now - self._phase_ns) % RELIST_PERIOD_NS, self._relist)

    def _relist(self) -> None:
        self._tick = None
        changed, self._changed = self._changed, {}
        for uid in changed:
            self._look(uid)
        self._waiting.wake_all()

    def _relist_pod(self, uid: str) -> None:
        self._changed.pop(uid, None)
        self._look(uid)
        self._cache.observed_ns[uid] = self._kernel.now_ns
        self._waiting.wake_all()

    def _look(self, uid: str) -> None:
        """Compares a pod with what was seen of it, keeps its status, and tells of what happened."""
        status = self._runtime.status(uid)
        seen: Seen = {container.id: container.state for container in status.containers}
        seen.update((sandbox.id, sandbox.ready) for sandbox in status.sandboxes)
        before = self._seen.get(uid, {})
        if seen == before:
            return
        if not seen:
            self._forget(uid)
            return
        self._seen[uid] = seen
        self._cache.statuses[uid] = self._keeping_ips(status)
        if any(before.get(key) != state and state is not ContainerState.CREATED for key, state in seen.items()):
            self._on_event(uid)
        for container in status.containers:
            if container.exited and before.get(container.id) is not ContainerState.EXITED:
                self._on_died(uid, container.id)

    def _keeping_ips(self, status: PodRuntimeStatus) -> PodRuntimeStatus:
        """A pod whose sandbox has ended keeps the addresses that it had."""
        if status.ips or (status.sandbox and status.sandbox.ready):
            return status
        return PodRuntimeStatus(status.uid, status.sandboxes, status.containers, self.get(status.uid).ips)

    def _forget(self, uid: str) -> None:
        self._seen.pop(uid, None)
        self._cache.statuses.pop(uid, None)
        self._cache.observed_ns.pop(uid, None)
