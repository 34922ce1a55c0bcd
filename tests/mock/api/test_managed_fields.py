import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.api.errors import Conflict
from podlab.mock.api.managed import FieldManager, Writer, fieldset
from podlab.mock.api.managed.typed import compare, field_set, merge
from podlab.mock.api.patches import structure_of
from podlab.mock.kernel import Time
from podlab.mock.store import clone
from tests.mock.api.calling import APPLY, CONFIG_MAPS, DEPLOYMENTS, MERGE, Bottle, config_map, deployment

SHAPE = structure_of("apps/v1", "Deployment")
SETS = st.recursive(
    st.just({}),
    lambda inner: st.dictionaries(st.sampled_from(["f:a", "f:b", "f:c"]), inner, min_size=1, max_size=3),
    max_leaves=6,
)


def manager() -> FieldManager:
    return FieldManager("deployments.apps", SHAPE, has_status=True)


def writer(name: str, subresource: str = "") -> Writer:
    return Writer(name, "apps/v1", subresource, Time(0))


def owners(obj: Any) -> dict[str, Any]:
    return {f"{one['manager']}/{one['operation']}": one["fieldsV1"] for one in obj["metadata"]["managedFields"]}


def test_a_create_owns_what_the_client_stated_and_what_was_defaulted() -> None:
    bottle = Bottle()
    made = bottle.ok("POST", DEPLOYMENTS, deployment("web", env=[{"name": "A", "value": "1"}]))
    fields = owners(made)["kubectl/Update"]["f:spec"]
    assert fields["f:replicas"] == {}
    assert fields["f:selector"] == {}
    assert fields["f:strategy"]["f:rollingUpdate"] == {".": {}, "f:maxSurge": {}, "f:maxUnavailable": {}}
    container = fields["f:template"]["f:spec"]["f:containers"]['k:{"name":"c"}']
    assert container["f:env"] == {".": {}, 'k:{"name":"A"}': {".": {}, "f:name": {}, "f:value": {}}}
    assert container["f:imagePullPolicy"] == {}
    assert "f:status" not in owners(made)["kubectl/Update"]


def test_an_update_takes_the_fields_that_it_changes() -> None:
    bottle = Bottle()
    bottle.ok("POST", DEPLOYMENTS, deployment("web"))
    patched = bottle.ok("PATCH", f"{DEPLOYMENTS}/web?fieldManager=scaler", {"spec": {"replicas": 4}}, content_type=MERGE)
    assert owners(patched)["scaler/Update"] == {"f:spec": {"f:replicas": {}}}
    assert "f:replicas" not in owners(patched)["kubectl/Update"]["f:spec"]


def test_a_status_update_is_recorded_under_its_subresource() -> None:
    bottle = Bottle()
    bottle.ok("POST", DEPLOYMENTS, deployment("web"))
    bottle.client_of("controller").patch("deployments.apps", "default", "web", {"status": {"replicas": 1}}, "status")
    entries = bottle.ok("GET", f"{DEPLOYMENTS}/web")["metadata"]["managedFields"]
    entry = next(one for one in entries if one["manager"] == "controller")
    assert (entry["manager"], entry["subresource"], entry["fieldsV1"]) == (
        "controller",
        "status",
        {"f:status": {"f:replicas": {}}},
    )


def test_apply_conflicts_in_the_servers_words_and_can_be_forced() -> None:
    bottle = Bottle()
    url = f"{DEPLOYMENTS}/web"
    assert bottle.call("PATCH", f"{url}?fieldManager=one", deployment("web"), content_type=APPLY)[0] == 201
    code, status = bottle.call("PATCH", f"{url}?fieldManager=two", deployment("web", replicas=3, image="x"), content_type=APPLY)
    assert code == 409
    assert status["message"] == (
        'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.replicas\n- .spec.template.spec.containers[name="c"].image'
    )
    assert status["details"]["causes"][0] == {
        "reason": "FieldManagerConflict", "message": 'conflict with "one"', "field": ".spec.replicas",
    }  # fmt: skip
    forced = bottle.ok(
        "PATCH", f"{url}?fieldManager=two&force=true", deployment("web", replicas=3, image="x"), content_type=APPLY
    )
    assert forced["spec"]["replicas"] == 3
    assert "f:replicas" not in owners(forced)["one/Apply"]["f:spec"]


