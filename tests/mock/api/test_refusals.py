"""What the server refuses of kinds that few look at, and in which words."""

from typing import Any

import pytest

from podlab.mock.api.errors import Invalid
from tests.mock.api.admitting import Obj, admit, causes, jsonable, of_kind, put, update
from tests.mock.api.calling import Bottle

SERVICES = "/api/v1/namespaces/default/services"


def refused(manifest: Obj) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        admit(manifest)
    return causes(caught.value)


def service(**spec: Any) -> Obj:
    return put(of_kind("Service"), "spec", {"ports": [{"port": 80}], "selector": {"app": "a"}, **spec})


_SINGLE = (
    "Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"
)
_NO_DUAL = 'Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services'
_NO_SIX = 'Invalid value: "IPv6": not configured on this cluster'


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"ipFamilies": ["IPv6"]}, [("spec.ipFamilies[0]", _NO_SIX)]),
        ({"ipFamilyPolicy": "RequireDualStack"}, [("spec.ipFamilyPolicy", _NO_DUAL)]),
        ({"ipFamilies": ["IPv4", "IPv6"]}, [("spec.ipFamilyPolicy", _SINGLE)]),
        (
            {"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack"},
            [("spec.ipFamilyPolicy", _NO_DUAL), ("spec.ipFamilies[1]", _NO_SIX)],
        ),
        ({"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "PreferDualStack"}, [("spec.ipFamilies[1]", _NO_SIX)]),
        (
            {"clusterIP": "fd00::1"},
            [("spec.clusterIPs[0]", 'Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster')],
        ),
        ({"clusterIP": "None", "ipFamilies": ["IPv6"]}, [("spec.ipFamilies[0]", _NO_SIX)]),
        ({"ipFamilies": ["IPv6"], "ports": []}, [("spec.ipFamilies[0]", _NO_SIX)]),  # before all else is looked at
    ],
)
def test_services_have_the_cluster_s_families(spec: Obj, expected: list[tuple[str, str]]) -> None:
    assert refused(service(**spec)) == expected


@pytest.mark.parametrize(
    ("spec", "families", "policy"),
    [
        ({}, ["IPv4"], "SingleStack"),
        ({"ipFamilyPolicy": "PreferDualStack"}, ["IPv4"], "PreferDualStack"),
        ({"clusterIP": "None"}, ["IPv4"], "SingleStack"),
        ({"clusterIP": "None", "selector": None}, ["IPv4", "IPv6"], "RequireDualStack"),
        ({"clusterIP": "None", "selector": None, "ipFamilies": ["IPv6"]}, ["IPv6", "IPv4"], "RequireDualStack"),
        ({"clusterIP": "None", "selector": None, "ipFamilyPolicy": "SingleStack"}, ["IPv4"], "SingleStack"),
    ],
)
def test_families_of_a_service_are_settled(spec: Obj, families: list[str], policy: str) -> None:
    made = admit(service(**spec))["spec"]
    assert (made["ipFamilies"], made["ipFamilyPolicy"]) == (families, policy)


def test_a_service_gets_no_second_family_by_an_update() -> None:
    made = admit(service())
    with pytest.raises(Invalid) as caught:
        update(put(jsonable(made), "spec.ipFamilyPolicy", "RequireDualStack"), made)
    assert causes(caught.value) == [("spec.ipFamilyPolicy", _NO_DUAL)]
    assert update(put(jsonable(made), "spec.ipFamilyPolicy", ...), made)["spec"]["ipFamilyPolicy"] == "SingleStack"


def test_a_load_balancer_of_local_traffic_has_a_port_for_health_checks() -> None:
    bottle = Bottle()
    wanted = service(type="LoadBalancer", externalTrafficPolicy="Local")
    made = bottle.ok("POST", SERVICES, wanted)
    port = made["spec"]["healthCheckNodePort"]
    assert 30000 <= port < 32768
    assert port != made["spec"]["ports"][0]["nodePort"]
    url = f"{SERVICES}/{made['metadata']['name']}"
    assert bottle.ok("PUT", url, put(made, "spec.healthCheckNodePort", 0))["spec"]["healthCheckNodePort"] == port
    code, words = bottle.message("POST", SERVICES, put({**wanted, "metadata": {"name": "other"}}, "spec.healthCheckNodePort", 80))
    assert code == 500
    assert words == (
        "Internal error occurred: failed to allocate requested HealthCheck NodePort 80: "
        "provided port is not in the valid range. The range of valid ports is 30000-32767"
    )
    made = bottle.ok("GET", url)
    made = bottle.ok("PUT", url, put(made, "spec.externalTrafficPolicy", "Cluster"))
    assert "healthCheckNodePort" not in made["spec"]


