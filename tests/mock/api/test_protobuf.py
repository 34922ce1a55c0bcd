"""Bodies in protobuf; ``data/protobuf`` holds what ``kubectl create`` 1.37 sent."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.api.errors import APIError
from podlab.mock.api.protobuf import MEDIA_TYPE, decode_body
from tests.mock.api.calling import DEPLOYMENTS, Bottle

BODIES = {path.stem: path.read_bytes() for path in sorted((Path(__file__).parent / "data" / "protobuf").glob("*.bin"))}
CORE = "/api/v1/namespaces/default"


@pytest.mark.parametrize(
    ("name", "url", "part", "expected"),
    [
        ("secret", f"{CORE}/secrets", "data", {"p": "cQ=="}),
        ("quota", f"{CORE}/resourcequotas", "spec", {"hard": {"pods": "3", "limits.cpu": "2"}}),
    ],
)
def test_what_kubectl_sends_is_stored(name: str, url: str, part: str, expected: Any) -> None:
    made = Bottle().ok(
        "POST", f"{url}?fieldValidation=Strict", BODIES[name], content_type=MEDIA_TYPE, accept=f"{MEDIA_TYPE},application/json"
    )
    assert made[part] == expected
    assert "generateName" not in made["metadata"]


def test_a_deployment_in_protobuf_is_that_in_json() -> None:
    given = decode_body(BODIES["deployment"])
    from_protobuf = Bottle().ok("POST", DEPLOYMENTS, BODIES["deployment"], content_type=MEDIA_TYPE)
    plain = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {
                    "containers": [
                        {"name": "busybox", "image": "busybox:1.37", "command": ["sleep", "5"], "ports": [{"containerPort": 80}]}
                    ]
                },
            },
        },
    }
    assert given["spec"]["template"]["spec"]["containers"][0]["command"] == ["sleep", "5"]
    assert from_protobuf == Bottle().ok("POST", DEPLOYMENTS, plain)


def test_numbers_or_strings_are_told_apart() -> None:
    [port] = decode_body(BODIES["service"])["spec"]["ports"]
    assert (port["port"], port["targetPort"]) == (80, "http")


@given(name=st.sampled_from(sorted(BODIES)), place=st.integers(4, 400), value=st.integers(0, 255), cut=st.booleans())
def test_a_spoilt_body_is_refused_and_never_a_fault(name: str, place: int, value: int, cut: bool) -> None:
    body = bytearray(BODIES[name])
    place = min(place, len(body) - 1)
    body[place] = value
    spoilt = bytes(body[:place]) if cut else bytes(body)
    try:
        assert isinstance(decode_body(spoilt), dict)
    except APIError as error:
        assert error.http_code in (400, 501)  # noqa: PT017


def test_what_is_no_protobuf_is_refused() -> None:
    code, words = Bottle().message("POST", DEPLOYMENTS, b"{}", content_type=MEDIA_TYPE)
    assert code == 400
    assert words.startswith("provided data does not appear to be a protobuf message")
