"""Grading with clusters: manifests tried on one (`--cluster`), and grading done on one as a Job (`--on`).

The cluster is a mock in a process of its own, known by its kubeconfig alone. It cannot run Python, so the Job is played: what
an index would print is computed here, from the very Secret that was sent, and its container prints that.
"""

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from podlab.clusters.mock import Mock
from podlab.errors import ClusterError, PodlabError
from podlab.grading import batch, remote
from podlab.grading.arena import arena, arena_on, is_simulated
from podlab.grading.evaluate import evaluate
from podlab.grading.gradebook import Course
from podlab.grading.grader import Grader, Wish, elsewhere, students
from podlab.grading.pool import Pool
from podlab.grading.remote import Offer
from podlab.grading.rubric import Rubric
from podlab.grading.rubrics import load
from podlab.grading.run import Run
from podlab.lab import Lab
from tests.grading import scratch

TALKING, INIT = "01-talking", "02-init"
WHO = {"ann": scratch.right, "bea": scratch.half, "cem": scratch.broken}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    mock = Mock(tmp_path_factory.mktemp("cluster"), pace="virtual")
    mock.up(print)
    yield mock
    mock.down(print)


@pytest.fixture
def lab(cluster: Mock) -> Iterator[Lab]:
    with Lab(cluster.kubeconfig, None, "podlab-grade", confined=True) as made:
        yield made


def text(assignment: str, exercise: str) -> str:
    return scratch.solutions(assignment)[exercise].partition("\n")[2]


@pytest.mark.parametrize(
    ("assignment", "exercise"), [(TALKING, "serve"), (TALKING, "service"), (INIT, "legacy"), (INIT, "patient")]
)
def test_the_same_rubric_runs_on_a_cluster(cluster: Mock, assignment: str, exercise: str) -> None:
    rubric = load(scratch.ROOT / "course/assignments" / assignment)[exercise]
    there = arena_on({"kubeconfig": str(cluster.kubeconfig)})
    for manifest in (text(assignment, exercise), text(assignment, exercise).replace("busybox:1.37", "no-such-image:1")):
        here, away = evaluate(rubric, manifest, arena), evaluate(rubric, manifest, there)
        assert [outcome.earned for outcome in away.outcomes] == [outcome.earned for outcome in here.outcomes], away.lines()


def test_a_submission_is_confined_and_leaves_nothing(cluster: Mock) -> None:
    elsewhere_too = text(TALKING, "serve").replace("name: clock", "name: clock\n  namespace: default")
    rubric = load(scratch.ROOT / "course/assignments" / TALKING)["serve"]
    report = evaluate(rubric, elsewhere_too, arena_on({"kubeconfig": str(cluster.kubeconfig)}))
    assert report.earned == 0
    assert "namespace" in report.problem
    with Lab(cluster.kubeconfig) as lab:
        lab.advance(60)
        assert lab.get("pods", namespace="default") == []
        assert not [
            n
            for n in lab.get("namespaces")
            if n["metadata"]["name"].startswith("podlab-grade") and "deletionTimestamp" not in n["metadata"]
        ]


def test_a_cluster_that_goes_away_costs_nobody_points(tmp_path: Path) -> None:
    mock = Mock(tmp_path, pace="virtual")
    mock.up(print)
    rubric = load(scratch.ROOT / "course/assignments" / TALKING)["serve"]
    rubric.check("is there when the cluster goes")(lambda run: mock.down(print))
    try:
        with pytest.raises(ClusterError):
            evaluate(rubric, text(TALKING, "serve"), arena_on({"kubeconfig": str(mock.kubeconfig)}))
    finally:
        mock.down(print)


@pytest.mark.timeout(120)
def test_a_cluster_is_not_deceived_by_what_the_spec_tells(cluster: Mock) -> None:
    """A real exec runs the container's own programs: a folder over them is told, a PATH to others leads nowhere."""
    rubric = load(scratch.ROOT / "course/assignments" / TALKING)["serve"]
    there = arena_on({"kubeconfig": str(cluster.kubeconfig)})
    plain = text(TALKING, "serve")
    over = plain.replace("mountPath: /out}", "mountPath: /out}\n    - {name: page, mountPath: /bin/sub}")
    said = " ".join(evaluate(rubric, over, there).lines())
    assert "app mounts page at /bin/sub" in " ".join(said.split())
    held = plain.replace("  name: clock", "  name: clock\n  finalizers: [example.com/never]")
    elsewhere_first = held.replace("    volumeMounts:", "    env: [{name: PATH, value: '/out:/bin'}]\n    volumeMounts:", 1)
    assert evaluate(rubric, elsewhere_first, there).earned == 5


