"""Pods from their creation to their end: restarts, back-off, termination, deadlines, and how all of it is told."""

import pytest

from tests.mock.clustered import Lab, pod, sh


def test_a_pod_runs(lab: Lab) -> None:
    lab.run(pod("web", sh("sleep 3600")))
    assert lab.told["web"] == ["Pending", "Pending app-0:ContainerCreating", "Running app+0:running"]
    assert lab.reasons("web") == ["Scheduled", "Pulled", "Created", "Started"]
    status = lab.pod("web")["status"]
    assert [each["type"] for each in status["conditions"]] == [
        "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled",
    ]  # fmt: skip
    assert status["podIP"] == "10.244.0.2"
    assert status["podIPs"] == [{"ip": "10.244.0.2"}]
    assert status["observedGeneration"] == 1


def test_nothing_happens_around_a_pod_that_sleeps(lab: Lab) -> None:
    lab.run(pod("web", sh("sleep 100000")), seconds=60)
    kernel = lab.cluster.kernel
    assert kernel.next_ns is not None
    assert kernel.next_ns - kernel.now_ns > 3000 * 10**9  # what comes next is that events grow old


@pytest.mark.parametrize(
    ("policy", "script", "phase", "states"),
    [
        ("Never", "exit 0", "Succeeded", "terminated: Completed 0"),
        ("Never", "exit 3", "Failed", "terminated: Error 3"),
        ("OnFailure", "exit 0", "Succeeded", "terminated: Completed 0"),
        ("OnFailure", "exit 3", "Running", "terminated: Error 3"),
        ("Always", "exit 0", "Running", "terminated: Completed 0"),
    ],
)
def test_restart_policies(lab: Lab, policy: str, script: str, phase: str, states: str) -> None:
    lab.run(pod("p", sh(script), restartPolicy=policy), seconds=9)
    assert (lab.phase("p"), lab.state("p")) == (phase, states)
    assert lab.container("p")["restartCount"] == (phase == "Running")


def test_a_container_that_waits_says_so_when_it_is_looked_at_again(lab: Lab) -> None:
    lab.run(pod("p", sh("exit 1")), seconds=20)
    assert lab.told["p"][3:] == [
        "Running app-0:Error", "Running app+1:running", "Running app-1:Error",
        "Running app-1:CrashLoopBackOff", "Running app+2:running", "Running app-2:Error",
    ]  # fmt: skip
    back_off = "BackOff: Back-off restarting failed container app in pod p_default("
    assert any(each.startswith(back_off) for each in lab.events("p"))


def test_back_off_grows_from_ten_seconds_to_five_minutes(lab: Lab) -> None:
    lab.run(pod("p", sh("exit 1")), seconds=0.1)
    waits = []
    for number in range(1, 9):
        waits.append(lab.until(lambda number=number: lab.container("p")["restartCount"] == number, 500))
    for wait, least in zip(waits[1:], (10, 20, 40, 80, 160, 300, 300), strict=True):
        assert least <= wait <= least * 1.6 + 2
    lab.until(lambda: lab.state("p") == "waiting: CrashLoopBackOff", 500)
    message = lab.container("p")["state"]["waiting"]["message"]
    assert message.startswith("back-off 5m0s restarting failed container=app pod=p_default(")


def test_ten_quiet_minutes_reset_the_back_off(lab: Lab) -> None:
    script = "test -f /data/calm && { rm /data/calm; sleep 700; exit 1; }; touch /data/calm; exit 1"
    volumes = [{"name": "d", "emptyDir": {}}]
    lab.run(pod("p", sh(script, volumeMounts=[{"name": "d", "mountPath": "/data"}]), volumes=volumes), seconds=5)
    lab.until(lambda: lab.container("p")["restartCount"] == 1 and lab.state("p") != "running", 800)
    lab.until(lambda: lab.container("p")["restartCount"] == 2, 30)  # at once: it had run for more than ten minutes


def test_a_first_process_does_not_die_of_its_own_signals(lab: Lab) -> None:
    # $$ is an escaped dollar sign in a pod's command.
    lab.run(pod("p", sh("kill -9 $$$$; exit 5"), restartPolicy="Never"))
    assert lab.state("p") == "terminated: Error 5"
    lab.run(pod("q", sh("sh -c 'kill -9 $$$$'; exit $?"), restartPolicy="Never"))
    assert lab.state("q") == "terminated: Error 137"


