import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.api.resources import BUILTIN
from podlab.mock.api.tables import Clock, make_table, printer_of
from podlab.mock.api.tables.printer import human_duration
from podlab.mock.kernel import DEFAULT_EPOCH_NS, SECOND, Time
from tests.mock.api.calling import CONFIG_MAPS, TABLE, Bottle, columns, config_map, pod

Obj = dict[str, Any]

COLUMNS = json.loads((Path(__file__).parent / "data" / "columns.json").read_text())
CLOCK = Clock(100 * SECOND, DEFAULT_EPOCH_NS)
BY_KEY = {one.key: one for one in BUILTIN}
LISTED = [one for one in BUILTIN if "list" in one.verbs]
UNRECORDED = {"runtimeclasses.node.k8s.io"}  # written from Kubernetes' printers


def row(key: str, obj: Obj) -> dict[str, Any]:
    obj.setdefault("metadata", {}).setdefault("name", "x")
    obj["metadata"].setdefault("creationTimestamp", Time(70 * SECOND))
    [found] = columns(make_table(BY_KEY[key], [obj], CLOCK, {}))
    return found


def state(kind: str, **body: Any) -> Obj:
    return {kind: body}


def status(name: str, now: Obj, restarts: int = 0, last: Obj | None = None, ready: bool = False, **more: Any) -> Obj:
    return {"name": name, "state": now, "restartCount": restarts, "lastState": last or {}, "ready": ready, **more}


RUNNING = state("running", startedAt=Time(0))
WAITING = state("waiting", reason="PodInitializing")
DONE = state("terminated", exitCode=0, reason="Completed", finishedAt=Time(0))
FAILED = state("terminated", exitCode=1, reason="Error", finishedAt=Time(90 * SECOND))


def pod_row(
    phase: str, containers: list[Obj], inits: list[Obj] | None = None, sidecars: tuple[str, ...] = (), **more: Any
) -> Any:
    spec = {
        "containers": [{"name": one["name"]} for one in containers],
        "initContainers": [
            {"name": one["name"], **({"restartPolicy": "Always"} if one["name"] in sidecars else {})} for one in inits or ()
        ],
    }
    found = {"phase": phase, "containerStatuses": containers, "initContainerStatuses": inits or [], **more.pop("status", {})}
    shown = row("pods", {"spec": spec, "status": found, **more})
    return shown["Ready"], shown["Status"], shown["Restarts"]


@pytest.mark.parametrize("resource", [one for one in LISTED if one.key not in UNRECORDED], ids=lambda one: one.key)
def test_columns_are_the_servers_own(resource: Any) -> None:
    root = "/apis/" if resource.group else "/api/"
    versions = (resource.api_version, f"{resource.group}/v2")  # the recording has the preferred version of each
    expected = next(COLUMNS[path] for one in versions if (path := f"{root}{one}/{resource.plural}") in COLUMNS)
    given = [{key: one[key] for key in ("name", "type", "format", "priority")} for one in printer_of(resource).columns]
    assert given == expected


@pytest.mark.parametrize("resource", LISTED, ids=lambda one: one.key)
def test_an_empty_object_can_be_printed(resource: Any) -> None:
    obj = {"metadata": {"name": "x"}, "roleRef": {"kind": "Role", "name": "r"}}
    [made] = make_table(resource, [obj], CLOCK, {})["rows"]
    assert len(made["cells"]) == len(printer_of(resource).columns)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (pod_row("Running", [status("a", RUNNING, ready=True), status("b", RUNNING, ready=True)]), ("2/2", "Running", "0")),
        (pod_row("Pending", [status("a", state("waiting", reason="ContainerCreating"))]), ("0/1", "ContainerCreating", "0")),
        (pod_row("Running", [status("a", RUNNING, ready=True), status("b", FAILED)]), ("1/2", "Error", "0")),
        (pod_row("Succeeded", [status("a", DONE)]), ("0/1", "Completed", "0")),
        (pod_row("Running", [status("a", state("waiting", reason="CrashLoopBackOff"), 3, FAILED)]),
         ("0/1", "CrashLoopBackOff", "3 (10s ago)")),
        (pod_row("Pending", [status("a", WAITING)], [status("i", RUNNING), status("j", WAITING)]), ("0/1", "Init:0/2", "0")),
        (pod_row("Pending", [status("a", WAITING)], [status("i", DONE), status("j", RUNNING)]), ("0/1", "Init:1/2", "0")),
        (pod_row("Pending", [status("a", WAITING)], [status("i", FAILED)]), ("0/1", "Init:Error", "0")),
        (pod_row("Pending", [status("a", WAITING)], [status("i", state("waiting", reason="CrashLoopBackOff"), 2, FAILED)]),
         ("0/1", "Init:CrashLoopBackOff", "2 (10s ago)")),
        (pod_row("Pending", [status("a", WAITING)], [status("i", DONE)]), ("0/1", "PodInitializing", "0")),
        (pod_row("Pending", [status("a", WAITING)], [status("i", state("terminated", exitCode=3))]), ("0/1", "Init:ExitCode:3", "0")),  # noqa: E501
        (pod_row("Pending", [status("a", WAITING)], [status("i", state("terminated", exitCode=1, signal=9))]),
         ("0/1", "Init:Signal:9", "0")),
        (pod_row("Running", [status("a", RUNNING, ready=True)], [status("s", RUNNING, ready=True, started=True)], ("s",)),
         ("2/2", "Running", "0")),
        (pod_row("Pending", [status("a", WAITING)], [status("s", RUNNING, started=False)], ("s",)), ("0/2", "Init:0/1", "0")),
        (pod_row("Running", [status("a", RUNNING, ready=True)], [status("s", RUNNING, 2, FAILED, True, started=True)], ("s",)),
         ("2/2", "Running", "2 (10s ago)")),
        (pod_row("Running", [status("a", DONE), status("b", RUNNING, ready=True)]), ("1/2", "NotReady", "0")),
        (pod_row("Running", [status("a", DONE), status("b", RUNNING, ready=True)],
                 status={"conditions": [{"type": "Ready", "status": "True"}]}), ("1/2", "Running", "0")),
        (pod_row("Failed", [status("a", FAILED)], status={"reason": "Evicted"}), ("0/1", "Error", "0")),
        (pod_row("Failed", [], status={"reason": "Evicted"}), ("0/0", "Evicted", "0")),
        (pod_row("Running", [status("a", RUNNING, ready=True)], metadata={"deletionTimestamp": Time(0)}), ("1/1", "Terminating", "0")),  # noqa: E501
        (pod_row("Failed", [status("a", FAILED)], metadata={"deletionTimestamp": Time(0)}), ("0/1", "Error", "0")),
        (pod_row("Pending", [], status={"conditions": [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]}),  # noqa: E501
         ("0/0", "SchedulingGated", "0")),
    ],
)  # fmt: skip
def test_the_status_of_a_pod_sums_up_its_containers(shown: Any, expected: Any) -> None:
    assert shown == expected


