"""What a container finds: its command, environment, files, identity and limits; and where its image comes from."""

from typing import Any

import pytest

from tests.mock.clustered import Lab, config_map, pod, sh

SLEEP = "sleep 3600"


def variables(*entries: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, **({"value": value} if isinstance(value, str) else {"valueFrom": value})} for name, value in entries]


class TestEnvironment:
    def test_expansion(self, lab: Lab) -> None:
        env = variables(("A", "1"), ("B", "$(A)2"), ("C", "$(NO)"), ("D", "$$(A)"), ("A", "9"))
        lab.run(pod("p", sh('echo "$A $B $C $D"; sleep 3600', env=env)))
        assert lab.log("p") == "9 12 $(NO) $(A)\n"

    def test_commands_are_expanded(self, lab: Lab) -> None:
        container = {"name": "app", "image": "busybox:1.37", "command": ["echo"], "args": ["$(A)", "$$(A)", "$(B)"]}
        lab.run(pod("p", {**container, "env": variables(("A", "x y"))}, restartPolicy="Never"))
        assert lab.log("p") == "x y $(A) $(B)\n"

    def test_fields(self, lab: Lab) -> None:
        paths = ("metadata.name", "metadata.namespace", "spec.nodeName", "status.podIP", "status.hostIP", "metadata.labels['a']")
        env = variables(*((f"F{i}", {"fieldRef": {"fieldPath": path}}) for i, path in enumerate(paths)))
        lab.run(pod("p", sh('echo "$F0 $F1 $F2 $F3 $F4 $F5"; sleep 3600', env=env), labels={"a": "b"}))
        assert lab.log("p") == "p default node1 10.244.0.2 172.18.0.2 b\n"

    def test_resources(self, lab: Lab) -> None:
        env = variables(
            ("CPU", {"resourceFieldRef": {"resource": "limits.cpu"}}),
            ("MEMORY", {"resourceFieldRef": {"resource": "limits.memory", "divisor": "1Mi"}}),
            ("NONE", {"resourceFieldRef": {"resource": "requests.cpu", "divisor": "1m"}}),
        )
        limits = {"resources": {"limits": {"cpu": "1500m", "memory": "64Mi"}}}
        lab.run(pod("p", sh('echo "$CPU $MEMORY $NONE"; sleep 3600', env=env, **limits)))
        assert lab.log("p") == "2 64 1500\n"

    def test_maps_and_secrets(self, lab: Lab) -> None:
        lab.create("configmaps", config_map("c", one="1", **{"not.a": "name"}))
        lab.create("secrets", {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"two": "2"}})
        env = variables(("ONE", {"configMapKeyRef": {"name": "c", "key": "one"}}), ("NO", {
            "secretKeyRef": {"name": "gone", "key": "x", "optional": True},
        }))  # fmt: skip
        sources = [{"configMapRef": {"name": "c"}, "prefix": "M_"}, {"secretRef": {"name": "s"}}]
        lab.run(pod("p", sh('echo "$ONE $M_one $two [$NO]"; env | grep not; sleep 3600', env=env, envFrom=sources)))
        assert lab.log("p") == "1 1 2 []\nM_not.a=name\n"

    @pytest.mark.parametrize(
        ("reference", "words"),
        [
            ({"configMapKeyRef": {"name": "c", "key": "no"}}, "couldn't find key no in ConfigMap default/c"),
            ({"configMapKeyRef": {"name": "no", "key": "x"}}, 'configmap "no" not found'),
            ({"secretKeyRef": {"name": "no", "key": "x"}}, 'secret "no" not found'),
        ],
    )
    def test_what_is_missing_keeps_a_container_from_starting(self, lab: Lab, reference: Any, words: str) -> None:
        lab.create("configmaps", config_map("c", one="1"))
        lab.run(pod("p", sh(SLEEP, env=variables(("X", reference)))))
        assert f"Failed: Error: {words}" in lab.events("p")
        lab.until(lambda: lab.state("p") == "waiting: CreateContainerConfigError", 30)

    def test_services_of_the_namespace(self, lab: Lab) -> None:
        lab.create("services", {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "my-db"}, "spec": {
            "clusterIP": "10.96.1.1", "ports": [{"name": "sql", "port": 5432}],
        }})  # fmt: skip
        lab.run(pod("p", sh(SLEEP)), pod("q", sh(SLEEP), enableServiceLinks=False))
        shown = lab.exec("p", "env | grep -E '^(MY_DB|KUBERNETES_SERVICE_HOST)' | sort").splitlines()
        assert shown == [
            "KUBERNETES_SERVICE_HOST=10.96.0.1",
            "MY_DB_PORT=tcp://10.96.1.1:5432",
            "MY_DB_PORT_5432_TCP=tcp://10.96.1.1:5432",
            "MY_DB_PORT_5432_TCP_ADDR=10.96.1.1",
            "MY_DB_PORT_5432_TCP_PORT=5432",
            "MY_DB_PORT_5432_TCP_PROTO=tcp",
            "MY_DB_SERVICE_HOST=10.96.1.1",
            "MY_DB_SERVICE_PORT=5432",
            "MY_DB_SERVICE_PORT_SQL=5432",
        ]
        assert lab.exec("q", "env | grep -c MY_DB") == "0\n"


