"""The images on the node: what is there, what is pulled when, and what is said of one that cannot be had."""

from collections.abc import Callable
from typing import Any, Final, Literal

from podlab.mock.clientgo.backoff import Backoff
from podlab.mock.kernel import MILLISECOND, Kernel
from podlab.mock.kubelet.latencies import IMAGE_BACKOFF_MAX_NS, IMAGE_BACKOFF_NS, Latencies
from podlab.mock.programs.images import Image, ImageRegistry, parse_reference

Obj = dict[str, Any]
Event = Callable[[Literal["Normal", "Warning"], str, str], None]

PRELOADED: Final = ("docker.io/library/busybox:1.37",)
"""What stands on the node from the beginning; other images are pulled when they are first needed."""


class StartError(Exception):
    """A container could not be started.

    Attributes:
        reason: What its status says it is waiting for: ``ErrImagePull``, ``CreateContainerConfigError``, ``CrashLoopBackOff`` ...
        message: The details in that status.
        retry_ns: When a back-off ends, if that is the reason.
    """

    def __init__(self, reason: str, message: str, retry_ns: int | None = None) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason
        self.message = message
        self.retry_ns = retry_ns


class ImageManager:
    """Makes sure that images are on the node.

    Args:
        registry: All images that can be had.
    """

    def __init__(self, kernel: Kernel, registry: ImageRegistry, latencies: Latencies) -> None:
        self._kernel = kernel
        self._registry = registry
        self._latencies = latencies
        self._backoff = Backoff(kernel, IMAGE_BACKOFF_NS, IMAGE_BACKOFF_MAX_NS)
        self._last_errors: dict[str, str] = {}
        self.present: dict[str, Image] = {}
        for name in PRELOADED:
            image = registry.lookup(name)
            if image is not None:
                self.present[image.name] = image

    async def ensure(self, pod: Obj, reference: str, policy: str, event: Event) -> Image:
        """The image of a container, pulled if need be. Raises StartError."""
        await self._kernel.sleep(self._latencies.image_check)
        try:
            name = str(parse_reference(reference))
        except ValueError as error:
            message = f'Failed to apply default image tag "{reference}": couldn\'t parse image name "{reference}": {error}'
            event("Warning", "InspectFailed", message)
            event("Warning", "Failed", "Error: InvalidImageName")
            raise StartError("InvalidImageName", message) from error
        found = self.present.get(name)
        if found is not None and policy != "Always":
            event("Normal", "Pulled", f'Container image "{reference}" already present on machine and can be accessed by the pod')
            return found
        if policy == "Never":
            message = f'Container image "{reference}" is not present with pull policy of Never'
            event("Warning", "ErrImageNeverPull", message)
            event("Warning", "Failed", "Error: ErrImageNeverPull")
            raise StartError("ErrImageNeverPull", message)
        return await self._pull(pod, reference, event)

    async def _pull(self, pod: Obj, reference: str, event: Event) -> Image:
        key = f"{pod['metadata']['uid']}_{reference}"
        if self._backoff.is_waiting_since_update(key):
            message = f'Back-off pulling image "{reference}"'
            event("Normal", "BackOff", message)
            event("Warning", "Failed", "Error: ImagePullBackOff")
            raise StartError("ImagePullBackOff", f"{message}: {self._last_errors[key]}")
        event("Normal", "Pulling", f'Pulling image "{reference}"')
        began = self._kernel.now_ns
        image = self._registry.lookup(reference)
        if image is None:
            await self._kernel.sleep(self._latencies.pull_failure)
            raise self._failure(key, reference, event)
        known = image.name in self.present
        await self._kernel.sleep(self._latencies.pull + (0 if known else image.size * self._latencies.pull_byte))
        self.present[image.name] = image
        took = _go_duration(self._kernel.now_ns - began)
        words = f'Successfully pulled image "{reference}" in {took} ({took} including waiting). Image size: {image.size} bytes.'
        event("Normal", "Pulled", words)
        return image

    def _failure(self, key: str, reference: str, event: Event) -> StartError:
        message = pull_failure(reference, self._registry)
        event("Warning", "Failed", f'Failed to pull image "{reference}": {message}')
        event("Warning", "Failed", "Error: ErrImagePull")
        self._backoff.next(key, self._kernel.now_ns)
        self._last_errors[key] = f"ErrImagePull: {message}"
        return StartError("ErrImagePull", message)

    def forget(self, uid: str) -> None:
        """A pod is gone."""
        self._backoff.forget(f"{uid}_")
        for key in [key for key in self._last_errors if key.startswith(f"{uid}_")]:
            del self._last_errors[key]


def pull_failure(reference: str, registry: ImageRegistry) -> str:
    """What containerd says of an image that no registry has."""
    parsed = parse_reference(reference)
    name = str(parsed)
    head = f'failed to pull and unpack image "{name}": failed to resolve reference "{name}"'
    if parsed.registry != "docker.io":
        url = f"https://{parsed.registry}/v2/{parsed.repository}/manifests/{parsed.digest or parsed.tag}"
        host = parsed.registry.partition(":")[0]
        return (
            f'rpc error: code = Unknown desc = {head}: failed to do request: Head "{url}": dial tcp: lookup {host}: no such host'
        )
    if registry.lookup(parsed.name) is not None:
        return f"rpc error: code = NotFound desc = {head}: {name}: not found"
    return (
        f"rpc error: code = Unknown desc = {head}: pull access denied, repository does not exist or may require authorization: "
        "server message: insufficient_scope: authorization failed"
    )


def _go_duration(duration_ns: int) -> str:
    milliseconds = duration_ns // MILLISECOND
    return f"{milliseconds}ms" if milliseconds < 1000 else f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".") + "s"