def test_wide_pod_columns() -> None:
    gates = {"readinessGates": [{"conditionType": "x/y"}, {"conditionType": "z"}], "nodeName": "node1"}
    found = {"podIPs": [{"ip": "10.0.0.9"}], "conditions": [{"type": "z", "status": "True"}]}
    shown = row("pods", {"spec": gates, "status": found})
    assert (shown["IP"], shown["Node"], shown["Nominated Node"], shown["Readiness Gates"]) == (
        "10.0.0.9",
        "node1",
        "<none>",
        "1/2",
    )


@pytest.mark.parametrize(
    ("key", "obj", "cells"),
    [
        ("services", {"spec": {"type": "NodePort", "clusterIPs": ["10.0.0.1"], "ports": [
            {"port": 80, "nodePort": 30080, "protocol": "TCP"}, {"port": 53, "protocol": "UDP"}]}},
         {"Type": "NodePort", "Cluster-IP": "10.0.0.1", "External-IP": "<none>", "Port(s)": "80:30080/TCP,53/UDP", "Selector": "<none>"}),  # noqa: E501
        ("services", {"spec": {"type": "LoadBalancer", "ports": []}}, {"Cluster-IP": "<none>", "External-IP": "<pending>"}),
        ("services", {"spec": {"type": "ExternalName", "externalName": "e.x"}}, {"External-IP": "e.x", "Port(s)": "<none>"}),
        ("endpoints", {"subsets": [{"addresses": [{"ip": f"1.1.1.{i}"} for i in range(5)], "ports": [{"port": 80}]}]},
         {"Endpoints": "1.1.1.0:80,1.1.1.1:80,1.1.1.2:80 + 2 more..."}),
        ("deployments.apps", {"spec": {"replicas": 3, "selector": {"matchLabels": {"a": "b"}}, "template": {"spec": {"containers": [  # noqa: E501
            {"name": "c", "image": "i"}, {"name": "d", "image": "j"}]}}}, "status": {"readyReplicas": 2, "updatedReplicas": 1}},
         {"Ready": "2/3", "Up-to-date": 1, "Available": 0, "Containers": "c,d", "Images": "i,j", "Selector": "a=b"}),
        ("jobs.batch", {"spec": {"completions": 1}, "status": {"succeeded": 1, "startTime": Time(0), "completionTime": Time(4 * SECOND),  # noqa: E501
                                                               "conditions": [{"type": "Complete", "status": "True"}]}},
         {"Status": "Complete", "Completions": "1/1", "Duration": "4s"}),
        ("jobs.batch", {"spec": {"parallelism": 3}, "status": {"startTime": Time(40 * SECOND)}},
         {"Status": "Running", "Completions": "0/1 of 3", "Duration": "60s"}),
        ("cronjobs.batch", {"spec": {"schedule": "* * * * *", "suspend": False}},
         {"Schedule": "* * * * *", "Timezone": "<none>", "Suspend": "False", "Active": 0, "Last Schedule": "<none>"}),
        ("nodes", {"metadata": {"labels": {"node-role.kubernetes.io/control-plane": "", "node-role.kubernetes.io/b": ""}},
                   "spec": {"unschedulable": True}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}},
         {"Status": "Ready,SchedulingDisabled", "Roles": "b,control-plane", "Internal-IP": "<none>"}),
        ("configmaps", {"data": {"a": "b"}, "binaryData": {"c": "d"}}, {"Data": 2, "Age": "30s"}),
        ("poddisruptionbudgets.policy", {"spec": {"maxUnavailable": "30%"}, "status": {"disruptionsAllowed": 1}},
         {"Min Available": "N/A", "Max Unavailable": "30%", "Allowed Disruptions": 1}),
        ("resourcequotas", {"status": {"hard": {"pods": "3", "limits.cpu": "2"}, "used": {"pods": "1"}}},
         {"Request": "pods: 1/3", "Limit": "limits.cpu: 0/2"}),
        ("persistentvolumeclaims", {"spec": {"volumeName": "v", "volumeMode": "Filesystem"}, "status": {
            "phase": "Bound", "accessModes": ["ReadWriteMany", "ReadWriteOnce"], "capacity": {"storage": "1Gi"}}},
         {"Status": "Bound", "Capacity": "1Gi", "Access Modes": "RWO,RWX", "VolumeAttributesClass": "<unset>"}),
        ("storageclasses.storage.k8s.io", {"metadata": {"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}},
         {"Name": "x (default)", "AllowVolumeExpansion": "false"}),
        ("events", {"involvedObject": {"kind": "Pod", "name": "p"}, "lastTimestamp": Time(95 * SECOND), "count": 4, "message": " m\n",  # noqa: E501
                    "source": {"component": "kubelet", "host": "n"}, "reason": "R", "type": "Normal"},
         {"Last Seen": "5s", "Object": "pod/p", "Message": "m", "First Seen": "<unknown>", "Count": 4, "Source": "kubelet, n"}),
        ("rolebindings.rbac.authorization.k8s.io", {"roleRef": {"kind": "Role", "name": "r"}, "subjects": [
            {"kind": "ServiceAccount", "name": "s", "namespace": "n"}, {"kind": "User", "name": "u"}]},
         {"Role": "Role/r", "Users": "u", "ServiceAccounts": "n/s"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_cells(key: str, obj: Obj, cells: dict[str, Any]) -> None:
    shown = row(key, obj)
    assert {name: shown[name] for name in cells} == cells


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (125, "2m5s"), (599, "9m59s"), (600, "10m"),
     (10799, "179m"), (10800, "3h"), (11100, "3h5m"), (28800, "8h"), (172799, "47h"), (172800, "2d"), (176400, "2d1h"),
     (691200, "8d"), (63072000, "2y"), (63158400, "2y1d"), (252288000, "8y")],
)  # fmt: skip
def test_durations(seconds: int, text: str) -> None:
    assert human_duration(seconds * SECOND) == text


@given(st.integers(0, 10**10), st.integers(0, 10**10))
def test_longer_durations_do_not_read_shorter(one: int, two: int) -> None:
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400, "y": 365 * 86400}

    def value(text: str) -> int:
        total, number = 0, ""
        for letter in text:
            if letter.isdigit():
                number += letter
            else:
                total, number = total + int(number) * units[letter], ""
        return total

    small, large = sorted((one, two))
    assert value(human_duration(small * SECOND)) <= value(human_duration(large * SECOND)) <= large


def test_a_table_carries_what_the_client_asks_for() -> None:
    bottle = Bottle()
    bottle.ok("POST", CONFIG_MAPS, config_map("a", k="v"))
    bottle.run(3)
    table = bottle.ok("GET", CONFIG_MAPS, accept=TABLE)
    assert (table["kind"], table["metadata"]["resourceVersion"]) == ("Table", str(bottle.store.revision))
    assert next(columns(table)) == {"Name": "a", "Data": 1, "Age": "3s"}
    assert table["rows"][0]["object"]["kind"] == "PartialObjectMetadata"
    assert bottle.ok("GET", f"{CONFIG_MAPS}?includeObject=Object", accept=TABLE)["rows"][0]["object"]["data"] == {"k": "v"}
    assert "object" not in bottle.ok("GET", f"{CONFIG_MAPS}?includeObject=None", accept=TABLE)["rows"][0]
    assert bottle.message("GET", f"{CONFIG_MAPS}?includeObject=All", accept=TABLE)[0] == 400
    assert bottle.message("GET", f"{CONFIG_MAPS}/none", accept=TABLE)[0] == 404


def test_pods_that_have_ended_are_marked_in_their_rows() -> None:
    bottle = Bottle()
    bottle.ok("POST", "/api/v1/namespaces/default/pods", pod("a"))
    bottle.client.patch("pods", "default", "a", {"status": {"phase": "Succeeded"}}, "status")
    [found] = bottle.ok("GET", "/api/v1/namespaces/default/pods", accept=TABLE)["rows"]
    assert found["conditions"][0]["reason"] == "Succeeded"
