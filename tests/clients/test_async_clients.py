"""kubernetes_asyncio, kr8s and lightkube."""

import asyncio
import contextlib
import os
from concurrent.futures import ThreadPoolExecutor

import httpx
import lightkube
import pytest
from lightkube.core.exceptions import ApiError
from lightkube.models.core_v1 import Container, PodSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.core_v1 import ConfigMap, Pod
from lightkube.types import CascadeType, PatchType

from tests.waiting import PATIENCE_SECONDS

pytestmark = [
    pytest.mark.usefixtures("tidy"),
    # what the clients leave behind is their own affair
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Kubernetes version"),
]

SLEEPER = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "sleeper", "labels": {"app": "sleeper"}},
    "spec": {
        "terminationGracePeriodSeconds": 0,
        "containers": [{"name": "c", "image": "busybox:1.37", "command": ["sh", "-c", "echo awake; sleep 600"]}],
    },
}


def test_kubernetes_asyncio(mock, namespace):
    from kubernetes_asyncio import client, config, watch
    from kubernetes_asyncio.stream import WsApiClient
    from kubernetes_asyncio.stream.ws_client import ERROR_CHANNEL, STDOUT_CHANNEL

    async def tour():
        settings = client.Configuration()
        await config.load_kube_config(str(mock.kubeconfig), client_configuration=settings)
        async with client.ApiClient(settings) as plain, WsApiClient(settings) as sockets:
            core = client.CoreV1Api(plain)
            await core.create_namespaced_pod(namespace, SLEEPER)
            async with watch.Watch() as watching:
                async for event in watching.stream(core.list_namespaced_pod, namespace, timeout_seconds=30):
                    if event["object"].status.phase == "Running":
                        break
            assert await core.read_namespaced_pod_log("sleeper", namespace) == "awake\n"
            execute = client.CoreV1Api(sockets).connect_get_namespaced_pod_exec
            options = {"stdin": False, "stdout": True, "stderr": True, "tty": False}
            assert await execute("sleeper", namespace, command=["echo", "hi"], **options) == "hi\n"
            socket = await execute(
                "sleeper", namespace, command=["sh", "-c", "echo x; exit 4"], _preload_content=False, **options
            )
            output, code = b"", None
            async with socket as messages:
                async for message in messages:
                    if message.data[0] == STDOUT_CHANNEL:
                        output += message.data[1:]
                    elif message.data[0] == ERROR_CHANNEL:
                        code = sockets.parse_error_data(message.data[1:].decode())
            assert (output, code) == (b"x\n", 4)
            with pytest.raises(client.ApiException) as missing:
                await core.read_namespaced_pod("nobody", namespace)
            assert missing.value.status == 404
            await core.delete_namespaced_pod("sleeper", namespace)

    asyncio.run(asyncio.wait_for(tour(), PATIENCE_SECONDS))


def test_kubernetes_asyncio_has_every_verb(mock, namespace):
    from kubernetes_asyncio import client, config

    async def tour():
        settings = client.Configuration()
        await config.load_kube_config(str(mock.kubeconfig), client_configuration=settings)
        async with client.ApiClient(settings) as api:
            core, apps = client.CoreV1Api(api), client.AppsV1Api(api)
            made = await core.create_namespaced_config_map(namespace, {"metadata": {"name": "c"}, "data": {"a": "1"}})
            made.data = {"a": "2"}
            replaced = await core.replace_namespaced_config_map("c", namespace, made)
            assert replaced.data == {"a": "2"}
            patched = await core.patch_namespaced_config_map(
                "c", namespace, [{"op": "add", "path": "/data/b", "value": "3"}], _content_type="application/json-patch+json"
            )
            assert patched.data == {"a": "2", "b": "3"}
            applied = await core.patch_namespaced_config_map(
                "d", namespace, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "d"}, "data": {"x": "y"}},
                field_manager="tour", _content_type="application/apply-patch+yaml",
            )  # fmt: skip
            assert applied.metadata.managed_fields[0].operation == "Apply"
            deployed = {
                "metadata": {"name": "web"},
                "spec": {
                    "selector": {"matchLabels": {"app": "sleeper"}},
                    "template": {"metadata": SLEEPER["metadata"], "spec": SLEEPER["spec"]},
                },
            }
            await apps.create_namespaced_deployment(namespace, deployed)
            scale = await apps.patch_namespaced_deployment_scale("web", namespace, {"spec": {"replicas": 2}})
            assert scale.spec.replicas == 2
            while (await apps.read_namespaced_deployment_status("web", namespace)).status.ready_replicas != 2:
                await asyncio.sleep(0.05)
            [pod, _] = (await core.list_namespaced_pod(namespace, label_selector="app=sleeper")).items
            eviction = {"metadata": {"name": pod.metadata.name}}
            await core.create_namespaced_pod_eviction(pod.metadata.name, namespace, eviction)
            token = await core.create_namespaced_service_account_token("default", namespace, {"spec": {"audiences": []}})
            assert token.status.token.count(".") == 2
            await apps.delete_namespaced_deployment("web", namespace, propagation_policy="Foreground")
            await core.delete_collection_namespaced_config_map(namespace, field_selector="metadata.name!=kube-root-ca.crt")
            left = await core.list_namespaced_config_map(namespace)
            assert [each.metadata.name for each in left.items] == ["kube-root-ca.crt"]

    asyncio.run(asyncio.wait_for(tour(), PATIENCE_SECONDS))


