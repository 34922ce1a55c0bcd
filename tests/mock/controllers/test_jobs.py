"""Jobs and CronJobs with pods that really run: how they end, in what words, and what they leave."""

from itertools import pairwise
from typing import Any

import pytest

from tests.mock.clustered import Lab, Obj, pod, sh

INDEXED: Obj = {"completionMode": "Indexed", "completions": 3, "parallelism": 3}
CODES: Obj = {"onExitCodes": {"operator": "In", "values": [42]}}


def job(script: str, restart: str = "Never", **spec: Any) -> Obj:
    """A job called ``j``."""
    template = {"spec": pod("x", sh(script), restartPolicy=restart)["spec"]}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"template": template, **spec}}


def cron(script: str, **spec: Any) -> Obj:
    """A CronJob called ``c`` that is due each minute."""
    inner = {"spec": job(script)["spec"]}
    body = {"schedule": "* * * * *", "jobTemplate": inner, **spec}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "c"}, "spec": body}


def status(lab: Lab) -> Obj:
    found: Obj = lab.client.get("jobs.batch", "default", "j")["status"]
    return found


def conditions(lab: Lab) -> list[tuple[str, str]]:
    return [(each["type"], each["reason"]) for each in status(lab).get("conditions") or () if each["status"] == "True"]


def pods(lab: Lab) -> list[Obj]:
    return sorted(lab.client.list("pods", "default"), key=lambda each: each["metadata"]["creationTimestamp"].offset_ns)


class TestEnds:
    def test_complete(self, lab: Lab) -> None:
        lab.create("jobs.batch", job("exit 0", completions=3, parallelism=2))
        lab.wait(20)
        assert conditions(lab) == [("SuccessCriteriaMet", "CompletionsReached"), ("Complete", "CompletionsReached")]
        assert (status(lab)["succeeded"], status(lab)["ready"], status(lab)["terminating"]) == (3, 0, 0)
        assert lab.reasons("j", "Job") == ["SuccessfulCreate"] * 3 + ["Completed"]
        assert {each["status"]["phase"] for each in pods(lab)} == {"Succeeded"}
        assert all("batch.kubernetes.io/job-tracking" not in (each["metadata"].get("finalizers") or ()) for each in pods(lab))

    def test_failed_pods_are_replaced_after_growing_waits(self, lab: Lab) -> None:
        lab.create("jobs.batch", job("exit 1", backoffLimit=2))
        lab.wait(120)
        assert conditions(lab) == [("FailureTarget", "BackoffLimitExceeded"), ("Failed", "BackoffLimitExceeded")]
        assert status(lab)["failed"] == 3
        assert lab.events("j", "Job")[-1] == "BackoffLimitExceeded: Job has reached the specified backoff limit"
        begun = [each["metadata"]["creationTimestamp"].offset_ns / 1e9 for each in pods(lab)]
        waits = [after - before for before, after in pairwise(begun)]
        assert [round(each / 10) for each in waits] == [1, 2]

    def test_restarts_in_place_count_too(self, lab: Lab) -> None:
        lab.create("jobs.batch", job("exit 1", restart="OnFailure", backoffLimit=2))
        lab.wait(120)
        assert conditions(lab) == [("FailureTarget", "BackoffLimitExceeded"), ("Failed", "BackoffLimitExceeded")]
        assert pods(lab) == []
        assert lab.reasons("j", "Job") == ["SuccessfulCreate", "SuccessfulDelete", "BackoffLimitExceeded"]

    def test_past_its_deadline(self, lab: Lab) -> None:
        lab.create("jobs.batch", job("sleep 100", activeDeadlineSeconds=5))
        lab.wait(20)
        assert conditions(lab) == [("FailureTarget", "DeadlineExceeded"), ("Failed", "DeadlineExceeded")]
        assert lab.events("j", "Job")[-1] == "DeadlineExceeded: Job was active longer than specified deadline"
        assert pods(lab) == []

    def test_forgotten_after_a_while(self, lab: Lab) -> None:
        lab.create("jobs.batch", job("exit 0", ttlSecondsAfterFinished=30))
        lab.wait(20)
        assert conditions(lab)[-1] == ("Complete", "CompletionsReached")
        lab.wait(40)
        assert lab.client.list("jobs.batch", "default") == []
        assert pods(lab) == []


