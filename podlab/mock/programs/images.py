"""The images that containers are made from: what each holds, and how it is found by its name.

The mock pulls nothing: it knows the public images that the course runs on, as a registry would have them. A root directory is
made once for a kernel and shared by all containers, each of which sees it through an overlay of its own.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from podlab.mock.kernel import Kernel
from podlab.mock.machine.inodes import Directory
from podlab.mock.programs import busybox_image, envoy_image
from podlab.mock.programs.references import Reference, parse_reference

__all__ = ["Image", "ImageRegistry", "Reference", "parse_reference"]


@dataclass(frozen=True, slots=True)
class Image:
    """An image as the runtime holds it.

    Attributes:
        name: Full reference, `docker.io/library/busybox:1.37`.
        digest: Of its manifest, `sha256:...`.
        entrypoint, cmd: What runs when the pod does not say.
        env: The image's variables, before the pod's.
        working_dir: Empty stands for `/`.
        user: `name`, `uid`, `uid:gid` or empty for root.
        size: Bytes to unpack.
        root: The root directory; containers see an overlay over it.
    """

    name: str
    digest: str
    entrypoint: tuple[str, ...]
    cmd: tuple[str, ...]
    env: Mapping[str, str]
    working_dir: str
    user: str
    size: int
    root: Directory


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How an image is made: everything but its name and the machine that it is made on."""

    tags: re.Pattern[str]
    cmd: tuple[str, ...]
    env: Mapping[str, str]
    size: int
    root: Callable[[Kernel], Directory]
    entrypoint: tuple[str, ...] = ()


_RECIPES: Final = {
    "docker.io/library/busybox": _Recipe(
        re.compile(r"(?:latest|(?:un)?stable|1(?:\.\d+){0,2})(?:-(?:musl|glibc|uclibc))?|musl|glibc|uclibc"),
        cmd=("sh",),
        env=MappingProxyType({"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}),
        size=busybox_image.IMAGE_BYTES,
        root=busybox_image.root_directory,
    ),
    "docker.io/envoyproxy/envoy": _Recipe(
        re.compile(r"[\w][\w.-]{0,127}"),
        cmd=("envoy", "-c", "/etc/envoy/envoy.yaml"),
        env=MappingProxyType({"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}),
        size=envoy_image.IMAGE_BYTES,
        root=envoy_image.root_directory,
    ),
}


class ImageRegistry:
    """All images that can be had. One a mock.

    Args:
        kernel: For the times of the images' files.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._roots: dict[str, Directory] = {}

    def lookup(self, reference: str) -> Image | None:
        """The image of that reference, or None when no registry has it (the kubelet's `ErrImagePull`).

        Raises:
            ValueError: It is no reference at all (the kubelet's `InvalidImageName`).
        """
        parsed = parse_reference(reference)
        recipe = _RECIPES.get(parsed.name)
        if recipe is None or (parsed.tag and not recipe.tags.fullmatch(parsed.tag)):
            return None
        root = self._roots.get(parsed.name)
        if root is None:
            root = self._roots[parsed.name] = recipe.root(self._kernel)
        digest = "sha256:" + hashlib.sha256(parsed.name.encode()).hexdigest()
        return Image(str(parsed), parsed.digest or digest, recipe.entrypoint, recipe.cmd, recipe.env, "", "", recipe.size, root)
