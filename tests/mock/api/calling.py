"""An API server in a bottle, and short ways to call it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from podlab.mock.api.bootstrap import bootstrap
from podlab.mock.api.client import Client
from podlab.mock.api.node import NodeAgent
from podlab.mock.api.request import ADMIN, Request, Response, UserInfo, WatchStream
from podlab.mock.api.server import APIServer
from podlab.mock.kernel import Kernel
from podlab.mock.store import Store

Obj = dict[str, Any]

PODS = "/api/v1/namespaces/default/pods"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"
APPLY = "application/apply-patch+yaml"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


@dataclass
class Bottle:
    """A server with the system's namespaces and the default service account. A fault of the server fails the test."""

    node: NodeAgent | None = None
    kernel: Kernel = field(default_factory=Kernel)
    store: Store = field(default_factory=Store)

    def __post_init__(self) -> None:
        self.server = APIServer(self.kernel, self.store, self.node)
        self.faults: list[str] = []
        self.server.on_fault = lambda request, text: self.faults.append(text)
        bootstrap(self.server.verbs)
        self.client = self.client_of("test")
        self.client.create("serviceaccounts", "default", manifest("v1", "ServiceAccount", "default"))

    def client_of(self, name: str) -> Client:
        return Client(self.server.verbs, name)

    def answer(self, method: str, url: str, body: Any = None, user: UserInfo = ADMIN, **headers: str) -> Any:
        parts = urlsplit(url)
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        names = {"content-type": "application/json", "accept": "application/json", "user-agent": "kubectl/v1.37"}
        names |= {key.replace("_", "-"): value for key, value in headers.items()}
        query, path = parse_qs(parts.query, keep_blank_values=True), unquote(parts.path)
        answer = self.server.handle(Request(method, path, query, names, data, user))
        assert not self.faults, self.faults[0]
        return answer

    def call(self, method: str, url: str, body: Any = None, **headers: Any) -> tuple[int, Obj]:
        answer = self.answer(method, url, body, **headers)
        assert isinstance(answer, Response), answer
        return answer.status, json.loads(answer.body)

    def ok(self, method: str, url: str, body: Any = None, **headers: Any) -> Obj:
        code, obj = self.call(method, url, body, **headers)
        assert code < 300, obj
        return obj

    def message(self, method: str, url: str, body: Any = None, **headers: Any) -> tuple[int, str]:
        code, obj = self.call(method, url, body, **headers)
        assert obj["kind"] == "Status", obj
        assert obj["code"] == code
        return code, obj["message"]

    def watch(self, url: str, **headers: str) -> WatchStream:
        answer = self.answer("GET", url, **headers)
        assert isinstance(answer, WatchStream), answer
        return answer

    def run(self, seconds: float) -> None:
        self.kernel.run_until(self.kernel.now_ns + int(seconds * 1_000_000_000))


def frames(stream: WatchStream) -> list[Obj]:
    """What has arrived on a watch."""
    found = []
    while stream.pending:
        found.append(json.loads(stream.pending.popleft()))
    return found


def names(stream: WatchStream) -> list[tuple[str, str]]:
    return [(frame["type"], frame["object"]["metadata"]["name"]) for frame in frames(stream)]


def manifest(api_version: str, kind: str, name: str, **fields: Any) -> Obj:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **fields}


def pod(name: str, *containers: str, labels: Obj | None = None, **spec: Any) -> Obj:
    made = manifest("v1", "Pod", name)
    if labels:
        made["metadata"]["labels"] = labels
    made["spec"] = {"containers": [{"name": one, "image": "busybox:1.37"} for one in containers or ("app",)], **spec}
    return made


def deployment(name: str, replicas: int = 1, image: str = "busybox:1.37", **container: Any) -> Obj:
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "c", "image": image, **container}]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}
    return manifest("apps/v1", "Deployment", name, spec=spec)


def config_map(name: str, **data: str) -> Obj:
    return manifest("v1", "ConfigMap", name, data=data)


def columns(table: Obj) -> Iterator[dict[str, Any]]:
    """The rows of a table by the names of its columns."""
    titles = [one["name"] for one in table["columnDefinitions"]]
    for row in table["rows"]:
        yield dict(zip(titles, row["cells"], strict=True))
