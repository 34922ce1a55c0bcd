"""What the server takes and warns of, in its own words, in the order of its rules."""

import copy
from typing import Any

import pytest

from podlab.mock.api import warnings
from tests.mock.api.admitting import JOB_TEMPLATE, Obj, admit, jsonable, manifest, of_kind, pod, put, update, with_container
from tests.mock.api.calling import PODS, Bottle

HARD = "requiredDuringSchedulingIgnoredDuringExecution"
SOFT = "preferredDuringSchedulingIgnoredDuringExecution"
NO_SELECTOR = "a null labelSelector results in matching no pod"
DNS = "which can result in surprising behavior; a DNS label is recommended: [must not contain dots]"
LABEL = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with "
    "an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
MASTER = {"key": "node-role.kubernetes.io/master", "operator": "In", "values": ["x", "-x"]}
ARCH = {"key": "beta.kubernetes.io/arch", "operator": "Exists"}
RESOURCES = {
    "Pod": "pods",
    "Service": "services",
    "Deployment": "deployments.apps",
    "DaemonSet": "daemonsets.apps",
    "Job": "jobs.batch",
    "CronJob": "cronjobs.batch",
    "Ingress": "ingresses.networking.k8s.io",
    "ServiceAccount": "serviceaccounts",
    "PersistentVolumeClaim": "persistentvolumeclaims",
    "PersistentVolume": "persistentvolumes",
    "PodTemplate": "podtemplates",
}


def fraction(path: str, value: str) -> str:
    return f'{path}: fractional byte value "{value}" is invalid, must be an integer'


def warned(obj: Obj) -> list[str]:
    return warnings.on_create(RESOURCES[obj["kind"]], admit(obj))


def named(obj: Obj, **metadata: Any) -> Obj:
    return {**obj, "metadata": {**obj["metadata"], **metadata}}


def service(**spec: Any) -> Obj:
    return manifest("v1", "Service", spec={"ports": [{"port": 80}], **spec})


