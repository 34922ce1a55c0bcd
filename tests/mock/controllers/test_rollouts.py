"""Deployments, StatefulSets and DaemonSets with pods that really run: how they roll out, halt, go back and say so."""

from typing import Any

import pytest

from tests.mock.clustered import Lab, Obj, pod, sh

LABELS = {"app": "web"}
ROLLED = {"spec": {"template": {"metadata": {"annotations": {"v": "2"}}}}}
READY_AFTER_TOUCH = {"readinessProbe": {"exec": {"command": ["test", "-e", "/ready"]}, "periodSeconds": 1}}


def workload(kind: str, container: Obj | None = None, **spec: Any) -> Obj:
    """A workload called ``web``."""
    made = pod("x", container or sh("sleep 100000"))["spec"]
    body: Obj = {"selector": {"matchLabels": LABELS}, "template": {"metadata": {"labels": LABELS}, "spec": made}}
    if kind == "StatefulSet":
        body["serviceName"] = "web"
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "web"}, "spec": {**body, **spec}}


def conditions(lab: Lab, resource: str = "deployments.apps") -> dict[str, tuple[str, str]]:
    found = lab.client.get(resource, "default", "web")["status"].get("conditions") or ()
    return {each["type"]: (each["status"], each["reason"]) for each in found}


def pods(lab: Lab) -> list[Obj]:
    return [each for each in lab.client.list("pods", "default") if "deletionTimestamp" not in each["metadata"]]


def names(lab: Lab) -> list[str]:
    return [each["metadata"]["name"] for each in pods(lab)]


def versions(lab: Lab) -> list[str | None]:
    return [(each["metadata"].get("annotations") or {}).get("v") for each in pods(lab)]


