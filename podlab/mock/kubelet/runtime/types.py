"""What the runtime tells of sandboxes and containers: values, and the errors it raises in its own words."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal


class ContainerState(Enum):
    """``runtimeapi.ContainerState``."""

    CREATED = "Created"
    RUNNING = "Running"
    EXITED = "Exited"


class RuntimeServiceError(Exception):
    """A call to the runtime failed; the text is runc's or containerd's."""


class ContainerNotFound(RuntimeServiceError):
    """There is no such container (any more)."""


@dataclass(frozen=True, slots=True)
class User:
    """Who a container's first process is."""

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ContainerStatus:
    """One container, as it is or was. Replaced, never changed, when its state changes.

    Attributes:
        id: 64 hexadecimal digits.
        attempt: How many containers of that name came before it (the restart count).
        image: Its image's full name.
        image_id: Digest of the image.
        named_image: Its image as the pod's spec named it.
        created_ns, started_ns, finished_ns: When; 0 for what has not happened.
        reason, message: Why it ended: ``Completed``, ``Error``, ``OOMKilled``, ``StartError``.
    """

    id: str
    name: str
    sandbox_id: str
    attempt: int
    state: ContainerState
    image: str
    image_id: str
    user: User
    created_ns: int
    started_ns: int = 0
    finished_ns: int = 0
    exit_code: int = 0
    signal: int = 0
    reason: str = ""
    message: str = ""
    stop_signal: str = ""
    named_image: str = ""

    @property
    def running(self) -> bool:
        """Is it running?"""
        return self.state is ContainerState.RUNNING

    @property
    def exited(self) -> bool:
        """Has it ended (or failed to start)?"""
        return self.state is ContainerState.EXITED


@dataclass(frozen=True, slots=True)
class SandboxStatus:
    """A pod's sandbox: the namespaces that its containers share."""

    id: str
    attempt: int
    ready: bool
    created_ns: int
    ip: str


@dataclass(frozen=True, slots=True)
class PodRuntimeStatus:
    """All that the runtime knows of a pod at one moment. Sandboxes and containers stand newest first."""

    uid: str
    sandboxes: tuple[SandboxStatus, ...] = ()
    containers: tuple[ContainerStatus, ...] = ()
    ips: tuple[str, ...] = ()

    def find(self, name: str) -> ContainerStatus | None:
        """The newest container of that name."""
        for status in self.containers:
            if status.name == name:
                return status
        return None

    @property
    def sandbox(self) -> SandboxStatus | None:
        """The newest sandbox."""
        return self.sandboxes[0] if self.sandboxes else None

    @property
    def active(self) -> tuple[ContainerStatus, ...]:
        """The containers of the newest sandbox, if that is ready."""
        sandbox = self.sandbox
        if sandbox is None or not sandbox.ready:
            return ()
        return tuple(status for status in self.containers if status.sandbox_id == sandbox.id)


Stream = Literal["stdout", "stderr"]
