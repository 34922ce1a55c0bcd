"""Init containers run one after another; sidecars among them go on, and end last."""

from tests.mock.clustered import Lab, pod, sh

SHARED = {"volumes": [{"name": "d", "emptyDir": {}}]}
MOUNT = {"volumeMounts": [{"name": "d", "mountPath": "/d"}]}


def sidecar(script: str, name: str, **fields: object) -> dict[str, object]:
    return sh(script, name, restartPolicy="Always", **fields)


def test_they_run_in_order_before_the_containers(lab: Lab) -> None:
    first, second = sh("sleep 1; echo 1 >> /d/x", "first", **MOUNT), sh("echo 2 >> /d/x", "second", **MOUNT)
    lab.run(pod("p", sh("cat /d/x; sleep 3600", **MOUNT), initContainers=[first, second], **SHARED), seconds=10)
    assert lab.log("p") == "1\n2\n"
    assert lab.state("p", "first") == "terminated: Completed 0"
    assert lab.container("p", "first")["ready"] is True
    assert lab.condition("p", "Initialized") == "True"
    started = [each for each in lab.told["p"] if "app+" in each]
    assert started == [lab.told["p"][-1]]


def test_a_failing_one_is_repeated(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600"), initContainers=[sh("test -f /d/x || { touch /d/x; exit 1; }", "i", **MOUNT)], **SHARED))
    assert lab.is_ready("p")
    assert lab.container("p", "i")["restartCount"] == 1


def test_a_failing_one_fails_a_pod_that_is_never_restarted(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600"), initContainers=[sh("exit 7", "i")], restartPolicy="Never"), seconds=10)
    assert lab.phase("p") == "Failed"
    assert lab.state("p", "i") == "terminated: Error 7"
    assert lab.state("p") == "waiting: PodInitializing"
    assert lab.condition("p", "Initialized") == "False ContainersNotInitialized"


class TestSidecars:
    def test_they_run_beside_the_containers(self, lab: Lab) -> None:
        lab.run(pod("p", sh("sleep 3600"), initContainers=[sidecar("sleep 3600", "side"), sh("true", "i")]), seconds=8)
        assert lab.is_ready("p")
        assert lab.state("p", "side") == "running"
        assert lab.container("p", "side")["started"] is True

    def test_what_follows_waits_for_their_startup_probe(self, lab: Lab) -> None:
        probe = {"exec": {"command": ["test", "-f", "/tmp/up"]}, "periodSeconds": 1, "failureThreshold": 30}
        slow = sidecar("sleep 5; touch /tmp/up; sleep 3600", "side", startupProbe=probe)
        lab.run(pod("p", sh("sleep 3600"), initContainers=[slow]), seconds=4)
        assert lab.state("p") == "waiting: PodInitializing"
        assert lab.container("p", "side")["started"] is False
        lab.until(lambda: lab.is_ready("p"), 10)

    def test_they_are_started_again_whatever_their_code(self, lab: Lab) -> None:
        lab.run(
            pod("p", sh("sleep 3600"), initContainers=[sidecar("sleep 5; exit 0", "side")], restartPolicy="Never"), seconds=12
        )
        assert lab.container("p", "side")["restartCount"] == 1
        assert lab.phase("p") == "Running"

    def test_they_do_not_keep_a_pod_from_completing(self, lab: Lab) -> None:
        lab.run(pod("p", sh("sleep 2"), initContainers=[sidecar("sleep 3600", "side")], restartPolicy="Never"), seconds=12)
        assert lab.phase("p") == "Succeeded"
        assert lab.state("p", "side").startswith("terminated")

    def test_they_end_after_the_containers_in_reverse_order(self, lab: Lab) -> None:
        def script(name: str) -> str:
            return f"trap 'echo {name} >> /d/x; exit' TERM; while true; do sleep 0.1; done"

        keeper = pod("keeper", sh("sleep 3600", **MOUNT), volumes=[{"name": "d", "hostPath": {"path": "/tmp/order"}}])
        keeper["spec"]["volumes"][0]["hostPath"]["type"] = "DirectoryOrCreate"
        lab.run(keeper)
        lab.run(
            pod(
                "p",
                sh(script("app"), **MOUNT),
                initContainers=[sidecar(script("one"), "one", **MOUNT), sidecar(script("two"), "two", **MOUNT)],
                volumes=keeper["spec"]["volumes"],
                terminationGracePeriodSeconds=30,
            )
        )
        lab.delete("p")
        lab.until(lambda: not lab.exists("p"))
        assert lab.exec("keeper", "cat /d/x") == "app\ntwo\none\n"

    def test_their_readiness_counts(self, lab: Lab) -> None:
        probe = {"exec": {"command": ["test", "-f", "/tmp/up"]}, "periodSeconds": 1}
        lab.run(pod("p", sh("sleep 3600"), initContainers=[sidecar("sleep 3600", "side", readinessProbe=probe)]), seconds=5)
        assert not lab.is_ready("p")
        lab.exec("p", "touch /tmp/up", "side")
        lab.until(lambda: lab.is_ready("p"), 4)
