"""Pods talk to the API server: over TLS, with their service account's token, in simulated time."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key
from cryptography.x509.oid import NameOID

from podlab.mock.api import pki
from podlab.mock.api.registry.services import KUBERNETES_ADDRESS
from podlab.mock.cluster import NODE_NAME
from podlab.mock.controllers import apiserver
from podlab.mock.kubelet.node_object import HOST_IP
from podlab.mock.server import podserver, within
from tests.mock.clustered import Lab, config_map, pod, sh

Obj = dict[str, Any]
ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
SETUP = f"""
T=$(cat {ACCOUNT}/token)
API=https://kubernetes.default.svc/api/v1/namespaces/default
get() {{ wget -q --no-check-certificate --header "Authorization: Bearer $T" -O - "$@"; }}
raw() {{ printf '%s %s HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer %s\\r\\nConnection: close\\r\\n' "$1" "$2" "${{3-$T}}"; }}
end() {{ printf '\\r\\n'; }}
send() {{ raw "$1" "$2"; printf 'Content-Type: %s\\r\\nContent-Length: %s\\r\\n\\r\\n%s' "$4" "${{#3}}" "$3"; }}
talk() {{ ssl_client kubernetes.default.svc | sed -e '/^\\(Audit-Id\\|Date\\)/d' -e 's/\\r//'; }}
"""


def allow(role: str, account: str = "default") -> Obj:
    subject = {"kind": "ServiceAccount", "name": account, "namespace": "default"}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": role},
        "roleRef": reference, "subjects": [subject],
    }  # fmt: skip


class Pods(Lab):
    """A mock whose API pods can reach, and a pod to ask from."""

    def __init__(self, seed: int = 0, *roles: str, **spec: Any) -> None:
        super().__init__(seed)
        within.serve_pods(self.cluster.kernel, self.cluster.network, self.cluster.api)
        for role in roles:
            self.create("rolebindings.rbac.authorization.k8s.io", allow(role))
        self.run(pod("web", sh("sleep 9999"), labels={"app": "web"}, **spec))

    def ask(self, script: str, name: str = "web", container: str = "app") -> str:
        """What a script prints there, its errors among it."""
        return self.exec(name, f"exec 2>&1; {SETUP}\n{script}", container)


@pytest.fixture
def lab() -> Iterator[Pods]:
    made = Pods(0, "edit")
    yield made
    made.close()


@pytest.fixture
def nobody() -> Iterator[Pods]:
    made = Pods()
    yield made
    made.close()


def test_account_without_rights_is_refused_in_the_servers_words(nobody: Pods) -> None:
    assert nobody.ask('wget -O - --header "Authorization: Bearer $T" $API/pods; echo $?') == (
        "Connecting to kubernetes.default.svc (10.96.0.1:443)\nwget: note: TLS certificate validation not implemented\n"
        "wget: server returned error: HTTP/1.1 403 Forbidden\n1\n"
    )
    assert nobody.ask("{ raw GET /api/v1/namespaces/default/pods; end; } | talk") == (
        "HTTP/1.1 403 Forbidden\nCache-Control: no-cache, private\nContent-Type: application/json\nContent-Length: 282\n"
        "Connection: close\n\n"
        '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods is forbidden: User '
        '\\"system:serviceaccount:default:default\\" cannot list resource \\"pods\\" in API group \\"\\" in the namespace '
        '\\"default\\"","reason":"Forbidden","details":{"kind":"pods"},"code":403}\n'
    )
    assert '"gitVersion":"v1.36' in nobody.ask("get https://kubernetes.default.svc/version")


def _with_header(lab: Pods, path: str, header: str) -> str:
    return lab.ask(f"printf 'GET {path} HTTP/1.1\\r\\nHost: x\\r\\n{header}\\r\\nConnection: close\\r\\n\\r\\n' | talk")


@pytest.mark.parametrize("header", ["X: y", "Authorization: Basic eDp5"])
def test_who_has_no_token_is_anonymous(nobody: Pods, header: str) -> None:
    shown = _with_header(nobody, "/api", header)
    assert shown.startswith("HTTP/1.1 403 Forbidden\n")
    assert 'forbidden: User \\"system:anonymous\\" cannot get path \\"/api\\"","reason":"Forbidden","details":{}' in shown
    assert '"gitVersion":"v1.36' in _with_header(nobody, "/version", header)


def test_wrong_tokens_are_refused(nobody: Pods) -> None:
    shown = _with_header(nobody, "/version", "Authorization: Bearer wrong")
    assert shown.startswith("HTTP/1.1 401 Unauthorized\n")
    assert shown.endswith('"message":"Unauthorized","reason":"Unauthorized","code":401}\n')


def test_token_ends_with_its_pod(lab: Pods) -> None:
    lab.run(pod("short", sh("sleep 9999")))
    token = lab.exec("short", f"cat {ACCOUNT}/token")
    ask = f"T={token}; get $API/pods/web | head -c 11"
    assert lab.ask(ask) == '{"kind":"Po'
    lab.delete("short", 0)
    lab.wait(1)
    assert lab.ask(ask) == "wget: server returned error: HTTP/1.1 401 Unauthorized\n"


def test_mounted_token_is_good_for_longer_than_its_hour(lab: Pods) -> None:
    claims = lab.ask("echo $T | cut -d. -f2 | base64 -d 2>/dev/null | tr ',}' '\\n\\n'").split()
    assert {'"exp":1798761605', '"iat":1767225605', '"warnafter":1767229212'} <= set(claims)
    lab.wait(2 * 3600)
    assert lab.ask("get $API/pods/web | head -c 11") == '{"kind":"Po'


def test_objects_are_made_changed_and_deleted_from_a_pod(lab: Pods) -> None:
    assert '"data":{"a":"b"}' in lab.ask(
        'get --header "Content-Type: application/json" --post-data \'{"metadata":{"name":"c"},"data":{"a":"b"}}\' $API/configmaps'
    )
    assert lab.client.get("configmaps", "default", "c")["metadata"]["managedFields"][0]["manager"] == "Wget"
    path = "/api/v1/namespaces/default/configmaps/c"
    patched = lab.ask(f"""send PATCH {path} '{{"data":{{"a":"z"}}}}' application/merge-patch+json | talk""")
    assert patched.startswith("HTTP/1.1 200 OK\n")
    assert lab.client.get("configmaps", "default", "c")["data"] == {"a": "z"}
    assert '"status":"Success"' in lab.ask(f"{{ raw DELETE {path}; end; }} | talk")
    assert [one["metadata"]["name"] for one in lab.client.list("configmaps", "default")] == ["kube-root-ca.crt"]
    lab.ask(
        """printf '{"metadata":{"name":"made"},"spec":{"containers":[{"name":"app","image":"busybox","args":["true"]}]}}' >/tmp/p
        get --header 'Content-Type: application/json' --post-file /tmp/p $API/pods >/dev/null"""
    )
    assert lab.exists("made")


def test_yaml_may_be_posted_and_errors_are_the_servers(lab: Pods) -> None:
    assert lab.ask("send POST /api/v1/namespaces/default/configmaps 'metadata: {name: A_b}' application/yaml | talk").endswith(
        '"details":{"name":"A_b","kind":"ConfigMap","causes":[{"reason":"FieldValueInvalid","message":"Invalid value: \\"A_b\\": '
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end "
        "with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        '\'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\')","field":"metadata.name"}]},"code":422}\n'
    )


def test_watch_streams_as_things_happen_and_ends_in_time(lab: Pods) -> None:
    begin = lab.seconds
    lab.cluster.kernel.call_after(3 * 10**9, lambda: lab.create("configmaps", config_map("late", a="b")))
    shown = lab.ask(
        'get "$API/configmaps?watch=true&timeoutSeconds=7" | '
        "while read -r line; do echo $(($(date +%s) - S)) $line; done | sed 's/,\"namesp.*//'".replace(
            "get", "S=$(date +%s); get", 1
        )
    )
    assert shown == (
        '0 {"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"kube-root-ca.crt"\n'
        '3 {"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"late"\n'
    )
    assert 7 <= lab.seconds - begin < 7.2


def test_log_is_followed_and_the_stream_ends_with_its_reader(lab: Pods) -> None:
    lab.run(pod("talk", sh("i=0; while sleep 1; do echo line $i; i=$((i+1)); done")))
    first, *lines, last = lab.ask("date +%s; timeout 5 wget -q --no-check-certificate --header \"Authorization: Bearer $T\" -O - "
                                  "\"$API/pods/talk/log?follow=true&tailLines=1\"; date +%s").split("\n")[:-1]  # fmt: skip
    assert [line.partition(" ")[0] for line in lines[:-1]] == ["line"] * len(lines[:-1])
    assert 4 <= len(lines[:-1]) <= 7
    assert int(last) - int(first) == 5
    lab.wait(3)
    assert not lab.cluster.network.node.connections, "somebody still follows"


def test_plain_http_is_told_and_nonsense_is_not(nobody: Pods) -> None:
    said = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
    assert nobody.ask("printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' | nc kubernetes.default 443") == said
    assert nobody.ask("wget -O - http://kubernetes.default:443/").endswith("server returned error: HTTP/1.0 400 Bad Request\n")
    assert nobody.ask("printf 'DELETE /x HTTP/1.1\\r\\n\\r\\n' | nc kubernetes.default 443; echo $?") == "0\n"
    assert nobody.ask("printf 'xy' | nc -w 40 kubernetes.default 443; nc -zv kubernetes.default 443") == (
        "kubernetes.default (10.96.0.1:443) open\n"
    )


def test_long_answers_come_whole_however_slowly_they_are_read(lab: Pods) -> None:
    lab.create("configmaps", config_map("big", text="x" * 900_000))
    slowly = "{ head -c 100000; sleep 2; cat; } | grep -c x"
    assert lab.ask(f"get $API/configmaps/big | {slowly}") == "1\n"
    lab.run(pod("chatty", sh("yes 0123456789abcdef0123456789abcdef | head -n 60000; sleep 9999")))
    assert lab.ask('get "$API/pods/chatty/log" | { sleep 3; wc -c; }') == f"{33 * 60_000}\n"


def test_nonsense_fills_no_log(lab: Pods, caplog: pytest.LogCaptureFixture) -> None:
    for path in ("//[", "/api/v1/namespaces/default/pods?labelSelector=%%ff%%00", "*"):
        assert lab.ask(f"{{ raw GET '{path}' nobody; end; }} | talk")[9:12] in ("400", "401")
    lab.ask("{ raw GET /api wrong; end; } | talk; printf 'nonsense\\r\\n\\r\\n' | ssl_client kubernetes.default")
    assert not caplog.records


def test_connection_is_kept_and_ends_when_it_is_idle(lab: Pods) -> None:
    lab.ask(
        """one() { printf 'GET /healthz HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer %s\\r\\n\\r\\n' "$T"; }
        mkfifo /tmp/f /tmp/g; exec 3<>/tmp/f 4<>/tmp/g; S=$(date +%s)
        (ssl_client kubernetes.default.svc </tmp/f | grep -c HTTP/1.1.200 >/tmp/answers; echo $(($(date +%s) - S)) >/tmp/idle) &
        (ssl_client kubernetes.default.svc </tmp/g; echo $(($(date +%s) - S)) >/tmp/silent) &
        (one >&3; sleep 5; one >&3) & sleep 1"""
    )
    lab.wait(120)
    assert lab.exec("web", "cat /tmp/answers /tmp/idle /tmp/silent").split() == ["2", "95", "32"]


def test_nothing_of_podlabs_own_is_seen_within(lab: Pods) -> None:
    shown = lab.ask("{ raw GET /api/v1/namespaces/default/configmaps; printf 'Podlab-Wait: nonsense\\r\\n'; end; } | talk")
    assert shown.startswith("HTTP/1.1 200 OK\n")
    assert "podlab" not in shown.lower()
    assert lab.ask("{ raw POST /podlab/shutdown; end; } | talk").startswith("HTTP/1.1 403 Forbidden\n")


def test_service_leads_to_the_server_and_is_mended(nobody: Pods) -> None:
    assert apiserver.PORT == within.PORT
    for _ in range(2):
        assert nobody.client.get("endpoints", "default", "kubernetes")["subsets"] == [
            {"addresses": [{"ip": HOST_IP}], "ports": [{"name": "https", "port": 6443, "protocol": "TCP"}]}
        ]
        slices = nobody.client.list("endpointslices.discovery.k8s.io", "default")
        assert [one["metadata"]["name"] for one in slices] == ["kubernetes"]
        assert slices[0]["endpoints"] == [{"addresses": [HOST_IP], "conditions": {"ready": True}}]
        assert nobody.ask("nc -zv kubernetes.default 443") == "kubernetes.default (10.96.0.1:443) open\n"
        nobody.client.delete("endpoints", "default", "kubernetes")
        nobody.client.delete("endpointslices.discovery.k8s.io", "default", "kubernetes")
        nobody.wait(11)


def test_certificate_is_signed_by_the_mounted_authority_for_the_names_in_use(nobody: Pods) -> None:
    assert nobody.exec("web", f"cat {ACCOUNT}/ca.crt") == pki.CA_CERTIFICATE
    authority = x509.load_pem_x509_certificate(pki.CA_CERTIFICATE.encode())
    server = x509.load_pem_x509_certificate(pki.SERVER_CERTIFICATE.encode())
    key = authority.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert server.signature_hash_algorithm is not None
    key.verify(server.signature, server.tbs_certificate_bytes, padding.PKCS1v15(), server.signature_hash_algorithm)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [
        "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", NODE_NAME,
    ]  # fmt: skip
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == [KUBERNETES_ADDRESS, HOST_IP]
    assert server.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "kube-apiserver"
    private = load_der_private_key(base64.b64decode(pki.SERVER_KEY), None)
    assert private.public_key() == server.public_key()


ENVOY = """
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: 8001}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: api
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config:
            virtual_hosts:
            - name: api
              domains: ["*"]
              request_headers_to_add:
              - {header: {key: authorization, value: "Bearer TOKEN"}, append_action: ADD_IF_ABSENT}
              routes: [{match: {prefix: "/"}, route: {cluster: apiserver, timeout: 0s}}]
  clusters:
  - name: apiserver
    type: STRICT_DNS
    load_assignment:
      cluster_name: apiserver
      endpoints:
      - lb_endpoints: [{endpoint: {address: {socket_address: {address: kubernetes.default.svc, port_value: 443}}}}]
    transport_socket:
      name: envoy.transport_sockets.tls
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
        sni: kubernetes.default.svc
        common_tls_context:
          validation_context:
            trusted_ca: {filename: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt}
            match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: NAME}}]
