"""Controllers of workloads over the real API, with a stand-in for the kubelet that runs pods by their names' rules."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from podlab.mock.api.client import Client, InformerEvent
from podlab.mock.api.server import APIServer
from podlab.mock.controllers.base import Controller
from podlab.mock.controllers.cronjob import CronJobController
from podlab.mock.controllers.daemonset import DaemonSetController
from podlab.mock.controllers.deployment import DeploymentController
from podlab.mock.controllers.job import JobController
from podlab.mock.controllers.replicaset import ReplicaSetController
from podlab.mock.controllers.statefulset import StatefulSetController
from podlab.mock.kernel import MILLISECOND, SECOND, Kernel
from podlab.mock.store import Store

Obj = dict[str, Any]
CONTROLLERS: tuple[type[Controller], ...] = (
    DeploymentController,
    ReplicaSetController,
    StatefulSetController,
    DaemonSetController,
    JobController,
    CronJobController,
)


class World:
    """An API with controllers; pods become ready after 100 ms, and end as `ends` says (a function from the pod to a phase, or
    None).
    """

    def __init__(self) -> None:
        self.kernel = Kernel()
        self.api = APIServer(self.kernel, Store())
        self.client = self.make("test")
        self.ends: Callable[[Obj], str | None] = lambda pod: None
        self.client.create("namespaces", "", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ns"}})
        self.client.create(
            "serviceaccounts", "ns", {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
        )
        self.controllers = [controller(self.kernel, self.make) for controller in CONTROLLERS]
        self.client.watch("pods").add_handler(self._pod)

    def make(self, name: str) -> Client:
        return Client(self.api.verbs, name)

    def _pod(self, event: InformerEvent) -> None:
        meta = event.obj["metadata"]
        if event.type == "ADDED":
            self.kernel.call_after(100 * MILLISECOND, self._run, meta["name"], meta["uid"])
        elif event.type == "MODIFIED" and "deletionTimestamp" in meta:
            self.kernel.call_after(50 * MILLISECOND, self._gone, meta["name"], meta["uid"])

    def _gone(self, name: str, uid: str) -> None:
        if any(p["metadata"]["uid"] == uid for p in self.pods()):
            self.client.delete("pods", "ns", name, grace_period_seconds=0, uid=uid)

    def _run(self, name: str, uid: str) -> None:
        for pod in self.pods():
            if pod["metadata"]["uid"] == uid:
                end = self.ends(pod)
                ready = {"type": "Ready", "status": "False" if end else "True", "lastTransitionTime": self.kernel.now()}
                pod["status"] |= {"phase": end or "Running", "conditions": [ready]}
                self.client.update_status("pods", pod)

    def pods(self) -> list[Obj]:
        return self.client.list("pods", "ns")

    def run(self, seconds: float) -> None:
        self.kernel.run_until(deadline_ns=self.kernel.now_ns + int(seconds * SECOND))

    def events(self, name: str) -> list[str]:
        return [e["message"] for e in self.client.list("events", "ns") if e["involvedObject"]["name"] == name]


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.kernel.close()


def template(image: str = "busybox:1.37", restart: str = "Always", app: str = "web") -> Obj:
    return {
        "metadata": {"labels": {"app": app}},
        "spec": {"restartPolicy": restart, "containers": [{"name": "c", "image": image}]},
    }


def deployment(replicas: int = 3, **spec: Any) -> Obj:
    selector = {"matchLabels": {"app": "web"}}
    body = {"replicas": replicas, "selector": selector, "template": template(), **spec}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": body}


def test_deployment_makes_its_pods_and_tells_of_them(world: World) -> None:
    world.client.create("deployments.apps", "ns", deployment())
    world.run(2)
    status = world.client.get("deployments.apps", "ns", "web")["status"]
    assert (status["replicas"], status["readyReplicas"], status["availableReplicas"], status["updatedReplicas"]) == (3, 3, 3, 3)
    conditions = {c["type"]: (c["status"], c["reason"]) for c in status["conditions"]}
    assert conditions == {"Available": ("True", "MinimumReplicasAvailable"), "Progressing": ("True", "NewReplicaSetAvailable")}
    assert len(world.pods()) == 3


def test_deployment_rolls_out_within_its_limits_and_keeps_history(world: World) -> None:
    world.client.create("deployments.apps", "ns", deployment(4, strategy={"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}))
    world.run(2)
    seen: list[tuple[int, int]] = []

    def look(_: InformerEvent) -> None:
        alive = [p for p in world.pods() if "deletionTimestamp" not in p["metadata"]]
        ready = sum(p["status"].get("phase") == "Running" for p in alive)
        seen.append((len(alive), ready))

    world.client.watch("pods").add_handler(look)
    found = world.client.get("deployments.apps", "ns", "web")
    found["spec"]["template"]["spec"]["containers"][0]["image"] = "busybox:1.36"
    world.client.update("deployments.apps", found)
    world.run(5)
    assert {p["spec"]["containers"][0]["image"] for p in world.pods()} == {"busybox:1.36"}
    assert max(total for total, _ in seen) == 5
    assert min(ready for _, ready in seen) == 3
    sets = world.client.list("replicasets.apps", "ns")
    revisions = {s["metadata"]["annotations"]["deployment.kubernetes.io/revision"]: s["spec"]["replicas"] for s in sets}
    assert revisions == {"1": 0, "2": 4}
    found = world.client.get("deployments.apps", "ns", "web")
    found["spec"]["template"]["spec"]["containers"][0]["image"] = "busybox:1.37"
    world.client.update("deployments.apps", found)
    world.run(5)
    sets = world.client.list("replicasets.apps", "ns")
    assert {s["metadata"]["annotations"]["deployment.kubernetes.io/revision"] for s in sets} == {"2", "3"}


def test_deployment_that_recreates_never_mixes_revisions(world: World) -> None:
    world.client.create("deployments.apps", "ns", deployment(2, strategy={"type": "Recreate"}))
    world.run(2)
    mixed: list[set[str]] = []
    world.client.watch("pods").add_handler(lambda _: mixed.append({p["spec"]["containers"][0]["image"] for p in world.pods()}))
    found = world.client.get("deployments.apps", "ns", "web")
    found["spec"]["template"]["spec"]["containers"][0]["image"] = "busybox:1.36"
    world.client.update("deployments.apps", found)
    world.run(5)
    assert all(len(images) <= 1 for images in mixed)
    assert [p["spec"]["containers"][0]["image"] for p in world.pods()] == ["busybox:1.36"] * 2


def test_deployment_past_its_deadline_says_so(world: World) -> None:
    world.ends = lambda pod: "Pending"
    world.client.create("deployments.apps", "ns", deployment(1, progressDeadlineSeconds=30))
    world.run(31)
    conditions = world.client.get("deployments.apps", "ns", "web")["status"]["conditions"]
    progressing = next(c for c in conditions if c["type"] == "Progressing")
    assert (progressing["status"], progressing["reason"]) == ("False", "ProgressDeadlineExceeded")


def test_replica_set_replaces_a_deleted_pod_and_adopts_an_orphan(world: World) -> None:
    world.client.create("deployments.apps", "ns", deployment(2))
    world.run(1)
    world.client.delete("pods", "ns", world.pods()[0]["metadata"]["name"])
    world.run(1)
    assert len(world.pods()) == 2
    replica_set = world.client.list("replicasets.apps", "ns")[0]
    pod = world.pods()[0]
    world.client.patch("pods", "ns", pod["metadata"]["name"], {"metadata": {"labels": {"app": "other"}}})
    world.run(1)
    assert len(world.pods()) == 3
    released = world.client.get("pods", "ns", pod["metadata"]["name"])
    assert not released["metadata"].get("ownerReferences")
    assert replica_set["metadata"]["name"].startswith("web-")


def job(**spec: Any) -> Obj:
    body = {"template": template(restart="Never", app="j"), **spec}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": body}


def test_job_counts_successes_to_its_end(world: World) -> None:
    world.ends = lambda pod: "Succeeded"
    world.client.create("jobs.batch", "ns", job(completions=3, parallelism=2))
    world.run(20)
    status = world.client.get("jobs.batch", "ns", "j")["status"]
    assert status["succeeded"] == 3
    assert [c["type"] for c in status["conditions"]] == ["SuccessCriteriaMet", "Complete"]
    assert "completionTime" in status
    assert "Job completed" in world.events("j")


def test_job_backs_off_and_gives_up(world: World) -> None:
    world.ends = lambda pod: "Failed"
    world.client.create("jobs.batch", "ns", job(backoffLimit=2))
    world.run(5)
    assert len(world.pods()) == 1
    world.run(600)
    status = world.client.get("jobs.batch", "ns", "j")["status"]
    assert status["failed"] == 3
    failed = status["conditions"][-1]
    assert (failed["type"], failed["reason"]) == ("Failed", "BackoffLimitExceeded")


def test_indexed_job_does_each_index_once(world: World) -> None:
    world.ends = lambda pod: "Succeeded"
    world.client.create("jobs.batch", "ns", job(completions=4, parallelism=2, completionMode="Indexed"))
    world.run(20)
    assert world.client.get("jobs.batch", "ns", "j")["status"]["completedIndexes"] == "0-3"


def history(world: World) -> list[tuple[str, int]]:
    found = world.client.list("controllerrevisions.apps", "ns")
    return [(one["data"]["spec"]["template"]["spec"]["containers"][0]["image"], one["revision"]) for one in found]


@pytest.mark.parametrize(("kind", "resource"), [("StatefulSet", "statefulsets.apps"), ("DaemonSet", "daemonsets.apps")])
def test_templates_are_kept_as_revisions(world: World, kind: str, resource: str) -> None:
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "status": {"capacity": {"pods": "9"}}}
    world.client.create("nodes", "", node)
    template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "c", "image": "one"}]}}
    spec = {"selector": {"matchLabels": {"app": "x"}}, "template": template, "revisionHistoryLimit": 1}
    world.client.create(resource, "ns", {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec})
    world.run(2)
    assert history(world) == [("one", 1)]
    told = []
    for image in ("two", "one", "three", "four"):
        change = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}}
        world.client.patch(resource, "ns", "x", change)
        world.run(5)
        told.append(sorted(history(world), key=lambda one: one[1]))
    assert told == [
        [("one", 1), ("two", 2)],
        [("two", 2), ("one", 3)],  # what is taken again is the newest
        [("one", 3), ("three", 4)],
        [("three", 4), ("four", 5)],
    ]


def test_stateful_set_makes_pods_in_order_and_ends_them_in_reverse(world: World) -> None:
    body = {"serviceName": "db", "replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": template()}
    world.client.create(
        "statefulsets.apps", "ns", {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": body}
    )
    world.run(0.15)
    assert [p["metadata"]["name"] for p in world.pods()] in (["db-0"], ["db-0", "db-1"])
    world.run(3)
    assert [p["metadata"]["name"] for p in world.pods()] == ["db-0", "db-1", "db-2"]
    found = world.client.get("statefulsets.apps", "ns", "db")
    assert found["status"]["availableReplicas"] == 3
    found["spec"]["replicas"] = 1
    world.client.update("statefulsets.apps", found)
    world.run(3)
    assert [p["metadata"]["name"] for p in world.pods()] == ["db-0"]


def test_daemon_set_runs_on_each_node_that_it_may(world: World) -> None:
    for name, taints in (("a", []), ("b", [{"key": "k", "effect": "NoSchedule"}])):
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "spec": {"taints": taints}}
        world.client.create("nodes", "", node)
        world.client.patch("nodes", "", name, {"spec": {"taints": taints or None}})  # admission had made it not-ready
    body = {"selector": {"matchLabels": {"app": "web"}}, "template": template()}
    world.client.create(
        "daemonsets.apps", "ns", {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "d"}, "spec": body}
    )
    world.run(2)
    status = world.client.get("daemonsets.apps", "ns", "d")["status"]
    assert (status["desiredNumberScheduled"], status["numberReady"]) == (1, 1)


def test_cron_job_starts_jobs_on_time_and_forgets_old_ones(world: World) -> None:
    world.ends = lambda pod: "Succeeded"
    spec = {"schedule": "*/5 * * * *", "jobTemplate": {"spec": {"template": template(restart="Never", app="c")}}}
    world.client.create(
        "cronjobs.batch", "ns", {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "c"}, "spec": spec}
    )
    world.run(60 * 31)
    assert len(world.client.list("jobs.batch", "ns")) == 3
    assert "lastSuccessfulTime" in world.client.get("cronjobs.batch", "ns", "c")["status"]
