"""Paths as busybox puts them together and takes them apart."""

from typing import Final

FILE_COST_NS: Final = 4_000
"""Processor time that it takes to look at one file, or to make one."""


def join(directory: str, name: str) -> str:
    """`directory/name`, with one slash between them."""
    return f"{directory}{'' if directory.endswith('/') else '/'}{name.lstrip('/')}"


def last_component(path: str) -> str:
    """The last name of a path, without slashes behind it; `/` for the root."""
    stripped = path.rstrip("/")
    return stripped.rpartition("/")[2] if stripped else path[:1]


def parent(path: str) -> str:
    """The directory part, as dirname(3) gives it."""
    stripped = path.rstrip("/")
    if not stripped:
        return "/" if path else "."
    head, slash, _ = stripped.rpartition("/")
    return head.rstrip("/") or "/" if slash else "."