"""
AMBASSADOR = f'sed "s/TOKEN/$(cat {ACCOUNT}/token)/; s/NAME/$NAME/" /config/envoy.yaml >/run/envoy/envoy.yaml'


def ambassador(name: str, certified: str) -> Obj:
    """An application that speaks plain HTTP to an Envoy beside it, which adds TLS and the token."""
    init = {**sh(AMBASSADOR, "write", env=[{"name": "NAME", "value": certified}])}
    init["volumeMounts"] = [{"name": "config", "mountPath": "/config"}, {"name": "run", "mountPath": "/run/envoy"}]
    proxy = {
        "name": "envoy", "image": "envoyproxy/envoy:v1.36.0", "command": ["envoy", "-c", "/run/envoy/envoy.yaml"],
        "volumeMounts": [{"name": "run", "mountPath": "/run/envoy"}],
    }  # fmt: skip
    volumes = [{"name": "config", "configMap": {"name": "envoy"}}, {"name": "run", "emptyDir": {}}]
    return pod(name, sh("sleep 9999"), proxy, initContainers=[init], volumes=volumes)


def test_envoy_is_an_ambassador_to_the_api(lab: Pods) -> None:
    lab.create("configmaps", config_map("envoy", **{"envoy.yaml": ENVOY}))
    lab.run(ambassador("good", "kubernetes.default.svc"), ambassador("bad", "kubernetes.example"), seconds=20)
    url = "http://localhost:8001/api/v1/namespaces/default"
    assert lab.ask(f"wget -qO - {url}/pods/good | head -c 40", "good") == '{"kind":"Pod","apiVersion":"v1","metadat'
    post = f'wget -qO - --post-data \'{{"metadata":{{"name":"c"}}}}\' --header "Content-Type: application/json" {url}/configmaps'
    assert lab.ask(f"{post} | head -c 20", "good") == '{"kind":"ConfigMap",'
    assert lab.ask(f'wget -qO - "{url}/configmaps?watch=true&timeoutSeconds=2" | wc -l', "good") == "3\n"
    assert lab.ask(f'wget -qO - --header "Authorization: Bearer x" {url}/pods', "good").endswith("401 Unauthorized\n")
    assert lab.ask(f"wget -qO - {url}/pods", "bad").endswith("server returned error: HTTP/1.1 503 Service Unavailable\n")


@pytest.mark.parametrize(("port", "reached"), [(6443, True), (443, False)])
def test_network_policy_is_heeded_after_the_services_address(lab: Pods, port: int, reached: bool) -> None:
    rules = [
        {"to": [{"ipBlock": {"cidr": f"{HOST_IP}/32"}}], "ports": [{"port": port}]},
        {"ports": [{"port": 53, "protocol": "UDP"}]},
    ]
    lab.create("networkpolicies.networking.k8s.io", {
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "out"},
        "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Egress"], "egress": rules},
    })  # fmt: skip
    lab.wait(1)
    shown = lab.ask("get -T 3 $API/pods/web | head -c 12")
    assert shown == ('{"kind":"Pod' if reached else "wget: download timed out\n")


def test_pod_in_the_nodes_network_reaches_it_too(lab: Pods) -> None:
    lab.run(pod("host", sh("sleep 9999"), hostNetwork=True))
    assert lab.ask(
        f"get https://localhost:6443/version | head -c 12; get https://{KUBERNETES_ADDRESS}/version | head -c 12", "host"
    ) == ('{"major":"1"{"major":"1"')
    assert lab.ask("nc -l -p 6443", "host") == "nc: bind: Address already in use\n"


def test_one_that_hammers_waits_for_itself_alone(lab: Pods) -> None:
    lab.run(pod("other", sh("sleep 9999")))
    one = "ssl_client kubernetes.default.svc </tmp/f 2>/dev/null & i=$((i+1))"
    lab.ask(
        f"mkfifo /tmp/f; exec 3<>/tmp/f; i=0; while [ $i -lt 200 ]; do {one}; done; sleep 5; get $API/pods/web >/tmp/mine 2>&1"
    )
    connections = lab.cluster.network.node.connections
    assert len(connections) == podserver.CONNECTIONS
    assert "error getting response" in lab.exec("web", "cat /tmp/mine")
    assert lab.ask("get $API/pods/web | head -c 12", "other") == '{"kind":"Pod'
    turns = "while [ $(($(date +%s) - S)) -lt 2 ]; do get $API/pods/web >/dev/null; i=$((i+1)); done"
    shown = lab.ask(f"S=$(date +%s); i=0; {turns}; echo $i", "other")
    assert 10 < int(shown) < 2000


def test_pods_cannot_fill_the_store(lab: Pods, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(podserver, "WRITTEN_BYTES", 3 * podserver.REVISION_BYTES)
    post = 'get --header "Content-Type: application/json" --post-data "{\\"metadata\\":{\\"name\\":\\"c$i\\"}}" $API/configmaps'
    lab.ask(f"i=0; while [ $i -lt 9 ]; do {post} >/dev/null || break; i=$((i+1)); done")
    made = len(lab.client.list("configmaps", "default")) - 1
    assert 0 < made < 5
    shown = lab.ask('send POST /api/v1/namespaces/default/configmaps \'{"metadata":{"name":"z"}}\' application/json | talk')
    assert shown.startswith("HTTP/1.1 500 Internal Server Error\n")
    assert "etcdserver: mvcc: database space exceeded" in shown
    assert lab.ask("get $API/pods/web | head -c 12") == '{"kind":"Pod'


def test_same_seed_same_bytes() -> None:
    def play() -> str:
        lab = Pods(5, "view")
        script = 'get $API/pods | md5sum; get "$API/pods?watch=1&timeoutSeconds=2" | wc -c; grep eth0 /proc/net/dev; date +%s.%N'
        try:
            return lab.ask(script)
        finally:
            lab.close()

    assert play() == play()


def test_nothing_is_loaded_before_a_pod_connects() -> None:
    script = (
        "import sys\nfrom podlab.mock.cluster import Cluster\nfrom podlab.mock.server.inprocess import InProcess\n"
        "InProcess(Cluster()).request('GET', '/version')\nprint('OpenSSL' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
