"""Kinds that users meet beside the workloads: autoscalers without a source of metrics, replication controllers, ingresses."""

from collections.abc import Iterator
from typing import Any

import pytest

from podlab.mock.api.client import InformerEvent
from podlab.mock.api.errors import APIError, Invalid
from tests.mock.api.admitting import admit, manifest
from tests.mock.api.calling import Bottle
from tests.mock.clustered import Lab, sh

Obj = dict[str, Any]
SCALERS = "/apis/autoscaling/{}/namespaces/default/horizontalpodautoscalers"


@pytest.fixture
def lab() -> Iterator[Lab]:
    made = Lab()
    yield made
    made.close()


def deployment(replicas: int) -> Obj:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [sh("sleep 600")]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    return manifest("apps/v1", "Deployment", "web", spec=spec)


def scaler(version: str, **spec: Any) -> Obj:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    return manifest(f"autoscaling/{version}", "HorizontalPodAutoscaler", "web", spec={"scaleTargetRef": target, **spec})


def conditions(lab: Lab) -> dict[str, str]:
    status = lab.client.get("horizontalpodautoscalers.autoscaling", "default", "web")["status"]
    return {one["type"]: f"{one['status']} {one['reason']}" for one in status["conditions"]}


@pytest.mark.parametrize(("replicas", "expected", "why"), [(1, 2, "below Spec.MinReplicas"), (5, 3, "above Spec.MaxReplicas")])
def test_an_autoscaler_keeps_the_bounds(lab: Lab, replicas: int, expected: int, why: str) -> None:
    lab.create("deployments.apps", deployment(replicas))
    lab.create("horizontalpodautoscalers.autoscaling", scaler("v2", minReplicas=2, maxReplicas=3))
    lab.wait(5)
    assert lab.client.get("deployments.apps", "default", "web")["spec"]["replicas"] == expected
    assert lab.events("web", "HorizontalPodAutoscaler") == [
        f"SuccessfulRescale: New size: {expected}; reason: Current number of replicas {why}"
    ]
    assert conditions(lab) == {"AbleToScale": "True SucceededRescale"}


def test_an_autoscaler_says_that_there_are_no_metrics(lab: Lab) -> None:
    lab.create("deployments.apps", deployment(2))
    lab.create("horizontalpodautoscalers.autoscaling", scaler("v2", maxReplicas=3))
    lab.wait(20)
    assert conditions(lab) == {"AbleToScale": "True SucceededGetScale", "ScalingActive": "False FailedGetResourceMetric"}
    error = (
        "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics "
        "API: the server could not find the requested resource (get pods.metrics.k8s.io)"
    )
    whole = "invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value"
    assert lab.events("web", "HorizontalPodAutoscaler") == [
        f"FailedGetResourceMetric: {error}",
        f"FailedComputeMetricsReplicas: {whole}: {error}",
    ]


@pytest.mark.parametrize(
    ("kind", "why"),
    [("Deployment", 'deployments.apps "web" not found'), ("Teapot", 'no matches for kind "Teapot" in group "apps"')],
)
def test_an_autoscaler_says_that_its_target_is_not_there(lab: Lab, kind: str, why: str) -> None:
    made = scaler("v2", maxReplicas=3)
    made["spec"]["scaleTargetRef"]["kind"] = kind
    lab.create("horizontalpodautoscalers.autoscaling", made)
    lab.wait(1)
    assert lab.events("web", "HorizontalPodAutoscaler") == [f"FailedGetScale: {why}"]
    assert conditions(lab) == {"AbleToScale": "False FailedGetScale"}


