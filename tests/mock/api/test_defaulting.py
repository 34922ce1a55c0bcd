"""Defaults, mutating admission plugins, and what registries set before an object is stored."""

from typing import Any

import pytest

from podlab.mock.api import admission
from podlab.mock.api.errors import BadRequest, Forbidden
from podlab.mock.api.schema import kind_of
from podlab.mock.kernel import Time
from tests.mock.api.admitting import (
    SOUND,
    Obj,
    admit,
    at,
    context,
    jsonable,
    manifest,
    of_kind,
    plain,
    pod,
    put,
    update,
    with_container,
)


@pytest.mark.parametrize("sound", SOUND, ids=lambda each: each["kind"])
def test_defaulting_twice_is_defaulting_once(sound: Obj) -> None:
    once = admit(sound)
    again = admission.apply_defaults(kind_of(once), once)
    assert again == once
    assert admission.canonical(kind_of(once), once) == once


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("Pod", "spec.restartPolicy", "Always"),
        ("Pod", "spec.terminationGracePeriodSeconds", 30),
        ("Pod", "spec.schedulerName", "default-scheduler"),
        ("Pod", "status.qosClass", "BestEffort"),
        ("Service", "spec.sessionAffinity", "None"),
        ("Service", "spec.ports.0.targetPort", 80),
        ("Service", "spec.internalTrafficPolicy", "Cluster"),
        ("Secret", "type", "Opaque"),
        ("Namespace", "metadata.labels", {"kubernetes.io/metadata.name": "x"}),
        ("Namespace", "spec.finalizers", ["kubernetes"]),
        ("PersistentVolumeClaim", "spec.volumeMode", "Filesystem"),
        ("PersistentVolume", "spec.persistentVolumeReclaimPolicy", "Retain"),
        ("PersistentVolume", "spec.hostPath.type", ""),
        ("ReplicationController", "spec.selector", {"app": "a"}),
        ("Deployment", "spec.progressDeadlineSeconds", 600),
        ("Deployment", "spec.strategy.rollingUpdate", {"maxUnavailable": "25%", "maxSurge": "25%"}),
        ("StatefulSet", "spec.podManagementPolicy", "OrderedReady"),
        ("DaemonSet", "spec.updateStrategy.rollingUpdate", {"maxUnavailable": 1, "maxSurge": 0}),
        ("Job", "spec.backoffLimit", 6),
        ("Job", "spec.completionMode", "NonIndexed"),
        ("CronJob", "spec.concurrencyPolicy", "Allow"),
        ("StorageClass", "volumeBindingMode", "Immediate"),
        ("NetworkPolicy", "spec.policyTypes", ["Ingress"]),
        ("HorizontalPodAutoscaler", "spec.minReplicas", 1),
        ("CustomResourceDefinition", "spec.names.listKind", "FooList"),
    ],
)
def test_kinds_have_their_defaults(kind: str, path: str, value: Any) -> None:
    assert at(admit(of_kind(kind)), path) == value


def test_probes_ports_and_sources_have_their_defaults() -> None:
    probe = {"httpGet": {"port": 80}}
    variable = {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    made = admit(with_container(livenessProbe=probe, env=[variable], ports=[{"containerPort": 80}]))["spec"]["containers"][0]
    assert made["livenessProbe"] == {
        "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"},
        **{"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
    }
    assert made["env"][0]["valueFrom"]["fieldRef"]["apiVersion"] == "v1"
    assert made["ports"][0]["protocol"] == "TCP"


@pytest.mark.parametrize(
    ("image", "policy"),
    [("busybox", "Always"), ("busybox:latest", "Always"), ("busybox:1.37", "IfNotPresent"), ("r:5000/busybox", "Always")],
)
def test_pull_policy_follows_from_the_tag(image: str, policy: str) -> None:
    assert admit(with_container(image=image))["spec"]["containers"][0]["imagePullPolicy"] == policy


def test_requests_come_from_limits() -> None:
    resources = admit(with_container(resources={"limits": {"cpu": "1", "memory": "1Gi"}}))["spec"]["containers"][0]["resources"]
    assert resources["requests"] == {"cpu": "1", "memory": "1Gi"}


def test_a_pod_gets_a_token_unless_it_wants_none() -> None:
    spec = admit(pod())["spec"]
    assert spec["volumes"][0]["name"] == "kube-api-access-zzzzz"
    assert spec["containers"][0]["volumeMounts"][0]["mountPath"] == "/var/run/secrets/kubernetes.io/serviceaccount"
    assert spec["serviceAccountName"] == spec["serviceAccount"] == "default"
    assert "volumes" not in admit(pod(automountServiceAccountToken=False))["spec"]


def test_an_account_that_does_not_want_tokens_mounted_gives_none() -> None:
    account = {"metadata": {"name": "default"}, "automountServiceAccountToken": False, "imagePullSecrets": [{"name": "s"}]}
    spec = admit(pod(), cluster=context(serviceaccounts=[account]))["spec"]
    assert "volumes" not in spec
    assert spec["imagePullSecrets"] == [{"name": "s"}]


def test_a_missing_account_is_forbidden() -> None:
    with pytest.raises(Forbidden, match='serviceaccount "robot" not found'):
        admit(pod(serviceAccountName="robot"))


def test_a_pod_tolerates_nodes_that_fail_for_five_minutes() -> None:
    tolerations = admit(pod())["spec"]["tolerations"]
    assert [each["key"] for each in tolerations] == ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]
    everything = {"operator": "Exists"}
    assert admit(pod(tolerations=[everything]))["spec"]["tolerations"] == [everything]


