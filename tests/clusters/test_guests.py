"""Clusters that are not podlab's own: over TLS, with credentials as kind, minikube and clouds write them, each in a namespace."""

import base64
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import trustme
import yaml

from podlab.clusters import contexts
from podlab.clusters.mock import Mock
from podlab.clusters.tools import kubectl_path
from podlab.connect import connect
from podlab.errors import ClusterError, PodlabError
from podlab.lab import Lab, wait
from tests.clusters.relay import Relay

CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "1"}}
PLUGIN = """\
import json, os, sys
print(json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": %r}}))
"""


class TLSMock(Mock):
    """A mock that speaks HTTPS, and takes client certificates."""

    def _command(self):
        tls = ["--tls-cert", str(self.folder / "server.pem"), "--client-ca", str(self.folder / "ca.pem")]
        return [*super()._command(), *tls]


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory, authority):
    folder = tmp_path_factory.mktemp("tls")
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    authority.cert_pem.write_to_path(str(folder / "server.pem"), append=True)  # it is its own kubeconfig's authority too
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    mock = TLSMock(folder, pace="virtual")
    mock.up(print)
    assert mock.state().url.startswith("https://")
    yield mock
    mock.down(print)


def token_of(cluster):
    return yaml.safe_load(cluster.kubeconfig.read_text("utf-8"))["users"][0]["user"]["token"]


def encoded(data):
    return base64.b64encode(data).decode()


@pytest.fixture(params=["token", "client certificate", "exec plugin"])
def kubeconfig(request, cluster, authority, tmp_path, monkeypatch):
    """The user's own kubeconfig, whose current context is another cluster, which must never be spoken to."""
    if request.param == "token":
        user = {"token": token_of(cluster)}
    elif request.param == "client certificate":
        issued = authority.issue_cert("admin@example.org", common_name="kubernetes-admin", organization_name="system:masters")
        chain = b"".join(blob.bytes() for blob in issued.cert_chain_pems)
        user = {"client-certificate-data": encoded(chain), "client-key-data": encoded(issued.private_key_pem.bytes())}
    else:
        plugin = tmp_path / "plugin.py"
        plugin.write_text(PLUGIN % token_of(cluster), "utf-8")
        user = {
            "exec": {
                "apiVersion": "client.authentication.k8s.io/v1",
                "command": sys.executable,
                "args": [str(plugin)],
                "interactiveMode": "Never",
            }
        }
    return write_config(cluster, authority, tmp_path, monkeypatch, user)


def write_config(cluster, authority, tmp_path, monkeypatch, user, server=""):
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "far",
                "cluster": {
                    "server": server or cluster.state().url,
                    "certificate-authority-data": encoded(authority.cert_pem.bytes()),
                },
            },
            {"name": "production", "cluster": {"server": "http://127.0.0.1:1"}},
        ],
        "contexts": [
            {"name": "school", "context": {"cluster": "far", "user": "me"}},
            {"name": "production", "context": {"cluster": "production", "user": "me"}},
        ],
        "current-context": "production",
        "users": [{"name": "me", "user": user}],
    }
    path = tmp_path / "config"
    path.write_text(yaml.safe_dump(config), "utf-8")
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


@pytest.fixture
def by_token(cluster, authority, tmp_path, monkeypatch):
    return write_config(cluster, authority, tmp_path, monkeypatch, {"token": token_of(cluster)})


def agree(cluster):
    contexts.agree("school", cluster.state().url, contexts.default_namespace())


