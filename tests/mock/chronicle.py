"""All that happens in a mock, as lines: every change of every object, what containers print, what programs do.

`python -m tests.mock.chronicle` tells a fixed story.
"""

import json
from contextlib import suppress

from podlab.mock.api.client import InformerEvent
from podlab.mock.api.errors import NotFound
from podlab.mock.kernel import Time
from podlab.mock.store import clone
from tests.mock.clustered import Lab, Obj, pod, sh

KINDS = (
    "pods", "events", "services", "endpoints", "configmaps", "endpointslices.discovery.k8s.io",
    "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch",
)  # fmt: skip


def chronicle(made: list[tuple[str, Obj]], seed: int) -> list[str]:
    """Creates objects one after another, deletes them again, and tells what happens."""
    lab = Lab(seed)
    kernel = lab.cluster.kernel
    kernel.trace.enabled = True
    told = kernel.trace.lines

    def tell(event: InformerEvent) -> None:
        told.append(f"{kernel.now_ns} {event.type} {json.dumps(event.obj, default=_time)}")

    for kind in KINDS:
        lab.client.watch(kind).add_handler(tell)
    for resource, obj in made:
        lab.create(resource, clone(obj))
        lab.wait(7)
    lab.wait(20)
    for each in lab.client.list("pods", "default"):
        for status in each["status"].get("containerStatuses", ()):
            if "running" in status["state"]:
                told.append(lab.log(each["metadata"]["name"], status["name"]))
    for resource, obj in made:
        with suppress(NotFound):  # a controller may have adopted it, and found it one too many
            lab.client.delete(resource, "default", obj["metadata"]["name"], propagation_policy="Background")
        lab.wait(3)
    lab.wait(10)
    told.append(f"{kernel.now_ns} {kernel.next_ns}")
    lab.close()
    return [line for text in told for line in text.splitlines()]


def examples() -> list[tuple[str, Obj]]:
    """Some of everything."""
    template = {
        "metadata": {"labels": {"app": "web"}},
        "spec": pod("x", sh("echo $RANDOM > /tmp/index.html; exec httpd -f -p 8080 -h /tmp"))["spec"],
    }
    selector = {"matchLabels": {"app": "web"}}
    deployment = {"replicas": 3, "selector": selector, "template": template}
    service = {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]}
    client = sh("while true; do wget -q -O - http://web; sleep 1; done", "client")
    return [
        ("services", {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": service}),
        ("deployments.apps", {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": deployment}),
        ("pods", pod("client", client, sh("exit 1", "crash"), initContainers=[sh("sleep 1; nslookup web", "first")])),
    ]


def _time(value: object) -> str:
    assert isinstance(value, Time)
    return str(value.offset_ns)


if __name__ == "__main__":
    print(*chronicle(examples(), 3), sep="\n")
