"""The runtime: makes sandboxes and containers on the machine, ends them, and tells what there is.

What changes here is not told to the kubelet: it asks (`pleg`). `on_change` only says that asking about a pod would be worth it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from podlab.mock.kernel import SECOND, Kernel, WaitQueue
from podlab.mock.kubelet.latencies import Latencies
from podlab.mock.kubelet.runtime.container import ContainerRequest, RuntimeContainer, new_container
from podlab.mock.kubelet.runtime.sandbox import Sandbox, SandboxRequest
from podlab.mock.kubelet.runtime.types import (
    ContainerNotFound,
    ContainerState,
    ContainerStatus,
    PodRuntimeStatus,
    RuntimeServiceError,
    SandboxStatus,
)
from podlab.mock.kubelet.runtime.words import LEAST_MEMORY, TOO_LITTLE_MEMORY, exec_failure, start_failure
from podlab.mock.machine.container import Container, Sink
from podlab.mock.machine.node import Machine
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGKILL

HANDLER: Final = "runc"
START_ERROR_CODE: Final = 128
MESSAGE_MAX: Final = 4096
FALLBACK_LINES: Final = 80
FALLBACK_BYTES: Final = 2048
EXEC_OUTPUT_MAX: Final = 10 << 10
"""How much of a probe's output the kubelet keeps."""


@dataclass(slots=True)
class _Pod:
    sandboxes: list[Sandbox] = field(default_factory=list)
    containers: list[RuntimeContainer] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExecResult:
    """How a command in a container ended: its exit code (None when it was killed for taking too long) and output."""

    exit_code: int | None
    output: bytes