def test_kr8s(mock, namespace):
    import kr8s
    from kr8s.asyncio.objects import Pod as AsyncPod

    async def tour():
        api = await kr8s.asyncio.api(kubeconfig=str(mock.kubeconfig), namespace=namespace)
        pod = await AsyncPod({**SLEEPER, "metadata": {**SLEEPER["metadata"], "namespace": namespace}}, api=api)
        await pod.create()
        await pod.wait("condition=Ready", timeout=PATIENCE_SECONDS)
        assert [line async for line in pod.logs()] == ["awake"]
        done = await pod.exec(["sh", "-c", "echo out; echo err >&2; exit 3"], check=False)
        assert (done.stdout, done.stderr, done.returncode) == (b"out\n", b"err\n", 3)
        await pod.label({"more": "yes"})
        found = [each async for each in api.get("pods", label_selector={"more": "yes"}, namespace=namespace)]
        assert [each.name for each in found] == ["sleeper"]
        await pod.patch({"metadata": {"annotations": {"a": "b"}}})
        assert pod.annotations["a"] == "b"
        await pod.delete()
        await pod.wait("delete", timeout=PATIENCE_SECONDS)
        assert not await pod.exists()

    asyncio.run(asyncio.wait_for(tour(), PATIENCE_SECONDS))


def test_kr8s_scales_and_watches(mock, namespace):
    import kr8s
    from kr8s.asyncio.objects import Deployment as AsyncDeployment

    async def tour():
        api = await kr8s.asyncio.api(kubeconfig=str(mock.kubeconfig), namespace=namespace)
        template = {"metadata": SLEEPER["metadata"], "spec": SLEEPER["spec"]}
        spec = {"replicas": 1, "selector": {"matchLabels": {"app": "sleeper"}}, "template": template}
        manifest = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "web", "namespace": namespace},
            "spec": spec,
        }
        deployment = await AsyncDeployment(manifest, api=api)
        await deployment.create()
        await deployment.wait("condition=Available", timeout=PATIENCE_SECONDS)
        await deployment.scale(3)
        while len(await deployment.pods()) != 3:  # the ReplicaSet's controller makes them a moment later
            await asyncio.sleep(0.05)
        watching = api.watch("pods", namespace=namespace)
        seen = [await anext(watching) for _ in range(3)]
        assert {kind for kind, _ in seen} == {"ADDED"}
        await watching.aclose()
        await deployment.annotate({"note": "seen"})
        assert (await api.version())["major"] == "1"
        await deployment.delete(propagation_policy="Background")

    asyncio.run(asyncio.wait_for(tour(), PATIENCE_SECONDS))


def test_kr8s_forwards_ports(mock, namespace, kubectl):
    import kr8s
    from kr8s.asyncio.objects import Pod as AsyncPod

    kubectl.web()

    async def tour():
        api = await kr8s.asyncio.api(kubeconfig=str(mock.kubeconfig), namespace=namespace)
        pod = await AsyncPod.get("web", namespace=namespace, api=api)
        async with pod.portforward(8080) as port, httpx.AsyncClient(trust_env=False) as http:
            for _ in range(3):
                assert (await http.get(f"http://127.0.0.1:{port}/")).text == "hello from web\n"

    asyncio.run(asyncio.wait_for(tour(), PATIENCE_SECONDS))


@pytest.fixture
def light(mock, namespace):
    settings = lightkube.KubeConfig.from_file(str(mock.kubeconfig)).get()
    with lightkube.Client(config=settings, namespace=namespace, field_manager="lightkube", trust_env=False) as client:
        yield client


