"""What of a case is compared: answers, log and statistics, without what is chance."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.envoy.cases import Case
from tests.envoy.playing import Played
from tests.envoy.wire import unchunk

COMPARED = re.compile(
    r"cluster\.[^.]+\.(upstream_cx_(total|connect_fail|connect_timeout|destroy|destroy_local|destroy_remote|none_healthy|overflow)"
    r"|upstream_rq_.*|external\.upstream_rq_.*|retry\.upstream_rq_.*|membership_.*|lb_healthy_panic|outlier_detection\..*"
    r"|ssl\.(handshake|connection_error|fail_.*)|health_check\.(attempt|success|failure|network_failure|healthy))"
    r"|http\.ingress\.(downstream_rq_(total|completed|.xx|rx_reset|idle_timeout|max_duration_reached|header_timeout)|cors\..*|no_route|no_cluster|rq_.*|fault\..*|downstream_cx_total|downstream_cx_drain_close)"
    r"|listener_manager\..*|limit.*\..*|tcp\.tcp\.downstream_cx_total|listener\.[^.]+\.ssl\.(handshake|connection_error|fail_.*|no_certificate)"
)
VOLATILE = re.compile(
    r"(?m)^(date: ).*$|(x-request-id: )[0-9a-f-]{36}|(x-envoy-upstream-service-time: )\d+|(x-envoy-expected-rq-timeout-ms: )\d+"
)


@dataclass(frozen=True)
class Seen:
    """What is seen of a case."""

    answers: list[str]
    log: list[str]
    stats: dict[str, int]


def seen(case: Case, played: Played, pace: float = 1) -> Seen:
    """What is seen of a case that was played, at a pace."""
    order: Callable[[list[str]], list[str]] = sorted if case.unordered else list
    answers, log = [_text(answer) for answer in played.answers], _log(played.log, pace)
    stats = {name: value for name, value in _stats(played.stats).items() if not re.fullmatch(case.uncounted, name)}
    return Seen(order(answers), order(log), stats)


def _text(answer: bytes) -> str:
    text = answer.decode("latin-1").replace("\r", "")
    text = VOLATILE.sub(lambda found: "".join(group or "" for group in found.groups()) + "*", text)
    text = re.sub(r"(?m)^(x-forwarded-for|x-envoy-external-address): .*$", r"\1: *", text)
    if "transfer-encoding: chunked" in text.partition("\n\n")[0]:  # how a body is cut does not matter
        text = text.partition("\n\n")[0] + "\n\n" + unchunk(answer.partition(b"\r\n\r\n")[2]).decode()
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", re.sub(r"content-length: \d+", "content-length: *", text))


def _log(text: str, pace: float) -> list[str]:
    text = re.sub(r"<(\d+)>", lambda found: f"<{int(int(found[1]) / pace) // 400}>", text)  # times (ms) are about right
    text = re.sub(r"\b20\d\dth\b", "YEARth", text)
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", text).splitlines()


def _stats(stats: dict[str, Any]) -> dict[str, int]:
    return {
        name: value for name, value in sorted(stats.items()) if value and COMPARED.fullmatch(re.sub(r"_\d+\.ssl", ".ssl", name))
    }
