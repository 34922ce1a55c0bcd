"""Which pods get a node, which do not and in what words, which have to leave, and which make room for others."""

from typing import Any

import pytest

from tests.mock.clustered import Lab, Obj, pod, sh

HELPLESS = "1 Preemption is not helpful for scheduling"
NO_VICTIMS = "1 No preemption victims found for incoming pod"
LABELLED: Obj = {"labelSelector": {"matchLabels": {"g": "1"}}, "topologyKey": "kubernetes.io/hostname"}


def required(kind: str, *terms: Obj) -> Obj:
    return {kind: {"requiredDuringSchedulingIgnoredDuringExecution": list(terms)}}


def zone(operator: str, *values: str) -> Obj:
    expression: Obj = {"key": "zone", "operator": operator, **({"values": list(values)} if values else {})}
    terms = {"nodeSelectorTerms": [{"matchExpressions": [expression]}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}


def spread(**fields: Any) -> Obj:
    return {"maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule", "topologyKey": "kubernetes.io/hostname", **fields}


def asking(cpu: str, name: str = "app") -> Obj:
    return sh("sleep 100000", name, resources={"requests": {"cpu": cpu}})


def taint(lab: Lab, effect: str) -> None:
    lab.client.patch("nodes", "", "node1", {"spec": {"taints": [{"key": "k", "value": "v", "effect": effect}]}})


def priority_class(lab: Lab, name: str, value: int, **fields: Any) -> None:
    made = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": value, **fields}
    lab.client.create("priorityclasses.scheduling.k8s.io", "", made)


@pytest.mark.parametrize(
    ("spec", "why", "preemption"),
    [
        ({"nodeSelector": {"disk": "ssd"}}, "1 node(s) didn't match Pod's node affinity/selector", HELPLESS),
        ({"affinity": zone("In", "a")}, "1 node(s) didn't match Pod's node affinity/selector", HELPLESS),
        ({"containers": [asking("100")]}, "1 Insufficient cpu", HELPLESS),
        ({"containers": [asking("3", "a"), asking("6", "b")]}, "1 Insufficient cpu", HELPLESS),
        ({"affinity": required("podAffinity", LABELLED)}, "1 node(s) didn't match pod affinity rules", NO_VICTIMS),
        (
            {"topologySpreadConstraints": [spread(topologyKey="zone", labelSelector={})]},
            "1 node(s) didn't match pod topology spread constraints (missing required label)",
            NO_VICTIMS,
        ),
        (
            {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "none"}}]},
            'persistentvolumeclaim "none" not found',
            HELPLESS,
        ),
    ],
)
def test_a_pod_that_fits_nowhere_says_why(lab: Lab, spec: Obj, why: str, preemption: str) -> None:
    lab.run(pod("p", *spec.pop("containers", [sh("sleep 1000")]), **spec))
    head = "0/1 nodes are available"
    message = f"{head}: {why}. no new claims to deallocate, preemption: {head}: {preemption}."
    assert lab.events("p") == [f"FailedScheduling: {message}"]
    assert lab.condition("p", "PodScheduled") == "False Unschedulable"
    assert lab.pod("p")["status"]["conditions"][0]["message"] == message
    assert lab.phase("p") == "Pending"


@pytest.mark.parametrize(
    "spec",
    [
        {"affinity": zone("DoesNotExist")},
        {"affinity": zone("NotIn", "a")},
        {"affinity": required("podAffinity", LABELLED)},  # the first of its kind may come
        {"topologySpreadConstraints": [spread(labelSelector={"matchLabels": {"g": "1"}})]},
        {"topologySpreadConstraints": [spread(topologyKey="zone", whenUnsatisfiable="ScheduleAnyway", labelSelector={})]},
    ],
)
def test_what_lets_a_pod_in(lab: Lab, spec: Obj) -> None:
    lab.run(pod("p", sh("sleep 1000"), labels={"g": "1"}, **spec))
    assert lab.phase("p") == "Running"