def test_apply_with_equal_values_shares_ownership_and_leaving_out_keeps_what_others_own() -> None:
    bottle, url = Bottle(), f"{DEPLOYMENTS}/web"
    bottle.ok("PATCH", f"{url}?fieldManager=one", deployment("web", env=[{"name": "A", "value": "1"}]), content_type=APPLY)
    bottle.ok("PATCH", f"{url}?fieldManager=two", deployment("web", env=[{"name": "A", "value": "1"}]), content_type=APPLY)
    kept = bottle.ok("PATCH", f"{url}?fieldManager=one", deployment("web"), content_type=APPLY)
    assert kept["spec"]["template"]["spec"]["containers"][0]["env"] == [{"name": "A", "value": "1"}]
    gone = bottle.ok("PATCH", f"{url}?fieldManager=two", deployment("web"), content_type=APPLY)
    assert "env" not in gone["spec"]["template"]["spec"]["containers"][0]


def test_applying_the_same_again_writes_nothing() -> None:
    bottle, url = Bottle(), f"{DEPLOYMENTS}/web?fieldManager=one"
    first = bottle.ok("PATCH", url, deployment("web"), content_type=APPLY)
    bottle.run(30)
    assert bottle.ok("PATCH", url, deployment("web"), content_type=APPLY) == first


def test_an_update_conflicts_with_an_apply_by_version_and_operation() -> None:
    bottle, url = Bottle(), f"{DEPLOYMENTS}/web"
    bottle.ok("POST", f"{DEPLOYMENTS}?fieldManager=maker", deployment("web"))
    code, words = bottle.message("PATCH", f"{url}?fieldManager=two", deployment("web", replicas=3), content_type=APPLY)
    assert (code, words) == (409, 'Apply failed with 1 conflict: conflict with "maker" using apps/v1: .spec.replicas')


@pytest.mark.parametrize(
    ("query", "body", "code", "words"),
    [
        ("", deployment("web"), 422,
         'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'),
        ("?fieldManager=x", {**deployment("web"), "apiVersion": "apps/v2"}, 400,
         "Incorrect version specified in apply patch. Specified patch version: apps/v2, expected: apps/v1"),
        ("?fieldManager=x", {**deployment("web"), "metadata": {"name": "web", "managedFields": [{"manager": "x"}]}}, 400,
         "metadata.managedFields must be nil"),
        ("?fieldManager=x", deployment("other"), 400,
         "the name of the object (other) does not match the name on the URL (web)"),
    ],
)  # fmt: skip
def test_bad_applies_are_refused(query: str, body: Any, code: int, words: str) -> None:
    assert Bottle().message("PATCH", f"{DEPLOYMENTS}/web{query}", body, content_type=APPLY) == (code, words)


def test_the_first_apply_meets_what_nobody_owned() -> None:
    live = deployment("web")
    with pytest.raises(Conflict, match=r'conflict with "before-first-apply" using apps/v1: .spec.replicas'):
        manager().apply(live, deployment("web", replicas=2), writer("one"), force=False)


@given(SETS, SETS)
def test_set_algebra(left: Any, right: Any) -> None:
    def members(fields: Any) -> set[str]:
        return set(fieldset.paths(fields))

    before = (clone(left), clone(right))
    assert members(fieldset.union(left, right)) == members(left) | members(right)
    assert members(fieldset.intersection(left, right)) == members(left) & members(right)
    assert members(fieldset.difference(left, right)) == members(left) - members(right)
    assert members(left) & members(right) or fieldset.difference(left, right) == left
    assert (left, right) == before


@given(replicas=st.integers(0, 3), image=st.sampled_from(["a", "b"]), names=st.lists(st.sampled_from("ABC"), unique=True))
def test_merging_a_configuration_gives_what_it_states(replicas: int, image: str, names: list[str]) -> None:
    live = deployment("web", env=[{"name": "B", "value": "live"}])
    config = deployment("web", replicas, image, env=[{"name": name, "value": "new"} for name in names])
    before = clone(live)
    merged = merge(live, config, SHAPE)
    assert live == before
    assert not fieldset.difference(field_set(config, SHAPE), field_set(merged, SHAPE))
    assert compare(merged, merge(merged, config, SHAPE), SHAPE) == ({}, {})


