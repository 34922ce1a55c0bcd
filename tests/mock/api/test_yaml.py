"""YAML is read, and refused, as kubectl reads and refuses it: both rest on go-yaml."""

import json
import subprocess
from pathlib import Path

import pytest

from podlab.mock.api.decoding.text import SyntaxProblem
from podlab.mock.api.decoding.yamltext import parse_yaml
from tests.conformance.playing import find_kubectl

_REFUSED = [
    "a: b: c",
    "x: 1\na: b: c\n",
    "[",
    "[a",
    "[a, b\nc: d",
    "a: b\nbad\n",
    "a:\n\t- x\n",
    "x: 1\na: *b\n",
    "a: &\n",
    'a: "\\q"\n',
    'a: "\\/"\n',
    'a: "\\xzz"\n',
    'a: "\\u12"\n',
    'a: "x\n',
    "a: 'x\n",
    "a: |\n\tx\n",
    "a: |9x\n  b\n",
    "- a\nb: c\n",
    "a: b\n- c\n",
    "a: - b\n",
    "? : ? x\n",
    "%YAML 1.1\n%YAML 1.1\n---\na: b",
    "a: !foo!bar x\n",
    "null: x\n",
    "~: 5\n",
    "[a]: x\n",
    "a: .inf\n",
    "a: -.inf\n",
    "a: .nan\n",
    "x: 1\na: @b\n",
    "a: {b: c}}\n",
    'a: "b" c\n',
    "a:\n  b: 1\n c: 2\n",
    "a: b\n\tc: d\n",
    "a: b\x01c\n",
    "- - a\n - b\n",
    "a: !!int x\n",
    "a: !!int yes\n",
    "a: !!bool x\n",
    "a: !!float x\n",
    "a: !!binary x\n",
    "<<: 5\n",
    "a: &x 5\nb:\n  <<: *x\n",
]
_TAKEN = [
    "a: !!map x\n",
    "a: !foo x\n",
    "a: !!foo [b, 0x10]\n",
    "a: =\n",
    "a: <<\n",
    "a: !!binary aGk=\n",
    "a: !!int '5'\n",
    "1.5: x\n",
    "yes: x\n",
    "a: 089\n",
    "a: 0o17\n",
    "a: 017\n",
    "a: 1:30\n",
    "a: 1_000\n",
    "2020-01-01: 2020-01-02\n",
    "b: &x {c: d}\na:\n  <<: *x\n  e: f\n",
]


@pytest.fixture(scope="module")
def kubeconfig(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kube") / "config"
    cluster = {"name": "c", "cluster": {"server": "http://127.0.0.1:9"}}
    context = {"name": "c", "context": {"cluster": "c", "user": "u"}}
    whole = {"apiVersion": "v1", "kind": "Config", "clusters": [cluster], "contexts": [context], "current-context": "c"}
    path.write_text(json.dumps({**whole, "users": [{"name": "u", "user": {}}]}), encoding="utf-8")
    return path


def kubectl_says(text: str, kubeconfig: Path) -> str:
    command = [find_kubectl(), "create", "--dry-run=client", "--validate=false", "-f", "-", "--kubeconfig", str(kubeconfig)]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=False)
    return done.stderr.strip()


@pytest.mark.parametrize("text", _REFUSED)
def test_what_is_no_yaml_is_refused_in_the_words_of_go_yaml(text: str, kubeconfig: Path) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse_yaml(text.encode())
    assert kubectl_says(text, kubeconfig) == f"error: error parsing STDIN: {caught.value}"


@pytest.mark.parametrize("text", _TAKEN)
def test_yaml_becomes_the_json_that_kubectl_makes_of_it(text: str, kubeconfig: Path) -> None:
    value, _ = parse_yaml(text.encode())
    shown = json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
    assert kubectl_says(text, kubeconfig) == f"error: unable to decode \"STDIN\": Object 'Kind' is missing in '{shown}'"
