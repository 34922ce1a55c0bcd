"""Reaching into pods: what is checked before the node is asked, and what it is asked."""

from typing import Any

import pytest

from podlab.mock.api.errors import BadRequest
from podlab.mock.api.node import ExecAnswer, LogAnswer, PortForwardAnswer, ProxyAnswer, proxy_failure
from podlab.mock.kernel import SECOND, Time
from tests.mock.api.calling import PODS, Bottle, manifest, pod

Obj = dict[str, Any]


class RecordingNode:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def __getattr__(self, verb: str) -> Any:
        def record(*args: Any) -> str:
            self.asked.append((verb, *(one["metadata"]["name"] if isinstance(one, dict) else one for one in args)))
            return f"a {verb}"

        return record


@pytest.fixture
def node() -> RecordingNode:
    return RecordingNode()


@pytest.fixture
def bottle(node: RecordingNode) -> Bottle:
    made = Bottle(node=node)  # type: ignore[arg-type]
    two = pod("two", "app", "side", initContainers=[{"name": "prep", "image": "busybox:1.37"}])
    for one in (pod("web"), two, pod("fresh")):
        made.ok("POST", PODS, one)
    for name in ("web", "two"):
        bind(made, name)
        running(made, name)
    return made


def bind(bottle: Bottle, name: str) -> None:
    bottle.ok("POST", f"{PODS}/{name}/binding", manifest("v1", "Binding", name, target={"kind": "Node", "name": "node1"}))


def running(bottle: Bottle, name: str) -> None:
    found = bottle.client.get("pods", "default", name)
    states = [
        {
            "name": one["name"],
            "state": {"running": {}},
            "lastState": {},
            "ready": True,
            "restartCount": 0,
            "image": "i",
            "imageID": "",
        }
        for one in found["spec"]["containers"]
    ]
    status = {"phase": "Running", "podIP": "10.1.0.9", "podIPs": [{"ip": "10.1.0.9"}], "containerStatuses": states}
    bottle.client.patch("pods", "default", name, {"status": status}, "status")


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("nope/log", 404, 'pods "nope" not found'),
        ("fresh/log", 400, "pod fresh does not have a host assigned"),
        ("two/log", 400, "a container name must be specified for pod two, choose one of: [app side] or one of the init containers: [prep]"),  # noqa: E501
        ("web/log?container=x", 400, "container x is not valid for pod web"),
        ("two/log?container=prep", 400, 'container "prep" in pod "two" is not available'),
        ("web/log?tailLines=-1", 422,
         'PodLogOptions "web" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0'),
        ("web/log?sinceSeconds=0", 422, 'PodLogOptions "web" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0'),
        ("web/exec?command=ls", 400, "you must specify at least 1 of stdin, stdout, stderr"),
        ("web/exec?stdout=true", 400, "you must specify at least one command for the container"),
        ("two/exec?stdout=true&command=ls", 400,
         "a container name must be specified for pod two, choose one of: [app side] or one of the init containers: [prep]"),
        ("web/portforward?ports=x", 400, 'unable to parse "x" as a port: strconv.ParseUint: parsing "x": invalid syntax'),
        ("fresh/proxy/", 400, "address not allowed"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_the_servers_words(bottle: Bottle, path: str, code: int, words: str) -> None:
    assert bottle.message("GET", f"{PODS}/{path}") == (code, words)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("ContainerCreating", 'container "app" in pod "web" is waiting to start: ContainerCreating'),
        ("ImagePullBackOff", 'container "app" in pod "web" is waiting to start: trying and failing to pull image'),
        ("ErrImagePull", 'container "app" in pod "web" is waiting to start: image can\'t be pulled'),
    ],
)
def test_a_container_that_never_ran_has_no_log(bottle: Bottle, reason: str, words: str) -> None:
    waiting = {"name": "app", "state": {"waiting": {"reason": reason}}, "lastState": {}, "ready": False, "restartCount": 0}
    body = {"status": {"containerStatuses": [{**waiting, "image": "i", "imageID": ""}]}}
    bottle.client.patch("pods", "default", "web", body, "status")
    assert bottle.message("GET", f"{PODS}/web/log") == (400, words)


