"""Clients that break off, lie, flood and stumble: the mock stays up, and its log says what happened."""

import base64
import contextlib
import http.client
import json
import os
import signal
import socket
import ssl
import struct

import psutil
import pytest
import websocket
import yaml

from tests.waiting import PATIENCE_SECONDS, eventually


class Client:
    """A client of our own on one mock: requests as they are, and sockets to be rude with."""

    def __init__(self, mock):
        told = yaml.safe_load(mock.kubeconfig.read_text("utf-8"))
        authority = base64.b64decode(told["clusters"][0]["cluster"]["certificate-authority-data"]).decode()
        self.tls = ssl.create_default_context(cadata=authority)
        self.port = int(mock.url.rpartition(":")[2])
        self.token = told["users"][0]["user"]["token"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def connect(self):
        return self.tls.wrap_socket(
            socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS), server_hostname="127.0.0.1"
        )

    def open(self, path, method="GET", body=None, **headers):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=PATIENCE_SECONDS)
        connection.request(method, path, body, self.headers | headers)
        return connection, connection.getresponse()

    def ask(self, path, method="GET", body=None, **headers):
        connection, answer = self.open(path, method, body, **headers)
        with contextlib.closing(connection):
            return answer.status, json.loads(answer.read())


@pytest.fixture
def mock(own_mock):
    return own_mock()


@pytest.fixture
def client(mock):
    return Client(mock)


@pytest.fixture
def kubectl(mock, kubectl_on):
    return kubectl_on(mock)


def test_two_hundred_watches_at_once(mock, client, kubectl):
    path = f"/api/v1/namespaces/{kubectl.namespace}/configmaps?watch=true&resourceVersion="
    _, listed = client.ask(path.partition("?")[0])
    server = psutil.Process(mock.process.pid)
    before = len(server.net_connections())
    watching = [client.open(path + listed["metadata"]["resourceVersion"]) for _ in range(200)]
    kubectl("create", "configmap", "news")
    kubectl("delete", "configmap", "news")
    for _, answer in watching:
        assert [json.loads(answer.readline())["type"] for _ in range(2)] == ["ADDED", "DELETED"]
    for connection, answer in watching:
        answer.close()
        connection.close()
    eventually(lambda: len(server.net_connections()) <= before + 1)
    assert kubectl("get", "--raw", "/healthz") == "ok"


def kill(process):
    process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    process.communicate()


def test_clients_killed_in_the_middle(mock, client, kubectl):
    kubectl.web()
    server = psutil.Process(mock.process.pid)
    before = len(server.net_connections())
    victims = [
        kubectl.start("get", "pods", "--watch"),
        kubectl.start("logs", "-f", "web", "-c", "ticker"),
        kubectl.start("exec", "-i", "web", "-c", "ticker", "--", "sh", "-c", "while echo x; do sleep 0.05; done"),
        kubectl.start("attach", "web", "-c", "ticker"),
        kubectl.start("port-forward", "pod/web", ":8080"),
    ]
    for victim in victims:
        assert victim.stdout.readline()
    assert len(server.net_connections()) > before
    for victim in victims:
        kill(victim)
    eventually(lambda: len(server.net_connections()) <= before + 1)
    assert kubectl("exec", "web", "-c", "ticker", "--", "echo", "well") == "well\n"
    for word in ("log", "exec", "attach", "portforward"):
        assert f"/pods/web/{word} went away" in mock.log


