"""kubectl: a tour of its commands, as a student would give them."""

import calendar
import contextlib
import re
import socket
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.waiting import PATIENCE_SECONDS, eventually

SLEEPER = """
apiVersion: v1
kind: Pod
metadata: {name: %s}
spec:
  terminationGracePeriodSeconds: 1
  containers: [{name: c, image: "busybox:1.37", args: [%s]}]
"""


def sleeper(name="sleeper", *words):
    return SLEEPER % (name, ", ".join(words or ("sleep", "'600'")))


def row(table, name):
    """The cells of the row that begins with a name."""
    return next(re.split(r"\s{2,}", line.strip()) for line in table.splitlines() if line.startswith(name))


def seconds(age):
    """``1m5s`` -> 65"""
    return sum(int(number) * {"d": 86400, "h": 3600, "m": 60, "s": 1}[unit] for number, unit in re.findall(r"(\d+)([dhms])", age))


def test_apply_get_and_delete(kubectl):
    assert kubectl.apply(sleeper()) == "pod/sleeper created\n"
    assert kubectl.apply(sleeper()) == "pod/sleeper unchanged\n"
    assert kubectl("wait", "--for=condition=Ready", "pod/sleeper", "--timeout=120s") == "pod/sleeper condition met\n"
    assert row(kubectl("get", "pods"), "sleeper")[1:4] == ["1/1", "Running", "0"]
    wide = kubectl("get", "pods", "-o", "wide")
    assert wide.splitlines()[0].split()[5:7] == ["IP", "NODE"]
    assert kubectl.json("get", "pod", "sleeper")["status"]["phase"] == "Running"
    assert "phase: Running" in kubectl("get", "pod", "sleeper", "-o", "yaml")
    assert kubectl("get", "pod", "sleeper", "-o", "jsonpath={.spec.containers[*].name}") == "c"
    assert kubectl("get", "pods", "-o", "name") == "pod/sleeper\n"
    assert kubectl("get", "pods", "--no-headers", "-o", "custom-columns=N:.metadata.name").strip() == "sleeper"
    assert kubectl("delete", "pod", "sleeper") == f'pod "sleeper" deleted from {kubectl.namespace} namespace\n'
    assert kubectl.fails("get", "pod", "sleeper") == 'Error from server (NotFound): pods "sleeper" not found\n'
    assert "No resources found" in kubectl.run("get", "pods").stderr