def test_suspended_it_has_no_pods(lab: Lab) -> None:
    lab.create("jobs.batch", job("sleep 30", suspend=True))
    lab.wait(5)
    assert pods(lab) == []
    assert "startTime" not in status(lab)
    lab.patch("jobs.batch", "j", {"spec": {"suspend": False}})
    lab.wait(5)
    assert status(lab)["active"] == 1
    lab.patch("jobs.batch", "j", {"spec": {"suspend": True}})
    lab.wait(5)
    assert (pods(lab), status(lab)["failed"]) == ([], 1)
    assert lab.reasons("j", "Job")[:3] == ["Suspended", "Resumed", "SuccessfulCreate"]
    assert conditions(lab) == [("Suspended", "JobSuspended")]
    lab.patch("jobs.batch", "j", {"spec": {"suspend": False}})
    lab.wait(60)
    assert conditions(lab)[-1] == ("Complete", "CompletionsReached")


class TestIndexes:
    def test_each_pod_knows_its_own(self, lab: Lab) -> None:
        lab.create("jobs.batch", job("echo $JOB_COMPLETION_INDEX; hostname", **INDEXED))
        lab.wait(10)
        told = sorted(lab.log(each["metadata"]["name"]) for each in pods(lab))
        assert told == [f"{number}\nj-{number}\n" for number in range(3)]
        assert status(lab)["completedIndexes"] == "0-2"
        annotation = "batch.kubernetes.io/job-completion-index"
        assert sorted(each["metadata"]["annotations"][annotation] for each in pods(lab)) == ["0", "1", "2"]
        assert sorted(each["metadata"]["labels"][annotation] for each in pods(lab)) == ["0", "1", "2"]

    def test_one_that_keeps_failing_fails_the_job_when_the_others_are_done(self, lab: Lab) -> None:
        script = "[ $JOB_COMPLETION_INDEX != 1 ]"
        lab.create("jobs.batch", job(script, backoffLimitPerIndex=1, **INDEXED))
        lab.wait(120)
        assert (status(lab)["completedIndexes"], status(lab)["failedIndexes"]) == ("0,2", "1")
        assert conditions(lab) == [("FailureTarget", "FailedIndexes"), ("Failed", "FailedIndexes")]
        assert lab.events("j", "Job")[-1] == "FailedIndexes: Job has failed indexes"

    def test_too_many_that_fail_end_it_at_once(self, lab: Lab) -> None:
        indexed = {**INDEXED, "parallelism": 1}
        lab.create("jobs.batch", job("exit 1", backoffLimitPerIndex=0, maxFailedIndexes=1, **indexed))
        lab.wait(60)
        assert conditions(lab)[-1] == ("Failed", "MaxFailedIndexesExceeded")
        assert status(lab)["failedIndexes"] == "0,1"

    def test_enough_of_them_are_a_success(self, lab: Lab) -> None:
        script = "[ $JOB_COMPLETION_INDEX = 0 ] || sleep 1000"
        lab.create("jobs.batch", job(script, successPolicy={"rules": [{"succeededIndexes": "0"}]}, **INDEXED))
        lab.wait(20)
        assert conditions(lab) == [("SuccessCriteriaMet", "SuccessPolicy"), ("Complete", "SuccessPolicy")]
        assert status(lab)["conditions"][0]["message"] == "Matched rules at index 0"
        assert [each["status"]["phase"] for each in pods(lab)] == ["Succeeded"]


