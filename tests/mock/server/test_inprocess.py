import gzip
import json

import pytest

from podlab.mock.kernel import SECOND
from podlab.mock.server.channels import ERROR, STDERR, STDOUT
from podlab.mock.server.inprocess import InProcess, RefusedError, StuckError
from podlab.mock.server.waits import Pace


@pytest.fixture
def client(fake):
    return InProcess(fake)


def exec_url(*command, **streams):
    streams = {"stdout": "true", "stderr": "true"} | streams
    return "/exec?" + "&".join([*(f"command={word}" for word in command), *(f"{key}={value}" for key, value in streams.items())])


def run(client, *command, protocol="v5.channel.k8s.io", **streams):
    """stdout, stderr and the Status (or text) of the error channel."""
    parts = {STDOUT: b"", STDERR: b"", ERROR: b""}
    with client.connect(exec_url(*command, **streams), subprotocols=[protocol]) as socket:
        assert socket.subprotocol == protocol
        while (message := socket.receive()) is not None:
            parts[message[0]] += message[1:]
        assert socket.close_code == 1000
    return parts[STDOUT], parts[STDERR], parts[ERROR]


def test_a_request_is_passed_on_and_answered(client):
    reply = client.request("POST", "/echo/a%20b?x=1&x=2&y", {"X-Thing": "yes"}, b"body")
    seen = json.loads(reply.body)
    assert reply.status == 200
    assert seen["path"] == "/echo/a b"
    assert seen["query"] == {"x": ["1", "2"], "y": [""]}
    assert seen["headers"]["x-thing"] == "yes"
    assert seen["body"] == "body"
    assert seen["user"]["name"] == "kubernetes-admin"


def test_every_answer_has_the_common_headers(client):
    headers = client.request("GET", "/echo").headers
    assert headers["podlab-clock"] == "0"
    assert headers["date"] == "Thu, 01 Jan 2026 00:00:00 GMT"
    assert headers["cache-control"] == "no-cache, private"
    assert len(headers["audit-id"]) == 36


@pytest.mark.parametrize("authorization", ["Bearer wrong", "Bearer ", "Basic eDp5", ""])
def test_the_wrong_credentials_are_refused_in_kubernetes_words(client, authorization):
    reply = client.request("GET", "/echo", {"Authorization": authorization})
    assert reply.status == 401
    assert json.loads(reply.body) == {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": "Unauthorized", "reason": "Unauthorized", "code": 401,
    }  # fmt: skip


def test_tokens_of_the_cluster_name_their_holder(client):
    seen = json.loads(client.request("GET", "/echo", {"Authorization": "Bearer account"}).body)
    assert seen["user"]["name"] == "system:serviceaccount:default:default"


def test_a_body_over_three_mebibytes_is_refused(client):
    assert client.request("POST", "/echo", body=b"x" * 3 * 1024 * 1024).status == 200
    reply = client.request("POST", "/echo", body=b"x" * (3 * 1024 * 1024 + 1))
    assert reply.status == 413
    assert json.loads(reply.body)["message"] == "Request entity too large: limit is 3145728"


def test_an_exception_is_a_status_and_stands_in_the_log(client, caplog):
    reply = client.request("GET", "/boom")
    assert reply.status == 500
    assert json.loads(reply.body)["reason"] == "InternalError"
    assert "boom" in json.loads(reply.body)["message"]
    assert "Traceback" in caplog.text
    assert client.request("GET", "/echo").status == 200


