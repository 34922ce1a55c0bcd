"""Answers that Envoy gives itself, and redirects."""

import re
from typing import Final

from podlab.mock.programs.envoy.http_messages import Head, Headers, Response
from podlab.mock.programs.envoy.matching import substitute
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.schema import Obj

REDIRECTS: Final = {
    "MOVED_PERMANENTLY": 301,
    "FOUND": 302,
    "SEE_OTHER": 303,
    "TEMPORARY_REDIRECT": 307,
    "PERMANENT_REDIRECT": 308,
}


def local_reply(info: Info, status: int, body: str, details: str, flag: str = "") -> Response:
    """An answer that Envoy gives itself."""
    info.details = details
    if flag:
        info.flag(flag)
    data = body.encode("utf-8", "surrogateescape")
    headers = Headers([("content-length", str(len(data))), ("content-type", "text/plain")] if data else [])
    return Response(status, headers, data)


def direct_response(info: Info, route: Obj) -> Response:
    """The answer of a route that goes nowhere."""
    action = route["direct_response"]
    status = action["status"]
    response = local_reply(info, status, action.get("body", {}).get("inline_string", ""), "direct_response")
    if (status == 201 or 300 <= status < 400) and info.head is not None:
        response.headers.items.insert(0, ("location", _location({"redirect": {}}, info.head)[0]))
    return response


def redirect(info: Info, route: Obj) -> Response:
    """The answer of a route that redirects."""
    head, action = info.head, route["redirect"]
    assert head is not None
    location, path = _location(route, head)
    response = local_reply(info, REDIRECTS[action.get("response_code", "MOVED_PERMANENTLY")], "", "direct_response")
    response.headers.add("location", location)
    if "prefix_rewrite" in action or "regex_rewrite" in action:  # the log shows the path that was made
        mark, query = head.path.partition("?")[1:]
        head.path = path + (mark + query if action.get("strip_query") else "")
    return response


def _location(route: Obj, head: Head) -> tuple[str, str]:
    action = route["redirect"]
    scheme = head.headers.get("x-forwarded-proto") or "http"
    found = re.fullmatch(r"(\[.*\]|[^:]*)(?::(\d*))?", head.headers.get("host") or "")
    name, port = (found[1], found[2] or "") if found else (head.headers.get("host") or "", "")
    wanted = "https" if action.get("https_redirect") else action.get("scheme_redirect")
    if wanted and wanted != scheme:  # a port that was a matter of course is not taken over
        port = "" if (scheme, port) in (("http", "80"), ("https", "443")) else port
        scheme = wanted
    if action.get("host_redirect"):
        name, port = action["host_redirect"], ""
    port = str(action["port_redirect"]) if action.get("port_redirect") else port
    path = _path(route, head)
    return f"{scheme}://{name}{':' + port if port else ''}{path}", path


def _path(route: Obj, head: Head) -> str:
    action = route["redirect"]
    path, mark, query = head.path.partition("?")
    if action.get("path_redirect"):
        path = action["path_redirect"]
        mark, query = ("", "") if "?" in path else (mark, query)
    elif action.get("prefix_rewrite"):
        start = matched_start(route["match"])
        path = action["prefix_rewrite"] + (path[len(start) :] if start is not None else "")
    elif "regex_rewrite" in action:
        path = substitute(action["regex_rewrite"], path)
    return path if action.get("strip_query") else path + mark + query


def matched_start(match: Obj) -> str | None:
    """The part of a path that a route matched, None when that is an expression."""
    return next((match[kind] for kind in ("prefix", "path", "path_separated_prefix") if kind in match), None)
