import pytest

from podlab.errors import PodlabError
from podlab.lab.jsonpath import find

POD = {
    "metadata": {"labels": {"app.kubernetes.io/name": "web"}},
    "status": {
        "phase": "Running",
        "conditions": [{"type": "Ready", "status": "True"}, {"type": "Initialized", "status": "False"}],
        "containerStatuses": [{"name": "a", "restartCount": 0}, {"name": "b", "restartCount": 3}],
    },
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("{.status.phase}", ["Running"]),
        ("status.phase", ["Running"]),
        ("{$.status.phase}", ["Running"]),
        ('{.status.conditions[?(@.type=="Ready")].status}', ["True"]),
        ("{.status.conditions[?(@.type=='Ready')].status}", ["True"]),
        ("{.status.containerStatuses[*].name}", ["a", "b"]),
        ("{.status.containerStatuses[-1].name}", ["b"]),
        ("{.status.containerStatuses[5].name}", []),
        ("{.status.containerStatuses[-5].name}", []),
        ("{.status.containerStatuses[?(@.restartCount>2)].name}", ["b"]),
        (r"{.metadata.labels.app\.kubernetes\.io/name}", ["web"]),
        ("{.metadata.labels['app.kubernetes.io/name']}", ["web"]),
        ("{.nothing.here}", []),
        ("{}", [POD]),
    ],
)
def test_path_leads_to(path, found):
    assert find(path, POD) == found


@pytest.mark.parametrize("path", ["{.a[1:2]}", "{..name}", "{range .items[*]}", "{.a[?(len(@))]}"])
def test_path_of_an_unsupported_form_is_refused(path):
    with pytest.raises(PodlabError, match="does not understand the JSONPath"):
        find(path, {"a": [1, 2]})
