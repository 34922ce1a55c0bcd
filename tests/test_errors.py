import pytest

from podlab import errors
from podlab.errors import APIError, Invalid, NotFound, PodlabError, api_error


def status(reason, message, **details):
    return {"kind": "Status", "code": 400, "reason": reason, "message": message, "details": details}


def test_error_of_a_known_reason_has_its_class():
    error = api_error(status("NotFound", 'pods "web" not found', name="web", kind="pods"))
    assert isinstance(error, NotFound)
    assert str(error) == 'Error from server (NotFound): pods "web" not found'


def test_error_of_an_unknown_reason_is_plain():
    error = api_error(status("TooManyRequests", "slow down"))
    assert type(error) is APIError
    assert str(error) == "Error from server (TooManyRequests): slow down"


def test_invalid_with_one_cause_is_told_as_kubectl_tells_it():
    message = 'Pod "web" is invalid: spec.containers: Required value'
    error = api_error(
        status("Invalid", message, name="web", kind="Pod", causes=[{"field": "spec.containers", "message": "Required value"}])
    )
    assert isinstance(error, Invalid)
    assert str(error) == 'The Pod "web" is invalid: spec.containers: Required value'


def test_invalid_with_several_causes_is_a_list():
    causes = [{"field": "a", "message": "one"}, {"field": "b", "message": "two"}]
    error = api_error(status("Invalid", 'Pod "web" is invalid: [a: one, b: two]', name="web", kind="Pod", causes=causes))
    assert str(error) == 'The Pod "web" is invalid:\n* a: one\n* b: two'


def test_immutable_pod_comes_with_the_way_out():
    error = api_error(
        status("Invalid", "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`")
    )
    assert "replace=True" in error.hint
    assert error.hint in str(error)


@pytest.mark.parametrize(
    ("message", "hint"),
    [
        ('pods is forbidden: User "kim" cannot list resource "pods" in API group ""', "podlab doctor"),
        ('pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1', "describe resourcequota"),
        ('pods "p" is forbidden: failed quota: q: must specify limits.cpu for: a', "give each container `resources`"),
        ('pods "p" is forbidden: maximum cpu usage per Container is 1, but limit is 2', "describe limitrange"),
        (
            'pods "p" is forbidden: cpu max limit to request ratio per Container is 2, but provided ratio is 4',
            "describe limitrange",
        ),
        ('pods "p" is forbidden: error looking up service account z/default: serviceaccount "default" not found', "try again"),
        ('pods "p" is forbidden: error looking up service account z/x: serviceaccount "x" not found', "ServiceAccount first"),
        ('pods "p" is forbidden: violates PodSecurity "baseline:latest": privileged (container "a" must not set)', ""),
        ('namespaces "default" is forbidden: this namespace may not be deleted', ""),
    ],
)
def test_hint_of_a_refusal_is_about_what_refused(message, hint):
    said = api_error(status("Forbidden", message)).hint
    assert hint in said
    assert bool(said) == bool(hint)
    assert ("podlab doctor" in said) == (" cannot " in message)


def test_notebook_shows_the_text_alone():
    shown = PodlabError("It broke.\nHere.", "mend it")._render_traceback_()
    assert shown == ["PodlabError: It broke.", "Here.", "", "Hint: mend it"]


def test_notebook_shows_an_api_error_in_the_servers_words():
    assert api_error(status("NotFound", "no such thing"))._render_traceback_() == ["Error from server (NotFound): no such thing"]


@pytest.mark.parametrize("reason", sorted(errors._CLASSES))
def test_every_reason_has_one_class(reason):
    assert errors._CLASSES[reason].reason_word == reason
