"""Hooks that fail, deadlines, messages of ends, and limits too tight to start: told as the kubelet tells them."""

from typing import Any

import pytest

from tests.mock.clustered import Lab, Obj, pod, sh

TIGHT = "unable to start container process: container init was OOM-killed (memory limit too low?)"


def limit(memory: str) -> Obj:
    return {"resources": {"limits": {"memory": memory}}}


class TestHooks:
    @pytest.mark.parametrize(
        "hook", [{"exec": {"command": ["sh", "-c", "echo no; exit 3"]}}, {"httpGet": {"port": 8080, "path": "/x"}}]
    )
    def test_a_pre_stop_that_fails_is_told_and_the_signal_follows(self, lab: Lab, hook: Obj) -> None:
        lab.run(pod("p", sh("trap 'exit 0' TERM; while true; do sleep 0.1; done", lifecycle={"preStop": hook})))
        lab.delete("p", grace=30)
        assert lab.until(lambda: not lab.exists("p")) < 2
        assert lab.events("p")[-2:] == ["Killing: Stopping container app", "FailedPreStopHook: PreStopHook failed"]

    def test_a_pre_stop_takes_the_whole_grace_period_and_two_seconds_more(self, lab: Lab) -> None:
        slow = {"preStop": {"exec": {"command": ["sleep", "30"]}}}
        lab.run(pod("p", sh("sleep 1000", lifecycle=slow), terminationGracePeriodSeconds=4))
        lab.delete("p")
        assert 6 <= lab.until(lambda: not lab.exists("p")) < 7
        assert "FailedPreStopHook: PreStopHook failed" in lab.events("p")

    def test_no_pre_stop_for_a_container_that_ends_by_itself(self, lab: Lab) -> None:
        hook = {"preStop": {"exec": {"command": ["touch", "/d/hook"]}}}
        mounts = {"volumeMounts": [{"name": "d", "mountPath": "/d"}]}
        watcher = sh("sleep 1000", "other", **mounts)
        lab.run(pod("p", sh("sleep 1", lifecycle=hook, **mounts), watcher, volumes=[{"name": "d", "emptyDir": {}}]), seconds=4)
        assert lab.exec("p", "ls /d", "other") == ""

    @pytest.mark.parametrize("hook", [{"exec": {"command": ["false"]}}, {"httpGet": {"port": 8080}}])
    def test_a_post_start_that_fails_has_the_container_killed(self, lab: Lab, hook: Obj) -> None:
        lab.run(pod("p", sh("sleep 1000", lifecycle={"postStart": hook})), seconds=3)
        assert lab.reasons("p") == ["Scheduled", "Pulled", "Created", "Started", "FailedPostStartHook", "Killing"]
        assert lab.events("p")[-2:] == ["FailedPostStartHook: PostStartHook failed", "Killing: FailedPostStartHook"]
        lab.until(lambda: lab.state("p") == "waiting: PostStartHookError", 5)

    def test_a_container_is_not_running_before_its_post_start_is_done(self, lab: Lab) -> None:
        slow = {"postStart": {"exec": {"command": ["sleep", "3"]}}}
        lab.run(pod("p", sh("sleep 1000", "a", lifecycle=slow), sh("sleep 1000", "b")), seconds=2.5)
        assert (lab.state("p", "a"), lab.state("p", "b")) == ("waiting: ContainerCreating", "waiting: ContainerCreating")
        lab.wait(3)
        assert (lab.state("p", "a"), lab.state("p", "b")) == ("running", "running")