def test_large_bodies_are_compressed_when_asked_for(client):
    plain = client.request("GET", "/big")
    assert "content-encoding" not in plain.headers
    packed = client.request("GET", "/big", {"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 10
    assert "content-encoding" not in client.request("GET", "/echo", {"Accept-Encoding": "gzip"}).headers


def test_a_first_watch_jumps_to_its_event_and_ends(client, fake):
    reply = client.request("GET", "/watch?every=30&timeoutSeconds=100", {"Podlab-Wait": "first"})
    assert json.loads(reply.body)["object"]["at"] == 30
    assert fake.kernel.now_ns == 30 * SECOND


def test_a_first_watch_ends_with_its_time(client, fake):
    reply = client.request("GET", "/watch?every=300&timeoutSeconds=100", {"Podlab-Wait": "first"})
    assert (reply.status, reply.body) == (200, b"")
    assert fake.kernel.now_ns == 100 * SECOND


def test_an_advance_delivers_what_happens_on_the_way(client, fake):
    reply = client.request("GET", "/watch?every=30&timeoutSeconds=100", {"Podlab-Wait": "advance"})
    assert [json.loads(line)["object"]["at"] for line in reply.body.splitlines()] == [30, 60, 90]
    assert fake.kernel.now_ns == 100 * SECOND


def test_an_advance_needs_its_seconds(client):
    reply = client.request("GET", "/watch", {"Podlab-Wait": "advance"})
    assert reply.status == 400
    assert "timeoutSeconds" in json.loads(reply.body)["message"]


def test_an_unknown_wait_is_refused(client, fake):
    assert client.request("GET", "/watch", {"Podlab-Wait": "forever"}).status == 400
    assert fake.api.watches[0].ended


def test_time_stands_still_for_a_watch_that_looks_on(client, fake):
    with client.stream("GET", "/watch?every=1") as stream, pytest.raises(StuckError):
        stream.read()
    assert fake.kernel.now_ns == 0
    assert fake.api.watches[0].ended


@pytest.mark.parametrize("command", ["kubectl wait", "kubectl rollout status", "kubectl delete"])
def test_kubectl_that_waits_lets_time_jump_event_by_event(client, fake, command):
    headers = {"Kubectl-Command": command, "Kubectl-Session": "one"}
    with client.stream("GET", "/watch?every=10", headers) as stream:
        assert json.loads(stream.read())["object"]["at"] == 10
        assert fake.kernel.now_ns == 10 * SECOND
        assert json.loads(stream.read())["object"]["at"] == 20
    assert fake.kernel.now_ns == 20 * SECOND


def test_kubectl_that_looks_on_does_not(client):
    with client.stream("GET", "/watch?every=10", {"Kubectl-Command": "kubectl get"}) as stream, pytest.raises(StuckError):
        stream.read()


def test_one_run_of_kubectl_jumps_an_hour_at_most(client, fake):
    headers = {"Kubectl-Command": "kubectl wait", "Kubectl-Session": "one"}
    for _ in range(3):
        with client.stream("GET", "/watch?every=1500", headers) as stream:
            try:
                stream.read()
            except StuckError:
                break
    assert fake.kernel.now_ns == 3000 * SECOND
    with client.stream("GET", "/watch?every=1500", headers | {"Kubectl-Session": "two"}) as stream:
        assert stream.read()


def test_a_followed_log_jumps_from_line_to_line(client, fake):
    with client.stream("GET", "/log?follow=true&lines=3") as stream:
        assert stream.read() == b"line 0\nline 1\n"
        assert fake.kernel.now_ns == 0
        assert stream.read() == b"line 2\n"
        assert fake.kernel.now_ns == SECOND
        assert list(stream) == [b"line 3\n", b"line 4\n"]
    assert client.request("GET", "/log").body == b"line 0\nline 1\n"


@pytest.mark.parametrize(
    ("protocol", "heard"),
    [
        ("v4.channel.k8s.io", "error executing command [warn oh], exit code 3"),
        ("v5.channel.k8s.io", "command terminated with exit code 3"),
    ],
)
def test_exec_gives_streams_and_the_end_as_a_status(client, fake, protocol, heard):
    assert run(client, "echo", "a", "b", protocol=protocol) == (b"a b\n", b"", b'{"metadata":{},"status":"Success"}')
    out, err, status = run(client, "warn", "oh", protocol=protocol)
    assert (out, err) == (b"", b"oh\n")
    assert json.loads(status) == {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: {heard}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": "3"}]},
    }


def test_exec_lets_virtual_time_jump_to_its_end(client, fake):
    run(client, "sleep", "3000")
    assert fake.kernel.now_ns == 3000 * SECOND


def test_old_protocols_tell_the_end_as_text(client):
    with client.connect(exec_url("exit", "2")) as socket:
        end = b"\x03command terminated with non-zero exit code: error executing command [exit 2], exit code 2"
        assert [socket.receive() for _ in range(3)] == [b"\x01", end, None]


def test_base64_protocols_speak_text(client):
    with client.connect(exec_url("echo", "hi"), subprotocols=["base64.channel.k8s.io"]) as socket:
        assert [socket.receive() for _ in range(3)] == ["1", "1aGkK", None]


def test_an_exec_that_cannot_start_says_why_in_its_error_channel(client):
    status = json.loads(run(client, "broken", protocol="v4.channel.k8s.io")[2])
    assert status == {
        "metadata": {},
        "status": "Failure",
        "message": "Internal error occurred: cannot start it",
        "reason": "InternalError",
        "details": {"causes": [{"message": "cannot start it"}]},
        "code": 500,
    }
    assert json.loads(run(client, "broken")[2])["message"] == "Internal error occurred: Internal error occurred: cannot start it"


def test_an_exec_that_the_kubelet_refuses_is_upgraded_first_in_v5_alone(client):
    status = json.loads(run(client, "missing")[2])
    assert status["message"] == 'Internal error occurred: unable to upgrade connection: containers "missing" not found'
    with pytest.raises(RefusedError) as refused:
        run(client, "missing", protocol="v4.channel.k8s.io")
    assert (refused.value.reply.status, refused.value.reply.body) == (404, b'containers "missing" not found')


def test_exec_takes_input_until_it_is_closed(client):
    with client.connect(exec_url("cat", stdin="true"), subprotocols=["v5.channel.k8s.io"]) as socket:
        assert socket.receive() == b"\x01"
        socket.send(b"\x00one")
        assert socket.receive() == b"\x01one"
        socket.send(b"\x09ignored")
        socket.send(b"\x00two")
        assert socket.receive() == b"\x01two"
        socket.send(b"\xff\x00")
        assert socket.receive() == b'\x03{"metadata":{},"status":"Success"}'
        assert socket.receive() is None


def test_input_is_held_up_until_it_is_read(client, fake):
    url = exec_url("slow", stdin="true")
    with client.connect(url, {"Podlab-Wait": "first"}, ["v5.channel.k8s.io"]) as socket:
        for _ in range(100):
            socket.send(b"\x00" + bytes(100_000))
        socket.send(b"\xff\x00")
        while socket.receive() is not None:
            pass
    session = fake.api.sessions[0]
    assert session.taken == 10_000_000
    assert session.most_waiting < 1_300_000


def test_a_terminal_is_told_its_size(client):
    with client.connect(exec_url("size", stdin="true", tty="true"), subprotocols=["v4.channel.k8s.io"]) as socket:
        socket.receive()
        socket.send(b"\x04nonsense")
        socket.send(b'\x04{"Width":-1,"Height":7}')
        socket.send(b'\x04{"Width":120,"Height":40}')
        assert socket.receive() == b"\x01120x40\n"


def test_an_exec_client_that_goes_away_ends_the_session(client, fake):
    with client.connect(exec_url("sleep", "10")):
        pass
    assert fake.api.sessions[0].closed


def test_exec_without_an_upgrade_is_refused(client):
    reply = client.request("GET", exec_url("echo"))
    assert reply.status == 400
    assert json.loads(reply.body)["message"] == "Upgrade request required"


def test_an_unknown_subprotocol_is_refused(client):
    with pytest.raises(RefusedError) as refused:
        client.connect(exec_url("echo"), subprotocols=["v9.channel.k8s.io"])
    assert refused.value.reply.status == 403


def test_a_refused_request_refuses_the_websocket(client):
    with pytest.raises(RefusedError) as refused:
        client.connect("/nothing")
    assert refused.value.reply.status == 404


def test_a_watch_speaks_websocket_too(client, fake):
    with client.connect("/watch?every=5", {"Podlab-Wait": "first"}) as socket:
        assert json.loads(socket.receive())["object"]["at"] == 5
        assert socket.receive() is None
    assert fake.api.watches[0].ended


def test_a_log_speaks_websocket_too(client):
    with client.connect("/log", subprotocols=["base64.binary.k8s.io"]) as socket:
        assert socket.receive() == "bGluZSAwCmxpbmUgMQo="
        assert socket.receive() is None


def test_ports_are_forwarded_over_channels(client, fake):
    with client.connect("/forward?ports=7&ports=9", subprotocols=["v4.channel.k8s.io"]) as socket:
        heads = [socket.receive() for _ in range(4)]
        assert heads == [b"\x00\x07\x00", b"\x01\x07\x00", b"\x02\x09\x00", b"\x03\x09\x00"]
        socket.send(b"\x00ping")
        assert socket.receive() == b"\x00ping"
        refused = socket.receive()
        assert refused[:1] == b"\x03"
        assert b"connection refused" in refused
    assert fake.api.connections[0].closed


def test_forwarding_nothing_is_refused(client):
    with pytest.raises(RefusedError) as refused:
        client.connect("/forward", subprotocols=["v4.channel.k8s.io"])
    assert refused.value.reply.status == 400


def test_the_same_requests_give_the_same_trace(fake):
    def play(cluster):
        client = InProcess(cluster)
        return [
            client.request("GET", "/watch?every=3&timeoutSeconds=10", {"Podlab-Wait": "advance"}),
            run(client, "sleep", "2.5"),
            client.request("GET", "/echo"),
            cluster.kernel.now_ns,
        ]

    assert play(fake) == play(type(fake)())


def test_live_pace_keeps_the_rendered_now_through_jumps(fake):
    client = InProcess(fake, Pace.LIVE)
    before = client.request("GET", "/echo").headers["date"]
    client.request("GET", "/watch?every=3000", {"Podlab-Wait": "first"})
    after = client.request("GET", "/echo").headers
    assert after["date"] == before
    assert after["podlab-clock"] == str(3000 * SECOND)
