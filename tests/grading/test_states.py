"""What students are told of a pod that does not become ready: the very thing that keeps it."""

from typing import Any

import pytest

from podlab.grading.arena import arena
from podlab.grading.results import Unmet
from podlab.grading.run import Run
from podlab.grading.states import gist

RUNS = {"name": "app", "image": "busybox:1.37", "command": ["sleep", "3600"]}


def container(**fields: Any) -> dict[str, Any]:
    return {**RUNS, **fields}


FAILS = container(command=["sh", "-c", "echo before; echo no such table >&2; exit 3"])
NEVER = {"exec": {"command": ["false"]}}
VARIABLE = {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "none", "key": "a"}}}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"containers": [container(image="busybx:1.37")]}, ["Pending: app waiting (ImagePullBackOff of busybx:1.37), not ready"]),
        (
            {"containers": [{**FAILS, "readinessProbe": NEVER}]},
            ["web Running: app ", "restarts; the last words of app: no such table"],
        ),
        (
            {"containers": [RUNS], "initContainers": [{**FAILS, "name": "first"}]},
            ["first ", "; app waiting (PodInitializing)", "; the last words of first: no such table"],
        ),
        (
            {"containers": [RUNS], "initContainers": [{**FAILS, "name": "first"}], "restartPolicy": "Never"},
            ["web Failed: first terminated (Error), not ready; ", "; the last words of first: no such table"],
        ),
        ({"containers": [container(env=[VARIABLE])]}, ['app waiting (CreateContainerConfigError: configmap "none" not found)']),
        ({"containers": [container(command=["slep", "3600"])]}, ['"slep": executable file not found in $PATH']),
        (
            {"containers": [container(resources={"requests": {"cpu": "999"}})]},
            ["Pending: 0/1 nodes are available: 1 Insufficient cpu"],
        ),
        ({"containers": [container(readinessProbe=NEVER)]}, ["web Running: app running, not ready"]),
    ],
)
def test_reason_names_what_keeps_a_pod(spec: dict[str, Any], words: list[str]) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}
    with arena() as lab:
        lab.apply(pod)
        run = Run(lab, [pod])
        with pytest.raises(Unmet) as unmet:
            run.wait_ready(run.pod("web"))
    for each in words:
        assert each in unmet.value.saw


def test_what_passes_while_a_container_fails_again_is_no_other_reason() -> None:
    line = "web Running: app waiting (CrashLoopBackOff), not ready, 3 restarts; log running; the last words of app: {}"
    later = "web Running: app running, 4 restarts; log running; the last words of app: {}"
    assert gist(line.format("no table")) == gist(later.format("no table"))
    assert gist(line.format("no table")) != gist(line.format("no disk"))
    ready = "web Running: app running; log running, not ready"
    assert gist(ready) == ready