def test_pods_that_keep_others_away(lab: Lab) -> None:
    apart = required("podAntiAffinity", LABELLED)
    lab.run(pod("a", sh("sleep 1000"), labels={"g": "1"}, affinity=apart))
    lab.run(pod("b", sh("sleep 1000"), labels={"g": "1"}, affinity=apart), pod("c", sh("sleep 1000"), labels={"g": "1"}))
    assert "1 node(s) didn't match pod anti-affinity rules." in lab.events("b")[0]
    assert "1 node(s) didn't satisfy existing pods anti-affinity rules." in lab.events("c")[0]
    lab.delete("a")
    lab.wait(5)
    assert sorted((lab.phase("b"), lab.phase("c"))) == ["Pending", "Running"]


def test_more_domains_than_there_are(lab: Lab) -> None:
    wide = [spread(minDomains=2, labelSelector={"matchLabels": {"g": "1"}})]
    for name in ("a", "b"):
        lab.run(pod(name, sh("sleep 1000"), labels={"g": "1"}, topologySpreadConstraints=wide))
    assert lab.phase("a") == "Running"
    assert "1 node(s) didn't match pod topology spread constraints. " in lab.events("b")[0]


def test_ports_of_the_node(lab: Lab) -> None:
    port = {"ports": [{"containerPort": 80, "hostPort": 8080}]}
    lab.run(pod("a", sh("sleep 1000", **port)), pod("b", sh("sleep 1000", **port)))
    assert "1 node(s) didn't have free ports for the requested pod ports." in lab.events("b")[0]
    lab.delete("a")
    lab.wait(5)
    assert lab.phase("b") == "Running"