class TestDeadlines:
    @pytest.mark.parametrize("init", [False, True])
    def test_a_pod_past_its_deadline_fails(self, lab: Lab, init: bool) -> None:
        first: Obj = {"initContainers": [sh("sleep 1000", "i")]} if init else {}
        lab.run(pod("p", sh("sleep 1000"), activeDeadlineSeconds=5, **first), seconds=20)
        status = lab.pod("p")["status"]
        words = "Pod was active on the node longer than the specified deadline"
        assert (status["phase"], status["reason"], status["message"]) == ("Failed", "DeadlineExceeded", words)
        assert lab.events("p")[-2:] == [f"DeadlineExceeded: {words}", f"Killing: Stopping container {'i' if init else 'app'}"]
        assert lab.condition("p", "Ready") == "False PodFailed"

    def test_time_before_the_pod_starts_does_not_count(self, lab: Lab) -> None:
        lab.run(pod("p", sh("sleep 1000"), activeDeadlineSeconds=5, schedulingGates=[{"name": "example.com/g"}]), seconds=30)
        lab.patch("pods", "p", {"spec": {"schedulingGates": None}})
        lab.wait(3)
        assert lab.phase("p") == "Running"


class TestMessages:
    @pytest.mark.parametrize(
        ("script", "fields", "message"),
        [
            ("echo hi > /dev/termination-log; exit 3", {}, "hi\n"),
            ("echo hi > /dev/termination-log", {}, "hi\n"),
            ("echo x > /tmp/m", {"terminationMessagePath": "/tmp/m"}, "x\n"),
            ("echo out; echo err >&2; exit 3", {}, None),
            ("echo out; echo err >&2; exit 3", {"terminationMessagePolicy": "FallbackToLogsOnError"}, "out\nerr\n"),
            ("echo out", {"terminationMessagePolicy": "FallbackToLogsOnError"}, None),
            ("echo out; echo x > /dev/termination-log; exit 1", {"terminationMessagePolicy": "FallbackToLogsOnError"}, "x\n"),
        ],
    )
    def test_where_they_come_from(self, lab: Lab, script: str, fields: Any, message: str | None) -> None:
        lab.run(pod("p", sh(script, **fields), restartPolicy="Never"))
        assert lab.container("p")["state"]["terminated"].get("message") == message

    def test_files_are_cut_at_four_kibibytes_and_logs_at_eighty_lines_or_two(self, lab: Lab) -> None:
        fallback = {"terminationMessagePolicy": "FallbackToLogsOnError"}
        lab.run(
            pod(
                "p",
                sh("yes | head -c 10000 > /dev/termination-log", "a"),
                sh("for i in $(seq 200); do echo line $i; done; exit 1", "b", **fallback),
                sh("yes 0123456789 | head -70; yes 0123456789abcdef0123456789abcdef01234567 | head -70; exit 1", "c", **fallback),
                restartPolicy="Never",
            )
        )
        texts = {name: lab.container("p", name)["state"]["terminated"]["message"] for name in "abc"}
        assert len(texts["a"]) == 4096
        assert texts["b"].splitlines() == [f"line {number}" for number in range(121, 201)]
        assert len(texts["c"]) == 2048


class TestTooLittleMemory:
    @pytest.mark.parametrize("memory", ["32m", "1", "100k", "3Mi"])
    def test_a_pod_whose_limit_lets_no_sandbox_start(self, lab: Lab, memory: str) -> None:
        lab.run(pod("p", sh("sleep 1000", **limit(memory))), seconds=10)
        told = lab.events("p")[1]
        assert told.startswith("FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = ")
        assert told.endswith(TIGHT)
        assert (lab.phase("p"), lab.state("p")) == ("Pending", "waiting: ContainerCreating")

    def test_a_container_whose_limit_is_too_low_beside_one_without(self, lab: Lab) -> None:
        lab.run(pod("p", sh("sleep 1000", **limit("32m")), sh("sleep 1000", "other")), seconds=5)
        assert lab.state("p", "other") == "running"
        last = lab.container("p")["lastState"].get("terminated") or lab.container("p")["state"]["terminated"]
        assert (last["exitCode"], last["reason"]) == (128, "StartError")
        assert last["message"].endswith(TIGHT)
        assert f"Failed: Error: {last['message']}" in lab.events("p")

    def test_four_mebibytes_do_for_a_shell(self, lab: Lab) -> None:
        lab.run(pod("p", sh("sleep 1000", **limit("4Mi"))))
        assert lab.phase("p") == "Running"