def test_context_is_used_by_name_in_a_namespace_that_goes_away(kubeconfig, cluster):
    agree(cluster)
    before = kubeconfig.read_bytes()
    with connect("school") as lab:
        assert lab.namespace == contexts.default_namespace()
        lab.apply(CONFIG)
        assert lab.get(f"namespace/{lab.namespace}")["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "podlab"
    own = Lab(cluster.kubeconfig)
    assert own.wait(f"namespace/{lab.namespace}", "deleted") is None
    assert kubeconfig.read_bytes() == before


def test_context_is_not_used_without_a_yes(by_token):
    with pytest.raises(PodlabError, match="has not been allowed to use the context 'school'") as caught:
        connect("school")
    assert "podlab up --on school --yes" in caught.value.hint


def test_a_yes_is_for_that_server_alone(by_token):
    contexts.agree("school", "https://elsewhere:6443", contexts.default_namespace())
    with pytest.raises(PodlabError, match="has not been allowed"):
        connect("school")


def test_context_may_be_chosen_by_the_environment(by_token, cluster, monkeypatch):
    agree(cluster)
    monkeypatch.setenv("PODLAB_CLUSTER", "school")
    with connect() as lab:
        assert lab.name == "school"


def test_kubeconfig_of_a_file_is_confined_too(by_token, cluster, monkeypatch):
    monkeypatch.setenv("PODLAB_KUBECONFIG", str(cluster.kubeconfig))
    with connect() as lab:
        assert lab.api.allowed == {lab.namespace}
        with pytest.raises(PodlabError, match="podlab did not touch"):
            lab.apply({**CONFIG, "metadata": {"name": "x", "namespace": "default"}})


def test_namespace_that_podlab_did_not_make_is_left_alone(by_token, cluster):
    own = Lab(cluster.kubeconfig)
    own.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "theirs"}})
    contexts.agree("school", cluster.state().url, "theirs")
    with pytest.raises(PodlabError, match="podlab did not make it"):
        connect("school", namespace="theirs")
    assert own.get("namespace/theirs")["status"]["phase"] == "Active"


def test_without_a_choice_the_users_current_context_is_not_touched(by_token):
    lab = connect()
    try:
        assert lab.name == "mock"
    finally:
        Mock().down(print)


def test_unknown_context_lists_those_that_there_are(by_token):
    with pytest.raises(ClusterError, match=r"has no context 'shool'\. It has: school, production"):
        connect("shool")


def test_command_line_asks_remembers_and_removes(by_token, cluster):
    podlab = [sys.executable, "-m", "podlab.cli"]
    refused = subprocess.run([*podlab, "up", "--on", "school"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    subprocess.run([*podlab, "up", "--on", "school", "--yes"], check=True, capture_output=True)
    doctor = subprocess.run([*podlab, "doctor", "--on", "school"], capture_output=True, text=True)
    assert doctor.returncode == 0, doctor.stdout
    assert "all permissions" in doctor.stdout
    status = subprocess.run([*podlab, "status"], capture_output=True, text=True)
    assert f"namespace {contexts.default_namespace()}" in status.stdout
    down = subprocess.run([*podlab, "down", "--on", "school"], capture_output=True, text=True, check=True)
    assert "is removed" in down.stdout
    assert contexts.consents() == {}


def test_doctor_names_the_permissions_that_are_missing(cluster, authority, tmp_path, monkeypatch):
    own = Lab(cluster.kubeconfig)
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "student", "namespace": "default"}}
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "student-views"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
        "subjects": [{"kind": "ServiceAccount", "name": "student", "namespace": "default"}],
    }
    own.apply([account, binding])
    path = "/api/v1/namespaces/default/serviceaccounts/student/token"
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = own.api.connection.json("POST", path, None, request)["status"]["token"]
    write_config(cluster, authority, tmp_path, monkeypatch, {"token": token})
    command = [sys.executable, "-m", "podlab.cli", "doctor", "--on", "school"]
    doctor = subprocess.run(command, capture_output=True, text=True)
    assert doctor.returncode == 1
    missing = doctor.stdout.partition("missing permissions: ")[2].splitlines()[0].split(", ")
    assert {"create pods", "create pods/exec", "delete services", "patch deployments.apps", "create namespaces"} <= set(missing)
    assert not {"get pods", "list pods", "get pods/log"} & set(missing)
    assert "-> ask whoever runs the cluster" in doctor.stdout


def test_question_is_asked_where_somebody_can_answer(by_token, cluster, monkeypatch):
    asked = []
    monkeypatch.setattr(contexts, "_can_ask", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or "n")
    with pytest.raises(PodlabError, match="leaves the cluster"):
        connect("school")
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or "y")
    with connect("school"):
        pass
    with connect("school"):
        pass
    assert len(asked) == 2
    assert cluster.state().url in asked[0]


