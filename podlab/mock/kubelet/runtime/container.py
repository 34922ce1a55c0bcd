"""One container in the runtime: its state, its machine container, its log and its streams."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from podlab.mock.kernel import Kernel, WaitQueue
from podlab.mock.kubelet.runtime.log import ContainerLog
from podlab.mock.kubelet.runtime.types import ContainerState, ContainerStatus, Stream, User
from podlab.mock.machine.container import Container, ContainerConfig, Feed, Sink
from podlab.mock.machine.inodes import File
from podlab.mock.machine.signals import SIGTERM
from podlab.mock.machine.tty import Terminal

Obj = dict[str, Any]


@dataclass(slots=True)
class ContainerRequest:
    """What the kubelet asks the runtime to make.

    Attributes:
        name, attempt: Of the container in its pod.
        image, image_id: Full name and digest, as they stand in the status.
        named_image: The image as the pod's spec names it.
        config: For the machine.
        user: Who the first process is.
        stdin, stdin_once, tty: As in the pod's spec.
        stop_signal: Number; SIGTERM unless the spec or the image says otherwise.
        stop_signal_name: For the status; empty unless the spec says it.
        message_file: The termination message, if it is a file.
        fallback_to_logs: ``terminationMessagePolicy: FallbackToLogsOnError``.
    """

    name: str
    attempt: int
    image: str
    image_id: str
    named_image: str
    config: ContainerConfig
    user: User
    stdin: bool = False
    stdin_once: bool = False
    tty: bool = False
    stop_signal: int = SIGTERM
    stop_signal_name: str = ""
    message_file: File | None = None
    fallback_to_logs: bool = False


@dataclass(slots=True, eq=False)
class RuntimeContainer:
    """A container that the runtime keeps, running or not.

    Attributes:
        status: What it is now.
        exited: Woken when it has ended.
        outputs: Attached clients: ``function(stream, data)``.
        stopping: Whether it was sent its stop signal.
    """

    pod_uid: str
    status: ContainerStatus
    request: ContainerRequest
    container: Container
    log: ContainerLog
    exited: WaitQueue
    stdin: Feed | None = None
    terminal: Terminal | None = None
    outputs: list[Callable[[Stream, bytes], None]] = field(default_factory=list)
    on_exit: list[Callable[[], None]] = field(default_factory=list)
    stopping: bool = False

    def start(self) -> None:
        """Starts the first process. Raises OSError."""
        if self.request.tty:
            terminal = self.terminal = self.container.terminal = Terminal(self.container.machine.kernel)
            terminal.on_output(lambda data: self._print("stdout", data))
            slave = terminal.open()
            self.container.start(slave, slave, slave)
            return
        if self.request.stdin:
            self.stdin = Feed(self.container.machine)
        stdout = Sink(lambda data: self._print("stdout", data))
        stderr = Sink(lambda data: self._print("stderr", data))
        self.container.start(self.stdin, stdout, stderr)

    def _print(self, stream: Stream, data: bytes) -> None:
        self.log.write(stream, data)
        for output in tuple(self.outputs):
            output(stream, data)

    def became(self, state: ContainerState, **changes: Any) -> None:
        """Its state changed."""
        self.status = replace(self.status, state=state, **changes)


def new_container(
    kernel: Kernel, pod_uid: str, status: ContainerStatus, request: ContainerRequest, container: Container
) -> RuntimeContainer:
    """A container that has been created."""
    return RuntimeContainer(pod_uid, status, request, container, ContainerLog(kernel), WaitQueue(kernel))