class TestFailurePolicies:
    def test_fail_the_job(self, lab: Lab) -> None:
        policy = {"rules": [{"action": "FailJob", **CODES}]}
        lab.create("jobs.batch", job("exit 42", backoffLimit=3, podFailurePolicy=policy))
        lab.wait(20)
        assert conditions(lab) == [("FailureTarget", "PodFailurePolicy"), ("Failed", "PodFailurePolicy")]
        (only,) = pods(lab)
        words = (
            f"Container app for pod default/{only['metadata']['name']} failed with exit code 42 matching FailJob rule at index 0"
        )
        assert status(lab)["conditions"][-1]["message"] == words

    def test_ignore(self, lab: Lab) -> None:
        policy = {"rules": [{"action": "Ignore", **CODES}]}
        lab.create("jobs.batch", job("exit 42", backoffLimit=0, podFailurePolicy=policy))
        lab.wait(60)
        assert conditions(lab) == []
        assert len(pods(lab)) >= 2
        assert status(lab).get("failed", 0) == 0

    def test_other_codes_count_as_ever(self, lab: Lab) -> None:
        policy = {"rules": [{"action": "FailJob", **CODES}]}
        lab.create("jobs.batch", job("exit 1", backoffLimit=1, podFailurePolicy=policy))
        lab.wait(60)
        assert conditions(lab)[-1] == ("Failed", "BackoffLimitExceeded")

    def test_a_pod_that_is_being_removed_is_replaced_when_it_is_gone(self, lab: Lab) -> None:
        lab.create("jobs.batch", job("trap '' TERM; while true; do sleep 1; done", podReplacementPolicy="Failed"))
        lab.wait(5)
        (first,) = pods(lab)
        lab.delete(first["metadata"]["name"], grace=10)
        lab.wait(5)
        assert (len(pods(lab)), status(lab)["terminating"]) == (1, 1)
        lab.wait(20)
        assert [
            each["metadata"]["name"] != first["metadata"]["name"] for each in pods(lab) if each["status"]["phase"] == "Running"
        ]


class TestCronJobs:
    @pytest.mark.parametrize(
        ("policy", "jobs", "told"),
        [
            ("Allow", 3, ["SuccessfulCreate", "SuccessfulCreate", "SawCompletedJob", "SuccessfulCreate"]),
            ("Forbid", 2, ["SuccessfulCreate", "JobAlreadyActive", "SawCompletedJob", "SuccessfulCreate"]),
            (
                "Replace",
                1,
                ["SuccessfulCreate", "SuccessfulDelete", "SuccessfulCreate", "SuccessfulDelete", "SuccessfulCreate"],
            ),
        ],
    )
    def test_when_one_is_still_at_it(self, lab: Lab, policy: str, jobs: int, told: list[str]) -> None:
        lab.create("cronjobs.batch", cron("sleep 90", concurrencyPolicy=policy))
        lab.wait(200)
        assert len(lab.client.list("jobs.batch", "default")) == jobs
        assert lab.reasons("c", "CronJob") == told

    def test_only_the_last_ones_are_kept(self, lab: Lab) -> None:
        lab.create("cronjobs.batch", cron("exit 0", successfulJobsHistoryLimit=1))
        lab.wait(250)
        (left,) = lab.client.list("jobs.batch", "default")
        stamp = left["metadata"]["annotations"]["batch.kubernetes.io/cronjob-scheduled-timestamp"]
        assert stamp.endswith(":04:00Z")
        assert left["metadata"]["name"] == "c-29453764"  # minutes since 1970
        assert len(pods(lab)) == 1
        assert lab.client.get("cronjobs.batch", "default", "c")["status"].keys() == {"lastScheduleTime", "lastSuccessfulTime"}

    def test_suspended_it_starts_nothing(self, lab: Lab) -> None:
        lab.create("cronjobs.batch", cron("exit 0", suspend=True))
        lab.wait(200)
        assert lab.client.list("jobs.batch", "default") == []

    def test_a_start_that_is_too_late_is_left_out(self, lab: Lab) -> None:
        lab.create("cronjobs.batch", cron("exit 0", suspend=True, startingDeadlineSeconds=30))
        lab.wait(110)  # due at 60 s, 50 s ago
        lab.patch("cronjobs.batch", "c", {"spec": {"suspend": False}})
        lab.wait(5)
        assert lab.client.list("jobs.batch", "default") == []
        lab.wait(20)
        assert len(lab.client.list("jobs.batch", "default")) == 1
