"""A pod's own requests to the API, as a student tries them: through kubectl exec, in both paces, with real kubectl."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import WEB, Kubectl, Mock

TOKEN = "Authorization: Bearer $(cat /var/run/secrets/kubernetes.io/serviceaccount/token)"
PODS = f'wget -qO- --no-check-certificate --header "{TOKEN}" https://kubernetes.default.svc/api/v1/namespaces/default/pods'


@pytest.mark.parametrize("pace", ["live", "virtual"])
def test_kubectl_exec_reaches_the_api_from_within(own_mock: Callable[..., Mock], pace: str, tmp_path: Path) -> None:
    mock = own_mock("--pace", pace)
    kubectl = Kubectl(mock, "default", tmp_path)
    kubectl("apply", "-f", "-", stdin=WEB)
    kubectl("wait", "pod/web", "--for=condition=Ready", "--timeout=60s")
    within = ("exec", "web", "-c", "ticker", "--", "sh", "-c")
    refused = kubectl.fails(*within, PODS)
    assert "wget: server returned error: HTTP/1.1 403 Forbidden\n" in refused
    kubectl("create", "rolebinding", "look", "--clusterrole=view", "--serviceaccount=default:default")
    assert kubectl(*within, f'{PODS} | grep -o \'"name":"web"\' | head -n 1') == '"name":"web"\n'
    assert kubectl(*within, f"{PODS}/web/log?container=ticker | head -n 1") == "tick 1\n"
    watched = kubectl(
        *within, f'{PODS.replace("/pods", "/pods?watch=true&timeoutSeconds=1").replace("https", chr(34) + "https")}" | wc -l'
    )
    assert watched == "1\n"
    assert "open" in kubectl.run(*within, "nc -zv kubernetes.default 443").stderr
    assert kubectl(
        "get", "endpoints", "kubernetes", "-o", "jsonpath={.subsets[0].addresses[0].ip}:{.subsets[0].ports[0].port}"
    ) == ("172.18.0.2:6443")
    assert "401" not in mock.log