class TestIdentity:
    def test_names(self, lab: Lab) -> None:
        lab.run(pod("p", sh(SLEEP)), pod("q", sh(SLEEP), hostname="h", subdomain="s"))
        assert lab.exec("p", "hostname; tail -1 /etc/hosts") == "p\n10.244.0.2\tp\n"
        assert lab.exec("q", "hostname; tail -1 /etc/hosts") == "h\n10.244.0.3\th.s.default.svc.cluster.local\th\n"

    def test_host_aliases(self, lab: Lab) -> None:
        lab.run(pod("p", sh(SLEEP), hostAliases=[{"ip": "1.2.3.4", "hostnames": ["a", "b"]}]))
        assert "# Entries added by HostAliases.\n1.2.3.4\ta\tb\n" in lab.exec("p", "cat /etc/hosts")

    @pytest.mark.parametrize(
        ("spec", "text"),
        [
            ({}, "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"),
            (
                {
                    "dnsPolicy": "None",
                    "dnsConfig": {"nameservers": ["1.1.1.1"], "searches": ["x.y"], "options": [{"name": "rotate"}]},
                },
                "search x.y\nnameserver 1.1.1.1\noptions rotate\n",
            ),
        ],
    )
    def test_resolv_conf(self, lab: Lab, spec: Any, text: str) -> None:
        lab.run(pod("p", sh(SLEEP), **spec))
        assert lab.exec("p", "cat /etc/resolv.conf") == text

    def test_users(self, lab: Lab) -> None:
        context = {"runAsUser": 1000, "runAsGroup": 2000, "supplementalGroups": [5]}
        own = sh(SLEEP, "own", securityContext={"runAsUser": 7})
        lab.run(pod("p", sh(SLEEP), own, securityContext=context))
        assert lab.exec("p", "id -u; id -g") == "1000\n2000\n"
        assert lab.exec("p", "id -u", "own") == "7\n"
        assert lab.container("p")["user"]["linux"] == {"uid": 1000, "gid": 2000, "supplementalGroups": [2000, 5]}

    def test_root_is_refused_where_it_must_not_be(self, lab: Lab) -> None:
        lab.run(pod("p", sh(SLEEP, securityContext={"runAsNonRoot": True})))
        words = "container has runAsNonRoot and image will run as root"
        assert any(words in each for each in lab.events("p"))

    def test_a_read_only_root(self, lab: Lab) -> None:
        lab.run(pod("p", sh(SLEEP, securityContext={"readOnlyRootFilesystem": True})))
        assert "Read-only file system" in lab.exec("p", "touch /x")

    def test_working_directory(self, lab: Lab) -> None:
        lab.run(pod("p", sh("pwd; sleep 3600", workingDir="/a/b")))
        assert lab.log("p") == "/a/b\n"

    def test_containers_of_a_pod_share_their_network(self, lab: Lab) -> None:
        lab.run(pod("p", sh("echo hi | nc -l -p 99; sleep 3600", "a"), sh(SLEEP, "b")))
        assert lab.exec("p", "nc localhost 99", "b") == "hi\n"

    def test_processes_are_shared_if_wanted(self, lab: Lab) -> None:
        lab.run(pod("p", sh(SLEEP, "a"), sh(SLEEP, "b"), shareProcessNamespace=True), pod("q", sh(SLEEP, "a"), sh(SLEEP, "b")))
        assert lab.exec("p", "cat /proc/1/comm", "a") == "pause\n"
        assert lab.exec("p", "ps | grep -c '[s]leep 3600'", "a") == "2\n"
        assert lab.exec("q", "ps | grep -c '[s]leep 3600'", "a") == "1\n"


