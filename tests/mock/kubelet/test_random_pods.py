"""Whatever pods ask for, the kubelet keeps what it promises: of phases, of restarts, and of what it gives back at the end."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podlab.mock.api.client import InformerEvent
from tests.mock.clustered import Lab
from tests.mock.manifests import pods

RANK = {"Pending": 0, "Running": 1, "Succeeded": 2, "Failed": 2}


class Watcher:
    """Looks at every status of every pod."""

    def __init__(self, lab: Lab) -> None:
        self.before: dict[str, dict[str, Any]] = {}
        lab.client.watch("pods").add_handler(self.look)

    def look(self, event: InformerEvent) -> None:
        uid, status = event.obj["metadata"]["uid"], event.obj["status"]
        before = self.before.get(uid, {})
        self.phases(before.get("phase", "Pending"), status["phase"])
        known = {one["name"]: one for one in before.get("containerStatuses", ())}
        for one in status.get("containerStatuses", ()):
            self.container(known.get(one["name"]), one)
        ready = next((each["status"] for each in status.get("conditions", ()) if each["type"] == "ContainersReady"), "False")
        assert (ready == "True") <= all(one["ready"] for one in status.get("containerStatuses", ()))
        if status["phase"] in ("Succeeded", "Failed"):
            assert all("running" not in one["state"] for one in status.get("containerStatuses", ()))
        self.before[uid] = status

    def phases(self, before: str, after: str) -> None:
        assert RANK[after] >= RANK[before]
        assert before == after or RANK[before] < 2

    def container(self, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        assert len(after["state"]) == 1
        assert not after["ready"] or "running" in after["state"]
        ended = after["state"].get("terminated")
        if ended:
            assert ended["startedAt"] is None or ended["startedAt"].offset_ns <= ended["finishedAt"].offset_ns
            assert (ended["reason"] == "Completed") == (ended["exitCode"] == 0)
        if before:
            assert after["restartCount"] - before["restartCount"] in (0, 1)
            assert after["restartCount"] == 0 or after["lastState"] or ended or "waiting" in after["state"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(pods(), min_size=1, max_size=3), st.lists(st.floats(0, 20), min_size=3, max_size=3))
def test_promises(made: list[dict[str, Any]], pauses: list[float]) -> None:
    lab = Lab()
    Watcher(lab)
    machine = lab.cluster.machine
    disk = machine.disk.used_bytes
    for index, (each, pause) in enumerate(zip(made, pauses, strict=False)):
        lab.run({**each, "metadata": {**each["metadata"], "name": f"p{index}"}}, seconds=pause)
    lab.wait(30)
    for index in range(len(made)):
        lab.delete(f"p{index}")
    lab.wait(20)
    assert not lab.client.list("pods", "default")
    assert not machine.cgroup.processes
    assert machine.cgroup.memory_used == 0
    assert machine.disk.used_bytes == disk
    lab.close()
