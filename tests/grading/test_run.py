"""What checks may rely on: looks that cannot be deceived, and variations that nothing can tell from the student's pod."""

from collections.abc import Iterator
from typing import Any

import pytest

from podlab.errors import ManifestError
from podlab.grading.arena import arena
from podlab.grading.guarded import guarded
from podlab.grading.results import Unmet
from podlab.grading.run import Run
from podlab.grading.witness import doubts
from podlab.lab import Lab
from podlab.lab.manifests import parse

POD = """
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}, finalizers: [example.com/never]}
spec:
  containers:
  - name: a
    image: busybox:1.37
    command: [sh, -c, "cd /bin; echo '#!/tmp/none' > sh; cp sh ls; cp sh cat; rm mkdir; touch /ready; sleep 99999"]
    env: [{name: PATH, value: /nowhere:/bin}, {name: GREETING, value: hello}]
    resources: {requests: {cpu: "3"}}
"""


@pytest.fixture
def lab() -> Iterator[Lab]:
    with arena() as made:
        yield made


@pytest.fixture
def run(lab: Lab) -> Run:
    objects = parse(POD)
    lab.apply(objects)
    return Run(lab, objects)


def test_a_look_uses_the_images_programs_and_sees_the_containers_files(run: Run) -> None:
    pod = run.wait_ready(run.pod("web"))
    found = run.exec(pod, "ls /ready /bin/mkdir; cat /bin/ls; echo $GREETING; ls -d /proc/1", "a")
    assert found.stdout.split() == ["/ready", "#!/tmp/none", "hello", "/proc/1"]
    assert "/bin/mkdir: No such file" in found.stderr
    assert run.exec(pod, ["cat", "/bin/sh"], "a").stdout == "#!/tmp/none\n"
    assert run.can_write(pod, "a", "/tmp")
    assert not run.can_write(pod, "a", "/sys")
    with pytest.raises(Unmet, match="/none"):
        run.can_write(pod, "a", "/none")
    assert run.exec(pod, "ls -a /tmp /", "a").stdout.count(".podlab") == 0


def test_a_look_leaves_no_trace_in_the_container(run: Run, lab: Lab) -> None:
    pod = run.wait_ready(run.pod("web"))
    run.exec(pod, "true", "a")
    assert ".image" not in lab.exec("web", ["/bin/busybox", "ls", "-a", "/"]).stdout


def test_a_variation_takes_the_pods_place_and_gives_it_back(run: Run, lab: Lab) -> None:
    own = run.wait_ready(run.pod("web"))

    def change(spec: dict[str, Any]) -> None:
        spec["containers"][0]["command"] = ["sleep", "9999"]

    varied = run.variation("web", change)
    assert [pod["metadata"]["name"] for pod in lab.get("pods")] == ["web"]
    assert varied["metadata"]["labels"] == {"app": "web"}
    assert varied["metadata"]["uid"] != own["metadata"]["uid"]
    assert varied["spec"]["containers"][0]["command"] == ["sleep", "9999"]
    run.put_back()
    again = run.wait_ready(run.pod("web"))
    assert again["spec"]["containers"][0]["command"] == own["spec"]["containers"][0]["command"]
    run.put_back()
    assert run.pod("web")["metadata"]["uid"] == again["metadata"]["uid"]


def test_words_are_the_same_for_the_same_manifest_and_never_twice(lab: Lab) -> None:
    first, again, other = (Run(lab, [{"a": text}]) for text in ("x", "x", "y"))
    words = [first.word(), first.word()]
    assert words == [again.word(), again.word()]
    assert len({*words, other.word(), other.word()}) == 4


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"volumeMounts": [{"name": "v", "mountPath": "/bin/"}]}, "a mounts v at /bin"),
        ({"volumeMounts": [{"name": "v", "mountPath": "/usr/bin/wget"}]}, "a mounts v at /usr/bin/wget"),
        ({"volumeMounts": [{"name": "v", "mountPath": "/"}]}, "a mounts v at /"),
        ({"env": [{"name": "LD_PRELOAD", "value": "/x.so"}]}, "a sets LD_PRELOAD"),
        ({"volumeMounts": [{"name": "v", "mountPath": "/binaries"}], "env": [{"name": "PATH", "value": "/x"}]}, ""),
    ],
)
def test_doubts_name_what_may_replace_programs(more: dict[str, Any], words: str) -> None:
    pod = {"spec": {"containers": [{"name": "a", **more}, {"name": "b"}]}}
    assert list(doubts(pod, "a")) == ([words] if words else [])
    assert list(doubts(pod, "b")) == []


def test_guarded_objects_hold_nothing_and_have_no_power() -> None:
    template = {"metadata": {"finalizers": ["c/d"]}}
    deployment = {"kind": "Deployment", "metadata": {"finalizers": ["a/b"]}, "spec": {"template": template}}
    assert guarded([deployment]) == [{"kind": "Deployment", "metadata": {}, "spec": {"template": {"metadata": {}}}}]
    assert deployment["metadata"] == {"finalizers": ["a/b"]}
    with pytest.raises(ManifestError, match="a RoleBinding would let pods change"):
        guarded([{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding"}])


TWO = """
apiVersion: v1
kind: Pod
metadata: {name: two}
spec:
  shareProcessNamespace: true
  containers:
  - {name: a, image: "busybox:1.37", command: [sh, -c, "sleep 9999 & exec httpd -f -p 80"]}
  - {name: b, image: "busybox:1.37", command: [sh, -c, "sleep 8888 & exec httpd -f -p 81"]}
"""


def test_containers_that_share_their_processes_are_told_apart(lab: Lab) -> None:
    lab.apply(TWO)
    run = Run(lab, parse(TWO))
    pod = run.wait_ready(run.only_pod())
    assert run.listeners(pod) == {80: ["a"], 81: ["b"]}
    assert run.listening(pod, 81) == ["b"]
    run.end_helpers(pod, "a")
    words = run.exec(pod, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '", "b").stdout
    assert "8888" in words
    assert "9999" not in words
    assert run.restarts("two", "a") == run.restarts("two", "b") == 0
