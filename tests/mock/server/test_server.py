"""Over real sockets: what HTTP and WebSocket clients do to a server, the rude ones too."""

import http.client
import json
import socket
import ssl
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import websocket

from podlab.mock.kernel import SECOND
from podlab.mock.server.answers import TOO_SLOW_BYTES
from podlab.mock.server.spdy import DICTIONARY
from podlab.mock.server.waits import Pace
from tests.waiting import PATIENCE_SECONDS, eventually

AUTHORIZED = {"Authorization": "Bearer right"}
HEAD = "Host: x\r\nAuthorization: Bearer right\r\n"


def ask(serving, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body, AUTHORIZED | (headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def raw(serving, data, until_close=True):
    """Everything that the server says to these bytes."""
    with socket.create_connection(("127.0.0.1", serving.port), PATIENCE_SECONDS) as client:
        client.sendall(data)
        said = b""
        while chunk := client.recv(65536):
            said += chunk
        return said


def connect(serving, path, **options):
    return websocket.create_connection(
        f"ws://127.0.0.1:{serving.port}{path}", header=["Authorization: Bearer right"], timeout=PATIENCE_SECONDS, **options
    )


def is_well(serving):
    return serving.is_up and ask(serving, "GET", "/echo")[0] == 200


def test_requests_over_one_connection(serve):
    serving = serve()
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=PATIENCE_SECONDS)
    for number in range(5):
        connection.request("POST", f"/echo/{number}", str(number), AUTHORIZED)
        answer = connection.getresponse()
        seen = json.loads(answer.read())
        assert (answer.status, seen["path"], seen["body"]) == (200, f"/echo/{number}", str(number))
        assert answer.headers["Podlab-Clock"].isdigit()
    connection.close()


def test_pipelined_requests_are_answered_in_order(serve):
    requests = "".join(f"GET /echo/{number} HTTP/1.1\r\n{HEAD}\r\n" for number in range(20))
    requests += f"GET /echo/last HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n"
    said = raw(serve(), requests.encode()).decode()
    paths = [line.partition('"path": "')[2].partition('"')[0] for line in said.splitlines() if '"path"' in line]
    assert paths == [*(f"/echo/{number}" for number in range(20)), "/echo/last"]


def test_chunked_bodies_and_expect_continue(serve):
    serving = serve()
    said = raw(
        serving,
        f"POST /echo HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n".encode(),
    )
    assert b'"body": "abc"' in said
    with socket.create_connection(("127.0.0.1", serving.port), PATIENCE_SECONDS) as client:
        client.sendall(f"POST /echo HTTP/1.1\r\n{HEAD}Content-Length: 3\r\nExpect: 100-continue\r\n\r\n".encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 100")
        client.sendall(b"xyz")
        assert b'"body": "xyz"' in client.recv(65536)


def test_http_1_0_and_head(serve):
    serving = serve()
    assert b"\r\n\r\n{" in raw(serving, f"GET /echo HTTP/1.0\r\n{HEAD}\r\n".encode())
    status, headers, body = ask(serving, "HEAD", "/big")
    assert (status, headers["Content-Length"], body) == (200, "300002", b"")


def test_too_large_a_body_is_read_and_refused(serve):
    serving = serve()
    status, _, body = ask(serving, "POST", "/echo", body=b"x" * 3_200_000)
    assert (status, json.loads(body)["message"]) == (413, "Request entity too large: limit is 3145728")
    assert is_well(serving)


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: minus\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_not_http_is_refused_and_logged(serve, data, caplog):
    serving = serve()
    said = raw(serving, data + b"\r\n" * 5)
    assert said.startswith(
        b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad"
    )
    assert "not HTTP" in caplog.text
    assert is_well(serving)


def test_an_endless_head_is_refused(serve):
    serving = serve()
    assert raw(serving, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 1_100_000).startswith(b"HTTP/1.1 431")
    assert is_well(serving)


def test_malformed_requests_are_refused_with_their_status(serve):
    serving = serve()
    assert ask(serving, "GET", "/echo", {"Authorization": "Bearer wrong"})[0] == 401
    assert ask(serving, "GET", "/boom")[0] == 500
    assert is_well(serving)


def test_a_watch_comes_in_chunks_as_it_happens(serve):
    serving = serve(Pace.VIRTUAL)
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/watch?every=10&count=3", headers=AUTHORIZED | {"Kubectl-Command": "kubectl wait"})
    answer = connection.getresponse()
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert [json.loads(answer.readline())["object"]["at"] for _ in range(3)] == [10, 20, 30]
    answer.close()
    connection.close()


def test_a_first_watch_ends_after_its_event(serve):
    serving = serve(Pace.VIRTUAL)
    _, _, body = ask(serving, "GET", "/watch?every=600&timeoutSeconds=1000", {"Podlab-Wait": "first"})
    assert json.loads(body)["object"]["at"] == 600
    assert serving.cluster.kernel.now_ns == 600 * SECOND


def test_a_jump_in_live_pace_takes_no_time(serve):
    serving = serve(Pace.LIVE)
    _, _, body = ask(serving, "GET", "/watch?every=3000&timeoutSeconds=3500", {"Podlab-Wait": "first"})
    assert json.loads(body)["object"]["at"] == pytest.approx(3000, abs=600)


def test_sockets_and_the_process_see_the_same(serve, fake):
    from podlab.mock.server.inprocess import InProcess

    requests = [
        ("GET", "/watch?every=3&timeoutSeconds=10", {"Podlab-Wait": "advance"}),
        ("GET", "/log?follow=true", {}),
        ("GET", "/proxy/80/", {}),
        ("GET", "/watch?every=7&timeoutSeconds=100", {"Podlab-Wait": "first"}),
        ("GET", "/nothing", {}),
    ]
    client, serving = InProcess(fake), serve(Pace.VIRTUAL)
    for method, path, headers in requests:
        reply = client.request(method, path, headers)
        status, over_sockets, body = ask(serving, method, path, headers)
        assert (status, body) == (reply.status, reply.body)
        for name in ("podlab-clock", "date", "audit-id"):
            assert over_sockets.get(name) == reply.headers.get(name)


def test_a_client_that_breaks_off_a_watch_ends_it(serve, caplog):
    caplog.set_level("INFO")
    serving = serve()
    client = socket.create_connection(("127.0.0.1", serving.port), PATIENCE_SECONDS)
    client.sendall(f"GET /watch HTTP/1.1\r\n{HEAD}\r\n".encode())
    client.recv(1000)
    client.close()
    eventually(lambda: serving.cluster.api.watches[0].ended)
    eventually(lambda: "the client of GET /watch went away" in caplog.text)
    assert is_well(serving)


def test_a_client_that_resets_its_connection_ends_an_exec(serve):
    serving = serve()
    client = connect(serving, "/exec?command=sleep&command=1000&stdout=true")
    client.recv()
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.sock.close()
    eventually(lambda: [session.closed for session in serving.cluster.api.sessions] == [True])
    assert is_well(serving)


def test_a_client_that_breaks_off_a_log_ends_it(serve):
    serving = serve()
    client = socket.create_connection(("127.0.0.1", serving.port), PATIENCE_SECONDS)
    client.sendall(f"GET /log?follow=true&lines=1000 HTTP/1.1\r\n{HEAD}\r\n".encode())
    client.recv(1000)
    client.close()
    eventually(lambda: serving.cluster.api.logs[0].closed)
    assert is_well(serving)


def test_two_hundred_watches_at_once(serve):
    serving = serve(Pace.VIRTUAL)
    watching = []
    for _ in range(200):
        connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=PATIENCE_SECONDS)
        connection.request("GET", "/watch?every=1&count=2", headers=AUTHORIZED)
        watching.append((connection, connection.getresponse()))
    ask(serving, "GET", "/watch?every=100&timeoutSeconds=3", {"Podlab-Wait": "advance"})
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda pair: [json.loads(pair[1].readline())["object"]["at"] for _ in range(2)], watching))
    assert seen == [[1, 2]] * 200
    for connection, answer in watching:
        answer.close()
        connection.close()
    eventually(lambda: all(watch.ended for watch in serving.cluster.api.watches))


