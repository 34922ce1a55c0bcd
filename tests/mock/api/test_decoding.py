"""Bytes to objects: what Go's decoder takes, what it refuses, and which of several mistakes it tells of."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.api.admission import GroupVersionKind, decode, decode_object, untyped
from podlab.mock.api.decoding.text import SyntaxProblem
from podlab.mock.api.decoding.yamltext import parse_yaml
from podlab.mock.api.errors import BadRequest
from podlab.mock.kernel import MicroTime, Time
from tests.mock.api.admitting import Obj, manifest, pod, put, with_container

POD = GroupVersionKind("", "v1", "Pod")
CONFIG_MAP = GroupVersionKind("", "v1", "ConfigMap")
LEASE = GroupVersionKind("coordination.k8s.io", "v1", "Lease")
YAML = "application/yaml"


def read(
    given: Obj | str, kind: GroupVersionKind = POD, validation: str = "Strict", content_type: str = "application/json"
) -> Any:
    body = given if isinstance(given, str) else json.dumps(given)
    return decode(body.encode(), content_type, kind, validation)


def refusal(*args: Any, **kwargs: Any) -> str:
    with pytest.raises(BadRequest) as caught:
        read(*args, **kwargs)
    return caught.value.message


_CONTAINER = "spec.containers.0"
_IN_CONTAINER = "Go struct field Container.spec.containers"
_IN_SPEC = "Go struct field PodSpec.spec"
_LABELS = "Go struct field ObjectMeta.metadata.labels"


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (f"{_CONTAINER}.ports", "http", f"cannot unmarshal string into {_IN_CONTAINER}.ports of type []v1.ContainerPort"),
        (f"{_CONTAINER}.name", 5, f"cannot unmarshal number into {_IN_CONTAINER}.name of type string"),
        ("spec.containers", {}, f"cannot unmarshal object into {_IN_SPEC}.containers of type []v1.Container"),
        ("spec.restartPolicy", True, f"cannot unmarshal bool into {_IN_SPEC}.restartPolicy of type v1.RestartPolicy"),
        ("spec.priority", 1.5, f"cannot unmarshal number 1.5 into {_IN_SPEC}.priority of type int32"),
        ("metadata.labels", [], f"cannot unmarshal array into {_LABELS} of type map[string]string"),
        ("metadata.labels", {"a": 1}, f"cannot unmarshal number into {_LABELS} of type string"),
    ],
)
def test_type_errors_are_go_s(path: str, value: Any, words: str) -> None:
    assert refusal(put(pod(), path, value)).endswith(f"json: {words}")


def test_an_integer_must_fit() -> None:
    said = refusal(with_container(ports=[{"containerPort": 2**31}]))
    assert f"cannot unmarshal number {2**31} into" in said
    assert said.endswith("ContainerPort.spec.containers.ports.containerPort of type int32")


def test_the_first_type_error_is_told() -> None:
    body = '{"kind":"Pod","apiVersion":"v1","spec":{"hostNetwork":"a","nodeName":5},"metadata":{"name":7}}'
    assert "PodSpec.spec.hostNetwork of type bool" in refusal(body)


def test_a_bad_quantity_wins_over_an_earlier_type_error() -> None:
    said = refusal({**with_container(stdin="no", resources={"limits": {"cpu": "much"}})})
    assert "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'" in said
    assert "stdin" not in said


def test_a_type_error_wins_over_unknown_fields() -> None:
    said = refusal({**with_container(nonsense=1, stdin="no"), "more": 2})
    assert "unknown field" not in said
    assert "of type bool" in said


def test_strict_errors_are_told_together_and_in_order() -> None:
    said = refusal({**with_container(nonsense=1), "more": 2})
    assert said.endswith('strict decoding error: unknown field "spec.containers[0].nonsense", unknown field "more"')


def test_field_validation_warns_or_ignores() -> None:
    stray = {**pod(), "more": 2}
    obj, warnings = read(stray, validation="Warn")
    assert warnings == ['unknown field "more"']
    assert "more" not in obj
    assert read(stray, validation="Ignore") == (obj, [])


def test_field_names_are_case_sensitive() -> None:
    assert refusal(with_container(Command=["a"])).endswith('unknown field "spec.containers[0].Command"')


def test_repeated_fields_are_strict_errors_and_the_last_one_counts() -> None:
    body = '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"immutable":true,"immutable":false}'
    assert refusal(body, CONFIG_MAP).endswith('strict decoding error: duplicate field "immutable"')
    obj, warnings = read(body, CONFIG_MAP, "Warn")
    assert warnings == ['duplicate field "immutable"']
    assert obj["immutable"] is False


def test_yaml_names_the_line_of_a_repeated_key() -> None:
    body = "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: a\ndata:\n  k: a\n  k: b\n"
    assert 'line 7: key "k" already set in map' in refusal(body, CONFIG_MAP, content_type=YAML)


def test_yaml_reads_like_json_where_the_types_agree() -> None:
    body = "kind: Pod\napiVersion: v1\nmetadata: {name: x}\nspec:\n  hostNetwork: yes\n  terminationGracePeriodSeconds: 0x10\n"
    spec = read(body, content_type=YAML)[0]["spec"]
    assert (spec["hostNetwork"], spec["terminationGracePeriodSeconds"]) == (True, 16)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "unexpected end of JSON input"),
        ("{", "unexpected end of JSON input"),
        ('{"kind" "Pod"}', "invalid character '\"' after object key"),
        ('{"kind": Pod}', "invalid character 'P' looking for beginning of value"),
        ('{"kind": "Pod",}', "invalid character '}' looking for beginning of object key string"),
        ('{"kind": "Pod"} x', "invalid character 'x' after top-level value"),
        ("[1 2]", "invalid character '2' after array element"),
        ('{"kind": tru}', "invalid character '}' in literal true (expecting 'e')"),
        ('{"kind": -a}', "invalid character 'a' in numeric literal"),
        ('{"kind": "a\nb"}', r"invalid character '\n' in string literal"),
        (r'{"kind": "\x"}', "invalid character 'x' in string escape code"),
    ],
)
def test_malformed_json_is_told_in_the_scanner_s_words(body: str, words: str) -> None:
    with pytest.raises(BadRequest) as caught:
        untyped(body.encode(), "application/json")
    assert words in caught.value.message


def test_the_body_must_be_of_the_kind_of_the_request() -> None:
    assert "Pod" in refusal(manifest("v1", "Service"))
    assert "ConfigMap" in refusal(pod(), CONFIG_MAP)


def test_an_unknown_kind_is_not_registered() -> None:
    assert 'no kind "Podd" is registered for version "v1"' in refusal(manifest("v1", "Podd"))


def test_a_body_without_a_kind_is_of_the_kind_of_the_request() -> None:
    obj, _ = read({"metadata": {"name": "x"}, "data": {"a": "b"}}, CONFIG_MAP)
    assert obj["kind"] == "ConfigMap"


def test_null_is_nothing() -> None:
    obj, _ = read({**with_container(command=None, ports=None, livenessProbe=None), "metadata": {"name": "x", "labels": None}})
    assert set(obj["spec"]["containers"][0]) == {"name", "image", "resources"}
    assert "labels" not in obj["metadata"]


def test_what_go_would_omit_is_dropped_and_pointers_keep_their_zeros() -> None:
    obj, _ = read(
        pod(hostNetwork=False, hostname="", terminationGracePeriodSeconds=0, automountServiceAccountToken=False, volumes=[])
    )
    assert {"hostNetwork", "hostname", "volumes"}.isdisjoint(obj["spec"])
    assert obj["spec"]["terminationGracePeriodSeconds"] == 0
    assert obj["spec"]["automountServiceAccountToken"] is False


def test_quantities_are_spelled_as_the_server_does() -> None:
    obj, _ = read(with_container(resources={"limits": {"cpu": 0.5, "memory": "0.5Gi"}, "requests": {"cpu": 2}}))
    resources = obj["spec"]["containers"][0]["resources"]
    assert resources == {"limits": {"cpu": "500m", "memory": "512Mi"}, "requests": {"cpu": "2"}}


def test_times_become_offsets_of_the_epoch() -> None:
    lease = manifest("coordination.k8s.io/v1", "Lease", spec={"renewTime": "1970-01-01T00:00:02.500000Z"})
    lease["metadata"]["creationTimestamp"] = "1970-01-01T01:00:03+01:00"
    obj, _ = decode(json.dumps(lease).encode(), "application/json", LEASE, "Strict", 1_000_000_000)
    assert obj["spec"]["renewTime"] == MicroTime(1_500_000_000)
    assert obj["metadata"]["creationTimestamp"] == Time(2_000_000_000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yesterday", 'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"'),
        ("2024-13-01T00:00:00Z", 'parsing time "2024-13-01T00:00:00Z": month out of range'),
        ("2024-02-30T00:00:00Z", 'parsing time "2024-02-30T00:00:00Z": day out of range'),
    ],
)
def test_bad_times_are_told_in_go_s_words(text: str, words: str) -> None:
    assert words in refusal({**pod(), "metadata": {"name": "x", "creationTimestamp": text}})


def test_bytes_are_base64() -> None:
    secret = GroupVersionKind("", "v1", "Secret")
    assert "illegal base64 data at input byte 1" in refusal(manifest("v1", "Secret", data={"a": "b!cd"}), secret)
    assert read(manifest("v1", "Secret", data={"a": "aGk="}), secret)[0]["data"] == {"a": "aGk="}


def test_decode_object_takes_what_a_patch_made() -> None:
    made = {**pod(), "metadata": {"name": "x", "creationTimestamp": Time(5)}}
    obj, warnings = decode_object(made, POD)
    assert obj["metadata"]["creationTimestamp"] == Time(5)
    assert warnings == []
    with pytest.raises(BadRequest):
        decode_object({**made, "spec": {"containers": 5}}, POD)


HALF = "found invalid Unicode character escape code"


def test_half_letters_are_errors_in_yaml_and_replaced_in_json() -> None:
    """go-yaml knows no pairs of escapes; Go's JSON makes U+FFFD of half a one."""
    emoji, half = r'{"data": {"a": "\ud83d\ude00"}}', r'{"data": {"a": "\\ud83d \ud83d"}}'
    assert read(emoji, CONFIG_MAP)[0]["data"] == {"a": "\N{GRINNING FACE}"}
    assert read(half, CONFIG_MAP)[0]["data"] == {"a": "\\ud83d \N{REPLACEMENT CHARACTER}"}
    for text in (emoji, half):
        assert HALF in refusal(text, CONFIG_MAP, content_type=YAML)
    assert f"yaml: line 3: {HALF}" in refusal(
        'data:\n  a: |\n  "\\udc00": x'.replace("a: |", "b: x"), CONFIG_MAP, content_type=YAML
    )


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), VALUE, max_size=4), st.booleans())
def test_json_is_the_same_yaml_on_the_short_way(value: Obj, escaped: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped)
    assert answer(text) == answer(" # not JSON\n" + text)


def answer(text: str) -> str:
    try:
        return repr(parse_yaml(text.encode()))
    except SyntaxProblem as problem:
        return re.sub("line [0-9]+: |position [0-9]+", "", str(problem))
