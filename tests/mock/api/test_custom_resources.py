from typing import Any

import pytest

from tests.mock.api.calling import APPLY, MERGE, STRATEGIC, TABLE, Bottle, columns, frames, manifest

Obj = dict[str, Any]

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
WIDGETS = "/apis/example.com/v1/namespaces/default/widgets"
SPEC = {
    "type": "object",
    "required": ["size"],
    "properties": {
        "size": {"type": "integer", "minimum": 1, "maximum": 10},
        "color": {"type": "string", "enum": ["red", "blue"], "default": "red"},
        "nick": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 5},
        "word": {"type": "string", "pattern": "^(a+)+\\z"},
        "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
        "parts": {
            "type": "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["id"],
            "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "n": {"type": "integer"}}},
        },
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        "port": {"x-kubernetes-int-or-string": True},
    },
}
STATUS = {"type": "object", "properties": {"ready": {"type": "integer"}, "selector": {"type": "string"}}}


def definition(**version: Any) -> Obj:
    made = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": SPEC, "status": STATUS}}},
        "subresources": {
            "status": {},
            "scale": {
                "specReplicasPath": ".spec.size",
                "statusReplicasPath": ".status.ready",
                "labelSelectorPath": ".status.selector",
            },
        },
        "additionalPrinterColumns": [
            {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
            {"name": "Color", "type": "string", "jsonPath": ".spec.color", "priority": 1},
            {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
        ],
        **version,
    }
    names = {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": ["wd"], "categories": ["all"]}
    spec = {"group": "example.com", "scope": "Namespaced", "names": names, "versions": [made]}
    return manifest("apiextensions.k8s.io/v1", "CustomResourceDefinition", "widgets.example.com", spec=spec)


def widget(name: str = "a", **spec: Any) -> Obj:
    return manifest("example.com/v1", "Widget", name, spec={"size": 2, **spec})


@pytest.fixture
def bottle() -> Bottle:
    made = Bottle()
    made.ok("POST", DEFINITIONS, definition())
    return made


def test_a_definition_is_established_and_served(bottle: Bottle) -> None:
    made = bottle.ok("GET", f"{DEFINITIONS}/widgets.example.com")
    assert {one["type"]: one["status"] for one in made["status"]["conditions"]} == {
        "NamesAccepted": "True",
        "Established": "True",
    }
    assert made["status"]["storedVersions"] == ["v1"]
    assert made["status"]["acceptedNames"]["listKind"] == "WidgetList"
    found = {one["name"]: one for one in bottle.ok("GET", "/apis/example.com/v1")["resources"]}
    assert set(found) == {"widgets", "widgets/scale", "widgets/status"}
    assert found["widgets"]["shortNames"] == ["wd"]
    assert bottle.ok("GET", "/apis")["groups"][-1]["name"] == "example.com"
    assert "apis/example.com/v1" in bottle.ok("GET", "/openapi/v3")["paths"]
    schemas = bottle.ok("GET", "/openapi/v3/apis/example.com/v1")["components"]["schemas"]
    assert schemas["com.example.v1.Widget"]["properties"]["spec"]["properties"]["size"]["minimum"] == 1


def test_objects_are_defaulted_and_pruned(bottle: Bottle) -> None:
    body = widget(free={"any": {"thing": 1}}, nope=1, parts=[{"id": "x", "nope": 2}])
    answer = bottle.answer("POST", WIDGETS, body)
    assert answer.headers["warning"] == '299 - "unknown field \\"spec.nope\\"", 299 - "unknown field \\"spec.parts[0].nope\\""'
    made = bottle.ok("GET", f"{WIDGETS}/a")
    assert made["spec"] == {"size": 2, "color": "red", "free": {"any": {"thing": 1}}, "parts": [{"id": "x"}]}
    assert made["metadata"]["generation"] == 1
    assert bottle.message("POST", f"{WIDGETS}?fieldValidation=Strict", widget("b", nope=1)) == (
        400,
        'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.nope"',
    )


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"size": None}, 'spec.size: Invalid value: "null": spec.size in body must be of type integer: "null"'),
        ({"size": "x"}, 'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"'),
        ({"size": 11}, "spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10"),
        ({"size": 0}, "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"),
        ({"color": "green"}, 'spec.color: Unsupported value: "green": supported values: "red", "blue"'),
        ({"nick": "A"}, "spec.nick: Invalid value: \"A\": spec.nick in body should match '^[a-z]+$'"),
        ({"word": "a" * 5000 + "!"}, f"spec.word: Invalid value: \"{'a' * 5000}!\": spec.word in body should match '^(a+)+\\z'"),
        ({"nick": "abcdefg"}, "spec.nick: Too long: may not be more than 5 bytes"),
        ({"tags": ["a", "a"]}, 'spec.tags[1]: Duplicate value: "a"'),
        ({"parts": [{"id": "a"}, {"id": "a"}]}, 'spec.parts[1]: Duplicate value: {"id":"a"}'),
        ({"parts": [{}]}, "spec.parts[0].id: Required value"),
        ({"port": True}, 'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"'),
    ],
)
def test_objects_are_validated_in_the_servers_words(bottle: Bottle, spec: Obj, words: str) -> None:
    assert bottle.message("POST", WIDGETS, widget(**spec)) == (422, f'Widget.example.com "a" is invalid: {words}')


