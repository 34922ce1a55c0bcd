"""The worker of one probe of one container: runs it at each tick of its period and counts results in a row.

A tick without a running container to probe costs nothing: the worker sleeps until its pod's status changes, and then waits
    for the next tick of its own clock.
"""

from typing import Any, Final, Protocol

from podlab.mock.kernel import SECOND, Kernel, Task, WaitQueue
from podlab.mock.kubelet.probes.prober import ProbeKind, Prober
from podlab.mock.kubelet.probes.results import Result, Results
from podlab.mock.kubelet.status.generate import TERMINAL

Obj = dict[str, Any]

INITIAL: Final[dict[ProbeKind, Result]] = {"Readiness": "failure", "Liveness": "success", "Startup": "unknown"}


class StatusSource(Protocol):
    """Where a worker sees its container: the kubelet's own statuses."""

    def get(self, uid: str) -> Obj | None:
        """The status that was set last."""


class ProbeWorker:
    """Probes one container.

    Attributes:
        pod: The pod as it is now; the kubelet replaces it.
    """

    def __init__(
        self, kernel: Kernel, kind: ProbeKind, pod: Obj, container: Obj, prober: Prober, results: Results, statuses: StatusSource
    ) -> None:
        self.pod = pod
        self._kernel = kernel
        self._kind = kind
        self._uid: str = pod["metadata"]["uid"]
        self._container = container
        self._spec: Obj = container[f"{kind.lower()}Probe"]
        self._prober = prober
        self._results = results
        self._statuses = statuses
        self._period_ns = int(self._spec.get("periodSeconds", 10)) * SECOND
        self._phase_ns = kernel.now_ns
        self._queue = WaitQueue(kernel)
        self._triggered = False
        self._asleep = False
        self._id = ""
        self._last: bool | None = None
        self._run_length = 0
        self._on_hold = False
        self._task: Task = kernel.spawn(self._run(), name=f"probe/{pod['metadata']['name']}/{container['name']}/{kind}")

    def stop(self) -> None:
        """Ends the worker."""
        self._task.cancel()
        if self._id:
            self._results.remove(self._id)

    def trigger(self) -> None:
        """Probes at once, without waiting for the next tick."""
        self._triggered = True
        self._queue.wake_all()

    def status_changed(self) -> None:
        """Lets a worker that found nothing to do look again at its next tick."""
        if self._asleep:
            self._queue.wake_all()

    async def _run(self) -> None:
        while True:
            busy = await self._probe_once()
            if busy is None:
                return
            if self._triggered:
                self._triggered = False
                continue
            if not busy:
                await self._sleep_until_changed()
            await self._wait_for_tick()

    async def _sleep_until_changed(self) -> None:
        self._asleep = True
        await self._queue.wait()
        self._asleep = False

    async def _wait_for_tick(self) -> None:
        if not self._triggered:
            passed = (self._kernel.now_ns - self._phase_ns) % self._period_ns
            await self._queue.wait(self._period_ns - passed)
        self._triggered = False

    async def _probe_once(self) -> bool | None:
        """Looks at the container, and probes it if it is time.

        None ends the worker, False means that there is nothing to do as things stand.
        """
        status = self._statuses.get(self._uid)
        if status is None:
            return False
        if status.get("phase") in TERMINAL:
            return None
        shown = self._shown(status)
        runtime_id = shown.get("containerID", "").partition("://")[2]
        if not runtime_id:
            return False
        if runtime_id != self._id:
            self._begin(runtime_id)
        if self._on_hold:
            return False
        running = shown["state"].get("running")
        if running is None:
            self._results.set(self._uid, self._id, "failure")
            ended = "terminated" in shown["state"] and self.pod["spec"].get("restartPolicy") == "Never"
            return None if ended else False
        return await self._probe_running(shown, running)

    async def _probe_running(self, shown: Obj, running: Obj) -> bool | None:
        if self.pod["metadata"].get("deletionTimestamp") is not None and self._kind != "Readiness":
            self._results.set(self._uid, self._id, "success")
            return None
        # Times in a status are whole seconds of the wall clock.
        epoch = self._kernel.epoch_ns
        started = (running["startedAt"].offset_ns + epoch) // SECOND * SECOND - epoch
        if self._kernel.now_ns - started < int(self._spec.get("initialDelaySeconds", 0)) * SECOND:
            return True
        if bool(shown.get("started")) == (self._kind == "Startup"):
            return False
        ips = (self._statuses.get(self._uid) or {}).get("podIP", "")
        found = await self._prober.probe(self._kind, self.pod, self._container, self._id, ips)
        if found is not None:
            self._count(found)
        return True

    def _shown(self, status: Obj) -> Obj:
        name = self._container["name"]
        for key in ("containerStatuses", "initContainerStatuses"):
            for each in status.get(key) or ():
                if each["name"] == name:
                    found: Obj = each
                    return found
        return {"state": {}}

    def _begin(self, runtime_id: str) -> None:
        """A new container: what was found of the one before it does not count."""
        if self._id:
            self._results.remove(self._id)
        self._id = runtime_id
        self._results.set(self._uid, runtime_id, INITIAL[self._kind])
        self._on_hold = False

    def _count(self, found: bool) -> None:
        self._run_length = self._run_length + 1 if found is self._last else 1
        self._last = found
        needed = self._spec.get("successThreshold", 1) if found else self._spec.get("failureThreshold", 3)
        if self._run_length < int(needed):
            return
        self._results.set(self._uid, self._id, "success" if found else "failure")
        if not found and self._kind != "Readiness":
            self._on_hold = True
            self._run_length = 0
