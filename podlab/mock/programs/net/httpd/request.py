"""A request to httpd, and how its line and headers are read."""

import stat as st
from dataclasses import dataclass, field

from podlab.mock.machine.process import Process
from podlab.mock.programs.streams import to_bytes, to_text


class Answered(Exception):
    """The request is done with."""


@dataclass(slots=True)
class Request:
    """What was asked.

    Attributes:
        url: Decoded path, canonical.
        query: After the question mark, or None.
        headers: As variables of scripts: `HTTP_USER_AGENT`.
        user: Who logged in.
    """

    method: str
    url: str
    query: str | None
    line: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    raw_headers: list[bytes] = field(default_factory=list)
    content_type: str = ""
    content_length: int = 0
    credentials: str = ""
    user: str = ""
    range: tuple[int, int | None] | None = None
    etag: str = ""
    gzip: bool = False


def decode(text: str, of_path: bool = True) -> str | None:
    """Undoes %XX. Returns None when one is malformed, "" when one stands for what no name in a path may have (NUL, slash)."""
    parts = to_bytes(text).split(b"%")
    decoded = parts[0]
    for part in parts[1:]:
        try:
            value = int(part[:2].decode("ascii"), 16) if len(part) >= 2 and part[:2].isalnum() else -1
        except ValueError:
            value = -1
        if value < 0:
            return None
        if of_path and value in (0, 0x2F):
            return ""
        decoded += bytes((value,)) + part[2:]
    return to_text(decoded)


def canonical(path: str) -> str | None:
    """A path without `//`, `.` and `..`; None when it leaves the root."""
    parts: list[str] = []
    names = path.split("/")[1:]
    for name in names:
        if name == "..":
            if not parts:
                return None
            parts.pop()
        elif name not in ("", "."):
            parts.append(name)
    slash = "/" if names[-1] in ("", ".", "..") and parts else ""
    return "/" + "/".join(parts) + slash


def parse_range(value: str) -> tuple[int, int | None] | None:
    """`bytes=first-[last]`; None for other ranges, which are ignored."""
    unit, _, rest = value.partition("=")
    first, dash, last = rest.partition("-")
    if unit != "bytes" or not dash or not first.isdigit() or (last and not last.isdigit()):
        return None
    if last and int(last) < int(first):
        return None
    return int(first), int(last) if last else None


def suffix_of(path: str) -> str:
    """What the type of a file is told by: from the last point on."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:] if dot >= 0 else ""


def is_directory(proc: Process, path: str) -> bool:
    """Whether there is a directory."""
    try:
        return st.S_ISDIR(proc.stat(path or ".").mode)
    except OSError:
        return False


def can_execute(proc: Process, path: str) -> bool:
    """Whether there is something that may be executed."""
    try:
        proc.access(path, 1)
    except OSError:
        return False
    return True
