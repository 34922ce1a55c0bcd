import pytest

from podlab.errors import PodlabError
from podlab.lab.conditions import parse


def pod(phase="Running", ready=None, **metadata):
    conditions = [] if ready is None else [{"type": "Ready", "status": ready}]
    return {"kind": "Pod", "metadata": {"name": "web", **metadata}, "status": {"phase": phase, "conditions": conditions}}


@pytest.mark.parametrize("words", ["Ready", "ready", "condition=Ready", "condition=Ready=True", "Ready=true"])
def test_condition_type(words):
    assert parse(words).met(pod(ready="True"))
    assert not parse(words).met(pod(ready="False"))
    assert not parse(words).met(pod())


def test_condition_value():
    assert parse("condition=Ready=False").met(pod(ready="False"))


def test_condition_of_an_older_generation_does_not_count():
    obj = pod(ready="True", generation=2)
    obj["status"]["observedGeneration"] = 1
    assert not parse("Ready").met(obj)


@pytest.mark.parametrize("phase", ["Pending", "Running", "Succeeded", "Failed"])
def test_phase(phase):
    assert parse(phase.lower()).met(pod(phase))
    assert not parse(phase).met(pod("Unknown"))


def test_jsonpath_with_and_without_a_value():
    assert parse("jsonpath={.status.phase}=Running").met(pod())
    assert parse("jsonpath={.status.phase}").met(pod())
    assert not parse("jsonpath={.status.podIP}").met(pod())
    assert parse("{.status.phase}=Running").met(pod())
    assert not parse("{.status.podIP}").met(pod())


def test_function():
    assert parse(lambda obj: obj["metadata"]["name"] == "web").met(pod())


@pytest.mark.parametrize(
    ("words", "phase", "hopeless"),
    [
        ("Ready", "Failed", True),
        ("Ready", "Succeeded", True),
        ("Ready", "Pending", False),
        ("Succeeded", "Failed", True),
        ("Failed", "Succeeded", True),
        ("Succeeded", "Running", False),
        ("deleted", "Failed", False),
    ],
)
def test_hope_ends_with_the_pod(words, phase, hopeless):
    assert bool(parse(words).hopeless(pod(phase))) is hopeless


def test_words_without_a_meaning_are_refused():
    with pytest.raises(PodlabError, match="cannot wait for 'a b c'"):
        parse("a b c")


def test_function_that_misses_a_field_says_not_yet():
    assert not parse(lambda obj: obj["status"]["containerStatuses"][0]["ready"]).met(pod())
    assert not parse(lambda obj: obj["status"]["podIP"] > "1").met(pod(podIP=None))
    with pytest.raises(ZeroDivisionError):
        parse(lambda obj: 1 / 0).met(pod())
