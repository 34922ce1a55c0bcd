"""The cases on requests whose bodies take their time, or are long: they go on as they come, and once more where they can."""

from typing import Any

from tests.envoy.cases import LOG, ROUTE, Case, cluster, http, retry
from tests.envoy.connecting_cases import to_full
from tests.envoy.draining_cases import admin
from tests.envoy.log_cases import TIMES
from tests.envoy.playing import Together

LONG, LONGER = "y" * 500_000, "y" * 3_000_000
AGAIN = retry("retry_on: '5xx,connect-failure', num_retries: 2")


def head(path: str, framing: str = "content-length: 6") -> bytes:
    """The head of a request with a body."""
    return f"POST {path} HTTP/1.1\r\nhost: a\r\n{framing}\r\n\r\n".encode()


def slow(path: str, pause: float = 0.4) -> list[Any]:
    """A request that pauses in the middle of its body."""
    return [head(path) + b"abc", pause, b"def"]


def chunks(path: str, last: bytes) -> list[Any]:
    """The same in chunks."""
    return [head(path, "transfer-encoding: chunked") + b"3\r\nabc\r\n", 0.4, last]


def left(seconds: float) -> Together:
    """A client that leaves in the middle."""
    return Together([(0, head("/name") + b"abc", seconds)])


def to_app(more: str) -> str:
    """A route with limits."""
    return http(f"{{match: {{prefix: /}}, route: {{cluster: app, {more}}}}}")


CASES: dict[str, Case] = {
    "upload": Case(http(ROUTE), [slow("/echo"), chunks("/echo", b"3\r\ndef\r\n0\r\n\r\n")]),
    "upload-long": Case(http(ROUTE), [("POST", "/name", {}, LONG), ("POST", "/name", {}, LONGER)]),
    "upload-bad-chunk": Case(http(ROUTE), [chunks("/echo", b"zz\r\n")]),
    "upload-left": Case(http(ROUTE), [left(0.4)]),
    "upload-cut-off": Case(http(ROUTE), [Together([(0, head("/echo") + b"abc"), (0.3, admin("/quitquitquit"))])]),
    "upload-times": Case(http(ROUTE).replace(LOG, TIMES), [slow("/echo", 0.6)]),
    "upload-too-slow": Case(http(ROUTE, manager="          request_timeout: 0.3s"), [left(1.0)]),
    "upload-not-idle": Case(to_app("idle_timeout: 0.6s"), [[head("/echo") + b"ab", 0.4, b"cd", 0.4, b"ef"]]),
    "upload-idle": Case(to_app("idle_timeout: 0.4s"), [slow("/echo", 0.9)]),
    "upload-before-timeout": Case(to_app("timeout: 0.5s"), [[head("/name") + b"ab", 0.4, b"cd", 0.4, b"ef"]]),
    "upload-longest": Case(to_app("max_stream_duration: {max_stream_duration: 0.3s}"), [slow("/echo", 0.9)]),
    "upload-again": Case(http(AGAIN), [slow("/fail/1/a"), ("POST", "/fail/1/b", {}, LONG)]),
    "upload-too-long-for-again": Case(http(AGAIN), [("POST", "/fail/1/a", {}, LONGER)]),
    "upload-of-a-try": Case(http(retry("retry_on: 5xx, num_retries: 1, per_try_timeout: 0.3s")), [slow("/slow/0.6", 0.5)]),
    "upload-refused": Case(http(ROUTE, (cluster("app", "DEAD"),)), [slow("/echo")]),
    "upload-refused-again": Case(http(AGAIN, (cluster("app", "DEAD"),)), [slow("/echo")]),
    "upload-while-connecting": Case(to_full(), [slow("/echo", 0.1)]),
}
