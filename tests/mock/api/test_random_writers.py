"""Several writers of the same objects, in any order: no fault, lists and watches agree with the store, nobody loses a name."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.mock.api.calling import APPLY, JSON_PATCH, MERGE, STRATEGIC, Bottle, frames, manifest

Obj = dict[str, Any]

KINDS = {
    "ConfigMap": ("v1", "/api/v1/namespaces/default/configmaps"),
    "Pod": ("v1", "/api/v1/namespaces/default/pods"),
    "Deployment": ("apps/v1", "/apis/apps/v1/namespaces/default/deployments"),
    "HorizontalPodAutoscaler": ("autoscaling/v1", "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers"),
}
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
TEXTS = st.sampled_from(["", "1", "2"])
LABELS = st.dictionaries(st.sampled_from(["a", "b", "x/y"]), TEXTS, max_size=2)
NAMES = st.sampled_from(["p", "q"])
WRITERS = st.sampled_from(["kubectl", "kubectl-client-side-apply", "hand", "robot"])
PORTS = st.lists(
    st.fixed_dictionaries({"containerPort": st.sampled_from([80, 81])}, optional={"protocol": st.sampled_from(["TCP", "UDP"])}),
    max_size=2,
    unique_by=lambda port: (port["containerPort"], port.get("protocol", "TCP")),
)
ENV = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from(["A", "B"])}, optional={"value": TEXTS}),
    max_size=2,
    unique_by=lambda one: one["name"],
)
CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["one", "two"]), "image": st.sampled_from(["busybox", "nginx"])},
        optional={"ports": PORTS, "env": ENV, "args": st.lists(TEXTS, max_size=2)},
    ),
    max_size=2,
    unique_by=lambda one: one["name"],
)


@st.composite
def bodies(draw: st.DrawFn) -> Obj:
    """A part of an object, such as somebody applies."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    meta: Obj = {"name": draw(NAMES)}
    for field in ("labels", "annotations"):
        if draw(st.booleans()):
            meta[field] = draw(LABELS)
    body: Obj = {"apiVersion": KINDS[kind][0], "kind": kind, "metadata": meta}
    match kind:
        case "ConfigMap":
            body["data"] = draw(LABELS)
        case "Pod":
            body["spec"] = {"containers": draw(CONTAINERS)}
        case "Deployment":
            template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": draw(CONTAINERS)}}
            body["spec"] = {"selector": {"matchLabels": {"app": "x"}}, "template": template}
            if draw(st.booleans()):
                body["spec"]["replicas"] = draw(st.integers(0, 3))
        case "HorizontalPodAutoscaler":
            target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "p"}
            body["spec"] = {"scaleTargetRef": target, "maxReplicas": draw(st.integers(1, 3))}
            if draw(st.booleans()):
                body["spec"]["targetCPUUtilizationPercentage"] = draw(st.integers(1, 99))
    return body


class WriterMachine(RuleBasedStateMachine):
    """Writers that mean well."""

    @initialize()
    def start(self) -> None:
        self.bottle = Bottle()
        self.streams = {kind: self.bottle.watch(f"{url}?watch=true") for kind, (_, url) in KINDS.items()}
        self.seen: dict[str, dict[str, Obj]] = {kind: {} for kind in KINDS}

    def send(self, method: str, body: Obj, query: str, content_type: str = "application/json", sent: Any = None) -> None:
        url = KINDS[body["kind"]][1] + ("" if method == "POST" else f"/{body['metadata']['name']}")
        answer = self.bottle.answer(method, f"{url}?{query}", body if sent is None else sent, content_type=content_type)
        assert answer.status < 500, answer.body

    @rule(body=bodies(), writer=WRITERS, last=st.booleans())
    def create(self, body: Obj, writer: str, last: bool) -> None:
        if last:
            body["metadata"].setdefault("annotations", {})[LAST_APPLIED] = '{"metadata": {"name": "p"}, "data": {"a": "1"}}'
        self.send("POST", body, f"fieldManager={writer}")

    @rule(body=bodies(), writer=WRITERS, force=st.booleans())
    def apply(self, body: Obj, writer: str, force: bool) -> None:
        self.send("PATCH", body, f"fieldManager={writer}&force={str(force).lower()}", APPLY)

    @rule(body=bodies(), writer=WRITERS, kind=st.sampled_from([MERGE, STRATEGIC]))
    def patch(self, body: Obj, writer: str, kind: str) -> None:
        self.send("PATCH", body, f"fieldManager={writer}", kind)

    @rule(body=bodies(), writer=WRITERS)
    def replace(self, body: Obj, writer: str) -> None:
        self.send("PUT", body, f"fieldManager={writer}")

    @rule(body=bodies(), path=st.sampled_from(["/metadata/labels", "/metadata/managedFields", "/data/a", "/spec/replicas"]))
    def remove(self, body: Obj, path: str) -> None:
        self.send("PATCH", body, "", JSON_PATCH, [{"op": "remove", "path": path}])

    @rule(name=NAMES, kind=st.sampled_from(sorted(KINDS)))
    def delete(self, name: str, kind: str) -> None:
        self.send("DELETE", manifest("", kind, name), "", sent={"kind": "DeleteOptions", "apiVersion": "v1"})

    @precondition(lambda self: hasattr(self, "bottle"))
    @invariant()
    def the_watches_show_what_is_listed(self) -> None:
        for kind, stream in self.streams.items():
            seen = self.seen[kind]
            for frame in frames(stream):
                name = frame["object"]["metadata"]["name"]
                if frame["type"] == "DELETED":
                    del seen[name]
                else:
                    seen[name] = frame["object"]
            api_version, url = KINDS[kind]
            listed = [{**one, "kind": kind, "apiVersion": api_version} for one in self.bottle.ok("GET", url)["items"]]
            assert listed == [seen[name] for name in sorted(seen)]


TestWriters = WriterMachine.TestCase
TestWriters.settings = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