RIGHTS = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: grader, namespace: default}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: grader}
rules:
- {apiGroups: ["", networking.k8s.io], resources: [%s], verbs: ["*"]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: grader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: grader}
subjects: [{kind: ServiceAccount, name: grader, namespace: default}]
"""
MOST = "namespaces, serviceaccounts, networkpolicies, resourcequotas, pods, pods/log, pods/proxy, services, endpoints, events"


@pytest.mark.parametrize(
    ("exercise", "rights", "words"),
    [
        ("serve", "pods", "podlab cannot grade on .*namespaces"),
        ("service", MOST.replace("services, ", ""), "service: its manifest cannot be tried on .*services"),
        ("serve", MOST, "serve: the check 'one container writes the file, and another serves it' cannot be tried on .*pods/exec"),
    ],
)
def test_missing_rights_cost_nobody_points(cluster: Mock, tmp_path: Path, exercise: str, rights: str, words: str) -> None:
    """What podlab may not do on a cluster is told by the check's name, and nothing is said of the manifest."""
    with Lab(cluster.kubeconfig) as everything:
        everything.apply(RIGHTS % rights)
        path = "/api/v1/namespaces/default/serviceaccounts/grader/token"
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
        token = everything.api.connection.json("POST", path, body=body)["status"]["token"]
    config = yaml.safe_load(cluster.kubeconfig.read_text("utf-8"))
    config["users"][0]["user"] = {"token": token}
    (tmp_path / "kubeconfig").write_text(json.dumps(config))
    rubric = load(scratch.ROOT / "course/assignments" / TALKING)[exercise]
    with pytest.raises(ClusterError, match=words):
        evaluate(rubric, text(TALKING, exercise), arena_on({"kubeconfig": str(tmp_path / "kubeconfig")}))


def test_a_check_that_cannot_run_on_a_cluster_runs_on_the_mock_and_says_so(cluster: Mock) -> None:
    rubric, seen = Rubric("serve"), []

    @rubric.check("first", points=1)
    def _first(run: Run) -> None:
        seen.append(("first", is_simulated(run.lab)))

    @rubric.check("after a day", points=2, mock_only="it waits for a day")
    def _day(run: Run) -> None:
        seen.append(("day", is_simulated(run.lab)))
        run.expect("a thing", False, "another", earned=0.5)

    @rubric.check("last", points=3)
    def _last(run: Run) -> None:
        seen.append(("last", is_simulated(run.lab)))

    there = evaluate(rubric, text(TALKING, "serve"), arena_on({"kubeconfig": str(cluster.kubeconfig)}))
    assert seen == [("first", False), ("last", False), ("day", True)]
    assert [(o.title, float(o.earned)) for o in there.outcomes] == [("first", 1), ("after a day", 1), ("last", 3)]
    assert there.notes == ("after a day: tried on the mock, not on the cluster, since it waits for a day.",)
    here = evaluate(rubric, text(TALKING, "serve"), arena)
    assert (here.outcomes, here.notes) == (there.outcomes, ())


