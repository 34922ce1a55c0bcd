import contextlib
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from podlab.errors import ManifestError
from podlab.lab import manifests

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: app
    image: busybox:1.37
    ports:
    - containerPort: 8080
"""


def fields(text):
    return manifests.parse(f"apiVersion: v1\nkind: X\n{text}")[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22:22", "22:22"),
        ("2026-11-23", "2026-11-23"),
        ("0644", 0o644),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b101", 5),
        ("1_000", 1000),
        ("+5", 5),
        ("-5", -5),
        ("09", 9),
        ("1e3", 1000),
        ("0.5", 0.5),
        ("y", True),
        ("off", False),
        ("~", None),
        ("", None),
        ("'yes'", "yes"),
        ("=", "="),
        ("1.2.3", "1.2.3"),
        ("100m", "100m"),
    ],
)
def test_plain_words_mean_what_they_mean_to_kubectl(text, value):
    found = fields(f"value: {text}")["value"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_texts():
    assert fields("data:\n  8080: http\n  yes: 1")["data"] == {"8080": "http", "true": 1}


def test_merge_keys_are_unfolded():
    assert fields("base: &base {a: 1, b: 2}\nuse:\n  <<: *base\n  b: 3")["use"] == {"a": 1, "b": 3}


def test_documents_lists_and_empty_documents():
    listed = json.dumps({"kind": "List", "apiVersion": "v1", "items": [{"apiVersion": "v1", "kind": "Secret"}]})
    found = manifests.load(f"---\n---\n{POD}---\n# nothing\n---\n{listed}")
    assert [obj["kind"] for obj in found] == ["Pod", "Secret"]


def test_objects_paths_and_folders(tmp_path):
    (tmp_path / "b.yaml").write_text(POD, "utf-8")
    (tmp_path / "a.json").write_text(json.dumps({"apiVersion": "v1", "kind": "Secret"}), "utf-8")
    (tmp_path / "notes.txt").write_text("no manifest", "utf-8")
    assert [obj["kind"] for obj in manifests.load(str(tmp_path))] == ["Secret", "Pod"]
    assert manifests.load(str(tmp_path / "b.yaml")) == manifests.load(POD)
    assert manifests.load([{"apiVersion": "v1", "kind": "Pod"}, tmp_path / "a.json"])[1]["kind"] == "Secret"


def test_korean_text_is_read(tmp_path):
    (tmp_path / "파드.yaml").write_text("apiVersion: v1\nkind: ConfigMap\ndata: {인사: 안녕}\n", "utf-8")
    assert manifests.load(tmp_path / "파드.yaml")[0]["data"] == {"인사": "안녕"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("apiVersion: v1\nkind: Pod\nkind: Pod", 'line 3, column 1: key "kind" already set in map'),
        ("apiVersion: v1\n\tkind: Pod", "tabs"),
        ("spec:\n  - name: a\n   image: b\n", "another column"),
        ("a: b: c", "line 1, column 5"),
        ("? [a]\n: 1", "a key must be a plain word"),
        ("- a\n- b", "a list, not an object"),
        ("hello", "a plain text, not an object"),
        ("kind: Pod", "no `apiVersion`"),
        ("apiVersion: v1", "no `kind`"),
        ("apiVersion: v1\nkind: Pod\nx: &x [*x]", "contains itself"),
        ("[" * 100_000, "nested deeper than 100"),
        ("{a: " * 100_000, "nested deeper than 100"),
        ("!!python/object/apply:os.system [ls]", "could not determine a constructor"),
        ("a: *nowhere", "undefined alias"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, said):
    with pytest.raises(ManifestError) as caught:
        manifests.parse(text)
    assert said in str(caught.value)


def test_alias_bomb_is_refused_before_it_unfolds():
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(ManifestError, match="aliases unfold"):
        manifests.parse("\n".join(lines))


def test_missing_file_and_wrong_encoding_are_told(tmp_path):
    with pytest.raises(ManifestError, match="Cannot read"):
        manifests.load(str(tmp_path / "missing.yaml"))
    (tmp_path / "latin.yaml").write_bytes("name: Zoë".encode("latin-1"))
    with pytest.raises(ManifestError, match="not UTF-8"):
        manifests.load(tmp_path / "latin.yaml")


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("spec.containers[0].image", 8),
        ("spec.containers[0].ports[0].containerPort", 10),
        ("spec.containers[0].command", 7),
        ("spec.containers.ports.containerPort", 10),
        ("spec.nothing.here", 5),
        ("metadata.name", 4),
    ],
)
def test_line_of_a_field(field, line):
    assert manifests.line_of(POD, "web", field) == line


def test_line_of_a_field_looks_into_the_right_document():
    second = POD.replace("name: web", "name: other")
    assert manifests.line_of(f"{POD}---\n{second}", "other", "spec.containers[0].image") == 19
    assert manifests.line_of(f"{POD}---\n{second}", "third", "spec") is None


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), PLAIN, max_size=4))
def test_json_is_read_as_json(data):
    text = json.dumps({"apiVersion": "v1", "kind": "X", "data": data})
    assert manifests.parse(text)[0]["data"] == data


def test_half_a_letter_is_no_letter():
    assert manifests.parse('{apiVersion: v1, kind: X, a: "\\U0001F600"}')[0]["a"] == "\N{GRINNING FACE}"
    with pytest.raises(ManifestError, match=r"line 2.*found invalid Unicode character escape code"):
        manifests.parse('apiVersion: v1\nkind: "\\ud83d\\ude00"\n')


@given(st.text())
def test_any_text_is_a_manifest_or_a_manifest_error(text):
    with contextlib.suppress(ManifestError):
        assert isinstance(manifests.parse(text), list)


@pytest.mark.parametrize(("text", "yes"), [("pod/web", True), ("pods", True), ("web.yaml", False), (POD, False), ("{}", False)])
def test_targets_are_told_from_manifests(text, yes):
    assert manifests.looks_like_target(text) is yes


def test_loader_is_not_yaml_s_own():
    assert yaml.safe_load("22:22") == 22 * 60 + 22  # this project's rules did not leak into the library's


@pytest.mark.skipif(manifests._QuickLoader is None, reason="PyYAML was built without libyaml")
@given(
    st.lists(st.sampled_from([*POD.splitlines(keepends=True), "a: b\n", "- ", "{", "}", "#", "'", '"', "|", "\n", "--- ", ": "]))
)
def test_what_the_quick_parser_takes_the_other_sees_alike(parts):
    """But for a comment that touches a block scalar's sign: libyaml, and Go's, see one there, and PyYAML does not."""
    text = "".join(parts).replace("|#", "| #")
    try:
        quick = list(yaml.compose_all(text, Loader=manifests._QuickLoader))
    except yaml.YAMLError:
        return
    assert [*map(yaml.serialize, quick)] == [*map(yaml.serialize, yaml.compose_all(text, Loader=manifests._Loader))]


@pytest.mark.parametrize("text", ["a\t: b", "[a ?b, c]", "\ufeffa: b", "a: \u2028b"])
def test_texts_that_the_parsers_see_differently_are_left_to_the_slower(text):
    assert manifests._USUAL.fullmatch(text) is None


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("kind: Pod\n\tname: a", "spaces, never with tabs"),
        ("```yaml\nkind: Pod\n```", "back-quotes"),
        ("apiVersion:v1\nkind: Pod\n", "line 1: a colon"),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  name:web\n  labels: {a: b}\n", "line 4: a colon"),
        ("image: busybox\ncommand: echo a: b\n", "quotes around the value"),
        ("a: http://x\n  b: c: d\n", "quotes around the value"),
        ("spec:\n  containers:\n  - name: a\n     image: b\n", "quotes around the value"),
        ("spec:\n    containers: []\n  volumes: []\n", "stand below each other"),
    ],
)
def test_what_is_no_yaml_comes_with_what_beginners_do(text, hint):
    with pytest.raises(ManifestError) as caught:
        manifests.parse(text)
    assert hint in caught.value.hint
