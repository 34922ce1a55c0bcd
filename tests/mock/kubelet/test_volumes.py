"""Volumes: what stands in them, how changes reach them, and what is said when they cannot be mounted."""

import base64
import json
from typing import Any

import pytest

from tests.mock.clustered import Lab, config_map, pod, sh

SLEEP = "sleep 3600"


def mounted(source: dict[str, Any], script: str = SLEEP, **mount: Any) -> dict[str, Any]:
    """A pod with one volume at /v."""
    container = sh(script, volumeMounts=[{"name": "v", "mountPath": "/v", **mount}])
    return pod("p", container, volumes=[{"name": "v", **source}])


def secret(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data}


class TestEmptyDir:
    def test_containers_of_a_pod_share_it(self, lab: Lab) -> None:
        mounts = {"volumeMounts": [{"name": "v", "mountPath": "/v"}]}
        lab.run(pod("p", sh(SLEEP, "a", **mounts), sh(SLEEP, "b", **mounts), volumes=[{"name": "v", "emptyDir": {}}]))
        lab.exec("p", "echo hello > /v/x", "a")
        assert lab.exec("p", "cat /v/x; stat -c %a /v", "b") == "hello\n777\n"

    def test_it_outlives_its_containers(self, lab: Lab) -> None:
        lab.run(mounted({"emptyDir": {}}, "cat /v/x; echo kept > /v/x; sleep 2; exit 1"), seconds=4)
        assert lab.container("p")["restartCount"] == 1
        assert lab.log("p") == "kept\n"

    def test_in_memory_it_is_as_large_as_its_limit(self, lab: Lab) -> None:
        lab.run(mounted({"emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}}))
        assert "No space left on device" in lab.exec("p", "dd if=/dev/zero of=/v/x bs=1M count=2 2>&1")
        assert "tmpfs" in lab.exec("p", "mount | grep ' /v '")

    def test_a_pod_with_too_much_on_disk_is_evicted(self, lab: Lab) -> None:
        lab.run(mounted({"emptyDir": {"sizeLimit": "1Mi"}}, "dd if=/dev/zero of=/v/x bs=1M count=2; sleep 3600"), seconds=15)
        status = lab.pod("p")["status"]
        assert (status["phase"], status["reason"]) == ("Failed", "Evicted")
        assert status["message"] == 'Usage of EmptyDir volume "v" exceeds the limit "1Mi". '
        assert "Evicted" in lab.reasons("p")

    def test_read_only(self, lab: Lab) -> None:
        lab.run(mounted({"emptyDir": {}}, readOnly=True))
        assert lab.exec("p", "echo x > /v/x") == "sh: can't create /v/x: Read-only file system\n"
        assert lab.container("p")["volumeMounts"][0] == {
            "name": "v", "mountPath": "/v", "readOnly": True, "recursiveReadOnly": "Disabled",
        }  # fmt: skip


class TestConfigMaps:
    def test_keys_are_files(self, lab: Lab) -> None:
        lab.create("configmaps", config_map("c", one="1", two="2"))
        lab.run(mounted({"configMap": {"name": "c"}}))
        assert lab.exec("p", "cd /v; ls; cat one two; readlink one; stat -Lc %a one") == "one\ntwo\n12..data/one\n644\n"
        assert lab.exec("p", "readlink /v/..data").startswith("..2026_01_01_00_00_00.")

    def test_items_and_modes(self, lab: Lab) -> None:
        lab.create("configmaps", config_map("c", one="1", two="2"))
        items = [{"key": "one", "path": "deep/first", "mode": 0o600}, {"key": "two", "path": "second"}]
        lab.run(mounted({"configMap": {"name": "c", "items": items, "defaultMode": 0o440}}))
        assert (
            lab.exec("p", "cd /v; find . -type l | sort; stat -Lc %a deep/first second")
            == "./..data\n./deep\n./second\n600\n440\n"
        )

    def test_changes_arrive_within_the_kubelets_period(self, lab: Lab) -> None:
        lab.create("configmaps", config_map("c", one="old"))
        lab.run(mounted({"configMap": {"name": "c"}}, "touch /v/one 2>/dev/null; sleep 3600"), seconds=10)
        lab.patch("configmaps", "c", {"data": {"one": "new", "two": "more"}})
        assert lab.exec("p", "cat /v/one") == "old"
        before = lab.exec("p", "readlink /v/..data")
        lab.wait(95)
        assert lab.exec("p", "cat /v/one /v/two") == "newmore"
        assert lab.exec("p", "readlink /v/..data") != before

    def test_a_sub_path_does_not_change(self, lab: Lab) -> None:
        lab.create("configmaps", config_map("c", one="old"))
        lab.run(mounted({"configMap": {"name": "c"}}, subPath="one", mountPath="/etc/one"))
        lab.patch("configmaps", "c", {"data": {"one": "new"}})
        lab.wait(120)
        assert lab.exec("p", "cat /etc/one") == "old"

    def test_a_missing_one_is_waited_for(self, lab: Lab) -> None:
        lab.run(mounted({"configMap": {"name": "c"}}), seconds=4)
        assert lab.state("p") == "waiting: ContainerCreating"
        assert 'FailedMount: MountVolume.SetUp failed for volume "v" : configmap "c" not found' in lab.events("p")
        lab.create("configmaps", config_map("c", one="1"))
        lab.until(lambda: lab.is_ready("p"), 10)

    def test_a_missing_key(self, lab: Lab) -> None:
        lab.create("configmaps", config_map("c", one="1"))
        lab.run(mounted({"configMap": {"name": "c", "items": [{"key": "nosuch", "path": "x"}]}}), seconds=4)
        words = 'MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: nosuch'
        assert f"FailedMount: {words}" in lab.events("p")

    def test_optional(self, lab: Lab) -> None:
        lab.run(mounted({"configMap": {"name": "c", "optional": True}}))
        assert lab.is_ready("p")
        assert lab.exec("p", "ls /v") == ""


def test_secrets_stand_in_memory(lab: Lab) -> None:
    lab.create("secrets", secret("s", password="hush"))
    lab.run(mounted({"secret": {"secretName": "s", "defaultMode": 0o400}}))
    assert lab.exec("p", "cat /v/password; stat -Lc %a /v/password; mount | grep ' /v ' | cut -d' ' -f1") == "hush400\ntmpfs\n"
    assert lab.exec("p", "echo x > /v/y") == "sh: can't create /v/y: Read-only file system\n"


def test_downward_api(lab: Lab) -> None:
    items = [
        {"path": "name", "fieldRef": {"fieldPath": "metadata.name"}},
        {"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}},
        {"path": "cpu", "resourceFieldRef": {"containerName": "app", "resource": "limits.cpu", "divisor": "1m"}},
    ]
    made = mounted({"downwardAPI": {"items": items}})
    made["metadata"]["labels"] = {"b": "2", "a": "1"}
    made["spec"]["containers"][0]["resources"] = {"limits": {"cpu": "1500m"}}
    lab.run(made)
    assert lab.exec("p", "cd /v; cat name; echo; cat labels; echo; cat cpu") == 'p\na="1"\nb="2"\n1500'
    lab.patch("pods", "p", {"metadata": {"labels": {"c": "3"}}})
    lab.wait(95)
    assert lab.exec("p", "cat /v/labels") == 'a="1"\nb="2"\nc="3"'


def test_projected(lab: Lab) -> None:
    lab.create("configmaps", config_map("c", one="1"))
    lab.create("secrets", secret("s", two="2"))
    token = {"serviceAccountToken": {"path": "token", "audience": "x"}}
    sources = [{"configMap": {"name": "c"}}, {"secret": {"name": "s", "items": [{"key": "two", "path": "d/two"}]}}, token]
    lab.run(mounted({"projected": {"sources": sources}}))
    assert lab.exec("p", "cd /v; cat one d/two") == "12"
    claims = json.loads(base64.urlsafe_b64decode(lab.exec("p", "cat /v/token").split(".")[1] + "=="))
    assert claims["aud"] == ["x"]
    assert claims["sub"] == "system:serviceaccount:default:default"


class TestSubPaths:
    def test_folders_are_made(self, lab: Lab) -> None:
        lab.run(mounted({"emptyDir": {}}, "echo x > /v/y; sleep 3600", subPath="a/b"))
        assert lab.exec("p", "stat -c %a /v") == "777\n"  # as the volume's own
        assert lab.exec("p", "cat /v/y") == "x\n"

    def test_expressions(self, lab: Lab) -> None:
        container = sh(
            "echo x > /v/y; cat /all/p/y; sleep 3600",
            env=[{"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
            volumeMounts=[
                {"name": "v", "mountPath": "/v", "subPathExpr": "$(POD)"},
                {"name": "v", "mountPath": "/all"},
            ],
        )
        lab.run(pod("p", container, volumes=[{"name": "v", "emptyDir": {}}]))
        assert lab.log("p") == "x\n"


def test_files_belong_to_the_group(lab: Lab) -> None:
    made = mounted({"emptyDir": {}})
    made["spec"]["securityContext"] = {"runAsUser": 1000, "runAsGroup": 3000, "fsGroup": 2000}
    lab.run(made)
    assert lab.exec("p", "touch /v/x; id -u; id -g; id -G; stat -c '%u %g' /v/x") == "1000\n3000\n3000 2000\n1000 2000\n"


class TestHostPaths:
    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("Directory", "hostPath type check failed: /nosuch is not a directory"),
            ("File", "hostPath type check failed: /nosuch is not a file"),
        ],
    )
    def test_what_has_to_be_there(self, lab: Lab, kind: str, words: str) -> None:
        lab.run(mounted({"hostPath": {"path": "/nosuch", "type": kind}}))
        assert f'FailedMount: MountVolume.SetUp failed for volume "v" : {words}' in lab.events("p")

    def test_pods_meet_on_the_node(self, lab: Lab) -> None:
        source = {"hostPath": {"path": "/srv/shared", "type": "DirectoryOrCreate"}}
        lab.run(mounted(source, "echo hello > /v/x; sleep 3600"))
        other = mounted(source)
        other["metadata"]["name"] = "q"
        lab.run(other)
        assert lab.exec("q", "cat /v/x") == "hello\n"


CLAIM = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
CLAIMED = {"persistentVolumeClaim": {"claimName": "data"}}


class TestClaims:
    def test_data_outlives_pods(self, lab: Lab) -> None:
        lab.create("persistentvolumeclaims", CLAIM)
        lab.run(mounted(CLAIMED, "echo kept > /v/x; sleep 3600"))
        lab.delete("p", 0)
        lab.run(mounted(CLAIMED))
        assert lab.exec("p", "cat /v/x") == "kept\n"

    def test_a_pod_without_its_claim_is_not_scheduled(self, lab: Lab) -> None:
        lab.run(mounted(CLAIMED))
        assert lab.condition("p", "PodScheduled") == "False Unschedulable"
        assert 'persistentvolumeclaim "data" not found' in lab.events("p")[0]

    def test_a_claim_in_use_waits_for_its_pods(self, lab: Lab) -> None:
        lab.create("persistentvolumeclaims", CLAIM)
        lab.run(mounted(CLAIMED))
        lab.client.delete("persistentvolumeclaims", "default", "data")
        lab.wait(5)
        assert lab.client.list("persistentvolumeclaims", "default")
        lab.delete("p")
        lab.wait(10)
        assert not lab.client.list("persistentvolumeclaims", "default")
        assert not lab.client.list("persistentvolumes")

    def test_ephemeral_ones_come_and_go_with_their_pod(self, lab: Lab) -> None:
        lab.run(mounted({"ephemeral": {"volumeClaimTemplate": {"spec": CLAIM["spec"]}}}, "echo x > /v/y; sleep 3600"))
        assert lab.exec("p", "cat /v/y") == "x\n"
        assert [each["metadata"]["name"] for each in lab.client.list("persistentvolumeclaims", "default")] == ["p-v"]
        lab.delete("p")
        lab.wait(15)
        assert not lab.client.list("persistentvolumeclaims", "default")


@pytest.mark.parametrize("kind", ["nfs", "csi"])
def test_other_volumes_are_refused_by_name(lab: Lab, kind: str) -> None:
    source = {"nfs": {"server": "x", "path": "/"}, "csi": {"driver": "x.y"}}[kind]
    lab.run(mounted({kind: source}), seconds=3)
    assert any(f"podlab does not model volumes of the type {kind}" in each for each in lab.events("p"))


def test_a_volume_in_memory_is_charged_to_who_writes_it(lab: Lab) -> None:
    node = lab.cluster.machine.cgroup
    before = node.memory_used
    mounts = {"volumeMounts": [{"name": "v", "mountPath": "/v"}], "resources": {"limits": {"memory": "16Mi"}}}
    small = sh("head -c 8m /dev/zero >/v/a; echo $?; sleep 1000", "small", **mounts)
    large = sh("sleep 2; head -c 12m /dev/zero >/v/b; rm /v/b; echo $?; cat /dev/zero >/v/c", "large", **mounts)
    volumes = [{"name": "v", "emptyDir": {"medium": "Memory"}}]
    lab.run(pod("p", small, large, volumes=volumes, restartPolicy="Never"), seconds=10)
    assert lab.state("p", "small") == "running"
    assert lab.state("p", "large") == "terminated: OOMKilled 137"
    assert lab.log("p", "small") == lab.log("p", "large") == "0\n"
    lab.delete("p", grace=0)
    lab.wait(5)
    assert node.memory_used == before