def test_a_watch_whose_client_does_not_read_is_ended(serve, caplog):
    serving = serve(Pace.VIRTUAL)
    client = socket.create_connection(("127.0.0.1", serving.port), PATIENCE_SECONDS)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.sendall(f"GET /watch?every=1&size={TOO_SLOW_BYTES // 20} HTTP/1.1\r\n{HEAD}\r\n".encode())
    ask(serving, "GET", "/watch?every=1000&timeoutSeconds=200", {"Podlab-Wait": "advance"})
    eventually(lambda: serving.cluster.api.watches[0].ended)
    assert "does not read" in caplog.text
    client.close()
    assert is_well(serving)


def test_an_exec_whose_client_does_not_read_is_held_up(serve):
    serving = serve()
    client = connect(serving, "/exec?command=yes&stdout=true")
    eventually(lambda: serving.cluster.api.sessions and serving.cluster.api.sessions[0].paused)
    written = serving.cluster.api.sessions[0].written
    assert written < 64 * 1024 * 1024
    for _ in range(written // 32768 + 50):
        assert client.recv()
    assert serving.cluster.api.sessions[0].written > written
    client.close()
    eventually(lambda: [session.closed for session in serving.cluster.api.sessions] == [True])


def test_exec_over_a_websocket(serve):
    serving = serve()
    client = connect(serving, "/exec?command=cat&stdin=true&stdout=true", subprotocols=["v5.channel.k8s.io"])
    assert client.recv() == b"\x01"
    big = bytes(range(256)) * 4096
    client.send_binary(b"\x00" + big)
    got = b""
    while len(got) < len(big):
        got += client.recv()[1:]
    assert got == big
    client.ping("are you there")
    client.send_binary(b"\xff\x00")
    assert client.recv() == b'\x03{"metadata":{},"status":"Success"}'
    assert not client.recv()
    client.shutdown()


def frame(opcode, payload, final=True):
    """A masked client's frame, however wrong."""
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(payload))
    return bytes([(0x80 if final else 0) | opcode]) + size + bytes(4) + payload


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (b"\xf3\x80" + bytes(4), 1002),
        (b"\x82\x01a", 1002),
        (frame(0x1, b"\xff\xfe"), 1007),
        (frame(0x0, b"nothing to continue"), 1002),
        (frame(0x9, b"x" * 126), 1002),
        (b"\x82\xff" + struct.pack(">Q", 1 << 62) + bytes(4), 1009),
    ],
)
def test_malformed_frames_end_the_websocket(serve, frames, code, caplog):
    serving = serve()
    client = connect(serving, "/exec?command=cat&stdin=true&stdout=true")
    client.recv()
    client.sock.sendall(frames)
    if code == 1009:  # the length is a lie: only what comes is counted
        client.sock.sendall(b"x" * 40_000_000)
    try:
        opcode, data = client.recv_data()
    finally:
        client.shutdown()
    assert (opcode, struct.unpack(">H", data[:2])[0]) == (8, code)
    eventually(lambda: [session.closed for session in serving.cluster.api.sessions] == [True])
    assert is_well(serving)