_RESOURCE = {"type": "Resource"}


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (
            "spec.metrics",
            [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}],
            [
                (
                    "spec.metrics[0].resource.target.averageUtilization",
                    "Required value: must set either a target raw value or a target utilization",
                )
            ],
        ),
        (
            "spec.metrics",
            [{"type": "Pods", "pods": {"metric": {}, "target": {"type": "Value", "value": "0"}}}],
            [
                ("spec.metrics[0].pods.metric.name", "Required value: must specify a metric name"),
                ("spec.metrics[0].pods.target.value", 'Invalid value: "0": must be positive'),
                ("spec.metrics[0].pods.target.averageValue", "Required value: must specify a positive target averageValue"),
            ],
        ),
        (
            "spec.metrics",
            [{"type": "External", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 0}}}],
            [
                ("spec.metrics[0].resource.target.averageUtilization", "Invalid value: 0: must be greater than 0"),
                ("spec.metrics[0].external", "Required value: must populate information for the given metric source"),
            ],
        ),
        (
            "spec.behavior",
            {"scaleUp": {"selectPolicy": "X", "stabilizationWindowSeconds": 5000, "policies": [{"type": "Pods", "value": 0}]}},
            [
                (
                    "spec.behavior.scaleUp.stabilizationWindowSeconds",
                    "Invalid value: 5000: must be less than or equal to 3600",
                ),
                (
                    "spec.behavior.scaleUp.selectPolicy",
                    'Unsupported value: "X": supported values: "Disabled", "Max", "Min"',
                ),
                ("spec.behavior.scaleUp.policies[0].value", "Invalid value: 0: must be greater than zero"),
                ("spec.behavior.scaleUp.policies[0].periodSeconds", "Invalid value: 0: must be greater than zero"),
            ],
        ),
        ("spec.scaleTargetRef.name", "a/b", [("spec.scaleTargetRef.name", "Invalid value: \"a/b\": may not contain '/'")]),
    ],
)
def test_autoscalers_are_checked_to_the_bottom(path: str, value: Any, expected: list[tuple[str, str]]) -> None:
    assert refused(put(of_kind("HorizontalPodAutoscaler"), path, value)) == expected


@pytest.mark.parametrize(
    ("endpoint", "field", "message"),
    [
        ({"addresses": ["10.0.0.1"] * 101}, "endpoints[0].addresses", "Too many: 101: must have at most 100 items"),
        ({"addresses": ["10.0.0.1"], "hostname": "a.b"}, "endpoints[0].hostname", 'Invalid value: "a.b": must not contain dots'),
    ],
)
def test_endpoints_of_slices_are_checked(endpoint: Obj, field: str, message: str) -> None:
    assert refused(put(of_kind("EndpointSlice"), "endpoints", [endpoint])) == [(field, message)]


def test_exceptions_of_a_block_lie_within_it() -> None:
    block = {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16", "11.0.0.0/16", "10.0.0.0/8"]}
    policy = put(of_kind("NetworkPolicy"), "spec.ingress", [{"from": [{"ipBlock": block}]}])
    path = "spec.ingress[0].from[0].ipBlock.except"
    assert refused(policy) == [
        (f"{path}[1]", 'Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`'),
        (f"{path}[2]", 'Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`'),
    ]


def test_a_job_s_failure_policy_is_shown_as_the_server_holds_it() -> None:
    made = admit(of_kind("Job"))
    rule = {"action": "Ignore", "onExitCodes": {"operator": "In", "values": [1]}}
    with pytest.raises(Invalid) as caught:
        update(put(jsonable(made), "spec.podFailurePolicy", {"rules": [rule]}), made)
    shown = (
        '{"Rules":[{"Action":"Ignore","OnExitCodes":{"ContainerName":null,"Operator":"In","Values":[1]},"OnPodConditions":null}]}'
    )
    assert causes(caught.value)[-1] == ("spec.podFailurePolicy", f"Invalid value: {shown}: field is immutable")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"gmsaCredentialSpec": ""}, 'gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be an empty string'),
        ({"runAsUserName": ""}, 'runAsUserName: Invalid value: "": runAsUserName cannot be an empty string'),
        (
            {"runAsUserName": r"a\b\c"},
            r'runAsUserName: Invalid value: "a\\b\\c": runAsUserName cannot contain more than one backslash',
        ),
        (
            {"runAsUserName": "a;b"},
            'runAsUserName: Invalid value: "a;b": '
            "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]",
        ),
    ],
)
def test_windows_options_are_checked_for_pods_and_containers(options: Obj, words: str) -> None:
    for path in ("spec", "spec.containers.0"):
        pod = put(of_kind("Pod"), f"{path}.securityContext", {"windowsOptions": options})
        field, _, message = words.partition(": ")
        shown = path.replace(".0", "[0]")
        assert refused(pod) == [(f"{shown}.securityContext.windowsOptions.{field}", message)]


