"""Runtime classes, and what they give to pods."""

from typing import Any

import pytest

from tests.mock.api.admitting import Obj
from tests.mock.api.calling import Bottle
from tests.mock.clustered import Lab, pod, sh

CLASSES = "/apis/node.k8s.io/v1/runtimeclasses"
PODS = "/api/v1/namespaces/default/pods"


@pytest.fixture
def bottle() -> Bottle:
    return Bottle()


def runtime_class(name: str = "fast", handler: str = "runc", **more: Any) -> Obj:
    return {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": name}, "handler": handler, **more}


def of_class(name: str | None = "fast", **spec: Any) -> Obj:
    named = {} if name is None else {"runtimeClassName": name}
    spec = {"containers": [{"name": "c", "image": "busybox"}], **named, **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}


def refused(bottle: Bottle, manifest: Obj, code: int = 403) -> str:
    status, message = bottle.message("POST", PODS, manifest)
    assert status == code
    return message


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"handler": ""}, 'handler: Invalid value: "": a lowercase RFC 1123 label must consist of'),
        ({"handler": "My.Run"}, 'handler: Invalid value: "My.Run": a lowercase RFC 1123 label must consist of'),
        ({"overhead": {"podFixed": {"cpus": "1"}}}, 'overhead.limits[cpus]: Invalid value: "cpus": must be a standard resource'),
        ({"scheduling": {"nodeSelector": {"a": "-"}}}, 'scheduling.nodeSelector: Invalid value: "-": a valid label must be'),
        ({"scheduling": {"tolerations": [{}]}}, 'scheduling.tolerations[0].operator: Invalid value: "": operator must be Exists'),
    ],
)
def test_classes_are_checked(bottle: Bottle, given: Obj, expected: str) -> None:
    status, message = bottle.message("POST", CLASSES, runtime_class(**given))
    assert (status, expected in message) == (422, True), message


def test_classes_are_updated_with_their_version_and_keep_their_handler(bottle: Bottle) -> None:
    made = bottle.ok("POST", CLASSES, runtime_class())
    url = f"{CLASSES}/fast"
    assert bottle.message("PUT", url, runtime_class())[0] == 422
    made["handler"] = "kata"
    status, message = bottle.message("PUT", url, made)
    assert (status, 'handler: Invalid value: "kata": field is immutable' in message) == (422, True)
    assert bottle.call("PUT", f"{CLASSES}/other", runtime_class("other"))[0] == 201


def test_a_pod_is_given_overhead_and_place(bottle: Bottle) -> None:
    wide = {"key": "fast", "operator": "Exists"}
    scheduling = {"nodeSelector": {"disk": "ssd"}, "tolerations": [wide]}
    bottle.ok("POST", CLASSES, runtime_class(overhead={"podFixed": {"cpu": "100m"}}, scheduling=scheduling))
    narrow = {"key": "fast", "operator": "Equal", "value": "yes", "effect": "NoSchedule"}
    spec = bottle.ok("POST", PODS, of_class(nodeSelector={"zone": "a"}, tolerations=[narrow]))["spec"]
    assert (spec["overhead"], spec["nodeSelector"]) == ({"cpu": "100m"}, {"disk": "ssd", "zone": "a"})
    assert [each["key"] for each in spec["tolerations"]] == [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
        "fast",
    ]
    assert spec["tolerations"][-1] == wide


def test_a_pod_that_does_not_fit_its_class_is_forbidden(bottle: Bottle) -> None:
    scheduling = {"nodeSelector": {"disk": "ssd"}}
    bottle.ok("POST", CLASSES, runtime_class(overhead={"podFixed": {"cpu": "100m"}}, scheduling=scheduling))
    said = 'pods "p" is forbidden: '
    assert refused(bottle, of_class("none")) == f'{said}pod rejected: RuntimeClass "none" not found'
    why = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"
    assert refused(bottle, of_class(overhead={"cpu": "1"})) == said + why
    why = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
    assert refused(bottle, of_class(None, overhead={"cpu": "1"})) == said + why
    why = "conflict: runtimeClass.scheduling.nodeSelector[disk] = ssd; pod.spec.nodeSelector[disk] = hdd"
    assert refused(bottle, of_class(nodeSelector={"disk": "hdd"})) == said + why
    bottle.ok("POST", PODS, of_class(overhead={"cpu": "0.1"}))


def test_old_names_of_labels_are_warned_of(bottle: Bottle) -> None:
    old = runtime_class(scheduling={"nodeSelector": {"beta.kubernetes.io/os": "linux"}})
    warning = bottle.answer("POST", CLASSES, old).headers["warning"]
    assert "scheduling.nodeSelector: deprecated since v1.14; use" in warning


class TestKubelet:
    def test_there_is_one_handler(self, lab: Lab) -> None:
        lab.client.create("runtimeclasses.node.k8s.io", "", runtime_class("fine"))
        lab.client.create("runtimeclasses.node.k8s.io", "", runtime_class("odd", "kata"))
        lab.run(
            pod("a", sh("sleep 1000"), runtimeClassName="fine"), pod("b", sh("sleep 1000"), runtimeClassName="odd"), seconds=5
        )
        assert (lab.state("a"), lab.state("b")) == ("running", "waiting: ContainerCreating")
        told = lab.events("b")[1]
        failed = (
            "FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = unable to get OCI runtime"
        )
        assert told.startswith(f'{failed} for sandbox "')
        assert told.endswith('": no runtime for "kata" is configured')

    def test_a_class_that_is_gone(self, lab: Lab) -> None:
        lab.client.create("runtimeclasses.node.k8s.io", "", runtime_class("brief"))
        lab.client.create("pods", "default", pod("a", sh("sleep 1000"), runtimeClassName="brief"))
        lab.client.delete("runtimeclasses.node.k8s.io", "", "brief")
        lab.run(seconds=5)
        gone = 'runtimeclass.node.k8s.io "brief" not found'
        assert f"FailedCreatePodSandBox: Failed to create pod sandbox: {gone}" in lab.events("a")
