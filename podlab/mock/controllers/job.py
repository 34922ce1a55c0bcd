"""Jobs: pods until enough of them have succeeded.

Counting, back-off, indexes, policies, deadlines (the Job's documentation; events in the real words).
"""

from typing import Any, Final

from podlab.mock.controllers import jobindexes, jobpolicy
from podlab.mock.controllers.base import Controller, Key, condition, key_of, owner_keys
from podlab.mock.controllers.podcontrol import PodControl, finished, ready
from podlab.mock.kernel import SECOND, Time
from podlab.mock.store import clone

Obj = dict[str, Any]

TRACKING: Final = "batch.kubernetes.io/job-tracking"
BACKOFF_NS: Final = 10 * SECOND
LONGEST_BACKOFF_NS: Final = 600 * SECOND


class JobController(Controller):
    """Reconciles Jobs."""

    name = "job-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.jobs = self.watch("jobs.batch")
        pods = self.watch("pods", owner_keys("Job"))
        self.control = PodControl(self.kernel, self.client, self.recorder, pods, "batch/v1", "Job")

    def reconcile(self, key: Key) -> None:
        """One look at a Job."""
        found = self.jobs.get(*key)
        if found is None:
            self._release_orphans(key)
            return
        job = clone(found)
        status = job.setdefault("status", {})
        if "deletionTimestamp" in job["metadata"]:
            return
        if is_finished(job):
            self._expire(job)
            return
        pods = self.control.claim(job)
        status.setdefault("uncountedTerminatedPods", {})
        self._count(job, pods)
        if job["spec"].get("suspend"):
            self._suspend(job, pods)
        else:
            self._resume(job)
            self._act(job, pods)
        self._write(job, found)

    # -- starting and stopping

    def _suspend(self, job: Obj, pods: list[Obj]) -> None:
        active = _active(pods)
        self._end_all(job, active, pods)
        job["status"]["terminating"] += len(active)
        current = condition(job["status"], "Suspended")
        if current is None or current["status"] != "True":
            self._set(job, "Suspended", "True", "JobSuspended", "Job suspended")
            self.recorder.event(job, "Normal", "Suspended", "Job suspended")
        job["status"].pop("startTime", None)

    def _resume(self, job: Obj) -> None:
        current = condition(job["status"], "Suspended")
        if current is not None and current["status"] == "True":
            self._set(job, "Suspended", "False", "JobResumed", "Job resumed")
            self.recorder.event(job, "Normal", "Resumed", "Job resumed")
        if "startTime" not in job["status"]:
            job["status"]["startTime"] = self.kernel.now()

    # -- counting

    def _count(self, job: Obj, pods: list[Obj]) -> None:
        """Takes finished pods into the counts (once each: their finalizer goes with it).

        Pods that are being deleted count as failed at once, unless they are replaced only when they have ended.
        """
        status = job["status"]
        patient = job["spec"].get("podReplacementPolicy") == "Failed"
        for pod in pods:
            over = finished(pod) or ("deletionTimestamp" in pod["metadata"] and not patient)
            if not over or TRACKING not in (pod["metadata"].get("finalizers") or ()):
                continue
            if pod["status"].get("phase") == "Succeeded":
                if not _indexed(job) or jobindexes.add_completed(job, pod):
                    status["succeeded"] = status.get("succeeded", 0) + 1
            else:
                action = jobpolicy.decide(job, pod)
                if action.counts:
                    status["failed"] = status.get("failed", 0) + 1
                    jobindexes.note_failure(job, pod, action)
                if action.fails_job and condition(status, "FailureTarget") is None:
                    self._set(job, "FailureTarget", "True", "PodFailurePolicy", action.message)
            self._untrack(pod)

    def _untrack(self, pod: Obj) -> None:
        rest = [f for f in pod["metadata"].get("finalizers") or () if f != TRACKING]
        meta = pod["metadata"]
        self.client.patch("pods", meta["namespace"], meta["name"], {"metadata": {"finalizers": rest or None}})

    def _release_orphans(self, key: Key) -> None:
        """The Job is gone: its pods need not be counted any more."""
        for (namespace, _), pod in list(self.control.pods.objects.items()):
            owners = [o for o in pod["metadata"].get("ownerReferences") or () if o["kind"] == "Job" and o.get("controller")]
            if (
                namespace == key[0]
                and owners
                and owners[0]["name"] == key[1]
                and TRACKING in (pod["metadata"].get("finalizers") or ())
            ):
                self._untrack(pod)

    # -- acting

    def _act(self, job: Obj, pods: list[Obj]) -> None:
        status, active = job["status"], _active(pods)
        failure = condition(status, "FailureTarget") or self._fails(job, active)
        if failure is not None:
            self._end_all(job, active, pods)
            self._finish(job, pods, "Failed", failure["reason"], failure["message"])
        elif self._succeeds(job):
            self._end_all(job, active, pods)
            reason, text = condition(status, "SuccessCriteriaMet")["reason"], condition(status, "SuccessCriteriaMet")["message"]  # type: ignore[index]
            self._finish(job, pods, "Complete", reason, text)
        else:
            active = self._scale(job, active, pods)
            self._tell_active(job, active, pods)

    def _tell_active(self, job: Obj, active: list[Obj], pods: list[Obj]) -> None:
        status = job["status"]
        status.pop("active", None)
        if active:
            status["active"] = len(active)
        status["ready"] = sum(map(ready, active))
        status["terminating"] = sum("deletionTimestamp" in p["metadata"] and not finished(p) for p in pods)

    def _fails(self, job: Obj, active: list[Obj]) -> Obj | None:
        """Sets FailureTarget when the Job must fail: too many failures, or out of time. Returns the condition."""
        spec, status = job["spec"], job["status"]
        deadline = spec.get("activeDeadlineSeconds")
        restarts = sum(c.get("restartCount", 0) for p in active for c in _statuses(p)) if _restarts(job) else 0
        if deadline is not None:
            left = status["startTime"].offset_ns + deadline * SECOND - self.kernel.now_ns
            if left <= 0:
                return self._set(
                    job, "FailureTarget", "True", "DeadlineExceeded", "Job was active longer than specified deadline"
                )
            self.queue.add_after(key_of(job), left)
        limit = spec.get("backoffLimit", 6)
        if status.get("failed", 0) > limit or (_restarts(job) and (restarts >= limit if limit else restarts > 0)):
            return self._set(job, "FailureTarget", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
        if jobindexes.too_many_failed(job):
            return self._set(
                job,
                "FailureTarget",
                "True",
                "MaxFailedIndexesExceeded",
                "Job has exceeded the specified maximal number of failed indexes",
            )
        if jobindexes.ended_with_failures(job):
            return self._set(job, "FailureTarget", "True", "FailedIndexes", "Job has failed indexes")
        return None

    def _succeeds(self, job: Obj) -> bool:
        spec, status = job["spec"], job["status"]
        message = jobpolicy.success(job)
        if message:
            self._set(job, "SuccessCriteriaMet", "True", "SuccessPolicy", message)
            return True
        wanted, done = spec.get("completions"), status.get("succeeded", 0)
        idle = not _active(self.control.claim(job, adopt=False))
        complete = done >= wanted if wanted is not None else done > 0 and idle
        if complete:
            self._set(job, "SuccessCriteriaMet", "True", "CompletionsReached", "Reached expected number of succeeded pods")
        return bool(complete)

    def _end_all(self, job: Obj, active: list[Obj], pods: list[Obj]) -> None:
        for pod in active:
            self.control.delete(job, pod)
        self._tell_active(job, [], pods)

    def _finish(self, job: Obj, pods: list[Obj], kind: str, reason: str, message: str) -> None:
        """Adds the final condition once no pod of the Job is left running."""
        status = job["status"]
        if any(not finished(p) for p in self.control.claim(job, adopt=False)):
            return
        self._set(job, kind, "True", reason, message)
        status["terminating"] = 0
        status["ready"] = 0
        if kind == "Complete":
            status["completionTime"] = self.kernel.now()
            self.recorder.event(job, "Normal", "Completed", "Job completed")
        else:
            self.recorder.event(job, "Warning", reason, message)

    def _scale(self, job: Obj, active: list[Obj], pods: list[Obj]) -> list[Obj]:
        """Creates or deletes pods so that as many are active as may be."""
        spec, status = job["spec"], job["status"]
        wanted = spec.get("parallelism", 1)
        if spec.get("completions") is not None:
            wanted = min(wanted, max(spec["completions"] - status.get("succeeded", 0), 0))
        elif status.get("succeeded", 0) > 0:
            wanted = len(active)
        if len(active) > wanted:
            for pod in active[wanted:]:
                self.control.delete(job, pod)
            return active[:wanted]
        terminating = [p for p in pods if "deletionTimestamp" in p["metadata"] and not finished(p)]
        if spec.get("podReplacementPolicy") == "Failed":
            wanted -= len(terminating)
        missing = wanted - len(active)
        if missing <= 0 or self._backing_off(job, pods):
            return active
        made = []
        indexes = jobindexes.next_indexes(job, active, missing) if _indexed(job) else [None] * missing
        for index in indexes:
            made.append(self.control.create(job, self._new_pod(job, index, pods)))
        return active + made

    def _backing_off(self, job: Obj, pods: list[Obj]) -> bool:
        """After failures in a row new pods wait: 10 s, 20 s, ... up to 10 min after the last."""
        ends = sorted((_finished_ns(p), p["status"]["phase"]) for p in pods if finished(p))
        failures = 0
        for _, phase in reversed(ends):
            if phase == "Succeeded":
                break
            failures += 1
        if not failures:
            return False
        wait = ends[-1][0] + min(BACKOFF_NS << (failures - 1), LONGEST_BACKOFF_NS) - self.kernel.now_ns
        if wait > 0:
            self.queue.add_after(key_of(job), wait)
        return wait > 0

    def _new_pod(self, job: Obj, index: int | None, pods: list[Obj]) -> Obj:
        pod = self.control.new_pod(job, job["spec"]["template"])
        pod["metadata"]["finalizers"] = [*(pod["metadata"].get("finalizers") or []), TRACKING]
        if index is not None:
            jobindexes.mark(job, pod, index, jobindexes.failures(pods, index))
        return pod

    # -- telling

    def _set(self, job: Obj, kind: str, value: str, reason: str, message: str) -> Obj:
        now = self.kernel.now()
        fresh = {
            "type": kind,
            "status": value,
            "lastProbeTime": now,
            "lastTransitionTime": now,
            "reason": reason,
            "message": message,
        }
        current = condition(job["status"], kind)
        if current is not None and current["status"] == value:
            return current
        job["status"]["conditions"] = [c for c in job["status"].get("conditions") or () if c["type"] != kind] + [fresh]
        return fresh

    def _write(self, job: Obj, found: Obj) -> None:
        if job["status"] != found.get("status"):
            self.client.update_status("jobs.batch", job)
            if is_finished(job):
                self._expire(job)

    def _expire(self, job: Obj) -> None:
        """Deletes a finished Job `ttlSecondsAfterFinished` after its end."""
        seconds = job["spec"].get("ttlSecondsAfterFinished")
        if seconds is None:
            return
        end = next(c["lastTransitionTime"] for c in job["status"]["conditions"] if c["type"] in ("Complete", "Failed"))
        left = end.offset_ns + seconds * SECOND - self.kernel.now_ns
        if left > 0:
            self.queue.add_after(key_of(job), left)
        else:
            meta = job["metadata"]
            self.client.delete("jobs.batch", meta["namespace"], meta["name"], propagation_policy="Foreground", uid=meta["uid"])


def is_finished(job: Obj) -> bool:
    """Whether it is Complete or Failed."""
    return any(
        c["type"] in ("Complete", "Failed") and c["status"] == "True" for c in (job.get("status") or {}).get("conditions") or ()
    )


def _active(pods: list[Obj]) -> list[Obj]:
    return [p for p in pods if not finished(p) and "deletionTimestamp" not in p["metadata"]]


def _indexed(job: Obj) -> bool:
    return bool(job["spec"].get("completionMode") == "Indexed")


def _restarts(job: Obj) -> bool:
    return bool(job["spec"]["template"]["spec"].get("restartPolicy") == "OnFailure")


def _statuses(pod: Obj) -> list[Obj]:
    status = pod.get("status") or {}
    return [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]


def _finished_ns(pod: Obj) -> int:
    ends = [s["state"]["terminated"].get("finishedAt") for s in _statuses(pod) if (s.get("state") or {}).get("terminated")]
    return max((t.offset_ns for t in ends if isinstance(t, Time)), default=0)