class Containerd:
    """The container runtime of one node."""

    def __init__(self, kernel: Kernel, machine: Machine, latencies: Latencies) -> None:
        self.kernel = kernel
        self.machine = machine
        self.latencies = latencies
        self.on_change: Callable[[str], None] = lambda uid: None
        self._pods: dict[str, _Pod] = {}
        self._by_id: dict[str, RuntimeContainer] = {}
        self._random = kernel.random("containerd")

    # --- looking ---

    def status(self, uid: str) -> PodRuntimeStatus:
        """What there is of a pod now."""
        pod = self._pods.get(uid)
        if pod is None:
            return PodRuntimeStatus(uid)
        sandboxes = tuple(sandbox.status for sandbox in reversed(pod.sandboxes))
        containers = tuple(container.status for container in reversed(pod.containers))
        ips = (sandboxes[0].ip,) if sandboxes and sandboxes[0].ready and sandboxes[0].ip else ()
        return PodRuntimeStatus(uid, sandboxes, containers, ips)

    def find(self, container_id: str) -> RuntimeContainer:
        """A container by its id. Raises ContainerNotFound."""
        container = self._by_id.get(container_id)
        if container is None:
            raise ContainerNotFound(container_id)
        return container

    def sandbox(self, uid: str) -> Sandbox | None:
        """A pod's newest sandbox, if it is ready."""
        pod = self._pods.get(uid)
        if pod and pod.sandboxes and pod.sandboxes[-1].status.ready:
            return pod.sandboxes[-1]
        return None

    # --- sandboxes ---

    async def run_sandbox(
        self, uid: str, attempt: int, make: Callable[[], SandboxRequest], memory_bytes: int | None = None, handler: str = ""
    ) -> Sandbox:
        """Creates a sandbox; `make` is called when its network is set up. Raises RuntimeServiceError.

        `memory_bytes` is the limit of the pod as a whole, in which the sandbox has to start too. `handler` is what the pod's
        runtime class says; there is `HANDLER` alone.
        """
        if handler not in ("", HANDLER):
            failed = f'unable to get OCI runtime for sandbox "{self.new_id()}": no runtime for "{handler}" is configured'
            raise RuntimeServiceError(f"rpc error: code = Unknown desc = {failed}")
        await self.kernel.sleep(self.latencies.sandbox)
        if memory_bytes is not None and memory_bytes < LEAST_MEMORY:
            failed = f'failed to start sandbox "{self.new_id()}": {TOO_LITTLE_MEMORY}'
            raise RuntimeServiceError(f"rpc error: code = Unknown desc = {failed}")
        request = make()
        status = SandboxStatus(self.new_id(), attempt, True, self.kernel.now_ns, request.ip)
        sandbox = Sandbox(self.machine, status, request)
        self._pods.setdefault(uid, _Pod()).sandboxes.append(sandbox)
        self.on_change(uid)
        return sandbox

    async def stop_sandbox(self, uid: str) -> None:
        """Tears down a pod's sandbox; its network goes, and what still runs in it is killed."""
        sandbox = self.sandbox(uid)
        if sandbox is None:
            return
        for container in list(self._pods[uid].containers):
            if container.status.running:
                await self.stop_container(container, 0)
        await self.kernel.sleep(self.latencies.sandbox_stop)
        sandbox.stop()
        sandbox.status = replace(sandbox.status, ready=False)
        self.on_change(uid)

    def remove_pod(self, uid: str) -> None:
        """Forgets a pod whose containers have ended, and frees what they held."""
        pod = self._pods.pop(uid, None)
        for container in list(pod.containers) if pod else ():
            self._forget(container)
        if pod:
            self.on_change(uid)

    # --- containers ---

    async def create_container(self, uid: str, sandbox: Sandbox, request: ContainerRequest) -> RuntimeContainer:
        """Creates a container. Raises RuntimeServiceError."""
        await self.kernel.sleep(self.latencies.container_create)
        try:
            made = self.machine.create(request.config)
        except OSError as error:
            where = f" {error.filename!r}" if error.filename else ""
            raise RuntimeServiceError(
                f"failed to create containerd container: mount{where}: {(error.strerror or '').lower()}"
            ) from error
        status = ContainerStatus(
            self.new_id(),
            request.name,
            sandbox.status.id,
            request.attempt,
            ContainerState.CREATED,
            request.image,
            request.image_id,
            request.user,
            self.kernel.now_ns,
            stop_signal=request.stop_signal_name,
            named_image=request.named_image,
        )
        container = new_container(self.kernel, uid, status, request, made)
        self._pods[uid].containers.append(container)
        self._by_id[status.id] = container
        self.on_change(uid)
        return container

    async def start_container(self, container: RuntimeContainer) -> None:
        """Starts a container. Raises RuntimeServiceError; the container then has ended with code 128."""
        await self.kernel.sleep(self.latencies.container_start)
        container.container.on_end = lambda ended: self._process_ended(container, ended)
        limit = container.request.config.memory_bytes
        if limit is not None and limit < LEAST_MEMORY:
            raise self._not_started(container, TOO_LITTLE_MEMORY)
        try:
            container.start()
        except OSError as error:
            raise self._not_started(container, start_failure(container.request.config.argv[0], error)) from error
        container.became(ContainerState.RUNNING, started_ns=self.kernel.now_ns)
        self.on_change(container.pod_uid)

    def _not_started(self, container: RuntimeContainer, words: str) -> RuntimeServiceError:
        self._exited(container, exit_code=START_ERROR_CODE, reason="StartError", message=words, finished_ns=self.kernel.now_ns)
        return RuntimeServiceError(words)

    async def stop_container(self, container: RuntimeContainer, grace_seconds: int) -> None:
        """Sends the stop signal, and SIGKILL when the grace period is over; returns when the container has ended."""
        if not container.status.running:
            return
        deadline = self.kernel.now_ns + grace_seconds * SECOND
        if grace_seconds > 0:
            if not container.stopping:
                container.stopping = True
                container.container.kill(container.request.stop_signal)
            while container.status.running and self.kernel.now_ns < deadline:
                await container.exited.wait(deadline - self.kernel.now_ns)
        while container.status.running:
            container.container.kill(SIGKILL)
            await container.exited.wait(SECOND)

    def remove_container(self, container_id: str) -> None:
        """Forgets a container that has ended, and its log."""
        container = self._by_id.get(container_id)
        if container is None:
            return
        pod = self._pods.get(container.pod_uid)
        if pod is not None:
            pod.containers.remove(container)
        self._forget(container)
        self.on_change(container.pod_uid)

    def _forget(self, container: RuntimeContainer) -> None:
        self._by_id.pop(container.status.id, None)
        fs = container.container.fs
        fs.reserve(-fs.used_bytes)

    def _process_ended(self, container: RuntimeContainer, ended: Container) -> None:
        self.kernel.call_after(self.latencies.container_exit, self._container_ended, container, ended)

    def _container_ended(self, container: RuntimeContainer, ended: Container) -> None:
        code = ended.exit_code or 0
        reason = "OOMKilled" if ended.oom_killed else "Completed" if code == 0 else "Error"
        container.log.finish()
        message = self._termination_message(container, code)
        self._exited(container, exit_code=code, signal=0, reason=reason, message=message, finished_ns=ended.finished_ns)

    def _exited(self, container: RuntimeContainer, **changes: Any) -> None:
        container.became(ContainerState.EXITED, **changes)
        container.log.finish()
        container.exited.wake_all()
        for function in tuple(container.on_exit):
            function()
        container.outputs.clear()
        self.on_change(container.pod_uid)

    def _termination_message(self, container: RuntimeContainer, code: int) -> str:
        file = container.request.message_file
        data = file.read(0, MESSAGE_MAX) if file is not None else b""
        if data:
            return data.decode(errors="replace")
        if container.request.fallback_to_logs and code != 0:
            return container.log.last_text(FALLBACK_LINES, FALLBACK_BYTES)
        return ""

    # --- commands ---

    def spawn(
        self,
        container: RuntimeContainer,
        argv: list[str],
        start: Callable[[], Process],
    ) -> Process:
        """Starts a process in a running container by `start`. Raises RuntimeServiceError in the runtime's words."""
        if not container.status.running:
            raise RuntimeServiceError(f"container {container.status.id} is not running")
        try:
            return start()
        except OSError as error:
            raise RuntimeServiceError(exec_failure(self.new_id(), argv[0], error)) from error

    async def exec_sync(self, container: RuntimeContainer, argv: list[str], timeout_ns: int | None) -> ExecResult:
        """Runs a command to its end, or kills it when the time is up. Raises RuntimeServiceError when it cannot be started."""
        await self.kernel.sleep(self.latencies.exec_start)
        output = bytearray()
        ended = WaitQueue(self.kernel)

        def keep(data: bytes) -> None:
            if len(output) < EXEC_OUTPUT_MAX:
                output.extend(data[: EXEC_OUTPUT_MAX - len(output)])

        sink = Sink(keep)
        process = self.spawn(
            container, argv, lambda: container.container.exec(argv, None, sink, sink, lambda process: ended.wake_all())
        )
        if not process.ended and not await ended.wait(timeout_ns):
            process.deliver(SIGKILL, outside=True)
            return ExecResult(None, bytes(output))
        return ExecResult(exit_code(process), bytes(output))

    def new_id(self) -> str:
        """64 hexadecimal digits."""
        return f"{self._random.getrandbits(256):064x}"


def exit_code(process: Process) -> int:
    """A process' exit code as runtimes count it: 128 + signal when one ended it."""
    return 128 + process.term_signal if process.term_signal else process.exit_code