def test_too_much_memory(lab: Lab) -> None:
    hungry = sh("x=1234567890; while true; do x=$x$x; done", resources={"limits": {"memory": "4Mi"}})
    lab.run(pod("p", hungry, restartPolicy="Never"), seconds=20)
    assert lab.state("p") == "terminated: OOMKilled 137"


def test_a_command_that_is_not_there(lab: Lab) -> None:
    lab.run(pod("p", {"name": "app", "image": "busybox:1.37", "command": ["nosuch"]}))
    last = lab.container("p")["lastState"]["terminated"]
    assert last["reason"] == "StartError"
    assert last["exitCode"] == 128
    assert 'exec: "nosuch": executable file not found in $PATH' in last["message"]
    assert "Failed" in lab.reasons("p")


def test_termination_message(lab: Lab) -> None:
    lab.run(
        pod(
            "p",
            sh("echo why > /dev/termination-log; exit 1", "file"),
            sh("echo log; echo last; exit 1", "logs", terminationMessagePolicy="FallbackToLogsOnError"),
            sh("echo mine > /tmp/m; exit 1", "own", terminationMessagePath="/tmp/m"),
            sh("echo quiet; exit 0", "none", terminationMessagePolicy="FallbackToLogsOnError"),
            restartPolicy="Never",
        )
    )
    messages = {name: lab.container("p", name)["state"]["terminated"].get("message") for name in ("file", "logs", "own", "none")}
    assert messages == {"file": "why\n", "logs": "log\nlast\n", "own": "mine\n", "none": None}


class TestEnding:
    def test_a_pod_ends_when_its_processes_heed_the_signal(self, lab: Lab) -> None:
        lab.run(pod("p", sh("trap 'exit 0' TERM; while true; do sleep 1; done"), terminationGracePeriodSeconds=30))
        lab.delete("p")
        assert lab.until(lambda: not lab.exists("p")) < 5
        assert lab.events("p")[-1] == "Killing: Stopping container app"

    def test_a_pod_that_does_not_listen_is_killed_after_its_grace_period(self, lab: Lab) -> None:
        lab.run(pod("p", sh("trap '' TERM; while true; do sleep 1; done"), terminationGracePeriodSeconds=7))
        lab.delete("p")
        assert 7 <= lab.until(lambda: not lab.exists("p")) < 10

    def test_a_shorter_grace_period_can_be_asked_for(self, lab: Lab) -> None:
        lab.run(pod("p", sh("trap '' TERM; while true; do sleep 1; done"), terminationGracePeriodSeconds=600))
        lab.delete("p")
        lab.wait(5)
        lab.delete("p", 2)
        assert lab.until(lambda: not lab.exists("p")) < 5

    def test_force(self, lab: Lab) -> None:
        lab.run(pod("p", sh("trap '' TERM; while true; do sleep 1; done"), terminationGracePeriodSeconds=600))
        lab.delete("p", 0)
        assert not lab.exists("p")
        lab.wait(5)
        assert not lab.cluster.machine.cgroup.processes  # the kubelet has killed what was left

    def test_pre_stop_comes_before_the_signal(self, lab: Lab) -> None:
        hook = {"preStop": {"exec": {"command": ["sh", "-c", "echo bye >> /proc/1/fd/1; sleep 2"]}}}
        script = "trap 'echo term; exit' TERM; while true; do sleep 0.1; done"
        lab.run(pod("p", sh(script, lifecycle=hook), terminationGracePeriodSeconds=30))
        lab.delete("p")
        lab.wait(1.9)
        assert lab.log("p") == "bye\n"
        assert lab.until(lambda: lab.log("p") == "bye\nterm\n", 2) < 1
        lab.until(lambda: not lab.exists("p"))

    def test_pre_stop_sleeps(self, lab: Lab) -> None:
        lab.run(pod("p", sh("sleep 3600", lifecycle={"preStop": {"sleep": {"seconds": 4}}}), terminationGracePeriodSeconds=30))
        lab.delete("p")
        lab.wait(3.5)
        assert lab.state("p") == "running"

    def test_stop_signal(self, lab: Lab) -> None:
        script = "trap 'echo usr1; exit' USR1; trap '' TERM; while true; do sleep 0.1; done"
        container = sh(script, lifecycle={"stopSignal": "SIGUSR1"})
        lab.run(pod("p", container, os={"name": "linux"}, terminationGracePeriodSeconds=30))
        assert lab.container("p")["stopSignal"] == "SIGUSR1"
        lab.delete("p")
        assert lab.until(lambda: not lab.exists("p")) < 4

    def test_the_phase_ends_only_when_all_containers_have(self, lab: Lab) -> None:
        slow = sh("trap 'sleep 3; exit 0' TERM; while true; do sleep 0.1; done", "slow")
        lab.run(pod("p", sh("sleep 3600", "quick"), slow, terminationGracePeriodSeconds=30))
        lab.delete("p")
        lab.until(lambda: not lab.exists("p"))
        ended = [line for line in lab.told["p"] if "deleting" in line]
        assert ended[0].startswith("Running deleting")
        assert ended[-1].startswith("Failed deleting") or ended[-1].startswith("Succeeded deleting")


