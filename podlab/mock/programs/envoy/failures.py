"""What a client is told when no host has answered: too late, refused, broken off; with Envoy's details and response flags."""

from typing import Final

from podlab.mock.programs.envoy.dialing import Failed
from podlab.mock.programs.envoy.http_messages import Response
from podlab.mock.programs.envoy.replies import local_reply
from podlab.mock.programs.envoy.request import Info

_FLAGS: Final = {
    "remote connection failure": "UF", "local connection failure": "UF", "connection timeout": "UF", "overflow": "UO",
    "connection termination": "UC", "protocol error": "UPE",
}  # fmt: skip
_TIMED_OUT: Final = {
    "response": ("upstream request timeout", "response_timeout", "UT"),
    "per_try": ("upstream request timeout", "upstream_per_try_timeout", "UT"),
    "per_try_idle": ("upstream request timeout", "upstream_per_try_idle_timeout", "UT"),
    "idle": ("stream timeout", "stream_idle_timeout", "SI"),
    "duration": ("downstream duration timeout", "max_duration_timeout", ""),
}
"""What a client is told when a time is over, the details, and the response flag."""


def late_reply(info: Info, status: int, kind: str) -> Response:
    """The answer when a time is over; with 204 (as who asked may wish) it says nothing."""
    body, details, flag = _TIMED_OUT[kind]
    return local_reply(info, status, body if status != 204 else "", details, flag)


def reset_reply(info: Info, status: int, failure: Failed, retried: bool) -> Response:
    """The answer when the connection to a host failed."""
    reason, transport = failure.reason, failure.transport
    again = "retried and the latest reset reason" if retried else "reset reason"
    body = f"upstream connect error or disconnect/reset before headers. {again}: {reason}"
    if transport and failure.told:
        body += f", transport failure reason: {transport}"
    details = f"upstream_reset_before_response_started{{{reason.replace(' ', '_')}"
    details += f"|{transport.replace(' ', '_')}}}" if transport else "}"
    response = local_reply(info, status, body, details, _FLAGS[reason])
    if reason == "overflow":
        response.headers.items.insert(0, ("x-envoy-overloaded", "true"))
    return response
