"""In virtual pace, what happens is a matter of the seed and the requests: in the process, over sockets, today and tomorrow."""

import http.client
import json
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from podlab.mock.cluster import Cluster
from podlab.mock.server.inprocess import InProcess
from podlab.mock.server.waits import Pace
from tests.waiting import PATIENCE_SECONDS

PODS = "/api/v1/namespaces/default/pods"
MANIFESTS = {
    "crash": {"command": ["sh", "-c", "echo $RANDOM; sleep 2; exit 1"]},
    "tick": {"command": ["sh", "-c", "while true; do date; sleep 1; done"]},
    "probed": {
        "command": ["sh", "-c", "sleep 3; touch /tmp/ok; sleep 1000"],
        "readinessProbe": {"exec": {"command": ["cat", "/tmp/ok"]}, "periodSeconds": 2},
    },
    "stubborn": {"command": ["sh", "-c", "trap '' TERM; while true; do sleep 1; done"]},
}


def pod(name):
    container = {"name": "c", "image": "busybox:1.37", **MANIFESTS[name]}
    spec = {"containers": [container], "terminationGracePeriodSeconds": 3}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}


def request_of(step):
    """method, URL, headers, body"""
    match step:
        case ("create", name):
            return "POST", PODS, {"Content-Type": "application/json"}, json.dumps(pod(name)).encode()
        case ("delete", name):
            return "DELETE", f"{PODS}/{name}", {}, b""
        case ("logs", name):
            return "GET", f"{PODS}/{name}/log?timestamps=true", {}, b""
        case ("list", _):
            return "GET", PODS, {}, b""
        case (wait, count):
            query = {"watch": "1", "timeoutSeconds": count, "resourceVersion": "0" if wait == "first" else ""}
            return "GET", f"{PODS}?{urlencode(query)}", {"Podlab-Wait": wait}, b""


def play_in_process(steps, seed=7):
    cluster = Cluster(seed)
    cluster.kernel.trace.enabled = True
    client = InProcess(cluster)
    answers = []
    for step in steps:
        reply = client.request(*request_of(step))
        answers.append((reply.status, reply.headers["podlab-clock"], reply.body))
    return answers, cluster.kernel.now_ns, cluster.kernel.trace.lines


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["create", "delete", "logs"]), st.sampled_from(sorted(MANIFESTS))),
        st.tuples(st.sampled_from(["first", "advance"]), st.integers(1, 30)),
        st.just(("list", "")),
    ),
    max_size=12,
)
STORY = [
    ("create", "crash"), ("create", "tick"), ("advance", 5), ("create", "probed"), ("first", 10), ("logs", "tick"),
    ("create", "stubborn"), ("advance", 20), ("delete", "stubborn"), ("advance", 4), ("logs", "crash"), ("list", ""),
]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_the_same_requests_give_the_same_trace(steps):
    first, second = play_in_process(steps), play_in_process(steps)
    assert first == second
    assert all(status < 500 for status, _, _ in first[0])


def test_another_seed_gives_another_trace():
    assert play_in_process(STORY, 1)[0] != play_in_process(STORY, 2)[0]


def test_sockets_give_the_same_trace(serve):
    cluster = Cluster(7)
    cluster.kernel.trace.enabled = True
    serving = serve(Pace.VIRTUAL, cluster=cluster)
    answers = []
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=PATIENCE_SECONDS)
    for step in STORY:
        method, url, headers, body = request_of(step)
        connection.request(method, url, body, {**headers, "Authorization": f"Bearer {serving.token}"})
        answer = connection.getresponse()
        answers.append((answer.status, answer.headers["Podlab-Clock"], answer.read()))
    connection.close()
    expected, now_ns, trace = play_in_process(STORY)
    assert answers == expected
    serving.stop()
    assert cluster.kernel.now_ns == now_ns
    assert cluster.kernel.trace.lines == trace != []