def test_gates_are_waited_for(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 1000"), schedulingGates=[{"name": "example.com/later"}]))
    assert lab.condition("p", "PodScheduled") == "False SchedulingGated"
    assert lab.events("p") == []
    lab.patch("pods", "p", {"spec": {"schedulingGates": None}})
    lab.wait(5)
    assert lab.phase("p") == "Running"


def test_pods_of_another_scheduler_are_left_alone(lab: Lab) -> None:
    lab.run(pod("p", sh("sleep 1000"), schedulerName="mine"))
    assert (lab.phase("p"), lab.events("p")) == ("Pending", [])


def test_a_cordoned_node(lab: Lab) -> None:
    lab.client.patch("nodes", "", "node1", {"spec": {"unschedulable": True}})
    lab.run(pod("p", sh("sleep 1000")))
    assert "1 node(s) were unschedulable." in lab.events("p")[0]
    taints = lab.client.get("nodes", "", "node1")["spec"]["taints"]
    assert [(each["key"], each["effect"]) for each in taints] == [("node.kubernetes.io/unschedulable", "NoSchedule")]
    lab.client.patch("nodes", "", "node1", {"spec": {"unschedulable": None}})
    lab.wait(5)
    assert lab.phase("p") == "Running"


class TestTaints:
    def test_they_keep_pods_out(self, lab: Lab) -> None:
        taint(lab, "NoSchedule")
        lab.run(pod("a", sh("sleep 1000")), pod("b", sh("sleep 1000"), tolerations=[{"key": "k", "operator": "Exists"}]))
        assert "1 node(s) had untolerated taint(s)." in lab.events("a")[0]
        assert lab.phase("b") == "Running"

    def test_those_that_only_prefer_do_not(self, lab: Lab) -> None:
        taint(lab, "PreferNoSchedule")
        lab.run(pod("a", sh("sleep 1000")))
        assert lab.phase("a") == "Running"

    def test_they_drive_pods_out(self, lab: Lab) -> None:
        patient = {"key": "k", "operator": "Exists", "effect": "NoExecute"}
        lab.run(
            pod("a", sh("sleep 1000")),
            pod("b", sh("sleep 1000"), tolerations=[{**patient, "tolerationSeconds": 20}]),
            pod("c", sh("sleep 1000"), tolerations=[patient]),
        )
        taint(lab, "NoExecute")
        lab.until(lambda: "DisruptionTarget" in [each["type"] for each in lab.pod("a")["status"]["conditions"]])
        assert lab.condition("a", "DisruptionTarget") == "True DeletionByTaintManager"
        assert "TaintManagerEviction: Marking for deletion Pod default/a" in lab.events("a")
        lab.wait(10)
        assert (lab.exists("a"), lab.exists("b")) == (False, True)
        lab.wait(15)
        assert (lab.exists("b"), lab.phase("c")) == (False, "Running")

    def test_one_that_goes_in_time_lets_pods_stay(self, lab: Lab) -> None:
        patient = {"key": "k", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 20}
        lab.run(pod("b", sh("sleep 1000"), tolerations=[patient]))
        taint(lab, "NoExecute")
        lab.wait(5)
        lab.client.patch("nodes", "", "node1", {"spec": {"taints": None}})
        lab.wait(60)
        assert lab.phase("b") == "Running"
        assert lab.events("b")[-1] == "TaintManagerEviction: Cancelling deletion of Pod default/b"


class TestPreemption:
    @pytest.fixture(autouse=True)
    def classes(self, lab: Lab) -> None:
        priority_class(lab, "high", 1000)
        priority_class(lab, "polite", 1000, preemptionPolicy="Never")

    def test_a_pod_of_a_higher_priority_gets_room(self, lab: Lab) -> None:
        lab.run(pod("low", asking("6")), pod("small", asking("1")))
        lab.run(pod("high", asking("6"), priorityClassName="high"), seconds=0.5)
        assert lab.pod("high")["status"]["nominatedNodeName"] == "node1"
        assert lab.events("high") == ["FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu."]
        assert lab.condition("low", "DisruptionTarget") == "True PreemptionByScheduler"
        mark = lab.pod("low")["status"]["conditions"][-1]
        assert mark["message"] == "default-scheduler: preempting to accommodate a higher priority pod"
        uid = lab.pod("high")["metadata"]["uid"]
        assert f"Preempted: Preempted by pod {uid} on node node1" in lab.events("low")
        lab.wait(5)
        assert (lab.phase("high"), lab.phase("small"), lab.exists("low")) == ("Running", "Running", False)
        assert "nominatedNodeName" not in lab.pod("high")["status"]

    def test_the_least_important_go(self, lab: Lab) -> None:
        priority_class(lab, "middle", 10)
        lab.run(pod("first", asking("2")))
        lab.run(pod("middle", asking("2"), priorityClassName="middle"), pod("second", asking("2")))
        lab.run(pod("high", asking("3"), priorityClassName="high"), seconds=10)
        assert [name for name in ("first", "middle", "second") if lab.exists(name)] == ["first", "middle"]

    def test_budgets_are_heeded_where_they_can_be(self, lab: Lab) -> None:
        lab.run(pod("guarded", asking("3"), labels={"app": "guarded"}))
        lab.run(pod("free", asking("3")))
        budget = {"minAvailable": 1, "selector": {"matchLabels": {"app": "guarded"}}}
        lab.create(
            "poddisruptionbudgets.policy",
            {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "b"}, "spec": budget},
        )
        lab.wait(1)
        lab.run(pod("high", asking("4"), priorityClassName="high"), seconds=10)
        assert (lab.exists("guarded"), lab.exists("free")) == (True, False)
        lab.run(pod("higher", asking("4"), priorityClassName="high"), seconds=10)
        assert (lab.phase("higher"), lab.exists("guarded")) == ("Running", False)

    def test_equals_do_not_push_each_other_out(self, lab: Lab) -> None:
        lab.run(pod("a", asking("6")), pod("b", asking("6")))
        assert lab.phase("a") == "Running"
        assert lab.events("b")[0].endswith(f"preemption: 0/1 nodes are available: {NO_VICTIMS}.")

    def test_room_that_would_still_not_do(self, lab: Lab) -> None:
        lab.run(pod("rock", asking("4"), priorityClassName="high"), pod("low", asking("2")))
        lab.run(pod("b", asking("6"), priorityClassName="high"))
        assert lab.events("b")[0].endswith("preemption: 0/1 nodes are available: 1 Insufficient cpu.")
        assert lab.phase("low") == "Running"

    def test_a_polite_pod_waits(self, lab: Lab) -> None:
        lab.run(pod("low", asking("6")))
        lab.run(pod("b", asking("6"), priorityClassName="polite"), seconds=60)
        assert lab.phase("low") == "Running"
        assert lab.events("b")[0].endswith("preemption: not eligible due to preemptionPolicy=Never.")
        lab.delete("low")
        lab.wait(5)
        assert lab.phase("b") == "Running"
