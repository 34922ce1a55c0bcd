"""Clusters in the very process that asks for them."""

import gc
from typing import Any

import pytest

import podlab
from podlab.errors import NotFound

DICE = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: dice}
spec:
  replicas: 12
  selector: {matchLabels: {app: dice}}
  template:
    metadata: {labels: {app: dice}}
    spec:
      containers:
      - name: die
        image: busybox:1.37
        env: [{name: DIE, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}]
        command: [sh, -c, 'case ${DIE:0:1} in [0-7]) exit 1;; esac; exec sleep 36000']
"""


def thrown(seed: int) -> list[tuple[str, bool]]:
    """What became of each die's pod: its identity, and whether it is ready."""
    with podlab.simulate(seed) as cluster:
        cluster.apply(DICE)
        cluster.wait("pods", "Running", selector="app=dice")
        cluster.advance(5)
        return sorted((pod["metadata"]["uid"], is_ready(pod)) for pod in cluster.get("pods", selector="app=dice"))


def is_ready(pod: Any) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in pod["status"]["conditions"])


def test_simulated_cluster_runs_containers_by_their_pods_identities() -> None:
    pods = thrown(1)
    assert len(pods) == 12
    assert all(ready == (uid[0] not in "01234567") for uid, ready in pods)
    assert {ready for _, ready in pods} == {True, False}


def test_same_seed_gives_the_same_pods_and_another_seed_others() -> None:
    assert thrown(1) == thrown(1)
    assert thrown(1) != thrown(2)


def test_nothing_of_a_simulated_cluster_outlives_its_block() -> None:
    with podlab.simulate() as cluster:
        cluster.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: here}\n")
        with podlab.simulate() as other, pytest.raises(NotFound):
            other.get("configmap/here")
        assert cluster.get("configmap/here")
    with podlab.simulate() as cluster, pytest.raises(NotFound):
        cluster.get("configmap/here")


def test_simulated_node_takes_as_many_pods_as_it_was_told() -> None:
    with podlab.simulate(max_pods=500) as cluster:
        assert cluster.get("nodes")[0]["status"]["capacity"]["pods"] == "500"


@pytest.mark.parametrize("fails", [False, True])
def test_garbage_collection_is_as_it_was_afterwards(fails: bool) -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    try:
        with podlab.simulate():
            assert gc.get_threshold() != before[0]
            if fails:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert (gc.get_threshold(), gc.get_freeze_count()) == before