def test_active_deadline(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600"), activeDeadlineSeconds=5), seconds=10)
    status = lab.pod("p")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "DeadlineExceeded")
    assert status["message"] == "Pod was active on the node longer than the specified deadline"
    assert "DeadlineExceeded" in lab.reasons("p")


def test_container_restart_rules(lab: Lab) -> None:
    rules = [{"action": "Restart", "exitCodes": {"operator": "In", "values": [42]}}]
    flaky = sh("exit 42", "flaky", restartPolicy="Never", restartPolicyRules=rules)
    lab.run(pod("p", flaky, sh("exit 1", "never"), restartPolicy="Never"), seconds=60)
    assert lab.container("p", "flaky")["restartCount"] > 1
    assert lab.container("p", "never")["restartCount"] == 0


def test_post_start_that_fails_kills_its_container(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600", lifecycle={"postStart": {"exec": {"command": ["false"]}}})), seconds=9)
    assert "FailedPostStartHook" in lab.reasons("p")
    assert lab.container("p")["restartCount"] >= 1


def test_an_image_that_is_replaced_restarts_its_container(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600"), sh("sleep 3600", "other")))
    lab.patch("pods", "p", {"spec": {"containers": [{"name": "app", "image": "busybox"}]}}, kind="strategic")
    lab.wait(10)
    assert [lab.container("p", name)["restartCount"] for name in ("app", "other")] == [1, 0]
    assert lab.container("p")["image"] == "docker.io/library/busybox:latest"
    assert "Killing: Container app definition changed, will be restarted" in lab.events("p")


def test_resizing_is_refused_in_the_status(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 3600", resources={"requests": {"cpu": "100m"}})))
    wanted = {"spec": {"containers": [{"name": "app", "resources": {"requests": {"cpu": "200m"}}}]}}
    lab.patch("pods", "p", wanted, subresource="resize", kind="strategic")
    lab.wait(3)
    assert lab.condition("p", "PodResizePending") == "True Infeasible"
    assert lab.container("p")["resources"] == {"requests": {"cpu": "100m"}}
    assert lab.container("p")["restartCount"] == 0


def test_processes_and_addresses_are_given_back(lab: Lab) -> None:
    machine = lab.cluster.machine
    before = machine.disk.used_bytes
    for _ in range(3):
        lab.run(pod("p", sh("head -c 5000 /dev/zero > /tmp/x; sleep 3600"), sh("sleep 3600", "b")))
        assert machine.disk.used_bytes > before + 5000
        lab.delete("p")
        lab.until(lambda: not lab.exists("p"))
        lab.wait(3)
    assert not machine.cgroup.processes
    assert machine.cgroup.memory_used == 0
    assert machine.disk.used_bytes == before


def test_a_name_can_be_used_again_at_once(lab: Lab) -> None:
    lab.run(pod("p", sh("trap '' TERM; while true; do sleep 1; done")))
    first = lab.pod("p")["metadata"]["uid"]
    lab.delete("p", 0)
    lab.run(pod("p", sh("echo second; sleep 3600")))
    assert lab.pod("p")["metadata"]["uid"] != first
    assert lab.log("p") == "second\n"