def test_processes_of_the_host_are_on_its_network() -> None:
    pod = put(of_kind("Pod"), "spec.securityContext", {"windowsOptions": {"hostProcess": True}})
    why = "hostNetwork must be true if pod contains any hostProcess containers"
    assert refused(pod) == [("spec.hostNetwork", f"Invalid value: false: {why}")]
    assert admit(put(pod, "spec.hostNetwork", True))


_ROOT = "spec.versions[0].schema.openAPIV3Schema"
_NAMED = "must not specify anything other than name and generateName, but metadata is implicitly specified"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (
            "spec.preserveUnknownFields",
            True,
            [
                (
                    "spec.preserveUnknownFields",
                    "Invalid value: true: cannot set to true, "
                    "set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
                )
            ],
        ),
        (
            "spec.versions.0.schema.openAPIV3Schema.properties",
            {"a": {"type": "integer", "default": "x"}},
            [
                (
                    f"{_ROOT}.properties[a].default",
                    f'Invalid value: "string": {_ROOT}.properties[a].default in body must be of type integer: "string"',
                )
            ],
        ),
        (
            "spec.versions.0.schema.openAPIV3Schema.properties",
            {"metadata": {"type": "object", "properties": {"labels": {"type": "object"}}}},
            [(f"{_ROOT}.properties[metadata]", f"Forbidden: {_NAMED}")],
        ),
        (
            "spec.versions.0.subresources",
            {"scale": {"specReplicasPath": ".status.a", "labelSelectorPath": "x"}},
            [
                (
                    "spec.versions[0].subresources.scale.specReplicasPath",
                    'Invalid value: ".status.a": should be a json path under .spec',
                ),
                ("spec.versions[0].subresources.scale.statusReplicasPath", "Required value"),
                (
                    "spec.versions[0].subresources.scale.labelSelectorPath",
                    'Invalid value: "x": must be a simple json path starting with .',
                ),
            ],
        ),
        (
            "spec.versions.0.additionalPrinterColumns",
            [{"name": "", "type": "x", "jsonPath": "a", "format": "y"}],
            [
                ("spec.versions[0].additionalPrinterColumns[0].name", "Required value"),
                (
                    "spec.versions[0].additionalPrinterColumns[0].type",
                    'Invalid value: "x": must be one of boolean,date,integer,number,string',
                ),
                (
                    "spec.versions[0].additionalPrinterColumns[0].format",
                    'Invalid value: "y": must be one of byte,date,date-time,double,float,int32,int64,password',
                ),
                (
                    "spec.versions[0].additionalPrinterColumns[0].JSONPath",
                    'Invalid value: "a": must be a simple json path starting with .',
                ),
            ],
        ),
        (
            "spec.versions.0.deprecationWarning",
            "old",
            [("spec.versions[0].deprecationWarning", 'Invalid value: "old": can only be set for deprecated versions')],
        ),
        (
            "spec.versions.0.schema.openAPIV3Schema.properties",
            {"a": {"x-kubernetes-validations": [{"rule": "nope"}]}},
            [(f"{_ROOT}.properties[a].type", "Required value: must not be empty for specified object fields")],
        ),
    ],
)
def test_versions_of_definitions_are_checked(path: str, value: Any, expected: list[tuple[str, str]]) -> None:
    assert refused(put(of_kind("CustomResourceDefinition"), path, value)) == expected


def test_an_ephemeral_container_has_no_hooks_not_even_empty_ones() -> None:
    made = admit(of_kind("Pod"))
    container = {"name": "d", "image": "busybox:1.37", "lifecycle": {}}
    with pytest.raises(Invalid) as caught:
        update(put(jsonable(made), "spec.ephemeralContainers", [container]), made, "ephemeralcontainers")
    assert ("spec.ephemeralContainers[0].lifecycle", "Forbidden: cannot be set for an Ephemeral Container") in causes(
        caught.value
    )