def test_lightkube(light, namespace):
    client = light
    made = client.create(ConfigMap(metadata=ObjectMeta(name="c", namespace=namespace), data={"a": "1"}))
    made.data = {"a": "2"}
    assert client.replace(made).data == {"a": "2"}
    with pytest.raises(ApiError) as conflict:
        client.replace(made)
    assert conflict.value.status.code == 409
    applied = client.apply(ConfigMap(metadata=ObjectMeta(name="applied"), data={"x": "y"}))
    assert applied.metadata.managedFields[0].manager == "lightkube"
    assert {each.metadata.name for each in client.list(ConfigMap)} >= {"c", "applied"}
    container = Container(name="c", image="busybox:1.37", command=["sh", "-c", "echo one; echo two"])
    client.create(Pod(metadata=ObjectMeta(name="p"), spec=PodSpec(containers=[container], restartPolicy="Never")))
    for _, pod in client.watch(Pod, fields={"metadata.name": "p"}, server_timeout=120):
        if pod.status is not None and pod.status.phase == "Succeeded":
            break
    assert list(client.log("p")) == ["one\n", "two\n"]
    client.delete(Pod, "p", grace_period=0)
    with pytest.raises(ApiError) as missing:
        client.get(Deployment, "nobody")
    assert missing.value.status.reason == "NotFound"


def test_lightkube_has_every_verb(light):
    deployment = Deployment.from_dict(
        {
            "metadata": {"name": "web"},
            "spec": {
                "selector": {"matchLabels": {"app": "sleeper"}},
                "template": {"metadata": SLEEPER["metadata"], "spec": SLEEPER["spec"]},
            },
        }
    )
    light.create(deployment)
    assert light.get(Deployment.Scale, "web").spec.replicas == 1
    scale = light.patch(Deployment.Scale, "web", {"spec": {"replicas": 2}}, patch_type=PatchType.MERGE)
    assert scale.spec.replicas == 2
    light.wait(Deployment, "web", for_conditions={"Available"})
    patched = light.patch(Deployment, "web", {"metadata": {"labels": {"a": "b"}}}, patch_type=PatchType.MERGE)
    assert patched.metadata.labels == {"a": "b"}
    light.apply(ConfigMap(metadata=ObjectMeta(name="c"), data={"k": "v"}))
    light.deletecollection(ConfigMap)
    with pytest.raises(ApiError) as missing:
        light.get(ConfigMap, "c")
    assert missing.value.status.code == 404
    light.delete(Deployment, "web", cascade=CascadeType.FOREGROUND)


OPERATOR = """
import kopf

@kopf.on.startup()
def settle(settings, **_):
    settings.posting.enabled = True

@kopf.on.create("teas")
@kopf.on.update("teas")
def brew(body, spec, **_):
    kopf.info(body, reason="Brewed", message="a cup is ready")
    return f"{spec['kind']} is ready"

@kopf.on.delete("teas")
def pour_away(**_):
    pass
"""

TEAS = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: teas.podlab.example}
spec:
  group: podlab.example
  scope: Namespaced
  names: {plural: teas, singular: tea, kind: Tea}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {kind: {type: string}}}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
"""


@pytest.fixture
def operator(mock, namespace, kubectl, tmp_path):
    """kopf in a process of its own."""
    import subprocess
    import sys

    kubectl.apply(TEAS)
    kubectl("wait", "--for=condition=Established", "crd/teas.podlab.example", "--timeout=120s")
    (tmp_path / "operator.py").write_text(OPERATOR, "utf-8")
    command = [sys.executable, "-m", "kopf", "run", "--standalone", "-n", namespace, str(tmp_path / "operator.py")]
    environment = {**os.environ, "KUBECONFIG": str(mock.kubeconfig)}
    with (tmp_path / "kopf.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        yield process
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def test_kopf_reconciles_a_custom_resource(operator, kubectl):
    tea = "{{apiVersion: podlab.example/v1, kind: Tea, metadata: {{name: cup}}, spec: {{kind: {}}}}}"
    kubectl.apply(tea.format("oolong"))
    kubectl("wait", "--for=jsonpath={.status.brew}=oolong is ready", "tea/cup", "--timeout=120s")
    kubectl.apply(tea.format("sencha"))
    kubectl("wait", "--for=jsonpath={.status.brew}=sencha is ready", "tea/cup", "--timeout=120s")
    assert kubectl("get", "tea", "cup", "-o", "jsonpath={.metadata.finalizers}") == '["kopf.zalando.org/KopfFinalizerMarker"]'
    kubectl("delete", "tea", "cup", "--timeout=120s")
    assert operator.poll() is None
    assert "Brewed" in kubectl("get", "events", "-o", "jsonpath={.items[*].reason}")


def test_many_clients_at_once(mock, namespace, kubectl):
    def make(number):
        settings = lightkube.KubeConfig.from_file(str(mock.kubeconfig)).get()
        with lightkube.Client(config=settings, namespace=namespace, trust_env=False) as client:
            for each in range(5):
                client.create(ConfigMap(metadata=ObjectMeta(name=f"m-{number}-{each}")))
            return len(list(client.list(ConfigMap)))

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(make, range(8))) >= 40