class TestDeployments:
    def test_a_rollout_one_by_one(self, lab: Lab) -> None:
        strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
        lab.create("deployments.apps", workload("Deployment", replicas=3, strategy=strategy))
        lab.wait(10)
        old = lab.client.list("replicasets.apps", "default")[0]["metadata"]["name"]
        lab.patch("deployments.apps", "web", ROLLED)
        lab.wait(30)
        new = next(n for n in (s["metadata"]["name"] for s in lab.client.list("replicasets.apps", "default")) if n != old)
        scaled = [event.removeprefix("ScalingReplicaSet: Scaled ") for event in lab.events("web", "Deployment")]
        assert scaled == [
            f"up replica set {old} from 0 to 3",
            f"up replica set {new} from 0 to 1",
            f"down replica set {old} from 3 to 2",
            f"up replica set {new} from 1 to 2",
            f"down replica set {old} from 2 to 1",
            f"up replica set {new} from 2 to 3",
            f"down replica set {old} from 1 to 0",
        ]
        assert versions(lab) == ["2", "2", "2"]

    def test_never_fewer_ready_pods_than_allowed(self, lab: Lab) -> None:
        strategy = {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
        lab.create("deployments.apps", workload("Deployment", replicas=4, strategy=strategy))
        lab.wait(10)
        seen: list[tuple[int, int]] = []

        def look(_: Any) -> None:
            status = lab.client.get("deployments.apps", "default", "web")["status"]
            seen.append((status.get("replicas", 0), status.get("availableReplicas", 0)))

        lab.client.watch("deployments.apps").add_handler(look)
        lab.patch("deployments.apps", "web", ROLLED)
        lab.wait(30)
        assert max(replicas for replicas, _ in seen) <= 5
        assert min(available for _, available in seen) >= 3

    def test_paused_it_changes_nothing_and_resumed_it_goes_on(self, lab: Lab) -> None:
        lab.create("deployments.apps", workload("Deployment", replicas=2))
        lab.wait(5)
        lab.patch("deployments.apps", "web", {"spec": {"paused": True}})
        lab.patch("deployments.apps", "web", ROLLED)
        lab.wait(5)
        assert conditions(lab)["Progressing"] == ("Unknown", "DeploymentPaused")
        assert len(lab.client.list("replicasets.apps", "default")) == 1
        lab.patch("deployments.apps", "web", {"spec": {"paused": False}})
        lab.wait(20)
        assert conditions(lab)["Progressing"] == ("True", "NewReplicaSetAvailable")
        assert versions(lab) == ["2", "2"]

    def test_back_to_a_template_of_old_takes_its_replica_set_again(self, lab: Lab) -> None:
        lab.create("deployments.apps", workload("Deployment", replicas=1))
        lab.wait(5)
        lab.patch("deployments.apps", "web", ROLLED)
        lab.wait(10)
        lab.patch("deployments.apps", "web", {"spec": {"template": {"metadata": {"annotations": None}}}})
        lab.wait(10)
        sets = lab.client.list("replicasets.apps", "default")
        revision = "deployment.kubernetes.io/revision"
        assert sorted((each["metadata"]["annotations"][revision], each["spec"]["replicas"]) for each in sets) == [
            ("2", 0),
            ("3", 1),
        ]
        history = {each["metadata"]["annotations"].get("deployment.kubernetes.io/revision-history") for each in sets}
        assert history == {None, "1"}

    def test_a_rollout_that_does_not_come_on_is_called_off_after_its_deadline(self, lab: Lab) -> None:
        never = sh("sleep 100000", **READY_AFTER_TOUCH)
        lab.create("deployments.apps", workload("Deployment", never, replicas=1, progressDeadlineSeconds=10))
        lab.wait(9)
        assert conditions(lab)["Progressing"] == ("True", "ReplicaSetUpdated")
        lab.wait(5)
        assert conditions(lab)["Progressing"] == ("False", "ProgressDeadlineExceeded")
        lab.exec(names(lab)[0], "touch /ready")
        lab.wait(5)
        assert conditions(lab)["Progressing"] == ("True", "NewReplicaSetAvailable")

    def test_min_ready_seconds_are_waited_for(self, lab: Lab) -> None:
        lab.create("deployments.apps", workload("Deployment", replicas=1, minReadySeconds=20))
        lab.wait(10)
        status = lab.client.get("deployments.apps", "default", "web")["status"]
        assert (status["readyReplicas"], status.get("availableReplicas", 0)) == (1, 0)
        lab.wait(15)
        assert lab.client.get("deployments.apps", "default", "web")["status"]["availableReplicas"] == 1

    def test_what_keeps_pods_from_being_made_is_told(self, lab: Lab) -> None:
        quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"}, "spec": {"hard": {"pods": "1"}}}
        lab.create("resourcequotas", quota)
        lab.wait(1)
        lab.create("deployments.apps", workload("Deployment", replicas=2))
        lab.wait(5)
        assert conditions(lab)["ReplicaFailure"] == ("True", "FailedCreate")
        (made,) = lab.client.list("replicasets.apps", "default")
        words = "is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1"
        assert [e for e in lab.events(made["metadata"]["name"], "ReplicaSet") if e.startswith("FailedCreate") and words in e]
        lab.patch("resourcequotas", "q", {"spec": {"hard": {"pods": "5"}}})
        lab.wait(60)
        assert len(pods(lab)) == 2
        assert "ReplicaFailure" not in conditions(lab)


class TestStatefulSets:
    def test_one_after_the_other_each_ready_first(self, lab: Lab) -> None:
        lab.create("statefulsets.apps", workload("StatefulSet", sh("sleep 100000", **READY_AFTER_TOUCH), replicas=3))
        for count in (1, 2, 3):
            lab.wait(5)
            assert names(lab) == [f"web-{number}" for number in range(count)]
            lab.exec(f"web-{count - 1}", "touch /ready")
        assert lab.events("web", "StatefulSet") == [
            f"SuccessfulCreate: create Pod web-{number} in StatefulSet web successful" for number in range(3)
        ]

    def test_all_at_once_if_it_may(self, lab: Lab) -> None:
        never = sh("sleep 100000", **READY_AFTER_TOUCH)
        lab.create("statefulsets.apps", workload("StatefulSet", never, replicas=3, podManagementPolicy="Parallel"))
        lab.wait(3)
        assert names(lab) == ["web-0", "web-1", "web-2"]

    def test_pods_know_who_they_are(self, lab: Lab) -> None:
        lab.create("statefulsets.apps", workload("StatefulSet", replicas=1))
        lab.wait(3)
        (made,) = pods(lab)
        labels = made["metadata"]["labels"]
        assert (labels["statefulset.kubernetes.io/pod-name"], labels["apps.kubernetes.io/pod-index"]) == ("web-0", "0")
        assert labels["controller-revision-hash"].startswith("web-")
        assert (made["spec"]["hostname"], made["spec"]["subdomain"]) == ("web-0", "web")
        assert lab.exec("web-0", "hostname") == "web-0\n"

    def test_a_partition_keeps_the_lower_ones_as_they_are(self, lab: Lab) -> None:
        update = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
        lab.create("statefulsets.apps", workload("StatefulSet", replicas=3, updateStrategy=update))
        lab.wait(15)
        lab.patch("statefulsets.apps", "web", ROLLED)
        lab.wait(15)
        assert versions(lab) == [None, None, "2"]
        status = lab.client.get("statefulsets.apps", "default", "web")["status"]
        assert (status["currentReplicas"], status["updatedReplicas"]) == (2, 1)
        lab.delete("web-0")
        lab.wait(5)
        assert versions(lab) == [None, None, "2"]
        lab.patch("statefulsets.apps", "web", {"spec": {"updateStrategy": {"rollingUpdate": {"partition": 0}}}})
        lab.wait(30)
        assert versions(lab) == ["2", "2", "2"]

    def test_on_delete_waits_for_who_deletes(self, lab: Lab) -> None:
        lab.create("statefulsets.apps", workload("StatefulSet", replicas=2, updateStrategy={"type": "OnDelete"}))
        lab.wait(10)
        lab.patch("statefulsets.apps", "web", ROLLED)
        lab.wait(10)
        assert versions(lab) == [None, None]
        lab.delete("web-0")
        lab.wait(5)
        assert versions(lab) == ["2", None]

    def test_scaled_down_from_the_top(self, lab: Lab) -> None:
        lab.create("statefulsets.apps", workload("StatefulSet", replicas=3))
        lab.wait(15)
        lab.patch("statefulsets.apps", "web", {"spec": {"replicas": 1}})
        lab.wait(15)
        assert names(lab) == ["web-0"]
        assert lab.events("web", "StatefulSet")[3:] == [
            f"SuccessfulDelete: delete Pod web-{number} in StatefulSet web successful" for number in (2, 1)
        ]

    @pytest.mark.parametrize(("policy", "left"), [("Retain", ["data-web-0", "data-web-1"]), ("Delete", ["data-web-0"])])
    def test_claims_stay_when_pods_go_unless_told_otherwise(self, lab: Lab, policy: str, left: list[str]) -> None:
        claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
        templates = [{"metadata": {"name": "data"}, "spec": claim}]
        retention = {"whenScaled": policy, "whenDeleted": "Retain"}
        lab.create(
            "statefulsets.apps",
            workload("StatefulSet", replicas=2, volumeClaimTemplates=templates, persistentVolumeClaimRetentionPolicy=retention),
        )
        lab.wait(15)
        assert (
            lab.events("web", "StatefulSet")[0]
            == "SuccessfulCreate: create Claim data-web-0 Pod web-0 in StatefulSet web success"
        )
        lab.patch("statefulsets.apps", "web", {"spec": {"replicas": 1}})
        lab.wait(20)
        assert [each["metadata"]["name"] for each in lab.client.list("persistentvolumeclaims", "default")] == left


class TestDaemonSets:
    def test_one_on_the_node_replaced_when_the_template_changes(self, lab: Lab) -> None:
        lab.create("daemonsets.apps", workload("DaemonSet"))
        lab.wait(5)
        status = lab.client.get("daemonsets.apps", "default", "web")["status"]
        assert (status["desiredNumberScheduled"], status["numberReady"], status["updatedNumberScheduled"]) == (1, 1, 1)
        lab.patch("daemonsets.apps", "web", ROLLED)
        lab.wait(10)
        assert versions(lab) == ["2"]
        told = [event.partition(" pod: ")[0] for event in lab.events("web", "DaemonSet")]
        assert told == ["SuccessfulCreate: Created", "SuccessfulDelete: Deleted", "SuccessfulCreate: Created"]

    def test_none_where_the_node_does_not_fit(self, lab: Lab) -> None:
        made = workload("DaemonSet")
        made["spec"]["template"]["spec"]["nodeSelector"] = {"x": "y"}
        lab.create("daemonsets.apps", made)
        lab.wait(5)
        assert pods(lab) == []
        lab.client.patch("nodes", "", "node1", {"metadata": {"labels": {"x": "y"}}})
        lab.wait(5)
        assert len(pods(lab)) == 1

    def test_a_cordoned_node_has_it_all_the_same(self, lab: Lab) -> None:
        lab.client.patch("nodes", "", "node1", {"spec": {"unschedulable": True}})
        lab.create("daemonsets.apps", workload("DaemonSet"))
        lab.wait(5)
        assert [each["status"]["phase"] for each in pods(lab)] == ["Running"]
