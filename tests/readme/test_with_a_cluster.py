"""A student with a cluster: kind's, played by a program of its name, or any that a kubeconfig knows."""

import os
from pathlib import Path

import pytest
import yaml

from podlab.clusters.mock import Mock
from tests.clusters import sessions
from tests.clusters.playing import Stage
from tests.readme.pages import run_here
from tests.readme.users import User, by_make

SECTION = "For a student with a cluster"
BY_KIND, BY_CONTEXT = run_here(SECTION, "kind"), run_here(SECTION, "my-context")


def test_student_with_kind(newcomer: User, clone: Path, far: Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doctor, up, lab, down = BY_KIND
    (tmp_path / "stage").mkdir()
    stage = Stage(tmp_path / "stage", monkeypatch, ("kind", "docker"))
    monkeypatch.undo()
    kubeconfig = far.kubeconfig.read_text("utf-8")
    stage.play(
        {"call": "docker info", "says": sessions.json.dumps(sessions.DOCKER_INFO)},
        {"call": "kind get clusters", "complains": "No kind clusters found.\n"},
        {"call": "kind create cluster", "complains": sessions.KIND_CREATED, "kubeconfig": kubeconfig},
        {"call": "docker pull"},
        {"call": "kind load docker-image"},
        {"call": "kind delete cluster"},
    )
    with newcomer.with_path(stage.folder):
        assert "ok  kind" in newcomer.run(f"{doctor} || true", clone)
        assert "kind is running" in newcomer.run(up, clone)
        with newcomer.serving(lab, clone, by_make) as said:
            assert "the course runs on kind" in said
        with newcomer.serving("env PODLAB_CLUSTER=mock make lab", clone, by_make) as said:
            assert "the course runs on mock" in said
        assert "kind is stopped" in newcomer.run(down, clone)


def test_student_with_a_context(newcomer: User, clone: Path, far: Mock) -> None:
    doctor, up, lab, down = BY_CONTEXT
    config = yaml.safe_load(far.kubeconfig.read_text("utf-8"))
    config["contexts"][0]["name"] = config["current-context"] = "my-context"
    kube = newcomer.folder / "home" / ".kube"
    kube.mkdir()
    (kube / "config").write_text(yaml.safe_dump(config), "utf-8")
    assert "all permissions" in newcomer.run(doctor, clone)
    ours, theirs = os.openpty()
    os.write(ours, b"yes\n")
    assert "Go on? [y/N]" in newcomer.run(up, clone, stdin=theirs)
    os.close(ours)
    os.close(theirs)
    with newcomer.serving(f"env {lab}", clone, by_make) as said:
        assert "the course runs on my-context" in said
    assert "is removed" in newcomer.run(down, clone)
