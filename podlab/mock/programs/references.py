"""Image references, as runtimes read them: `[registry/]repository[:tag][@digest]`, with Docker Hub's defaults."""

import re
from dataclasses import dataclass
from typing import Final

DEFAULT_REGISTRY: Final = "docker.io"
DEFAULT_TAG: Final = "latest"
NAME_MAX: Final = 255

_COMPONENT: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_DOMAIN: Final = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_REGISTRY: Final = rf"(?:{_DOMAIN}(?:\.{_DOMAIN})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_NAME: Final = re.compile(rf"(?:({_REGISTRY})/)?({_COMPONENT}(?:/{_COMPONENT})*)")
_TAG: Final = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in its full form.

    Attributes:
        registry: Host and port, `docker.io` when none was given.
        repository: Path in the registry; `library/busybox` for Docker Hub's `busybox`.
        tag: Empty when there is a digest and no tag.
        digest: `sha256:...`, or empty.
    """

    registry: str
    repository: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """Registry and repository."""
        return f"{self.registry}/{self.repository}"

    def __str__(self) -> str:
        return self.name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def parse_reference(text: str) -> Reference:
    """Reads an image reference and fills in the defaults.

    Raises:
        ValueError: It is none; the text is the runtime's (`invalid reference format ...`).
    """
    rest, _, digest = text.partition("@")
    if "@" in text and not _DIGEST.fullmatch(digest):
        raise ValueError("invalid reference format")
    name, tag = rest, ""
    if ":" in rest.rpartition("/")[2]:
        name, _, tag = rest.rpartition(":")
        if not _TAG.fullmatch(tag):
            raise ValueError("invalid reference format")
    registry, slash, repository = name.partition("/")
    if not slash or not ("." in registry or ":" in registry or registry == "localhost" or registry.lower() != registry):
        registry, repository = DEFAULT_REGISTRY, name
    if repository.lower() != repository:
        raise ValueError(f"invalid reference format: repository name ({repository}) must be lowercase")
    if not _NAME.fullmatch(f"{registry}/{repository}"):
        raise ValueError("invalid reference format")
    if registry in (DEFAULT_REGISTRY, "index.docker.io"):
        registry = DEFAULT_REGISTRY
        repository = repository if "/" in repository else f"library/{repository}"
    if len(registry) + len(repository) + 1 > NAME_MAX:
        raise ValueError(f"repository name must not be more than {NAME_MAX} characters")
    return Reference(registry, repository, tag or ("" if digest else DEFAULT_TAG), digest)
