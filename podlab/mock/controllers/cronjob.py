"""CronJobs: a Job at each time of a schedule. The schedule's language is that of cron with the macros that Kubernetes allows."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from podlab.mock.controllers.base import Controller, Key, owner_keys, owner_of
from podlab.mock.controllers.cronschedule import Schedule, parse
from podlab.mock.controllers.job import is_finished
from podlab.mock.kernel import SECOND, Time
from podlab.mock.store import clone

Obj = dict[str, Any]


class CronJobController(Controller):
    """Reconciles CronJobs."""

    name = "cronjob-controller"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.crons = self.watch("cronjobs.batch")
        self.jobs = self.watch("jobs.batch", owner_keys("CronJob"))

    def reconcile(self, key: Key) -> None:
        """Starts the Job that is due, forgets old ones, and comes back at the next time."""
        found = self.crons.get(*key)
        if found is None or "deletionTimestamp" in found["metadata"]:
            return
        cron = clone(found)
        status = cron.setdefault("status", {})
        jobs = [j for j in self.jobs.objects.values() if (o := owner_of(j)) is not None and o["uid"] == cron["metadata"]["uid"]]
        self._note_ended(cron, jobs)
        self._forget(cron, jobs)
        if not cron["spec"].get("suspend"):
            self._start_due(cron, jobs)
        if status != (found.get("status") or {}):
            self.client.update_status("cronjobs.batch", cron)

    def _start_due(self, cron: Obj, jobs: list[Obj]) -> None:
        spec, status = cron["spec"], cron["status"]
        schedule = parse(spec["schedule"])
        zone = ZoneInfo(spec["timeZone"]) if spec.get("timeZone") else UTC
        last = status.get("lastScheduleTime", cron["metadata"]["creationTimestamp"])
        due = self._latest(schedule, zone, last)
        self._come_back(cron, schedule, zone)
        if due is None:
            return
        deadline = spec.get("startingDeadlineSeconds")
        if deadline is not None and due.offset_ns + deadline * SECOND < self.kernel.now_ns:
            self.recorder.event(
                cron, "Warning", "MissSchedule", f"Missed scheduled time to start a job: {due.render(self.kernel.boot_epoch_ns)}"
            )
            return
        active = [j for j in jobs if not is_finished(j)]
        policy = spec.get("concurrencyPolicy", "Allow")
        if policy == "Forbid" and active:
            self.recorder.event(
                cron,
                "Normal",
                "JobAlreadyActive",
                "Not starting job because prior execution is running and concurrency policy is Forbid",
            )
            return
        if policy == "Replace":
            for job in active:
                self.client.delete(
                    "jobs.batch", job["metadata"]["namespace"], job["metadata"]["name"], propagation_policy="Background"
                )
                self.recorder.event(cron, "Normal", "SuccessfulDelete", f"Deleted job {job['metadata']['name']}")
        self._start(cron, due)

    def _start(self, cron: Obj, due: Time) -> None:
        meta, template = cron["metadata"], cron["spec"]["jobTemplate"]
        minutes = (self.kernel.boot_epoch_ns + due.offset_ns) // (60 * SECOND)
        owner = {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "name": meta["name"],
            "uid": meta["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
        annotations = {
            **((template.get("metadata") or {}).get("annotations") or {}),
            "batch.kubernetes.io/cronjob-scheduled-timestamp": due.render(self.kernel.boot_epoch_ns),
        }
        job = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {
                "name": f"{meta['name']}-{minutes}",
                "namespace": meta["namespace"],
                "labels": (template.get("metadata") or {}).get("labels") or {},
                "annotations": annotations,
                "ownerReferences": [owner],
            },
            "spec": clone(template["spec"]),
        }
        made = self.client.create("jobs.batch", meta["namespace"], job)
        self.recorder.event(cron, "Normal", "SuccessfulCreate", f"Created job {made['metadata']['name']}")
        made_meta = made["metadata"]
        reference = {
            "kind": "Job",
            "namespace": meta["namespace"],
            "name": made_meta["name"],
            "uid": made_meta["uid"],
            "apiVersion": "batch/v1",
        }
        cron["status"].setdefault("active", []).append({**reference, "resourceVersion": made_meta["resourceVersion"]})
        cron["status"]["lastScheduleTime"] = due

    def _moment(self, time: Time, zone: Any) -> datetime:
        return datetime.fromtimestamp((self.kernel.boot_epoch_ns + time.offset_ns) // SECOND, UTC).astimezone(zone)

    def _offset(self, moment: datetime) -> Time:
        return Time(int(moment.timestamp()) * SECOND - self.kernel.boot_epoch_ns)

    def _latest(self, schedule: Schedule, zone: Any, after: Time) -> Time | None:
        """The latest time of the schedule after `after` that has come."""
        now = self._moment(self.kernel.now(), zone)
        latest = None
        moment = schedule.next(max(self._moment(after, zone), now - timedelta(days=370)))
        while moment is not None and moment <= now:
            latest = moment
            moment = schedule.next(moment)
        return None if latest is None else self._offset(latest)

    def _come_back(self, cron: Obj, schedule: Schedule, zone: Any) -> None:
        following = schedule.next(self._moment(self.kernel.now(), zone))
        if following is not None:
            wait = self._offset(following).offset_ns - self.kernel.now_ns
            self.queue.add_after((cron["metadata"]["namespace"], cron["metadata"]["name"]), wait)

    def _note_ended(self, cron: Obj, jobs: list[Obj]) -> None:
        """Takes ended Jobs out of `active`."""
        status = cron["status"]
        by_uid = {j["metadata"]["uid"]: j for j in jobs}
        rest = []
        for reference in status.get("active") or ():
            job = by_uid.get(reference["uid"])
            if job is not None and not is_finished(job):
                rest.append(reference)
            elif job is not None:
                outcome = _outcome(job)
                self.recorder.event(
                    cron, "Normal", "SawCompletedJob", f"Saw completed job: {reference['name']}, condition: {outcome}"
                )
                if outcome == "Complete":
                    status["lastSuccessfulTime"] = job["status"]["completionTime"]
        status.pop("active", None)
        if rest:
            status["active"] = rest

    def _forget(self, cron: Obj, jobs: list[Obj]) -> None:
        for outcome, limit in (
            ("Complete", cron["spec"].get("successfulJobsHistoryLimit", 3)),
            ("Failed", cron["spec"].get("failedJobsHistoryLimit", 1)),
        ):
            ended = sorted(
                (j for j in jobs if _outcome(j) == outcome), key=lambda j: j["status"].get("startTime", Time(0)).offset_ns
            )
            for job in ended[: max(len(ended) - limit, 0)]:
                self.client.delete(
                    "jobs.batch", job["metadata"]["namespace"], job["metadata"]["name"], propagation_policy="Background"
                )
                self.recorder.event(cron, "Normal", "SuccessfulDelete", f"Deleted job {job['metadata']['name']}")


def _outcome(job: Obj) -> str:
    return next((c["type"] for c in (job.get("status") or {}).get("conditions") or () if c["type"] in ("Complete", "Failed")), "")