class TestImages:
    def container(self, image: str, **fields: Any) -> dict[str, Any]:
        return {"name": "app", "image": image, "command": ["sleep", "3600"], **fields}

    def test_an_unknown_image(self, lab: Lab) -> None:
        lab.run(pod("p", self.container("no/such:1")), seconds=90)
        assert lab.state("p") in ("waiting: ErrImagePull", "waiting: ImagePullBackOff")
        assert any(each.startswith('Failed: Failed to pull image "no/such:1": ') for each in lab.events("p"))
        assert 'BackOff: Back-off pulling image "no/such:1"' in [each.split(": ErrImagePull")[0] for each in lab.events("p")]
        assert lab.phase("p") == "Pending"

    def test_one_that_must_be_there(self, lab: Lab) -> None:
        lab.run(pod("p", self.container("no/such:1", imagePullPolicy="Never")), seconds=30)
        assert lab.state("p") == "waiting: ErrImageNeverPull"
        assert 'ErrImageNeverPull: Container image "no/such:1" is not present with pull policy of Never' in lab.events("p")

    def test_one_is_pulled_always(self, lab: Lab) -> None:
        lab.run(pod("p", self.container("busybox:1.37", imagePullPolicy="Always")), seconds=10)
        assert lab.reasons("p") == ["Scheduled", "Pulling", "Pulled", "Created", "Started"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("spec", "words"),
        [
            ({"hostPID": True}, "spec.hostPID"),
            ({"hostIPC": True}, "spec.hostIPC"),
            (
                {"securityContext": {"sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]}},
                "spec.securityContext.sysctls",
            ),
        ],
    )
    def test_what_is_not_modelled_is_named(self, lab: Lab, spec: Any, words: str) -> None:
        lab.run(pod("p", sh(SLEEP), **spec))
        assert f"FailedCreatePodSandBox: Failed to create pod sandbox: podlab does not model {words}" in lab.events("p")

    def test_a_node_without_room(self, lab: Lab) -> None:
        wanting = sh(SLEEP, resources={"requests": {"cpu": "5"}})
        lab.run(pod("p", wanting, nodeName="node1"), pod("q", wanting, nodeName="node1"))
        status = lab.pod("q")["status"]
        message = "Node didn't have enough resource: cpu, requested: 5000, used: 5000, capacity: 8000"
        assert (status["phase"], status["reason"], status["message"]) == ("Failed", "OutOfcpu", f"Pod was rejected: {message}")

    def test_a_node_that_is_not_the_one(self, lab: Lab) -> None:
        lab.run(pod("p", sh(SLEEP), nodeName="node1", nodeSelector={"disk": "ssd"}))
        assert lab.pod("p")["status"]["reason"] == "NodeAffinity"


def test_ephemeral_containers_look_into_a_running_pod(lab: Lab) -> None:
    lab.run(pod("p", sh(SLEEP)))
    debugger = {"name": "dbg", "image": "busybox:1.37", "command": ["sh", "-c", "ps; hostname"], "targetContainerName": "app"}
    lab.patch("pods", "p", {"spec": {"ephemeralContainers": [debugger]}}, subresource="ephemeralcontainers", kind="strategic")
    lab.wait(4)
    assert "sleep 3600" in lab.log("p", "dbg")
    assert lab.state("p", "dbg") == "terminated: Completed 0"
    assert lab.is_ready("p")
