"""The target of a request: absolute forms taken apart, ports stripped, paths made plain."""

import re
from typing import Final

from podlab.mock.programs.envoy.http_messages import Head
from podlab.mock.programs.envoy.schema import Obj

_UNRESERVED: Final = re.compile(r"%(2[DEde]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9AaEe])")


def read_target(head: Head, config: Obj, port: int) -> tuple[int, str] | None:
    """Prepares authority and path of a request, or tells with which status and details it is refused."""
    if not head.path.startswith("/") and head.path != "*" and head.method != "CONNECT":
        _split_absolute(head)
    _strip_port(head, config, port)
    if head.method == "CONNECT":
        return None
    if not head.path.startswith("/"):
        return 404, "absolute_path_rejected"
    if "#" in head.path:
        return 400, "path_normalization_failed"
    path, mark, query = head.path.partition("?")
    if config.get("normalize_path"):
        path = normalize(path)
    if config.get("merge_slashes"):
        path = re.sub("//+", "/", path)
    head.path = path + mark + query
    return None


def _split_absolute(head: Head) -> None:
    """A request to a proxy, `GET http://host/path`: its authority counts, not the Host header."""
    scheme, mark, rest = head.path.partition("://")
    if mark and scheme.lower() in ("http", "https"):
        authority, slash, path = rest.partition("/")
        head.path = slash + path or "/"
        head.headers.set("host", authority)


def _strip_port(head: Head, config: Obj, port: int) -> None:
    found = re.fullmatch(r"(.*[^:\]]|\[.*\]):(\d+)", head.headers.get("host") or "")
    if found and (config.get("strip_any_host_port") or (config.get("strip_matching_host_port") and int(found[2]) == port)):
        head.headers.set("host", found[1])


def normalize(path: str) -> str:
    """A path without dot segments and without needless escapes."""
    path = _UNRESERVED.sub(lambda found: chr(int(found[1], 16)), path.replace("\\", "/"))
    done: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del done[-1:]
        elif segment != ".":
            done.append(segment)
    if segments[-1] in (".", ".."):
        done.append("")
    return "/" + "/".join(done)
