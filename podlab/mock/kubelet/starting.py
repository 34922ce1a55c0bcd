"""Starting one container: back-off, image, configuration, creation, start, postStart hook, with events and failures."""

from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api.quantity import Quantity
from podlab.mock.clientgo.backoff import Backoff
from podlab.mock.kernel import Kernel
from podlab.mock.kubelet.config import ConfigInput, PodFiles, container_request
from podlab.mock.kubelet.environment import ConfigError, EnvironmentBuilder
from podlab.mock.kubelet.hooks import HookFailed, HookRunner
from podlab.mock.kubelet.images import ImageManager, StartError
from podlab.mock.kubelet.killing import Killer
from podlab.mock.kubelet.latencies import CRASH_BACKOFF_MAX_NS, CRASH_BACKOFF_NS
from podlab.mock.kubelet.node_context import NodeContext, go_duration
from podlab.mock.kubelet.runtime.container import ContainerRequest
from podlab.mock.kubelet.runtime.sandbox import Sandbox
from podlab.mock.kubelet.runtime.types import PodRuntimeStatus, RuntimeServiceError
from podlab.mock.kubelet.users import pod_format
from podlab.mock.kubelet.volumes.manager import VolumeManager
from podlab.mock.machine.namespaces import PidNamespace
from podlab.mock.programs.images import Image

Obj = dict[str, Any]

CONFIG_ERROR: Final = "CreateContainerConfigError"


@dataclass(frozen=True, slots=True)
class StartInput:
    """What a pod's containers are started with.

    Attributes:
        status: What the runtime told before this sync.
        ips: The pod's addresses.
    """

    pod: Obj
    status: PodRuntimeStatus
    sandbox: Sandbox
    files: PodFiles
    ips: tuple[str, ...]


class Starter:
    """Starts containers."""

    def __init__(
        self, node: NodeContext, images: ImageManager, volumes: VolumeManager, hooks: HookRunner, killer: Killer
    ) -> None:
        self._node = node
        self._images = images
        self._volumes = volumes
        self._hooks = hooks
        self._killer = killer
        self._backoff = Backoff(node.kernel, CRASH_BACKOFF_NS, CRASH_BACKOFF_MAX_NS)

    @property
    def kernel(self) -> Kernel:
        """The clock."""
        return self._node.kernel

    async def start(self, given: StartInput, container: Obj) -> None:
        """Starts a container. Raises StartError."""
        self._check_backoff(given, container)
        pod = given.pod

        def event(kind: Any, reason: str, message: str) -> None:
            self._node.container_event(pod, container, kind, reason, message)

        image = await self._images.ensure(pod, container["image"], container.get("imagePullPolicy", "IfNotPresent"), event)
        try:
            request = self._configure(given, container, image)
        except ConfigError as error:
            event("Warning", "Failed", f"Error: {error}")
            raise StartError(CONFIG_ERROR, str(error)) from error
        runtime = self._node.runtime
        try:
            created = await runtime.create_container(pod["metadata"]["uid"], given.sandbox, request)
        except RuntimeServiceError as error:
            event("Warning", "Failed", f"Error: {error}")
            raise StartError("CreateContainerError", str(error)) from error
        event("Normal", "Created", "Container created")
        try:
            await runtime.start_container(created)
        except RuntimeServiceError as error:
            event("Warning", "Failed", f"Error: {error}")
            raise StartError("RunContainerError", str(error)) from error
        event("Normal", "Started", "Container started")
        hook = (container.get("lifecycle") or {}).get("postStart")
        if hook:
            await self._post_start(given, container, created.status.id, hook)

    def forget(self, uid: str) -> None:
        """A pod is gone."""
        self._backoff.forget(f"{uid}/")
        self._images.forget(uid)

    def _check_backoff(self, given: StartInput, container: Obj) -> None:
        """Raises StartError while a container that has ended must wait."""
        name, pod = container["name"], given.pod
        ended = next((each for each in given.status.containers if each.name == name and each.exited), None)
        if ended is None:
            return
        key = f"{pod['metadata']['uid']}/{name}"
        if not self._backoff.is_waiting_since(key, ended.finished_ns):
            self._backoff.next(key, ended.finished_ns)
            return
        who = pod_format(pod)
        self._node.container_event(
            pod, container, "Warning", "BackOff", f"Back-off restarting failed container {name} in pod {who}"
        )
        wait = self._backoff.get(key)
        message = f"back-off {go_duration(wait)} restarting failed container={name} pod={who}"
        raise StartError("CrashLoopBackOff", message, ended.finished_ns + wait)

    def _configure(self, given: StartInput, container: Obj, image: Image) -> ContainerRequest:
        pod, node = given.pod, self._node
        facts = node.facts(pod, given.ips)
        services = node.services.objects.values()
        environment = EnvironmentBuilder(pod, node.source, facts, services).build(container)
        before = given.status.find(container["name"])
        return container_request(
            ConfigInput(
                pod=pod,
                container=container,
                image=image,
                attempt=0 if before is None else before.attempt + 1,
                sandbox=given.sandbox,
                files=given.files,
                environment=environment,
                volumes=self._volumes.ready(pod["metadata"]["uid"]),
                memory_bytes=Quantity.parse(node.allocatable["memory"]).value,
                target=self._target(given, container),
            )
        )

    def _target(self, given: StartInput, container: Obj) -> PidNamespace | None:
        """The process namespace that an ephemeral container looks into."""
        name = container.get("targetContainerName")
        if not name:
            return None
        target = given.status.find(name)
        if target is None or not target.running:
            raise ConfigError(f"unable to find target container {name}")
        return self._node.runtime.find(target.id).container.pid_namespace

    async def _post_start(self, given: StartInput, container: Obj, container_id: str, hook: Obj) -> None:
        pod, node = given.pod, self._node
        ip = given.ips[0] if given.ips else node.host_ip
        try:
            await self._hooks.run(pod, container, node.runtime.find(container_id), hook, ip)
        except HookFailed as error:
            node.container_event(pod, container, "Warning", "FailedPostStartHook", "PostStartHook failed")
            await self._killer.kill_container(pod, container_id, ip, "FailedPostStartHook", "FailedPostStartHook")
            raise StartError("PostStartHookError", str(error)) from error