def test_an_exec_that_does_not_read_holds_its_client_up(serve):
    serving = serve()
    client = connect(serving, "/exec?command=slow&stdin=true&stdout=true")
    client.settimeout(0.3)
    with pytest.raises(websocket.WebSocketTimeoutException):
        for _ in range(1000):
            client.send_binary(b"\x00" + bytes(100_000))
    assert serving.cluster.api.sessions[0].most_waiting < 4_000_000
    client.shutdown()


def test_a_fragmented_message_is_put_together(serve):
    serving = serve()
    client = connect(serving, "/exec?command=cat&stdin=true&stdout=true")
    client.recv()
    client.sock.sendall(frame(0x2, b"\x00ab", final=False) + frame(0x9, b"ping") + frame(0x0, b"cd"))
    assert client.recv() == b"\x01abcd"
    client.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-WebSocket-Version": "8", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="},
        {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "short"},
        {"Sec-WebSocket-Version": "13"},
    ],
)
def test_a_malformed_handshake_is_refused(serve, headers):
    serving = serve()
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    assert ask(serving, "GET", "/exec?command=cat&stdout=true", upgrade | headers)[0] == 400
    assert ask(serving, "GET", "/watch", upgrade | headers)[0] == 400
    assert serving.cluster.api.watches[0].ended


class Spdy:
    """A SPDY client, enough to open streams and read what comes."""

    def __init__(self, serving, path, version):
        self.socket = socket.create_connection(("127.0.0.1", serving.port), PATIENCE_SECONDS)
        self.socket.sendall(
            f"POST {path} HTTP/1.1\r\n{HEAD}Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v9\r\n"
            f"X-Stream-Protocol-Version: {version}\r\nContent-Length: 0\r\n\r\n".encode()
        )
        self.file = self.socket.makefile("rb")
        self.head = b""
        while not self.head.endswith(b"\r\n\r\n"):
            self.head += self.file.readline()
        self.deflate = zlib.compressobj(zdict=DICTIONARY)
        self.next = 1

    def open(self, **headers):
        block = struct.pack(">I", len(headers))
        for name, value in headers.items():
            for text in (name, value):
                block += struct.pack(">I", len(text)) + text.encode()
        packed = self.deflate.compress(block) + self.deflate.flush(zlib.Z_SYNC_FLUSH)
        stream, self.next = self.next, self.next + 2
        self.socket.sendall(struct.pack(">HHI", 0x8003, 1, 10 + len(packed)) + struct.pack(">IIH", stream, 0, 0) + packed)
        return stream

    def send(self, stream, data, fin=False):
        self.socket.sendall(struct.pack(">II", stream, fin << 24 | len(data)) + data)

    def read(self):
        """What comes on each stream until the server ends, and the streams that were ended. Closes."""
        data, ended = {}, []
        while len(head := self.file.read(8)) == 8:
            first, second = struct.unpack(">II", head)
            payload = self.file.read(second & 0xFFFFFF)
            if not first >> 31:
                data[first] = data.get(first, b"") + payload
                if second >> 24:
                    ended.append(first)
        self.close()
        return data, ended

    def close(self):
        self.file.close()
        self.socket.close()


