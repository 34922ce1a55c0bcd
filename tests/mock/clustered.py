"""A whole mock without sockets, and short ways to say what a test of the kubelet or of controllers wants to say."""

from typing import Any

from podlab.mock.api.client import InformerEvent
from podlab.mock.api.node import LogOptions
from podlab.mock.cluster import Cluster
from podlab.mock.kernel import SECOND
from podlab.mock.store import clone

Obj = dict[str, Any]
IMAGE = "busybox:1.37"


def sh(script: str, name: str = "app", **fields: Any) -> Obj:
    """A container that runs a shell script."""
    return {"name": name, "image": IMAGE, "command": ["sh", "-c", script], **fields}


def pod(name: str, *containers: Obj, labels: Obj | None = None, **spec: Any) -> Obj:
    """A pod; its grace period is a second unless said otherwise."""
    meta: Obj = {"name": name, **({"labels": labels} if labels else {})}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": meta,
        "spec": {"containers": list(containers), "terminationGracePeriodSeconds": 1, **spec},
    }


def config_map(name: str, **data: str) -> Obj:
    """A ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


class Lab:
    """A mock, its pods' stories, and what happens in the namespace ``default``."""

    def __init__(self, seed: int = 0, **options: Any) -> None:
        self.cluster = Cluster(seed, **options)
        self.client = self.cluster.client
        self.told: dict[str, list[str]] = {}
        self._pods = self.client.watch("pods", "default")
        self._pods.add_handler(self._tell)

    def close(self) -> None:
        assert not self.cluster.machine.crashes, self.cluster.machine.crashes
        self.cluster.close()

    # --- doing ---

    def create(self, resource: str, obj: Obj) -> Obj:
        return self.client.create(resource, "default", obj)

    def run(self, *pods: Obj, seconds: float = 5) -> None:
        """Creates pods and lets time pass."""
        for each in pods:
            self.create("pods", clone(each))
        self.wait(seconds)

    def wait(self, seconds: float) -> None:
        self.cluster.run_until(seconds=seconds)

    def until(self, condition: Any, seconds: float = 60) -> float:
        """Lets time pass until the condition holds; says how many seconds that took."""
        begin = self.seconds
        assert self.cluster.run_until(condition, seconds), "it did not happen"
        return self.seconds - begin

    def delete(self, name: str, grace: int | None = None) -> None:
        self.client.delete("pods", "default", name, grace)

    def patch(self, resource: str, name: str, patch: Obj, **options: Any) -> Obj:
        return self.client.patch(resource, "default", name, patch, **options)

    # --- looking ---

    @property
    def seconds(self) -> float:
        return self.cluster.kernel.now_ns / SECOND

    def pod(self, name: str) -> Obj:
        return self.client.get("pods", "default", name)

    def exists(self, name: str) -> bool:
        return any(each["metadata"]["name"] == name for each in self.client.list("pods", "default"))

    def phase(self, name: str) -> str:
        return str(self.pod(name)["status"].get("phase"))

    def container(self, name: str, container: str = "app") -> Obj:
        """The status of a container of whatever kind."""
        status = self.pod(name)["status"]
        kinds = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
        found: Obj = next(one for kind in kinds for one in status.get(kind) or () if one["name"] == container)
        return found

    def state(self, name: str, container: str = "app") -> str:
        """``running``, ``waiting: CrashLoopBackOff``, ``terminated: Error 1``."""
        ((kind, body),) = self.container(name, container)["state"].items()
        details = [str(body[key]) for key in ("reason", "exitCode") if key in body]
        return f"{kind}: {' '.join(details)}" if details else str(kind)

    def condition(self, name: str, kind: str) -> str:
        found = next((one for one in self.pod(name)["status"]["conditions"] if one["type"] == kind), None)
        return "" if found is None else found["status"] + (f" {found['reason']}" if found.get("reason") else "")

    def is_ready(self, name: str) -> bool:
        return self.condition(name, "Ready") == "True"

    def log(self, name: str, container: str = "app", **options: Any) -> str:
        """What a container printed."""
        stream = self.cluster.kubelet.agent.logs(self.pod(name), LogOptions(container, **options))
        return stream.read_available().decode()

    def exec(self, name: str, script: str, container: str = "app") -> str:
        """What a script prints in a container."""
        output: list[bytes] = []
        codes: list[int | None] = []
        command = ["sh", "-c", script]
        session = self.cluster.kubelet.agent.exec(self.pod(name), container, command, False, True, True, False)
        session.on_output(lambda channel, data: output.append(data))
        session.on_exit(lambda code, message: codes.append(code))
        assert self.cluster.run_until(lambda: bool(codes), 60)
        return b"".join(output).decode()

    def events(self, name: str, kind: str = "Pod") -> list[str]:
        """``Reason: message`` of each event about an object, in order."""
        events = [e for e in self.client.list("events", "default") if e["involvedObject"]["name"] == name]
        events.sort(key=lambda e: (e.get("firstTimestamp") or e["eventTime"]).offset_ns)
        return [f"{e['reason']}: {e['message']}" for e in events if e["involvedObject"]["kind"] == kind]

    def reasons(self, name: str, kind: str = "Pod") -> list[str]:
        """The reasons of the events about an object, in order."""
        return [each.partition(":")[0] for each in self.events(name, kind)]

    def _tell(self, event: InformerEvent) -> None:
        meta, status = event.obj["metadata"], event.obj.get("status") or {}
        story = self.told.setdefault(meta["name"], [])
        line = "deleted" if event.type == "DELETED" else _line(meta, status)
        if not story or story[-1] != line:
            story.append(line)


def _line(meta: Obj, status: Obj) -> str:
    words = [str(status.get("phase"))]
    if meta.get("deletionTimestamp"):
        words.append("deleting")
    for kind in ("initContainerStatuses", "containerStatuses"):
        for one in status.get(kind) or ():
            ((state, body),) = one["state"].items()
            mark = "+" if one["ready"] else "-"
            words.append(f"{one['name']}{mark}{one['restartCount']}:{body.get('reason', state)}")
    return " ".join(words)
