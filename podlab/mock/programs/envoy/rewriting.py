"""A request as it goes on to a host: path and authority rewritten, headers changed, framing renewed."""

from typing import Final

from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.http1 import encode
from podlab.mock.programs.envoy.http_messages import Headers
from podlab.mock.programs.envoy.matching import substitute
from podlab.mock.programs.envoy.replies import matched_start
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.routes import Choice
from podlab.mock.programs.envoy.schema import Obj

WITH_BODY: Final = ("POST", "PUT", "PATCH", "OPTIONS")
"""Methods whose requests say that they have no body."""


def encode_request(info: Info, choice: Choice, host: Host, path: str, expected_ms: int | None) -> bytes:
    """A request's head as bytes.

    Args:
        info: The request; its head is left as it came, but for the path, which the log shows as it was sent.
        choice: Its route.
        host: Whom it goes to.
        path: The path as the client asked for it.
        expected_ms: How long an answer is waited for, None when the host is not told.
    """
    head = info.head
    assert head is not None
    headers = head.headers.copy()
    headers.remove("transfer-encoding")
    if expected_ms is not None:
        headers.set("x-envoy-expected-rq-timeout-ms", str(expected_ms))
    if choice.host.get("include_request_attempt_count"):
        headers.set("x-envoy-attempt-count", str(info.attempts))
    choice.change_request(headers, info)
    action: Obj = choice.route["route"]
    rewritten = _rewrite_path(choice, path)
    _rewrite_host(action, headers, host, path)
    if action.get("prefix_rewrite") or "regex_rewrite" in action:
        headers.set("x-envoy-original-path", path)
    head.path = rewritten
    if not head.has_body and head.method in WITH_BODY and headers.get("content-length") is None:
        headers.add("content-length", "0")
    if head.headers.get("transfer-encoding") is not None:
        headers.add("transfer-encoding", "chunked")
    return encode(f"{head.method} {rewritten} HTTP/1.1", headers)


def _rewrite_host(action: Obj, headers: Headers, host: Host, path: str) -> None:
    before = headers.get("host") or ""
    name = action.get("host_rewrite_literal") or (host.name if action.get("auto_host_rewrite") else "")
    if "host_rewrite_header" in action:
        name = headers.get(action["host_rewrite_header"].lower()) or ""
    elif "host_rewrite_path_regex" in action:
        name = substitute(action["host_rewrite_path_regex"], path.partition("?")[0])
    if name and name != before:
        headers.set("host", name)
        headers.set("x-envoy-original-host", before)
        if action.get("append_x_forwarded_host"):
            known = headers.get("x-forwarded-host")
            headers.set("x-forwarded-host", f"{known},{before}" if known else before)


def _rewrite_path(choice: Choice, path: str) -> str:
    action: Obj = choice.route["route"]
    bare, mark, query = path.partition("?")
    if action.get("prefix_rewrite"):
        start = matched_start(choice.route["match"])
        return str(action["prefix_rewrite"]) + (bare[len(start) :] if start is not None else "") + mark + query
    if "regex_rewrite" in action:
        return substitute(action["regex_rewrite"], bare) + mark + query
    return path