def test_ages_are_right_after_time_has_jumped(kubectl):
    kubectl.apply(sleeper("crash", "sh", "-c", "'sleep 3; exit 1'"))
    started = time.time()
    kubectl("wait", "--for=jsonpath={.status.containerStatuses[0].restartCount}=3", "pod/crash", "--timeout=120s")
    waited = time.time() - started
    before = time.time()
    table = kubectl("get", "pod", "crash")
    described = kubectl("describe", "pod", "crash")
    after = time.time()
    name, _, _, restarts, age = row(table, "crash")
    assert restarts.startswith("3 ")
    assert seconds(age) >= 3 + 10 + 3 + 20 + 3
    assert seconds(age) > waited
    stamp = kubectl("get", "pod", name, "-o", "jsonpath={.metadata.creationTimestamp}")
    created = calendar.timegm(time.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ"))
    last = re.findall(r"(\S+)(?: \(x\d+ over (\S+)\))?\s+(?:default-scheduler|kubelet)", described)
    for shown in (seconds(age), max(seconds(over or seen) for seen, over in last)):
        assert before - created - 3 <= shown <= after - created + 3


def test_a_watch_shows_a_life(kubectl):
    watching = kubectl.start("get", "pods", "--watch", "--no-headers")
    kubectl.apply(sleeper())
    kubectl("wait", "--for=condition=Ready", "pod/sleeper")
    kubectl("delete", "pod", "sleeper")
    states = []
    for line in watching.stdout:
        states.append(line.split()[2])
        if "Terminating" in states and len(states) > 4:
            break
    watching.kill()
    watching.communicate()
    assert [state for at, state in enumerate(states) if state not in states[:at]][:4] == [
        "Pending", "ContainerCreating", "Running", "Terminating",
    ]  # fmt: skip


def test_logs(kubectl):
    kubectl.web()
    assert kubectl("logs", "web", "-c", "ticker").startswith("tick 1\n")
    assert kubectl("logs", "web", "--all-containers", "--prefix").startswith("[pod/web/ticker] tick 1\n")
    assert "Defaulted container" in kubectl.run("logs", "web").stderr
    assert re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z tick 1\n", kubectl("logs", "web", "-c", "ticker", "--timestamps"))
    following = kubectl.start("logs", "-f", "web", "-c", "ticker", "--tail=1")
    lines = [following.stdout.readline() for _ in range(3)]
    following.kill()
    following.communicate()
    first = int(lines[0].split()[1])
    assert lines == [f"tick {first + each}\n" for each in range(3)]
    assert "not found" in kubectl.fails("logs", "web", "-c", "ticker", "--previous")
    kubectl.apply(sleeper("talk", "sh", "-c", "'echo before; sleep 1; exit 1'"))
    kubectl("wait", "--for=jsonpath={.status.containerStatuses[0].restartCount}=1", "pod/talk")
    assert kubectl("logs", "talk", "--previous") == "before\n"


def test_exec(kubectl):
    kubectl.web()
    ticker = ("web", "-c", "ticker", "--")
    assert kubectl("exec", *ticker, "echo", "a  b") == "a  b\n"
    done = kubectl.run("exec", *ticker, "sh", "-c", "echo out; echo err >&2; exit 42", code=42)
    assert (done.stdout, done.stderr) == ("out\n", "err\ncommand terminated with exit code 42\n")
    assert kubectl("exec", "-i", *ticker, "sh", "-c", "read a; echo got $a; cat", stdin="one\ntwo\n") == "got one\ntwo\n"
    assert "executable file not found in $PATH" in kubectl.fails("exec", *ticker, "nosuch")
    assert "container nosuch is not valid for pod web" in kubectl.fails("exec", "web", "-c", "nosuch", "--", "true")
    big = "x" * 1_000_000
    assert kubectl("exec", "-i", *ticker, "cat", stdin=big) == big


def test_exec_over_spdy(kubectl, monkeypatch):
    monkeypatch.setenv("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false")
    kubectl.web()
    assert kubectl("exec", "-i", "web", "-c", "ticker", "--", "cat", stdin="through spdy\n") == "through spdy\n"
    assert kubectl.run("exec", "web", "-c", "ticker", "--", "sh", "-c", "exit 9", code=9).stderr.endswith("exit code 9\n")


pexpect = pytest.importorskip("pexpect")


def test_exec_with_a_terminal(kubectl):
    kubectl.web()
    started = kubectl.start("version", "--client")
    started.communicate()
    environment = {"KUBECONFIG": str(kubectl.mock.kubeconfig), "HOME": str(kubectl.home), "PATH": "/usr/bin:/bin"}
    words = ["-n", kubectl.namespace, "exec", "-it", "web", "-c", "ticker", "--", "sh"]
    shell = pexpect.spawn(
        started.args[0], words, env=environment, timeout=PATIENCE_SECONDS, encoding="utf-8", dimensions=(30, 90)
    )
    shell.expect_exact("/ # ")
    shell.sendline("echo $((6 * 7))")
    shell.expect_exact("42")
    shell.expect_exact("/ # ")
    shell.sendline("echo be''gun; sleep 1000")
    shell.expect_exact("begun")
    shell.sendintr()
    shell.expect_exact("/ # ")
    shell.sendline("tty; exit 5")
    shell.expect("/dev/pts/[0-9]")
    shell.expect(pexpect.EOF)
    shell.close()
    assert shell.exitstatus == 5


def fetch(port, path="/"):
    """A page of a forwarded port, once it is open."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with opener.open(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE_SECONDS) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError:
            raise
        except (ConnectionRefusedError, urllib.error.URLError):
            assert time.monotonic() < deadline
            time.sleep(0.02)


@contextlib.contextmanager
def forwarding(kubectl, *words):
    """A running port-forward or proxy, and the port that it opened."""
    process = kubectl.start(*words)
    try:
        line = process.stdout.readline()
        yield process, int(re.search(r"127\.0\.0\.1:(\d+)", line)[1])
    finally:
        process.kill()
        process.communicate()


def test_port_forward_carries_http_many_times_at_once(kubectl):
    kubectl.web()
    with forwarding(kubectl, "port-forward", "pod/web", ":8080", "--address=127.0.0.1") as (process, port):
        assert fetch(port) == "hello from web\n"
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda _: fetch(port), range(40))) == {"hello from web\n"}
        with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as half:
            half.sendall(b"GET / HTTP/1.0\r\n\r\n")
            half.shutdown(socket.SHUT_WR)
            assert b"hello from web" in half.recv(65536) + half.recv(65536)
        assert process.poll() is None


def test_port_forward_over_spdy(kubectl, monkeypatch):
    monkeypatch.setenv("KUBECTL_PORT_FORWARD_WEBSOCKETS", "false")
    kubectl.web()
    with forwarding(kubectl, "port-forward", "pod/web", ":8080", "--address=127.0.0.1") as (_, port):
        assert fetch(port) == fetch(port) == "hello from web\n"


def test_port_forward_to_nobody_says_so(kubectl):
    kubectl.web()
    with forwarding(kubectl, "port-forward", "pod/web", ":81", "--address=127.0.0.1") as (process, port):
        with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as client:
            assert client.recv(100) == b""
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert "connection refused" in err
    assert "lost connection to pod" in err


def test_proxy(kubectl):
    kubectl.web()
    kubectl("expose", "pod", "web", "--port=80", "--target-port=http")
    with forwarding(kubectl, "proxy", "--port=0") as (_, port):
        base = f"/api/v1/namespaces/{kubectl.namespace}"
        assert '"gitVersion"' in fetch(port, "/version")
        assert fetch(port, f"{base}/pods/web:8080/proxy/") == "hello from web\n"
        assert fetch(port, f"{base}/services/web/proxy/index.html") == "hello from web\n"
        with pytest.raises(urllib.error.HTTPError) as missing:
            fetch(port, f"{base}/pods/web:8080/proxy/nowhere")
        assert missing.value.code == 404
        missing.value.close()


def test_attach_shows_what_comes(kubectl):
    kubectl.web()
    attached = kubectl.start("attach", "web", "-c", "ticker")
    lines = [attached.stdout.readline() for _ in range(2)]
    attached.kill()
    attached.communicate()
    assert [line.split()[0] for line in lines] == ["tick", "tick"]


def test_cp_there_and_back(kubectl, tmp_path):
    kubectl.web()
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / "sub" / "한글.txt").write_text("안녕\n", "utf-8")
    (tree / "big").write_bytes(bytes(range(256)) * 4000)
    kubectl("cp", str(tree), "web:/tmp/tree", "-c", "ticker")
    assert kubectl("exec", "web", "-c", "ticker", "--", "cat", "/tmp/tree/sub/한글.txt") == "안녕\n"
    kubectl("cp", "web:/tmp/tree", str(tmp_path / "back"), "-c", "ticker")
    assert (tmp_path / "back" / "big").read_bytes() == (tree / "big").read_bytes()


def test_debug_adds_an_ephemeral_container(kubectl):
    kubectl.web()
    kubectl(
        "debug", "web", "--image=busybox:1.37", "--target=ticker", "-c", "dbg", "--attach=false", "--", "sh", "-c", "ps; sleep 60"
    )
    kubectl("wait", "--for=jsonpath={.status.ephemeralContainerStatuses[0].state.running}", "pod/web", "--timeout=120s")
    eventually(lambda: "echo tick" in kubectl("logs", "web", "-c", "dbg"))


def test_run_with_input(kubectl):
    done = kubectl.run("run", "once", "-i", "--rm", "--image=busybox:1.37", "--restart=Never", "--", "cat", stdin="from me\n")
    assert "from me\n" in done.stdout
    assert "deleted" in done.stdout
    kubectl.run("run", "bad", "-i", "--rm", "--image=busybox:1.37", "--restart=Never", "--", "sh", "-c", "cat; exit 3", code=3)


def test_labels_annotations_and_patches(kubectl):
    kubectl.apply(sleeper())
    assert kubectl("label", "pod", "sleeper", "a=b") == "pod/sleeper labeled\n"
    assert "already has a value" in kubectl.fails("label", "pod", "sleeper", "a=c")
    kubectl("annotate", "pod", "sleeper", "why=because")
    kubectl("patch", "pod", "sleeper", "-p", '{"metadata":{"labels":{"one":"1"}}}')
    kubectl("patch", "pod", "sleeper", "--type=merge", "-p", '{"metadata":{"labels":{"two":"2"}}}')
    kubectl("patch", "pod", "sleeper", "--type=json", "-p", '[{"op":"remove","path":"/metadata/labels/a"}]')
    assert kubectl.json("get", "pod", "sleeper")["metadata"]["labels"] == {"one": "1", "two": "2"}
    assert kubectl("get", "pods", "-l", "one=1,two in (2,3)", "-o", "name") == "pod/sleeper\n"
    assert kubectl("get", "pods", "--field-selector=metadata.name!=sleeper", "-o", "name") == ""


def test_edit_diff_and_replace(kubectl, monkeypatch, tmp_path):
    manifest = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {key: %s}}"
    kubectl.apply(manifest % "one")
    monkeypatch.setenv("KUBE_EDITOR", "sed -i s/one/two/")
    assert kubectl("edit", "configmap", "c") == "configmap/c edited\n"
    assert kubectl("get", "cm", "c", "-o", "jsonpath={.data.key}") == "two"
    differing = kubectl.run("diff", "-f", "-", stdin=manifest % "three", code=1)
    assert "-  key: two" in differing.stdout
    assert "+  key: three" in differing.stdout
    kubectl("replace", "-f", "-", stdin=manifest % "four")
    assert kubectl("replace", "--force", "-f", "-", stdin=manifest % "five").endswith("configmap/c replaced\n")


def test_server_side_apply(kubectl):
    manifest = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {key: %s}}"
    apply = ("apply", "--server-side", "-f", "-")
    assert kubectl(*apply, stdin=manifest % "one") == "configmap/c serverside-applied\n"
    conflict = kubectl.fails(*apply, "--field-manager=other", stdin=manifest % "two")
    assert 'conflict with "kubectl"' in conflict
    kubectl(*apply, "--field-manager=other", "--force-conflicts", stdin=manifest % "two")
    assert kubectl("get", "cm", "c", "-o", "jsonpath={.data.key}") == "two"


def test_deployments_roll(kubectl):
    kubectl(
        "create",
        "deployment",
        "d",
        "--image=busybox:1.37",
        "--replicas=2",
        "--",
        "sh",
        "-c",
        "trap exit TERM; while :; do sleep 1; done",
    )
    assert kubectl("rollout", "status", "deployment/d", "--timeout=120s").endswith('deployment "d" successfully rolled out\n')
    kubectl("scale", "deployment/d", "--replicas=3")
    kubectl("rollout", "status", "deployment/d", "--timeout=120s")
    kubectl("set", "env", "deployment/d", "A=B")
    kubectl("rollout", "status", "deployment/d", "--timeout=120s")
    assert kubectl("get", "deployment", "d", "-o", "jsonpath={.status.updatedReplicas}") == "3"
    assert len(kubectl("rollout", "history", "deployment/d").split("\n")) >= 4
    kubectl("rollout", "undo", "deployment/d")
    kubectl("rollout", "status", "deployment/d", "--timeout=120s")
    assert "env" not in kubectl("get", "deployment", "d", "-o", "jsonpath={.spec.template.spec.containers[0]}")
    kubectl("delete", "deployment", "d")


def test_jobs_complete(kubectl):
    kubectl("create", "job", "j", "--image=busybox:1.37", "--", "echo", "done")
    kubectl("wait", "--for=condition=complete", "job/j", "--timeout=120s")
    assert row(kubectl("get", "jobs"), "j")[1:3] == ["Complete", "1/1"]
    assert kubectl("logs", "job/j") == "done\n"


def test_custom_resources(kubectl):
    definition = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: cups.kubectl.example}
spec:
  group: kubectl.example
  scope: Namespaced
  names: {plural: cups, singular: cup, kind: Cup, shortNames: [cu]}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties: {spec: {type: object, required: [size], properties: {size: {type: integer, minimum: 1}}}}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
"""
    kubectl.apply(definition)
    kubectl("wait", "--for=condition=Established", "crd/cups.kubectl.example")
    cup = "{apiVersion: kubectl.example/v1, kind: Cup, metadata: {name: c}, spec: {size: %s}}"
    kubectl.apply(cup % "3")
    assert row(kubectl("get", "cu"), "c")[1] == "3"
    refused = kubectl.fails("apply", "-f", "-", stdin=cup % "0")
    assert "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1" in refused
    assert "<integer>" in kubectl("explain", "cups.spec.size")
    kubectl("delete", "crd", "cups.kubectl.example")


def test_discovery_and_explain(kubectl):
    resources = kubectl("api-resources", "--no-headers", "-o", "name").split()
    assert {"pods", "services", "deployments.apps", "jobs.batch"} <= set(resources)
    assert "apps/v1" in kubectl("api-versions").split()
    assert "FIELD: periodSeconds <integer>" in kubectl("explain", "pod.spec.containers.livenessProbe.periodSeconds")
    assert "Server Version: v1." in kubectl("version")
    assert kubectl("get", "--raw", "/healthz") == "ok"
    assert kubectl("auth", "can-i", "create", "pods") == "yes\n"
    assert kubectl.fails("top", "pods") == "error: Metrics API not available\n"
    assert kubectl.fails("get", "nosuch") == 'error: the server doesn\'t have a resource type "nosuch"\n'
    completed = kubectl("__complete", "get", "pods", "-n", "kube-").splitlines()
    assert {"kube-node-lease", "kube-public", "kube-system"} <= set(completed)


def test_errors_are_the_servers_words(kubectl):
    wrong = kubectl.fails(
        "apply", "-f", "-", stdin="{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, imag: x}]}}"
    )
    assert 'strict decoding error: unknown field "spec.containers[0].imag"' in wrong
    empty = kubectl.fails("apply", "-f", "-", stdin="{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: []}}")
    assert empty == 'The Pod "p" is invalid: spec.containers: Required value\n'
    assert kubectl.fails("delete", "pod", "nosuch") == 'Error from server (NotFound): pods "nosuch" not found\n'
    assert "timed out waiting for the condition on pods/p" in kubectl.fails(
        "wait",
        "--for=condition=Never",
        "pod/p",
        "--timeout=2s",
        stdin=kubectl("run", "p", "--image=busybox:1.37", "--", "sleep", "9"),
    )
    assert "You must be logged in to the server" in kubectl.fails("get", "pods", "--token=wrong")


def test_nodes_are_cordoned_and_drained(kubectl_on, own_mock):
    kubectl = kubectl_on(own_mock())
    node = kubectl("get", "nodes", "-o", "name").strip()
    kubectl.apply(sleeper())
    kubectl("wait", "--for=condition=Ready", "pod/sleeper")
    assert kubectl("cordon", node).endswith("cordoned\n")
    assert "SchedulingDisabled" in kubectl("get", "nodes")
    assert "evicted" in kubectl("drain", node, "--force", "--ignore-daemonsets", "--timeout=120s")
    kubectl("uncordon", node)
    kubectl("taint", node.replace("/", "s ").split()[0], node.split("/")[1], "a=b:NoSchedule")
    kubectl.apply(sleeper("shy"))
    assert "untolerated taint" in str(kubectl.json("get", "events"))


def test_tokens_of_service_accounts_have_their_rights(kubectl):
    token = kubectl("create", "token", "default").strip()
    assert "Forbidden" in kubectl.fails("get", "pods", f"--token={token}")
    kubectl("create", "role", "reader", "--verb=list", "--resource=pods")
    kubectl("create", "rolebinding", "reader", "--role=reader", f"--serviceaccount={kubectl.namespace}:default")
    assert "No resources found" in kubectl.run("get", "pods", f"--token={token}").stderr
    assert kubectl("auth", "can-i", "list", "pods", f"--as=system:serviceaccount:{kubectl.namespace}:default") == "yes\n"
    assert kubectl.run("auth", "can-i", "delete", "pods", "--as=nobody", code=1).stdout == "no\n"