def test_priority_is_that_of_the_class() -> None:
    urgent = {"metadata": {"name": "urgent"}, "value": 7, "preemptionPolicy": "Never"}
    cluster = context(priorityclasses__scheduling__k8s__io=[urgent])
    spec = admit(pod(priorityClassName="urgent"), cluster=cluster)["spec"]
    assert (spec["priority"], spec["preemptionPolicy"]) == (7, "Never")
    with pytest.raises(Forbidden, match="no PriorityClass with name lazy was found"):
        admit(pod(priorityClassName="lazy"), cluster=cluster)
    with pytest.raises(Forbidden, match="must not be provided in pod spec"):
        admit(pod(priority=3))


def test_limit_ranges_give_containers_what_they_do_not_say() -> None:
    item = {"type": "Container", "default": {"cpu": "1", "memory": "1Gi"}, "defaultRequest": {"cpu": "500m"}}
    ranges = [{"metadata": {"name": "l"}, "spec": {"limits": [item]}}]
    resources = admit(with_container(resources={"limits": {"memory": "2Gi"}}), cluster=context(limitranges=ranges))
    container = resources["spec"]["containers"][0]
    assert container["resources"]["limits"] == {"cpu": "1", "memory": "2Gi"}
    assert container["resources"]["requests"] == {"cpu": "500m", "memory": "2Gi"}


def test_limit_ranges_are_enforced() -> None:
    item = {"type": "Container", "max": {"cpu": "1"}, "min": {"memory": "64Mi"}}
    ranges = [{"metadata": {"name": "l"}, "spec": {"limits": [item]}}]
    made = admit(with_container(resources={"limits": {"cpu": "2", "memory": "1Gi"}, "requests": {"memory": "1Mi"}}))
    with pytest.raises(Forbidden) as caught:
        admission.check_limit_ranges("pods", made, ranges)
    assert "maximum cpu usage per Container is 1, but limit is 2" in caught.value.message
    assert "minimum memory usage per Container is 64Mi, but request is 1Mi" in caught.value.message


def test_quotas_count_and_refuse() -> None:
    quota = {
        "metadata": {"name": "q"},
        "spec": {"hard": {"pods": "1", "requests.cpu": "1"}},
        "status": {"hard": {"pods": "1", "requests.cpu": "1"}},
    }
    made = admit(with_container(resources={"requests": {"cpu": "600m"}}))
    (charged,) = admission.check_quotas("pods", made, [quota])
    assert charged["status"]["used"] == {"pods": "1", "requests.cpu": "600m"}
    with pytest.raises(Forbidden) as caught:
        admission.check_quotas("pods", made, [charged])
    assert (
        "exceeded quota: q, requested: pods=1,requests.cpu=600m, used: pods=1,requests.cpu=600m, limited: pods=1,requests.cpu=1"
        in caught.value.message
    )
    with pytest.raises(Forbidden, match=r"must specify requests\.cpu"):
        admission.check_quotas("pods", admit(pod()), [quota])


def test_quotas_of_a_scope_count_only_what_is_in_it() -> None:
    quota = {"metadata": {"name": "q"}, "spec": {"hard": {"pods": "0"}, "scopes": ["NotBestEffort"]}}
    assert admission.check_quotas("pods", admit(pod()), [quota]) == []
    with pytest.raises(Forbidden, match="exceeded quota"):
        admission.check_quotas("pods", admit(with_container(resources={"limits": {"cpu": "1"}})), [quota])


def test_string_data_becomes_data() -> None:
    made = admit(manifest("v1", "Secret", data={"a": "YQ=="}, stringData={"b": "ü"}))
    assert made["data"] == {"a": "YQ==", "b": "w7w="}
    assert "stringData" not in made


def test_a_job_selects_by_its_own_uid() -> None:
    made = admit(of_kind("Job"))
    assert made["spec"]["selector"]["matchLabels"] == {"batch.kubernetes.io/controller-uid": made["metadata"]["uid"]}
    assert made["spec"]["template"]["metadata"]["labels"]["job-name"] == "x"


