"""Words for resources, against the discovery documents that a real Kubernetes 1.36 served."""

import json
from pathlib import Path

import pytest

from podlab.errors import NotFound, api_error
from podlab.lab.discovery import Discovery

DATA = Path(__file__).parent / "data" / "discovery"


class Recorded:
    """Answers as the real server did; one that knows no aggregated discovery, if told so."""

    def __init__(self, aggregated=True):
        self.aggregated = aggregated
        self.asked = []

    def json(self, method, path, query=None, body=None, headers=None):
        self.asked.append(path)
        name = path.strip("/").replace("/", "_")
        wants = self.aggregated and headers and "as=APIGroupDiscoveryList" in headers["Accept"]
        file = DATA / f"{'aggregated_' if wants else ''}{name}.json"
        if not file.exists():
            raise api_error(
                {
                    "kind": "Status",
                    "code": 404,
                    "reason": "NotFound",
                    "message": "the server could not find the requested resource",
                }
            )
        return json.loads(file.read_text("utf-8"))


@pytest.fixture(params=[True, False], ids=["aggregated", "group by group"])
def discovery(request):
    return Discovery(Recorded(request.param))


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("pods", "/api/v1/namespaces/ns/pods/x"),
        ("pod", "/api/v1/namespaces/ns/pods/x"),
        ("Pod", "/api/v1/namespaces/ns/pods/x"),
        ("po", "/api/v1/namespaces/ns/pods/x"),
        ("svc", "/api/v1/namespaces/ns/services/x"),
        ("cm", "/api/v1/namespaces/ns/configmaps/x"),
        ("deploy", "/apis/apps/v1/namespaces/ns/deployments/x"),
        ("deployments.apps", "/apis/apps/v1/namespaces/ns/deployments/x"),
        ("deployments.v1.apps", "/apis/apps/v1/namespaces/ns/deployments/x"),
        ("endpointslices", "/apis/discovery.k8s.io/v1/namespaces/ns/endpointslices/x"),
        ("events", "/api/v1/namespaces/ns/events/x"),
        ("events.events.k8s.io", "/apis/events.k8s.io/v1/namespaces/ns/events/x"),
        ("ns", "/api/v1/namespaces/x"),
        ("nodes", "/api/v1/nodes/x"),
    ],
)
def test_word_means_a_resource(discovery, word, path):
    resource = discovery.find(word)
    assert resource.path("ns", "x") == path


def test_kind_is_found_by_its_version(discovery):
    assert discovery.find_kind("autoscaling/v1", "HorizontalPodAutoscaler").version == "v1"
    assert discovery.find("hpa").version == "v2"


def test_unknown_words_are_told_as_kubectl_tells_them(discovery):
    with pytest.raises(NotFound, match='the server doesn\'t have a resource type "gizmos"'):
        discovery.find("gizmos")
    with pytest.raises(NotFound, match='no matches for kind "Gizmo" in version "v1"'):
        discovery.find_kind("v1", "Gizmo")


@pytest.mark.parametrize(
    ("api_version", "kind", "meant"),
    [
        ("v2", "Pod", "`apiVersion: v1` with `kind: Pod`"),
        ("v1", "pod", "`apiVersion: v1` with `kind: Pod`"),
        ("v1", "Deployment", "`apiVersion: apps/v1` with `kind: Deployment`"),
        ("apps/v1", "Deploymnet", "`apiVersion: apps/v1` with `kind: Deployment`"),
        ("v1", "Gizmo", "kubectl api-resources"),
    ],
)
def test_kind_that_is_not_there_comes_with_what_was_meant(discovery, api_version, kind, meant):
    with pytest.raises(NotFound) as caught:
        discovery.find_kind(api_version, kind)
    assert meant in caught.value.hint


def test_server_is_asked_once_and_again_for_an_unknown_word():
    recorded = Recorded()
    discovery = Discovery(recorded)
    discovery.find("pods")
    discovery.find("svc")
    assert recorded.asked == ["/api", "/apis"]
    with pytest.raises(NotFound):
        discovery.find("gizmos")
    assert recorded.asked == ["/api", "/apis"] * 2


def test_qualified_names_are_kubectls(discovery):
    assert discovery.find("pods").qualified == "pod"
    assert discovery.find("deploy").qualified == "deployment.apps"