def test_what_is_applied_must_be_in_the_schema() -> None:
    config = deployment("web", nope=1)
    config["spec"]["other"] = 1
    assert Bottle().message("PATCH", f"{DEPLOYMENTS}/web?fieldManager=x", config, content_type=APPLY) == (
        400,
        "failed to create typed patch object (default/web; apps/v1, Kind=Deployment): errors:\n"
        "  .spec.other: field not declared in schema\n"
        "  .spec.template.spec.containers[0].nope: field not declared in schema",
    )


def test_an_apply_takes_quantities_that_are_written_as_numbers() -> None:
    wanted = deployment("web", resources={"limits": {"cpu": 0.5, "memory": 1048576}})
    made = Bottle().ok("PATCH", f"{DEPLOYMENTS}/web?fieldManager=one", wanted, content_type=APPLY)
    assert made["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"] == {"cpu": "500m", "memory": "1048576"}


LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def applied_by_the_client(bottle: Bottle, **data: str) -> Any:
    """A ConfigMap as ``kubectl apply`` makes it."""
    made = config_map("c", **data)
    made["metadata"]["annotations"] = {LAST_APPLIED: json.dumps(made) + "\n"}
    return bottle.ok("POST", f"{CONFIG_MAPS}?fieldManager=kubectl-client-side-apply", made)


def test_kubectl_goes_from_client_side_to_server_side_apply() -> None:
    bottle = Bottle()
    applied_by_the_client(bottle, a="1", b="1")
    url = f"{CONFIG_MAPS}/c?fieldManager="
    code, message = bottle.message("PATCH", url + "other", config_map("c", a="2"), content_type=APPLY)
    assert (code, message) == (409, 'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.a')
    taken = bottle.ok("PATCH", url + "kubectl", config_map("c", a="2"), content_type=APPLY)
    assert taken["data"] == {"a": "2", "b": "1"}
    assert owners(taken)["kubectl/Apply"] == {"f:data": {"f:a": {}}}
    assert json.loads(taken["metadata"]["annotations"][LAST_APPLIED])["data"] == {"a": "2"}


def test_kubectl_does_not_take_what_others_changed_since() -> None:
    bottle = Bottle()
    applied_by_the_client(bottle, a="1", b="1")
    bottle.ok("PATCH", f"{CONFIG_MAPS}/c?fieldManager=hand", {"data": {"b": "9"}}, content_type=MERGE)
    code, message = bottle.message(
        "PATCH", f"{CONFIG_MAPS}/c?fieldManager=kubectl", config_map("c", a="2", b="2"), content_type=APPLY
    )
    assert (code, message) == (409, 'Apply failed with 1 conflict: conflict with "hand" using v1: .data.b')


def test_an_object_keeps_its_name_when_nothing_else_of_its_metadata_is_owned() -> None:
    bottle = Bottle()
    labelled = config_map("c", a="1")
    labelled["metadata"]["labels"] = {"x": "y"}
    url = f"{CONFIG_MAPS}/c?fieldManager=one"
    bottle.ok("PATCH", url, labelled, content_type=APPLY)
    left = bottle.ok("PATCH", url, config_map("c", a="1"), content_type=APPLY)
    assert "labels" not in left["metadata"]
    assert left["metadata"]["name"] == "c"


def test_the_oldest_of_many_updaters_become_one() -> None:
    bottle = Bottle()
    bottle.ok("POST", f"{CONFIG_MAPS}?fieldManager=first", config_map("c", first="1"))
    for number in range(12):
        bottle.run(1)
        change = {"data": {f"n{number}": "1"}}
        made = bottle.ok("PATCH", f"{CONFIG_MAPS}/c?fieldManager=m{number:02}", change, content_type=MERGE)
    names = [entry["manager"] for entry in made["metadata"]["managedFields"]]
    assert names == ["ancient-changes", *(f"m{number:02}" for number in range(3, 12))]
    ancient = made["metadata"]["managedFields"][0]["fieldsV1"]["f:data"]
    assert set(ancient) == {".", "f:first", "f:n0", "f:n1", "f:n2"}