@pytest.mark.parametrize("kind", ["Pod", "Service", "Deployment", "DaemonSet", "Job", "CronJob", "PersistentVolumeClaim"])
def test_nothing_is_said_of_what_is_sound(kind: str) -> None:
    assert warned(of_kind(kind)) == []


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (
            with_container(env=[{"name": "A", "value": "1"}, {"name": "B"}, {"name": "A", "value": "2"}]),
            ['spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply'],
        ),
        (
            with_container(resources={"limits": {"memory": "32m", "ephemeral-storage": "0.5"}}),
            [
                fraction("spec.containers[0].resources.limits[memory]", "32m"),
                fraction("spec.containers[0].resources.requests[memory]", "32m"),
                fraction("spec.containers[0].resources.limits[ephemeral-storage]", "500m"),
                fraction("spec.containers[0].resources.requests[ephemeral-storage]", "500m"),
            ],
        ),
        (
            pod(nodeSelector={"beta.kubernetes.io/os": "linux"}),
            ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
        ),
        (
            pod(nodeSelector={"node-role.kubernetes.io/master": ""}),
            ['spec.nodeSelector[node-role.kubernetes.io/master]: use "node-role.kubernetes.io/control-plane" instead'],
        ),
        (
            pod(affinity={"nodeAffinity": {SOFT: [{"weight": 1, "preference": {"matchExpressions": [MASTER]}}]}}),
            [
                f"spec.affinity.nodeAffinity.{SOFT}[0].preference.matchExpressions[0].key: node-role.kubernetes.io/master is use "
                '"node-role.kubernetes.io/control-plane" instead',
                f"spec.affinity.nodeAffinity.{SOFT}[0].preference.matchExpressions[0].values[1]: -x is invalid, {LABEL}",
            ],
        ),
        (
            put(
                of_kind("PersistentVolume"),
                "spec.nodeAffinity",
                {"required": {"nodeSelectorTerms": [{"matchExpressions": [ARCH]}]}},
            ),
            [
                "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/arch is "
                'deprecated since v1.14; use "kubernetes.io/arch" instead'
            ],
        ),
        (
            with_container(
                env=[
                    {"name": "A", "value": "1"},
                    {"name": "A", "value": "$(A)2"},
                    {"name": "A", "value": "$(A)"},
                    {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                ]
            ),
            [
                f'spec.containers[0].env[{index}]: hides previous definition of "A", which may be dropped when using apply'
                for index in (2, 3)
            ],
        ),
        (
            pod(
                volumes=[
                    {"name": "v", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}},
                    {
                        "name": "w",
                        "projected": {
                            "sources": [
                                {"secret": {"name": "s", "items": [{"key": "k", "path": "a"}, {"key": "k", "path": "token"}]}},
                            ]
                        },
                    },
                ]
            ),
            ['spec.volumes[1].projected.sources.secrets[1]: has duplicated path with ServiceAccountToken "token"'],
        ),
        (
            pod(terminationGracePeriodSeconds=-1),
            ["spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"],
        ),
        (
            pod(topologySpreadConstraints=[{"maxSkew": 1, "topologyKey": "x", "whenUnsatisfiable": "DoNotSchedule"}]),
            [f"spec.topologySpreadConstraints[0].labelSelector: {NO_SELECTOR}"],
        ),
        (
            pod(affinity={"podAffinity": {HARD: [{"topologyKey": "x"}]}}),
            [f"spec.affinity.podAffinity.{HARD}[0].labelSelector: {NO_SELECTOR}"],
        ),
        (
            pod(affinity={"podAntiAffinity": {SOFT: [{"weight": 1, "podAffinityTerm": {"topologyKey": "x"}}]}}),
            [f"spec.affinity.podAntiAffinity.{SOFT}[0].podAffinityTerm.labelSelector: {NO_SELECTOR}"],
        ),
        (
            pod(
                volumes=[
                    {"name": "v", "gitRepo": {"repository": "x"}},
                    {"name": "w", "glusterfs": {"endpoints": "a", "path": "b"}},
                ]
            ),
            [
                "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
                "spec.volumes[1].glusterfs: deprecated in v1.25, non-functional in v1.26+",
            ],
        ),
        (
            named(pod(), annotations={"seccomp.security.alpha.kubernetes.io/pod": "runtime/default"}),
            [
                "metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: "
                'non-functional in v1.27+; use the "seccompProfile" field instead'
            ],
        ),
        (pod(imagePullSecrets=[{"name": ""}]), ['spec.imagePullSecrets[0].name: invalid empty name ""']),
        (
            pod(imagePullSecrets=[{"name": "a"}, {"name": "a"}]),
            ['spec.imagePullSecrets[1].name: duplicate name "a"'],
        ),
        (
            pod(hostAliases=[{"ip": "10.0.0.1", "hostnames": ["a"]}, {"ip": "10.0.0.1", "hostnames": ["b"]}]),
            ['spec.hostAliases[1].ip: duplicate ip "10.0.0.1"'],
        ),
        (
            pod(dnsPolicy="None", dnsConfig={"nameservers": ["::ffff:1.2.3.4", "2001:DB8::"]}),
            [
                'spec.dnsConfig.nameservers[0]: non-standard IP address "::ffff:1.2.3.4" will be considered invalid in a future '
                'Kubernetes release: use "1.2.3.4"',
                'spec.dnsConfig.nameservers[1]: IPv6 address "2001:DB8::" should be in RFC 5952 canonical format ("2001:db8::")',
            ],
        ),
        (named(pod(), name="a.b"), [f"metadata.name: this is used in the Pod's hostname, {DNS}"]),
        (named(of_kind("Deployment"), name="a.b"), [f"metadata.name: this is used in Pod names and hostnames, {DNS}"]),
        (named(of_kind("Job"), name="a.b"), [f"metadata.name: this is used in Pod names and hostnames, {DNS}"]),
        (named(of_kind("DaemonSet"), name="a.b"), []),
        (service(clusterIP="None", sessionAffinity="ClientIP"), ["spec.SessionAffinity is ignored for headless services"]),
        (service(clusterIP="None", externalIPs=["1.2.3.4"]), ["spec.externalIPs is ignored for headless services"]),
        (
            service(type="LoadBalancer", loadBalancerSourceRanges=["10.0.0.1/8"]),
            [
                'spec.loadBalancerSourceRanges[0]: CIDR value "10.0.0.1/8" is ambiguous in this context '
                '(should be "10.0.0.0/8" or "10.0.0.1/32"?)'
            ],
        ),
        (service(externalName="a.b"), ['spec.externalName is ignored when spec.type is not "ExternalName"']),
        (
            manifest(
                "batch/v1",
                "Job",
                spec={"template": JOB_TEMPLATE, "completionMode": "Indexed", "completions": 100_001, "parallelism": 10_001},
            ),
            [
                "spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, "
                "Kubernetes might not be able to track completedIndexes when a big number of indexes fail"
            ],
        ),
        (
            put(of_kind("PersistentVolumeClaim"), "spec.resources.requests.storage", "100m"),
            [fraction("spec.resources.requests[storage]", "100m")],
        ),
        (
            put(of_kind("PersistentVolume"), "spec.persistentVolumeReclaimPolicy", "Recycle"),
            [
                "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. "
                "Instead, the recommended approach is to use dynamic provisioning."
            ],
        ),
        (
            named(
                manifest(
                    "networking.k8s.io/v1", "Ingress", spec={"defaultBackend": {"service": {"name": "a", "port": {"number": 80}}}}
                ),
                annotations={"kubernetes.io/ingress.class": "x"},
            ),
            ["annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"],
        ),
        (
            named(of_kind("ServiceAccount"), annotations={"kubernetes.io/enforce-mountable-secrets": "true"}),
            [
                "metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; "
                "prefer separate namespaces to isolate access to mounted secrets"
            ],
        ),
    ],
)
def test_what_is_said(sent: Obj, expected: list[str]) -> None:
    assert warned(sent) == expected


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({}, {}, "duplicate"),
        ({"hostPort": 80}, {}, "overlapping"),
        ({"hostPort": 80, "hostIP": "127.0.0.1"}, {"hostPort": 80}, "dangerously ambiguous"),
        ({"hostPort": 80, "hostIP": "127.0.0.1"}, {"hostPort": 80, "hostIP": "127.0.0.2"}, ""),
        ({}, {"protocol": "UDP"}, ""),
    ],
)
def test_ports_that_meet(first: Obj, second: Obj, words: str) -> None:
    containers = [
        {"name": name, "image": "b", "ports": [{"containerPort": 80, **port}]} for name, port in (("a", first), ("b", second))
    ]
    expected = f"spec.containers[1].ports[0]: {words} port definition with spec.containers[0].ports[0]"
    assert warned(pod(containers=containers)) == ([expected] if words else [])