def test_all_causes_are_told(bottle: Bottle) -> None:
    code, status = bottle.call("POST", WIDGETS, manifest("example.com/v1", "Widget", "A_", spec={"color": 1}))
    assert code == 422
    assert [cause["field"] for cause in status["details"]["causes"]] == ["metadata.name", "spec.size", "spec.color"]


def test_an_object_of_another_kind_is_refused(bottle: Bottle) -> None:
    assert bottle.call("POST", WIDGETS, {**widget(), "kind": "Gadget"})[0] == 400
    assert bottle.call("POST", WIDGETS, {**widget(), "apiVersion": "example.com/v2"})[0] == 400
    assert bottle.call("POST", WIDGETS, [])[0] == 400


def test_status_and_scale_are_subresources(bottle: Bottle) -> None:
    bottle.ok("POST", WIDGETS, {**widget(), "status": {"ready": 9}})
    assert "status" not in bottle.ok("GET", f"{WIDGETS}/a")
    body = {"status": {"ready": 1, "selector": "a=b"}, "spec": {"size": 9}}
    found = bottle.ok("PATCH", f"{WIDGETS}/a/status", body, content_type=MERGE)
    assert (found["status"], found["spec"]["size"], found["metadata"]["generation"]) == ({"ready": 1, "selector": "a=b"}, 2, 1)
    scale = bottle.ok("GET", f"{WIDGETS}/a/scale")
    assert (scale["spec"], scale["status"]) == ({"replicas": 2}, {"replicas": 1, "selector": "a=b"})
    bottle.ok("PATCH", f"{WIDGETS}/a/scale", {"spec": {"replicas": 5}}, content_type=MERGE)
    found = bottle.ok("GET", f"{WIDGETS}/a")
    assert (found["spec"]["size"], found["metadata"]["generation"]) == (5, 2)


