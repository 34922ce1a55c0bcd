"""Pod workers: one a pod, which bring it to life, keep it, end it and clear it away.

    syncing --- deleted, evicted, or nothing left to run ---> terminating --- containers have ended ---> terminated

A worker does one thing at a time. What happens meanwhile (a new spec, a container that ended) is one pending update; the
worker takes it as soon as it is free and the runtime's status is newer than its last sync. After a sync that failed it tries
again after a wait, and a container's back-off says how long that is.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, Protocol

from podlab.mock.kernel import Cancelled, Kernel, Task, Timer, WaitQueue
from podlab.mock.kubelet.latencies import BACKOFF_NS, JITTER, RESYNC_NS
from podlab.mock.kubelet.pleg import PLEG
from podlab.mock.kubelet.resizing import allocated, pending
from podlab.mock.kubelet.runtime.types import PodRuntimeStatus

Obj = dict[str, Any]


class Phase(Enum):
    """How far a worker has come."""

    SYNCING = "syncing"
    TERMINATING = "terminating"
    TERMINATED = "terminated"
    FINISHED = "finished"


class SyncError(Exception):
    """A sync failed and is to be tried again.

    Attributes:
        retry_ns: When a back-off ends; None for the usual wait.
    """

    def __init__(self, message: str, retry_ns: int | None = None) -> None:
        super().__init__(message)
        self.retry_ns = retry_ns


class Superseded(Cancelled):
    """Ends what a worker does, since the pod is to end (sooner)."""


class Syncer(Protocol):
    """What a worker does in each phase."""

    async def sync(self, worker: "PodWorker", status: PodRuntimeStatus) -> bool:
        """Brings the pod nearer to its spec. Returns whether it has run to its end. Raises SyncError."""

    async def sync_terminating(self, worker: "PodWorker", status: PodRuntimeStatus, grace_seconds: int | None) -> None:
        """Ends all containers."""

    async def sync_terminated(self, worker: "PodWorker", status: PodRuntimeStatus) -> None:
        """Clears away what the pod held."""


class PodWorker:
    """The worker of one pod.

    Attributes:
        pod: The pod as the API last showed it.
        phase: How far it has come.
        deleted: Whether the pod is to be deleted (rather than done).
        resizing: A condition, while other resources are wanted than the pod has.
    """

    def __init__(
        self,
        kernel: Kernel,
        pleg: PLEG,
        syncer: Syncer,
        pod: Obj,
        on_terminated: Callable[["PodWorker"], None],
        on_finished: Callable[["PodWorker"], None],
    ) -> None:
        self.pod = pod
        self.uid: str = pod["metadata"]["uid"]
        self.phase = Phase.SYNCING
        self.deleted = False
        self.resizing: list[Obj] = []
        self._kernel = kernel
        self._pleg = pleg
        self._syncer = syncer
        self._on_terminated = on_terminated
        self._on_finished = on_finished
        self._queue = WaitQueue(kernel)
        self._pending = False
        self._grace: int | None = None
        self._last_sync_ns = -1
        self._retry: Timer | None = None
        self._resync_ns = 0
        self._working: Task | None = None
        self._breakable = False
        self._task = kernel.spawn(self._run(), name=f"worker/{pod['metadata']['namespace']}/{pod['metadata']['name']}")

    @property
    def could_run(self) -> bool:
        """Might containers of the pod still run?"""
        return self.phase in (Phase.SYNCING, Phase.TERMINATING)

    @property
    def finished(self) -> bool:
        """Has everything of the pod been cleared away?"""
        return self.phase is Phase.FINISHED

    def update(self, pod: Obj | None = None) -> None:
        """Something happened: looks at the pod again, as the API shows it now."""
        if self.phase is Phase.FINISHED:
            return
        if pod is not None:
            self.accept(pod)
            deletion = pod["metadata"].get("deletionTimestamp")
            if deletion is not None:
                self.deleted = True
                self.terminate(pod["metadata"].get("deletionGracePeriodSeconds"))
        self._pend()

    def accept(self, pod: Obj) -> None:
        """Takes the pod in as the API shows it now; what it may use of the node stays as it was."""
        self.resizing = pending(pod, self.pod)
        self.pod = allocated(pod, self.pod)

    def terminate(self, grace_seconds: int | None = None) -> None:
        """The pod is to end, within ``grace_seconds`` (None: its own)."""
        if self.phase is Phase.FINISHED:
            return
        grace = self._effective_grace(grace_seconds)
        shortened = self._grace is not None and grace != self._grace
        self._grace = grace
        if self.phase is Phase.SYNCING:
            self.phase = Phase.TERMINATING
            self._break_off()
        elif shortened and self.phase is Phase.TERMINATING:
            self._break_off()
        self._pend()

    def refresh_due_ns(self) -> int:
        """When the kubelet looks at the pod again if nothing happens; changes of ConfigMaps reach it then."""
        while self._resync_ns <= self._kernel.now_ns:
            self._resync_ns += self._jittered(RESYNC_NS)
        return self._resync_ns

    def close(self) -> None:
        """Stops where it stands."""
        self._break_off()
        self._task.cancel()

    # --- the loop ---

    async def _run(self) -> None:
        while self.phase is not Phase.FINISHED:
            while not self._pending:
                await self._queue.wait()
            self._pending = False
            self._cancel_retry()
            error = await self._work()
            self._last_sync_ns = self._kernel.now_ns
            self._resync_ns = self._kernel.now_ns + self._jittered(RESYNC_NS)
            if error is not None:
                self._schedule_retry(error)
        self._on_finished(self)

    async def _work(self) -> SyncError | None:
        """One turn, as a task of its own, so that it can be broken off."""
        self._working = task = self._kernel.spawn(self._turn(), name=f"sync/{self.pod['metadata']['name']}")
        try:
            await task
        except Superseded:
            self._pending = True
        except SyncError as error:
            return error
        finally:
            self._working = None
        return None

    async def _turn(self) -> None:
        phase = self.phase
        with self.breakable():
            status = await self._pleg.newer_than(self.uid, self._last_sync_ns)
        if phase is Phase.SYNCING:
            if await self._syncer.sync(self, status) and self.phase is Phase.SYNCING:
                self.phase = Phase.TERMINATING
                self._grace = self._effective_grace(None)
                self._pending = True
        elif phase is Phase.TERMINATING:
            with self.breakable():
                await self._syncer.sync_terminating(self, status, self._grace)
            self.phase = Phase.TERMINATED
            self._pending = True
            self._on_terminated(self)
        else:
            await self._syncer.sync_terminated(self, status)
            self.phase = Phase.FINISHED

    def breakable(self) -> "_Breakable":
        """A context in which the turn ends when the pod is to end (sooner)."""
        return _Breakable(self)

    def _break_off(self) -> None:
        if self._breakable and self._working is not None:
            self._working.throw(Superseded())

    def _pend(self) -> None:
        self._pending = True
        self._queue.wake_all()

    # --- waits ---

    def _schedule_retry(self, error: SyncError) -> None:
        wait = BACKOFF_NS if error.retry_ns is None else error.retry_ns - self._kernel.now_ns
        wait = min(max(wait, 0), RESYNC_NS)
        self._retry = self._kernel.call_after(self._jittered(wait), self._pend)

    def _cancel_retry(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def _jittered(self, duration_ns: int) -> int:
        return duration_ns + int(self._kernel.random("pod-workers").random() * JITTER * duration_ns)

    def _effective_grace(self, override: int | None) -> int:
        """The grace period: the shortest that was asked for, or the pod's own; a second at least."""
        wanted = [each for each in (self._grace, override) if each is not None]
        if not wanted:
            wanted = [int(self.pod["spec"].get("terminationGracePeriodSeconds") or 0)]
        return max(min(wanted), 1)


class _Breakable:
    """Marks what may be broken off."""

    def __init__(self, worker: PodWorker) -> None:
        self._worker = worker

    def __enter__(self) -> None:
        self._worker._breakable = True

    def __exit__(self, *_: object) -> None:
        self._worker._breakable = False
