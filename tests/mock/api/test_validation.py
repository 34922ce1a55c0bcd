"""What may not be created, in the server's words."""

from typing import Any

import pytest

from podlab.mock.api.errors import Invalid
from tests.mock.api.admitting import SOUND, Obj, admit, causes, of_kind, pod, put, with_container

_SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with "
    "an alphanumeric character (e.g. 'example.com', regex used for validation is "
    r"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)


def refused(manifest: Obj) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        admit(manifest)
    return causes(caught.value)


@pytest.mark.parametrize("sound", SOUND, ids=lambda each: each["kind"])
def test_what_is_sound_is_taken(sound: Obj) -> None:
    assert admit(sound)["metadata"]["name"] == sound["metadata"]["name"]


@pytest.mark.parametrize(
    "sound", [each for each in SOUND if each["kind"] not in ("Event", "Role", "ClusterRole")], ids=lambda each: each["kind"]
)
def test_every_kind_wants_a_sound_name(sound: Obj) -> None:
    fields = [field for field, _ in refused(put(sound, "metadata.name", "a b/c"))]
    assert fields
    assert fields[0] == "metadata.name"


@pytest.mark.parametrize(
    ("path", "value", "field", "message"),
    [
        ("metadata.name", "Web", "metadata.name", f'Invalid value: "Web": {_SUBDOMAIN}'),
        ("spec.containers", [], "spec.containers", "Required value"),
        ("spec.containers.0.image", "", "spec.containers[0].image", "Required value"),
        (
            "spec.containers.0.image",
            " a",
            "spec.containers[0].image",
            'Invalid value: " a": must not have leading or trailing whitespace',
        ),
        (
            "spec.restartPolicy",
            "Maybe",
            "spec.restartPolicy",
            'Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"',
        ),
        ("spec.terminationGracePeriodSeconds", -1, "spec.terminationGracePeriodSeconds", ""),
        (
            "spec.activeDeadlineSeconds",
            0,
            "spec.activeDeadlineSeconds",
            "Invalid value: 0: must be between 1 and 2147483647, inclusive",
        ),
        (
            "spec.hostAliases",
            [{"ip": "x"}],
            "spec.hostAliases[0].ip",
            'Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        ),
        (
            "spec.containers.0.resources",
            {"limits": {"cpu": "1"}, "requests": {"cpu": "2"}},
            "spec.containers[0].resources.requests",
            'Invalid value: "2": must be less than or equal to cpu limit of 1',
        ),
        ("spec.containers.0.env", [{"name": ""}], "spec.containers[0].env[0].name", "Required value"),
        (
            "spec.containers.0.volumeMounts",
            [{"name": "gone", "mountPath": "/x"}],
            "spec.containers[0].volumeMounts[0].name",
            'Not found: "gone"',
        ),
        (
            "spec.containers.0.livenessProbe",
            {"exec": {"command": ["true"]}, "successThreshold": 2},
            "spec.containers[0].livenessProbe.successThreshold",
            "Invalid value: 2: must be 1",
        ),
        (
            "spec.containers.0.lifecycle",
            {"postStart": {}},
            "spec.containers[0].lifecycle.postStart",
            "Required value: must specify a handler type",
        ),
        (
            "spec.containers.0.env",
            [{"name": "A", "valueFrom": {}}],
            "spec.containers[0].env[0].valueFrom",
            'Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or '
            "`fileKeyRef`",
        ),
        (
            "spec.containers.0.env",
            [{"name": "A", "valueFrom": {"fileKeyRef": {"key": "A", "volumeName": "none", "path": "f"}}}],
            "spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName",
            'Not found: "none"',
        ),
        (
            "spec.containers.0.env",
            [{"name": "A", "valueFrom": {"fileKeyRef": {"key": "=", "volumeName": "v", "path": "../f"}}}],
            "spec.containers[0].env[0].valueFrom.fileKeyRef.path",
            "Invalid value: \"../f\": must not contain '..'",
        ),
        (
            "spec.containers.0.restartPolicyRules",
            [{"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}],
            "spec.containers[0].restartPolicy",
            "Required value: must specify restartPolicy when restart rules are used",
        ),
        (
            "spec.containers.0.restartPolicyRules",
            [{"action": "Pray"}],
            "spec.containers[0].restartPolicyRules[0].exitCodes",
            "Required value: must be specified",
        ),
        (
            "spec.initContainers",
            [{"name": "i", "image": "b", "resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]}],
            "spec.initContainers[0].resizePolicy[0].restartPolicy",
            "Invalid value: \"RestartContainer\": must not be set to 'RestartContainer' for non-sidecar initContainers",
        ),
        (
            "spec.hostnameOverride",
            "A_B",
            "spec.hostnameOverride",
            "Invalid value: \"A_B\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
            "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
            "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        ),
        (
            "spec.tolerations",
            [{"key": "k", "operator": "Exists", "value": "v"}],
            "spec.tolerations[0].operator",
            "Invalid value: \"v\": value must be empty when `operator` is 'Exists'",
        ),
        ("spec.os", {"name": "plan9"}, "spec.os", 'Unsupported value: "plan9": supported values: "linux", "windows"'),
        (
            "spec.tolerations",
            [{"key": "k", "operator": "Has"}],
            "spec.tolerations[0].operator",
            'Unsupported value: "Has": supported values: "Equal", "Exists"',
        ),
    ],
)
def test_pods_are_refused_with_their_causes(path: str, value: Any, field: str, message: str) -> None:
    if message:
        assert (field, message) in refused(put(pod(), path, value))
    else:
        assert admit(put(pod(), path, value))["spec"]["terminationGracePeriodSeconds"] == value


def test_all_causes_are_told_in_order() -> None:
    both = put(put(pod(), "spec.containers.0.image", ""), "spec.containers.0.name", "A")
    assert [field for field, _ in refused(both)] == ["spec.containers[0].name", "spec.containers[0].image"]


def test_the_message_joins_the_causes() -> None:
    with pytest.raises(Invalid) as caught:
        admit(put(put(pod(), "spec.containers.0.image", ""), "spec.restartPolicy", "x"))
    first, second = "spec.containers[0].image: Required value", 'spec.restartPolicy: Unsupported value: "x": supported values: '
    assert caught.value.message == f'Pod "x" is invalid: [{first}, {second}"Always", "OnFailure", "Never"]'
    assert caught.value.http_code == 422


def test_init_containers_have_no_probes_unless_they_are_sidecars() -> None:
    init = {"name": "i", "image": "b", "readinessProbe": {"exec": {"command": ["true"]}}}
    why = "Forbidden: may not be set for init containers without restartPolicy=Always"
    assert refused(pod(initContainers=[init])) == [("spec.initContainers[0].readinessProbe", why)]
    admit(pod(initContainers=[{**init, "restartPolicy": "Always"}]))


def test_two_containers_may_not_share_a_name_or_a_port_of_the_node() -> None:
    port = {"containerPort": 80, "hostPort": 80}
    pair = [{"name": name, "image": "b", "ports": [port]} for name in ("a", "a")]
    assert refused(pod(containers=pair)) == [
        ("spec.containers[1].name", 'Duplicate value: "a"'),
        ("spec.containers[1].ports[0].hostPort", 'Duplicate value: "TCP//80"'),
    ]


def test_a_volume_that_is_not_sound_cannot_be_mounted() -> None:
    mounts = [{"name": "v", "mountPath": "/v"}]
    bad = put(with_container(volumeMounts=mounts), "spec.volumes", [{"name": "v", "emptyDir": {}, "hostPath": {"path": "/"}}])
    assert refused(bad) == [
        ("spec.volumes[0].hostPath", "Forbidden: may not specify more than 1 volume type"),
        ("spec.containers[0].volumeMounts[0].name", 'Not found: "v"'),
    ]


def test_windows_pods_have_no_linux_settings() -> None:
    bad = pod(os={"name": "windows"}, hostPID=True, securityContext={"runAsUser": 1, "fsGroup": 2})
    why = "Forbidden: cannot be set for a windows pod"
    assert refused(bad) == [
        ("spec.hostPID", why),
        ("spec.securityContext.fsGroup", why),
        ("spec.securityContext.runAsUser", why),
    ]


def test_annotations_and_profiles_must_agree() -> None:
    sure = pod(securityContext={"seccompProfile": {"type": "RuntimeDefault"}})
    sure["metadata"]["annotations"] = {"seccomp.security.alpha.kubernetes.io/pod": "unconfined"}
    why = "Forbidden: seccomp type in annotation and field must match"
    assert refused(sure) == [("spec.securityContext.seccompProfile.type", why)]


@pytest.mark.parametrize(
    ("kind", "path", "value", "field", "message"),
    [
        ("Service", "spec.ports.0.port", 0, "spec.ports[0].port", "Invalid value: 0: must be between 1 and 65535, inclusive"),
        ("Service", "spec.ports", [], "spec.ports", "Required value"),
        (
            "Service",
            "spec.type",
            "Odd",
            "spec.type",
            'Unsupported value: "Odd": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
        ),
        ("ConfigMap", "data", {"a/b": ""}, "data[a/b]", ""),
        ("Secret", "type", "kubernetes.io/tls", "data[tls.crt]", "Required value"),
        ("Deployment", "spec.replicas", -1, "spec.replicas", "Invalid value: -1: must be greater than or equal to 0"),
        ("Deployment", "spec.selector", ..., "spec.selector", "Required value"),
        (
            "Deployment",
            "spec.template.metadata.labels",
            {"app": "b"},
            "spec.template.metadata.labels",
            'Invalid value: {"app":"b"}: `selector` does not match template `labels`',
        ),
        (
            "Job",
            "spec.template.spec.restartPolicy",
            ...,
            "spec.template.spec.restartPolicy",
            'Required value: valid values: "OnFailure", "Never"',
        ),
        ("Job", "spec.completions", -1, "spec.completions", "Invalid value: -1: must be greater than or equal to 0"),
        ("CronJob", "spec.schedule", "* *", "spec.schedule", 'Invalid value: "* *": expected exactly 5 fields, found 2: [* *]'),
        (
            "CronJob",
            "spec.timeZone",
            "Europe/Atlantis",
            "spec.timeZone",
            'Invalid value: "Europe/Atlantis": unknown time zone Europe/Atlantis',
        ),
        (
            "PersistentVolumeClaim",
            "spec.accessModes",
            [],
            "spec.accessModes",
            "Required value: at least 1 access mode is required",
        ),
        ("PersistentVolume", "spec.hostPath", ..., "spec", "Required value: must specify a volume type"),
        (
            "ResourceQuota",
            "spec.hard",
            {"pods": "-1"},
            "spec.hard[pods]",
            'Invalid value: "-1": must be greater than or equal to 0',
        ),
        (
            "LimitRange",
            "spec.limits.0.type",
            "Thing",
            "spec.limits[0].type",
            'Invalid value: "Thing": must be a standard limit type or fully qualified',
        ),
        ("Lease", "spec.leaseDurationSeconds", 0, "spec.leaseDurationSeconds", "Invalid value: 0: must be greater than 0"),
        ("EndpointSlice", "endpoints.0.addresses", ["x"], "endpoints[0].addresses[0]", ""),
        (
            "NetworkPolicy",
            "spec.policyTypes",
            ["Sideways"],
            "spec.policyTypes[0]",
            'Unsupported value: "Sideways": supported values: "Egress", "Ingress"',
        ),
        ("HorizontalPodAutoscaler", "spec.maxReplicas", 0, "spec.maxReplicas", "Invalid value: 0: must be greater than 0"),
        ("Role", "rules.0.verbs", [], "rules[0].verbs", "Required value: verbs must contain at least one value"),
        ("RoleBinding", "roleRef.name", "", "roleRef.name", "Required value"),
        (
            "CustomResourceDefinition",
            "spec.scope",
            "World",
            "spec.scope",
            'Unsupported value: "World": supported values: "Cluster", "Namespaced"',
        ),
        ("StatefulSet", "spec.podManagementPolicy", "x", "spec.podManagementPolicy", ""),
        ("DaemonSet", "spec.template.spec.restartPolicy", "Never", "spec.template.spec.restartPolicy", ""),
        (
            "PriorityClass",
            "value",
            2_000_000_000,
            "value",
            "Forbidden: maximum allowed value of a user defined priority is 1000000000",
        ),
        ("Namespace", "metadata.name", "a.b", "metadata.name", ""),
        (
            "Event",
            "involvedObject.namespace",
            "elsewhere",
            "involvedObject.namespace",
            'Invalid value: "elsewhere": does not match event.namespace',
        ),
        ("StorageClass", "provisioner", "", "provisioner", "Required value"),
        ("PodDisruptionBudget", "spec.minAvailable", "150%", "spec.minAvailable", ""),
    ],
)
def test_other_kinds_are_refused_with_their_causes(kind: str, path: str, value: Any, field: str, message: str) -> None:
    found = refused(put(of_kind(kind), path, value))
    assert (field, message) in found if message else field in [each for each, _ in found]