def test_an_update_must_name_its_version(bottle: Bottle) -> None:
    made = bottle.ok("POST", WIDGETS, widget())
    assert bottle.message("PUT", f"{WIDGETS}/a", widget()) == (
        422,
        'Widget.example.com "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    )
    assert bottle.ok("PUT", f"{WIDGETS}/a", {**made, "spec": {"size": 3}})["spec"] == {"size": 3, "color": "red"}


def test_custom_resources_take_merge_patches_and_apply_but_no_strategic_ones(bottle: Bottle) -> None:
    url = f"{WIDGETS}/a?fieldManager="
    bottle.ok("PATCH", f"{url}one", widget(parts=[{"id": "x", "n": 1}]), content_type=APPLY)
    found = bottle.ok(
        "PATCH", f"{url}two", manifest("example.com/v1", "Widget", "a", spec={"parts": [{"id": "y"}]}), content_type=APPLY
    )
    assert found["spec"]["parts"] == [{"id": "x", "n": 1}, {"id": "y"}]
    code, words = bottle.message("PATCH", f"{url}two", widget(size=3), content_type=APPLY)
    assert (code, words) == (409, 'Apply failed with 1 conflict: conflict with "one": .spec.size')
    assert bottle.call("PATCH", f"{url}x", {}, content_type=STRATEGIC)[0] == 415


def test_the_columns_are_those_of_the_definition(bottle: Bottle) -> None:
    bottle.ok("POST", WIDGETS, widget())
    bottle.run(4)
    table = bottle.ok("GET", WIDGETS, accept=TABLE)
    assert list(columns(table)) == [{"Name": "a", "Size": 2, "Color": "red", "Age": "4s"}]
    assert [one["priority"] for one in table["columnDefinitions"]] == [0, 0, 1, 0]


def test_deleting_a_definition_deletes_its_objects_and_serves_them_no_longer(bottle: Bottle) -> None:
    bottle.ok("POST", WIDGETS, widget())
    held = widget("held")
    held["metadata"]["finalizers"] = ["example.com/hold"]
    bottle.ok("POST", WIDGETS, held)
    stream = bottle.watch(f"{WIDGETS}?watch=1&resourceVersion={bottle.store.revision}")
    bottle.ok("DELETE", f"{DEFINITIONS}/widgets.example.com")
    bottle.run(1)
    assert [one["type"] for one in frames(stream)] == ["DELETED", "MODIFIED"]
    bottle.ok("PATCH", f"{WIDGETS}/held", {"metadata": {"finalizers": None}}, content_type=MERGE)
    bottle.run(1)
    assert bottle.call("GET", f"{DEFINITIONS}/widgets.example.com")[0] == 404
    assert bottle.message("GET", WIDGETS) == (404, "the server could not find the requested resource")
    assert all(one["name"] != "example.com" for one in bottle.ok("GET", "/apis")["groups"])


def test_names_that_are_taken_are_not_accepted(bottle: Bottle) -> None:
    other = definition()
    other["metadata"]["name"] = "gadgets.example.com"
    other["spec"]["names"] = {"plural": "gadgets", "singular": "gadget", "kind": "Widget"}
    bottle.ok("POST", DEFINITIONS, other)
    status = bottle.ok("GET", f"{DEFINITIONS}/gadgets.example.com")["status"]
    assert {one["type"]: one["status"] for one in status["conditions"]} == {"NamesAccepted": "False", "Established": "False"}
    assert bottle.call("GET", "/apis/example.com/v1/gadgets")[0] == 404


def test_several_versions_show_one_object(bottle: Bottle) -> None:
    made = bottle.ok("GET", f"{DEFINITIONS}/widgets.example.com")
    made["spec"]["versions"].append({**definition(name="v2", storage=False)["spec"]["versions"][0]})
    bottle.ok("PUT", f"{DEFINITIONS}/widgets.example.com", made)
    bottle.ok("POST", WIDGETS, widget())
    assert bottle.ok("GET", f"{WIDGETS.replace('v1', 'v2')}/a")["apiVersion"] == "example.com/v2"
    assert bottle.ok("GET", "/apis/example.com")["preferredVersion"]["version"] == "v2"


def test_what_is_not_modelled_is_refused_by_name(bottle: Bottle) -> None:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-validations": [{"rule": "semver('1.0.0') == self"}]}}
    made = definition(schema=schema)
    made["metadata"]["name"] = "others.example.com"
    made["spec"]["names"] = {"plural": "others", "singular": "other", "kind": "Other"}
    code, words = bottle.message("POST", DEFINITIONS, made)
    assert code == 501
    assert "the CEL function semver" in words


RULES = "x-kubernetes-validations"


def ruled(rules: list[Obj], **properties: Obj) -> Obj:
    """A definition whose spec has rules, and more properties."""
    spec = {**SPEC, RULES: rules, "properties": {**SPEC["properties"], **properties}}  # type: ignore[dict-item]
    made = definition(schema={"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}})
    made["metadata"]["name"] = "ruled.example.com"
    made["spec"]["names"] = {"plural": "ruled", "singular": "ruled", "kind": "Ruled"}
    return made


RULED = "/apis/example.com/v1/namespaces/default/ruled"


def one_ruled(**spec: Any) -> Obj:
    return manifest("example.com/v1", "Ruled", "a", spec={"size": 2, **spec})


@pytest.mark.parametrize(
    ("rule", "spec", "words"),
    [
        ({"rule": "self.size > 3"}, {}, "spec: Invalid value: failed rule: self.size > 3"),
        ({"rule": "self.size > 3", "message": "too small"}, {}, "spec: Invalid value: too small"),
        (
            {"rule": "self.size > 3", "messageExpression": "'%d is not enough'.format([self.size])", "fieldPath": ".size"},
            {},
            "spec.size: Invalid value: 2 is not enough",
        ),
        ({"rule": "self.size > 3", "reason": "FieldValueForbidden"}, {}, "spec: Forbidden: failed rule: self.size > 3"),
        ({"rule": "self.size / (self.size - 2) > 1"}, {}, "division by zero evaluating rule: self.size / (self.size - 2) > 1"),
        (
            {"rule": "self.port < 3"},
            {"port": "a"},
            "call arguments did not match a supported operator, function or macro signature for rule: self.port < 3",
        ),
        ({"rule": "self.parts.all(p, has(p.n))"}, {"parts": [{"id": "a"}]}, "failed rule: self.parts.all(p, has(p.n))"),
        (
            {"rule": "self.size > 3"},
            {"size": 0.5},
            "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; "
            "correct the existing errors to complete validation",
        ),
    ],
)
def test_objects_have_to_meet_the_rules_of_their_definition(bottle: Bottle, rule: Obj, spec: Obj, words: str) -> None:
    bottle.ok("POST", DEFINITIONS, ruled([rule]))
    code, message = bottle.message("POST", RULED, one_ruled(**spec))
    assert code == 422
    assert words in message


def test_rules_of_fields_items_and_values_are_met_where_they_stand(bottle: Bottle) -> None:
    short = {"type": "string", RULES: [{"rule": "self.size() < 3"}]}
    properties = {"list": {"type": "array", "items": short}, "map": {"type": "object", "additionalProperties": short}}
    bottle.ok("POST", DEFINITIONS, ruled([], my=short, **properties))
    code, message = bottle.message("POST", RULED, one_ruled(my="abc", list=["a", "abcd"], map={"k": "abcde"}))
    assert code == 422
    assert [part for part in ('spec.my: Invalid value: "abc"', "spec.list[1]:", "spec.map[k]:") if part not in message] == []
    bottle.ok("POST", RULED, one_ruled(my="ab", list=["a"], map={"k": "a"}))


def test_rules_of_change_look_at_what_was(bottle: Bottle) -> None:
    fixed = {"rule": "self.nick == oldSelf.nick", "message": "nick stays"}
    late = {"rule": "!oldSelf.hasValue() || self.size >= oldSelf.value().size", "optionalOldSelf": True, "message": "only up"}
    small = {"rule": "self.size < 5", "message": "small"}
    bottle.ok("POST", DEFINITIONS, ruled([fixed, late, small]))
    made = bottle.ok("POST", RULED, one_ruled(nick="a"))
    for change, words in (({"nick": "b"}, "nick stays"), ({"size": 1}, "only up"), ({"size": 7}, "small")):
        code, message = bottle.message("PUT", f"{RULED}/a", {**made, "spec": {**made["spec"], **change}})
        assert (code, words in message) == (422, True), message
    bottle.ok("PUT", f"{RULED}/a", {**made, "spec": {**made["spec"], "size": 4}})


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"rule": ""}, "rule: Required value: rule is not specified"),
        ({"rule": "self.nope > 1"}, "compilation failed: ERROR: <input>:1:5: undefined field 'nope'\n | self.nope > 1\n | ....^"),
        ({"rule": "self.size"}, "cel expression must evaluate to a bool"),
        ({"rule": "true", "messageExpression": "1"}, "messageExpression must evaluate to a string"),
        ({"rule": "self.size\n> 1"}, "message must be specified if rule contains line breaks"),
        ({"rule": "true", "reason": "X"}, 'reason: Unsupported value: "X"'),
    ],
)
def test_rules_that_are_wrong_are_refused_with_their_definition(bottle: Bottle, rule: Obj, words: str) -> None:
    code, message = bottle.message("POST", DEFINITIONS, ruled([rule]))
    assert code == 422
    assert words in message


def test_rules_of_change_need_to_know_what_was(bottle: Bottle) -> None:
    item = {"type": "string", RULES: [{"rule": "self == oldSelf"}]}
    code, message = bottle.message("POST", DEFINITIONS, ruled([], list={"type": "array", "items": item}))
    assert code == 422
    assert "oldSelf cannot be used on the uncorrelatable portion of the schema" in message