def test_an_address_without_a_port_of_the_node() -> None:
    shown = "{Name: HostPort:0 ContainerPort:80 Protocol:TCP HostIP:127.0.0.1}"
    sent = with_container(ports=[{"containerPort": 80, "hostIP": "127.0.0.1"}])
    assert warned(sent) == [f"spec.containers[0].ports[0]: hostIP set without hostPort: {shown}"]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("Deployment", "spec.template"),
        ("DaemonSet", "spec.template"),
        ("Job", "spec.template"),
        ("CronJob", "spec.jobTemplate.spec.template"),
        ("PodTemplate", "template"),
    ],
)
def test_templates_are_pods_too(kind: str, path: str) -> None:
    env = [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]
    sent = put(of_kind(kind), f"{path}.spec.containers.0.env", env)
    words = 'hides previous definition of "A", which may be dropped when using apply'
    assert warned(sent) == [f"{path}.spec.containers[0].env[1]: {words}"]


def test_of_changes_only_those_of_the_spec_are_looked_at() -> None:
    old = admit(put(of_kind("Deployment"), "spec.template.spec.nodeSelector", {"beta.kubernetes.io/os": "x"}))
    labelled = update(put(jsonable(old), "metadata.labels", {"a": "b"}), old)
    scaled = update(put(jsonable(old), "spec.replicas", 4), old)
    assert warnings.on_update("deployments.apps", labelled, old) == []
    assert len(warnings.on_update("deployments.apps", scaled, old)) == 1
    selected = admit(pod(nodeSelector={"beta.kubernetes.io/os": "x"}))
    assert warnings.on_update("pods", selected, selected) == []


def test_they_reach_the_client_in_a_header() -> None:
    sent = with_container(env=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}])
    answer = Bottle().answer("POST", PODS, copy.deepcopy(sent))
    words = 'spec.containers[0].env[1]: hides previous definition of \\"A\\", which may be dropped when using apply'
    assert (answer.status, answer.headers["warning"]) == (201, f'299 - "{words}"')
