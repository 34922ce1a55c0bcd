"""From the whole server's point of view: what a create refuses last, and what it does not give on a dry run."""

import pytest

from tests.mock.api.calling import CONFIG_MAPS, Bottle, manifest

SERVICES = "/api/v1/namespaces/default/services"


@pytest.fixture
def bottle() -> Bottle:
    return Bottle()


@pytest.mark.parametrize("version", ["1", "007"])
def test_what_has_a_version_is_not_new(bottle: Bottle, version: str) -> None:
    body = manifest("v1", "ConfigMap", "a")
    body["metadata"]["resourceVersion"] = version
    code, status = bottle.call("POST", CONFIG_MAPS, body)
    assert (code, status["message"]) == (500, "resourceVersion should not be set on objects to be created")
    assert "reason" not in status


@pytest.mark.parametrize("version", ["0", "-1", "latest"])
def test_what_is_no_version_is_not_noticed(bottle: Bottle, version: str) -> None:
    body = manifest("v1", "ConfigMap", "a")
    body["metadata"]["resourceVersion"] = version
    assert bottle.ok("POST", CONFIG_MAPS, body)["metadata"]["resourceVersion"] not in ("", version)


def test_other_mistakes_are_told_before_the_version(bottle: Bottle) -> None:
    body = manifest("v1", "ConfigMap", "A")
    body["metadata"]["resourceVersion"] = "1"
    assert bottle.call("POST", CONFIG_MAPS, body)[0] == 422


def test_a_dry_run_gives_no_addresses_and_no_ports(bottle: Bottle) -> None:
    service = manifest("v1", "Service", "a", spec={"type": "NodePort", "ports": [{"port": 80}]})
    dry = bottle.ok("POST", f"{SERVICES}?dryRun=All", service)["spec"]
    assert "clusterIP" not in dry
    assert "nodePort" not in dry["ports"][0]
    wet = bottle.ok("POST", SERVICES, service)["spec"]
    assert wet["clusterIP"]
    assert wet["ports"][0]["nodePort"] >= 30000
