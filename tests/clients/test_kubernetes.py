"""The official Python client."""

import contextlib
import http.client
import json
from types import SimpleNamespace

import pytest
import yaml
from kubernetes import client, config, dynamic, utils, watch
from kubernetes.stream import portforward, stream

from tests.waiting import PATIENCE_SECONDS, eventually

pytestmark = [
    pytest.mark.usefixtures("tidy"),
    # what the client leaves behind is its own affair
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

WEB_PORT = 8080


@pytest.fixture
def api(mock):
    made = config.new_client_from_config(str(mock.kubeconfig))
    yield SimpleNamespace(
        client=made, core=client.CoreV1Api(made), apps=client.AppsV1Api(made), custom=client.CustomObjectsApi(made),
        extensions=client.ApiextensionsV1Api(made), version=client.VersionApi(made),
    )  # fmt: skip
    made.close()


def config_map(name, **data):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name, labels={"set": "one"}), data=data)


def test_objects_live_and_die(api, namespace):
    core = api.core
    made = core.create_namespaced_config_map(namespace, config_map("a", key="1"))
    assert made.metadata.uid
    assert core.read_namespaced_config_map("a", namespace).data == {"key": "1"}
    made.data = {"key": "2"}
    newer = core.replace_namespaced_config_map("a", namespace, made)
    assert newer.metadata.resource_version != made.metadata.resource_version
    with pytest.raises(client.ApiException) as conflict:
        core.replace_namespaced_config_map("a", namespace, made)
    assert conflict.value.status == 409
    assert core.patch_namespaced_config_map("a", namespace, {"data": {"more": "3"}}).data == {"key": "2", "more": "3"}
    patch = [{"op": "remove", "path": "/data/more"}]
    assert core.patch_namespaced_config_map("a", namespace, patch).data == {"key": "2"}
    core.create_namespaced_config_map(namespace, config_map("b"))
    listed = core.list_namespaced_config_map(namespace, label_selector="set=one")
    assert [item.metadata.name for item in listed.items] == ["a", "b"]
    core.delete_collection_namespaced_config_map(namespace, label_selector="set=one")
    with pytest.raises(client.ApiException) as missing:
        core.read_namespaced_config_map("a", namespace)
    assert missing.value.status == 404


def test_server_side_apply_names_conflicts(api, namespace):
    def apply(manager, value, **options):
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "applied"}, "data": {"key": value}}
        return api.core.patch_namespaced_config_map(
            "applied", namespace, body, field_manager=manager, _content_type="application/apply-patch+yaml", **options
        )

    apply("one", "1")
    with pytest.raises(client.ApiException) as conflict:
        apply("two", "2")
    assert conflict.value.status == 409
    assert 'conflict with "one"' in json.loads(conflict.value.body)["message"]
    assert apply("two", "2", force=True).data == {"key": "2"}


def test_a_watch_shows_a_pod_become_ready(api, namespace, kubectl):
    kubectl("run", "p", "--image=busybox:1.37", "--", "sleep", "60")
    phases = []
    for event in watch.Watch().stream(api.core.list_namespaced_pod, namespace, timeout_seconds=120):
        phases.append(event["object"].status.phase)
        if phases[-1] == "Running":
            break
    assert phases[0] == "Pending"
    assert phases[-1] == "Running"


def test_a_watch_goes_on_from_a_list(api, namespace):
    listed = api.core.list_namespaced_config_map(namespace)
    api.core.create_namespaced_config_map(namespace, config_map("later"))
    api.core.delete_namespaced_config_map("later", namespace)
    events = watch.Watch().stream(
        api.core.list_namespaced_config_map, namespace, resource_version=listed.metadata.resource_version, timeout_seconds=120
    )
    assert [next(events)["type"] for _ in range(2)] == ["ADDED", "DELETED"]