def test_exec_over_spdy(serve):
    client = Spdy(serve(), "/exec?command=cat&stdin=true&stdout=true", "v4.channel.k8s.io")
    assert b"101 " in client.head.split(b"\r\n")[0]
    assert b"X-Stream-Protocol-Version: v4.channel.k8s.io" in client.head
    error, stdin, stdout = (client.open(streamtype=kind) for kind in ("error", "stdin", "stdout"))
    client.send(stdin, b"hello")
    client.send(stdin, b" you", fin=True)
    data, ended = client.read()
    assert data[stdout] == b"hello you"
    assert json.loads(data[error]) == {"metadata": {}, "status": "Success"}
    assert ended == [stdout, error]


def test_port_forward_over_spdy(serve):
    serving = serve()
    client = Spdy(serving, "/forward", "portforward.k8s.io")
    errors, streams = [], []
    for number in range(3):
        errors.append(client.open(streamtype="error", port="7", requestid=str(number)))
        streams.append(client.open(streamtype="data", port="7", requestid=str(number)))
    bad = client.open(streamtype="error", port="9", requestid="x"), client.open(streamtype="data", port="9", requestid="x")
    for number, stream in enumerate(streams):
        client.send(stream, f"to {number}".encode(), fin=True)
    eventually(lambda: len(serving.cluster.api.connections) == 4)
    serving.call(lambda: serving.cluster.kernel.run_until(serving.cluster.kernel.now_ns + SECOND))
    client.socket.shutdown(socket.SHUT_WR)
    data, ended = client.read()
    assert [data[stream] for stream in streams] == [b"to 0", b"to 1", b"to 2"]
    assert b"connection refused" in data[bad[0]]
    assert {*errors, *streams, *bad} <= set(ended)


def test_spdy_in_no_common_version_is_refused(serve):
    client = Spdy(serve(), "/exec?command=cat&stdout=true", "v7.channel.k8s.io")
    assert b" 403 " in client.head.split(b"\r\n")[0]
    client.close()


def test_nonsense_after_the_upgrade_to_spdy_ends_it(serve, caplog):
    serving = serve()
    client = Spdy(serving, "/forward", "portforward.k8s.io")
    client.socket.sendall(b"GET / HTTP/1.1\r\n\r\n" * 10)
    assert client.read() == ({}, [])
    assert is_well(serving)


def test_an_administrator_shuts_the_server_down(serve):
    serving = serve()
    assert ask(serving, "POST", "/podlab/shutdown", {"Authorization": "Bearer account"})[0] == 403
    assert ask(serving, "GET", "/podlab/shutdown")[0] == 405
    assert ask(serving, "POST", "/podlab/shutdown")[0] == 200
    eventually(lambda: not serving.is_up)


def test_an_idle_server_sleeps_until_the_next_event(serve):
    serving = serve()
    assert is_well(serving)
    eventually(lambda: not serving._server._connections)
    assert serving.call(lambda: serving._server._due) is None
    serving.call(lambda: serving.cluster.kernel.call_after(3600 * SECOND, int) and serving._server.stirred())
    eventually(lambda: serving._server._due is not None)
    assert serving._server._due.when() > serving._loop.time() + 3000


def test_a_kernel_that_never_rests_keeps_the_server_answering(serve):
    serving = serve()

    def burn():
        serving.cluster.kernel.call_soon(burn)

    serving.call(burn)
    assert all(is_well(serving) for _ in range(20))
    serving.call(lambda: setattr(serving.cluster.kernel, "_heap", []))


def test_https_only_speaks_tls(serve, certificates):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    context.load_verify_locations(certificates.authority)
    context.verify_mode = ssl.CERT_OPTIONAL
    serving = serve(tls=context)
    client = ssl.create_default_context(cafile=str(certificates.authority))

    def user(**options):
        connection = http.client.HTTPSConnection("127.0.0.1", serving.port, context=client, timeout=PATIENCE_SECONDS)
        connection.request("GET", "/echo", **options)
        answer = connection.getresponse()
        body = json.loads(answer.read())
        connection.close()
        return body["user"] if answer.status == 200 else body["reason"]

    assert serving.url.startswith("https://")
    assert user(headers=AUTHORIZED)["name"] == "kubernetes-admin"
    assert user() == "Unauthorized"
    client.load_cert_chain(certificates.client)
    assert user()["name"] == "jane"
    assert user()["groups"] == ["developers", "system:authenticated"]