def test_autoscalers_are_told_in_both_versions() -> None:
    bottle = Bottle()
    old = bottle.ok("POST", SCALERS.format("v1"), scaler("v1", maxReplicas=3, targetCPUUtilizationPercentage=70))
    assert (old["apiVersion"], old["spec"]["targetCPUUtilizationPercentage"]) == ("autoscaling/v1", 70)
    new = bottle.ok("GET", SCALERS.format("v2") + "/web")
    target = {"type": "Utilization", "averageUtilization": 70}
    assert new["spec"]["metrics"] == [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    memory = {"type": "Resource", "resource": {"name": "memory", "target": {"type": "AverageValue", "averageValue": "1Mi"}}}
    new["spec"]["metrics"].append(memory)
    bottle.ok("PUT", SCALERS.format("v2") + "/web", new)
    old = bottle.ok("GET", SCALERS.format("v1") + "/web")
    assert "memory" in old["metadata"]["annotations"]["autoscaling.alpha.kubernetes.io/metrics"]
    old["spec"]["maxReplicas"] = 9
    bottle.ok("PUT", SCALERS.format("v1") + "/web", old)
    [new] = bottle.ok("GET", SCALERS.format("v2"))["items"]
    assert new["spec"]["maxReplicas"] == 9
    assert [metric["resource"]["name"] for metric in new["spec"]["metrics"]] == ["cpu", "memory"]
    assert "annotations" not in new["metadata"]


def test_a_replication_controller_keeps_its_pods(lab: Lab) -> None:
    template = {"metadata": {"labels": {"app": "rc"}}, "spec": {"containers": [sh("sleep 600")]}}
    lab.create(
        "replicationcontrollers", manifest("v1", "ReplicationController", "rc", spec={"replicas": 2, "template": template})
    )
    lab.wait(3)
    pods = lab.client.list("pods", "default", "app=rc")
    assert len(pods) == 2
    assert {pod["metadata"]["ownerReferences"][0]["kind"] for pod in pods} == {"ReplicationController"}
    lab.delete(pods[0]["metadata"]["name"])
    lab.wait(5)
    status = lab.client.get("replicationcontrollers", "default", "rc")["status"]
    assert (status["replicas"], status["readyReplicas"], status["availableReplicas"]) == (2, 2, 2)
    assert lab.client.get("replicationcontrollers", "default", "rc", "scale")["status"]["selector"] == "app=rc"


def test_a_stateful_set_tells_how_far_its_update_is(lab: Lab) -> None:
    """What ``kubectl rollout status`` goes by: all are ready before the next is replaced."""
    template = {
        "metadata": {"labels": {"app": "db"}},
        "spec": {"containers": [sh("sleep 600")], "terminationGracePeriodSeconds": 0},
    }
    spec = {"serviceName": "db", "replicas": 2, "selector": {"matchLabels": {"app": "db"}}, "template": template}
    lab.create("statefulsets.apps", manifest("apps/v1", "StatefulSet", "db", spec=spec))
    lab.wait(10)
    told: list[tuple[int, int]] = []

    def tell(event: InformerEvent) -> None:
        status = event.obj["status"]
        shown = (status.get("readyReplicas", 0), status.get("updatedReplicas", 0))
        if not told or told[-1] != shown:
            told.append(shown)

    lab.client.watch("statefulsets.apps", "default").add_handler(tell)
    lab.patch("statefulsets.apps", "db", {"spec": {"template": {"metadata": {"annotations": {"new": "yes"}}}}})
    lab.wait(20)
    assert told == [(2, 2), (2, 0), (1, 0), (1, 1), (2, 1), (1, 1), (1, 2), (2, 2)]
    history = lab.client.list("controllerrevisions.apps", "default")
    assert sorted(one["revision"] for one in history) == [1, 2]


def ingress(**spec: Any) -> Obj:
    return manifest("networking.k8s.io/v1", "Ingress", "web", spec=spec)


def rule(path: str = "/", kind: str | None = "Prefix", host: str = "", **backend: Any) -> Obj:
    service = {"service": {"name": "web", "port": {"number": 80}}}
    return {"host": host, "http": {"paths": [{"path": path, "pathType": kind, "backend": backend or service}]}}


@pytest.mark.parametrize(
    ("spec", "cause"),
    [
        ({}, "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"),
        ({"rules": [rule("x")]}, 'spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path'),
        ({"rules": [rule("//x")]}, "spec.rules[0].http.paths[0].path: Invalid value: \"//x\": must not contain '//'"),
        ({"rules": [rule(kind=None)]}, "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified"),
        (
            {"rules": [rule(kind="Suffix")]},
            'spec.rules[0].http.paths[0].pathType: Unsupported value: "Suffix": supported values: "Exact", '
            '"ImplementationSpecific", "Prefix"',
        ),
        (
            {"rules": [rule(host="10.0.0.1")]},
            'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
        ),
        (
            {"rules": [rule(service={"name": "web"})]},
            "spec.rules[0].http.paths[0].backend: Required value: port name or number is required",
        ),
        ({"defaultBackend": {}}, 'spec.defaultBackend: Invalid value: "": resource or service backend is required'),
    ],
)
def test_ingresses_are_refused_with_their_causes(spec: Obj, cause: str) -> None:
    with pytest.raises(Invalid) as refused:
        admit(ingress(**spec))
    assert refused.value.status["message"] == f'Ingress.networking.k8s.io "web" is invalid: {cause}'


def test_an_ingress_takes_the_default_class() -> None:
    bottle = Bottle()
    classes = "/apis/networking.k8s.io/v1/ingressclasses"
    default = {"ingressclass.kubernetes.io/is-default-class": "true"}
    made = manifest("networking.k8s.io/v1", "IngressClass", "nginx", spec={"controller": "k8s.io/nginx"})
    made["metadata"]["annotations"] = default
    bottle.ok("POST", classes, made)
    found = bottle.ok("POST", "/apis/networking.k8s.io/v1/namespaces/default/ingresses", ingress(rules=[rule()]))
    assert found["spec"]["ingressClassName"] == "nginx"
    assert found["status"] == {"loadBalancer": {}}
    code, message = bottle.message("PUT", classes + "/nginx", {**made, "spec": {"controller": "other.io/x"}})
    assert code == 422
    assert "field is immutable" in message


def test_a_wildcard_host_stands_for_one_label() -> None:
    admit(ingress(rules=[rule(host="*.example.com")]))
    with pytest.raises(APIError, match=r"a wildcard DNS-1123 subdomain must start with '\*\.'"):
        admit(ingress(rules=[rule(host="a.*.com")]))
