"""Probes: how they look, when, what they decide, and the words of what they find."""

from typing import Any

import pytest

from tests.mock.clustered import Lab, pod, sh


def probe(kind: str, what: Any, **fields: Any) -> dict[str, Any]:
    return {kind: what, "periodSeconds": 1, **fields}


def serving(port: int = 8080) -> str:
    return f"mkdir -p /www; echo fine > /www/index.html; exec httpd -f -p {port} -h /www"


def unhealthy(lab: Lab) -> list[str]:
    return [each.removeprefix("Unhealthy: ") for each in lab.events("p") if each.startswith("Unhealthy")]


def test_a_pod_is_ready_while_its_probe_succeeds(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600", readinessProbe=probe("exec", {"command": ["cat", "/tmp/up"]}))))
    assert not lab.is_ready("p")
    assert unhealthy(lab) == ["Readiness probe failed: cat: can't open '/tmp/up': No such file or directory\n"]
    lab.exec("p", "touch /tmp/up")
    lab.until(lambda: lab.is_ready("p"), 3)
    lab.exec("p", "rm /tmp/up")
    lab.wait(2.5)
    assert lab.is_ready("p")  # it takes three failures
    lab.until(lambda: not lab.is_ready("p"), 3)
    assert lab.container("p")["restartCount"] == 0


def test_a_dead_container_is_restarted(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600", livenessProbe=probe("exec", {"command": ["false"]}, failureThreshold=2))), seconds=8)
    assert "Killing: Container app failed liveness probe, will be restarted" in lab.events("p")
    assert "Liveness probe failed: " in unhealthy(lab)
    assert lab.container("p")["restartCount"] >= 1
    assert lab.container("p")["lastState"]["terminated"]["exitCode"] == 137


def test_no_other_probe_looks_before_startup(lab: Lab) -> None:
    container = sh(
        "sleep 4; touch /tmp/up; sleep 3600",
        startupProbe=probe("exec", {"command": ["test", "-f", "/tmp/up"]}, failureThreshold=30),
        livenessProbe=probe("exec", {"command": ["test", "-f", "/tmp/up"]}, failureThreshold=1),
    )
    lab.run(pod("p", container), seconds=15)
    assert lab.container("p")["restartCount"] == 0
    assert lab.is_ready("p")
    assert all(each.startswith("Startup probe failed: ") for each in unhealthy(lab))


def test_a_container_that_does_not_start_in_time_is_restarted(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600", startupProbe=probe("exec", {"command": ["false"]}, failureThreshold=3))), seconds=10)
    assert "Killing: Container app failed startup probe, will be restarted" in lab.events("p")
    assert lab.container("p")["started"] is False


def test_a_probes_own_grace_period(lab: Lab) -> None:
    liveness = probe("exec", {"command": ["false"]}, failureThreshold=1, terminationGracePeriodSeconds=1)
    container = sh("trap '' TERM; while true; do sleep 1; done", livenessProbe=liveness)
    lab.run(pod("p", container, terminationGracePeriodSeconds=600), seconds=6)
    assert lab.container("p")["restartCount"] >= 1


def test_delay_and_period(lab: Lab) -> None:
    readiness = {"exec": {"command": ["true"]}, "initialDelaySeconds": 10, "periodSeconds": 5}
    lab.run(pod("p", sh("sleep 3600", readinessProbe=readiness)), seconds=9)
    assert not lab.is_ready("p")
    lab.until(lambda: lab.is_ready("p"), 8)


def test_success_threshold(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600", readinessProbe=probe("exec", {"command": ["true"]}, successThreshold=10))), seconds=6)
    assert not lab.is_ready("p")
    lab.until(lambda: lab.is_ready("p"), 7)


def test_a_command_that_takes_too_long(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600", readinessProbe=probe("exec", {"command": ["sleep", "5"]}, timeoutSeconds=1))), seconds=6)
    message = unhealthy(lab)[0]
    assert message.startswith("Readiness probe failed: command timed out")
    assert "sleep 5" in message


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({"path": "/nosuch", "port": 8080}, "HTTP probe failed with statuscode: 404"),
        ({"path": "/", "port": 81}, 'Get "http://10.244.0.2:81/": dial tcp 10.244.0.2:81: connect: connection refused'),
    ],
)
def test_http_failures(lab: Lab, what: dict[str, Any], message: str) -> None:
    lab.run(pod("p", sh(serving(), readinessProbe=probe("httpGet", what))))
    assert unhealthy(lab) == [f"Readiness probe failed: {message}"]


def test_http_by_the_name_of_a_port(lab: Lab) -> None:
    readiness = probe("httpGet", {"path": "/", "port": "web"})
    lab.run(pod("p", sh(serving(), ports=[{"name": "web", "containerPort": 8080}], readinessProbe=readiness)))
    assert lab.is_ready("p")


def test_tcp(lab: Lab) -> None:
    lab.run(pod("p", sh(serving(), readinessProbe=probe("tcpSocket", {"port": 8080}))))
    assert lab.is_ready("p")
    lab.run(pod("q", sh(serving(), readinessProbe=probe("tcpSocket", {"port": 9}))))
    assert lab.events("q")[-1] == "Unhealthy: Readiness probe failed: dial tcp 10.244.0.3:9: connect: connection refused"


def test_grpc_is_refused_by_name(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600", livenessProbe=probe("grpc", {"port": 9}))))
    assert any("podlab does not model spec.containers[0].livenessProbe.grpc" in each for each in lab.events("p"))


def test_readiness_gates(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600"), readinessGates=[{"conditionType": "x.y/z"}]))
    ready = next(each for each in lab.pod("p")["status"]["conditions"] if each["type"] == "Ready")
    assert ready["reason"] == "ReadinessGatesNotReady"
    assert ready["message"] == 'corresponding condition of pod readiness gate "x.y/z" does not exist.'
    gate = {"type": "x.y/z", "status": "True"}
    lab.patch("pods", "p", {"status": {"conditions": [gate]}}, subresource="status", kind="strategic")
    lab.until(lambda: lab.is_ready("p"), 3)


def test_a_probe_that_stands_still_costs_nothing_to_look_at(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600", readinessProbe=probe("exec", {"command": ["true"]}, periodSeconds=100))), seconds=100)
    writes = lab.client.get("pods", "default", "p")["metadata"]["resourceVersion"]
    lab.wait(1000)
    assert lab.client.get("pods", "default", "p")["metadata"]["resourceVersion"] == writes