def test_the_jobs_pods_have_no_rights() -> None:
    job = remote.objects([b"x"], Offer("image"))[-1]
    pod = job["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["containers"][0]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_results_survive_a_log_with_other_lines() -> None:
    result = {"books": {"talking": "안녕 " * 20_000, "other": "\n"}}
    lines = [line for one in zip(batch.told("김/../x", result), iter(lambda: "noise", None), strict=False) for line in one]
    assert max(map(len, lines)) < 16_000
    assert batch.heard(lines) == {"김/../x": result}
    assert batch.heard(lines[2:]) == {}


def test_shares_are_small_enough_and_have_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("secret")
    folders = {}
    for n in range(5):
        folders[f"s{n}"] = folder = tmp_path / f"s{n}"
        folder.mkdir()
        (folder / "talking.ipynb").write_bytes(random.Random(n).randbytes(900))
        (folder / "link").symlink_to(tmp_path / "secret")
    source, release = scratch.ROOT / "solutions" / TALKING, scratch.ROOT / "exercises" / TALKING
    alone = len(remote.pack(source, release, {}))
    monkeypatch.setattr(remote, "MAX_SECRET", alone + 2000)
    parts, left = remote.shares(source, release, folders)
    assert len(parts) > 1
    assert left == {}
    assert all(len(part) <= alone + 2000 for part in parts)
    assert b"secret" not in b"".join(parts)
    with (folders["s3"] / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    (folders["s4"] / "noise").write_bytes(random.Random(4).randbytes(4000))
    parts, left = remote.shares(source, release, folders)
    assert len(parts) == 2
    assert left == {
        name: f"The submission cannot be sent: it {what}\n\nHint: {batch.LARGE}"
        for name, what in (("s3", "has too large files."), ("s4", "is too large."))
    }


class Played(Lab):
    """A cluster on which each index prints what `podlab.grading.batch` finds in its Secret."""

    def apply(self, manifest: Any, *more: Any, **options: Any) -> Any:
        if isinstance(manifest, list) and manifest[-1].get("kind") == "Job":
            secrets, job = manifest[:-1], manifest[-1]
            found = [b for s in secrets for b in [base64.b64decode(s["data"]["share"])]]
            texts = ["\n".join(line for name, r in batch.grade(b, 1, 60) for line in batch.told(name, r)) for b in found]
            logs = {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "logs"},
                "data": {str(n): t for n, t in enumerate(texts)},
            }
            pod = job["spec"]["template"]["spec"]
            pod["volumes"].append({"name": "logs", "configMap": {"name": "logs"}})
            pod["containers"][0]["volumeMounts"].append({"name": "logs", "mountPath": "/logs"})
            super().apply(logs)
        return super().apply(manifest, *more, **options)

    def in_namespace(self, namespace: str) -> "Played":
        other = Played.__new__(Played)
        other._set_up(self._api.seen_from(namespace), self.name)
        return other


def test_a_job_grades_as_this_machine_does(cluster: Mock, tmp_path: Path) -> None:
    """With the manifest that is sent, but for what the container prints: `sh -c` in place of Python."""
    folder = scratch.course(tmp_path / "course", (TALKING,))
    scratch.hand_in(folder, TALKING, {**WHO, "dai": scratch.right, "eva": scratch.right})
    linked = folder / "grading/submitted/dai" / TALKING / "talking.ipynb"
    linked.unlink()
    linked.symlink_to(folder / "solutions" / TALKING / "talking.ipynb")
    with (folder / "grading/submitted/eva" / TALKING / "big").open("wb") as file:
        file.truncate(30 << 20)
    course, wish, pool = Course(folder), Wish(TALKING, dry_run=True), Pool(1)
    offer = Offer("busybox:1.37", 2, ("sh", "-c", "test -s /shares/$(JOB_COMPLETION_INDEX) && cat /logs/$(JOB_COMPLETION_INDEX)"))
    try:
        here = Grader(course, wish, pool)
        list(here.run(students(course, wish)))
        with Played(cluster.kubeconfig, None, "podlab-grade", confined=True) as there:
            away = Grader(course, Wish(TALKING), pool, elsewhere(course, TALKING, there, offer))
            assert sorted(away.run(students(course, wish))) == [*WHO, "dai", "eva"]
            assert away.tally.failed == {"eva": f"The submission cannot be sent: it has too large files.\n\nHint: {batch.LARGE}"}
        assert here.tally.graded == {"ann": 13.0, "bea": 8.0, "cem": 0.0, "dai": 0.0, "eva": 13.0}
        assert away.tally.graded == {name: score for name, score in here.tally.graded.items() if name != "eva"}
        assert "is a link or no regular file" in (folder / "grading/feedback/dai" / TALKING / "talking.html").read_text("utf-8")
        assert (folder / "grading/feedback/bea" / TALKING / "talking.html").is_file()
    finally:
        pool.close()


def test_a_job_that_fails_says_so_and_is_removed(lab: Lab, cluster: Mock) -> None:
    offer = Offer("busybox:1.37", 1, ("sh", "-c", "exit 3"))
    with pytest.raises(PodlabError, match="The Job that grades has failed"):
        list(remote.run(lab, [b"share"], offer))
    with Lab(cluster.kubeconfig) as everything:
        everything.advance(60)
        assert not [
            n
            for n in everything.get("namespaces")
            if n["metadata"]["name"].startswith("podlab-grade") and "deletionTimestamp" not in n["metadata"]
        ]
