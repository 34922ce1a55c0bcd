"""What the API asks of the kubelet: logs, commands, attaching, connections."""

import pytest

from podlab.mock.api.errors import APIError
from podlab.mock.api.node import LogOptions
from podlab.mock.kernel import Time
from tests.mock.clustered import Lab, pod, sh

TICKS = "i=0; while true; do i=$((i+1)); echo tick $i; sleep 1; done"


class TestLogs:
    def test_lines_with_their_times(self, lab: Lab) -> None:
        lab.run(pod("p", sh("echo out; echo err >&2; printf unfinished; exit 0"), restartPolicy="Never"))
        assert lab.log("p") == "out\nerr\nunfinished"
        stamped = lab.log("p", timestamps=True).splitlines()
        assert all(line[:10] == "2026-01-01" and line[30:31] == " " for line in stamped)

    def test_streams(self, lab: Lab) -> None:
        lab.run(pod("p", sh("echo out; echo err >&2; exit 0"), restartPolicy="Never"))
        assert lab.log("p", stream="Stdout") == "out\n"
        assert lab.log("p", stream="Stderr") == "err\n"

    def test_the_end_of_it(self, lab: Lab) -> None:
        lab.run(pod("p", sh(TICKS)), seconds=5)
        assert lab.log("p", tail_lines=2) == "tick 4\ntick 5\n"
        assert lab.log("p", tail_lines=0) == ""
        assert lab.log("p", limit_bytes=10) == "tick 1\ntic"
        assert lab.log("p", since_time=Time(lab.cluster.kernel.now_ns - 2 * 10**9)) == "tick 4\ntick 5\n"

    def test_following(self, lab: Lab) -> None:
        lab.run(pod("p", sh("echo 1; sleep 3; echo 2; exit 0"), restartPolicy="Never"), seconds=2)
        stream = lab.cluster.kubelet.agent.logs(lab.pod("p"), LogOptions("app", follow=True))
        pieces = [stream.read_available()]
        assert not stream.ended
        stream.on_data = lambda: pieces.append(stream.read_available())
        lab.wait(5)
        assert b"".join(pieces) == b"1\n2\n"
        assert stream.ended

    def test_the_container_before(self, lab: Lab) -> None:
        lab.run(pod("p", sh("echo life; sleep 2; exit 1")), seconds=0.9)
        with pytest.raises(APIError, match='previous terminated container "app" in pod "p" not found'):
            lab.log("p", previous=True)
        lab.wait(4)
        assert lab.container("p")["restartCount"] == 1
        assert lab.log("p", previous=True) == "life\n"

    def test_older_ones_are_gone(self, lab: Lab) -> None:
        lab.run(pod("p", sh("echo life; exit 1")), seconds=0.7)
        first = lab.container("p")["lastState"].get("terminated") or lab.container("p")["state"].get("terminated")
        lab.wait(60)
        assert lab.container("p")["restartCount"] >= 3
        assert first is None or first["containerID"] != lab.container("p")["lastState"]["terminated"]["containerID"]

    def test_one_that_waits_has_none(self, lab: Lab) -> None:
        lab.run(pod("p", {"name": "app", "image": "no/such:1"}))
        with pytest.raises(APIError, match=r'container "app" in pod "p" is waiting to start: image can.t be pulled'):
            lab.log("p")

    def test_files_are_rotated(self, lab: Lab) -> None:
        lab.run(pod("p", sh("yes $(head -c 1000 /dev/zero | tr '\\0' x) | head -20000; echo end; sleep 3600")), seconds=60)
        text = lab.log("p")
        assert len(text) < 11 << 20
        assert text.endswith("end\n")


class TestExec:
    def run(self, lab: Lab, *command: str, stdin: bytes | None = None) -> tuple[str, int | None, str]:
        output: list[bytes] = []
        ends: list[tuple[int | None, str]] = []
        session = lab.cluster.kubelet.agent.exec(lab.pod("p"), "app", list(command), stdin is not None, True, True, False)
        session.on_output(lambda channel, data: output.append(data))
        session.on_exit(lambda code, message: ends.append((code, message)))
        if stdin is not None:
            session.stdin_write(stdin)
            session.stdin_close()
        assert lab.cluster.run_until(lambda: bool(ends), 60)
        return b"".join(output).decode(), *ends[0]

    def test_codes(self, lab: Lab) -> None:
        lab.run(pod("p", sh("sleep 3600")))
        assert self.run(lab, "sh", "-c", "echo x; exit 3")[:2] == ("x\n", 3)

    def test_input(self, lab: Lab) -> None:
        lab.run(pod("p", sh("sleep 3600")))
        assert self.run(lab, "tr", "a-z", "A-Z", stdin=b"hello")[:2] == ("HELLO", 0)

    def test_what_is_not_there(self, lab: Lab) -> None:
        lab.run(pod("p", sh("sleep 3600")))
        _, code, message = self.run(lab, "nosuch")
        assert code is None
        assert 'exec: "nosuch": executable file not found in $PATH' in message

    def test_a_container_that_ends_ends_what_runs_in_it(self, lab: Lab) -> None:
        lab.run(pod("p", sh("sleep 7"), restartPolicy="Never"))
        assert self.run(lab, "sleep", "3600")[1] == 137

    def test_a_container_that_does_not_run(self, lab: Lab) -> None:
        lab.run(pod("p", sh("exit 0"), restartPolicy="Never"))
        with pytest.raises(APIError, match='container not found \\("app"\\)'):
            self.run(lab, "true")


def test_attach(lab: Lab) -> None:
    lab.run(pod("p", sh("while read line; do echo got $line; done", stdin=True)))
    output: list[bytes] = []
    session = lab.cluster.kubelet.agent.attach(lab.pod("p"), "app", True, True, True, False)
    session.on_output(lambda channel, data: output.append(data))
    session.stdin_write(b"one\ntwo\n")
    lab.wait(1)
    assert b"".join(output) == b"got one\ngot two\n"
    assert lab.log("p") == "got one\ngot two\n"


@pytest.mark.parametrize("port", [8080, 9])
def test_connections(lab: Lab, port: int) -> None:
    lab.run(pod("p", sh("mkdir /www; echo page > /www/index.html; exec httpd -f -p 8080 -h /www")))
    received: list[bytes] = []
    errors: list[str] = []
    connection = lab.cluster.kubelet.agent.port_forward(lab.pod("p"), port)
    connection.on_data(received.append)
    connection.on_close(errors.append)
    connection.write(b"GET / HTTP/1.0\r\n\r\n")
    lab.wait(1)
    if port == 8080:
        assert b"".join(received).endswith(b"page\n")
        assert errors == [""]
    else:
        assert "connection refused" in errors[0]