def test_a_log_is_asked_with_its_options(bottle: Bottle, node: RecordingNode) -> None:
    bottle.run(100)
    answer = bottle.answer("GET", f"{PODS}/two/log?container=side&follow=true&tailLines=5&timestamps=1&sinceSeconds=10")
    assert isinstance(answer, LogAnswer)
    _, name, options = node.asked[-1]
    assert (name, options.container, options.follow, options.tail_lines, options.timestamps) == ("two", "side", True, 5, True)
    assert options.since_time == Time(90 * SECOND)
    bottle.answer("GET", f"{PODS}/web/log?previous=true&limitBytes=16&sinceTime=2026-01-01T00%3A00%3A05Z")
    options = node.asked[-1][2]
    assert (options.previous, options.limit_bytes, options.since_time) == (True, 16, Time(5 * SECOND))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_exec_starts_when_it_is_opened(bottle: Bottle, node: RecordingNode, method: str) -> None:
    answer = bottle.answer(
        method, f"{PODS}/web/exec?command=sh&command=-c&command=ls&stdin=true&stdout=true&stderr=true&tty=true"
    )
    assert isinstance(answer, ExecAnswer)
    assert (answer.kind, answer.stdin, answer.stdout, answer.stderr, answer.tty) == ("exec", True, True, False, True)
    assert not node.asked
    answer.open()
    assert node.asked == [("exec", "web", "app", ["sh", "-c", "ls"], True, True, False, True, False)]


def test_the_default_container_may_be_annotated(bottle: Bottle, node: RecordingNode) -> None:
    note = {"metadata": {"annotations": {"kubectl.kubernetes.io/default-container": "side"}}}
    bottle.client.patch("pods", "default", "two", note)
    bottle.answer("GET", f"{PODS}/two/attach?stdout=true").open()
    assert node.asked == [("attach", "two", "side", False, True, False, False)]


def test_a_completed_pod_runs_nothing(bottle: Bottle) -> None:
    bottle.client.patch("pods", "default", "web", {"status": {"phase": "Succeeded"}}, "status")
    assert bottle.message("GET", f"{PODS}/web/exec?command=ls&stdout=1") == (
        400, "cannot exec into a container in a completed pod; current phase is Succeeded",
    )  # fmt: skip


def test_ports_are_forwarded_one_by_one(bottle: Bottle, node: RecordingNode) -> None:
    answer = bottle.answer("GET", f"{PODS}/web/portforward?ports=80,90&ports=70")
    assert isinstance(answer, PortForwardAnswer)
    assert answer.ports == (80, 90, 70)
    answer.open(90)
    assert node.asked == [("port_forward", "web", 90)]


def test_a_request_is_proxied_to_a_pod(bottle: Bottle, node: RecordingNode) -> None:
    answer = bottle.answer(
        "POST", f"{PODS}/web:8080/proxy/a%20b/?x=1", b"body", content_type="text/plain", authorization="secret"
    )
    assert isinstance(answer, ProxyAnswer)
    head, _, body = answer.request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /a%20b/?x=1 HTTP/1.1\r\nHost: 10.1.0.9:8080\r\n")
    assert b"secret" not in head
    assert (b"Content-Length: 4" in head, body) == (True, b"body")
    answer.open()
    assert node.asked == [("dial", "10.1.0.9", 8080)]


def test_a_request_is_proxied_to_a_services_endpoint(bottle: Bottle, node: RecordingNode) -> None:
    url = "/api/v1/namespaces/default/services"
    spec = {"selector": {"a": "b"}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}, {"name": "x", "port": 81}]}
    bottle.ok("POST", url, manifest("v1", "Service", "s", spec=spec))
    assert bottle.message("GET", f"{url}/s:http/proxy/") == (404, 'endpoints "s" not found')
    assert bottle.message("GET", f"{url}/s/proxy/") == (503, 'no service port "" found for service "s"')
    endpoints = manifest(
        "v1", "Endpoints", "s", subsets=[{"addresses": [{"ip": "10.1.0.9"}], "ports": [{"name": "http", "port": 8080}]}]
    )
    bottle.ok("POST", "/api/v1/namespaces/default/endpoints", endpoints)
    for port in ("http", "80"):
        bottle.answer("GET", f"{url}/s:{port}/proxy/x").open()
    assert node.asked == [("dial", "10.1.0.9", 8080)] * 2
    assert bottle.message("GET", f"{url}/s:x/proxy/") == (503, 'no endpoints available for service "s"')
    assert bottle.message("GET", f"{url}/a:b:c:d/proxy/")[0] == 400


def test_a_server_without_a_node_says_so() -> None:
    bottle = Bottle()
    bottle.ok("POST", PODS, pod("web"))
    bind(bottle, "web")
    code, words = bottle.message("GET", f"{PODS}/web/attach?stdout=1")
    assert (code, words) == (500, "Internal error occurred: this server has no node to reach containers through")


def test_the_node_may_refuse(bottle: Bottle, node: RecordingNode) -> None:
    def refuse(*args: Any) -> None:
        raise BadRequest('previous terminated container "app" in pod "web" not found')

    node.logs = refuse
    assert bottle.message("GET", f"{PODS}/web/log?previous=true") == (
        400,
        'previous terminated container "app" in pod "web" not found',
    )


def test_what_the_proxy_cannot_reach_is_told_as_kubectl_reads_it() -> None:
    assert proxy_failure("10.1.0.9:80", "connect: connection refused")["message"] == (
        "error trying to reach service: dial tcp 10.1.0.9:80: connect: connection refused"
    )