def test_exec_gives_output_and_exit_code(api, namespace, kubectl):
    kubectl.web()
    connect = api.core.connect_get_namespaced_pod_exec
    options = {"container": "ticker", "stderr": True, "stdout": True}
    command = ["sh", "-c", "echo out; echo err >&2"]
    both = stream(connect, "web", namespace, command=command, stdin=False, tty=False, **options)
    assert sorted(both.split()) == ["err", "out"]
    command = ["sh", "-c", "read line; echo got $line; exit 7"]
    socket = stream(connect, "web", namespace, command=command, stdin=True, tty=False, _preload_content=False, **options)
    socket.write_stdin("this\n")
    socket.run_forever(timeout=PATIENCE_SECONDS)
    assert (socket.read_stdout(), socket.returncode) == ("got this\n", 7)
    socket.close()


def test_logs_are_read_and_followed(api, namespace, kubectl):
    kubectl.web()
    whole = api.core.read_namespaced_pod_log("web", namespace, container="ticker")
    assert whole.startswith("tick 1\n")
    following = api.core.read_namespaced_pod_log("web", namespace, container="ticker", follow=True, _preload_content=False)
    with contextlib.closing(following):
        text = b""
        while b"tick 3\n" not in text:
            text += following.read1() if hasattr(following, "read1") else next(following.stream(64))
    assert text.startswith(b"tick 1\ntick 2\n")


def test_ports_are_forwarded(api, namespace, kubectl):
    kubectl.web()
    forward = portforward(api.core.connect_get_namespaced_pod_portforward, "web", namespace, ports=str(WEB_PORT))
    connection = http.client.HTTPConnection("web")
    connection.sock = forward.socket(WEB_PORT)
    connection.sock.settimeout(PATIENCE_SECONDS)
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"hello from web\n")
    connection.close()
    forward.close()


def test_a_port_where_nobody_listens_says_so(api, namespace, kubectl):
    kubectl.web()
    forward = portforward(api.core.connect_get_namespaced_pod_portforward, "web", namespace, ports="81")
    assert "connection refused" in eventually(lambda: forward.error(81))
    forward.close()


def test_the_proxy_reaches_a_pod(api, namespace, kubectl):
    kubectl.web()
    assert api.core.connect_get_namespaced_pod_proxy_with_path(f"web:{WEB_PORT}", namespace, "index.html") == "hello from web\n"


DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: pair}
spec:
  replicas: 2
  selector: {matchLabels: {app: pair}}
  template:
    metadata: {labels: {app: pair}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: c, image: "busybox:1.37", args: [sleep, "600"]}]
"""


def test_a_deployment_is_made_from_yaml_and_scaled(api, namespace):
    utils.create_from_dict(api.client, yaml.safe_load(DEPLOYMENT), namespace=namespace)
    for event in watch.Watch().stream(api.apps.list_namespaced_deployment, namespace, timeout_seconds=120):
        if event["object"].status.ready_replicas == 2:
            break
    scale = api.apps.read_namespaced_deployment_scale("pair", namespace)
    scale.spec.replicas = 1
    assert api.apps.replace_namespaced_deployment_scale("pair", namespace, scale).spec.replicas == 1
    api.apps.delete_namespaced_deployment("pair", namespace, propagation_policy="Foreground")


def test_the_dynamic_client_finds_kinds(api, namespace):
    found = dynamic.DynamicClient(api.client).resources.get(api_version="v1", kind="ConfigMap")
    found.create(namespace=namespace, body={"metadata": {"name": "dynamic"}, "data": {"a": "b"}})
    assert found.get(namespace=namespace, name="dynamic").data.a == "b"


def test_versions_and_errors(api, namespace):
    assert api.version.get_code().major == "1"
    with pytest.raises(client.ApiException) as invalid:
        api.core.create_namespaced_pod(namespace, {"metadata": {"name": "Bad"}, "spec": {"containers": []}})
    assert invalid.value.status == 422
    with pytest.raises(client.ApiException) as large:
        api.core.create_namespaced_config_map(namespace, config_map("large", x="x" * 3_200_000))
    assert large.value.status == 413


def test_the_wrong_token_is_refused(mock):
    wrong = config.new_client_from_config(str(mock.kubeconfig))
    wrong.configuration.api_key["BearerToken"] = "Bearer wrong"
    wrong.configuration.refresh_api_key_hook = None
    with pytest.raises(client.ApiException) as refused:
        client.CoreV1Api(wrong).list_namespace()
    assert refused.value.status == 401
    wrong.close()
