"""Deployments, replica sets, stateful sets, daemon sets, jobs and their like."""

from typing import Any

from podlab.mock.api.tables.printer import (
    AGE,
    NAME,
    NONE,
    SELECTOR,
    TEMPLATE_COLUMNS,
    Clock,
    Printer,
    age,
    column,
    labels_text,
    section,
    selector_text,
    template_cells,
)  # fmt: skip

Obj = dict[str, Any]


def _name(obj: Obj) -> str:
    return str(obj["metadata"]["name"])


def _deployment(obj: Obj, clock: Clock) -> list[Any]:
    spec, status = section(obj, "spec"), section(obj, "status")
    return [
        _name(obj),
        f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 0)}",
        status.get("updatedReplicas", 0),
        status.get("availableReplicas", 0),
        age(obj, clock),
        *template_cells(spec.get("template")),
        selector_text(spec.get("selector")),
    ]


def _replica_set(obj: Obj, clock: Clock) -> list[Any]:
    spec, status = section(obj, "spec"), section(obj, "status")
    return [
        _name(obj),
        spec.get("replicas", 0),
        status.get("replicas", 0),
        status.get("readyReplicas", 0),
        age(obj, clock),
        *template_cells(spec.get("template")),
        selector_text(spec.get("selector")),
    ]


def _replication_controller(obj: Obj, clock: Clock) -> list[Any]:
    *cells, _ = _replica_set({**obj, "spec": {**section(obj, "spec"), "selector": None}}, clock)
    return [*cells, labels_text(section(obj, "spec").get("selector"))]


def _pod_template(obj: Obj, clock: Clock) -> list[Any]:
    template = section(obj, "template")
    return [_name(obj), *template_cells(template), labels_text(section(template, "metadata").get("labels"))]


def _stateful_set(obj: Obj, clock: Clock) -> list[Any]:
    spec, status = section(obj, "spec"), section(obj, "status")
    ready = f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 0)}"
    return [_name(obj), ready, age(obj, clock), *template_cells(spec.get("template"))]


def _daemon_set(obj: Obj, clock: Clock) -> list[Any]:
    spec, status = section(obj, "spec"), section(obj, "status")
    pod = section(spec.get("template") or {}, "spec")
    return [
        _name(obj),
        status.get("desiredNumberScheduled", 0),
        status.get("currentNumberScheduled", 0),
        status.get("numberReady", 0),
        status.get("updatedNumberScheduled", 0),
        status.get("numberAvailable", 0),
        labels_text(pod.get("nodeSelector")),
        age(obj, clock),
        *template_cells(spec.get("template")),
        selector_text(spec.get("selector")),
    ]


_JOB_STATES = ("Suspended", "FailureTarget", "SuccessCriteriaMet")


def _job_status(obj: Obj) -> str:
    met = [one["type"] for one in section(obj, "status").get("conditions") or () if one["status"] == "True"]
    if "Complete" in met:
        return "Complete"
    if "Failed" in met:
        return "Failed"
    if obj["metadata"].get("deletionTimestamp") is not None:
        return "Terminating"
    return next((state for state in _JOB_STATES if state in met), "Running")


def _job(obj: Obj, clock: Clock) -> list[Any]:
    spec, status = section(obj, "spec"), section(obj, "status")
    succeeded, parallelism = status.get("succeeded", 0), spec.get("parallelism", 0)
    if spec.get("completions") is not None:
        completions = f"{succeeded}/{spec['completions']}"
    elif parallelism > 1:
        completions = f"{succeeded}/1 of {parallelism}"
    else:
        completions = f"{succeeded}/1"
    start, end = status.get("startTime"), status.get("completionTime")
    duration = "" if start is None else clock.since(start) if end is None else clock.between(start, end)
    return [
        _name(obj),
        _job_status(obj),
        completions,
        duration,
        age(obj, clock),
        *template_cells(spec.get("template")),
        selector_text(spec.get("selector")),
    ]


def _cron_job(obj: Obj, clock: Clock) -> list[Any]:
    spec, status = section(obj, "spec"), section(obj, "status")
    job, last = section(spec.get("jobTemplate") or {}, "spec"), status.get("lastScheduleTime")
    suspend = spec.get("suspend")
    return [
        _name(obj),
        spec.get("schedule", ""),
        spec.get("timeZone") or NONE,
        "<unset>" if suspend is None else str(suspend),
        len(status.get("active") or ()),
        NONE if last is None else clock.since(last),
        age(obj, clock),
        *template_cells(job.get("template")),
        selector_text(job.get("selector")),
    ]


def _controller_revision(obj: Obj, clock: Clock) -> list[Any]:
    owner = next((one for one in obj["metadata"].get("ownerReferences") or () if one.get("controller")), None)
    controller = NONE
    if owner is not None:
        group = owner["apiVersion"].rpartition("/")[0]
        kind = owner["kind"].lower()
        controller = f"{kind}.{group}/{owner['name']}" if group else f"{kind}/{owner['name']}"
    return [_name(obj), controller, obj.get("revision", 0), age(obj, clock)]


def _integers(*names: str) -> tuple[Obj, ...]:
    return tuple(column(name, kind="integer") for name in names)


PRINTERS = {
    "deployments.apps": Printer(
        (NAME, column("Ready"), column("Up-to-date"), column("Available"), AGE, *TEMPLATE_COLUMNS, SELECTOR), _deployment
    ),
    "replicasets.apps": Printer(
        (NAME, *_integers("Desired", "Current", "Ready"), AGE, *TEMPLATE_COLUMNS, SELECTOR), _replica_set
    ),
    "replicationcontrollers": Printer(
        (NAME, *_integers("Desired", "Current", "Ready"), AGE, *TEMPLATE_COLUMNS, SELECTOR), _replication_controller
    ),
    "podtemplates": Printer((NAME, column("Containers"), column("Images"), column("Pod Labels")), _pod_template),
    "statefulsets.apps": Printer((NAME, column("Ready"), AGE, *TEMPLATE_COLUMNS), _stateful_set),
    "daemonsets.apps": Printer(
        (NAME, *_integers("Desired", "Current", "Ready", "Up-to-date", "Available"), column("Node Selector"), AGE,
         *TEMPLATE_COLUMNS, SELECTOR),
        _daemon_set,
    ),
    "jobs.batch": Printer(
        (NAME, column("Status"), column("Completions"), column("Duration"), AGE, *TEMPLATE_COLUMNS, SELECTOR), _job
    ),
    "cronjobs.batch": Printer(
        (NAME, column("Schedule"), column("Timezone"), column("Suspend", kind="boolean"), *_integers("Active"),
         column("Last Schedule"), AGE, *TEMPLATE_COLUMNS, SELECTOR),
        _cron_job,
    ),
    "controllerrevisions.apps": Printer((NAME, column("Controller"), column("Revision"), AGE), _controller_revision),
}  # fmt: skip