def test_objects_of_three_mebibytes(client, kubectl):
    large = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "large"}, "data": {"x": "x" * 3 * 2**20}}
    path = f"/api/v1/namespaces/{kubectl.namespace}/configmaps"
    code, status = client.ask(path, "POST", json.dumps(large), **{"Content-Type": "application/json"})
    assert (code, status) == (
        413,
        {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": "Request entity too large: limit is 3145728",
            "reason": "RequestEntityTooLarge",
            "code": 413,
        },
    )
    large["data"]["x"] = "x" * (2 * 2**20)
    code, status = client.ask(path, "POST", json.dumps(large), **{"Content-Type": "application/json"})
    assert code == 422
    assert status["message"] == 'ConfigMap "large" is invalid: []: Too long: may not be more than 1048576 bytes'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "unexpected end of JSON input"),
        ("[]", "json"),
        ('{"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": 1}}', "cannot unmarshal number into Go struct field"),
        ("\x00\xff", "invalid character"),
    ],
)
def test_malformed_json(client, kubectl, body, message):
    path = f"/api/v1/namespaces/{kubectl.namespace}/configmaps"
    code, status = client.ask(path, "POST", body.encode("latin-1"), **{"Content-Type": "application/json"})
    assert (code, status["reason"]) == (400, "BadRequest")
    assert message in status["message"]


def test_what_is_not_http(mock, client, kubectl):
    rudeness = {
        b"\x00" * 64: b"400 Bad Request",
        b"GET / HTTP/9.9\r\n\r\n": b"505 HTTP Version Not Supported",
        b"POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n": b"400 Bad Request",
    }
    for rude, answer in rudeness.items():
        with client.connect() as plain:
            plain.sendall(rude + b"\r\n\r\n")
            assert plain.recv(64).startswith(b"HTTP/1.1 " + answer)
    with socket.create_connection(("127.0.0.1", client.port), PATIENCE_SECONDS) as naked:
        naked.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + os.urandom(256))
        with contextlib.suppress(ConnectionError):
            naked.recv(64)
    assert "not HTTP" in mock.log
    assert kubectl("get", "--raw", "/healthz") == "ok"


def test_malformed_frames(mock, client, kubectl):
    kubectl.web()
    path = f"/api/v1/namespaces/{kubectl.namespace}/pods/web/exec?container=ticker&command=cat&stdin=true&stdout=true"
    for rude in (b"\xff" * 16, b"\x83\x80\x00\x00\x00\x00", struct.pack(">BBH", 0x82, 0x7E, 9) + b"unmasked!"):
        rough = websocket.create_connection(
            f"wss://127.0.0.1:{client.port}{path}",
            header=[f"Authorization: Bearer {client.token}"],
            sslopt={"context": client.tls},
            timeout=PATIENCE_SECONDS,
        )
        rough.recv()
        rough.sock.sendall(rude)
        opcode, data = rough.recv_data()
        rough.shutdown()
        assert (opcode, data[:2]) == (8, struct.pack(">H", 1002))
    assert mock.log.count("frames make no sense") == 3
    eventually(lambda: "cat" not in kubectl("exec", "web", "-c", "ticker", "--", "ps").replace("/cat", ""))


def test_the_wrong_token(mock, client):
    code, status = client.ask("/api", Authorization="Bearer wrong")
    assert (code, status["reason"], status["message"]) == (401, "Unauthorized", "Unauthorized")
    assert "401 to GET /api" in mock.log
    client.headers = {}
    assert client.ask("/version")[0] == 401


def test_a_container_that_burns_its_processor_stops_nobody(client, kubectl):
    kubectl("run", "burner", "--image=busybox:1.37", "--", "sh", "-c", "while :; do :; done")
    kubectl("wait", "--for=condition=Ready", "pod/burner")
    for number in range(20):
        assert client.ask("/api/v1/nodes")[0] == 200
        kubectl("create", "configmap", f"c-{number}")


def test_the_mock_says_goodbye(mock, client, kubectl):
    watching = client.open(f"/api/v1/namespaces/{kubectl.namespace}/pods?watch=true")
    mock.process.terminate()
    assert mock.process.wait(PATIENCE_SECONDS) == 0
    assert watching[1].read() == b""
    watching[0].close()
    assert not mock.kubeconfig.exists()
    assert not (mock.folder / "state.json").exists()
    assert mock.log.endswith("INFO stopped\n")
