"""How long things take on the node, in simulated time. The scale is that of a small real machine; no rule depends on the numbers.

One table, so that a reader sees what is fast and what is slow, and so that a bench can set all of it to zero.
"""

from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import MILLISECOND, SECOND


@dataclass(frozen=True, slots=True)
class Latencies:
    """All in nanoseconds.

    Attributes:
        scheduler: From a pod's creation to its binding.
        config: From the watch event to the kubelet's pod worker.
        status: From a status that changed to its writing.
        sandbox: Creating a sandbox with its network.
        sandbox_stop: Tearing it down.
        image_check: Finding an image on the node.
        pull: Pulling an image that the node has not (plus `pull_byte` a byte).
        pull_failure: Learning that a registry has no such image.
        container_create: Preparing a container's root, namespaces and cgroup.
        container_start: Starting its first process.
        container_exit: From the end of the first process until the runtime knows.
        exec_start: Starting a process in a running container.
        exec_exit: From the end of such a process until the runtime knows: its last output is on the way before.
        unmount: Taking a pod's volumes away.
    """

    scheduler: int = 5 * MILLISECOND
    config: int = 10 * MILLISECOND
    status: int = 2 * MILLISECOND
    sandbox: int = 400 * MILLISECOND
    sandbox_stop: int = 80 * MILLISECOND
    image_check: int = 3 * MILLISECOND
    pull: int = 900 * MILLISECOND
    pull_byte: int = 60
    pull_failure: int = 700 * MILLISECOND
    container_create: int = 35 * MILLISECOND
    container_start: int = 30 * MILLISECOND
    container_exit: int = 15 * MILLISECOND
    exec_start: int = 20 * MILLISECOND
    exec_exit: int = 10 * MILLISECOND
    unmount: int = 100 * MILLISECOND


LATENCIES: Final = Latencies()

RELIST_PERIOD_NS: Final = SECOND
"""How often the runtime is asked what changed (`pleg.relistPeriod`)."""
RESYNC_NS: Final = 60 * SECOND
"""`syncFrequency`: how often a pod is looked at when nothing happens, if something of it could have gone unnoticed."""
BACKOFF_NS: Final = 10 * SECOND
"""How long a pod waits after a sync that failed for another reason than a back-off of its own."""
TRANSIENT_BACKOFF_NS: Final = SECOND
JITTER: Final = 0.5
"""Waits of pod workers are up to this share longer, at random."""
CRASH_BACKOFF_NS: Final = 10 * SECOND
CRASH_BACKOFF_MAX_NS: Final = 300 * SECOND
IMAGE_BACKOFF_NS: Final = 10 * SECOND
IMAGE_BACKOFF_MAX_NS: Final = 300 * SECOND
MINIMUM_GRACE_SECONDS: Final = 2
"""The least time that a container gets between its stop signal and SIGKILL."""