def test_a_claim_gets_the_default_class() -> None:
    chosen = {"storageclass.kubernetes.io/is-default-class": "true"}
    fast = {"metadata": {"name": "fast", "creationTimestamp": Time(0), "annotations": chosen}}
    claim = admit(of_kind("PersistentVolumeClaim"), cluster=context(storageclasses__storage__k8s__io=[fast]))
    assert claim["spec"]["storageClassName"] == "fast"


def test_names_are_generated() -> None:
    made = admit({**pod(), "metadata": {"generateName": "web-"}})
    assert made["metadata"]["name"] == "web-zzzzz"


def test_the_namespace_must_be_that_of_the_request() -> None:
    with pytest.raises(BadRequest, match="does not match the namespace"):
        admit({**pod(), "metadata": {"name": "x", "namespace": "elsewhere"}})


def test_nothing_passed_in_is_changed() -> None:
    obj, _ = admission.decode_object(pod(), kind_of(pod()))
    before = plain(obj)
    admission.prepare_for_create("pods", obj, "default", context())
    assert plain(obj) == before


def test_generation_counts_changes_of_the_spec() -> None:
    made = admit(of_kind("Deployment"))
    assert made["metadata"]["generation"] == 1
    sent = jsonable(made)
    assert update(put(sent, "metadata.labels", {"a": "b"}), made)["metadata"]["generation"] == 1
    assert update(put(sent, "spec.replicas", 3), made)["metadata"]["generation"] == 2


def test_clients_may_not_change_status_or_birth() -> None:
    made = {**admit(of_kind("Deployment")), "status": {"replicas": 2}}
    sent = {**jsonable(made), "status": {"replicas": 9}}
    sent["metadata"]["creationTimestamp"] = "2000-01-01T00:00:00Z"
    stored = update(sent, made)
    assert stored["status"] == {"replicas": 2}
    assert stored["metadata"]["creationTimestamp"] == Time(0)
    assert update(sent, made, "status")["status"] == {"replicas": 9}


def test_the_status_changes_nothing_else() -> None:
    made = admit(of_kind("Deployment"))
    sent = put(put(jsonable(made), "spec.replicas", 9), "metadata.labels", {"a": "b"})
    stored = update(sent, made, "status")
    assert stored["spec"] == made["spec"]
    assert "labels" not in stored["metadata"]


def test_a_service_keeps_what_was_allocated_and_gives_back_what_its_type_has_no_use_for() -> None:
    made = admit(manifest("v1", "Service", spec={"type": "NodePort", "ports": [{"port": 80}]}))
    made["spec"].update(clusterIP="10.0.0.1", clusterIPs=["10.0.0.1"])
    made["spec"]["ports"][0]["nodePort"] = 30080
    sent = jsonable(made)
    del sent["spec"]["clusterIP"], sent["spec"]["clusterIPs"], sent["spec"]["ports"][0]["nodePort"]
    kept = update(sent, made)["spec"]
    assert (kept["clusterIP"], kept["ports"][0]["nodePort"]) == ("10.0.0.1", 30080)
    assert "nodePort" not in update(put(jsonable(made), "spec.type", "ClusterIP"), made)["spec"]["ports"][0]


def test_resize_changes_resources_only() -> None:
    made = admit(with_container(resources={"requests": {"cpu": "100m"}}))
    sent = put(jsonable(made), "spec.containers.0.resources", {"requests": {"cpu": "200m"}})
    stored = update(put(sent, "spec.containers.0.image", "other"), made, "resize")
    container = stored["spec"]["containers"][0]
    assert container["resources"] == {"requests": {"cpu": "200m"}}
    assert container["image"] == "busybox:1.37"


def test_ephemeral_containers_are_added_through_their_subresource() -> None:
    made = admit(pod())
    sent = jsonable(made)
    sent["spec"]["ephemeralContainers"] = [{"name": "debug", "image": "busybox:1.37"}]
    stored = update(sent, made, "ephemeralcontainers")
    assert stored["spec"]["ephemeralContainers"][0]["terminationMessagePolicy"] == "File"
    assert stored["spec"]["containers"] == made["spec"]["containers"]


def test_fields_of_features_that_are_switched_off_are_forgotten() -> None:
    sources = [
        {"clusterTrustBundle": {"name": "a", "path": "p"}},
        {"podCertificate": {"signerName": "a/b", "keyType": "ED25519"}},
    ]
    off = {"schedulingGroup": {"podGroupName": "g"}, "volumes": [{"name": "v", "projected": {"sources": sources}}]}
    spec = admit(pod(**off))["spec"]
    assert "schedulingGroup" not in spec
    assert spec["volumes"][0]["projected"]["sources"] == [{}, {}]
    deployment = of_kind("Deployment")
    deployment["spec"]["template"]["spec"].update(off)
    assert "schedulingGroup" not in admit(deployment)["spec"]["template"]["spec"]
