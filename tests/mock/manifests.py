"""Pods and workloads of all kinds, made at random."""

from typing import Any

from hypothesis import strategies as st

from tests.mock.clustered import Obj, pod, sh

SCRIPTS = (
    "exit 0",
    "exit 1",
    "sleep 2; exit 3",
    "sleep 100000",
    "echo $RANDOM; while true; do date; sleep 1; done",
    "trap 'echo bye; exit 0' TERM; while true; do sleep 1; done",
    "trap '' TERM; while true; do sleep 1; done",
    "echo $((i++)) >> /d/x; wc -l < /d/x; sleep 3; exit 1",
    "httpd -f -p 8080 -h /",
    "sleep 1; wget -q -O - http://web:80/d/x; exit $?",
    "nosuchcommand",
)
PROBES = (
    {"exec": {"command": ["true"]}},
    {"exec": {"command": ["test", "-s", "/d/x"]}},
    {"exec": {"command": ["sleep", "3"]}},
    {"httpGet": {"path": "/d/x", "port": 8080}},
    {"tcpSocket": {"port": 8080}},
)
HOOKS = (
    {"preStop": {"exec": {"command": ["sleep", "1"]}}},
    {"preStop": {"sleep": {"seconds": 2}}},
    {"postStart": {"exec": {"command": ["touch", "/d/hook"]}}},
    {"postStart": {"exec": {"command": ["false"]}}},
)
MOUNT = {"volumeMounts": [{"name": "d", "mountPath": "/d"}]}
TIMING = st.fixed_dictionaries(
    {"periodSeconds": st.integers(1, 4), "failureThreshold": st.integers(1, 3)},
    optional={"initialDelaySeconds": st.integers(0, 5), "timeoutSeconds": st.integers(1, 2)},
)
PROBE = st.builds(lambda what, timing: {**what, **timing}, st.sampled_from(PROBES), TIMING)


@st.composite
def containers(draw: st.DrawFn, name: str, init: bool = False) -> Obj:
    """A container; of init containers some are sidecars."""
    fields: Obj = dict(MOUNT)
    if init and draw(st.booleans()):
        fields["restartPolicy"] = "Always"
    if not init or "restartPolicy" in fields:
        for kind in ("readinessProbe", "livenessProbe", "startupProbe"):
            if draw(st.integers(0, 3)) == 0:
                fields[kind] = draw(PROBE)
        if draw(st.integers(0, 3)) == 0:
            fields["lifecycle"] = draw(st.sampled_from(HOOKS))
    if draw(st.integers(0, 9)) == 0:
        fields["image"] = "no/such:image"
    if draw(st.integers(0, 5)) == 0:
        fields["resources"] = {"limits": {"memory": "16Mi", "cpu": "100m"}}
    return sh(draw(st.sampled_from(SCRIPTS)), name, **fields)


@st.composite
def pods(draw: st.DrawFn, name: str = "p") -> Obj:
    """A pod with some containers, init containers and a shared volume."""
    regular = [draw(containers(f"c{i}")) for i in range(draw(st.integers(1, 3)))]
    first = [draw(containers(f"i{i}", init=True)) for i in range(draw(st.integers(0, 2)))]
    spec: dict[str, Any] = {
        "restartPolicy": draw(st.sampled_from(("Always", "OnFailure", "Never"))),
        "terminationGracePeriodSeconds": draw(st.integers(3, 5)),  # longer than the hooks sleep
        "volumes": [{"name": "d", "emptyDir": {}}],
    }
    if first:
        spec["initContainers"] = first
    if draw(st.integers(0, 5)) == 0:
        spec["activeDeadlineSeconds"] = draw(st.integers(1, 20))
    if draw(st.integers(0, 5)) == 0:
        spec["shareProcessNamespace"] = True
    return pod(name, *regular, labels={"app": "web"}, **spec)


@st.composite
def workloads(draw: st.DrawFn) -> tuple[str, Obj]:
    """A resource, and an object of it that has pods, or that pods use."""
    template = draw(pods())
    kind = draw(st.sampled_from(("pods", "deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch", "services")))
    meta = {"name": "web"}
    if kind == "pods":
        return kind, {**template, "metadata": {**template["metadata"], "name": "web"}}
    if kind == "services":
        ports = [{"port": 80, "targetPort": 8080}]
        return kind, {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": meta,
            "spec": {"selector": {"app": "web"}, "ports": ports},
        }
    body = {"metadata": {"labels": {"app": "web"}}, "spec": template["spec"]}
    if kind == "jobs.batch":
        body["spec"] = {**body["spec"], "restartPolicy": "Never"}
        spec: Obj = {"template": body, "completions": 2, "backoffLimit": draw(st.integers(0, 2))}
        return kind, {"apiVersion": "batch/v1", "kind": "Job", "metadata": meta, "spec": spec}
    body["spec"] = {**body["spec"], "restartPolicy": "Always"}
    body["spec"].pop("activeDeadlineSeconds", None)
    name = {"deployments.apps": "Deployment", "statefulsets.apps": "StatefulSet", "daemonsets.apps": "DaemonSet"}[kind]
    spec = {"selector": {"matchLabels": {"app": "web"}}, "template": body}
    if name != "DaemonSet":
        spec["replicas"] = draw(st.integers(0, 3))
    if name == "StatefulSet":
        spec["serviceName"] = "web"
    return kind, {"apiVersion": "apps/v1", "kind": name, "metadata": meta, "spec": spec}