def test_wrong_authority_is_told(cluster, tmp_path, monkeypatch):
    write_config(cluster, trustme.CA(), tmp_path, monkeypatch, {"token": "x"})
    agree(cluster)
    with pytest.raises(ClusterError, match="certificate"):
        connect("school")


def test_wrong_token_is_told(cluster, authority, tmp_path, monkeypatch):
    write_config(cluster, authority, tmp_path, monkeypatch, {"token": "wrong"})
    agree(cluster)
    with pytest.raises(PodlabError) as caught:
        connect("school")
    assert "Unauthorized" in str(caught.value)
    assert "credentials" in caught.value.hint


def test_plain_kubectl_is_where_podlab_is(by_token, cluster):
    agree(cluster)
    with connect("school") as lab:
        lab.apply(CONFIG)
        environment = {**os.environ, "KUBECONFIG": contexts.for_kubectl(by_token, "school", lab.namespace)}
        listed = subprocess.run(
            [str(kubectl_path()), "get", "configmaps", "-o", "name"], env=environment, capture_output=True, text=True, check=True
        )
        assert "configmap/settings" in listed.stdout.split()
    assert "token" not in (contexts._file().parent / "school.json").read_text("utf-8")


def test_exec_works_over_tls(kubeconfig, cluster):
    agree(cluster)
    with connect("school") as lab:
        lab.apply(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "web"},
                "spec": {
                    "containers": [{"name": "app", "image": "busybox:1.37", "command": ["sleep", "3600"]}],
                    "terminationGracePeriodSeconds": 0,
                },
            }
        )
        lab.wait("pod/web")
        assert lab.exec("web", "cat", stdin="over TLS").stdout == "over TLS"


@pytest.fixture
def relay(cluster, authority, tmp_path, monkeypatch):
    """A network between the cluster and the notebook."""
    between = Relay(urlsplit(cluster.state().url).port)
    server = f"https://127.0.0.1:{between.port}"
    write_config(cluster, authority, tmp_path, monkeypatch, {"token": token_of(cluster)}, server)
    contexts.agree("school", server, contexts.default_namespace())
    yield between
    between.cut()


def test_cluster_that_goes_away_is_told_shortly_and_the_notebook_goes_on_when_it_is_back(relay):
    lab = connect("school")
    lab.apply(CONFIG)
    relay.cut()
    with pytest.raises(ClusterError) as caught:
        lab.get("configmap/settings")
    shown = caught.value._render_traceback_()
    assert shown[0] == f"ClusterError: The cluster at https://127.0.0.1:{relay.port} does not answer (Connection refused)."
    assert shown[2:] == [
        "Hint: check that the cluster is running (`podlab doctor --on school`); when it is back, run the cell again."
    ]
    with pytest.raises(ClusterError):
        lab.apply(CONFIG)
    relay.mend()
    assert lab.get("configmap/settings")["data"] == {"a": "1"}
    assert str(lab.apply({**CONFIG, "data": {"a": "2"}})[0]) == "configmap/settings configured"
    lab.close()


def test_wait_outlasts_a_short_absence(relay, cluster, monkeypatch):
    lab = connect("school")
    pauses = []

    def absent(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            relay.mend()
            Lab(cluster.kubeconfig, namespace=lab.namespace).apply({**CONFIG, "metadata": {"name": "late"}})

    backoff = wait.Backoff
    monkeypatch.setattr(wait, "Backoff", lambda: backoff(sleep=absent))
    watch = lab.api.watch

    def cut_before_the_watch(*arguments, **options):
        monkeypatch.setattr(lab.api, "watch", watch)
        relay.cut()
        return watch(*arguments, **options)

    monkeypatch.setattr(lab.api, "watch", cut_before_the_watch)
    assert lab.wait("configmap/late", "created")["metadata"]["name"] == "late"
    assert pauses[:3] == sorted(pauses[:3])
    assert len(pauses) >= 3
    lab.close()


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_home_of_consents_is_private():
    contexts.agree("a", "b", "c")
    assert contexts._file().parent.stat().st_mode & 0o077 == 0
